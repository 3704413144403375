//! `spandrel compile`: the tools as JSON.

use std::fs::File;
use std::io;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use spandrel::compiler::Listing;

use crate::args::{CompileArguments, CompileFormat, SpecArguments};
use crate::finding::Counts;
use crate::invocation;
use crate::lock;
use crate::output::{self, Printable, count};
use crate::specification::{Specification, told};

pub(crate) async fn run(arguments: &CompileArguments, quiet: bool) -> anyhow::Result<ExitCode> {
    let specification = Specification::load(&arguments.spec).await?;
    specification.need_document()?;
    match arguments.format() {
        CompileFormat::Json => print_listing(&specification, arguments.output.as_deref())?,
        CompileFormat::Lock => {
            let text = lock::made(&specification)?.to_text()?;
            match &arguments.output {
                Some(path) => std::fs::write(path, text).with_context(|| unwritten(path))?,
                None => output::result(&text)?,
            }
        }
    }
    if !quiet {
        specification.option_warnings().for_each(|finding| output::warning(told(finding)));
        output::tell(&summary(&specification, &arguments.spec));
    }
    Ok(ExitCode::SUCCESS)
}

fn print_listing(specification: &Specification, path: Option<&Path>) -> anyhow::Result<()> {
    let listing = Listing::new(&specification.compiled, &specification.set);
    match path {
        Some(path) => File::create(path)
            .and_then(|file| output::write_json(file, &listing))
            .with_context(|| unwritten(path))?,
        None => output::write_json(io::stdout().lock(), &listing)?,
    }
    Ok(())
}

fn unwritten(path: &Path) -> String {
    format!("the file `{}` cannot be written", path.display())
}

fn summary(specification: &Specification, spec: &SpecArguments) -> String {
    let compiled = &specification.compiled;
    let (operations, tools) = (compiled.operations, compiled.catalog.tools().len());
    let made = format!("{} of {}", count(tools, "tool"), count(operations, "operation"));
    let counts = Counts::of(&compiled.diagnostics);
    if counts.errors + counts.warnings == 0 {
        return format!("{made}\n");
    }
    let (errors, warnings) = (count(counts.errors, "error"), count(counts.warnings, "warning"));
    let check = invocation::check(specification, spec);
    format!("{made}; {errors} and {warnings}, which `{}` shows\n", Printable(&check))
}
