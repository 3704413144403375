//! How a value becomes XML, read from the schemas' `xml` objects (OpenAPI 3.1.1, 4.8.26).

use std::collections::HashMap;

use indexmap::IndexMap;
use serde_json::Value;
use spandrel_openapi::{BodySchema, DocumentSet, Location, SpecVersion};
use spandrel_plan::{XmlNode, XmlPlan, XmlShape};

/// More shapes than this say nothing that a model would fill in.
const MOST_SHAPES: usize = 2_000;
/// What a shape takes, in bytes, about.
const BYTES_OF_SHAPE: usize = 200;

/// The plan for bodies of `schema`, of at most about `limit` bytes.
pub(crate) fn plan(schema: &BodySchema, set: &DocumentSet, version: SpecVersion, limit: usize) -> XmlPlan {
    match schema {
        BodySchema::Schema(location) => plan_at(location, "root", set, version, limit),
        _ => XmlPlan { root: "root".to_owned(), shape: 0, shapes: vec![XmlShape::default()] },
    }
}

/// The plan for values of the schema at `location`, called `name` where the document has no name for
/// them; of at most about `limit` bytes.
pub(crate) fn plan_at(
    location: &Location,
    name: &str,
    set: &DocumentSet,
    version: SpecVersion,
    limit: usize,
) -> XmlPlan {
    let most = MOST_SHAPES.min(limit / BYTES_OF_SHAPE);
    let (collected, known) = (Vec::new(), HashMap::new());
    let mut shapes = Shapes { set, version, collected, known, most, looks_left: 4 * MOST_SHAPES };
    let shape = shapes.add(location, 0);
    let own_name = shapes.collected.get(shape).and_then(|shape| shape.name.clone());
    let root = own_name.or_else(|| schema_name(location, set)).unwrap_or_else(|| name.to_owned());
    XmlPlan { root, shape, shapes: shapes.collected }
}

/// A schema without `xml.name` is called as the reference to it calls it.
fn schema_name(location: &Location, set: &DocumentSet) -> Option<String> {
    let reference = set.get(location)?.get("$ref")?.as_str()?;
    reference.rsplit('/').next().map(str::to_owned)
}

struct Shapes<'s> {
    set: &'s DocumentSet,
    version: SpecVersion,
    collected: Vec<XmlShape>,
    known: HashMap<Location, usize>,
    /// How many shapes are collected.
    most: usize,
    /// How many more schemas are read: branches may refer to each other at will.
    looks_left: usize,
}

impl<'s> Shapes<'s> {
    fn add(&mut self, location: &Location, depth: usize) -> usize {
        let target =
            self.set.follow(location.clone()).map_or_else(|_| location.clone(), |(target, _)| target);
        let beside = self.beside_reference(location);
        let identity = if beside.is_some() { location } else { &target };
        if let Some(&index) = self.known.get(identity) {
            return index;
        }
        let index = self.collected.len();
        self.known.insert(identity.clone(), index);
        self.collected.push(XmlShape::default());
        let mut shape = XmlShape::default();
        if depth < 64 && index < self.most {
            self.fill(&mut shape, &target, depth);
        }
        if let Some(schema) = beside {
            describe(&mut shape, schema);
        }
        if let Some(slot) = self.collected.get_mut(index) {
            *slot = shape;
        }
        index
    }

    /// A schema that says beside its reference what its values are in XML, which before 3.1 counts for
    /// nothing.
    fn beside_reference(&self, location: &Location) -> Option<&'s Value> {
        let set = self.set;
        let schema = set.get(location)?;
        let says = schema.get("$ref").is_some() && schema.get("xml").is_some();
        (says && self.version >= SpecVersion::V3_1).then_some(schema)
    }

    fn fill(&mut self, shape: &mut XmlShape, location: &Location, depth: usize) {
        let set = self.set;
        self.looks_left = self.looks_left.saturating_sub(1);
        let Some(schema) = set.get(location).filter(|_| depth < 64 && self.looks_left > 0) else { return };
        describe(shape, schema);
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
        for (index, _) in array(schema, "prefixItems").enumerate() {
            shape.first_items.push(self.add(&location.child("prefixItems").item(index), depth + 1));
        }
        for keyword in ["allOf", "anyOf", "oneOf"] {
            for (index, _) in array(schema, keyword).enumerate() {
                let branch = location.child(keyword).item(index);
                if let Ok((branch, _)) = set.follow(branch) {
                    // Each branch costs as much of the depth as several members: few documents nest them.
                    self.fill(shape, &branch, depth + 8);
                }
            }
        }
    }
}

fn array<'v>(schema: &'v Value, keyword: &str) -> impl Iterator<Item = &'v Value> {
    schema.get(keyword).and_then(Value::as_array).into_iter().flatten()
}

/// Takes over what the schema's own `xml` object says.
fn describe(shape: &mut XmlShape, schema: &Value) {
    let Some(xml) = schema.get("xml") else { return };
    let text = |key: &str| xml.get(key).and_then(Value::as_str).map(str::to_owned);
    let flag = |key: &str| xml.get(key) == Some(&Value::Bool(true));
    shape.name = text("name").or(shape.name.take());
    shape.namespace = text("namespace").or(shape.namespace.take());
    shape.prefix = text("prefix").or(shape.prefix.take());
    let is_array = ["items", "prefixItems"].iter().any(|keyword| schema.get(*keyword).is_some());
    match xml.get("nodeType").and_then(Value::as_str) {
        Some("element") if is_array => shape.wrapped = true,
        Some("element") => shape.node = XmlNode::Element,
        Some("attribute") => shape.node = XmlNode::Attribute,
        Some("text") => shape.node = XmlNode::Text,
        Some("cdata") => shape.node = XmlNode::Cdata,
        Some("none") => shape.node = XmlNode::None,
        _ if flag("attribute") => shape.node = XmlNode::Attribute,
        _ => {}
    }
    shape.wrapped |= flag("wrapped");
}
