//! References that lead in a circle without a step into the value.
//!
//! `Pet: {oneOf: [Cat]}`, `Cat: {allOf: [Pet, …]}` is how documents write inheritance, and a
//! validator that follows it never ends. Such circles are cut: the `allOf` that leads back to the
//! parent leads to the parent's own members instead, without the choice among its children.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::{Definition, Direction, SchemaCompiler};
use crate::diagnostic::Code;
use crate::location::Location;

/// The definitions of parents' own members, by the parent; none while one is being made.
type Parents = BTreeMap<String, Option<String>>;

/// The most generations that members are inherited through.
const MOST_ANCESTORS: usize = 64;

impl SchemaCompiler<'_> {
    /// Cuts the circles among the definitions `fresh`, which hold everything they reach.
    pub(super) fn break_cycles(&mut self, fresh: &[usize], direction: Direction) {
        let mut fresh = fresh.to_vec();
        fresh.sort_unstable();
        let circular = self.circular(&fresh, direction);
        if circular.is_empty() {
            return;
        }
        let names: BTreeSet<String> = self.schemas_by_name(&circular, direction).into_keys().collect();
        let mut parents = Parents::new();
        for &index in &circular {
            self.inherit(index, &names, &mut parents, direction);
        }
        // What is still circular is not inheritance, and says nothing that could be kept.
        let still_circular = self.circular(&circular, direction);
        let names: BTreeSet<String> = self.schemas_by_name(&still_circular, direction).into_keys().collect();
        for &index in &still_circular {
            let own = self.definitions(direction).entries.get(index).map(|entry| entry.name.clone());
            let circles = Circles { names: &names, own: own.as_deref().unwrap_or_default() };
            self.rewrite(index, direction, |schema| circles.cut(schema));
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
        on_circles(&edges)
    }

    /// Replaces each `allOf` branch of a definition that refers to one of the circular definitions
    /// `names` by a reference to that definition's own members, kept once as another definition.
    fn inherit(
        &mut self,
        index: usize,
        names: &BTreeSet<String>,
        parents: &mut Parents,
        direction: Direction,
    ) {
        let Some(mut schema) = self.schema_at(index, direction) else { return };
        let Some(Value::Array(branches)) = Arc::make_mut(&mut schema).get_mut("allOf") else { return };
        for branch in branches {
            let parent = branch.as_object().and_then(reference_name).filter(|name| names.contains(*name));
            let Some(parent) = parent.map(str::to_owned) else { continue };
            if let Some(own) = self.own_members(&parent, names, parents, MOST_ANCESTORS, direction) {
                *branch = json!({"$ref": format!("#/$defs/{own}")});
            }
        }
        self.rewrite(index, direction, |slot| *slot = Arc::unwrap_or_clone(schema));
    }

    /// The definition of what the definition `parent` says itself: with what it inherits, without its
    /// choices among its children. None while it is being made, and beyond `generations`.
    fn own_members(
        &mut self,
        parent: &str,
        names: &BTreeSet<String>,
        parents: &mut Parents,
        generations: usize,
        direction: Direction,
    ) -> Option<String> {
        if let Some(known) = parents.get(parent) {
            return known.clone();
        }
        let definitions = self.definitions(direction);
        let entry = definitions.entries.get(*definitions.by_name.get(parent)?)?;
        let location = entry.location.clone();
        let mut own = Value::clone(&entry.schema);
        let left = generations.checked_sub(1)?;
        parents.insert(parent.to_owned(), None);
        if let Value::Object(members) = &mut own {
            for keyword in ["anyOf", "oneOf"] {
                if members.get(keyword).is_some_and(|choices| reaches(choices, names)) {
                    members.shift_remove(keyword);
                }
            }
            if let Some(Value::Array(branches)) = members.get_mut("allOf") {
                branches.retain_mut(|branch| self.inherited(branch, names, parents, left, direction));
                if branches.is_empty() {
                    members.shift_remove("allOf");
                }
            }
        }
        let name = self.add_definition(&format!("{parent}_own"), location, own, direction);
        parents.insert(parent.to_owned(), Some(name.clone()));
        Some(name)
    }

    /// Lets a branch lead to what its parent says itself; whether it says anything then.
    fn inherited(
        &mut self,
        branch: &mut Value,
        names: &BTreeSet<String>,
        parents: &mut Parents,
        generations: usize,
        direction: Direction,
    ) -> bool {
        let ancestor = branch.as_object().and_then(reference_name).filter(|name| names.contains(*name));
        let Some(ancestor) = ancestor.map(str::to_owned) else { return !reaches(branch, names) };
        let own = self.own_members(&ancestor, names, parents, generations, direction);
        own.is_some_and(|own| {
            *branch = json!({"$ref": format!("#/$defs/{own}")});
            true
        })
    }

    /// Adds a definition under a name like `wanted`, and gives its name.
    fn add_definition(
        &mut self,
        wanted: &str,
        location: Location,
        schema: Value,
        direction: Direction,
    ) -> String {
        let definitions = self.definitions(direction);
        let mut name = wanted.to_owned();
        while definitions.by_name.contains_key(&name) {
            name.push('_');
        }
        let index = definitions.entries.len();
        definitions.by_name.insert(name.clone(), index);
        let (schema, references) = (Arc::new(schema), BTreeSet::new());
        definitions.entries.push(Definition { name: name.clone(), location, schema, references });
        self.rewrite(index, direction, |_| {});
        name
    }

    fn schema_at(&mut self, index: usize, direction: Direction) -> Option<Arc<Value>> {
        self.definitions(direction).entries.get(index).map(|entry| Arc::clone(&entry.schema))
    }
}

