//! A part of a text that was kept as a whole.

use thiserror::Error;

use super::bound::is_json;
use super::json::{self, Window};
use super::json_index::{JsonIndex, Kind, Span};
use super::{Shortened, TextBound, text};
use crate::json_text::without_white_space;

/// Which part of a text is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Part<'a> {
    /// The JSON Pointer (RFC 6901) of a value; empty for the whole.
    pub pointer: &'a str,
    /// The first item of an array, member of an object or character of a text, from 0.
    pub offset: usize,
    /// The most of them; none for as many as the bound allows.
    pub limit: Option<usize>,
}

/// Why there is no such part.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PartError {
    /// The pointer leads nowhere. The text is that part of it which does lead somewhere.
    #[error("the result has nothing at that pointer; the last value on its way is at \"{0}\"")]
    NotFound(String),
    /// The pointer does not begin with `/`.
    #[error("a JSON Pointer is empty or begins with `/`")]
    Pointer,
    /// There is a pointer, and the text is no JSON.
    #[error("the result is text, which has no pointers: leave `pointer` out")]
    NoJson,
    /// There are no more than that.
    #[error("the offset is beyond the end: there are {0}")]
    Offset(usize),
}

/// The part of `whole` that is asked for, within `bound`. A string of JSON is given as the text that it means.
///
/// # Errors
/// When there is no such part.
pub fn part_of(whole: &str, part: &Part<'_>, bound: &TextBound<'_>) -> Result<Shortened, PartError> {
    let (offset, limit) = (part.offset, part.limit);
    if !is_json(whole) {
        return if part.pointer.is_empty() { text_of(whole, part, bound) } else { Err(PartError::NoJson) };
    }
    let compact = without_white_space(whole);
    let index = JsonIndex::new(&compact);
    let span = find(&index, part.pointer)?;
    let total = match index.kind(span) {
        Kind::Array => index.items(span).count(),
        Kind::Object => index.members(span).count(),
        Kind::String => {
            let meant: String = serde_json::from_str(index.slice(span)).unwrap_or_default();
            return text_of(&meant, part, bound);
        }
        Kind::Scalar => 1,
    };
    if offset > 0 && offset >= total {
        return Err(PartError::Offset(total));
    }
    let window = Window { offset, limit };
    Ok(bound.fitting(index.slice(span), |room| json::shorten(&index, span, part.pointer, window, room)))
}

fn text_of(whole: &str, part: &Part<'_>, bound: &TextBound<'_>) -> Result<Shortened, PartError> {
    let window = (part.offset, part.limit);
    if part.offset > 0 && part.offset >= whole.len() {
        return Err(PartError::Offset(whole.chars().count()));
    }
    let shortened = bound.fitting(whole, |room| text::cut(whole, part.pointer, window, room));
    if shortened.text.is_empty() && part.offset > 0 {
        return Err(PartError::Offset(whole.chars().count()));
    }
    Ok(shortened)
}

/// Where the value of a pointer stands.
fn find(index: &JsonIndex<'_>, pointer: &str) -> Result<Span, PartError> {
    let mut span = index.whole();
    if pointer.is_empty() {
        return Ok(span);
    }
    let steps = pointer.strip_prefix('/').ok_or(PartError::Pointer)?;
    let mut found = String::new();
    for step in steps.split('/') {
        let next = match index.kind(span) {
            Kind::Array => step.parse().ok().and_then(|number| index.items(span).nth(number)),
            // Of a key that is there twice, readers take the last.
            Kind::Object => {
                let name = step.replace("~1", "/").replace("~0", "~");
                let is_it =
                    |key: Span| serde_json::from_str::<String>(index.slice(key)).is_ok_and(|key| key == name);
                index.members(span).filter(|(key, _)| is_it(*key)).last().map(|(_, value)| value)
            }
            Kind::String | Kind::Scalar => None,
        };
        span = next.ok_or_else(|| PartError::NotFound(found.clone()))?;
        found.push('/');
        found.push_str(step);
    }
    Ok(span)
}
