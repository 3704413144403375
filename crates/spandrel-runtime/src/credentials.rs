//! What proves to the API who calls.

mod advice;
mod place;
mod scheme;
mod secret;
mod secret_query;
mod source;
mod token;

use std::collections::BTreeSet;
use std::fmt;

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, ready};
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use spandrel_plan::{BaseUrl, CallError, Catalog, Tool};
use thiserror::Error;

pub use self::advice::{describe, environment_variable, how_to_set};
pub use self::scheme::{Credential, Placeholder, SchemeCredentials};
pub use self::secret::Secret;
pub(crate) use self::secret_query::SecretQuery;
pub use self::source::{SecretError, SecretSource};
pub use self::token::{ClientAuthentication, ClientCredentials, TokenClient, TokenEndpoint, TokenError};
use crate::origin::Origin;

/// Which readings of secrets that may change a request was authorised with: by scheme, a number that
/// grows with each. [`Credentials::authorize`] leaves it in the request's extensions.
#[derive(Debug, Clone)]
pub struct UsedCredentials(pub std::sync::Arc<[(String, u64)]>);

/// Adds credentials to a rendered request.
///
/// An implementation must look at the request's URI and add a credential only for the origin that
/// the credential was configured for. Values must be marked
/// [sensitive](HeaderValue::set_sensitive) and must never show in an error. The request's
/// [extensions](http::Request::extensions) are those of the [call](crate::CallContext::extensions):
/// the principal, where a transport or a hook has put it there.
pub trait Credentials: Send + Sync + 'static {
    /// Adds to `request`, which calls `tool`, what its plan asks for.
    ///
    /// # Errors
    /// When a credential that the operation needs is missing or cannot be obtained.
    fn authorize<'a>(
        &'a self,
        tool: &'a Tool,
        request: &'a mut http::Request<Bytes>,
    ) -> BoxFuture<'a, Result<(), CallError>>;

    /// Called when the API answered 401 to a request to `uri` that was authorised with `used`. Whether
    /// it is worth authorising once more: other credentials may be there now. Default: no.
    fn renew<'a>(
        &'a self,
        tool: &'a Tool,
        uri: &'a http::Uri,
        used: &'a UsedCredentials,
    ) -> BoxFuture<'a, bool> {
        let _ = (tool, uri, used);
        ready(false).boxed()
    }
}

/// No credentials: requests go out as rendered.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoCredentials;

impl Credentials for NoCredentials {
    fn authorize<'a>(
        &'a self,
        _tool: &'a Tool,
        _request: &'a mut http::Request<Bytes>,
    ) -> BoxFuture<'a, Result<(), CallError>> {
        ready(Ok(())).boxed()
    }
}

/// Headers set on every request to the origins they are bound to, and on none to any other. They
/// replace what else stands in headers of the same names; a `Cookie` header replaces cookies of the same
/// names, and leaves others.
#[derive(Clone)]
pub struct StaticHeaders {
    origins: BTreeSet<Origin>,
    headers: HeaderMap,
}

/// Why a header cannot be set on every request.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum HeaderError {
    /// There is no colon.
    #[error("a header is written `Name: value`")]
    NoColon,
    /// The name is not one.
    #[error("`{0}` is not a header name")]
    Name(String),
    /// The value holds characters that a header cannot.
    #[error("the value of `{0}` holds a line break or another control character")]
    Value(HeaderName),
    /// The header belongs to the connection or to the body.
    #[error("`{0}` is set by the HTTP client itself")]
    Reserved(HeaderName),
}

/// The tools of a catalog call several origins, so that nobody knows which may see a header.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the tools call several origins ({}); say which of them the headers are for", listed(.0))]
pub struct SeveralOrigins(pub Vec<Origin>);

