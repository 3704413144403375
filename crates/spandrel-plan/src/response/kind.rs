//! What kind of body a media type announces.

use crate::media_type::{essence, has_suffix, is_json};

/// How a body is mapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// One JSON text.
    Json,
    /// Text for the model.
    Text,
    /// Server-sent events.
    EventStream,
    /// JSON texts, one a line or one a record.
    JsonLines,
    /// A picture.
    Image,
    /// Sound.
    Audio,
    /// Several bodies.
    Multipart,
    /// Bytes.
    Binary,
    /// Text where it reads as text, else bytes.
    Unknown,
}

/// Types of text outside `text/*` that no suffix tells.
const TEXT: [&str; 11] = [
    "application/xml",
    "application/yaml",
    "application/x-yaml",
    "application/javascript",
    "application/ecmascript",
    "application/x-javascript",
    "application/x-www-form-urlencoded",
    "application/toml",
    "application/sql",
    "application/graphql",
    "application/csv",
];

/// Names of JSON lines and of JSON text sequences; an old one looks like a single JSON text.
const JSON_LINES: [&str; 9] = [
    "application/x-ndjson",
    "application/ndjson",
    "application/jsonl",
    "application/x-jsonl",
    "application/jsonlines",
    "application/x-jsonlines",
    "application/json-lines",
    "application/json-seq",
    "application/stream+json",
];

impl Kind {
    /// The kind of a `Content-Type`.
    pub(super) fn of(media_type: &str) -> Self {
        let essence = essence(media_type).to_ascii_lowercase();
        let (main, subtype) = essence.split_once('/').unwrap_or((&essence, ""));
        match main {
            _ if JSON_LINES.contains(&essence.as_str()) || has_suffix(&essence, "+json-seq") => {
                Self::JsonLines
            }
            _ if is_json(&essence) => Self::Json,
            "text" if subtype == "event-stream" => Self::EventStream,
            // A picture that is XML says more to a model as text.
            _ if main == "text"
                || TEXT.contains(&essence.as_str())
                || ["+xml", "+yaml"].iter().any(|suffix| has_suffix(&essence, suffix)) =>
            {
                Self::Text
            }
            "image" => Self::Image,
            "audio" => Self::Audio,
            "multipart" => Self::Multipart,
            "application" if subtype.starts_with("vnd.") => Self::Unknown,
            _ => Self::Binary,
        }
    }
}
