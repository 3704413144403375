//! What clients can read, and what they can complete.

use axum::Router;
use axum::routing::get;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::CONTENT_TYPE;
use serde_json::{Value, json};
use spandrel_plan::ResponseLimits;
use spandrel_runtime::{Bridge, CallLimits, CustomTool, Json, KeptLimits};

use crate::client::{call, modern, post, serve};
use crate::{api, client};

/// A bridge with the tools of the small API and one with arguments that list their values.
async fn start() -> String {
    let schema = json!({
        "type": "object",
        "properties": {
            "status": {"type": "string", "enum": ["open", "closed", "reopened"]},
            "sort": {"$ref": "#/$defs/sort"},
            "tags": {"type": "array", "items": {"enum": ["a", "b"]}},
            "count": {"type": "integer", "minimum": 1},
            "deep": {"type": "boolean"},
        },
        "required": ["status"],
        "$defs": {"sort": {"anyOf": [{"const": "name"}, {"enum": ["size", 2]}]}},
    });
    let tool = CustomTool::raw("search", "Searches.\nMore.", schema, |arguments| async { Json(arguments) });
    serve(&Bridge::builder(api::catalog("http://127.0.0.1:9")).tool(tool).build().unwrap()).await
}

async fn read(url: &str, uri: &str) -> Value {
    // Its header is the resource's URI.
    let meta = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    let body =
        json!({"jsonrpc": "2.0", "id": 1, "method": "resources/read", "params": {"uri": uri, "_meta": meta}});
    let headers =
        [("mcp-protocol-version", "2026-07-28"), ("mcp-method", "resources/read"), ("mcp-name", uri)];
    post(url, body.to_string(), &headers).await.json()
}

