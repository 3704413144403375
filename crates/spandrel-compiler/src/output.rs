//! The schema of a tool's structured result: a sketch of the response's shape.
//!
//! Clients reject a result that its schema does not accept, and real answers differ from their
//! documents. So the sketch says which members to expect and their types, and nothing that an
//! answer commonly breaks: nothing is required, no value is ruled out by a format, a bound or an
//! enumeration, and no member is forbidden. It holds no references: older clients cannot read
//! `$defs`, and a recursive answer is described well enough by its first levels.
//!
//! It is read from the document directly: a response's schema often reaches most of the document,
//! and a sketch needs a few of its members.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use spandrel_openapi::{
    BodySchema, Code, Diagnostic, DocumentSet, Location, Operation, ResponseStatus, SourceId,
};
use spandrel_plan::JsonText;

use crate::media_type::{Kind, kind};
use crate::response::successes;

/// Objects below this depth are described by their type alone.
const DEEPEST: usize = 4;
/// The most members that a sketch names.
const MOST_MEMBERS: usize = 60;
/// The most schemas that are read for one value: references, branches and their branches.
const MOST_HOPS: usize = 16;
/// The most schemas that are read for one sketch, so that branches of branches stay affordable.
const MOST_SCHEMAS: usize = 2_000;

/// The schema of a tool's structured result.
pub(crate) struct OutputSchema {
    pub(crate) schema: JsonText,
    /// Whether the response is the member `result` of what the schema describes.
    pub(crate) wraps_result: bool,
}

/// The sketch for `operation`; none unless its one success is JSON of a known type. One that is no object
/// is described as the member `result` of one: revisions before 2026-07-28 carry objects only.
pub(crate) fn schema(
    operation: &Operation,
    set: &DocumentSet,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<OutputSchema> {
    if operation.method == "HEAD" {
        return None;
    }
    let successes = successes(operation);
    let [response] = successes.as_slice() else { return None };
    // These have no body, whatever the document says (RFC 9110, sections 15.3.5 and 15.3.6).
    if matches!(response.status, ResponseStatus::Exact(204 | 205)) {
        return None;
    }
    // Where JSON is among the media types, JSON is what the request asks for.
    let media_type = response.content.iter().find(|media_type| kind(&media_type.name) == Kind::Json)?;
    let BodySchema::Schema(location) = &media_type.schema else { return None };
    let mut sketch = Sketch {
        set,
        members_left: MOST_MEMBERS,
        schemas_left: MOST_SCHEMAS,
        visiting: Vec::new(),
        unresolved: BTreeSet::new(),
    };
    let schema = sketch.of(Node { source: location.source, value: set.get(location)? }, 0);
    for message in sketch.unresolved {
        diagnostics.push(Diagnostic::new(Code::UnresolvedReference, location.clone(), message));
    }
    wrap_others(schema)
}

fn wrap_others(schema: Value) -> Option<OutputSchema> {
    let wraps_result = match schema.get("type")? {
        Value::String(name) => name != "object",
        // What may be an object, and something else, is best left as it is.
        Value::Array(names) if !names.contains(&json!("object")) => true,
        _ => return None,
    };
    let schema =
        if wraps_result { json!({"type": "object", "properties": {"result": schema}}) } else { schema };
    Some(OutputSchema { schema: JsonText::from_value(&schema), wraps_result })
}

/// A schema, and the document that its references start from.
#[derive(Clone, Copy)]
struct Node<'d> {
    source: SourceId,
    value: &'d Value,
}

impl<'d> Node<'d> {
    fn of(self, value: &'d Value) -> Self {
        Self { source: self.source, value }
    }
}

struct Sketch<'d> {
    set: &'d DocumentSet,
    members_left: usize,
    schemas_left: usize,
    /// What the references lead to that are being followed.
    visiting: Vec<&'d Value>,
    /// What was said of references that lead nowhere.
    unresolved: BTreeSet<String>,
}

impl<'d> Sketch<'d> {
    fn of(&mut self, node: Node<'d>, depth: usize) -> Value {
        let mut shape = Shape::default();
        self.visiting.clear();
        self.visiting.push(node.value);
        self.collect(node, 0, &mut shape);
        self.write(shape, depth)
    }

