//! `OpenAI` without strict mode: every array names its items, every object its properties.

use serde_json::{Map, Value, json};

/// Keywords whose value is a schema.
const ONE: [&str; 11] = [
    "items",
    "additionalProperties",
    "not",
    "if",
    "then",
    "else",
    "contains",
    "propertyNames",
    "unevaluatedItems",
    "unevaluatedProperties",
    "contentSchema",
];
/// Keywords whose value is a list of schemas.
const LISTED: [&str; 4] = ["allOf", "anyOf", "oneOf", "prefixItems"];
/// Keywords whose value maps names to schemas.
const NAMED: [&str; 4] = ["properties", "patternProperties", "dependentSchemas", "$defs"];

/// `schema` with what the client wants to see written out. It means the same.
pub(super) fn explicit(mut schema: Value) -> Value {
    write_out(&mut schema);
    schema
}

fn write_out(schema: &mut Value) {
    let Value::Object(members) = schema else { return };
    for (keyword, value) in members.iter_mut() {
        match (keyword.as_str(), value) {
            (keyword, value) if ONE.contains(&keyword) => write_out(value),
            (keyword, Value::Array(schemas)) if LISTED.contains(&keyword) => {
                schemas.iter_mut().for_each(write_out);
            }
            (keyword, Value::Object(schemas)) if NAMED.contains(&keyword) => {
                schemas.values_mut().for_each(write_out);
            }
            _ => {}
        }
    }
    if is(members, "array") && !members.get("items").is_some_and(Value::is_object) {
        members.insert("items".to_owned(), json!({}));
    }
    if is(members, "object") {
        members.entry("properties").or_insert_with(|| json!({}));
    }
}

fn is(members: &Map<String, Value>, name: &str) -> bool {
    match members.get("type") {
        Some(Value::String(only)) => only == name,
        Some(Value::Array(several)) => several.iter().any(|one| one == name),
        _ => false,
    }
}
