//! Tools written in Rust, beside those of the catalog.

use std::fmt;
use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, ready};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use spandrel_plan::{Annotations, ArgumentSchema, CallError, CallErrorKind, JsonText};
use thiserror::Error;

use crate::hook::CallResult;
use crate::outcome::IntoOutcome;

type Handler = dyn Fn(Map<String, Value>) -> BoxFuture<'static, CallResult> + Send + Sync;

/// A tool written in Rust. It is listed, validated, hooked and bounded as the catalog's are.
///
/// ```
/// use schemars::JsonSchema;
/// use serde::Deserialize;
/// use spandrel_runtime::CustomTool;
///
/// #[derive(Deserialize, JsonSchema)]
/// struct Greet {
///     /// Whom to greet.
///     name: String,
/// }
///
/// let tool = CustomTool::new("greet", "Greets someone.", |greet: Greet| async move {
///     format!("Hello, {}!", greet.name)
/// });
/// assert_eq!(tool.name(), "greet");
/// ```
#[derive(Clone)]
pub struct CustomTool {
    name: String,
    title: Option<String>,
    description: String,
    input: Arc<ArgumentSchema>,
    output_schema: Option<Value>,
    annotations: Option<Annotations>,
    handler: Arc<Handler>,
}

/// Why a custom tool cannot be listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CustomToolError {
    /// The name would make clients refuse it, or every tool of the server.
    #[error("a tool's name is 1 to 64 letters, digits, `_` and `-`")]
    Name,
    /// The root of the input schema is not an object's.
    #[error("the root of its input schema must have `\"type\": \"object\"`; take the arguments as a struct")]
    InputSchema,
    /// The root of the output schema is not an object's.
    #[error("the root of its output schema must have `\"type\": \"object\"`")]
    OutputSchema,
}

impl CustomTool {
    /// A tool whose arguments are a `T`: its JSON Schema is derived, and arguments are checked
    /// against it before they are read.
    pub fn new<T, H, F>(name: impl Into<String>, description: impl Into<String>, handler: H) -> Self
    where
        T: DeserializeOwned + JsonSchema,
        H: Fn(T) -> F + Send + Sync + 'static,
        F: Future + Send + 'static,
        F::Output: IntoOutcome,
    {
        let handler = move |arguments: Map<String, Value>| -> BoxFuture<'static, CallResult> {
            match serde_json::from_value(Value::Object(arguments)) {
                Ok(arguments) => handler(arguments).map(|result| Ok(result.into_outcome())).boxed(),
                Err(error) => ready(Err(unreadable(&error))).boxed(),
            }
        };
        Self::with_handler(name.into(), description.into(), schema_of::<T>(), Arc::new(handler))
    }

    /// A tool whose arguments satisfy `input_schema`, a JSON Schema (2020-12) of an object.
    pub fn raw<H, F>(
        name: impl Into<String>,
        description: impl Into<String>,
        input_schema: Value,
        handler: H,
    ) -> Self
    where
        H: Fn(Map<String, Value>) -> F + Send + Sync + 'static,
        F: Future + Send + 'static,
        F::Output: IntoOutcome,
    {
        let handler = move |arguments| -> BoxFuture<'static, CallResult> {
            handler(arguments).map(|result| Ok(result.into_outcome())).boxed()
        };
        Self::with_handler(name.into(), description.into(), input_schema, Arc::new(handler))
    }

    fn with_handler(
        name: String,
        description: String,
        mut input_schema: Value,
        handler: Arc<Handler>,
    ) -> Self {
        if let Some(schema) = input_schema.as_object_mut() {
            // Some model providers refuse an object schema that names no properties at all.
            schema.entry("properties").or_insert_with(|| Value::Object(Map::new()));
        }
        let input = Arc::new(ArgumentSchema::new(&*name, JsonText::from_value(&input_schema)));
        Self { name, title: None, description, input, output_schema: None, annotations: None, handler }
    }

    /// A title for people.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// Hints on its effects. Default: none, which clients read as the worst.
    #[must_use]
    pub fn annotations(mut self, annotations: Annotations) -> Self {
        self.annotations = Some(annotations);
        self
    }

    /// The JSON Schema (2020-12) of its structured result, an object's. Every success must then have
    /// such a result.
    #[must_use]
    pub fn output_schema(mut self, schema: Value) -> Self {
        self.output_schema = Some(schema);
        self
    }

    /// The schema of its structured result, derived from the type that it returns as
    /// [`Json`](crate::Json).
    #[must_use]
    pub fn output<T: JsonSchema>(self) -> Self {
        self.output_schema(schema_of::<T>())
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn input_schema(&self) -> &JsonText {
        self.input.schema()
    }

    pub(crate) fn listed(&self) -> ListedCustomTool<'_> {
        ListedCustomTool {
            title: self.title.as_deref(),
            description: &self.description,
            input_schema: self.input.schema().to_value(),
            output_schema: self.output_schema.as_ref(),
            annotations: self.annotations,
        }
    }

    /// Whether clients can list it.
    pub(crate) fn check(&self) -> Result<(), CustomToolError> {
        let legal = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        if !(1..=64).contains(&self.name.len()) || !self.name.bytes().all(legal) {
            return Err(CustomToolError::Name);
        }
        if !is_object_schema(&self.input.schema().to_value()) {
            return Err(CustomToolError::InputSchema);
        }
        if !self.output_schema.as_ref().is_none_or(is_object_schema) {
            return Err(CustomToolError::OutputSchema);
        }
        Ok(())
    }

    /// Checks arguments against the input schema.
    pub(crate) fn validate(&self, arguments: &Value) -> Result<(), CallError> {
        self.input.check(arguments)
    }

    pub(crate) async fn call(&self, arguments: Map<String, Value>) -> CallResult {
        (self.handler)(arguments).await
    }
}

/// What is told of a custom tool.
pub(crate) struct ListedCustomTool<'a> {
    pub(crate) title: Option<&'a str>,
    pub(crate) description: &'a str,
    pub(crate) input_schema: Value,
    pub(crate) output_schema: Option<&'a Value>,
    pub(crate) annotations: Option<Annotations>,
}

impl fmt::Debug for CustomTool {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("CustomTool").field("name", &self.name).finish_non_exhaustive()
    }
}

fn is_object_schema(schema: &Value) -> bool {
    schema.get("type").and_then(Value::as_str) == Some("object")
}

/// The schema of `T`, without what only names the schema itself.
fn schema_of<T: JsonSchema>() -> Value {
    let mut schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>();
    schema.remove("$schema");
    schema.remove("title");
    schema.to_value()
}

fn unreadable(error: &serde_json::Error) -> CallError {
    CallError::new(CallErrorKind::InvalidArguments, format!("The arguments cannot be read: {error}."))
}
