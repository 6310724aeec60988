//! The vectors: right by another runtime, the same every time, and alike for texts that are alike.

use encoder::{DIMENSIONS, Encoded};

use crate::encoder;

const SENTENCES: [&str; 6] = [
    "We put the counters in Redis so that all gateways share them.",
    "No.",
    "A small Lua script makes the read and the decrement one atomic step, which no two gateways can interleave.",
    "",
    "If Redis is down I let the requests pass and raise an alert.",
    "429 with Retry-After",
];

fn encode(text: &str) -> Encoded {
    encoder().encode(&[text]).expect("the platform works").remove(0)
}

/// The cosine of the mean token vectors.
fn similarity(a: &str, b: &str) -> f32 {
    let mean = |text: &str| {
        let encoded = encode(text);
        let mut mean = vec![0.0f32; DIMENSIONS];
        for i in 0..encoded.len() {
            mean.iter_mut().zip(encoded.vector(i)).for_each(|(m, v)| *m += v);
        }
        let length = mean.iter().map(|m| m * m).sum::<f32>().sqrt();
        mean.into_iter().map(move |m| m / length)
    };
    mean(a).zip(mean(b)).map(|(a, b)| a * b).sum()
}

/// To six digits: kernels of other processors add in another order.
fn assert_near(got: f32, expect: f32) {
    assert!((got - expect).abs() < 2e-6, "{got} instead of {expect}");
}

#[test]
fn equals_another_runtime() {
    let encoded = encode(SENTENCES[0]);
    assert_eq!(encoded.len(), 15);
    let expect: [(usize, [f32; 4]); 3] = [
        (0, [-0.027_795_39, -0.087_380_34, -0.063_972_78, 0.015_033_85]),
        (4, [0.008_318_79, -0.116_949_18, -0.186_185_91, 0.030_256_82]),
        (12, [0.074_295_01, -0.101_373_81, -0.089_609_85, 0.026_379_58]),
    ];
    for (token, numbers) in expect {
        for (got, expect) in encoded.vector(token).iter().zip(numbers) {
            assert_near(*got, expect);
        }
    }
    let cache = "A cache keeps hot rows in memory.";
    assert_near(
        similarity(cache, "We store frequently read records in Redis."),
        0.288_967_3,
    );
    assert_near(
        similarity(cache, "My dog loves the beach in summer."),
        0.076_667_65,
    );
}

#[test]
fn vectors_have_unit_length() {
    let encoded = encode(SENTENCES[2]);
    for i in 0..encoded.len() {
        assert_near(encoded.vector(i).iter().map(|x| x * x).sum(), 1.0);
    }
}

#[test]
fn neighbours_and_repetition_change_nothing() {
    let alone: Vec<Encoded> = SENTENCES.iter().map(|s| encode(s)).collect();
    assert_eq!(encoder().encode(&SENTENCES).unwrap(), alone);
    let mut reversed = SENTENCES;
    reversed.reverse();
    let mut encoded = encoder().encode(&reversed).unwrap();
    encoded.reverse();
    assert_eq!(encoded, alone);
    // More than one pass through the network.
    let many: Vec<&str> = SENTENCES.iter().copied().cycle().take(120).collect();
    for (i, encoded) in encoder().encode(&many).unwrap().iter().enumerate() {
        assert_eq!(encoded, &alone[i % SENTENCES.len()], "{i}");
    }
}

#[test]
fn callers_on_many_threads_get_the_same() {
    let expect = encoder().encode(&SENTENCES).unwrap();
    std::thread::scope(|scope| {
        let callers: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| encoder().encode(&SENTENCES).unwrap()))
            .collect();
        for caller in callers {
            assert_eq!(caller.join().unwrap(), expect);
        }
    });
}

#[test]
fn empty_texts_have_no_tokens() {
    assert!(encoder().encode(&[]).unwrap().is_empty());
    let encoded = encoder().encode(&["", " \n", "\u{301}"]).unwrap();
    assert_eq!(encoded.iter().map(Encoded::len).collect::<Vec<_>>(), [0, 0, 0]);
    assert!(encoded[0].is_empty());
}

#[test]
fn long_texts_are_read_in_windows() {
    let words: Vec<String> = (0..700).map(|i| format!("w{} ", i % 10)).collect();
    let text = words.concat();
    let encoded = encode(&text);
    assert_eq!(encoded.len(), encoder().tokens(&text).len());
    // The first 238 tokens come from the first window and know nothing of what follows it.
    let first = encode(&text[..encoded.tokens[253].end]);
    assert_eq!(first.len(), 254);
    for i in 0..238 {
        assert_eq!(encoded.vector(i), first.vector(i), "{i}");
    }
    assert_ne!(encoded.vector(238), first.vector(238));
}

#[test]
fn related_sentences_are_nearer_than_unrelated_ones() {
    let related = [
        (
            "If the limiter's store is down, let requests through and alert.",
            "When the store of the rate limiter fails, requests pass and we get an alert.",
        ),
        (
            "Add a composite index on tenant and date.",
            "The query needs an index over both columns.",
        ),
        (
            "Retries must be idempotent, so each request carries a key.",
            "A client sends the same token again and nothing happens twice.",
        ),
    ];
    for (i, (a, b)) in related.iter().enumerate() {
        for (j, (_, other)) in related.iter().enumerate() {
            if i != j {
                assert!(
                    similarity(a, b) > similarity(a, other) + 0.1,
                    "{a} / {b} / {other}"
                );
            }
        }
    }
}
