//! Reads the tensors of a model out of the file format of `CTranslate2`, version 6.
//!
//! The bytes may come from anywhere: every length is checked against what is left, numbers must be finite,
//! and damaged bytes give an error, never a panic or a large allocation.

use std::collections::BTreeMap;

/// The one version of the format that we know.
const VERSION: u32 = 6;
/// What the file calls a Whisper model.
const KIND: &str = "WhisperSpec";
/// More tensors than the largest Whisper model has.
const MAX_TENSORS: u32 = 4096;
const MAX_RANK: u8 = 4;

/// The tensors of a model by name, borrowed from its bytes.
pub(crate) struct File<'a> {
    tensors: BTreeMap<&'a str, Tensor<'a>>,
}

struct Tensor<'a> {
    shape: Vec<usize>,
    number: Number,
    bytes: &'a [u8],
}

/// What a tensor's bytes are, as the format numbers them. Quantised kinds are known and not supported.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Number {
    Float,
    Byte,
    Short,
    Int,
    Half,
}

impl Number {
    fn of(code: u8) -> Option<Number> {
        match code {
            0 => Some(Number::Float),
            1 => Some(Number::Byte),
            2 => Some(Number::Short),
            3 => Some(Number::Int),
            4 => Some(Number::Half),
            _ => None,
        }
    }

    fn size(self) -> usize {
        match self {
            Number::Byte => 1,
            Number::Short | Number::Half => 2,
            Number::Float | Number::Int => 4,
        }
    }
}

impl<'a> File<'a> {
    /// Reads the table of tensors; nothing is copied.
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<File<'a>, String> {
        let mut rest = Cursor(bytes);
        let version = rest.u32()?;
        if version != VERSION {
            return Err(format!("its format has version {version}, not {VERSION}"));
        }
        let kind = rest.name()?;
        if kind != KIND {
            return Err("it is no Whisper model".to_owned());
        }
        // The revision of that kind says nothing that the tensors do not.
        rest.u32()?;
        let count = rest.u32()?;
        if count > MAX_TENSORS {
            return Err(format!("it has {count} tensors, more than {MAX_TENSORS}"));
        }
        let mut tensors = BTreeMap::new();
        for _ in 0..count {
            let name = rest.name()?;
            tensors.insert(name, rest.tensor(name)?);
        }
        Ok(File { tensors })
    }

    fn tensor(&self, name: &str) -> Result<&Tensor<'a>, String> {
        self.tensors
            .get(name)
            .ok_or_else(|| format!("tensor `{name}` is missing"))
    }

    /// The dimensions of tensor `name`.
    pub(crate) fn shape(&self, name: &str) -> Result<&[usize], String> {
        Ok(&self.tensor(name)?.shape)
    }

    /// Whether there is a tensor `name`.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.tensors.contains_key(name)
    }

    /// The numbers of tensor `name`, which must have this shape and be finite.
    pub(crate) fn floats(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, String> {
        let tensor = self.tensor(name)?;
        if tensor.shape != shape {
            return Err(format!(
                "tensor `{name}` has shape {:?} instead of {shape:?}",
                tensor.shape
            ));
        }
        let floats: Vec<f32> = match tensor.number {
            Number::Float => {
                let (quads, _) = tensor.bytes.as_chunks::<4>();
                quads.iter().map(|quad| f32::from_le_bytes(*quad)).collect()
            }
            Number::Half => {
                let (pairs, _) = tensor.bytes.as_chunks::<2>();
                pairs
                    .iter()
                    .map(|pair| widened(u16::from_le_bytes(*pair)))
                    .collect()
            }
            Number::Byte | Number::Short | Number::Int => {
                return Err(format!("tensor `{name}` is quantised; take the f16 or f32 model"));
            }
        };
        if floats.iter().any(|x| !x.is_finite()) {
            return Err(format!("tensor `{name}` has numbers that are not finite"));
        }
        Ok(floats)
    }

    /// The single whole number in tensor `name`.
    pub(crate) fn count(&self, name: &str) -> Result<usize, String> {
        let tensor = self.tensor(name)?;
        match (tensor.number, tensor.shape.as_slice(), tensor.bytes) {
            (Number::Short, [], [low, high]) => usize::try_from(i16::from_le_bytes([*low, *high])).ok(),
            (Number::Byte, [], [byte]) => Some(usize::from(*byte)),
            _ => None,
        }
        .ok_or_else(|| format!("tensor `{name}` is no count"))
    }
}

/// An IEEE 754 half-precision number as a single-precision one; every half has one.
fn widened(half: u16) -> f32 {
    let sign = u32::from(half & 0x8000) << 16;
    let exponent = u32::from(half >> 10) & 0x1F;
    let fraction = u32::from(half & 0x3FF);
    let magnitude = match exponent {
        // Below the normal range the fraction counts in steps of 2^-24.
        0 => (fraction as f32 * (1.0 / 16_777_216.0)).to_bits(),
        0x1F => 0x7F80_0000 | fraction << 13,
        // The bias of the exponent is 15 there and 127 here.
        _ => (exponent + 112) << 23 | fraction << 13,
    };
    f32::from_bits(sign | magnitude)
}