fn listed(origins: &[Origin]) -> String {
    origins.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// Headers that say how the message is framed; another value would corrupt it.
const RESERVED: [HeaderName; 6] = [
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

impl StaticHeaders {
    /// No headers yet, bound to the origin of one server.
    #[must_use]
    pub fn for_server(server: &BaseUrl) -> Self {
        Self::for_origins(Origin::of_server(server))
    }

    /// No headers yet, bound to the one origin that every tool of `catalog` calls now. A catalog loaded
    /// later cannot add one.
    ///
    /// # Errors
    /// [`SeveralOrigins`]: a document can name a server for a single operation, and must not get the
    /// secret sent there. Name the origins with [`for_origins`](Self::for_origins).
    pub fn for_catalog(catalog: &Catalog) -> Result<Self, SeveralOrigins> {
        let servers = catalog.tools().iter().filter_map(|tool| tool.plan.base.as_ref());
        let origins: BTreeSet<Origin> = servers.filter_map(Origin::of_server).collect();
        if origins.len() > 1 {
            return Err(SeveralOrigins(origins.into_iter().collect()));
        }
        Ok(Self::for_origins(origins))
    }

    /// No headers yet, bound to `origins`: each of them is sent every header.
    pub fn for_origins(origins: impl IntoIterator<Item = Origin>) -> Self {
        Self { origins: origins.into_iter().collect(), headers: HeaderMap::new() }
    }

    /// Adds a header; one name may have several values.
    ///
    /// # Errors
    /// [`HeaderError::Reserved`] for a header that frames the message.
    pub fn with(mut self, name: HeaderName, mut value: HeaderValue) -> Result<Self, HeaderError> {
        if RESERVED.contains(&name) {
            return Err(HeaderError::Reserved(name));
        }
        value.set_sensitive(true);
        self.headers.append(name, value);
        Ok(self)
    }

    /// Adds a header written as `Name: value`.
    ///
    /// # Errors
    /// When it is not a header, or one that may not be set. The value is never repeated.
    pub fn with_line(self, line: &str) -> Result<Self, HeaderError> {
        let (name, value) = line.split_once(':').ok_or(HeaderError::NoColon)?;
        let name: HeaderName = name.trim().parse().map_err(|_| HeaderError::Name(name.trim().to_owned()))?;
        let value = HeaderValue::from_str(value.trim()).map_err(|_| HeaderError::Value(name.clone()))?;
        self.with(name, value)
    }

    /// Whether the header is set on requests to `origin`.
    fn set(&self, name: &HeaderName, origin: &Origin) -> bool {
        self.origins.contains(origin) && self.headers.contains_key(name)
    }

    /// Whether the cookie is.
    fn set_cookie(&self, name: &str, origin: &Origin) -> bool {
        let lines = self.headers.get_all(header::COOKIE).iter();
        let mut cookies = lines.flat_map(|line| place::cookies(line.as_bytes()));
        self.origins.contains(origin) && cookies.any(|(other, _)| other == name.as_bytes())
    }

    fn set_on(&self, request: &mut http::Request<Bytes>) {
        let bound = Origin::of_uri(request.uri()).is_some_and(|origin| self.origins.contains(&origin));
        if !bound {
            return;
        }
        for name in self.headers.keys().filter(|name| **name != header::COOKIE) {
            request.headers_mut().remove(name);
        }
        for (name, value) in &self.headers {
            // Cookies that are headers' values already fit together into one.
            if *name != header::COOKIE || place::put_cookies(value.as_bytes(), request).is_err() {
                request.headers_mut().append(name, value.clone());
            }
        }
    }
}

impl Credentials for StaticHeaders {
    fn authorize<'a>(
        &'a self,
        _tool: &'a Tool,
        request: &'a mut http::Request<Bytes>,
    ) -> BoxFuture<'a, Result<(), CallError>> {
        self.set_on(request);
        ready(Ok(())).boxed()
    }
}

impl fmt::Debug for StaticHeaders {
    /// The names only: a value is a secret.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.headers.keys().collect();
        formatter
            .debug_struct("StaticHeaders")
            .field("origins", &self.origins)
            .field("names", &names)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
