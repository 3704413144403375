//! Reading media types.

/// The type and subtype of a media type's text, without its parameters; of a list, the first.
pub(crate) fn essence(media_type: &str) -> &str {
    media_type.split([';', ',']).next().unwrap_or_default().trim()
}

/// What the content of a media type is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaKind {
    /// One JSON text.
    Json,
    /// JSON texts, one a line.
    JsonLines,
    /// A JSON text sequence (RFC 7464).
    JsonSequence,
    /// `application/x-www-form-urlencoded`.
    Form,
    /// Several bodies.
    Multipart,
    /// XML that is no picture.
    Xml,
    /// Server-sent events.
    EventStream,
    /// Any other text.
    Text,
    /// A picture; one of XML too.
    Image,
    /// Sound.
    Audio,
    /// A type of somebody's own, which may be text or not.
    Vendor,
    /// Bytes.
    Binary,
}

/// Types of text outside `text/*` that no suffix tells.
const TEXT: [&str; 9] = [
    "application/yaml",
    "application/x-yaml",
    "application/javascript",
    "application/ecmascript",
    "application/x-javascript",
    "application/toml",
    "application/sql",
    "application/graphql",
    "application/csv",
];

/// Names of JSON lines; an old one looks like a single JSON text.
const JSON_LINES: [&str; 8] = [
    "application/x-ndjson",
    "application/ndjson",
    "application/jsonl",
    "application/x-jsonl",
    "application/jsonlines",
    "application/x-jsonlines",
    "application/json-lines",
    "application/stream+json",
];

impl MediaKind {
    /// The kind of `media_type`, whatever its parameters. Requests and responses are read by this alone.
    #[must_use]
    pub fn of(media_type: &str) -> Self {
        let essence = essence(media_type).to_ascii_lowercase();
        let (main, subtype) = essence.split_once('/').unwrap_or((&essence, ""));
        match main {
            _ if JSON_LINES.contains(&essence.as_str()) => Self::JsonLines,
            _ if essence == "application/json-seq" || has_suffix(&essence, "+json-seq") => Self::JsonSequence,
            _ if is_json(&essence) => Self::Json,
            _ if is_form(&essence) => Self::Form,
            "image" => Self::Image,
            "audio" => Self::Audio,
            "multipart" => Self::Multipart,
            _ if subtype == "xml" || has_suffix(&essence, "+xml") => Self::Xml,
            "text" if subtype == "event-stream" => Self::EventStream,
            "text" => Self::Text,
            _ if TEXT.contains(&essence.as_str()) || has_suffix(&essence, "+yaml") => Self::Text,
            "application" if subtype.starts_with("vnd.") => Self::Vendor,
            _ => Self::Binary,
        }
    }
}

/// Whether it is JSON: `application/json`, `text/json` or anything that ends in `+json`.
pub(crate) fn is_json(media_type: &str) -> bool {
    let essence = essence(media_type);
    essence.split_once('/').is_some_and(|(_, subtype)| subtype.eq_ignore_ascii_case("json"))
        || has_suffix(essence, "+json")
}

/// Whether it is `application/x-www-form-urlencoded`.
pub(crate) fn is_form(media_type: &str) -> bool {
    essence(media_type).eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// Whether the type ends in `suffix`, such as `+xml`.
pub(crate) fn has_suffix(essence: &str, suffix: &str) -> bool {
    essence
        .len()
        .checked_sub(suffix.len())
        .and_then(|start| essence.get(start..))
        .is_some_and(|end| end.eq_ignore_ascii_case(suffix))
}

/// The value of a parameter, such as `charset` or `boundary`, without its quotes.
pub(crate) fn parameter<'a>(media_type: &'a str, name: &str) -> Option<&'a str> {
    media_type.split(';').skip(1).find_map(|parameter| {
        let (key, value) = parameter.split_once('=')?;
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"'))
    })
}

/// Whether the text is a `type/subtype` that can be sent: tokens, without a wildcard.
pub(crate) fn is_concrete(media_type: &str) -> bool {
    let is_token = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
    };
    essence(media_type).split_once('/').is_some_and(|(kind, subtype)| is_token(kind) && is_token(subtype))
}

/// Whether `media_type` is one of `ranges`, a comma-separated list such as `image/*, text/csv`.
pub(crate) fn matches(media_type: &str, ranges: &str) -> bool {
    let media_type = essence(media_type);
    ranges.split(',').map(essence).any(|range| {
        range == "*/*"
            || range.eq_ignore_ascii_case(media_type)
            || range.strip_suffix("/*").is_some_and(|kind| {
                media_type.split_once('/').is_some_and(|(own, _)| own.eq_ignore_ascii_case(kind))
            })
    })
}
