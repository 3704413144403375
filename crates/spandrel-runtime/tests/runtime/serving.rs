//! Serving and its end.

use std::time::Duration;

use serde_json::Map;
use spandrel_runtime::{Bridge, HttpOptions, serve_http_with_drain};
use tokio::net::TcpListener;
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
