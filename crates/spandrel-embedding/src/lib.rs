//! Turns texts into vectors by a model that the operator gives: texts of alike meaning get vectors that point
//! alike.
//!
//! Two kinds of models are read from the files that they are published as (`model.safetensors`,
//! `tokenizer.json`, `config.json`): static ones, which have a vector for each token (`Model2Vec`), and sentence
//! encoders of BERT's architecture, such as all-MiniLM-L6-v2. Nothing here does I/O: the bytes are the caller's.

mod bert;
mod error;
mod model;
mod static_model;
mod tensors;

#[cfg(test)]
mod tests;

pub use error::ModelError;
pub use model::{EmbeddingModel, MAX_TOKENS, ModelFiles};
