//! JSON-RPC responses written straight from a call's outcome or the list of tools.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, HttpBody};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Response, StatusCode};
use hyper::body::{Frame, SizeHint};
use rmcp::model::{ErrorCode, MetaObject};
use serde_json::Value;
use spandrel_plan::{Content, JsonText, Outcome, Structured};

use super::handler::LIST_TTL_MS;
use super::recogniser::Revision;
use super::result::{ErrorChannel, channel, link_name, own_meta};
use crate::hook::CallResult;

/// The response to a call. `server` is the `_meta` that names the server, as JSON text.
pub(super) fn of_call(id: &str, result: CallResult, revision: Revision, server: &str) -> Bytes {
    let outcome = match result {
        Ok(outcome) => outcome,
        Err(error) => match channel(error.kind) {
            ErrorChannel::Protocol => return refused(id, &error.message),
            ErrorChannel::Result => Outcome::error(error.message),
        },
    };
    let own_meta = own_meta(&outcome);
    let mut out = Vec::with_capacity(capacity(&outcome) + server.len());
    begin(&mut out, id);
    if revision == Revision::Stateless {
        push(&mut out, "\"resultType\":\"complete\",");
    }
    push(&mut out, "\"content\":[");
    for (index, content) in outcome.content.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        push_block(&mut out, content, revision);
    }
    out.push(b']');
    match (&outcome.structured, revision) {
        (Some(Structured::Object(json)), _) | (Some(Structured::Other(json)), Revision::Stateless) => {
            if is_a_value(json) {
                push(&mut out, ",\"structuredContent\":");
                push(&mut out, json.as_str());
            }
        }
        (Some(Structured::Other(_)) | None, _) => {}
    }
    push(&mut out, if outcome.is_error { ",\"isError\":true" } else { ",\"isError\":false" });
    push_meta(&mut out, (revision == Revision::Stateless).then_some(server), own_meta.as_ref());
    push(&mut out, "}}");
    out.into()
}

/// The members of both, the server's first.
fn push_meta(out: &mut Vec<u8>, server: Option<&str>, own: Option<&MetaObject>) {
    let server = server.map(|text| text.strip_suffix('}').unwrap_or(text));
    let own = own.and_then(|own| serde_json::to_string(own).ok());
    match (server, &own) {
        (None, None) => {}
        (Some(server), None) => {
            push(out, ",\"_meta\":");
            push(out, server);
            out.push(b'}');
        }
        (server, Some(own)) => {
            push(out, ",\"_meta\":");
            let own = match server {
                None | Some("{") => own.as_str(),
                Some(server) => {
                    push(out, server);
                    out.push(b',');
                    own.strip_prefix('{').unwrap_or(own)
                }
            };
            push(out, own);
        }
    }
}

/// The response to a list of `tools`, the text of that member, which is shared and never copied.
pub(super) fn of_list(id: &str, tools: Bytes, revision: Revision, server: &str) -> Response<Body> {
    let mut before = Vec::with_capacity(id.len() + 80);
    begin(&mut before, id);
    let mut after = Vec::with_capacity(server.len() + 80);
    if revision == Revision::Stateless {
        push(&mut before, "\"resultType\":\"complete\",");
        push(&mut after, ",\"ttlMs\":");
        push(&mut after, &LIST_TTL_MS.to_string());
        // As the SDK's handler says it: only the asking client may keep the list.
        push(&mut after, ",\"cacheScope\":\"private\",\"_meta\":");
        push(&mut after, server);
    }
    push(&mut after, "}}");
    json(Body::new(Pieces { pieces: [before.into(), tools, after.into()], next: 0 }))
}

