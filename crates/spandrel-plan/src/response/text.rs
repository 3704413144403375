//! Bytes as text.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::kind::Kind;
use crate::media_type::{essence, has_suffix, parameter};

/// How far into a document its encoding is looked for (HTML standard, "Determining the character encoding").
const PRESCAN: usize = 1024;

/// Text, and what is to be said of how it was read.
pub(super) struct Decoded {
    pub(super) text: String,
    pub(super) note: Option<String>,
}

/// Decodes by the byte order mark, else the charset, else by what an XML or HTML document says of itself,
/// else as UTF-8; what cannot be decoded becomes U+FFFD, and a note says so.
pub(super) fn decode(media_type: &str, bytes: &[u8]) -> Decoded {
    let label = parameter(media_type, "charset").filter(|label| !label.is_empty());
    let named = label.and_then(|label| Encoding::for_label(label.as_bytes()));
    let encoding = match named {
        // RFC 8259 knows UTF-8 only, and servers name a charset that they do not use.
        Some(_) if Kind::of(media_type) == Kind::Json && std::str::from_utf8(bytes).is_ok() => UTF_8,
        Some(encoding) => encoding,
        None => said_within(media_type, bytes).unwrap_or(UTF_8),
    };
    let (text, used, replaced) = encoding.decode(bytes);
    let mut note = None;
    if replaced {
        note = Some(format!(
            "Some bytes of the body are not valid in {}; they are shown as \u{FFFD}.",
            used.name()
        ));
    }
    if let (Some(label), None, false) = (label, named, bytes.is_ascii()) {
        let label: String = label.chars().take(40).flat_map(char::escape_debug).collect();
        note = Some(format!("The charset `{label}` is not known; the body is read as {}.", used.name()));
    }
    Decoded { text: text.into_owned(), note }
}

/// The encoding that a document names in itself.
fn said_within(media_type: &str, bytes: &[u8]) -> Option<&'static Encoding> {
    let essence = essence(media_type).to_ascii_lowercase();
    let is_html = essence == "text/html" || essence == "application/xhtml+xml";
    let is_xml = essence.ends_with("/xml") || has_suffix(&essence, "+xml");
    let is_json = Kind::of(&essence) == Kind::Json;
    if !(is_html || is_xml || is_json) {
        return None;
    }
    // Each of them begins with an ASCII character.
    match *bytes {
        [0, first, ..] if first.is_ascii() && first != 0 => return Some(UTF_16BE),
        [first, 0, ..] if first.is_ascii() && first != 0 => return Some(UTF_16LE),
        _ if is_json => return None,
        _ => {}
    }
    let start = String::from_utf8_lossy(bytes.get(..PRESCAN).unwrap_or(bytes)).to_ascii_lowercase();
    let label = xml_encoding(&start).or_else(|| if is_html { meta_charset(&start) } else { None })?;
    // What could be read this far is no UTF-16, whatever it says.
    Encoding::for_label(label.as_bytes()).map(|encoding| match encoding {
        utf_16 if utf_16 == UTF_16LE || utf_16 == UTF_16BE => UTF_8,
        other => other,
    })
}

/// `<?xml version="1.0" encoding="…"?>`.
fn xml_encoding(start: &str) -> Option<&str> {
    let declaration = start.trim_start().strip_prefix("<?xml")?.split_once("?>")?.0;
    let value = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    value.split(quote).nth(1)
}

/// `<meta charset=…>`, or the same within the `content` of one.
fn meta_charset(start: &str) -> Option<&str> {
    start.split("<meta").skip(1).find_map(|tag| {
        let tag = tag.split('>').next()?;
        let value = tag.split_once("charset")?.1.trim_start().strip_prefix('=')?;
        let value = value.trim_start().trim_start_matches(['"', '\'']);
        value.split(['"', '\'', ';', ' ', '/']).next().filter(|label| !label.is_empty())
    })
}

/// The text, where the bytes are UTF-8 without control characters that no text has.
pub(super) fn sniff(bytes: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(bytes).ok()?;
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let is_text = |byte: u8| byte >= 0x20 || matches!(byte, b'\t' | b'\n' | b'\r' | 0x0C | 0x1B);
    text.bytes().all(is_text).then_some(text)
}
