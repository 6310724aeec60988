//! Sound from a WAV file: 16-bit PCM, one channel or two.

use crate::transcript::{Pause, pauses};
use crate::{activity, resample};

/// Samples a second that are taken: what microphones and files have.
const RATES: std::ops::RangeInclusive<u32> = 8_000..=192_000;
/// Rates must be multiples of this, so that the way to 16 kHz has few phases.
const RATE_STEP: u32 = 25;

const PCM: u16 = 1;
/// The format tag that says: the real one is in the extension.
const EXTENSIBLE: u16 = 0xFFFE;

/// Sound on one channel.
#[derive(Debug, Clone, PartialEq)]
pub struct Recording {
    /// Samples a second.
    pub(crate) rate: u32,
    /// From -1 to 1.
    pub(crate) samples: Vec<f32>,
}

/// Why bytes are no recording that can be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WavError {
    /// The bytes are no WAV file, or a damaged one.
    #[error(
        "it is no whole WAV file ({what}); hint: record 16-bit PCM, `ffmpeg -i IN -ar 16000 -ac 1 OUT.wav`"
    )]
    Damaged {
        /// What is wrong.
        what: &'static str,
    },
    /// The file is sound, and of a kind that is not read.
    #[error("it has {what}; hint: convert it to 16-bit PCM, `ffmpeg -i IN -ar 16000 -ac 1 OUT.wav`")]
    Unsupported {
        /// What is not read.
        what: String,
    },
    /// The recording is longer than is taken.
    #[error("it lasts {seconds} s, more than {limit_s} s; hint: send it in parts")]
    TooLong {
        /// Its length in whole seconds, rounded up.
        seconds: u64,
        /// The limit in seconds.
        limit_s: u32,
    },
}

impl Recording {
    /// Reads a WAV file of 16-bit PCM with one channel or two, whose mean is taken, of at most `limit_s`
    /// seconds.
    ///
    /// # Errors
    /// `WavError` with what is wrong and the cure.
    pub fn from_wav(bytes: &[u8], limit_s: u32) -> Result<Recording, WavError> {
        let damaged = |what| WavError::Damaged { what };
        let rest = bytes
            .strip_prefix(b"RIFF")
            .ok_or(damaged("no `RIFF` at its start"))?;
        let rest = rest.get(4..).ok_or(damaged("cut short"))?;
        let mut rest = rest
            .strip_prefix(b"WAVE")
            .ok_or(damaged("no `WAVE` in its head"))?;
        let mut format = None;
        loop {
            let (head, after) = rest.split_first_chunk::<8>().ok_or(damaged("no `data`"))?;
            let len = u32::from_le_bytes([head[4], head[5], head[6], head[7]]) as usize;
            let body = after.get(..len).ok_or(damaged("cut short"))?;
            match &head[..4] {
                b"fmt " => format = Some(Format::parse(body)?),
                b"data" => {
                    return format
                        .ok_or(damaged("no `fmt ` before `data`"))?
                        .recording(body, limit_s);
                }
                _ => {}
            }
            // Chunks begin at even places.
            rest = after.get(len.next_multiple_of(2)..).unwrap_or_default();
        }
    }

    /// The length in milliseconds, rounded down.
    pub fn duration_ms(&self) -> u64 {
        self.samples.len() as u64 * 1000 / u64::from(self.rate)
    }

    /// Silences of more than two seconds between words, found by loudness alone; `None` when nobody speaks.
    pub fn pauses(&self) -> Option<Vec<Pause>> {
        let spans = activity::spans(&resample::to_rate(&self.samples, self.rate));
        (!spans.is_empty()).then(|| pauses(&spans))
    }
}

struct Format {
    channels: u16,
    rate: u32,
}

