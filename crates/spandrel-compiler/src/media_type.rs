//! Kinds of media types, as far as building a body or reading a response depends on them.

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
    let essence = essence(name);
    match essence.as_str() {
        "application/json" | "text/json" | "application/*" | "*/*" | "*" | "" => Kind::Json,
        "application/x-www-form-urlencoded" => Kind::Form,
        "application/x-ndjson"
        | "application/ndjson"
        | "application/jsonl"
        | "application/x-jsonlines"
        | "application/jsonlines"
        | "application/json-lines" => Kind::JsonLines,
        "application/json-seq" => Kind::JsonSequence,
        "application/xml" | "text/xml" => Kind::Xml,
        "application/yaml"
        | "application/x-yaml"
        | "application/javascript"
        | "application/graphql"
        | "application/sql" => Kind::Text,
        _ if essence.ends_with("+json-seq") => Kind::JsonSequence,
        _ if essence.ends_with("+json") || essence.ends_with("/json") => Kind::Json,
        _ if essence.ends_with("+xml") && !essence.starts_with("image/") => Kind::Xml,
        _ if essence.starts_with("multipart/") => Kind::Multipart,
        _ if essence.starts_with("text/") => Kind::Text,
        _ => Kind::Binary,
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
