//! Values made from a schema: always the same one, small, and checked against the schema.
//!
//! A value is made by looking at what the schema asks for. Where there is more than one way, a
//! choice is noted with its place. When the validator then objects, the choice nearest to its
//! objection is made otherwise, a bounded number of times.

mod array;
mod choice;
mod decimal;
mod maker;
mod number;
mod object;
mod pattern;
mod string;
#[cfg(test)]
mod tests;

use serde_json::Value;

use crate::check::Check;
use maker::Maker;

/// How much of what a schema allows a value holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Extent {
    /// What must be there. An object or array that may hold something holds one thing, since forms
    /// and queries cannot say that it is empty.
    Required,
    /// All that the schema names, with the values that it gives as examples.
    Everything,
    /// All that the schema names, with text that needs escaping, the largest numbers and more than
    /// one item.
    Edge,
}

/// How often a value is made anew.
const MOST_ATTEMPTS: usize = 80;
/// When all attempts together made this many values, inner ones counted, the nearest one has to do.
const MOST_MADE: usize = 50_000;

/// A value made from a schema.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// The value.
    pub value: Value,
    /// Whether the schema accepts it. A schema that cannot be compiled accepts nothing.
    pub verified: bool,
    /// What the schema says against it, a sentence each; only where it is not `verified`.
    pub complaints: Vec<String>,
}

/// A value of `schema`, a self-contained one of JSON Schema 2020-12; the nearest that was found
/// where none is accepted. The same schema and extent give the same value.
#[must_use]
pub fn sample(schema: Value, extent: Extent) -> Sample {
    generate(&Check::new(schema, true), extent)
}

/// A value that `check` accepts, or the nearest that was found.
pub(crate) fn generate(check: &Check, extent: Extent) -> Sample {
    let mut choices = choice::Choices::default();
    let mut nearest: Option<(usize, Value)> = None;
    let mut made = 0;
    for _ in 0..MOST_ATTEMPTS {
        let mut maker = Maker::new(check.shapes(), extent, &mut choices);
        let value = maker.make(&[check.schema()]).unwrap_or(Value::Null);
        made += maker.made;
        let places = check.faulty_places(&value);
        if places.is_empty() {
            return Sample { value, verified: check.is_compiled(), complaints: Vec::new() };
        }
        if nearest.as_ref().is_none_or(|(faults, _)| places.len() < *faults) {
            nearest = Some((places.len(), value));
        }
        if made > MOST_MADE || !choices.revise(&places) {
            break;
        }
    }
    let value = nearest.map_or(Value::Null, |(_, value)| value);
    let complaints = check.complaints(&value);
    Sample { value, verified: false, complaints }
}
