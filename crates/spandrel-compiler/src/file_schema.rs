//! Arguments that are files.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value, json};

/// The schema of a file: a string of base64 or a data URI, or an object that also names it; `by_path`,
/// the object may say where it lies instead.
pub(crate) fn file(described: &Value, by_path: bool) -> Value {
    let description = described.get("description").and_then(Value::as_str).unwrap_or_default();
    let how = if by_path {
        "A file: base64, a data: URI, {data, name, type}, or {path} of a file on the server."
    } else {
        "A file: base64, a data: URI, or {data, name, type}."
    };
    let description = if description.is_empty() { how.to_owned() } else { format!("{description} {how}") };
    let mut schema = json!({
        "type": ["string", "object"],
        "description": description,
        "properties": {
            "data": {"type": "string", "description": "base64 or a data: URI"},
            "name": {"type": "string", "description": "file name"},
            "type": {"type": "string", "description": "media type"}
        },
        "required": ["data"]
    });
    if let (true, Value::Object(members)) = (by_path, &mut schema) {
        members.shift_remove("required");
        if let Some(Value::Object(properties)) = members.get_mut("properties") {
            let path = json!({"type": "string", "description": "path instead of data, relative"});
            properties.insert("path".to_owned(), path);
        }
    }
    schema
}

/// Whether the schema says nothing of what its values are, but perhaps something about them.
pub(crate) fn says_nothing(schema: &Value) -> bool {
    const ABOUT: &[&str] =
        &["title", "description", "examples", "deprecated", "readOnly", "writeOnly", "$comment"];
    match schema {
        Value::Object(members) => {
            members.keys().all(|keyword| ABOUT.contains(&keyword.as_str()) || keyword.starts_with("x-"))
        }
        schema => *schema == Value::Bool(true),
    }
}

/// What a value is, as far as a form has to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ValueKind {
    Scalar,
    Object,
    File,
    /// An array, by the kind of its items.
    Scalars,
    Objects,
    Files,
    Unknown,
}

/// The most schemas that are looked at to tell a kind: branches may refer to each other at will.
const MOST_SCHEMAS: usize = 64;

/// The kind of the values that `schema` describes.
pub(crate) fn value_kind(schema: &Value, definitions: &BTreeMap<String, Arc<Value>>) -> ValueKind {
    kind_within(schema, definitions, &mut { MOST_SCHEMAS })
}

fn kind_within(schema: &Value, definitions: &BTreeMap<String, Arc<Value>>, left: &mut usize) -> ValueKind {
    let Some(members) = schema.as_object().filter(|_| *left > 0) else { return ValueKind::Unknown };
    *left -= 1;
    if let Some(name) =
        members.get("$ref").and_then(Value::as_str).and_then(|text| text.strip_prefix("#/$defs/"))
    {
        return definitions
            .get(name)
            .map_or(ValueKind::Unknown, |target| kind_within(target, definitions, left));
    }
    match type_name(members) {
        Some("string") | None if is_binary(members) => ValueKind::File,
        Some("string" | "integer" | "number" | "boolean") => ValueKind::Scalar,
        Some("object") => ValueKind::Object,
        Some("array") => match members.get("items").map(|items| kind_within(items, definitions, left)) {
            Some(ValueKind::File) => ValueKind::Files,
            Some(ValueKind::Object | ValueKind::Scalars | ValueKind::Objects) => ValueKind::Objects,
            _ => ValueKind::Scalars,
        },
        _ if members.contains_key("properties") => ValueKind::Object,
        _ => ["allOf", "anyOf", "oneOf"]
            .iter()
            .filter_map(|keyword| members.get(*keyword)?.as_array())
            .flatten()
            .map(|branch| kind_within(branch, definitions, left))
            .find(|kind| *kind != ValueKind::Unknown)
            .unwrap_or(ValueKind::Unknown),
    }
}

/// The one type that is not `null`.
fn type_name(members: &Map<String, Value>) -> Option<&str> {
    match members.get("type")? {
        Value::String(name) => Some(name),
        Value::Array(names) => match names
            .iter()
            .filter_map(Value::as_str)
            .filter(|name| *name != "null")
            .collect::<Vec<_>>()
            .as_slice()
        {
            [only] => Some(only),
            _ => None,
        },
        _ => None,
    }
}

/// Bytes that are not text: `format: binary` (3.0), or `contentMediaType` without an encoding (3.1).
fn is_binary(members: &Map<String, Value>) -> bool {
    let format = members.get("format").and_then(Value::as_str);
    let media_type = members.get("contentMediaType").and_then(Value::as_str);
    format == Some("binary")
        || (media_type.is_some_and(|name| !name.starts_with("text/") && !name.contains("json"))
            && !members.contains_key("contentEncoding"))
}