/// What is left of the file.
struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn take(&mut self, len: usize) -> Result<&'a [u8], String> {
        let (taken, rest) = self.0.split_at_checked(len).ok_or("the file is damaged")?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], String> {
        let (taken, rest) = self.0.split_first_chunk().ok_or("the file is damaged")?;
        self.0 = rest;
        Ok(*taken)
    }

    fn u32(&mut self) -> Result<u32, String> {
        self.array().map(u32::from_le_bytes)
    }

    fn len(&mut self) -> Result<usize, String> {
        usize::try_from(self.u32()?).map_err(|_| "the file is damaged".to_owned())
    }

    /// A name: its length, its bytes, a closing zero.
    fn name(&mut self) -> Result<&'a str, String> {
        let len = u16::from_le_bytes(self.array()?);
        let bytes = self.take(usize::from(len))?;
        let bytes = bytes.strip_suffix(&[0]).unwrap_or(bytes);
        std::str::from_utf8(bytes).map_err(|_| "a name in it is not UTF-8".to_owned())
    }

    fn tensor(&mut self, name: &str) -> Result<Tensor<'a>, String> {
        let [rank] = self.array()?;
        if rank > MAX_RANK {
            return Err(format!("tensor `{name}` has {rank} dimensions"));
        }
        let shape: Vec<usize> = (0..rank).map(|_| self.len()).collect::<Result<_, _>>()?;
        let [code] = self.array()?;
        let number = Number::of(code).ok_or_else(|| format!("tensor `{name}` is of an unknown type"))?;
        let len = self.len()?;
        let expected = shape
            .iter()
            .try_fold(number.size(), |size, side| size.checked_mul(*side));
        if expected != Some(len) {
            return Err(format!("tensor `{name}` does not have the size of its shape"));
        }
        Ok(Tensor {
            shape,
            number,
            bytes: self.take(len)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(name: &str) -> Vec<u8> {
        let len = u16::try_from(name.len() + 1).unwrap();
        [&len.to_le_bytes()[..], name.as_bytes(), &[0]].concat()
    }

    fn file(tensors: &[(&str, &[u32], u8, &[u8])]) -> Vec<u8> {
        let mut bytes = [
            &6u32.to_le_bytes()[..],
            &text(KIND),
            &3u32.to_le_bytes(),
            &u32::try_from(tensors.len()).unwrap().to_le_bytes(),
        ]
        .concat();
        for (name, shape, code, raw) in tensors {
            bytes.extend(text(name));
            bytes.push(u8::try_from(shape.len()).unwrap());
            bytes.extend(shape.iter().flat_map(|side| side.to_le_bytes()));
            bytes.push(*code);
            bytes.extend(u32::try_from(raw.len()).unwrap().to_le_bytes());
            bytes.extend_from_slice(raw);
        }
        bytes
    }

    #[test]
    fn reads_halves_floats_and_counts() {
        let float = 0.25f32.to_le_bytes();
        let bytes = file(&[
            ("half", &[2], 4, &[0x00, 0x3C, 0x00, 0xC0]),
            ("float", &[1, 1], 0, &float),
            ("heads", &[], 2, &[6, 0]),
        ]);
        let file = File::parse(&bytes).unwrap();
        assert_eq!(file.floats("half", &[2]).unwrap(), [1.0, -2.0]);
        assert_eq!(file.floats("float", &[1, 1]).unwrap(), [0.25]);
        assert_eq!(file.count("heads").unwrap(), 6);
        assert!(file.floats("half", &[1, 2]).unwrap_err().contains("shape"));
        assert!(file.floats("heads", &[]).unwrap_err().contains("quantised"));
        assert!(file.floats("none", &[]).unwrap_err().contains("missing"));
        assert!(file.count("half").is_err());
    }

    #[test]
    fn halves_widen_exactly() {
        assert_eq!(widened(0x0000).to_bits(), 0);
        assert_eq!(widened(0x8000).to_bits(), 0x8000_0000);
        assert_eq!(widened(0x0001), 2f32.powi(-24));
        assert_eq!(widened(0x03FF), 1023.0 * 2f32.powi(-24));
        assert_eq!(widened(0x0400), 2f32.powi(-14));
        assert_eq!(widened(0x7BFF), 65504.0);
        assert!(widened(0x7C00).is_infinite() && widened(0x7E00).is_nan());
    }

    #[test]
    fn what_lies_about_its_size_is_refused() {
        let infinite = file(&[("x", &[1], 4, &[0x00, 0x7C])]);
        let error = File::parse(&infinite).unwrap().floats("x", &[1]).unwrap_err();
        assert!(error.contains("finite"), "{error}");
        for (shape, code, raw) in [
            (&[u32::MAX, u32::MAX, u32::MAX][..], 4, &[0u8, 0][..]),
            (&[2], 4, &[0, 0]),
            (&[1, 1, 1, 1, 1], 4, &[0, 0]),
            (&[1], 9, &[0, 0]),
        ] {
            assert!(File::parse(&file(&[("x", shape, code, raw)])).is_err());
        }
        let whole = file(&[("x", &[1], 4, &[0, 0])]);
        for len in 0..whole.len() {
            assert!(File::parse(&whole[..len]).is_err(), "{len}");
        }
        assert!(File::parse(b"<html>no such file</html>").is_err());
    }
}
