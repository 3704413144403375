//! MCP over HTTP with server-sent events, the transport of 2024-11-05.
//!
//! A client opens a stream with `GET /sse`, is told where to post its messages, and reads the answers
//! from the stream. Each message is answered as it would be over streamable HTTP. A stream that ends
//! takes with it what is still in flight.

use std::collections::HashMap;
use std::convert::Infallible;
use std::future::ready;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::routing::{get, post};
use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::{once, unfold};
use http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use http::{Request, Response, StatusCode};
use http_body_util::BodyExt;
use serde_json::value::RawValue;
use tokio::sync::{Semaphore, mpsc, watch};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::super::list_changes::{self, HearsChanges};
use super::envelope::Envelope;
use super::{BOTH, McpService, Shared, is_json, plain};
use crate::principal::Principal;
use crate::random_id::random_id;
use crate::serve::Draining;

/// Where a stream is opened.
const STREAM_PATH: &str = "/sse";
/// Where messages are posted.
const MESSAGES_PATH: &str = "/messages";
/// The most streams at once.
const STREAMS: usize = 256;
/// The most messages of one stream that are being answered at once.
const IN_FLIGHT: usize = 64;
/// How many answers wait for a client that does not read them before no more are made.
const WAITING: usize = 16;
/// How often a stream without answers shows that it lives.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// The open streams, by their ids. An id cannot be guessed, and is all that tells
/// one client from another where nobody says who calls.
#[derive(Clone)]
struct EventStreams {
    shared: Arc<Shared>,
    open: Arc<Mutex<HashMap<String, Arc<EventStream>>>>,
}

struct EventStream {
    /// Who opened it, where that is known: nobody else may post to it.
    owner: Option<Principal>,
    events: mpsc::Sender<Bytes>,
    permits: Arc<Semaphore>,
    /// Whether the client has said that it is initialized.
    initialized: watch::Sender<bool>,
    closed: CancellationToken,
    /// What ends each message's answering, by its id as JSON text.
    calls: Mutex<HashMap<String, CancellationToken>>,
}

/// Closes its stream when the client is gone.
struct Closing {
    streams: EventStreams,
    id: String,
}

impl Drop for Closing {
    fn drop(&mut self) {
        let stream = self.streams.open.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.id);
        if let Some(stream) = stream {
            stream.closed.cancel();
        }
    }
}

/// The server's end of a stream.
struct Open {
    receiver: mpsc::Receiver<Bytes>,
    changes: watch::Receiver<u64>,
    initialized: watch::Receiver<bool>,
    draining: Draining,
    _closing: Closing,
}

impl Open {
    /// The next event; none when the stream should end.
    async fn next(&mut self) -> Option<Bytes> {
        let changed = async {
            // Before it has said so, a client expects nothing but answers.
            self.initialized.wait_for(|initialized| *initialized).await.ok()?;
            self.changes.changed().await.ok()
        };
        tokio::select! {
            event = self.receiver.recv() => event,
            Some(()) = changed => Some(list_changes::EVENTS),
            () = self.draining.begun() => None,
            () = sleep(KEEP_ALIVE) => Some(Bytes::from_static(b":\n\n")),
        }
    }
}

/// The two paths of the transport.
pub(super) fn routes(service: &McpService) -> Router {
    let streams = EventStreams { shared: Arc::clone(&service.shared), open: Arc::default() };
    let messages = streams.clone();
    Router::new()
        .route(STREAM_PATH, get(move |request: Request<Body>| streams.clone().open(request)))
        .route(MESSAGES_PATH, post(move |request: Request<Body>| messages.clone().receive(request)))
}

impl EventStreams {
    async fn open(self, request: Request<Body>) -> Response<Body> {
        if let Some(refusal) = self.shared.refuse_if_strange(request.uri(), request.headers()).await {
            return refusal;
        }
        let draining = request.extensions().get::<Draining>().cloned().unwrap_or_default();
        let (events, receiver) = mpsc::channel(WAITING);
        let (initialized, is_initialized) = watch::channel(false);
        let Some(closing) = self.add(events, initialized, Principal::of(request.extensions())) else {
            return plain(StatusCode::SERVICE_UNAVAILABLE, "Too many streams are open.\n");
        };
        let endpoint = format!("event: endpoint\ndata: {MESSAGES_PATH}?sessionId={}\n\n", closing.id);
        let changes = closing.streams.shared.bridge.list_changes();
        let open = Open { receiver, changes, initialized: is_initialized, draining, _closing: closing };
        let answers = unfold(open, |mut open| async move { Some((open.next().await?, open)) });
        let events = once(ready(Bytes::from(endpoint))).chain(answers).map(Ok::<_, Infallible>);
        let mut response = Response::new(Body::from_stream(events));
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }

