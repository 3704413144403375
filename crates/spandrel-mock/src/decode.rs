//! Values as parameters and form fields write them, read back.
//!
//! Reading has two steps. The style says how a text is cut ([`delimited`], [`pairs`], [`deep`]),
//! which gives a [`Wire`]; the schema says what the texts in it are ([`typed`]). Where the schema
//! leaves more than one possibility, every one is tried, and the first that the schema accepts
//! counts.

pub(crate) mod deep;
pub(crate) mod delimited;
pub(crate) mod pairs;
#[cfg(test)]
mod tests;
pub(crate) mod typed;

use serde_json::Value;

use crate::check::Check;
use crate::percent::{Plus, decode};
use crate::shape::Kinds;

/// A value cut apart, of which it is not yet known what its texts are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wire {
    Text(String),
    List(Vec<Wire>),
    Members(Vec<(String, Wire)>),
    /// Known already: a part of a multipart body that says its own media type.
    Value(Value),
}

/// What a text is cut into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Scalar,
    Array,
    Object,
}

/// How a text is escaped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Coding {
    Percent(Plus),
    /// Not at all: header values and cookies of style `cookie`.
    Verbatim,
}

impl Coding {
    pub(crate) fn decode(self, text: &str) -> Result<String, String> {
        match self {
            Self::Percent(plus) => decode(text, plus).map_err(|error| error.to_string()),
            Self::Verbatim => Ok(text.to_owned()),
        }
    }
}

/// The forms that a value of these kinds may have, the plainest first.
pub(crate) fn forms(kinds: Kinds) -> Vec<Form> {
    let each = [(Kinds::SCALAR, Form::Scalar), (Kinds::ARRAY, Form::Array), (Kinds::OBJECT, Form::Object)];
    each.into_iter().filter(|(kind, _)| kinds.has(*kind)).map(|(_, form)| form).collect()
}

/// The first reading of `wires` that `check` accepts, else what is wrong with the likeliest one.
pub(crate) fn accepted(check: &Check, wires: &[Wire]) -> Result<Value, Vec<String>> {
    let mut first = None;
    for wire in wires {
        for value in typed::readings(check, wire) {
            if check.accepts(&value) {
                return Ok(value);
            }
            first.get_or_insert(value);
        }
    }
    Err(first.map(|value| check.complaints(&value)).unwrap_or_default())
}
