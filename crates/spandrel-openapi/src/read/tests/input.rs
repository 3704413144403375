use serde_json::{Value, json};

use super::{api, clean, found, read};
use crate::diagnostic::Code;
use crate::model::{BodySchema, Operation, Parameter, ParameterContent, ParameterIn, Serialization, Style};

fn id() -> Value {
    json!({"name": "id", "in": "path", "required": true, "schema": {"type": "integer"}})
}

fn serialization(parameter: &Parameter) -> Serialization {
    match &parameter.content {
        ParameterContent::Schema { serialization, .. } => *serialization,
        ParameterContent::Media(_) => panic!("a schema"),
    }
}

fn names(operation: &Operation) -> Vec<(ParameterIn, &str)> {
    operation.parameters.iter().map(|parameter| (parameter.place, parameter.name.as_str())).collect()
}

#[test]
fn style_and_explode_have_the_defaults_of_their_place() {
    use Style::{Cookie, DeepObject, Form, Label, Matrix, PipeDelimited, Simple, SpaceDelimited};
    let rows = [
        ("path", json!({}), Simple, false),
        ("path", json!({"style": "label"}), Label, false),
        ("path", json!({"style": "matrix", "explode": true}), Matrix, true),
        ("query", json!({}), Form, true),
        ("query", json!({"explode": false}), Form, false),
        ("query", json!({"style": "spaceDelimited"}), SpaceDelimited, false),
        ("query", json!({"style": "pipeDelimited", "explode": "true"}), PipeDelimited, true),
        ("query", json!({"style": "deepObject"}), DeepObject, false),
        ("header", json!({}), Simple, false),
        ("cookie", json!({}), Form, true),
        ("cookie", json!({"style": "cookie"}), Cookie, true),
    ];
    for (place, members, style, explode) in rows {
        let mut parameter = json!({"name": "id", "in": place, "schema": {}});
        parameter.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        let mut parameters = vec![parameter];
        if place != "path" {
            parameters.push(id());
        }
        let operation = clean(json!({"get": {"parameters": parameters}}), json!({}));
        let expected = Serialization { style, explode, allow_reserved: false };
        assert_eq!(serialization(&operation.parameters[0]), expected, "{place} {members}");
    }
}

#[test]
fn a_style_of_another_place_is_replaced_by_the_default() {
    let parameter = json!({"name": "q", "in": "query", "style": "matrix", "allowReserved": true});
    let (document, findings) = read(api(json!({"/a": {"get": {"parameters": [parameter]}}}), json!({})));
    let expected = Serialization { style: Style::Form, explode: true, allow_reserved: true };
    assert_eq!(serialization(&document.operations[0].parameters[0]), expected);
    assert_eq!(findings, [found(Code::UnexpectedType, "/paths/~1a/get/parameters/0/style")]);
}

#[test]
fn an_operation_replaces_the_path_items_parameters() {
    let item = json!({
        "parameters": [id(), {"name": "q", "in": "query", "description": "item"}, {"name": "X-A", "in": "header"}],
        "get": {"parameters": [
            {"name": "q", "in": "query", "description": "operation"},
            {"name": "q", "in": "cookie"},
            {"name": "x-a", "in": "header", "required": true},
        ]},
    });
    let operation = clean(item, json!({}));
    let expected = [
        (ParameterIn::Path, "id"),
        (ParameterIn::Query, "q"),
        (ParameterIn::Header, "x-a"),
        (ParameterIn::Cookie, "q"),
    ];
    assert_eq!(names(&operation), expected);
    assert_eq!(operation.parameters[1].description.as_deref(), Some("operation"));
    assert_eq!(operation.parameters[1].location.pointer.as_str(), "/paths/~1x~1{id}/get/parameters/0");
    assert!(operation.parameters[2].required);
}

