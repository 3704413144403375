//! [OpenAPI Overlays](https://spec.openapis.org/overlay/) 1.0 and 1.1: changes to a document that are
//! kept apart from it, each a JSONPath ([RFC 9535](https://www.rfc-editor.org/rfc/rfc9535)) and what
//! becomes of what it selects.
//!
//! ```
//! use serde_json::json;
//! use spandrel_overlay::Overlay;
//!
//! let overlay = Overlay::parse(br#"
//! overlay: 1.1.0
//! info: {title: Better words, version: 1.0.0}
//! actions:
//!   - target: $.paths.*.get.summary
//!     update: Lists all books
//!   - target: $.paths['/internal']
//!     remove: true
//! "#)?;
//! let mut document = json!({"paths": {"/books": {"get": {"summary": "books"}}, "/internal": {}}});
//! let applied = overlay.apply(&mut document)?;
//! assert_eq!(document, json!({"paths": {"/books": {"get": {"summary": "Lists all books"}}}}));
//! assert!(applied.unmatched.is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod action;
mod apply;
mod error;
mod overlay;
mod read;

pub use action::{Action, Change};
pub use error::{ActionProblem, OverlayError};
pub use overlay::{Applied, Overlay, OverlayVersion, Unmatched};
