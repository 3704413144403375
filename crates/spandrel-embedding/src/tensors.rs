//! The tensors of a model, as 32-bit floats.

use half::{bf16, f16};
use ndarray::{Array1, Array2};
use safetensors::{Dtype, SafeTensors, tensor::TensorView};

use crate::error::ModelError;

/// The tensors of one file, below a prefix that all their names may have.
pub(crate) struct Tensors<'b> {
    tensors: SafeTensors<'b>,
    prefix: &'static str,
}

impl<'b> Tensors<'b> {
    pub(crate) fn read(bytes: &'b [u8]) -> Result<Self, ModelError> {
        let tensors =
            SafeTensors::deserialize(bytes).map_err(|error| ModelError::Weights(error.to_string()))?;
        let prefix = if tensors.names().iter().any(|name| name.starts_with("bert.")) { "bert." } else { "" };
        Ok(Self { tensors, prefix })
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.view(name).is_some()
    }

    fn view(&self, name: &str) -> Option<TensorView<'_>> {
        self.tensors.tensor(&format!("{}{name}", self.prefix)).ok()
    }

    /// A tensor of two dimensions.
    pub(crate) fn matrix(&self, name: &str) -> Result<Array2<f32>, ModelError> {
        let (shape, values) = self.values(name)?;
        match *shape.as_slice() {
            [rows, columns] => Array2::from_shape_vec((rows, columns), values)
                .map_err(|error| missing(name, error.to_string())),
            _ => Err(missing(name, format!("its shape is {shape:?}"))),
        }
    }

    /// A tensor of one dimension.
    pub(crate) fn vector(&self, name: &str) -> Result<Array1<f32>, ModelError> {
        let (shape, values) = self.values(name)?;
        match shape.len() {
            1 => Ok(Array1::from_vec(values)),
            _ => Err(missing(name, format!("its shape is {shape:?}"))),
        }
    }

    fn values(&self, name: &str) -> Result<(Vec<usize>, Vec<f32>), ModelError> {
        let view = self.view(name).ok_or_else(|| missing(name, "it is not there".to_owned()))?;
        let values = floats(&view)
            .ok_or_else(|| missing(name, format!("its numbers are of the kind {:?}", view.dtype())))?;
        Ok((view.shape().to_vec(), values))
    }
}

pub(crate) fn missing(name: &str, found: String) -> ModelError {
    ModelError::Tensor { name: name.to_owned(), found }
}

/// The numbers of a tensor.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "weights and places of tokens"
)]
fn floats(view: &TensorView<'_>) -> Option<Vec<f32>> {
    let bytes = view.data();
    let floats = match view.dtype() {
        Dtype::F32 => each(bytes, f32::from_le_bytes),
        Dtype::F64 => each(bytes, |bytes| f64::from_le_bytes(bytes) as f32),
        Dtype::F16 => each(bytes, |bytes| f16::from_le_bytes(bytes).to_f32()),
        Dtype::BF16 => each(bytes, |bytes| bf16::from_le_bytes(bytes).to_f32()),
        Dtype::I64 => each(bytes, |bytes| i64::from_le_bytes(bytes) as f32),
        _ => return None,
    };
    Some(floats)
}

fn each<const N: usize>(bytes: &[u8], read: impl Fn([u8; N]) -> f32) -> Vec<f32> {
    let (numbers, _) = bytes.as_chunks::<N>();
    numbers.iter().map(|number| read(*number)).collect()
}
