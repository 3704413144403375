//! An MCP client of the plainest kind: one POST, one answer.

use serde_json::{Value, json};
use spandrel_runtime::{Bridge, HttpOptions, serve_http};
use tokio::net::TcpListener;

/// Serves `bridge` and returns the URL of its MCP endpoint.
pub(crate) async fn serve(bridge: &Bridge) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/mcp", listener.local_addr().unwrap());
    tokio::spawn(serve_http(listener, bridge.router(&HttpOptions::default()), std::future::pending()));
    url
}

/// An answer over HTTP.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {self:?}"))
    }

    /// The JSON-RPC error code.
    pub(crate) fn code(&self) -> Option<i64> {
        self.json()["error"]["code"].as_i64()
    }

    pub(crate) fn result(&self) -> Value {
        let mut message = self.json();
        assert!(message.get("error").is_none(), "{message}");
        message["result"].take()
    }
}

/// Posts `body`; `headers` replace the usual ones of the same names, and an empty value removes one.
pub(crate) async fn post(url: &str, body: impl Into<reqwest::Body>, headers: &[(&str, &str)]) -> Answer {
    send(reqwest::Method::POST, url, body, headers).await
}

pub(crate) async fn send(
    method: reqwest::Method,
    url: &str,
    body: impl Into<reqwest::Body>,
    headers: &[(&str, &str)],
) -> Answer {
    let usual = [("content-type", "application/json"), ("accept", "application/json, text/event-stream")];
    let kept = usual.iter().filter(|(name, _)| !headers.iter().any(|(other, _)| other == name));
    let mut request = reqwest::Client::new().request(method, url).body(body);
    for (name, value) in kept.chain(headers).filter(|(_, value)| !value.is_empty()) {
        request = request.header(*name, *value);
    }
    let response = request.send().await.unwrap();
    Answer { status: response.status().as_u16(), text: response.text().await.unwrap() }
}

/// A request of 2026-07-28 with its headers.
pub(crate) async fn modern(url: &str, method: &str, mut params: Value) -> Answer {
    params["_meta"] = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    let name = params["name"].as_str().unwrap_or_default().to_owned();
    let body = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).to_string();
    let headers = [("mcp-protocol-version", "2026-07-28"), ("mcp-method", method), ("mcp-name", &name)];
    post(url, body, &headers).await
}

/// Calls a tool in the old way.
pub(crate) async fn call(url: &str, tool: &str, arguments: &str) -> Answer {
    let tool = json!(tool);
    let body = format!(
        r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{"name":{tool},"arguments":{arguments}}}}}"#
    );
    post(url, body, &[("mcp-protocol-version", "2025-06-18")]).await
}
