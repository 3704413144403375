#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]
use serde_json::{Value, json};
use spandrel_compiler::{Options, compile};
use spandrel_mock::MockApi;
use spandrel_openapi::DocumentSet;
use url::Url;

use super::{Call, Failure, Verdict, test};

fn set(operation: &Value) -> DocumentSet {
    let document = json!({
        "openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "servers": [{"url": "https://example.com"}],
        "paths": {"/x/{id}": {"post": operation}}});
    DocumentSet::from_value(Url::parse("https://example.com/openapi.json").unwrap(), document)
}

/// The calls of the tool of one operation, judged by a document that may say something else of it.
fn calls(operation: &Value, judged_by: &Value) -> Vec<Call> {
    let compiled = compile(&set(operation), &Options::default());
    let judge = set(judged_by);
    let document = judge.read().0;
    let mock = MockApi::new(judge.into(), document.into());
    test(&compiled.catalog.tools()[0], &mock)
}

fn parameter(place: &str, name: &str, schema: &Value) -> Value {
    json!({"in": place, "name": name, "required": place == "path", "schema": schema})
}

fn operation(parameters: &[Value]) -> Value {
    let mut parameters = parameters.to_vec();
    parameters.push(parameter("path", "id", &json!({"type": "string"})));
    json!({"parameters": parameters, "responses": {"204": {"description": "done"}}})
}

#[test]
fn tools_that_say_what_the_document_says_pass() {
    let text = json!({"type": "string"});
    let texts = json!({"type": "array", "items": text});
    let both = json!({"application/vnd.t+json": {"schema": {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"}}}},
        "application/json": {"schema": texts}});
    let form = json!({"multipart/form-data": {"schema": {"type": "object", "properties": {
        "file": {"type": "string", "contentMediaType": "image/png"}, "note": text}}}});
    let body = |content: &Value| {
        let mut operation = operation(&[]);
        operation["requestBody"] = json!({"content": content});
        operation
    };
    let table = [
        operation(&[]),
        operation(&[parameter("query", "q", &text), parameter("query", "list", &texts)]),
        operation(&[parameter("header", "X-List", &texts), parameter("cookie", "c", &text)]),
        operation(&[parameter("query", "any", &json!({}))]),
        body(&json!({"application/json": {"schema": {"type": "integer"}}})),
        body(&json!({"application/octet-stream": {}})),
        body(&form),
        body(&both),
    ];
    for operation in table {
        for call in calls(&operation, &operation) {
            assert!(matches!(call.verdict, Verdict::Passed), "{operation}: {call:?}");
        }
    }
}

#[test]
fn samplings() {
    let operation = operation(&[parameter("query", "q", &json!({"type": "string"}))]);
    let calls = calls(&operation, &operation);
    let seen: Vec<_> = calls
        .iter()
        .map(|call| {
            (call.sampling.as_str(), call.arguments.as_ref().unwrap().keys().cloned().collect::<Vec<_>>())
        })
        .collect();
    let both = || vec!["q".to_owned(), "id".to_owned()];
    assert_eq!(seen.len(), 3, "{seen:?}");
    assert_eq!(seen[0], ("required", vec!["id".to_owned()]));
    assert!(seen[1..].iter().all(|(_, names)| names.len() == both().len()), "{seen:?}");
    let url = calls[2].request.as_ref().unwrap().uri().to_string();
    assert!(url.contains("%2Fe%3Ff%23g%252Fh"), "{url}");
}

#[test]
fn each_kind_of_failure_is_told_apart() {
    let narrow = operation(&[parameter("query", "q", &json!({"type": "integer"}))]);
    let wide = operation(&[parameter("query", "q", &json!({"type": "string"}))]);
    let refused = calls(&wide, &narrow);
    assert!(matches!(refused[0].verdict, Verdict::Passed), "the argument is optional");
    let Verdict::Failed(Failure::Refused { status, problem }) = &refused[1].verdict else {
        panic!("{refused:?}");
    };
    assert_eq!(status.as_u16(), 400);
    assert_eq!(problem["errors"][0]["name"], "q");

    let mut impossible = operation(&[]);
    impossible["parameters"][0]["schema"] = json!({"type": "string", "not": {}});
    let untested = calls(&impossible, &impossible);
    assert!(matches!(untested.as_slice(), [Call { verdict: Verdict::Untested(_), request: None, .. }]));

    let answers = |schema: Value| {
        let mut operation = operation(&[]);
        operation["responses"] =
            json!({"200": {"description": "", "content": {"application/json": {"schema": schema}}}});
        operation
    };
    let object = answers(json!({"type": "object", "properties": {"a": {"type": "object"}}}));
    let other =
        answers(json!({"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}));
    let drifted = calls(&object, &other);
    assert!(matches!(drifted[0].verdict, Verdict::Failed(Failure::Result(_))), "{drifted:?}");
}
