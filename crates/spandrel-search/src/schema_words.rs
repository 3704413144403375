//! What a tool's schemas say in words: names of properties, their descriptions, the values they take.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

/// How deep properties are read. What stands deeper tells operations apart no more.
const MAX_DEPTH: usize = 4;
/// Properties that are read of one schema.
const MAX_PROPERTIES: usize = 200;

/// The words of one schema, by their kind.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct SchemaWords {
    /// Names of properties.
    pub(crate) names: Vec<String>,
    /// Descriptions of properties.
    pub(crate) texts: Vec<String>,
    /// Strings of `enum` and `const`.
    pub(crate) values: Vec<String>,
    properties: usize,
}

impl SchemaWords {
    /// Reads a schema's text. What cannot be read says nothing.
    pub(crate) fn read(schema: &str) -> Self {
        let mut words = Self::default();
        if let Ok(root) = serde_json::from_str::<Shape<'_>>(schema) {
            words.collect(&root, &root.definitions, 0);
        }
        words
    }

    fn collect(&mut self, shape: &Shape<'_>, definitions: &BTreeMap<String, &RawValue>, depth: usize) {
        if depth > MAX_DEPTH || self.properties >= MAX_PROPERTIES {
            return;
        }
        self.values.extend(shape.values.iter().cloned());
        for (name, property) in &shape.properties {
            self.properties += 1;
            self.names.push(name.clone());
            self.texts.extend(property.description.iter().cloned());
            self.collect(property, definitions, depth + 1);
        }
        for part in &shape.parts {
            self.collect(part, definitions, depth + 1);
        }
        let name = shape.reference.as_deref().and_then(|reference| reference.strip_prefix("#/$defs/"));
        let definition = name.and_then(|name| definitions.get(name));
        if let Some(Ok(definition)) = definition.map(|raw| serde_json::from_str::<Shape<'_>>(raw.get())) {
            self.collect(&definition, definitions, depth + 1);
        }
    }
}

/// As much of a schema as has words in it.
#[derive(Default)]
struct Shape<'a> {
    description: Option<String>,
    reference: Option<String>,
    properties: BTreeMap<String, Shape<'a>>,
    values: Vec<String>,
    /// Items, alternatives and conjuncts.
    parts: Vec<Shape<'a>>,
    definitions: BTreeMap<String, &'a RawValue>,
}

impl<'de> Deserialize<'de> for Shape<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ShapeVisitor)
    }
}

struct ShapeVisitor;

impl<'de> Visitor<'de> for ShapeVisitor {
    type Value = Shape<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a schema")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Shape::default())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let mut shape = Shape::default();
        while let Some(key) = members.next_key::<String>()? {
            match key.as_str() {
                "description" => shape.description = Some(members.next_value()?),
                "$ref" => shape.reference = Some(members.next_value()?),
                "properties" => shape.properties = members.next_value()?,
                "$defs" => shape.definitions = members.next_value()?,
                "items" | "additionalProperties" => shape.parts.push(members.next_value()?),
                "allOf" | "anyOf" | "oneOf" => shape.parts.extend(members.next_value::<Vec<Shape<'de>>>()?),
                "enum" => shape.values.extend(strings(members.next_value::<Vec<Value>>()?)),
                "const" => shape.values.extend(strings([members.next_value::<Value>()?])),
                _ => drop(members.next_value::<IgnoredAny>()?),
            }
        }
        Ok(shape)
    }
}

fn strings(values: impl IntoIterator<Item = Value>) -> impl Iterator<Item = String> {
    values.into_iter().filter_map(|value| match value {
        Value::String(text) => Some(text),
        _ => None,
    })
}
