//! `spandrel compile`: the tools as JSON.

use std::fs::File;
use std::io;
use std::process::ExitCode;

use anyhow::Context;
use spandrel::compiler::Listing;

use crate::args::{CompileArguments, SpecArguments};
use crate::finding::Counts;
use crate::invocation;
use crate::output::{self, Printable, count};
use crate::specification::{Specification, told};

pub(crate) async fn run(arguments: &CompileArguments, quiet: bool) -> anyhow::Result<ExitCode> {
    let specification = Specification::load(&arguments.spec).await?;
    let listing = Listing::new(&specification.compiled, &specification.set);
    match &arguments.output {
        Some(path) => File::create(path)
            .and_then(|file| output::write_json(file, &listing))
            .with_context(|| format!("the file `{}` cannot be written", path.display()))?,
        None => output::write_json(io::stdout().lock(), &listing)?,
    }
    if !quiet {
        specification.option_warnings().for_each(|finding| output::warning(told(finding)));
        output::tell(&summary(&specification, &arguments.spec));
    }
    Ok(ExitCode::SUCCESS)
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
