//! What a JSON Schema says about the shape of a value, as far as decoding and generating need it.
//!
//! A schema that holds `$ref` and `allOf` is looked at as the list of all the plain schemas that
//! hold together. References are those of a bundle: `#/$defs/…`.

use serde_json::{Map, Value};

/// More plain schemas than this are not looked at for one value.
const WIDEST: usize = 512;
/// More schemas than this are not looked at for the kinds of one value.
const MOST_LOOKS: usize = 256;

/// A bundle, to follow references in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shapes<'a> {
    root: &'a Value,
}

/// The kinds of JSON values, as a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kinds(u8);

impl Kinds {
    pub(crate) const NULL: Self = Self(1);
    pub(crate) const BOOLEAN: Self = Self(2);
    pub(crate) const INTEGER: Self = Self(4);
    /// Numbers; every integer is one.
    pub(crate) const NUMBER: Self = Self(8 | 4);
    pub(crate) const STRING: Self = Self(16);
    pub(crate) const ARRAY: Self = Self(32);
    pub(crate) const OBJECT: Self = Self(64);
    pub(crate) const ALL: Self = Self(127);
    pub(crate) const SCALAR: Self = Self(31);
    const NONE: Self = Self(0);

    pub(crate) const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether every kind of `other` is in this set.
    pub(crate) const fn has_all(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    pub(crate) const fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(crate) const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(crate) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    fn named(name: &str) -> Self {
        match name {
            "null" => Self::NULL,
            "boolean" => Self::BOOLEAN,
            "integer" => Self::INTEGER,
            "number" => Self::NUMBER,
            "string" => Self::STRING,
            "array" => Self::ARRAY,
            "object" => Self::OBJECT,
            _ => Self::ALL,
        }
    }

    pub(crate) fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::NULL,
            Value::Bool(_) => Self::BOOLEAN,
            Value::Number(number) if number.is_i64() || number.is_u64() => Self::INTEGER,
            Value::Number(_) => Self::NUMBER,
            Value::String(_) => Self::STRING,
            Value::Array(_) => Self::ARRAY,
            Value::Object(_) => Self::OBJECT,
        }
    }

    /// The kinds that one plain schema allows by `type`, `enum` and `const`.
    pub(crate) fn of_schema(schema: &Map<String, Value>) -> Self {
        let mut kinds = match schema.get("type") {
            Some(Value::String(name)) => Self::named(name),
            Some(Value::Array(names)) => {
                let names = names.iter().filter_map(Value::as_str);
                names.fold(Self::NONE, |kinds, name| kinds.or(Self::named(name)))
            }
            _ => Self::ALL,
        };
        if let Some(Value::Array(values)) = schema.get("enum") {
            kinds = kinds.and(values.iter().fold(Self::NONE, |kinds, value| kinds.or(Self::of(value))));
        }
        if let Some(value) = schema.get("const") {
            kinds = kinds.and(Self::of(value));
        }
        kinds
    }

    /// `an integer or a string`: for messages.
    pub(crate) fn describe(self) -> String {
        let words = [
            (Self::BOOLEAN, "a boolean"),
            (Self(8), "a number"),
            (Self::INTEGER, "an integer"),
            (Self::STRING, "a string"),
            (Self::ARRAY, "an array"),
            (Self::OBJECT, "an object"),
            (Self::NULL, "null"),
        ];
        let known = words
            .iter()
            .filter(|(kind, _)| self.has(*kind) && !(*kind == Self::INTEGER && self.has(Self(8))));
        let known: Vec<&str> = known.map(|(_, word)| *word).collect();
        if self.has_all(Self::ALL) || known.is_empty() { "any value".to_owned() } else { known.join(" or ") }
    }
}

impl<'a> Shapes<'a> {
    pub(crate) const fn new(root: &'a Value) -> Self {
        Self { root }
    }