async fn text(url: &str, uri: &str) -> String {
    let answer = read(url, uri).await;
    let contents = &answer["result"]["contents"][0];
    assert_eq!((&contents["uri"], &contents["mimeType"]), (&json!(uri), &json!("text/markdown")), "{answer}");
    contents["text"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_api_and_each_operation_can_be_read() {
    let url = start().await;
    let listed = modern(&url, "resources/list", json!({})).await.result();
    let uris: Vec<&str> =
        listed["resources"].as_array().unwrap().iter().map(|one| one["uri"].as_str().unwrap()).collect();
    assert_eq!(uris.len(), 12);
    assert_eq!(uris[..3], ["spandrel://api", "spandrel://operations/search", "spandrel://operations/echo"]);
    assert_eq!((&listed["ttlMs"], &listed["cacheScope"]), (&json!(60_000), &json!("private")));
    for uri in &uris {
        assert!(text(&url, uri).await.starts_with("# "), "{uri}");
    }
    let api = text(&url, "spandrel://api").await;
    assert!(
        api.starts_with("# Test API 3\n") && api.contains("- `headers`: `GET /headers` – Calls /headers."),
        "{api}"
    );
    let echo = text(&url, "spandrel://operations/echo").await;
    assert!(echo.contains("`POST /echo` at http://127.0.0.1:9") && echo.contains("\"x-trace\": {"), "{echo}");
    let templates = modern(&url, "resources/templates/list", json!({})).await.result();
    assert_eq!(templates["resourceTemplates"][0]["uriTemplate"], "spandrel://operations/{operation}");
    for uri in
        ["spandrel://operations/none", "spandrel://results/1", "spandrel://api/x", "file:///etc/passwd"]
    {
        let answer = read(&url, uri).await;
        assert_eq!(answer["error"]["code"], -32602, "{answer}");
        assert_eq!(answer["error"]["data"], json!({"uri": uri}));
    }
    let early = json!({"jsonrpc": "2.0", "id": 1, "method": "resources/read", "params": {"uri": "a:b"}});
    let answer = post(&url, early.to_string(), &[("mcp-protocol-version", "2025-11-25")]).await;
    assert_eq!(answer.code(), Some(-32002));
}

#[tokio::test]
async fn an_argument_can_be_read_and_tried() {
    let url = start().await;
    let base = "spandrel://operations/search/arguments";
    let page = text(&url, &format!("{base}/status")).await;
    assert!(page.contains("Required.") && page.contains("\"reopened\""), "{page}");
    for (uri, taken) in [
        ("status?value=closed", true),
        ("status?value=gone", false),
        ("count?value=3", true),
        ("count?value=0", false),
        ("count?value=many", false),
        ("deep?value=true", true),
    ] {
        let page = text(&url, &format!("{base}/{uri}")).await;
        assert_eq!(page.contains("It takes this value."), taken, "{page}");
    }
    assert_eq!(read(&url, &format!("{base}/none")).await["error"]["code"], -32602);
}

#[tokio::test]
async fn variables_of_templates_are_completed() {
    let url = start().await;
    let complete = async |template: &str, name: &str, value: &str, context: Value| {
        let reference = json!({"type": "ref/resource", "uri": template});
        let argument = json!({"name": name, "value": value});
        let params = json!({"ref": reference, "argument": argument, "context": {"arguments": context}});
        modern(&url, "completion/complete", params).await
    };
    let operation = "spandrel://operations/{operation}";
    let argument = "spandrel://operations/{operation}/arguments/{argument}?value={value}";
    let of = |name: &str| json!({"operation": "search", "argument": name});
    for (template, name, begun, context, values) in [
        (operation, "operation", "he", json!({}), json!(["headers", "here", "post_here"])),
        (argument, "operation", "SEA", json!({}), json!(["search"])),
        (argument, "argument", "", of(""), json!(["status", "sort", "tags", "count", "deep"])),
        (argument, "value", "o", of("status"), json!(["open", "closed", "reopened"])),
        (argument, "value", "", of("sort"), json!(["name", "size", "2"])),
        (argument, "value", "", of("tags"), json!(["a", "b"])),
        (argument, "value", "t", of("deep"), json!(["true"])),
        (argument, "value", "", of("count"), json!([])),
        (argument, "value", "", json!({}), json!([])),
    ] {
        let answer = complete(template, name, begun, context).await.result();
        let completion = &answer["completion"];
        assert_eq!(completion["values"], values, "{template} {name} {begun}");
        assert_eq!(completion["hasMore"], false);
    }
    assert_eq!(complete("a:{b}", "b", "", json!({})).await.code(), Some(-32602));
    assert_eq!(complete(operation, "value", "", json!({})).await.code(), Some(-32602));
}

/// An API whose one answer is too large to be embedded.
async fn large(kept_results: KeptLimits) -> String {
    let answer = || async { ([(CONTENT_TYPE, "application/pdf")], b"%PDF-1.7\x00\xff".as_slice()) };
    let base = api::serve(Router::new().route("/large", get(answer))).await;
    let limits =
        CallLimits { response: ResponseLimits { embedded_bytes: 4 }, kept_results, ..CallLimits::default() };
    serve(&Bridge::builder(api::catalog(&base)).limits(limits).build().unwrap()).await
}

#[tokio::test]
async fn what_is_too_large_to_be_embedded_is_kept_and_linked_to() {
    let url = large(KeptLimits::default()).await;
    let result = modern(&url, "tools/call", json!({"name": "large"})).await.result();
    let link = &result["content"][0];
    assert_eq!(
        (&link["type"], &link["mimeType"], &link["size"]),
        (&json!("resource_link"), &json!("application/pdf"), &json!(10)),
        "{result}"
    );
    let uri = link["uri"].as_str().unwrap();
    assert!(link["description"].as_str().unwrap().contains(uri), "{link}");
    let answer = read(&url, uri).await;
    let contents = &answer["result"]["contents"][0];
    assert_eq!(contents["blob"], STANDARD.encode(b"%PDF-1.7\x00\xff"), "{answer}");
    assert_eq!(contents["mimeType"], "application/pdf");
    // Revisions without links are told in words.
    assert_eq!(call(&url, "large", "{}").await.result()["content"][0]["type"], "resource_link");
    let early = r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"large"}}"#;
    let told = client::post(&url, early, &[]).await.result();
    assert_eq!(told["content"][0]["type"], "text", "{told}");
    assert!(told["content"][0]["text"].as_str().unwrap().contains("spandrel://results/"), "{told}");
}

#[tokio::test]
async fn nothing_is_kept_where_that_is_not_wanted() {
    let url = large(KeptLimits { bytes: 0, ..KeptLimits::default() }).await;
    let result = modern(&url, "tools/call", json!({"name": "large"})).await.result();
    let text = "The API answered with 10 bytes of application/pdf, which is more than a result may embed.";
    assert_eq!(result["content"], json!([{"type": "text", "text": text}]));
}
