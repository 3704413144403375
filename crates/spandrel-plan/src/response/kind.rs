//! What kind of body a media type announces.

use crate::media_type::{MediaKind, essence, has_suffix};

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

impl Kind {
    /// The kind of a `Content-Type`.
    pub(super) fn of(media_type: &str) -> Self {
        match MediaKind::of(media_type) {
            MediaKind::Json => Self::Json,
            MediaKind::JsonLines | MediaKind::JsonSequence => Self::JsonLines,
            MediaKind::EventStream => Self::EventStream,
            // A picture that is XML says more to a model as text.
            MediaKind::Image if has_suffix(essence(media_type), "+xml") => Self::Text,
            MediaKind::Text | MediaKind::Xml | MediaKind::Form => Self::Text,
            MediaKind::Image => Self::Image,
            MediaKind::Audio => Self::Audio,
            MediaKind::Multipart => Self::Multipart,
            MediaKind::Vendor => Self::Unknown,
            MediaKind::Binary => Self::Binary,
        }
    }
}
