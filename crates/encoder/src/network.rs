//! The forward pass of a six-layer BERT (Devlin et al. 2018; MiniLM: Wang et al. 2020).
//!
//! Sequences are packed: their tokens are the rows of one matrix, without padding, and only attention looks
//! at one sequence at a time. A row of a matrix product is a sum over its own elements in a fixed order
//! whatever the number of rows, so a sequence's result does not depend on its neighbours.

use rten_gemm::{BiasVector, GemmError, GemmExecutor, GemmInputA, GemmInputB, GemmOptions, PackedBMatrix};
use rten_simd::{SimdOp, SimdUnaryOp};
use rten_tensor::NdTensorView as Matrix;
use rten_vecmath::{Gelu, Normalize, NormalizeOptions, Softmax, Sum, SumSquareSub};

use crate::weights::Graph;

/// Numbers in the state of a token.
pub(crate) const WIDTH: usize = 384;
const LAYERS: usize = 6;
const HEADS: usize = 12;
const HEAD_WIDTH: usize = WIDTH / HEADS;
const INNER_WIDTH: usize = 1536;
const POSITIONS: usize = 512;
/// Keeps a division by the variance finite; the value the model was trained with.
const EPSILON: f32 = 1e-12;

/// The weights, packed for the kernels of this processor.
pub(crate) struct Network {
    /// Word vectors stay quantised: 12 MB instead of 47, and a text uses few of them.
    words: Vec<i8>,
    word_scales: Vec<f32>,
    /// Position vectors with the token type's vector added: all our tokens are of type 0.
    positions: Vec<f32>,
    norm: Norm,
    layers: Vec<Layer>,
}

struct Layer {
    /// Queries, keys and values side by side, so that one product makes all three.
    attention: Linear,
    mix: Linear,
    mix_norm: Norm,
    widen: Linear,
    narrow: Linear,
    narrow_norm: Norm,
}

struct Linear {
    weights: PackedBMatrix<f32>,
    bias: Vec<f32>,
    inputs: usize,
}

struct Norm {
    scale: Vec<f32>,
    shift: Vec<f32>,
}

impl Network {
    /// Takes the weights out of the model's graph; the error names what is missing.
    pub(crate) fn new(graph: &Graph) -> Result<Network, String> {
        let gemm = GemmExecutor::new();
        let at = |name: &str| format!("inner.embeddings.{name}");
        let word_count = graph.rows(&at("word_embeddings.weight"), WIDTH);
        let words = graph.quantized(&at("word_embeddings.weight"), word_count * WIDTH, word_count)?;
        let places = graph.quantized(&at("position_embeddings.weight"), POSITIONS * WIDTH, POSITIONS)?;
        let kind = graph.floats(&at("token_type_embeddings.weight"), 2 * WIDTH)?;
        let positions = places.values.chunks_exact(WIDTH).zip(&places.scales);
        let positions = positions
            .flat_map(|(row, scale)| {
                row.iter()
                    .zip(&kind)
                    .map(move |(v, k)| f32::from(*v as i8) * scale + k)
            })
            .collect();
        Ok(Network {
            words: words.values.iter().map(|v| *v as i8).collect(),
            word_scales: words.scales,
            positions,
            norm: Norm::new(graph, &at("LayerNorm"))?,
            layers: (0..LAYERS)
                .map(|i| Layer::new(graph, &gemm, i))
                .collect::<Result<_, _>>()?,
        })
    }

    /// The number of word vectors.
    pub(crate) fn words(&self) -> usize {
        self.word_scales.len()
    }

