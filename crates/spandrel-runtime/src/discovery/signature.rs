//! How an operation is called, on a line: `(owner: string, state?: "open"|"closed")`. Most calls need no
//! more.

use serde_json::{Map, Value};
use spandrel_plan::Tool;

/// The most arguments, values of an enumeration, and alternatives that are named; more are counted.
const MOST_ARGUMENTS: usize = 12;
const MOST_PROPERTIES: usize = 6;
const MOST_VALUES: usize = 6;
const MOST_ALTERNATIVES: usize = 3;
/// How deep objects are shown.
const DEEPEST: usize = 2;
/// The longest type, in characters.
const LONGEST_TYPE: usize = 160;

/// The arguments of `tool`, those that a call needs first.
pub(super) fn of(tool: &Tool) -> String {
    let schema = tool.input_schema.to_value();
    let types = Types { definitions: schema.get("$defs").and_then(Value::as_object) };
    format!("({})", types.members(&schema, MOST_ARGUMENTS, 0))
}

struct Types<'s> {
    definitions: Option<&'s Map<String, Value>>,
}

impl<'s> Types<'s> {
    /// The properties of an object, `name: type` each, `name?` where it may be left out.
    fn members(&self, schema: &'s Value, most: usize, depth: usize) -> String {
        let required: Vec<&str> = schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let properties = schema.get("properties").and_then(Value::as_object);
        let is_required = |name: &str| required.contains(&name);
        let all = || properties.into_iter().flatten();
        let needed = all().filter(|(name, _)| is_required(name));
        let optional = all().filter(|(name, _)| !is_required(name));
        let mut shown: Vec<String> = needed
            .chain(optional)
            .take(most)
            .map(|(name, schema)| {
                let mark = if is_required(name) { "" } else { "?" };
                format!("{name}{mark}: {}", self.of(schema, depth + 1))
            })
            .collect();
        let left = all().count().saturating_sub(most);
        if left > 0 {
            shown.push(format!("… {left} more"));
        }
        shown.join(", ")
    }

    /// A type, in so many characters.
    fn of(&self, schema: &'s Value, depth: usize) -> String {
        let text = self.whole(schema, depth);
        if text.chars().count() <= LONGEST_TYPE {
            text
        } else {
            kind(schema).unwrap_or_else(|| "object".to_owned())
        }
    }

    fn whole(&self, schema: &'s Value, depth: usize) -> String {
        if depth > DEEPEST + 2 {
            return "object".to_owned();
        }
        if let Some(named) = self.definition(schema) {
            return self.of(named, depth + 1);
        }
        if let Some(value) = schema.get("const") {
            return value.to_string();
        }
        if let Some(values) = schema.get("enum").and_then(Value::as_array) {
            return alternatives(values.iter().map(Value::to_string), values.len(), MOST_VALUES);
        }
        for keyword in ["oneOf", "anyOf"] {
            if let Some(schemas) = schema.get(keyword).and_then(Value::as_array) {
                let types = schemas.iter().map(|schema| self.of(schema, depth + 1));
                return alternatives(types, schemas.len(), MOST_ALTERNATIVES);
            }
        }
        if let Some(first) = schema.get("allOf").and_then(Value::as_array).and_then(|schemas| schemas.first())
        {
            return self.of(first, depth + 1);
        }
        match schema.get("items").filter(|items| items.is_object()) {
            Some(items) => {
                let item = self.of(items, depth);
                return if item.contains('|') { format!("({item})[]") } else { format!("{item}[]") };
            }
            None if schema.get("properties").is_some() && depth <= DEEPEST => {
                return format!("{{{}}}", self.members(schema, MOST_PROPERTIES, depth));
            }
            None => {}
        }
        kind(schema).unwrap_or_else(|| "any".to_owned())
    }

    fn definition(&self, schema: &Value) -> Option<&'s Value> {
        let name = schema.get("$ref")?.as_str()?.strip_prefix("#/$defs/")?;
        self.definitions?.get(name)
    }
}

fn alternatives(types: impl Iterator<Item = String>, number: usize, most: usize) -> String {
    let mut shown: Vec<String> = Vec::new();
    for text in types.take(most) {
        if !shown.contains(&text) {
            shown.push(text);
        }
    }
    if number > most {
        shown.push("…".to_owned());
    }
    shown.join("|")
}

/// What `type` says.
fn kind(schema: &Value) -> Option<String> {
    match schema.get("type")? {
        Value::String(kind) => Some(kind.clone()),
        Value::Array(kinds) => {
            let kinds: Vec<&str> = kinds.iter().filter_map(Value::as_str).collect();
            Some(kinds.join("|"))
        }
        _ => None,
    }
}
