//! Media types and ranges.

use spandrel_openapi::MediaType;

/// How content of a media type is read and written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Json,
    /// JSON texts, one a line or record.
    JsonLines,
    Form,
    Multipart,
    Text,
    Xml,
    /// Bytes that are not looked into.
    Binary,
}

impl Kind {
    /// The kind of `essence`, which is in lower case.
    pub(crate) fn of(essence: &str) -> Self {
        let (main, sub) = essence.split_once('/').unwrap_or((essence, ""));
        match (main, sub) {
            ("application", "x-www-form-urlencoded") => Self::Form,
            ("multipart", _) => Self::Multipart,
            (_, "json") => Self::Json,
            (
                _,
                "x-ndjson" | "ndjson" | "jsonl" | "json-lines" | "json-seq" | "jsonlines" | "x-jsonlines",
            ) => Self::JsonLines,
            (_, "xml") => Self::Xml,
            (_, sub) if sub.ends_with("+json-seq") => Self::JsonLines,
            (_, sub) if sub.ends_with("+json") => Self::Json,
            ("application" | "text", sub) if sub.ends_with("+xml") => Self::Xml,
            // No schema says anything that could be checked without a reader of their own.
            (_, sub) if sub.ends_with("yaml") || sub.contains("csv") || sub == "event-stream" => Self::Binary,
            ("text", _) => Self::Text,
            _ => Self::Binary,
        }
    }
}

/// A media type without its parameters, in lower case.
pub(crate) fn essence(name: &str) -> String {
    name.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// The value of the parameter `wanted` of a header like `a/b; wanted="value"`.
pub(crate) fn parameter(header: &str, wanted: &str) -> Option<String> {
    let mut rest = header.split_once(';')?.1;
    loop {
        let (name, value) = rest.trim_start().split_once('=')?;
        let (value, behind) = read_value(value);
        if name.trim().eq_ignore_ascii_case(wanted) {
            return Some(value);
        }
        rest = behind.split_once(';')?.1;
    }
}

/// A token or a quoted string, and what stands behind it.
fn read_value(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(';').unwrap_or(text.len());
        return (text.get(..end).unwrap_or_default().trim().to_owned(), text.get(end..).unwrap_or_default());
    };
    let mut value = String::new();
    let mut characters = quoted.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return (value, quoted.get(at + 1..).unwrap_or_default()),
            // A browser's file names hold lone backslashes; only quotes and backslashes are escaped.
            '\\' if quoted.get(at + 1..).is_some_and(|next| next.starts_with(['"', '\\'])) => {
                value.extend(characters.next().map(|(_, escaped)| escaped));
            }
            other => value.push(other),
        }
    }
    (value, "")
}

/// Whether `essence` is in `range`: itself, `type/*`, `*/*` or `type/*+suffix`.
pub(crate) fn in_range(range: &str, essence: &str) -> bool {
    if range == essence || range == "*/*" || range == "*" {
        return true;
    }
    let (Some((main, sub)), Some((wanted_main, wanted_sub))) =
        (essence.split_once('/'), range.split_once('/'))
    else {
        return false;
    };
    let main_fits = wanted_main == "*" || wanted_main == main;
    let sub_fits = match wanted_sub.strip_prefix('*') {
        Some(suffix) => sub.ends_with(suffix),
        None => wanted_sub == sub,
    };
    main_fits && sub_fits
}

/// The media type object for a body of `content_type`: the same text, else the same type, else the
/// narrowest range.
pub(crate) fn choose<'a>(content: &'a [MediaType], content_type: &str) -> Option<&'a MediaType> {
    let wanted = essence(content_type);
    let fitting = content.iter().filter(|media| in_range(&essence(&media.name), &wanted));
    fitting.min_by_key(|media| {
        let name = essence(&media.name);
        let breadth = match () {
            () if media.name.eq_ignore_ascii_case(content_type) => 0,
            () if name == wanted => 1,
            () if !name.starts_with('*') => 2,
            () => 3,
        };
        (breadth, std::cmp::Reverse(name.len()))
    })
}
