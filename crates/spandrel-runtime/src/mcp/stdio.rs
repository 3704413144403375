//! MCP over stdin and stdout, or any other pair of streams.

mod batches;
mod line;

use std::collections::{BTreeSet, VecDeque};
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rmcp::model::{
    ClientJsonRpcMessage, ClientNotification, ClientRequest, GetMeta, JsonRpcMessage, RequestId,
    ServerJsonRpcMessage, ServerResult,
};
use rmcp::service::ServerInitializeError;
use rmcp::transport::Transport;
use rmcp::{RoleServer, ServiceExt};
use serde_json::value::RawValue;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::sync::{Mutex as AsyncMutex, Notify};
use tokio_util::sync::CancellationToken;
use tracing::{debug, warn};

use self::batches::{Batches, Written};
use self::line::{Line, LineReader};
use super::handler::Handler;
use super::list_changes::Announcements;
use super::message::{self, Refusal};
use super::service::batch;
use crate::bridge::Bridge;
use crate::serve::DRAIN;

/// The largest message, in bytes; as over HTTP.
const LINE_BYTES: usize = 4 * 1024 * 1024;

impl Bridge {
    /// Serves MCP over stdin and stdout until stdin ends or `shutdown` resolves, then waits for the
    /// calls in flight, at most [`DRAIN`] long.
    ///
    /// Nothing else may write to stdout meanwhile.
    ///
    /// # Errors
    /// When stdout cannot be written.
    pub async fn serve_stdio(&self, shutdown: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
        let (input, output) = rmcp::transport::io::stdio_pipes();
        self.serve_streams(input, output, shutdown, DRAIN).await
    }

    /// The same over any pair of streams: one JSON-RPC message a line.
    ///
    /// # Errors
    /// When `output` cannot be written.
    pub async fn serve_streams(
        &self,
        input: impl AsyncRead + Send + Unpin + 'static,
        output: impl AsyncWrite + Send + Unpin + 'static,
        shutdown: impl Future<Output = ()> + Send + 'static,
        drain: Duration,
    ) -> io::Result<()> {
        let (cancel, ending) = (CancellationToken::new(), CancellationToken::new());
        let handler = Handler::of_session(self.clone(), Announcements::new(ending.clone()));
        let lines = Lines {
            input: Some(LineReader::new(input, LINE_BYTES)),
            output: Arc::new(AsyncMutex::new(output)),
            shutdown: Box::pin(shutdown),
            drain,
            cancel: cancel.clone(),
            ending,
            open: Arc::default(),
            batches: Arc::default(),
            has_batches: Arc::default(),
            queue: VecDeque::new(),
            unwritten: None,
            started: false,
        };
        match handler.serve_with_ct(lines, cancel).await {
            Ok(session) => session.waiting().await.map(drop).map_err(io::Error::other),
            // The client left before it said what it wants.
            Err(ServerInitializeError::ConnectionClosed(_) | ServerInitializeError::Cancelled) => Ok(()),
            Err(error) => Err(io::Error::other(error)),
        }
    }
}

/// Messages, one a line. Its end is the end of the calls in flight: the SDK itself would give them a
/// few seconds only.
struct Lines<R, W> {
    input: Option<LineReader<R>>,
    output: Arc<AsyncMutex<W>>,
    shutdown: Pin<Box<dyn Future<Output = ()> + Send>>,
    drain: Duration,
    /// Ends the session and what is in flight.
    cancel: CancellationToken,
    /// Cancelled when no more messages come: what has no end of its own ends then.
    ending: CancellationToken,
    open: Arc<OpenRequests>,
    batches: Arc<Batches>,
    /// Whether the client's revision has batches.
    has_batches: Arc<AtomicBool>,
    /// Messages of a batch that the SDK has not seen.
    queue: VecDeque<ClientJsonRpcMessage>,
    /// An answer that is still to be written, kept across cancelled reads.
    unwritten: Option<Vec<u8>>,
    /// Whether the session has begun; the SDK ends on a notification before.
    started: bool,
}

