//! Reads the tensors of the model out of its ONNX file, a Protocol Buffers message.
//!
//! Only what this one model needs: named tensors with raw data, and which tensor a bias belongs to. The
//! exporter gave the weight matrices meaningless names (`val_49`), but kept the names of the biases, so a
//! matrix is found by the bias that is added to its product. Damaged bytes give an error, never a panic.

use std::collections::BTreeMap;

/// The tensors of a model by name, borrowed from its bytes.
pub(crate) struct Graph<'a> {
    tensors: BTreeMap<&'a str, &'a [u8]>,
    /// The right operand of a matrix product, by the product's name.
    factors: BTreeMap<&'a str, &'a str>,
    /// The left operand of an addition, by its right operand.
    addends: BTreeMap<&'a str, &'a str>,
}

/// Whole numbers with a scale for each row or column.
pub(crate) struct Quantized<'a> {
    /// Row-major signed bytes.
    pub(crate) values: &'a [u8],
    /// One factor for each row of a table, or for each column of a weight matrix.
    pub(crate) scales: Vec<f32>,
}

// Field numbers from onnx.proto: ModelProto, GraphProto, NodeProto, TensorProto.
const MODEL_GRAPH: u64 = 7;
const GRAPH_NODE: u64 = 1;
const GRAPH_INITIALIZER: u64 = 5;
const NODE_INPUT: u64 = 1;
const NODE_OUTPUT: u64 = 2;
const NODE_OPERATOR: u64 = 4;
const TENSOR_NAME: u64 = 8;
const TENSOR_RAW_DATA: u64 = 9;

impl<'a> Graph<'a> {
    /// Reads the graph of an ONNX file.
    pub(crate) fn parse(model: &'a [u8]) -> Result<Graph<'a>, String> {
        let mut graph = Graph {
            tensors: BTreeMap::new(),
            factors: BTreeMap::new(),
            addends: BTreeMap::new(),
        };
        let fields = Fields(model).find_map(|field| match field {
            Ok((MODEL_GRAPH, bytes)) => Some(Ok(bytes)),
            Ok(_) => None,
            Err(damaged) => Some(Err(damaged)),
        });
        for field in Fields(fields.ok_or("it holds no graph")??) {
            match field? {
                (GRAPH_INITIALIZER, bytes) => graph.add_tensor(bytes)?,
                (GRAPH_NODE, bytes) => graph.add_node(bytes)?,
                _ => {}
            }
        }
        Ok(graph)
    }

    fn add_tensor(&mut self, bytes: &'a [u8]) -> Result<(), String> {
        let (mut name, mut raw): (&str, &[u8]) = ("", &[]);
        for field in Fields(bytes) {
            match field? {
                (TENSOR_NAME, bytes) => name = text(bytes)?,
                (TENSOR_RAW_DATA, bytes) => raw = bytes,
                _ => {}
            }
        }
        self.tensors.insert(name, raw);
        Ok(())
    }

    fn add_node(&mut self, bytes: &'a [u8]) -> Result<(), String> {
        let (mut inputs, mut output, mut operator) = (Vec::new(), "", "");
        for field in Fields(bytes) {
            match field? {
                (NODE_INPUT, bytes) => inputs.push(text(bytes)?),
                (NODE_OUTPUT, bytes) => output = text(bytes)?,
                (NODE_OPERATOR, bytes) => operator = text(bytes)?,
                _ => {}
            }
        }
        match (operator, inputs.as_slice()) {
            ("MatMul", [_, factor]) => drop(self.factors.insert(output, factor)),
            ("Add", [left, right]) => drop(self.addends.insert(right, left)),
            _ => {}
        }
        Ok(())
    }

    fn raw(&self, name: &str, len: usize) -> Result<&'a [u8], String> {
        let raw = *self
            .tensors
            .get(name)
            .ok_or_else(|| format!("tensor `{name}` is missing"))?;
        if raw.len() != len {
            return Err(format!(
                "tensor `{name}` has {} bytes instead of {len}",
                raw.len()
            ));
        }
        Ok(raw)
    }

    /// The `len` numbers of tensor `name`.
    pub(crate) fn floats(&self, name: &str, len: usize) -> Result<Vec<f32>, String> {
        let (quads, _) = self.raw(name, len * size_of::<f32>())?.as_chunks::<4>();
        Ok(quads.iter().map(|quad| f32::from_le_bytes(*quad)).collect())
    }

