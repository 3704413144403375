//! The argument by which a model names the members of a result that it wants.

use serde_json::{Map, Value, json};
use spandrel_plan::{JsonText, Projection, Tool};

/// What the argument may be named; the first that is free.
const NAMES: [&str; 3] = ["result_fields", "shown_result_fields", "bridge_result_fields"];

/// Adds the argument to a tool whose author shows a part of its results only, or, where the operator `offers` it,
/// to every tool that answers with JSON.
pub(crate) fn advertise(tool: &mut Tool, offers: bool) {
    let shape = tool.response_shape.as_ref();
    let is_part = shape.is_some_and(|shape| {
        matches!(shape.projection, Some(Projection::Fields(_))) || shape.max_items.is_some()
    });
    let is_offered = is_part || offers && answers_with_json(tool);
    if !is_offered {
        return;
    }
    let mut schema = tool.input_schema.to_value();
    let Value::Object(members) = &mut schema else { return };
    let properties = members.entry("properties").or_insert_with(|| Value::Object(Map::new()));
    let Value::Object(properties) = properties else { return };
    let free = NAMES.into_iter().find(|name| !properties.contains_key(*name));
    let Some(name) = free else { return };
    let description = if is_part {
        "Members of the result to show, as id or items.id; * for all"
    } else {
        "Show only these members of the result, as id or items.id"
    };
    let argument = json!({"type": "array", "items": {"type": "string"}, "description": description});
    properties.insert(name.to_owned(), argument);
    tool.input_schema = JsonText::from_value(&schema);
    tool.response_shape.get_or_insert_default().argument = Some(name.to_owned());
}

fn answers_with_json(tool: &Tool) -> bool {
    let accept = tool.plan.accept.to_str().unwrap_or_default();
    tool.output_schema.is_some() || accept.contains("json")
}
