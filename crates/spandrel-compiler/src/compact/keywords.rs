//! Keywords that say nothing, or what another keyword says.

use serde_json::{Map, Value};

use super::subschemas;

/// Keywords that only values of some types are held to (JSON Schema 2020-12, validation and applicators).
const OF_TYPES: [(&[&str], &[&str]); 4] = [
    (&["string"], &["minLength", "maxLength", "pattern"]),
    (&["number", "integer"], &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]),
    (
        &["array"],
        &[
            "items",
            "prefixItems",
            "contains",
            "minContains",
            "maxContains",
            "minItems",
            "maxItems",
            "uniqueItems",
        ],
    ),
    (
        &["object"],
        &[
            "properties",
            "patternProperties",
            "additionalProperties",
            "propertyNames",
            "required",
            "minProperties",
            "maxProperties",
            "dependentRequired",
            "dependentSchemas",
        ],
    ),
];

/// Drops them everywhere inside `schema`.
pub(super) fn prune(schema: &mut Value) {
    // `additionalProperties: true` tells an `unevaluatedProperties` around it that all is seen to.
    let is_watched = subschemas::any(schema, &|members| {
        members.contains_key("unevaluatedProperties") || members.contains_key("unevaluatedItems")
    });
    prune_inside(schema, is_watched, true);
}

fn prune_inside(schema: &mut Value, is_watched: bool, is_root: bool) {
    let Value::Object(members) = schema else { return };
    subschemas::each_mut(members, &mut |_, inner| prune_inside(inner, is_watched, false));
    members.retain(|keyword, value| !says_nothing(keyword, value, is_watched));
    drop_what_no_value_meets(members);
    unwrap_all_of(members);
    // The root of a tool's schema must say that it is an object's.
    if !is_root && values_imply_type(members) {
        members.remove("type");
    }
}

/// Whether the keyword, with that value, accepts everything.
fn says_nothing(keyword: &str, value: &Value, is_watched: bool) -> bool {
    let accepts_all =
        |value: &Value| value == &Value::Bool(true) || value.as_object().is_some_and(Map::is_empty);
    match keyword {
        "additionalProperties" => !is_watched && accepts_all(value),
        "required" | "examples" => value.as_array().is_some_and(Vec::is_empty),
        "patternProperties" | "dependentSchemas" | "dependentRequired" | "$defs" => {
            value.as_object().is_some_and(Map::is_empty)
        }
        "propertyNames" => accepts_all(value),
        "minLength" | "minItems" | "minProperties" => value.as_u64() == Some(0),
        "uniqueItems" | "deprecated" | "readOnly" | "writeOnly" => value == &Value::Bool(false),
        "title" | "description" | "$comment" => value.as_str().is_some_and(|text| text.trim().is_empty()),
        _ => false,
    }
}

/// A lone `allOf` beside which nothing decides anything is its one schema.
fn unwrap_all_of(members: &mut Map<String, Value>) {
    let decides = |keyword: &String| keyword != "allOf" && !subschemas::is_annotation(keyword);
    let is_lone = matches!(members.get("allOf"), Some(Value::Array(schemas)) if matches!(schemas.as_slice(), [Value::Object(_)]));
    if !is_lone || members.keys().any(decides) {
        return;
    }
    if let Some(Value::Array(mut schemas)) = members.shift_remove("allOf")
        && let Some(Value::Object(only)) = schemas.pop()
    {
        for (keyword, value) in only {
            members.entry(keyword).or_insert(value);
        }
    }
}

/// Drops the keywords that no value of the schema's `type` is held to.
fn drop_what_no_value_meets(members: &mut Map<String, Value>) {
    let Some(kinds) = kinds(members) else { return };
    let is_idle = |keyword: &str| {
        let mut rows = OF_TYPES.iter();
        rows.any(|(types, keywords)| {
            keywords.contains(&keyword) && !types.iter().any(|kind| kinds.contains(kind))
        })
    };
    let idle: Vec<String> = members.keys().filter(|keyword| is_idle(keyword)).cloned().collect();
    for keyword in idle {
        members.shift_remove(&keyword);
    }
}

/// The types that `type` names.
fn kinds(members: &Map<String, Value>) -> Option<Vec<&'static str>> {
    let known = |kind: &Value| {
        let all = ["string", "number", "integer", "array", "object", "boolean", "null"];
        all.into_iter().find(|known| kind == known)
    };
    match members.get("type")? {
        Value::Array(kinds) => kinds.iter().map(known).collect(),
        kind => known(kind).map(|kind| vec![kind]),
    }
}

/// Whether every value that `enum` or `const` names is of the `type`.
fn values_imply_type(members: &Map<String, Value>) -> bool {
    let Some(kinds) = kinds(members) else { return false };
    let is_of_kind = |value: &Value| kinds.iter().any(|kind| is_of(value, kind));
    match (members.get("const"), members.get("enum")) {
        (Some(value), _) => is_of_kind(value),
        (None, Some(Value::Array(values))) => !values.is_empty() && values.iter().all(is_of_kind),
        _ => false,
    }
}

fn is_of(value: &Value, kind: &str) -> bool {
    match kind {
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        _ => false,
    }
}
