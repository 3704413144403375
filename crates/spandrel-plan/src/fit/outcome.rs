//! All texts of an outcome within one bound, and its structured content as it is then.

use super::bound::is_json;
use super::share::equal_share;
use super::{LeftOut, Shortened, TextBound};
use crate::catalog::{JsonText, Tool};
use crate::json_text::without_white_space;
use crate::outcome::{Content, Outcome, Structured};

/// The most tokens that words about one shortened text may have.
const NOTE: usize = 300;
/// The size of a text of which no more is known than that it is beyond the bound.
const UNCOUNTED: usize = usize::MAX / 1024;

/// What stands around a body in structured content.
const WRAPPERS: [(&str, &str); 3] = [("", ""), ("{\"result\":", "}"), ("{\"unexpectedBody\":", "}")];

/// A text of an outcome that was shortened: what it was, and what of it is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShortenedText {
    /// The text as it was.
    pub whole: String,
    /// Whether it is JSON.
    pub is_json: bool,
    /// Where something is left out, the outermost places first. At most [`MOST_PLACES`](super::MOST_PLACES).
    pub left_out: Vec<LeftOut>,
    /// How many more places there are.
    pub more: usize,
    /// The tokens that words about it may have.
    pub note_tokens: usize,
}

impl Tool {
    /// Shortens the texts of `outcome` so that all of them, with some words about each that was shortened, are
    /// within `bound`; what was shortened. Structured content is shortened alike, and still satisfies the
    /// schema that the tool advertises. Pictures and other bytes are not looked at.
    ///
    /// What is as short in bytes as the bound is in tokens costs nothing.
    pub fn shorten(&self, outcome: &mut Outcome, bound: &TextBound<'_>) -> Vec<ShortenedText> {
        let Some(shares) = Shares::of(&outcome.content, bound) else { return Vec::new() };
        let own = bound.with_tokens(shares.text);
        let mut all = Vec::new();
        for content in &mut outcome.content {
            let Content::Text(text) = content else { continue };
            if own.holds(text) {
                continue;
            }
            let Shortened { text: short, left_out, more } = own.shorten(text);
            if let Some(structured) = outcome.structured.take() {
                outcome.structured = self.restructured(structured, text, &short, outcome.is_error);
            }
            let whole = std::mem::replace(text, short);
            // White space is no loss.
            if !left_out.is_empty() || more > 0 {
                let is_json = is_json(&whole);
                all.push(ShortenedText { whole, is_json, left_out, more, note_tokens: shares.note });
            }
        }
        if let Some(structured) = outcome.structured.take() {
            outcome.structured = self.within(structured, bound, outcome.is_error);
        }
        all
    }

    /// Structured content whose body was `whole` and is `short` now; as it was where it holds something else.
    pub(super) fn restructured(
        &self,
        structured: Structured,
        whole: &str,
        short: &str,
        is_error: bool,
    ) -> Option<Structured> {
        let json = text_of(&structured);
        let around = WRAPPERS.into_iter().find(|(before, after)| {
            let body = json.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
            body.is_some_and(|body| body.trim() == whole.trim())
        });
        let Some((before, after)) = around else { return Some(structured) };
        match JsonText::from_text(format!("{before}{short}{after}")) {
            Ok(json) => self.conforming(json, short, is_error),
            Err(_) => Some(structured),
        }
    }

    /// Structured content within the bound, whatever the text beside it.
    fn within(&self, structured: Structured, bound: &TextBound<'_>, is_error: bool) -> Option<Structured> {
        let json = text_of(&structured);
        if bound.holds(json) || bound.holds(&without_white_space(json)) {
            return Some(structured);
        }
        let short = bound.shorten(json).text;
        match JsonText::from_text(short.clone()) {
            Ok(json) => self.conforming(json, &short, is_error),
            Err(_) => Some(structured),
        }
    }
}

fn text_of(structured: &Structured) -> &str {
    let (Structured::Object(json) | Structured::Other(json)) = structured;
    json.as_str()
}

/// What each text of an outcome may have, in tokens.
struct Shares {
    text: usize,
    /// The words about a text that is longer.
    note: usize,
}

impl Shares {
    /// None where all texts are within the bound.
    fn of(content: &[Content], bound: &TextBound<'_>) -> Option<Self> {
        let texts = || {
            content
                .iter()
                .filter_map(|content| if let Content::Text(text) = content { Some(text) } else { None })
        };
        if texts().map(String::len).sum::<usize>() <= bound.tokens {
            return None;
        }
        let counted = |text: &String| (bound.count)(text, bound.tokens).unwrap_or(UNCOUNTED);
        let sizes: Vec<usize> = texts().map(counted).collect();
        let without_notes = equal_share(&sizes, bound.tokens)?;
        let large = sizes.iter().filter(|size| **size > without_notes).count().max(1);
        let notes = large.saturating_mul(NOTE).min(bound.tokens / 2);
        let text = equal_share(&sizes, bound.tokens - notes)?;
        let large = sizes.iter().filter(|size| **size > text).count().max(1);
        Some(Self { text, note: notes / large })
    }
}
