//! Why a reference could not be followed.

use url::Url;

use crate::location::Location;

/// Why a `$ref` leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReferenceError {
    /// The reference is not a URL reference ([RFC 3986]).
    ///
    /// [RFC 3986]: https://www.rfc-editor.org/rfc/rfc3986
    #[error("`{reference}` is not a URL reference: {message}")]
    InvalidUrl {
        /// The reference as written.
        reference: String,
        /// What is wrong with it.
        message: String,
    },
    /// The document is not in the set.
    #[error("the document {url} is not loaded: {reason}")]
    NotLoaded {
        /// The document, without a fragment.
        url: Box<Url>,
        /// Why, where the caller said so.
        reason: String,
    },
    /// The document has nothing at that place.
    #[error("nothing stands at `{fragment}` in {url}")]
    Missing {
        /// The document, without a fragment.
        url: Box<Url>,
        /// The fragment that was looked for: a JSON Pointer or an anchor.
        fragment: String,
    },
    /// References lead in a circle, or through more of them than are followed.
    #[error("the references at `{}` lead in a circle", .0.pointer)]
    Cycle(Box<Location>),
}
