//! The tools of an API: what a model is told of each, and the plan behind it.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::plan::OperationPlan;
use crate::response::OutputCheck;
use crate::supplied::{EnvironmentValue, SuppliedArgument};
use crate::tool_settings::{Confirmation, ResponseShape};
use crate::validate::Validator;

/// JSON kept as its text: written once, sent many times.
#[derive(Clone, Serialize)]
#[serde(transparent)]
pub struct JsonText(Arc<RawValue>);

impl JsonText {
    /// Keeps `value` as compact text.
    #[must_use]
    pub fn from_value(value: &serde_json::Value) -> Self {
        // Writing a `Value` cannot fail: its keys are strings and its numbers are valid.
        let raw = serde_json::value::to_raw_value(value).unwrap_or_else(|_| RawValue::NULL.to_owned());
        Self(Arc::from(raw))
    }

    /// Takes text that is already JSON.
    ///
    /// # Errors
    /// When `text` is not one JSON value.
    pub fn from_text(text: String) -> Result<Self, serde_json::Error> {
        RawValue::from_string(text).map(|raw| Self(Arc::from(raw)))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.get()
    }

    /// The text, as it can be written into other JSON unchanged.
    #[must_use]
    pub fn as_raw(&self) -> &RawValue {
        &self.0
    }

    /// The value that the text stands for.
    #[must_use]
    pub fn to_value(&self) -> serde_json::Value {
        serde_json::from_str(self.as_str()).unwrap_or_default()
    }
}

impl fmt::Debug for JsonText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl PartialEq for JsonText {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for JsonText {}

/// What MCP lets a tool say of its effects, as hints (`ToolAnnotations`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[allow(clippy::struct_excessive_bools, reason = "the four hints of MCP, each on its own")]
pub struct Annotations {
    /// It changes nothing.
    #[serde(rename = "readOnlyHint")]
    pub read_only: bool,
    /// What it changes may be lost.
    #[serde(rename = "destructiveHint")]
    pub destructive: bool,
    /// Calling it again with the same arguments changes nothing more.
    #[serde(rename = "idempotentHint")]
    pub idempotent: bool,
    /// It reaches beyond the bridge.
    #[serde(rename = "openWorldHint")]
    pub open_world: bool,
}

/// The operation behind a tool, as the document names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OperationRef {
    /// The method, upper case.
    pub method: String,
    /// The path template, as written.
    pub path: String,
    /// Its `operationId`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation_id: Option<String>,
    /// Its JSON Pointer in the root document.
    pub pointer: String,
}

/// Where an argument goes in the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ArgumentIn {
    /// A variable of the path.
    Path,
    /// A query parameter.
    Query,
    /// A header.
    Header,
    /// A cookie.
    Cookie,
    /// The whole query.
    Querystring,
    /// The body, or a property of it.
    Body,
    /// A field of a form body.
    Form,
}

/// Which argument of the tool fills which part of the request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Argument {
    /// The key in the tool's arguments; a grouped one as `group.key`.
    pub argument: String,
    /// Where it goes.
    #[serde(rename = "in")]
    pub place: ArgumentIn,
    /// The parameter's or property's name there; empty for the whole body.
    pub name: String,
    /// Whether a call without it is refused.
    pub required: bool,
}

/// One tool: what is advertised, and the plan behind it.
pub struct Tool {
    /// Its name, unique in the catalog, `[a-zA-Z0-9_-]{1,64}`.
    pub name: String,
    /// A title for people.
    pub title: Option<String>,
    /// What a model should know of it.
    pub description: Option<String>,
    /// The JSON Schema (2020-12, root `type: object`) of its arguments, as it is advertised.
    pub input_schema: JsonText,
    /// The JSON Schema that arguments are held to, where what is advertised is a rewriting of it for
    /// clients that take a part of JSON Schema only.
    pub validation_schema: Option<JsonText>,
    /// The JSON Schema (root `type: object`) of its structured result.
    pub output_schema: Option<JsonText>,
    /// Hints on its effects.
    pub annotations: Annotations,
    /// Where each argument goes.
    pub arguments: Vec<Argument>,
    /// The operation it calls.
    pub operation: OperationRef,
    /// The operation's tags.
    pub tags: Vec<String>,
    /// Whether a person is asked before a call, where the document or an overlay says so.
    pub confirmation: Option<Confirmation>,
    /// What of an answer is shown, where the document or an overlay says so.
    pub response_shape: Option<ResponseShape>,
    /// How it is called.
    pub plan: OperationPlan,
    /// Compiled at the first call, so that a large catalog starts at once.
    pub(crate) input_validator: OnceLock<Validator>,
    /// Likewise.
    pub(crate) output_check: OnceLock<OutputCheck>,
}

