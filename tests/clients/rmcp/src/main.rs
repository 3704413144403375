//! Connects the official Rust SDK's client to a bridge, lists its tools and calls some.
//!
//! `spandrel-client-check CALLS URL` or `CALLS -- COMMAND…`. CALLS is a file of
//! `{"tools": [name…], "calls": [{"name", "arguments"}…]}`: the list must be exactly those tools, and every call must
//! succeed with content. Over each transport the client speaks both lifecycles: with a handshake, and without.
//! Ends with `N passed, M failed`.

use std::error::Error;
use std::process::ExitCode;

use rmcp::RoleClient;
use rmcp::model::{CallToolRequestParams, JsonObject, ProtocolVersion, ReadResourceRequestParams};
use rmcp::service::{ClientLifecycleMode, ClientServiceExt, RunningService};
use rmcp::transport::{StreamableHttpClientTransport, TokioChildProcess};
use serde::Deserialize;

#[derive(Deserialize)]
struct Plan {
    tools: Vec<String>,
    calls: Vec<Call>,
}

#[derive(Deserialize)]
struct Call {
    name: String,
    arguments: JsonObject,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let plan = arguments.next().ok_or("name the file of calls")?;
    let plan: Plan = serde_json::from_str(&std::fs::read_to_string(plan)?)?;
    let target: Vec<String> = arguments.collect();
    let preferred_versions = vec![ProtocolVersion::V_2026_07_28];
    let mut total = Total::default();
    for lifecycle in [ClientLifecycleMode::Initialize, ClientLifecycleMode::Discover { preferred_versions }] {
        let name = format!("{lifecycle:?}");
        let name = name.split([' ', '{']).next().unwrap_or_default();
        let client = match target.as_slice() {
            [url] => {
                let transport = StreamableHttpClientTransport::from_uri(url.as_str());
                ().serve_with_lifecycle(transport, lifecycle).await?
            }
            [dashes, program, arguments @ ..] if dashes == "--" => {
                let mut command = tokio::process::Command::new(program);
                command.args(arguments);
                ().serve_with_lifecycle(TokioChildProcess::new(command)?, lifecycle).await?
            }
            _ => return Err("name a URL, or -- and a command".into()),
        };
        check(&client, &plan, name, &mut total).await;
        client.cancel().await?;
    }
    println!("{} passed, {} failed", total.passed, total.failed);
    Ok(if total.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn check(client: &RunningService<RoleClient, ()>, plan: &Plan, lifecycle: &str, total: &mut Total) {
    let listed = client.list_all_tools().await.map(|tools| {
        let names: Vec<String> = tools.into_iter().map(|tool| tool.name.into_owned()).collect();
        (names != plan.tools).then(|| format!("expected {} tools, got {names:?}", plan.tools.len()))
    });
    total.add(&format!("{lifecycle} tools/list: {} tools", plan.tools.len()), listed);
    for call in &plan.calls {
        let params = CallToolRequestParams::new(call.name.clone()).with_arguments(call.arguments.clone());
        let result = client.call_tool(params).await.map(|result| {
            let failed = result.is_error == Some(true) || result.content.is_empty();
            failed.then(|| format!("{result:?}"))
        });
        total.add(&format!("{lifecycle} {}", call.name), result);
    }
    let api = client.read_resource(ReadResourceRequestParams::new("spandrel://api")).await;
    total.add(&format!("{lifecycle} resources/read"), api.map(|_| None));
}

/// What all checks came to.
#[derive(Default)]
struct Total {
    passed: usize,
    failed: usize,
}

impl Total {
    fn add<E: std::fmt::Display>(&mut self, name: &str, outcome: Result<Option<String>, E>) {
        match outcome.unwrap_or_else(|error| Some(error.to_string())) {
            None => {
                self.passed += 1;
                println!("ok    {name}");
            }
            Some(problem) => {
                self.failed += 1;
                println!("FAIL  {name}\n      {}", problem.chars().take(600).collect::<String>());
            }
        }
    }
}
