//! Bytes become a JSON value: which format they are in, and why they cannot be read.

pub(crate) mod indentation;
mod json;
mod scalar;
#[cfg(test)]
mod tests;
mod yaml;

use serde_json::Value;

use crate::location::Pointer;

/// How deep objects and arrays may be nested: what `serde_json` allows, for YAML too.
pub(crate) const MAX_DEPTH: usize = 127;

/// How a document is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// JSON ([RFC 8259](https://www.rfc-editor.org/rfc/rfc8259)).
    Json,
    /// YAML ([1.2.2](https://yaml.org/spec/1.2.2/), core schema, with `<<` merge keys).
    Yaml,
}

/// Why bytes could not be read as a document. Lines and columns count from one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseError {
    /// The bytes are not UTF-8.
    #[error("byte {byte} (line {line}, column {column}) is not UTF-8; save the document as UTF-8")]
    NotUtf8 {
        /// How many bytes before it are right.
        byte: usize,
        /// The line.
        line: usize,
        /// The column, in characters.
        column: usize,
    },
    /// The bytes are UTF-16 or UTF-32.
    #[error("the document is UTF-16 or UTF-32, which is not supported; save it as UTF-8")]
    Utf16,
    /// There is nothing in it.
    #[error("the document is empty; check that the file or URL is the right one")]
    Empty,
    /// A web page was given instead of a document.
    #[error(
        "this is an HTML page, not an OpenAPI document; give the URL of the JSON or YAML document itself, \
         and check whether the server asks for a login"
    )]
    Html,
    /// The format's own rules are broken.
    #[error("not valid {}: {message} at line {line}, column {column}", format_name(*.format))]
    Syntax {
        /// The format that it was read as.
        format: Format,
        /// What is wrong.
        message: String,
        /// The line.
        line: usize,
        /// The column, in characters.
        column: usize,
    },
    /// The stream holds more than one YAML document.
    #[error(
        "a second YAML document starts at line {line}, column {column}; give each document a file of its own"
    )]
    SeveralDocuments {
        /// The line.
        line: usize,
        /// The column.
        column: usize,
    },
    /// Objects and arrays are nested more than 127 levels deep.
    #[error("nested more than {MAX_DEPTH} levels deep at line {line}, column {column}; flatten the document")]
    TooDeep {
        /// The line.
        line: usize,
        /// The column.
        column: usize,
    },
    /// The YAML document has too many values, aliases expanded.
    #[error(
        "more than {limit} values once aliases are expanded, at line {line}, column {column}; \
         use fewer aliases or split the document"
    )]
    TooManyNodes {
        /// The bound.
        limit: usize,
        /// The line.
        line: usize,
        /// The column.
        column: usize,
    },
    /// The document is larger than is accepted.
    #[error("the document has {bytes} bytes and {limit} are accepted; split it or raise the limit")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The bound.
        limit: usize,
    },
    /// The set holds as many documents as it may.
    #[error("the set already holds {limit} documents; bundle them or raise the limit")]
    TooManyDocuments {
        /// The bound.
        limit: usize,
    },
    /// The document is a list, a string or the like.
    #[error(
        "the document is {found}, not an object; an OpenAPI document starts with `openapi:` or `swagger:`"
    )]
    NotAnObject {
        /// What it is.
        found: &'static str,
    },
}

const fn format_name(format: Format) -> &'static str {
    match format {
        Format::Json => "JSON",
        Format::Yaml => "YAML",
    }
}

/// A value with the places of keys that stand twice.
#[derive(Debug)]
pub(crate) struct Parsed {
    pub(crate) value: Value,
    /// The members whose key stands more than once, each as often as it was overwritten.
    pub(crate) duplicate_keys: Vec<Pointer>,
}

/// Reads any JSON or YAML document with the default [`Limits`](crate::Limits), such as one that stands
/// beside an API's. Of a key that stands twice, the last counts.
///
/// # Errors
/// See [`ParseError`].
pub fn parse_value(bytes: &[u8]) -> Result<Value, ParseError> {
    parse_within(bytes, crate::Limits::default()).map(|parsed| parsed.value)
}

/// Reads bytes of either format, if they are not too many.
pub(crate) fn parse_within(bytes: &[u8], limits: crate::Limits) -> Result<Parsed, ParseError> {
    let limit = limits.document_bytes;
    if bytes.len() > limit {
        return Err(ParseError::TooLarge { bytes: bytes.len(), limit });
    }
    parse(bytes, limits.yaml_nodes)
}

/// Reads bytes of either format.
pub(crate) fn parse(bytes: &[u8], max_yaml_nodes: usize) -> Result<Parsed, ParseError> {
    let text = text_of(bytes)?;
    let trimmed = text.trim_start();
    if trimmed.is_empty() {
        return Err(ParseError::Empty);
    }
    if is_html(trimmed) {
        return Err(ParseError::Html);
    }
    if !looks_like_json(text) {
        return yaml::parse(text, max_yaml_nodes);
    }
    // What starts with a bracket may still be YAML's flow style. If it is neither, its author most
    // likely meant JSON.
    json::parse(text).or_else(|error| match error {
        ParseError::Syntax { .. } => yaml::parse(text, max_yaml_nodes).map_err(|_| error),
        other => Err(other),
    })
}

/// Whether the first character is one that a JSON document starts with.
pub(crate) fn looks_like_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '['])
}

/// The text without a byte order mark.
pub(crate) fn text_of(bytes: &[u8]) -> Result<&str, ParseError> {
    // Without a byte order mark the zero bytes of ASCII characters give UTF-16 away.
    if matches!(bytes, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [0, ..] | [_, 0, ..]) {
        return Err(ParseError::Utf16);
    }
    let text = std::str::from_utf8(bytes).map_err(|error| not_utf8(bytes, error.valid_up_to()))?;
    Ok(text.strip_prefix('\u{FEFF}').unwrap_or(text))
}

fn not_utf8(bytes: &[u8], byte: usize) -> ParseError {
    let valid = bytes.get(..byte).and_then(|valid| std::str::from_utf8(valid).ok()).unwrap_or_default();
    let last_line = valid.rsplit('\n').next().unwrap_or_default();
    let line = valid.matches('\n').count() + 1;
    ParseError::NotUtf8 { byte, line, column: last_line.chars().count() + 1 }
}

fn is_html(trimmed: &str) -> bool {
    let start: String = trimmed.chars().take(512).collect::<String>().to_ascii_lowercase();
    start.starts_with('<')
        && ["<!doctype html", "<html", "<head", "<body"].iter().any(|tag| start.contains(tag))
}

/// What a value is, for messages.
pub(crate) const fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}
