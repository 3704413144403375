//! Where schemas stand inside a schema (JSON Schema 2020-12).

use serde_json::{Map, Value};

/// Keywords whose value is a schema.
const ONE: [&str; 11] = [
    "items",
    "additionalProperties",
    "contains",
    "not",
    "if",
    "then",
    "else",
    "propertyNames",
    "unevaluatedItems",
    "unevaluatedProperties",
    "contentSchema",
];
/// Keywords whose value is an array of schemas.
const SEVERAL: [&str; 4] = ["allOf", "anyOf", "oneOf", "prefixItems"];
/// Keywords whose value is an object of schemas by name.
const NAMED: [&str; 4] = ["properties", "patternProperties", "dependentSchemas", "$defs"];

/// What says something about values without deciding which are accepted.
const ANNOTATIONS: [&str; 9] = [
    "title",
    "description",
    "default",
    "examples",
    "example",
    "deprecated",
    "readOnly",
    "writeOnly",
    "$comment",
];

/// Whether the keyword decides nothing.
pub(super) fn is_annotation(keyword: &str) -> bool {
    ANNOTATIONS.contains(&keyword)
}

/// The schemas directly inside one, each with the name of the property that it is of.
pub(super) fn each_mut(schema: &mut Map<String, Value>, visit: &mut dyn FnMut(Option<&str>, &mut Value)) {
    for (keyword, value) in schema {
        let keyword = keyword.as_str();
        if ONE.contains(&keyword) {
            visit(None, value);
        } else if SEVERAL.contains(&keyword) {
            value.as_array_mut().into_iter().flatten().for_each(|schema| visit(None, schema));
        } else if NAMED.contains(&keyword) {
            value.as_object_mut().into_iter().flatten().for_each(|(name, schema)| visit(Some(name), schema));
        }
    }
}

/// The same, to be read.
pub(super) fn each<'s>(schema: &'s Map<String, Value>, visit: &mut dyn FnMut(&'s Value)) {
    for (keyword, value) in schema {
        let keyword = keyword.as_str();
        if ONE.contains(&keyword) {
            visit(value);
        } else if SEVERAL.contains(&keyword) {
            value.as_array().into_iter().flatten().for_each(&mut *visit);
        } else if NAMED.contains(&keyword) {
            value.as_object().into_iter().flatten().for_each(|(_, schema)| visit(schema));
        }
    }
}

/// Something that holds of a schema, or does not.
type Condition<'c> = dyn Fn(&Map<String, Value>) -> bool + 'c;

/// Whether a schema anywhere in `schema` satisfies `condition`.
pub(super) fn any(schema: &Value, condition: &Condition<'_>) -> bool {
    let Value::Object(members) = schema else { return false };
    let mut found = condition(members);
    each(members, &mut |inner| found = found || any(inner, condition));
    found
}