#[test]
fn parameters_that_cannot_be_sent_are_dropped_and_variables_declared() {
    let parameters = json!([
        {"name": "other", "in": "path", "schema": {}},
        {"name": "q", "in": "query"},
        {"name": "q", "in": "query", "required": true},
        {"in": "query"},
        {"name": "b", "in": "body"},
        {"name": "n", "in": "nowhere"},
        {"name": "Authorization", "in": "header"},
        {"name": "accept", "in": "header"},
        {"name": "Content-Type", "in": "header"},
        {"name": "all", "in": "querystring", "content": {"text/plain": {}}},
        {"name": "again", "in": "querystring"},
        "text",
        {"$ref": "#/components/parameters/None"},
    ]);
    let (document, findings) =
        read(api(json!({"/{a}/{b}.{a}": {"get": {"parameters": parameters}}}), json!({})));
    let operation = &document.operations[0];
    let expected = [
        (ParameterIn::Query, "q"),
        (ParameterIn::Querystring, "all"),
        (ParameterIn::Path, "a"),
        (ParameterIn::Path, "b"),
    ];
    assert_eq!(names(operation), expected);
    assert!(operation.parameters[2].required);
    let undeclared = &operation.parameters[2].content;
    assert!(matches!(undeclared, ParameterContent::Schema { schema: None, .. }));
    let at = |index: usize| format!("/paths/~1{{a}}~1{{b}}.{{a}}/get/parameters/{index}");
    let get = "/paths/~1{a}~1{b}.{a}/get";
    let expected = [
        found(Code::UnexpectedType, &at(11)),
        found(Code::UnresolvedReference, &at(12)),
        found(Code::ParameterDropped, &at(3)),
        found(Code::ParameterDropped, &at(4)),
        found(Code::ParameterDropped, &at(5)),
        found(Code::ParameterDuplicate, &at(2)),
        found(Code::ParameterDuplicate, &at(10)),
        found(Code::PathParameterUnused, &at(0)),
        found(Code::PathVariableUndeclared, get),
        found(Code::PathVariableUndeclared, get),
    ];
    assert_eq!(findings, expected);
}

