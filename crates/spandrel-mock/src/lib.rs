//! Answers requests as a document's API would, and refuses those that the document does not allow.
//!
//! A [`MockApi`] judges each request from the document itself: its path, every parameter by style
//! and schema, its body by media type. A request that is allowed gets the operation's first success
//! with a body that the response's schema accepts; any other gets `application/problem+json` that
//! says what the document wants and what came.
//!
//! Values of a schema can be asked for too, for whoever wants to make requests: see [`sample`].
//!
//! The crate is pure: it does no I/O and reads no clock, and one request always gets one answer. It
//! knows nothing of how requests are planned and rendered, so it checks those who do.

mod answer;
mod body;
mod check;
mod decode;
mod generate;
mod judge;
mod percent;
mod problem;
mod route;
mod shape;

pub use answer::MockApi;
pub use generate::{Extent, Sample, sample};
