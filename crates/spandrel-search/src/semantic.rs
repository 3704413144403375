//! An index that a model has added vectors to.

use thiserror::Error;

use crate::filter::Filter;
use crate::index::SearchIndex;
use crate::query::Query;
use crate::rank::{Ranked, rank};

/// An index with a vector for each tool: what a request means counts beside its words.
///
/// The vectors are those that a model makes of [`SearchIndex::passages`]; each request comes with its own, made
/// by the same model.
pub struct SemanticIndex {
    index: SearchIndex,
    dimension: usize,
    /// The vectors of the tools, of length 1 each, one after the other.
    vectors: Vec<f32>,
}

/// Why vectors do not fit an index.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum VectorError {
    /// There is not one for each tool.
    #[error("there are {vectors} vectors for {tools} tools")]
    Number {
        /// How many vectors there are.
        vectors: usize,
        /// How many tools.
        tools: usize,
    },
    /// One has another dimension than the first.
    #[error("a vector has {found} numbers where {expected} are needed")]
    Dimension {
        /// How many numbers it has.
        found: usize,
        /// How many the first of the tools' has.
        expected: usize,
    },
    /// One holds something that is no number.
    #[error("a vector holds a value that is not a finite number")]
    NotFinite,
}

impl SemanticIndex {
    /// Adds to `index` a vector for each of its passages, of any length.
    ///
    /// # Errors
    /// When there is not one for each tool, or they are not of one dimension, or not finite.
    pub fn new(index: SearchIndex, vectors: &[Vec<f32>]) -> Result<Self, VectorError> {
        if vectors.len() != index.len() {
            return Err(VectorError::Number { vectors: vectors.len(), tools: index.len() });
        }
        let dimension = vectors.first().map_or(0, Vec::len);
        let mut all = Vec::with_capacity(dimension * vectors.len());
        for vector in vectors {
            all.extend(unit(vector, dimension)?);
        }
        Ok(Self { index, dimension, vectors: all })
    }

    /// The index without the vectors.
    #[must_use]
    pub fn words(&self) -> &SearchIndex {
        &self.index
    }

    /// Like [`SearchIndex::search`], with the vector of the request.
    ///
    /// # Errors
    /// When the vector has another dimension than the tools', or is not finite.
    pub fn search(
        &self,
        query: &str,
        vector: &[f32],
        filter: &Filter,
        limit: usize,
    ) -> Result<Vec<Ranked<'_>>, VectorError> {
        let vector = unit(vector, self.dimension)?;
        let nearness: Vec<f32> = self
            .vectors
            .chunks_exact(self.dimension.max(1))
            .map(|own| own.iter().zip(&vector).map(|(a, b)| a * b).sum())
            .collect();
        Ok(rank(&self.index, &Query::understand(query, &self.index), Some(&nearness), filter, limit))
    }
}

/// The vector at length 1; one of length 0 as it is.
fn unit(vector: &[f32], dimension: usize) -> Result<Vec<f32>, VectorError> {
    if vector.len() != dimension {
        return Err(VectorError::Dimension { found: vector.len(), expected: dimension });
    }
    let length = vector.iter().map(|value| value * value).sum::<f32>().sqrt();
    if !length.is_finite() {
        return Err(VectorError::NotFinite);
    }
    let scale = if length > 0.0 { 1.0 / length } else { 0.0 };
    Ok(vector.iter().map(|value| value * scale).collect())
}