    pub(crate) const fn root(self) -> &'a Value {
        self.root
    }

    /// What a reference leads to.
    pub(crate) fn follow(self, reference: &str) -> Option<&'a Value> {
        let fragment = reference.strip_prefix('#')?;
        if fragment.contains('%') {
            let decoded = crate::percent::decode(fragment, crate::percent::Plus::Plus).ok()?;
            return self.root.pointer(&decoded);
        }
        self.root.pointer(fragment)
    }

    /// All plain schemas that hold together with `schemas`: `$ref` followed, `allOf` opened. `None`
    /// when one of them is `false`.
    pub(crate) fn conjunction(self, schemas: &[&'a Value]) -> Option<Vec<&'a Map<String, Value>>> {
        let mut plain: Vec<&'a Map<String, Value>> = Vec::new();
        let mut waiting: Vec<&'a Value> = schemas.iter().rev().copied().collect();
        while let Some(schema) = waiting.pop() {
            let Value::Object(schema) = schema else {
                if schema == &Value::Bool(false) {
                    return None;
                }
                continue;
            };
            if plain.len() >= WIDEST || plain.iter().any(|known| std::ptr::eq(*known, schema)) {
                continue;
            }
            plain.push(schema);
            if let Some(Value::Array(members)) = schema.get("allOf") {
                waiting.extend(members.iter().rev());
            }
            let reference = schema.get("$ref").or_else(|| schema.get("$dynamicRef")).and_then(Value::as_str);
            waiting.extend(reference.and_then(|reference| self.follow(reference)));
        }
        Some(plain)
    }

    /// All plain schemas that may say something about a value of `schemas`: as
    /// [`conjunction`](Self::conjunction), and every branch of `anyOf`, `oneOf`, `then` and `else`.
    pub(crate) fn spread(self, schemas: &[&'a Value]) -> Vec<&'a Map<String, Value>> {
        let mut plain: Vec<&'a Map<String, Value>> = Vec::new();
        let mut waiting: Vec<&'a Value> = schemas.iter().rev().copied().collect();
        while let Some(schema) = waiting.pop() {
            let Value::Object(schema) = schema else { continue };
            if plain.len() >= WIDEST || plain.iter().any(|known| std::ptr::eq(*known, schema)) {
                continue;
            }
            plain.push(schema);
            for keyword in ["else", "then"] {
                waiting.extend(schema.get(keyword));
            }
            for keyword in ["oneOf", "anyOf", "allOf"] {
                if let Some(Value::Array(members)) = schema.get(keyword) {
                    waiting.extend(members.iter().rev());
                }
            }
            let reference = schema.get("$ref").or_else(|| schema.get("$dynamicRef")).and_then(Value::as_str);
            waiting.extend(reference.and_then(|reference| self.follow(reference)));
        }
        plain
    }

    /// The kinds of values that `schema` can accept.
    pub(crate) fn kinds(self, schema: &'a Value) -> Kinds {
        let mut left = MOST_LOOKS;
        self.kinds_within(schema, &mut left)
    }

    /// `left` bounds the work: schemas may refer to each other, and to themselves, many times over.
    fn kinds_within(self, schema: &'a Value, left: &mut usize) -> Kinds {
        if *left == 0 {
            return Kinds::ALL;
        }
        *left -= 1;
        let schema = match schema {
            Value::Object(schema) => schema,
            Value::Bool(false) => return Kinds::NONE,
            _ => return Kinds::ALL,
        };
        let mut kinds = Kinds::of_schema(schema);
        let reference = schema.get("$ref").and_then(Value::as_str);
        if let Some(target) = reference.and_then(|reference| self.follow(reference)) {
            kinds = kinds.and(self.kinds_within(target, left));
        }
        if let Some(Value::Array(members)) = schema.get("allOf") {
            kinds = members.iter().fold(kinds, |kinds, member| kinds.and(self.kinds_within(member, left)));
        }
        for keyword in ["anyOf", "oneOf"] {
            if let Some(Value::Array(members)) = schema.get(keyword) {
                let any = members.iter().map(|member| self.kinds_within(member, left));
                kinds = kinds.and(any.fold(Kinds::NONE, Kinds::or));
            }
        }
        kinds
    }

    /// The kinds that any of `schemas` speaks of; those that speak of none are not asked where
    /// another does.
    pub(crate) fn kinds_of_any(self, schemas: &[&'a Value]) -> Kinds {
        let each = schemas.iter().map(|schema| self.kinds(schema));
        let spoken = each.filter(|kinds| *kinds != Kinds::ALL).fold(Kinds::NONE, Kinds::or);
        if spoken.is_empty() { Kinds::ALL } else { spoken }
    }
}

/// The schemas that `spread` has for the member `name` of an object: those of `properties`, else
/// those for members without a name of their own.
pub(crate) fn member<'a>(spread: &[&'a Map<String, Value>], name: &str) -> Vec<&'a Value> {
    let of_name = |schema: &&'a Map<String, Value>| match schema.get("properties") {
        Some(Value::Object(properties)) => properties.get(name),
        _ => None,
    };
    let named: Vec<&Value> = spread.iter().filter_map(of_name).collect();
    if !named.is_empty() {
        return named;
    }
    let mut others = Vec::new();
    for schema in spread {
        if let Some(Value::Object(patterns)) = schema.get("patternProperties") {
            others.extend(patterns.values());
        }
        others.extend(schema.get("additionalProperties").filter(|schema| schema.is_object()));
    }
    others
}

