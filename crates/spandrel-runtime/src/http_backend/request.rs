//! Requests as they are sent.

use bytes::Bytes;
use http::header::{ACCEPT_ENCODING, CONTENT_LENGTH, HOST, HeaderValue, PROXY_AUTHORIZATION, USER_AGENT};
use http::uri::PathAndQuery;
use http::{Method, Request, Uri};
use http_body_util::Full;
use spandrel_plan::{CallError, CallErrorKind, is_dot_segment};

use super::content_coding;
use super::route::Route;

/// Adds what every request says.
///
/// # Errors
/// For a path that would lead elsewhere: it is sent as it stands.
pub(super) fn complete(request: &mut Request<Bytes>, user_agent: &HeaderValue) -> Result<(), CallError> {
    if steps_aside(request.uri().path()) {
        return Err(CallError::new(
            CallErrorKind::RequestNotRenderable,
            "An argument would make `.` or `..` a segment of the path, which leads to another resource. Use \
             another value.",
        ));
    }
    let is_bare =
        request.body().is_empty() && matches!(*request.method(), Method::POST | Method::PUT | Method::PATCH);
    let headers = request.headers_mut();
    // A request whose method is about its body says so when it has none (RFC 9110, section 8.6): servers
    // answer 411 otherwise. The client itself says nothing of an empty body.
    if is_bare {
        headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
    headers.entry(ACCEPT_ENCODING).or_insert(HeaderValue::from_static(content_coding::ACCEPTED));
    headers.entry(USER_AGENT).or_insert_with(|| user_agent.clone());
    Ok(())
}

/// `request` for a server, or a proxy, of HTTP/1.1.
pub(super) fn over_http1(request: &Request<Bytes>, route: &Route) -> Request<Full<Bytes>> {
    let mut sent = over_http2(request);
    sent.headers_mut().entry(HOST).or_insert_with(|| route.host.clone());
    match route.forwarding_proxy() {
        None => {
            let target = request.uri().path_and_query().cloned();
            *sent.uri_mut() = Uri::from(target.unwrap_or_else(|| PathAndQuery::from_static("/")));
        }
        Some(proxy) => {
            if let Some(credentials) = proxy.basic_auth() {
                sent.headers_mut().entry(PROXY_AUTHORIZATION).or_insert_with(|| credentials.clone());
            }
        }
    }
    sent
}

/// `request` for a server of HTTP/2.
pub(super) fn over_http2(request: &Request<Bytes>) -> Request<Full<Bytes>> {
    let mut sent = Request::new(Full::new(request.body().clone()));
    *sent.method_mut() = request.method().clone();
    *sent.uri_mut() = request.uri().clone();
    *sent.headers_mut() = request.headers().clone();
    sent
}

/// Whether servers may take a segment of the path for a step to another path: `.` and `..`, encoded or not;
/// `\` is a `/` to some.
fn steps_aside(path: &str) -> bool {
    path.split(['/', '\\']).any(is_dot_segment)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn steps_to_another_path_are_refused() {
        let table = [
            ("/a/b", false),
            ("/a/./b", true),
            ("/a/..", true),
            ("/a/%2e%2E/b", true),
            ("/a/.%2e", true),
            ("/a\\..\\b", true),
            ("/a/...", false),
            ("/a/.b", false),
            ("/a/b..", false),
            ("/a/%252e", false),
            ("/", false),
        ];
        for (path, refused) in table {
            let uri = format!("http://a.example{path}?x=/../y");
            let mut request = Request::get(uri).body(Bytes::new()).unwrap();
            let completed = complete(&mut request, &HeaderValue::from_static("test"));
            assert_eq!(completed.is_err(), refused, "{path}");
        }
    }
}
