//! Checking arguments against a schema that belongs to no operation.

use std::sync::OnceLock;

use serde_json::Value;

use super::{Validator, check_arguments};
use crate::catalog::JsonText;
use crate::error::CallError;

/// The input schema of a tool that is no operation of a document, checked as a
/// [`Tool`](crate::Tool)'s is.
#[derive(Debug)]
pub struct ArgumentSchema {
    tool: String,
    schema: JsonText,
    /// Compiled at the first check.
    validator: OnceLock<Validator>,
}

impl ArgumentSchema {
    /// The input schema (JSON Schema 2020-12, root `type: object`) of the tool of that name.
    #[must_use]
    pub fn new(tool: impl Into<String>, schema: JsonText) -> Self {
        Self { tool: tool.into(), schema, validator: OnceLock::new() }
    }

    /// The schema.
    #[must_use]
    pub const fn schema(&self) -> &JsonText {
        &self.schema
    }

    /// Checks the arguments of a call, which must be an object.
    ///
    /// # Errors
    /// As [`Tool::validate`](crate::Tool::validate).
    pub fn check(&self, arguments: &Value) -> Result<(), CallError> {
        let validator = self.validator.get_or_init(|| Validator::compile(&self.schema));
        check_arguments(validator, &self.schema, &self.tool, arguments)
    }
}
