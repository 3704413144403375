#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::*;

#[test]
fn a_client_that_takes_json_is_served() {
    for (accept, served) in [
        (&[][..], true),
        (&["application/json"], true),
        (&["text/html", "application/json"], true),
        (&["text/html, */*;q=0.1"], true),
        (&["Application/*"], true),
        (&["text/html"], false),
        (&["text/event-stream"], false),
        (&["application/json;q=0, text/html"], false),
        (&["application/json; q=0"], false),
        (&[""], false),
    ] {
        let mut headers = HeaderMap::new();
        for value in accept {
            headers.append(ACCEPT, value.parse().unwrap());
        }
        accept_both(&mut headers);
        let both = headers.get(ACCEPT).is_some_and(|value| value == "application/json, text/event-stream");
        assert_eq!(both, served, "{accept:?}");
    }
}

#[tokio::test]
async fn an_empty_list_lets_nobody_in() {
    let bridge = Bridge::builder(spandrel_plan::Catalog::default()).build().unwrap();
    let only = |entries: &[&str]| Allowed::Only(entries.iter().map(|&entry| entry.to_owned()).collect());
    for (hosts, origins, host, origin, status) in [
        (only(&[]), Allowed::Any, "localhost", None, StatusCode::FORBIDDEN),
        (Allowed::Any, only(&[]), "any.example", None, StatusCode::OK),
        (Allowed::Any, only(&[]), "any.example", Some("http://localhost"), StatusCode::FORBIDDEN),
        (Allowed::Any, Allowed::Any, "any.example", Some("https://any.example"), StatusCode::OK),
        (only(&["a.example:1"]), Allowed::Any, "a.example:1", None, StatusCode::OK),
        (only(&["a.example:1"]), Allowed::Any, "a.example:2", None, StatusCode::FORBIDDEN),
    ] {
        let options =
            HttpOptions { allowed_hosts: hosts, allowed_origins: origins, ..HttpOptions::default() };
        let mut request = Request::post("/mcp").header("host", host).header(CONTENT_TYPE, "application/json");
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        let ping = Body::from(r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#);
        let response = bridge.streamable_http(&options).answer(request.body(ping).unwrap()).await;
        assert_eq!(response.status(), status, "{options:?} {host} {origin:?}");
    }
}

#[tokio::test]
async fn a_message_that_does_not_arrive_is_given_up() {
    let bridge = Bridge::builder(spandrel_plan::Catalog::default()).build().unwrap();
    let options = HttpOptions { body_timeout: Duration::ZERO, ..HttpOptions::default() };
    let body = Body::from_stream(futures_util::stream::pending::<Result<Bytes, Infallible>>());
    let request = Request::post("/mcp").header("host", "localhost").header(CONTENT_TYPE, "application/json");
    let response = bridge.streamable_http(&options).answer(request.body(body).unwrap()).await;
    assert_eq!(response.status(), StatusCode::REQUEST_TIMEOUT);
    // Who may not come in is told so without waiting for the message.
    for (host, origin) in [("evil.example", "http://localhost"), ("localhost", "https://evil.example")] {
        let body = Body::from_stream(futures_util::stream::pending::<Result<Bytes, Infallible>>());
        let request = Request::post("/mcp").header("host", host).header("origin", origin);
        let request = request.header(CONTENT_TYPE, "application/json").body(body).unwrap();
        let response = bridge.streamable_http(&HttpOptions::default()).answer(request).await;
        assert_eq!(response.status(), StatusCode::FORBIDDEN);
    }
}
