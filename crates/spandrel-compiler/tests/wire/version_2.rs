//! What only 2.0 has: `collectionFormat` in every location, and forms as parameters.

use serde_json::{Value, json};

use super::{send, text};

fn document(path: &str, consumes: &str, parameters: &Value) -> Value {
    json!({
        "swagger": "2.0",
        "info": {"title": "Wire", "version": "1"},
        "host": "api.example", "basePath": "/base", "schemes": ["https"],
        "paths": {path: {"post": {
            "operationId": "op", "consumes": [consumes], "parameters": parameters,
            "responses": {"200": {"description": "done"}}
        }}}
    })
}

/// What stands in the request for the array `ids`, written in `format`.
fn sent(place: &str, consumes: &str, format: &str, value: &Value) -> String {
    let path = if place == "path" { "/x/{ids}" } else { "/x" };
    let parameter = json!({
        "name": "ids", "in": place, "required": place == "path", "type": "array",
        "items": {"type": "string"}, "collectionFormat": format,
    });
    let request = send(&document(path, consumes, &json!([parameter])), &json!({"ids": value})).unwrap();
    match place {
        "path" => request.uri().path().strip_prefix("/base/x/").unwrap().to_owned(),
        "query" => request.uri().query().unwrap_or_default().to_owned(),
        "header" => text(request.headers()["ids"].as_bytes()),
        _ => text(request.body()),
    }
}

#[test]
fn every_collection_format_in_every_location() {
    let value = json!(["a", "b", "c"]);
    let form = "application/x-www-form-urlencoded";
    let rows = [
        ("csv", "ids=a,b,c", "a,b,c", "a,b,c"),
        ("ssv", "ids=a%20b%20c", "a%20b%20c", "a b c"),
        ("tsv", "ids=a%09b%09c", "a%09b%09c", "a\tb\tc"),
        ("pipes", "ids=a%7Cb%7Cc", "a%7Cb%7Cc", "a|b|c"),
        ("multi", "ids=a&ids=b&ids=c", "a,b,c", "a,b,c"),
    ];
    for (format, pairs, path, plain) in rows {
        assert_eq!(sent("query", form, format, &value), pairs, "{format}");
        assert_eq!(sent("formData", form, format, &value), pairs, "{format}");
        assert_eq!(sent("path", form, format, &value), path, "{format}");
        assert_eq!(sent("header", form, format, &value), plain, "{format}");
        let multipart = sent("formData", "multipart/form-data", format, &value);
        let head = "Content-Disposition: form-data; name=\"ids\"\r\n\r\n";
        let expected: Vec<&str> = if format == "multi" { vec!["a", "b", "c"] } else { vec![plain] };
        assert_eq!(multipart.matches(head).count(), expected.len(), "{format}");
        for part in expected {
            assert!(multipart.contains(&format!("{head}{part}\r\n--")), "{format}: {multipart}");
        }
    }
}

#[test]
fn forms_with_files() {
    let parameters = json!([
        {"name": "file", "in": "formData", "type": "file", "required": true},
        {"name": "note", "in": "formData", "type": "string"},
        {"name": "count", "in": "formData", "type": "integer"},
    ]);
    let document = document("/x", "multipart/form-data", &parameters);
    let request = send(&document, &json!({"file": "aGk=", "note": "a b", "count": 2})).unwrap();
    let body = text(request.body());
    assert!(body.contains(
        "name=\"file\"; filename=\"file\"\r\nContent-Type: application/octet-stream\r\n\r\nhi\r\n"
    ));
    assert!(body.contains("name=\"note\"\r\n\r\na b\r\n") && body.contains("name=\"count\"\r\n\r\n2\r\n"));
}
