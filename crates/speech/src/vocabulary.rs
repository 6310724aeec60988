//! The model's vocabulary: from tokens back to text, and the tokens that are no text.
//!
//! A byte-level vocabulary (Radford et al. 2019): each token is a run of bytes, written with one printable
//! character for each byte, so that one line of a text file holds it.

/// Entries of the vocabulary that all English-only Whisper models share.
const ENTRIES: usize = 51_864;
/// Milliseconds between two marks of time.
const MARK_MS: u32 = 20;

/// Ends the text of a window.
pub(crate) const END: u32 = 50_256;
/// Starts the text of a window.
pub(crate) const START: u32 = 50_257;
/// Says that nobody speaks.
pub(crate) const NO_SPEECH: u32 = 50_361;
/// Says that no marks of time follow.
pub(crate) const NO_MARKS: u32 = 50_362;
/// The mark of time 0; the later ones follow in steps of 20 ms.
pub(crate) const FIRST_MARK: u32 = 50_363;

/// Tokens and the bytes they stand for.
pub(crate) struct Vocabulary {
    bytes: Vec<u8>,
    /// Where each text token ends in `bytes`; it starts where the one before ends.
    ends: Vec<usize>,
}

impl Vocabulary {
    /// Reads a vocabulary of one token a line; the error says what does not fit.
    pub(crate) fn new(text: &str) -> Result<Vocabulary, String> {
        let lines: Vec<&str> = text.lines().collect();
        if lines.len() != ENTRIES {
            return Err(format!("it has {} entries, not {ENTRIES}", lines.len()));
        }
        let names = [
            (END, "<|endoftext|>"),
            (START, "<|startoftranscript|>"),
            (NO_MARKS, "<|notimestamps|>"),
            (FIRST_MARK, "<|0.00|>"),
        ];
        for (token, name) in names {
            let found = lines[token as usize];
            if found != name {
                return Err(format!("entry {token} is `{found:.40}`, not `{name}`"));
            }
        }
        let mut bytes = Vec::new();
        let mut ends = Vec::with_capacity(END as usize);
        for (token, line) in lines[..END as usize].iter().enumerate() {
            for char in line.chars() {
                bytes.push(
                    byte(char).ok_or_else(|| format!("entry {token} has a character that is no byte"))?,
                );
            }
            ends.push(bytes.len());
        }
        Ok(Vocabulary { bytes, ends })
    }

    /// The text that tokens stand for; marks and other tokens without text are passed over, and bytes that
    /// are no UTF-8 become U+FFFD.
    pub(crate) fn text(&self, tokens: &[u32]) -> String {
        let bytes: Vec<u8> = tokens
            .iter()
            .filter_map(|token| usize::try_from(*token).ok())
            .filter_map(|token| {
                let end = *self.ends.get(token)?;
                let start = token.checked_sub(1).map_or(0, |before| self.ends[before]);
                Some(&self.bytes[start..end])
            })
            .flatten()
            .copied()
            .collect();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

/// Whether a token stands for text.
pub(crate) fn is_text(token: u32) -> bool {
    token < END
}

/// The time in milliseconds that a mark stands for, from the start of its window.
pub(crate) fn mark_ms(token: u32) -> Option<u32> {
    token.checked_sub(FIRST_MARK).map(|steps| steps * MARK_MS)
}

/// The byte that a character of the vocabulary stands for: printable Latin-1 for itself, and the 68 other
/// bytes, in order, for the characters from U+0100 on.
fn byte(char: char) -> Option<u8> {
    let printable = |c: u32| matches!(c, 0x21..=0x7E | 0xA1..=0xAC | 0xAE..=0xFF);
    let code = u32::from(char);
    if printable(code) {
        return u8::try_from(code).ok();
    }
    let place = usize::try_from(code.checked_sub(0x100)?).ok()?;
    let other = (0..=0xFF).filter(|c| !printable(*c)).nth(place)?;
    u8::try_from(other).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_has_one_character() {
        let mut found: Vec<u8> = (0..0x200).filter_map(char::from_u32).filter_map(byte).collect();
        found.sort_unstable();
        assert_eq!(found, (0..=255).collect::<Vec<u8>>());
        assert_eq!(
            (byte('Ġ'), byte('Ċ'), byte('a')),
            (Some(b' '), Some(b'\n'), Some(b'a'))
        );
        assert_eq!((byte(' '), byte('日')), (None, None));
    }

    #[test]
    fn a_foreign_list_is_refused() {
        assert_eq!(
            Vocabulary::new("a\nb").err().unwrap(),
            "it has 2 entries, not 51864"
        );
        let wrong = "a\n".repeat(ENTRIES);
        assert!(Vocabulary::new(&wrong).err().unwrap().contains("<|endoftext|>"));
    }

    #[test]
    fn marks_count_in_steps() {
        assert_eq!(mark_ms(FIRST_MARK), Some(0));
        assert_eq!(mark_ms(FIRST_MARK + 1500), Some(30_000));
        assert_eq!(mark_ms(NO_MARKS), None);
    }
}