    /// Gathers what `node` and the schemas that hold beside it say of one value.
    fn collect(&mut self, node: Node<'d>, hops: usize, shape: &mut Shape<'d>) {
        let Some(members) = node.value.as_object() else { return };
        if hops >= MOST_HOPS || self.schemas_left == 0 {
            shape.is_open = true;
            return;
        }
        self.schemas_left -= 1;
        if let Some(target) = self.target(members, node.source) {
            // A child that refers back to its parent adds nothing to what the parent says.
            if !self.visiting.iter().any(|visited| std::ptr::eq(*visited, target.value)) {
                self.visiting.push(target.value);
                self.collect(target, hops + 1, shape);
                self.visiting.pop();
            }
        }
        shape.add_types(members);
        for (name, property) in members.get("properties").and_then(Value::as_object).into_iter().flatten() {
            if property.get("writeOnly") != Some(&Value::Bool(true)) {
                shape.properties.push((name, node.of(property)));
            }
        }
        if let Some(items) = members.get("items").filter(|items| items.is_object()) {
            shape.items = Some(node.of(items));
        }
        for branch in members.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            self.collect(node.of(branch), hops + 1, shape);
        }
        for keyword in ["oneOf", "anyOf"] {
            if let Some(Value::Array(branches)) = members.get(keyword) {
                self.collect_alternatives(branches, node, hops, shape);
            }
        }
    }

    /// Alternatives give their types; which members a value has depends on the alternative.
    fn collect_alternatives(
        &mut self,
        branches: &'d [Value],
        node: Node<'d>,
        hops: usize,
        shape: &mut Shape<'d>,
    ) {
        let mut types: Vec<&'d str> = Vec::new();
        for branch in branches {
            let mut inner = Shape::default();
            self.collect(node.of(branch), hops + 1, &mut inner);
            if inner.types.is_empty() && !inner.properties.is_empty() {
                inner.add_type("object");
            }
            if inner.types.is_empty() || inner.is_open {
                // One alternative may be anything, so the value may.
                shape.is_open = true;
                return;
            }
            shape.is_nullable |= inner.is_nullable;
            types.extend(inner.types);
        }
        for name in types {
            shape.add_type(name);
        }
    }

    fn target(&mut self, members: &'d Map<String, Value>, from: SourceId) -> Option<Node<'d>> {
        let reference = members.get("$ref")?.as_str()?;
        let from = Location { source: from, ..Location::default() };
        let target = self.set.resolve(&from, reference).and_then(|location| self.set.follow(location));
        match target {
            Ok((location, value)) => Some(Node { source: location.source, value }),
            Err(error) => {
                self.unresolved.insert(format!("the reference `{reference}` cannot be followed: {error}"));
                None
            }
        }
    }

    fn write(&mut self, mut shape: Shape<'d>, depth: usize) -> Value {
        if shape.types.is_empty() && !shape.properties.is_empty() {
            shape.add_type("object");
        }
        // Real answers hold null wherever a schema mentions it; clients before 2026-07-28 take only
        // objects at the root, so what is none stands below one there.
        let is_below = depth > 0 || !shape.has_type("object");
        if shape.is_nullable && !shape.types.is_empty() && is_below {
            shape.add_type("null");
        }
        let mut schema = Map::new();
        match shape.types.as_slice() {
            _ if shape.is_open => {}
            [] => {}
            [only] => {
                schema.insert("type".to_owned(), json!(only));
            }
            several => {
                schema.insert("type".to_owned(), json!(several));
            }
        }
        let is_list = !shape.is_open
            && shape.has_type("array")
            && shape.types.iter().all(|name| matches!(*name, "array" | "null"));
        if depth < DEEPEST {
            if shape.has_type("object") && !shape.properties.is_empty() {
                let properties = self.write_properties(shape.properties, depth);
                schema.insert("properties".to_owned(), Value::Object(properties));
            }
            if let Some(items) = shape.items.filter(|_| is_list) {
                schema.insert("items".to_owned(), self.of(items, depth + 1));
            }
        }
        if depth == 0 && schema.get("type") == Some(&json!("object")) {
            schema.entry("properties").or_insert_with(|| json!({}));
        }
        Value::Object(schema)
    }

    fn write_properties(&mut self, properties: Vec<(&'d str, Node<'d>)>, depth: usize) -> Map<String, Value> {
        let mut written = Map::new();
        // The members of this level are named before any of a deeper one uses up the room.
        let room = self.members_left.min(properties.len());
        self.members_left -= room;
        for (name, property) in properties.into_iter().take(room) {
            let schema = self.of(property, depth + 1);
            written.insert(name.to_owned(), schema);
        }
        written
    }
}

/// What is known of one value.
#[derive(Default)]
struct Shape<'d> {
    types: Vec<&'d str>,
    /// Whether it may be null besides, as a schema says whose types stand in others.
    is_nullable: bool,
    is_open: bool,
    properties: Vec<(&'d str, Node<'d>)>,
    items: Option<Node<'d>>,
}

impl<'d> Shape<'d> {
    /// Adds the types that a schema names, and `null` where it allows it in any version's words. A
    /// name that is no type says nothing.
    fn add_types(&mut self, members: &'d Map<String, Value>) {
        const TYPES: &[&str] = &["array", "boolean", "integer", "null", "number", "object", "string"];
        let names = match members.get("type") {
            Some(Value::Array(names)) => names.as_slice(),
            Some(name) => std::slice::from_ref(name),
            None => &[],
        };
        for name in names.iter().filter_map(Value::as_str) {
            if TYPES.contains(&name) {
                self.add_type(name);
            } else {
                self.is_open = true;
            }
        }
        let is_nullable =
            ["nullable", "x-nullable"].iter().any(|key| members.get(*key) == Some(&Value::Bool(true)));
        let names_null =
            members.get("enum").and_then(Value::as_array).is_some_and(|values| values.contains(&Value::Null));
        self.is_nullable |= is_nullable || names_null;
    }

    fn add_type(&mut self, name: &'d str) {
        if !self.has_type(name) {
            self.types.push(name);
        }
    }

    fn has_type(&self, name: &str) -> bool {
        self.types.contains(&name)
    }
}
