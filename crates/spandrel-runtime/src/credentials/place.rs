//! Putting a secret where its scheme wants it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{AUTHORIZATION, COOKIE};
use http::uri::PathAndQuery;
use http::{HeaderName, HeaderValue, Request, Uri};
use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};
use spandrel_plan::{KeyPlace, SecuritySchemeKind};

/// The names of query parameters of a request that hold secrets, in its extensions.
#[derive(Debug, Clone, Default)]
pub(crate) struct SecretQuery(pub(crate) Vec<String>);

/// What RFC 3986 leaves as it is in any part of a URL.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// What a cookie's value cannot hold (RFC 6265, section 4.1.1), and `%` itself.
const NO_COOKIE: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b',').add(b';').add(b'\\').add(b'%');

/// Where a scheme's credential stands in a request; none where it stands in none.
pub(super) fn of(kind: &SecuritySchemeKind) -> Option<KeyPlace> {
    match kind {
        SecuritySchemeKind::ApiKey(place) => Some(place.clone()),
        SecuritySchemeKind::Http(_)
        | SecuritySchemeKind::OAuth2 { .. }
        | SecuritySchemeKind::OpenIdConnect { .. } => Some(KeyPlace::Header(AUTHORIZATION)),
        SecuritySchemeKind::MutualTls | SecuritySchemeKind::Unknown => None,
    }
}

/// Puts `secret` into `request`. Whatever arguments have put there goes.
///
/// # Errors
/// When the secret cannot be sent there: why, without the secret.
pub(super) fn put(
    kind: &SecuritySchemeKind,
    secret: &str,
    request: &mut Request<Bytes>,
) -> Result<(), &'static str> {
    match kind {
        SecuritySchemeKind::ApiKey(KeyPlace::Header(name)) => header(name.clone(), secret, request),
        SecuritySchemeKind::ApiKey(KeyPlace::Query(name)) => query(name, secret, request),
        SecuritySchemeKind::ApiKey(KeyPlace::Cookie(name)) => cookie(name, secret, request),
        SecuritySchemeKind::Http(scheme) => authorization(scheme, secret, request),
        SecuritySchemeKind::OAuth2 { .. } | SecuritySchemeKind::OpenIdConnect { .. } => {
            authorization("bearer", secret, request)
        }
        SecuritySchemeKind::MutualTls | SecuritySchemeKind::Unknown => Ok(()),
    }
}

fn authorization(scheme: &str, secret: &str, request: &mut Request<Bytes>) -> Result<(), &'static str> {
    // People often copy the scheme along with the token.
    let (given, rest) = secret.split_once(' ').unwrap_or_default();
    let bare = if given.eq_ignore_ascii_case(scheme) { rest.trim_start() } else { secret };
    let value = match scheme {
        "basic" if bare.contains(':') => format!("Basic {}", STANDARD.encode(bare)),
        "basic" if bare.len() == secret.len() => return Err("it is not written `user:password`"),
        "basic" => format!("Basic {bare}"),
        "bearer" => format!("Bearer {bare}"),
        other => format!("{other} {bare}"),
    };
    header(AUTHORIZATION, &value, request)
}

fn header(name: HeaderName, value: &str, request: &mut Request<Bytes>) -> Result<(), &'static str> {
    let mut value = HeaderValue::from_str(value)
        .map_err(|_| "it holds a line break or another character that no header has")?;
    value.set_sensitive(true);
    request.headers_mut().insert(name, value);
    Ok(())
}

fn query(name: &str, value: &str, request: &mut Request<Bytes>) -> Result<(), &'static str> {
    let encoded = |text: &str| utf8_percent_encode(text, RESERVED).to_string();
    let pair = format!("{}={}", encoded(name), encoded(value));
    let path = request.uri().path();
    let is_other = |pair: &&str| {
        !pair.is_empty() && url::form_urlencoded::parse(pair.as_bytes()).all(|(other, _)| other != name)
    };
    let others = request.uri().query().unwrap_or_default().split('&').filter(is_other);
    let pairs: Vec<&str> = others.chain([pair.as_str()]).collect();
    let target = PathAndQuery::try_from(format!("{path}?{}", pairs.join("&")));
    let mut parts = request.uri().clone().into_parts();
    parts.path_and_query = Some(target.map_err(|_| "it does not fit into a URL")?);
    *request.uri_mut() = Uri::from_parts(parts).map_err(|_| "it does not fit into a URL")?;
    let mut secrets = request.extensions().get::<SecretQuery>().cloned().unwrap_or_default();
    secrets.0.push(name.to_owned());
    request.extensions_mut().insert(secrets);
    Ok(())
}

