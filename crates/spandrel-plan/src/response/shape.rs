//! The part of JSON Schema that output schemas are written in, checked while text is read.
//!
//! A result is checked at every call. A general validator wants the text as a tree, which costs many
//! times its size; types, properties and items can be checked on the text itself.

use serde_json::Value;

/// A set of JSON's types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Types(u8);

impl Types {
    pub(super) const OBJECT: Self = Self(1);
    pub(super) const ARRAY: Self = Self(2);
    pub(super) const STRING: Self = Self(4);
    pub(super) const BOOLEAN: Self = Self(8);
    pub(super) const NULL: Self = Self(16);
    pub(super) const INTEGER: Self = Self(32);
    /// A number that is no integer, as a type of a value; as one of a schema, also integers.
    pub(super) const NUMBER: Self = Self(64);
    const ALL: Self = Self(127);

    const NAMES: [(&'static str, Self); 7] = [
        ("object", Self::OBJECT),
        ("array", Self::ARRAY),
        ("string", Self::STRING),
        ("boolean", Self::BOOLEAN),
        ("null", Self::NULL),
        ("integer", Self::INTEGER),
        ("number", Self(Self::NUMBER.0 | Self::INTEGER.0)),
    ];

    pub(super) const fn allow(self, of_value: Self) -> bool {
        self.0 & of_value.0 != 0
    }

    fn read(keyword: Option<&Value>) -> Option<Self> {
        let types_of = |name: &Value| {
            let name = name.as_str()?;
            Self::NAMES.iter().find(|(own, _)| *own == name).map(|(_, types)| *types)
        };
        match keyword {
            None => Some(Self::ALL),
            Some(Value::Array(names)) => {
                names.iter().try_fold(Self(0), |all, name| types_of(name).map(|types| Self(all.0 | types.0)))
            }
            Some(name) => types_of(name),
        }
    }

    /// The names, joined by `or`.
    pub(super) fn words(self) -> String {
        let names = Self::NAMES.iter().filter(|(name, types)| match *name {
            "integer" => self.allow(Self::INTEGER) && !self.allow(Self::NUMBER),
            "number" => self.allow(Self::NUMBER),
            _ => self.allow(*types),
        });
        names.map(|(name, _)| *name).collect::<Vec<_>>().join(" or ")
    }
}

/// A schema of types, properties and items.
#[derive(Debug)]
pub(crate) struct Shape {
    pub(super) types: Types,
    properties: Vec<(String, Shape)>,
    pub(super) items: Option<Box<Shape>>,
}

impl Shape {
    /// The shape of `schema`, which is none where it says more than a shape can.
    pub(super) fn of(schema: &Value) -> Option<Self> {
        let schema = schema.as_object()?;
        let known =
            ["type", "properties", "items", "title", "description", "deprecated", "$comment", "$schema"];
        if !schema.keys().all(|keyword| known.contains(&keyword.as_str())) {
            return None;
        }
        let properties = match schema.get("properties") {
            None => Vec::new(),
            Some(properties) => properties
                .as_object()?
                .iter()
                .map(|(name, property)| Some((name.clone(), Self::of(property)?)))
                .collect::<Option<_>>()?,
        };
        let items = match schema.get("items") {
            None => None,
            Some(items) => Some(Box::new(Self::of(items)?)),
        };
        Some(Self { types: Types::read(schema.get("type"))?, properties, items })
    }

    /// The shape of the member of that name, which is searched for from `from` on: members come in the
    /// order of the schema more often than not.
    pub(super) fn property(&self, name: &str, from: &mut usize) -> Option<&Self> {
        let (before, after) = self.properties.split_at_checked(*from).unwrap_or((&self.properties, &[]));
        let found = |(_, (other, _)): &(usize, &(String, Self))| other == name;
        let (at, (_, shape)) = after
            .iter()
            .enumerate()
            .find(found)
            .map(|(at, property)| (at + before.len(), property))
            .or_else(|| before.iter().enumerate().find(found))?;
        *from = at + 1;
        Some(shape)
    }
}
