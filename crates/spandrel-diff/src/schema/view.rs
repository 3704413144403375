//! A schema behind its references.

use std::borrow::Cow;

use serde_json::{Map, Value};

/// The most references from one to the next.
const LONGEST: usize = 32;
/// Keywords that say nothing of what is allowed.
pub(super) const ANNOTATIONS: [&str; 9] = [
    "title",
    "description",
    "examples",
    "default",
    "deprecated",
    "$comment",
    "x-mcp-header",
    "$schema",
    "$defs",
];

/// What a schema says.
pub(super) enum View<'s> {
    /// It allows nothing.
    Nothing,
    /// These keywords; everything where there are none.
    Keywords(Keywords<'s>),
    /// A reference in it leads nowhere, or other assertions stand beside it.
    Unknown,
}

/// The keywords of a schema: those of what it refers to, with its own annotations.
pub(super) struct Keywords<'s> {
    /// Its own annotations, where it is a reference.
    own: Option<&'s Map<String, Value>>,
    target: Cow<'s, Map<String, Value>>,
}

impl<'s> View<'s> {
    pub(super) fn of(root: &'s Value, schema: &'s Value) -> Self {
        let mut own = None;
        let mut schema = schema;
        for _ in 0..LONGEST {
            let members = match schema {
                Value::Bool(true) => return Self::Keywords(Keywords { own, target: Cow::Owned(Map::new()) }),
                Value::Bool(false) => return Self::Nothing,
                Value::Object(members) => members,
                _ => return Self::Unknown,
            };
            let Some(reference) = members.get("$ref") else {
                return Self::Keywords(Keywords { own, target: Cow::Borrowed(members) });
            };
            let is_plain = |keyword: &String| keyword == "$ref" || ANNOTATIONS.contains(&keyword.as_str());
            let pointer = reference.as_str().and_then(|text| text.strip_prefix('#'));
            let target = pointer.and_then(|pointer| root.pointer(pointer));
            let (Some(target), true) = (target, members.keys().all(is_plain)) else { return Self::Unknown };
            own = own.or(Some(members));
            schema = target;
        }
        Self::Unknown
    }
}

impl Keywords<'_> {
    /// The value of a keyword.
    pub(super) fn get(&self, keyword: &str) -> Option<&Value> {
        self.own
            .filter(|_| ANNOTATIONS.contains(&keyword))
            .and_then(|own| own.get(keyword))
            .or_else(|| self.target.get(keyword))
    }

    /// The keywords that say what is allowed.
    pub(super) fn assertions(&self) -> impl Iterator<Item = &str> {
        self.target.keys().map(String::as_str).filter(|keyword| !ANNOTATIONS.contains(keyword))
    }
}

impl<'s> Keywords<'s> {
    /// The value of a keyword, as long-lived as the schema.
    pub(super) fn kept(&self, keyword: &str) -> Option<&'s Value> {
        match &self.target {
            Cow::Borrowed(members) => members.get(keyword),
            Cow::Owned(_) => None,
        }
    }
}
