//! `spandrel call`: one call through the same pipeline that serves MCP.

use std::io::Read;
use std::process::ExitCode;

use anyhow::{Context, bail};
use serde_json::{Map, Value};
use spandrel::CallError;
use spandrel::runtime::Placeholder;

use crate::access::Access;
use crate::args::{CallArguments, CallFormat};
use crate::call::{arguments as typed, dry_run, result};
use crate::header::Headers;
use crate::output::{self, ERROR, Printable};
use crate::specification::{Specification, told};
use crate::{bridge, curl, environment};

pub(crate) async fn run(arguments: &CallArguments) -> anyhow::Result<ExitCode> {
    let format = format(arguments)?;
    if arguments.args.as_deref() == Some("-") && arguments.spec.spec == "-" {
        bail!("standard input cannot be both the document and --args");
    }
    let headers = Headers::read(&arguments.backend.header)?;
    let mut specification = Specification::load(&arguments.spec).await?;
    if arguments.backend.mock {
        specification = specification.with_mock_server()?;
    }
    let specification =
        specification.with_headers(&headers, &arguments.backend)?.with_credentials(&arguments.backend)?;
    specification.option_warnings().for_each(|finding| output::warning(told(finding)));
    let tool = specification.tool(&arguments.tool)?;
    let mut values = given(arguments.args.as_deref())?;
    typed::add(tool, &arguments.values, &mut values)?;
    if tool.plan.base.is_none() {
        let problems = specification.server_problems(tool);
        if !problems.is_empty() {
            let why = problems.join("; ");
            output::tell(&format!("{ERROR}error{ERROR:#}: {}; name one with --base-url\n", Printable(&why)));
            return Ok(ExitCode::FAILURE);
        }
    }
    let access = Access::new(&specification, &headers, &arguments.backend)?;
    if arguments.dry_run {
        let given = environment::give_placeholders(&specification.compiled.catalog);
        return show(&specification, &access, arguments, &mut values, (format, given)).await;
    }
    let (backend, tools) = (&arguments.backend, &arguments.spec.tools);
    let serving =
        bridge::Serving { result_tokens: arguments.max_result_tokens.0, ..bridge::Serving::default() };
    let bridge = bridge::build(specification, access, &headers, backend, tools, serving)?;
    let outcome = match bridge.call(&arguments.tool, values).await {
        Ok(outcome) => outcome,
        Err(error) => return Ok(failed(&error)),
    };
    match (&arguments.output, format) {
        (Some(path), CallFormat::Json) if !outcome.is_error => {
            result::write_bytes(output::json_text(&result::json(&outcome))?.as_bytes(), path)?;
        }
        (Some(path), _) if !outcome.is_error => result::write(&outcome, &bridge, path)?,
        (_, CallFormat::Json) => output::result(&output::json_text(&result::json(&outcome))?)?,
        _ => output::bytes(result::text(&outcome, output::is_terminal()).as_bytes())?,
    }
    if let (Some(path), true) = (&arguments.output, outcome.is_error) {
        output::warning(format!("the call failed: nothing was written to {}", path.display()));
    }
    Ok(if outcome.is_error { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Shows the request of a dry run.
async fn show(
    specification: &Specification,
    access: &Access,
    arguments: &CallArguments,
    values: &mut Map<String, Value>,
    (format, given): (CallFormat, Vec<Placeholder>),
) -> anyhow::Result<ExitCode> {
    let tool = specification.tool(&arguments.tool)?;
    if let Some(files) = bridge::local_files(&arguments.spec.tools)?
        && let Err(error) = files.read_into(&tool.plan, values).await
    {
        return Ok(failed(&error));
    }
    let mut shown = match dry_run::request(tool, values, &access.credentials) {
        Ok(shown) => shown,
        Err(error) => return Ok(failed(&error)),
    };
    shown.placeholders.extend(given);
    match format {
        CallFormat::Json => {
            output::result(&output::json_text(&dry_run::json(&shown.request, &shown.placeholders))?)?;
        }
        CallFormat::Curl | CallFormat::Text => {
            output::bytes(curl::command(&shown.request, &shown.placeholders).as_bytes())?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn format(arguments: &CallArguments) -> anyhow::Result<CallFormat> {
    match (arguments.format, arguments.dry_run) {
        (None, true) => Ok(CallFormat::Curl),
        (None, false) => Ok(CallFormat::Text),
        (Some(CallFormat::Text), true) => bail!("a dry run has no result; use --format curl or json"),
        (Some(CallFormat::Curl), false) => bail!("--format curl needs --dry-run"),
        (Some(format), _) => Ok(format),
    }
}

/// The arguments that `--args` holds.
fn given(args: Option<&str>) -> anyhow::Result<Map<String, Value>> {
    let text = match args {
        None => return Ok(Map::new()),
        Some("-") => {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).context("standard input cannot be read")?;
            text
        }
        Some(text) => match text.strip_prefix('@') {
            Some(path) => {
                std::fs::read_to_string(path).with_context(|| format!("the file `{path}` cannot be read"))?
            }
            None => text.to_owned(),
        },
    };
    serde_json::from_str(&text).context("--args is not a JSON object")
}

/// Says why there is no answer.
fn failed(error: &CallError) -> ExitCode {
    output::tell(&format!("{ERROR}error{ERROR:#}: {}\n", Printable(&error.message)));
    ExitCode::FAILURE
}
