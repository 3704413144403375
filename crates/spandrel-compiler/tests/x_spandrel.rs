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
        (json!({"response": {"fields": ["a\\.b.c", "*"]}}), true),
        (json!({"response": {"fields": ["a..b"]}}), false),
        (json!({"response": {"fields": ["a\\"]}}), false),
        (json!({"response": {"fields": [""]}}), false),
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

#[test]
fn models_name_the_fields_of_results_where_the_operator_lets_them() {
    let answer =
        |media_type: &str| json!({"200": {"description": "", "content": {media_type: {"schema": {}}}}});
    let taken = json!([{"name": "result_fields", "in": "query", "schema": {}}]);
    let own = json!({"response": {"maxItems": 3}});
    // The argument of a tool by its answers, its parameters and its extension: unasked, and where it is offered.
    let table = [
        (answer("application/json"), json!([]), json!({}), None, Some("result_fields")),
        (answer("application/json"), taken, json!({}), None, Some("shown_result_fields")),
        (answer("image/png"), json!([]), json!({}), None, None),
        (answer("application/json"), json!([]), own, Some("result_fields"), Some("result_fields")),
    ];
    for (responses, parameters, extension, unasked, offered) in table {
        let get = json!({"operationId": "a", "parameters": parameters, "x-spandrel": extension, "responses": responses});
        let info = json!({"title": "t", "version": "1"});
        let document = json!({"openapi": "3.1.0", "info": info, "paths": {"/a": {"get": get}}});
        let url = "file:///api.json".parse().unwrap();
        let set = DocumentSet::new(url, document.to_string().as_bytes()).unwrap();
        for (result_fields, expected) in [(false, unasked), (true, offered)] {
            let compiled = compile(&set, &Options { result_fields, ..Options::default() });
            let tool = &compiled.catalog.tools()[0];
            let argument = tool.response_shape.as_ref().and_then(|shape| shape.argument.as_deref());
            assert_eq!(argument, expected, "{document}");
            let properties = &tool.input_schema.to_value()["properties"];
            assert!(expected.is_none_or(|name| properties[name]["type"] == "array"), "{properties}");
        }
    }
}
