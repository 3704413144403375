//! `allOf` as one schema: what all its branches say, as far as one schema can say it.

use std::cell::Cell;

use serde_json::{Map, Value, json};

/// Keywords that say nothing of which values are valid.
const ANNOTATIONS: [&str; 9] = [
    "title",
    "description",
    "default",
    "examples",
    "deprecated",
    "readOnly",
    "writeOnly",
    "$comment",
    "x-mcp-header",
];
/// The most references that are followed to merge one schema.
const MAX_DEPTH: usize = 16;
/// The most values that are copied to merge schemas of one tool: branches may refer to each other at
/// will.
const MOST_COPIED: usize = 500_000;

/// What `#/$defs/…` references of one tool lead to.
pub(super) struct Definitions<'d> {
    by_name: Option<&'d Map<String, Value>>,
    copies_left: Cell<usize>,
}

impl<'d> Definitions<'d> {
    /// The definitions of the schema `root`.
    pub(super) fn of(root: &'d Value) -> Self {
        let by_name = root.get("$defs").and_then(Value::as_object);
        Self { by_name, copies_left: Cell::new(MOST_COPIED) }
    }

    /// Whether there is room for one more copy of `members`.
    pub(super) fn may_copy(&self, members: &Map<String, Value>) -> bool {
        let left = members.values().try_fold(self.copies_left.get(), without);
        self.copies_left.set(left.unwrap_or(0));
        left.is_some_and(|left| left > 0)
    }

    pub(super) fn get(&self, name: &str) -> Option<&'d Value> {
        self.by_name?.get(name)
    }
}

/// What is left of `room` after `value`; none where it has no room.
fn without(room: usize, value: &Value) -> Option<usize> {
    let room = room.checked_sub(1)?;
    match value {
        Value::Array(items) => items.iter().try_fold(room, without),
        Value::Object(members) => members.values().try_fold(room, without),
        _ => Some(room),
    }
}

/// The name of the definition that `members` refers to.
pub(super) fn reference(members: &Map<String, Value>) -> Option<&str> {
    members.get("$ref")?.as_str()?.strip_prefix("#/$defs/")
}

pub(super) fn is_annotation(keyword: &str) -> bool {
    ANNOTATIONS.contains(&keyword)
}

/// `members` without `allOf`, and without `$ref` unless that is all it says.
pub(super) fn flattened(members: &Map<String, Value>, definitions: &Definitions<'_>) -> Map<String, Value> {
    flattened_at(members, definitions, 0)
}

fn flattened_at(
    members: &Map<String, Value>,
    definitions: &Definitions<'_>,
    depth: usize,
) -> Map<String, Value> {
    let is_reference = reference(members).is_some();
    let says_more = members.keys().any(|key| key != "$ref" && !is_annotation(key));
    let needs_merging = members.contains_key("allOf") || (is_reference && says_more);
    if !needs_merging {
        return members.clone();
    }
    let mut whole = members.clone();
    let branches = match whole.shift_remove("allOf") {
        Some(Value::Array(branches)) => branches,
        _ => Vec::new(),
    };
    let own = whole.shift_remove("$ref").map(|reference| json!({ "$ref": reference }));
    let mut parts: Vec<Map<String, Value>> = Vec::new();
    for part in own.into_iter().chain(branches) {
        match part {
            Value::Object(part) if part.keys().all(|key| is_annotation(key)) => annotate(&mut whole, part),
            Value::Object(part) => parts.push(part),
            _ => {}
        }
    }
    let is_silent = whole.keys().all(|key| is_annotation(key));
    if is_silent && parts.len() == 1 {
        let mut only =
            parts.pop().map(|part| flattened_at(&part, definitions, depth + 1)).unwrap_or_default();
        only.extend(whole);
        return only;
    }
    for part in parts {
        if let Some(part) = resolved(&part, definitions, depth + 1) {
            merge(&mut whole, part);
        }
    }
    whole
}

/// `part` behind its references; none where that has no end.
fn resolved(
    part: &Map<String, Value>,
    definitions: &Definitions<'_>,
    depth: usize,
) -> Option<Map<String, Value>> {
    if depth >= MAX_DEPTH || !definitions.may_copy(part) {
        return None;
    }
    let part = flattened_at(part, definitions, depth);
    match reference(&part) {
        Some(name) => resolved(definitions.get(name)?.as_object()?, definitions, depth + 1),
        None => Some(part),
    }
}

/// Adds annotations that `whole` does not have.
fn annotate(whole: &mut Map<String, Value>, annotations: Map<String, Value>) {
    for (keyword, value) in annotations {
        whole.entry(keyword).or_insert(value);
    }
}

/// Makes `whole` say what `part` says too. Where one schema cannot say both, the first counts.
fn merge(whole: &mut Map<String, Value>, part: Map<String, Value>) {
    for (keyword, value) in part {
        let Some(known) = whole.get_mut(&keyword) else {
            whole.insert(keyword, value);
            continue;
        };
        match (keyword.as_str(), known, value) {
            ("properties", Value::Object(known), Value::Object(more)) => {
                more.into_iter().for_each(|(name, schema)| both(known, name, schema));
            }
            ("required", Value::Array(known), Value::Array(more)) => {
                let new: Vec<Value> = more.into_iter().filter(|name| !known.contains(name)).collect();
                known.extend(new);
            }
            ("enum", Value::Array(known), Value::Array(more))
                if known.iter().any(|value| more.contains(value)) =>
            {
                known.retain(|value| more.contains(value));
            }
            ("type", known, more) => *known = common_types(known, &more),
            ("items", known, more) if *known != more => *known = json!({"allOf": [known.take(), more]}),
            ("additionalProperties", known, Value::Bool(false)) => *known = json!(false),
            _ => {}
        }
    }
}

fn both(known: &mut Map<String, Value>, name: String, schema: Value) {
    match known.get_mut(&name) {
        Some(other) if *other == schema => {}
        Some(other) => *other = json!({"allOf": [other.take(), schema]}),
        None => {
            known.insert(name, schema);
        }
    }
}

/// The types that both allow; what `one` allows where that is none.
fn common_types(one: &Value, other: &Value) -> Value {
    let (one_types, other_types) = (type_names(one), type_names(other));
    let allows = |types: &[&str], name: &str| {
        types.contains(&name) || (name == "integer" && types.contains(&"number"))
    };
    let of_one = one_types.iter().filter(|name| allows(&other_types, name));
    let of_other = other_types.iter().filter(|name| allows(&one_types, name) && !one_types.contains(name));
    let common: Vec<&str> = of_one.chain(of_other).copied().collect();
    match common.as_slice() {
        [] => one.clone(),
        [only] => json!(only),
        several => json!(several),
    }
}

/// The names that the value of `type` lists.
pub(super) fn type_names(types: &Value) -> Vec<&str> {
    match types {
        Value::String(only) => vec![only],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}
