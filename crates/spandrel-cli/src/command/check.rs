//! `spandrel check`: what is wrong with a document.

use std::process::ExitCode;

use serde_json::json;
use spandrel::openapi::Severity;
use spandrel::runtime::SchemeCredentials;

use crate::args::{CheckArguments, CheckFormat};
use crate::credential::Need;
use crate::finding::{self, Counts, Finding};
use crate::output::{self, ERROR, NOTE, WARNING, count, lines, one_line};
use crate::specification::Specification;

pub(crate) async fn run(arguments: &CheckArguments, quiet: bool) -> anyhow::Result<ExitCode> {
    let specification = Specification::load(&arguments.spec).await?;
    specification.need_document()?;
    let findings = finding::located(&specification);
    let needs = Need::all(&specification.compiled, &SchemeCredentials::new());
    let counts = Counts::of(&specification.compiled.diagnostics);
    match arguments.format {
        CheckFormat::Text => output::result(&findings.iter().map(Finding::text).collect::<String>())?,
        CheckFormat::Github => output::result(&findings.iter().map(Finding::github).collect::<String>())?,
        CheckFormat::Json => output::result(&output::json_text(&json!({
            "findings": findings,
            "credentials": needs.iter().map(Need::json).collect::<Vec<_>>(),
            "summary": {
                "errors": counts.errors,
                "warnings": counts.warnings,
                "infos": counts.infos,
                "operations": specification.compiled.operations,
                "tools": specification.compiled.catalog.tools().len(),
            },
        }))?)?,
    }
    if !quiet {
        output::tell(&summary(&specification, counts));
        if arguments.format == CheckFormat::Text {
            let need = |need: &Need| {
                let tools = count(need.tools, "tool");
                format!("{NOTE}note{NOTE:#}: a credential for {tools}: {}", one_line(&need.advice()))
            };
            output::tell(&lines(needs.iter().map(need)));
        }
    }
    let fails = specification.compiled.diagnostics.iter().any(|finding| {
        finding.severity == Severity::Error || arguments.deny.iter().any(|deny| deny.denies(finding))
    });
    Ok(if fails { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn summary(specification: &Specification, counts: Counts) -> String {
    let compiled = &specification.compiled;
    let (operations, tools) = (compiled.operations, compiled.catalog.tools().len());
    let made = format!("{} of {}", count(tools, "tool"), count(operations, "operation"));
    let errors = (counts.errors, format!("{ERROR}{}{ERROR:#}", count(counts.errors, "error")));
    let warnings = (counts.warnings, format!("{WARNING}{}{WARNING:#}", count(counts.warnings, "warning")));
    let infos = (counts.infos, count(counts.infos, "remark"));
    let found: Vec<String> = [errors, warnings, infos]
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(_, text)| text)
        .collect();
    let found = if found.is_empty() { "nothing found".to_owned() } else { found.join(", ") };
    format!("{found}; {made}\n")
}
