//! Where requests go.

use serde_json::{Value, json};
use spandrel_compiler::Options;

use super::{compiled_with, document, send_with};

/// The URL of a request to `/x`, where the levels name these servers.
fn url(levels: [Value; 3], options: &Options) -> Result<String, String> {
    let mut document = document("3.1.1", "/x", json!({"operationId": "op"}));
    let [root, item, operation] = levels;
    document["servers"] = root;
    document["paths"]["/x"]["servers"] = item;
    document["paths"]["/x"]["get"]["servers"] = operation;
    send_with(&document, options, &json!({})).map(|request| request.uri().to_string())
}

#[test]
fn the_innermost_level_counts() {
    let server = |name: &str| json!([{"url": format!("https://{name}.example/base/")}]);
    let (root, item, operation) = (server("root"), server("item"), server("operation"));
    let options = Options::default();
    let rows = [
        ([root.clone(), Value::Null, Value::Null], "https://root.example/base/x"),
        ([root.clone(), item.clone(), Value::Null], "https://item.example/base/x"),
        ([root.clone(), item, operation], "https://operation.example/base/x"),
        ([root, json!([]), json!([])], "https://root.example/base/x"),
        // Relative to the document, which lies at https://documents.example/v1/openapi.json.
        ([json!([{"url": "/api"}]), Value::Null, Value::Null], "https://documents.example/api/x"),
        ([json!([{"url": "api/"}]), Value::Null, Value::Null], "https://documents.example/v1/api/x"),
        ([json!([{"url": "//other.example/"}]), Value::Null, Value::Null], "https://other.example/x"),
        ([Value::Null, Value::Null, Value::Null], "https://documents.example/x"),
    ];
    for (levels, expected) in rows {
        assert_eq!(url(levels, &options).unwrap(), expected);
    }
}

#[test]
fn variables_have_the_values_of_the_operator_or_their_defaults() {
    let server = json!([{
        "url": "https://{region}.example/{version}",
        "variables": {"region": {"default": "eu", "enum": ["eu", "us"]}, "version": {"default": "v1"}}
    }]);
    let url = |values: &[(&str, &str)]| {
        let server_variables =
            values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        url([server.clone(), Value::Null, Value::Null], &Options { server_variables, ..Options::default() })
    };
    assert_eq!(url(&[]).unwrap(), "https://eu.example/v1/x");
    assert_eq!(url(&[("region", "us"), ("version", "v2")]).unwrap(), "https://us.example/v2/x");
    assert!(url(&[("region", "evil.example/")]).is_err());
    let mut described = document("3.1.1", "/x", json!({"operationId": "op"}));
    described["servers"] = server.clone();
    let server_variables = [("region".to_owned(), "mars".to_owned())].into_iter().collect();
    let compiled = compiled_with(&described, &Options { server_variables, ..Options::default() });
    let finding = compiled.diagnostics.iter().find(|finding| finding.message.contains("region")).unwrap();
    assert!(finding.message.contains("must be one of eu, us"), "{}", finding.message);
}

#[test]
fn the_operator_chooses_a_server() {
    let servers = json!([
        {"url": "https://live.example", "description": "Production"},
        {"url": "https://test.example/{stage}", "name": "test", "description": "For trying", "variables": {"stage": {"default": "a"}}},
    ]);
    let url = |choice: &str, operation: Value| {
        let options = Options { server: Some(choice.to_owned()), ..Options::default() };
        url([servers.clone(), Value::Null, operation], &options)
    };
    let rows = [
        ("Production", "https://live.example/x"),
        ("1", "https://live.example/x"),
        ("2", "https://test.example/a/x"),
        ("test", "https://test.example/a/x"),
        ("For trying", "https://test.example/a/x"),
        ("https://test.example/{stage}", "https://test.example/a/x"),
    ];
    for (choice, expected) in rows {
        assert_eq!(url(choice, Value::Null).unwrap(), expected, "{choice}");
    }
    for choice in ["0", "3", "", "production"] {
        assert!(url(choice, Value::Null).is_err(), "{choice}");
    }
    // An operation with servers of its own is never called at one that nobody chose.
    assert!(url("test", json!([{"url": "https://own.example"}])).is_err());
}
