//! What reaches a client of the API's answers, over MCP.

use serde_json::{Value, json};
use spandrel_plan::{Api, Catalog, JsonText};
use spandrel_runtime::Bridge;

use crate::{api, backend, client};

/// A bridge whose tools advertise `schema`, in front of a backend with one answer.
async fn bridge(head: &str, body: &[u8], schema: Option<Value>, wraps_result: bool) -> Bridge {
    let head = format!("HTTP/1.1 {head}\r\ncontent-length: {}\r\n\r\n", body.len());
    let base = backend::fixed([head.as_bytes(), body].concat()).await;
    let mut tools = api::tools(&base);
    for tool in &mut tools {
        tool.output_schema = schema.as_ref().map(JsonText::from_value);
        tool.plan.response.wraps_result = wraps_result;
    }
    Bridge::builder(Catalog::new(Api::default(), tools)).build().unwrap()
}

fn person() -> Value {
    json!({"type": "object", "properties": {"age": {"type": "integer"}}})
}

#[tokio::test]
async fn results_keep_what_is_advertised_in_every_revision() {
    let json = "200 OK\r\ncontent-type: application/json";
    let list = json!({"type": "object", "properties": {"result": {"type": "array"}}});
    let table = [
        (json, r#"{"age":7.0}"#, person(), false, r#"{"age":7.0}"#),
        (json, r#"{"age":"7"}"#, person(), false, r#"{"unexpectedBody":{"age":"7"}}"#),
        (json, "[1.10]", list, true, r#"{"result":[1.10]}"#),
        ("204 No Content", "", person(), false, r#"{"unexpectedBody":null}"#),
        ("200 OK\r\ncontent-type: text/html", "<p>", person(), false, r#"{"unexpectedBody":"<p>"}"#),
    ];
    for (head, body, schema, wraps, expected) in table {
        let bridge = bridge(head, body.as_bytes(), Some(schema), wraps).await;
        let url = client::serve(&bridge).await;
        let answers = [
            client::call(&url, "headers", "{}").await,
            client::modern(&url, "tools/call", json!({"name": "headers", "arguments": {}})).await,
        ];
        let drifted = expected.contains("unexpectedBody");
        for answer in &answers {
            assert!(answer.text.contains(&format!("\"structuredContent\":{expected}")), "{}", answer.text);
            let result = answer.result();
            assert_eq!(result["isError"], false);
            assert_eq!(result["_meta"]["spandrel/drift"].is_string(), drifted, "{result}");
        }
        let counted = bridge.drift_counts().get("headers").copied();
        assert_eq!(counted, drifted.then_some(2), "{body}");
    }
}

#[tokio::test]
async fn failures_of_the_api_are_results_that_say_what_to_do() {
    let problem = r#"{"title":"Busy","detail":"Come back","instance":"/jobs/7"}"#;
    for (status, advice) in [
        ("401 Unauthorized", "the operator of this bridge must check the credential"),
        ("403 Forbidden", "The credentials do not allow this."),
        ("404 Not Found", "check the identifiers"),
        ("429 Too Many Requests", "wait 7 seconds before calling again"),
        ("500 Internal Server Error", "the same call may be made again. Wait 7 seconds first."),
        ("503 Service Unavailable", "the same call may be made again. Wait 7 seconds first."),
    ] {
        let head = format!("{status}\r\ncontent-type: application/problem+json\r\nretry-after: 7");
        let url = client::serve(&bridge(&head, problem.as_bytes(), Some(person()), false).await).await;
        let result = client::call(&url, "headers", "{}").await.result();
        let text = result["content"][0]["text"].as_str().unwrap();
        assert!(text.starts_with(&format!("HTTP {status}: Busy: Come back (instance /jobs/7)\n")), "{text}");
        assert!(text.contains(advice), "{text}");
        assert_eq!(result["isError"], true);
        assert_eq!(result["content"][1]["text"], problem);
        assert_eq!(result["_meta"]["spandrel/headers"]["retry-after"], "7");
        assert!(status.starts_with(&result["_meta"]["spandrel/status"].to_string()));
    }
}

#[tokio::test]
async fn hostile_json_is_passed_on_as_text() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let deep = nested(4_000);
    for body in [deep.as_str(), r#"{"a":"\ud800"}"#, r#"{"a":NaN}"#, "{\"a\":\"\u{1}\"}", r#"{"a":1"#] {
        let head = "200 OK\r\ncontent-type: application/json";
        let url = client::serve(&bridge(head, body.as_bytes(), Some(person()), false).await).await;
        let result = client::call(&url, "headers", "{}").await.result();
        assert_eq!(result["content"][0]["text"], body);
        assert_eq!(result["structuredContent"]["unexpectedBody"], body);
        assert_eq!(result["isError"], false);
    }
    // What is longer than a model should read is not passed on whole.
    let head = "200 OK\r\ncontent-type: application/json";
    let url = client::serve(&bridge(head, nested(200_000).as_bytes(), Some(person()), false).await).await;
    let result = client::call(&url, "headers", "{}").await.result();
    let text = result["content"][0]["text"].as_str().unwrap();
    assert!(text.starts_with("[[[") && text.ends_with("]]]") && text.len() < 1_000, "{}", text.len());
    assert!(result["structuredContent"]["unexpectedBody"].is_string());
    let url =
        client::serve(&bridge("200 OK\r\ncontent-type: text/plain", b"a\xffb", None, false).await).await;
    let result = client::call(&url, "headers", "{}").await.result();
    assert_eq!(result["content"][0]["text"], "a\u{fffd}b");
    assert!(result["content"][1]["text"].as_str().unwrap().contains("not valid in UTF-8"));
}
