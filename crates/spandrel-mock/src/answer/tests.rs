#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]
mod corpus;

use std::sync::Arc;

use bytes::Bytes;
use http::{Method, Request, Response};
use serde_json::{Value, json};
use spandrel_openapi::DocumentSet;
use url::Url;

use super::MockApi;

fn mock(paths: &Value) -> MockApi {
    let document = json!({"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": paths});
    let set =
        Arc::new(DocumentSet::from_value(Url::parse("https://example.com/openapi.json").unwrap(), document));
    let document = Arc::new(set.read().0);
    MockApi::new(set, document)
}

fn get(mock: &MockApi, target: &str, accept: Option<&str>) -> Response<Bytes> {
    let mut request = Request::get(target);
    if let Some(accept) = accept {
        request = request.header("Accept", accept);
    }
    mock.answer(&request.body(Bytes::new()).unwrap())
}

fn answered(response: &Value, accept: Option<&str>) -> (u16, String, String) {
    let mock = mock(&json!({"/x": {"get": {"responses": response}}}));
    let response = get(&mock, "/x", accept);
    let content_type = response.headers().get("content-type").map(|value| value.to_str().unwrap().to_owned());
    let text = String::from_utf8_lossy(response.body()).into_owned();
    (response.status().as_u16(), content_type.unwrap_or_default(), text)
}

fn content(media: &Value) -> Value {
    json!({"200": {"description": "ok", "content": media}})
}

#[test]
fn the_first_success_is_answered() {
    let body = json!({"application/json": {"schema": {"const": "body"}}});
    let response = || json!({"description": "d", "content": body});
    let rows = [
        (json!({"404": response(), "202": response(), "201": response()}), 201, "\"body\""),
        (json!({"default": response(), "2XX": response()}), 200, "\"body\""),
        (json!({"404": response(), "default": response()}), 200, "\"body\""),
        (json!({"302": {"description": "d"}}), 204, ""),
        (json!({"204": response()}), 204, ""),
    ];
    for (responses, status, text) in rows {
        let answer = answered(&responses, None);
        assert_eq!((answer.0, answer.2.as_str()), (status, text), "{responses}");
    }
}

#[test]
fn the_media_type_is_what_accept_wants() {
    let both = content(
        &json!({"text/csv": {}, "application/json": {"schema": {"type": "integer"}}, "application/xml": {"schema": {"type": "object", "required": ["a"], "properties": {"a": {"type": "string", "const": "<"}}}}}),
    );
    let rows = [
        (None, "application/json", "1"),
        (Some("*/*"), "application/json", "1"),
        (Some("text/csv, application/json;q=0.5"), "text/csv", "{}"),
        (
            Some("application/xml"),
            "application/xml",
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><response><a>&lt;</a></response>",
        ),
        (Some("image/png"), "application/json", "1"),
    ];
    for (accept, content_type, text) in rows {
        let answer = answered(&both, accept);
        assert_eq!((answer.1.as_str(), answer.2.as_str()), (content_type, text), "{accept:?}");
    }
}

#[test]
fn content_is_written_as_its_media_type() {
    let event = json!({"schema": {"type": "object", "properties": {"a": {"const": 1}}}});
    let rows = [
        ("text/plain", json!({"schema": {"type": "string"}}), "string"),
        ("application/x-ndjson", event.clone(), "{\"a\":1}\n{\"a\":1}\n"),
        ("text/event-stream", event, "data: {\"a\":1}\n\ndata: {\"a\":1}\n\n"),
        ("application/json", json!({"schema": {"type": "integer"}, "example": 5}), "5"),
        ("application/json", json!({"schema": {"type": "integer"}, "example": "five"}), "1"),
        ("application/json", json!({"example": {"a": 1}}), "{\"a\":1}"),
        (
            "application/x-www-form-urlencoded",
            json!({"schema": {"type": "object", "properties": {"a": {"const": "b c"}}}}),
            "a=b%20c",
        ),
    ];
    for (name, media, text) in rows {
        let (status, content_type, body) = answered(&content(&json!({name: media})), None);
        assert_eq!((status, content_type.as_str(), body.as_str()), (200, name, text), "{media}");
    }
    let png = mock(&json!({"/x": {"get": {"responses": content(&json!({"image/png": {}}))}}}));
    assert!(get(&png, "/x", None).body().starts_with(b"\x89PNG"));
}

