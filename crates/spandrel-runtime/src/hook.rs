//! What happens before and after each call.

use std::fmt;
use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, ready};
use http::request::Parts;
use serde_json::{Map, Value};
use spandrel_plan::{CallError, FieldList, Outcome, Tool};

use crate::custom_tool::CustomTool;

/// What a call came to: an answer, or why there is none.
pub type CallResult = Result<Outcome, CallError>;

/// Runs before and after each call: policy, audit, rewriting of arguments and results.
///
/// Hooks run in the order in which they were added before a call, and in the reverse order after
/// it. Both methods do nothing unless implemented.
pub trait Hook: Send + Sync + 'static {
    /// Runs before the arguments are checked, within the call's deadline, and may change them.
    ///
    /// # Errors
    /// An error ends the call:
    /// [`Refused`](spandrel_plan::CallErrorKind::Refused) for a policy, with a message for the model.
    fn before_call<'a>(&'a self, call: &'a mut CallContext) -> BoxFuture<'a, Result<(), CallError>> {
        let _ = call;
        ready(Ok(())).boxed()
    }

    /// Runs once the call has an outcome, whatever it is, and may change it. It does not run when
    /// the caller has gone away, and no deadline bounds it.
    fn after_call<'a>(&'a self, call: &'a CallContext, result: &'a mut CallResult) -> BoxFuture<'a, ()> {
        let _ = (call, result);
        ready(()).boxed()
    }
}

impl<H: Hook + ?Sized> Hook for Arc<H> {
    fn before_call<'a>(&'a self, call: &'a mut CallContext) -> BoxFuture<'a, Result<(), CallError>> {
        (**self).before_call(call)
    }

    fn after_call<'a>(&'a self, call: &'a CallContext, result: &'a mut CallResult) -> BoxFuture<'a, ()> {
        (**self).after_call(call, result)
    }
}

/// The tool that is called.
#[derive(Clone)]
pub enum CalledTool {
    /// An operation of the catalog.
    Operation(Arc<Tool>),
    /// A tool written in Rust.
    Custom(Arc<CustomTool>),
}

impl CalledTool {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Operation(tool) => &tool.name,
            Self::Custom(tool) => tool.name(),
        }
    }
}

impl fmt::Debug for CalledTool {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// One call, as hooks see it.
pub struct CallContext {
    tool: CalledTool,
    arguments: Map<String, Value>,
    request: Option<Parts>,
    extensions: http::Extensions,
    /// The members of the result that the model asks for.
    pub(crate) asked_fields: Option<FieldList>,
}

impl CallContext {
    pub(crate) fn new(tool: CalledTool, arguments: Map<String, Value>, mut request: Option<Parts>) -> Self {
        let extensions =
            request.as_mut().map(|parts| std::mem::take(&mut parts.extensions)).unwrap_or_default();
        Self { tool, arguments, request, extensions, asked_fields: None }
    }

    /// The tool.
    #[must_use]
    pub fn tool(&self) -> &CalledTool {
        &self.tool
    }

    /// The arguments.
    #[must_use]
    pub fn arguments(&self) -> &Map<String, Value> {
        &self.arguments
    }

    /// The arguments, to be changed before they are checked.
    pub fn arguments_mut(&mut self) -> &mut Map<String, Value> {
        &mut self.arguments
    }

    /// Runs a check that wants the arguments as one value, without copying them.
    pub(crate) fn check_arguments(
        &mut self,
        check: impl FnOnce(&Value) -> Result<(), CallError>,
    ) -> Result<(), CallError> {
        let arguments = Value::Object(std::mem::take(&mut self.arguments));
        let checked = check(&arguments);
        if let Value::Object(arguments) = arguments {
            self.arguments = arguments;
        }
        checked
    }

    /// The method, URI and headers of the MCP request, where it came over HTTP. Its extensions are
    /// in [`CallContext::extensions`].
    #[must_use]
    pub fn request(&self) -> Option<&Parts> {
        self.request.as_ref()
    }

    /// What the transport's middleware and earlier hooks know of the call, by type: the principal,
    /// say. [Credentials](crate::Credentials) find it in the extensions of the rendered request.
    #[must_use]
    pub fn extensions(&self) -> &http::Extensions {
        &self.extensions
    }

    /// The same, to be added to.
    pub fn extensions_mut(&mut self) -> &mut http::Extensions {
        &mut self.extensions
    }
}

impl fmt::Debug for CallContext {
    /// Neither arguments nor headers: either may hold a secret.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("CallContext").field("tool", &self.tool).finish_non_exhaustive()
    }
}
