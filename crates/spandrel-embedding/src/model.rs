//! A model of either kind, with its tokenizer.

use tokenizers::{Tokenizer, TruncationParams};

use crate::bert::{Bert, BertConfig, Pooling};
use crate::error::ModelError;
use crate::static_model::StaticModel;
use crate::tensors::Tensors;

/// Tokens of a text that are read.
pub const MAX_TOKENS: usize = 128;

/// The files of a model, as it is published.
#[derive(Debug, Clone, Copy)]
pub struct ModelFiles<'b> {
    /// `model.safetensors`.
    pub weights: &'b [u8],
    /// `tokenizer.json`.
    pub tokenizer: &'b [u8],
    /// `config.json`; a static model needs none.
    pub config: Option<&'b [u8]>,
    /// `1_Pooling/config.json`; where there is none, the mean counts.
    pub pooling: Option<&'b [u8]>,
}

/// Turns texts into vectors.
pub struct EmbeddingModel {
    tokenizer: Tokenizer,
    encoder: Encoder,
}

enum Encoder {
    Static(StaticModel),
    Bert(Box<Bert>),
}

impl EmbeddingModel {
    /// Reads a model.
    ///
    /// # Errors
    /// When a file cannot be read, or the model is of another kind.
    pub fn read(files: &ModelFiles<'_>) -> Result<Self, ModelError> {
        let tensors = Tensors::read(files.weights)?;
        let mut tokenizer = Tokenizer::from_bytes(files.tokenizer)
            .map_err(|error| ModelError::Tokenizer(error.to_string()))?;
        tokenizer.with_padding(None);
        let encoder = if tensors.has(Bert::TENSOR) {
            let config = files.config.ok_or_else(|| ModelError::Config("it is not there".to_owned()))?;
            let config: BertConfig = read_json(config)?;
            let pooling: Pooling = files.pooling.map(read_json).transpose()?.unwrap_or_default();
            Encoder::Bert(Box::new(Bert::read(&tensors, &config, pooling)?))
        } else if tensors.has(StaticModel::TENSOR) {
            Encoder::Static(StaticModel::read(&tensors)?)
        } else {
            return Err(ModelError::UnknownKind);
        };
        let max_length = match &encoder {
            Encoder::Bert(bert) => MAX_TOKENS.min(bert.positions()),
            Encoder::Static(_) => MAX_TOKENS,
        };
        let truncation = TruncationParams { max_length, ..TruncationParams::default() };
        tokenizer
            .with_truncation(Some(truncation))
            .map_err(|error| ModelError::Tokenizer(error.to_string()))?;
        Ok(Self { tokenizer, encoder })
    }

    /// The vector of a text, of length 1, or 0 where the text has no token that the model knows.
    ///
    /// # Errors
    /// When the text cannot be cut into tokens.
    pub fn embed(&self, text: &str) -> Result<Vec<f32>, ModelError> {
        let special = matches!(self.encoder, Encoder::Bert(_));
        let encoding =
            self.tokenizer.encode(text, special).map_err(|error| ModelError::Text(error.to_string()))?;
        let vector = match &self.encoder {
            Encoder::Static(model) => model.embed(encoding.get_ids()),
            Encoder::Bert(bert) => bert.embed(encoding.get_ids()),
        };
        let length = vector.dot(&vector).sqrt();
        let scale = if length > 0.0 { 1.0 / length } else { 0.0 };
        Ok(vector.iter().map(|value| value * scale).collect())
    }
}

fn read_json<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<T, ModelError> {
    serde_json::from_slice(bytes).map_err(|error| ModelError::Config(error.to_string()))
}
