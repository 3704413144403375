//! One call, from the tool's name to its outcome.

mod record;

use std::time::Duration;

use http::request::Parts;
use serde_json::{Map, Value};
use spandrel_plan::{CallError, CallErrorKind, ResponseHead, ResponseLimits, Tool};
use tokio::time::timeout;

use crate::bridge::{Config, Snapshot};
use crate::hook::{CallContext, CallResult, CalledTool};
use record::CallRecord;

/// Bounds on a call.
#[derive(Debug, Clone)]
pub struct CallLimits {
    /// How long a call may take as a whole: waiting, hooks before it, credentials, the exchange with
    /// the backend. Default: 60 seconds.
    pub timeout: Duration,
    /// The largest body of a request, in bytes. Default: 10 MiB.
    pub request_bytes: usize,
    /// The largest body of an answer that is read, decoded, in bytes. Default: 10 MiB.
    pub response_bytes: usize,
    /// How many calls run at once; more wait within their deadline, in their order. At least 1.
    /// Default: 256.
    pub concurrent_calls: usize,
    /// Bounds on what a result holds.
    pub response: ResponseLimits,
}

impl Default for CallLimits {
    fn default() -> Self {
        Self {
            timeout: Duration::from_mins(1),
            request_bytes: 10 * 1024 * 1024,
            response_bytes: 10 * 1024 * 1024,
            concurrent_calls: 256,
            response: ResponseLimits::default(),
        }
    }
}

/// Calls the tool `name`. Dropping the future drops the request to the backend.
pub(crate) async fn call(
    bridge: &Snapshot,
    name: &str,
    arguments: Map<String, Value>,
    request: Option<Parts>,
) -> CallResult {
    let record = CallRecord::start(name);
    let Some(tool) = bridge.tool(name) else {
        return record.finish(Err(unknown_tool(name)));
    };
    let mut context = CallContext::new(tool, arguments, request);
    let limit = bridge.config.limits.timeout;
    let run = timeout(limit, run(&bridge.config, &mut context)).await;
    let mut result = run.unwrap_or_else(|_| Err(timed_out(&context, limit)));
    for hook in bridge.config.hooks.iter().rev() {
        hook.after_call(&context, &mut result).await;
    }
    record.finish(result)
}

async fn run(config: &Config, context: &mut CallContext) -> CallResult {
    let _permit = config.permits.acquire().await.map_err(|_| shutting_down())?;
    for hook in &config.hooks {
        hook.before_call(context).await?;
    }
    match context.tool().clone() {
        CalledTool::Operation(tool) => call_operation(config, &tool, context).await,
        CalledTool::Custom(tool) => {
            context.check_arguments(|arguments| tool.validate(arguments))?;
            tool.call(context.arguments().clone()).await
        }
    }
}

async fn call_operation(config: &Config, tool: &Tool, context: &mut CallContext) -> CallResult {
    context.check_arguments(|arguments| tool.validate_value(arguments))?;
    let mut request = tool.plan.render(context.arguments())?;
    check_size(request.body().len(), config.limits.request_bytes)?;
    request.extensions_mut().extend(context.extensions().clone());
    config.credentials.authorize(tool, &mut request).await?;
    let (head, body) = config.backend.send(request).await?.into_parts();
    let body = body.read(config.limits.response_bytes).await?;
    let head = ResponseHead { status: head.status, headers: head.headers };
    Ok(tool.map_response(&head, body, &config.limits.response))
}

fn check_size(size: usize, limit: usize) -> Result<(), CallError> {
    if size <= limit {
        return Ok(());
    }
    Err(CallError::new(
        CallErrorKind::RequestNotRenderable,
        format!("The request's body would be {size} bytes; at most {limit} are sent. Send less."),
    ))
}

fn unknown_tool(name: &str) -> CallError {
    let name = record::printable(name);
    CallError::new(
        CallErrorKind::UnknownTool,
        format!("Unknown tool: {name}. List the tools to see their names."),
    )
}

fn timed_out(context: &CallContext, limit: Duration) -> CallError {
    let destination = match context.tool() {
        CalledTool::Operation(tool) => tool.plan.base.as_ref().and_then(crate::Origin::of_server),
        CalledTool::Custom(_) => None,
    };
    let who = destination.map_or_else(|| "The tool".to_owned(), |origin| origin.authority());
    CallError::new(
        CallErrorKind::TimedOut,
        format!(
            "{who} gave no whole answer within {} s. The request may have been carried out; check before \
             repeating it, or ask for less.",
            limit.as_secs_f32()
        ),
    )
}

fn shutting_down() -> CallError {
    CallError::new(CallErrorKind::Internal, "The bridge is shutting down.")
}
