//! What credentials an operation asks for.

use std::sync::Arc;

use http::HeaderName;
use serde::{Deserialize, Serialize};
use url::Url;

/// One alternative of credentials; every scheme in it is needed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SecurityAlternative {
    /// The schemes; empty where no credential is needed.
    pub schemes: Vec<SecuritySchemeUse>,
}

/// A security scheme as an operation uses it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SecuritySchemeUse {
    /// The document's name for the scheme.
    pub name: String,
    /// The scopes that this operation asks for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<String>,
    /// What the scheme asks for; the operations of a catalog share it.
    pub kind: Arc<SecuritySchemeKind>,
}

/// What a security scheme asks for, as far as a call needs to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum SecuritySchemeKind {
    /// A key, sent as it is.
    ApiKey(KeyPlace),
    /// `Authorization: <scheme> …`, with the scheme in lower case: `basic`, `bearer`, …
    Http(String),
    /// OAuth 2.0: an access token, sent as a bearer token.
    OAuth2 {
        /// Where the client-credentials flow gets one, where the document has that flow.
        #[serde(default, skip_serializing_if = "Option::is_none", with = "crate::http_text::optional_url")]
        token_url: Option<Url>,
        /// Where the authorization server describes itself (RFC 8414), where the document says so (3.2).
        #[serde(default, skip_serializing_if = "Option::is_none", with = "crate::http_text::optional_url")]
        metadata_url: Option<Url>,
    },
    /// OpenID Connect: an access token, sent as a bearer token.
    OpenIdConnect {
        /// Where the provider describes itself; none where the document's URL is none.
        #[serde(default, skip_serializing_if = "Option::is_none", with = "crate::http_text::optional_url")]
        discovery_url: Option<Url>,
    },
    /// A client certificate.
    MutualTls,
    /// A scheme that the document does not define, or one of a kind that no specification knows:
    /// nobody can tell what it asks for.
    Unknown,
}

impl SecuritySchemeKind {
    /// Whether an access token is sent, which may have to be fetched.
    #[must_use]
    pub const fn takes_token(&self) -> bool {
        matches!(self, Self::OAuth2 { .. } | Self::OpenIdConnect { .. })
    }
}

/// Where an API key is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum KeyPlace {
    /// In this header.
    Header(#[serde(with = "crate::http_text::header_name")] HeaderName),
    /// In this parameter of the query.
    Query(String),
    /// In this cookie.
    Cookie(String),
}
