//! Opening a connection: names, TCP, the tunnel through a proxy, TLS.

use std::net::SocketAddr;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use std::vec;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use http::header::USER_AGENT;
use http::{HeaderMap, HeaderValue, Uri};
use hyper::rt::{Read, Write};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::connect::dns::Name;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::legacy::connect::{Connection, HttpConnector};
use hyper_util::client::proxy::matcher::Intercept;
use rustls::ClientConfig;
use spandrel_egress::GuardedResolver;
use tower::Service;

use super::error::{BoxError, NameError};

/// How long a connection may be silent before the system asks whether the other side is still there, and
/// how long it waits before it asks again.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// How often it asks.
const KEEP_ALIVE_PROBES: u32 = 3;

type Tcp = HttpConnector<Resolver>;

/// What HTTP is spoken over.
pub(super) trait Transport: Read + Write + Unpin + Send {}

impl<T: Read + Write + Unpin + Send> Transport for T {}

/// A connection on which nothing was sent yet.
pub(super) struct Opened {
    pub(super) transport: Box<dyn Transport>,
    pub(super) is_http2: bool,
}

impl Opened {
    fn of(stream: impl Transport + Connection + 'static) -> Self {
        let is_http2 = stream.connected().is_negotiated_h2();
        Self { transport: Box::new(stream), is_http2 }
    }
}

/// Opens connections to one server.
pub(super) struct Connector {
    pub(super) tcp: Tcp,
    /// Towards the server, where it is https.
    pub(super) tls: Option<Arc<ClientConfig>>,
    pub(super) proxy: Option<Proxy>,
    pub(super) timeout: Duration,
}

/// A proxy between.
pub(super) struct Proxy {
    pub(super) intercept: Intercept,
    /// Towards the proxy, where it is https.
    pub(super) tls: Option<Arc<ClientConfig>>,
    /// What it is told of the client.
    pub(super) user_agent: HeaderValue,
}

impl Connector {
    /// Opens a connection that requests to `uri` can be sent on.
    pub(super) async fn open(&self, uri: Uri) -> Result<Opened, BoxError> {
        match tokio::time::timeout(self.timeout, self.open_patiently(uri)).await {
            Ok(opened) => opened,
            Err(elapsed) => Err(elapsed.into()),
        }
    }

    async fn open_patiently(&self, uri: Uri) -> Result<Opened, BoxError> {
        match (&self.proxy, &self.tls) {
            (None, None) => Ok(Opened::of(self.tcp.clone().call(uri).await?)),
            (None, Some(tls)) => {
                let mut https = HttpsConnector::from((self.tcp.clone(), Arc::clone(tls)));
                Ok(Opened::of(https.call(uri).await?))
            }
            (Some(proxy), tls) => {
                let address = proxy.intercept.uri().clone();
                match &proxy.tls {
                    None => through(proxy, address, self.tcp.clone(), tls.as_ref(), uri).await,
                    Some(to_proxy) => {
                        let https = HttpsConnector::from((self.tcp.clone(), Arc::clone(to_proxy)));
                        through(proxy, address, https, tls.as_ref(), uri).await
                    }
                }
            }
        }
    }
}

/// Opens a connection to a proxy, and a tunnel through it where the server is https.
async fn through<C>(
    proxy: &Proxy,
    address: Uri,
    mut to_proxy: C,
    tls: Option<&Arc<ClientConfig>>,
    uri: Uri,
) -> Result<Opened, BoxError>
where
    C: Service<Uri, Error: Into<BoxError>, Future: Send + 'static>,
    C::Response: Transport + Connection + 'static,
{
    let Some(tls) = tls else {
        return to_proxy.call(address).await.map(Opened::of).map_err(Into::into);
    };
    let names = HeaderMap::from_iter([(USER_AGENT, proxy.user_agent.clone())]);
    let mut tunnel = Tunnel::new(address, to_proxy).with_headers(names);
    if let Some(credentials) = proxy.intercept.basic_auth() {
        tunnel = tunnel.with_auth(credentials.clone());
    }
    HttpsConnector::from((tunnel, Arc::clone(tls))).call(uri).await.map(Opened::of)
}

/// TCP connections to addresses that `resolver` lets pass.
pub(super) fn tcp(resolver: GuardedResolver, timeout: Duration) -> Tcp {
    let mut tcp = HttpConnector::new_with_resolver(Resolver(resolver));
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp.set_connect_timeout(Some(timeout));
    tcp.set_keepalive(Some(KEEP_ALIVE));
    tcp.set_keepalive_interval(Some(KEEP_ALIVE));
    tcp.set_keepalive_retries(Some(KEEP_ALIVE_PROBES));
    #[cfg(any(target_os = "android", target_os = "linux"))]
    tcp.set_tcp_user_timeout(Some(2 * KEEP_ALIVE));
    tcp
}

/// Gives the connector only addresses within reach.
#[derive(Debug, Clone)]
pub(super) struct Resolver(GuardedResolver);

impl Service<Name> for Resolver {
    type Response = vec::IntoIter<SocketAddr>;
    type Error = NameError;
    type Future = BoxFuture<'static, Result<Self::Response, NameError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), NameError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let resolver = self.0;
        async move { resolver.addresses(name.as_str()).await.map(Vec::into_iter).map_err(NameError) }.boxed()
    }
}
