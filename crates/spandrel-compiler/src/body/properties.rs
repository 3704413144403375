//! The properties of the object that a form is, wherever its schema names them: at its root, or in a schema
//! that holds beside it or instead of another.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use serde_json::{Map, Value, json};
use spandrel_openapi::{Bundle, DocumentSet, Location};

use crate::file_schema::{ValueKind, file};

const BRANCHES: [&str; 3] = ["allOf", "anyOf", "oneOf"];
/// The most schemas that are looked into: branches may refer to each other at will.
const MOST_SCHEMAS: usize = 64;
const DEFINITIONS: &str = "#/$defs/";

/// The schema of each property. Of two that are called alike, the first counts.
pub(super) fn of(bundle: &Bundle) -> IndexMap<&str, &Value> {
    let mut found = IndexMap::new();
    collect(&bundle.schema, bundle, &mut { MOST_SCHEMAS }, &mut found);
    found
}

fn collect<'b>(
    schema: &'b Value,
    bundle: &'b Bundle,
    left: &mut usize,
    found: &mut IndexMap<&'b str, &'b Value>,
) {
    let Some(members) = schema.as_object().filter(|_| *left > 0) else { return };
    *left -= 1;
    for (name, property) in members.get("properties").and_then(Value::as_object).into_iter().flatten() {
        found.entry(name).or_insert(property);
    }
    if let Some(target) = reference(members).and_then(|name| bundle.defs.get(name)) {
        collect(target, bundle, left, found);
    }
    let branches = BRANCHES.iter().filter_map(|keyword| members.get(*keyword)?.as_array()).flatten();
    branches.for_each(|branch| collect(branch, bundle, left, found));
}

fn reference(members: &Map<String, Value>) -> Option<&str> {
    members.get("$ref")?.as_str()?.strip_prefix(DEFINITIONS)
}

/// Where the property `name` of the object at `whole` is described.
pub(super) fn locate(whole: &Location, name: &str, set: &DocumentSet) -> Option<Location> {
    locate_within(whole, name, set, &mut { MOST_SCHEMAS })
}

fn locate_within(schema: &Location, name: &str, set: &DocumentSet, left: &mut usize) -> Option<Location> {
    *left = left.checked_sub(1)?;
    let (schema, value) = set.follow(schema.clone()).ok()?;
    let own = schema.child("properties").child(name);
    if set.get(&own).is_some() {
        return Some(own);
    }
    BRANCHES.iter().find_map(|keyword| {
        let count = value.get(keyword).and_then(Value::as_array).map_or(0, Vec::len);
        let mut branches = (0..count).map(|index| schema.child(keyword).item(index));
        branches.find_map(|branch| locate_within(&branch, name, set, left))
    })
}

/// Gives the properties `files` the schema of a file, or of several, as an argument has it.
pub(super) fn rewrite_files(bundle: &mut Bundle, files: &IndexMap<String, ValueKind>, by_path: bool) {
    if files.is_empty() {
        return;
    }
    let mut schema = std::mem::take(&mut bundle.schema);
    let rewrite = Rewrite { bundle, files, by_path };
    let was_replaced = rewrite.within(&mut schema, &mut { MOST_SCHEMAS });
    bundle.schema = schema;
    if was_replaced {
        keep_what_is_referred_to(bundle);
    }
}

struct Rewrite<'r> {
    bundle: &'r Bundle,
    files: &'r IndexMap<String, ValueKind>,
    by_path: bool,
}

