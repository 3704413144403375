#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use serde_json::{Value, json};
use url::Url;

use super::{DocumentSet, Limits};
use crate::diagnostic::Code;
use crate::location::{Location, Pointer, SourceId};
use crate::parse::ParseError;
use crate::reference::ReferenceError;

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

fn set(root: Value) -> DocumentSet {
    DocumentSet::from_value(url("https://example.com/api/openapi.json"), root)
}

fn with(mut set: DocumentSet, name: &str, value: &Value) -> DocumentSet {
    let url = set.url(SourceId::ROOT).join(name).unwrap();
    set.insert(url, value.to_string().as_bytes()).unwrap();
    set
}

fn place(source: u32, pointer: &str) -> Location {
    Location { source: SourceId(source), pointer: Pointer::from_escaped(pointer) }
}

fn missing(set: &DocumentSet) -> Vec<String> {
    set.missing().iter().map(Url::to_string).collect()
}

#[test]
fn references_name_documents_and_data_does_not() {
    let rows = [
        (json!({"$ref": "a.json"}), vec!["https://example.com/api/a.json"]),
        (json!({"$ref": "../b.json#/x"}), vec!["https://example.com/b.json"]),
        (json!({"$ref": "https://other.example/c"}), vec!["https://other.example/c"]),
        (json!({"$ref": "#/x"}), vec![]),
        (json!({"$ref": "openapi.json#/x"}), vec![]),
        (json!({"$ref": "http://["}), vec![]),
        (json!({"example": {"$ref": "a"}, "default": {"$ref": "a"}, "const": {"$ref": "a"}}), vec![]),
        (json!({"enum": [{"$ref": "a"}], "examples": [{"$ref": "a"}], "x-y": {"$ref": "a"}}), vec![]),
        (json!({"examples": {"n": {"$ref": "a"}}}), vec!["https://example.com/api/a"]),
        (json!({"examples": {"n": {"value": {"$ref": "a"}}}}), vec![]),
        (json!({"properties": {"example": {"$ref": "a"}}}), vec!["https://example.com/api/a"]),
        (json!({"properties": {"x-y": {"$ref": "a"}}}), vec!["https://example.com/api/a"]),
        (json!({"properties": {"$ref": {"$ref": "a"}}}), vec!["https://example.com/api/a"]),
        (json!({"responses": {"default": {"$ref": "a"}}}), vec!["https://example.com/api/a"]),
        (json!({"$ref": {"not": "text"}}), vec![]),
        (
            json!([{"$ref": "b"}, {"$ref": "a"}, {"$ref": "b#/x"}]),
            vec!["https://example.com/api/b", "https://example.com/api/a"],
        ),
    ];
    for (part, expected) in rows {
        let set = set(json!({"openapi": "3.1.0", "components": {"parts": {"p": part}}}));
        assert_eq!(missing(&set), expected, "{part}");
    }
}

#[test]
fn missing_shrinks_and_grows_with_what_is_inserted() {
    let mut set = set(json!({"paths": {"/a": {"$ref": "a.json"}, "/b": {"$ref": "b.json"}}}));
    set = with(set, "a.json", &json!({"get": {"responses": {"200": {"$ref": "sub/c.json"}}}}));
    assert_eq!(missing(&set), ["https://example.com/api/b.json", "https://example.com/api/sub/c.json"]);
    set.mark_absent(url("https://example.com/api/b.json#/x"), "not allowed".to_owned());
    set = with(set, "sub/c.json", &json!({"schema": {"$ref": "../a.json"}}));
    assert_eq!(missing(&set), [""; 0]);
    let names: Vec<&str> = set.sources().map(|(_, url)| url.path()).collect();
    assert_eq!(names, ["/api/openapi.json", "/api/a.json", "/api/sub/c.json"]);
    let error = set.resolve(&Location::default(), "b.json").unwrap_err();
    assert_eq!(error.to_string(), "the document b.json is not loaded: not allowed");
}

