//! The arguments object of a tool: its schema, and where each argument goes.

use std::collections::BTreeMap;
use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::{Map, Value, json};
use spandrel_openapi::Bundle;
use spandrel_plan::{Argument, ArgumentIn, ArgumentPath, JsonText};

use crate::argument_name::ArgumentNames;
use crate::options::ArgumentLayout;
use crate::profile::Profile;
use crate::schema_size;
use crate::schema_text::SchemaTexts;

/// Collects the arguments of one tool.
pub(crate) struct Input {
    layout: ArgumentLayout,
    /// Whether keys may have dots.
    allows_dots: bool,
    root: ArgumentGroup,
    groups: IndexMap<&'static str, ArgumentGroup>,
    definitions: BTreeMap<String, Arc<Value>>,
    arguments: Vec<Argument>,
    /// The schema of arguments that are not listed; none where there are none.
    additional: Option<Value>,
}

/// What the arguments of a tool came to.
pub(crate) struct FinishedInput {
    pub(crate) schema: JsonText,
    pub(crate) arguments: Vec<Argument>,
    /// Whether definitions were left out to keep the schema within its bound.
    pub(crate) was_cut: bool,
}

struct ArgumentGroup {
    names: ArgumentNames,
    properties: Map<String, Value>,
    required: Vec<Value>,
}

impl ArgumentGroup {
    fn new(allows_dots: bool) -> Self {
        Self { names: ArgumentNames::new(allows_dots), properties: Map::new(), required: Vec::new() }
    }

    fn add(&mut self, name: &str, place: &str, required: bool, schema: Value) -> String {
        let key = self.names.name(name, place);
        self.properties.insert(key.clone(), schema);
        if required {
            self.required.push(Value::String(key.clone()));
        }
        key
    }

    fn into_schema(self) -> Map<String, Value> {
        let mut schema = Map::new();
        schema.insert("type".to_owned(), json!("object"));
        schema.insert("properties".to_owned(), Value::Object(self.properties));
        if !self.required.is_empty() {
            schema.insert("required".to_owned(), Value::Array(self.required));
        }
        schema
    }
}

impl Input {
    pub(crate) fn new(layout: ArgumentLayout, profile: Profile) -> Self {
        let allows_dots = profile.allows_dots_in_keys();
        Self {
            layout,
            allows_dots,
            root: ArgumentGroup::new(allows_dots),
            groups: IndexMap::new(),
            definitions: BTreeMap::new(),
            arguments: Vec::new(),
            additional: None,
        }
    }

    pub(crate) fn layout(&self) -> ArgumentLayout {
        self.layout
    }

    /// Takes over the definitions that `bundle` refers to, and gives its schema.
    pub(crate) fn adopt(&mut self, bundle: Bundle) -> Value {
        self.definitions.extend(bundle.defs);
        bundle.schema
    }

    /// Keeps the argument called `name`, where that is legal, for the part `name` of the request in
    /// `place`, which is added later.
    pub(crate) fn reserve(&mut self, place: ArgumentIn, name: &str) {
        match self.layout {
            ArgumentLayout::Flat => self.root.names.reserve(name),
            ArgumentLayout::Grouped => self.group(group_name(place)).names.reserve(name),
        }
    }

    /// Adds the argument for the part `name` of the request in `place`.
    pub(crate) fn add(
        &mut self,
        place: ArgumentIn,
        name: &str,
        required: bool,
        schema: Value,
    ) -> ArgumentPath {
        let group = group_name(place);
        let path = match self.layout {
            ArgumentLayout::Flat => ArgumentPath::key(self.root.add(name, group, required, schema)),
            ArgumentLayout::Grouped => {
                let key = self.group(group).add(name, group, required, schema);
                ArgumentPath(vec![group.to_owned(), key])
            }
        };
        self.record(&path, place, name, required);
        path
    }

    /// Adds an argument of the root, whatever the layout: the whole body, or what is no parameter.
    pub(crate) fn add_root(
        &mut self,
        key: &str,
        place: ArgumentIn,
        name: &str,
        required: bool,
        schema: Value,
    ) -> ArgumentPath {
        let path = ArgumentPath::key(self.root.add(key, "request", required, schema));
        self.record(&path, place, name, required);
        path
    }

    /// The schema of the argument for the part `name` of the request in `place`.
    pub(crate) fn property(&mut self, place: ArgumentIn, name: &str) -> Option<&mut Value> {
        let mut arguments = self.arguments.iter();
        let argument = &arguments.find(|argument| argument.place == place && argument.name == name)?.argument;
        if let Some(schema) = self.root.properties.get_mut(argument) {
            return Some(schema);
        }
        let group = group_name(place);
        let key = argument.strip_prefix(group)?.strip_prefix('.')?;
        self.groups.get_mut(group)?.properties.get_mut(key)
    }

    /// Allows arguments that are not listed, each of `schema`.
    pub(crate) fn allow_additional(&mut self, schema: Value) {
        self.additional = Some(schema);
    }

    fn record(&mut self, path: &ArgumentPath, place: ArgumentIn, name: &str, required: bool) {
        self.arguments.push(Argument { argument: path.0.join("."), place, name: name.to_owned(), required });
    }

    fn group(&mut self, name: &'static str) -> &mut ArgumentGroup {
        let allows_dots = self.allows_dots;
        self.groups.entry(name).or_insert_with(|| ArgumentGroup::new(allows_dots))
    }

    /// The schema, with at most about `limit` bytes of arguments and of definitions, and the list of
    /// arguments.
    pub(crate) fn finish(mut self, limit: usize, texts: &mut SchemaTexts) -> FinishedInput {
        for (name, group) in std::mem::take(&mut self.groups) {
            let required = !group.required.is_empty();
            let mut schema = group.into_schema();
            schema.insert("additionalProperties".to_owned(), json!(false));
            self.root.add(name, "request", required, Value::Object(schema));
        }
        let mut root = self.root.into_schema();
        match self.additional {
            None => {
                root.insert("additionalProperties".to_owned(), json!(false));
            }
            Some(Value::Object(schema)) if schema.is_empty() => {}
            Some(schema) => {
                root.insert("additionalProperties".to_owned(), schema);
            }
        }
        let root_length = Value::from(root.clone()).to_string().len();
        if texts.length(root_length, &self.definitions) <= limit {
            let schema = texts.write(&root, &self.definitions);
            return FinishedInput { schema, arguments: self.arguments, was_cut: false };
        }
        schema_size::cut_properties(&mut root, limit);
        let kept = schema_size::within(&root, &self.definitions, limit, texts);
        FinishedInput { schema: texts.write(&root, &kept), arguments: self.arguments, was_cut: true }
    }
}

fn group_name(place: ArgumentIn) -> &'static str {
    match place {
        ArgumentIn::Path => "path",
        ArgumentIn::Query | ArgumentIn::Querystring => "query",
        ArgumentIn::Header => "header",
        ArgumentIn::Cookie => "cookie",
        ArgumentIn::Body => "body",
        ArgumentIn::Form => "form",
    }
}
