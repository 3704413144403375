#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use bytes::Bytes;
use serde_json::{Value, json};
use spandrel_plan::JsonText;

use super::*;

#[test]
fn only_an_unknown_tool_is_a_protocol_error() {
    use CallErrorKind as Kind;
    for (kind, expected) in [
        (Kind::UnknownTool, ErrorChannel::Protocol),
        (Kind::InvalidArguments, ErrorChannel::Result),
        (Kind::Refused, ErrorChannel::Result),
        (Kind::ServerUnknown, ErrorChannel::Result),
        (Kind::CredentialMissing, ErrorChannel::Result),
        (Kind::CredentialFailed, ErrorChannel::Result),
        (Kind::RequestNotRenderable, ErrorChannel::Result),
        (Kind::EgressRefused, ErrorChannel::Result),
        (Kind::NameNotResolved, ErrorChannel::Result),
        (Kind::ConnectFailed, ErrorChannel::Result),
        (Kind::TlsFailed, ErrorChannel::Result),
        (Kind::TimedOut, ErrorChannel::Result),
        (Kind::ConnectionBroken, ErrorChannel::Result),
        (Kind::MalformedResponse, ErrorChannel::Result),
        (Kind::ResponseTooLarge, ErrorChannel::Result),
        (Kind::Cancelled, ErrorChannel::Result),
        (Kind::Internal, ErrorChannel::Result),
    ] {
        assert_eq!(channel(kind), expected, "{kind:?}");
        let written = write(Err(CallError::new(kind, "why")), None, true);
        match expected {
            ErrorChannel::Protocol => assert_eq!(written.unwrap_err().code.0, -32602),
            ErrorChannel::Result => {
                let result = serde_json::to_value(written.unwrap()).unwrap();
                assert_eq!(
                    (&result["isError"], &result["content"][0]["text"]),
                    (&json!(true), &json!("why"))
                );
            }
        }
    }
}

#[test]
fn every_content_has_a_block() {
    let data = Bytes::from_static(b"\xff\x00\x01");
    for (content, block) in [
        (Content::Text("a".to_owned()), json!({"type": "text", "text": "a"})),
        (
            Content::Image { data: data.clone(), media_type: "image/png".to_owned() },
            json!({"type": "image", "data": "/wAB", "mimeType": "image/png"}),
        ),
        (
            Content::Audio { data: data.clone(), media_type: "audio/wav".to_owned() },
            json!({"type": "audio", "data": "/wAB", "mimeType": "audio/wav"}),
        ),
        (
            Content::Binary { uri: "a:b".to_owned(), data, media_type: "application/pdf".to_owned() },
            json!({"type": "resource", "resource": {"uri": "a:b", "blob": "/wAB", "mimeType": "application/pdf"}}),
        ),
    ] {
        let result = write(Ok(Outcome { content: vec![content], ..Outcome::default() }), None, true).unwrap();
        assert_eq!(serde_json::to_value(result).unwrap()["content"], json!([block]));
    }
    let link = Content::Link {
        uri: "spandrel://results/1f".to_owned(),
        description: "Read it.".to_owned(),
        media_type: "application/pdf".to_owned(),
        size: 9,
    };
    let outcome = Outcome { content: vec![link], ..Outcome::default() };
    let blocks = |knows_links| {
        let result = write(Ok(outcome.clone()), None, knows_links).unwrap();
        serde_json::to_value(result).unwrap()["content"].take()
    };
    let link = json!({"type": "resource_link", "uri": "spandrel://results/1f", "name": "1f",
        "description": "Read it.", "mimeType": "application/pdf", "size": 9});
    assert_eq!(blocks(true), json!([link]));
    assert_eq!(blocks(false), json!([{"type": "text", "text": "Read it."}]));
}

#[test]
fn structured_content_is_for_the_revisions_that_carry_it() {
    let meta = MetaObject::default();
    let object = || Structured::Object(JsonText::from_value(&json!({"a": 1})));
    let other = || Structured::Other(JsonText::from_value(&Value::Null));
    for (structured, meta, expected) in [
        (None, Some(&meta), None),
        (Some(object()), None, Some(json!({"a": 1}))),
        (Some(object()), Some(&meta), Some(json!({"a": 1}))),
        (Some(other()), None, None),
        (Some(other()), Some(&meta), Some(Value::Null)),
    ] {
        let result = write(Ok(Outcome { structured, ..Outcome::text("a") }), meta, true).unwrap();
        assert_eq!(result.structured_content, expected);
        assert_eq!(result.meta.as_ref(), meta);
    }
}

#[test]
fn what_programs_want_to_know_is_in_meta() {
    let plain = Outcome { status: Some(200), ..Outcome::text("a") };
    let told = Outcome {
        status: Some(404),
        headers: vec![("etag".to_owned(), "\"1\"".to_owned())],
        drift: Some("/id is string".to_owned()),
        ..Outcome::text("a")
    };
    let mut server = MetaObject::default();
    server.insert("server".to_owned(), json!(1));
    let own = json!({
        "spandrel/status": 404,
        "spandrel/headers": {"etag": "\"1\""},
        "spandrel/drift": "/id is string",
    });
    let mut both = own.clone();
    both["server"] = json!(1);
    for (outcome, meta, expected) in
        [(plain, None, Value::Null), (told.clone(), None, own), (told, Some(&server), both)]
    {
        let result = serde_json::to_value(write(Ok(outcome), meta, true).unwrap()).unwrap();
        assert_eq!(result["_meta"], expected);
    }
}
