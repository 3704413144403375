//! The query parameters of a call: which argument fills each, and with what.

use serde_json::{Map, Value};

use super::{AnsweredCall, NextPage};
use crate::arguments::find;
use crate::catalog::Tool;
use crate::plan::{ArgumentPath, ParameterPlan, Serialization};
use crate::supplied::Supply;
use crate::value_text::parameter_text;

pub(super) struct Pager<'a> {
    pub(super) tool: &'a Tool,
    pub(super) answered: &'a AnsweredCall<'a>,
}

impl<'a> Pager<'a> {
    /// The query parameters that a model can give.
    pub(super) fn parameters(&self) -> impl Iterator<Item = &'a ParameterPlan> {
        let supplied = &self.tool.plan.supplied;
        self.tool.plan.query.iter().filter(|parameter| {
            let is_given = !supplied
                .iter()
                .any(|one| one.argument == parameter.argument && !matches!(one.supply, Supply::Default(_)));
            is_given && matches!(parameter.serialization, Serialization::Style { .. })
        })
    }

    /// The first of the parameters of these names, which are written without regard to case, `_` and `-`.
    pub(super) fn named(&self, names: &[&str]) -> Option<&'a ParameterPlan> {
        names.iter().find_map(|name| self.parameters().find(|parameter| folded(&parameter.name) == *name))
    }

    /// What the call gave for the parameter, as text.
    pub(super) fn given(&self, parameter: &ParameterPlan) -> Option<String> {
        let value = find(self.answered.arguments, &parameter.argument)?;
        (!value.is_null()).then(|| parameter_text(value).into_owned())
    }

    /// The call with `text` for that parameter; none where that is what it had.
    pub(super) fn with(&self, parameter: &ParameterPlan, text: &str) -> Option<NextPage> {
        let mut next = NextPage::default();
        self.set(&mut next, parameter, text)?;
        (!next.arguments.is_empty()).then_some(next)
    }

    /// Sets a parameter, unless it has that value.
    pub(super) fn set(&self, next: &mut NextPage, parameter: &ParameterPlan, text: &str) -> Option<()> {
        if self.given(parameter).as_deref() == Some(text) {
            return Some(());
        }
        let value = self.value(&parameter.argument, text)?;
        let (last, before) = parameter.argument.0.split_last()?;
        let mut members = &mut next.arguments;
        for key in before {
            let inner = members.entry(key.clone()).or_insert_with(|| Value::Object(Map::new()));
            members = inner.as_object_mut()?;
        }
        members.insert(last.clone(), value);
        Some(())
    }

    /// The text of a query as the argument that stands for it; none where that is no scalar.
    fn value(&self, path: &ArgumentPath, text: &str) -> Option<Value> {
        let root = self.tool.input_schema.to_value();
        let schema = path.0.iter().try_fold(&root, |schema, key| schema.get("properties")?.get(key))?;
        let types: Vec<&str> = match schema.get("type") {
            Some(Value::String(one)) => vec![one.as_str()],
            Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        let is = |name: &str| types.contains(&name);
        if types.is_empty() || is("string") {
            return Some(Value::String(text.to_owned()));
        }
        let value: Value = serde_json::from_str(text).ok()?;
        let fits =
            value.is_number() && (is("integer") || is("number")) || value.is_boolean() && is("boolean");
        fits.then_some(value)
    }
}

/// A name as names are compared.
pub(super) fn folded(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}