impl Rewrite<'_> {
    /// Rewrites files in `schema`; whether a definition took the place of a reference to it. Where a
    /// definition stands elsewhere too, its files may be something else there.
    fn within(&self, schema: &mut Value, left: &mut usize) -> bool {
        if *left == 0 || !self.has_file(schema) {
            return false;
        }
        *left -= 1;
        let was_replaced = self.replace_reference(schema);
        let Value::Object(members) = schema else { return was_replaced };
        if let Some(Value::Object(properties)) = members.get_mut("properties") {
            for (name, kind) in self.files {
                if let Some(property) = properties.get_mut(name) {
                    rewrite_property(property, *kind, self.by_path);
                }
            }
        }
        let mut all = was_replaced;
        for keyword in BRANCHES {
            if let Some(Value::Array(branches)) = members.get_mut(keyword) {
                for branch in branches {
                    all |= self.within(branch, left);
                }
            }
        }
        all
    }

    fn has_file(&self, schema: &Value) -> bool {
        let mut found = IndexMap::new();
        collect(schema, self.bundle, &mut { MOST_SCHEMAS }, &mut found);
        found.keys().any(|name| self.files.contains_key(*name))
    }

    fn replace_reference(&self, schema: &mut Value) -> bool {
        let Value::Object(members) = schema else { return false };
        let Some(target) = reference(members).and_then(|name| self.bundle.defs.get(name)) else {
            return false;
        };
        let target = Value::clone(target);
        if !self.has_file(&target) {
            return false;
        }
        members.shift_remove("$ref");
        if members.is_empty() {
            *schema = target;
        } else if let Value::Array(branches) = members.entry("allOf").or_insert_with(|| json!([])) {
            branches.push(target);
        }
        true
    }
}

fn rewrite_property(schema: &mut Value, kind: ValueKind, by_path: bool) {
    if kind == ValueKind::File {
        *schema = file(schema, by_path);
        return;
    }
    let items = schema.get("items").cloned().unwrap_or_default();
    let description = schema.get("description").cloned();
    let mut array = json!({"type": "array", "items": file(&items, by_path)});
    if let (Some(description), Value::Object(members)) = (description, &mut array) {
        members.insert("description".to_owned(), description);
    }
    *schema = array;
}

fn keep_what_is_referred_to(bundle: &mut Bundle) {
    let mut kept = BTreeSet::new();
    let mut queue = vec![&bundle.schema];
    while let Some(value) = queue.pop() {
        match value {
            Value::Object(members) => {
                if let Some(name) = reference(members)
                    && let Some((name, target)) = bundle.defs.get_key_value(name)
                    && kept.insert(name.clone())
                {
                    queue.push(target);
                }
                queue.extend(members.values());
            }
            Value::Array(items) => queue.extend(items),
            _ => {}
        }
    }
    bundle.defs.retain(|name, _| kept.contains(name));
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use std::sync::Arc;

    use super::*;

    #[test]
    fn files_behind_references_are_rewritten_in_place() {
        let file = json!({"type": "string", "format": "binary"});
        let defs = [
            (
                "Upload",
                json!({"type": "object", "properties": {"file": file, "by": {"$ref": "#/$defs/User"}}}),
            ),
            ("User", json!({"type": "object"})),
            ("Meta", json!({"type": "object", "properties": {"title": {"type": "string"}}})),
            ("Again", json!({"allOf": [{"$ref": "#/$defs/Again"}]})),
        ];
        let defs = defs.map(|(name, schema)| (name.to_owned(), Arc::new(schema)));
        let schema = json!({"allOf": [{"$ref": "#/$defs/Meta"}, {"$ref": "#/$defs/Upload", "title": "U"}, {"$ref": "#/$defs/Again"}]});
        let mut bundle = Bundle { schema, defs: defs.into_iter().collect() };
        assert_eq!(of(&bundle).keys().copied().collect::<Vec<_>>(), ["title", "file", "by"]);
        let files = IndexMap::from([("file".to_owned(), ValueKind::File)]);
        rewrite_files(&mut bundle, &files, false);
        let rewritten = &bundle.schema["allOf"][1]["allOf"][0]["properties"]["file"];
        assert_eq!(rewritten["type"], json!(["string", "object"]));
        assert_eq!(bundle.schema["allOf"][0], json!({"$ref": "#/$defs/Meta"}));
        assert_eq!(bundle.defs.keys().map(String::as_str).collect::<Vec<_>>(), ["Again", "Meta", "User"]);
    }
}