/// An answer of one JSON document.
pub(super) fn json(body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::OK;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

fn refused(id: &str, message: &str) -> Bytes {
    let mut out = Vec::with_capacity(message.len() + 100);
    push(&mut out, "{\"jsonrpc\":\"2.0\",\"id\":");
    push(&mut out, id);
    push(&mut out, ",\"error\":{\"code\":");
    push(&mut out, &ErrorCode::INVALID_PARAMS.0.to_string());
    push(&mut out, ",\"message\":");
    push_string(&mut out, message);
    push(&mut out, "}}");
    out.into()
}

fn begin(out: &mut Vec<u8>, id: &str) {
    push(out, "{\"jsonrpc\":\"2.0\",\"id\":");
    push(out, id);
    push(out, ",\"result\":{");
}

/// About as much as the answer takes: escaping makes text a little longer.
fn capacity(outcome: &Outcome) -> usize {
    let content: usize = outcome
        .content
        .iter()
        .map(|content| match content {
            Content::Text(text) => text.len() + text.len() / 4,
            Content::Image { data, .. } | Content::Audio { data, .. } | Content::Binary { data, .. } => {
                data.len() / 3 * 4
            }
            Content::Oversized { .. } => 0,
            Content::Link { uri, description, .. } => 2 * uri.len() + description.len(),
        } + 160)
        .sum();
    let structured = match &outcome.structured {
        Some(Structured::Object(json) | Structured::Other(json)) => json.as_str().len(),
        None => 0,
    };
    content + structured + 160
}

fn push_block(out: &mut Vec<u8>, content: &Content, revision: Revision) {
    match content {
        Content::Text(text) => {
            push(out, "{\"type\":\"text\",\"text\":");
            push_string(out, text);
        }
        Content::Image { data, media_type } => {
            push(out, "{\"type\":\"image\",\"data\":\"");
            push_base64(out, data, media_type);
        }
        Content::Audio { data, media_type } => {
            push(out, "{\"type\":\"audio\",\"data\":\"");
            push_base64(out, data, media_type);
        }
        Content::Binary { uri, data, media_type } => {
            push(out, "{\"type\":\"resource\",\"resource\":{\"uri\":");
            push_string(out, uri);
            push(out, ",\"blob\":\"");
            push_base64(out, data, media_type);
            out.push(b'}');
        }
        Content::Oversized { data, media_type } => {
            return push_block(out, &Content::too_large(data.len(), media_type), revision);
        }
        Content::Link { description, .. } if revision == Revision::Early => {
            push(out, "{\"type\":\"text\",\"text\":");
            push_string(out, description);
        }
        Content::Link { uri, description, media_type, size } => {
            push(out, "{\"type\":\"resource_link\",\"uri\":");
            push_string(out, uri);
            push(out, ",\"name\":");
            push_string(out, link_name(uri));
            push(out, ",\"description\":");
            push_string(out, description);
            push(out, ",\"mimeType\":");
            push_string(out, media_type);
            push(out, ",\"size\":");
            push(out, &size.to_string());
        }
    }
    out.push(b'}');
}

fn push_base64(out: &mut Vec<u8>, data: &[u8], media_type: &str) {
    push(out, &STANDARD.encode(data));
    push(out, "\",\"mimeType\":");
    push_string(out, media_type);
}

/// Whether the JSON holds no half of a surrogate pair, which not every client can read.
fn is_a_value(json: &JsonText) -> bool {
    let text = json.as_str();
    !(text.contains("\\ud") || text.contains("\\uD")) || serde_json::from_str::<Value>(text).is_ok()
}

fn push_string(out: &mut Vec<u8>, text: &str) {
    // Writing a string to memory cannot fail.
    let _ = serde_json::to_writer(out, text);
}

fn push(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(text.as_bytes());
}

/// A body of several pieces, its size known.
struct Pieces {
    pieces: [Bytes; 3],
    next: usize,
}

impl HttpBody for Pieces {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let next = self.next;
        let piece = self.pieces.get_mut(next).map(std::mem::take);
        self.next = next.saturating_add(1);
        Poll::Ready(piece.map(|piece| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.next >= self.pieces.len()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(
            self.pieces.iter().map(|piece| u64::try_from(piece.len()).unwrap_or(u64::MAX)).sum(),
        )
    }
}
