//! `OpenAI`'s strict mode: closed objects whose properties are all required, and few keywords.
//!
//! A property that may be left out is written as null. A value that has no fixed properties, or
//! stands too deep, is written as JSON text. [`WrittenArguments`](spandrel_plan::WrittenArguments) reads both back.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use spandrel_plan::{WrittenForm, WrittenMember};

use super::Rewritten;
use super::form::{Described, Form, Members, describe, listed};
use super::merge::Definitions;
use super::written::{Forms, Written, copy, map};

/// The most objects and arrays that stand in each other.
const MOST_LEVELS: usize = 10;
/// The most properties of a whole schema.
const MOST_PROPERTIES: usize = 5_000;
/// The most values of all enumerations together.
const MOST_ENUM_VALUES: usize = 1_000;
/// The most characters of one enumeration of more than [`LONG_ENUM`] values.
const MOST_ENUM_CHARACTERS: usize = 15_000;
const LONG_ENUM: usize = 250;
/// The most characters of all names and enumerated values together.
const MOST_CHARACTERS: usize = 120_000;
/// The most schemas that are written for one tool; what comes after is JSON text.
const MOST_SCHEMAS: usize = 12_000;
/// The most choices that stand in each other.
const MOST_CHOICES: usize = 8;

const FORMATS: [&str; 9] =
    ["date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"];
const NUMBER_KEYWORDS: [&str; 5] =
    ["multipleOf", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"];

/// Rewrites the schema of an arguments object. Where it is too large, arguments that are no simple
/// values become JSON text.
///
/// # Errors
/// When it is too large even so.
pub(super) fn rewrite(schema: &Value) -> Result<Rewritten, String> {
    let found = [MOST_LEVELS, 1].into_iter().find_map(|levels| Writer::new(schema, levels).write(schema));
    found.ok_or_else(|| {
        format!(
            "its schema has more than {MOST_PROPERTIES} properties, or {MOST_CHARACTERS} characters of names"
        )
    })
}

struct Writer<'d> {
    definitions: Definitions<'d>,
    /// How many levels are written out.
    levels: usize,
    forms: Forms,
    /// The forms of the definitions that are referred to.
    referred: BTreeMap<String, usize>,
    pending: Vec<(String, usize)>,
    properties: usize,
    characters: usize,
    enum_values: usize,
    schemas: usize,
    /// How many choices stand in each other here.
    choices: usize,
}

impl<'d> Writer<'d> {
    fn new(root: &'d Value, levels: usize) -> Self {
        Self {
            definitions: Definitions::of(root),
            levels,
            forms: Forms::default(),
            referred: BTreeMap::new(),
            pending: Vec::new(),
            properties: 0,
            characters: 0,
            enum_values: 0,
            schemas: 0,
            choices: 0,
        }
    }

    /// None where the schema becomes too large.
    fn write(mut self, root: &Value) -> Option<Rewritten> {
        let Form::Object(members) = describe(root, &self.definitions).form else { return None };
        // The form of the arguments object is the first.
        let mut schema = self.object(&members, 1).schema;
        let mut written = BTreeMap::new();
        while let Some((name, form)) = self.pending.pop() {
            let definition = self.definitions.get(&name).cloned().unwrap_or_default();
            let value = self.value(&definition, 1);
            if let Some(slot) = self.forms.get_mut(form) {
                slot.alternatives.extend(value.form);
                slot.text = value.is_text;
            }
            self.characters += name.len();
            written.insert(name, Value::Object(value.schema));
        }
        if !written.is_empty() {
            schema.insert("$defs".to_owned(), written.into_iter().collect());
        }
        let fits = self.properties <= MOST_PROPERTIES && self.characters <= MOST_CHARACTERS;
        let written = self.forms.into_arguments();
        fits.then_some(Rewritten { schema: Value::Object(schema), written })
    }

    /// The schema of a value that stands in `level` objects and arrays.
    fn value(&mut self, schema: &Value, level: usize) -> Written {
        self.schemas += 1;
        let described = describe(schema, &self.definitions);
        let Described { form, nullable, description } = described;
        let written = match form {
            _ if self.schemas > MOST_SCHEMAS => self.forms.json_text("Any value"),
            Form::Anything => self.forms.json_text("Any value"),
            Form::Reference(name) => self.reference(&name, level),
            Form::Alternatives(_) if self.choices > MOST_CHOICES => self.forms.json_text("Any value"),
            Form::Alternatives(branches) => self.alternatives(&branches, level),
            Form::Object(members) if members.is_free || level > self.levels => {
                self.forms.json_text("An object")
            }
            Form::Object(members) => self.object(&members, level),
            Form::Array { .. } if level > self.levels => self.forms.json_text("An array"),
            Form::Array { items, keywords } => self.array(items.as_ref(), &keywords, level),
            Form::Scalar { types, keywords } => self.scalar(&types, &keywords),
        };
        let written = with_description(written, description);
        if nullable { with_null(written) } else { written }
    }

    fn reference(&mut self, name: &str, level: usize) -> Written {
        let Some(definition) = self.definitions.get(name) else { return self.forms.json_text("Any value") };
        if level > self.levels {
            // Written out where that needs no further level, else as text.
            return match describe(definition, &self.definitions).form {
                Form::Scalar { .. } => self.value(definition, level),
                _ => self.forms.json_text("A value"),
            };
        }
        let known = self.referred.get(name).copied();
        let form = known.unwrap_or_else(|| {
            let form = self.forms.add(WrittenForm::default());
            self.referred.insert(name.to_owned(), form);
            self.pending.push((name.to_owned(), form));
            form
        });
        let schema = map(json!({ "$ref": format!("#/$defs/{name}") }));
        Written { schema, form: Some(form), is_text: false }
    }

