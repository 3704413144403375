//! One layer: attention, then a network on each token by itself.

use ndarray::{Array1, Array2, Axis, Slice};

use super::BertConfig;
use crate::error::ModelError;
use crate::tensors::{Tensors, missing};

pub(super) struct Layer {
    query: Linear,
    key: Linear,
    value: Linear,
    attended: Linear,
    attended_norm: Norm,
    inner: Linear,
    outer: Linear,
    outer_norm: Norm,
    heads: usize,
}

impl Layer {
    pub(super) fn read(
        tensors: &Tensors<'_>,
        place: usize,
        width: usize,
        config: &BertConfig,
    ) -> Result<Self, ModelError> {
        let linear = |name: &str| Linear::read(tensors, &format!("encoder.layer.{place}.{name}"));
        let norm = |name: &str| {
            Norm::read(tensors, &format!("encoder.layer.{place}.{name}"), width, config.layer_norm_eps)
        };
        let layer = Self {
            query: linear("attention.self.query")?,
            key: linear("attention.self.key")?,
            value: linear("attention.self.value")?,
            attended: linear("attention.output.dense")?,
            attended_norm: norm("attention.output.LayerNorm")?,
            inner: linear("intermediate.dense")?,
            outer: linear("output.dense")?,
            outer_norm: norm("output.LayerNorm")?,
            heads: config.num_attention_heads,
        };
        let square = [&layer.query, &layer.key, &layer.value, &layer.attended];
        let fits = square.iter().all(|linear| linear.weights.dim() == (width, width))
            && layer.inner.weights.ncols() == width
            && layer.outer.weights.dim() == (width, layer.inner.weights.nrows());
        fits.then_some(layer)
            .ok_or_else(|| missing(&format!("encoder.layer.{place}"), "shapes that do not fit".to_owned()))
    }

    pub(super) fn apply(&self, hidden: &Array2<f32>) -> Array2<f32> {
        let mut attended = self.attended.apply(&self.attend(hidden));
        attended += hidden;
        self.attended_norm.apply(&mut attended);
        let mut inner = self.inner.apply(&attended);
        inner.mapv_inplace(gelu);
        let mut output = self.outer.apply(&inner);
        output += &attended;
        self.outer_norm.apply(&mut output);
        output
    }

    /// What each token takes from the others.
    fn attend(&self, hidden: &Array2<f32>) -> Array2<f32> {
        let (query, key, value) =
            (self.query.apply(hidden), self.key.apply(hidden), self.value.apply(hidden));
        let width = hidden.ncols() / self.heads;
        #[allow(clippy::cast_precision_loss, reason = "the width of a head is small")]
        let scale = 1.0 / (width as f32).sqrt();
        let mut context = Array2::zeros(hidden.raw_dim());
        for head in 0..self.heads {
            let columns = Slice::from(head * width..(head + 1) * width);
            let (query, key) = (query.slice_axis(Axis(1), columns), key.slice_axis(Axis(1), columns));
            let mut scores = query.dot(&key.t()) * scale;
            softmax(&mut scores);
            let attended = scores.dot(&value.slice_axis(Axis(1), columns));
            context.slice_axis_mut(Axis(1), columns).assign(&attended);
        }
        context
    }
}

/// `x · Wᵀ + b`
struct Linear {
    weights: Array2<f32>,
    bias: Array1<f32>,
}

impl Linear {
    fn read(tensors: &Tensors<'_>, name: &str) -> Result<Self, ModelError> {
        let weights = tensors.matrix(&format!("{name}.weight"))?;
        let bias = tensors.vector(&format!("{name}.bias"))?;
        if bias.len() != weights.nrows() {
            return Err(missing(&format!("{name}.bias"), format!("{} numbers", bias.len())));
        }
        Ok(Self { weights, bias })
    }

    fn apply(&self, input: &Array2<f32>) -> Array2<f32> {
        input.dot(&self.weights.t()) + &self.bias
    }
}

/// Layer normalisation.
pub(super) struct Norm {
    scale: Array1<f32>,
    shift: Array1<f32>,
    eps: f32,
}

impl Norm {
    pub(super) fn read(
        tensors: &Tensors<'_>,
        name: &str,
        width: usize,
        eps: f32,
    ) -> Result<Self, ModelError> {
        let scale = tensors.vector(&format!("{name}.weight"))?;
        let shift = tensors.vector(&format!("{name}.bias"))?;
        if scale.len() != width || shift.len() != width {
            return Err(missing(name, format!("{} and {} numbers", scale.len(), shift.len())));
        }
        Ok(Self { scale, shift, eps })
    }

    pub(super) fn apply(&self, hidden: &mut Array2<f32>) {
        for mut row in hidden.rows_mut() {
            let mean = row.mean().unwrap_or_default();
            row.mapv_inplace(|value| value - mean);
            let variance = row.mapv(|value| value * value).mean().unwrap_or_default();
            let deviation = (variance + self.eps).sqrt();
            row.mapv_inplace(|value| value / deviation);
            row *= &self.scale;
            row += &self.shift;
        }
    }
}

fn softmax(scores: &mut Array2<f32>) {
    for mut row in scores.axis_iter_mut(Axis(0)) {
        let greatest = row.fold(f32::NEG_INFINITY, |greatest, &score| greatest.max(score));
        row.mapv_inplace(|score| (score - greatest).exp());
        let sum = row.sum();
        row.mapv_inplace(|score| score / sum);
    }
}

/// The Gaussian error linear unit, exact but for an error function that is right to seven digits
/// (Abramowitz and Stegun, 7.1.26).
fn gelu(value: f32) -> f32 {
    let scaled = (value / std::f32::consts::SQRT_2).abs();
    let t = 1.0 / (1.0 + 0.327_591_1 * scaled);
    let polynomial =
        t * (0.254_829_6 + t * (-0.284_496_74 + t * (1.421_413_7 + t * (-1.453_152 + t * 1.061_405_4))));
    let erf = (1.0 - polynomial * (-scaled * scaled).exp()).copysign(value);
    0.5 * value * (1.0 + erf)
}
