//! Multipart responses (RFC 2046, section 5.1): a piece of content for each part.

use bytes::Bytes;

use super::body::{self, Embedding};
use crate::media_type::parameter;
use crate::outcome::Content;

/// The most parts that are mapped.
const MAX_PARTS: usize = 50;

/// A part: its media type and its bytes.
pub(super) struct Part {
    media_type: Option<String>,
    data: Bytes,
}

/// The parts of a body, without its preamble and epilogue; none where it cannot be split.
pub(super) fn split(media_type: &str, data: &Bytes) -> Option<Vec<Part>> {
    let delimiter = format!("--{}", parameter(media_type, "boundary").filter(|text| !text.is_empty())?);
    let delimiter = delimiter.as_bytes();
    let mut parts = Vec::new();
    let mut at = find_delimiter(data, delimiter, 0)?;
    loop {
        let after = at + delimiter.len();
        if data.get(after..)?.starts_with(b"--") || parts.len() > MAX_PARTS {
            break;
        }
        // White space may follow the delimiter on its line.
        let start = after + find(data.get(after..)?, b"\n")? + 1;
        let next = find_delimiter(data, delimiter, start);
        // The line end before a delimiter belongs to the delimiter; without one, the body was cut.
        let end = next.map_or(data.len(), |next| line_end_before(data, next));
        parts.push(part(data, start, end.max(start)));
        match next {
            Some(next) => at = next,
            None => break,
        }
    }
    (!parts.is_empty()).then_some(parts)
}

/// Maps each part.
pub(super) fn map(parts: &[Part], embedding: &mut Embedding<'_>) -> Vec<Content> {
    let mut content = Vec::new();
    for (index, part) in parts.iter().take(MAX_PARTS).enumerate() {
        embedding.part = Some(index + 1);
        if part.data.is_empty() {
            content.push(Content::Text(String::new()));
        } else {
            // RFC 2046: a part without a type is text.
            let media_type = part.media_type.as_deref().or(Some("text/plain"));
            content.extend(body::map(media_type, part.data.clone(), embedding).content);
        }
    }
    if parts.len() > MAX_PARTS {
        content.push(Content::Text(format!("Only the first {MAX_PARTS} parts of the answer are shown.")));
    }
    content
}

fn part(data: &Bytes, start: usize, end: usize) -> Part {
    let whole = data.slice(start..end);
    if let Some(rest) = [b"\r\n".as_slice(), b"\n"].iter().find(|blank| whole.starts_with(blank)) {
        return Part { media_type: None, data: whole.slice(rest.len()..) };
    }
    let blank = [b"\r\n\r\n".as_slice(), b"\n\n"]
        .iter()
        .filter_map(|blank| Some((find(&whole, blank)?, blank.len())))
        .min();
    let Some((head_end, blank)) = blank else { return Part { media_type: None, data: whole } };
    let head = String::from_utf8_lossy(whole.get(..head_end).unwrap_or_default()).into_owned();
    let media_type = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.trim().eq_ignore_ascii_case("content-type").then(|| value.trim().to_owned())
    });
    Part { media_type, data: whole.slice(head_end + blank..) }
}

/// Where the next delimiter begins that stands at the beginning of a line.
fn find_delimiter(data: &[u8], delimiter: &[u8], from: usize) -> Option<usize> {
    let mut from = from;
    loop {
        let at = from + find(data.get(from..)?, delimiter)?;
        if at == 0 || data.get(at - 1) == Some(&b'\n') {
            return Some(at);
        }
        from = at + 1;
    }
}

fn line_end_before(data: &[u8], at: usize) -> usize {
    let before = data.get(..at).unwrap_or_default();
    before.strip_suffix(b"\r\n").or_else(|| before.strip_suffix(b"\n")).map_or(at, <[u8]>::len)
}

fn find(data: &[u8], wanted: &[u8]) -> Option<usize> {
    data.windows(wanted.len()).position(|window| window == wanted)
}
