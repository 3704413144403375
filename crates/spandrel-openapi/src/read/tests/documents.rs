use serde_json::{Value, json};
use url::Url;

use super::{api, found, read, read_set};
use crate::diagnostic::Code;
use crate::document_set::DocumentSet;
use crate::location::SourceId;
use crate::model::SpecVersion;

#[test]
fn versions_are_read_and_unknown_ones_taken_as_the_nearest() {
    let rows = [
        (json!({"swagger": "2.0"}), SpecVersion::V2_0, "2.0", false),
        (json!({"swagger": 2}), SpecVersion::V2_0, "2", false),
        (json!({"openapi": "3.0.4"}), SpecVersion::V3_0, "3.0.4", false),
        (json!({"openapi": 3.1}), SpecVersion::V3_1, "3.1", false),
        (json!({"openapi": "3.2.0"}), SpecVersion::V3_2, "3.2.0", false),
        (json!({"openapi": "3.3.0"}), SpecVersion::V3_2, "3.3.0", true),
        (json!({"openapi": "4"}), SpecVersion::V3_2, "4", true),
        (json!({"openapi": "3"}), SpecVersion::V3_0, "3", true),
        (json!({"openapi": "x"}), SpecVersion::V3_1, "x", true),
        (json!({"swagger": "1.2"}), SpecVersion::V2_0, "1.2", true),
        (json!({"host": "a", "definitions": {}}), SpecVersion::V2_0, "", true),
        (json!({"components": {}}), SpecVersion::V3_1, "", true),
        (json!({}), SpecVersion::V3_1, "", true),
    ];
    for (root, version, text, unknown) in rows {
        let shown = root.to_string();
        let (document, findings) = read(root);
        assert_eq!((document.version, document.version_text.as_str()), (version, text), "{shown}");
        assert_eq!(findings.iter().any(|(code, _)| *code == Code::UnknownVersion), unknown, "{shown}");
    }
}

#[test]
fn scalars_of_another_type_are_taken_as_text() {
    let (document, findings) = read(json!({
        "openapi": "3.1.0",
        "info": {"title": true, "version": 1.0, "description": null, "contact": {"name": "A", "email": 1}},
        "tags": [{"name": 5, "parent": "p"}, "plain", {"description": "no name"}, 7],
        "paths": {},
    }));
    assert_eq!((document.info.title.as_str(), document.info.version.as_str()), ("true", "1.0"));
    assert_eq!(document.info.contact.unwrap().email.as_deref(), Some("1"));
    let tags: Vec<&str> = document.tags.iter().map(|tag| tag.name.as_str()).collect();
    assert_eq!(tags, ["5", "plain"]);
    assert_eq!(findings, [found(Code::MissingField, "/tags/2"), found(Code::UnexpectedType, "/tags/3")]);
}

