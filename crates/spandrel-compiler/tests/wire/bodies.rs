//! Bodies of every kind, from the document's media type, schema and encoding.

use serde_json::{Value, json};

use super::{VERSIONS, document, fixture, send, text};

/// The `Content-Type` and the body for `content`, one media type or several.
fn sent(version: &str, content: &Value, arguments: &Value) -> Result<(String, String), String> {
    let body = json!({"required": true, "content": content});
    let document = document(version, "/x", json!({"operationId": "op", "requestBody": body}));
    let request = send(&document, arguments)?;
    let content_type = request.headers().get("content-type").map(|value| text(value.as_bytes()));
    Ok((content_type.unwrap_or_default(), text(request.body())))
}

/// The head of each part without its disposition's first words, and its content.
fn parts(version: &str, media_type: &Value, arguments: &Value) -> Result<Vec<(String, String)>, String> {
    let (content_type, body) = sent(version, &json!({"multipart/form-data": media_type}), arguments)?;
    let boundary = content_type.strip_prefix("multipart/form-data; boundary=").unwrap();
    let body = body.strip_suffix(&format!("--{boundary}--\r\n")).unwrap();
    let delimiter = format!("--{boundary}\r\n");
    let parts = body.split(&delimiter).skip(1).map(|part| {
        let (head, content) = part.split_once("\r\n\r\n").unwrap();
        let head = head.strip_prefix("Content-Disposition: form-data; name=").unwrap();
        (head.replace("\r\n", " | "), content.strip_suffix("\r\n").unwrap().to_owned())
    });
    Ok(parts.collect())
}

fn object(properties: &Value) -> Value {
    json!({"type": "object", "properties": properties})
}

#[test]
fn json_keeps_every_digit_and_every_null() {
    for version in VERSIONS {
        for media_type in ["application/json", "application/vnd.api+json; charset=utf-8"] {
            let schema = object(
                &json!({"id": {"type": "integer"}, "text": {}, "list": {"type": "array", "items": {}}}),
            );
            let arguments: Value = serde_json::from_str(
                r#"{"id": 12345678901234567890123, "text": "é\u0000\"", "list": [1.10, null, [], {}, ""]}"#,
            )
            .unwrap();
            let sent = sent(version, &json!({media_type: {"schema": schema}}), &arguments).unwrap();
            let expected = r#"{"id":12345678901234567890123,"text":"é\u0000\"","list":[1.10,null,[],{},""]}"#;
            assert_eq!(sent, (media_type.to_owned(), expected.to_owned()), "{version}");
        }
    }
}

#[test]
fn urlencoded_forms() {
    let properties = || {
        json!({
            "text": {"type": "string"}, "number": {"type": "integer"}, "flag": {"type": "boolean"},
            "list": {"type": "array", "items": {"type": "string"}},
            "object": {"type": "object", "additionalProperties": {}},
            "objects": {"type": "array", "items": {"type": "object", "additionalProperties": {}}},
        })
    };
    let of = |style: &str, explode: bool| json!({"style": style, "explode": explode});
    let rows = [
        (json!({}), json!({"text": "a b&c=d+é"}), "text=a%20b%26c%3Dd%2B%C3%A9"),
        (
            json!({}),
            json!({"number": 12_345_678_901_234_567_890_u64, "flag": true}),
            "number=12345678901234567890&flag=true",
        ),
        (json!({}), json!({"text": "", "list": []}), "text="),
        (json!({}), json!({"list": ["a,b", "c"]}), "list=a%2Cb&list=c"),
        (json!({}), json!({"objects": [{"a": 1}]}), "objects=%5B%7B%22a%22%3A1%7D%5D"),
        (json!({"list": of("form", false)}), json!({"list": ["a,b", "c"]}), "list=a%2Cb,c"),
        (json!({"list": of("spaceDelimited", false)}), json!({"list": ["a", "c"]}), "list=a%20c"),
        (json!({"list": of("pipeDelimited", false)}), json!({"list": ["a", "c"]}), "list=a%7Cc"),
        (
            json!({"object": of("deepObject", true)}),
            json!({"object": {"a": {"b": [1, 2]}}}),
            "object%5Ba%5D%5Bb%5D%5B%5D=1&object%5Ba%5D%5Bb%5D%5B%5D=2",
        ),
        (json!({"object": of("form", true)}), json!({"object": {"R": 100, "G": 200}}), "R=100&G=200"),
        (json!({"object": of("form", false)}), json!({"object": {"R": 100}}), "object=R,100"),
        (json!({"text": {"contentType": "application/json"}}), json!({"text": "a"}), "text=%22a%22"),
        (
            json!({"object": {"contentType": "application/json"}}),
            json!({"object": {"a": 1}}),
            "object=%7B%22a%22%3A1%7D",
        ),
        (json!({"list": {"contentType": "text/plain"}}), json!({"list": ["a", "b"]}), "list=a&list=b"),
        (json!({"text": {"allowReserved": true}}), json!({"text": "a/b?c&d=e+f"}), "text=a/b?c%26d%3De%2Bf"),
    ];
    for version in VERSIONS {
        for (encoding, arguments, expected) in &rows {
            let media_type = json!({"schema": object(&properties()), "encoding": encoding});
            let content = json!({"application/x-www-form-urlencoded": media_type});
            let sent = sent(version, &content, arguments).unwrap();
            assert_eq!(sent.1, *expected, "{version} {encoding} {arguments}");
            assert_eq!(sent.0, "application/x-www-form-urlencoded");
        }
        let content = json!({"application/x-www-form-urlencoded": {"schema": object(&properties())}});
        let sent = sent(version, &content, &json!({"object": {"R": 100, "G": 200}})).unwrap();
        // 3.0 gave every field the style `form`.
        let as_json = "object=%7B%22R%22%3A100%2C%22G%22%3A200%7D";
        assert_eq!(sent.1, if version == "3.0.4" { "R=100&G=200" } else { as_json });
    }
}

