//! `spandrel compile`: the tools as JSON.

use std::process::ExitCode;

use anyhow::Context;
use spandrel::compiler::Listing;

use crate::args::CompileArguments;
use crate::finding::Counts;
use crate::output::{self, Printable, count};
use crate::specification::Specification;

pub(crate) async fn run(arguments: &CompileArguments, quiet: bool) -> anyhow::Result<ExitCode> {
    let specification = Specification::load(&arguments.spec).await?;
    let json = output::json_text(&Listing::new(&specification.compiled, &specification.set))?;
    match &arguments.output {
        Some(path) => std::fs::write(path, json)
            .with_context(|| format!("the file `{}` cannot be written", path.display()))?,
        None => output::result(&json)?,
    }
    if !quiet {
        output::tell(&summary(&specification));
    }
    Ok(ExitCode::SUCCESS)
}

fn summary(specification: &Specification) -> String {
    let compiled = &specification.compiled;
    let (operations, tools) = (compiled.operations, compiled.catalog.tools().len());
    let made = format!("{} of {}", count(tools, "tool"), count(operations, "operation"));
    let counts = Counts::of(&compiled.diagnostics);
    if counts.errors + counts.warnings == 0 {
        return format!("{made}\n");
    }
    let (errors, warnings) = (count(counts.errors, "error"), count(counts.warnings, "warning"));
    let name = specification.source.name();
    format!("{made}; {errors} and {warnings}, which `spandrel check {}` shows\n", Printable(&name))
}
