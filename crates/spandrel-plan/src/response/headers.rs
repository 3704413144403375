//! The few headers of a response that tell a model what to do next.

use std::fmt::Write;

use http::{HeaderName, StatusCode, header};

use super::ResponseHead;
use crate::value_text::truncated;

/// The most bytes of one header's value.
const MAX_VALUE: usize = 1000;
/// The most values of one header.
const MAX_VALUES: usize = 4;

/// Headers that are always told.
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
static NOTED_OF_HEAD: [HeaderName; 3] = [header::CONTENT_TYPE, header::CONTENT_LENGTH, header::LAST_MODIFIED];

/// How many requests are left; of interest when few are.
static REMAINING: [HeaderName; 3] = [
    HeaderName::from_static("ratelimit-remaining"),
    HeaderName::from_static("x-ratelimit-remaining"),
    HeaderName::from_static("x-rate-limit-remaining"),
];

/// What else is said of limits, in the words of many APIs and of the IETF's drafts.
static LIMITS: [HeaderName; 8] = [
    HeaderName::from_static("ratelimit-limit"),
    HeaderName::from_static("ratelimit-reset"),
    HeaderName::from_static("x-ratelimit-limit"),
    HeaderName::from_static("x-ratelimit-reset"),
    HeaderName::from_static("x-rate-limit-limit"),
    HeaderName::from_static("x-rate-limit-reset"),
    HeaderName::from_static("ratelimit"),
    HeaderName::from_static("ratelimit-policy"),
];

/// Fewer requests left than this are few.
const FEW: u32 = 10;

/// `headers:` and a line each; nothing where there is none of note.
pub(super) fn notes(head: &ResponseHead, of_head: bool) -> Option<String> {
    let mut text = String::from("headers:");
    let empty = text.len();
    let of_head: &[HeaderName] = if of_head { &NOTED_OF_HEAD } else { &[] };
    let limits: &[&[HeaderName]] = if are_few_left(head) { &[&REMAINING, &LIMITS] } else { &[] };
    let unauthorized: &[HeaderName] =
        if head.status == StatusCode::UNAUTHORIZED { &[header::WWW_AUTHENTICATE] } else { &[] };
    // A weak one cannot be named as the version that is to be changed (RFC 9110, section 13.1.1).
    let is_strong = head.headers.get(header::ETAG).is_some_and(|tag| tag.as_bytes().starts_with(b"\""));
    let tag: &[HeaderName] = if is_strong || !of_head.is_empty() { &[header::ETAG] } else { &[] };
    let names =
        NOTED.iter().chain(tag).chain(of_head).chain(unauthorized).chain(limits.iter().copied().flatten());
    for name in names {
        for value in values(head, name) {
            // Writing to a string cannot fail.
            let _ = write!(text, "\n{name}: {value}");
        }
    }
    (text.len() > empty).then_some(text)
}

/// Whatever a program may want to know.
pub(super) fn kept(head: &ResponseHead) -> Vec<(String, String)> {
    let others = [header::ETAG, header::LAST_MODIFIED];
    let names = NOTED.iter().chain(&others).chain(&REMAINING).chain(&LIMITS);
    let kept = names.filter(|name| head.headers.contains_key(*name)).map(|name| {
        let values: Vec<String> = values(head, name).collect();
        (name.to_string(), values.join(", "))
    });
    kept.collect()
}

fn are_few_left(head: &ResponseHead) -> bool {
    head.status == StatusCode::TOO_MANY_REQUESTS
        || REMAINING.iter().any(|name| {
            let left = head.headers.get(name).and_then(|value| value.to_str().ok());
            left.and_then(|left| left.trim().parse::<u32>().ok()).is_some_and(|left| left < FEW)
        })
}

fn values<'a>(head: &'a ResponseHead, name: &HeaderName) -> impl Iterator<Item = String> + use<'a> {
    head.headers
        .get_all(name)
        .into_iter()
        .take(MAX_VALUES)
        .map(|value| truncated(&String::from_utf8_lossy(value.as_bytes()), MAX_VALUE).into_owned())
}

/// The text of a header, cut when long.
pub(super) fn text_of_header(head: &ResponseHead, name: &HeaderName) -> Option<String> {
    let value = head.headers.get(name)?;
    Some(truncated(String::from_utf8_lossy(value.as_bytes()).trim(), MAX_VALUE).into_owned())
}
