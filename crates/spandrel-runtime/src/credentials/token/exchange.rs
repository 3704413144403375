//! The request for a token, and what comes of it.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Request, StatusCode};
use serde_json::{Map, Value};
use tokio::time::timeout;
use url::Url;
use url::form_urlencoded::{Serializer, byte_serialize};

use super::endpoint::{self, Discovered};
use super::{ClientAuthentication, ClientCredentials, Secret, Shared, TokenError};

/// The largest answer that is read, in bytes.
const LARGEST_ANSWER: usize = 256 * 1024;
/// How long one exchange may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// The most characters of an error that are repeated.
const MOST_TOLD: usize = 200;

/// A token and how long it lives, where that was told.
pub(super) struct Granted {
    pub(super) token: Secret,
    pub(super) lifetime: Option<Duration>,
}

pub(super) async fn fetch(shared: &Shared, scopes: &[String]) -> Result<Granted, TokenError> {
    let client = &shared.client;
    let (id, _) = client.client_id.get().await.map_err(|error| TokenError::Client("client id", error))?;
    let (secret, _) =
        client.client_secret.get().await.map_err(|error| TokenError::Client("client secret", error))?;
    let endpoint = endpoint::find(shared).await?;
    let host = authority(&endpoint.url);
    let (status, body) = send(shared, token_request(client, &endpoint, scopes, [&id, &secret])?).await?;
    let answer: Map<String, Value> = serde_json::from_slice(&body).unwrap_or_default();
    if !status.is_success() {
        let answer = told(status, &answer, &[&id, &secret]);
        return Err(TokenError::Refused { host, answer });
    }
    granted(&answer).map_err(|reason| TokenError::Answer(host, reason))
}

fn token_request(
    client: &ClientCredentials,
    endpoint: &Discovered,
    scopes: &[String],
    [id, secret]: [&Secret; 2],
) -> Result<Request<Bytes>, TokenError> {
    let mut form = Serializer::new(String::new());
    form.append_pair("grant_type", "client_credentials");
    if !scopes.is_empty() {
        form.append_pair("scope", &scopes.join(" "));
    }
    form.extend_pairs(&client.parameters);
    let mut request = Request::post(endpoint.url.as_str())
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(ACCEPT, "application/json");
    match client.authentication.or(endpoint.authentication).unwrap_or(ClientAuthentication::Basic) {
        ClientAuthentication::Basic => request = request.header(AUTHORIZATION, basic(id, secret)?),
        ClientAuthentication::Post => {
            form.append_pair("client_id", id.expose()).append_pair("client_secret", secret.expose());
        }
    }
    let unusable =
        |_| TokenError::Answer(authority(&endpoint.url), "the token endpoint's URL is none".to_owned());
    request.body(Bytes::from(form.finish())).map_err(unusable)
}

/// Each part is form-encoded before they are joined (RFC 6749, section 2.3.1).
fn basic(id: &Secret, secret: &Secret) -> Result<HeaderValue, TokenError> {
    let encoded = |secret: &Secret| byte_serialize(secret.expose().as_bytes()).collect::<String>();
    let pair = STANDARD.encode(format!("{}:{}", encoded(id), encoded(secret)));
    let mut value = HeaderValue::try_from(format!("Basic {pair}"))
        .map_err(|_| TokenError::Unreachable("the client's secret cannot be sent".to_owned()))?;
    value.set_sensitive(true);
    Ok(value)
}

/// Sends a request within its own time and size.
pub(super) async fn send(
    shared: &Shared,
    request: Request<Bytes>,
) -> Result<(StatusCode, Bytes), TokenError> {
    let host = request.uri().host().unwrap_or_default().to_owned();
    let exchange = async {
        let response = shared.backend.send(request).await?;
        let status = response.status();
        Ok((status, response.into_body().read(LARGEST_ANSWER).await?))
    };
    match timeout(PATIENCE, exchange).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error)) => {
            let error: spandrel_plan::CallError = error;
            Err(TokenError::Unreachable(error.message.trim_end_matches('.').to_owned()))
        }
        Err(_) => {
            let seconds = PATIENCE.as_secs();
            Err(TokenError::Unreachable(format!("{host} gave no whole answer within {seconds} s")))
        }
    }
}

fn granted(answer: &Map<String, Value>) -> Result<Granted, String> {
    let token = answer.get("access_token").and_then(Value::as_str).filter(|token| !token.trim().is_empty());
    let token = token.ok_or("it holds no access_token")?;
    let kind = answer.get("token_type").and_then(Value::as_str).unwrap_or("Bearer");
    if !kind.eq_ignore_ascii_case("bearer") {
        return Err(format!("its token is of the type `{}`, not a bearer token", excerpt(kind)));
    }
    // Some servers write the number as a string.
    let seconds = answer.get("expires_in").and_then(|value| match value {
        Value::String(text) => text.parse().ok(),
        value => value.as_u64(),
    });
    Ok(Granted { token: Secret::new(token), lifetime: seconds.map(Duration::from_secs) })
}

/// The status, and the error as far as the server tells it (RFC 6749, section 5.2), without secrets
/// that it may repeat.
fn told(status: StatusCode, answer: &Map<String, Value>, secrets: &[&Secret]) -> String {
    let secrets = || secrets.iter().map(|secret| secret.expose()).filter(|secret| !secret.is_empty());
    let member = |name: &str| {
        let text = answer.get(name)?.as_str()?.to_owned();
        Some(excerpt(&secrets().fold(text, |text, secret| text.replace(secret, "***"))))
    };
    let mut text = status.as_u16().to_string();
    for (name, before) in [("error", " "), ("error_description", ": ")] {
        if let Some(value) = member(name) {
            text.push_str(before);
            text.push_str(&value);
        }
    }
    text
}

fn excerpt(text: &str) -> String {
    text.chars().filter(|character| !character.is_control()).take(MOST_TOLD).collect()
}

/// `host:port`, for messages.
pub(super) fn authority(url: &Url) -> String {
    let port = url.port_or_known_default().unwrap_or_default();
    format!("{}:{port}", url.host_str().unwrap_or_default())
}
