//! Why an overlay cannot be read or applied.

use spandrel_openapi::ParseError;
use thiserror::Error;

/// Why an overlay cannot be read or applied. Actions count from one.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum OverlayError {
    /// It is neither JSON nor YAML.
    #[error(transparent)]
    Parse(#[from] ParseError),
    /// It is another version of the specification, or no overlay.
    #[error("`overlay` must say the version, 1.0.x or 1.1.x; it is {found}")]
    Version {
        /// What stands there.
        found: String,
    },
    /// A field is missing, of the wrong type, or not one of an overlay.
    #[error("{place}: {message}")]
    Field {
        /// Where, as a path.
        place: String,
        /// What is wrong.
        message: String,
    },
    /// A target or source is no JSONPath.
    #[error("action {action}: `{path}` is no JSONPath (RFC 9535): {message}")]
    Path {
        /// The action.
        action: usize,
        /// The path.
        path: String,
        /// What is wrong.
        message: String,
    },
    /// An action cannot be carried out.
    #[error("action {action}, `{target}`: {problem}")]
    Action {
        /// The action.
        action: usize,
        /// What it changes.
        target: String,
        /// Why not.
        problem: ActionProblem,
    },
}

/// Why an action cannot be carried out (Overlay 1.1.0, Action Object).
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ActionProblem {
    /// The targets are not all objects, all arrays, or all other values.
    #[error("it selects values of several kinds; give each kind an action of its own")]
    MixedTargets,
    /// The value cannot be merged with what it meets.
    #[error(
        "at `{pointer}`, {update} cannot be merged with {target}; remove the old value in an action before"
    )]
    Incompatible {
        /// Where in the document.
        pointer: String,
        /// The kind of the new value.
        update: &'static str,
        /// The kind of the old value.
        target: &'static str,
    },
    /// A source has to be one value.
    #[error("`copy` must select one value; it selects {found}")]
    CopySource {
        /// How many it selects.
        found: usize,
    },
    /// The document as a whole cannot be removed.
    #[error("the document as a whole cannot be removed")]
    RemoveRoot,
    /// The document as a whole has to stay an object.
    #[error("the document has to stay an object")]
    ReplaceRoot,
}
