//! Where tokens are fetched, as a provider says of itself (OpenID Connect Discovery 1.0, section 4;
//! RFC 8414 has the same members).

use std::time::Duration;

use bytes::Bytes;
use http::Request;
use http::header::ACCEPT;
use serde::Deserialize;
use url::Url;

use super::exchange::{authority, send};
use super::{ClientAuthentication, Shared, TokenEndpoint, TokenError};

/// How long what a provider says of itself is taken for true.
const KEPT: Duration = Duration::from_hours(1);

/// A token endpoint, and how it wants clients to authenticate, where that is known.
#[derive(Debug, Clone)]
pub(super) struct Discovered {
    pub(super) url: Url,
    pub(super) authentication: Option<ClientAuthentication>,
}

#[derive(Deserialize)]
struct Metadata {
    issuer: Option<String>,
    token_endpoint: Option<String>,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Vec<String>,
}

pub(super) async fn find(shared: &Shared) -> Result<Discovered, TokenError> {
    let url = match &shared.client.endpoint {
        TokenEndpoint::Url(url) => return Ok(Discovered { url: url.clone(), authentication: None }),
        TokenEndpoint::Discovery(url) => url,
    };
    let mut kept = shared.discovered.lock().await;
    let now = (shared.clock)();
    if let Some((found, _)) = kept.as_ref().filter(|(_, until)| now < *until) {
        return Ok(found.clone());
    }
    let found = discover(shared, url).await?;
    *kept = Some((found.clone(), now + KEPT));
    Ok(found)
}

async fn discover(shared: &Shared, url: &Url) -> Result<Discovered, TokenError> {
    let unusable = |what: &str| TokenError::Answer(authority(url), what.to_owned());
    let request = Request::get(url.as_str()).header(ACCEPT, "application/json").body(Bytes::new());
    let request = request.map_err(|_| unusable("the discovery URL is none"))?;
    let (status, body) = send(shared, request).await?;
    if !status.is_success() {
        return Err(unusable(&format!("the discovery document: {}", status.as_u16())));
    }
    let metadata: Metadata = serde_json::from_slice(&body)
        .map_err(|_| unusable("the discovery document is not the JSON of a provider"))?;
    if let Some(expected) = issuer_of(url)
        && metadata.issuer.as_deref().map(without_slash) != Some(&expected)
    {
        return Err(unusable(&format!(
            "the discovery document is not that of the issuer {expected}; the operator of this bridge can name \
             the token endpoint itself, as token_url"
        )));
    }
    let endpoint = metadata.token_endpoint.ok_or_else(|| unusable("it names no token_endpoint"))?;
    let endpoint = Url::parse(&endpoint).map_err(|_| unusable("its token_endpoint is not a URL"))?;
    // The client's secret goes there: encrypted, or to where the operator or the document pointed.
    if endpoint.scheme() != "https" && endpoint.origin() != url.origin() {
        return Err(unusable("its token_endpoint is not https"));
    }
    let methods = metadata.token_endpoint_auth_methods_supported;
    let takes = |method: &str| methods.iter().any(|supported| supported == method);
    let authentication =
        (takes("client_secret_post") && !takes("client_secret_basic")).then_some(ClientAuthentication::Post);
    Ok(Discovered { url: endpoint, authentication })
}

/// The issuer whose metadata stand at `url`: the URL without `/.well-known/…`, which OpenID Connect puts
/// behind the issuer's path and RFC 8414, section 3, before it. None where it holds no such thing.
fn issuer_of(url: &Url) -> Option<String> {
    let (before, name) = url.path().split_once("/.well-known/")?;
    let path = name.split_once('/').map(|(_, path)| path).unwrap_or_default();
    let slash = if path.is_empty() { "" } else { "/" };
    Some(without_slash(&format!("{}{before}{slash}{path}", url.origin().ascii_serialization())).to_owned())
}

/// Where an issuer has no path, it may be written with a `/` and without.
fn without_slash(issuer: &str) -> &str {
    issuer.strip_suffix('/').unwrap_or(issuer)
}
