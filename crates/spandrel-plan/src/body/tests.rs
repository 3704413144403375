#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod xml;

use http::{HeaderName, HeaderValue};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::test_plan::{arguments, plan, style};
use crate::{
    ArgumentPath, BodyEncoding, BodyPlan, BodySource, ContentSchema, FieldPlan, FormPlan, JsonText,
    MediaTypePlan, MultipartPlan, OperationPlan, PartEncoding, PartPlan, Serialization, Style, XmlPlan,
    XmlShape,
};

fn media_type(content_type: &'static str, encoding: BodyEncoding) -> MediaTypePlan {
    MediaTypePlan { content_type: HeaderValue::from_static(content_type), encoding, schema: None }
}

fn whole(media_types: Vec<MediaTypePlan>) -> BodyPlan {
    BodyPlan {
        required: true,
        source: BodySource::Whole(ArgumentPath::key("body")),
        media_types,
        choice: Some(ArgumentPath::key("content_type")),
    }
}

/// The `Content-Type`, empty for none, and the body.
fn send(body: BodyPlan, given: Value) -> Result<(String, String), String> {
    let plan = OperationPlan { body: Some(body), ..plan() };
    let request = plan.render(&arguments(given)).map_err(|error| error.message.into_owned())?;
    let content_type = request.headers().get("content-type").map(|value| value.to_str().unwrap().to_owned());
    Ok((content_type.unwrap_or_default(), String::from_utf8(request.into_body().to_vec()).unwrap()))
}

fn body_of(content_type: &'static str, encoding: BodyEncoding, value: &Value) -> Result<String, String> {
    send(whole(vec![media_type(content_type, encoding)]), json!({"body": value})).map(|(_, body)| body)
}

#[test]
fn json_is_passed_through_exactly() {
    let text = r#"{"b":1.10,"a":[12345678901234567890123,null,"é\n"],"c":-0.0}"#;
    let value: Value = serde_json::from_str(text).unwrap();
    assert_eq!(body_of("application/json", BodyEncoding::Json, &value).unwrap(), text);
    assert_eq!(body_of("application/json", BodyEncoding::Json, &Value::Null).unwrap(), "null");
    let lines = json!([{"a": 1}, [2], "x"]);
    assert_eq!(
        body_of("application/x-ndjson", BodyEncoding::JsonLines, &lines).unwrap(),
        "{\"a\":1}\n[2]\n\"x\"\n"
    );
    assert_eq!(body_of("application/x-ndjson", BodyEncoding::JsonLines, &json!({})).unwrap(), "{}\n");
    assert_eq!(
        body_of("application/json-seq", BodyEncoding::JsonSequence, &json!([{"a": 1}, 2])).unwrap(),
        "\u{1e}{\"a\":1}\n\u{1e}2\n"
    );
    assert_eq!(body_of("text/plain", BodyEncoding::Text, &json!("a\nb")).unwrap(), "a\nb");
    let sent = send(whole(vec![media_type("text/csv", BodyEncoding::Text)]), json!({"body": "é"})).unwrap();
    assert_eq!(sent.0, "text/csv; charset=utf-8");
    assert_eq!(body_of("text/plain", BodyEncoding::Text, &json!({"a": 1})).unwrap(), "{\"a\":1}");
}

