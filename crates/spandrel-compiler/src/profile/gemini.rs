//! Gemini: a subset of the Schema Object of `OpenAPI` 3.0.
//!
//! References are written out and recursion ends in a plain object. A value of which nothing is
//! known is written as JSON text, because every schema needs a type.

use serde_json::{Map, Value, json};
use spandrel_plan::{WrittenForm, WrittenMember};

use super::Rewritten;
use super::form::{Described, Form, Members, describe, listed};
use super::merge::Definitions;
use super::written::{Forms, Written, copy, map};

/// The most objects and arrays that stand in each other.
const MOST_LEVELS: usize = 12;
/// The most schemas that are written out for one tool; objects that come after are plain.
const MOST_SCHEMAS: usize = 2_000;
/// The most choices that stand in each other.
const MOST_CHOICES: usize = 8;
/// The most values that a description lists.
const MOST_LISTED: usize = 20;

/// Rewrites the schema of an arguments object.
pub(super) fn rewrite(schema: &Value) -> Rewritten {
    let mut writer = Writer {
        definitions: Definitions::of(schema),
        forms: Forms::default(),
        open: Vec::new(),
        schemas: 0,
        choices: 0,
    };
    let mut written = match describe(schema, &writer.definitions).form {
        Form::Object(members) => writer.object(&members, 1).schema,
        _ => map(json!({"type": "object"})),
    };
    // MCP clients want to see the root's, even where it is empty.
    written.entry("properties").or_insert_with(|| json!({}));
    Rewritten { schema: Value::Object(written), written: writer.forms.into_arguments() }
}

struct Writer<'d> {
    definitions: Definitions<'d>,
    forms: Forms,
    /// The definitions that are being written out.
    open: Vec<String>,
    schemas: usize,
    /// How many choices stand in each other here.
    choices: usize,
}

impl Writer<'_> {
    fn value(&mut self, schema: &Value, level: usize) -> Written {
        self.schemas += 1;
        let Described { form, nullable, description } = describe(schema, &self.definitions);
        let mut written = match form {
            Form::Anything => self.json_text(),
            Form::Reference(name) => self.definition(&name, level),
            Form::Alternatives(_) if self.choices > MOST_CHOICES || self.is_full(level) => self.json_text(),
            Form::Alternatives(branches) => self.alternatives(&branches, level),
            Form::Object(members) if members.is_free || self.is_full(level) => plain_object(),
            Form::Object(members) => self.object(&members, level),
            Form::Array { items, keywords } => self.array(items.as_ref(), &keywords, level),
            Form::Scalar { types, keywords } => scalar(&types, &keywords),
        };
        annotate(&mut written.schema, description, nullable);
        written
    }

    fn is_full(&self, level: usize) -> bool {
        level > MOST_LEVELS || self.schemas > MOST_SCHEMAS
    }

    fn json_text(&mut self) -> Written {
        self.forms.json_text("Any value")
    }

    fn definition(&mut self, name: &str, level: usize) -> Written {
        let Some(definition) = self.definitions.get(name) else { return self.json_text() };
        let is_open = self.open.iter().any(|open| open == name);
        if is_open || self.is_full(level) {
            let Described { form, .. } = describe(definition, &self.definitions);
            return match form {
                Form::Scalar { types, keywords } => scalar(&types, &keywords),
                Form::Array { .. } => Written::plain(json!({"type": "array", "items": {"type": "object"}})),
                _ => plain_object(),
            };
        }
        self.open.push(name.to_owned());
        let written = self.value(definition, level);
        self.open.pop();
        written
    }

    fn alternatives(&mut self, branches: &[Value], level: usize) -> Written {
        let mut form = WrittenForm::default();
        let mut schemas: Vec<Value> = Vec::new();
        self.choices += 1;
        for branch in branches {
            let mut written = self.value(branch, level);
            form.alternatives.extend(written.form);
            form.text |= written.is_text;
            // A choice within a choice is one choice.
            let inner = match written.schema.shift_remove("anyOf") {
                Some(Value::Array(inner)) => inner,
                _ => vec![Value::Object(written.schema)],
            };
            for schema in inner {
                if !schemas.contains(&schema) {
                    schemas.push(schema);
                }
            }
        }
        self.choices -= 1;
        self.forms.choice(form, schemas)
    }

    fn object(&mut self, members: &Members, level: usize) -> Written {
        let index = self.forms.add(WrittenForm::default());
        let mut properties = Map::new();
        let mut form = WrittenForm::default();
        let mut required: Vec<&String> = Vec::new();
        for (name, schema) in &members.properties {
            let written = self.value(schema, level + 1);
            if written.form.is_some() {
                form.members
                    .insert(name.clone(), WrittenMember { form: written.form, null_is_absent: false });
            }
            if members.requires(name) {
                required.push(name);
            }
            properties.insert(name.clone(), Value::Object(written.schema));
        }
        if let Some(slot) = self.forms.get_mut(index) {
            *slot = form;
        }
        let mut schema = map(json!({"type": "object"}));
        if !properties.is_empty() {
            schema.insert("properties".to_owned(), Value::Object(properties));
        }
        if !required.is_empty() {
            schema.insert("required".to_owned(), json!(required));
        }
        Written { schema, form: Some(index), is_text: false }
    }

    fn array(&mut self, items: Option<&Value>, keywords: &Map<String, Value>, level: usize) -> Written {
        let items = match items {
            Some(_) if self.is_full(level) => plain_object(),
            Some(items) => self.value(items, level + 1),
            None => self.json_text(),
        };
        self.forms.array(items, keywords)
    }
}

