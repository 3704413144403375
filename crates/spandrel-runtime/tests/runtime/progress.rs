//! Answers that come bit by bit: told of while they come, and whole at the end.

use std::time::Duration;

use serde_json::{Value, json};
use spandrel_runtime::{Bridge, CallLimits};

use crate::backend::{self, Exchange};
use crate::{api, client};

/// A backend that answers with `chunks` of that type, and a bridge in front of it.
async fn serve(content_type: &'static str, chunks: &'static [&'static str]) -> String {
    let (base, _) = backend::start(move |mut exchange: Exchange| async move {
        let head =
            format!("HTTP/1.1 200 OK\r\ncontent-type: {content_type}\r\ntransfer-encoding: chunked\r\n\r\n");
        exchange.write(head).await;
        for chunk in chunks {
            exchange.chunk(chunk).await;
        }
        exchange.write("0\r\n\r\n").await;
        Some(exchange)
    })
    .await;
    let limits = CallLimits { timeout: Duration::from_mins(5), ..CallLimits::default() };
    client::serve(&Bridge::builder(api::catalog(&base)).limits(limits).build().unwrap()).await
}

async fn call(url: &str, revision: &str, accept: &str) -> client::Answer {
    let mut meta = json!({"progressToken": "mine"});
    if revision == "2026-07-28" {
        meta["io.modelcontextprotocol/protocolVersion"] = json!(revision);
        meta["io.modelcontextprotocol/clientCapabilities"] = json!({});
    }
    let params = json!({"name": "headers", "arguments": {}, "_meta": meta});
    let body = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}).to_string();
    let mut headers = vec![("mcp-protocol-version", revision), ("accept", accept)];
    if revision == "2026-07-28" {
        headers.extend([("mcp-method", "tools/call"), ("mcp-name", "headers")]);
    }
    client::post(url, body, &headers).await
}

/// The messages of an answer, be it one or a stream of events.
fn messages(answer: &client::Answer) -> Vec<Value> {
    let events = answer.text.lines().filter_map(|line| line.strip_prefix("data: "));
    let events: Vec<Value> = events.filter_map(|data| serde_json::from_str(data).ok()).collect();
    if events.is_empty() { vec![answer.json()] } else { events }
}

#[tokio::test]
async fn pieces_are_told_and_the_whole_is_the_result() {
    let lines = &["{\"n\":1}\n{\"n\"", ":2}\r\n\r\n", "{\"n\":3}"][..];
    let table = [
        (
            "text/event-stream",
            &["data: one\n\nda", "ta: two\r\ndata: lines\r\n\r\n: no\n\nevent: end\ndata: 3\n\n"][..],
            vec!["one", "two\nlines", "3"],
            "one\ntwo\nlines\nevent: end\n3",
        ),
        (
            "application/x-ndjson",
            lines,
            vec!["{\"n\":1}", "{\"n\":2}"],
            "{\"n\":1}\n{\"n\":2}\r\n\r\n{\"n\":3}",
        ),
        (
            "application/json-seq",
            &["\u{1e}{\"n\":1}\n\u{1e}{\"n\"", ":2}\n"],
            vec!["{\"n\":1}", "{\"n\":2}"],
            "{\"n\":1}\n{\"n\":2}\n",
        ),
    ];
    for (content_type, chunks, pieces, whole) in table {
        let url = serve(content_type, chunks).await;
        for revision in ["2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28"] {
            let answer = call(&url, revision, "application/json, text/event-stream").await;
            let messages = messages(&answer);
            let (result, notified) = messages.split_last().unwrap();
            let told: Vec<&str> =
                notified.iter().map(|message| message["params"]["message"].as_str().unwrap()).collect();
            assert_eq!(told, pieces, "{content_type} {revision}");
            for (index, message) in notified.iter().enumerate() {
                assert_eq!(message["method"], "notifications/progress");
                assert_eq!(message["params"]["progressToken"], "mine");
                let progress = message["params"]["progress"].to_string();
                assert_eq!(progress.trim_end_matches(".0"), (index + 1).to_string());
            }
            assert_eq!(result["result"]["content"][0]["text"], whole, "{content_type} {revision}");
            assert_eq!(result["result"]["isError"], false);
        }
    }
}

#[tokio::test]
async fn a_client_that_reads_json_only_is_told_at_the_end() {
    let url = serve("text/event-stream", &["data: one\n\ndata: two\n\n"]).await;
    let answer = call(&url, "2025-06-18", "application/json").await;
    assert_eq!(answer.result()["content"][0]["text"], "one\ntwo");
}

#[tokio::test]
async fn a_long_stream_is_told_of_within_bounds() {
    let long = format!("data: {}\n\n", "é".repeat(3000)).leak();
    let many = "data: x\n\n".repeat(1200).leak();
    let url = serve("text/event-stream", vec![&*long, &*many].leak()).await;
    let answer = call(&url, "2025-11-25", "application/json, text/event-stream").await;
    let messages = messages(&answer);
    assert_eq!(messages.len(), 1001);
    assert!(messages[0]["params"]["message"].as_str().unwrap().len() < 2100);
    assert_eq!(messages[1000]["result"]["content"][0]["text"].as_str().unwrap().matches('x').count(), 1200);
}