/// The parts of a [`Tool`], for whoever makes one.
pub struct ToolParts {
    /// See [`Tool::name`].
    pub name: String,
    /// See [`Tool::title`].
    pub title: Option<String>,
    /// See [`Tool::description`].
    pub description: Option<String>,
    /// See [`Tool::input_schema`].
    pub input_schema: JsonText,
    /// See [`Tool::output_schema`].
    pub output_schema: Option<JsonText>,
    /// See [`Tool::annotations`].
    pub annotations: Annotations,
    /// See [`Tool::arguments`].
    pub arguments: Vec<Argument>,
    /// See [`Tool::operation`].
    pub operation: OperationRef,
    /// See [`Tool::tags`].
    pub tags: Vec<String>,
    /// See [`Tool::plan`].
    pub plan: OperationPlan,
}

impl From<ToolParts> for Tool {
    fn from(parts: ToolParts) -> Self {
        Self {
            name: parts.name,
            title: parts.title,
            description: parts.description,
            input_schema: parts.input_schema,
            validation_schema: None,
            output_schema: parts.output_schema,
            annotations: parts.annotations,
            arguments: parts.arguments,
            operation: parts.operation,
            tags: parts.tags,
            confirmation: None,
            response_shape: None,
            plan: parts.plan,
            input_validator: OnceLock::new(),
            output_check: OnceLock::new(),
        }
    }
}

impl Tool {
    /// The arguments that are for the bridge, and no part of a request: the token of a call that was agreed to, the
    /// fields of the result.
    pub fn bridge_arguments(&self) -> impl Iterator<Item = &str> {
        let confirmation = self.confirmation.as_ref().and_then(|it| it.argument.as_deref());
        let fields = self.response_shape.as_ref().and_then(|it| it.argument.as_deref());
        confirmation.into_iter().chain(fields)
    }
}

impl fmt::Debug for Tool {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Tool")
            .field("name", &self.name)
            .field("operation", &self.operation)
            .finish_non_exhaustive()
    }
}

/// What the API as a whole is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Api {
    /// Its name.
    pub title: String,
    /// Its version.
    pub version: String,
    /// Prose about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// Every tool of an API, in a stable order, found by name in constant time.
#[derive(Debug, Default)]
pub struct Catalog {
    api: Api,
    tools: Vec<Arc<Tool>>,
    by_name: HashMap<String, usize>,
}

impl Catalog {
    /// A catalog of `tools` in the given order. Of two tools with one name the first counts.
    #[must_use]
    pub fn new(api: Api, tools: Vec<Tool>) -> Self {
        let mut catalog = Self { api, ..Self::default() };
        for tool in tools {
            if !catalog.by_name.contains_key(&tool.name) {
                catalog.by_name.insert(tool.name.clone(), catalog.tools.len());
                catalog.tools.push(Arc::new(tool));
            }
        }
        catalog
    }

    /// What the API is.
    #[must_use]
    pub fn api(&self) -> &Api {
        &self.api
    }

    /// The tools in their order.
    #[must_use]
    pub fn tools(&self) -> &[Arc<Tool>] {
        &self.tools
    }

    /// The environment variables that arguments come from and that have no value yet, each with a tool that
    /// it is for.
    #[must_use]
    pub fn environment_variables(&self) -> BTreeMap<&str, &Tool> {
        let mut variables = BTreeMap::new();
        for (tool, value) in self.environment_values().filter(|(_, value)| !value.is_set()) {
            variables.entry(value.variable()).or_insert(tool);
        }
        variables
    }

    /// Gives values to [environment variables](Self::environment_variables): those that `read` knows. A
    /// document may name any variable, so `read` should know only those that it may have.
    pub fn set_environment(&self, read: impl Fn(&str) -> Option<String>) {
        for (_, value) in self.environment_values().filter(|(_, value)| !value.is_set()) {
            if let Some(text) = read(value.variable()) {
                value.set(text);
            }
        }
    }

    fn environment_values(&self) -> impl Iterator<Item = (&Tool, &EnvironmentValue)> {
        self.tools.iter().flat_map(|tool| {
            let supplied = tool.plan.supplied.iter().filter_map(SuppliedArgument::environment);
            supplied.map(|value| (&**tool, value))
        })
    }

    /// The tool of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Arc<Tool>> {
        self.by_name.get(name).and_then(|&index| self.tools.get(index))
    }
}
