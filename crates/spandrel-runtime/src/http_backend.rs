//! The backend over HTTP; the only module that knows the HTTP client.

mod answer;
mod connection;
mod connector;
mod content_coding;
mod error;
mod idle;
mod options;
mod redirect;
mod request;
mod route;
mod tls;

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use http::{Method, Request, Response};
use hyper::client::conn::http2;
use hyper_util::rt::TokioExecutor;
use spandrel_plan::{CallError, CallErrorKind};
use thiserror::Error;
use tracing::debug;

use self::connection::Http1;
use self::idle::Http2;
pub use self::options::{ClientIdentity, EgressRules, HttpClientOptions, RedirectScope};
use self::route::{NamedBy, Route, Routes};
use crate::backend::{Backend, BackendBody};

/// How often a request is sent again that a server has not looked at.
const REPETITIONS: usize = 2;

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
    routes: Arc<Routes>,
}

/// A connection to send a request on.
enum Connection {
    Http1 {
        connection: Box<Http1>,
        /// Whether it has served another request: the server may be closing it right now.
        is_used: bool,
    },
    Http2(Http2),
}

impl HttpBackend {
    /// A backend with a connection pool of its own.
    ///
    /// # Errors
    /// When the user agent is not a header value, or a certificate or key is not PEM.
    pub fn new(options: &HttpClientOptions) -> Result<Self, HttpBackendError> {
        Ok(Self { routes: Arc::new(Routes::new(options.clone())?) })
    }

    async fn exchange(&self, mut request: Request<Bytes>) -> Result<Response<BackendBody>, CallError> {
        let options = self.routes.options();
        let mut route = self.routes.to(request.uri(), NamedBy::Plan)?;
        for _ in 0..options.redirects {
            let response = self.send_once(&route, &mut request).await?;
            let Some(next) = redirect::next(options.redirect_scope, &route.origin, &request, &response)
            else {
                return Ok(response);
            };
            request = next.request;
            if next.origin != route.origin {
                route = self.routes.to(request.uri(), NamedBy::Redirect)?;
            }
        }
        self.send_once(&route, &mut request).await
    }

    async fn send_once(
        &self,
        route: &Arc<Route>,
        request: &mut Request<Bytes>,
    ) -> Result<Response<BackendBody>, CallError> {
        request::complete(request, self.routes.user_agent())?;
        let has_body = *request.method() != Method::HEAD;
        let mut repetitions = 0..REPETITIONS;
        loop {
            let failed = match connection(route, request).await? {
                Connection::Http1 { mut connection, is_used } => {
                    match connection.send(request::over_http1(request, route)).await {
                        Ok(response) => {
                            return Ok(answer::of(response, Some(connection), route, has_body));
                        }
                        Err(mut error) => {
                            // A server may close a connection whenever nothing is on it.
                            if error.take_message().is_some() && is_used {
                                continue;
                            }
                            error.into_error()
                        }
                    }
                }
                Connection::Http2(mut connection) => {
                    match connection.try_send_request(request::over_http2(request)).await {
                        Ok(response) => return Ok(answer::of(response, None, route, has_body)),
                        Err(mut error) => {
                            let is_unsent = error.take_message().is_some();
                            let error = error.into_error();
                            if (is_unsent || error::is_unprocessed(&error)) && repetitions.next().is_some() {
                                continue;
                            }
                            error
                        }
                    }
                }
            };
            return Err(error::no_answer(&failed, &route.origin));
        }
    }
}

/// A connection that waits, or a new one.
async fn connection(route: &Arc<Route>, request: &Request<Bytes>) -> Result<Connection, CallError> {
    if let Some(connection) = route.idle.take_http1() {
        return Ok(Connection::Http1 { connection, is_used: true });
    }
    if let Some(connection) = route.idle.http2() {
        return Ok(Connection::Http2(connection));
    }
    // Few calls need it, and it is large.
    Box::pin(connect(route, request)).await
}

async fn connect(route: &Arc<Route>, request: &Request<Bytes>) -> Result<Connection, CallError> {
    let opened = route.connector.open(request.uri().clone()).await;
    let opened =
        opened.map_err(|error| error::no_connection(&error, &route.origin, route.proxy().as_deref()))?;
    let no_answer = |error: hyper::Error| error::no_answer(&error, &route.origin);
    if !opened.is_http2 {
        let connection = Http1::start(opened.transport).await.map_err(no_answer)?;
        return Ok(Connection::Http1 { connection, is_used: false });
    }
    let (sender, driver) =
        http2::handshake(TokioExecutor::new(), opened.transport).await.map_err(no_answer)?;
    tokio::spawn(async move {
        if let Err(error) = driver.await {
            debug!(%error, "a connection to the API broke");
        }
    });
    Ok(Connection::Http2(route.idle.share(sender)))
}

impl Backend for HttpBackend {
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<BackendBody>, CallError>> {
        self.exchange(request).boxed()
    }
}

impl fmt::Debug for HttpBackend {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("HttpBackend").field("options", self.routes.options()).finish()
    }
}

fn not_absolute() -> CallError {
    CallError::new(
        CallErrorKind::ServerUnknown,
        "The request has no http or https server to go to. Configure the API's base URL.",
    )
}

#[cfg(test)]
mod tests;
