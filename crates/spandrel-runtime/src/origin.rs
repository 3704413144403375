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
        let usual = Self::usual_port(&scheme)?;
        Some(Self { scheme, host: host.to_ascii_lowercase(), port: port.unwrap_or(usual) })
    }

    /// Whether `uri` is absolute and of this origin.
    pub(crate) fn is_of(&self, uri: &http::Uri) -> bool {
        let port = uri.port_u16().or_else(|| Self::usual_port(uri.scheme_str()?));
        port == Some(self.port)
            && uri.scheme_str().is_some_and(|scheme| scheme.eq_ignore_ascii_case(&self.scheme))
            && uri.host().is_some_and(|host| host.eq_ignore_ascii_case(&self.host))
    }

    fn usual_port(scheme: &str) -> Option<u16> {
        match scheme {
            "http" => Some(80),
            "https" => Some(443),
            _ => None,
        }
    }

    /// What a request to it says in `Host`: without the port that its scheme has anyway.
    pub(crate) fn host_header(&self) -> String {
        if Self::usual_port(&self.scheme) == Some(self.port) { self.host.clone() } else { self.authority() }
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