#[test]
fn parameters_carry_examples_extensions_and_content() {
    let components = json!({
        "parameters": {
            "P": {"name": "p", "in": "query", "description": "own", "x-note": 1, "deprecated": true,
                  "examples": {"n": {"$ref": "#/components/examples/E"}}},
        },
        "examples": {"E": {"summary": "s", "value": {"a": ["1.10"]}}},
    });
    let operation = clean(
        json!({"get": {"parameters": [
            id(),
            {"$ref": "#/components/parameters/P", "description": "beside"},
            {"name": "c", "in": "query", "content": {"application/json": {"schema": {"type": "object"}, "example": null}}},
            {"name": "e", "in": "query", "example": false, "allowEmptyValue": true},
            {"name": "d", "in": "query", "examples": {"n": {"dataValue": 5}}},
        ]}}),
        components,
    );
    let [_, p, c, e, d] = operation.parameters.as_slice() else { panic!("five") };
    assert_eq!(p.example.as_ref().unwrap().to_string(), r#"{"a":["1.10"]}"#);
    assert_eq!((p.description.as_deref(), p.deprecated), (Some("beside"), true));
    assert_eq!(p.extensions.get("x-note"), Some(&json!(1)));
    assert_eq!(p.location.pointer.as_str(), "/components/parameters/P");
    let ParameterContent::Media(media) = &c.content else { panic!("content") };
    assert_eq!((media.name.as_str(), media.examples.as_slice()), ("application/json", &[Value::Null][..]));
    assert_eq!((e.example.as_ref(), e.allow_empty_value), (Some(&json!(false)), true));
    assert_eq!(d.example, Some(json!(5)));
}

#[test]
fn bodies_have_media_types_with_schemas_encodings_and_examples() {
    let components = json!({
        "requestBodies": {"B": {"required": true, "description": "D", "content": {
            "multipart/form-data": {
                "schema": {"type": "object"},
                "encoding": {
                    "a": {"contentType": "image/png, image/jpeg", "headers": {"X-H": {"schema": {}}, "content-type": {}}},
                    "b": {"style": "spaceDelimited", "allowReserved": true},
                    "c": {"explode": false},
                },
                "examples": {"n": {"value": 1}, "m": {"value": 2}, "external": {"externalValue": "x"}},
            },
            "application/jsonl": {"$ref": "#/components/mediaTypes/Lines"},
            "text/plain": {},
        }}},
        "mediaTypes": {"Lines": {"itemSchema": {"type": "object"}}},
    });
    let item =
        json!({"parameters": [id()], "post": {"requestBody": {"$ref": "#/components/requestBodies/B"}}});
    let body = clean(item, components).request_body.unwrap();
    assert_eq!((body.required, body.description.as_deref()), (true, Some("D")));
    let [form, lines, text] = body.content.as_slice() else { panic!("three") };
    let at = "/components/requestBodies/B/content/multipart~1form-data/schema";
    assert!(matches!(&form.schema, BodySchema::Schema(place) if place.pointer.as_str() == at));
    assert_eq!(form.examples, [json!(1), json!(2)]);
    let a = &form.encoding["a"];
    assert_eq!((a.content_type.as_deref(), a.serialization), (Some("image/png, image/jpeg"), None));
    assert_eq!(a.headers.iter().map(|header| header.name.as_str()).collect::<Vec<_>>(), ["X-H"]);
    let spaced = Serialization { style: Style::SpaceDelimited, explode: false, allow_reserved: true };
    assert_eq!(form.encoding["b"].serialization, Some(spaced));
    let joined = Serialization { style: Style::Form, explode: false, allow_reserved: false };
    assert_eq!(form.encoding["c"].serialization, Some(joined));
    assert_eq!(lines.name, "application/jsonl");
    assert_eq!(
        lines.item_schema.as_ref().unwrap().pointer.as_str(),
        "/components/mediaTypes/Lines/itemSchema"
    );
    assert!(matches!(text.schema, BodySchema::Any));
}

#[test]
fn an_operation_that_lost_a_parameter_is_left_out() {
    let lost = json!({"$ref": "#/components/parameters/None"});
    let rows = [
        ("/a", json!([lost]), json!([]), 0),
        ("/a", json!([]), json!([lost]), 0),
        // It most likely is the variable that nothing declares.
        ("/a/{id}", json!([lost]), json!([]), 1),
        ("/a/{id}", json!([lost, lost]), json!([]), 0),
        ("/a/{id}", json!([lost, id()]), json!([]), 0),
        ("/a", json!(["no object"]), json!([]), 1),
    ];
    for (path, own, shared, kept) in rows {
        let item = json!({"parameters": shared, "get": {"parameters": own}, "post": {}});
        let (document, findings) = read(api(json!({path: item}), json!({})));
        let gets = document.operations.iter().filter(|operation| operation.method == "GET").count();
        assert_eq!(gets, kept, "{path} {own}");
        let is_skipped = |finding: &(Code, String)| finding.0 == Code::OperationSkipped;
        assert_eq!(findings.iter().any(is_skipped), gets == 0, "{path} {own}");
    }
}

#[test]
fn an_operation_is_read_whole_or_said_to_be_left_out() {
    let components =
        json!({"parameters": {"P": {"name": "p", "in": "query", "required": true, "schema": {}}}});
    let get = json!({"get": {"parameters": [{"$ref": "#/components/parameters/P"}, id()], "responses": {}}});
    let paths = json!({"/a/{id}": get, "/b/{id}": get});
    let document = json!({
        "openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": paths, "components": components
    });
    let url = url::Url::parse("https://api.example/openapi.json").unwrap();
    let set = crate::DocumentSet::from_value(url, document);
    let counts: Vec<usize> = (0..100)
        .map(|budget| {
            let (document, findings) = crate::read::read_within(&set, budget);
            assert!(document.operations.iter().all(|operation| operation.parameters.len() == 2));
            let skipped = findings.iter().filter(|finding| finding.code == Code::OperationSkipped).count();
            if budget > 10 {
                assert_eq!(document.operations.len() + skipped, document.operations_found);
            }
            document.operations.len()
        })
        .collect();
    assert!(counts.is_sorted() && counts.contains(&1) && counts.last() == Some(&2), "{counts:?}");
}
