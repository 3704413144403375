//! Sessions, for clients of older revisions that want to be told of changes (streamable HTTP of 2025-03-26 to
//! 2025-11-25, "Session Management").
//!
//! A session remembers whose it is, what it has in flight and which list its client has seen; requests are answered
//! as they are without one.

mod table;

use std::convert::Infallible;
use std::time::{Duration, Instant};

use axum::body::Body;
use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::unfold;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use http::request::Parts;
use http::{HeaderMap, HeaderName, Method, Request, Response, StatusCode};
use http_body_util::BodyExt;
use tokio::sync::watch;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use self::table::{InUse, Table};
use super::super::list_changes::{self, HearsChanges};
use super::super::recogniser::STATELESS_REVISION;
use super::envelope::Envelope;
use super::{PROTOCOL_VERSION, Shared, plain, takes_events};
use crate::principal::Principal;
use crate::serve::Draining;

const SESSION_ID: HeaderName = HeaderName::from_static("mcp-session-id");

/// How often a stream without events shows that it lives.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Bounds on sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionOptions {
    /// The most sessions at once. Default: 1024.
    pub sessions: usize,
    /// The most sessions at once of one [`Principal`]. Default: 64.
    pub sessions_per_caller: usize,
    /// How long a session may have neither a request nor a stream before it is gone. Default: 30 minutes.
    pub idle_timeout: Duration,
}

impl Default for SessionOptions {
    fn default() -> Self {
        Self { sessions: 1024, sessions_per_caller: 64, idle_timeout: Duration::from_mins(30) }
    }
}

/// The sessions of one endpoint.
pub(super) struct Sessions(Table);

impl Sessions {
    pub(super) fn new(options: SessionOptions) -> Self {
        Self(Table::new(options))
    }

    /// Answers a message: in its session where it names one, and with a new one where it begins one. A client
    /// that wants none may do without.
    pub(super) async fn answer(&self, shared: &Shared, mut parts: Parts, message: Bytes) -> Response<Body> {
        let envelope = serde_json::from_slice::<Envelope<'_>>(&message).unwrap_or_default();
        let caller = Principal::of(&parts.extensions);
        if is_stateless_revision(&parts.headers) {
            return shared.answer_message(parts, message).await;
        }
        let Some(id) = session_id(&parts.headers) else {
            if envelope.is("initialize") {
                parts.extensions.insert(HearsChanges);
                return self.begin(shared, parts, message, caller).await;
            }
            return shared.answer_message(parts, message).await;
        };
        let Some(mut session) = self.0.enter(id, caller.as_ref(), Instant::now()) else { return unknown() };
        if let Some(request) = envelope.cancelled() {
            session.cancel_request(request);
        }
        if envelope.is("tools/list") {
            session.list(*shared.bridge.list_changes().borrow());
        }
        let Some(request) = envelope.id else { return shared.answer_message(parts, message).await };
        let cancel = session.begin_request(request);
        match cancel.run_until_cancelled(shared.answer_message(parts, message)).await {
            Some(response) => within(response, session, cancel),
            None => events(Body::empty()),
        }
    }

