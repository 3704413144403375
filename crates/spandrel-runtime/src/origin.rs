//! Origins, which credentials are bound to.

use std::fmt;

use spandrel_plan::BaseUrl;

/// A scheme, a host and a port (RFC 6454, section 4): what a credential is bound to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Origin {
    scheme: String,
    host: String,
    port: u16,
}

impl Origin {
    /// The origin of a server.
    #[must_use]
    pub fn of_server(server: &BaseUrl) -> Option<Self> {
        let url = server.as_url();
        Self::new(url.scheme(), url.host_str()?, url.port_or_known_default())
    }

    /// The origin that a request goes to; none unless its URI is absolute, of http or https.
    #[must_use]
    pub fn of_uri(uri: &http::Uri) -> Option<Self> {
        Self::new(uri.scheme_str()?, uri.host()?, uri.port_u16())
    }

    fn new(scheme: &str, host: &str, port: Option<u16>) -> Option<Self> {
        let scheme = scheme.to_ascii_lowercase();
        let port = match (port, scheme.as_str()) {
            (Some(port), "http" | "https") => port,
            (None, "http") => 80,
            (None, "https") => 443,
            _ => return None,
        };
        Some(Self { scheme, host: host.to_ascii_lowercase(), port })
    }

    /// `host:port`, for messages.
    pub(crate) fn authority(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    /// The host alone.
    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    /// Whether requests to it are encrypted.
    pub(crate) fn is_https(&self) -> bool {
        self.scheme == "https"
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}://{}:{}", self.scheme, self.host, self.port)
    }
}
