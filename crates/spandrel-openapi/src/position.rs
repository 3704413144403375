//! Where in the text a value stands; looked for only when a finding is printed.

mod duplicates;
mod json;
#[cfg(test)]
mod tests;
mod tracker;
mod yaml;

use crate::location::Pointer;
use crate::parse;

pub(crate) use duplicates::{MOST_DUPLICATES, duplicate_keys, shallow};

/// A place in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line, from one.
    pub line: usize,
    /// The column in characters, from one.
    pub column: usize,
}

/// Where the value at `pointer` stands: the key of a member, the start of an item. Where the text
/// has no such value, the nearest one around it; none where the text cannot be read.
#[must_use]
pub fn position_of(bytes: &[u8], pointer: &Pointer) -> Option<Position> {
    positions_of(bytes, &[pointer]).into_iter().next().flatten()
}

/// [`position_of`] for many pointers in one pass over the text; the answers are in their order.
#[must_use]
pub fn positions_of(bytes: &[u8], pointers: &[&Pointer]) -> Vec<Option<Position>> {
    let Ok(text) = parse::text_of(bytes) else {
        return vec![None; pointers.len()];
    };
    let found = if parse::looks_like_json(text) { json::positions(text, pointers) } else { None };
    found.unwrap_or_else(|| yaml::positions(text, pointers))
}

/// What a walk over a text tells of it, in the order of the text.
trait Structure<P> {
    /// An object or array starts.
    fn open(&mut self, container: Container, at: P);
    /// The innermost object or array ends.
    fn close(&mut self);
    /// A key of the innermost object.
    fn key(&mut self, name: &str, at: P);
    /// A value that is neither an object nor an array.
    fn scalar(&mut self, at: P);
}

/// What holds other values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Container {
    Object,
    Array,
}
