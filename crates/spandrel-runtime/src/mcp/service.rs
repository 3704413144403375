//! MCP over streamable HTTP.

pub(super) mod batch;
mod envelope;
mod event_streams;
mod sessions;

use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, HttpBody};
use axum::http::StatusCode;
use axum::routing::get;
use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue};
use http::request::Parts;
use http::{HeaderName, Method, Request, Response, Uri};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use rmcp::model::ErrorCode;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};

pub use self::sessions::SessionOptions;
use self::sessions::Sessions;
use super::admission::Admission;
use super::handler::Handler;
use super::message::{self, Refusal};
use super::recogniser::{self, Recognised, Revision};
use super::response;
use crate::bridge::Bridge;
use crate::discovery;
use crate::serve::{HEALTH_PATH, READY_PATH};

const PROTOCOL_VERSION: HeaderName = HeaderName::from_static("mcp-protocol-version");

/// What clients accept, by the specification.
const BOTH: &str = "application/json, text/event-stream";

/// What `Host` or `Origin` headers are let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Allowed {
    /// Any. For `Host`, only behind a proxy that checks it; for `Origin`, only where no credential
    /// comes with a browser's request.
    Any,
    /// These, and no other.
    Only(Vec<String>),
}

impl Allowed {
    fn only<const N: usize>(entries: [&str; N]) -> Self {
        Self::Only(entries.map(str::to_owned).to_vec())
    }
}

/// How MCP is served over HTTP.
#[derive(Debug, Clone)]
pub struct HttpOptions {
    /// The `Host` headers that are let in, against DNS rebinding: `example.com` with any port, or
    /// `example.com:8080`. Default: the names of the loopback interface.
    pub allowed_hosts: Allowed,
    /// The `Origin` headers that are let in; a request without one passes. With scheme and port:
    /// `https://app.example.com:443`, `http://localhost:*`. Default: any port of the loopback
    /// interface.
    pub allowed_origins: Allowed,
    /// The largest message, in bytes. Default: 4 MiB.
    pub body_bytes: usize,
    /// How long a message may take to arrive. Default: 30 seconds.
    pub body_timeout: Duration,
    /// Sessions for clients of the revisions up to 2025-11-25, which are told over them that the list of
    /// tools has changed, and can give up a request by its id. Default: none; each request stands for itself.
    pub sessions: Option<SessionOptions>,
}

impl Default for HttpOptions {
    fn default() -> Self {
        Self {
            allowed_hosts: Allowed::only(["localhost", "127.0.0.1", "::1"]),
            allowed_origins: Allowed::only([
                "http://localhost:*",
                "http://127.0.0.1:*",
                "http://[::1]:*",
                "https://localhost:*",
                "https://127.0.0.1:*",
                "https://[::1]:*",
            ]),
            body_bytes: 4 * 1024 * 1024,
            body_timeout: Duration::from_secs(30),
            sessions: None,
        }
    }
}

impl HttpOptions {
    fn sdk_config(&self) -> StreamableHttpServerConfig {
        let config = StreamableHttpServerConfig::default()
            .with_legacy_session_mode(false)
            .with_json_response(true)
            .with_max_request_body_bytes(self.body_bytes);
        let config = match &self.allowed_hosts {
            Allowed::Any => config.disable_allowed_hosts(),
            // The SDK takes an empty list for any host; an empty name matches none.
            Allowed::Only(hosts) if hosts.is_empty() => config.with_allowed_hosts([""]),
            Allowed::Only(hosts) => config.with_allowed_hosts(hosts),
        };
        match &self.allowed_origins {
            Allowed::Any => config.disable_allowed_origins(),
            Allowed::Only(origins) => config.with_allowed_origins(origins).enforce_origin_validation(),
        }
    }
}

/// MCP over streamable HTTP, as a [`tower::Service`]: every revision, each answer one JSON document unless the
/// client asked to be told of something meanwhile. A request's extensions reach [hooks](crate::Hook), whatever middleware put
/// into them.
#[derive(Clone)]
pub struct McpService {
    shared: Arc<Shared>,
}

struct Shared {
    bridge: Bridge,
    admission: Admission,
    sdk: StreamableHttpService<Handler, NeverSessionManager>,
    body_bytes: usize,
    body_timeout: Duration,
    sessions: Option<Sessions>,
    /// Whether plain requests are answered without the SDK.
    recognises: bool,
}

impl Bridge {
    /// MCP over streamable HTTP, to be put into a router:
    /// `Router::new().route_service("/mcp", bridge.streamable_http(&options))`.
    #[must_use]
    pub fn streamable_http(&self, options: &HttpOptions) -> McpService {
        let handler = Handler::stateless(self.clone());
        let sdk = StreamableHttpService::new(
            move || Ok(handler.clone()),
            Arc::new(NeverSessionManager::default()),
            options.sdk_config(),
        );
        let shared = Shared {
            bridge: self.clone(),
            admission: Admission::new(&options.allowed_hosts),
            sdk,
            body_bytes: options.body_bytes,
            body_timeout: options.body_timeout,
            sessions: options.sessions.map(Sessions::new),
            recognises: true,
        };
        McpService { shared: Arc::new(shared) }
    }