fn plain_object() -> Written {
    Written::plain(json!({"type": "object"}))
}

/// Whether a description was made here, and says what a schema cannot.
fn is_remark(text: &str) -> bool {
    text.starts_with("One of: ") || text == "Any value, written as JSON text."
}

/// Adds what is said of the whole to `schema`: nothing may stand beside `anyOf`, so it goes to the
/// first branch there.
fn annotate(schema: &mut Map<String, Value>, description: Option<String>, nullable: bool) {
    if let Some(Value::Array(branches)) = schema.get_mut("anyOf") {
        if let Some(Value::Object(first)) = branches.first_mut() {
            annotate(first, description, nullable);
        }
        return;
    }
    if let Some(description) = description {
        let remark = schema.get("description").and_then(Value::as_str).filter(|said| is_remark(said));
        let text = match remark {
            Some(remark) => format!("{} {remark}", description.trim_end()),
            None => description,
        };
        schema.insert("description".to_owned(), Value::String(text));
    }
    if nullable {
        schema.insert("nullable".to_owned(), json!(true));
    }
}

fn scalar(types: &[&'static str], keywords: &Map<String, Value>) -> Written {
    let is_text = types.contains(&"string");
    let schema = match types {
        // Only null is valid, which no type stands for.
        [] => map(json!({"type": "string", "nullable": true})),
        [only] => of_type(only, keywords),
        several => {
            let branches: Vec<Value> =
                several.iter().map(|name| Value::Object(of_type(name, keywords))).collect();
            map(json!({ "anyOf": branches }))
        }
    };
    Written { schema, form: None, is_text }
}

fn of_type(name: &str, keywords: &Map<String, Value>) -> Map<String, Value> {
    let mut schema = map(json!({ "type": name }));
    let formats: &[&str] = match name {
        "string" => &["date-time"],
        "integer" => &["int32", "int64"],
        "number" => &["float", "double"],
        _ => &[],
    };
    let format = keywords.get("format").filter(|format| formats.iter().any(|known| *format == known));
    schema.extend(format.map(|format| ("format".to_owned(), format.clone())));
    match name {
        "string" => copy(&["minLength", "maxLength", "pattern"], keywords, &mut schema),
        "integer" | "number" => bounds(keywords, &mut schema),
        _ => {}
    }
    list_values(name, keywords, &mut schema);
    schema
}

fn bounds(keywords: &Map<String, Value>, schema: &mut Map<String, Value>) {
    for (bound, exclusive) in [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")] {
        let value = keywords.get(bound).or_else(|| keywords.get(exclusive));
        schema.extend(value.map(|value| (bound.to_owned(), value.clone())));
    }
}

/// Only strings can be enumerated, and none may be empty; other values are named in the description.
fn list_values(name: &str, keywords: &Map<String, Value>, schema: &mut Map<String, Value>) {
    let Some(mut values) = listed(keywords) else { return };
    values.retain(|value| match name {
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        _ => value.is_number(),
    });
    if values.is_empty() {
        return;
    }
    if name == "string" && values.iter().all(|value| value.as_str().is_some_and(|text| !text.is_empty())) {
        schema.insert("enum".to_owned(), Value::Array(values));
        return;
    }
    let mut names: Vec<String> = values.iter().take(MOST_LISTED).map(ToString::to_string).collect();
    if values.len() > MOST_LISTED {
        names.push("…".to_owned());
    }
    schema.insert("description".to_owned(), json!(format!("One of: {}.", names.join(", "))));
}
