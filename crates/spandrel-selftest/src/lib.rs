//! Calls every tool against the mock, and says what was refused.
//!
//! Arguments are made from each tool's input schema, always the same ones. They pass through
//! validation and rendering as those of a model do; the mock then judges the request from the
//! document alone, so that two readings of the document have to agree.
//!
//! The crate is pure: it does no I/O and reads no clock. Whoever has to stop in time asks tool by
//! tool.

mod arguments;
mod call;
mod files;
mod find;
mod media_type;
mod place;

pub use arguments::{Given, Sampling, samples};
pub use call::{Call, Failure, Verdict, test};

#[cfg(test)]
mod tests;
