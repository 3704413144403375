//! How a request is made, before and after: what no schema tells.

use std::collections::HashSet;

use serde_json::{Map, Value};
use spandrel_plan::Tool;

/// Whether requests of the two are made alike, as far as they have the same arguments. What is told elsewhere
/// (server, credentials, what the bridge gives, which arguments there are) does not count.
pub(crate) fn is_alike(old: &Tool, new: &Tool, arguments_differ: bool) -> bool {
    let names = |tool: &Tool| -> HashSet<String> {
        tool.arguments.iter().map(|argument| argument.argument.clone()).collect()
    };
    let (was, is) = (names(old), names(new));
    let shared: HashSet<&str> = was.intersection(&is).map(String::as_str).collect();
    plan(old, &shared, arguments_differ) == plan(new, &shared, arguments_differ)
}

/// The plan as JSON, as far as it is of the `shared` arguments.
fn plan(tool: &Tool, shared: &HashSet<&str>, arguments_differ: bool) -> Value {
    let mut plan = serde_json::to_value(&tool.plan).unwrap_or_default();
    let Value::Object(members) = &mut plan else { return plan };
    for elsewhere in ["base", "security", "supplied"] {
        members.shift_remove(elsewhere);
    }
    if arguments_differ {
        // It follows the schema.
        members.shift_remove("written");
    }
    for place in ["query", "headers", "cookies"] {
        if let Some(Value::Array(parameters)) = members.get_mut(place) {
            parameters.retain(|parameter| is_shared(parameter.get("argument"), shared));
            parameters.iter_mut().filter_map(Value::as_object_mut).for_each(forget_need);
            // In whatever order.
            parameters.sort_by_cached_key(ToString::to_string);
        }
        members.retain(|name, value| name != place || value.as_array().is_none_or(|list| !list.is_empty()));
    }
    if let Some(Value::Object(body)) = members.get_mut("body") {
        forget_need(body);
    }
    if let Some(Value::Array(properties)) =
        members.get_mut("body").and_then(|body| body.pointer_mut("/source/properties/properties"))
    {
        properties.retain(|property| is_shared(property.get(1), shared));
        properties.sort_by_cached_key(ToString::to_string);
    }
    plan
}

/// What is required, the schema tells.
fn forget_need(members: &mut Map<String, Value>) {
    members.shift_remove("required");
}

fn is_shared(argument: Option<&Value>, shared: &HashSet<&str>) -> bool {
    match argument {
        Some(Value::String(key)) => shared.contains(key.as_str()),
        Some(Value::Array(keys)) => {
            let keys: Vec<&str> = keys.iter().filter_map(Value::as_str).collect();
            shared.contains(keys.join(".").as_str())
        }
        _ => true,
    }
}