#[test]
fn properties_are_put_together_in_the_order_of_the_plan() {
    let source = |rest| BodySource::Properties {
        properties: vec![
            ("b".to_owned(), ArgumentPath::key("body_b")),
            ("a".to_owned(), ArgumentPath(vec!["body".to_owned(), "a".to_owned()])),
        ],
        rest,
    };
    let plan = |required, rest| BodyPlan {
        required,
        source: source(rest),
        media_types: vec![media_type("application/json", BodyEncoding::Json)],
        choice: None,
    };
    let given = json!({"x": 1, "body": {"a": null}, "body_b": 2});
    let body = |required, rest, given: &Value| send(plan(required, rest), given.clone()).unwrap();
    assert_eq!(body(true, false, &given).1, r#"{"b":2,"a":null}"#);
    assert_eq!(body(true, true, &given).1, r#"{"b":2,"a":null,"x":1}"#);
    assert_eq!(
        send(plan(true, true), json!({"b": 1, "body_b": 2})).unwrap_err(),
        "`b`: unknown; use the argument `body_b` for that"
    );
    assert_eq!(body(true, false, &json!({})), ("application/json".to_owned(), "{}".to_owned()));
    assert_eq!(body(false, true, &json!({})), (String::new(), String::new()));
}

#[test]
fn a_body_that_is_optional_or_missing() {
    let json_body = || vec![media_type("application/json", BodyEncoding::Json)];
    let optional = || BodyPlan { required: false, ..whole(json_body()) };
    for given in [json!({}), json!({"body": null}), json!({"content_type": "application/json"})] {
        assert_eq!(send(optional(), given).unwrap(), (String::new(), String::new()));
    }
    assert_eq!(send(whole(json_body()), json!({})).unwrap_err(), "`body`: required, but missing");
}

#[test]
fn the_argument_that_chooses_the_media_type() {
    let plan = || {
        whole(vec![
            media_type("application/json", BodyEncoding::Json),
            media_type("text/csv; header=present", BodyEncoding::Text),
        ])
    };
    let send = |choice: Value| send(plan(), json!({"body": "a", "content_type": choice}));
    assert_eq!(send(Value::Null).unwrap().1, "\"a\"");
    assert_eq!(
        send(json!("text/csv; header=present")).unwrap(),
        ("text/csv; header=present".to_owned(), "a".to_owned())
    );
    assert_eq!(
        send(json!("text/html")).unwrap_err(),
        "`content_type`: must be one of application/json, text/csv; header=present"
    );
}

#[test]
fn a_body_is_never_sent_as_what_it_is_not() {
    let described = |content_type, encoding, schema: Value| MediaTypePlan {
        schema: Some(ContentSchema::new(JsonText::from_value(&schema))),
        ..media_type(content_type, encoding)
    };
    let plan = || {
        whole(vec![
            described("application/json", BodyEncoding::Json, json!({"type": "object"})),
            described("text/plain", BodyEncoding::Text, json!({"type": "string"})),
            described("text/csv", BodyEncoding::Text, json!({"type": "string", "minLength": 2})),
        ])
    };
    let table = [
        (json!({"a": 1}), Value::Null, Ok("application/json")),
        (json!("x"), Value::Null, Ok("text/plain")),
        (json!("xy"), json!("text/csv"), Ok("text/csv")),
        (
            json!({}),
            json!("text/plain"),
            Err("the body is none of `text/plain`; give another body, or choose application/json"),
        ),
        (
            json!("xy"),
            json!("application/json"),
            Err(
                "the body is none of `application/json`; give another body, or choose text/plain or text/csv",
            ),
        ),
        (json!(1), json!("text/csv"), Err("the body is none of `text/csv`; give another body")),
        // The schema of the arguments refuses it before.
        (json!(1), Value::Null, Ok("application/json")),
    ];
    for (body, choice, expected) in table {
        let sent = send(plan(), json!({"body": body, "content_type": choice}));
        let sent = sent.map(|(content_type, _)| content_type);
        let expected = expected.map(str::to_owned).map_err(|problem| format!("`content_type`: {problem}"));
        assert_eq!(sent, expected, "{body} {choice}");
    }
}

#[test]
fn no_field_is_read_as_another() {
    let mut plan = FormPlan::default();
    for (name, kind, explode) in [
        ("spread", Style::Form, true),
        ("deep", Style::DeepObject, true),
        ("plain", Style::Form, true),
        ("deep[x]", Style::Form, true),
    ] {
        plan.fields.insert(name.to_owned(), FieldPlan { serialization: style(kind, explode) });
    }
    let mut parts = MultipartPlan::default();
    for name in ["spread", "plain"] {
        let encoding = PartEncoding::Style { style: Style::Form, explode: true };
        parts.parts.insert(name.to_owned(), part(encoding, None, false));
    }
    parts.parts.insert(
        "deep".to_owned(),
        part(PartEncoding::Style { style: Style::DeepObject, explode: true }, None, false),
    );
    let refused = [
        (
            json!({"spread": {"plain": 1}}),
            "`body.spread`: its member `plain` would be read as another parameter; use the argument `plain` for that",
        ),
        (
            json!({"spread": {"more": 1}, "more": 2}),
            "`body.spread`: its member `more` would be read as another parameter; use the argument `body.more` for that",
        ),
        (
            json!({"deep[y]": 1}),
            "`body.deep[y]`: unknown, and would be read as a part of `deep`; give it as a member of that",
        ),
        (
            json!({"deep": {"a[b]": 1}}),
            "`body.deep`: its member `a[b]` holds a bracket, which would be read as a member of a member; write nested objects instead",
        ),
    ];
    for (value, expected) in refused {
        let form = BodyEncoding::Form(plan.clone());
        let multipart = BodyEncoding::Multipart(parts.clone());
        assert_eq!(body_of("application/x-www-form-urlencoded", form, &value).unwrap_err(), expected);
        assert_eq!(body_of("multipart/form-data", multipart, &value).unwrap_err(), expected);
    }
    let form = BodyEncoding::Form(plan);
    let error = body_of("application/x-www-form-urlencoded", form, &json!({"deep": {"x": 1}})).unwrap_err();
    assert!(error.ends_with("use the argument `deep[x]` for that"), "{error}");
}

#[test]
fn forms() {
    let mut plan = FormPlan::default();
    let mut field = |name: &str, serialization| {
        plan.fields.insert(name.to_owned(), FieldPlan { serialization });
    };
    field("joined", style(Style::Form, false));
    field("deep", style(Style::DeepObject, true));
    field("exploded", style(Style::Form, true));
    field("json", Serialization::Content { media_type: "application/json".to_owned() });
    field("text", Serialization::Content { media_type: "text/plain".to_owned() });
    let table = [
        (json!({"a b": "c&d=é +", "n": 1.5, "null": null}), "a%20b=c%26d%3D%C3%A9%20%2B&n=1.5"),
        (
            json!({"list": [1, null, "x"], "object": {"k": "v"}}),
            "list=1&list=x&object=%7B%22k%22%3A%22v%22%7D",
        ),
        (json!({"joined": ["a,b", "c"]}), "joined=a%2Cb,c"),
        (json!({"deep": {"a": {"b": 1}}}), "deep%5Ba%5D%5Bb%5D=1"),
        (json!({"exploded": {"R": 100, "G": 200}}), "R=100&G=200"),
        (json!({"json": [1, "x"]}), "json=%5B1%2C%22x%22%5D"),
        (json!({"text": ["a", "b"]}), "text=a&text=b"),
        (json!({}), ""),
    ];
    for (value, expected) in table {
        let form = BodyEncoding::Form(plan.clone());
        assert_eq!(body_of("application/x-www-form-urlencoded", form, &value).unwrap(), expected, "{value}");
    }
}

fn part(encoding: PartEncoding, content_type: Option<&'static str>, repeat: bool) -> PartPlan {
    let content_type = content_type.map(HeaderValue::from_static);
    PartPlan { content_type, repeat, encoding, headers: Vec::new() }
}

#[test]
fn multipart() {
    let mut plan = MultipartPlan::default();
    let mut file = part(PartEncoding::Binary, Some("image/png, image/jpeg"), true);
    file.headers.push((HeaderName::from_static("x-part"), HeaderValue::from_static("1")));
    plan.parts.insert("file".to_owned(), file);
    plan.parts.insert("meta".to_owned(), part(PartEncoding::Json, None, false));
    plan.parts.insert("csv".to_owned(), part(PartEncoding::Text, Some("text/csv"), false));
    let value = json!({
        "na\"me\r\n": "te\r\nxt",
        "tags": ["a", 1],
        "rows": [{"a": 1}],
        "none": null,
        "meta": "m",
        "csv": "a,b",
        "file": [
            "aGVsbG8=",
            {"data": "aGk", "name": "x\"y.jpg", "type": "image/jpeg"},
            "data:image/png;base64,aGk=",
        ],
    });
    let send = || {
        let media_type = media_type("multipart/form-data", BodyEncoding::Multipart(plan.clone()));
        send(whole(vec![media_type]), json!({"body": value})).unwrap()
    };
    let (content_type, body) = send();
    let boundary = content_type.strip_prefix("multipart/form-data; boundary=").unwrap();
    let disposition = "Content-Disposition: form-data; name=";
    let expected = [
        format!("{disposition}\"na%22me%0D%0A\"\r\n\r\nte\r\nxt"),
        format!("{disposition}\"tags\"\r\n\r\na"),
        format!("{disposition}\"tags\"\r\n\r\n1"),
        format!("{disposition}\"rows\"\r\nContent-Type: application/json\r\n\r\n{{\"a\":1}}"),
        format!("{disposition}\"meta\"\r\nContent-Type: application/json\r\n\r\n\"m\""),
        format!("{disposition}\"csv\"\r\nContent-Type: text/csv\r\n\r\na,b"),
        format!(
            "{disposition}\"file\"; filename=\"file\"\r\nContent-Type: image/png\r\nx-part: 1\r\n\r\nhello"
        ),
        format!(
            "{disposition}\"file\"; filename=\"x%22y.jpg\"\r\nContent-Type: image/jpeg\r\nx-part: 1\r\n\r\nhi"
        ),
        format!("{disposition}\"file\"; filename=\"file\"\r\nContent-Type: image/png\r\nx-part: 1\r\n\r\nhi"),
    ];
    let between = format!("\r\n--{boundary}\r\n");
    assert_eq!(body, format!("--{boundary}\r\n{}\r\n--{boundary}--\r\n", expected.join(&between)));
    assert_eq!(send(), (content_type, body), "the boundary is always the same");
}

#[test]
fn parts_by_a_style() {
    let list = json!(["a b", null, "c&d"]);
    let object = json!({"R": 100, "G": "x y", "B": null});
    let (nested, empty) = (json!({"a": [1, null, 2]}), json!([null]));
    let table = [
        (Style::Form, true, &list, vec![("f", "a b"), ("f", "c&d")]),
        (Style::Form, false, &list, vec![("f", "a b,c&d")]),
        (Style::SpaceDelimited, false, &list, vec![("f", "a b c&d")]),
        (Style::PipeDelimited, false, &list, vec![("f", "a b|c&d")]),
        (Style::TabDelimited, false, &list, vec![("f", "a b\tc&d")]),
        (Style::Form, true, &object, vec![("R", "100"), ("G", "x y")]),
        (Style::Form, false, &object, vec![("f", "R,100,G,x y")]),
        (Style::DeepObject, true, &object, vec![("f[R]", "100"), ("f[G]", "x y")]),
        (Style::Form, true, &nested, vec![("a", "1"), ("a", "2")]),
        (Style::Form, false, &empty, vec![]),
        (Style::Form, true, &empty, vec![]),
    ];
    for (style, explode, value, expected) in table {
        let mut plan = MultipartPlan::default();
        plan.parts.insert("f".to_owned(), part(PartEncoding::Style { style, explode }, None, false));
        let media_type = media_type("multipart/form-data", BodyEncoding::Multipart(plan));
        let (content_type, body) = send(whole(vec![media_type]), json!({"body": {"f": value}})).unwrap();
        let delimiter = format!("--{}", content_type.split_once("boundary=").unwrap().1);
        let parts = body.split(delimiter.as_str()).filter(|part| part.starts_with("\r\nContent"));
        let parts: Vec<String> = parts.map(str::to_owned).collect();
        let expected = expected.iter().map(|(name, text)| {
            format!("\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n")
        });
        assert_eq!(parts, expected.collect::<Vec<_>>(), "{style:?} {explode}");
    }
}

#[test]
fn text_is_in_the_charset_that_is_declared() {
    /// The declared type, the text, and what is sent; none where the text is refused.
    type Row = (&'static str, &'static str, Option<(&'static str, &'static [u8])>);
    let table: [Row; 9] = [
        ("text/plain", "é", Some(("text/plain; charset=utf-8", "é".as_bytes()))),
        ("text/plain; charset=UTF-8", "é", Some(("text/plain; charset=UTF-8", "é".as_bytes()))),
        ("text/plain; charset=iso-8859-1", "é\u{85}", Some(("text/plain; charset=iso-8859-1", b"\xe9\x85"))),
        ("text/plain; charset=iso-8859-1", "€", None),
        ("text/plain; charset=windows-1252", "€", Some(("text/plain; charset=windows-1252", b"\x80"))),
        ("text/plain; charset=shift_jis", "あ", Some(("text/plain; charset=shift_jis", b"\x82\xa0"))),
        ("text/plain; charset=us-ascii", "é", None),
        ("text/plain; charset=utf-16", "a", Some(("text/plain; charset=utf-8", b"a"))),
        ("text/plain; charset=nobodys", "é", Some(("text/plain; charset=utf-8", "é".as_bytes()))),
    ];
    for (declared, text, expected) in table {
        let body = whole(vec![media_type(declared, BodyEncoding::Text)]);
        let plan = OperationPlan { body: Some(body), ..plan() };
        let sent = plan.render(&arguments(json!({"body": text})));
        let sent = sent
            .as_ref()
            .map(|request| (request.headers()["content-type"].to_str().unwrap(), request.body().as_ref()));
        assert_eq!(sent.ok(), expected, "{declared}");
    }
    let xml = media_type("text/xml; charset=iso-8859-1", BodyEncoding::Xml(XmlPlan::default()));
    let (content_type, _) = send(whole(vec![xml]), json!({"body": "é"})).unwrap();
    assert_eq!(content_type, "text/xml; charset=utf-8");
}

#[test]
fn a_file_stands_only_where_the_media_type_says_so() {
    let described = |content_type, encoding, schema: Value| MediaTypePlan {
        schema: Some(ContentSchema::new(JsonText::from_value(&schema))),
        ..media_type(content_type, encoding)
    };
    let body = whole(vec![
        described("application/json", BodyEncoding::Json, json!({"type": "object", "required": ["title"]})),
        described("application/octet-stream", BodyEncoding::Binary, json!({"type": ["string", "object"]})),
    ]);
    let plan = OperationPlan { body: Some(body), ..plan() };
    let table = [
        (json!({"path": "a.txt", "title": "x"}), "application/json", 0),
        (json!({"path": "a.txt", "title": "x"}), "application/octet-stream", 1),
        (json!({"path": "a.txt"}), "application/octet-stream", 1),
    ];
    for (body, choice, expected) in table {
        let mut count = 0;
        let mut given = arguments(json!({"body": body, "content_type": choice}));
        plan.for_each_file(&mut given, &mut |_| count += 1);
        assert_eq!(count, expected, "{body} {choice}");
    }
    let mut count = 0;
    plan.for_each_file(&mut arguments(json!({"body": {"path": "a.txt"}})), &mut |_| count += 1);
    assert_eq!(count, 1);
}

#[test]
fn binary_bodies() {
    let table = [
        ("application/octet-stream", json!("aGVsbG8="), "application/octet-stream", "hello"),
        ("application/octet-stream", json!("aGVs\nbG8"), "application/octet-stream", "hello"),
        ("application/octet-stream", json!("Pz8_"), "application/octet-stream", "???"),
        ("image/*", json!("data:image/png;base64,aGk="), "image/png", "hi"),
        ("image/png, image/jpeg", json!("aGk="), "image/png", "hi"),
        ("image/png, image/jpeg", json!("data:image/jpeg;base64,aGk="), "image/jpeg", "hi"),
        ("image/*", json!("R0lGODlh"), "image/gif", "GIF89a"),
        ("image/png, image/gif", json!("R0lGODlh"), "image/gif", "GIF89a"),
        ("application/*", json!("aGk="), "application/octet-stream", "hi"),
        ("*/*", json!("R0lGODlh"), "application/octet-stream", "GIF89a"),
        ("*/*", json!({"data": "aGk=", "type": "text/x-y"}), "text/x-y", "hi"),
        ("application/pdf", json!({"data": "aGk=", "type": "text/x-y"}), "application/pdf", "hi"),
        ("application/octet-stream", json!(""), "application/octet-stream", ""),
    ];
    for (declared, value, content_type, body) in table {
        let sent =
            send(whole(vec![media_type(declared, BodyEncoding::Binary)]), json!({"body": value})).unwrap();
        assert_eq!(sent, (content_type.to_owned(), body.to_owned()), "{value}");
    }
    for (declared, value) in [
        ("image/*", json!("data:text/plain,a%20b")),
        ("image/*", json!("aGk=")),
        ("image/png, image/jpeg", json!("data:image/gif;base64,aGk=")),
    ] {
        let error = body_of(declared, BodyEncoding::Binary, &value).unwrap_err();
        assert!(error.contains(&format!("must be within `{declared}`")), "{error}");
    }
    for value in [
        json!("not base64!"),
        json!("https://x.example/a.png"),
        json!(1),
        json!({"name": "x"}),
        json!({"data": "aGk=", "type": "a\r\nb"}),
    ] {
        let error = body_of("application/octet-stream", BodyEncoding::Binary, &value).unwrap_err();
        assert!(error.starts_with("`body`: "), "{error}");
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let text = || prop_oneof![any::<String>(), "[-\r\n\"<>&;:a ]{0,12}", Just("--spandrel".to_owned())];
    let leaf =
        prop_oneof![Just(Value::Null), any::<i64>().prop_map(Value::from), text().prop_map(Value::from)];
    leaf.prop_recursive(3, 16, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(text(), inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Shapes that refer to each other, and to one that does not exist.
fn recursive_shapes() -> Vec<XmlShape> {
    let mut first = XmlShape { wrapped: true, items: Some(1), ..XmlShape::default() };
    first.properties.insert("a".to_owned(), 1);
    let mut second = XmlShape { items: Some(0), ..XmlShape::default() };
    second.properties.insert("a".to_owned(), 9);
    vec![first, second]
}

proptest! {
    #[test]
    fn rendering_never_fails_but_in_words(value in any_json()) {
        let mut multipart = MultipartPlan::default();
        multipart.parts.insert("a".to_owned(), part(PartEncoding::Binary, None, true));
        let xml = XmlPlan { root: "r".to_owned(), shape: 0, shapes: recursive_shapes() };
        let encodings = [
            ("application/json", BodyEncoding::Json),
            ("application/x-ndjson", BodyEncoding::JsonLines),
            ("application/x-www-form-urlencoded", BodyEncoding::Form(FormPlan::default())),
            ("multipart/form-data", BodyEncoding::Multipart(multipart)),
            ("text/plain", BodyEncoding::Text),
            ("application/octet-stream", BodyEncoding::Binary),
            ("application/xml", BodyEncoding::Xml(xml)),
        ];
        for (content_type, encoding) in encodings {
            let plan = OperationPlan { body: Some(whole(vec![media_type(content_type, encoding)])), ..plan() };
            match plan.render(&arguments(json!({"body": value}))) {
                Ok(request) => prop_assert!(request.headers().contains_key("content-type")),
                Err(error) => prop_assert_eq!(error.kind, crate::CallErrorKind::InvalidArguments),
            }
        }
    }

    #[test]
    fn no_value_adds_a_field_or_a_part(texts in prop::collection::btree_map(any::<String>(), any::<String>(), 0..4)) {
        let value = json!(texts);
        let form = BodyEncoding::Form(FormPlan::default());
        let sent = body_of("application/x-www-form-urlencoded", form, &value).unwrap();
        let read: std::collections::BTreeMap<String, String> =
            url::form_urlencoded::parse(sent.as_bytes()).into_owned().collect();
        prop_assert_eq!(&read, &texts);

        let form_data = media_type("multipart/form-data", BodyEncoding::Multipart(MultipartPlan::default()));
        let (content_type, sent) = send(whole(vec![form_data]), json!({"body": value})).unwrap();
        let delimiter = format!("--{}", content_type.split_once("boundary=").unwrap().1);
        let parts: Vec<&str> = sent.split(delimiter.as_str()).collect();
        prop_assert_eq!(parts.len(), texts.len() + 2);
        for (part, text) in parts[1..].iter().zip(texts.values()) {
            let (head, content) = part.split_once("\r\n\r\n").unwrap();
            prop_assert_eq!(head.matches("\r\n").count(), 1);
            prop_assert_eq!(content.strip_suffix("\r\n"), Some(text.as_str()));
        }
    }
}