/// A document for an object, and one for each item of an array (3.1.1, "Encoding Object").
#[test]
fn urlencoded_fields_may_be_xml() {
    let pet = json!({
        "type": "object", "xml": {"name": "Pet"},
        "properties": {"id": {"type": "integer", "xml": {"attribute": true}}, "name": {"type": "string"}},
    });
    let properties = json!({"pet": pet, "pets": {"type": "array", "items": pet}, "note": {"type": "string"}});
    let encoding = json!({"pet": {"contentType": "application/xml"}, "pets": {"contentType": "text/xml"}, "note": {"contentType": "application/xml"}});
    let begin = "%3C%3Fxml%20version%3D%221.0%22%20encoding%3D%22UTF-8%22%3F%3E%3CPet%20id%3D%22";
    let one = format!("{begin}1%22%3E%3Cname%3ERex%20%26amp%3B%20Co%3C%2Fname%3E%3C%2FPet%3E");
    let rows = [
        (json!({"pet": {"id": 1, "name": "Rex & Co"}}), format!("pet={one}")),
        (
            json!({"pets": [{"id": 1, "name": "Rex & Co"}, {"id": 2}]}),
            format!("pets={one}&pets={begin}2%22%3E%3C%2FPet%3E"),
        ),
        (json!({"pets": [], "note": "<a/>"}), "note=%3Ca%2F%3E".to_owned()),
    ];
    for version in VERSIONS {
        let media_type = json!({"schema": object(&properties), "encoding": encoding});
        for (arguments, expected) in &rows {
            let content = json!({"application/x-www-form-urlencoded": media_type});
            let sent = sent(version, &content, arguments).unwrap();
            assert_eq!(sent.1, *expected, "{version} {arguments}");
        }
        let content = json!({"application/x-www-form-urlencoded": media_type});
        let refused = sent(version, &content, &json!({"pet": {"id": 1, "name": "\u{1}"}}));
        assert!(refused.is_err(), "{version}: no XML has that character");
    }
}

/// Each row is a property `f`: its schema, its Encoding Object, a value, and the parts that it makes.
#[test]
fn multipart_parts_have_the_types_of_the_encoding_object() {
    let rows: Vec<Value> = serde_json::from_str(&fixture("parts.json")).unwrap();
    for version in VERSIONS {
        for row in &rows {
            let media_type = json!({
                "schema": object(&json!({"f": row["schema"]})),
                "encoding": {"f": row["encoding"]},
            });
            let sent = parts(version, &media_type, &json!({"f": row["value"]})).unwrap();
            assert_eq!(json!(sent), row["parts"], "{version} {} {}", row["schema"], row["encoding"]);
        }
    }
}

