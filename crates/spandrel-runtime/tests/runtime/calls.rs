//! Calls: what the backend does, and what comes of it.

use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde_json::{Map, Value};
use spandrel_plan::CallErrorKind::{
    self, ConnectFailed, ConnectionBroken, MalformedResponse, NameNotResolved, RequestNotRenderable,
    ResponseTooLarge, TimedOut, TlsFailed, UnknownTool,
};
use spandrel_plan::{BaseUrl, CallError, Content, Outcome};
use spandrel_runtime::{
    Backend, Bridge, CallContext, CallLimits, Hook, HttpBackend, HttpClientOptions, StaticHeaders,
};

use crate::api;

const GZIP: [u8; 70] = [
    31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 171, 86, 202, 77, 45, 46, 78, 76, 79, 85, 178, 82, 74, 84, 40, 73, 173,
    40, 81, 40, 201, 72, 44, 81, 200, 44, 86, 200, 201, 207, 75, 87, 72, 205, 203, 47, 77, 207, 80, 40, 201,
    87, 72, 74, 85, 72, 46, 45, 81, 170, 5, 0, 115, 80, 109, 0, 50, 0, 0, 0,
];

fn small() -> CallLimits {
    CallLimits { response_bytes: 1024, request_bytes: 64, ..CallLimits::default() }
}

async fn call(base: &str, tool: &str, limits: CallLimits) -> Result<Outcome, CallError> {
    let bridge = Bridge::builder(api::catalog(base)).limits(limits).build().unwrap();
    bridge.call(tool, Map::new()).await
}

fn text(outcome: &Outcome) -> &str {
    match outcome.content.first() {
        Some(Content::Text(text)) => text,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn failures_are_told_apart() {
    let up = api::start().await;
    let cut_gzip: &'static [u8] = {
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n",
            GZIP.len() - 20
        );
        let body = GZIP.get(..GZIP.len() - 20).unwrap();
        Box::leak([head.as_bytes(), body].concat().into_boxed_slice())
    };
    // A label of more than 63 characters has no address anywhere, and nobody is asked for it.
    let no_name = format!("http://{}.invalid", "x".repeat(64));
    let secure = up.replace("http://", "https://");
    let cases: [(&str, String, &str, CallErrorKind); 12] = [
        ("no tool", up.clone(), "nothing", UnknownTool),
        ("nothing listens", api::closed().await, "headers", ConnectFailed),
        ("no such name", no_name, "headers", NameNotResolved),
        ("no TLS there", secure, "headers", TlsFailed),
        ("too slow", up.clone(), "slow", TimedOut),
        ("declared too large", up.clone(), "large", ResponseTooLarge),
        ("grows too large", api::raw(endless()).await, "headers", ResponseTooLarge),
        ("no answer at all", api::raw(b"").await, "headers", ConnectionBroken),
        (
            "broken in the body",
            api::raw(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"half\":").await,
            "headers",
            ConnectionBroken,
        ),
        ("not HTTP", api::raw(b"SSH-2.0-OpenSSH\r\n\r\n").await, "headers", MalformedResponse),
        ("cut gzip", api::raw(cut_gzip).await, "headers", MalformedResponse),
        (
            "bad chunk size",
            api::raw(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n").await,
            "headers",
            MalformedResponse,
        ),
    ];
    for (case, base, tool, kind) in cases {
        let limits = match kind {
            TimedOut => CallLimits { timeout: Duration::from_millis(50), ..small() },
            _ => small(),
        };
        let error = call(&base, tool, limits).await.expect_err(case);
        assert_eq!(error.kind, kind, "{case}: {error}");
        let authority = base.rsplit('/').next().unwrap();
        let says_where = matches!(kind, UnknownTool | ResponseTooLarge | NameNotResolved);
        assert!(says_where || error.message.contains(authority), "{case}: {error}");
        assert!(!error.message.contains("/headers"), "{case}: {error}");
    }
}

/// A call whose turn never comes.
struct Waiting;

impl Hook for Waiting {
    fn before_call<'a>(&'a self, _: &'a mut CallContext) -> BoxFuture<'a, Result<(), CallError>> {
        std::future::pending().boxed()
    }
}

#[tokio::test]
async fn a_call_that_only_waited_was_not_carried_out() {
    let limits = CallLimits { timeout: Duration::from_millis(50), ..small() };
    let bridge =
        Bridge::builder(api::catalog(&api::start().await)).limits(limits).hook(Waiting).build().unwrap();
    let error = bridge.call("headers", Map::new()).await.unwrap_err();
    assert_eq!(error.kind, TimedOut, "{error}");
    assert!(error.message.contains("Nothing was carried out"), "{error}");
}

/// Three chunks of 768 bytes, and no end.
fn endless() -> &'static [u8] {
    let chunk = format!("300\r\n{}\r\n", "x".repeat(0x300)).repeat(3);
    format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{chunk}").leak().as_bytes()
}

#[tokio::test]
async fn an_answer_of_any_status_is_an_outcome() {
    let outcome = call(&api::start().await, "fail", small()).await.unwrap();
    assert_eq!((outcome.status, outcome.is_error), (Some(500), true));
    assert!(outcome.content.contains(&Content::Text("it broke".to_owned())), "{outcome:?}");
}

#[tokio::test]
async fn a_request_that_is_too_large_is_not_sent() {
    let bridge = Bridge::builder(api::catalog(&api::start().await)).limits(small()).build().unwrap();
    let arguments = Map::from_iter([("text".to_owned(), Value::from("x".repeat(65)))]);
    let error = bridge.call("echo", arguments).await.unwrap_err();
    assert_eq!(error.kind, RequestNotRenderable, "{error}");
}

