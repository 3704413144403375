//! Serving HTTP: one listener, a bounded end.

mod draining;
mod patient_stream;

use std::future::ready;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::response::Response;
use futures_util::future::Either;
use http::header::{CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, HeaderValue, TRANSFER_ENCODING};
use http::{Request, StatusCode};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulConnection, GracefulShutdown};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tower::ServiceExt;
use tracing::{debug, warn};

pub(crate) use draining::Draining;
use patient_stream::PatientStream;

/// Where whoever watches the process asks whether it lives.
pub(crate) const HEALTH_PATH: &str = "/healthz";
/// Where whoever sends it requests asks whether it takes them.
pub(crate) const READY_PATH: &str = "/readyz";

/// How long calls in flight may take once [`serve_http`] is told to end.
pub const DRAIN: Duration = Duration::from_secs(10);

/// How long a connection may take to send the head of a request, or stay idle before one.
const HEAD_TIMEOUT: Duration = Duration::from_mins(1);

/// How long to wait when no connection can be accepted: too many files are open, say.
const ACCEPT_PAUSE: Duration = Duration::from_secs(1);

/// The most connections at once; more are told so and closed.
const CONNECTIONS: usize = 4096;

/// The most bytes of the head of a request.
const HEAD_BYTES: usize = 64 * 1024;

/// Serves `router` over HTTP/1.1 until `shutdown` resolves, then begins nothing more, and waits for the
/// requests in flight, at most [`DRAIN`] long. Meanwhile whoever asks for `/readyz` is told 503, and so
/// is whoever asks for anything else but `/healthz`.
///
/// Handlers find the client's address as [`ConnectInfo<SocketAddr>`](ConnectInfo).
///
/// # Errors
/// When the listener is not one. Neither a broken connection nor one that cannot be accepted is an
/// error.
pub async fn serve_http(
    listener: TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()> + Send,
) -> io::Result<()> {
    serve_http_with_drain(listener, router, shutdown, DRAIN).await
}

/// [`serve_http`] with a wait of its own for the requests in flight.
///
/// # Errors
/// As [`serve_http`].
pub async fn serve_http_with_drain(
    listener: TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()> + Send,
    drain: Duration,
) -> io::Result<()> {
    debug!(address = %listener.local_addr()?, "listening");
    let ending = GracefulShutdown::new();
    let server = Server { router, draining: Draining::default() };
    // Dropped with this future: what is not finished then is given up.
    let mut connections = JoinSet::new();
    let mut shutdown = pin!(shutdown);
    loop {
        tokio::select! {
            (stream, peer) = accept(&listener) => {
                if connections.len() >= CONNECTIONS {
                    warn!(limit = CONNECTIONS, "too many connections; one is refused");
                    refuse(&stream);
                    continue;
                }
                connections.spawn(finished(peer, ending.watch(server.connection(stream, peer))));
            }
            Some(_) = connections.join_next() => {}
            () = &mut shutdown => break,
        }
    }
    server.draining.begin();
    let mut in_flight = pin!(tokio::time::timeout(drain, ending.shutdown()));
    let mut late = JoinSet::new();
    loop {
        tokio::select! {
            ended = &mut in_flight => {
                if ended.is_err() {
                    warn!(?drain, "requests still in flight are given up");
                }
                return Ok(());
            }
            (stream, peer) = accept(&listener) => {
                if late.len() < CONNECTIONS {
                    late.spawn(finished(peer, server.connection(stream, peer)));
                }
            }
            Some(_) = late.join_next() => {}
        }
    }
}

/// Waits until a connection ends.
async fn finished(peer: SocketAddr, connection: impl Future<Output = Result<(), hyper::Error>>) {
    if let Err(error) = connection.await {
        debug!(%error, %peer, "a connection broke");
    }
}

/// Tells a client that there is no room, as far as that goes without waiting for it.
fn refuse(stream: &TcpStream) {
    let answer = b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
    if let Err(error) = stream.try_write(answer) {
        debug!(%error, "a client was not told that it is refused");
    }
}

async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            Err(error) if is_about_one_connection(&error) => {}
            Err(error) => {
                warn!(%error, "no connection can be accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

fn is_about_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// What all connections share.
struct Server {
    router: Router,
    /// Whether nothing more is begun.
    draining: Draining,
}

impl Server {
    /// Serves one connection.
    fn connection(
        &self,
        stream: TcpStream,
        peer: SocketAddr,
    ) -> impl GracefulConnection<Error = hyper::Error> + Send + use<> {
        // Without it, the end of a small answer waits for the client's delayed acknowledgement.
        if let Err(error) = stream.set_nodelay(true) {
            debug!(%error, "TCP_NODELAY cannot be set");
        }
        let (router, draining) = (self.router.clone(), self.draining.clone());
        let service = service_fn(move |mut request: Request<Incoming>| {
            let refused = if is_ambiguous(&request) {
                Some((
                    StatusCode::BAD_REQUEST,
                    "Content-Length and Transfer-Encoding contradict each other.\n",
                ))
            } else if draining.has_begun() {
                while_draining(request.uri().path())
            } else {
                None
            };
            request.extensions_mut().insert(ConnectInfo(peer));
            request.extensions_mut().insert(draining.clone());
            match refused {
                Some(refused) => Either::Left(ready(Ok(closing(refused)))),
                None => Either::Right(router.clone().oneshot(request.map(Body::new))),
            }
        });
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_TIMEOUT)
            .max_buf_size(HEAD_BYTES)
            .serve_connection(TokioIo::new(PatientStream::new(stream)), service)
    }
}

/// Whether the length of the body is told twice (RFC 9112, section 6.3): somebody on the way may have
/// read another body.
fn is_ambiguous(request: &Request<Incoming>) -> bool {
    let headers = request.headers();
    headers.contains_key(CONTENT_LENGTH) && headers.contains_key(TRANSFER_ENCODING)
}

/// What is said to who comes when the server is about to end; nothing where it is still served.
fn while_draining(path: &str) -> Option<(StatusCode, &'static str)> {
    (path != HEALTH_PATH).then_some((StatusCode::SERVICE_UNAVAILABLE, "The server is about to end.\n"))
}

/// An answer after which the connection ends.
fn closing((status, text): (StatusCode, &'static str)) -> Response {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}

/// Resolves when the process is asked to end: SIGTERM, or an interrupt from the keyboard.
pub async fn shutdown_signal() {
    let interrupt = async {
        if let Err(error) = tokio::signal::ctrl_c().await {
            warn!(%error, "interrupts cannot be waited for");
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        () = interrupt => {}
        () = terminate() => {}
    }
}

#[cfg(unix)]
async fn terminate() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(error) => {
            warn!(%error, "SIGTERM cannot be waited for");
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(not(unix))]
async fn terminate() {
    std::future::pending::<()>().await;
}