    fn alternatives(&mut self, branches: &[Value], level: usize) -> Written {
        let mut form = WrittenForm::default();
        let mut schemas: Vec<Value> = Vec::new();
        self.choices += 1;
        for branch in branches {
            let written = self.value(branch, level);
            form.alternatives.extend(written.form);
            form.text |= written.is_text;
            let schema = Value::Object(written.schema);
            if !schemas.contains(&schema) {
                schemas.push(schema);
            }
        }
        self.choices -= 1;
        self.forms.choice(form, schemas)
    }

    fn object(&mut self, members: &Members, level: usize) -> Written {
        let index = self.forms.add(WrittenForm::default());
        let mut properties = Map::new();
        let mut form = WrittenForm::default();
        self.properties += members.properties.len();
        for (name, schema) in &members.properties {
            self.characters += name.len();
            let mut written = self.value(schema, level + 1);
            let null_is_absent = !members.requires(name);
            if null_is_absent {
                written = with_null(written);
            }
            if null_is_absent || written.form.is_some() {
                form.members.insert(name.clone(), WrittenMember { form: written.form, null_is_absent });
            }
            properties.insert(name.clone(), Value::Object(written.schema));
        }
        if let Some(slot) = self.forms.get_mut(index) {
            *slot = form;
        }
        let required: Vec<&String> = properties.keys().collect();
        let required = json!(required);
        let schema = json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false});
        Written { schema: map(schema), form: Some(index), is_text: false }
    }

    fn array(&mut self, items: Option<&Value>, keywords: &Map<String, Value>, level: usize) -> Written {
        let items = match items {
            Some(items) => self.value(items, level + 1),
            None => self.forms.json_text("Any value"),
        };
        self.forms.array(items, keywords)
    }

    fn scalar(&mut self, types: &[&'static str], keywords: &Map<String, Value>) -> Written {
        let mut schema = Map::new();
        schema.insert(
            "type".to_owned(),
            match types {
                [] => json!("null"),
                [only] => json!(only),
                several => json!(several),
            },
        );
        let is_text = types.contains(&"string");
        if let Some(values) = listed(keywords).and_then(|values| self.within_bounds(values)) {
            schema.insert("enum".to_owned(), Value::Array(values));
            return Written { schema, form: None, is_text };
        }
        if is_text {
            if let Some(format) =
                keywords.get("format").filter(|format| FORMATS.iter().any(|known| *format == known))
            {
                schema.insert("format".to_owned(), format.clone());
            }
            // Look-around is not understood.
            let pattern =
                keywords.get("pattern").filter(|text| text.as_str().is_some_and(|text| !text.contains("(?")));
            schema.extend(pattern.map(|pattern| ("pattern".to_owned(), pattern.clone())));
        }
        if types.iter().any(|name| matches!(*name, "integer" | "number")) {
            copy(&NUMBER_KEYWORDS, keywords, &mut schema);
        }
        Written { schema, form: None, is_text }
    }

    /// The values without null; none where they are too many to be listed.
    fn within_bounds(&mut self, mut values: Vec<Value>) -> Option<Vec<Value>> {
        values.retain(|value| !value.is_null());
        let characters: usize = values.iter().map(|value| value.as_str().map_or(8, str::len)).sum();
        let is_long = values.len() > LONG_ENUM && characters > MOST_ENUM_CHARACTERS;
        if values.is_empty() || is_long || self.enum_values + values.len() > MOST_ENUM_VALUES {
            return None;
        }
        self.enum_values += values.len();
        self.characters += characters;
        Some(values)
    }
}

/// Puts `description` before what the schema says of itself. A reference may have nothing beside it.
fn with_description(written: Written, description: Option<String>) -> Written {
    let Some(mut description) = description else { return written };
    let Written { mut schema, form, is_text } = written;
    if schema.contains_key("$ref") {
        schema = map(json!({ "anyOf": [schema] }));
    }
    if let Some(said) = schema.get("description").and_then(Value::as_str) {
        description = format!("{} {said}", description.trim_end());
    }
    schema.insert("description".to_owned(), Value::String(description));
    Written { schema, form, is_text }
}

/// The same schema, with null.
fn with_null(written: Written) -> Written {
    let Written { mut schema, form, is_text } = written;
    let of_null = json!({"type": "null"});
    if let Some(Value::Array(branches)) = schema.get_mut("anyOf") {
        if !branches.contains(&of_null) {
            branches.push(of_null);
        }
    } else if schema.contains_key("$ref") {
        schema = map(json!({ "anyOf": [schema, of_null] }));
    } else if let Some(types) = schema.get_mut("type") {
        let mut names: Vec<Value> = match types.take() {
            Value::Array(names) => names,
            only => vec![only],
        };
        if !names.contains(&json!("null")) {
            names.push(json!("null"));
        }
        *types = if let [only] = names.as_slice() { only.clone() } else { Value::Array(names) };
        if let Some(Value::Array(values)) = schema.get_mut("enum")
            && !values.contains(&Value::Null)
        {
            values.push(Value::Null);
        }
    }
    Written { schema, form, is_text }
}
