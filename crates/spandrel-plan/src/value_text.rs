//! The text of a JSON value where a place wants text.

use std::borrow::Cow;

use serde_json::Value;

/// A string as it is, a number exactly as it was written, `true` or `false`; nothing for null, and
/// compact JSON for what is nested where a style has room for scalars only.
pub(crate) fn text_of(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Null => Cow::Borrowed(""),
        Value::Bool(true) => Cow::Borrowed("true"),
        Value::Bool(false) => Cow::Borrowed("false"),
        Value::Number(number) => Cow::Borrowed(number.as_str()),
        Value::String(text) => Cow::Borrowed(text),
        Value::Array(_) | Value::Object(_) => Cow::Owned(json_text(value)),
    }
}

/// Compact JSON.
pub(crate) fn json_text(value: &Value) -> String {
    // Writing a `Value` to a string cannot fail.
    serde_json::to_string(value).unwrap_or_default()
}

/// Whether RFC 6570, section 2.3, calls the value undefined: null, and lists and objects without
/// any member that is not null.
pub(crate) fn is_undefined(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.iter().all(Value::is_null),
        Value::Object(members) => members.values().all(Value::is_null),
        _ => false,
    }
}

/// At most `limit` bytes of `text`, cut between characters, with `…` where something is missing.
pub(crate) fn truncated(text: &str, limit: usize) -> Cow<'_, str> {
    if text.len() <= limit {
        return Cow::Borrowed(text);
    }
    let mut end = limit;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    Cow::Owned(format!("{}…", text.get(..end).unwrap_or_default()))
}