#[tokio::test]
async fn bodies_are_decoded() {
    let head = format!("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n", GZIP.len());
    let answer = Box::leak([head.as_bytes(), &GZIP].concat().into_boxed_slice());
    let outcome = call(&api::raw(answer).await, "headers", small()).await.unwrap();
    assert!(text(&outcome).contains("long enough to be cut"), "{outcome:?}");
}

#[tokio::test]
async fn redirects_stay_within_the_origin() {
    let base = api::start().await;
    for (tool, status, method) in [
        ("here", 200, Some("GET")),
        ("post_here", 200, Some("GET")),
        ("moved", 302, None),
        ("away", 302, None),
        ("around", 302, None),
    ] {
        let outcome = call(&base, tool, CallLimits::default()).await.unwrap();
        assert_eq!((outcome.status, outcome.is_error), (Some(status), status == 302), "{tool}");
        let seen: Value = serde_json::from_str(text(&outcome)).unwrap_or_default();
        assert_eq!(seen["method"].as_str(), method, "{tool}");
    }
}

#[tokio::test]
async fn headers_go_to_their_origin_only() {
    let base = api::start().await;
    let other = api::start().await;
    let arguments = Map::from_iter([("x-trace".to_owned(), Value::from("from the model"))]);
    for (bound_to, trace) in [(&base, "from the operator"), (&other, "from the model")] {
        let headers = StaticHeaders::for_server(&BaseUrl::parse(bound_to).unwrap())
            .with_line("X-Trace: from the operator")
            .unwrap();
        let bridge = Bridge::builder(api::catalog(&base)).credentials(headers).build().unwrap();
        let outcome = bridge.call("headers", arguments.clone()).await.unwrap();
        let seen: Value = serde_json::from_str(text(&outcome)).unwrap();
        assert_eq!(seen["x-trace"], trace, "bound to {bound_to}");
        assert_eq!(seen["user-agent"], concat!("spandrel/", env!("CARGO_PKG_VERSION")));
    }
}

#[test]
fn headers_for_a_catalog_are_for_one_origin() {
    let catalog = |bases: &[&str]| {
        let parts = bases.iter().enumerate().flat_map(|(index, base)| {
            api::tools(base).into_iter().map(move |mut tool| {
                tool.name = format!("{}{index}", tool.name);
                tool
            })
        });
        spandrel_plan::Catalog::new(spandrel_plan::Api::default(), parts.collect())
    };
    assert!(StaticHeaders::for_catalog(&catalog(&["https://a.example/1", "https://a.example/2"])).is_ok());
    let error =
        StaticHeaders::for_catalog(&catalog(&["https://a.example", "https://b.example"])).unwrap_err();
    assert_eq!(error.0.len(), 2, "{error}");
}

#[tokio::test]
async fn a_dropped_call_drops_its_request() {
    let (base, mut events) = api::stuck().await;
    let bridge = Bridge::builder(api::catalog(&base)).build().unwrap();
    let call = tokio::spawn(async move { bridge.call("slow", Map::new()).await });
    assert_eq!(events.recv().await, Some("received"));
    call.abort();
    assert_eq!(events.recv().await, Some("dropped"));
}

#[tokio::test]
async fn a_request_without_a_body_says_so() {
    let backend = HttpBackend::new(&HttpClientOptions::default()).unwrap();
    let base = api::start().await;
    for (method, length) in
        [("POST", Some("0")), ("PUT", Some("0")), ("PATCH", Some("0")), ("GET", None), ("DELETE", None)]
    {
        let request = http::Request::builder().method(method).uri(format!("{base}/headers"));
        let answer = backend.send(request.body(bytes::Bytes::new()).unwrap()).await.unwrap();
        let body = answer.into_body().read(1024).await.unwrap();
        let seen: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(seen["content-length"].as_str(), length, "{method}");
    }
}

#[tokio::test]
async fn a_path_never_leads_elsewhere() {
    let backend = HttpBackend::new(&HttpClientOptions::default()).unwrap();
    let base = api::start().await;
    for (uri, expected) in [
        (format!("{base}/headers"), None),
        (format!("{base}/a/../headers"), Some(RequestNotRenderable)),
        (format!("{base}/a/%2E%2e/headers"), Some(RequestNotRenderable)),
        (format!("{base}/./headers"), Some(RequestNotRenderable)),
        ("/headers".to_owned(), Some(CallErrorKind::ServerUnknown)),
        ("ftp://127.0.0.1/headers".to_owned(), Some(CallErrorKind::ServerUnknown)),
    ] {
        let request = http::Request::get(&uri).body(bytes::Bytes::new()).unwrap();
        let kind = backend.send(request).await.err().map(|error| error.kind);
        assert_eq!(kind, expected, "{uri}");
    }
}

#[tokio::test]
async fn a_caller_has_so_many_calls_at_once() {
    let (base, mut events) = api::stuck().await;
    let limits = CallLimits { calls_per_address: Some(1), ..CallLimits::default() };
    let url =
        crate::client::serve(&Bridge::builder(api::catalog(&base)).limits(limits).build().unwrap()).await;
    let waiting = tokio::spawn({
        let url = url.clone();
        async move { crate::client::call(&url, "slow", "{}").await }
    });
    assert_eq!(events.recv().await, Some("received"));
    let refused = crate::client::call(&url, "slow", "{}").await.result();
    assert_eq!(refused["isError"], true, "{refused}");
    let text = refused["content"][0]["text"].as_str().unwrap();
    assert!(text.starts_with("This caller has as many calls in flight as it may have, 1."), "{text}");
    waiting.abort();
    assert_eq!(events.recv().await, Some("dropped"));
    let again = tokio::spawn(async move { crate::client::call(&url, "slow", "{}").await });
    assert_eq!(events.recv().await, Some("received"));
    again.abort();
}
