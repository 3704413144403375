#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use serde_json::json;

use super::*;

#[test]
fn the_schema_describes_what_is_read() {
    let schema = include_str!("../../../../../docs/credentials.schema.json");
    let schema = jsonschema::validator_for(&serde_json::from_str(schema).unwrap()).unwrap();
    let all = json!({
        "value": "v", "username": "u", "password": "p", "client_id": "c", "client_secret": "s",
        "token_url": "https://auth.example/token", "auth": "post", "scopes": ["a"],
        "parameters": {"audience": "x"}, "certificate": "c.pem", "key": "k.pem",
    });
    let table = [
        (json!({}), true),
        (json!({"credentials": {"a": "env:A", "b": all}}), true),
        (json!({"$schema": "x", "origins": {"https://a.example": {"a": "env:A", "b": {}}}}), true),
        (json!({"credential": {}}), false),
        (json!({"credentials": {"a": 1}}), false),
        (json!({"credentials": {"a": ["x"]}}), false),
        (json!({"credentials": {"a": {"token": "x"}}}), false),
        (json!({"credentials": {"a": {"scopes": "a b"}}}), false),
        (json!({"origins": {"https://a.example": "env:A"}}), false),
        (json!([]), false),
    ];
    for (value, expected) in table {
        assert_eq!(schema.is_valid(&value), expected, "{value}");
        assert_eq!(serde_json::from_value::<Content>(value.clone()).is_ok(), expected, "{value}");
    }
}

#[test]
fn the_example_of_the_documentation_is_read() {
    let page = include_str!("../../../../../docs/security.md");
    let example = page.split("```yaml\n").nth(1).unwrap().split("```").next().unwrap();
    let content: Content = serde_json::from_value(parse(example.as_bytes()).unwrap()).unwrap();
    let names: Vec<_> = content.named().unwrap().map(|named| named.scheme).collect();
    assert_eq!(names, ["admin", "apiKey", "partner", "bearerAuth"]);
}
