//! What leaves to be printed or opened elsewhere: files with their names, made by `paper` from what is kept.

mod attempt;
mod cards;
mod hiring;
mod plan;
mod set;
mod story;
mod words;

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use paper::{Booklet, Sheet};

use crate::graders::chain;
use crate::{Error, Practice};

/// How a document is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Pages, tagged and with bookmarks.
    Pdf,
    /// Text with its structure.
    Markdown,
}

/// A file for elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// A file name of lower-case letters, digits and hyphens, with its extension.
    pub name: String,
    /// Its media type.
    pub media_type: &'static str,
    /// What it holds.
    pub bytes: Vec<u8>,
}

impl Format {
    /// Every format.
    pub const ALL: &'static [Self] = &[Self::Pdf, Self::Markdown];

    /// As it stands in requests and commands.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Markdown => "markdown",
        }
    }

    /// The media type of its files.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Markdown => "text/markdown; charset=utf-8",
        }
    }

    /// The end of the names of its files.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Markdown => "md",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = Self::ALL.iter().copied().find(|format| format.as_str() == text);
        known.ok_or_else(|| format!("`{text}` is not one of pdf, markdown"))
    }
}

impl Practice {
    /// A booklet as a file. `made` is the day of what it tells of, so that the same thing printed twice is the
    /// same file.
    pub(crate) async fn printed(
        &self,
        booklet: Booklet,
        format: Format,
        sheet: Sheet,
        made: Date,
        stem: &str,
    ) -> Result<Printed, Error> {
        let bytes = match format {
            Format::Markdown => booklet.to_markdown().into_bytes(),
            Format::Pdf => {
                let set = self.0.slots.run(move || booklet.to_pdf(sheet, made));
                set.await?.map_err(|error| {
                    tracing::error!(error = chain(&error), "a document cannot be printed");
                    Error::Stopped
                })?
            }
        };
        Ok(Printed {
            name: format!("spar-{}.{}", slug(stem), format.extension()),
            media_type: format.media_type(),
            bytes,
        })
    }
}

/// A text as a part of a file name that no system minds: at most 80 characters.
fn slug(text: &str) -> String {
    let kept = |c: char| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            '-'
        }
    };
    let dashed: String = text.chars().map(kept).collect();
    let parts: Vec<&str> = dashed.split('-').filter(|part| !part.is_empty()).collect();
    let short: String = parts.join("-").chars().take(80).collect();
    short.trim_end_matches('-').to_owned()
}
