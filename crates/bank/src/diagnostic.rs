//! Where something is wrong in a pack, what it is, and how to mend it.

use std::fmt;

/// A file of a pack, read by the shell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Relative to the root of the pack, with `/`.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// One finding of the parser or the linter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Diagnostic {
    /// The file, relative to the root of the pack.
    pub path: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What is wrong, naming the field and the value.
    pub message: String,
    /// How to mend it.
    pub cure: String,
}

impl Diagnostic {
    /// A finding at a byte offset of `text`, the text of the file at `path`.
    pub fn at(
        path: &str,
        text: &str,
        offset: usize,
        message: impl Into<String>,
        cure: impl Into<String>,
    ) -> Self {
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let before = &text[..offset];
        let line_start = before.rfind('\n').map_or(0, |i| i + 1);
        Self {
            path: path.to_owned(),
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            message: message.into(),
            cure: cure.into(),
        }
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.path, self.line, self.column, self.message)?;
        if !self.cure.is_empty() {
            write!(f, "\n  hint: {}", self.cure)?;
        }
        Ok(())
    }
}
