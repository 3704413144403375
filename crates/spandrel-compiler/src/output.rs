//! The schema of a tool's structured result: a sketch of the response's shape.
//!
//! Clients reject a result that its schema does not accept, and real answers differ from their
//! documents. So the sketch says which members to expect and their types, and nothing that an
//! answer commonly breaks: nothing is required, no value is ruled out by a format, a bound or an
//! enumeration, and no member is forbidden. It holds no references: older clients cannot read
//! `$defs`, and a recursive answer is described well enough by its first levels.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value, json};
use spandrel_openapi::{BodySchema, Direction, Operation, SchemaCompiler};
use spandrel_plan::JsonText;

use crate::media_type::{Kind, kind};
use crate::response::successes;

/// Objects below this depth are described by their type alone.
const DEEPEST: usize = 4;
/// The most members that a sketch names.
const MOST_MEMBERS: usize = 60;

/// The sketch for `operation`; none unless its one success is a JSON object.
pub(crate) fn schema(operation: &Operation, schemas: &mut SchemaCompiler<'_>) -> Option<JsonText> {
    let successes = successes(operation);
    let [response] = successes.as_slice() else { return None };
    // Where JSON is among the media types, JSON is what the request asks for.
    let media_type = response.content.iter().find(|media_type| kind(&media_type.name) == Kind::Json)?;
    let BodySchema::Schema(location) = &media_type.schema else { return None };
    let bundle = schemas.bundle(location, Direction::Response);
    let mut sketch = Sketch { definitions: &bundle.defs, members_left: MOST_MEMBERS };
    let schema = sketch.of(&bundle.schema, 0);
    // Revisions before 2026-07-28 carry objects only.
    (schema.get("type") == Some(&json!("object"))).then(|| JsonText::from_value(&schema))
}

struct Sketch<'d> {
    definitions: &'d BTreeMap<String, Arc<Value>>,
    members_left: usize,
}

impl Sketch<'_> {
    fn of(&mut self, schema: &Value, depth: usize) -> Value {
        let mut shape = Shape::default();
        self.collect(schema, 0, &mut shape);
        self.write(shape, depth)
    }

    /// Gathers what `schema` and the schemas that hold beside it say of one value. Alternatives give
    /// their types only where they agree.
    fn collect(&self, schema: &Value, hops: usize, shape: &mut Shape) {
        let Some(members) = schema.as_object().filter(|_| hops < 16) else { return };
        if let Some(target) = self.target(members) {
            self.collect(target, hops + 1, shape);
        }
        match members.get("type") {
            Some(Value::String(name)) => shape.add_type(name),
            Some(Value::Array(names)) => {
                names.iter().filter_map(Value::as_str).for_each(|name| shape.add_type(name));
            }
            _ => {}
        }
        if members.get("enum").or_else(|| members.get("const")).is_some_and(contains_null) {
            shape.add_type("null");
        }
        for (name, property) in members.get("properties").and_then(Value::as_object).into_iter().flatten() {
            shape.properties.push((name.clone(), property.clone()));
        }
        if let Some(items) = members.get("items").filter(|_| !members.contains_key("prefixItems")) {
            shape.items = Some(items.clone());
        }
        for branch in members.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            self.collect(branch, hops + 1, shape);
        }
        for keyword in ["oneOf", "anyOf"] {
            if let Some(Value::Array(branches)) = members.get(keyword) {
                self.collect_alternatives(branches, hops, shape);
            }
        }
    }

    fn collect_alternatives(&self, branches: &[Value], hops: usize, shape: &mut Shape) {
        let mut types: Vec<String> = Vec::new();
        for branch in branches {
            let mut inner = Shape::default();
            self.collect(branch, hops + 1, &mut inner);
            if inner.types.is_empty() && !inner.properties.is_empty() {
                inner.add_type("object");
            }
            if inner.types.is_empty() {
                // One alternative may be anything, so the value may.
                shape.is_open = true;
                return;
            }
            for name in inner.types {
                if !types.contains(&name) {
                    types.push(name);
                }
            }
        }
        for name in types {
            shape.add_type(&name);
        }
    }

    fn target<'v>(&'v self, members: &Map<String, Value>) -> Option<&'v Value> {
        let name = members.get("$ref")?.as_str()?.strip_prefix("#/$defs/")?;
        self.definitions.get(name).map(AsRef::as_ref)
    }

    fn write(&mut self, mut shape: Shape, depth: usize) -> Value {
        if shape.types.is_empty() && !shape.properties.is_empty() {
            shape.add_type("object");
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
        if depth < DEEPEST {
            if shape.has_type("object") && !shape.properties.is_empty() {
                let properties = self.write_properties(shape.properties, depth);
                schema.insert("properties".to_owned(), Value::Object(properties));
            }
            if let Some(items) = shape.items.filter(|_| schema.get("type") == Some(&json!("array"))) {
                schema.insert("items".to_owned(), self.of(&items, depth + 1));
            }
        }
        if depth == 0 && schema.get("type") == Some(&json!("object")) {
            schema.entry("properties").or_insert_with(|| json!({}));
        }
        Value::Object(schema)
    }

    fn write_properties(&mut self, properties: Vec<(String, Value)>, depth: usize) -> Map<String, Value> {
        let mut written = Map::new();
        // The members of this level are named before any of a deeper one uses up the room.
        let room = self.members_left.min(properties.len());
        self.members_left -= room;
        for (name, property) in properties.into_iter().take(room) {
            let schema = self.of(&property, depth + 1);
            written.insert(name, schema);
        }
        written
    }
}

/// What is known of one value.
#[derive(Default)]
struct Shape {
    types: Vec<String>,
    is_open: bool,
    properties: Vec<(String, Value)>,
    items: Option<Value>,
}

impl Shape {
    fn add_type(&mut self, name: &str) {
        if !self.has_type(name) {
            self.types.push(name.to_owned());
        }
    }

    fn has_type(&self, name: &str) -> bool {
        self.types.iter().any(|known| known == name)
    }
}

fn contains_null(values: &Value) -> bool {
    values.is_null() || values.as_array().is_some_and(|values| values.contains(&Value::Null))
}
