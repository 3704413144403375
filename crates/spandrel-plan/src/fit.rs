//! Results that are longer than a model should read at once: what of them is shown, and where the rest stands.
//!
//! JSON stays JSON: long arrays keep their first items, long strings their beginning, and large objects their
//! first members. Other text ends at a line or a sentence. Each place where something was left out is named,
//! so that the rest can be read there.
//!
//! | | |
//! |---|---|
//! | [`json_index`] | JSON text, and where its larger parts begin and end |
//! | [`share`] | how much of a bound each of several values gets |
//! | [`json`] | JSON within a number of bytes |
//! | [`text`] | other text within a number of bytes |
//! | [`bound`] | either within a number of tokens |
//! | [`part`] | a part of a text that was kept as a whole |
//! | [`fields`] | which members of a result are wanted |
//! | [`projection`] | a result with these alone |
//! | [`outcome`] | all texts of an outcome, and its structured content |

mod bound;
mod fields;
mod json;
mod json_index;
mod outcome;
mod part;
mod projection;
mod share;
#[cfg(test)]
mod tests;
mod text;

pub use bound::TextBound;
pub use fields::{FieldList, FieldListError};
pub use outcome::ShortenedText;
pub use part::{Part, PartError, part_of};
pub use projection::ProjectedText;

/// What a number of [`LeftOut`] counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Items of an array.
    Items,
    /// Members of an object.
    Members,
    /// Characters (Unicode scalar values) of a text.
    Characters,
}

impl Unit {
    /// The word for it, lower case: `items`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Items => "items",
            Self::Members => "members",
            Self::Characters => "characters",
        }
    }
}

/// A place where something was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// The JSON Pointer (RFC 6901) of the array, object or string; empty for all of the text.
    pub pointer: String,
    /// The first item, member or character that is left out, from 0.
    pub offset: usize,
    /// How many there are.
    pub total: usize,
    /// What is counted.
    pub unit: Unit,
}

/// A text within its bound.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shortened {
    /// The text.
    pub text: String,
    /// Where something is left out, the outermost places first; nothing where the text is whole. At most
    /// [`MOST_PLACES`] are named.
    pub left_out: Vec<LeftOut>,
    /// How many more places there are.
    pub more: usize,
}

/// The most places that are named.
pub const MOST_PLACES: usize = 6;
