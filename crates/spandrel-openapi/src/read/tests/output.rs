use serde_json::json;

use super::{api, found, read};
use crate::diagnostic::Code;
use crate::model::ResponseStatus::{Default, Exact, Range};

#[test]
fn response_keys_are_codes_ranges_and_default() {
    let keys = ["200", "2XX", "4xx", "default", "099", "20", "2X0", "x-note", "OK", "2000"];
    let responses = keys.iter().map(|key| ((*key).to_owned(), json!({"description": "d"})));
    let responses: serde_json::Value = responses.collect();
    let (document, findings) = read(api(json!({"/a": {"get": {"responses": responses}}}), json!({})));
    let statuses: Vec<_> = document.operations[0].responses.iter().map(|response| response.status).collect();
    assert_eq!(statuses, [Exact(200), Range(2), Range(4), Default]);
    let dropped = ["099", "20", "2X0", "OK", "2000"];
    let expected = dropped.map(|key| found(Code::UnexpectedType, &format!("/paths/~1a/get/responses/{key}")));
    assert_eq!(findings, expected);
}

#[test]
fn responses_and_headers_are_followed() {
    let components = json!({
        "responses": {"R": {
            "description": "D",
            "headers": {
                "x-total": {"$ref": "#/components/headers/Total"},
                "X-Meta": {"content": {"application/json": {"schema": {}}}},
                "Content-Type": {"schema": {}},
            },
            "content": {"application/json": {"schema": {}, "example": {"a": 1}}},
        }},
        "headers": {"Total": {"required": true, "description": "H", "schema": {}, "example": 3}},
    });
    let operation =
        json!({"responses": {"200": {"$ref": "#/components/responses/R"}, "404": {"$ref": "#/none"}}});
    let (document, findings) = read(api(json!({"/a": {"get": operation}}), components));
    assert_eq!(findings, [found(Code::UnresolvedReference, "/paths/~1a/get/responses/404")]);
    let [response] = document.operations[0].responses.as_slice() else { panic!("one") };
    assert_eq!(response.description.as_deref(), Some("D"));
    assert_eq!(response.content[0].examples, [json!({"a": 1})]);
    let [total, meta] = response.headers.as_slice() else { panic!("two") };
    assert_eq!(
        (total.name.as_str(), total.required, total.example.as_ref()),
        ("x-total", true, Some(&json!(3)))
    );
    assert_eq!(total.schema.as_ref().unwrap().pointer.as_str(), "/components/headers/Total/schema");
    let at = "/components/responses/R/headers/X-Meta/content/application~1json/schema";
    assert_eq!(meta.schema.as_ref().unwrap().pointer.as_str(), at);
}

#[test]
fn an_operation_carries_what_it_says_and_inherits() {
    let item = json!({
        "summary": "item", "description": "item prose",
        "get": {"summary": "own", "tags": ["a", 1], "deprecated": true, "operationId": "", "x-a": [1]},
    });
    let (document, findings) = read(api(json!({"/a": item}), json!({})));
    assert_eq!(findings, []);
    let operation = &document.operations[0];
    assert_eq!(operation.summary.as_deref(), Some("own"));
    assert_eq!(operation.description.as_deref(), Some("item prose"));
    assert_eq!(
        (operation.tags.as_slice(), operation.deprecated),
        (&["a".to_owned(), "1".to_owned()][..], true)
    );
    assert_eq!(operation.operation_id, None);
    assert_eq!(operation.extensions.get("x-a"), Some(&json!([1])));
}
