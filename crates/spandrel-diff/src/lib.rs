//! What a model would notice between two catalogs of tools, grouped by what it may cost.
//!
//! [`compare`] looks at what is listed (names, descriptions, schemas, hints) and at what is done (operation,
//! server, credentials, what the bridge gives). Where nobody can tell what a change means, it is
//! [`Risky`](Risk::Risky). Of two catalogs without a change, every tool is the same.

mod change;
mod request;
mod schema;
mod security;
mod surface;
mod tool;

pub use change::{Change, ChangeKind, Risk, SurfaceDiff};
pub use surface::compare;
