//! What is heard, and what is not.

use speech::Transcript;

use crate::{ANSWER, answer, model, recording};

fn heard(rate: u32, samples: &[i16]) -> Transcript {
    model()
        .transcribe(&recording(rate, samples))
        .expect("the platform works")
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace()
        .map(|w| w.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase())
        .filter(|w| !w.is_empty())
        .collect()
}

/// Words that must be changed, left out or put in to make one text the other (Levenshtein 1966).
fn wrong_words(expected: &str, got: &str) -> usize {
    let (expected, got) = (words(expected), words(got));
    let mut row: Vec<usize> = (0..=got.len()).collect();
    for (i, word) in expected.iter().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, other) in got.iter().enumerate() {
            let cost = (diagonal + usize::from(word != other))
                .min(row[j] + 1)
                .min(row[j + 1] + 1);
            diagonal = std::mem::replace(&mut row[j + 1], cost);
        }
    }
    row[got.len()]
}

#[test]
fn an_answer_is_heard_word_for_word() {
    let transcript = heard(16_000, &answer());
    let wrong = wrong_words(ANSWER, &transcript.text());
    assert!(
        wrong <= 1,
        "{wrong} of {} words: {}",
        words(ANSWER).len(),
        transcript.text()
    );
    assert!(transcript.pauses.is_empty());
    let mut before = 0;
    for segment in &transcript.segments {
        assert!(
            before <= segment.start_ms && segment.start_ms < segment.end_ms,
            "{segment:?}"
        );
        before = segment.start_ms;
    }
    assert!(u64::from(before) < transcript.duration_ms);
    assert_eq!(
        transcript,
        heard(16_000, &answer()),
        "the same samples give the same text"
    );
}

#[test]
fn other_rates_are_heard_as_well() {
    // Three samples for one, on straight lines between them: crude, and 16 kHz is in there.
    let answer = answer();
    let tripled: Vec<i16> = answer
        .windows(2)
        .flat_map(|w| {
            let (a, b) = (i32::from(w[0]), i32::from(w[1]));
            [a, (2 * a + b) / 3, (a + 2 * b) / 3].map(|x| i16::try_from(x).unwrap_or_default())
        })
        .collect();
    let transcript = heard(48_000, &tripled);
    assert!(
        wrong_words(ANSWER, &transcript.text()) <= 2,
        "{}",
        transcript.text()
    );
}

#[test]
fn silence_is_a_pause_and_takes_nothing_away() {
    let answer = answer();
    let silence = vec![0; 5 * 16_000];
    let twice = [&answer[..], &silence, &answer].concat();
    let transcript = heard(16_000, &twice);
    let expected = format!("{ANSWER} {ANSWER}");
    assert!(
        wrong_words(&expected, &transcript.text()) <= 3,
        "{}",
        transcript.text()
    );
    let [pause] = transcript.pauses[..] else {
        panic!("one pause: {:?}", transcript.pauses);
    };
    assert!(
        (4900..6500).contains(&(pause.end_ms - pause.start_ms)),
        "{pause:?}"
    );
    // What is said after the silence is told at its own time.
    let second_ms = u32::try_from((answer.len() + silence.len()) / 16).expect("short");
    let second = transcript.segments.iter().find(|s| s.start_ms + 500 >= second_ms);
    let second = second.unwrap_or_else(|| panic!("{:?}", transcript.segments));
    assert!(
        wrong_words("The counters live", &second.text) < words(&second.text).len(),
        "{second:?}"
    );
    assert!(second.text.starts_with("The counters"), "{second:?}");
}

#[test]
fn more_than_one_window_is_heard_to_its_end() {
    let answer = answer();
    let gap = vec![0; 8000];
    let long = [&answer[..], &gap, &answer, &gap, &answer, &gap, &answer].concat();
    let transcript = heard(16_000, &long);
    let expected = [ANSWER; 4].join(" ");
    let wrong = wrong_words(&expected, &transcript.text());
    assert!(wrong <= 8, "{wrong}: {}", transcript.text());
}

#[test]
fn no_words_are_heard_in_silence_or_noise() {
    let mut state = 7u32;
    let mut noise = |amplitude: u32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        i16::try_from(i64::from((state >> 8) % (2 * amplitude + 1)) - i64::from(amplitude))
            .unwrap_or_default()
    };
    let sounds = [
        Vec::new(),
        vec![0; 16_000 * 20],
        (0..16_000 * 10).map(|_| noise(20)).collect(),
        (0..16_000 * 10).map(|_| noise(8000)).collect(),
        (0..16_000 * 4)
            .map(|i| ((i as f32 * 0.35).sin() * if i % 8000 < 3000 { 9000.0 } else { 0.0 }) as i16)
            .collect::<Vec<i16>>(),
    ];
    for (i, sound) in sounds.iter().enumerate() {
        let transcript = heard(16_000, sound);
        assert!(transcript.segments.is_empty(), "{i}: {:?}", transcript.segments);
    }
}
