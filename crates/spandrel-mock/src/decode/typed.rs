//! Texts become values of the type that the schema gives them.

use serde_json::{Map, Value};

use super::{Wire, deep};
use crate::check::Check;
use crate::shape::{Kinds, Shapes, item, member};

/// Branches of `oneOf` and `anyOf` that are tried on their own.
const MOST_BRANCHES: usize = 24;

/// How a text is taken that may be a string and something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Preference {
    /// `7` is an integer where integers are allowed.
    Typed,
    /// `7` is a string where strings are allowed.
    String,
}

/// Every value that `wire` may stand for, the likeliest first.
pub(crate) fn readings(check: &Check, wire: &Wire) -> Vec<Value> {
    let shapes = check.shapes();
    let mut guides: Vec<Vec<&Value>> = vec![vec![shapes.root()]];
    for branch in branches(shapes) {
        guides.push(vec![branch]);
    }
    let mut values: Vec<Value> = Vec::new();
    for guide in &guides {
        for preference in [Preference::Typed, Preference::String] {
            let value = read(shapes, wire, guide, preference);
            if !values.contains(&value) {
                values.push(value);
            }
        }
    }
    if *wire == Wire::List(vec![Wire::Text(String::new())]) {
        values.push(Value::Array(Vec::new()));
    }
    values
}

/// The alternatives of the schema itself.
fn branches(shapes: Shapes<'_>) -> Vec<&Value> {
    let plain = shapes.conjunction(&[shapes.root()]).unwrap_or_default();
    let groups = plain.iter().flat_map(|schema| [schema.get("oneOf"), schema.get("anyOf")]).flatten();
    groups.filter_map(Value::as_array).flatten().take(MOST_BRANCHES).collect()
}

fn read(shapes: Shapes<'_>, wire: &Wire, guides: &[&Value], preference: Preference) -> Value {
    match wire {
        Wire::Text(text) => read_text(shapes, text, guides, preference),
        Wire::Value(value) => {
            let kinds = shapes.kinds_of_any(guides);
            let wants_list = kinds.has(Kinds::ARRAY) && !kinds.has(Kinds::of(value));
            if wants_list { Value::Array(vec![value.clone()]) } else { value.clone() }
        }
        Wire::List(items) => read_items(shapes, items.iter(), guides, preference),
        Wire::Members(members) => {
            let kinds = shapes.kinds_of_any(guides);
            if kinds.has(Kinds::ARRAY)
                && !kinds.has(Kinds::OBJECT)
                && let Some(items) = deep::as_items(members)
            {
                return read_items(shapes, items.into_iter(), guides, preference);
            }
            let spread = shapes.spread(guides);
            let members = members
                .iter()
                .map(|(name, wire)| (name.clone(), read(shapes, wire, &member(&spread, name), preference)));
            Value::Object(members.collect::<Map<_, _>>())
        }
    }
}

fn read_items<'w>(
    shapes: Shapes<'_>,
    items: impl Iterator<Item = &'w Wire>,
    guides: &[&Value],
    preference: Preference,
) -> Value {
    let spread = shapes.spread(guides);
    Value::Array(
        items
            .enumerate()
            .map(|(index, wire)| read(shapes, wire, &item(&spread, index), preference))
            .collect(),
    )
}

fn read_text(shapes: Shapes<'_>, text: &str, guides: &[&Value], preference: Preference) -> Value {
    let kinds = if guides.is_empty() { Kinds::ALL } else { shapes.kinds_of_any(guides) };
    if kinds.has(Kinds::STRING) && (preference == Preference::String || kinds == Kinds::ALL) {
        return Value::String(text.to_owned());
    }
    if let Some(value) = non_string(text, kinds) {
        return value;
    }
    let else_than_list = Kinds::BOOLEAN.or(Kinds::NUMBER).or(Kinds::STRING).or(Kinds::OBJECT);
    if kinds.has(Kinds::ARRAY) && !kinds.has(else_than_list) {
        let spread = shapes.spread(guides);
        return Value::Array(vec![read_text(shapes, text, &item(&spread, 0), preference)]);
    }
    Value::String(text.to_owned())
}

/// `text` as a value of `kinds` that is not a string. Numbers keep their text.
fn non_string(text: &str, kinds: Kinds) -> Option<Value> {
    if text.is_empty() {
        return (kinds.has(Kinds::NULL) && !kinds.has(Kinds::STRING)).then_some(Value::Null);
    }
    let value: Value = serde_json::from_str(text).ok()?;
    if text.trim() != text || value.is_string() {
        return None;
    }
    // Whether a number is an integer is for the validator to say: `1.0` is one.
    let is_number = value.is_number() && kinds.has(Kinds::NUMBER);
    (is_number || kinds.has(Kinds::of(&value))).then_some(value)
}

/// `wire` where no schema speaks of it: texts are strings.
pub(crate) fn untyped(wire: &Wire) -> Value {
    match wire {
        Wire::Text(text) => Value::String(text.clone()),
        Wire::Value(value) => value.clone(),
        Wire::List(items) => Value::Array(items.iter().map(untyped).collect()),
        Wire::Members(members) => {
            Value::Object(members.iter().map(|(name, wire)| (name.clone(), untyped(wire))).collect())
        }
    }
}
