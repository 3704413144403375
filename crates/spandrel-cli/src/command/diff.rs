//! `spandrel diff`: what a model would notice.

use std::process::ExitCode;

use anyhow::bail;
use serde_json::json;
use spandrel::diff::{Risk, SurfaceDiff, compare};

use crate::args::{DiffArguments, DiffFormat};
use crate::specification::{Specification, told};
use crate::{changes, output};

pub(crate) async fn run(arguments: &DiffArguments, quiet: bool) -> anyhow::Result<ExitCode> {
    if arguments.old == "-" && arguments.new == "-" {
        bail!("standard input cannot be both documents");
    }
    let old = Specification::load_named(&arguments.old, &arguments.tools).await?;
    let new = Specification::load_named(&arguments.new, &arguments.tools).await?;
    let diff = compare(&old.compiled.catalog, &new.compiled.catalog);
    match arguments.format {
        DiffFormat::Text => output::result(&changes::text(&diff))?,
        DiffFormat::Markdown => output::result(&changes::markdown(&diff))?,
        DiffFormat::Json => output::result(&json(&diff)?)?,
    }
    if !quiet {
        new.option_warnings().for_each(|finding| output::warning(told(finding)));
        if arguments.format == DiffFormat::Text {
            output::tell(&format!("{}\n", changes::summary(&diff)));
        }
    }
    let fails = diff.changes.iter().any(|change| arguments.fail_on.fails(change.risk));
    Ok(if fails { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn json(diff: &SurfaceDiff) -> serde_json::Result<String> {
    let number = |risk| diff.with_risk(risk).count();
    output::json_text(&json!({
        "changes": diff.changes,
        "summary": {
            "breaking": number(Risk::Breaking),
            "risky": number(Risk::Risky),
            "safe": number(Risk::Safe),
        },
    }))
}
