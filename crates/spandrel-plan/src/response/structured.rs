//! Structured content that keeps what the tool advertises.

use serde_json::Value;

use crate::catalog::{JsonText, Tool};
use crate::outcome::{Content, Outcome, Structured};
use crate::value_text::json_text;

impl Tool {
    /// Adds the structured content, where the content is that of the body so far. Clients reject a result whose structured content does not satisfy
    /// the output schema, errors included, and a success that has none.
    pub(super) fn add_structured(&self, outcome: &mut Outcome, json: Option<JsonText>) {
        if self.output_schema.is_none() {
            outcome.structured = json.map(structured);
            return;
        }
        let conforms = json.as_ref().is_some_and(|json| is_object(json) && self.output_accepts(json));
        if conforms {
            outcome.structured = json.map(structured);
        } else if !outcome.is_error {
            outcome.drifted = json.is_some();
            outcome.structured = unexpected_body(json.as_ref(), &outcome.content).map(Structured::Object);
        }
    }
}

fn structured(json: JsonText) -> Structured {
    if is_object(&json) { Structured::Object(json) } else { Structured::Other(json) }
}

fn is_object(json: &JsonText) -> bool {
    json.as_str().starts_with('{')
}

/// The object that satisfies every advertised output schema, around the body: its JSON, its text, or
/// null where it has neither.
fn unexpected_body(json: Option<&JsonText>, content: &[Content]) -> Option<JsonText> {
    let body = match (json, content.first()) {
        (Some(json), _) => json.as_str().to_owned(),
        (None, Some(Content::Text(text))) => json_text(&Value::String(text.clone())),
        (None, _) => "null".to_owned(),
    };
    JsonText::from_text(format!("{{\"unexpectedBody\":{body}}}")).ok()
}
