//! How the HTTP client behaves.

use std::collections::BTreeSet;
use std::time::Duration;

use spandrel_egress::Reach;

use crate::credentials::Secret;
use crate::origin::Origin;

/// How the HTTP client behaves.
#[derive(Debug, Clone)]
pub struct HttpClientOptions {
    /// How long a connection, its TLS handshake included, may take. Default: 10 seconds.
    pub connect_timeout: Duration,
    /// The `User-Agent` of requests that have none. Default: `spandrel/<version>`.
    pub user_agent: String,
    /// How many redirects to follow. Default: 5.
    pub redirects: usize,
    /// Which redirects to follow. Default: those within one origin.
    pub redirect_scope: RedirectScope,
    /// Whether the proxy variables of the environment count (`HTTPS_PROXY` and so on). They never do
    /// for this machine itself. Default: yes.
    pub system_proxy: bool,
    /// How many idle connections to keep for each host. Default: 128, as many as calls of one tool may run.
    pub idle_connections: usize,
    /// Where requests may go. Default: anywhere.
    pub egress: EgressRules,
    /// Client certificates. Default: none.
    pub identities: Vec<ClientIdentity>,
    /// Certificates in PEM of authorities that are trusted beside the system's. Default: none.
    pub root_certificates: Vec<String>,
}

impl Default for HttpClientOptions {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            user_agent: concat!("spandrel/", env!("CARGO_PKG_VERSION")).to_owned(),
            redirects: 5,
            redirect_scope: RedirectScope::SameOrigin,
            system_proxy: true,
            idle_connections: 128,
            egress: EgressRules::default(),
            identities: Vec::new(),
            root_certificates: Vec::new(),
        }
    }
}

/// Which redirects are followed. One that is not followed is the answer itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RedirectScope {
    /// None.
    None,
    /// Those to the origin that was asked.
    SameOrigin,
    /// Those to any origin, never from https to http. Whatever may be secret stays behind: every header
    /// but those about content, every credential, the client certificate. Another origin that the
    /// operator did not name has to be on the public Internet.
    Any,
}

/// Where requests may go: to the origins that the operator named, wherever they are, and to others
/// within reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EgressRules {
    /// The origins that the operator named.
    pub named: BTreeSet<Origin>,
    /// Where all others may be.
    pub others: Reach,
}

impl Default for EgressRules {
    fn default() -> Self {
        Self { named: BTreeSet::new(), others: Reach::Anywhere }
    }
}

impl EgressRules {
    /// How far requests to `origin` may go.
    pub(super) fn reach(&self, origin: &Origin) -> Reach {
        if self.named.contains(origin) { Reach::Anywhere } else { self.others }
    }

    /// How far a redirect to `origin` may go: whoever redirects may be anybody, so what is not named has to
    /// be public, unless everything is allowed.
    pub(super) fn reach_of_redirect(&self, origin: &Origin) -> Reach {
        match self.reach(origin) {
            Reach::Anywhere => Reach::Anywhere,
            Reach::Public | Reach::Network => Reach::Public,
        }
    }
}

/// A client certificate and its private key, presented to one origin and to no other.
#[derive(Debug, Clone)]
pub struct ClientIdentity {
    /// To whom.
    pub origin: Origin,
    /// The certificate, further ones up to the authority, and the key: in PEM, one after the other.
    pub pem: Secret,
}
