//! A schema as it is written for clients that take a part of JSON Schema, and how to read its values
//! back.

use serde_json::{Map, Value, json};
use spandrel_plan::{WrittenArguments, WrittenForm};

/// A schema that was rewritten, and how its values are written.
pub(super) struct Written {
    pub(super) schema: Map<String, Value>,
    /// Its form among the [`Forms`]; none where values are written as they are.
    pub(super) form: Option<usize>,
    /// Whether a string is a value of it.
    pub(super) is_text: bool,
}

impl Written {
    pub(super) fn plain(schema: Value) -> Self {
        Self { schema: map(schema), form: None, is_text: false }
    }
}

/// The forms of one tool's arguments.
#[derive(Default)]
pub(super) struct Forms(Vec<WrittenForm>);

impl Forms {
    pub(super) fn add(&mut self, form: WrittenForm) -> usize {
        self.0.push(form);
        self.0.len() - 1
    }

    pub(super) fn get_mut(&mut self, index: usize) -> Option<&mut WrittenForm> {
        self.0.get_mut(index)
    }

    pub(super) fn into_arguments(self) -> WrittenArguments {
        WrittenArguments { forms: self.0 }
    }

    /// A value that is written as JSON text: `what` says which.
    pub(super) fn json_text(&mut self, what: &str) -> Written {
        let form = self.add(WrittenForm { json_text: true, ..WrittenForm::default() });
        let description = format!("{what}, written as JSON text.");
        let schema = map(json!({"type": "string", "description": description}));
        Written { schema, form: Some(form), is_text: false }
    }

    /// A choice among `schemas`, whose values are written as `form` says.
    pub(super) fn choice(&mut self, form: WrittenForm, mut schemas: Vec<Value>) -> Written {
        let is_text = form.text;
        let form = Some(self.add(form));
        match schemas.pop() {
            None => self.json_text("Any value"),
            Some(Value::Object(schema)) if schemas.is_empty() => Written { schema, form, is_text },
            Some(last) => {
                schemas.push(last);
                Written { schema: map(json!({ "anyOf": schemas })), form, is_text }
            }
        }
    }

    /// An array of `items`, with the bounds that `keywords` give it.
    pub(super) fn array(&mut self, items: Written, keywords: &Map<String, Value>) -> Written {
        let Written { schema: items, form, .. } = items;
        let form = form.map(|form| self.add(WrittenForm { items: Some(form), ..WrittenForm::default() }));
        let mut schema = map(json!({"type": "array"}));
        schema.insert("items".to_owned(), Value::Object(items));
        copy(&["minItems", "maxItems"], keywords, &mut schema);
        Written { schema, form, is_text: false }
    }
}

/// Adds those of the keywords that `from` has.
pub(super) fn copy(keywords: &[&str], from: &Map<String, Value>, schema: &mut Map<String, Value>) {
    for keyword in keywords {
        schema.extend(from.get(*keyword).map(|value| ((*keyword).to_owned(), value.clone())));
    }
}

/// The members of a schema that was written as an object.
pub(super) fn map(schema: Value) -> Map<String, Value> {
    match schema {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}
