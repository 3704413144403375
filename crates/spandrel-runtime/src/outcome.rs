//! What a custom tool may return.

use std::fmt::Display;

use serde::Serialize;
use serde_json::Value;
use spandrel_plan::{JsonText, Outcome, Structured};

/// What can be the result of a [`CustomTool`](crate::CustomTool).
///
/// | returned | the model gets |
/// |---|---|
/// | `String`, `&'static str` | the text |
/// | [`Value`], [`Json<T>`](Json) | the JSON as text and as structured content |
/// | `()` | the text `done` |
/// | [`Outcome`] | as it is |
/// | `Result<T, E: Display>` | `T`, or a failure with the error's text |
pub trait IntoOutcome {
    /// The outcome.
    fn into_outcome(self) -> Outcome;
}

/// A value to be returned as JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Json<T>(pub T);

impl IntoOutcome for Outcome {
    fn into_outcome(self) -> Outcome {
        self
    }
}

impl IntoOutcome for String {
    fn into_outcome(self) -> Outcome {
        Outcome::text(self)
    }
}

impl IntoOutcome for &'static str {
    fn into_outcome(self) -> Outcome {
        Outcome::text(self)
    }
}

impl IntoOutcome for () {
    fn into_outcome(self) -> Outcome {
        Outcome::text("done")
    }
}

impl IntoOutcome for Value {
    fn into_outcome(self) -> Outcome {
        let text = JsonText::from_value(&self);
        let structured =
            if self.is_object() { Structured::Object(text.clone()) } else { Structured::Other(text.clone()) };
        Outcome { structured: Some(structured), ..Outcome::text(text.as_str()) }
    }
}

impl<T: Serialize> IntoOutcome for Json<T> {
    fn into_outcome(self) -> Outcome {
        match serde_json::to_value(&self.0) {
            Ok(value) => value.into_outcome(),
            Err(error) => Outcome::error(format!("The tool's result cannot be written as JSON: {error}.")),
        }
    }
}

impl<T: IntoOutcome, E: Display> IntoOutcome for Result<T, E> {
    fn into_outcome(self) -> Outcome {
        match self {
            Ok(value) => value.into_outcome(),
            Err(error) => Outcome::error(error.to_string()),
        }
    }
}
