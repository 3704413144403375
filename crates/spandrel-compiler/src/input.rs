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
    /// Where their values stand, in the same order.
    paths: Vec<ArgumentPath>,
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
            paths: Vec::new(),
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

    /// The arguments that `chooses`, by their position.
    pub(crate) fn positions(&self, chooses: impl Fn(&Argument) -> bool) -> Vec<usize> {
        let all = self.arguments.iter().enumerate();
        all.filter(|(_, argument)| chooses(argument)).map(|(position, _)| position).collect()
    }

    /// The argument at `position`.
    pub(crate) fn argument(&self, position: usize) -> Option<&Argument> {
        self.arguments.get(position)
    }

    /// Whether the argument at `position` may be a string, as far as its schema says.
    pub(crate) fn takes_text(&self, position: usize) -> bool {
        let schema = self.paths.get(position).and_then(|path| {
            let (key, group) = (path.0.last()?, path.0.len() > 1);
            let place = self.arguments.get(position)?.place;
            let group = if group { self.groups.get(group_name(place))? } else { &self.root };
            group.properties.get(key)
        });
        let reference = schema.and_then(|schema| schema.get("$ref")?.as_str()?.strip_prefix("#/$defs/"));
        let target = reference.and_then(|name| self.definitions.get(name)).map(|target| &**target);
        match target.or(schema).and_then(|schema| schema.get("type")) {
            Some(Value::String(name)) => name == "string",
            Some(Value::Array(names)) => names.iter().any(|name| name == "string"),
            _ => true,
        }
    }

    /// Takes the argument at `position` away from the model: where its value stands all the same.
    pub(crate) fn withdraw(&mut self, position: usize) -> Option<ArgumentPath> {
        self.path_at(position)?;
        let place = self.arguments.remove(position).place;
        let path = self.paths.remove(position);
        let key = path.0.last()?;
        let group = self.group_of(&path, place);
        group.properties.shift_remove(key);
        group.required.retain(|name| name != key);
        Some(path)
    }

    /// Lets the model leave the argument at `position` out, which then is `default`.
    pub(crate) fn make_optional(&mut self, position: usize, default: Option<&Value>) -> Option<ArgumentPath> {
        let path = self.path_at(position)?;
        let argument = self.arguments.get_mut(position)?;
        argument.required = false;
        let place = argument.place;
        let key = path.0.last()?;
        let group = self.group_of(&path, place);
        group.required.retain(|name| name != key);
        if let (Some(Value::Object(schema)), Some(default)) = (group.properties.get_mut(key), default) {
            schema.insert("default".to_owned(), default.clone());
        }
        Some(path)
    }

    fn path_at(&self, position: usize) -> Option<ArgumentPath> {
        self.paths.get(position).cloned()
    }

    fn group_of(&mut self, path: &ArgumentPath, place: ArgumentIn) -> &mut ArgumentGroup {
        if path.0.len() > 1 { self.group(group_name(place)) } else { &mut self.root }
    }

    /// Allows arguments that are not listed, each of `schema`.
    pub(crate) fn allow_additional(&mut self, schema: Value) {
        self.additional = Some(schema);
    }

    fn record(&mut self, path: &ArgumentPath, place: ArgumentIn, name: &str, required: bool) {
        self.paths.push(path.clone());
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
            // Of some groups everything was withdrawn.
            if group.properties.is_empty() {
                continue;
            }
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
