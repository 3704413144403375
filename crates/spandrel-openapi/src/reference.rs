//! Why a reference could not be followed.

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
        /// The reference as written, without user information and query.
        reference: String,
        /// What is wrong with it.
        message: String,
    },
    /// The document is not in the set.
    #[error("the document {document} is not loaded: {reason}")]
    NotLoaded {
        /// The document, as [`DocumentSet::name_of`](crate::DocumentSet::name_of) calls it.
        document: String,
        /// Why, where the caller said so.
        reason: String,
    },
    /// The document has nothing at that place.
    #[error("nothing stands at `{fragment}` in {document}")]
    Missing {
        /// The document, as [`DocumentSet::name_of`](crate::DocumentSet::name_of) calls it.
        document: String,
        /// The fragment that was looked for: a JSON Pointer or an anchor.
        fragment: String,
    },
    /// References lead in a circle, or through more of them than are followed.
    #[error("the references at `{}` lead in a circle, or through more of them than are followed", .0.pointer)]
    Cycle(Box<Location>),
}

/// Text that should have been a URL, without what may be secret in it: user information, query and
/// fragment.
#[must_use]
pub fn without_secrets(text: &str) -> String {
    let shown = match text.rsplit_once('@') {
        Some((before, host)) => {
            let scheme = before.split_once("//").map(|(scheme, _)| format!("{scheme}//"));
            format!("{}***@{host}", scheme.unwrap_or_default())
        }
        None => text.to_owned(),
    };
    shown.split(['?', '#']).next().unwrap_or_default().to_owned()
}
