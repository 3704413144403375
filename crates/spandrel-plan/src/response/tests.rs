#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{ResponseHead, ResponseLimits};
use crate::test_plan::{any_object, plan, tool};
use crate::{
    Content, OperationPlan, Outcome, ResponsePlan, SecurityAlternative, SecuritySchemeUse, StatusPattern,
    Structured, Tool,
};

fn head(status: u16, headers: &[(&str, &str)]) -> ResponseHead {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.append(HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_str(value).unwrap());
    }
    ResponseHead { status: StatusCode::from_u16(status).unwrap(), headers: map }
}

fn map_with(tool: &Tool, head: &ResponseHead, body: impl Into<Bytes>) -> Outcome {
    tool.map_response(head, body.into(), &ResponseLimits { embedded_bytes: 100 })
}

fn map(status: u16, headers: &[(&str, &str)], body: impl Into<Bytes>) -> Outcome {
    map_with(&tool(plan(), &any_object(), None), &head(status, headers), body)
}

fn of_type(media_type: &str, body: impl Into<Bytes>) -> Outcome {
    map(200, &[("content-type", media_type)], body)
}

fn texts(outcome: &Outcome) -> Vec<&str> {
    outcome
        .content
        .iter()
        .map(|content| match content {
            Content::Text(text) => text.as_str(),
            other => panic!("{other:?} is no text"),
        })
        .collect()
}

fn structured(outcome: &Outcome) -> Option<&str> {
    outcome.structured.as_ref().map(|structured| match structured {
        Structured::Object(json) | Structured::Other(json) => json.as_str(),
    })
}

#[test]
fn json_keeps_its_text() {
    let text = " {\"b\": 1.10, \"a\": 12345678901234567890123}\n";
    for media_type in ["application/json", "application/vnd.x+json; charset=utf-8", "text/json"] {
        let outcome = of_type(media_type, text);
        assert_eq!(texts(&outcome), [text]);
        assert_eq!(structured(&outcome), Some(text.trim()));
        assert!(matches!(outcome.structured, Some(Structured::Object(_))));
        assert_eq!((outcome.status, outcome.is_error, outcome.drift), (Some(200), false, None));
    }
    assert!(matches!(of_type("application/json", "[1]").structured, Some(Structured::Other(_))));
    assert_eq!(structured(&map(200, &[], "{\"a\":1}")), Some("{\"a\":1}"));
    assert_eq!(structured(&of_type("text/plain", "{\"a\":1}")), None);
    let broken = of_type("application/json", "{\"a\":");
    assert_eq!(texts(&broken)[0], "{\"a\":");
    assert!(texts(&broken)[1].starts_with("The body is labelled application/json, but is not valid JSON: "));
    assert_eq!(structured(&broken), None);
    assert_eq!(
        texts(&of_type("application/json", "  ")),
        ["The body is labelled application/json, but is blank."]
    );
    assert_eq!(structured(&of_type("application/json", "\u{feff}[]")), Some("[]"));
}

