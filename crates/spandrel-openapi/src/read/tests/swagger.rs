use serde_json::{Value, json};

use super::{found, read};
use crate::diagnostic::Code;
use crate::model::{BodySchema, Operation, ParameterContent, SecuritySchemeKind as Kind, Style};

fn swagger(members: &Value, operation: Value) -> Value {
    let mut root = json!({"swagger": "2.0", "info": {"title": "T", "version": "1"}, "paths": {"/a": {"post": operation}}});
    root.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    root
}

fn one(members: &Value, operation: Value) -> Operation {
    let (document, findings) = read(swagger(members, operation));
    assert_eq!(findings, []);
    document.operations.into_iter().next().unwrap()
}

fn names(operation: &Operation) -> Vec<&str> {
    let body = operation.request_body.as_ref().unwrap();
    body.content.iter().map(|media| media.name.as_str()).collect()
}

#[test]
fn host_base_path_and_schemes_make_servers() {
    let rows: [(Value, &[&str]); 11] = [
        (json!({}), &[]),
        (json!({"basePath": "/v1/"}), &["/v1"]),
        (json!({"basePath": "/"}), &["/"]),
        (json!({"host": "a.example"}), &["https://a.example"]),
        (json!({"host": "a.example:8080/", "basePath": "v1"}), &["https://a.example:8080/v1"]),
        (json!({"host": "a.example", "basePath": "/"}), &["https://a.example"]),
        (json!({"host": "a.example", "schemes": ["http"]}), &["http://a.example"]),
        (
            json!({"host": "a.example", "schemes": ["http", "HTTPS"]}),
            &["https://a.example", "http://a.example"],
        ),
        (json!({"host": "a.example", "schemes": ["ws"]}), &["https://a.example"]),
        (json!({"host": "http://a.example", "basePath": "/v1"}), &["http://a.example/v1"]),
        (json!({"host": "a.example", "schemes": []}), &["https://a.example"]),
    ];
    for (members, expected) in rows {
        let operation = one(&members, json!({}));
        let urls: Vec<&str> = operation.servers.iter().map(|server| server.url.as_str()).collect();
        assert_eq!(urls, expected, "{members}");
    }
    let operation = one(&json!({"host": "a.example", "schemes": ["https"]}), json!({"schemes": ["http"]}));
    assert_eq!(operation.servers[0].url, "http://a.example");
}

#[test]
fn a_body_is_sent_in_what_the_operation_consumes() {
    let body = json!({"parameters": [{"in": "body", "name": "b", "required": true, "description": "D", "schema": {}}]});
    let with = |consumes: Value| {
        let mut operation = body.clone();
        operation["consumes"] = consumes;
        operation
    };
    assert_eq!(names(&one(&json!({}), body.clone())), ["application/json"]);
    let global = json!({"consumes": ["application/xml", "application/json", "application/xml"]});
    assert_eq!(names(&one(&global, body.clone())), ["application/xml", "application/json"]);
    assert_eq!(names(&one(&global, with(json!(["text/plain"])))), ["text/plain"]);
    assert_eq!(names(&one(&global, with(json!([])))), ["application/json"]);
    let operation = one(&json!({}), body);
    let request = operation.request_body.unwrap();
    assert_eq!((request.required, request.description.as_deref()), (true, Some("D")));
    let at = "/paths/~1a/post/parameters/0/schema";
    assert!(matches!(&request.content[0].schema, BodySchema::Schema(place) if place.pointer.as_str() == at));
    assert!(operation.parameters.is_empty());
}

#[test]
fn form_fields_are_a_body() {
    let text = json!({"in": "formData", "name": "t", "type": "string"});
    let file = json!({"in": "formData", "name": "f", "type": "file", "required": true});
    let (urlencoded, multipart) = ("application/x-www-form-urlencoded", "multipart/form-data");
    let rows: [(Value, Value, &[&str]); 7] = [
        (json!([text]), json!([]), &[urlencoded]),
        (json!([text]), json!(["application/json"]), &[urlencoded]),
        (json!([text]), json!([multipart]), &[multipart]),
        (json!([text]), json!([multipart, urlencoded]), &[multipart, urlencoded]),
        (json!([text, file]), json!([]), &[multipart]),
        (json!([text, file]), json!([urlencoded]), &[multipart]),
        (json!([file]), json!([urlencoded, "Multipart/Form-Data; x=y"]), &["Multipart/Form-Data; x=y"]),
    ];
    for (parameters, consumes, expected) in rows {
        let operation = one(&json!({}), json!({"parameters": parameters, "consumes": consumes}));
        assert_eq!(names(&operation), expected, "{parameters} {consumes}");
    }
    let operation = one(&json!({}), json!({"parameters": [text, file]}));
    let body = operation.request_body.unwrap();
    assert!(body.required);
    let BodySchema::Fields(fields) = &body.content[0].schema else { panic!("fields") };
    let fields: Vec<(&str, bool)> =
        fields.iter().map(|field| (field.name.as_str(), field.required)).collect();
    assert_eq!(fields, [("t", false), ("f", true)]);
}

