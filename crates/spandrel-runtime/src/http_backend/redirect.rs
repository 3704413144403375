//! Which redirects are followed, and with what (RFC 9110, section 15.4).

use bytes::Bytes;
use http::{HeaderName, Method, Request, Response, StatusCode, header};
use url::Url;

use super::RedirectScope;
use crate::backend::BackendBody;
use crate::credentials::SecretQuery;
use crate::origin::Origin;

/// The headers that go along to another origin: those about content. Any other may say who calls.
const ABOUT_CONTENT: [HeaderName; 6] = [
    header::ACCEPT,
    header::ACCEPT_ENCODING,
    header::ACCEPT_LANGUAGE,
    header::CONTENT_ENCODING,
    header::CONTENT_LANGUAGE,
    header::CONTENT_TYPE,
];

/// Where a redirect leads.
pub(super) struct Next {
    pub(super) request: Request<Bytes>,
    pub(super) origin: Origin,
}

/// The request that `response` redirects `request` to, which was sent to `origin`, if it is followed:
/// within `scope`, and only where the method allows it. A 301 or 302 to a request that is not a read is
/// not: to repeat it or to turn it into a read would both be guesses.
pub(super) fn next(
    scope: RedirectScope,
    origin: &Origin,
    request: &Request<Bytes>,
    response: &Response<BackendBody>,
) -> Option<Next> {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let repeat = match response.status() {
        StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND if reads => true,
        StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT => true,
        StatusCode::SEE_OTHER => reads,
        _ => return None,
    };
    let mut target = target(request, response)?;
    let next_origin = Origin::of_uri(&target.as_str().parse().ok()?)?;
    let elsewhere = next_origin != *origin;
    let is_followed = match scope {
        RedirectScope::None => false,
        RedirectScope::SameOrigin => !elsewhere,
        RedirectScope::Any => next_origin.is_https() || !origin.is_https(),
    };
    if !is_followed {
        return None;
    }
    let mut next = request.clone();
    if elsewhere {
        leave_behind(&mut next, &mut target);
    }
    *next.uri_mut() = target.as_str().parse().ok()?;
    if !repeat {
        *next.method_mut() = Method::GET;
        *next.body_mut() = Bytes::new();
        for name in [header::CONTENT_TYPE, header::CONTENT_LENGTH, header::CONTENT_ENCODING] {
            next.headers_mut().remove(name);
        }
    }
    Some(Next { request: next, origin: next_origin })
}

/// Takes away what another origin must not see: headers that are not about content, and keys that the
/// redirect has copied from the query of the request.
fn leave_behind(request: &mut Request<Bytes>, target: &mut Url) {
    let names: Vec<HeaderName> = request.headers().keys().cloned().collect();
    for name in names {
        let is_secret = request.headers().get_all(&name).iter().any(http::HeaderValue::is_sensitive);
        if is_secret || !ABOUT_CONTENT.contains(&name) {
            request.headers_mut().remove(name);
        }
    }
    if let Some(secrets) = request.extensions_mut().remove::<SecretQuery>() {
        let kept = target.query().and_then(|query| secrets.removed_from(query));
        target.set_query(kept.as_deref());
    }
}

fn target(request: &Request<Bytes>, response: &Response<BackendBody>) -> Option<Url> {
    let location = response.headers().get(header::LOCATION)?.to_str().ok()?;
    let base = Url::parse(&request.uri().to_string()).ok()?;
    let mut url = base.join(location).ok()?;
    if !url.username().is_empty() || url.password().is_some() {
        return None;
    }
    url.set_fragment(None);
    Some(url)
}

#[cfg(test)]
mod tests;
