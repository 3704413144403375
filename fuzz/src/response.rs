use std::sync::LazyLock;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde_json::Value;
use spandrel_plan::{Catalog, Content, Outcome, ResponseHead, ResponseLimits, Structured, Tool};

use super::choices::Choices;
use super::compiled::catalog;
use super::generate;

static CATALOGS: LazyLock<[Catalog; 2]> = LazyLock::new(|| {
    [catalog(include_bytes!("../../specs/bookshop.yaml")), catalog(include_bytes!("../../specs/bodies.yaml"))]
});

const MEDIA_TYPES: &[&str] = &[
    "application/json",
    "application/problem+json",
    "text/plain; charset=utf-8",
    "text/plain; charset=utf-16",
    "text/html",
    "text/event-stream",
    "image/png",
    "audio/wav",
    "application/octet-stream",
    "application/xml",
    "multipart/mixed; boundary=b",
    "multipart/form-data; boundary=\"a b\"",
    "application/x-ndjson",
    "nonsense",
    "",
    "application/json; charset=iso-8859-1",
];
const STATUSES: &[u16] =
    &[200, 201, 204, 206, 301, 304, 400, 401, 403, 404, 405, 409, 415, 422, 429, 500, 503, 999];
const HEADERS: &[HeaderName] = &[
    header::LOCATION,
    header::RETRY_AFTER,
    header::CONTENT_DISPOSITION,
    header::LINK,
    header::WWW_AUTHENTICATE,
    header::ETAG,
    header::ALLOW,
];
/// What is said of an answer beside its content: no more than this, in bytes.
const MOST_WORDS: usize = 64 * 1024;

/// Any answer: it becomes content, bounded by what came; where the tool promises a schema, a
/// success has structured content that satisfies it.
///
/// The first bytes choose tool, status, media type and a header; the rest is the body.
pub fn response(bytes: &[u8]) {
    let mut choices = Choices::new(bytes);
    let tools = choices.pick(CATALOGS.as_slice()).tools();
    let tool = choices.pick(tools);
    let status = StatusCode::from_u16(*choices.pick(STATUSES)).expect("a status");
    let media_type: &'static str = choices.pick::<&str>(MEDIA_TYPES);
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    let name = choices.pick(HEADERS).clone();
    if let Ok(value) = HeaderValue::from_str(&choices.text()) {
        headers.insert(name, value);
    }
    let body = match choices.byte() % 4 {
        3 => generated(tool, &mut choices),
        _ => Bytes::copy_from_slice(choices.rest()),
    };
    let head = ResponseHead { status, headers };
    let limits = ResponseLimits { embedded_bytes: 1024 };
    let outcome = tool.map_response(&head, body.clone(), &limits);
    assert_outcome(tool, &outcome, status, body.len());
    assert_eq!(outcome, tool.map_response(&head, body, &limits));
}

/// A body that the tool's schema of results may accept.
fn generated(tool: &Tool, choices: &mut Choices<'_>) -> Bytes {
    let schema = tool.output_schema.as_ref().map(spandrel_plan::JsonText::to_value).unwrap_or_default();
    Bytes::from(generate::instance(&schema, &schema["$defs"], choices, 8).to_string())
}

fn assert_outcome(tool: &Tool, outcome: &Outcome, status: StatusCode, body: usize) {
    assert!(!outcome.content.is_empty(), "no content");
    assert!(outcome.is_error || status.as_u16() < 400, "a failure passes for a success");
    assert!(!outcome.is_error || !status.is_success(), "a success passes for a failure");
    let size: usize = outcome.content.iter().map(size).sum();
    // Text in another charset may take three bytes for one.
    assert!(size <= 4 * body + MOST_WORDS, "{body} bytes became {size}");
    match &outcome.structured {
        Some(Structured::Object(text)) => assert!(text.to_value().is_object(), "{text:?}"),
        Some(Structured::Other(text)) => assert!(!text.to_value().is_object(), "{text:?}"),
        None => {}
    }
    if let Some(schema) = tool.output_schema.as_ref().filter(|_| status.is_success()) {
        let Some(Structured::Object(text)) = &outcome.structured else {
            panic!("{} promises structured content: {outcome:?}", tool.name)
        };
        let validator = jsonschema::draft202012::options()
            .should_validate_formats(false)
            .build(&schema.to_value())
            .expect("a schema");
        let value: Value = text.to_value();
        assert!(validator.is_valid(&value), "{}: {value} does not satisfy {}", tool.name, schema.as_str());
    }
}

fn size(content: &Content) -> usize {
    match content {
        Content::Text(text) => text.len(),
        Content::Image { data, .. } | Content::Audio { data, .. } | Content::Binary { data, .. } => {
            data.len()
        }
        // Not in the result itself.
        Content::Oversized { .. } | Content::Link { .. } => 0,
    }
}
