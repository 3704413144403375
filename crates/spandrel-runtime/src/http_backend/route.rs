//! The way that requests to one server take.

use std::sync::{Arc, PoisonError, RwLock};

use http::{HeaderValue, Uri};
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use rustls::ClientConfig;
use spandrel_egress::{GuardedResolver, Reach};
use spandrel_plan::CallError;
use url::Host;

use super::connector::{Connector, Proxy, tcp};
use super::error::{cannot_start, out_of_reach};
use super::idle::Idle;
use super::{HttpBackendError, HttpClientOptions, not_absolute, tls};
use crate::origin::Origin;

/// How many ways are remembered that nobody takes any more: redirects can lead to any number of servers.
const UNUSED: usize = 64;

/// Who names a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NamedBy {
    /// The operator or the document.
    Plan,
    /// Another server.
    Redirect,
}

/// The way to one server, with the connections to it.
pub(super) struct Route {
    pub(super) origin: Origin,
    named_by: NamedBy,
    /// What requests say in `Host`.
    pub(super) host: HeaderValue,
    pub(super) connector: Connector,
    pub(super) idle: Arc<Idle>,
}

impl Route {
    /// The proxy between, for messages; without its password.
    pub(super) fn proxy(&self) -> Option<String> {
        self.connector.proxy.as_ref().map(|proxy| name(&proxy.intercept))
    }

    /// The proxy that requests are sent to, rather than through: it is told the whole URL.
    pub(super) fn forwarding_proxy(&self) -> Option<&Intercept> {
        self.connector.proxy.as_ref().filter(|_| !self.origin.is_https()).map(|proxy| &proxy.intercept)
    }
}

/// The ways that were taken, and what new ones are made by.
pub(super) struct Routes {
    options: HttpClientOptions,
    user_agent: HeaderValue,
    proxies: Option<Matcher>,
    made: RwLock<Vec<Arc<Route>>>,
}

impl Routes {
    /// Checks the options.
    pub(super) fn new(options: HttpClientOptions) -> Result<Self, HttpBackendError> {
        let proxies = options.system_proxy.then(Matcher::from_env);
        let wrong = |text: &str| HttpBackendError(text.to_owned());
        let user_agent = HeaderValue::from_str(&options.user_agent)
            .map_err(|_| wrong("the user agent is not a header value"))?;
        if options.identities.iter().any(|identity| tls::identity(identity.pem.expose()).is_none()) {
            return Err(wrong("a client certificate and its key are not PEM"));
        }
        if options.root_certificates.iter().any(|pem| tls::authorities(pem).is_none()) {
            return Err(wrong("a file of trusted authorities holds no certificate in PEM"));
        }
        Ok(Self { options, user_agent, proxies, made: RwLock::default() })
    }

    #[cfg(test)]
    pub(super) fn with_proxies(self, proxies: Matcher) -> Self {
        Self { proxies: Some(proxies), ..self }
    }

    pub(super) fn options(&self) -> &HttpClientOptions {
        &self.options
    }

    pub(super) fn user_agent(&self) -> &HeaderValue {
        &self.user_agent
    }

    /// The way to the server of `uri`.
    ///
    /// # Errors
    /// When it must not be called, or cannot.
    pub(super) fn to(&self, uri: &Uri, named_by: NamedBy) -> Result<Arc<Route>, CallError> {
        let is_it = |route: &&Arc<Route>| route.named_by == named_by && route.origin.is_of(uri);
        if let Some(route) = self.made.read().unwrap_or_else(PoisonError::into_inner).iter().find(is_it) {
            return Ok(Arc::clone(route));
        }
        let route = Arc::new(self.make(uri, named_by)?);
        let mut made = self.made.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(faster) = made.iter().find(is_it) {
            return Ok(Arc::clone(faster));
        }
        if made.len() >= UNUSED {
            made.retain(|route| Arc::strong_count(route) > 1 || !route.idle.is_empty());
        }
        made.push(Arc::clone(&route));
        Ok(route)
    }

    fn make(&self, uri: &Uri, named_by: NamedBy) -> Result<Route, CallError> {
        let origin = Origin::of_uri(uri).ok_or_else(not_absolute)?;
        let host = Host::parse(origin.host()).map_err(|_| not_absolute())?;
        let reach = match named_by {
            NamedBy::Plan => self.options.egress.reach(&origin),
            NamedBy::Redirect => self.options.egress.reach_of_redirect(&origin),
        };
        if !allows(reach, &host) {
            return Err(out_of_reach(&origin));
        }
        let connector = self.connector(uri, &origin, &host, reach).map_err(|error| cannot_start(&error))?;
        let header = HeaderValue::from_str(&origin.host_header()).map_err(|_| not_absolute())?;
        let idle = Arc::new(Idle::new(self.options.idle_connections));
        Ok(Route { origin, named_by, host: header, connector, idle })
    }

    fn connector(
        &self,
        uri: &Uri,
        origin: &Origin,
        host: &Host,
        reach: Reach,
    ) -> Result<Connector, rustls::Error> {
        let intercept = self.proxies.as_ref().and_then(|proxies| proxy_of(proxies, uri, host));
        // A proxy resolves the names itself.
        let reach = if intercept.is_some() { Reach::Anywhere } else { reach };
        let proxy = match intercept {
            Some(intercept) => {
                let is_https = intercept.uri().scheme_str() == Some("https");
                let tls = is_https.then(|| self.tls_to_proxy()).transpose()?;
                Some(Proxy { intercept, tls, user_agent: self.user_agent.clone() })
            }
            None => None,
        };
        let tls = origin.is_https().then(|| self.tls_to(origin)).transpose()?;
        let timeout = self.options.connect_timeout;
        Ok(Connector { tcp: tcp(GuardedResolver(reach), timeout), tls, proxy, timeout })
    }

