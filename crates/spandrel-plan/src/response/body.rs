//! Mapping a body, or a part of one, to content.

use bytes::Bytes;

use super::kind::Kind;
use super::{event_stream, parts, text};
use crate::catalog::JsonText;
use crate::media_type::essence;
use crate::outcome::Content;

const OCTET_STREAM: &str = "application/octet-stream";

/// What a body came to.
#[derive(Default)]
pub(super) struct Mapped {
    pub(super) content: Vec<Content>,
    /// The body, where it is one JSON text.
    pub(super) json: Option<JsonText>,
}

impl Mapped {
    fn one(content: Content) -> Self {
        Self { content: vec![content], json: None }
    }

    fn text(text: impl Into<String>) -> Self {
        Self::one(Content::Text(text.into()))
    }
}

/// How much binary content may still be embedded, and under which URIs.
pub(super) struct Embedding<'a> {
    tool: &'a str,
    left: usize,
    /// The part of a multipart body that is being mapped, from 1.
    pub(super) part: Option<usize>,
}

impl<'a> Embedding<'a> {
    pub(super) const fn new(tool: &'a str, left: usize) -> Self {
        Self { tool, left, part: None }
    }

    /// `content`, or words about it where it is too large.
    fn embed(
        &mut self,
        data: Bytes,
        media_type: &str,
        content: impl FnOnce(Bytes, String) -> Content,
    ) -> Content {
        let size = data.len();
        if size > self.left {
            return Content::Text(format!(
                "The API answered with {size} bytes of {media_type}, which is more than a result may embed here ({} bytes left).",
                self.left
            ));
        }
        self.left -= size;
        content(data, media_type.to_owned())
    }

    fn uri(&self) -> String {
        let part = self.part.map(|part| format!("/{part}")).unwrap_or_default();
        format!("spandrel://response/{}{part}", self.tool)
    }
}

/// Maps a body that is not empty by its `Content-Type`; without one, by what it looks like.
pub(super) fn map(media_type: Option<&str>, data: Bytes, embedding: &mut Embedding<'_>) -> Mapped {
    let media_type = media_type.map(str::trim).filter(|text| !text.is_empty());
    let Some(full) = media_type else { return without_type(data, embedding) };
    let short = essence(full);
    match Kind::of(full) {
        Kind::Json => json(full, &data),
        Kind::Text => Mapped::text(text::decode(full, &data)),
        // The separators of RFC 7464 say nothing to a model.
        Kind::JsonLines => Mapped::text(text::decode(full, &data).replace('\u{1E}', "")),
        Kind::EventStream => Mapped::text(event_stream::data_of(&text::decode(full, &data))),
        Kind::Image => {
            Mapped::one(embedding.embed(data, short, |data, media_type| Content::Image { data, media_type }))
        }
        Kind::Audio => {
            Mapped::one(embedding.embed(data, short, |data, media_type| Content::Audio { data, media_type }))
        }
        Kind::Multipart if embedding.part.is_none() => match parts::split(full, &data) {
            Some(split) => Mapped { content: parts::map(&split, embedding), json: None },
            None => binary(data, short, embedding),
        },
        Kind::Unknown => match text::sniff(&data) {
            Some(text) => Mapped::text(text),
            None => binary(data, short, embedding),
        },
        Kind::Binary | Kind::Multipart => binary(data, short, embedding),
    }
}

fn without_type(data: Bytes, embedding: &mut Embedding<'_>) -> Mapped {
    match text::sniff(&data) {
        Some(text) => {
            let json = text.trim_start().starts_with(['{', '[']);
            let json = json.then(|| JsonText::from_text(text.to_owned()));
            Mapped { json: json.and_then(Result::ok), ..Mapped::text(text) }
        }
        None => binary(data, OCTET_STREAM, embedding),
    }
}

/// The text is passed on as it came, so that numbers keep their digits.
fn json(media_type: &str, data: &[u8]) -> Mapped {
    let text = text::decode(media_type, data);
    if text.trim().is_empty() {
        return Mapped::text(format!("The body is labelled {}, but is blank.", essence(media_type)));
    }
    match JsonText::from_text(text.clone()) {
        Ok(json) => Mapped { json: Some(json), ..Mapped::text(text) },
        Err(error) => {
            let note =
                format!("The body is labelled {}, but is not valid JSON: {error}.", essence(media_type));
            Mapped { content: vec![Content::Text(text), Content::Text(note)], json: None }
        }
    }
}

fn binary(data: Bytes, media_type: &str, embedding: &mut Embedding<'_>) -> Mapped {
    let uri = embedding.uri();
    Mapped::one(embedding.embed(data, media_type, |data, media_type| Content::Binary {
        uri,
        data,
        media_type,
    }))
}
