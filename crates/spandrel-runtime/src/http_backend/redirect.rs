//! Which redirects are followed (RFC 9110, section 15.4).

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode, header};
use url::Url;

use crate::backend::BackendBody;
use crate::origin::Origin;

/// The request that `response` redirects `request` to, if it is followed: within `origin`, and only
/// where the method allows it. A 301 or 302 to a request that is not a read is not: to repeat it or
/// to turn it into a read would both be guesses.
pub(super) fn next(
    origin: &Origin,
    request: &Request<Bytes>,
    response: &Response<BackendBody>,
) -> Option<Request<Bytes>> {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let repeat = match response.status() {
        StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND if reads => true,
        StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT => true,
        StatusCode::SEE_OTHER => reads,
        _ => return None,
    };
    let target = target(request, response)?;
    if Origin::of_uri(&target).as_ref() != Some(origin) {
        return None;
    }
    let mut next = request.clone();
    *next.uri_mut() = target;
    if !repeat {
        *next.method_mut() = Method::GET;
        *next.body_mut() = Bytes::new();
        for name in [header::CONTENT_TYPE, header::CONTENT_LENGTH, header::CONTENT_ENCODING] {
            next.headers_mut().remove(name);
        }
    }
    Some(next)
}

fn target(request: &Request<Bytes>, response: &Response<BackendBody>) -> Option<http::Uri> {
    let location = response.headers().get(header::LOCATION)?.to_str().ok()?;
    let base = Url::parse(&request.uri().to_string()).ok()?;
    let mut url = base.join(location).ok()?;
    if !url.username().is_empty() || url.password().is_some() {
        return None;
    }
    url.set_fragment(None);
    url.as_str().parse().ok()
}
