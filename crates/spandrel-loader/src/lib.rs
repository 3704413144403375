//! Fetches the documents that a document set still needs, under the operator's rules.
//!
//! The root document is what the operator named. What its references name is another matter: a
//! document may come from anywhere, and must not make this machine read what its author cannot.
//!
//! | the document that was named | may refer to |
//! |---|---|
//! | a file | files in its directory or below, symbolic links resolved |
//! | a URL | its own origin |
//! | bytes, standard input | nothing |
//!
//! With [`LoaderOptions::allow_remote_refs`] any of them may also refer to other origins, as long as
//! the address is a public one; the address that was checked is the one that is connected to. Each
//! redirect is held to the same rules.
//!
//! ```no_run
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! use spandrel_loader::{Loader, LoaderOptions, Source};
//!
//! let loaded = Loader::new(LoaderOptions::default()).load(&Source::parse("openapi.yaml")?).await?;
//! let (document, diagnostics) = loaded.documents.read();
//! # Ok(())
//! # }
//! ```

mod budget;
mod error;
mod file;
mod home;
mod load;
mod overlay;
mod remote;
mod rules;
mod source;
#[cfg(test)]
mod tests;
mod trail;

pub use error::{FetchError, LoadError, Refusal};
pub use load::{Limits, Loaded, Loader, LoaderOptions};
pub use source::{Source, SourceError};
pub use trail::{FileStates, Trail};
