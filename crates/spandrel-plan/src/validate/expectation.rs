//! What a schema wants, in a few words.

use std::cell::Cell;

use serde_json::Value;

use crate::value_text::{json_text, truncated};

/// The most bytes of a value or pattern in a message.
const MAX_VALUE: usize = 120;
/// The most alternatives or members of an enumeration in a message.
const MAX_ALTERNATIVES: usize = 12;
/// How many references and alternatives are followed.
const MAX_DEPTH: usize = 4;
/// How many schemas are looked at for one description.
const MAX_SCHEMAS: usize = 40;
/// The most bytes of one description.
const MAX_DESCRIPTION: usize = 500;

/// `value` as JSON, cut when long.
pub(super) fn quoted(value: &Value) -> String {
    match value {
        // A large value is not written in full only to be cut.
        Value::Array(items) if items.len() > MAX_VALUE => format!("an array of {} items", items.len()),
        Value::Object(members) if members.len() > MAX_VALUE => {
            format!("an object of {} members", members.len())
        }
        Value::String(text) => json_text(&Value::String(truncated(text, MAX_VALUE).into_owned())),
        value => truncated(&json_text(value), MAX_VALUE).into_owned(),
    }
}

/// What `schema` wants: `an integer from 1 to 100`. References are looked up in `root`.
pub(super) fn describe(schema: &Value, root: &Value) -> String {
    let description = describe_at(schema, root, 0, &Cell::new(MAX_SCHEMAS));
    description.map_or_else(
        || "another value".to_owned(),
        |description| truncated(&description, MAX_DESCRIPTION).into_owned(),
    )
}

/// What type `schema` wants, for a value of another: how long a string may be does not matter then.
pub(super) fn describe_type(schema: &Value, root: &Value) -> String {
    let mut schema = schema.clone();
    if let Value::Object(members) = &mut schema {
        members.retain(|keyword, _| {
            !["minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties", "pattern"]
                .contains(&keyword.as_str())
        });
    }
    describe(&schema, root)
}

/// `texts`, each once, in their order.
fn distinct(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut distinct = Vec::new();
    for text in texts {
        if !distinct.contains(&text) {
            distinct.push(text);
        }
    }
    distinct
}

fn describe_at(schema: &Value, root: &Value, depth: usize, left: &Cell<usize>) -> Option<String> {
    if depth > MAX_DEPTH {
        return None;
    }
    left.set(left.get().checked_sub(1)?);
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        return describe_at(root.pointer(reference.strip_prefix('#')?)?, root, depth + 1, left);
    }
    if let Some(constant) = schema.get("const") {
        return Some(quoted(constant));
    }
    if let Some(options) = schema.get("enum").and_then(Value::as_array) {
        let more = if options.len() > MAX_ALTERNATIVES { ", …" } else { "" };
        let shown: Vec<String> = options.iter().take(MAX_ALTERNATIVES).map(quoted).collect();
        return Some(format!("one of {}{more}", shown.join(", ")));
    }
    if let Some(types) = schema.get("type") {
        return Some(describe_types(types, schema, root, depth, left));
    }
    for keyword in ["anyOf", "oneOf"] {
        if let Some(alternatives) = schema.get(keyword).and_then(Value::as_array) {
            let described = distinct(
                alternatives
                    .iter()
                    .take(MAX_ALTERNATIVES)
                    .filter_map(|alternative| describe_at(alternative, root, depth + 1, left)),
            );
            return (!described.is_empty()).then(|| described.join(", or "));
        }
    }
    if let Some(parts) = schema.get("allOf").and_then(Value::as_array) {
        return parts.iter().take(MAX_ALTERNATIVES).find_map(|part| describe_at(part, root, depth + 1, left));
    }
    let limits = limits(schema);
    (!limits.is_empty()).then(|| format!("a value{limits}"))
}

fn describe_types(types: &Value, schema: &Value, root: &Value, depth: usize, left: &Cell<usize>) -> String {
    let names: Vec<&str> = match types {
        Value::String(one) => vec![one],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let nouns: Vec<String> = names
        .iter()
        .map(|name| match *name {
            "integer" => "an integer".to_owned(),
            "array" => {
                match schema.get("items").and_then(|items| describe_at(items, root, depth + 1, left)) {
                    Some(items) => format!("an array, each item {items}"),
                    None => "an array".to_owned(),
                }
            }
            "object" => "an object".to_owned(),
            "boolean" => "true or false".to_owned(),
            "null" => "null".to_owned(),
            other => format!("a {other}"),
        })
        .collect();
    format!("{}{}", nouns.join(" or "), limits(schema))
}

/// ` from 1 to 100`, ` of at most 10 characters`, and so on.
fn limits(schema: &Value) -> String {
    let number = |key| schema.get(key).filter(|value| value.is_number()).map(json_text);
    let mut text = String::new();
    let mut add = |piece: Option<String>| text.push_str(&piece.unwrap_or_default());
    add(range(number("minimum"), number("maximum"), " from ", " to ", " of at least ", " of at most ", ""));
    add(number("exclusiveMinimum").map(|limit| format!(" greater than {limit}")));
    add(number("exclusiveMaximum").map(|limit| format!(" less than {limit}")));
    add(number("multipleOf").map(|factor| format!(", a multiple of {factor}")));
    for (low, high, unit) in [
        ("minLength", "maxLength", " characters"),
        ("minItems", "maxItems", " items"),
        ("minProperties", "maxProperties", " members"),
    ] {
        add(range(number(low), number(high), " of ", " to ", " of at least ", " of at most ", unit));
    }
    add(schema
        .get("pattern")
        .and_then(Value::as_str)
        .map(|pattern| format!(" that matches the pattern {}", truncated(pattern, MAX_VALUE))));
    add(schema
        .get("format")
        .and_then(Value::as_str)
        .map(|format| format!(" ({})", truncated(format, MAX_VALUE))));
    text
}

fn range(
    low: Option<String>,
    high: Option<String>,
    from: &str,
    to: &str,
    at_least: &str,
    at_most: &str,
    unit: &str,
) -> Option<String> {
    let singular = high.as_ref().or(low.as_ref()).is_some_and(|last| last == "1");
    let unit = if singular { unit.strip_suffix('s').unwrap_or(unit) } else { unit };
    match (low, high) {
        (Some(low), Some(high)) if low == high => Some(format!("{from}{low}{unit}")),
        (Some(low), Some(high)) => Some(format!("{from}{low}{to}{high}{unit}")),
        (Some(low), None) => Some(format!("{at_least}{low}{unit}")),
        (None, Some(high)) => Some(format!("{at_most}{high}{unit}")),
        (None, None) => None,
    }
}
