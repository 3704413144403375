//! The transport of 2024-11-05: answers come on a stream of events.

use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use reqwest::header::CONTENT_TYPE;
use serde_json::{Value, json};
use spandrel_runtime::Bridge;

use crate::{api, client};

/// An open stream.
struct Stream {
    chunks: BoxStream<'static, reqwest::Result<bytes::Bytes>>,
    read: String,
    /// Where messages are posted.
    messages: String,
}

impl Stream {
    async fn open(server: &str) -> Self {
        let response = reqwest::get(format!("{server}/sse")).await.unwrap();
        assert_eq!(response.headers()[CONTENT_TYPE], "text/event-stream");
        let mut stream =
            Self { chunks: response.bytes_stream().boxed(), read: String::new(), messages: String::new() };
        let endpoint = stream.next().await;
        let path = endpoint.strip_prefix("event: endpoint\ndata: ").unwrap();
        stream.messages = format!("{server}{path}");
        stream
    }

    /// The next event.
    async fn next(&mut self) -> String {
        loop {
            if let Some((event, rest)) = self.read.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.read = rest;
                return event;
            }
            let chunk = self.chunks.next().await.unwrap().unwrap();
            self.read.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }

    async fn message(&mut self) -> Value {
        let event = self.next().await;
        let data = event.strip_prefix("event: message\n").unwrap();
        let lines: Vec<&str> = data.lines().map(|line| line.strip_prefix("data: ").unwrap()).collect();
        serde_json::from_str(&lines.join("\n")).unwrap()
    }

    async fn post(&self, message: Value) -> u16 {
        client::post(&self.messages, message.to_string(), &[("accept", "")]).await.status
    }
}

async fn start(base: &str) -> String {
    let url = client::serve(&Bridge::builder(api::catalog(base)).build().unwrap()).await;
    url.strip_suffix("/mcp").unwrap().to_owned()
}

fn call(id: &str, tool: &str) -> Value {
    json!({"jsonrpc": "2.0", "id": id, "method": "tools/call", "params": {"name": tool, "arguments": {}}})
}

#[tokio::test]
async fn a_client_of_the_oldest_revision_is_served() {
    let server = start(&api::start().await).await;
    let mut stream = Stream::open(&server).await;
    let initialize = json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
        "protocolVersion": "2024-11-05", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"},
    }});
    assert_eq!(stream.post(initialize).await, 202);
    assert_eq!(stream.message().await["result"]["protocolVersion"], "2024-11-05");
    assert_eq!(stream.post(json!({"jsonrpc": "2.0", "method": "notifications/initialized"})).await, 202);
    assert_eq!(stream.post(json!({"jsonrpc": "2.0", "id": 2, "method": "tools/list"})).await, 202);
    assert!(stream.message().await["result"]["tools"].as_array().unwrap().len() > 5);
    assert_eq!(stream.post(call("a", "headers")).await, 202);
    let answer = stream.message().await;
    assert_eq!((&answer["id"], &answer["result"]["isError"]), (&json!("a"), &json!(false)));
    assert_eq!(stream.post(json!({"jsonrpc": "2.0", "id": 3, "method": 1})).await, 202);
    assert_eq!(stream.message().await["error"]["code"], -32600);
}

#[tokio::test]
async fn only_an_open_stream_takes_messages() {
    let server = start("http://127.0.0.1:9").await;
    let stream = Stream::open(&server).await;
    let ping = json!({"jsonrpc": "2.0", "id": 1, "method": "ping"}).to_string();
    let unknown = format!("{server}/messages?sessionId={}", "0".repeat(32));
    for (url, headers, status) in [
        (&stream.messages, vec![], 202),
        (&unknown, vec![], 404),
        (&format!("{server}/messages"), vec![], 404),
        (&stream.messages, vec![("origin", "https://evil.example")], 403),
        (&stream.messages, vec![("host", "evil.example")], 403),
        (&stream.messages, vec![("content-type", "text/plain")], 415),
    ] {
        assert_eq!(client::post(url, ping.clone(), &headers).await.status, status, "{url} {headers:?}");
    }
    let open = format!("{server}/sse");
    let foreign = client::send(reqwest::Method::GET, &open, "", &[("origin", "https://evil.example")]).await;
    assert_eq!(foreign.status, 403);
}

#[tokio::test]
async fn a_call_that_is_cancelled_or_left_is_given_up() {
    for leaves in [false, true] {
        let (base, mut events) = api::stuck().await;
        let server = start(&base).await;
        let stream = Stream::open(&server).await;
        assert_eq!(stream.post(call("a", "slow")).await, 202);
        assert_eq!(events.recv().await, Some("received"));
        if leaves {
            drop(stream);
        } else {
            let params = json!({"requestId": "a"});
            let cancel = json!({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": params});
            assert_eq!(stream.post(cancel).await, 202);
        }
        assert_eq!(events.recv().await, Some("dropped"), "{leaves}");
    }
}
