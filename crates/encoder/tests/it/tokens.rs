//! The tokenizer against the reference, and on any text at all.

use proptest::prelude::*;

use crate::encoder;

/// Texts and the ids the reference gives, without `[CLS]` and `[SEP]`.
const REFERENCE: &[(&str, &[u32])] = &[
    ("", &[]),
    ("  \n", &[]),
    (
        "We put the counters in Redis so that all gateways share them.",
        &[
            2057, 2404, 1996, 24094, 1999, 2417, 2483, 2061, 2008, 2035, 11909, 2015, 3745, 2068, 1012,
        ],
    ),
    (
        "p95 rose from 120ms to 1.5s, i.e. 12x",
        &[
            1052, 2683, 2629, 3123, 2013, 6036, 5244, 2000, 1015, 1012, 1019, 2015, 1010, 1045, 1012, 1041,
            1012, 2260, 2595,
        ],
    ),
    (
        "HTTP/1.1 429 Too Many Requests",
        &[8299, 1013, 1015, 1012, 1015, 4413, 2683, 2205, 2116, 11186],
    ),
    (
        "SELECT * FROM orders WHERE id = $1;",
        &[7276, 1008, 2013, 4449, 2073, 8909, 1027, 1002, 1015, 1025],
    ),
    ("idempotency_key", &[8909, 6633, 11008, 11916, 1035, 3145]),
    ("naïve café – “quoted”", &[15743, 7668, 1516, 1523, 9339, 1524]),
    (
        "don't can't won't",
        &[2123, 1005, 1056, 2064, 1005, 1056, 2180, 1005, 1056],
    ),
    (
        "Überprüfung der Größe",
        &[19169, 18098, 16093, 5575, 4315, 24665, 2080, 17499],
    ),
    ("日本語 text 中文", &[1864, 1876, 1950, 3793, 1746, 1861]),
    ("한국어", &[1469, 30006, 30021, 29991, 30014, 30020, 29999, 30008]),
    ("हिन्दी", &[1339, 29877, 29863, 29861, 29878]),
    (
        "привет, мир",
        &[1194, 16856, 10325, 25529, 15290, 22919, 1010, 1191, 10325, 16856],
    ),
    ("a\u{200b}b\u{ad}c", &[5925]),
    ("ﬁne ½ ①", &[1984, 2638, 1092, 100]),
    (
        "[CLS] [MASK] [SEP]",
        &[1031, 18856, 2015, 1033, 1031, 7308, 1033, 1031, 19802, 1033],
    ),
    (
        "antidisestablishmentarianism",
        &[3424, 10521, 4355, 7875, 13602, 3672, 12199, 2964],
    ),
    ("🙂 ok", &[100, 7929]),
    ("don’t", &[2123, 1521, 1056]),
    ("C++ & C#", &[1039, 1009, 1009, 1004, 1039, 1001]),
    (
        "1,000,000 req/s",
        &[1015, 1010, 2199, 1010, 2199, 2128, 4160, 1013, 1055],
    ),
    ("İstanbul", &[9960]),
    ("e\u{301}te\u{301}", &[3802, 2063]),
];

#[test]
fn ids_equal_the_reference() {
    for (text, expect) in REFERENCE {
        let ids: Vec<u32> = encoder().tokens(text).iter().map(|t| t.id).collect();
        assert_eq!(ids, *expect, "{text:?}");
    }
}

#[test]
fn places_slice_to_the_words() {
    let text = "Naïve cafés — use idempotency_key!";
    let tokens = encoder().tokens(text);
    let slices: Vec<&str> = tokens.iter().map(|t| &text[t.start..t.end]).collect();
    assert_eq!(
        slices,
        [
            "Naïve", "cafés", "—", "use", "id", "em", "pot", "ency", "_", "key", "!"
        ]
    );
    let pieces: Vec<&str> = tokens.iter().map(|t| t.text.as_str()).collect();
    assert_eq!(
        pieces,
        [
            "naive", "cafes", "—", "use", "id", "em", "pot", "ency", "_", "key", "!"
        ]
    );
}

proptest! {
    #[test]
    fn any_text_gives_ordered_places_within_it(text in any_text()) {
        let mut last = (0, 0);
        for token in encoder().tokens(&text) {
            prop_assert!(token.start < token.end && token.end <= text.len());
            prop_assert!(text.is_char_boundary(token.start) && text.is_char_boundary(token.end));
            // Equal places occur where one character makes several pieces, as a Hangul syllable does.
            prop_assert!(token.start >= last.0 && token.end >= last.1, "{token:?} after {last:?}");
            prop_assert!(!token.text.is_empty());
            last = (token.start, token.end);
        }
    }

    #[test]
    fn case_and_spacing_change_no_id(words in proptest::collection::vec("[a-z]{1,12}", 0..8)) {
        let ids = |text: &str| encoder().tokens(text).iter().map(|t| t.id).collect::<Vec<_>>();
        prop_assert_eq!(ids(&words.join(" ")), ids(&words.join(" \t\n ").to_uppercase()));
    }
}

/// Any characters, and texts made of the pieces that tokenizers trip over.
fn any_text() -> impl Strategy<Value = String> {
    let traps = "(a|é|e\u{301}|\u{301}|\u{200b}|\u{ad}|\u{fffd}|\u{0}|日|한|İ|ß|ﬁ|½|\\[CLS\\]|##|'|—|🙂|👩‍💻| |\u{3000}|\n|[a-z]{95,105}){0,12}";
    prop_oneof![
        "\\PC{0,60}",
        traps,
        proptest::collection::vec(any::<char>(), 0..40).prop_map(String::from_iter)
    ]
}
