//! Response bodies: a value of the schema, written in the media type.

use bytes::Bytes;
use serde_json::Value;
use spandrel_openapi::{BodySchema, Direction, Location, MediaType};

use super::{echo, files};
use crate::body::media::{self, Kind};
use crate::check::{Check, Checks};
use crate::generate::{Extent, Sample, generate};
use crate::judge::Said;

/// What one media type of a response is answered with.
#[derive(Debug)]
pub(super) struct Content {
    /// `Content-Type`.
    pub(super) name: String,
    /// Whether the body is known to satisfy the schema, or there is none to satisfy.
    pub(super) verified: bool,
    bytes: Bytes,
    /// The value behind `bytes`, where a request's words may be put into it.
    editable: Option<(Value, Location)>,
}

impl Content {
    pub(super) fn new(media: &MediaType, checks: &Checks) -> Self {
        let essence = concrete(&media::essence(&media.name));
        let kind = Kind::of(&essence);
        let opaque = kind == Kind::Binary && !is_text(&essence);
        if opaque || kind == Kind::Multipart {
            return Self::fixed(essence.clone(), file(&essence, media));
        }
        let schema = media.item_schema.as_ref().or(match &media.schema {
            BodySchema::Schema(location) => Some(location),
            _ => None,
        });
        let Some(schema) = schema else {
            let value = media.examples.first().cloned().unwrap_or_else(|| unsaid(kind));
            return Self::fixed(content_type(&essence, media), Bytes::from(write(&value, kind, &essence)));
        };
        let check = checks.get(schema, Direction::Response);
        let Sample { value, verified, .. } =
            example(media, &check).unwrap_or_else(|| generate(&check, Extent::Everything));
        let bytes = Bytes::from(write(&value, kind, &essence));
        let editable = (kind == Kind::Json && verified).then(|| (value, schema.clone()));
        // What is not JSON loses its types on the way, and nobody can tell them from outside.
        let verified = verified || kind != Kind::Json;
        Self { name: content_type(&essence, media), verified, bytes, editable }
    }

    const fn fixed(name: String, bytes: Bytes) -> Self {
        Self { name, verified: true, bytes, editable: None }
    }

    /// The body, with what the request said in members of the same names.
    pub(super) fn with_said(&self, said: &Said, variables: &[(String, String)], checks: &Checks) -> Bytes {
        let Some((value, schema)) = &self.editable else { return self.bytes.clone() };
        let check = || checks.get(schema, Direction::Response);
        let echoed = echo::echo(value, said, variables, check);
        if echoed == *value { self.bytes.clone() } else { Bytes::from(write(&echoed, Kind::Json, "")) }
    }
}

/// The first example that the schema accepts. Some are JSON within a string.
fn example(media: &MediaType, check: &Check) -> Option<Sample> {
    let parsed = |example: &Value| example.as_str().and_then(|text| serde_json::from_str::<Value>(text).ok());
    // Members are said of objects alone, so a schema of members that names no type takes anything.
    let spread = check.shapes().spread(&[check.schema()]);
    let has_members = spread.iter().any(|schema| schema.contains_key("properties"));
    let means_object = has_members && !spread.iter().any(|schema| schema.contains_key("type"));
    let fits = |example: &Value| check.accepts(example) && (example.is_object() || !means_object);
    let value = media.examples.iter().find_map(|example| {
        if fits(example) { Some(example.clone()) } else { parsed(example).filter(|value| fits(value)) }
    })?;
    Some(Sample { value, verified: check.is_compiled(), complaints: Vec::new() })
}

/// One media type of a range.
fn concrete(range: &str) -> String {
    match range {
        "*/*" | "*" | "application/*" | "" => "application/json".to_owned(),
        "text/*" => "text/plain".to_owned(),
        "image/*" => "image/png".to_owned(),
        "audio/*" => "audio/wav".to_owned(),
        range if range.contains('*') => range.replace("*+", "").replace('*', "octet-stream"),
        range => range.to_owned(),
    }
}

