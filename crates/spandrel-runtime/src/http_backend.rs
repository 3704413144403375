//! The backend over HTTP; the only module that knows the HTTP client.

mod content_coding;
mod error;
mod redirect;

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::{FutureExt, StreamExt};
use http::Method;
use http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, HeaderValue};
use spandrel_plan::{CallError, CallErrorKind};
use thiserror::Error;

use crate::backend::{Backend, BackendBody};
use crate::origin::Origin;

/// How the HTTP client behaves.
#[derive(Debug, Clone)]
pub struct HttpClientOptions {
    /// How long a connection, its TLS handshake included, may take. Default: 10 seconds.
    pub connect_timeout: Duration,
    /// The `User-Agent` of requests that have none. Default: `spandrel/<version>`.
    pub user_agent: String,
    /// How many redirects to follow, only ever within one origin. Default: 5.
    pub redirects: usize,
    /// Whether the proxy variables of the environment count (`HTTPS_PROXY` and so on). Default: yes.
    pub system_proxy: bool,
    /// How many idle connections to keep for each host. Default: 32.
    pub idle_connections: usize,
}

impl Default for HttpClientOptions {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            user_agent: concat!("spandrel/", env!("CARGO_PKG_VERSION")).to_owned(),
            redirects: 5,
            system_proxy: true,
            idle_connections: 32,
        }
    }
}

/// Why the HTTP client cannot start.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the HTTP client cannot start: {0}")]
pub struct HttpBackendError(String);

/// Calls the API over HTTP/1.1 and HTTP/2, with TLS and the system's certificates.
///
/// Bodies in gzip, brotli, zstd and deflate are decoded, stacked ones too; one in any other coding is an
/// error. Cookies are not kept. A redirect is
/// followed within its origin only; any other is the answer itself.
#[derive(Clone)]
pub struct HttpBackend {
    client: reqwest::Client,
    redirects: usize,
}

impl HttpBackend {
    /// A backend with a connection pool of its own.
    ///
    /// # Errors
    /// When the user agent is not a header value, or the system's TLS or DNS configuration cannot be read.
    pub fn new(options: &HttpClientOptions) -> Result<Self, HttpBackendError> {
        let mut builder = reqwest::Client::builder()
            .connect_timeout(options.connect_timeout)
            .user_agent(&options.user_agent)
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .pool_max_idle_per_host(options.idle_connections)
            .tcp_nodelay(true)
            // Content codings are undone here: see `content_coding`.
            .no_gzip()
            .no_brotli()
            .no_zstd()
            .no_deflate();
        if !options.system_proxy {
            builder = builder.no_proxy();
        }
        let client = builder.build().map_err(|error| HttpBackendError(error::root_cause(&error)))?;
        Ok(Self { client, redirects: options.redirects })
    }

    async fn exchange(
        &self,
        mut request: http::Request<Bytes>,
    ) -> Result<http::Response<BackendBody>, CallError> {
        let origin = Origin::of_uri(request.uri()).ok_or_else(not_absolute)?;
        for _ in 0..self.redirects {
            let response = self.send_once(&origin, request.clone()).await?;
            let Some(next) = redirect::next(&origin, &request, &response) else { return Ok(response) };
            request = next;
        }
        self.send_once(&origin, request).await
    }

    async fn send_once(
        &self,
        origin: &Origin,
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
        let response = self.client.execute(request).await.map_err(|error| error::classify(&error, origin))?;
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
        formatter.debug_struct("HttpBackend").field("redirects", &self.redirects).finish_non_exhaustive()
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
