//! Putting a secret where its scheme wants it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{AUTHORIZATION, COOKIE};
use http::uri::PathAndQuery;
use http::{HeaderName, HeaderValue, Request, Uri};
use spandrel_plan::{KeyPlace, SecuritySchemeKind, cookie_pair, query_pair};

use super::secret_query::SecretQuery;

const NOT_IN_A_HEADER: &str = "it holds a line break or another character that no header has";

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
    let mut value = HeaderValue::from_str(value).map_err(|_| NOT_IN_A_HEADER)?;
    value.set_sensitive(true);
    request.headers_mut().insert(name, value);
    Ok(())
}

fn query(name: &str, value: &str, request: &mut Request<Bytes>) -> Result<(), &'static str> {
    let pair = query_pair(name, value);
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
    remember(name, value, request);
    Ok(())
}

/// So that nobody else sees the parameter.
fn remember(name: &str, value: &str, request: &mut Request<Bytes>) {
    let mut secrets = request.extensions_mut().remove::<SecretQuery>().unwrap_or_default();
    secrets.add(name, value);
    request.extensions_mut().insert(secrets);
}

fn cookie(name: &str, value: &str, request: &mut Request<Bytes>) -> Result<(), &'static str> {
    put_cookies(cookie_pair(name, value).as_bytes(), request)
}

/// Puts cookies, as the value of a `Cookie` header has them, behind those of other names.
pub(super) fn put_cookies(added: &[u8], request: &mut Request<Bytes>) -> Result<(), &'static str> {
    let names: Vec<&[u8]> = cookies(added).map(|(name, _)| name).collect();
    let given = request.headers().get_all(COOKIE).iter().flat_map(|value| cookies(value.as_bytes()));
    let others = given.filter(|(name, _)| !names.contains(name));
    let pairs: Vec<&[u8]> = others.chain(cookies(added)).map(|(_, pair)| pair).collect();
    let mut value = HeaderValue::from_bytes(&pairs.join(&b"; "[..])).map_err(|_| NOT_IN_A_HEADER)?;
    value.set_sensitive(true);
    request.headers_mut().insert(COOKIE, value);
    Ok(())
}

/// The cookies of a header's value: name and pair. A caller's need not be ASCII (the `cookie` style).
pub(super) fn cookies(value: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let pairs = value.split(|byte| *byte == b';').map(<[u8]>::trim_ascii).filter(|pair| !pair.is_empty());
    pairs.map(|pair| (pair.split(|byte| *byte == b'=').next().unwrap_or(pair).trim_ascii(), pair))
}

/// Whether the caller gave a key there, as an argument. Nobody else sees it then.
pub(super) fn is_given(kind: &SecuritySchemeKind, request: &Request<Bytes>) -> bool {
    match kind {
        SecuritySchemeKind::ApiKey(KeyPlace::Header(name)) => {
            request.headers().get(name).is_some_and(|value| !value.is_empty())
        }
        SecuritySchemeKind::ApiKey(KeyPlace::Query(name)) => given_in_query(name, request).is_some(),
        SecuritySchemeKind::ApiKey(KeyPlace::Cookie(name)) => {
            let mut values = request.headers().get_all(COOKIE).iter();
            values.any(|value| cookies(value.as_bytes()).any(|(other, _)| other == name.as_bytes()))
        }
        _ => false,
    }
}

/// Marks a key that the caller gave as the secret that it is.
pub(super) fn mark_given(kind: &SecuritySchemeKind, request: &mut Request<Bytes>) {
    let header = match kind {
        SecuritySchemeKind::ApiKey(KeyPlace::Header(name)) => name,
        SecuritySchemeKind::ApiKey(KeyPlace::Cookie(_)) => &COOKIE,
        SecuritySchemeKind::ApiKey(KeyPlace::Query(name)) => {
            if let Some(value) = given_in_query(name, request) {
                remember(name, &value, request);
            }
            return;
        }
        _ => return,
    };
    if let http::header::Entry::Occupied(mut values) = request.headers_mut().entry(header) {
        values.iter_mut().for_each(|value| value.set_sensitive(true));
    }
}

fn given_in_query(name: &str, request: &Request<Bytes>) -> Option<String> {
    let mut pairs = url::form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes());
    pairs.find(|(other, value)| other == name && !value.is_empty()).map(|(_, value)| value.into_owned())
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
            let secrets = request.extensions().get::<SecretQuery>().is_some();
            assert_eq!(secrets, name.is_empty(), "{kind:?}");
            if !name.is_empty() {
                let found: Vec<_> = request.headers().get_all(name).iter().collect();
                assert!(found.len() == 1 && found.iter().all(|value| value.is_sensitive()), "{kind:?}");
                assert_eq!(found.first().unwrap().to_str().unwrap(), value, "{kind:?}");
            }
        }
    }

    /// Cookies of the caller, those that are put beside them, and all.
    #[test]
    fn cookies_stand_beside_others() {
        let table: &[(&[&str], &str, &str)] = &[
            (&[], "sid=1", "sid=1"),
            (&["a=ü; b"], "sid=1", "a=ü; b; sid=1"),
            (&["a=1;sid=x", "sid = y; c="], "sid=1; d=2", "a=1; c=; sid=1; d=2"),
        ];
        for (given, added, expected) in table {
            let mut request = Request::get("http://h/").body(Bytes::new()).unwrap();
            for value in *given {
                request.headers_mut().append(COOKIE, HeaderValue::from_str(value).unwrap());
            }
            put_cookies(added.as_bytes(), &mut request).unwrap();
            let all: Vec<_> = request.headers().get_all(COOKIE).iter().map(HeaderValue::as_bytes).collect();
            assert_eq!(all, [expected.as_bytes()]);
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
