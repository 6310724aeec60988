//! A document to be printed: what it says, apart from how it is set.

use crate::text::Block;

/// A document with a title, in English.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booklet {
    /// What sort of document it is, such as `Scorecard`.
    pub sort: String,
    /// What it is about.
    pub title: String,
    /// Short facts in one line below the title.
    pub facts: Vec<String>,
    /// What it says. Headings start at level 1 and skip no level.
    pub blocks: Vec<Block>,
    /// What stands at the foot of every page, beside its number.
    pub foot: String,
}

/// The size of the paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sheet {
    /// 210 by 297 mm.
    #[default]
    A4,
    /// 8.5 by 11 in.
    Letter,
}

impl Sheet {
    /// Every size.
    pub const ALL: &'static [Self] = &[Self::A4, Self::Letter];

    /// Its name, as in requests.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::A4 => "a4",
            Self::Letter => "letter",
        }
    }

    /// Width and height in points of 1/72 in.
    pub(crate) fn points(self) -> (f32, f32) {
        match self {
            Self::A4 => (595.28, 841.89),
            Self::Letter => (612.0, 792.0),
        }
    }
}

impl std::str::FromStr for Sheet {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = Self::ALL.iter().copied().find(|sheet| sheet.as_str() == text);
        known.ok_or_else(|| format!("`{text}` is not one of a4, letter"))
    }
}
