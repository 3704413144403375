//! Who is told that the list of tools has changed, and when.

use serde_json::{Value, json};
use spandrel_plan::Catalog;
use spandrel_runtime::{Bridge, HttpOptions, serve_http_with_drain};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::event_reader::Events;
use crate::{api, client};

const NOWHERE: &str = "http://127.0.0.1:9";
const TOOLS: &str = "notifications/tools/list_changed";
const RESOURCES: &str = "notifications/resources/list_changed";

fn bridge() -> Bridge {
    Bridge::builder(api::catalog(NOWHERE)).build().unwrap()
}

/// Opens `subscriptions/listen` with that filter.
async fn listen(url: &str, notifications: Value) -> Events {
    let meta = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    let params = json!({"_meta": meta, "notifications": notifications});
    let body = json!({"jsonrpc": "2.0", "id": "s1", "method": "subscriptions/listen", "params": params});
    let request = reqwest::Client::new().post(url).body(body.to_string());
    let headers = [
        ("content-type", "application/json"),
        ("accept", "application/json, text/event-stream"),
        ("mcp-protocol-version", "2026-07-28"),
        ("mcp-method", "subscriptions/listen"),
    ];
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    Events::of(request.send().await.unwrap())
}

fn is_of_subscription(message: &Value) {
    let id = &message["params"]["_meta"]["io.modelcontextprotocol/subscriptionId"];
    assert_eq!(id, "s1", "{message}");
}

#[tokio::test]
async fn a_subscription_is_acknowledged_first_and_told_what_it_asked_for() {
    let bridge = bridge();
    let url = client::serve(&bridge).await;
    let filter =
        json!({"toolsListChanged": true, "promptsListChanged": true, "resourceSubscriptions": ["a:b"]});
    let mut events = listen(&url, filter).await;
    let acknowledged = events.message().await;
    is_of_subscription(&acknowledged);
    assert_eq!(acknowledged["method"], "notifications/subscriptions/acknowledged");
    assert_eq!(acknowledged["params"]["notifications"], json!({"toolsListChanged": true}));
    // Another catalog with the same tools changes nothing that a client can see.
    assert!(bridge.replace_catalog(api::catalog("http://127.0.0.1:10")).unwrap().is_empty());
    let change = bridge.replace_catalog(Catalog::default()).unwrap();
    assert_eq!((change.removed.len(), change.added.len()), (10, 0));
    let told = events.message().await;
    is_of_subscription(&told);
    assert_eq!(told["method"], TOOLS);
    bridge.replace_catalog(api::catalog(NOWHERE)).unwrap();
    assert_eq!(events.message().await["method"], TOOLS);
}

#[tokio::test]
async fn a_subscription_may_be_to_resources() {
    let bridge = bridge();
    let url = client::serve(&bridge).await;
    let mut events = listen(&url, json!({"resourcesListChanged": true})).await;
    assert_eq!(events.message().await["params"]["notifications"], json!({"resourcesListChanged": true}));
    bridge.replace_catalog(Catalog::default()).unwrap();
    assert_eq!(events.message().await["method"], RESOURCES);
}

#[tokio::test]
async fn a_subscription_ends_well_with_the_server() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/mcp", listener.local_addr().unwrap());
    let (stop, stopped) = oneshot::channel::<()>();
    let shutdown = async move {
        let _ = stopped.await;
    };
    let router = bridge().router(&HttpOptions::default());
    let drain = std::time::Duration::from_mins(10);
    let served = tokio::spawn(serve_http_with_drain(listener, router, shutdown, drain));
    let mut events = listen(&url, json!({"toolsListChanged": true})).await;
    events.message().await;
    stop.send(()).unwrap();
    let last = events.message().await;
    assert_eq!((&last["id"], &last["result"]["resultType"]), (&json!("s1"), &json!("complete")), "{last}");
    assert_eq!(events.next().await, None);
    served.await.unwrap().unwrap();
}

#[tokio::test]
async fn what_cannot_be_told_is_not_promised() {
    let url = client::serve(&bridge()).await;
    let body = r#"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}"#;
    let tools = |result: &Value| result["capabilities"]["tools"].clone();
    assert_eq!(tools(&client::post(&url, body, &[]).await.result()), json!({}));
    let discovered = client::modern(&url, "server/discover", json!({})).await.result();
    assert_eq!(tools(&discovered), json!({"listChanged": true}));
    // A bridge whose tools never change says so.
    let fixed = Bridge::builder(api::catalog(NOWHERE)).announce_changes(false).build().unwrap();
    let url = client::serve(&fixed).await;
    let discovered = client::modern(&url, "server/discover", json!({})).await.result();
    assert_eq!(tools(&discovered), json!({}));
    let listen = client::modern(&url, "subscriptions/listen", json!({"notifications": {}})).await;
    assert_eq!(listen.code(), Some(-32601));
}

#[tokio::test]
async fn a_client_of_the_oldest_revision_is_told_once_it_is_initialized() {
    let bridge = bridge();
    let url = client::serve(&bridge).await;
    let server = url.strip_suffix("/mcp").unwrap();
    let mut events = Events::of(reqwest::get(format!("{server}/sse")).await.unwrap());
    let endpoint = events.next().await.unwrap();
    let messages = format!("{server}{}", endpoint.split_once("data: ").unwrap().1);
    let hello = r#"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2024-11-05","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}"#;
    assert_eq!(client::post(&messages, hello, &[]).await.status, 202);
    let answer = events.message().await;
    assert_eq!(answer["result"]["capabilities"]["tools"], json!({"listChanged": true}), "{answer}");
    bridge.replace_catalog(Catalog::default()).unwrap();
    let initialized = r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#;
    assert_eq!(client::post(&messages, initialized, &[]).await.status, 202);
    assert_eq!(events.notification().await, TOOLS);
    assert_eq!(events.notification().await, RESOURCES);
}