/// The schemas that `spread` has for the item `index` of an array.
pub(crate) fn item<'a>(spread: &[&'a Map<String, Value>], index: usize) -> Vec<&'a Value> {
    let of_index = |schema: &&'a Map<String, Value>| {
        let prefix = schema.get("prefixItems").and_then(Value::as_array);
        prefix.and_then(|prefix| prefix.get(index)).or_else(|| schema.get("items"))
    };
    spread.iter().filter_map(of_index).collect()
}

/// The names that `spread` gives members, in order, each once.
pub(crate) fn member_names<'a>(spread: &[&'a Map<String, Value>]) -> Vec<&'a str> {
    let mut names: Vec<&'a str> = Vec::new();
    for schema in spread {
        if let Some(Value::Object(properties)) = schema.get("properties") {
            for name in properties.keys() {
                if !names.contains(&name.as_str()) {
                    names.push(name);
                }
            }
        }
    }
    names
}

/// Whether an object may have members that `spread` does not name.
pub(crate) fn is_open(spread: &[&Map<String, Value>]) -> bool {
    let closes = |keyword: &str| spread.iter().any(|schema| schema.get(keyword) == Some(&Value::Bool(false)));
    let has_patterns = spread.iter().any(|schema| schema.contains_key("patternProperties"));
    has_patterns || !(closes("additionalProperties") || closes("unevaluatedProperties"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn kinds_are_seen_through_references_and_alternatives() {
        let table = [
            (json!({}), Kinds::ALL),
            (json!({"type": "integer"}), Kinds::INTEGER),
            (json!({"type": ["string", "null"]}), Kinds::STRING.or(Kinds::NULL)),
            (json!({"enum": [1, "a"]}), Kinds::INTEGER.or(Kinds::STRING)),
            (json!({"anyOf": [{"type": "string"}, {"type": "array"}]}), Kinds::STRING.or(Kinds::ARRAY)),
            (json!({"$ref": "#/$defs/A", "$defs": {"A": {"type": "object"}}}), Kinds::OBJECT),
            (json!({"$ref": "#/$defs/A", "$defs": {"A": {"$ref": "#/$defs/A"}}}), Kinds::ALL),
            (
                json!({"$ref": "#/$defs/A", "$defs": {"A": {"anyOf": [{"$ref": "#/$defs/A"}, {"$ref": "#/$defs/A"}]}}}),
                Kinds::ALL,
            ),
            (json!({"allOf": [{"type": "number"}, {"type": "integer"}]}), Kinds::INTEGER),
        ];
        for (schema, expected) in table {
            assert_eq!(Shapes::new(&schema).kinds(&schema), expected, "{schema}");
        }
    }
}