#[test]
fn multipart_parts_by_a_style_since_3_1() {
    let list = json!({"type": "array", "items": {"type": "string"}});
    let deep = json!({"type": "object", "additionalProperties": {}});
    let rows = [
        (&list, json!({"style": "form", "explode": false}), json!(["a b", "c"]), vec![("\"f\"", "a b,c")]),
        (&list, json!({"style": "pipeDelimited"}), json!(["a b", "c"]), vec![("\"f\"", "a b|c")]),
        (&list, json!({"style": "form"}), json!(["a b", "c"]), vec![("\"f\"", "a b"), ("\"f\"", "c")]),
        (&deep, json!({"style": "deepObject"}), json!({"R": "x y"}), vec![("\"f[R]\"", "x y")]),
        (
            &deep,
            json!({"style": "form", "explode": true}),
            json!({"R": 1, "G": 2}),
            vec![("\"R\"", "1"), ("\"G\"", "2")],
        ),
    ];
    for (schema, encoding, value, expected) in rows {
        let media_type = json!({"schema": object(&json!({"f": schema})), "encoding": {"f": encoding}});
        let sent = parts("3.1.1", &media_type, &json!({"f": value})).unwrap();
        let expected = expected.iter().map(|(head, body)| ((*head).to_owned(), (*body).to_owned()));
        assert_eq!(sent, expected.collect::<Vec<_>>(), "{encoding}");
        // Before, only urlencoded forms have styles (3.0.4, "Encoding Object").
        let sent = parts("3.0.4", &media_type, &json!({"f": value})).unwrap();
        let first = if value.is_array() { "\"f\"" } else { "\"f\" | Content-Type: application/json" };
        assert_eq!(sent[0].0, first);
    }
}

#[test]
fn a_form_has_the_properties_of_each_schema_that_makes_it() {
    let meta =
        object(&json!({"title": {"type": "string"}, "ids": {"type": "array", "items": {"type": "integer"}}}));
    let file = object(&json!({"file": {"type": "string", "format": "binary"}}));
    let encoding = json!({"file": {"contentType": "image/png"}, "ids": {"style": "form", "explode": false}});
    let form = "application/x-www-form-urlencoded";
    for keyword in ["allOf", "anyOf"] {
        let nested = json!({keyword: [meta, {"allOf": [file]}], "description": "All of it."});
        let media_type = json!({"schema": nested, "encoding": encoding});
        let value = json!({"title": "a", "ids": [1, 2], "file": "aGk="});
        let sent = parts("3.1.1", &media_type, &json!({"body": value})).unwrap();
        let heads: Vec<_> = sent.iter().map(|(head, body)| (head.as_str(), body.as_str())).collect();
        let expected = [
            ("\"title\"", "a"),
            ("\"ids\"", "1,2"),
            ("\"file\"; filename=\"file\" | Content-Type: image/png", "hi"),
        ];
        assert_eq!(heads, expected, "{keyword}");
        for forged in [json!({"file[x]": "a"}), json!({"title[x]": "a"})] {
            assert!(parts("3.1.1", &media_type, &json!({"body": forged})).is_err(), "{forged}");
        }
        let media_type =
            json!({"schema": {keyword: [meta, object(&json!({"note": {}}))]}, "encoding": encoding});
        let sent = sent_as(form, &media_type, &json!({"body": {"ids": [1, 2]}}));
        assert_eq!(sent.unwrap().1, "ids=1,2", "{keyword}");
    }
}

fn sent_as(name: &str, media_type: &Value, arguments: &Value) -> Result<(String, String), String> {
    sent("3.1.1", &json!({name: media_type}), arguments)
}

#[test]
fn media_types_by_other_names() {
    let array = json!({"type": "array", "items": {"type": "integer"}});
    let rows = [
        ("application/stream+json", array.clone(), json!([1, 2]), "1\n2\n"),
        ("application/x-jsonl", array, json!([1, 2]), "1\n2\n"),
        ("application/csv", json!({"type": "string"}), json!("a,b"), "a,b"),
        ("application/toml", json!({"type": "string"}), json!("a = 1"), "a = 1"),
        ("application/vnd.a+yaml", json!({"type": "string"}), json!("a: 1"), "a: 1"),
    ];
    for (name, schema, value, expected) in rows {
        let sent = sent_as(name, &json!({"schema": schema}), &json!({"body": value})).unwrap();
        assert_eq!(sent, (name.to_owned(), expected.to_owned()));
    }
}

