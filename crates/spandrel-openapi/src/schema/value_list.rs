//! The values of an `enum`, where they are of another type than the schema names: nothing could be
//! both, and authors meant the values.

use serde_json::{Map, Number, Value, json};

use super::SchemaCompiler;
use super::lower::Place;
use crate::diagnostic::{Code, Diagnostic};

impl SchemaCompiler<'_> {
    /// `type: string` with `[1, 2]`, `type: boolean` with `['true']`, `type: integer` with `['1']`, and
    /// `type: array` with the values of its items.
    pub(super) fn repair_enum(&mut self, lowered: &mut Map<String, Value>, place: &Place<'_>) {
        let Some(named) = lowered.get("type").and_then(Value::as_str) else { return };
        let Some(values) = lowered.get("enum").and_then(Value::as_array) else { return };
        let is_right = |value: &Value| value.is_null() || is_of(value, named);
        if values.iter().any(is_right) && !(named == "string" && values.iter().any(is_plain)) {
            return;
        }
        if named == "array" {
            let Some(values) = lowered.shift_remove("enum") else { return };
            self.report_enum(place, "no value of it is an array; it was read as the values of the items");
            let items = lowered.entry("items").or_insert_with(|| json!({}));
            if let Value::Object(items) = items {
                let named = items.get("type").and_then(Value::as_str);
                let fit = |value: &Value| named.is_none_or(|named| value.is_null() || is_of(value, named));
                if values.as_array().is_some_and(|values| values.iter().any(fit)) {
                    items.entry("enum").or_insert(values);
                }
            }
            return;
        }
        let read: Vec<Value> = values.iter().map(|value| read_as(value, named)).collect();
        if read == *values {
            return;
        }
        // Values that cannot be read leave the type to say what is accepted.
        if read.iter().any(|value| is_of(value, named)) {
            let message = format!("the values must be of type `{named}`; they were read as such");
            lowered.insert("enum".to_owned(), Value::Array(read));
            self.report_enum(place, &message);
        }
    }

    fn report_enum(&mut self, place: &Place<'_>, message: &str) {
        let location = place.member("enum").location();
        self.diagnostics.push(
            Diagnostic::new(Code::SchemaKeywordInvalid, location, format!("`enum`: {message}"))
                .with_help("write each value as the type wants it, text in quotes"),
        );
    }
}

fn is_of(value: &Value, named: &str) -> bool {
    match named {
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" | "number" => value.is_number(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => true,
    }
}

fn is_plain(value: &Value) -> bool {
    value.is_number() || value.is_boolean()
}

/// The value as the type wants it; itself where it cannot be read so.
fn read_as(value: &Value, named: &str) -> Value {
    match (named, value) {
        ("string", value) if is_plain(value) => Value::String(value.to_string()),
        ("boolean", Value::String(text)) if matches!(text.as_str(), "true" | "false") => {
            json!(text == "true")
        }
        ("integer" | "number", Value::String(text)) => {
            text.parse::<Number>().map_or_else(|_| value.clone(), Value::Number)
        }
        _ => value.clone(),
    }
}
