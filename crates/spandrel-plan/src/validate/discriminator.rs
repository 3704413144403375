//! Alternatives that are told apart by the value of one property.

use serde_json::Value;

/// How many references are followed from an alternative.
const MAX_REFERENCES: usize = 4;

/// What the discriminating property of alternatives says of a value.
pub(super) enum Choice<'a> {
    /// It selects the alternative at this index.
    Selected(usize),
    /// It is missing, or selects none: its name, and the values that select one.
    Unknown { property: &'a str, values: Vec<&'a Value> },
}

/// Finds the property for which every alternative wants values that no other does, and what `instance`
/// says with it; none where there is no such property.
pub(super) fn choose<'a>(
    alternatives: &'a [Value],
    root: &'a Value,
    instance: &serde_json::Map<String, Value>,
) -> Option<Choice<'a>> {
    let alternatives: Vec<&Value> =
        alternatives.iter().map(|alternative| resolved(alternative, root)).collect::<Option<_>>()?;
    let (first, others) = alternatives.split_first()?;
    if others.is_empty() {
        return None;
    }
    let properties = first.get("properties")?.as_object()?;
    properties.keys().find_map(|property| {
        let values: Vec<Vec<&Value>> = alternatives
            .iter()
            .map(|alternative| selecting(alternative.get("properties")?.get(property)?))
            .collect::<Option<_>>()?;
        let all: Vec<&Value> = values.iter().flatten().copied().collect();
        let distinct =
            all.iter().enumerate().all(|(index, value)| !all.iter().take(index).any(|one| one == value));
        if !distinct {
            return None;
        }
        let given = instance.get(property);
        let selected = values.iter().position(|values| values.iter().any(|value| Some(*value) == given));
        Some(selected.map_or(Choice::Unknown { property, values: all }, Choice::Selected))
    })
}

/// The values of a property that is a constant or an enumeration.
fn selecting(schema: &Value) -> Option<Vec<&Value>> {
    match (schema.get("const"), schema.get("enum")) {
        (Some(constant), _) => Some(vec![constant]),
        (None, Some(Value::Array(values))) if values.len() <= 50 => Some(values.iter().collect()),
        _ => None,
    }
}

fn resolved<'a>(mut schema: &'a Value, root: &'a Value) -> Option<&'a Value> {
    for _ in 0..MAX_REFERENCES {
        match schema.get("$ref").and_then(Value::as_str) {
            Some(reference) => schema = root.pointer(reference.strip_prefix('#')?)?,
            None => return Some(schema),
        }
    }
    None
}