fn cookie(name: &str, value: &str, request: &mut Request<Bytes>) -> Result<(), &'static str> {
    let pair = format!("{name}={}", utf8_percent_encode(value, NO_COOKIE));
    let given = request.headers().get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let others = given.flat_map(|value| value.split(';')).map(str::trim);
    let is_other =
        |cookie: &&str| !cookie.is_empty() && cookie.split_once('=').is_none_or(|(other, _)| other != name);
    let cookies: Vec<&str> = others.filter(is_other).chain([pair.as_str()]).collect();
    let cookies = cookies.join("; ");
    header(COOKIE, &cookies, request)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

    use super::*;

    #[test]
    fn places() {
        let key = |place| SecuritySchemeKind::ApiKey(place);
        let http = |scheme: &str| SecuritySchemeKind::Http(scheme.to_owned());
        let header_key = || key(KeyPlace::Header(HeaderName::from_static("x-key")));
        let query_key = || key(KeyPlace::Query("the key".to_owned()));
        let cookie_key = || key(KeyPlace::Cookie("sid".to_owned()));
        let oauth = SecuritySchemeKind::OAuth2 { token_url: None, metadata_url: None };
        let table = [
            (header_key(), "s p", "http://h/a?b=1", "http://h/a?b=1", "x-key", "s p"),
            (query_key(), "a&b=ü", "http://h/a", "http://h/a?the%20key=a%26b%3D%C3%BC", "", ""),
            (query_key(), "k", "http://h/a?b=1&the+key=x&c", "http://h/a?b=1&c&the%20key=k", "", ""),
            (query_key(), "k", "http://h/a?the%20key=x", "http://h/a?the%20key=k", "", ""),
            (cookie_key(), "a;b%", "http://h/c", "http://h/c", "cookie", "x=1; y=2; sid=a%3Bb%25"),
            (http("basic"), "me:p w", "http://h/", "http://h/", "authorization", "Basic bWU6cCB3"),
            (http("basic"), "Basic bWU6cA==", "http://h/", "http://h/", "authorization", "Basic bWU6cA=="),
            (http("bearer"), "t", "http://h/", "http://h/", "authorization", "Bearer t"),
            (http("bearer"), "bearer  t", "http://h/", "http://h/", "authorization", "Bearer t"),
            (http("hoba"), "result=x", "http://h/", "http://h/", "authorization", "hoba result=x"),
            (oauth, "t", "http://h/", "http://h/", "authorization", "Bearer t"),
        ];
        for (kind, secret, uri, target, name, value) in table {
            let mut request = Request::get(uri)
                .header("x-key", "from the model")
                .header("cookie", "x=1; sid=from the model; y=2")
                .body(Bytes::new())
                .unwrap();
            put(&kind, secret, &mut request).unwrap();
            assert_eq!(request.uri().to_string(), target, "{kind:?}");
            let secrets = request.extensions().get::<SecretQuery>().map_or(0, |names| names.0.len());
            assert_eq!(secrets, usize::from(name.is_empty()), "{kind:?}");
            if !name.is_empty() {
                let found: Vec<_> = request.headers().get_all(name).iter().collect();
                assert!(found.len() == 1 && found.iter().all(|value| value.is_sensitive()), "{kind:?}");
                assert_eq!(found.first().unwrap().to_str().unwrap(), value, "{kind:?}");
            }
        }
    }

    #[test]
    fn secrets_that_cannot_be_sent() {
        let table = [
            (SecuritySchemeKind::Http("basic".to_owned()), "no colon"),
            (SecuritySchemeKind::Http("bearer".to_owned()), "a\r\nx-other: 1"),
            (SecuritySchemeKind::ApiKey(KeyPlace::Header(HeaderName::from_static("x-key"))), "a\0"),
        ];
        for (kind, secret) in table {
            let mut request = Request::get("http://h/").body(Bytes::new()).unwrap();
            put(&kind, secret, &mut request).expect_err(secret);
            assert!(request.headers().is_empty());
        }
    }
}
