//! Why a model cannot be used.

use thiserror::Error;

/// Why a model cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ModelError {
    /// The weights are not in the safetensors format.
    #[error("the weights are not in the safetensors format: {0}")]
    Weights(String),
    /// The tokenizer cannot be read.
    #[error("tokenizer.json cannot be read: {0}")]
    Tokenizer(String),
    /// The configuration cannot be read.
    #[error("config.json cannot be read: {0}")]
    Config(String),
    /// A tensor is missing or has another shape than its place asks for.
    #[error("the weights have no tensor `{name}` of the shape that is needed: {found}")]
    Tensor {
        /// Its name.
        name: String,
        /// What is there instead.
        found: String,
    },
    /// The model is of another kind.
    #[error("the model is neither a static one (a tensor `embeddings`) nor of BERT's architecture")]
    UnknownKind,
    /// A text cannot be cut into tokens.
    #[error("a text cannot be cut into tokens: {0}")]
    Text(String),
}