    fn tls_to(&self, origin: &Origin) -> Result<Arc<ClientConfig>, rustls::Error> {
        let mut identities = self.options.identities.iter();
        let identity = identities.find(|one| one.origin == *origin);
        let identity = identity.and_then(|one| tls::identity(one.pem.expose()));
        tls::config(self.extra_authorities(), identity).map(Arc::new)
    }

    /// A proxy is not who a client certificate is for, and speaks HTTP/1.1.
    fn tls_to_proxy(&self) -> Result<Arc<ClientConfig>, rustls::Error> {
        let mut config = tls::config(self.extra_authorities(), None)?;
        config.alpn_protocols.clear();
        Ok(Arc::new(config))
    }

    fn extra_authorities(&self) -> Vec<rustls::pki_types::CertificateDer<'static>> {
        self.options.root_certificates.iter().filter_map(|pem| tls::authorities(pem)).flatten().collect()
    }
}

/// Whether requests may go to `host`, as far as that is an address.
fn allows(reach: Reach, host: &Host) -> bool {
    match host {
        Host::Domain(_) => true,
        Host::Ipv4(address) => reach.allows((*address).into()),
        Host::Ipv6(address) => reach.allows((*address).into()),
    }
}

/// The proxy of the environment that requests to `uri` go through. This machine itself is never reached
/// through one.
fn proxy_of(proxies: &Matcher, uri: &Uri, host: &Host) -> Option<Intercept> {
    let is_this_machine = match host {
        Host::Domain(name) => name == "localhost" || name.ends_with(".localhost"),
        Host::Ipv4(address) => address.is_loopback() || address.is_unspecified(),
        Host::Ipv6(address) => address.is_loopback() || address.is_unspecified(),
    };
    if is_this_machine { None } else { proxies.intercept(uri) }
}

fn name(proxy: &Intercept) -> String {
    let uri = proxy.uri();
    let port = uri.port_u16().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}://{}{port}", uri.scheme_str().unwrap_or("http"), uri.host().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use spandrel_plan::CallErrorKind;

    use super::*;

    #[test]
    fn proxies_of_the_environment() {
        let proxies = Matcher::builder().all("http://me:s3cret@proxy.example:3128").no("b.example").build();
        let table = [
            ("https://a.example/", Some("http://proxy.example:3128")),
            ("http://10.0.0.1/", Some("http://proxy.example:3128")),
            ("http://b.example/", None),
            ("http://localhost:8080/", None),
            ("http://api.localhost/", None),
            ("http://127.0.0.1/", None),
            ("http://127.1/", None),
            ("http://[::1]/", None),
        ];
        for (uri, expected) in table {
            let uri: Uri = uri.parse().unwrap();
            let host = Host::parse(uri.host().unwrap()).unwrap();
            let proxy = proxy_of(&proxies, &uri, &host).as_ref().map(name);
            assert_eq!(proxy.as_deref(), expected, "{uri}");
        }
    }

    #[test]
    fn addresses_out_of_reach_get_no_route() {
        let table = [
            ("http://169.254.169.254/latest/meta-data/", Reach::Network, false),
            ("http://0xa9fea9fe/", Reach::Network, false),
            ("http://[::ffff:169.254.169.254]/", Reach::Network, false),
            ("http://[fd00:ec2::254]/", Reach::Network, false),
            ("http://127.0.0.1/", Reach::Network, true),
            ("http://127.0.0.1/", Reach::Public, false),
            ("http://2130706433/", Reach::Public, false),
            ("http://169.254.169.254/", Reach::Anywhere, true),
        ];
        for (uri, reach, allowed) in table {
            let mut options = HttpClientOptions::default();
            options.egress.others = reach;
            let route = Routes::new(options).unwrap().to(&uri.parse().unwrap(), NamedBy::Plan);
            assert_eq!(route.is_ok(), allowed, "{uri} {reach:?}");
            if let Err(error) = route {
                assert_eq!(error.kind, CallErrorKind::EgressRefused);
            }
        }
    }

    #[test]
    fn one_server_has_one_route() {
        let routes = Routes::new(HttpClientOptions::default()).unwrap();
        let to = |uri: &str, named_by| routes.to(&uri.parse().unwrap(), named_by).unwrap();
        let first = to("http://a.example/x", NamedBy::Plan);
        for same in ["http://a.example", "http://A.example:80/y?z"] {
            assert!(Arc::ptr_eq(&first, &to(same, NamedBy::Plan)), "{same}");
        }
        for other in ["https://a.example/x", "http://a.example:81/x", "http://b.example/x"] {
            assert!(!Arc::ptr_eq(&first, &to(other, NamedBy::Plan)), "{other}");
        }
        assert!(!Arc::ptr_eq(&first, &to("http://a.example/x", NamedBy::Redirect)));
    }

    #[test]
    fn routes_that_nobody_takes_are_forgotten() {
        let routes = Routes::new(HttpClientOptions::default()).unwrap();
        for number in 0..10 * UNUSED {
            routes.to(&format!("http://host{number}.example/").parse().unwrap(), NamedBy::Redirect).unwrap();
        }
        assert!(routes.made.read().unwrap().len() <= UNUSED);
    }
}
