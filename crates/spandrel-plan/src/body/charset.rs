//! Text in the charset that its media type names.

use bytes::Bytes;
use encoding_rs::{Encoding, UTF_8};
use http::HeaderValue;

use crate::media_type::{essence, parameter};

/// `text` in the charset of `content_type`, and the `Content-Type` that says so. Of one that nobody writes
/// any more (UTF-16) or knows, the text is UTF-8, and the `Content-Type` says that.
///
/// # Errors
/// When the charset lacks a character of the text.
pub(super) fn encode(text: Vec<u8>, content_type: HeaderValue) -> Result<(Bytes, HeaderValue), String> {
    let declared = content_type.to_str().unwrap_or_default();
    let Some(label) = parameter(declared, "charset") else {
        // Servers take `text/*` of which nothing is said for Latin-1 or ASCII.
        let is_plain = text.is_ascii() || !declared.starts_with("text/");
        return Ok((text.into(), if is_plain { content_type } else { with_utf_8(&content_type, declared) }));
    };
    let encoding = Encoding::for_label(label.as_bytes()).filter(|encoding| encoding.is_ascii_compatible());
    match encoding {
        None => Ok((text.into(), of_utf_8(content_type))),
        Some(encoding) if encoding == UTF_8 || text.is_ascii() => Ok((text.into(), content_type)),
        Some(encoding) => match in_encoding(&String::from_utf8_lossy(&text), encoding, label) {
            Some(bytes) => Ok((bytes.into(), content_type)),
            None => Err(format!("it holds characters that the charset {label} of its media type lacks")),
        },
    }
}

fn in_encoding(text: &str, encoding: &'static Encoding, label: &str) -> Option<Vec<u8>> {
    match label.to_ascii_lowercase().as_str() {
        // The web reads both of them as windows-1252; other servers do not.
        "us-ascii" | "ascii" => None,
        "iso-8859-1" | "latin1" => text.chars().map(|character| u8::try_from(character).ok()).collect(),
        _ => {
            let (bytes, _, has_unmappable) = encoding.encode(text);
            (!has_unmappable).then(|| bytes.into_owned())
        }
    }
}

/// The `Content-Type` of a text that is UTF-8 whatever the document says, as XML says of itself.
pub(super) fn of_utf_8(content_type: HeaderValue) -> HeaderValue {
    let declared = content_type.to_str().unwrap_or_default();
    match parameter(declared, "charset") {
        Some(label) if Encoding::for_label(label.as_bytes()) != Some(UTF_8) => {
            with_utf_8(&content_type, essence(declared))
        }
        _ => content_type,
    }
}

fn with_utf_8(content_type: &HeaderValue, declared: &str) -> HeaderValue {
    HeaderValue::try_from(format!("{declared}; charset=utf-8")).unwrap_or_else(|_| content_type.clone())
}
