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
const TEXT: [&str; 15] = [
    "application/xml",
    "application/yaml",
    "application/x-yaml",
    "application/javascript",
    "application/ecmascript",
    "application/x-javascript",
    "application/x-www-form-urlencoded",
    "application/x-ndjson",
    "application/ndjson",
    "application/jsonl",
    "application/json-seq",
    "application/toml",
    "application/sql",
    "application/graphql",
    "application/csv",
];

impl Kind {
    /// The kind of a `Content-Type`.
    pub(super) fn of(media_type: &str) -> Self {
        let essence = essence(media_type).to_ascii_lowercase();
        let (main, subtype) = essence.split_once('/').unwrap_or((&essence, ""));
        match main {
            _ if is_json(&essence) => Self::Json,
            "text" if subtype == "event-stream" => Self::EventStream,
            // A picture that is XML says more to a model as text.
            _ if main == "text"
                || TEXT.contains(&essence.as_str())
                || ["+xml", "+yaml", "+json-seq"].iter().any(|suffix| has_suffix(&essence, suffix)) =>
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
