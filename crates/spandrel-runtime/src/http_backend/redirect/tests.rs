#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use http::HeaderValue;

use super::*;

fn request(method: Method) -> Request<Bytes> {
    let mut secret = HeaderValue::from_static("s3cret");
    secret.set_sensitive(true);
    let mut request = Request::builder()
        .method(method)
        .uri("https://api.example/v1/a?key=s3cret")
        .header("accept", "application/json")
        .header("content-type", "text/plain")
        .header("accept-language", secret.clone())
        .header("authorization", secret.clone())
        .header("x-key", secret)
        .header("x-tenant", "s3cret")
        .header("cookie", "sid=s3cret")
        .body(Bytes::from_static(b"body"))
        .unwrap();
    let mut secrets = SecretQuery::default();
    secrets.add("key", "s3cret");
    request.extensions_mut().insert(secrets);
    request
}

fn redirected(scope: RedirectScope, method: &Method, status: u16, location: &str) -> Option<Next> {
    let request = request(method.clone());
    let response = Response::builder().status(status).header("location", location);
    let response = response.body(BackendBody::whole(Bytes::new())).unwrap();
    let origin = Origin::of_uri(request.uri()).unwrap();
    next(scope, &origin, &request, &response)
}

#[test]
fn scopes() {
    use RedirectScope::{Any, None, SameOrigin};
    let table = [
        ("/b", [false, true, true]),
        ("https://api.example:443/b", [false, true, true]),
        ("//api.example/b", [false, true, true]),
        ("https://api.example:8443/b", [false, false, true]),
        ("https://other.example/b", [false, false, true]),
        ("http://api.example/b", [false, false, false]),
        ("http://other.example/b", [false, false, false]),
        ("https://me@api.example/b", [false, false, false]),
        ("ftp://api.example/b", [false, false, false]),
        ("file:///etc/passwd", [false, false, false]),
        ("https://", [false, false, false]),
    ];
    for (location, expected) in table {
        let followed =
            [None, SameOrigin, Any].map(|scope| redirected(scope, &Method::GET, 302, location).is_some());
        assert_eq!(followed, expected, "{location}");
    }
}

#[test]
fn methods() {
    let table = [
        (Method::GET, 301, Some("GET body")),
        (Method::GET, 302, Some("GET body")),
        (Method::GET, 303, Some("GET body")),
        (Method::HEAD, 303, Some("HEAD body")),
        (Method::POST, 301, None),
        (Method::POST, 302, None),
        (Method::POST, 303, Some("GET ")),
        (Method::DELETE, 303, Some("GET ")),
        (Method::POST, 307, Some("POST body")),
        (Method::PUT, 308, Some("PUT body")),
        (Method::GET, 300, None),
        (Method::GET, 304, None),
        (Method::GET, 200, None),
    ];
    for (method, status, expected) in table {
        let found = redirected(RedirectScope::SameOrigin, &method, status, "/b").map(|next| {
            let keeps_type = next.request.headers().contains_key("content-type");
            assert_eq!(keeps_type, !next.request.body().is_empty());
            format!("{} {}", next.request.method(), std::str::from_utf8(next.request.body()).unwrap())
        });
        assert_eq!(found.as_deref(), expected, "{method} {status}");
    }
}

#[test]
fn another_origin_sees_no_secret() {
    for (location, target) in [
        ("https://other.example/b", "https://other.example/b"),
        ("https://other.example/b?key=s3cret", "https://other.example/b"),
        ("https://other.example/b?a=1&k%65y=s3cret&c", "https://other.example/b?a=1&c"),
    ] {
        let next = redirected(RedirectScope::Any, &Method::GET, 307, location).unwrap();
        assert_eq!(next.request.uri().to_string(), target);
        let names: Vec<_> = next.request.headers().keys().map(HeaderName::as_str).collect();
        assert_eq!(names, ["accept", "content-type"]);
    }
    let same = redirected(RedirectScope::Any, &Method::GET, 307, "/b?key=s3cret").unwrap();
    assert_eq!(same.request.headers().len(), 7);
    assert_eq!(same.request.uri().query(), Some("key=s3cret"));
}
