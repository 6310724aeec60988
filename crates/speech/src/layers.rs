//! The layers that both halves of the model are made of.

use rten_gemm::{BiasVector, GemmError, GemmExecutor, GemmInputA, GemmInputB, GemmOptions, PackedBMatrix};
use rten_simd::SimdOp;
use rten_tensor::{Layout, NdTensorView as Matrix};
use rten_vecmath::{Normalize, NormalizeOptions, Sum, SumSquareSub};

use crate::weights::File;

/// Keeps a division by the variance finite; the value the model was trained with.
const EPSILON: f32 = 1e-5;

/// A linear layer for many rows at once: its weights are packed for the kernels of this processor.
pub(crate) struct Wide {
    weights: PackedBMatrix<f32>,
    bias: Vec<f32>,
    inputs: usize,
}

/// A linear layer for one row at a time, which needs no packing.
pub(crate) struct Narrow {
    weights: Vec<f32>,
    bias: Vec<f32>,
    inputs: usize,
}

/// Layer normalisation (Ba et al. 2016).
pub(crate) struct Norm {
    scale: Vec<f32>,
    shift: Vec<f32>,
}

impl Wide {
    /// The layer `name` from `inputs` to `outputs`.
    pub(crate) fn new(file: &File, name: &str, inputs: usize, outputs: usize) -> Result<Wide, String> {
        let weights = file.floats(&format!("{name}/weight"), &[outputs, inputs])?;
        Ok(Wide {
            weights: packed(&weights, inputs, outputs),
            bias: file.floats(&format!("{name}/bias"), &[outputs])?,
            inputs,
        })
    }

    /// A convolution over three neighbouring rows of `channels` numbers, as the layer that it is over those
    /// rows side by side.
    pub(crate) fn convolution(
        file: &File,
        name: &str,
        channels: usize,
        outputs: usize,
    ) -> Result<Wide, String> {
        let kernel = file.floats(&format!("{name}/weight"), &[outputs, channels, 3])?;
        let inputs = 3 * channels;
        let mut weights = Vec::with_capacity(kernel.len());
        for output in kernel.chunks_exact(inputs) {
            for row in 0..3 {
                weights.extend(output.iter().skip(row).step_by(3));
            }
        }
        Ok(Wide {
            weights: packed(&weights, inputs, outputs),
            bias: file.floats(&format!("{name}/bias"), &[outputs])?,
            inputs,
        })
    }

    /// The layer over `rows`, one row after the other.
    pub(crate) fn apply(&self, gemm: &GemmExecutor, rows: &[f32]) -> Result<Vec<f32>, GemmError> {
        let count = rows.len() / self.inputs;
        self.apply_to(gemm, Matrix::from_data([count, self.inputs], rows))
    }

    /// The layer over rows that may overlap in memory, as those of a convolution do.
    pub(crate) fn apply_to(&self, gemm: &GemmExecutor, rows: Matrix<f32, 2>) -> Result<Vec<f32>, GemmError> {
        let mut out = vec![0.0; rows.shape()[0] * self.bias.len()];
        let options = GemmOptions {
            bias: Some(BiasVector::Row(&self.bias)),
            ..GemmOptions::default()
        };
        let weights = GemmInputB::Packed(&self.weights);
        gemm.gemm(&mut out, GemmInputA::Unpacked(rows), weights, options)?;
        Ok(out)
    }
}

fn packed(weights: &[f32], inputs: usize, outputs: usize) -> PackedBMatrix<f32> {
    GemmExecutor::new().prepack_b(Matrix::from_data([outputs, inputs], weights).transposed())
}

impl Narrow {
    /// The layer `name` from `inputs` to `outputs`.
    pub(crate) fn new(file: &File, name: &str, inputs: usize, outputs: usize) -> Result<Narrow, String> {
        Ok(Narrow {
            weights: file.floats(&format!("{name}/weight"), &[outputs, inputs])?,
            bias: file.floats(&format!("{name}/bias"), &[outputs])?,
            inputs,
        })
    }

    /// The layer over one row.
    pub(crate) fn apply(&self, gemm: &GemmExecutor, row: &[f32]) -> Result<Vec<f32>, GemmError> {
        let mut out = products(gemm, row, &self.weights)?;
        add(&mut out, &self.bias);
        debug_assert_eq!(row.len(), self.inputs);
        Ok(out)
    }
}

/// The dot products of `row` with every row of `table`.
pub(crate) fn products(gemm: &GemmExecutor, row: &[f32], table: &[f32]) -> Result<Vec<f32>, GemmError> {
    let rows = table.len() / row.len();
    let mut out = vec![0.0; rows];
    let left = GemmInputA::Unpacked(Matrix::from_data([1, row.len()], row));
    let right = Matrix::from_data([rows, row.len()], table).transposed();
    gemm.gemm(
        &mut out,
        left,
        GemmInputB::Unpacked(right),
        GemmOptions::default(),
    )?;
    Ok(out)
}

impl Norm {
    /// The normalisation `name` of rows of `width` numbers.
    pub(crate) fn new(file: &File, name: &str, width: usize) -> Result<Norm, String> {
        Ok(Norm {
            scale: file.floats(&format!("{name}/gamma"), &[width])?,
            shift: file.floats(&format!("{name}/beta"), &[width])?,
        })
    }

    /// The rows, normalised; the originals are still needed, so they stay.
    pub(crate) fn apply(&self, rows: &[f32]) -> Vec<f32> {
        let mut out = rows.to_vec();
        let width = self.scale.len();
        for row in out.chunks_exact_mut(width) {
            let mean = Sum::new(row).dispatch() / width as f32;
            let variance = SumSquareSub::new(row, mean).dispatch() / width as f32;
            let options = NormalizeOptions {
                pre_scale_bias: mean,
                scale: 1.0 / (variance + EPSILON).sqrt(),
                element_scale: Some(&self.scale),
                bias: 0.0,
                element_bias: Some(&self.shift),
            };
            Normalize::new_mut(row, options).dispatch();
        }
        out
    }
}

/// Adds `more` to `rows`, number by number.
pub(crate) fn add(rows: &mut [f32], more: &[f32]) {
    rows.iter_mut().zip(more).for_each(|(row, more)| *row += more);
}