#[test]
fn references_resolve_to_places() {
    let mut set = set(json!({
        "openapi": "3.1.0",
        "paths": {"/a/{b}": {"get": {}}, "/100%": {"get": {}}},
        "components": {
            "schemas": {"A": {"$anchor": "first", "type": "object"}, "é": {}},
            "parts": {"$ref": "more.json#/parts"},
        },
        "list": [0, {"x": 1}],
    }));
    set = with(set, "more.json", &json!({"parts": {"P": {"deep": {"$ref": "#/other"}}}, "other": {"q": 1}}));
    let rows = [
        ("#", Ok(place(0, ""))),
        ("", Ok(place(0, ""))),
        ("#/components/schemas/A", Ok(place(0, "/components/schemas/A"))),
        ("#/paths/~1a~1%7Bb%7D/get", Ok(place(0, "/paths/~1a~1{b}/get"))),
        ("#/paths/~1a~1{b}/get", Ok(place(0, "/paths/~1a~1{b}/get"))),
        ("#/paths/~1100%/get", Ok(place(0, "/paths/~1100%/get"))),
        ("#/components/schemas/%C3%A9", Ok(place(0, "/components/schemas/é"))),
        ("#/list/1/x", Ok(place(0, "/list/1/x"))),
        ("#first", Ok(place(0, "/components/schemas/A"))),
        ("openapi.json#first", Ok(place(0, "/components/schemas/A"))),
        ("more.json#/other", Ok(place(1, "/other"))),
        ("./more.json", Ok(place(1, ""))),
        // Through objects that are references themselves.
        ("#/components/parts/P", Ok(place(1, "/parts/P"))),
        ("#/components/parts/P/deep/q", Ok(place(1, "/other/q"))),
        ("#/list/01", Err("nothing stands at `/list/01` in openapi.json")),
        ("#/nothing", Err("nothing stands at `/nothing` in openapi.json")),
        ("#second", Err("nothing stands at `second` in openapi.json")),
        ("none.json#/x", Err("the document none.json is not loaded: it was not given")),
        (
            "https://u:s3cret@other.example/c?token=s3cret#/x",
            Err("the document https://other.example/c is not loaded: it was not given"),
        ),
        ("d.json?token=s3cret", Err("the document d.json is not loaded: it was not given")),
        ("http://u:s3cret@[", Err("`http://***@[` is not a URL reference: invalid IPv6 address")),
        ("http://[", Err("`http://[` is not a URL reference: invalid IPv6 address")),
    ];
    for (reference, expected) in rows {
        let found = set.resolve(&Location::default(), reference).map_err(|error| error.to_string());
        assert_eq!(found, expected.map_err(str::to_owned), "{reference}");
    }
}

#[test]
fn schemas_with_identifiers_have_references_of_their_own() {
    let set = set(json!({
        "openapi": "3.1.0",
        "components": {"schemas": {
            "A": {
                "$id": "https://schemas.example/a",
                "$defs": {"x": {"$anchor": "in"}},
                "p": {"$ref": "b#in"},
            },
            "B": {"$id": "https://schemas.example/b", "q": {"$anchor": "in"}},
        }},
    }));
    assert!(set.missing().is_empty());
    let inside = place(0, "/components/schemas/A/p");
    let rows = [
        ("#/$defs/x", "/components/schemas/A/$defs/x"),
        ("#in", "/components/schemas/A/$defs/x"),
        ("b#in", "/components/schemas/B/q"),
        // Not there by the letter, but in the document that the schema stands in.
        ("#/components/schemas/B", "/components/schemas/B"),
    ];
    for (reference, expected) in rows {
        assert_eq!(set.resolve(&inside, reference).unwrap(), place(0, expected), "{reference}");
    }
    let old =
        self::set(json!({"openapi": "3.0.3", "a": {"$id": "https://schemas.example/a", "b": {"$ref": "c"}}}));
    assert_eq!(missing(&old), ["https://example.com/api/c"]);
}

#[test]
fn a_document_may_name_its_own_address() {
    let root =
        json!({"openapi": "3.2.0", "$self": "/apis/v1", "a": {"$ref": "part"}, "b": {"$ref": "v1#/a"}});
    let set = with(set(root), "/apis/part", &json!({}));
    assert_eq!(missing(&set), [""; 0]);
    assert_eq!(set.base_url(SourceId::ROOT).as_str(), "https://example.com/apis/v1");
    assert_eq!(set.url(SourceId::ROOT).as_str(), "https://example.com/api/openapi.json");
    assert_eq!(set.resolve(&Location::default(), "v1#/a").unwrap(), place(0, "/a"));
}

#[test]
fn chains_end_at_a_value_and_circles_are_errors() {
    let set = set(json!({
        "a": {"$ref": "#/b"}, "b": {"$ref": "#/c"}, "c": {"v": 1},
        "d": {"$ref": "#/e"}, "e": {"$ref": "#/d"},
        "f": {"$ref": "#/f/x"},
        "g": {"$ref": "#/h/x/x"}, "h": {"$ref": "#/g/x/x"},
        "i": {"$ref": 1}, "j": {"$ref": "#/none"},
    }));
    let (at, value) = set.follow(place(0, "/a")).unwrap();
    assert_eq!((at, value), (place(0, "/c"), &json!({"v": 1})));
    assert_eq!(set.follow(place(0, "/i")).unwrap().0, place(0, "/i"));
    for circle in ["/d", "/e", "/f", "/g"] {
        assert!(matches!(set.follow(place(0, circle)), Err(ReferenceError::Cycle(_))), "{circle}");
    }
    assert!(matches!(set.follow(place(0, "/j")), Err(ReferenceError::Missing { .. })));
    assert!(matches!(set.follow(place(0, "/none")), Err(ReferenceError::Missing { .. })));
}

