//! From any rate to the 16,000 samples a second that the model hears.
//!
//! A polyphase filter: the ideal low-pass below both rates' limits, cut off by a Hann window
//! (Oppenheim and Schafer, Discrete-Time Signal Processing, 4.6).

use std::f64::consts::PI;

use crate::RATE;

/// Zero crossings of the filter on each side. With 16, what lies above the limit is some 60 dB down.
const CROSSINGS: f64 = 16.0;

/// The sound at 16 kHz.
pub(crate) fn to_rate(samples: &[f32], rate: u32) -> Vec<f32> {
    if rate == RATE {
        return samples.to_vec();
    }
    let divisor = greatest_common_divisor(rate, RATE);
    // Output `n` lies at input position `n * step / phases`.
    let (step, phases) = ((rate / divisor) as usize, (RATE / divisor) as usize);
    // Frequencies above the lower of both limits must go; a little room for the filter's slope.
    let cut = 0.94 * (f64::from(RATE) / f64::from(rate)).min(1.0);
    let reach = (CROSSINGS / cut).ceil() as usize;
    let taps = 2 * reach;
    let filters: Vec<f32> = (0..phases)
        .flat_map(|phase| filter(phase as f64 / phases as f64, reach, cut))
        .collect();
    let count = samples.len() * phases / step;
    // Silence around, so that every tap finds a sample.
    let mut padded = vec![0.0; reach];
    padded.extend_from_slice(samples);
    padded.resize(samples.len() + 2 * reach + 1, 0.0);
    (0..count)
        .map(|n| {
            let (first, phase) = (n * step / phases, n * step % phases);
            let near = &padded[first + 1..first + 1 + taps];
            let filter = &filters[phase * taps..(phase + 1) * taps];
            near.iter().zip(filter).map(|(x, h)| x * h).sum()
        })
        .collect()
}

/// The weights of the `2 * reach` samples around a place `fraction` of a sample after the middle one, made to
/// add up to one so that a steady tone keeps its level in every phase.
fn filter(fraction: f64, reach: usize, cut: f64) -> Vec<f32> {
    let weights: Vec<f64> = (1..=2 * reach)
        .map(|tap| {
            let distance = tap as f64 - reach as f64 - fraction;
            let x = PI * distance * cut;
            let ideal = if x == 0.0 { 1.0 } else { x.sin() / x };
            let window = 0.5 + 0.5 * (PI * distance / reach as f64).clamp(-PI, PI).cos();
            ideal * window
        })
        .collect();
    let sum: f64 = weights.iter().sum();
    weights.iter().map(|w| (w / sum) as f32).collect()
}

fn greatest_common_divisor(a: u32, b: u32) -> u32 {
    if b == 0 {
        a
    } else {
        greatest_common_divisor(b, a % b)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(hertz: f64, rate: u32) -> Vec<f32> {
        (0..rate)
            .map(|i| (2.0 * PI * hertz * f64::from(i) / f64::from(rate)).sin() as f32)
            .collect()
    }

    fn level(samples: &[f32]) -> f32 {
        let middle = &samples[samples.len() / 4..samples.len() * 3 / 4];
        (middle.iter().map(|x| x * x).sum::<f32>() / middle.len() as f32).sqrt()
    }

    #[test]
    fn tones_stay_and_what_cannot_be_heard_goes() {
        for rate in [8_000, 11_025, 22_050, 44_100, 48_000, 96_000] {
            let heard = to_rate(&tone(440.0, rate), rate);
            assert_eq!(heard.len(), RATE as usize, "{rate}");
            let expected = tone(440.0, RATE);
            let middle = 4000..12_000;
            let error: Vec<f32> = heard[middle.clone()]
                .iter()
                .zip(&expected[middle])
                .map(|(a, b)| a - b)
                .collect();
            assert!(level(&error) < 0.005, "{rate}: {}", level(&error));
        }
        for hertz in [9_000.0, 12_000.0, 20_000.0] {
            assert!(level(&to_rate(&tone(hertz, 48_000), 48_000)) < 0.003, "{hertz}");
        }
    }

    #[test]
    fn short_and_empty_sounds_are_fine() {
        assert!(to_rate(&[], 48_000).is_empty());
        assert_eq!(to_rate(&[1.0], 48_000).len(), 0);
        assert_eq!(to_rate(&[0.5], 8_000).len(), 2);
    }
}
