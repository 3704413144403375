//! The JSON Schema of `x-spandrel` in `docs/` says what the compiler reads.
#![allow(clippy::disallowed_methods, reason = "tests read files")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use std::path::Path;

use serde_json::{Value, json};
use spandrel_compiler::{Options, compile};
use spandrel_openapi::{Code, DocumentSet};

fn schema() -> jsonschema::Validator {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/x-spandrel.schema.json");
    let schema: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    jsonschema::draft202012::new(&schema).unwrap()
}

/// The findings about an operation with the extension.
fn findings(extension: &Value) -> Vec<String> {
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "servers": [{"url": "https://api.example.com"}],
        "paths": {"/a": {"get": {
            "operationId": "a",
            "parameters": [{"name": "q", "in": "query", "schema": {}}],
            "x-spandrel": extension,
            "responses": {},
        }}},
    });
    let url = "file:///api.json".parse().unwrap();
    let set = DocumentSet::new(url, document.to_string().as_bytes()).unwrap();
    let found = compile(&set, &Options::default()).diagnostics;
    found
        .into_iter()
        .filter(|found| found.code == Code::ExtensionInvalid)
        .map(|found| found.message)
        .collect()
}

#[test]
fn what_the_schema_allows_is_read_without_a_finding() {
    let schema = schema();
    let table = [
        (json!(true), true),
        (json!({}), true),
        (json!({"name": "find", "title": "Find", "description": "Finds.", "enabled": true}), true),
        (json!({"annotations": {"readOnlyHint": true}, "destructiveHint": false}), true),
        (json!({"parameters": {"q": {"value": [1]}}}), true),
        (json!({"parameters": {"query:q": {"fromEnv": "A_1"}}}), true),
        (json!({"parameters": {"q": {"default": null}}}), true),
        (json!({"parameters": {"q": {"defaultFromEnv": "_a"}}}), true),
        (json!({"parameters": {"q": {"hidden": true}}}), true),
        (json!({"confirm": "always"}), true),
        (json!({"confirm": {"when": "never", "message": "Really?"}}), true),
        (json!({"confirm": {"message": "Really?"}}), true),
        (json!({"response": {"fields": ["id", "owner.name"], "maxItems": 3}}), true),
        (json!({"response": {"jmespath": "items[]"}}), true),
        (json!({"examples": [{"q": "x"}]}), true),
        (json!("yes"), false),
        (json!({"unknown": 1}), false),
        (json!({"enabled": "yes"}), false),
        (json!({"parameters": []}), false),
        (json!({"parameters": {"q": {}}}), false),
        (json!({"parameters": {"q": {"value": 1, "default": 2}}}), false),
        (json!({"parameters": {"q": {"fromEnv": "1A"}}}), false),
        (json!({"parameters": {"q": {"fromEnv": "A-B"}}}), false),
        (json!({"parameters": {"q": {"hidden": false}}}), false),
        (json!({"confirm": "perhaps"}), false),
        (json!({"confirm": {"who": "me"}}), false),
        (json!({"response": {"fields": []}}), false),
        (json!({"response": {"fields": ["a"], "jmespath": "a"}}), false),
        (json!({"response": {"maxItems": 0}}), false),
        (json!({"response": {"more": 1}}), false),
        (json!({"examples": {"q": "x"}}), false),
        (json!({"examples": [1]}), false),
    ];
    for (extension, expected) in table {
        assert_eq!(schema.is_valid(&extension), expected, "{extension}");
        let findings = findings(&extension);
        assert_eq!(findings.is_empty(), expected, "{extension}: {findings:?}");
    }
}

#[test]
fn the_example_overlay_is_what_the_schema_allows() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/bookshop.overlay.yaml");
    let url = "file:///overlay.yaml".parse().unwrap();
    let set = DocumentSet::new(url, &std::fs::read(path).unwrap()).unwrap();
    let actions = set.root()["actions"].as_array().unwrap();
    let extensions: Vec<&Value> =
        actions.iter().filter_map(|action| action["update"].get("x-spandrel")).collect();
    assert!(extensions.len() >= 3);
    for extension in extensions {
        assert!(schema().is_valid(extension), "{extension}");
    }
}
