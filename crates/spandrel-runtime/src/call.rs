//! One call, from the tool's name to its outcome.

mod answer;
mod caller;
mod confirmation;
mod drift;
mod next_page;
mod oversized;
mod permits;
mod projection;
mod record;

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::request::Parts;
use http::{Request, StatusCode};
use serde_json::{Map, Value};
use spandrel_plan::{CallError, CallErrorKind, ResponseLimits, Tool};
use tokio::time::timeout;

use crate::bridge::Snapshot;
use crate::credentials::{SecretQuery, UsedCredentials};
use crate::hook::{CallContext, CallResult, CalledTool};
use crate::kept_results::KeptLimits;
use crate::principal::Principal;
use crate::progress::Progress;
use answer::Reading;
pub(crate) use confirmation::Confirmations;
pub(crate) use drift::Drifts;
pub(crate) use permits::Permits;
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
    /// Default: 512.
    pub concurrent_calls: usize,
    /// How many calls of one tool run at once, so that one that hangs leaves room for the others; more
    /// wait likewise. At least 1. Default: 128.
    pub calls_per_tool: usize,
    /// How many calls of one [`Principal`](crate::Principal) run or wait at once; more are refused. Default: 128.
    pub calls_per_caller: usize,
    /// The same for each address of a client, for requests without a principal; of IPv6, for each /64. It needs
    /// the [`ConnectInfo`](axum::extract::ConnectInfo) that [`serve_http`](crate::serve_http) gives. Behind a proxy all requests come from one
    /// address. Default: none, calls are not counted.
    pub calls_per_address: Option<usize>,
    /// Bounds on what a result holds.
    pub response: ResponseLimits,
    /// The most tokens of a result's text, as [`spandrel_tokens::count`] counts; at least 1,000. What is longer is
    /// shortened, and the whole of it kept for the tool that reads on, which is listed beside the operations.
    /// None for no bound, and no such tool. Default: 10,000.
    pub result_tokens: Option<usize>,
    /// Bounds on what is kept of what a result cannot hold, for clients to read it later.
    pub kept_results: KeptLimits,
}

impl Default for CallLimits {
    fn default() -> Self {
        Self {
            timeout: Duration::from_mins(1),
            request_bytes: 10 * 1024 * 1024,
            response_bytes: 10 * 1024 * 1024,
            concurrent_calls: 512,
            calls_per_tool: 128,
            calls_per_caller: 128,
            calls_per_address: None,
            response: ResponseLimits::default(),
            result_tokens: Some(10_000),
            kept_results: KeptLimits::default(),
        }
    }
}

/// The answer to a call of a tool that does not exist.
pub(crate) fn call_unknown(name: &str) -> CallResult {
    CallRecord::start(name).finish(Err(unknown_tool(name)))
}

/// Calls a tool of the bridge. Dropping the future drops the request to the backend.
pub(crate) async fn call_tool(
    bridge: &Snapshot,
    tool: CalledTool,
    arguments: Map<String, Value>,
    request: Option<Parts>,
    progress: Option<&dyn Progress>,
) -> CallResult {
    let called = tool.clone();
    let record = CallRecord::start(called.name());
    let mut context = CallContext::new(tool, arguments, request);
    let limit = bridge.config.limits.timeout;
    let mut reading = Reading::default();
    let run = timeout(limit, run(bridge, &mut context, &mut reading, progress)).await;
    let mut result = run.unwrap_or_else(|_| Err(timed_out(&context, limit, reading.was_sent)));
    if let (Err(error), CalledTool::Operation(tool)) = (&result, context.tool()) {
        result = reading.cut_short(error, tool, bridge.config.limits.response).map_or(result, Ok);
    }
    if let Some(drift) = result.as_ref().ok().and_then(|outcome| outcome.drift.as_ref()) {
        bridge.config.drifts.report(context.tool().name(), drift);
    }
    for hook in bridge.config.hooks.iter().rev() {
        hook.after_call(&context, &mut result).await;
    }
    // What a hook takes out of a result is not kept either.
    if let (Ok(outcome), CalledTool::Operation(tool)) = (&mut result, context.tool()) {
        projection::project(outcome, tool, &context, bridge);
        if let Some(reader) = &bridge.result_reader {
            reader.shorten(outcome, tool, &bridge.config.kept_results, context.extensions());
        }
    }
    record.finish(result)
}

