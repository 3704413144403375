//! Who calls.

use std::fmt;
use std::sync::Arc;

use http::Extensions;

/// Who calls, as middleware that authenticates callers found it out: put it among the extensions of the HTTP
/// request before the request reaches the bridge.
///
/// ```
/// # use axum::{extract::Request, middleware::Next, response::Response};
/// use spandrel_runtime::Principal;
///
/// async fn authenticated(mut request: Request, next: Next) -> Response {
///     // After checking a token, say.
///     request.extensions_mut().insert(Principal::new("https://issuer.example|alice"));
///     next.run(request).await
/// }
/// ```
///
/// What one caller began, no other can use: sessions, and results that are kept to be read later. Calls
/// at once are counted for each. A request without a principal is nobody's: what it begins is protected by an
/// identifier that cannot be guessed, and by nothing else.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Principal(Arc<str>);

impl Principal {
    /// A caller by a name that is the same for each of its requests and another's for none: issuer and
    /// subject of a token, say.
    pub fn new(name: impl Into<Arc<str>>) -> Self {
        Self(name.into())
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0
    }

    /// The caller of a request, where it is known.
    pub(crate) fn of(extensions: &Extensions) -> Option<Self> {
        extensions.get::<Self>().cloned()
    }
}

impl fmt::Debug for Principal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Principal").field(&self.0).finish()
    }
}
