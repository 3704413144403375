//! Arguments as a model writes them, where it was shown another schema than the one that they must
//! satisfy in the end.
//!
//! Some clients take a part of JSON Schema only: there an optional value is written as null, and a
//! value that they have no schema for as JSON text. [`WrittenArguments`] says where, so that such
//! arguments can be read back.

use std::borrow::Cow;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::arguments::Arguments;

/// The most levels that are read back; no parser gives deeper values.
const MAX_DEPTH: usize = 128;
/// The most alternatives that one value is compared with.
const MAX_ALTERNATIVES: usize = 256;

/// Where written arguments differ from what they mean. A value that already is what it means stays
/// as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WrittenArguments {
    /// The forms of values; recursive schemas refer to each other by index. The first is the form of
    /// the arguments object.
    pub forms: Vec<WrittenForm>,
}

/// How the values of one schema are written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WrittenForm {
    /// Members of an object, by name; others are as they are.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub members: IndexMap<String, WrittenMember>,
    /// The form of the items of an array.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub items: Option<usize>,
    /// Forms that the value may have as well.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<usize>,
    /// Whether a string stands for the value that it is the JSON text of.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub json_text: bool,
    /// Whether a string may be meant as it is. Where it may also be JSON text, it is taken for that
    /// if it is an object or an array.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub text: bool,
}

/// How a member of an object is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WrittenMember {
    /// The form of its value; none where that is as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<usize>,
    /// Whether null says that there is no such member.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub null_is_absent: bool,
}

impl WrittenArguments {
    /// Whether there is nothing to read back.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let says_nothing = |form: &WrittenForm| {
            !form.json_text && !form.members.values().any(|member| member.null_is_absent)
        };
        self.forms.iter().all(says_nothing)
    }

    /// What `arguments` mean.
    #[must_use]
    pub fn read(&self, arguments: &Arguments) -> Arguments {
        self.read_object(&[0], arguments, 0)
    }

    fn read_value(&self, forms: &[usize], value: &Value, depth: usize) -> Value {
        let forms = self.with_alternatives(forms);
        match value {
            _ if forms.is_empty() || depth > MAX_DEPTH => value.clone(),
            Value::Object(members) => Value::Object(self.read_object(&forms, members, depth)),
            Value::Array(items) => {
                let below: Vec<usize> = self.all(&forms).filter_map(|form| form.items).collect();
                Value::Array(items.iter().map(|item| self.read_value(&below, item, depth + 1)).collect())
            }
            Value::String(text) if self.all(&forms).any(|form| form.json_text) => {
                let may_be_text = self.all(&forms).any(|form| form.text);
                let parsed = serde_json::from_str::<Value>(text).ok();
                let meant = parsed.filter(|value| !may_be_text || value.is_object() || value.is_array());
                meant.unwrap_or_else(|| value.clone())
            }
            other => other.clone(),
        }
    }

    fn read_object(&self, forms: &[usize], members: &Map<String, Value>, depth: usize) -> Map<String, Value> {
        let forms = self.with_alternatives(forms);
        let mut read = Map::new();
        for (name, value) in members {
            let known: Vec<WrittenMember> =
                self.all(&forms).filter_map(|form| form.members.get(name).copied()).collect();
            if value.is_null() && known.iter().any(|member| member.null_is_absent) {
                continue;
            }
            let below: Vec<usize> = known.iter().filter_map(|member| member.form).collect();
            read.insert(name.clone(), self.read_value(&below, value, depth + 1));
        }
        read
    }

    fn all<'f>(&'f self, forms: &'f [usize]) -> impl Iterator<Item = &'f WrittenForm> {
        forms.iter().filter_map(|&index| self.forms.get(index))
    }

    /// `forms` and their alternatives, each once.
    fn with_alternatives(&self, forms: &[usize]) -> Vec<usize> {
        let mut all: Vec<usize> = Vec::new();
        let mut pending: Vec<usize> = forms.iter().rev().copied().collect();
        while let Some(index) = pending.pop() {
            if all.contains(&index) || all.len() >= MAX_ALTERNATIVES {
                continue;
            }
            all.push(index);
            pending.extend(self.forms.get(index).into_iter().flat_map(|form| &form.alternatives));
        }
        all
    }
}

/// What `arguments` mean by `written`, copied only where they may differ.
pub(crate) fn read<'a>(written: Option<&WrittenArguments>, arguments: &'a Arguments) -> Cow<'a, Arguments> {
    written.map_or(Cow::Borrowed(arguments), |written| Cow::Owned(written.read(arguments)))
}

#[cfg(test)]
mod tests;
