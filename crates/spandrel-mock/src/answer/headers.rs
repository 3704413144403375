//! Headers that a response always has.

use http::HeaderValue;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName, TRANSFER_ENCODING};
use serde_json::Value;
use spandrel_openapi::{Direction, Header};

use crate::check::Checks;
use crate::generate::{Extent, generate};

/// Adds the headers that the document says are always there.
pub(super) fn add_required(headers: &mut HeaderMap, described: &[Header], checks: &Checks) {
    for header in described.iter().filter(|header| header.required) {
        let Ok(name) = HeaderName::try_from(header.name.as_str()) else { continue };
        // Those belong to the body, and to whoever sends it.
        if [CONTENT_TYPE, CONTENT_LENGTH, TRANSFER_ENCODING].contains(&name) {
            continue;
        }
        if let Ok(value) = HeaderValue::from_str(&text(&value(header, checks))) {
            headers.append(name, value);
        }
    }
}

fn value(header: &Header, checks: &Checks) -> Value {
    let Some(schema) = &header.schema else {
        return header.example.clone().unwrap_or_else(|| Value::String("string".to_owned()));
    };
    let check = checks.get(schema, Direction::Response);
    match &header.example {
        Some(example) if check.accepts(example) => example.clone(),
        _ => generate(&check, Extent::Everything).value,
    }
}

/// A value as style `simple` writes it in a header.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(","),
        Value::Object(members) => {
            let members = members.iter().map(|(name, value)| format!("{name},{}", text(value)));
            members.collect::<Vec<_>>().join(",")
        }
        other => other.to_string(),
    }
}
