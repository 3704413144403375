#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]
use std::sync::Arc;

use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};
use spandrel_openapi::DocumentSet;
use url::Url;

use super::judge;
use crate::check::Checks;
use crate::route::{RouteTable, Routed};

/// Parameters, a target, headers, and what comes of it.
type Row<T> = (Vec<Value>, &'static str, Vec<(&'static str, &'static str)>, T);

/// What the request said, or its faults as `place name: message`.
fn judged(operation: &Value, target: &str, headers: &[(&str, &str)]) -> Result<Value, String> {
    let mut document = json!({"openapi": "3.2.0", "info": {"title": "T", "version": "1"}, "paths": {"/x/{id}": {"get": operation}}});
    document["components"] =
        json!({"securitySchemes": {"key": {"type": "apiKey", "in": "query", "name": "api_key"}}});
    let set =
        Arc::new(DocumentSet::from_value(Url::parse("https://example.com/openapi.json").unwrap(), document));
    let (document, _) = set.read();
    let request =
        headers.iter().fold(Request::get(target), |request, (name, value)| request.header(*name, *value));
    let request = request.body(Bytes::new()).unwrap();
    let table = RouteTable::new(&document.operations, &set, None);
    let Routed::Found(found) = table.find("GET", request.uri().path(), request.uri().query()) else {
        return Err("not found".to_owned());
    };
    let checks = Checks::new(Arc::clone(&set), document.version);
    let operation = &document.operations[found[0].operation];
    match judge(&request, &document, operation, &found[0], &checks) {
        Ok(said) => Ok(said.parameters.into_iter().collect::<serde_json::Map<_, _>>().into()),
        Err(faults) => {
            let each =
                faults.iter().map(|fault| format!("{} {}: {}", fault.place, fault.name, fault.message));
            Err(each.collect::<Vec<_>>().join(" | "))
        }
    }
}

fn operation(parameters: &[Value]) -> Value {
    let mut parameters = parameters.to_vec();
    parameters.push(json!({"name": "id", "in": "path", "required": true, "schema": {"type": "integer"}}));
    json!({"parameters": parameters, "responses": {"204": {"description": "done"}}})
}

#[test]
fn allowed_requests_are_read() {
    let limit = json!({"name": "limit", "in": "query", "schema": {"type": "integer"}});
    let filter = json!({"name": "filter", "in": "query", "style": "deepObject", "explode": true, "schema": {"type": "object", "properties": {"a": {"type": "integer"}}}});
    let free = json!({"name": "free", "in": "query", "schema": {"type": "object", "additionalProperties": {"type": "string"}}});
    let need = json!({"name": "free", "in": "query", "required": true, "schema": {"type": "object"}});
    let header =
        json!({"name": "X-List", "in": "header", "schema": {"type": "array", "items": {"type": "integer"}}});
    let cookie =
        json!({"name": "c", "in": "cookie", "schema": {"type": "array", "items": {"type": "string"}}});
    let plain = json!({"name": "c", "in": "cookie", "style": "cookie", "schema": {"type": "string"}});
    let content =
        json!({"name": "q", "in": "query", "content": {"application/json": {"schema": {"type": "object"}}}});
    let whole = json!({"name": "q", "in": "querystring", "content": {"application/x-www-form-urlencoded": {"schema": {"type": "object", "properties": {"a": {"type": "integer"}}}}}});
    let json_whole = json!({"name": "q", "in": "querystring", "content": {"application/json": {"schema": {"type": "object"}}}});
    let empty = json!({"name": "e", "in": "query", "allowEmptyValue": true, "schema": {"type": "integer"}});
    let rows: Vec<Row<Value>> = vec![
        (vec![limit.clone()], "/x/7?limit=3", vec![], json!({"id": 7, "limit": 3})),
        (vec![limit.clone()], "/x/7?limit=3&api_key=k", vec![], json!({"id": 7, "limit": 3})),
        (
            vec![limit.clone(), free],
            "/x/7?limit=3&color=red",
            vec![],
            json!({"id": 7, "limit": 3, "free": {"color": "red"}}),
        ),
        (vec![need], "/x/7", vec![], json!({"id": 7, "free": {}})),
        (vec![filter, limit], "/x/7?filter%5Ba%5D=1", vec![], json!({"id": 7, "filter": {"a": 1}})),
        (
            vec![header],
            "/x/7",
            vec![("X-List", "1, 2"), ("X-Other", "o")],
            json!({"id": 7, "X-List": [1, 2]}),
        ),
        (
            vec![cookie.clone()],
            "/x/7",
            vec![("Cookie", "d=1; c=a; c=b%20c")],
            json!({"id": 7, "c": ["a", "b c"]}),
        ),
        (vec![cookie], "/x/7", vec![("Cookie", "c=a&c=b")], json!({"id": 7, "c": ["a", "b"]})),
        (vec![plain], "/x/7", vec![("Cookie", "c=a%20b")], json!({"id": 7, "c": "a%20b"})),
        (
            vec![content],
            "/x/7?q=%7B%22a%22%3A1.10%7D",
            vec![],
            serde_json::from_str(r#"{"q":{"a":1.10},"id":7}"#).unwrap(),
        ),
        (vec![whole], "/x/7?a=1&b=2", vec![], json!({"id": 7, "q": {"a": 1, "b": "2"}})),
        (vec![json_whole], "/x/7?%7B%7D", vec![], json!({"id": 7, "q": {}})),
        (vec![empty], "/x/7?e=", vec![], json!({"id": 7, "e": ""})),
    ];
    for (parameters, target, headers, expected) in rows {
        assert_eq!(judged(&operation(&parameters), target, &headers), Ok(expected), "{target} {headers:?}");
    }
}

#[test]
fn other_requests_are_refused_with_their_faults() {
    let limit = json!({"name": "limit", "in": "query", "required": true, "schema": {"type": "integer", "maximum": 10}});
    let header = json!({"name": "X-One", "in": "header", "required": true, "schema": {"type": "string"}});
    let shut = json!({"name": "o", "in": "query", "schema": {"type": "object", "properties": {"a": {}}, "additionalProperties": false}});
    let content = json!({"name": "q", "in": "query", "content": {"application/json": {}}});
    let rows: Vec<Row<&str>> = vec![
        (vec![limit.clone()], "/x/7", vec![], "query limit: the document requires it, and it did not come"),
        (
            vec![limit.clone()],
            "/x/7?limit=ten",
            vec![],
            "query limit: the document wants an integer; `ten` came: ",
        ),
        (vec![limit.clone()], "/x/7?limit=11", vec![], "11 is greater than the maximum of 10"),
        (
            vec![limit.clone()],
            "/x/7?limit=1&limit=2",
            vec![],
            "query limit: it is given once; it came 2 times",
        ),
        (
            vec![limit.clone()],
            "/x/7?limit=1&page=2",
            vec![],
            "query page: the document declares no query parameter `page`, only limit",
        ),
        (vec![], "/x/7?page=2", vec![], "nor any other"),
        (
            vec![limit.clone()],
            "/x/seven?limit=1",
            vec![],
            "path id: the document wants an integer; `seven` came",
        ),
        (vec![limit.clone()], "/x/%zz?limit=1", vec![], "path id: the `%` at byte 0"),
        (vec![limit], "/x/7?limit=%zz", vec![], "query : the `%` at byte 0"),
        (vec![header.clone()], "/x/7", vec![], "header X-One: the document requires it"),
        (vec![header], "/x/7", vec![("X-One", "a"), ("X-One", "b")], "it came 2 times"),
        (vec![shut], "/x/7?b=1", vec![], "query b: the document declares no"),
        (vec![content], "/x/7?q=no", vec![], "query q: it is not JSON"),
    ];
    for (parameters, target, headers, expected) in rows {
        let read = judged(&operation(&parameters), target, &headers);
        assert!(read.as_ref().is_err_and(|error| error.contains(expected)), "{target}: {read:?}");
    }
}