#[test]
fn a_success_always_satisfies_the_advertised_schema() {
    let schema = json!({"type": "object", "properties": {"id": {"type": "integer"}}});
    let tool = tool(plan(), &any_object(), Some(&schema));
    let json_head = |status| head(status, &[("content-type", "application/json")]);
    let table: [(u16, &str, Option<&str>, bool); 7] = [
        (200, r#"{"id":1}"#, Some(r#"{"id":1}"#), false),
        (200, r#"{"id":"x"}"#, Some(r#"{"unexpectedBody":{"id":"x"}}"#), true),
        (200, "[1]", Some(r#"{"unexpectedBody":[1]}"#), true),
        (200, "oops\"", Some(r#"{"unexpectedBody":"oops\""}"#), true),
        (204, "", Some(r#"{"unexpectedBody":null}"#), true),
        (400, r#"{"id":"x"}"#, None, false),
        (400, r#"{"id":2}"#, Some(r#"{"id":2}"#), false),
    ];
    for (status, body, expected, drifted) in table {
        let outcome = map_with(&tool, &json_head(status), body);
        assert_eq!((structured(&outcome), outcome.drift.is_some()), (expected, drifted), "{status} {body}");
        assert!(!matches!(outcome.structured, Some(Structured::Other(_))));
    }
    let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    let outcome = map_with(&tool, &json_head(200), deep);
    assert_eq!(
        texts(&outcome)[1],
        "The body is JSON that nests deeper than 100 levels; it is passed on as text only."
    );
    let image = map_with(&tool, &head(200, &[("content-type", "image/png")]), "png");
    assert_eq!(structured(&image), Some(r#"{"unexpectedBody":null}"#));
}

#[test]
fn what_is_no_object_is_wrapped_as_advertised() {
    let schema = json!({"type": "object", "properties": {
        "result": {"type": "array", "items": {"type": "object", "properties": {"id": {"type": "integer"}}}},
    }});
    let response = ResponsePlan { wraps_result: true, ..ResponsePlan::default() };
    let tool = tool(OperationPlan { response, ..plan() }, &any_object(), Some(&schema));
    let table = [
        (200, "[]", Some(r#"{"result":[]}"#), None),
        (200, r#" [{"id": 1.0}] "#, Some(r#"{"result":[{"id": 1.0}]}"#), None),
        (
            200,
            r#"[{"id":"x"}]"#,
            Some(r#"{"unexpectedBody":[{"id":"x"}]}"#),
            Some("/result/0/id is string where the schema says integer"),
        ),
        (200, "{}", Some(r#"{"unexpectedBody":{}}"#), Some("/result is object where the schema says array")),
        (204, "", Some(r#"{"unexpectedBody":null}"#), Some("there is no body where the schema says object")),
        (404, r#"{"message":"no"}"#, None, None),
    ];
    for (status, body, expected, drift) in table {
        let outcome = map_with(&tool, &head(status, &[("content-type", "application/json")]), body);
        assert_eq!((structured(&outcome), outcome.drift.as_deref()), (expected, drift), "{status} {body}");
        // The text is the body as it came.
        assert!(body.is_empty() || texts(&outcome).contains(&body), "{outcome:?}");
    }
}

#[test]
fn what_readers_differ_on_is_settled() {
    let twice = of_type("application/json", r#"{"b":1.10,"a":1,"b":2.0}"#);
    assert_eq!(structured(&twice), Some(r#"{"b":2.0,"a":1}"#));
    assert_eq!(
        texts(&twice),
        [
            r#"{"b":1.10,"a":1,"b":2.0}"#,
            "The body names `b` twice in one object; the structured content has the last."
        ]
    );
    for (body, why) in [
        (r#"{"a":"\ud800"}"#.to_owned(), "holds a string that is no Unicode text"),
        (format!("[{}]", "1".repeat(5000)), "holds a number that most clients cannot read"),
        (r#"{"$serde_json::private::RawValue":"x"}"#.to_owned(), "holds a key that cannot be passed on"),
    ] {
        let outcome = of_type("application/json", body.clone());
        assert_eq!(structured(&outcome), None);
        assert_eq!(
            texts(&outcome),
            [body, format!("The body is JSON that {why}; it is passed on as text only.")]
        );
    }
    let large = of_type("application/json", r#"{"a":1e400,"b":-0,"c":1E+2}"#);
    assert_eq!(structured(&large), Some(r#"{"a":1e400,"b":-0,"c":1E+2}"#));
}

#[test]
fn text_is_decoded() {
    type Row<'a> = (&'a str, &'a [u8], &'a [&'a str]);
    let replaced = "Some bytes of the body are not valid in UTF-8; they are shown as \u{fffd}.";
    let table: [Row<'_>; 23] = [
        ("text/plain", "é".as_bytes(), &["é"]),
        ("text/plain; charset=ISO-8859-1", b"\xe9", &["é"]),
        ("text/csv; charset=\"utf-16le\"", b"a\0,\0", &["a,"]),
        ("text/plain; charset=latin1", b"\xef\xbb\xbf\xc3\xa9", &["é"]),
        ("text/plain; charset=utf-8", b"\xffa", &["\u{fffd}a", replaced]),
        ("text/plain", b"a\xc3", &["a\u{fffd}", replaced]),
        (
            "text/plain; charset=nonsense",
            b"\xc3\xa9",
            &["é", "The charset `nonsense` is not known; the body is read as UTF-8."],
        ),
        ("text/plain; charset=nonsense", b"a", &["a"]),
        ("application/xml", b"<a/>", &["<a/>"]),
        (
            "application/xml",
            b"<?xml version='1.0' encoding='ISO-8859-1'?>\xe9",
            &["<?xml version='1.0' encoding='ISO-8859-1'?>é"],
        ),
        (
            "application/xml; charset=utf-8",
            "<?xml version='1.0' encoding='ISO-8859-1'?>é".as_bytes(),
            &["<?xml version='1.0' encoding='ISO-8859-1'?>é"],
        ),
        ("application/soap+xml", b"\0<\0a\0/\0>", &["<a/>"]),
        ("text/xml", b"<?xml encoding=\"utf-16\"?>", &["<?xml encoding=\"utf-16\"?>"]),
        ("text/html", b"<meta charset=windows-1252>\x80", &["<meta charset=windows-1252>€"]),
        (
            "text/html",
            b"<META http-equiv='x' content='text/html; charset=Shift_JIS'>\x82\xa0",
            &["<META http-equiv='x' content='text/html; charset=Shift_JIS'>あ"],
        ),
        ("text/plain", b"<meta charset=windows-1252>", &["<meta charset=windows-1252>"]),
        ("application/json; charset=iso-8859-1", "\"é\"".as_bytes(), &["\"é\""]),
        ("application/json; charset=iso-8859-1", b"\"\xe9\"", &["\"é\""]),
        ("application/json", b"\"\0a\0\"\0", &["\"a\""]),
        ("image/svg+xml", b"<svg/>", &["<svg/>"]),
        ("application/x-ndjson", b"{}\n{}\n", &["{}\n{}\n"]),
        ("application/json-seq", b"\x1e{}\n\x1e{}\n", &["{}\n{}\n"]),
        ("application/vnd.github.diff", b"+a", &["+a"]),
    ];
    for (media_type, body, expected) in table {
        assert_eq!(texts(&of_type(media_type, body.to_vec())), expected, "{media_type}");
    }
    assert_eq!(texts(&map(200, &[], "plain")), ["plain"]);
    let events = "event: a\ndata: {\"x\":1}\n\n: comment\r\ndata:two\r\ndata: lines\r\n\r\ndatum: no\ndata\n\ndata: cut";
    assert_eq!(texts(&of_type("text/event-stream", events)), ["event: a\n{\"x\":1}\ntwo\nlines\n\ncut"]);
}

#[test]
fn a_wrong_label_does_not_hide_the_body() {
    let png = Bytes::from_static(b"\x89PNG\r\n\x1a\n\0\0");
    let image = Content::Image { data: png.clone(), media_type: "image/png".to_owned() };
    for (media_type, note) in [
        ("application/octet-stream", None),
        ("", None),
        (";;;/=", None),
        ("picture", None),
        ("application/json", Some("The body is labelled application/json, but is no text.")),
        ("text/html; charset=utf-8", Some("The body is labelled text/html, but is no text.")),
    ] {
        let outcome = of_type(media_type, png.clone());
        assert_eq!(outcome.content[0], image, "{media_type}");
        let said = outcome.content.get(1).map(|content| match content {
            Content::Text(text) => text.as_str(),
            other => panic!("{other:?}"),
        });
        assert_eq!(said, note, "{media_type}");
    }
    let schema = json!({"type": "object", "properties": {"id": {"type": "integer"}}});
    let tool = tool(plan(), &any_object(), Some(&schema));
    for media_type in ["text/plain", "text/html"] {
        let outcome = map_with(&tool, &head(200, &[("content-type", media_type)]), r#"{"id":1}"#);
        assert_eq!((structured(&outcome), &outcome.drift), (Some(r#"{"id":1}"#), &None));
    }
    let page = map_with(&tool, &head(200, &[("content-type", "application/json")]), "<html>");
    assert_eq!(structured(&page), Some(r#"{"unexpectedBody":"<html>"}"#));
    assert_eq!(page.drift.as_deref(), Some("the body is no JSON where the schema says object"));
}

#[test]
fn credentials_and_scopes_are_named() {
    let scheme = |name: &str, scopes: &[&str]| SecuritySchemeUse {
        name: name.to_owned(),
        scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
        kind: std::sync::Arc::new(crate::SecuritySchemeKind::MutualTls),
    };
    let one = SecurityAlternative { schemes: vec![scheme("oauth", &["read:things", "write:things"])] };
    let both = SecurityAlternative { schemes: vec![scheme("key", &[]), scheme("app", &[])] };
    for (security, status, expected) in [
        (vec![], 401, "must check the credential configured for this API; its document asks for none here."),
        (
            vec![one.clone(), both, SecurityAlternative::default()],
            401,
            "must check the credential of the security scheme `oauth` or `key` with `app`.",
        ),
        (vec![one], 403, "may do. The document asks for the scopes read:things, write:things."),
    ] {
        let tool = tool(OperationPlan { security, ..plan() }, &any_object(), None);
        let outcome = map_with(&tool, &head(status, &[]), "");
        assert!(texts(&outcome)[0].ends_with(expected), "{outcome:?}");
    }
}

#[test]
fn headers_that_matter_are_kept() {
    let headers = [
        ("etag", "W/\"1\""),
        ("x-ratelimit-remaining", "4999"),
        ("link", "</a>; rel=next"),
        ("link", "</b>; rel=last"),
        ("set-cookie", "secret"),
        ("x-other", "no"),
    ];
    let outcome = map(200, &headers, "a");
    assert_eq!(texts(&outcome), ["a", "headers:\nlink: </a>; rel=next\nlink: </b>; rel=last"]);
    let kept =
        [("link", "</a>; rel=next, </b>; rel=last"), ("etag", "W/\"1\""), ("x-ratelimit-remaining", "4999")];
    assert_eq!(outcome.headers, kept.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let strong =
        map(200, &[("etag", "\"1\""), ("x-ratelimit-remaining", "2"), ("x-ratelimit-reset", "9")], "a");
    assert_eq!(texts(&strong)[1], "headers:\netag: \"1\"\nx-ratelimit-remaining: 2\nx-ratelimit-reset: 9");
    let long = map(200, &[("location", &"x".repeat(5000))], "a");
    assert!(texts(&long)[1].len() < 1100 && long.headers[0].1.len() < 1100);
}

#[test]
fn bytes_become_blocks_within_the_bound() {
    let data = Bytes::from_static(b"\x00\xff");
    let media_type = |text: &str| text.to_owned();
    let uri = "spandrel://response/get_thing".to_owned();
    let table = [
        ("image/png", Content::Image { data: data.clone(), media_type: media_type("image/png") }),
        ("audio/wav; x=y", Content::Audio { data: data.clone(), media_type: media_type("audio/wav") }),
        (
            "application/pdf",
            Content::Binary {
                uri: uri.clone(),
                data: data.clone(),
                media_type: media_type("application/pdf"),
            },
        ),
        (
            "application/vnd.ms-excel",
            Content::Binary {
                uri: uri.clone(),
                data: data.clone(),
                media_type: media_type("application/vnd.ms-excel"),
            },
        ),
    ];
    for (declared, expected) in table {
        assert_eq!(of_type(declared, data.clone()).content, [expected]);
    }
    let unlabelled =
        Content::Binary { uri, data: data.clone(), media_type: media_type("application/octet-stream") };
    assert_eq!(map(200, &[], data).content, [unlabelled]);
    let large = of_type("image/png", vec![0; 101]);
    let data = vec![0; 101].into();
    assert_eq!(large.content, [Content::Oversized { data, media_type: "image/png".to_owned() }]);
}

#[test]
fn multipart_responses_are_a_block_a_part() {
    let body = "preamble\r\n--b\r\nContent-Type: text/plain\r\n\r\na --b\r\nb\r\n--b \r\n\r\nno head\r\n--b\r\ncontent-type: image/png\r\n\r\n\u{1}\r\n--b\r\nContent-Type: application/json\r\n\r\n{}\r\n--b--\r\nepilogue";
    let outcome = of_type("multipart/mixed; boundary=\"b\"", body);
    let text = |text: &str| Content::Text(text.to_owned());
    let image = Content::Image { data: Bytes::from_static(b"\x01"), media_type: "image/png".to_owned() };
    assert_eq!(outcome.content, [text("a --b\r\nb"), text("no head"), image, text("{}")]);
    for (media_type, body) in [
        ("multipart/mixed", "--b\r\n"),
        ("multipart/mixed; boundary=b", "nothing"),
        ("multipart/x; boundary=b", "--b"),
    ] {
        assert!(matches!(of_type(media_type, body).content[..], [Content::Binary { .. }]), "{body}");
    }
}

#[test]
fn nothing_is_said_in_words() {
    assert_eq!(texts(&map(204, &[], "")), ["The API answered 204 No Content, with no body."]);
    assert_eq!(texts(&map(304, &[], "")), ["The API answered 304 Not Modified, with no body."]);
    let created = map(201, &[("location", "/things/7"), ("x-ratelimit-remaining", "50")], "");
    assert_eq!(
        texts(&created),
        ["The API answered 201 Created, with no body.", "headers:\nlocation: /things/7"]
    );
    let redirect = map(302, &[("location", "https://x.example/")], "");
    assert_eq!(
        texts(&redirect)[0],
        "HTTP 302 Found: the API redirects to https://x.example/, which was not followed."
    );
    assert!(redirect.is_error && !map(304, &[], "").is_error);
    assert!(map(308, &[("content-type", "application/json")], "{}").is_error);
    let described = |pattern| {
        let response = ResponsePlan {
            descriptions: vec![(pattern, "What went wrong.".to_owned())],
            ..ResponsePlan::default()
        };
        let outcome =
            map_with(&tool(OperationPlan { response, ..plan() }, &any_object(), None), &head(204, &[]), "");
        texts(&outcome)[0].to_owned()
    };
    let plain = "The API answered 204 No Content, with no body.";
    assert_eq!(described(StatusPattern::Default), plain);
    assert_eq!(described(StatusPattern::Class(2)), format!("{plain} What went wrong."));
    let of_head = OperationPlan { method: Method::HEAD, ..plan() };
    let outcome = map_with(&tool(of_head, &any_object(), None), &head(200, &[("content-length", "12")]), "");
    assert_eq!(texts(&outcome)[1], "headers:\ncontent-length: 12");
}

#[test]
fn failures_say_what_to_do() {
    let table = [
        (404, vec![], "HTTP 404 Not Found: No such thing."),
        (418, vec![], "HTTP 418 I'm a teapot: Something is wrong."),
        (403, vec![], "HTTP 403 Forbidden: Something is wrong.\nThe credentials do not allow this."),
        (401, vec![], "HTTP 401 Unauthorized: Something is wrong.\nThe API did not accept the credentials"),
        (
            429,
            vec![("retry-after", "30")],
            "HTTP 429 Too Many Requests: Something is wrong.\nToo many requests: wait 30 seconds before",
        ),
        (
            503,
            vec![("retry-after", "5")],
            "HTTP 503 Service Unavailable: It failed.\nThe API failed, not the arguments: the same call may be made again. Wait 5 seconds first.",
        ),
        (101, vec![], "HTTP 101 Switching Protocols\nThe API ended the exchange without an answer"),
        (599, vec![], "HTTP 599: It failed.\nThe API failed, not the arguments"),
    ];
    let descriptions = vec![
        (StatusPattern::Default, "Anything else.".to_owned()),
        (StatusPattern::Class(4), "Something is wrong.".to_owned()),
        (StatusPattern::Exact(404), " No such thing. ".to_owned()),
        (StatusPattern::Class(5), "It failed.".to_owned()),
    ];
    let tool = tool(
        OperationPlan { response: ResponsePlan { descriptions, ..ResponsePlan::default() }, ..plan() },
        &any_object(),
        None,
    );
    for (status, headers, expected) in table {
        let outcome = map_with(&tool, &head(status, &headers), "");
        assert!(outcome.is_error);
        assert!(texts(&outcome)[0].starts_with(expected), "{}", texts(&outcome)[0]);
    }
    let with_body = map_with(&tool, &head(404, &[("content-type", "text/plain")]), "gone");
    assert_eq!(
        texts(&with_body),
        [
            "HTTP 404 Not Found\nNothing was found under these arguments: check the identifiers among them.",
            "gone"
        ]
    );
    let limited = map(429, &[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "99")], "{}");
    assert_eq!(texts(&limited)[2], "headers:\nx-ratelimit-remaining: 0\nx-ratelimit-reset: 99");
}

#[test]
fn problems_are_understood() {
    let body = r#"{"title":"Invalid.","detail":"Two fields are wrong","errors":[{"pointer":"/a"},{"pointer":"/b"}]}"#;
    let outcome = map(422, &[("content-type", "application/problem+json")], body);
    assert_eq!(
        texts(&outcome),
        [
            "HTTP 422 Unprocessable Entity: Invalid. Two fields are wrong\n- {\"pointer\":\"/a\"}\n- {\"pointer\":\"/b\"}\nThe API refuses the arguments: correct what it names before calling again.",
            body
        ]
    );
    assert_eq!(structured(&outcome), Some(body));
}

proptest! {
    #[test]
    fn mapping_never_fails(
        status in 200_u16..600,
        media_type in prop_oneof![
            Just("application/json".to_owned()), Just("multipart/mixed; boundary=b".to_owned()),
            Just("text/event-stream".to_owned()), Just("text/plain; charset=utf-16".to_owned()), "[ -~]{0,30}",
        ],
        body in prop_oneof![
            prop::collection::vec(any::<u8>(), 0..200),
            "(--b|\r\n|-|Content-Type: |text/plain|data:|[a-z]){0,20}".prop_map(String::into_bytes),
        ],
    ) {
        let schema = json!({"type": "object"});
        let tool = tool(plan(), &any_object(), Some(&schema));
        let outcome = map_with(&tool, &head(status, &[("content-type", &media_type)]), body);
        prop_assert!(!outcome.content.is_empty());
        prop_assert_eq!(outcome.is_error, status >= 400 || (status >= 300 && status != 304));
        if !outcome.is_error {
            let is_object = structured(&outcome)
                .is_some_and(|text| serde_json::from_str::<Value>(text).unwrap().is_object());
            prop_assert!(is_object);
        }
    }
}
