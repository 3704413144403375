//! The backend over HTTP; the only module that knows the HTTP client.

mod client;
mod content_coding;
mod error;
mod options;
mod redirect;

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::{FutureExt, StreamExt};
use http::Method;
use http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, HeaderValue};
use spandrel_egress::Reach;
use spandrel_plan::{CallError, CallErrorKind};
use thiserror::Error;

use self::client::{Clients, out_of_reach};
pub use self::options::{ClientIdentity, EgressRules, HttpClientOptions, RedirectScope};
use crate::backend::{Backend, BackendBody};
use crate::origin::Origin;

/// Why the HTTP client cannot start.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the HTTP client cannot start: {0}")]
pub struct HttpBackendError(String);

/// Calls the API over HTTP/1.1 and HTTP/2, with TLS and the system's certificates.
///
/// Bodies in gzip, brotli, zstd and deflate are decoded, stacked ones too; one in any other coding is an
/// error. Cookies are not kept. Redirects are
/// followed as far as the [scope](RedirectScope) goes; any other is the answer itself. Clones share their
/// connections.
#[derive(Clone)]
pub struct HttpBackend {
    clients: Arc<Clients>,
}

impl HttpBackend {
    /// A backend with a connection pool of its own.
    ///
    /// # Errors
    /// When the user agent is not a header value, or a certificate or key is not PEM.
    pub fn new(options: &HttpClientOptions) -> Result<Self, HttpBackendError> {
        Ok(Self { clients: Arc::new(Clients::new(options.clone())?) })
    }

    async fn exchange(
        &self,
        mut request: http::Request<Bytes>,
    ) -> Result<http::Response<BackendBody>, CallError> {
        let options = self.clients.options();
        let mut origin = Origin::of_uri(request.uri()).ok_or_else(not_absolute)?;
        let mut reach = options.egress.reach(&origin);
        for _ in 0..options.redirects {
            let response = self.send_once(&origin, reach, request.clone()).await?;
            let Some(next) = redirect::next(options.redirect_scope, &origin, &request, &response) else {
                return Ok(response);
            };
            request = next.request;
            if next.origin != origin {
                reach = options.egress.reach_of_redirect(&next.origin);
                origin = next.origin;
            }
        }
        self.send_once(&origin, reach, request).await
    }

    async fn send_once(
        &self,
        origin: &Origin,
        reach: Reach,
        mut request: http::Request<Bytes>,
    ) -> Result<http::Response<BackendBody>, CallError> {
        declare_empty(&mut request);
        request
            .headers_mut()
            .entry(ACCEPT_ENCODING)
            .or_insert(HeaderValue::from_static(content_coding::ACCEPTED));
        let has_body = *request.method() != Method::HEAD;
        let segments = count_segments(request.uri().path());
        let request = reqwest::Request::try_from(request).map_err(|error| error::classify(&error, origin))?;
        // The client's URL type resolves `.` and `..`, encoded or not: a value must not move the path.
        if count_segments(request.url().path()) != segments {
            return Err(dot_segments());
        }
        let chosen = self.clients.choose(request.url(), origin, reach)?;
        let response = chosen.client.execute(request).await.map_err(|error| match &chosen.proxy {
            _ if error::is_out_of_reach(&error) => out_of_reach(origin),
            Some(proxy) => error::classify_through(proxy, &error, origin),
            None => error::classify(&error, origin),
        })?;
        Ok(answer(origin.clone(), response, has_body))
    }
}

impl Backend for HttpBackend {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<BackendBody>, CallError>> {
        self.exchange(request).boxed()
    }
}

impl fmt::Debug for HttpBackend {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("HttpBackend").field("options", self.clients.options()).finish()
    }
}

/// The answer with its content codings undone, and without the headers that tell of them; an answer to
/// HEAD keeps those.
fn answer(origin: Origin, mut response: reqwest::Response, has_body: bool) -> http::Response<BackendBody> {
    let declared = response.content_length();
    let status = response.status();
    let version = response.version();
    let mut headers = std::mem::take(response.headers_mut());
    let host = origin.authority();
    let chunks = response
        .bytes_stream()
        .map(move |chunk| chunk.map_err(|error| error::classify_body(&error, &origin)));
    let body = if has_body && headers.contains_key(CONTENT_ENCODING) {
        let decoded = content_coding::decode(&headers, host, chunks);
        headers.remove(CONTENT_ENCODING);
        headers.remove(CONTENT_LENGTH);
        BackendBody::stream(declared, decoded)
    } else {
        BackendBody::stream(declared, chunks)
    };
    let mut answer = http::Response::new(body);
    *answer.status_mut() = status;
    *answer.version_mut() = version;
    *answer.headers_mut() = headers;
    answer
}

/// A request whose method is about its body says so when it has none (RFC 9110, section 8.6): servers
/// answer 411 otherwise. The client itself says nothing of an empty body.
fn declare_empty(request: &mut http::Request<Bytes>) {
    if request.body().is_empty() && matches!(*request.method(), Method::POST | Method::PUT | Method::PATCH) {
        request.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
}

fn count_segments(path: &str) -> usize {
    path.bytes().filter(|byte| *byte == b'/').count()
}

fn not_absolute() -> CallError {
    CallError::new(
        CallErrorKind::ServerUnknown,
        "The request has no http or https server to go to. Configure the API's base URL.",
    )
}

fn dot_segments() -> CallError {
    CallError::new(
        CallErrorKind::RequestNotRenderable,
        "An argument would make `.` or `..` a segment of the path, which leads to another resource. Use \
         another value.",
    )
}
