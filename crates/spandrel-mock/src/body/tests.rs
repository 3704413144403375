#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]
use std::sync::Arc;

use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};
use spandrel_openapi::DocumentSet;
use url::Url;

use super::{judge, media, xml};
use crate::check::Checks;

/// A body's description, its Content-Type, what is sent, and what comes of it.
type Row<T> = (Value, Option<&'static str>, &'static str, T);

fn judged(body: &Value, content_type: Option<&str>, bytes: &[u8]) -> Result<Option<Value>, String> {
    let operation = json!({"requestBody": body, "responses": {"204": {"description": "done"}}});
    judged_in(json!({"openapi": "3.2.0", "paths": {"/x": {"post": operation}}}), content_type, bytes)
}

fn judged_in(mut document: Value, content_type: Option<&str>, bytes: &[u8]) -> Result<Option<Value>, String> {
    document["info"] = json!({"title": "T", "version": "1"});
    let set =
        Arc::new(DocumentSet::from_value(Url::parse("https://example.com/openapi.json").unwrap(), document));
    let (document, _) = set.read();
    let mut request = Request::post("/x");
    if let Some(content_type) = content_type {
        request = request.header("Content-Type", content_type);
    }
    let request = request.body(Bytes::copy_from_slice(bytes)).unwrap();
    let checks = Checks::new(Arc::clone(&set), document.version);
    judge(&request, document.operations[0].request_body.as_ref(), &checks)
        .map_err(|faults| faults.into_iter().map(|fault| fault.message).collect::<Vec<_>>().join(" | "))
}

fn one(name: &str, media: &Value) -> Value {
    json!({"required": true, "content": {name: media}})
}

