//! Finding values in a tool's arguments.

use std::fmt;

use serde_json::{Map, Value};

use crate::error::{CallError, CallErrorKind};
use crate::plan::{ArgumentPath, ParameterPlan};

/// The arguments of a call.
pub(crate) type Arguments = Map<String, Value>;

/// The value at `path`.
pub(crate) fn find<'a>(arguments: &'a Arguments, path: &ArgumentPath) -> Option<&'a Value> {
    let (first, rest) = path.0.split_first()?;
    rest.iter().try_fold(arguments.get(first)?, |value, key| value.get(key))
}

/// The value of a parameter. Null for an optional one means that it is left out: models write null
/// for what they do not want to give.
///
/// # Errors
/// When a required parameter has no value.
pub(crate) fn value_of<'a>(
    arguments: &'a Arguments,
    parameter: &ParameterPlan,
) -> Result<Option<&'a Value>, CallError> {
    match find(arguments, &parameter.argument) {
        Some(Value::Null) if !parameter.required => Ok(None),
        None if parameter.required => Err(invalid(&parameter.argument, "required, but missing")),
        value => Ok(value),
    }
}

/// The error for an argument whose value cannot be sent.
pub(crate) fn invalid(argument: impl fmt::Display, problem: impl fmt::Display) -> CallError {
    CallError::new(CallErrorKind::InvalidArguments, format!("`{argument}`: {problem}"))
}

/// The error for valid arguments of which no request can be made.
pub(crate) fn not_renderable(problem: impl Into<std::borrow::Cow<'static, str>>) -> CallError {
    CallError::new(CallErrorKind::RequestNotRenderable, problem)
}