#[test]
fn collection_formats_are_styles() {
    let rows = [
        ("query", None, Style::Form, false),
        ("query", Some("csv"), Style::Form, false),
        ("query", Some("multi"), Style::Form, true),
        ("query", Some("ssv"), Style::SpaceDelimited, false),
        ("query", Some("tsv"), Style::TabDelimited, false),
        ("query", Some("pipes"), Style::PipeDelimited, false),
        ("header", Some("csv"), Style::Simple, false),
        ("header", Some("pipes"), Style::PipeDelimited, false),
    ];
    for (place, format, style, explode) in rows {
        let mut parameter = json!({"name": "p", "in": place, "type": "array", "items": {"type": "string"}});
        if let Some(format) = format {
            parameter["collectionFormat"] = json!(format);
        }
        let operation = one(&json!({}), json!({"parameters": [parameter]}));
        let ParameterContent::Schema { schema, serialization } = &operation.parameters[0].content else {
            panic!()
        };
        assert_eq!((serialization.style, serialization.explode), (style, explode), "{place} {format:?}");
        assert_eq!(schema.as_ref().unwrap().pointer.as_str(), "/paths/~1a/post/parameters/0");
    }
}

#[test]
fn responses_have_the_media_types_that_the_operation_produces() {
    let operation = json!({
        "produces": ["application/json", "text/csv"],
        "responses": {
            "200": {"description": "D", "schema": {}, "examples": {"text/csv": "a,b"},
                    "headers": {"X-A": {"type": "integer"}, "X-B": {}}},
            "204": {"description": "none"},
        },
    });
    let operation = one(&json!({"produces": ["application/xml"]}), operation);
    let [ok, none] = operation.responses.as_slice() else { panic!("two") };
    let content: Vec<(&str, usize)> =
        ok.content.iter().map(|media| (media.name.as_str(), media.examples.len())).collect();
    assert_eq!(content, [("application/json", 0), ("text/csv", 1)]);
    assert_eq!(
        ok.headers[0].schema.as_ref().unwrap().pointer.as_str(),
        "/paths/~1a/post/responses/200/headers/X-A"
    );
    assert_eq!(ok.headers[1].schema, None);
    assert!(none.content.is_empty());
}

#[test]
fn security_definitions_have_the_names_of_3() {
    let members = json!({"securityDefinitions": {
        "basic": {"type": "basic"},
        "code": {"type": "oauth2", "flow": "accessCode", "authorizationUrl": "https://a", "tokenUrl": "https://t",
                 "scopes": {"r": "Read", "x-note": "no scope"}},
        "app": {"type": "oauth2", "flow": "application", "tokenUrl": "https://t"},
        "implicit": {"type": "oauth2", "flow": "implicit"},
        "key": {"type": "apiKey", "in": "header", "name": "K"},
    }});
    let (document, findings) = read(swagger(&members, json!({"security": [{"code": ["r"]}]})));
    assert_eq!(findings, []);
    assert!(
        matches!(&document.security_schemes["basic"].kind, Kind::Http { scheme, .. } if scheme == "basic")
    );
    for (name, expected) in
        [("code", "authorizationCode"), ("app", "clientCredentials"), ("implicit", "implicit")]
    {
        let Kind::OAuth2 { flows, .. } = &document.security_schemes[name].kind else { panic!("{name}") };
        assert_eq!(flows.keys().collect::<Vec<_>>(), [expected]);
        if name == "code" {
            assert_eq!(flows[expected].scopes.keys().collect::<Vec<_>>(), ["r"]);
        }
    }
}

#[test]
fn what_2_0_cannot_say_is_reported() {
    let operation = json!({"parameters": [
        {"in": "body", "name": "b", "schema": {}},
        {"in": "formData", "name": "f", "type": "string"},
        {"in": "query", "type": "string"},
        {"in": "query", "name": "m", "type": "array", "collectionFormat": "lines"},
        {"in": "nowhere", "name": "n"},
    ]});
    let (document, findings) = read(swagger(&json!({}), operation));
    assert_eq!(names(&document.operations[0]), ["application/json"]);
    let at = |index: usize| format!("/paths/~1a/post/parameters/{index}");
    let mut expected = [
        found(Code::ParameterDropped, &at(2)),
        found(Code::UnexpectedType, &format!("{}/collectionFormat", at(3))),
        found(Code::ParameterDropped, &at(4)),
        found(Code::ParameterDropped, &at(1)),
    ];
    let mut findings = findings;
    expected.sort();
    findings.sort();
    assert_eq!(findings, expected);
}