/// The nodes that reach themselves: those of components with several nodes, or with an edge to
/// itself (Tarjan, without recursion).
fn on_circles(edges: &BTreeMap<usize, Vec<usize>>) -> Vec<usize> {
    let mut search = Search::default();
    for &start in edges.keys() {
        search.visit(start, edges);
    }
    search.circular.sort_unstable();
    search.circular
}

#[derive(Default)]
struct Search {
    order: BTreeMap<usize, usize>,
    lowest: BTreeMap<usize, usize>,
    component: Vec<usize>,
    in_component: BTreeSet<usize>,
    circular: Vec<usize>,
}

impl Search {
    fn visit(&mut self, start: usize, edges: &BTreeMap<usize, Vec<usize>>) {
        if self.order.contains_key(&start) {
            return;
        }
        let mut path = vec![(start, 0_usize)];
        self.enter(start);
        while let Some((node, next)) = path.last_mut() {
            let node = *node;
            if let Some(&target) = edges.get(&node).and_then(|targets| targets.get(*next)) {
                *next += 1;
                if !self.order.contains_key(&target) {
                    self.enter(target);
                    path.push((target, 0));
                } else if self.in_component.contains(&target) {
                    self.lower(node, self.order.get(&target).copied());
                }
                continue;
            }
            path.pop();
            let lowest = self.lowest.get(&node).copied();
            if let Some((parent, _)) = path.last() {
                self.lower(*parent, lowest);
            }
            if lowest == self.order.get(&node).copied() {
                self.close(node, edges);
            }
        }
    }

    fn enter(&mut self, node: usize) {
        let order = self.order.len();
        self.order.insert(node, order);
        self.lowest.insert(node, order);
        self.component.push(node);
        self.in_component.insert(node);
    }

    fn lower(&mut self, node: usize, to: Option<usize>) {
        if let (Some(lowest), Some(to)) = (self.lowest.get_mut(&node), to) {
            *lowest = (*lowest).min(to);
        }
    }

    /// Takes the component whose first node is `root` off the stack.
    fn close(&mut self, root: usize, edges: &BTreeMap<usize, Vec<usize>>) {
        let mut members = Vec::new();
        while let Some(node) = self.component.pop() {
            self.in_component.remove(&node);
            members.push(node);
            if node == root {
                break;
            }
        }
        let refers_to_itself = edges.get(&root).is_some_and(|targets| targets.contains(&root));
        if members.len() > 1 || refers_to_itself {
            self.circular.extend(members);
        }
    }
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

/// Whether a schema, or one of a list of them, refers in place to one of `names`.
fn reaches(schemas: &Value, names: &BTreeSet<String>) -> bool {
    let mut reached = BTreeSet::new();
    match schemas {
        Value::Array(branches) => {
            for branch in branches {
                in_place_references(branch, &mut reached);
            }
        }
        schema => in_place_references(schema, &mut reached),
    }
    reached.iter().any(|name| names.contains(name))
}

/// The circular definitions, and which of them is being cut.
struct Circles<'n> {
    names: &'n BTreeSet<String>,
    own: &'n str,
}

impl Circles<'_> {
    /// Leaves out what refers in place to a circular definition. `A: anyOf [A, B]` accepts what B
    /// accepts, so a choice loses the branch that leads to itself; in any other place nothing is
    /// known of the value.
    fn cut(&self, schema: &mut Value) {
        let Value::Object(members) = schema else { return };
        if reference_name(members).is_some_and(|name| self.names.contains(name)) {
            members.shift_remove("$ref");
        }
        if let Some(Value::Array(branches)) = members.get_mut("allOf") {
            for branch in branches {
                self.cut(branch);
            }
        }
        for keyword in ["anyOf", "oneOf"] {
            let Some(Value::Array(branches)) = members.get_mut(keyword) else { continue };
            branches.retain(|branch| branch.as_object().and_then(reference_name) != Some(self.own));
            if branches.is_empty() || branches.iter().any(|branch| reaches(branch, self.names)) {
                members.shift_remove(keyword);
            }
        }
        if members.get("not").is_some_and(|branch| reaches(branch, self.names)) {
            members.shift_remove("not");
        }
        if members.get("if").is_some_and(|condition| reaches(condition, self.names)) {
            for keyword in ["if", "then", "else"] {
                members.shift_remove(keyword);
            }
        }
        for keyword in ["then", "else"] {
            if let Some(branch) = members.get_mut(keyword) {
                self.cut(branch);
            }
        }
        let dependent = members.get_mut("dependentSchemas").and_then(Value::as_object_mut);
        dependent.into_iter().flat_map(Map::values_mut).for_each(|branch| self.cut(branch));
    }
}
