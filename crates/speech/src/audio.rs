//! The first half of the model: 30 seconds of sound to 1,500 states (Radford et al. 2022, section 2.2).

use rten_gemm::{GemmError, GemmExecutor, GemmInputA, GemmInputB, GemmOptions};
use rten_simd::{SimdOp, SimdUnaryOp};
use rten_tensor::NdTensorView as Matrix;
use rten_vecmath::{Gelu, Softmax};

use crate::layers::{Norm, Wide, add};
use crate::mel::{BANDS, ROWS};
use crate::size::Size;
use crate::weights::File;

/// States of a window: one for each 20 ms.
pub(crate) const STATES: usize = ROWS / 2;

/// Queries that attend together: their weights fit into the cache of a core.
const QUERIES: usize = 125;

pub(crate) struct Listener {
    size: Size,
    first: Wide,
    second: Wide,
    positions: Vec<f32>,
    blocks: Vec<Block>,
    norm: Norm,
}

struct Block {
    attention_norm: Norm,
    /// Queries, keys and values side by side.
    attention: Wide,
    mix: Wide,
    inner_norm: Norm,
    widen: Wide,
    narrow: Wide,
}

impl Listener {
    pub(crate) fn new(file: &File, size: Size) -> Result<Listener, String> {
        let width = size.width;
        Ok(Listener {
            size,
            first: Wide::convolution(file, "encoder/conv1", BANDS, width)?,
            second: Wide::convolution(file, "encoder/conv2", width, width)?,
            positions: file.floats("encoder/position_encodings/encodings", &[STATES, width])?,
            blocks: (0..size.listener_blocks)
                .map(|i| Block::new(file, &format!("encoder/layer_{i}"), size))
                .collect::<Result<_, _>>()?,
            norm: Norm::new(file, "encoder/layer_norm", width)?,
        })
    }

    /// The states of a window from its rows of `BANDS` numbers.
    pub(crate) fn states(&self, gemm: &GemmExecutor, mel: &[f32]) -> Result<Vec<f32>, GemmError> {
        let width = self.size.width;
        let mut rows = convolved(gemm, &self.first, mel, BANDS, 1)?;
        Gelu {}.map_mut(&mut rows);
        let mut states = convolved(gemm, &self.second, &rows, width, 2)?;
        Gelu {}.map_mut(&mut states);
        add(&mut states, &self.positions);
        for block in &self.blocks {
            let attention = block
                .attention
                .apply(gemm, &block.attention_norm.apply(&states))?;
            let context = attend(gemm, &attention, self.size)?;
            add(&mut states, &block.mix.apply(gemm, &context)?);
            let mut inner = block.widen.apply(gemm, &block.inner_norm.apply(&states))?;
            Gelu {}.map_mut(&mut inner);
            add(&mut states, &block.narrow.apply(gemm, &inner)?);
        }
        Ok(self.norm.apply(&states))
    }
}

impl Block {
    fn new(file: &File, name: &str, size: Size) -> Result<Block, String> {
        let width = size.width;
        let at = |part: &str| format!("{name}/{part}");
        Ok(Block {
            attention_norm: Norm::new(file, &at("self_attention/layer_norm"), width)?,
            attention: Wide::new(file, &at("self_attention/linear_0"), width, 3 * width)?,
            mix: Wide::new(file, &at("self_attention/linear_1"), width, width)?,
            inner_norm: Norm::new(file, &at("ffn/layer_norm"), width)?,
            widen: Wide::new(file, &at("ffn/linear_0"), width, 4 * width)?,
            narrow: Wide::new(file, &at("ffn/linear_1"), 4 * width, width)?,
        })
    }
}

/// A convolution over three neighbouring rows, with every `step`-th of them in the middle. Its matrix is the
/// rows themselves: three that follow each other in memory are one row of it.
fn convolved(
    gemm: &GemmExecutor,
    layer: &Wide,
    rows: &[f32],
    channels: usize,
    step: usize,
) -> Result<Vec<f32>, GemmError> {
    let count = rows.len() / channels;
    // One row of silence before the first and after the last.
    let mut padded = vec![0.0; rows.len() + 2 * channels];
    padded[channels..channels + rows.len()].copy_from_slice(rows);
    match Matrix::from_slice_with_strides(
        [count / step, 3 * channels],
        padded.as_slice(),
        [step * channels, 1],
    ) {
        Ok(windows) => layer.apply_to(gemm, windows),
        Err(_) => unreachable!("the last window ends where the padding does"),
    }
}

/// Scaled dot-product attention (Vaswani et al. 2017, equation 1) in each head, all states with all.
fn attend(gemm: &GemmExecutor, attention: &[f32], size: Size) -> Result<Vec<f32>, GemmError> {
    let width = size.width;
    let head_width = width / size.heads;
    let alpha = 1.0 / (head_width as f32).sqrt();
    let whole = Matrix::from_data([STATES, 3 * width], attention);
    let mut context = vec![0.0; STATES * width];
    let mut weights = vec![0.0; QUERIES * STATES];
    let mut mixed = vec![0.0; QUERIES * head_width];
    for head in 0..size.heads {
        let columns = |part: usize| {
            let first = part * width + head * head_width;
            first..first + head_width
        };
        let keys = gemm.prepack_b(whole.slice((.., columns(1))).transposed());
        let values = gemm.prepack_b(whole.slice((.., columns(2))));
        for first in (0..STATES).step_by(QUERIES) {
            let queries = whole.slice((first..first + QUERIES, columns(0)));
            let scaled = GemmOptions {
                alpha,
                ..GemmOptions::default()
            };
            gemm.gemm(
                &mut weights,
                GemmInputA::Unpacked(queries),
                GemmInputB::Packed(&keys),
                scaled,
            )?;
            for row in weights.chunks_exact_mut(STATES) {
                Softmax::new_mut(row).dispatch();
            }
            let shares = GemmInputA::Unpacked(Matrix::from_data([QUERIES, STATES], weights.as_slice()));
            gemm.gemm(
                &mut mixed,
                shares,
                GemmInputB::Packed(&values),
                GemmOptions::default(),
            )?;
            let out = context[first * width..(first + QUERIES) * width].chunks_exact_mut(width);
            for (out, mixed) in out.zip(mixed.chunks_exact(head_width)) {
                out[head * head_width..(head + 1) * head_width].copy_from_slice(mixed);
            }
        }
    }
    Ok(context)
}
