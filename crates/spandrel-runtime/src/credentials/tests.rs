#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::*;

fn server(url: &str) -> BaseUrl {
    BaseUrl::parse(url).unwrap()
}

#[test]
fn lines_are_headers_or_refused() {
    for (line, expected) in [
        ("Authorization: Bearer x:y", Ok(("authorization", "Bearer x:y"))),
        ("x-key:1", Ok(("x-key", "1"))),
        ("X-Empty:", Ok(("x-empty", ""))),
        ("no colon", Err("a header is written `Name: value`")),
        (": value", Err("`` is not a header name")),
        ("a b: value", Err("`a b` is not a header name")),
        (
            "X-Key: secret\r\nX-Other: 1",
            Err("the value of `x-key` holds a line break or another control character"),
        ),
        ("Content-Length: 3", Err("`content-length` is set by the HTTP client itself")),
        ("transfer-encoding: chunked", Err("`transfer-encoding` is set by the HTTP client itself")),
    ] {
        let headers = StaticHeaders::for_server(&server("https://api.example")).with_line(line);
        let found = headers.map_err(|error| error.to_string()).map(|headers| {
            let (name, value) = headers.headers.iter().next().unwrap();
            (name.to_string(), value.to_str().unwrap().to_owned())
        });
        let expected =
            expected.map(|(name, value)| (name.to_owned(), value.to_owned())).map_err(str::to_owned);
        assert_eq!(found, expected, "{line}");
    }
}

#[test]
fn headers_are_bound_to_an_origin() {
    for (configured, uri, bound) in [
        ("https://api.example/v1", "https://api.example/v2/x", true),
        ("https://api.example", "https://API.example:443/", true),
        ("http://api.example", "http://api.example:80/", true),
        ("http://[::1]:8080", "http://[::1]:8080/", true),
        ("https://api.example", "http://api.example/", false),
        ("https://api.example", "https://api.example:8443/", false),
        ("https://api.example", "https://api.example.evil/", false),
        ("https://api.example", "https://evil.example/?https://api.example", false),
        ("https://api.example", "/relative", false),
    ] {
        let headers = StaticHeaders::for_server(&server(configured))
            .with_line("X-Key: a")
            .unwrap()
            .with_line("x-key: b")
            .unwrap();
        let mut request =
            http::Request::get(uri).header("x-key", "from the model").body(Bytes::new()).unwrap();
        headers.set_on(&mut request);
        let values: Vec<_> =
            request.headers().get_all("x-key").iter().map(|value| value.to_str().unwrap()).collect();
        assert_eq!(values, if bound { vec!["a", "b"] } else { vec!["from the model"] }, "{configured} {uri}");
        assert!(!bound || request.headers().values().all(HeaderValue::is_sensitive));
    }
}

#[test]
fn values_are_never_shown() {
    let headers =
        StaticHeaders::for_server(&server("https://api.example")).with_line("X-Key: secret").unwrap();
    let shown = format!("{headers:?}");
    assert!(shown.contains("x-key") && !shown.contains("secret"), "{shown}");
}

#[test]
fn a_list_of_origins_is_told() {
    let origins =
        ["https://a.example", "http://b.example:81"].map(|url| Origin::of_server(&server(url)).unwrap());
    assert_eq!(
        SeveralOrigins(origins.into()).to_string(),
        "the tools call several origins (https://a.example:443, http://b.example:81); say which of them the \
         headers are for"
    );
}
