//! A text within a number of tokens.

use std::fmt;

use serde_json::value::RawValue;

use super::json::{self, Window};
use super::json_index::JsonIndex;
use super::{Shortened, text};
use crate::json_text::without_white_space;

/// How many bytes are counted to learn how many a token has.
const SAMPLE: usize = 4096;
/// How often a number of bytes is tried.
const TRIES: usize = 8;

/// The most tokens of a text, and how they are counted.
#[derive(Clone, Copy)]
pub struct TextBound<'a> {
    /// The most tokens.
    pub tokens: usize,
    /// Counts the tokens of a text: none where it has more than the given number. A token has one byte or more.
    pub count: &'a dyn Fn(&str, usize) -> Option<usize>,
}

impl TextBound<'_> {
    /// Whether `text` is within the bound.
    pub(super) fn holds(&self, text: &str) -> bool {
        text.len() <= self.tokens || (self.count)(text, self.tokens).is_some()
    }

    pub(super) fn with_tokens(self, tokens: usize) -> Self {
        Self { tokens, ..self }
    }

    /// `text` within the bound: as JSON where it is JSON.
    pub(super) fn shorten(&self, text: &str) -> Shortened {
        if !is_json(text) {
            return self.fitting(text, |room| text::cut(text, "", (0, None), room));
        }
        let compact = without_white_space(text);
        let index = JsonIndex::new(&compact);
        self.fitting(&compact, |room| json::shorten(&index, index.whole(), "", Window::default(), room))
    }

    /// What `within` makes of a number of bytes so that it is within the bound, and not much shorter. `whole` is
    /// what it makes it of.
    pub(super) fn fitting(&self, whole: &str, within: impl Fn(usize) -> Shortened) -> Shortened {
        let mut room = self.bytes_of(whole);
        let mut best: Option<Shortened> = None;
        for _ in 0..TRIES {
            let tried = within(room);
            let tokens = if tried.text.len() <= self.tokens {
                Some(tried.text.len())
            } else {
                (self.count)(&tried.text, self.tokens)
            };
            match tokens {
                Some(tokens) => {
                    let is_whole = tried.left_out.is_empty() && tried.more == 0;
                    let is_better = best.as_ref().is_none_or(|best| best.text.len() < tried.text.len());
                    if is_better {
                        best = Some(tried);
                    }
                    if is_whole || !is_better || tokens >= self.tokens / 10 * 9 {
                        break;
                    }
                    // A little less than what it would come to, as the rest may be denser.
                    room = room.saturating_mul(self.tokens).saturating_mul(19) / tokens.max(1) / 20;
                }
                None if best.is_some() => break,
                None => room = room.saturating_mul(4) / 5,
            }
        }
        // As many bytes as tokens always are within the bound.
        best.unwrap_or_else(|| within(self.tokens))
    }

    /// About how many bytes the bound is, by the beginning of a text.
    fn bytes_of(&self, text: &str) -> usize {
        let mut end = SAMPLE.min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let sample = text.get(..end).unwrap_or_default();
        let tokens = (self.count)(sample, usize::MAX).unwrap_or(end).max(1);
        self.tokens.saturating_mul(sample.len()).saturating_mul(19) / tokens / 20
    }
}

impl fmt::Debug for TextBound<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("TextBound").field("tokens", &self.tokens).finish_non_exhaustive()
    }
}

/// Whether a text is JSON that has parts.
pub(super) fn is_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '[', '"']) && serde_json::from_str::<&RawValue>(text).is_ok()
}