    /// The last states of all sequences' tokens, row after row, `WIDTH` numbers each.
    ///
    /// Ids must be below `words()` and sequences no longer than 512, which the callers see to.
    pub(crate) fn forward(&self, sequences: &[Vec<u32>]) -> Result<Vec<f32>, GemmError> {
        // Made anew because it cannot move between threads; it only picks the kernels, as at load.
        let gemm = GemmExecutor::new();
        let mut states = self.embed(sequences);
        let lens: Vec<usize> = sequences.iter().map(Vec::len).collect();
        for layer in &self.layers {
            let attention = layer.attention.apply(&gemm, &states)?;
            let context = attend(&gemm, &attention, &lens)?;
            add(&mut states, &layer.mix.apply(&gemm, &context)?);
            layer.mix_norm.apply(&mut states);
            let mut inner = layer.widen.apply(&gemm, &states)?;
            Gelu {}.map_mut(&mut inner);
            add(&mut states, &layer.narrow.apply(&gemm, &inner)?);
            layer.narrow_norm.apply(&mut states);
        }
        Ok(states)
    }

    fn embed(&self, sequences: &[Vec<u32>]) -> Vec<f32> {
        let mut states = Vec::with_capacity(sequences.iter().map(Vec::len).sum::<usize>() * WIDTH);
        for sequence in sequences {
            for (id, place) in sequence.iter().zip(self.positions.chunks_exact(WIDTH)) {
                let row = *id as usize;
                let word = &self.words[row * WIDTH..(row + 1) * WIDTH];
                let scale = self.word_scales[row];
                states.extend(word.iter().zip(place).map(|(w, p)| f32::from(*w) * scale + p));
            }
        }
        self.norm.apply(&mut states);
        states
    }
}

/// Scaled dot-product attention (Vaswani et al. 2017, equation 1) in each sequence and head.
fn attend(gemm: &GemmExecutor, attention: &[f32], lens: &[usize]) -> Result<Vec<f32>, GemmError> {
    let mut context = vec![0.0; attention.len() / 3];
    let alpha = 1.0 / (HEAD_WIDTH as f32).sqrt();
    let mut first = 0;
    for &len in lens {
        let rows = &attention[first * 3 * WIDTH..(first + len) * 3 * WIDTH];
        let mut weights = vec![0.0; len * len];
        let mut mixed = vec![0.0; len * HEAD_WIDTH];
        for head in 0..HEADS {
            let [queries, keys, values] = [0, 1, 2].map(|part| columns(rows, part * WIDTH, head, len));
            let scaled = GemmOptions {
                alpha,
                ..GemmOptions::default()
            };
            let keys = GemmInputB::Unpacked(keys.transposed());
            gemm.gemm(&mut weights, GemmInputA::Unpacked(queries), keys, scaled)?;
            for row in weights.chunks_exact_mut(len) {
                Softmax::new_mut(row).dispatch();
            }
            let weights = GemmInputA::Unpacked(Matrix::from_data([len, len], weights.as_slice()));
            let values = GemmInputB::Unpacked(values);
            gemm.gemm(&mut mixed, weights, values, GemmOptions::default())?;
            let out = context[first * WIDTH..(first + len) * WIDTH].chunks_exact_mut(WIDTH);
            for (out, mixed) in out.zip(mixed.chunks_exact(HEAD_WIDTH)) {
                out[head * HEAD_WIDTH..(head + 1) * HEAD_WIDTH].copy_from_slice(mixed);
            }
        }
        first += len;
    }
    Ok(context)
}

/// The columns of one head out of `len` rows of queries, keys and values, as a view.
fn columns(rows: &[f32], part: usize, head: usize, len: usize) -> Matrix<'_, f32, 2> {
    let whole = Matrix::from_data([len, 3 * WIDTH], rows);
    let first = part + head * HEAD_WIDTH;
    whole.slice((.., first..first + HEAD_WIDTH))
}

/// The product of `left` with `right` transposed; rows of `WIDTH` numbers in both.
pub(crate) fn products(left: &[f32], right: &[f32]) -> Result<Vec<f32>, GemmError> {
    let (rows, columns) = (left.len() / WIDTH, right.len() / WIDTH);
    let mut out = vec![0.0; rows * columns];
    if out.is_empty() {
        return Ok(out);
    }
    let right = Matrix::from_data([columns, WIDTH], right);
    let left = GemmInputA::Unpacked(Matrix::from_data([rows, WIDTH], left));
    let options = GemmOptions::default();
    GemmExecutor::new().gemm(&mut out, left, GemmInputB::Unpacked(right.transposed()), options)?;
    Ok(out)
}

