//! Bytes as text.

use encoding_rs::{Encoding, UTF_8};

use crate::media_type::parameter;

/// Decodes by the byte order mark, else the charset, else as UTF-8; what cannot be decoded becomes
/// U+FFFD.
pub(super) fn decode(media_type: &str, bytes: &[u8]) -> String {
    let charset = parameter(media_type, "charset").and_then(|label| Encoding::for_label(label.as_bytes()));
    let (text, ..) = charset.unwrap_or(UTF_8).decode(bytes);
    text.into_owned()
}

/// The text, where the bytes are UTF-8 without control characters that no text has.
pub(super) fn sniff(bytes: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(bytes).ok()?;
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let is_text = |byte: u8| byte >= 0x20 || matches!(byte, b'\t' | b'\n' | b'\r' | 0x0C | 0x1B);
    text.bytes().all(is_text).then_some(text)
}
