//! Keywords that describe a value.

use serde_json::{Map, Value};

use crate::prose;

/// Examples and defaults longer than this, as JSON text, help nobody.
const LONGEST_EXAMPLE: usize = 120;

/// Keeps what helps a model, in the words of 2020-12.
pub(super) fn annotate(keyword: &str, value: &Value, lowered: &mut Map<String, Value>) {
    match keyword {
        "title" | "description" => lower_prose(keyword, value, lowered),
        "example" => lower_examples(std::slice::from_ref(value), lowered),
        "examples" => lower_examples(value.as_array().map(Vec::as_slice).unwrap_or_default(), lowered),
        "default" if !is_short(value) => {}
        "deprecated" if value != &Value::Bool(true) => {}
        "format" | "contentEncoding" | "contentMediaType" if !value.is_string() => {}
        _ => {
            lowered.insert(keyword.to_owned(), value.clone());
        }
    }
}

/// Adds a sentence of our own behind what the author wrote.
pub(super) fn add_to_description(members: &mut Map<String, Value>, sentence: String) {
    let description = match members.get("description").and_then(Value::as_str) {
        Some(written) => format!("{written}\n{sentence}"),
        None => sentence,
    };
    members.insert("description".to_owned(), Value::String(description));
}

fn lower_prose(keyword: &str, value: &Value, lowered: &mut Map<String, Value>) {
    let Some(text) = value.as_str() else { return };
    let text = prose::plain(text, prose::SCHEMA_DESCRIPTION);
    if !text.is_empty() {
        lowered.insert(keyword.to_owned(), Value::String(text));
    }
}

fn lower_examples(examples: &[Value], lowered: &mut Map<String, Value>) {
    let short = |value: &&Value| !value.is_null() && !value.is_object() && is_short(value);
    let kept: Vec<Value> = examples.iter().filter(short).take(2).cloned().collect();
    if !kept.is_empty() && !lowered.contains_key("examples") {
        lowered.insert("examples".to_owned(), Value::Array(kept));
    }
}

fn is_short(value: &Value) -> bool {
    match value {
        Value::String(text) => text.len() <= LONGEST_EXAMPLE,
        Value::Null | Value::Bool(_) => true,
        other => other.to_string().len() <= LONGEST_EXAMPLE,
    }
}
