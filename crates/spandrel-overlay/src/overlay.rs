//! An overlay as a whole.

use serde_json::Value;

use crate::action::{Action, Change};
use crate::apply;
use crate::error::OverlayError;
use crate::read;

/// The version of the specification that an overlay follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OverlayVersion {
    /// 1.0.x.
    V1_0,
    /// 1.1.x.
    V1_1,
}

/// An ordered list of changes to a document (Overlay 1.1.0, Overlay Object).
#[derive(Debug, Clone)]
pub struct Overlay {
    pub(crate) version: OverlayVersion,
    pub(crate) title: String,
    pub(crate) extends: Option<String>,
    pub(crate) actions: Vec<Action>,
}

/// What came of an overlay.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applied {
    /// How many values were changed, by all actions together.
    pub changed: usize,
    /// The actions that changed nothing because nothing was selected. The specification lets that
    /// pass; an author rarely means it.
    pub unmatched: Vec<Unmatched>,
}

/// An action that selects nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmatched {
    /// Which action; they count from one.
    pub action: usize,
    /// What it would change.
    pub target: String,
}

impl Overlay {
    /// Reads an overlay from JSON or YAML.
    ///
    /// # Errors
    /// Where it is not what the specification's schema describes; see [`OverlayError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, OverlayError> {
        read::overlay(&spandrel_openapi::parse_value(bytes)?)
    }

    /// The version of the specification that it follows.
    #[must_use]
    pub const fn version(&self) -> OverlayVersion {
        self.version
    }

    /// What it is for, in a line.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The document that it was written for: a URI reference.
    #[must_use]
    pub fn extends(&self) -> Option<&str> {
        self.extends.as_deref()
    }

    /// Its changes, in the order in which they are made.
    #[must_use]
    pub fn actions(&self) -> &[Action] {
        &self.actions
    }

    /// Makes the changes, each on what the one before has left.
    ///
    /// An array is concatenated with an array also by overlays of 1.0, which leave it open, and
    /// these may change values that are neither objects nor arrays. In 1.0, which does not say what
    /// happens to members of different kinds, the new one takes the place of the old; in 1.1 that is
    /// an error.
    ///
    /// # Errors
    /// At the first action that cannot be carried out; the document may have been changed by then.
    pub fn apply(&self, document: &mut Value) -> Result<Applied, OverlayError> {
        let mut applied = Applied::default();
        for (index, action) in self.actions.iter().enumerate() {
            let number = index + 1;
            let changed = apply::action(action, self.version, document).map_err(|problem| {
                OverlayError::Action { action: number, target: action.target_text.clone(), problem }
            })?;
            applied.changed += changed;
            if changed == 0 && !matches!(action.change, Change::Nothing) {
                applied.unmatched.push(Unmatched { action: number, target: action.target_text.clone() });
            }
        }
        Ok(applied)
    }
}