fn pet() -> Value {
    json!({"schema": {"type": "object", "required": ["name"], "properties": {
        "name": {"type": "string"}, "age": {"type": "integer"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "home": {"type": "object", "properties": {"zip": {"type": "integer"}}}}}})
}

const PARTS: &str = "--b\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nRex\r\n--b\r\nContent-Disposition: form-data; name=\"age\"\r\n\r\n7\r\n--b\r\nContent-Disposition: form-data; name=\"home\"\r\nContent-Type: application/json\r\n\r\n{\"zip\":1}\r\n--b--\r\n";

#[test]
fn bodies_that_are_described_are_read() {
    let deep =
        json!({"schema": pet()["schema"], "encoding": {"home": {"style": "deepObject", "explode": true}}});
    let form = "application/x-www-form-urlencoded";
    let rex = json!({"name": "Rex", "age": 7, "home": {"zip": 1}});
    let rows: Vec<Row<Option<Value>>> = vec![
        (
            one("application/json", &pet()),
            Some("application/json; charset=utf-8"),
            r#"{"name":"Rex"}"#,
            Some(json!({"name": "Rex"})),
        ),
        (
            one("application/*+json", &pet()),
            Some("application/a+json"),
            r#"{"name":"Rex"}"#,
            Some(json!({"name": "Rex"})),
        ),
        (one("*/*", &pet()), Some("application/json"), r#"{"name":"Rex"}"#, Some(json!({"name": "Rex"}))),
        (
            one(form, &pet()),
            Some(form),
            "name=Rex+X&age=7&tags=a&tags=b&home=%7B%22zip%22%3A1%7D",
            Some(json!({"name": "Rex X", "age": 7, "tags": ["a", "b"], "home": {"zip": 1}})),
        ),
        (one(form, &pet()), Some(form), "name=Rex&tags=a", Some(json!({"name": "Rex", "tags": ["a"]}))),
        (
            one(form, &deep),
            Some(form),
            "name=Rex&home[zip]=1",
            Some(json!({"name": "Rex", "home": {"zip": 1}})),
        ),
        (
            one(form, &xml_field()),
            Some(form),
            "o=%3Ca%3Ex%3C%2Fa%3E&n=1",
            Some(json!({"o": "<a>x</a>", "n": "1"})),
        ),
        (one("multipart/form-data", &pet()), Some("multipart/form-data; boundary=\"b\""), PARTS, Some(rex)),
        (
            one("text/plain", &json!({"schema": {"type": "string"}})),
            Some("text/plain"),
            "hi",
            Some(json!("hi")),
        ),
        (one("text/plain", &json!({"schema": {"type": "integer"}})), Some("text/plain"), "7", Some(json!(7))),
        (one("application/octet-stream", &json!({})), Some("application/octet-stream"), "\u{0}", None),
        (one("application/xml", &pet()), Some("application/xml"), "<pet><name>Rex</name></pet>", None),
        (
            one("application/jsonl", &json!({"itemSchema": {"type": "integer"}})),
            Some("application/jsonl"),
            "1\n2\n",
            Some(json!([1, 2])),
        ),
        (json!({"content": {"application/json": {}}}), None, "", None),
    ];
    for (body, content_type, sent, expected) in rows {
        assert_eq!(judged(&body, content_type, sent.as_bytes()), Ok(expected), "{body} {sent}");
    }
}

/// A form with the field `o`, which is an XML document.
fn xml_field() -> Value {
    json!({
        "schema": {"type": "object", "properties": {"o": {"type": "object"}, "n": {"type": "integer"}}},
        "encoding": {"o": {"contentType": "application/xml"}},
    })
}

#[test]
fn other_bodies_are_refused() {
    let form = "application/x-www-form-urlencoded";
    let shut = json!({"schema": {"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": false}});
    let image = json!({"schema": {"type": "object", "properties": {"f": {"type": "string"}}}, "encoding": {"f": {"contentType": "image/png, image/gif"}}});
    let file = "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x\"\r\nContent-Type: text/html\r\n\r\nx\r\n--b--";
    let multipart = Some("multipart/form-data; boundary=b");
    let rows: Vec<Row<&str>> = vec![
        (one("application/json", &pet()), Some("application/json"), "{", "it is not JSON"),
        (one("application/json", &pet()), Some("application/json"), "{}", "\"name\" is a required property"),
        (one("application/json", &pet()), Some("application/json"), r#"{"name":"R","age":"7"}"#, "at /age"),
        (
            one("application/json", &pet()),
            Some("text/plain"),
            "{}",
            "the document wants application/json; `text/plain` came",
        ),
        (one("application/json", &pet()), None, "{}", "without Content-Type"),
        (one("application/json", &pet()), None, "", "requires a body"),
        (one(form, &pet()), Some(form), "name=R&age=old", "at /age"),
        (one(form, &pet()), Some(form), "name=R&age=1&age=2", "`age`: it is given once; it came 2 times"),
        (one(form, &shut), Some(form), "a=1&b=2", "'b' was unexpected"),
        (one(form, &xml_field()), Some(form), "o=%3Ca%3Ex&n=1", "`o`: `<a>` is never closed"),
        (one("multipart/form-data", &pet()), Some("multipart/form-data"), PARTS, "names no boundary"),
        (
            one("multipart/form-data", &pet()),
            Some("multipart/form-data; boundary=c"),
            PARTS,
            "does not stand in it",
        ),
        (
            one("multipart/form-data", &image),
            multipart,
            file,
            "the document wants it as image/png, image/gif; it came as text/html",
        ),
        (
            one("multipart/form-data", &pet()),
            multipart,
            "--b\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nRex",
            "is missing",
        ),
        (one("application/xml", &pet()), Some("application/xml"), "<a><b></a>", "`</a>` closes b"),
        (
            one("application/jsonl", &json!({"itemSchema": {"type": "integer"}})),
            Some("application/jsonl"),
            "1\nx",
            "record 2 is not JSON",
        ),
    ];
    for (body, content_type, sent, expected) in rows {
        let read = judged(&body, content_type, sent.as_bytes());
        assert!(read.as_ref().is_err_and(|error| error.contains(expected)), "{body} {sent}: {read:?}");
    }
}

#[test]
fn form_parameters_of_2_0_are_fields() {
    let document = |consumes: &str| {
        let mut parameters = vec![
            json!({"name": "a", "in": "formData", "type": "integer", "required": true}),
            json!({"name": "l", "in": "formData", "type": "array", "items": {"type": "string"}, "collectionFormat": "pipes"}),
        ];
        // A file makes a form multipart.
        if consumes.starts_with("multipart") {
            parameters.push(json!({"name": "f", "in": "formData", "type": "file"}));
        }
        let operation = json!({"consumes": [consumes], "parameters": parameters, "responses": {"204": {"description": "done"}}});
        json!({"swagger": "2.0", "paths": {"/x": {"post": operation}}})
    };
    let form = "application/x-www-form-urlencoded";
    let rows = [
        (form, form, "a=1&l=x|y", Ok(Some(json!({"a": 1, "l": ["x", "y"]})))),
        (form, form, "a=1&b=2", Err("the document declares no field `b`")),
        (form, form, "l=x", Err("the document requires the field `a`")),
        (
            "multipart/form-data",
            "multipart/form-data; boundary=b",
            "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"n\"\r\nContent-Type: image/png\r\n\r\nbytes\r\n--b--",
            Ok(Some(json!({"a": 1, "f": "bytes"}))),
        ),
    ];
    for (consumes, content_type, sent, expected) in rows {
        let read = judged_in(document(consumes), Some(content_type), sent.as_bytes());
        match expected {
            Ok(value) => assert_eq!(read, Ok(value), "{sent}"),
            Err(part) => assert!(read.as_ref().is_err_and(|error| error.contains(part)), "{sent}: {read:?}"),
        }
    }
}

#[test]
fn an_undescribed_body_is_refused() {
    let document = json!({"openapi": "3.1.0", "paths": {"/x": {"post": {"responses": {"204": {"description": "done"}}}}}});
    assert!(judged_in(document.clone(), Some("text/plain"), b"x").unwrap_err().contains("no body"));
    assert_eq!(judged_in(document, None, b""), Ok(None));
}

#[test]
fn ranges_and_header_parameters() {
    for (range, essence, expected) in [
        ("*/*", "a/b", true),
        ("a/*", "a/b", true),
        ("a/*+json", "a/b+json", true),
        ("a/*+json", "a/json", false),
        ("a/b", "a/c", false),
    ] {
        assert_eq!(media::in_range(range, essence), expected, "{range} {essence}");
    }
    let header = r#"form-data; name="a;\"b"; filename=c.txt"#;
    assert_eq!(media::parameter(header, "name").as_deref(), Some("a;\"b"));
    assert_eq!(media::parameter(header, "filename").as_deref(), Some("c.txt"));
    assert_eq!(media::parameter(header, "other"), None);
}

#[test]
fn xml_is_checked_for_its_tags() {
    for text in ["<a/>", "<?xml version=\"1.0\"?><a x='>'><![CDATA[<]]><!-- < --><b/></a>\n"] {
        assert_eq!(xml::well_formed(text), Ok(()), "{text}");
    }
    for text in ["", "x", "<a>", "</a>", "<a/><b/>", "<a", "<a></b>", "<a/>x", "<!-- "] {
        assert!(xml::well_formed(text).is_err(), "{text}");
    }
}

#[test]
fn parts_by_a_style_and_fields_by_version() {
    let part = |name: &str, text: &str| {
        format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n")
    };
    let multipart = Some("multipart/form-data; boundary=b");
    let styled = |style: &str, explode: bool| {
        let encoding = json!({"style": style, "explode": explode});
        one(
            "multipart/form-data",
            &json!({"schema": pet()["schema"], "encoding": {"tags": encoding, "home": encoding}}),
        )
    };
    let rows = [
        (styled("form", false), vec![("name", "Rex"), ("tags", "a,b")]),
        (styled("pipeDelimited", false), vec![("name", "Rex"), ("tags", "a|b")]),
        (styled("form", true), vec![("name", "Rex"), ("tags", "a"), ("tags", "b"), ("zip", "1")]),
        (styled("deepObject", true), vec![("name", "Rex"), ("home[zip]", "1")]),
    ];
    for (body, parts) in rows {
        let text: String = parts.iter().map(|(name, text)| part(name, text)).collect();
        let value = judged(&body, multipart, format!("{text}--b--\r\n").as_bytes()).unwrap().unwrap();
        assert!(value.get("tags").is_none_or(|tags| *tags == json!(["a", "b"])), "{value}");
        assert!(value.get("home").is_none_or(|home| *home == json!({"zip": 1})), "{value}");
        assert!(value.get("tags").is_some() || value.get("home").is_some(), "{value}");
    }

    let swagger = json!({"swagger": "2.0", "paths": {"/x": {"post": {
        "consumes": ["multipart/form-data"], "responses": {"204": {"description": "done"}},
        "parameters": [{"name": "ids", "in": "formData", "type": "array", "items": {"type": "integer"}, "collectionFormat": "pipes"}]
    }}}});
    let text = part("ids", "1|2") + "--b--\r\n";
    assert_eq!(judged_in(swagger.clone(), multipart, text.as_bytes()), Ok(Some(json!({"ids": [1, 2]}))));
    let text = part("ids", "1,2") + "--b--\r\n";
    assert!(judged_in(swagger, multipart, text.as_bytes()).is_err());

    let form = one("application/x-www-form-urlencoded", &pet());
    let operation = json!({"requestBody": form, "responses": {"204": {"description": "done"}}});
    let document = |version: &str| json!({"openapi": version, "paths": {"/x": {"post": operation}}});
    let form = Some("application/x-www-form-urlencoded");
    let home = |version: &str, text: &str| {
        let value = judged_in(document(version), form, text.as_bytes()).unwrap().unwrap();
        value["home"].clone()
    };
    assert_eq!(home("3.0.4", "name=Rex&zip=1"), json!({"zip": 1}));
    assert_eq!(home("3.1.0", "name=Rex&home=%7B%22zip%22%3A1%7D"), json!({"zip": 1}));
}
