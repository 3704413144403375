//! Lowers OpenAPI documents to a catalog of tools, plus a report of what was found on the way.
//!
//! ```
//! use spandrel_compiler::{Options, compile};
//! use spandrel_openapi::DocumentSet;
//!
//! let document = br#"{
//!   "openapi": "3.1.0",
//!   "info": {"title": "Pets", "version": "1"},
//!   "servers": [{"url": "https://pets.example/v1"}],
//!   "paths": {"/pets/{id}": {"get": {
//!     "operationId": "getPet",
//!     "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "integer"}}],
//!     "responses": {"200": {"description": "The pet"}}
//!   }}}
//! }"#;
//! let url = "file:///pets.json".parse()?;
//! let set = DocumentSet::new(url, document)?;
//! let compiled = compile(&set, &Options::default());
//! assert_eq!(compiled.catalog.tools()[0].name, "getPet");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The crate is pure: it does no I/O and reads no clock or environment, and the same documents give
//! the same catalog, byte for byte.

mod annotation;
mod argument_name;
mod body;
mod compact;
mod compile;
mod confirmation;
mod description;
mod example;
mod extension;
mod file_schema;
mod input;
mod listing;
mod media_type;
mod mirrored_header;
mod operation;
mod options;
mod output;
mod parameter;
mod profile;
mod response;
mod result_fields;
mod schema_size;
mod schema_text;
mod security;
mod selection;
mod server;
mod supplied;
mod tool_name;
mod xml;

pub use compact::{Compaction, UnknownCompaction};
pub use compile::{Compiled, Skipped, compile};
pub use listing::{ListedDiagnostic, ListedSource, ListedTool, Listing};
pub use options::{ArgumentLayout, Options};
pub use profile::{Profile, UnknownProfile};
pub use selection::{Rule, RuleError, Selection};