#[test]
fn nothing_of_the_wrong_type_is_more_than_a_finding() {
    let members = ["info", "paths", "components", "servers", "tags", "security"];
    for member in members {
        for value in
            [json!(null), json!(1), json!("x"), json!([1]), json!([[]]), json!({"x": 1}), json!(true)]
        {
            let mut root = json!({"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {}});
            root[member] = value.clone();
            let (document, _) = read(root);
            assert_eq!(document.operations.len(), 0, "{member}: {value}");
        }
    }
    for value in
        [json!(1), json!([]), json!("x"), json!({"responses": 1, "parameters": {}, "requestBody": []})]
    {
        let (document, findings) = read(api(json!({"/a": {"get": value.clone(), "put": {}}}), json!({})));
        assert_eq!(document.operations_found, 2, "{value}");
        assert!(!findings.is_empty(), "{value}");
    }
    let (_, findings) = read(json!([]));
    assert!(findings.contains(&found(Code::UnexpectedType, "")));
}

#[test]
fn operations_are_counted_and_broken_ones_left_out() {
    let (document, findings) = read(api(
        json!({
            "/a": {"get": {}, "post": 7, "parameters": [], "x-put": {}, "PATCH": {}},
            "/{b": {"get": {}},
            "/c}": {"query": {}},
            "/d": {"additionalOperations": {"COPY": {}, "not a token": {}, "GET": {}}, "get": {}},
            "x-e": {"get": {}},
            "/f": null,
            "/g#part?x=1": {"get": {}},
            "/h/": {"get": null},
        }),
        json!({}),
    ));
    let read: Vec<(&str, &str)> =
        document.operations.iter().map(|one| (one.method.as_str(), one.path.as_str())).collect();
    assert_eq!(read, [("GET", "/a"), ("PATCH", "/a"), ("GET", "/d"), ("COPY", "/d"), ("GET", "/g#part?x=1")]);
    assert_eq!(document.operations_found, 10);
    assert_eq!(document.operations[3].path_location.pointer.as_str(), "/paths/~1d/additionalOperations/COPY");
    assert_eq!(
        findings,
        [
            found(Code::OperationSkipped, "/paths/~1a/post"),
            found(Code::PathTemplateInvalid, "/paths/~1{b"),
            found(Code::PathTemplateInvalid, "/paths/~1c}"),
            found(Code::OperationSkipped, "/paths/~1d/additionalOperations/not a token"),
            found(Code::OperationSkipped, "/paths/~1d/additionalOperations/GET"),
            found(Code::UnexpectedType, "/paths/~1f"),
            found(Code::PathItemSkipped, "/paths/~1f"),
        ]
    );
}

#[test]
fn path_items_stand_in_other_files_and_beside_their_references() {
    let root = api(
        json!({
            "/a/{id}": {"$ref": "items.json#/a", "summary": "Own", "parameters": [{"name": "q", "in": "query"}]},
            "/b": {"$ref": "#/components/pathItems/B"},
            "/c": {"$ref": "#/none"},
            "/d": {"$ref": "absent.json"},
            "/e": {"$ref": "#/paths/~1e"},
        }),
        json!({"pathItems": {"B": {"get": {"operationId": "b"}}}}),
    );
    let mut set = DocumentSet::from_value(Url::parse("https://example.com/docs/openapi.json").unwrap(), root);
    let items = json!({
        "a": {
            "summary": "Theirs",
            "parameters": [{"name": "lost", "in": "query"}],
            "get": {"parameters": [{"$ref": "#/id"}], "responses": {"200": {"$ref": "parts/r.json"}}},
        },
        "id": {"name": "id", "in": "path", "required": true, "schema": {"$ref": "schemas.json"}},
    });
    set.insert(Url::parse("https://example.com/docs/items.json").unwrap(), items.to_string().as_bytes())
        .unwrap();
    let response = json!({"description": "R"});
    set.insert(Url::parse("https://example.com/docs/parts/r.json").unwrap(), response.to_string().as_bytes())
        .unwrap();
    set.mark_absent(Url::parse("https://example.com/docs/absent.json").unwrap(), "forbidden".to_owned());
    let (document, findings) = read_set(&set);
    let first = &document.operations[0];
    assert_eq!(first.location.source, SourceId(1));
    assert_eq!(first.location.pointer.as_str(), "/a/get");
    assert_eq!(first.path_location.pointer.as_str(), "/paths/~1a~1{id}/get");
    assert_eq!(first.path_location.source, SourceId::ROOT);
    assert_eq!(first.summary.as_deref(), Some("Own"));
    let names: Vec<&str> = first.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
    assert_eq!(names, ["q", "id"]);
    assert_eq!(first.parameters[1].location.pointer.as_str(), "/id");
    assert_eq!(first.responses[0].description.as_deref(), Some("R"));
    assert_eq!(document.operations[1].operation_id.as_deref(), Some("b"));
    assert_eq!(
        findings,
        [
            found(Code::UnresolvedReference, "/paths/~1c"),
            found(Code::PathItemSkipped, "/paths/~1c"),
            found(Code::DocumentNotLoaded, "/paths/~1d"),
            found(Code::PathItemSkipped, "/paths/~1d"),
            found(Code::ReferenceCycle, "/paths/~1e"),
            found(Code::PathItemSkipped, "/paths/~1e"),
        ]
    );
}

#[test]
fn servers_of_the_narrowest_place_hold() {
    let server = |url: &str| json!([{"url": url}]);
    let mut root = api(
        json!({
            "/a": {"servers": server("/item"), "get": {"servers": server("/operation")}, "put": {"servers": []}},
            "/b": {"get": {}},
        }),
        json!({}),
    );
    root["servers"] = json!([
        {"url": "https://{host}:{port}/", "description": "D", "variables": {
            "host": {"default": "a", "enum": ["a", "b"]},
            "port": {"default": 443},
            "bare": {"enum": ["x"]},
        }},
        {"description": "no url"},
        "text",
    ]);
    let (document, findings) = read(root);
    let urls: Vec<&str> = document.operations.iter().map(|one| one.servers[0].url.as_str()).collect();
    assert_eq!(urls, ["/operation", "/item", "https://{host}:{port}/"]);
    let server = &document.servers[0];
    assert_eq!(server.location.pointer.as_str(), "/servers/0");
    assert_eq!(server.variables["host"].allowed, ["a", "b"]);
    assert_eq!(server.variables["port"].default, "443");
    assert_eq!(server.variables["bare"].default, "x");
    assert_eq!(
        findings,
        [
            found(Code::MissingField, "/servers/0/variables/bare"),
            found(Code::MissingField, "/servers/1"),
            found(Code::UnexpectedType, "/servers/2"),
        ]
    );
}

#[test]
fn maps_may_stand_in_files_of_their_own() {
    let root = json!({
        "openapi": "3.1.0",
        "info": {"$ref": "info.yaml"},
        "paths": {"$ref": "paths.yaml"},
        "components": {"$ref": "components.yaml"},
    });
    let mut set = DocumentSet::from_value(Url::parse("file:///api/openapi.json").unwrap(), root);
    let files = [
        ("info.yaml", "title: T\nversion: 1\n"),
        (
            "paths.yaml",
            "/a:\n  get:\n    parameters:\n      - $ref: 'openapi.json#/components/parameters/Q'\n",
        ),
        ("components.yaml", "parameters:\n  Q: {name: q, in: query}\n"),
    ];
    for (name, text) in files {
        let url = Url::parse("file:///api/").unwrap().join(name).unwrap();
        assert!(set.missing().contains(&url), "{name}");
        set.insert(url, text.as_bytes()).unwrap();
    }
    let (document, findings) = read_set(&set);
    assert_eq!(findings, []);
    assert_eq!(document.info.title, "T");
    assert_eq!(document.operations[0].parameters[0].name, "q");
    assert_eq!(document.operations[0].path_location.pointer.as_str(), "/paths/~1a/get");
}

#[test]
fn a_broken_component_is_reported_once() {
    let operation = json!({"get": {"parameters": [{"$ref": "#/components/parameters/P"}]}});
    let paths: Value = (0..50).map(|number| (format!("/{number}"), operation.clone())).collect();
    let (document, findings) = read(api(paths, json!({"parameters": {"P": {"in": "query"}}})));
    assert_eq!(document.operations.len(), 50);
    assert_eq!(findings, [found(Code::ParameterDropped, "/components/parameters/P")]);
}

#[test]
fn small_documents_cannot_ask_for_huge_ones() {
    let headers: Value = (0..2000).map(|number| (format!("h{number}"), json!({}))).collect();
    let response = json!({"$ref": "#/components/responses/R"});
    let responses: Value = (100..200).map(|status: u32| (status.to_string(), response.clone())).collect();
    let operation = json!({"get": {"responses": responses}});
    let paths: Value = (0..60).map(|number| (format!("/{number}"), operation.clone())).collect();
    let (document, findings) = read(api(paths, json!({"responses": {"R": {"headers": headers}}})));
    assert_eq!(document.operations_found, 60);
    assert!(document.operations.len() < 60);
    assert!(findings.iter().any(|(code, _)| *code == Code::OperationSkipped));
}
