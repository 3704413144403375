//! How a value becomes XML, read from the schemas' `xml` objects (OpenAPI 3.1.1, 4.8.26).

use std::collections::HashMap;

use indexmap::IndexMap;
use serde_json::Value;
use spandrel_openapi::{BodySchema, DocumentSet, Location};
use spandrel_plan::{XmlPlan, XmlShape};

/// More shapes than this say nothing that a model would fill in.
const MOST_SHAPES: usize = 2_000;

/// The plan for bodies of `schema`.
pub(crate) fn plan(schema: &BodySchema, set: &DocumentSet) -> XmlPlan {
    let BodySchema::Schema(location) = schema else {
        return XmlPlan { root: "root".to_owned(), shape: 0, shapes: vec![XmlShape::default()] };
    };
    let mut shapes =
        Shapes { set, collected: Vec::new(), known: HashMap::new(), looks_left: 4 * MOST_SHAPES };
    let shape = shapes.add(location, 0);
    let own_name = shapes.collected.get(shape).and_then(|shape| shape.name.clone());
    let root = own_name.or_else(|| schema_name(location, set)).unwrap_or_else(|| "root".to_owned());
    XmlPlan { root, shape, shapes: shapes.collected }
}

/// A schema without `xml.name` is called as the reference to it calls it.
fn schema_name(location: &Location, set: &DocumentSet) -> Option<String> {
    let reference = set.get(location)?.get("$ref")?.as_str()?;
    reference.rsplit('/').next().map(str::to_owned)
}

struct Shapes<'s> {
    set: &'s DocumentSet,
    collected: Vec<XmlShape>,
    known: HashMap<Location, usize>,
    /// How many more schemas are read: branches may refer to each other at will.
    looks_left: usize,
}

impl Shapes<'_> {
    fn add(&mut self, location: &Location, depth: usize) -> usize {
        let target =
            self.set.follow(location.clone()).map_or_else(|_| location.clone(), |(target, _)| target);
        if let Some(&index) = self.known.get(&target) {
            return index;
        }
        let index = self.collected.len();
        self.known.insert(target.clone(), index);
        self.collected.push(XmlShape::default());
        let mut shape = XmlShape::default();
        if depth < 64 && index < MOST_SHAPES {
            self.fill(&mut shape, &target, depth);
        }
        if let Some(slot) = self.collected.get_mut(index) {
            *slot = shape;
        }
        index
    }

    fn fill(&mut self, shape: &mut XmlShape, location: &Location, depth: usize) {
        let set = self.set;
        self.looks_left = self.looks_left.saturating_sub(1);
        let Some(schema) = set.get(location).filter(|_| depth < 64 && self.looks_left > 0) else { return };
        if let Some(xml) = schema.get("xml") {
            let text = |key: &str| xml.get(key).and_then(Value::as_str).map(str::to_owned);
            let flag = |key: &str| xml.get(key) == Some(&Value::Bool(true));
            let node_type = xml.get("nodeType").and_then(Value::as_str);
            shape.name = text("name").or(shape.name.take());
            shape.namespace = text("namespace").or(shape.namespace.take());
            shape.prefix = text("prefix").or(shape.prefix.take());
            shape.attribute |= flag("attribute") || node_type == Some("attribute");
            shape.wrapped |=
                flag("wrapped") || (node_type == Some("element") && schema.get("items").is_some());
        }
        if let Some(Value::Object(properties)) = schema.get("properties") {
            let below = location.child("properties");
            let members: IndexMap<String, usize> = properties
                .keys()
                .map(|name| (name.clone(), self.add(&below.child(name), depth + 1)))
                .collect();
            shape.properties.extend(members);
        }
        if schema.get("items").is_some_and(Value::is_object) {
            shape.items = Some(self.add(&location.child("items"), depth + 1));
        }
        for (index, _) in schema.get("allOf").and_then(Value::as_array).into_iter().flatten().enumerate() {
            let branch = location.child("allOf").item(index);
            if let Ok((branch, _)) = set.follow(branch) {
                // Each branch costs as much of the depth as several members: few documents nest them.
                self.fill(shape, &branch, depth + 8);
            }
        }
    }
}
