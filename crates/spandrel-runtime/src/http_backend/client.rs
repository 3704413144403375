//! The HTTP clients: one for each way that requests take, made when it is first needed.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::{PoisonError, RwLock};

use http::HeaderValue;
use hyper_util::client::proxy::matcher::Matcher;
use spandrel_egress::{GuardedResolver, Reach};
use spandrel_plan::{CallError, CallErrorKind};
use url::{Host, Url};

use super::error;
use super::{HttpBackendError, HttpClientOptions};
use crate::origin::Origin;

/// The clients and what they are made by.
pub(super) struct Clients {
    options: HttpClientOptions,
    proxies: Option<Matcher>,
    made: RwLock<BTreeMap<Way, reqwest::Client>>,
}

/// What tells one client from another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Way {
    /// How far names may lead; through a proxy, which resolves them itself, none.
    reach: Option<Reach>,
    /// The origin that a client certificate is presented to.
    identity: Option<Origin>,
}

/// The client for a request.
pub(super) struct Chosen {
    pub(super) client: reqwest::Client,
    /// The proxy between, for messages.
    pub(super) proxy: Option<String>,
}

impl Clients {
    /// Checks the options; no client is made yet.
    pub(super) fn new(options: HttpClientOptions) -> Result<Self, HttpBackendError> {
        let proxies = options.system_proxy.then(Matcher::from_env);
        let clients = Self { options, proxies, made: RwLock::default() };
        let wrong = |text: &str| HttpBackendError(text.to_owned());
        HeaderValue::from_str(&clients.options.user_agent)
            .map_err(|_| wrong("the user agent is not a header value"))?;
        for identity in &clients.options.identities {
            reqwest::Identity::from_pem(identity.pem.expose().as_bytes())
                .map_err(|_| wrong("a client certificate and its key are not PEM"))?;
        }
        for pem in &clients.options.root_certificates {
            let found = reqwest::Certificate::from_pem_bundle(pem.as_bytes());
            if found.is_ok_and(|found| found.is_empty()) {
                return Err(wrong("a file of trusted authorities holds no certificate in PEM"));
            }
        }
        Ok(clients)
    }

    pub(super) fn options(&self) -> &HttpClientOptions {
        &self.options
    }

    /// The client for a request to `url`, which is at `origin`, within `reach`.
    pub(super) fn choose(&self, url: &Url, origin: &Origin, reach: Reach) -> Result<Chosen, CallError> {
        if !url.host().is_some_and(|host| reach.allows_host(&host)) {
            return Err(out_of_reach(origin));
        }
        let proxy = self.proxies.as_ref().and_then(|proxies| proxy_of(proxies, url));
        let identity = self.options.identities.iter().any(|identity| identity.origin == *origin);
        let way = Way { reach: proxy.is_none().then_some(reach), identity: identity.then(|| origin.clone()) };
        if let Some(client) = self.made.read().unwrap_or_else(PoisonError::into_inner).get(&way) {
            return Ok(Chosen { client: client.clone(), proxy });
        }
        let mut made = self.made.write().unwrap_or_else(PoisonError::into_inner);
        let client = match made.get(&way) {
            Some(client) => client.clone(),
            None => self.make(&way).map_err(|error| cannot_start(&error))?,
        };
        made.insert(way, client.clone());
        Ok(Chosen { client, proxy })
    }

    fn make(&self, way: &Way) -> Result<reqwest::Client, reqwest::Error> {
        let options = &self.options;
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
        if let Some(reach) = way.reach {
            builder = builder.no_proxy();
            if reach != Reach::Anywhere {
                builder = builder.dns_resolver(GuardedResolver(reach));
            }
        }
        for pem in &options.root_certificates {
            builder = builder.tls_certs_merge(reqwest::Certificate::from_pem_bundle(pem.as_bytes())?);
        }
        let identity = options.identities.iter().find(|one| Some(&one.origin) == way.identity.as_ref());
        if let Some(identity) = identity {
            builder = builder.identity(reqwest::Identity::from_pem(identity.pem.expose().as_bytes())?);
        }
        builder.build()
    }
}

/// The proxy of the environment that requests to `url` go through, without its password. This machine
/// itself is never reached through one.
fn proxy_of(proxies: &Matcher, url: &Url) -> Option<String> {
    let is_this_machine = match url.host()? {
        Host::Domain(name) => name == "localhost" || name.ends_with(".localhost"),
        Host::Ipv4(address) => address.is_loopback() || address == Ipv4Addr::UNSPECIFIED,
        Host::Ipv6(address) => address.is_loopback() || address == Ipv6Addr::UNSPECIFIED,
    };
    if is_this_machine {
        return None;
    }
    let proxy = proxies.intercept(&url.as_str().parse().ok()?)?;
    let uri = proxy.uri();
    let port = uri.port_u16().map(|port| format!(":{port}")).unwrap_or_default();
    Some(format!("{}://{}{port}", uri.scheme_str().unwrap_or("http"), uri.host().unwrap_or_default()))
}

pub(super) fn out_of_reach(origin: &Origin) -> CallError {
    CallError::new(
        CallErrorKind::EgressRefused,
        format!(
            "{origin} is not called: its address is not a public one, and nobody but the API's document (or a \
             redirect) names it. The operator of this bridge can allow it with --base-url, which names a \
             server, or with --allow-private."
        ),
    )
}

fn cannot_start(error: &reqwest::Error) -> CallError {
    CallError::new(
        CallErrorKind::Internal,
        format!("The HTTP client of this bridge cannot start: {}.", error::root_cause(error)),
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

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
        for (url, expected) in table {
            assert_eq!(proxy_of(&proxies, &url.parse().unwrap()).as_deref(), expected, "{url}");
        }
    }

    #[test]
    fn addresses_out_of_reach_get_no_client() {
        let clients = Clients::new(HttpClientOptions::default()).unwrap();
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
        for (url, reach, allowed) in table {
            let url: Url = url.parse().unwrap();
            let origin = Origin::of_uri(&url.as_str().parse().unwrap()).unwrap();
            let chosen = clients.choose(&url, &origin, reach);
            assert_eq!(chosen.is_ok(), allowed, "{url} {reach:?}");
            if let Err(error) = chosen {
                assert_eq!(error.kind, CallErrorKind::EgressRefused);
            }
        }
    }
}
