//! The few headers of a response that tell a model what to do next.

use std::fmt::Write;

use http::{HeaderName, header};

use super::ResponseHead;
use crate::value_text::truncated;

/// The most bytes of one header's value.
const MAX_VALUE: usize = 1000;
/// The most values of one header.
const MAX_VALUES: usize = 4;

/// Headers that are always passed on.
static NOTED: [HeaderName; 7] = [
    header::LOCATION,
    header::LINK,
    header::RETRY_AFTER,
    HeaderName::from_static("x-total-count"),
    HeaderName::from_static("x-next-page"),
    HeaderName::from_static("deprecation"),
    HeaderName::from_static("sunset"),
];

/// Headers that are all there is to the answer to a HEAD request.
static NOTED_OF_HEAD: [HeaderName; 4] =
    [header::CONTENT_TYPE, header::CONTENT_LENGTH, header::LAST_MODIFIED, header::ETAG];

/// How many requests are left; of interest when none is.
static REMAINING: [HeaderName; 3] = [
    HeaderName::from_static("ratelimit-remaining"),
    HeaderName::from_static("x-ratelimit-remaining"),
    HeaderName::from_static("x-rate-limit-remaining"),
];

/// When there will be more; said where none is left.
static RESET: [HeaderName; 3] = [
    HeaderName::from_static("ratelimit-reset"),
    HeaderName::from_static("x-ratelimit-reset"),
    HeaderName::from_static("x-rate-limit-reset"),
];

/// `headers:` and a line each; nothing where there is none of note.
pub(super) fn notes(head: &ResponseHead, of_head: bool) -> Option<String> {
    let mut text = String::from("headers:");
    let empty = text.len();
    let exhausted =
        REMAINING.iter().any(|name| head.headers.get(name).is_some_and(|value| value.as_bytes() == b"0"));
    let of_head: &[HeaderName] = if of_head { &NOTED_OF_HEAD } else { &[] };
    let limits: &[&[HeaderName]] = if exhausted { &[&REMAINING, &RESET] } else { &[] };
    let unauthorized: &[HeaderName] =
        if head.status == http::StatusCode::UNAUTHORIZED { &[header::WWW_AUTHENTICATE] } else { &[] };
    let names = NOTED.iter().chain(of_head).chain(unauthorized).chain(limits.iter().copied().flatten());
    for name in names {
        for value in head.headers.get_all(name).iter().take(MAX_VALUES) {
            let value = String::from_utf8_lossy(value.as_bytes());
            // Writing to a string cannot fail.
            let _ = write!(text, "\n{name}: {}", truncated(&value, MAX_VALUE));
        }
    }
    (text.len() > empty).then_some(text)
}

/// The text of a header, cut when long.
pub(super) fn text_of_header(head: &ResponseHead, name: &HeaderName) -> Option<String> {
    let value = head.headers.get(name)?;
    Some(truncated(String::from_utf8_lossy(value.as_bytes()).trim(), MAX_VALUE).into_owned())
}
