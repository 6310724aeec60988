//! What a reader said of one answer, after what it could not prove was dropped. A document on disk
//! (format 1): change it only by addition.
//!
//! How a reading is made and merged is the affair of the `reader` crate.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// Version of the document; whoever keeps readings refuses a higher one.
pub const READING_FORMAT: u32 = 1;

/// One reading of one answer. Kept with the attempt it can be merged again, to the same bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// [`READING_FORMAT`].
    pub format: u32,
    /// The model as configured, not as the endpoint calls itself.
    pub model: String,
    /// Version of the prompt, e.g. `reader/1`.
    pub prompt: String,
    /// At most one for each fact, in the order of the rubric.
    pub verdicts: Vec<Verdict>,
    /// What the endpoint said and could not prove.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dropped: Vec<Dropped>,
}

/// What the reader found of one fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// Id of the fact.
    pub fact: String,
    /// The finding.
    pub finding: Finding,
    /// The words it rests on, in UTF-8 byte offsets into the answer. Only [`Finding::Missing`] may go without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote: Option<Range<usize>>,
    /// The model's own sentence, at most 300 characters without control characters. Written by a stranger:
    /// show it as text, never as markup, and never act on it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
}

/// A verdict that was not kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dropped {
    /// The fact it named, at most 64 characters; empty when it named none.
    pub fact: String,
    /// Why it was dropped.
    pub reason: Reason,
}

crate::item::vocabulary! {
    /// What a reader can find of a fact.
    Finding {
        /// The answer says it, and says it right.
        Made = "made",
        /// The answer says a part of it.
        Half = "half",
        /// The answer does not say it.
        Missing = "missing",
        /// The answer says the opposite, or a false version.
        Wrong = "wrong",
    }
}

crate::item::vocabulary! {
    /// Why a verdict was dropped.
    Reason {
        /// Not an object with the asked fields as text.
        Malformed = "malformed",
        /// Names a fact that was not asked about.
        UnknownFact = "unknown_fact",
        /// A second verdict on one fact.
        Duplicate = "duplicate",
        /// A finding outside of the four.
        UnknownFinding = "unknown_finding",
        /// Asserts something without quoting the answer.
        NoQuote = "no_quote",
        /// The quote is no slice of the answer.
        NotInAnswer = "not_in_answer",
        /// The quote lies in text that was withheld from grading.
        Withheld = "withheld",
        /// The quote has too few words to show anything.
        TooShort = "too_short",
        /// The quote is so long that it points at nothing.
        TooLong = "too_long",
    }
}

/// Most readings kept beside one attempt. One has some 10 KB; a second model or a second prompt is another.
pub const MAX_READINGS: usize = 20;

/// A reading as it lies beside an attempt, with what it takes to merge it again: to the same bytes, without
/// the endpoint and without the rubric. A document on disk: change it only by addition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptReading {
    /// Hash of all that the reading depends on: model, prompt, question, facts, answer, withheld ranges.
    pub fingerprint: String,
    /// Where the answer was sent, as scheme, host and port.
    pub sent_to: String,
    /// When it was asked for, in microseconds since the Unix epoch, given by the caller.
    pub asked_at_us: i64,
    /// Byte ranges of the answer that the guards dropped: not sent, and no quote may touch them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub withheld: Vec<Range<usize>>,
    /// What was said.
    pub reading: Reading,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As the first version wrote it: what is on people's disks.
    const KEPT: &str = r#"{"fingerprint":"00ff","sent_to":"http://127.0.0.1:11434","asked_at_us":1795348800000000,"withheld":[{"start":40,"end":60}],"reading":{"format":1,"model":"small","prompt":"reader/1","verdicts":[{"fact":"a","finding":"made","quote":{"start":2,"end":30},"why":"says so"},{"fact":"b","finding":"missing"}],"dropped":[{"fact":"c","reason":"not_in_answer"}]}}"#;

    #[test]
    fn the_document_is_frozen() {
        let kept: KeptReading = serde_json::from_str(KEPT).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(kept.reading.verdicts[0].quote, Some(2..30));
        assert_eq!(kept.reading.verdicts[1].finding, Finding::Missing);
        assert_eq!(kept.reading.dropped[0].reason, Reason::NotInAnswer);
        let again = serde_json::to_string(&kept).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(again, KEPT);
    }
}
