//! One change of an overlay.

use serde_json::Value;
use serde_json_path::JsonPath;

/// One change to a document (Overlay 1.1.0, Action Object).
#[derive(Debug, Clone)]
pub struct Action {
    /// What it changes, as it is written.
    pub(crate) target_text: String,
    pub(crate) target: JsonPath,
    pub(crate) change: Change,
}

/// What becomes of the selected values.
#[derive(Debug, Clone)]
pub enum Change {
    /// Nothing: the action names neither.
    Nothing,
    /// They are removed from what holds them.
    Remove,
    /// The value is merged into objects, appended to arrays, and takes the place of anything else.
    Update(Value),
    /// The same with the one value that this path selects (1.1).
    Copy(JsonPath),
}

impl Action {
    /// What it changes, as it is written: a JSONPath.
    #[must_use]
    pub fn target(&self) -> &str {
        &self.target_text
    }

    /// What becomes of it.
    #[must_use]
    pub const fn change(&self) -> &Change {
        &self.change
    }
}