    /// The quantised tensor `name`, with one scale for each of `scales` rows or columns.
    pub(crate) fn quantized(&self, name: &str, len: usize, scales: usize) -> Result<Quantized<'a>, String> {
        let values = self.raw(&format!("{name}_q"), len)?;
        Ok(Quantized {
            values,
            scales: self.floats(&format!("{name}_scale"), scales)?,
        })
    }

    /// The weight matrix of the linear layer whose bias is called `bias`: `inputs` rows, `outputs` columns.
    pub(crate) fn matrix(&self, bias: &str, inputs: usize, outputs: usize) -> Result<Quantized<'a>, String> {
        let product = self.addends.get(bias);
        let name = product.and_then(|p| self.factors.get(p));
        let name = name.ok_or_else(|| format!("no matrix product is added to `{bias}`"))?;
        self.quantized(name, inputs * outputs, outputs)
    }

    /// The number of rows in the quantised table `name`.
    pub(crate) fn rows(&self, name: &str, columns: usize) -> usize {
        self.tensors
            .get(format!("{name}_q").as_str())
            .map_or(0, |raw| raw.len() / columns)
    }
}

/// The length-delimited fields of a message; numbers are skipped.
struct Fields<'a>(&'a [u8]);

impl<'a> Iterator for Fields<'a> {
    type Item = Result<(u64, &'a [u8]), String>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.0.is_empty() {
            match self.step() {
                Some(Some(field)) => return Some(Ok(field)),
                Some(None) => {}
                None => {
                    self.0 = &[];
                    return Some(Err("the file is damaged".to_owned()));
                }
            }
        }
        None
    }
}

impl<'a> Fields<'a> {
    /// Reads one field: `None` when the bytes make no sense, `Some(None)` for a number.
    fn step(&mut self) -> Option<Option<(u64, &'a [u8])>> {
        let key = self.varint()?;
        match key & 7 {
            0 => {
                self.varint()?;
                Some(None)
            }
            1 => self.take(8).map(|_| None),
            2 => {
                let len = usize::try_from(self.varint()?).ok()?;
                Some(Some((key >> 3, self.take(len)?)))
            }
            5 => self.take(4).map(|_| None),
            _ => None,
        }
    }

    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(taken)
    }

    fn varint(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.take(1)?[0];
            value |= u64::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }
}

fn text(bytes: &[u8]) -> Result<&str, String> {
    std::str::from_utf8(bytes).map_err(|_| "a name in it is not UTF-8".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
        [&[number << 3 | 2, u8::try_from(bytes.len()).unwrap()], bytes].concat()
    }

    #[test]
    fn finds_a_matrix_by_its_bias() {
        let tensor = |name: &str, raw: &[u8]| field(5, &[field(8, name.as_bytes()), field(9, raw)].concat());
        let node = |op: &str, a: &str, b: &str, out: &str| {
            let parts = [(1, a), (1, b), (2, out), (4, op)];
            field(1, &parts.map(|(n, s)| field(n, s.as_bytes())).concat())
        };
        let graph = [
            node("MatMul", "x", "val_1", "val_2"),
            node("Add", "val_2", "b.bias", "y"),
            tensor("val_1_q", &[1, 255]),
            tensor("val_1_scale", &0.5f32.to_le_bytes()),
        ];
        let model = field(7, &graph.concat());
        let graph = Graph::parse(&model).unwrap();
        let matrix = graph.matrix("b.bias", 2, 1).unwrap();
        assert_eq!((matrix.values, matrix.scales), (&[1u8, 255][..], vec![0.5]));
        assert_eq!(graph.rows("val_1", 1), 2);
        assert!(graph.matrix("c.bias", 2, 1).is_err());
        assert!(graph.matrix("b.bias", 3, 1).is_err());
    }

    #[test]
    fn damaged_bytes_are_an_error() {
        assert!(Graph::parse(b"").is_err());
        assert!(Graph::parse(b"<html>not found</html>").is_err());
        assert!(Graph::parse(&[7 << 3 | 2, 200]).is_err());
        assert!(Graph::parse(&[0x80; 12]).is_err());
    }
}
