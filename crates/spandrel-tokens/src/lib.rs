//! Counts the tokens that a model reads.
//!
//! The vocabulary is `o200k_base`, which `OpenAI` publishes for its models; other providers' do not differ
//! much on English and JSON, and keep theirs to themselves. Counts are those of `tiktoken`, to the token.
//!
//! ```
//! assert_eq!(spandrel_tokens::count("Hello, world!"), 4);
//! assert!(spandrel_tokens::fits("Hello, world!", 4));
//! assert!(!spandrel_tokens::fits("Hello, world!", 3));
//! ```
//!
//! The tables lie in the binary as they are used: nothing is loaded first, so that a server that counts
//! at all starts as fast as one that does not and stays as small.

mod merge;
mod pieces;
mod slot;
mod vocabulary;

use merge::Merger;
use pieces::pieces;

/// The most bytes of one token.
pub const LONGEST_TOKEN: usize = 128;

/// How many tokens `text` is. Special tokens such as `<|endoftext|>` are text like any other.
#[must_use]
pub fn count(text: &str) -> usize {
    let mut merger = Merger::default();
    pieces(text).map(|piece| merger.count(piece.as_bytes())).sum()
}

/// Whether `text` is at most `limit` tokens. Mostly the length alone tells: a token is 1 to
/// [`LONGEST_TOKEN`] bytes. Else no more is counted than it takes.
#[must_use]
pub fn fits(text: &str, limit: usize) -> bool {
    text.len() <= limit || count_within(text, limit).is_some()
}

/// How many tokens `text` is; none where they are more than `limit`. No more is counted than that takes.
#[must_use]
pub fn count_within(text: &str, limit: usize) -> Option<usize> {
    if text.len() > limit.saturating_mul(LONGEST_TOKEN) {
        return None;
    }
    let mut merger = Merger::default();
    let mut counted = 0_usize;
    for piece in pieces(text) {
        counted += merger.count(piece.as_bytes());
        if counted > limit {
            return None;
        }
    }
    Some(counted)
}

/// How many tokens a model reads to know a tool. Clients send its name, its description and the schema
/// of its arguments, and leave out title, annotations and the schema of its results.
#[must_use]
pub fn of_tool(name: &str, description: Option<&str>, input_schema: &str) -> usize {
    count(name) + description.map_or(0, count) + count(input_schema)
}

#[cfg(test)]
mod tests;
