//! Structured content that keeps what the tool advertises, and that every client can read.

use serde_json::Value;

use super::scan::{MAX_DEPTH, Unreadable, scan};
use super::shape::Shape;
use crate::catalog::{JsonText, Tool};
use crate::outcome::{Content, Outcome, Structured};
use crate::validate::Validator;
use crate::value_text::{json_text, truncated};

/// How structured content is checked.
#[derive(Debug)]
pub(crate) enum OutputCheck {
    /// On its text.
    Shape(Shape),
    /// As a tree.
    Schema(Validator),
}

impl OutputCheck {
    pub(crate) fn compile(schema: &JsonText) -> Self {
        Shape::of(&schema.to_value()).map_or_else(|| Self::Schema(Validator::compile(schema)), Self::Shape)
    }
}

/// What became of a JSON body.
struct Checked {
    /// The body.
    body: JsonText,
    /// The body as the tool advertises it.
    structured: JsonText,
    /// Why that does not satisfy the schema.
    drift: Option<String>,
    /// What is to be said of it.
    note: Option<String>,
}

impl Tool {
    /// Adds the structured content, where the content is that of the body so far. Clients reject a result
    /// whose structured content does not satisfy the output schema, errors included, and a success that
    /// has none.
    pub(super) fn add_structured(&self, outcome: &mut Outcome, json: Option<&JsonText>) {
        let check = self.output_check();
        let (checked, said) = match json.map(|json| self.checked(json, check)) {
            Some(Ok(mut checked)) => {
                let note = checked.note.take();
                (Some(checked), note)
            }
            Some(Err(note)) => (None, Some(note)),
            None => (None, None),
        };
        match checked {
            Some(Checked { structured, drift: None, .. }) => outcome.structured = Some(of(structured)),
            _ if check.is_none() || outcome.is_error => {}
            checked => {
                outcome.structured =
                    unexpected_body(checked.as_ref().map(|checked| &checked.body), &outcome.content)
                        .map(Structured::Object);
                let is_empty = outcome.content.is_empty();
                let drift = checked.and_then(|checked| checked.drift);
                outcome.drift = Some(drift.unwrap_or_else(|| {
                    let what = if is_empty { "there is no body" } else { "the body is no JSON" };
                    format!("{what} where the schema says object")
                }));
            }
        }
        outcome.content.extend(said.map(Content::Text));
    }

    /// Looks over a JSON body; a note where it can only be passed on as text.
    fn checked(&self, json: &JsonText, check: Option<&OutputCheck>) -> Result<Checked, String> {
        let shape = match check {
            Some(OutputCheck::Shape(shape)) => Some(shape),
            _ => None,
        };
        let mut body = json.clone();
        let mut structured = self.as_advertised(&body);
        let found = scan(structured.as_str(), shape).map_err(note)?;
        if found.repeated.is_some() {
            // Readers differ in which one they take.
            body = JsonText::from_value(&body.to_value());
            structured = self.as_advertised(&body);
        }
        let drift = match check {
            None => None,
            Some(OutputCheck::Shape(_)) => found.mismatch,
            Some(OutputCheck::Schema(validator)) => {
                let satisfies = is_object(&structured) && validator.accepts(&structured.to_value());
                (!satisfies).then(|| "the body does not satisfy the schema".to_owned())
            }
        };
        let note = found.repeated.map(|key| {
            let key = truncated(&key, 100);
            format!("The body names `{key}` twice in one object; the structured content has the last.")
        });
        Ok(Checked { body, structured, drift, note })
    }

    /// `json`, which is around `body`, as structured content that satisfies the schema: as the body that was not
    /// expected where it does not, and none for an error, which need not have any.
    pub(crate) fn conforming(&self, json: JsonText, body: &str, is_error: bool) -> Option<Structured> {
        let conforms = match self.output_check() {
            None => true,
            Some(OutputCheck::Shape(shape)) => {
                scan(json.as_str(), Some(shape)).is_ok_and(|found| found.mismatch.is_none())
            }
            Some(OutputCheck::Schema(validator)) => is_object(&json) && validator.accepts(&json.to_value()),
        };
        match (conforms, is_error) {
            (true, _) => Some(of(json)),
            (false, true) => None,
            (false, false) => wrapped("unexpectedBody", body).map(Structured::Object),
        }
    }

    fn as_advertised(&self, body: &JsonText) -> JsonText {
        let wrapped = self.plan.response.wraps_result.then(|| wrapped("result", body.as_str())).flatten();
        wrapped.unwrap_or_else(|| body.clone())
    }
}

fn note(unreadable: Unreadable) -> String {
    let why = match unreadable {
        Unreadable::Deep => format!("nests deeper than {MAX_DEPTH} levels"),
        Unreadable::LongNumber => "holds a number that most clients cannot read".to_owned(),
        Unreadable::HalfSurrogate => "holds a string that is no Unicode text".to_owned(),
        Unreadable::PrivateKey => "holds a key that cannot be passed on".to_owned(),
    };
    format!("The body is JSON that {why}; it is passed on as text only.")
}

fn of(json: JsonText) -> Structured {
    if is_object(&json) { Structured::Object(json) } else { Structured::Other(json) }
}

fn is_object(json: &JsonText) -> bool {
    json.as_str().starts_with('{')
}

/// `json` as the one member of an object.
fn wrapped(key: &str, json: &str) -> Option<JsonText> {
    JsonText::from_text(format!("{{\"{key}\":{json}}}")).ok()
}

/// The object that satisfies every advertised output schema, around the body: its JSON, its text, or
/// null where it has neither.
fn unexpected_body(json: Option<&JsonText>, content: &[Content]) -> Option<JsonText> {
    match (json, content.first()) {
        (Some(json), _) => wrapped("unexpectedBody", json.as_str()),
        (None, Some(Content::Text(text))) => {
            wrapped("unexpectedBody", &json_text(&Value::String(text.clone())))
        }
        (None, _) => wrapped("unexpectedBody", "null"),
    }
}
