//! Taking a multipart body apart ([RFC 2046 §5.1], [RFC 7578]).
//!
//! [RFC 2046 §5.1]: https://www.rfc-editor.org/rfc/rfc2046#section-5.1
//! [RFC 7578]: https://www.rfc-editor.org/rfc/rfc7578

use super::media;

/// More parts than this are refused.
const MOST_PARTS: usize = 1024;

/// One part.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Part<'b> {
    /// `name` of its `Content-Disposition: form-data`.
    pub(super) name: Option<String>,
    /// `filename`, where it has one.
    pub(super) file_name: Option<String>,
    /// `Content-Type`, where it has one.
    pub(super) content_type: Option<String>,
    /// The bytes.
    pub(super) body: &'b [u8],
}

/// The parts of `bytes`.
pub(super) fn parts<'b>(bytes: &'b [u8], boundary: &str) -> Result<Vec<Part<'b>>, String> {
    let delimiter = format!("--{boundary}").into_bytes();
    let first = if bytes.starts_with(&delimiter) {
        Some(delimiter.len())
    } else {
        find(bytes, &[b"\r\n", delimiter.as_slice()].concat()).map(|at| at + 2 + delimiter.len())
    };
    let mut rest = first.and_then(|at| bytes.get(at..)).ok_or("its boundary does not stand in it")?;
    let delimiter = [b"\r\n", delimiter.as_slice()].concat();
    let mut parts = Vec::new();
    loop {
        if rest.starts_with(b"--") {
            return Ok(parts);
        }
        if parts.len() >= MOST_PARTS {
            return Err(format!("it has more than {MOST_PARTS} parts"));
        }
        // White space may follow a boundary; a line break must.
        let line = find(rest, b"\r\n").ok_or("a boundary is not followed by a line break")?;
        let body = rest.get(line + 2..).unwrap_or_default();
        let Some(end) = find(body, &delimiter) else {
            return Err("its last boundary, with `--` behind it, is missing".to_owned());
        };
        parts.push(part(body.get(..end).unwrap_or_default())?);
        rest = body.get(end + delimiter.len()..).unwrap_or_default();
    }
}

fn part(bytes: &[u8]) -> Result<Part<'_>, String> {
    let mut part = Part::default();
    let mut rest = bytes;
    loop {
        let end = find(rest, b"\r\n");
        let line = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
        let behind = end.and_then(|end| rest.get(end + 2..));
        if line.is_empty() {
            part.body = behind.unwrap_or_default();
            return Ok(part);
        }
        let line = String::from_utf8_lossy(line);
        let (name, value) = line.split_once(':').ok_or("a header of a part has no `:`")?;
        if name.trim().eq_ignore_ascii_case("content-disposition") {
            part.name = media::parameter(value, "name");
            part.file_name =
                media::parameter(value, "filename").or_else(|| media::parameter(value, "filename*"));
        } else if name.trim().eq_ignore_ascii_case("content-type") {
            part.content_type = Some(value.trim().to_owned());
        }
        rest = behind.ok_or("the headers of a part are not followed by an empty line")?;
    }
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}
