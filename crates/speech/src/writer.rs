//! The second half of the model: from the states of a window to one token after the other.

use rten_gemm::{GemmError, GemmExecutor, GemmInputA, GemmInputB, GemmOptions};
use rten_simd::{SimdOp, SimdUnaryOp};
use rten_tensor::NdTensorView as Matrix;
use rten_vecmath::{Gelu, Softmax};

use crate::layers::{Narrow, Norm, Wide, add, products};
use crate::size::Size;
use crate::vocabulary::FIRST_MARK;
use crate::weights::File;

/// Tokens that the model can hold: text and marks of one window, and what stood before it.
pub(crate) const POSITIONS: usize = 448;
/// Tokens of the vocabulary, marks up to 30 s included.
const TOKENS: usize = FIRST_MARK as usize + 1501;

pub(crate) struct Writer {
    size: Size,
    /// A row for each token; the same table turns states into tokens again.
    tokens: Vec<f32>,
    positions: Vec<f32>,
    blocks: Vec<Block>,
    norm: Norm,
}

struct Block {
    past_norm: Norm,
    /// Queries, keys and values side by side.
    past: Narrow,
    past_mix: Narrow,
    sound_norm: Norm,
    sound_queries: Narrow,
    /// Keys and values side by side.
    sound: Wide,
    sound_mix: Narrow,
    inner_norm: Norm,
    widen: Narrow,
    narrow: Narrow,
}

/// Keys and values, a row each for everything that can be attended to.
struct Memory {
    keys: Vec<f32>,
    values: Vec<f32>,
}

/// A window as the writer sees it: keys and values of its states, for each block.
pub(crate) struct Sound {
    blocks: Vec<Memory>,
}

/// What was written so far: keys and values of its tokens, for each block.
pub(crate) struct Past {
    blocks: Vec<Memory>,
    tokens: usize,
}

impl Writer {
    pub(crate) fn new(file: &File, size: Size) -> Result<Writer, String> {
        let width = size.width;
        Ok(Writer {
            size,
            tokens: file.floats("decoder/embeddings/weight", &[TOKENS, width])?,
            positions: file.floats("decoder/position_encodings/encodings", &[POSITIONS, width])?,
            blocks: (0..size.writer_blocks)
                .map(|i| Block::new(file, &format!("decoder/layer_{i}"), width))
                .collect::<Result<_, _>>()?,
            norm: Norm::new(file, "decoder/layer_norm", width)?,
        })
    }

    /// Makes a window's states ready to be attended to.
    pub(crate) fn sound(&self, gemm: &GemmExecutor, states: &[f32]) -> Result<Sound, GemmError> {
        let width = self.size.width;
        let memory = |block: &Block| {
            let both = block.sound.apply(gemm, states)?;
            let part = |first: usize| {
                let rows = both.chunks_exact(2 * width);
                rows.flat_map(|row| &row[first..first + width]).copied().collect()
            };
            Ok(Memory {
                keys: part(0),
                values: part(width),
            })
        };
        let blocks = self.blocks.iter().map(memory).collect::<Result<_, _>>()?;
        Ok(Sound { blocks })
    }

    /// An empty past.
    pub(crate) fn past(&self) -> Past {
        let empty = || Memory {
            keys: Vec::new(),
            values: Vec::new(),
        };
        Past {
            blocks: self.blocks.iter().map(|_| empty()).collect(),
            tokens: 0,
        }
    }

    /// Reads `token` and says how likely each token of the vocabulary comes next, as logits.
    ///
    /// The token must be of the vocabulary and the past shorter than `POSITIONS`, which the caller sees to.
    pub(crate) fn next(
        &self,
        gemm: &GemmExecutor,
        token: u32,
        past: &mut Past,
        sound: &Sound,
    ) -> Result<Vec<f32>, GemmError> {
        let width = self.size.width;
        let row = |table: &[f32], row: usize| table[row * width..(row + 1) * width].to_vec();
        let mut state = row(&self.tokens, token as usize);
        add(&mut state, &row(&self.positions, past.tokens));
        past.tokens += 1;
        for ((block, memory), sound) in self.blocks.iter().zip(&mut past.blocks).zip(&sound.blocks) {
            let attention = block.past.apply(gemm, &block.past_norm.apply(&state))?;
            memory.keys.extend_from_slice(&attention[width..2 * width]);
            memory.values.extend_from_slice(&attention[2 * width..]);
            let context = attend(gemm, &attention[..width], memory, self.size.heads)?;
            add(&mut state, &block.past_mix.apply(gemm, &context)?);

            let queries = block.sound_queries.apply(gemm, &block.sound_norm.apply(&state))?;
            let context = attend(gemm, &queries, sound, self.size.heads)?;
            add(&mut state, &block.sound_mix.apply(gemm, &context)?);

            let mut inner = block.widen.apply(gemm, &block.inner_norm.apply(&state))?;
            Gelu {}.map_mut(&mut inner);
            add(&mut state, &block.narrow.apply(gemm, &inner)?);
        }
        products(gemm, &self.norm.apply(&state), &self.tokens)
    }
}

impl Block {
    fn new(file: &File, name: &str, width: usize) -> Result<Block, String> {
        let at = |part: &str| format!("{name}/{part}");
        let narrow = |part: &str, inputs, outputs| Narrow::new(file, &at(part), inputs, outputs);
        Ok(Block {
            past_norm: Norm::new(file, &at("self_attention/layer_norm"), width)?,
            past: narrow("self_attention/linear_0", width, 3 * width)?,
            past_mix: narrow("self_attention/linear_1", width, width)?,
            sound_norm: Norm::new(file, &at("attention/layer_norm"), width)?,
            sound_queries: narrow("attention/linear_0", width, width)?,
            sound: Wide::new(file, &at("attention/linear_1"), width, 2 * width)?,
            sound_mix: narrow("attention/linear_2", width, width)?,
            inner_norm: Norm::new(file, &at("ffn/layer_norm"), width)?,
            widen: narrow("ffn/linear_0", width, 4 * width)?,
            narrow: narrow("ffn/linear_1", 4 * width, width)?,
        })
    }
}

/// Scaled dot-product attention of one row in each head.
fn attend(
    gemm: &GemmExecutor,
    queries: &[f32],
    memory: &Memory,
    heads: usize,
) -> Result<Vec<f32>, GemmError> {
    let width = queries.len();
    let head_width = width / heads;
    let rows = memory.keys.len() / width;
    let keys = Matrix::from_data([rows, width], memory.keys.as_slice());
    let values = Matrix::from_data([rows, width], memory.values.as_slice());
    let mut context = vec![0.0; width];
    let mut shares = vec![0.0; rows];
    for (head, out) in context.chunks_exact_mut(head_width).enumerate() {
        let columns = head * head_width..(head + 1) * head_width;
        let query = Matrix::from_data([1, head_width], &queries[columns.clone()]);
        let scaled = GemmOptions {
            alpha: 1.0 / (head_width as f32).sqrt(),
            ..GemmOptions::default()
        };
        let keys = GemmInputB::Unpacked(keys.slice((.., columns.clone())).transposed());
        gemm.gemm(&mut shares, GemmInputA::Unpacked(query), keys, scaled)?;
        Softmax::new_mut(&mut shares).dispatch();
        let shares = GemmInputA::Unpacked(Matrix::from_data([1, rows], shares.as_slice()));
        let values = GemmInputB::Unpacked(values.slice((.., columns)));
        gemm.gemm(out, shares, values, GemmOptions::default())?;
    }
    Ok(context)
}
