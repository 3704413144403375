#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

//! What is recognised is answered as the SDK answers it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::Body;
use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, ready};
use http_body_util::BodyExt;
use proptest::prelude::*;
use serde_json::json;
use spandrel_plan::{
    Annotations, Api, CallError, CallErrorKind, Catalog, JsonText, OperationRef, ResponseLimits, Tool,
    ToolParts,
};
use tower::Service;

use super::*;
use crate::test_plan::without_parameters;
use crate::{
    BackendFn, Bridge, CallContext, CallLimits, CustomTool, Discovery, Hook, HttpOptions, Json, McpService,
};

/// What the API answers, by the name of the tool.
const ANSWERS: [(&str, u16, &str, &[u8]); 10] = [
    ("object", 200, "application/json", b"{ \"a\": 1.10, \"b\": [\"\\u00e9\", 12345678901234567890123] }"),
    ("array", 200, "application/json", b"[1,2]"),
    ("surrogate", 200, "application/json", b"{\"a\":\"\\ud800\"}"),
    ("pair", 200, "application/json", b"{\"a\":\"\\uD83D\\uDE00\"}"),
    ("text", 200, "text/plain", "a \"b\"\n\u{7f}\u{2028}\u{e9}\\".as_bytes()),
    ("image", 200, "image/png", b"\x89PNG\x00\xff"),
    ("bytes", 200, "application/octet-stream", b"\x00\x01\x02\x03"),
    ("large", 200, "application/pdf", b"%PDF-1.7\x00\xff"),
    ("nothing", 204, "text/plain", b""),
    ("fail", 500, "application/problem+json", b"{\"title\":\"broken\"}"),
];

fn tool(name: &str, input: &Value) -> Tool {
    Tool::from(ToolParts {
        name: name.to_owned(),
        title: (name == "object").then(|| "An object".to_owned()),
        description: (name != "array").then(|| format!("Calls \"{name}\".")),
        input_schema: JsonText::from_value(input),
        output_schema: (name == "object").then(|| JsonText::from_value(&json!({"type": "object"}))),
        annotations: Annotations { read_only: true, destructive: false, idempotent: true, open_world: true },
        arguments: Vec::new(),
        operation: OperationRef {
            method: "GET".to_owned(),
            path: format!("/{name}"),
            operation_id: None,
            pointer: String::new(),
        },
        tags: Vec::new(),
        plan: without_parameters(http::Method::GET, &format!("/{name}")),
    })
}

/// Counts the calls, and refuses those with the argument `refuse`.
struct Guard(Arc<AtomicUsize>);

impl Hook for Guard {
    fn before_call<'a>(&'a self, call: &'a mut CallContext) -> BoxFuture<'a, Result<(), CallError>> {
        self.0.fetch_add(1, Ordering::Relaxed);
        let kind = match call.arguments().get("refuse").and_then(Value::as_str) {
            Some("unknown") => Some(CallErrorKind::UnknownTool),
            Some(_) => Some(CallErrorKind::Refused),
            None => None,
        };
        ready(kind.map_or(Ok(()), |kind| Err(CallError::new(kind, "\"no\"")))).boxed()
    }
}

struct Both {
    recognising: McpService,
    sdk: McpService,
    calls: Arc<AtomicUsize>,
}

fn both() -> Both {
    both_offering(None)
}