/// The requests that are not answered yet.
#[derive(Default)]
struct OpenRequests {
    ids: Mutex<BTreeSet<String>>,
    closed: Notify,
}

impl OpenRequests {
    fn open(&self, id: &RequestId) {
        self.ids.lock().unwrap_or_else(PoisonError::into_inner).insert(key(id));
    }

    fn close(&self, id: &RequestId) {
        self.ids.lock().unwrap_or_else(PoisonError::into_inner).remove(&key(id));
        self.closed.notify_waiters();
    }

    fn is_empty(&self) -> bool {
        self.ids.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    async fn all_closed(&self) {
        loop {
            let closed = self.closed.notified();
            if self.is_empty() {
                return;
            }
            closed.await;
        }
    }
}

/// `1` and `"1"` are different ids.
fn key(id: &RequestId) -> String {
    format!("{id:?}")
}

impl<R, W> Lines<R, W>
where
    R: AsyncRead + Send + Unpin,
    W: AsyncWrite + Send + Unpin + 'static,
{
    /// The next message, or none when the input has ended or the process should.
    async fn next_message(&mut self) -> Option<ClientJsonRpcMessage> {
        loop {
            self.write_unwritten().await?;
            if let Some(message) = self.queue.pop_front() {
                return Some(message);
            }
            let line = tokio::select! {
                line = self.input.as_mut()?.next() => line,
                () = &mut self.shutdown => return None,
            };
            match line {
                Ok(None) => return None,
                Ok(Some(Line::Whole(line))) if line.trim_ascii().is_empty() => {}
                Ok(Some(Line::Whole(line))) => {
                    if let Some(message) = self.read(&line) {
                        return Some(message);
                    }
                }
                Ok(Some(Line::TooLong)) => {
                    warn!(limit = LINE_BYTES, "a message is too long and is dropped");
                    self.unwritten = Some(Refusal::too_long(LINE_BYTES).to_json());
                }
                Err(error) => {
                    debug!(%error, "the input cannot be read");
                    return None;
                }
            }
        }
    }

    fn read(&mut self, line: &[u8]) -> Option<ClientJsonRpcMessage> {
        if self.has_batches.load(Ordering::Relaxed)
            && let Some(batch) = message::batch(line)
        {
            match batch {
                Ok(messages) => self.read_batch(&messages),
                Err(refusal) => self.unwritten = Some(refusal.to_json()),
            }
            return None;
        }
        match self.read_message(line) {
            Ok(message) => message,
            Err(refusal) => {
                self.unwritten = Some(refusal.to_json());
                None
            }
        }
    }

    fn read_batch(&mut self, messages: &[&RawValue]) {
        let (mut requests, mut refused) = (Vec::new(), Vec::new());
        for message in messages {
            match self.read_message(message.get().as_bytes()) {
                Ok(Some(JsonRpcMessage::Request(request))) if begins(&request.request) => {
                    self.open.close(&request.id);
                    let id = serde_json::value::to_raw_value(&request.id).ok();
                    let refusal = Refusal::of_batch(id.as_deref(), "initialize cannot be part of a batch");
                    refused.push(refusal.to_json());
                }
                Ok(Some(message)) => {
                    if let JsonRpcMessage::Request(request) = &message {
                        requests.push(key(&request.id));
                    }
                    self.queue.push_back(message);
                }
                Ok(None) => {}
                Err(refusal) => refused.push(refusal.to_json()),
            }
        }
        if let Written::Together(answers) = self.batches.begin(requests, refused) {
            self.unwritten = Some(answers);
        }
    }

    /// One message; none where it is to be dropped.
    fn read_message(&mut self, line: &[u8]) -> Result<Option<ClientJsonRpcMessage>, Refusal> {
        let line = std::str::from_utf8(line).map_err(|_| Refusal::not_utf8())?;
        message::check(line.as_bytes())?;
        let message = serde_json::from_str(line).map_err(|_| Refusal::unreadable())?;
        match &message {
            JsonRpcMessage::Request(request) => {
                self.open.open(&request.id);
                self.started |= begins(&request.request);
            }
            JsonRpcMessage::Notification(notification) => {
                if let ClientNotification::CancelledNotification(cancelled) = &notification.notification
                    && let Some(id) = &cancelled.params.request_id
                {
                    self.open.close(id);
                    if let Written::Together(answers) = self.batches.answer(&key(id), None) {
                        self.unwritten = Some(answers);
                    }
                }
            }
            JsonRpcMessage::Response(_) | JsonRpcMessage::Error(_) => {}
        }
        Ok((self.started || matches!(message, JsonRpcMessage::Request(_))).then_some(message))
    }

    async fn write_unwritten(&mut self) -> Option<()> {
        let Some(bytes) = self.unwritten.take() else { return Some(()) };
        let output = Arc::clone(&self.output);
        // On a task of its own: a read that is cancelled must not leave half a line behind.
        let write = tokio::spawn(async move { write_line(&output, bytes).await });
        write.await.ok()?.ok()
    }
}

/// Whether a request begins a session: one that neither probes the server nor fails its checks.
fn begins(request: &ClientRequest) -> bool {
    match request {
        ClientRequest::InitializeRequest(_) => true,
        ClientRequest::PingRequest(_) | ClientRequest::DiscoverRequest(_) => false,
        request => request.get_meta().protocol_version().is_some(),
    }
}

async fn write_line<W: AsyncWrite + Unpin>(output: &AsyncMutex<W>, mut line: Vec<u8>) -> io::Result<()> {
    line.push(b'\n');
    let mut output = output.lock().await;
    output.write_all(&line).await?;
    output.flush().await
}

impl<R, W> Transport<RoleServer> for Lines<R, W>
where
    R: AsyncRead + Send + Unpin + 'static,
    W: AsyncWrite + Send + Unpin + 'static,
{
    type Error = io::Error;

    fn send(
        &mut self,
        message: ServerJsonRpcMessage,
    ) -> impl Future<Output = io::Result<()>> + Send + 'static {
        let (output, open) = (Arc::clone(&self.output), Arc::clone(&self.open));
        let (batches, has_batches) = (Arc::clone(&self.batches), Arc::clone(&self.has_batches));
        async move {
            let text = serde_json::to_vec(&message)?;
            let id = match &message {
                JsonRpcMessage::Response(response) => Some(&response.id),
                JsonRpcMessage::Error(error) => error.id.as_ref(),
                JsonRpcMessage::Request(_) | JsonRpcMessage::Notification(_) => None,
            };
            if let JsonRpcMessage::Response(response) = &message
                && let ServerResult::InitializeResult(result) = &response.result
            {
                has_batches.store(result.protocol_version.as_str() == batch::REVISION, Ordering::Relaxed);
            }
            let written = match id {
                Some(id) => batches.answer(&key(id), Some(text)),
                None => Written::Alone(text),
            };
            let result = match written {
                Written::Alone(text) | Written::Together(text) => write_line(&output, text).await,
                Written::Nothing => Ok(()),
            };
            if let Some(id) = id {
                open.close(id);
            }
            result
        }
    }

    async fn receive(&mut self) -> Option<ClientJsonRpcMessage> {
        if self.input.is_some() {
            if let Some(message) = self.next_message().await {
                return Some(message);
            }
            self.input = None;
            self.ending.cancel();
            let (cancel, drain) = (self.cancel.clone(), self.drain);
            // On a task of its own: this future is cancelled and begun again with each answer.
            tokio::spawn(async move {
                tokio::time::sleep(drain).await;
                cancel.cancel();
            });
        }
        self.open.all_closed().await;
        None
    }

    async fn close(&mut self) -> io::Result<()> {
        self.output.lock().await.shutdown().await
    }
}