#[test]
fn files_without_a_type_since_3_1() {
    let properties = json!({"f": {"description": "It."}, "g": {"type": "array", "items": {}}});
    let arguments = json!({"f": "aGk=", "g": ["aGk="]});
    let media_type = json!({"schema": object(&properties)});
    let sent = parts("3.1.1", &media_type, &arguments).unwrap();
    assert_eq!(sent.len(), 2);
    assert!(sent.iter().all(|(head, body)| head.contains("application/octet-stream") && body == "hi"));
    let sent = parts("3.0.4", &media_type, &arguments).unwrap();
    assert_eq!(sent[0], ("\"f\"".to_owned(), "aGk=".to_owned()));
    let encoded = json!({"schema": object(&json!({"f": {"type": "string", "contentEncoding": "base64"}}))});
    let sent = parts("3.1.1", &encoded, &json!({"f": "aGk="})).unwrap();
    assert_eq!(sent[0], ("\"f\" | Content-Type: application/octet-stream".to_owned(), "aGk=".to_owned()));
}

#[test]
fn bodies_that_are_one_text_or_file() {
    let rows = [
        ("text/plain", json!({"type": "string"}), json!("a\n"), "text/plain", "a\n"),
        ("text/csv", json!({"type": "string"}), json!("é"), "text/csv; charset=utf-8", "é"),
        (
            "application/octet-stream",
            json!({"type": "string", "format": "binary"}),
            json!("aGk="),
            "application/octet-stream",
            "hi",
        ),
        ("application/octet-stream", json!({}), json!("data:,hi"), "application/octet-stream", "hi"),
        ("image/*", json!({}), json!({"data": "aGk=", "type": "image/png"}), "image/png", "hi"),
        (
            "application/x-ndjson",
            json!({"type": "array", "items": {}}),
            json!([{"a": 1.10}, 2]),
            "application/x-ndjson",
            "{\"a\":1.1}\n2\n",
        ),
        ("application/jsonl", json!({"type": "array", "items": {}}), json!([1]), "application/jsonl", "1\n"),
        (
            "application/json-seq",
            json!({"type": "array", "items": {}}),
            json!([1]),
            "application/json-seq",
            "\u{1e}1\n",
        ),
        (
            "application/geo+json-seq",
            json!({"type": "array", "items": {}}),
            json!([1]),
            "application/geo+json-seq",
            "\u{1e}1\n",
        ),
    ];
    for version in VERSIONS {
        for (media_type, schema, value, content_type, body) in &rows {
            let sent = sent(version, &json!({*media_type: {"schema": schema}}), &json!({"body": value}));
            assert_eq!(sent.unwrap(), ((*content_type).to_owned(), (*body).to_owned()), "{version}");
        }
    }
}

const XML: &str = r#"<?xml version="1.0" encoding="UTF-8"?>"#;

fn xml(version: &str, schema: &Value, arguments: &Value) -> String {
    let sent = sent(version, &json!({"application/xml": {"schema": schema}}), arguments).unwrap();
    assert_eq!(sent.0, "application/xml");
    sent.1.strip_prefix(XML).unwrap().to_owned()
}

