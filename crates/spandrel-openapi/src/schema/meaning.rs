//! What the values of a schema mean, where a widely used extension says it: the meaning of each value
//! of an `enum`, and the unit of a number. JSON Schema has no keyword for either, so the description
//! says it.

use serde_json::{Map, Value};

use super::annotation::add_to_description;
use crate::prose;

/// The most characters that the meanings of an `enum` take in all, and one of them.
const LONGEST_MEANINGS: usize = 800;
const LONGEST_MEANING: usize = 120;

/// Lists beside `enum`, or maps by its values; what describes comes before what only names.
const MEANINGS: [&str; 5] =
    ["x-enum-descriptions", "x-enumDescriptions", "x-enum-varnames", "x-enumNames", "x-enum-names"];
const UNITS: [&str; 3] = ["x-unit", "x-units", "x-unit-of-measure"];

/// Adds to the description what the extensions of `members` say of the values.
pub(super) fn describe_values(members: &Map<String, Value>, lowered: &mut Map<String, Value>) {
    if !members.keys().any(|key| key.starts_with("x-")) {
        return;
    }
    let sentences = [unit(members), enum_meanings(members)];
    for sentence in sentences.into_iter().flatten() {
        add_to_description(lowered, sentence);
    }
}

fn unit(members: &Map<String, Value>) -> Option<String> {
    let unit = UNITS.iter().find_map(|key| members.get(*key)?.as_str())?;
    let unit = prose::plain(unit, LONGEST_MEANING);
    (!unit.is_empty()).then(|| format!("Unit: {unit}."))
}

/// `Values: 1 = active; 2 = gone.`, for the values whose meaning says more than the value itself.
fn enum_meanings(members: &Map<String, Value>) -> Option<String> {
    let values = members.get("enum")?.as_array()?;
    let listed = MEANINGS.iter().find_map(|key| members.get(*key).filter(|value| is_collection(value)));
    let meaning = |index: usize, value: &Value| -> Option<String> {
        let said = match listed {
            Some(Value::Array(meanings)) => meaning_text(meanings.get(index)?),
            Some(Value::Object(meanings)) => meaning_text(meanings.get(&value_text(value))?),
            _ => microsoft_meaning(members.get("x-ms-enum")?, value),
        }?;
        let meaning = prose::plain(said, LONGEST_MEANING);
        let says_more = !meaning.is_empty() && !meaning.eq_ignore_ascii_case(&value_text(value));
        says_more.then(|| format!("{} = {}", value_text(value), meaning.trim_end_matches('.')))
    };
    let mut text = String::new();
    for sentence in values.iter().enumerate().filter_map(|(index, value)| meaning(index, value)) {
        if text.len() + sentence.len() > LONGEST_MEANINGS {
            break;
        }
        text.push_str(if text.is_empty() { "Values: " } else { "; " });
        text.push_str(&sentence);
    }
    (!text.is_empty()).then(|| text + ".")
}

/// `x-ms-enum: {values: [{value, name, description}]}`.
fn microsoft_meaning<'v>(extension: &'v Value, value: &Value) -> Option<&'v str> {
    let entries = extension.get("values")?.as_array()?;
    let entry = entries.iter().find(|entry| entry.get("value") == Some(value))?;
    meaning_text(entry)
}

fn meaning_text(meaning: &Value) -> Option<&str> {
    ["description", "name"].iter().find_map(|key| meaning.get(*key)?.as_str()).or_else(|| meaning.as_str())
}

fn value_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn is_collection(value: &Value) -> bool {
    value.is_array() || value.is_object()
}
