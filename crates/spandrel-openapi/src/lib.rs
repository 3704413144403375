//! Reads any OpenAPI document (2.0, 3.0, 3.1, 3.2; JSON or YAML; one file or many) into one
//! version-neutral form, and says what was wrong with it on the way.
//!
//! The crate is pure: it fetches nothing and reads no clock or environment. A [`DocumentSet`] is
//! given bytes and names the documents it [still needs](DocumentSet::missing); the caller fetches
//! those under its own rules and [inserts](DocumentSet::insert) them.
//!
//! Reading never fails as a whole once the bytes parse: a broken operation, parameter or reference
//! becomes a [`Diagnostic`] and costs only what it must.

mod diagnostic;
mod document_set;
mod findings;
mod location;
mod model;
mod parse;
mod position;
pub mod prose;
mod read;
mod reference;
mod schema;

pub use diagnostic::{Code, Diagnostic, Severity};
pub use document_set::{DocumentSet, Limits};
pub use findings::Findings;
pub use location::{Location, Pointer, SourceId};
pub use model::{
    BodySchema, Contact, Document, Encoding, Header, Info, MediaType, OAuthFlow, Operation, Parameter,
    ParameterContent, ParameterIn, RequestBody, Response, ResponseStatus, SecurityRequirement,
    SecurityScheme, SecuritySchemeKind, Serialization, Server, ServerVariable, SpecVersion, Style, Tag,
    UnreadOperation,
};
pub use parse::{Format, ParseError, parse_value};
pub use position::{Position, position_of, positions_of};
pub use reference::{ReferenceError, without_secrets};
pub use schema::{Bundle, Direction, SchemaCompiler};
