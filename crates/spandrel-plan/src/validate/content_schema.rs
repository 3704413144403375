//! What a body is in one of the media types that it can be sent in.

use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Validator;
use crate::catalog::JsonText;

/// The JSON Schema (2020-12) of a body's value in one media type.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(from = "JsonText", into = "JsonText")]
pub struct ContentSchema {
    schema: JsonText,
    /// Compiled at the first check.
    validator: Arc<OnceLock<Validator>>,
}

impl ContentSchema {
    /// The schema of a value.
    #[must_use]
    pub fn new(schema: JsonText) -> Self {
        Self { schema, validator: Arc::default() }
    }

    /// Whether `value` satisfies the schema, as far as can be told within bounds.
    pub(crate) fn accepts(&self, value: &Value) -> bool {
        self.validator.get_or_init(|| Validator::compile(&self.schema)).accepts(value)
    }
}

impl From<JsonText> for ContentSchema {
    fn from(schema: JsonText) -> Self {
        Self::new(schema)
    }
}

impl From<ContentSchema> for JsonText {
    fn from(content: ContentSchema) -> Self {
        content.schema
    }
}
