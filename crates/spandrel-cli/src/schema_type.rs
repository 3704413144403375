//! What kind of value a tool's schema wants.

use serde_json::Value;

/// How many references and alternatives are looked through.
const DEPTH: usize = 8;

/// A schema in the root schema that its references lead through.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Schema<'s> {
    root: &'s Value,
    value: &'s Value,
}

/// What kinds of values a schema allows; everything, where it says nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Types(Vec<String>);

impl Types {
    pub(crate) fn allows(&self, name: &str) -> bool {
        self.0.is_empty() || self.0.iter().any(|own| own == name)
    }

    /// Whether the schema names this type.
    pub(crate) fn names(&self, name: &str) -> bool {
        self.0.iter().any(|own| own == name)
    }

    /// Whether `value` is of a type that the schema names.
    pub(crate) fn fit(&self, value: &Value) -> bool {
        match value {
            Value::Null => self.names("null"),
            Value::Bool(_) => self.names("boolean"),
            Value::Number(number) => {
                self.names("number")
                    || (self.names("integer") && !number.to_string().contains(['.', 'e', 'E']))
            }
            Value::String(_) => self.names("string"),
            Value::Array(_) => self.names("array"),
            Value::Object(_) => self.names("object"),
        }
    }

    fn add(&mut self, name: &str) {
        if !self.names(name) {
            self.0.push(name.to_owned());
        }
    }
}

impl<'s> Schema<'s> {
    pub(crate) const fn root(root: &'s Value) -> Self {
        Self { root, value: root }
    }

    /// The schema of a property, references followed.
    pub(crate) fn property(self, name: &str) -> Option<Self> {
        let schema = self.target();
        schema.value.get("properties")?.get(name).map(|value| Self { value, ..schema })
    }

    /// The names of the properties, references followed.
    pub(crate) fn property_names(self) -> impl Iterator<Item = &'s str> {
        let properties = self.target().value.get("properties").and_then(Value::as_object);
        properties.into_iter().flat_map(|properties| properties.keys().map(String::as_str))
    }

    /// The schema of an array's items.
    pub(crate) fn items(self) -> Option<Self> {
        let schema = self.target();
        schema.value.get("items").map(|value| Self { value, ..schema })
    }

    /// Whether it is an argument that takes a file: text, or an object with the file's data.
    pub(crate) fn is_file(self) -> bool {
        let types = self.types();
        types.names("string") && types.names("object") && self.property("data").is_some()
    }

    pub(crate) fn types(self) -> Types {
        let mut types = Types::default();
        self.collect(&mut types, DEPTH);
        types
    }

    fn collect(self, types: &mut Types, depth: usize) {
        let schema = self.target();
        match schema.value.get("type") {
            Some(Value::String(name)) => return types.add(name),
            Some(Value::Array(names)) => {
                return names.iter().filter_map(Value::as_str).for_each(|name| types.add(name));
            }
            _ => {}
        }
        if depth == 0 {
            return;
        }
        for alternatives in ["anyOf", "oneOf", "allOf"].iter().filter_map(|key| schema.value.get(key)) {
            for value in alternatives.as_array().into_iter().flatten() {
                Self { value, ..schema }.collect(types, depth - 1);
            }
        }
        let literals = schema.value.get("enum").and_then(Value::as_array).into_iter().flatten();
        for literal in literals.chain(schema.value.get("const")) {
            types.add(type_name(literal));
        }
    }

    /// For people: `integer`, `array of string`, `string (date)`, `string or null`.
    pub(crate) fn describe(self) -> String {
        self.describe_within(3)
    }

    fn describe_within(self, depth: usize) -> String {
        if self.is_file() {
            return "file".to_owned();
        }
        let types = self.types().0;
        let format = self.target().value.get("format").and_then(Value::as_str);
        let words: Vec<String> = types
            .into_iter()
            .map(|name| match (name.as_str(), self.items(), format) {
                ("array", Some(items), _) if depth > 0 => {
                    format!("array of {}", items.describe_within(depth - 1))
                }
                ("string" | "integer" | "number", _, Some(format)) => format!("{name} ({format})"),
                _ => name,
            })
            .collect();
        if words.is_empty() { "any".to_owned() } else { words.join(" or ") }
    }

    /// The schema behind references.
    fn target(self) -> Self {
        let mut value = self.value;
        for _ in 0..DEPTH {
            let reference = value.get("$ref").and_then(Value::as_str).and_then(|text| text.strip_prefix('#'));
            match reference.and_then(|pointer| self.root.pointer(pointer)) {
                Some(target) => value = target,
                None => break,
            }
        }
        Self { value, ..self }
    }
}

const fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
