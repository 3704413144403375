//! References that lead in a circle without a step into the value.
//!
//! `Pet: {oneOf: [Cat]}`, `Cat: {allOf: [Pet, …]}` is how documents write inheritance, and a
//! validator that follows it never ends. Such circles are cut: the `allOf` that leads back to the
//! parent takes over the parent's own members instead of the choice among its children.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Map, Value};

use super::{Direction, SchemaCompiler};
use crate::diagnostic::Code;

impl SchemaCompiler<'_> {
    /// Cuts the circles among the definitions `fresh`, which hold everything they reach.
    pub(super) fn break_cycles(&mut self, fresh: &[usize], direction: Direction) {
        let mut fresh = fresh.to_vec();
        fresh.sort_unstable();
        let circular = self.circular(&fresh, direction);
        if circular.is_empty() {
            return;
        }
        let originals = self.schemas_by_name(&circular, direction);
        for &index in &circular {
            self.rewrite(index, direction, |schema| inherit(schema, &originals));
        }
        // What is still circular is not inheritance, and says nothing that could be kept.
        let still_circular = self.circular(&circular, direction);
        let names: BTreeSet<String> = self.schemas_by_name(&still_circular, direction).into_keys().collect();
        for &index in &still_circular {
            self.rewrite(index, direction, |schema| cut(schema, &names));
            if let Some(entry) = self.definitions(direction).entries.get(index) {
                let (location, name) = (entry.location.clone(), entry.name.clone());
                let message = format!(
                    "`{name}` refers to itself without a value in between; that reference was left out"
                );
                self.report(Code::ReferenceCycle, location, message);
            }
        }
    }

    fn rewrite(&mut self, index: usize, direction: Direction, rewrite: impl FnOnce(&mut Value)) {
        if let Some(entry) = self.definitions(direction).entries.get_mut(index) {
            rewrite(Arc::make_mut(&mut entry.schema));
        }
        // Members taken over from a parent bring the parent's references along.
        let definitions = self.definitions(direction);
        let Some(schema) = definitions.entries.get(index).map(|entry| Arc::clone(&entry.schema)) else {
            return;
        };
        let mut names = BTreeSet::new();
        collect_references(&schema, &mut names);
        let references = names.iter().filter_map(|name| definitions.by_name.get(name).copied()).collect();
        if let Some(entry) = definitions.entries.get_mut(index) {
            entry.references = references;
        }
    }

    fn schemas_by_name(&mut self, indexes: &[usize], direction: Direction) -> BTreeMap<String, Arc<Value>> {
        let entries = &self.definitions(direction).entries;
        indexes
            .iter()
            .filter_map(|&index| entries.get(index))
            .map(|entry| (entry.name.clone(), Arc::clone(&entry.schema)))
            .collect()
    }

    /// Those of `indexes` that reach themselves in place.
    fn circular(&mut self, indexes: &[usize], direction: Direction) -> Vec<usize> {
        let definitions = self.definitions(direction);
        let mut edges: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for &index in indexes {
            let mut names = BTreeSet::new();
            if let Some(entry) = definitions.entries.get(index) {
                in_place_references(&entry.schema, &mut names);
            }
            let targets: Vec<usize> =
                names.iter().filter_map(|name| definitions.by_name.get(name).copied()).collect();
            if !targets.is_empty() {
                edges.insert(index, targets);
            }
        }
        // What nothing points to, or what points to nothing, is in no circle: peel those off first,
        // so that the search below runs over the few that remain.
        loop {
            let before = edges.len();
            let sources: BTreeSet<usize> = edges.keys().copied().collect();
            let targets: BTreeSet<usize> = edges.values().flatten().copied().collect();
            edges.retain(|index, to| {
                to.retain(|target| sources.contains(target));
                targets.contains(index) && !to.is_empty()
            });
            if edges.len() == before {
                break;
            }
        }
        edges.keys().copied().filter(|&index| reaches_itself(index, &edges)).collect()
    }
}

