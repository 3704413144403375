//! Serving HTTP: one listener, a bounded end.

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulConnection, GracefulShutdown};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tower::ServiceExt;
use tracing::{debug, warn};

/// How long calls in flight may take once [`serve_http`] is told to end.
pub const DRAIN: Duration = Duration::from_secs(10);

/// How long a connection may take to send the head of a request, or stay idle before one.
const HEAD_TIMEOUT: Duration = Duration::from_mins(1);

/// How long to wait when no connection can be accepted: too many files are open, say.
const ACCEPT_PAUSE: Duration = Duration::from_secs(1);

/// Serves `router` over HTTP/1.1 until `shutdown` resolves, then accepts nothing more, and waits for
/// the requests in flight, at most [`DRAIN`] long.
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
    // Dropped with this future: what is not finished then is given up.
    let mut connections = JoinSet::new();
    let mut shutdown = pin!(shutdown);
    loop {
        tokio::select! {
            (stream, peer) = accept(&listener) => {
                let connection = ending.watch(connection(stream, peer, router.clone()));
                connections.spawn(async move {
                    if let Err(error) = connection.await {
                        debug!(%error, %peer, "a connection broke");
                    }
                });
            }
            Some(_) = connections.join_next() => {}
            () = &mut shutdown => break,
        }
    }
    drop(listener);
    if tokio::time::timeout(drain, ending.shutdown()).await.is_err() {
        warn!(?drain, "requests still in flight are given up");
    }
    Ok(())
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

/// Serves one connection.
fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
) -> impl GracefulConnection<Error = hyper::Error> + Send {
    // Without it, the end of a small answer waits for the client's delayed acknowledgement.
    if let Err(error) = stream.set_nodelay(true) {
        debug!(%error, "TCP_NODELAY cannot be set");
    }
    let service = router.map_request(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        request.map(axum::body::Body::new)
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service))
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