/// The media type as the document writes it, unless that is a range.
fn content_type(essence: &str, media: &MediaType) -> String {
    if media.name.contains('*') { essence.to_owned() } else { media.name.clone() }
}

fn is_text(essence: &str) -> bool {
    essence.ends_with("yaml") || essence.contains("csv") || essence.ends_with("event-stream")
}

fn file(essence: &str, media: &MediaType) -> Bytes {
    match media.examples.first() {
        Some(Value::String(text)) => Bytes::from(text.clone()),
        _ => Bytes::from_static(files::of(essence)),
    }
}

/// A value where the document says nothing of it.
fn unsaid(kind: Kind) -> Value {
    match kind {
        Kind::Text => Value::String("string".to_owned()),
        _ => Value::Object(serde_json::Map::new()),
    }
}

fn write(value: &Value, kind: Kind, essence: &str) -> Vec<u8> {
    let text = match kind {
        Kind::JsonLines => lines(value, essence),
        Kind::Form => form(value),
        Kind::Xml => format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>{}", element("response", value)),
        Kind::Json => value.to_string(),
        _ if essence.ends_with("event-stream") => events(value),
        _ => match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        },
    };
    text.into_bytes()
}

/// Records, two of them where the value is that of one.
fn records(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().collect(),
        other => vec![other, other],
    }
}

fn lines(value: &Value, essence: &str) -> String {
    let mark = if essence.ends_with("json-seq") { "\u{1e}" } else { "" };
    records(value)
        .into_iter()
        .flat_map(|record| [mark.to_owned(), record.to_string(), "\n".to_owned()])
        .collect()
}

/// Server-sent events. A record with a member `data` is an event itself.
fn events(value: &Value) -> String {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let event = |record: &Value| match record {
        Value::Object(fields) if fields.contains_key("data") => {
            let fields =
                fields.iter().filter(|(name, _)| matches!(name.as_str(), "data" | "event" | "id" | "retry"));
            let lines = fields.flat_map(|(name, value)| {
                text(value).lines().map(|line| format!("{name}: {line}\n")).collect::<Vec<_>>()
            });
            lines.collect::<String>() + "\n"
        }
        Value::String(text) if text.contains("data:") => format!("{}\n\n", text.trim_end()),
        record => text(record).lines().flat_map(|line| ["data: ", line, "\n"]).collect::<String>() + "\n",
    };
    records(value).into_iter().map(event).collect()
}

fn form(value: &Value) -> String {
    let Value::Object(members) = value else { return String::new() };
    let encode = |text: &str| {
        percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
    };
    let pairs = members.iter().map(|(name, value)| {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        format!("{}={}", encode(name), encode(&text))
    });
    pairs.collect::<Vec<_>>().join("&")
}

/// An element tree; the items of an array are elements of the array's name.
fn element(name: &str, value: &Value) -> String {
    let name: String =
        name.chars().map(|c| if c.is_alphanumeric() || "_-.".contains(c) { c } else { '_' }).collect();
    let name =
        if name.starts_with(|c: char| c.is_alphabetic() || c == '_') { name } else { format!("_{name}") };
    let inner = match value {
        Value::Object(members) => members
            .iter()
            .map(|(member, value)| match value {
                Value::Array(items) => items.iter().map(|item| element(member, item)).collect(),
                value => element(member, value),
            })
            .collect::<String>(),
        Value::Array(items) => items.iter().map(|item| element("item", item)).collect(),
        Value::Null => String::new(),
        Value::String(text) => escape(text),
        other => other.to_string(),
    };
    format!("<{name}>{inner}</{name}>")
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            // XML 1.0 has no way to write these.
            control if control.is_control() && !"\t\n\r".contains(control) => escaped.push('\u{fffd}'),
            other => escaped.push(other),
        }
    }
    escaped
}
