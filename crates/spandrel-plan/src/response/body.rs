//! Mapping a body, or a part of one, to content.

use bytes::Bytes;

use super::kind::Kind;
use super::text::Decoded;
use super::{event_stream, parts, text};
use crate::catalog::JsonText;
use crate::media_type::{essence, is_concrete};
use crate::outcome::Content;
use crate::signature;

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

    fn noted(mut self, note: Option<String>) -> Self {
        self.content.extend(note.map(Content::Text));
        self
    }
}

/// How much binary content may still be embedded, and under which URIs.
pub(super) struct Embedding<'a> {
    tool: &'a str,
    left: usize,
    /// Whether the tool advertises that its result is JSON.
    expects_json: bool,
    /// The part of a multipart body that is being mapped, from 1.
    pub(super) part: Option<usize>,
}

impl<'a> Embedding<'a> {
    pub(super) const fn new(tool: &'a str, left: usize, expects_json: bool) -> Self {
        Self { tool, left, expects_json, part: None }
    }

    /// `content`, or the bare bytes where they are too many.
    fn embed(
        &mut self,
        data: Bytes,
        media_type: &str,
        content: impl FnOnce(Bytes, String) -> Content,
    ) -> Content {
        let size = data.len();
        if size > self.left {
            return Content::Oversized { data, media_type: media_type.to_owned() };
        }
        self.left -= size;
        content(data, media_type.to_owned())
    }

    fn uri(&self) -> String {
        let part = self.part.map(|part| format!("/{part}")).unwrap_or_default();
        format!("spandrel://response/{}{part}", self.tool)
    }
}

/// Maps a body that is not empty by its `Content-Type`; without one that names a type, by what it looks like.
pub(super) fn map(media_type: Option<&str>, data: Bytes, embedding: &mut Embedding<'_>) -> Mapped {
    let media_type = media_type.map(str::trim).filter(|text| is_concrete(text));
    let Some(full) = media_type else { return without_type(&data, embedding) };
    let short = essence(full);
    match Kind::of(full) {
        Kind::Json | Kind::Text | Kind::JsonLines | Kind::EventStream if is_no_text(full, &data) => {
            let media_type = signature::media_type(&data).unwrap_or(OCTET_STREAM);
            let note = format!("The body is labelled {short}, but is no text.");
            block(data, media_type, embedding).noted(Some(note))
        }
        Kind::Json => json(full, &data),
        Kind::Text => plain(text::decode(full, &data), embedding),
        // The separators of RFC 7464 say nothing to a model.
        Kind::JsonLines => readable(text::decode(full, &data), |text| text.replace('\u{1E}', "")),
        Kind::EventStream => readable(text::decode(full, &data), |text| event_stream::data_of(&text)),
        Kind::Multipart if embedding.part.is_none() => match parts::split(full, &data) {
            Some(split) => Mapped { content: parts::map(&split, embedding), json: None },
            None => binary(data, short, embedding),
        },
        Kind::Unknown => match text::sniff(&data) {
            Some(text) => Mapped::text(text),
            None => binary(data, short, embedding),
        },
        Kind::Binary if short.eq_ignore_ascii_case(OCTET_STREAM) => {
            let media_type = signature::media_type(&data).unwrap_or(OCTET_STREAM);
            block(data, media_type, embedding)
        }
        Kind::Image | Kind::Audio | Kind::Binary | Kind::Multipart => block(data, short, embedding),
    }
}

/// A block of what is no text.
fn block(data: Bytes, media_type: &str, embedding: &mut Embedding<'_>) -> Mapped {
    match Kind::of(media_type) {
        Kind::Image => Mapped::one(
            embedding.embed(data, media_type, |data, media_type| Content::Image { data, media_type }),
        ),
        Kind::Audio => Mapped::one(
            embedding.embed(data, media_type, |data, media_type| Content::Audio { data, media_type }),
        ),
        _ => binary(data, media_type, embedding),
    }
}

/// Whether bytes that are labelled as text cannot be: no text holds the octet 0, but in UTF-16 and the like.
fn is_no_text(media_type: &str, data: &[u8]) -> bool {
    let start = data.get(..1024).unwrap_or(data);
    start.contains(&0)
        && (signature::media_type(data).is_some() || text::decode(media_type, start).text.contains('\0'))
}

fn without_type(data: &Bytes, embedding: &mut Embedding<'_>) -> Mapped {
    match text::sniff(data) {
        Some(text) => {
            let json = text.trim_start().starts_with(['{', '[']);
            let json = json.then(|| JsonText::from_text(text.to_owned()));
            Mapped { json: json.and_then(Result::ok), ..Mapped::text(text) }
        }
        None => block(data.clone(), signature::media_type(data).unwrap_or(OCTET_STREAM), embedding),
    }
}

fn readable(decoded: Decoded, of: impl FnOnce(String) -> String) -> Mapped {
    Mapped::text(of(decoded.text)).noted(decoded.note)
}

/// Text; JSON all the same where the tool says so, whatever the label.
fn plain(decoded: Decoded, embedding: &Embedding<'_>) -> Mapped {
    let text = decoded.text.trim_start();
    let looks_like = embedding.expects_json && embedding.part.is_none() && text.starts_with(['{', '[']);
    let json = looks_like.then(|| JsonText::from_text(decoded.text.clone()).ok()).flatten();
    Mapped { json, ..readable(decoded, |text| text) }
}

/// The text is passed on as it came, so that numbers keep their digits.
fn json(media_type: &str, data: &[u8]) -> Mapped {
    let Decoded { text, note } = text::decode(media_type, data);
    if text.trim().is_empty() {
        return Mapped::text(format!("The body is labelled {}, but is blank.", essence(media_type)));
    }
    match JsonText::from_text(text.clone()) {
        Ok(json) => Mapped { json: Some(json), ..Mapped::text(text) }.noted(note),
        Err(error) => {
            let wrong =
                format!("The body is labelled {}, but is not valid JSON: {error}.", essence(media_type));
            Mapped::text(text).noted(Some(wrong)).noted(note)
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
