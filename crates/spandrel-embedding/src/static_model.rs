//! Static models: a vector for each token, and a text's is their mean (`Model2Vec`).

use ndarray::{Array1, Array2};

use crate::error::ModelError;
use crate::tensors::Tensors;

pub(crate) struct StaticModel {
    embeddings: Array2<f32>,
    /// What each token counts; all the same where there is none.
    weights: Option<Array1<f32>>,
    /// The row of each token; its own place where there is none.
    rows: Option<Array1<f32>>,
}

impl StaticModel {
    pub(crate) const TENSOR: &'static str = "embeddings";

    pub(crate) fn read(tensors: &Tensors<'_>) -> Result<Self, ModelError> {
        let optional = |name: &str| tensors.has(name).then(|| tensors.vector(name)).transpose();
        Ok(Self {
            embeddings: tensors.matrix(Self::TENSOR)?,
            weights: optional("weights")?,
            rows: optional("mapping")?,
        })
    }

    /// The mean of the tokens' vectors; zero for none.
    pub(crate) fn embed(&self, tokens: &[u32]) -> Array1<f32> {
        let mut sum = Array1::zeros(self.embeddings.ncols());
        for &token in tokens {
            let token = token as usize;
            let Some(row) = self.row(token).filter(|&row| row < self.embeddings.nrows()) else { continue };
            let weight = self.weights.as_ref().and_then(|weights| weights.get(token)).copied().unwrap_or(1.0);
            sum.scaled_add(weight, &self.embeddings.row(row));
        }
        sum
    }

    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place of a row")]
    fn row(&self, token: usize) -> Option<usize> {
        match &self.rows {
            Some(rows) => rows.get(token).map(|row| *row as usize),
            None => Some(token),
        }
    }
}