    async fn begin(
        &self,
        shared: &Shared,
        parts: Parts,
        message: Bytes,
        caller: Option<Principal>,
    ) -> Response<Body> {
        let version = *shared.bridge.list_changes().borrow();
        let response = shared.answer_message(parts, message).await;
        let (mut head, body) = response.into_parts();
        let Ok(body) = body.collect().await else {
            return plain(StatusCode::INTERNAL_SERVER_ERROR, "No answer was made.\n");
        };
        let body = body.to_bytes();
        let answer = serde_json::from_slice::<Envelope<'_>>(&body).unwrap_or_default();
        if answer.result.is_some() {
            let id = self.0.begin(caller, version, Instant::now()).ok();
            let Some(value) = id.and_then(|id| HeaderValue::try_from(id).ok()) else {
                let mut refusal = plain(StatusCode::SERVICE_UNAVAILABLE, "There are too many sessions.\n");
                refusal.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("60"));
                return refusal;
            };
            head.headers.insert(SESSION_ID, value);
        }
        Response::from_parts(head, Body::from(body))
    }

    /// Answers GET, which opens the server's stream, and DELETE, which ends the session; none for what is
    /// not of a session.
    pub(super) fn answer_without_message(
        &self,
        shared: &Shared,
        request: &Request<Body>,
    ) -> Option<Response<Body>> {
        let headers = request.headers();
        if is_stateless_revision(headers) || ![Method::GET, Method::DELETE].contains(request.method()) {
            return None;
        }
        let Some(id) = session_id(headers) else {
            let text = "Name the session: the header Mcp-Session-Id is missing.\n";
            return Some(plain(StatusCode::BAD_REQUEST, text));
        };
        let caller = Principal::of(request.extensions());
        if request.method() == Method::DELETE {
            return Some(if self.0.end(id, caller.as_ref(), Instant::now()) {
                no_content()
            } else {
                unknown()
            });
        }
        if !takes_events(headers) {
            let text = "The stream of a session is text/event-stream; the Accept header must name it.\n";
            return Some(plain(StatusCode::NOT_ACCEPTABLE, text));
        }
        let Some(session) = self.0.enter(id, caller.as_ref(), Instant::now()) else { return Some(unknown()) };
        let draining = request.extensions().get::<Draining>().cloned().unwrap_or_default();
        let changes = shared.bridge.list_changes();
        let (closed, told) = (session.begin_stream(), session.listed());
        let stream = ServerStream { _session: session, closed, changes, told, draining };
        let stream = unfold(stream, |mut stream| async move { Some((stream.next().await?, stream)) });
        Some(events(Body::from_stream(stream.map(Ok::<_, Infallible>))))
    }
}

/// The stream that a client opened to be told of changes.
struct ServerStream {
    _session: InUse,
    closed: CancellationToken,
    changes: watch::Receiver<u64>,
    /// The version of the list of tools that the client was told of.
    told: u64,
    draining: Draining,
}

impl ServerStream {
    /// The next event; none when the stream should end.
    async fn next(&mut self) -> Option<Bytes> {
        let told = self.told;
        tokio::select! {
            Ok(version) = self.changes.wait_for(|version| *version != told) => {
                self.told = *version;
                Some(list_changes::EVENTS)
            }
            () = self.closed.cancelled() => None,
            () = self.draining.begun() => None,
            () = sleep(KEEP_ALIVE) => Some(Bytes::from_static(b":\n\n")),
        }
    }
}

/// The answer, which keeps its session in use until it is whole, and ends when it is given up.
fn within(response: Response<Body>, session: InUse, cancel: CancellationToken) -> Response<Body> {
    let is_events = response.headers().get(CONTENT_TYPE).is_some_and(|value| value == "text/event-stream");
    if !is_events {
        return response;
    }
    response.map(|body| {
        let pieces = body.into_data_stream().take_until(cancel.cancelled_owned());
        Body::from_stream(pieces.inspect(move |_| {
            let _in_use = &session;
        }))
    })
}

fn events(body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn no_content() -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}

/// The same whether the session never was, is over or is another's.
fn unknown() -> Response<Body> {
    plain(StatusCode::NOT_FOUND, "There is no such session; initialize a new one.\n")
}

fn session_id(headers: &HeaderMap) -> Option<&str> {
    headers.get(SESSION_ID).map(|value| value.to_str().unwrap_or_default())
}

/// Whether a request is of the revision that has no sessions. Revisions compare as text.
fn is_stateless_revision(headers: &HeaderMap) -> bool {
    let revision = headers.get(PROTOCOL_VERSION).and_then(|value| value.to_str().ok());
    revision.is_some_and(|revision| revision >= STATELESS_REVISION)
}
