//! `spandrel new`: a Cargo project for a bridge of one's own.

use std::process::ExitCode;

use crate::args::NewArguments;
use crate::lock;
use crate::output::{self, Printable, count};
use crate::project::{Dependency, Project};
use crate::shell::quote;
use crate::specification::{Specification, told};

pub(crate) async fn run(arguments: &NewArguments, quiet: bool) -> anyhow::Result<ExitCode> {
    let dependency = Dependency::choose(arguments.spandrel.as_deref())?;
    let specification = Specification::load_named(&arguments.from, &arguments.tools).await?.with_tools()?;
    specification.need_document()?;
    let catalog = &specification.compiled.catalog;
    let project = Project::new(&arguments.folder, dependency, catalog)?;
    project.write(&arguments.folder, &lock::made(&specification)?.to_text()?)?;
    if !quiet {
        specification.option_warnings().for_each(|finding| output::warning(told(finding)));
        let folder = arguments.folder.display().to_string();
        let tools = count(catalog.tools().len(), "tool");
        let next = format!("cd {} && cargo test && cargo run", quote(&folder));
        let made = format!("{folder}: a bridge with {tools} and `{}`\nNext: {next}\n", project.tool);
        output::tell(&Printable(&made).to_string());
    }
    Ok(ExitCode::SUCCESS)
}
