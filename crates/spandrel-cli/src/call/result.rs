//! What a call came to, for people and programs.

use std::path::Path;

use anyhow::Context;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use spandrel::plan::Structured;
use spandrel::{Bridge, Content, Outcome};

use crate::output::{self, Printable, grouped};

/// The result as a model reads it: JSON is indented on a terminal, and as it came elsewhere.
pub(crate) fn text(outcome: &Outcome, terminal: bool) -> String {
    let mut text = String::new();
    for content in &outcome.content {
        let piece = match content {
            Content::Text(piece) if terminal => for_terminal(piece),
            Content::Text(piece) => piece.clone(),
            Content::Image { data, media_type }
            | Content::Audio { data, media_type }
            | Content::Binary { data, media_type, .. }
            | Content::Oversized { data, media_type } => described(data.len(), media_type),
            Content::Link { media_type, size, .. } => described(*size, media_type),
        };
        text.push_str(&piece);
        if !piece.ends_with('\n') {
            text.push('\n');
        }
    }
    text
}

fn for_terminal(text: &str) -> String {
    let json: Option<Value> =
        if text.starts_with(['{', '[']) { serde_json::from_str(text).ok() } else { None };
    let indented = json.and_then(|value| serde_json::to_string_pretty(&value).ok());
    // JSON escapes the controls of ASCII only.
    Printable(indented.as_deref().unwrap_or(text)).to_string()
}

fn described(size: usize, media_type: &str) -> String {
    format!("[{}, {} bytes; write it to a file with --output]", Printable(media_type), grouped(size))
}

/// The result as one JSON object, as MCP would carry it.
pub(crate) fn json(outcome: &Outcome) -> Value {
    let content: Vec<Value> = outcome.content.iter().map(block).collect();
    let mut result = json!({"content": content});
    if let (Some(structured), Some(members)) = (&outcome.structured, result.as_object_mut()) {
        let (Structured::Object(text) | Structured::Other(text)) = structured;
        members.insert("structuredContent".to_owned(), text.to_value());
    }
    if let Some(members) = result.as_object_mut() {
        members.insert("isError".to_owned(), outcome.is_error.into());
        if let Some(status) = outcome.status {
            members.insert("status".to_owned(), status.into());
        }
    }
    result
}

fn block(content: &Content) -> Value {
    match content {
        Content::Text(text) => json!({"type": "text", "text": text}),
        Content::Image { data, media_type } => {
            json!({"type": "image", "data": STANDARD.encode(data), "mimeType": media_type})
        }
        Content::Audio { data, media_type } => {
            json!({"type": "audio", "data": STANDARD.encode(data), "mimeType": media_type})
        }
        Content::Binary { uri, data, media_type } => {
            let resource = json!({"uri": uri, "blob": STANDARD.encode(data), "mimeType": media_type});
            json!({"type": "resource", "resource": resource})
        }
        // It can only be read while this process lives.
        Content::Oversized { data, media_type } => block(&Content::too_large(data.len(), media_type)),
        Content::Link { media_type, size, .. } => block(&Content::too_large(*size, media_type)),
    }
}

/// Writes the result to a file: the bytes of the first piece that is no text, else the text.
pub(crate) fn write(outcome: &Outcome, bridge: &Bridge, path: &Path) -> anyhow::Result<()> {
    let binary = outcome.content.iter().find_map(|content| match content {
        Content::Text(_) => None,
        Content::Image { data, .. }
        | Content::Audio { data, .. }
        | Content::Binary { data, .. }
        | Content::Oversized { data, .. } => Some(data.clone()),
        Content::Link { uri, .. } => bridge.kept_result(uri, None).map(|kept| kept.data),
    });
    write_bytes(&binary.unwrap_or_else(|| text(outcome, false).into()), path)
}

/// Writes bytes to a file, and says so.
pub(crate) fn write_bytes(bytes: &[u8], path: &Path) -> anyhow::Result<()> {
    std::fs::write(path, bytes)
        .with_context(|| format!("the file `{}` cannot be written", path.display()))?;
    output::tell(&format!("{} bytes written to {}\n", grouped(bytes.len()), path.display()));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::for_terminal;

    #[test]
    fn controls_are_shown() {
        let table = [
            ("a\u{1b}[2J", "a\\u{1b}[2J"),
            ("{\"a\":\"\u{9b}2J\"}", "{\n  \"a\": \"\\u{9b}2J\"\n}"),
            ("{\"a\":\"\\u001b\"}", "{\n  \"a\": \"\\u001b\"\n}"),
        ];
        for (text, expected) in table {
            assert_eq!(for_terminal(text), expected);
        }
    }
}