fn both_offering(discovery: Option<Discovery>) -> Both {
    let calls = Arc::new(AtomicUsize::new(0));
    let input = json!({"type": "object", "properties": {"n": {"type": "integer"}}});
    let mirrored =
        json!({"type": "object", "properties": {"region": {"type": "string", "x-mcp-header": "Region"}}});
    let mut tools: Vec<Tool> = ANSWERS.iter().map(|(name, ..)| tool(name, &input)).collect();
    tools.push(tool("mirrored", &mirrored));
    let api = Api { title: "An \"API\"".to_owned(), version: "1".to_owned(), description: None };
    let backend = BackendFn(|request: &http::Request<Bytes>| {
        let name = request.uri().path().trim_start_matches('/');
        let (_, status, media_type, body) =
            ANSWERS.iter().find(|(other, ..)| *other == name).unwrap_or(&ANSWERS[0]);
        http::Response::builder()
            .status(*status)
            .header("content-type", *media_type)
            .header("link", "</next>; rel=\"next\"")
            .body(Bytes::from_static(body))
            .unwrap()
    });
    let custom = CustomTool::raw("custom", "Custom.", input, |arguments| async move { Json(arguments) });
    let response = ResponseLimits { embedded_bytes: 8 };
    let builder = Bridge::builder(Catalog::new(api, tools))
        .backend(backend)
        .limits(CallLimits { response, ..CallLimits::default() })
        .hook(Guard(Arc::clone(&calls)))
        .tool(custom);
    let builder = match discovery {
        Some(discovery) => builder.discovery(discovery),
        None => builder,
    };
    let bridge = builder.build().unwrap();
    let options = HttpOptions::default();
    Both {
        recognising: bridge.streamable_http(&options),
        sdk: McpService::through_the_sdk(&bridge, &options),
        calls,
    }
}