#[test]
fn xml_by_the_schema() {
    let pet = json!({
        "type": "object",
        "xml": {"name": "Pet", "namespace": "https://pets.example/", "prefix": "p"},
        "properties": {
            "id": {"type": "integer", "xml": {"attribute": true}},
            "name": {"type": "string", "xml": {"name": "called"}},
            "tags": {"type": "array", "xml": {"wrapped": true}, "items": {"type": "string", "xml": {"name": "tag"}}},
            "photos": {"type": "array", "items": {"type": "string"}},
        }
    });
    let value = json!({"id": 7, "name": "a<b", "tags": ["x", "y"], "photos": ["p", "q"]});
    let expected = r#"<p:Pet xmlns:p="https://pets.example/" id="7"><called>a&lt;b</called><tags><tag>x</tag><tag>y</tag></tags><photos>p</photos><photos>q</photos></p:Pet>"#;
    for version in VERSIONS {
        assert_eq!(xml(version, &pet, &value), expected);
    }
    let animals = json!({
        "type": "array", "xml": {"nodeType": "element", "name": "animals"},
        "items": {
            "type": "object", "xml": {"name": "animal"},
            "properties": {
                "kind": {"type": "string", "xml": {"nodeType": "attribute"}},
                "name": {"type": "string", "xml": {"nodeType": "text"}},
            }
        }
    });
    let value = json!({"body": [{"kind": "Cat", "name": "Fluffy"}, {"kind": "Dog", "name": "Fido"}]});
    let expected = r#"<animals><animal kind="Cat">Fluffy</animal><animal kind="Dog">Fido</animal></animals>"#;
    assert_eq!(xml("3.2.0", &animals, &value), expected);
    let report = json!({
        "type": "array", "xml": {"nodeType": "element", "name": "Report"},
        "prefixItems": [
            {"xml": {"nodeType": "text"}, "type": "string"},
            {"xml": {"name": "data"}, "type": "number"},
            {"xml": {"nodeType": "cdata"}, "type": "string"},
        ]
    });
    let expected = "<Report>Some <data>42</data><![CDATA[<more>]]></Report>";
    assert_eq!(xml("3.2.0", &report, &json!({"body": ["Some ", 42, "<more>"]})), expected);
}

#[test]
fn xml_of_a_reference_and_what_stands_beside_it() {
    let document = |version: &str| {
        let schema = json!({"$ref": "#/components/schemas/Documentation", "xml": {"name": "Updated"}});
        let body = json!({"required": true, "content": {"application/xml": {"schema": schema}}});
        let mut document = document(version, "/x", json!({"operationId": "op", "requestBody": body}));
        document["components"] = json!({"schemas": {"Documentation": object(
            &json!({"content": {"type": "string", "xml": {"nodeType": "cdata"}}})
        )}});
        document
    };
    for (version, root) in [("3.0.4", "Documentation"), ("3.2.0", "Updated")] {
        let value = json!({"content": "<b>"});
        let arguments = if version == "3.0.4" { value } else { json!({"body": value}) };
        let request = send(&document(version), &arguments).unwrap();
        assert_eq!(text(request.body()), format!("{XML}<{root}><![CDATA[<b>]]></{root}>"));
    }
}

#[test]
fn the_media_type_follows_the_body() {
    let content = json!({
        "application/json": {"schema": {"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}}}},
        "text/plain": {"schema": {"type": "string"}},
        "application/x-www-form-urlencoded": {"schema": {"type": "object", "required": ["b"], "properties": {"b": {"type": "integer"}}}},
    });
    let send =
        |body: Value, choice: Value| sent("3.1.1", &content, &json!({"body": body, "content_type": choice}));
    let rows = [
        (json!({"a": 1}), "application/json", "{\"a\":1}"),
        (json!("x"), "text/plain", "x"),
        (json!({"b": 1}), "application/x-www-form-urlencoded", "b=1"),
    ];
    for (body, content_type, expected) in rows {
        let without = sent("3.1.1", &content, &json!({"body": body})).unwrap();
        assert_eq!(without, (content_type.to_owned(), expected.to_owned()));
        assert_eq!(send(body, json!(content_type)).unwrap(), without);
    }
    let error = send(json!("x"), json!("application/json")).unwrap_err();
    assert!(error.contains("choose text/plain"), "{error}");
    let same = json!({"application/json": {"schema": {"type": "string"}}, "text/plain": {"schema": {"type": "string"}}});
    assert_eq!(sent("3.1.1", &same, &json!({"body": "x"})).unwrap().0, "application/json");
}

#[test]
fn an_optional_body_is_left_out() {
    for (media_type, schema) in [
        ("application/json", object(&json!({"a": {"type": "string"}}))),
        ("application/x-www-form-urlencoded", object(&json!({"a": {"type": "string"}}))),
        ("multipart/form-data", object(&json!({"a": {"type": "string"}}))),
        ("text/plain", json!({"type": "string"})),
        ("application/octet-stream", json!({})),
    ] {
        let body = json!({"content": {media_type: {"schema": schema}}});
        let document = document("3.1.1", "/x", json!({"operationId": "op", "requestBody": body}));
        let request = send(&document, &json!({})).unwrap();
        assert!(request.body().is_empty() && !request.headers().contains_key("content-type"), "{media_type}");
    }
}
