//! Arguments that the bridge gives, not the model.

use std::borrow::Cow;
use std::fmt;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::arguments::{Arguments, find};
use crate::error::{CallError, CallErrorKind};
use crate::plan::ArgumentPath;

/// An argument that the bridge gives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SuppliedArgument {
    /// Where its value stands among the arguments.
    pub argument: ArgumentPath,
    /// What the bridge gives, and when.
    pub supply: Supply,
}

/// What the bridge gives for an argument, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Supply {
    /// Nothing, whatever the model gives.
    Hidden,
    /// This value, whatever the model gives.
    Fixed(SuppliedValue),
    /// This value where the model gives none.
    Default(SuppliedValue),
}

/// A value that the bridge gives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SuppliedValue {
    /// This one.
    Json(Value),
    /// That of an environment variable.
    Environment(EnvironmentValue),
}

/// The value of an environment variable. Nothing here reads the environment: whoever may, gives the value
/// with [`Catalog::set_environment`](crate::Catalog::set_environment). It is never shown.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EnvironmentValue {
    variable: String,
    is_text: bool,
    #[serde(skip)]
    value: OnceLock<Value>,
}

impl EnvironmentValue {
    /// The value of `variable`: a string where `is_text`, else what it is the JSON text of, or a string where
    /// it is none.
    #[must_use]
    pub fn new(variable: impl Into<String>, is_text: bool) -> Self {
        Self { variable: variable.into(), is_text, value: OnceLock::new() }
    }

    /// The variable's name.
    #[must_use]
    pub fn variable(&self) -> &str {
        &self.variable
    }

    /// Whether the value is a string.
    #[must_use]
    pub const fn is_text(&self) -> bool {
        self.is_text
    }

    /// Gives the variable's value; the first one stays.
    pub(crate) fn set(&self, text: String) {
        let parsed = if self.is_text { None } else { serde_json::from_str(&text).ok() };
        let _ = self.value.set(parsed.unwrap_or(Value::String(text)));
    }

    pub(crate) fn is_set(&self) -> bool {
        self.value.get().is_some()
    }
}

/// The value is not shown.
impl fmt::Debug for EnvironmentValue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("EnvironmentValue").field("variable", &self.variable).finish_non_exhaustive()
    }
}

/// The same variable, read alike.
impl PartialEq for EnvironmentValue {
    fn eq(&self, other: &Self) -> bool {
        (&self.variable, self.is_text) == (&other.variable, other.is_text)
    }
}

impl Eq for EnvironmentValue {}

impl SuppliedArgument {
    /// The environment variable that the value comes from.
    #[must_use]
    pub const fn environment(&self) -> Option<&EnvironmentValue> {
        match &self.supply {
            Supply::Fixed(SuppliedValue::Environment(value))
            | Supply::Default(SuppliedValue::Environment(value)) => Some(value),
            _ => None,
        }
    }
}

/// The arguments with those that the bridge gives.
///
/// # Errors
/// When the value of an environment variable was not given.
pub(crate) fn apply<'a>(
    supplied: &[SuppliedArgument],
    mut arguments: Cow<'a, Arguments>,
) -> Result<Cow<'a, Arguments>, CallError> {
    for SuppliedArgument { argument, supply } in supplied {
        let is_given = find(&arguments, argument).is_some();
        match supply {
            Supply::Hidden if is_given => remove(arguments.to_mut(), argument),
            Supply::Hidden => {}
            Supply::Default(_) if is_given => {}
            Supply::Fixed(value) | Supply::Default(value) => {
                let value = value.get(argument)?.clone();
                set(arguments.to_mut(), &argument.0, value);
            }
        }
    }
    Ok(arguments)
}

impl SuppliedValue {
    fn get(&self, argument: &ArgumentPath) -> Result<&Value, CallError> {
        let value = match self {
            Self::Json(value) => return Ok(value),
            Self::Environment(value) => value,
        };
        value.value.get().ok_or_else(|| {
            let message = format!(
                "The bridge gives `{argument}` from the environment variable {}, which is not configured. The \
                 operator of this bridge must set and allow it.",
                value.variable
            );
            CallError::new(CallErrorKind::ValueMissing, message)
        })
    }
}

/// Sets the value at `path`; what stands in the way is no object that a group could be.
fn set(arguments: &mut Arguments, path: &[String], value: Value) {
    match path {
        [] => {}
        [key] => {
            arguments.insert(key.clone(), value);
        }
        [group, rest @ ..] => {
            let members = arguments.entry(group.clone()).or_insert_with(|| Value::Object(Map::new()));
            if !members.is_object() {
                *members = Value::Object(Map::new());
            }
            if let Value::Object(members) = members {
                set(members, rest, value);
            }
        }
    }
}

fn remove(arguments: &mut Arguments, path: &ArgumentPath) {
    let Some((key, groups)) = path.0.split_last() else { return };
    let mut members = arguments;
    for group in groups {
        let Some(Value::Object(below)) = members.get_mut(group) else { return };
        members = below;
    }
    members.shift_remove(key);
}

#[cfg(test)]
mod tests;
