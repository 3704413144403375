//! Kinds of media types, as far as building a body or reading a response depends on them.

use spandrel_plan::MediaKind;

/// What a media type's content is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    // In the order of preference for a request body.
    Json,
    Multipart,
    Form,
    JsonLines,
    JsonSequence,
    Xml,
    Text,
    Binary,
}

/// The kind of the media type (or range) `name`, whatever its parameters.
pub(crate) fn kind(name: &str) -> Kind {
    if matches!(essence(name).as_str(), "application/*" | "*/*" | "*" | "") {
        return Kind::Json;
    }
    match MediaKind::of(name) {
        MediaKind::Json => Kind::Json,
        MediaKind::Multipart => Kind::Multipart,
        MediaKind::Form => Kind::Form,
        MediaKind::JsonLines => Kind::JsonLines,
        MediaKind::JsonSequence => Kind::JsonSequence,
        MediaKind::Xml => Kind::Xml,
        MediaKind::Text | MediaKind::EventStream => Kind::Text,
        MediaKind::Image | MediaKind::Audio | MediaKind::Vendor | MediaKind::Binary => Kind::Binary,
    }
}

/// The type and subtype in lower case, without parameters.
pub(crate) fn essence(name: &str) -> String {
    name.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Whether `name` is a range, which cannot be sent as a `Content-Type`.
pub(crate) fn is_range(name: &str) -> bool {
    name.contains('*')
}
