//! Sessions over streamable HTTP, for clients of older revisions.

use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use reqwest::Method;
use serde_json::json;
use spandrel_plan::Catalog;
use spandrel_runtime::{Bridge, HttpOptions, Principal, SessionOptions, serve_http};
use tokio::net::TcpListener;

use crate::client::{Answer, post, send};
use crate::event_reader::Events;
use crate::{api, client};

const HELLO: &str = r#"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}"#;
const PING: &str = r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#;

/// Serves `bridge` with sessions; a header `x-user` is taken for who calls.
async fn start(bridge: &Bridge, sessions: SessionOptions) -> String {
    let options = HttpOptions { sessions: Some(sessions), ..HttpOptions::default() };
    let authenticate = from_fn(|mut request: Request, next: Next| async move {
        if let Some(user) = request.headers().get("x-user") {
            let principal = Principal::new(user.to_str().unwrap());
            request.extensions_mut().insert(principal);
        }
        next.run(request).await
    });
    let router = bridge.router(&options).layer(authenticate);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/mcp", listener.local_addr().unwrap());
    tokio::spawn(serve_http(listener, router, std::future::pending()));
    url
}

fn bridge(base: &str) -> Bridge {
    Bridge::builder(api::catalog(base)).build().unwrap()
}

/// Begins a session; its id.
async fn begin(url: &str, user: &str) -> Option<String> {
    let request = reqwest::Client::new().post(url).body(HELLO).header("x-user", user);
    let request = request.header("content-type", "application/json").header("accept", "application/json");
    let response = request.send().await.unwrap();
    let id = response.headers().get("mcp-session-id").map(|id| id.to_str().unwrap().to_owned());
    let text = response.text().await.unwrap();
    assert_eq!(text.contains(r#""tools":{"listChanged":true}"#), id.is_some(), "{text}");
    id
}

async fn get(url: &str, session: &str) -> reqwest::Response {
    let request = reqwest::Client::new().get(url).header("accept", "text/event-stream");
    request.header("mcp-session-id", session).header("x-user", "ann").send().await.unwrap()
}

#[tokio::test]
async fn a_session_lives_from_its_first_message_to_its_end() {
    let url = start(&bridge("http://127.0.0.1:9"), SessionOptions::default()).await;
    let id = begin(&url, "ann").await.unwrap();
    let own: &[(&str, &str)] =
        &[("mcp-session-id", &id), ("x-user", "ann"), ("mcp-protocol-version", "2025-11-25")];
    let initialized = r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#;
    assert_eq!(post(&url, initialized, own).await.status, 202);
    assert_eq!(post(&url, PING, own).await.result(), json!({}));
    let listed = post(&url, r#"{"jsonrpc":"2.0","id":2,"method":"tools/list"}"#, own).await;
    assert_eq!(listed.result()["tools"].as_array().unwrap().len(), 11);
    for foreign in [&[("mcp-session-id", id.as_str()), ("x-user", "bob")][..], &[("mcp-session-id", &id)]] {
        assert_eq!(post(&url, PING, foreign).await.status, 404);
        assert_eq!(send(Method::DELETE, &url, "", foreign).await.status, 404);
        assert_eq!(send(Method::GET, &url, "", foreign).await.status, 404);
    }
    assert_eq!(send(Method::DELETE, &url, "", own).await.status, 204);
    for method in [Method::POST, Method::DELETE, Method::GET] {
        assert_eq!(send(method.clone(), &url, PING, own).await.status, 404, "{method}");
    }
    assert_eq!(send(Method::GET, &url, "", &[]).await.status, 400);
    assert_eq!(send(Method::GET, &url, "", &[("mcp-protocol-version", "2026-07-28")]).await.status, 405);
    // Nobody has to have a session.
    assert_eq!(post(&url, PING, &[]).await.result(), json!({}));
    let answer: Answer = client::modern(&url, "tools/list", json!({})).await;
    assert_eq!(answer.result()["resultType"], "complete");
}

#[tokio::test]
async fn a_client_with_a_session_is_told_of_changes_also_when_it_was_not_listening() {
    let bridge = bridge("http://127.0.0.1:9");
    let url = start(&bridge, SessionOptions::default()).await;
    let id = begin(&url, "ann").await.unwrap();
    let mut events = Events::of(get(&url, &id).await);
    bridge.replace_catalog(Catalog::default()).unwrap();
    assert_eq!(events.notification().await, "notifications/tools/list_changed");
    assert_eq!(events.notification().await, "notifications/resources/list_changed");
    let own = [("mcp-session-id", id.as_str()), ("x-user", "ann")];
    post(&url, r#"{"jsonrpc":"2.0","id":2,"method":"tools/list"}"#, &own).await.result();
    // Another stream takes the place of the first.
    let mut second = Events::of(get(&url, &id).await);
    assert_eq!(events.next().await, None);
    bridge.replace_catalog(api::catalog("http://127.0.0.1:9")).unwrap();
    assert_eq!(second.notification().await, "notifications/tools/list_changed");
    drop(second);
    // It has not listed the tools since.
    let mut third = Events::of(get(&url, &id).await);
    assert_eq!(third.notification().await, "notifications/tools/list_changed");
    assert_eq!(third.notification().await, "notifications/resources/list_changed");
    assert_eq!(send(Method::DELETE, &url, "", &own).await.status, 204);
    assert_eq!(third.next().await, None);
}

#[tokio::test]
async fn a_request_is_given_up_by_its_id_and_with_its_session() {
    for ends in [false, true] {
        let (base, mut events) = api::stuck().await;
        let url = start(&bridge(&base), SessionOptions::default()).await;
        let id = begin(&url, "ann").await.unwrap();
        let call =
            r#"{"jsonrpc":"2.0","id":"a","method":"tools/call","params":{"name":"slow","arguments":{}}}"#;
        let waiting = tokio::spawn({
            let (url, id) = (url.clone(), id.clone());
            async move { post(&url, call, &[("mcp-session-id", &id), ("x-user", "ann")]).await }
        });
        assert_eq!(events.recv().await, Some("received"));
        let own = [("mcp-session-id", id.as_str()), ("x-user", "ann")];
        if ends {
            assert_eq!(send(Method::DELETE, &url, "", &own).await.status, 204);
        } else {
            let cancel = r#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"a"}}"#;
            assert_eq!(post(&url, cancel, &own).await.status, 202);
        }
        assert_eq!(events.recv().await, Some("dropped"), "{ends}");
        let answer = waiting.await.unwrap();
        assert_eq!((answer.status, answer.text.as_str()), (200, ""), "{ends}");
    }
}

#[tokio::test]
async fn there_is_room_for_so_many() {
    let options = SessionOptions { sessions: 2, sessions_per_caller: 1, ..SessionOptions::default() };
    let url = start(&bridge("http://127.0.0.1:9"), options).await;
    let first = begin(&url, "ann").await.unwrap();
    let second = begin(&url, "ann").await.unwrap();
    assert_eq!(post(&url, PING, &[("mcp-session-id", &first), ("x-user", "ann")]).await.status, 404);
    assert!(begin(&url, "bob").await.is_some());
    assert_eq!(begin(&url, "cat").await, None);
    assert_eq!(post(&url, PING, &[("mcp-session-id", &second), ("x-user", "ann")]).await.status, 200);
}

#[tokio::test]
async fn a_stream_of_the_older_transport_is_its_callers_alone_too() {
    let url = start(&bridge("http://127.0.0.1:9"), SessionOptions::default()).await;
    let server = url.strip_suffix("/mcp").unwrap();
    let request = reqwest::Client::new().get(format!("{server}/sse")).header("x-user", "ann");
    let mut events = Events::of(request.send().await.unwrap());
    let endpoint = events.next().await.unwrap();
    let messages = format!("{server}{}", endpoint.split_once("data: ").unwrap().1);
    for (caller, status) in [(&[("x-user", "bob")][..], 404), (&[], 404), (&[("x-user", "ann")], 202)] {
        assert_eq!(post(&messages, PING, caller).await.status, status, "{caller:?}");
    }
}
