//! Answers that come in pages.

use serde_json::json;

use crate::server::Server;

#[test]
fn the_next_page_is_told_as_arguments_of_the_same_tool() {
    let cursor = json!({"name": "page_token", "in": "query", "schema": {"type": "string"}});
    let page = |token: &str| json!({"value": {"books": [{"id": 1}], "next_page_token": token}});
    let content = json!({"application/json": {
        "schema": {"type": "object", "properties": {"books": {"type": "array"}}},
        "examples": {"a": page("a/2")},
    }});
    let get = json!({
        "operationId": "listBooks",
        "parameters": [cursor],
        "responses": {"200": {"description": "Books", "content": content}},
    });
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "Books", "version": "1"},
        "servers": [{"url": "https://books.example"}],
        "paths": {"/books": {"get": get}},
    });
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("books.json");
    std::fs::write(&path, document.to_string()).unwrap();
    let server = Server::start(&format!("{} --mock", path.display()));
    let result = server.rpc("tools/call", json!({"name": "listBooks", "arguments": {}}));
    let told = "There is more: for the next page, make the same call with {\"page_token\":\"a/2\"}.";
    assert_eq!(result["content"][1]["text"], told, "{result}");
    let next = &result["_meta"]["spandrel/nextPage"];
    assert_eq!(next, &json!({"arguments": {"page_token": "a/2"}, "leftOut": []}));
    // The API answers with the same token: that is no next page.
    let call = json!({"name": "listBooks", "arguments": next["arguments"]});
    let last = server.rpc("tools/call", call);
    assert_eq!(last["content"].as_array().unwrap().len(), 1, "{last}");
}