fn reaches_itself(start: usize, edges: &BTreeMap<usize, Vec<usize>>) -> bool {
    let mut seen = BTreeSet::new();
    let mut stack: Vec<usize> = edges.get(&start).cloned().unwrap_or_default();
    while let Some(index) = stack.pop() {
        if index == start {
            return true;
        }
        if seen.insert(index) {
            stack.extend(edges.get(&index).into_iter().flatten().copied());
        }
    }
    false
}

/// The keywords whose schemas apply to the same value.
const IN_PLACE_LISTS: &[&str] = &["allOf", "anyOf", "oneOf"];
const IN_PLACE: &[&str] = &["not", "if", "then", "else"];

fn reference_name(schema: &Map<String, Value>) -> Option<&str> {
    schema.get("$ref")?.as_str()?.strip_prefix("#/$defs/")
}

fn in_place_references(schema: &Value, names: &mut BTreeSet<String>) {
    let Value::Object(members) = schema else { return };
    if let Some(name) = reference_name(members) {
        names.insert(name.to_owned());
    }
    for keyword in IN_PLACE_LISTS {
        for branch in members.get(*keyword).and_then(Value::as_array).into_iter().flatten() {
            in_place_references(branch, names);
        }
    }
    for keyword in IN_PLACE {
        if let Some(branch) = members.get(*keyword) {
            in_place_references(branch, names);
        }
    }
    for branch in members.get("dependentSchemas").and_then(Value::as_object).into_iter().flat_map(Map::values)
    {
        in_place_references(branch, names);
    }
}

fn collect_references(schema: &Value, names: &mut BTreeSet<String>) {
    match schema {
        Value::Object(members) => {
            if let Some(name) = reference_name(members) {
                names.insert(name.to_owned());
            }
            for (keyword, member) in members {
                // Data is not schema, whatever it looks like.
                if !matches!(keyword.as_str(), "const" | "enum" | "default" | "examples") {
                    collect_references(member, names);
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect_references(item, names)),
        _ => {}
    }
}

/// Replaces each `allOf` branch that refers to a circular definition by that definition's own
/// members, without its choices and its own circular parents.
fn inherit(schema: &mut Value, originals: &BTreeMap<String, Arc<Value>>) {
    let Some(Value::Array(branches)) = schema.get_mut("allOf") else { return };
    for branch in branches {
        let Some(parent) = branch.as_object().and_then(reference_name).and_then(|name| originals.get(name))
        else {
            continue;
        };
        let mut own = Value::clone(parent);
        if let Value::Object(members) = &mut own {
            for keyword in IN_PLACE_LISTS {
                let mut names = BTreeSet::new();
                let kept = members.get(*keyword).cloned().unwrap_or_default();
                for item in kept.as_array().into_iter().flatten() {
                    in_place_references(item, &mut names);
                }
                if names.iter().any(|name| originals.contains_key(name)) {
                    members.shift_remove(*keyword);
                }
            }
        }
        *branch = own;
    }
}

/// Replaces each reference in place to one of `names` by the schema that accepts everything.
fn cut(schema: &mut Value, names: &BTreeSet<String>) {
    let Value::Object(members) = schema else { return };
    if reference_name(members).is_some_and(|name| names.contains(name)) {
        members.shift_remove("$ref");
    }
    for keyword in IN_PLACE_LISTS {
        for branch in members.get_mut(*keyword).and_then(Value::as_array_mut).into_iter().flatten() {
            cut(branch, names);
        }
    }
    for keyword in IN_PLACE {
        if let Some(branch) = members.get_mut(*keyword) {
            cut(branch, names);
        }
    }
    for branch in members
        .get_mut("dependentSchemas")
        .and_then(Value::as_object_mut)
        .into_iter()
        .flat_map(|map| map.values_mut())
    {
        cut(branch, names);
    }
}