impl Layer {
    fn new(graph: &Graph, gemm: &GemmExecutor, index: usize) -> Result<Layer, String> {
        let at = |name: &str| format!("inner.encoder.layer.{index}.{name}");
        let heads = ["query", "key", "value"].map(|name| at(&format!("attention.self.{name}.bias")));
        let linear = |bias: &str, inputs, outputs| Linear::new(graph, gemm, &[at(bias)], inputs, outputs);
        Ok(Layer {
            attention: Linear::new(graph, gemm, &heads, WIDTH, WIDTH)?,
            mix: linear("attention.output.dense.bias", WIDTH, WIDTH)?,
            mix_norm: Norm::new(graph, &at("attention.output.LayerNorm"))?,
            widen: linear("intermediate.dense.bias", WIDTH, INNER_WIDTH)?,
            narrow: linear("output.dense.bias", INNER_WIDTH, WIDTH)?,
            narrow_norm: Norm::new(graph, &at("output.LayerNorm"))?,
        })
    }
}

impl Linear {
    /// The layers of these biases side by side, each from `inputs` to `outputs`.
    fn new(
        graph: &Graph,
        gemm: &GemmExecutor,
        biases: &[String],
        inputs: usize,
        outputs: usize,
    ) -> Result<Linear, String> {
        let columns = outputs * biases.len();
        let mut weights = vec![0.0; inputs * columns];
        let mut bias = Vec::with_capacity(columns);
        for (i, name) in biases.iter().enumerate() {
            bias.extend(graph.floats(name, outputs)?);
            let matrix = graph.matrix(name, inputs, outputs)?;
            for (to, from) in weights
                .chunks_exact_mut(columns)
                .zip(matrix.values.chunks_exact(outputs))
            {
                let to = to[i * outputs..(i + 1) * outputs].iter_mut();
                for ((to, from), scale) in to.zip(from).zip(&matrix.scales) {
                    *to = f32::from(*from as i8) * scale;
                }
            }
        }
        let weights = gemm.prepack_b(Matrix::from_data([inputs, columns], weights.as_slice()));
        Ok(Linear {
            weights,
            bias,
            inputs,
        })
    }

    fn apply(&self, gemm: &GemmExecutor, states: &[f32]) -> Result<Vec<f32>, GemmError> {
        let rows = states.len() / self.inputs;
        let mut out = vec![0.0; rows * self.bias.len()];
        let states = GemmInputA::Unpacked(Matrix::from_data([rows, self.inputs], states));
        let options = GemmOptions {
            bias: Some(BiasVector::Row(&self.bias)),
            ..GemmOptions::default()
        };
        gemm.gemm(&mut out, states, GemmInputB::Packed(&self.weights), options)?;
        Ok(out)
    }
}

impl Norm {
    fn new(graph: &Graph, name: &str) -> Result<Norm, String> {
        let part = |part: &str| graph.floats(&format!("{name}.{part}"), WIDTH);
        Ok(Norm {
            scale: part("weight")?,
            shift: part("bias")?,
        })
    }

    /// Layer normalisation (Ba et al. 2016) of each row.
    fn apply(&self, states: &mut [f32]) {
        for row in states.chunks_exact_mut(WIDTH) {
            let mean = Sum::new(row).dispatch() / WIDTH as f32;
            let variance = SumSquareSub::new(row, mean).dispatch() / WIDTH as f32;
            let options = NormalizeOptions {
                pre_scale_bias: mean,
                scale: 1.0 / (variance + EPSILON).sqrt(),
                element_scale: Some(&self.scale),
                bias: 0.0,
                element_bias: Some(&self.shift),
            };
            Normalize::new_mut(row, options).dispatch();
        }
    }
}

fn add(states: &mut [f32], more: &[f32]) {
    states.iter_mut().zip(more).for_each(|(s, m)| *s += m);
}
