//! Operations that are lost are said to be.

use serde_json::{Value, json};

use super::super::BUDGET;
use super::{api, found, read};
use crate::diagnostic::Code;
use crate::model::SecurityRequirement;

#[test]
fn a_lost_path_item_is_an_error() {
    let operation = json!({"responses": {}});
    let rows = [
        (json!({"/gone": {"$ref": "paths/gone.yaml"}}), Some(Code::DocumentNotLoaded), "/paths/~1gone"),
        (json!({"/a": {"$ref": "#/paths/~1a"}}), Some(Code::ReferenceCycle), "/paths/~1a"),
        (json!({"/p": null}), Some(Code::UnexpectedType), "/paths/~1p"),
        (json!({"/p": "hello", "/q": {"get": operation}}), Some(Code::UnexpectedType), "/paths/~1p"),
        (json!([]), Some(Code::UnexpectedType), "/paths"),
    ];
    for (paths, beside, pointer) in rows {
        let operations = usize::from(paths.get("/q").is_some());
        let (document, findings) = read(api(paths.clone(), json!({})));
        assert_eq!(document.operations.len(), operations, "{paths}");
        assert!(findings.contains(&found(Code::PathItemSkipped, pointer)), "{paths}: {findings:?}");
        let codes: Vec<Option<Code>> = findings.iter().map(|(code, _)| Some(*code)).collect();
        assert!(codes.contains(&beside), "{paths}: {findings:?}");
    }
}

#[test]
fn an_operation_that_crosses_the_budget_is_no_tool() {
    let parameter = |number: usize| json!({"name": format!("p{number}"), "in": "query", "schema": {}});
    let parameters: Vec<Value> = (0..BUDGET / 100).map(parameter).collect();
    let component: Value =
        parameters.into_iter().enumerate().map(|(n, value)| (n.to_string(), value)).collect();
    let all: Vec<Value> =
        (0..BUDGET / 100).map(|n| json!({"$ref": format!("#/components/parameters/{n}")})).collect();
    let operation = json!({"get": {"$ref": "#/components/x-operation"}});
    let paths: Value = (0..100).map(|n| (format!("/{n}"), operation.clone())).collect();
    let components = json!({"parameters": component, "x-operation": {"parameters": all}});
    let (document, findings) = read(api(paths, components));
    assert!(!document.operations.is_empty() && !document.unread.is_empty());
    assert_eq!(document.operations_found, 100);
    assert_eq!(document.operations.len() + document.unread.len(), 100);
    assert!(document.operations.iter().all(|operation| operation.parameters.len() == BUDGET / 100));
    let skipped = findings.iter().filter(|(code, _)| *code == Code::OperationSkipped).count();
    assert_eq!(skipped, document.unread.len());
}

#[test]
fn requirements_that_cannot_be_read_do_not_make_an_operation_public() {
    let rows = [
        (json!(["key"]), 1, true),
        (json!([null]), 1, true),
        (json!([]), 0, false),
        (json!(["key", {}]), 1, true),
    ];
    for (security, alternatives, is_reported) in rows {
        let mut root = api(
            json!({"/a": {"get": {"security": security}}}),
            json!({"securitySchemes": {"key": {"type": "http", "scheme": "basic"}}}),
        );
        root["security"] = json!([{"key": []}]);
        let (document, findings) = read(root);
        let own: &[SecurityRequirement] = &document.operations[0].security;
        assert_eq!(own.len(), alternatives, "{security}");
        assert_eq!(!findings.is_empty(), is_reported, "{security}: {findings:?}");
        if security.as_array().is_some_and(|items| items.len() == 1) {
            assert!(own[0].schemes.contains_key("key"), "{security}");
        }
    }
}