type Headers = Vec<(&'static str, String)>;

/// Status, relevant headers and body.
type Answer = (u16, Option<String>, Result<Value, Bytes>);

async fn ask(service: &McpService, headers: &Headers, body: &[u8]) -> Answer {
    let mut request = http::Request::post("/mcp");
    for (name, value) in headers {
        request = request.header(*name, value.as_str());
    }
    let request = request.body(Body::from(body.to_vec())).unwrap();
    let response = service.clone().call(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let media_type = parts.headers.get("content-type").map(|value| value.to_str().unwrap().to_owned());
    let bytes = without_random_id(body.collect().await.unwrap().to_bytes());
    (parts.status.as_u16(), media_type, serde_json::from_slice(&bytes).map_err(|_| bytes))
}

/// Each answer that is kept has an identifier of its own.
fn without_random_id(bytes: Bytes) -> Bytes {
    let text = String::from_utf8_lossy(&bytes);
    match text.split_once("spandrel://results/").and_then(|(_, rest)| rest.get(..32)) {
        Some(id) => text.replace(id, "ID").into(),
        None => bytes,
    }
}

impl Both {
    async fn compare(&self, headers: &Headers, body: &[u8]) {
        let before = self.calls.load(Ordering::Relaxed);
        let ours = ask(&self.recognising, headers, body).await;
        let between = self.calls.load(Ordering::Relaxed);
        let sdk = ask(&self.sdk, headers, body).await;
        let after = self.calls.load(Ordering::Relaxed);
        let text = String::from_utf8_lossy(body);
        assert_eq!(ours, sdk, "{headers:?} {text}");
        assert_eq!(between - before, after - between, "hooks: {headers:?} {text}");
    }
}

fn headers(revision: Option<&str>, extra: &[(&'static str, &str)]) -> Headers {
    let mut headers: Headers = vec![
        ("host", "localhost:8080".to_owned()),
        ("content-type", "application/json".to_owned()),
        ("accept", BOTH.to_owned()),
    ];
    headers.extend(revision.map(|revision| ("mcp-protocol-version", revision.to_owned())));
    headers.extend(extra.iter().map(|(name, value)| (*name, (*value).to_owned())));
    headers
}

const BOTH: &str = "application/json, text/event-stream";
const META: &str = r#""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}"#;

/// A call in both revisions: with what it carries beside the name.
fn calls(name: &str, rest: &str) -> [(Headers, String); 2] {
    let body = |meta: &str| {
        format!(
            r#"{{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{{"name":"{name}"{rest}{meta}}}}}"#
        )
    };
    let named = [("mcp-method", "tools/call"), ("mcp-name", name)];
    [
        (headers(Some("2025-06-18"), &[]), body("")),
        (headers(Some("2026-07-28"), &named), body(&format!(",{META}"))),
    ]
}

fn is_recognised(headers: &Headers, body: &str) -> bool {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.append(*name, value.parse().unwrap());
    }
    recognise(&map, body.as_bytes()).is_some()
}

#[tokio::test]
async fn plain_requests_are_recognised_and_answered_as_the_sdk_does() {
    let both = both();
    let mut table: Vec<(Headers, String)> = Vec::new();
    for (name, ..) in ANSWERS {
        table.extend(calls(name, ""));
        table.extend(calls(name, r#","arguments":{}"#));
    }
    table.extend(calls("custom", r#","arguments":{"n":1.0,"m":[1.10,{"é":null}]}"#));
    table.extend(calls("object", r#","arguments":{"n":"no integer"}"#));
    table.extend(calls("object", r#","arguments":{"refuse":"policy"}"#));
    table.extend(calls("object", r#","arguments":{"refuse":"unknown"}"#));
    for list in ["{}", r#"{"_meta":{}}"#, r#"{"_meta":{"progressToken":1}}"#] {
        let body = format!(r#"{{"jsonrpc":"2.0","id":"é","method":"tools/list","params":{list}}}"#);
        for revision in [None, Some("2024-11-05"), Some("2025-03-26"), Some("2025-06-18"), Some("2025-11-25")]
        {
            table.push((headers(revision, &[]), body.clone()));
        }
    }
    table.push((headers(None, &[]), r#" { "id":0,"method":"tools/list","jsonrpc":"2.0" } "#.to_owned()));
    let capabilities = META.replace("{}", r#"{"elicitation":{},"extensions":{"x":{}}}"#);
    for meta in [META, &capabilities] {
        table.push((
            headers(Some("2026-07-28"), &[("mcp-method", "tools/list")]),
            format!(r#"{{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{{{meta}}}}}"#),
        ));
    }
    for (headers, body) in table {
        assert!(is_recognised(&headers, &body), "{headers:?} {body}");
        both.compare(&headers, body.as_bytes()).await;
    }
}

#[tokio::test]
async fn discovery_is_answered_as_the_sdk_does() {
    let both = both_offering(Some(Discovery::new().pin("image")));
    let mut table: Vec<(Headers, String)> = Vec::new();
    table.push((headers(None, &[]), r#"{"id":0,"method":"tools/list","jsonrpc":"2.0"}"#.to_owned()));
    for query in [r#"{"query":"an object"}"#, r#"{"query":7}"#, "{}", r#"{"tag":"none"}"#] {
        table.extend(calls("search_operations", &format!(r#","arguments":{query}"#)));
    }
    table.extend(calls("describe_operations", r#","arguments":{"names":["object","objet"]}"#));
    for (name, ..) in ANSWERS {
        table.extend(calls(name, ""));
        table.extend(calls("call_operation", &format!(r#","arguments":{{"name":"{name}"}}"#)));
    }
    for own in [r#"{"n":"no integer"}"#, r#"{"refuse":"policy"}"#, r#"{"refuse":"unknown"}"#, "[1]"] {
        table.extend(calls(
            "call_operation",
            &format!(r#","arguments":{{"name":"object","arguments":{own}}}"#),
        ));
    }
    table.extend(calls("call_operation", r#","arguments":{"name":"objet"}"#));
    table.extend(calls("call_operation", ""));
    for (headers, body) in table {
        assert!(is_recognised(&headers, &body), "{headers:?} {body}");
        both.compare(&headers, body.as_bytes()).await;
    }
}

#[tokio::test]
async fn everything_else_goes_to_the_sdk() {
    let both = both();
    let call =
        |params: &str| format!(r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{params}}}"#);
    let stateless = |extra: &[(&'static str, &str)]| headers(Some("2026-07-28"), extra);
    let named = [("mcp-method", "tools/call"), ("mcp-name", "object")];
    let good = call(&format!(r#"{{"name":"object",{META}}}"#));
    let deep = format!(r#"{{"name":"object","arguments":{{"a":{}{}}}}}"#, "[".repeat(130), "]".repeat(130));
    let table: Vec<(Headers, String)> = vec![
        (headers(None, &[]), call(r#"["object"]"#)),
        (headers(None, &[]), call(r#"{"name":"object","arguments":[1]}"#)),
        (headers(None, &[]), call(r#"{"name":"object","arguments":null}"#)),
        (headers(None, &[]), call(r#"{"name":"object","name":"array"}"#)),
        (headers(None, &[]), call(r#"{"name":"obj\u0065ct"}"#)),
        (headers(None, &[]), call(r#"{"name":null}"#)),
        (headers(None, &[]), call(r#"{"name":"object","task":{}}"#)),
        (headers(None, &[]), call("null")),
        (headers(None, &[]), call(&deep)),
        (headers(None, &[]), r#"["2.0",1,"tools/list",{}]"#.to_owned()),
        (headers(None, &[]), r#"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":null}"#.to_owned()),
        (
            headers(None, &[]),
            r#"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"cursor":"a"}}"#.to_owned(),
        ),
        (headers(None, &[]), r#"{"jsonrpc":"2.0","id":-0,"method":"tools/list"}"#.to_owned()),
        (headers(None, &[]), r#"{"jsonrpc":"2.0","id":1.0,"method":"tools/list"}"#.to_owned()),
        (headers(None, &[]), r#"{"jsonrpc":"2.0","id":"\u0041","method":"tools/list"}"#.to_owned()),
        (
            headers(None, &[]),
            r#"{"jsonrpc":"2.0","id":9999999999999999999,"method":"tools/list"}"#.to_owned(),
        ),
        (headers(None, &[]), r#"{"jsonrpc":"2.0","method":"tools/list"}"#.to_owned()),
        (headers(None, &[]), r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}x"#.to_owned()),
        (headers(None, &[]), r#"{"jsonrpc":"2.0","id":1,"method":"tools/list","result":{}}"#.to_owned()),
        (headers(None, &[]), good.clone()),
        (headers(Some("2025-06-18"), &[]), good.clone()),
        (headers(Some("2099-01-01"), &[]), good.clone()),
        (headers(Some("2025-06-18"), &[("mcp-protocol-version", "2026-07-28")]), good.clone()),
        (stateless(&[]), good.clone()),
        (stateless(&named[..1]), good.clone()),
        (stateless(&[("mcp-method", "tools/list"), ("mcp-name", "object")]), good.clone()),
        (stateless(&[("mcp-method", "tools/call"), ("mcp-name", "array")]), good.clone()),
        (stateless(&[named[0], named[1], named[1]]), good.clone()),
        (stateless(&[named[0], ("mcp-name", "=?base64?b2JqZWN0?=")]), good),
        (stateless(&named), call(r#"{"name":"object"}"#)),
        (stateless(&named), call(&format!(r#"{{"name":"object",{}}}"#, META.replace("{}", "1")))),
        (
            stateless(&named),
            call(&format!(r#"{{"name":"object",{}}}"#, META.replace("{}", r#"{"roots":1}"#))),
        ),
        (stateless(&named), call(&format!(r#"{{"name":"object",{}}}"#, META.replace("2026", "2027")))),
    ];
    for (headers, body) in table {
        assert!(!is_recognised(&headers, &body), "{headers:?} {body}");
        both.compare(&headers, body.as_bytes()).await;
    }
}

#[tokio::test]
async fn what_needs_a_closer_look_is_answered_as_the_sdk_does() {
    let both = both();
    // Recognised, and yet left to the SDK.
    for name in ["none", "mirrored"] {
        for (headers, body) in calls(name, r#","arguments":{"region":"a"}"#) {
            both.compare(&headers, body.as_bytes()).await;
        }
    }
    for accept in ["", "application/json", "text/html", "application/json;q=0"] {
        let (mut headers, body) = calls("object", "")[0].clone();
        headers.retain(|(name, _)| *name != "accept");
        headers.extend((!accept.is_empty()).then(|| ("accept", accept.to_owned())));
        both.compare(&headers, body.as_bytes()).await;
    }
    for (name, value) in [
        ("host", "evil.example"),
        ("origin", "http://localhost:1"),
        ("origin", "https://evil.example"),
        ("mcp-session-id", "1"),
    ] {
        let (mut headers, body) = calls("object", "")[0].clone();
        headers.retain(|(other, _)| *other != name);
        headers.push((name, value.to_owned()));
        both.compare(&headers, body.as_bytes()).await;
    }
}

/// A change to a request.
#[derive(Debug, Clone)]
enum Change {
    Byte(usize, u8),
    Remove(usize, usize),
    Insert(usize, &'static str),
    DropHeader(usize),
    Header(&'static str, &'static str),
}

fn change() -> impl Strategy<Value = Change> {
    let pieces = [
        "null",
        "1",
        "-0",
        "1e3",
        "\"",
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        "{}",
        "[]",
        "\\u0061",
        " ",
        "\"x\":1,",
        "\"arguments\":{\"n\":1},",
        "\"_meta\":{},",
        "\"cursor\":null,",
        "\"id\":2,",
        "é",
    ];
    let known = [
        ("mcp-protocol-version", "2025-11-25"),
        ("mcp-protocol-version", "2026-07-28"),
        ("mcp-protocol-version", "1"),
        ("mcp-method", "tools/list"),
        ("mcp-name", "array"),
        ("accept", "*/*"),
        ("content-type", "text/plain"),
        ("host", "example.com"),
        ("mcp-session-id", "a"),
    ];
    prop_oneof![
        (0..400_usize, 0x20..0x7F_u8).prop_map(|(at, byte)| Change::Byte(at, byte)),
        (0..400_usize, 1..12_usize).prop_map(|(at, length)| Change::Remove(at, length)),
        (0..400_usize, prop::sample::select(pieces.to_vec())).prop_map(|(at, text)| Change::Insert(at, text)),
        (0..8_usize).prop_map(Change::DropHeader),
        prop::sample::select(known.to_vec()).prop_map(|(name, value)| Change::Header(name, value)),
    ]
}

fn apply(change: &Change, headers: &mut Headers, body: &mut Vec<u8>) {
    let length = body.len().max(1);
    match *change {
        Change::Byte(at, byte) => {
            if let Some(old) = body.get_mut(at % length) {
                *old = byte;
            }
        }
        Change::Remove(at, count) => {
            let start = (at % length).min(body.len());
            let end = (start + count).min(body.len());
            body.drain(start..end);
        }
        Change::Insert(at, text) => {
            let at = (at % length).min(body.len());
            body.splice(at..at, text.bytes());
        }
        Change::DropHeader(at) => {
            headers.remove(at % headers.len().max(1));
        }
        Change::Header(name, value) => headers.push((name, value.to_owned())),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn changed_requests_are_answered_as_the_sdk_does(
        stateless in any::<bool>(),
        tool in prop::sample::select(vec!["object", "array", "text", "custom", "none"]),
        changes in prop::collection::vec(change(), 0..3),
    ) {
        let rest = r#","arguments":{"n":1,"a":[1.10,"b"]}"#;
        let (mut headers, body) = calls(tool, rest)[usize::from(stateless)].clone();
        let mut body = body.into_bytes();
        for change in &changes {
            if !headers.is_empty() {
                apply(change, &mut headers, &mut body);
            }
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(both().compare(&headers, &body));
    }
}
