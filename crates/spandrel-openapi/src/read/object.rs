//! An object of a document, and how its members are read without trusting their types.

use std::sync::LazyLock;

use serde_json::{Map, Value};

use super::Reader;
use crate::diagnostic::Code;
use crate::location::Location;
use crate::model::SpecVersion;
use crate::parse::kind_of;
use crate::reference::ReferenceError;

/// An object with its place, behind the reference that led to it.
#[derive(Debug, Clone)]
pub(super) struct Object<'a> {
    pub(super) members: &'a Map<String, Value>,
    pub(super) location: Location,
    /// The `description` beside the reference that led here (3.1: it counts instead of its own).
    description: Option<&'a str>,
}

impl<'a> Object<'a> {
    pub(super) const fn new(members: &'a Map<String, Value>, location: Location) -> Self {
        Self { members, location, description: None }
    }

    pub(super) fn empty(location: Location) -> Self {
        static EMPTY: LazyLock<Map<String, Value>> = LazyLock::new(Map::new);
        Self::new(&EMPTY, location)
    }

    /// A member that is there and not null.
    pub(super) fn get(&self, name: &str) -> Option<&'a Value> {
        self.members.get(name).filter(|value| !value.is_null())
    }

    pub(super) fn at(&self, name: &str) -> Location {
        self.location.child(name)
    }

    /// The place of the member, where there is one.
    pub(super) fn place_of(&self, name: &str) -> Option<Location> {
        self.get(name).map(|_| self.at(name))
    }
}

impl<'a> Reader<'a> {
    /// An object that may stand behind references.
    pub(super) fn referenced(&mut self, value: &'a Value, location: Location) -> Option<Object<'a>> {
        if self.budget == 0 {
            self.is_incomplete = true;
            return None;
        }
        // The place of whatever is read is kept with it.
        self.charge(1 + location.pointer.as_str().len() / 64);
        if reference_in(value).is_none() {
            return self.object(value, location);
        }
        let beside = value.get("description").and_then(Value::as_str);
        let beside = beside.filter(|_| self.version >= SpecVersion::V3_1);
        match self.set.follow(location.clone()) {
            Ok((place, target)) => {
                self.object(target, place).map(|object| Object { description: beside, ..object })
            }
            Err(error) => {
                self.report_reference(&error, &location);
                None
            }
        }
    }

    /// A value as an object.
    pub(super) fn object(&mut self, value: &'a Value, location: Location) -> Option<Object<'a>> {
        match value {
            Value::Object(members) => Some(Object::new(members, location)),
            other => {
                self.report_type(&location, other, "an object");
                None
            }
        }
    }

    /// The member `name` as an object that may stand behind references.
    pub(super) fn member(&mut self, object: &Object<'a>, name: &str) -> Option<Object<'a>> {
        object.get(name).and_then(|value| self.referenced(value, object.at(name)))
    }

    /// The members of the map `name`.
    pub(super) fn named(&mut self, object: &Object<'a>, name: &str) -> Vec<(&'a String, Object<'a>)> {
        let Some(map) = self.member(object, name) else { return Vec::new() };
        let members = map.members.iter();
        let mut named = Vec::new();
        for (name, value) in members {
            if self.budget == 0 {
                self.is_incomplete = true;
                break;
            }
            named.extend(self.referenced(value, map.at(name)).map(|object| (name, object)));
        }
        named
    }

    /// The items of the array `name` with their places.
    pub(super) fn items(&mut self, object: &Object<'a>, name: &str) -> Vec<(Location, &'a Value)> {
        match object.get(name) {
            None => Vec::new(),
            Some(Value::Array(items)) => {
                let list = object.at(name);
                let place = list.pointer.as_str().len() / 64;
                let mut found = Vec::new();
                for (index, item) in items.iter().enumerate() {
                    if self.budget == 0 {
                        self.is_incomplete = true;
                        break;
                    }
                    self.charge(place);
                    found.push((list.item(index), item));
                }
                found
            }
            Some(other) => {
                self.report_type(&object.at(name), other, "an array");
                Vec::new()
            }
        }
    }

    /// The member `name` as text: numbers and booleans count as what they say.
    pub(super) fn text(&mut self, object: &Object<'a>, name: &str) -> Option<String> {
        let value = object.get(name)?;
        let text = scalar_text(value);
        match &text {
            Some(text) => self.charge(text.len() / 64),
            None => self.report_type(&object.at(name), value, "a string"),
        }
        text
    }

    /// The texts of the array `name`.
    pub(super) fn texts(&mut self, object: &Object<'a>, name: &str) -> Vec<String> {
        let mut texts = Vec::new();
        for (location, item) in self.items(object, name) {
            match scalar_text(item) {
                Some(text) => {
                    self.charge(1 + text.len() / 64);
                    texts.push(text);
                }
                None => self.report_type(&location, item, "a string"),
            }
        }
        texts
    }

    /// The description, or the one beside the reference that led to the object.
    pub(super) fn description(&mut self, object: &Object<'a>) -> Option<String> {
        match object.description {
            Some(text) => {
                self.charge(text.len() / 64);
                Some(text.to_owned())
            }
            None => self.text(object, "description").filter(|text| !text.is_empty()),
        }
    }

    /// The members whose name starts with `x-`.
    pub(super) fn extensions(&mut self, object: &Object<'a>) -> Map<String, Value> {
        let own = object.members.iter().filter(|(name, _)| name.starts_with("x-"));
        let mut extensions = Map::new();
        for (name, value) in own {
            match self.within_budget(value) {
                Some(value) => drop(extensions.insert(name.clone(), value)),
                None => self.is_incomplete = true,
            }
        }
        extensions
    }

    /// The member `name` as a boolean; the strings `true` and `false` count.
    pub(super) fn flag(&mut self, object: &Object<'a>, name: &str) -> Option<bool> {
        match object.get(name)? {
            Value::Bool(flag) => Some(*flag),
            Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
            Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
            other => {
                self.report_type(&object.at(name), other, "a boolean");
                None
            }
        }
    }

    pub(super) fn report_missing(&mut self, object: &Object<'a>, name: &str) {
        let message = format!("the required member `{name}` is missing");
        self.report(Code::MissingField, &object.location, message, &format!("add `{name}`"));
    }

    pub(super) fn report_type(&mut self, location: &Location, value: &Value, expected: &str) {
        let message = format!("this is {} where {expected} is expected; it was left out", kind_of(value));
        self.report(Code::UnexpectedType, location, message, &format!("write {expected}"));
    }

    pub(super) fn report_reference(&mut self, error: &ReferenceError, location: &Location) {
        let (code, help) = match error {
            ReferenceError::NotLoaded { .. } => {
                (Code::DocumentNotLoaded, "make the document available, or bundle it into this one")
            }
            ReferenceError::Cycle(_) => (Code::ReferenceCycle, "let one of the references lead to a value"),
            ReferenceError::InvalidUrl { .. } | ReferenceError::Missing { .. } => {
                (Code::UnresolvedReference, "correct the reference, or add what it names")
            }
        };
        self.report(code, location, error.to_string(), help);
    }
}

pub(super) fn reference_in(value: &Value) -> Option<&str> {
    value.get("$ref").and_then(Value::as_str)
}

/// What a scalar says.
pub(super) fn scalar_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
