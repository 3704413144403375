//! Encoders of BERT's architecture, as sentence encoders use them: the mean of the last layer's tokens, or its
//! first.

mod layer;

use ndarray::{Array1, Array2, Axis, Slice};
use serde::Deserialize;

use self::layer::{Layer, Norm};
use crate::error::ModelError;
use crate::tensors::{Tensors, missing};

/// As much of `config.json` as is needed.
#[derive(Debug, Deserialize)]
pub(crate) struct BertConfig {
    pub(crate) num_attention_heads: usize,
    pub(crate) num_hidden_layers: usize,
    #[serde(default = "default_eps")]
    pub(crate) layer_norm_eps: f32,
}

fn default_eps() -> f32 {
    1e-12
}

/// How the tokens' vectors become one (`1_Pooling/config.json`).
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Pooling {
    #[serde(default)]
    pub(crate) pooling_mode_cls_token: bool,
}

pub(crate) struct Bert {
    words: Array2<f32>,
    positions: Array2<f32>,
    /// The type of the first text, the only one here.
    kind: Array1<f32>,
    norm: Norm,
    layers: Vec<Layer>,
    pooling: Pooling,
}

impl Bert {
    pub(crate) const TENSOR: &'static str = "embeddings.word_embeddings.weight";

    pub(crate) fn read(
        tensors: &Tensors<'_>,
        config: &BertConfig,
        pooling: Pooling,
    ) -> Result<Self, ModelError> {
        let words = tensors.matrix(Self::TENSOR)?;
        let kinds = tensors.matrix("embeddings.token_type_embeddings.weight")?;
        let kind = kinds.rows().into_iter().next().map(|row| row.to_owned());
        let width = words.ncols();
        if config.num_attention_heads == 0 || !width.is_multiple_of(config.num_attention_heads) {
            return Err(missing(
                Self::TENSOR,
                format!("{width} columns for {} heads", config.num_attention_heads),
            ));
        }
        let layers = (0..config.num_hidden_layers).map(|layer| Layer::read(tensors, layer, width, config));
        let model = Self {
            positions: tensors.matrix("embeddings.position_embeddings.weight")?,
            kind: kind.ok_or_else(|| {
                missing("embeddings.token_type_embeddings.weight", "it is empty".to_owned())
            })?,
            norm: Norm::read(tensors, "embeddings.LayerNorm", width, config.layer_norm_eps)?,
            layers: layers.collect::<Result<_, _>>()?,
            words,
            pooling,
        };
        if model.positions.ncols() != width || model.kind.len() != width {
            return Err(missing(
                "embeddings.position_embeddings.weight",
                "another number of columns".to_owned(),
            ));
        }
        Ok(model)
    }

    /// Tokens that the model can take at once.
    pub(crate) fn positions(&self) -> usize {
        self.positions.nrows()
    }

    /// The vector of a text's tokens; zero for none.
    pub(crate) fn embed(&self, tokens: &[u32]) -> Array1<f32> {
        let width = self.words.ncols();
        let known: Vec<usize> =
            tokens.iter().map(|&token| token as usize).filter(|&token| token < self.words.nrows()).collect();
        let length = known.len().min(self.positions());
        if length == 0 {
            return Array1::zeros(width);
        }
        let known = known.get(..length).unwrap_or_default();
        let mut hidden = self.words.select(Axis(0), known);
        hidden += &self.positions.slice_axis(Axis(0), Slice::from(..length));
        hidden += &self.kind;
        self.norm.apply(&mut hidden);
        for layer in &self.layers {
            hidden = layer.apply(&hidden);
        }
        if self.pooling.pooling_mode_cls_token {
            return hidden.row(0).to_owned();
        }
        hidden.mean_axis(Axis(0)).unwrap_or_else(|| Array1::zeros(width))
    }
}
