//! Finds the tools of a catalog that a request in plain words asks for.
//!
//! A [`SearchIndex`] is built once from a catalog. A search is then a matter of words: those of the
//! request, those that API vocabulary puts beside them, and those that each operation is described
//! by, weighted by where they stand. What the request wants done is compared with what an operation
//! does. Where a model turns texts into vectors, a [`SemanticIndex`] adds what it knows of meaning. Nothing
//! here does I/O, and the same catalog and request give the same ranking.
//!
//! ```
//! use spandrel_search::{Filter, SearchIndex};
//! # use spandrel_plan::Catalog;
//! # let catalog = Catalog::default();
//! let index = SearchIndex::new(&catalog);
//! for found in index.search("cancel a subscription", &Filter::default(), 5) {
//!     println!("{:.2} {}", found.score, found.tool.name);
//! }
//! ```

mod action;
mod evidence;
mod filter;
mod index;
mod query;
mod rank;
mod schema_words;
mod semantic;
mod spelling;
mod stem;
mod stop_words;
mod vocabulary;
mod weights;
mod words;

#[cfg(test)]
mod tests;

pub use filter::Filter;
pub use index::SearchIndex;
pub use query::MAX_QUERY_CHARACTERS;
pub use rank::{MAX_RANKED, Ranked};
pub use semantic::{SemanticIndex, VectorError};