async fn run(
    bridge: &Snapshot,
    context: &mut CallContext,
    reading: &mut Reading,
    progress: Option<&dyn Progress>,
) -> CallResult {
    let config = &bridge.config;
    let _place = config.permits.caller(context.extensions(), &config.limits)?;
    let _permit = config.permits.call(context.tool().name()).await?;
    for hook in &config.hooks {
        hook.before_call(context).await?;
    }
    match context.tool().clone() {
        CalledTool::Operation(tool) => {
            config.confirmations.check(&tool, context, Instant::now())?;
            call_operation(bridge, &tool, context, reading, progress).await
        }
        CalledTool::Custom(tool) => {
            context.check_arguments(|arguments| tool.validate(arguments))?;
            if let Some(reader) = bridge.result_reader.as_ref().filter(|it| Arc::ptr_eq(it.tool(), &tool)) {
                let caller = Principal::of(context.extensions());
                return Ok(reader.read(
                    context.arguments(),
                    &config.kept_results,
                    caller.as_ref(),
                    Instant::now(),
                ));
            }
            reading.was_sent = true;
            tool.call(context.arguments().clone()).await
        }
    }
}

async fn call_operation(
    bridge: &Snapshot,
    tool: &Tool,
    context: &mut CallContext,
    reading: &mut Reading,
    progress: Option<&dyn Progress>,
) -> CallResult {
    context.check_arguments(|arguments| tool.validate_value(arguments))?;
    projection::take_fields(tool, context)?;
    let request = authorized_request(bridge, tool, context).await?;
    let used = request.extensions().get::<UsedCredentials>().cloned();
    let uri = request.uri().clone();
    let secrets = request.extensions().get::<SecretQuery>().cloned();
    reading.was_sent = true;
    let mut response = bridge.backend.send(request).await?;
    // Refused for its credential, a request was not carried out: it may be sent again with a newer one.
    if response.status() == StatusCode::UNAUTHORIZED
        && let Some(used) = used
    {
        reading.was_sent = false;
        if bridge.credentials.renew(tool, &uri, &used).await {
            let request = authorized_request(bridge, tool, context).await?;
            reading.was_sent = true;
            response = bridge.backend.send(request).await?;
        }
    }
    if let Some(secrets) = secrets {
        secrets.mask(response.headers_mut());
    }
    let config = &bridge.config;
    let answer = reading.read(response, config.limits.response_bytes, &config.permits, progress).await?;
    let mut outcome = tool.map_response(&answer.head, answer.body, &config.limits.response);
    next_page::tell(&mut outcome, tool, &uri, context.arguments(), &answer.head.headers);
    oversized::keep(&mut outcome, &config.kept_results, context.extensions());
    Ok(outcome)
}

async fn authorized_request(
    bridge: &Snapshot,
    tool: &Tool,
    context: &CallContext,
) -> Result<Request<Bytes>, CallError> {
    let mut request = tool.plan.render(context.arguments())?;
    check_size(request.body().len(), bridge.config.limits.request_bytes)?;
    request.extensions_mut().extend(context.extensions().clone());
    bridge.credentials.authorize(tool, &mut request).await?;
    Ok(request)
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

fn timed_out(context: &CallContext, limit: Duration, was_sent: bool) -> CallError {
    let destination = match context.tool() {
        CalledTool::Operation(tool) => tool.plan.base.as_ref().and_then(crate::Origin::of_server),
        CalledTool::Custom(_) => None,
    };
    let who = destination.map_or_else(|| "The tool".to_owned(), |origin| origin.authority());
    let seconds = limit.as_secs_f32();
    let message = if was_sent {
        format!(
            "{who} gave no whole answer within {seconds} s. The request may have been carried out; check \
             before repeating it, or ask for less."
        )
    } else {
        format!(
            "{who} was not called within {seconds} s: the call waited for its turn or for a credential. \
             Nothing was carried out; the same call may be made again."
        )
    };
    CallError::new(CallErrorKind::TimedOut, message)
}
