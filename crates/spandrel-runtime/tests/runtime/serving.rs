//! Serving and its end.

use std::time::Duration;

use serde_json::Map;
use spandrel_runtime::{Bridge, HttpOptions, serve_http_with_drain};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, oneshot};

use crate::{api, client};

async fn start(
    base: &str,
    drain: Duration,
) -> (String, oneshot::Sender<()>, tokio::task::JoinHandle<std::io::Result<()>>) {
    let bridge = Bridge::builder(api::catalog(base)).build().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (stop, stopped) = oneshot::channel::<()>();
    let shutdown = async move {
        let _ = stopped.await;
    };
    let router = bridge.router(&HttpOptions::default());
    (url, stop, tokio::spawn(serve_http_with_drain(listener, router, shutdown, drain)))
}

#[tokio::test]
async fn health_is_told() {
    let (url, _stop, _served) = start("http://127.0.0.1:9", Duration::ZERO).await;
    for path in ["/healthz", "/readyz"] {
        let answer = client::send(reqwest::Method::GET, &format!("{url}{path}"), "", &[]).await;
        assert_eq!(answer.status, 200, "{path}");
    }
}

#[tokio::test]
async fn calls_in_flight_end_before_the_server_does() {
    let (arrived, mut arrivals) = mpsc::channel::<()>(1);
    let (go, gone) = tokio::sync::watch::channel(false);
    let route = axum::routing::get(move || {
        let (arrived, mut gone) = (arrived.clone(), gone.clone());
        async move {
            arrived.send(()).await.unwrap();
            gone.wait_for(|go| *go).await.unwrap();
            "late"
        }
    });
    let base = api::serve(axum::Router::new().route("/slow", route)).await;
    let (url, stop, served) = start(&base, Duration::from_mins(10)).await;
    let call = tokio::spawn(async move { client::call(&format!("{url}/mcp"), "slow", "{}").await });
    arrivals.recv().await.unwrap();
    stop.send(()).unwrap();
    tokio::task::yield_now().await;
    assert!(!served.is_finished());
    go.send(true).unwrap();
    assert_eq!(call.await.unwrap().result()["content"][0]["text"], "late");
    served.await.unwrap().unwrap();
}

#[tokio::test]
async fn the_wait_is_bounded() {
    let (base, mut events) = api::stuck().await;
    let (url, stop, served) = start(&base, Duration::ZERO).await;
    let _call = tokio::spawn(async move { client::call(&format!("{url}/mcp"), "slow", "{}").await });
    assert_eq!(events.recv().await, Some("received"));
    stop.send(()).unwrap();
    served.await.unwrap().unwrap();
    assert_eq!(events.recv().await, Some("dropped"));
}

#[tokio::test]
async fn calls_wait_for_a_permit_within_their_deadline() {
    let (base, mut events) = api::stuck().await;
    let limits = spandrel_runtime::CallLimits {
        concurrent_calls: 1,
        timeout: Duration::from_mins(10),
        ..spandrel_runtime::CallLimits::default()
    };
    let bridge = Bridge::builder(api::catalog(&base)).limits(limits).build().unwrap();
    let first = tokio::spawn({
        let bridge = bridge.clone();
        async move { bridge.call("slow", Map::new()).await }
    });
    assert_eq!(events.recv().await, Some("received"));
    let second = tokio::spawn(async move { bridge.call("slow", Map::new()).await });
    tokio::task::yield_now().await;
    assert!(events.try_recv().is_err());
    first.abort();
    assert_eq!(events.recv().await, Some("dropped"));
    assert_eq!(events.recv().await, Some("received"));
    second.abort();
}

/// What the server says to these bytes until it closes the connection.
async fn exchange(url: &str, bytes: &[u8]) -> String {
    let address = url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    let mut answer = Vec::new();
    // A connection that is reset has said what it had to say.
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8(answer).unwrap()
}

#[tokio::test]
async fn whoever_asks_while_the_server_drains_is_told_so() {
    let (base, mut events) = api::stuck().await;
    let (url, stop, served) = start(&base, Duration::from_mins(10)).await;
    let mcp = format!("{url}/mcp");
    let call = tokio::spawn(async move { client::call(&mcp, "slow", "{}").await });
    assert_eq!(events.recv().await, Some("received"));
    stop.send(()).unwrap();
    let head = "HTTP/1.1\r\nhost: localhost\r\n\r\n";
    loop {
        let answer = exchange(&url, format!("GET /readyz {head}").as_bytes()).await;
        if answer.starts_with("HTTP/1.1 503") {
            assert!(answer.contains("connection: close"), "{answer}");
            break;
        }
    }
    let status = |path: &'static str| {
        let url = format!("{url}{path}");
        async move { client::send(reqwest::Method::GET, &url, "", &[]).await.status }
    };
    assert_eq!((status("/healthz").await, status("/mcp").await), (200, 503));
    call.abort();
    assert_eq!(events.recv().await, Some("dropped"));
    served.await.unwrap().unwrap();
}

#[tokio::test]
async fn heads_that_are_ambiguous_or_too_large_are_refused() {
    let (url, _stop, _served) = start("http://127.0.0.1:9", Duration::ZERO).await;
    let large = format!("GET /healthz HTTP/1.1\r\nhost: localhost\r\nx: {}\r\n\r\n", "x".repeat(500_000));
    let twice = "POST /mcp HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n";
    for (request, status) in [(large.as_str(), "431"), (twice, "400")] {
        let answer = exchange(&url, request.as_bytes()).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
    }
}