    fn add(
        &self,
        events: mpsc::Sender<Bytes>,
        initialized: watch::Sender<bool>,
        owner: Option<Principal>,
    ) -> Option<Closing> {
        let id = random_id()?;
        let stream = EventStream {
            owner,
            events,
            permits: Arc::new(Semaphore::new(IN_FLIGHT)),
            initialized,
            closed: CancellationToken::new(),
            calls: Mutex::default(),
        };
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.len() >= STREAMS {
            return None;
        }
        open.insert(id.clone(), Arc::new(stream));
        Some(Closing { streams: self.clone(), id })
    }

    async fn receive(self, request: Request<Body>) -> Response<Body> {
        if let Some(refusal) = self.shared.refuse_if_strange(request.uri(), request.headers()).await {
            return refusal;
        }
        if !is_json(request.headers()) {
            let text = "The Content-Type of a message must be application/json.\n";
            return plain(StatusCode::UNSUPPORTED_MEDIA_TYPE, text);
        }
        let Some(stream) = self.stream(request.uri().query(), Principal::of(request.extensions()).as_ref())
        else {
            return plain(StatusCode::NOT_FOUND, "There is no such stream; open one with GET /sse.\n");
        };
        let (mut parts, body) = request.into_parts();
        let message = match self.shared.read(body).await {
            Ok(message) => message,
            Err(response) => return response,
        };
        let envelope = serde_json::from_slice::<Envelope<'_>>(&message).unwrap_or_default();
        if let Some(cancelled) = envelope.cancelled() {
            stream.cancel(cancelled);
        }
        if envelope.is("notifications/initialized") {
            stream.initialized.send_replace(true);
        }
        let Ok(permit) = Arc::clone(&stream.permits).try_acquire_owned() else {
            return plain(
                StatusCode::SERVICE_UNAVAILABLE,
                "Too many messages of this stream are in flight.\n",
            );
        };
        let (id, cancel) = stream.begin(envelope.id);
        parts.headers.insert(ACCEPT, HeaderValue::from_static(BOTH));
        parts.extensions.insert(HearsChanges);
        let shared = Arc::clone(&self.shared);
        tokio::spawn(async move {
            let answering = async {
                let response = shared.answer(Request::from_parts(parts, Body::from(message))).await;
                stream.forward(response).await;
            };
            cancel.run_until_cancelled(answering).await;
            stream.end(id.as_deref());
            drop(permit);
        });
        plain(StatusCode::ACCEPTED, "Accepted\n")
    }

    fn stream(&self, query: Option<&str>, caller: Option<&Principal>) -> Option<Arc<EventStream>> {
        let id = query?.split('&').find_map(|pair| pair.strip_prefix("sessionId="))?;
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.get(id).filter(|stream| stream.owner.as_ref() == caller).cloned()
    }
}

impl EventStream {
    fn begin(&self, id: Option<&RawValue>) -> (Option<String>, CancellationToken) {
        let cancel = self.closed.child_token();
        let id = id.map(|id| id.get().to_owned());
        if let Some(id) = &id {
            let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
            calls.insert(id.clone(), cancel.clone());
        }
        (id, cancel)
    }

    fn end(&self, id: Option<&str>) {
        if let Some(id) = id {
            self.calls.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
        }
    }

    fn cancel(&self, id: &RawValue) {
        if let Some(cancel) = self.calls.lock().unwrap_or_else(PoisonError::into_inner).get(id.get()) {
            cancel.cancel();
        }
    }

    /// Puts an answer on the stream: events as they come, JSON as one.
    async fn forward(&self, response: Response<Body>) {
        let media_type = response.headers().get(CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
        let is_events = media_type.starts_with(b"text/event-stream");
        if !is_events && !media_type.starts_with(b"application/json") {
            return;
        }
        let body = response.into_body();
        if is_events {
            let mut pieces = body.into_data_stream();
            while let Some(Ok(piece)) = pieces.next().await {
                if self.events.send(piece).await.is_err() {
                    return;
                }
            }
        } else if let Ok(json) = body.collect().await {
            // When nobody listens any more, there is nobody to tell.
            let _ = self.events.send(event(&json.to_bytes())).await;
        }
    }
}

/// JSON as an event: a line break, which can only stand between its tokens, begins another line of data.
fn event(json: &[u8]) -> Bytes {
    let mut event = b"event: message\ndata: ".to_vec();
    event.reserve(json.len() + 2);
    for byte in json {
        match byte {
            b'\n' => event.extend_from_slice(b"\ndata: "),
            b'\r' => event.push(b' '),
            other => event.push(*other),
        }
    }
    event.extend_from_slice(b"\n\n");
    event.into()
}