impl Format {
    fn parse(body: &[u8]) -> Result<Format, WavError> {
        let short = |at: usize| Some(u16::from_le_bytes([*body.get(at)?, *body.get(at + 1)?]));
        let fields = (|| Some((short(0)?, short(2)?, short(4)?, short(6)?, short(14)?)))();
        let (tag, channels, low, high, bits) = fields.ok_or(WavError::Damaged {
            what: "a short `fmt `",
        })?;
        let rate = u32::from(high) << 16 | u32::from(low);
        let unsupported = |what: String| Err(WavError::Unsupported { what });
        let tag = if tag == EXTENSIBLE {
            short(24).unwrap_or(tag)
        } else {
            tag
        };
        if tag != PCM || bits != 16 {
            return unsupported(format!("{bits} bits a sample in format {tag}, not 16-bit PCM"));
        }
        if !(1..=2).contains(&channels) {
            return unsupported(format!("{channels} channels, not 1 or 2"));
        }
        if !RATES.contains(&rate) || !rate.is_multiple_of(RATE_STEP) {
            return unsupported(format!(
                "{rate} samples a second, not a multiple of {RATE_STEP} from {} to {}",
                RATES.start(),
                RATES.end()
            ));
        }
        Ok(Format { channels, rate })
    }

    fn recording(&self, data: &[u8], limit_s: u32) -> Result<Recording, WavError> {
        let channels = usize::from(self.channels);
        let frames = data.len() / (2 * channels);
        let seconds = (frames as u64).div_ceil(u64::from(self.rate));
        if seconds > u64::from(limit_s) {
            return Err(WavError::TooLong { seconds, limit_s });
        }
        let scale = 1.0 / (32_768.0 * f32::from(self.channels));
        let samples = data.chunks_exact(2 * channels).map(|frame| {
            let (channels, _) = frame.as_chunks::<2>();
            let sum: i32 = channels.iter().map(|c| i32::from(i16::from_le_bytes(*c))).sum();
            sum as f32 * scale
        });
        Ok(Recording {
            rate: self.rate,
            samples: samples.collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
        let mut bytes = [&name[..], &u32::try_from(body.len()).unwrap().to_le_bytes(), body].concat();
        if body.len() % 2 == 1 {
            bytes.push(0);
        }
        bytes
    }

    fn format(tag: u16, channels: u16, rate: u32, bits: u16) -> Vec<u8> {
        let block = channels * bits / 8;
        let mut body = Vec::new();
        body.extend(tag.to_le_bytes());
        body.extend(channels.to_le_bytes());
        body.extend(rate.to_le_bytes());
        body.extend((rate * u32::from(block)).to_le_bytes());
        body.extend(block.to_le_bytes());
        body.extend(bits.to_le_bytes());
        chunk(b"fmt ", &body)
    }

    fn wav(chunks: &[Vec<u8>]) -> Vec<u8> {
        let body = [b"WAVE".to_vec(), chunks.concat()].concat();
        chunk(b"RIFF", &body)
    }

    #[test]
    fn reads_one_channel_and_the_mean_of_two() {
        let data = chunk(b"data", &[0, 64, 0, 192]);
        let one = Recording::from_wav(&wav(&[format(1, 1, 16_000, 16), data.clone()]), 1).unwrap();
        assert_eq!((one.rate, one.samples.as_slice()), (16_000, &[0.5, -0.5][..]));
        let two = wav(&[format(1, 2, 48_000, 16), chunk(b"LIST", b"odd"), data]);
        let two = Recording::from_wav(&two, 1).unwrap();
        assert_eq!((two.rate, two.samples.as_slice()), (48_000, &[0.0][..]));
    }

    #[test]
    fn what_is_not_read_is_told() {
        let data = || chunk(b"data", &[0; 64_000]);
        let told = |chunks: &[Vec<u8>]| Recording::from_wav(&wav(chunks), 1).unwrap_err().to_string();
        assert!(told(&[format(3, 1, 16_000, 32), data()]).contains("not 16-bit PCM"));
        assert!(told(&[format(1, 6, 16_000, 16), data()]).contains("6 channels"));
        assert!(told(&[format(1, 1, 11_111, 16), data()]).contains("multiple of 25"));
        assert!(told(&[format(1, 1, 16_000, 16), data()]).contains("lasts 2 s"));
        assert!(told(&[data()]).contains("no `fmt `"));
        assert!(told(&[format(1, 1, 16_000, 16)]).contains("no `data`"));
    }

    #[test]
    fn no_part_of_a_file_is_taken_for_the_whole() {
        let whole = wav(&[format(1, 1, 16_000, 16), chunk(b"data", &[1; 10])]);
        for len in 0..whole.len() {
            assert!(Recording::from_wav(&whole[..len], 1).is_err(), "{len}");
        }
    }
}