    /// A router with MCP at `/mcp`, the older transport of 2024-11-05 at `/sse`, and `/healthz` and `/readyz` for whoever watches the process.
    pub fn router(&self, options: &HttpOptions) -> Router {
        let service = self.streamable_http(options);
        event_streams::routes(&service)
            .route_service("/mcp", service)
            .route(HEALTH_PATH, get(|| async { "ok\n" }))
            .route(READY_PATH, get(|| async { "ready\n" }))
    }
}

impl McpService {
    async fn answer(self, request: Request<Body>) -> Response<Body> {
        self.shared.answer(request).await
    }

    /// The same service without the recogniser, which must not make a difference.
    #[cfg(test)]
    pub(crate) fn through_the_sdk(bridge: &Bridge, options: &HttpOptions) -> Self {
        let service = bridge.streamable_http(options);
        let shared = Arc::into_inner(service.shared).map(|shared| Shared { recognises: false, ..shared });
        #[allow(clippy::expect_used, reason = "tests")]
        Self { shared: Arc::new(shared.expect("made a line above")) }
    }
}

impl Shared {
    async fn answer(&self, request: Request<Body>) -> Response<Body> {
        // What goes to the SDK is boxed: its futures are large, and a call that does not need them would
        // carry their room along.
        if request.method() != Method::POST {
            return self.answer_without_message(request).await;
        }
        if let Some(refusal) = self.refuse_if_strange(request.uri(), request.headers()).await {
            return refusal;
        }
        if !is_json(request.headers()) {
            let text = "The Content-Type of a message must be application/json.\n";
            return plain(StatusCode::UNSUPPORTED_MEDIA_TYPE, text);
        }
        let (parts, body) = request.into_parts();
        let message = match self.read(body).await {
            Ok(message) => message,
            Err(response) => return response,
        };
        if message.first() != Some(&b'{')
            && let Some(response) = Box::pin(self.answer_batch(&parts, &message)).await
        {
            return response;
        }
        self.answer_one(parts, message).await
    }

    /// Answers one message, in its session where there are sessions.
    async fn answer_one(&self, parts: Parts, message: Bytes) -> Response<Body> {
        match &self.sessions {
            Some(sessions) => Box::pin(sessions.answer(self, parts, message)).await,
            None => self.answer_message(parts, message).await,
        }
    }

    // What goes to the SDK is boxed here and below: its futures are large, and a call that does not need them
    // would carry their room along.
    async fn answer_without_message(&self, request: Request<Body>) -> Response<Body> {
        if let Some(sessions) = &self.sessions {
            if let Some(refusal) = self.refuse_if_strange(request.uri(), request.headers()).await {
                return refusal;
            }
            if let Some(response) = sessions.answer_without_message(self, &request) {
                return response;
            }
        }
        Box::pin(self.sdk.handle(request)).await.map(Body::new)
    }

    /// Answers one message, whatever session it is of.
    async fn answer_message(&self, mut parts: Parts, message: Bytes) -> Response<Body> {
        let events = takes_events(&parts.headers);
        let takes_json = accept_both(&mut parts.headers);
        if takes_json && self.recognises {
            match self.answer_recognised(parts, &message).await {
                Ok(response) => return response,
                Err(unanswered) => parts = unanswered,
            }
        }
        if !events {
            parts.extensions.insert(JsonOnly);
        }
        Box::pin(self.answer_through_the_sdk(parts, message)).await
    }

    /// Answers a request that needs nothing of the SDK; of any other gives back the head.
    async fn answer_recognised(&self, parts: Parts, message: &[u8]) -> Result<Response<Body>, Parts> {
        let Some(Recognised { id, revision, method }) = recogniser::recognise(&parts.headers, message) else {
            return Err(parts);
        };
        let snapshot = self.bridge.snapshot();
        let server = snapshot.listing.meta_text();
        Ok(match method {
            recogniser::Method::List => response::of_list(id, snapshot.tools_text(), revision, server),
            recogniser::Method::Call { name, arguments } => {
                let known = snapshot.tool(name);
                let checked = revision != Revision::Stateless || !snapshot.mirrors_headers(name);
                let Some(tool) = known.filter(|_| checked) else {
                    return Err(parts);
                };
                let result = discovery::call(&snapshot, tool, arguments, Some(parts), None).await;
                response::json(response::of_call(id, result, revision, server).into())
            }
        })
    }