#[test]
fn what_the_request_said_comes_back() {
    let pet = json!({"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}, "name": {"type": "string", "maxLength": 6}, "color": {"enum": ["red", "blue"]}}});
    let id = json!({"name": "petId", "in": "path", "required": true, "schema": {"type": "integer"}});
    let color = json!({"name": "color", "in": "query", "schema": {"type": "string"}});
    let mock = mock(&json!({"/pets/{petId}": {"parameters": [id, color],
        "get": {"responses": content(&json!({"application/json": {"schema": pet}}))},
        "put": {"requestBody": {"content": {"application/json": {}}}, "responses": content(&json!({"application/json": {"schema": pet}}))}}}));
    let body = |response: Response<Bytes>| serde_json::from_slice::<Value>(response.body()).unwrap();
    assert_eq!(
        body(get(&mock, "/pets/7?color=blue", None)),
        json!({"id": 7, "name": "string", "color": "blue"})
    );
    assert_eq!(
        body(get(&mock, "/pets/7?color=green", None)),
        json!({"id": 7, "name": "string", "color": "red"})
    );
    let request = Request::put("/pets/8").header("Content-Type", "application/json");
    let request = request.body(Bytes::from_static(br#"{"id":1,"name":"Rex","other":true}"#)).unwrap();
    assert_eq!(body(mock.answer(&request)), json!({"id": 8, "name": "Rex", "color": "red"}));
}

#[test]
fn schemas_of_members_mean_objects() {
    // Neither names a type, so that strictly both take any value.
    let owner = json!({"properties": {"name": {"type": "string"}}});
    let pet = json!({"properties": {"owner": owner}});
    let owner = json!({"name": "owner", "in": "query", "schema": {"type": "string"}});
    let described = json!({"schema": pet, "example": [{"owner": {"name": "Ann"}}]});
    let responses = content(&json!({"application/json": described}));
    let mock = mock(&json!({"/x": {"get": {"parameters": [owner], "responses": responses}}}));
    let response = get(&mock, "/x?owner=Bob", None);
    let body: Value = serde_json::from_slice(response.body()).unwrap();
    assert_eq!(body, json!({"owner": {"name": "string"}}));
}

#[test]
fn refusals_are_problems() {
    let mock = mock(&json!({"/pets": {"get": {"responses": {"204": {"description": "d"}}}}}));
    let rows = [
        (Method::GET, "/pets", 204, ""),
        (Method::GET, "/pets?a=1", 400, "the document declares no query parameter `a`"),
        (Method::POST, "/pets", 405, "the document has /pets for GET, not for POST"),
        (
            Method::GET,
            "/v1/pets",
            404,
            "the document has no path for GET /v1/pets; the nearest are GET /pets",
        ),
    ];
    for (method, target, status, part) in rows {
        let request = Request::builder().method(method).uri(target).body(Bytes::new()).unwrap();
        let response = mock.answer(&request);
        let text = String::from_utf8_lossy(response.body()).into_owned();
        assert_eq!(response.status().as_u16(), status, "{target}");
        assert!(text.contains(part), "{target}: {text}");
        assert_eq!(response.headers().get("allow").is_some(), status == 405);
        let is_problem =
            response.headers().get("content-type").is_some_and(|name| name == "application/problem+json");
        assert_eq!(is_problem, status >= 400);
    }
}

#[test]
fn required_headers_are_made_and_bodies_that_cannot_be_are_marked() {
    let responses = json!({"200": {"description": "d",
        "headers": {"X-Rate": {"required": true, "schema": {"type": "integer", "minimum": 60}}, "X-Other": {"schema": {"type": "string"}}},
        "content": {"application/json": {"schema": {"type": "integer", "minimum": 5, "maximum": 4}}}}});
    let mock = mock(&json!({"/x": {"get": {"responses": responses}}}));
    let response = get(&mock, "/x", None);
    assert_eq!(response.headers().get("x-rate").unwrap(), "60");
    assert!(response.headers().get("x-other").is_none());
    assert_eq!(response.headers().get("spandrel-mock").unwrap(), "unverified");
}

#[test]
fn operations_of_one_path_are_told_apart_by_what_they_allow() {
    let operation = |name: &str, status: &str| json!({"parameters": [{"name": name, "in": "query", "required": true, "schema": {"type": "string"}}], "responses": {status: {"description": "d"}}});
    let mock = mock(
        &json!({"/b#acl": {"get": operation("acl", "201")}, "/b#cors": {"get": operation("cors", "202")}}),
    );
    assert_eq!(get(&mock, "/b?acl=", None).status(), 201);
    assert_eq!(get(&mock, "/b?cors=", None).status(), 202);
    assert_eq!(get(&mock, "/b", None).status(), 400);
}

#[test]
fn a_mock_can_be_shared() {
    fn shared<T: Send + Sync + 'static>() {}
    shared::<MockApi>();
}
