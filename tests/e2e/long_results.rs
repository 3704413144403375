//! Results that are longer than a model should read at once.

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::binary::{spandrel, stdout};
use crate::server::Server;

/// A document whose one operation answers with a thousand books.
fn document() -> (TempDir, String) {
    let books: Vec<Value> =
        (0..1000).map(|id| json!({"id": id, "title": format!("The book of number {id}")})).collect();
    let book =
        json!({"type": "object", "properties": {"id": {"type": "integer"}, "title": {"type": "string"}}});
    let schema = json!({"type": "object", "properties": {"books": {"type": "array", "items": book}}});
    let answer = json!({"description": "Books", "content": {
        "application/json": {"schema": schema, "example": {"books": books}},
    }});
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "Books", "version": "1"},
        "servers": [{"url": "https://books.example"}],
        "paths": {"/books": {"get": {"operationId": "listBooks", "responses": {"200": answer}}}},
    });
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("books.json");
    std::fs::write(&path, document.to_string()).unwrap();
    (directory, path.display().to_string())
}

#[test]
fn a_long_result_is_shortened_and_the_rest_is_read() {
    let (_directory, path) = document();
    let server = Server::start(&format!("{path} --mock --max-result-tokens 1000"));
    let result = server.rpc("tools/call", json!({"name": "listBooks", "arguments": {}}));
    let text = result["content"][0]["text"].as_str().unwrap();
    assert!(text.len() < 5_000, "{}", text.len());
    let shown: Value = serde_json::from_str(text).unwrap();
    assert_eq!(result["structuredContent"], shown);
    let truncated = &result["_meta"]["spandrel/truncated"][0];
    let place = &truncated["leftOut"][0];
    assert_eq!(
        place,
        &json!({"pointer": "/books", "offset": shown["books"].as_array().unwrap().len(), "total": 1000, "unit": "items"})
    );
    let note = result["content"][1]["text"].as_str().unwrap();
    assert!(note.contains("`read_result`") && note.contains(truncated["uri"].as_str().unwrap()), "{note}");

    let arguments = json!({"uri": truncated["uri"], "pointer": "/books", "offset": 998});
    let rest = server.rpc("tools/call", json!({"name": "read_result", "arguments": arguments}));
    let rest: Value = serde_json::from_str(rest["content"][0]["text"].as_str().unwrap()).unwrap();
    assert_eq!(rest[1], json!({"id": 999, "title": "The book of number 999"}));
    let gone = json!({"name": "read_result", "arguments": {"uri": "spandrel://results/0"}});
    assert_eq!(server.rpc("tools/call", gone)["isError"], true);
}

#[test]
fn there_need_be_no_bound() {
    let (_directory, path) = document();
    let server = Server::start(&format!("{path} --mock --max-result-tokens 0"));
    assert_eq!(server.rpc("tools/list", json!({}))["tools"].as_array().unwrap().len(), 1);
    let result = server.rpc("tools/call", json!({"name": "listBooks", "arguments": {}}));
    assert_eq!(result["structuredContent"]["books"].as_array().unwrap().len(), 1000);
    let books = |arguments: &str| {
        let output = spandrel(&format!("call {path} listBooks --mock {arguments}")).output().unwrap();
        stdout(&output).matches("The book of number").count()
    };
    assert_eq!(books(""), 1000, "a command's result is whole unless it is asked to fit");
    assert!((10..100).contains(&books("--max-result-tokens 1000")));
}

#[test]
fn a_model_names_the_members_that_it_needs() {
    let (_directory, path) = document();
    let server = Server::start(&format!("{path} --mock --result-fields"));
    let call = |fields: Value| {
        server.rpc("tools/call", json!({"name": "listBooks", "arguments": {"result_fields": fields}}))
    };
    let ids = json!({"books": (0..1000).map(|id| json!({"id": id})).collect::<Vec<_>>()});
    assert_eq!(call(json!(["books.id"]))["structuredContent"], ids);
    let refused = call(json!(["books."]));
    assert!(refused["content"][0]["text"].as_str().unwrap().starts_with("Nothing was sent"), "{refused}");

    let overlay = "overlay: 1.0.0\ninfo: {title: t, version: '1'}\nactions:\n  - target: $.paths['/books'].get\n    \
                   update: {x-spandrel: {response: {fields: [books.title], maxItems: 2}}}\n";
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("overlay.yaml");
    std::fs::write(&file, overlay).unwrap();
    let server = Server::start(&format!("{path} --mock --overlay {}", file.display()));
    let result = server.rpc("tools/call", json!({"name": "listBooks", "arguments": {}}));
    let titles = json!({"books": [{"title": "The book of number 0"}, {"title": "The book of number 1"}]});
    assert_eq!(result["structuredContent"], titles);
    assert!(result["content"][1]["text"].as_str().unwrap().contains("first 2 of 1000 items"), "{result}");
}
