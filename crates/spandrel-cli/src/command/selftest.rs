//! `spandrel selftest`: every tool, called against the mock.

use std::process::ExitCode;
use std::time::Instant;

use anyhow::bail;
use serde_json::json;

use crate::args::{SelfTestArguments, SelfTestFormat};
use crate::output::{self, ERROR, WARNING, count};
use crate::report::{Called, Summary};
use crate::specification::{Specification, told};
use crate::{bridge, environment};

pub(crate) async fn run(arguments: &SelfTestArguments, quiet: bool) -> anyhow::Result<ExitCode> {
    if arguments.requests && arguments.format == SelfTestFormat::Text {
        bail!("--requests needs --format json");
    }
    let deadline = Instant::now() + arguments.timeout;
    let specification = Specification::load(&arguments.spec).await?.with_mock_server()?.with_tools()?;
    specification.option_warnings().for_each(|finding| output::warning(told(finding)));
    environment::give(&specification.compiled.catalog, &arguments.allow_env)?;
    let mock = bridge::mock(&specification);
    let mut summary = Summary::default();
    let mut calls = Vec::new();
    for tool in specification.compiled.catalog.tools() {
        if Instant::now() > deadline {
            summary.not_reached += 1;
            continue;
        }
        summary.tools += 1;
        for call in spandrel::selftest::test(tool, &mock) {
            let called = Called { tool, call };
            summary.add(&called);
            match arguments.format {
                SelfTestFormat::Text => output::result(&called.text())?,
                SelfTestFormat::Json if arguments.requests || !called.has_passed() => {
                    calls.push(called.json());
                }
                SelfTestFormat::Json => {}
            }
        }
    }
    if arguments.format == SelfTestFormat::Json {
        output::result(&output::json_text(&json!({"calls": calls, "summary": summary}))?)?;
    }
    if !quiet {
        output::tell(&told_summary(&summary));
    }
    let passes = summary.failed == 0 && summary.not_reached == 0;
    Ok(if passes { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn told_summary(summary: &Summary) -> String {
    let tools = count(summary.tools, "tool");
    let mut parts = vec![format!("{tools}: {} passed", count(summary.passed, "call"))];
    if summary.failed > 0 {
        parts.push(format!("{ERROR}{} failed{ERROR:#}", output::grouped(summary.failed)));
    }
    if summary.untested > 0 {
        parts.push(format!("{WARNING}{} untested{WARNING:#}", output::grouped(summary.untested)));
    }
    if summary.not_reached > 0 {
        let rest = count(summary.not_reached, "tool");
        parts.push(format!("{ERROR}{rest} not reached in time{ERROR:#}; raise --timeout"));
    }
    parts.join(", ") + "\n"
}
