//! A call's result, in MCP's terms.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rmcp::ErrorData;
use rmcp::model::{CallToolResult, ContentBlock, MetaObject, Resource, ResourceContents};
use serde_json::{Value, json};
use spandrel_plan::{CallError, CallErrorKind, Content, Outcome, Structured, Truncated};

use crate::hook::CallResult;

/// How a call's error is told to the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ErrorChannel {
    /// As a protocol error: the request itself cannot be served.
    Protocol,
    /// As a result with `isError`: the model reads the message and can act on it.
    Result,
}

/// The one table: only a call of a tool that does not exist is a malformed request; of everything
/// else the model should know (MCP 2026-07-28, tools, error handling).
pub(super) const fn channel(kind: CallErrorKind) -> ErrorChannel {
    match kind {
        CallErrorKind::UnknownTool => ErrorChannel::Protocol,
        _ => ErrorChannel::Result,
    }
}

/// Writes `result` for a client. `meta` goes on results of revisions that know it; structured
/// content that is not an object is for those only, too. `knows_links` tells whether the client's revision
/// has links.
pub(super) fn write(
    result: CallResult,
    meta: Option<&MetaObject>,
    knows_links: bool,
) -> Result<CallToolResult, ErrorData> {
    let outcome = match result {
        Ok(outcome) => outcome,
        Err(CallError { kind, message }) => match channel(kind) {
            ErrorChannel::Protocol => return Err(ErrorData::invalid_params(message, None)),
            ErrorChannel::Result => Outcome::error(message),
        },
    };
    let is_error = outcome.is_error;
    let own_meta = own_meta(&outcome);
    let content = outcome.content.into_iter().map(|content| block(content, knows_links));
    let mut result = CallToolResult::success(content.collect());
    result.is_error = Some(is_error);
    result.structured_content = match (outcome.structured, meta) {
        (Some(Structured::Object(json)), _) | (Some(Structured::Other(json)), Some(_)) => {
            // Half of a surrogate pair is the one thing that JSON can hold and a value cannot.
            serde_json::from_str(json.as_str()).ok()
        }
        (Some(Structured::Other(_)), None) | (None, _) => None,
    };
    result.meta = match (meta.cloned(), own_meta) {
        (Some(mut meta), Some(own)) => {
            meta.0.extend(own.0);
            Some(meta)
        }
        (meta, own) => meta.or(own),
    };
    Ok(result)
}

/// What a program may want to know of the response, where there is anything: its status unless that is a
/// plain success, the headers that matter, in which way it is not what the tool advertises, what of it is left out, and how its next page is got.
pub(super) fn own_meta(outcome: &Outcome) -> Option<MetaObject> {
    let mut meta = MetaObject::default();
    if let Some(status) = outcome.status.filter(|status| *status >= 300) {
        meta.insert("spandrel/status".to_owned(), status.into());
    }
    if !outcome.headers.is_empty() {
        let headers = outcome.headers.iter().map(|(name, value)| (name.clone(), Value::from(value.as_str())));
        meta.insert("spandrel/headers".to_owned(), Value::Object(headers.collect()));
    }
    if let Some(drift) = &outcome.drift {
        meta.insert("spandrel/drift".to_owned(), drift.as_str().into());
    }
    if let Some(next) = &outcome.next_page {
        let next = json!({"arguments": next.arguments, "leftOut": next.left_out});
        meta.insert("spandrel/nextPage".to_owned(), next);
    }
    if !outcome.truncated.is_empty() {
        meta.insert("spandrel/truncated".to_owned(), outcome.truncated.iter().map(truncated).collect());
    }
    (!meta.is_empty()).then_some(meta)
}

/// A text that is not whole, for a program to read the rest.
fn truncated(truncated: &Truncated) -> Value {
    let left_out = truncated.left_out.iter().map(|place| {
        json!({"pointer": place.pointer, "offset": place.offset, "total": place.total, "unit": place.unit.word()})
    });
    json!({"uri": truncated.uri, "leftOut": left_out.collect::<Value>()})
}

/// A name for people: the last segment.
pub(super) fn link_name(uri: &str) -> &str {
    uri.rsplit('/').next().unwrap_or(uri)
}

fn block(content: Content, knows_links: bool) -> ContentBlock {
    match content {
        Content::Text(text) => ContentBlock::text(text),
        Content::Image { data, media_type } => ContentBlock::image(STANDARD.encode(&data), media_type),
        Content::Audio { data, media_type } => ContentBlock::audio(STANDARD.encode(&data), media_type),
        Content::Binary { uri, data, media_type } => {
            ContentBlock::resource(ResourceContents::BlobResourceContents {
                uri,
                mime_type: Some(media_type),
                blob: STANDARD.encode(&data),
                meta: None,
            })
        }
        Content::Oversized { data, media_type } => {
            block(Content::too_large(data.len(), &media_type), knows_links)
        }
        Content::Link { description, .. } if !knows_links => ContentBlock::text(description),
        Content::Link { uri, description, media_type, size } => {
            let name = link_name(&uri).to_owned();
            let link = Resource::new(uri, name).with_description(description).with_mime_type(media_type);
            ContentBlock::resource_link(link.with_size(u64::try_from(size).unwrap_or(u64::MAX)))
        }
    }
}

#[cfg(test)]
mod tests;