    async fn answer_through_the_sdk(&self, parts: Parts, message: Bytes) -> Response<Body> {
        // The SDK still decides whether the request's other headers are right: what is refused here
        // goes there as an empty body, and only the SDK's answer to that is replaced.
        let refusal = message::check(&message).err();
        let body = if refusal.is_some() { Bytes::new() } else { message };
        let response = self.sdk.handle(Request::from_parts(parts, Full::new(body))).await;
        if response.status() == StatusCode::UNSUPPORTED_MEDIA_TYPE {
            return refuse(&refusal.unwrap_or_else(Refusal::unreadable));
        }
        response.map(Body::new)
    }

    /// The answer to a `Host` or `Origin` that is not let in, before any of the body is read.
    async fn refuse_if_strange(&self, uri: &Uri, headers: &HeaderMap) -> Option<Response<Body>> {
        if self.admission.is_certain(headers) {
            return None;
        }
        // The SDK checks these first, and then finds that the method is not one it serves.
        let mut probe = Request::new(Full::<Bytes>::default());
        *probe.method_mut() = Method::PUT;
        *probe.uri_mut() = uri.clone();
        *probe.headers_mut() = headers.clone();
        let response = Box::pin(self.sdk.handle(probe)).await;
        (response.status() != StatusCode::METHOD_NOT_ALLOWED).then(|| response.map(Body::new))
    }

    async fn read(&self, body: Body) -> Result<Bytes, Response<Body>> {
        let read = Limited::new(body, self.body_bytes).collect();
        match tokio::time::timeout(self.body_timeout, read).await {
            Ok(Ok(body)) => Ok(body.to_bytes()),
            Ok(Err(error)) if error.is::<LengthLimitError>() => {
                let text = format!("The message is larger than {} bytes.\n", self.body_bytes);
                Err(plain(StatusCode::PAYLOAD_TOO_LARGE, text))
            }
            Ok(Err(_)) => Err(plain(StatusCode::BAD_REQUEST, "The message broke off.\n")),
            Err(_) => Err(plain(StatusCode::REQUEST_TIMEOUT, "The message took too long to arrive.\n")),
        }
    }
}

impl<B> tower::Service<Request<B>> for McpService
where
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        self.clone().answer(request.map(Body::new)).map(Ok).boxed()
    }
}

impl std::fmt::Debug for McpService {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("McpService")
            .field("body_bytes", &self.shared.body_bytes)
            .finish_non_exhaustive()
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    content_type.is_some_and(|value| essence(value).eq_ignore_ascii_case("application/json"))
}

/// Marks a request whose client cannot read an answer that is a stream of events.
#[derive(Clone, Copy)]
pub(super) struct JsonOnly;

/// What nearly every client says, told at once.
fn accepts_as_specified(headers: &HeaderMap) -> bool {
    headers.get(ACCEPT).is_some_and(|value| value == BOTH)
}

fn takes_events(headers: &HeaderMap) -> bool {
    if accepts_as_specified(headers) {
        return true;
    }
    let mut entries =
        headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok()).flat_map(|v| v.split(','));
    entries.any(|entry| {
        ["text/event-stream", "text/*", "*/*"].contains(&essence(entry).to_ascii_lowercase().as_str())
    })
}

/// A client that takes JSON can read every answer: none is a stream unless it asked for progress. The
/// SDK wants both named. Tells whether the client takes JSON.
fn accept_both(headers: &mut HeaderMap) -> bool {
    if accepts_as_specified(headers) {
        return true;
    }
    let takes_json = |entry: &str| {
        let refused = entry.split(';').skip(1).any(|parameter| parameter.trim().eq_ignore_ascii_case("q=0"));
        !refused
            && ["application/json", "application/*", "*/*"]
                .contains(&essence(entry).to_ascii_lowercase().as_str())
    };
    let mut entries =
        headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok()).flat_map(|v| v.split(','));
    let served = !headers.contains_key(ACCEPT) || entries.any(takes_json);
    if served {
        headers.insert(ACCEPT, HeaderValue::from_static(BOTH));
    }
    served
}

/// A media type without its parameters.
fn essence(value: &str) -> &str {
    value.split(';').next().unwrap_or_default().trim()
}

/// A refused message: 400, as the transport asks; 404 for a method that its revision has not; 200 for a
/// request whose parameters alone are wrong, so that clients read the JSON-RPC error rather than the
/// status.
fn refuse(refusal: &Refusal) -> Response<Body> {
    let status = match refusal.code() {
        ErrorCode::INVALID_PARAMS => StatusCode::OK,
        ErrorCode::METHOD_NOT_FOUND => StatusCode::NOT_FOUND,
        _ => StatusCode::BAD_REQUEST,
    };
    let mut response = Response::new(Body::from(refusal.to_json()));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

fn plain(status: StatusCode, text: impl Into<Body>) -> Response<Body> {
    let mut response = Response::new(text.into());
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}

#[cfg(test)]
mod tests;