#[test]
fn limits_hold() {
    let root = url("file:///root.json");
    let limits = Limits { document_bytes: 40, documents: 2, yaml_nodes: 3 };
    let new = |bytes: &[u8]| DocumentSet::with_limits(root.clone(), bytes, limits);
    assert_eq!(new(&[b' '; 41]).unwrap_err(), ParseError::TooLarge { bytes: 41, limit: 40 });
    assert!(matches!(new(b"a: [1, 2, 3]"), Err(ParseError::TooManyNodes { limit: 3, .. })));
    assert_eq!(new(b"[1]").unwrap_err(), ParseError::NotAnObject { found: "an array" });
    let mut set = new(b"{}").unwrap();
    assert_eq!(set.insert(url("file:///a"), b"[]").unwrap(), SourceId(1));
    assert_eq!(set.insert(url("file:///a#x"), b"[]").unwrap(), SourceId(1));
    assert_eq!(set.insert(url("file:///b"), b"[]"), Err(ParseError::TooManyDocuments { limit: 2 }));
}

#[test]
fn a_scalar_cannot_be_inserted() {
    let mut set = set(json!({}));
    assert_eq!(
        set.insert(url("file:///a"), b"just text"),
        Err(ParseError::NotAnObject { found: "a string" })
    );
}

#[test]
fn keys_that_stand_twice_are_reported_with_their_document() {
    let mut set = DocumentSet::new(url("file:///a"), b"a: 1\na: 2\n").unwrap();
    set.insert(url("file:///b"), br#"{"x": {"y": 1, "y": 2}}"#).unwrap();
    let found: Vec<_> =
        set.parse_diagnostics().iter().map(|found| (found.code, found.location.clone())).collect();
    assert_eq!(found, [(Code::DuplicateKey, place(0, "/a")), (Code::DuplicateKey, place(1, "/x/y"))]);
}

#[test]
fn typed_documents_are_taken() {
    let document: openapiv3::OpenAPI = serde_json::from_value(json!({
        "openapi": "3.0.3",
        "info": {"title": "T", "version": "1"},
        "paths": {"/a": {"get": {"responses": {"200": {"description": "ok"}}}}},
    }))
    .unwrap();
    let (read, diagnostics) = DocumentSet::from_openapiv3(url("file:///a"), &document).read();
    assert_eq!((read.operations.len(), diagnostics), (1, Vec::new()));
}

#[test]
fn names_do_not_depend_on_where_the_root_lies() {
    for root in ["file:///a/openapi.json", "file:///very/deep/down/openapi.json"] {
        let set = DocumentSet::from_value(url(root), json!({}));
        let table = [
            ("openapi.json", "openapi.json"),
            ("x/b.json", "x/b.json"),
            ("/etc/passwd", "/etc/passwd"),
            ("https://u:s3cret@h/p?q=s3cret", "https://h/p"),
        ];
        for (reference, expected) in table {
            let target = set.url(SourceId::ROOT).join(reference).unwrap();
            assert_eq!(set.name_of(&target), expected, "{root} {reference}");
        }
    }
}

#[test]
fn findings_of_keys_that_stand_twice_are_bounded() {
    let many: String = (0..300).flat_map(|n| [1, 2].map(|value| format!("\"{n}\": {value}, "))).collect();
    let long = "k".repeat(2000);
    for text in [format!("{{{many} \"z\": 1}}"), format!("{{{many} z: 1}}")] {
        let set = DocumentSet::new(url("file:///a"), text.as_bytes()).unwrap();
        assert_eq!(set.parse_diagnostics().len(), 100);
    }
    for text in [
        format!("{{\"a\": {{\"{long}\": 1, \"{long}\": 2}}}}"),
        format!("a:\n  {{'{long}': 1, '{long}': 2}}"),
    ] {
        let set = DocumentSet::new(url("file:///a"), text.as_bytes()).unwrap();
        let found: Vec<_> = set.parse_diagnostics().iter().map(|found| found.location.clone()).collect();
        assert_eq!(found, [place(0, "/a")]);
    }
}
