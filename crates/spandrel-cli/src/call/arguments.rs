//! `name=value` on the command line to JSON arguments, as the tool's schema says.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use spandrel::Tool;

use crate::schema_type::Schema;

type Arguments = Map<String, Value>;

/// Adds arguments as they were typed to those that are there.
pub(crate) fn add(tool: &Tool, typed: &[String], arguments: &mut Arguments) -> anyhow::Result<()> {
    let root = tool.input_schema.to_value();
    let given: Vec<String> = arguments.keys().cloned().collect();
    let mut names = BTreeSet::new();
    for text in typed {
        let typed = Typed::parse(text)?;
        let place = Place::find(Schema::root(&root), typed.name);
        let value = typed.value(place.schema)?;
        if !names.insert(typed.name) && !value.is_item {
            bail!("the argument `{}` is given twice, and takes one value", typed.name);
        }
        if place.schema.is_none()
            && let Some(group) = group_with(Schema::root(&root), typed.name)
        {
            bail!(
                "there is no argument `{}`, but `{group}` has a member of that name; write {group}.{text}, or \
                 {group}:='{{…}}'",
                typed.name
            );
        }
        let replaces = given.iter().any(|name| place.path.first() == Some(&name.as_str()));
        place.put(value, arguments, replaces).with_context(|| format!("the argument `{}`", typed.name))?;
    }
    Ok(())
}

/// The argument that has a member of this name, such as a body that is one argument.
fn group_with<'s>(root: Schema<'s>, name: &str) -> Option<&'s str> {
    root.property_names()
        .find(|group| root.property(group).is_some_and(|group| group.property(name).is_some()))
}

/// An argument as it was typed.
struct Typed<'t> {
    name: &'t str,
    form: Form,
    value: &'t str,
}

#[derive(Clone, Copy)]
enum Form {
    /// `name=value`
    Text,
    /// `name:=json`
    Json,
    /// `name=@file`
    File,
}

/// A value, and whether it may be one item of several.
struct Given {
    value: Value,
    is_item: bool,
}

impl<'t> Typed<'t> {
    fn parse(text: &'t str) -> anyhow::Result<Self> {
        let Some((name, value)) = text.split_once('=') else {
            bail!("`{text}` is not an argument; write name=value, or name:=json");
        };
        let (name, form, value) = match (name.strip_suffix(':'), value.strip_prefix('@')) {
            (Some(name), _) => (name, Form::Json, value),
            (None, Some(path)) => (name, Form::File, path),
            (None, None) => (name, Form::Text, value),
        };
        if name.is_empty() {
            bail!("`{text}` names no argument; write name=value, or name:=json");
        }
        Ok(Self { name, form, value })
    }

    fn value(&self, schema: Option<Schema<'_>>) -> anyhow::Result<Given> {
        match self.form {
            Form::Json => {
                let value = serde_json::from_str(self.value)
                    .with_context(|| format!("the value of `{}` is not JSON", self.name))?;
                Ok(Given { value, is_item: false })
            }
            Form::Text => self.text(schema),
            Form::File => self.file(schema),
        }
    }

    /// The value that the schema wants: an array's items may be given one by one.
    fn text(&self, schema: Option<Schema<'_>>) -> anyhow::Result<Given> {
        let Some(schema) = schema else {
            return Ok(Given { value: guess(self.value), is_item: false });
        };
        let types = schema.types();
        let json: Option<Value> = serde_json::from_str(self.value).ok();
        if let Some(value) = json.filter(|value| !value.is_string() && types.fit(value)) {
            return Ok(Given { value, is_item: false });
        }
        if types.names("string") {
            return Ok(Given { value: Value::String(self.value.to_owned()), is_item: false });
        }
        if types.names("array") {
            let item = self.text(schema.items())?;
            return Ok(Given { value: item.value, is_item: true });
        }
        if types.allows("string") {
            return Ok(Given { value: guess(self.value), is_item: false });
        }
        bail!(
            "the value of `{}` should be {}; write JSON, as in {}:='…'",
            self.name,
            schema.describe(),
            self.name
        )
    }

    /// The content of a file: an object with its data where the tool takes files, text otherwise.
    fn file(&self, schema: Option<Schema<'_>>) -> anyhow::Result<Given> {
        let bytes =
            std::fs::read(self.value).with_context(|| format!("the file `{}` cannot be read", self.value))?;
        let is_item = schema.is_some_and(|schema| schema.types().names("array"));
        let wanted = if is_item { schema.and_then(Schema::items) } else { schema };
        let value = match String::from_utf8(bytes) {
            Ok(text) if !wanted.is_some_and(Schema::is_file) => Value::String(text),
            text => {
                let bytes = text.map_or_else(std::string::FromUtf8Error::into_bytes, String::into_bytes);
                let name = Path::new(self.value).file_name().map(|name| name.to_string_lossy());
                match wanted {
                    Some(wanted) if wanted.is_file() => {
                        json!({"data": STANDARD.encode(bytes), "name": name})
                    }
                    _ => Value::String(STANDARD.encode(bytes)),
                }
            }
        };
        Ok(Given { value, is_item })
    }
}

/// JSON where it is JSON, text otherwise.
fn guess(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()))
}

/// Where an argument stands: its keys, and what the schema says of it.
struct Place<'s> {
    path: Vec<&'s str>,
    schema: Option<Schema<'s>>,
}

impl<'s> Place<'s> {
    /// A name with dots leads into objects, unless the schema knows it as it is.
    fn find(schema: Schema<'s>, name: &'s str) -> Self {
        if let Some(own) = schema.property(name) {
            return Self { path: vec![name], schema: Some(own) };
        }
        let inner =
            name.split_once('.').and_then(|(group, rest)| Some((group, rest, schema.property(group)?)));
        match inner {
            Some((group, rest, schema)) => {
                let mut place = Self::find(schema, rest);
                place.path.insert(0, group);
                place
            }
            None => Self { path: vec![name], schema: None },
        }
    }

    /// Puts the value there; an item joins the items that are there, unless it `replaces` them.
    fn put(&self, given: Given, arguments: &mut Arguments, replaces: bool) -> anyhow::Result<()> {
        let Some((last, groups)) = self.path.split_last() else { return Ok(()) };
        let mut members = arguments;
        for group in groups {
            let inner = members.entry((*group).to_owned()).or_insert_with(|| json!({}));
            members = inner.as_object_mut().with_context(|| format!("`{group}` is not an object"))?;
        }
        match (given.is_item, members.get_mut(*last)) {
            (true, Some(Value::Array(items))) if !replaces => items.push(given.value),
            (true, _) => drop(members.insert((*last).to_owned(), Value::Array(vec![given.value]))),
            (false, _) => drop(members.insert((*last).to_owned(), given.value)),
        }
        Ok(())
    }
}