#[test]
fn each_additional_operation_is_accounted_for() {
    let additional = json!({"GET": {}, "LINK": {}, "no token": {}, "POST": {}});
    let (document, findings) =
        read(api(json!({"/a": {"get": {}, "additionalOperations": additional}}), json!({})));
    let methods: Vec<&str> = document.operations.iter().map(|operation| operation.method.as_str()).collect();
    assert_eq!(methods, ["GET", "LINK", "POST"]);
    assert_eq!(document.operations_found, 5);
    let at =
        |method: &str| found(Code::OperationSkipped, &format!("/paths/~1a/additionalOperations/{method}"));
    assert_eq!(findings, [at("GET"), at("no token")]);
}

#[test]
fn a_second_body_or_field_of_2_0_is_reported() {
    let body = |kind: &str| json!({"name": "b", "in": "body", "schema": {"type": kind}});
    let field = |kind: &str| json!({"name": "f", "in": "formData", "type": kind});
    for parameters in [json!([body("object"), body("array")]), json!([field("string"), field("integer")])] {
        let paths = json!({"/a": {"post": {"parameters": parameters}}});
        let (document, findings) =
            read(json!({"swagger": "2.0", "info": {"title": "T", "version": "1"}, "paths": paths}));
        assert_eq!(findings, [found(Code::ParameterDuplicate, "/paths/~1a/post/parameters/1")]);
        assert!(document.operations[0].request_body.is_some());
    }
}

#[test]
fn a_parameter_of_2_0_keeps_its_schema_in_3_x() {
    let own = json!({"name": "c", "in": "query", "type": "integer", "maximum": 5});
    let nothing = json!({"name": "d", "in": "query"});
    let (document, findings) = read(api(json!({"/a": {"get": {"parameters": [own, nothing]}}}), json!({})));
    let [own, nothing] = document.operations[0].parameters.as_slice() else { panic!("two parameters") };
    let schema = |parameter: &crate::model::Parameter| match &parameter.content {
        crate::model::ParameterContent::Schema { schema, .. } => {
            schema.as_ref().map(|at| at.pointer.to_string())
        }
        crate::model::ParameterContent::Media(_) => None,
    };
    assert_eq!(schema(own).as_deref(), Some("/paths/~1a/get/parameters/0"));
    assert_eq!(schema(nothing), None);
    assert_eq!(findings, [found(Code::MissingField, "/paths/~1a/get/parameters/0")]);
}

#[test]
fn a_body_behind_a_broken_reference_may_be_anything() {
    let item = json!({"post": {"requestBody": {"$ref": "#/components/requestBodies/None"}}});
    let (document, findings) = read(api(json!({"/a": item}), json!({})));
    assert_eq!(findings, [found(Code::UnresolvedReference, "/paths/~1a/post/requestBody")]);
    let body = document.operations[0].request_body.as_ref().unwrap();
    assert_eq!((body.required, body.content.len()), (false, 1));
}

#[test]
fn a_url_is_no_path() {
    let (document, findings) = read(api(json!({"http://abs.test/x": {"get": {}}}), json!({})));
    assert_eq!((document.operations.len(), document.unread.len()), (0, 1));
    assert_eq!(findings, [found(Code::PathTemplateInvalid, "/paths/http:~1~1abs.test~1x")]);
}

#[test]
fn a_long_path_is_not_kept_with_everything_below_it() {
    let long = format!("/{}", "p".repeat(1_000_000));
    let parameters: Vec<Value> =
        (0..2_000).map(|n| json!({"name": n.to_string(), "in": "query", "schema": {}})).collect();
    let methods: Value = (0..2_000).map(|n| (format!("M{n}"), json!({}))).collect();
    let item = json!({"get": {"parameters": parameters}, "additionalOperations": methods});
    let (document, findings) = read(api(json!({ (&*long): item }), json!({})));
    assert_eq!(document.operations.len() + document.unread.len(), 2_001);
    let kept: usize = document
        .operations
        .iter()
        .map(|operation| {
            operation.path.len()
                + operation.parameters.iter().map(|p| p.location.pointer.as_str().len()).sum::<usize>()
        })
        .chain(document.unread.iter().map(|unread| unread.path.len()))
        .chain(findings.iter().map(|(_, pointer)| pointer.len()))
        .sum();
    assert!(kept < 200_000_000, "{kept} bytes");
}
