//! A call of an operation by the call tool is a call of that operation.

use std::sync::Arc;

use http::request::Parts;
use serde_json::{Map, Value};
use spandrel_plan::{CallError, CallErrorKind};

use crate::bridge::Snapshot;
use crate::call::{call_tool, call_unknown};
use crate::hook::{CallResult, CalledTool};
use crate::progress::Progress;

/// The most tokens of a schema that comes with an error; a longer one is described when asked for.
const SCHEMA_TOKENS: usize = 3_000;

/// Calls the tool `name`.
pub(crate) async fn call_named(
    bridge: &Snapshot,
    name: &str,
    arguments: Map<String, Value>,
    request: Option<Parts>,
    progress: Option<&dyn Progress>,
) -> CallResult {
    match bridge.tool(name) {
        Some(tool) => call(bridge, tool, arguments, request, progress).await,
        None => call_unknown(name),
    }
}

/// Calls `tool`, or the operation that a call of the call tool means.
pub(crate) async fn call(
    bridge: &Snapshot,
    tool: CalledTool,
    arguments: Map<String, Value>,
    request: Option<Parts>,
    progress: Option<&dyn Progress>,
) -> CallResult {
    let Meant { tool, arguments, inner } = meant(bridge, tool, arguments);
    let result = call_tool(bridge, tool, arguments, request, progress).await;
    match inner {
        Some(inner) => result.map_err(|error| with_schema(bridge, error, &inner)),
        None => result,
    }
}

/// A call as it is carried out.
struct Meant {
    tool: CalledTool,
    arguments: Map<String, Value>,
    /// The operation, where the call tool names one.
    inner: Option<CalledTool>,
}

fn meant(bridge: &Snapshot, tool: CalledTool, mut arguments: Map<String, Value>) -> Meant {
    let Some(inner) = inner(bridge, &tool, &arguments) else { return Meant { tool, arguments, inner: None } };
    // Anything else beside the two is for the call tool's own schema to refuse.
    let is_plain = arguments.keys().all(|key| key == "name" || key == "arguments");
    match (is_plain, arguments.get_mut("arguments").map(Value::take)) {
        (true, None) => Meant { tool: inner.clone(), arguments: Map::new(), inner: Some(inner) },
        (true, Some(Value::Object(own))) => Meant { tool: inner.clone(), arguments: own, inner: Some(inner) },
        (_, own) => {
            if let (Some(own), Some(place)) = (own, arguments.get_mut("arguments")) {
                *place = own;
            }
            Meant { tool, arguments, inner: Some(inner) }
        }
    }
}

/// The operation or custom tool that a call of the call tool names.
fn inner(bridge: &Snapshot, tool: &CalledTool, arguments: &Map<String, Value>) -> Option<CalledTool> {
    let discovery = bridge.discovery.as_ref()?;
    let CalledTool::Custom(called) = tool else { return None };
    if !Arc::ptr_eq(called, &discovery.call) {
        return None;
    }
    let inner = bridge.tool(arguments.get("name")?.as_str()?)?;
    let is_own = discovery.tools().iter().any(|own| own.name() == inner.name());
    (!is_own).then_some(inner)
}

/// The error of wrong arguments, with what they should have been.
fn with_schema(bridge: &Snapshot, error: CallError, inner: &CalledTool) -> CallError {
    let CallError { kind: CallErrorKind::InvalidArguments, message } = error else { return error };
    let name = inner.name();
    let schema = match inner {
        CalledTool::Operation(tool) => &tool.input_schema,
        CalledTool::Custom(tool) => tool.input_schema(),
    };
    let advice = match &bridge.discovery {
        Some(discovery) if !spandrel_tokens::fits(schema.as_str(), SCHEMA_TOKENS) => {
            format!("`{}` shows the schema of the arguments of `{name}`.", discovery.describe.name())
        }
        _ => format!("The JSON Schema of the arguments of `{name}`: {}", schema.as_str()),
    };
    CallError::new(CallErrorKind::InvalidArguments, format!("{message}\n{advice}"))
}
