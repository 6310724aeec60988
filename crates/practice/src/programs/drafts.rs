//! Unsent programs.

use domain::{ItemId, Language, MAX_PROGRAM_BYTES, ProgramFile, TESTS_FILE};
use store::ProgramDraft;

use crate::submit::check_elapsed;
use crate::{Error, Practice};

/// An unsent program to keep.
#[derive(Debug, Clone)]
pub struct NewProgramDraft {
    /// The item.
    pub item: ItemId,
    /// The language.
    pub lang: Language,
    /// The program and the tests; either may be empty or absent.
    pub files: Vec<ProgramFile>,
    /// Time spent on it so far, in milliseconds.
    pub elapsed_ms: Option<i64>,
}

impl Practice {
    /// The unsent program of an item in a language.
    ///
    /// # Errors
    /// There is none, or the store fails.
    pub async fn program_draft(&self, item: &ItemId, lang: Language) -> Result<ProgramDraft, Error> {
        let draft = self.store()?.program_draft(item, lang).await?;
        draft.ok_or_else(|| Error::DraftNotFound { item: item.clone() })
    }

    /// Keeps the unsent program of an item in a language.
    ///
    /// # Errors
    /// The item is unknown or takes no program, a file breaks a limit, or the store fails.
    pub async fn put_program_draft(&self, new: NewProgramDraft, now_us: i64) -> Result<ProgramDraft, Error> {
        if self.find_item(&new.item)?.code().is_none() {
            return Err(Error::Field {
                field: "item",
                rule: format!("must take a program: `{}` asks for an answer", new.item),
            });
        }
        check_elapsed(new.elapsed_ms)?;
        check(new.lang, &new.files)?;
        let draft = ProgramDraft {
            item: new.item,
            lang: new.lang,
            files: new.files,
            elapsed_ms: new.elapsed_ms,
            updated_at_us: now_us,
        };
        self.store()?.put_program_draft(&draft).await?;
        Ok(draft)
    }

    /// Deletes the unsent program of an item in a language; it may have none.
    ///
    /// # Errors
    /// The store fails.
    pub async fn delete_program_draft(&self, item: &ItemId, lang: Language) -> Result<(), Error> {
        self.store()?.delete_program_draft(item, Some(lang)).await?;
        Ok(())
    }
}

/// As for a submission, but nothing need be there yet.
pub(crate) fn check(lang: Language, files: &[ProgramFile]) -> Result<(), Error> {
    let broken = |rule: String| Err(Error::Field { field: "files", rule });
    for (at, file) in files.iter().enumerate() {
        if file.path != lang.file() && file.path != TESTS_FILE {
            return broken(format!("are `{}` and `{TESTS_FILE}`", lang.file()));
        }
        if files[..at].iter().any(|other| other.path == file.path) {
            return broken(format!("name `{}` twice", file.path));
        }
        if file.text.len() > MAX_PROGRAM_BYTES || file.text.contains('\0') {
            return broken(format!(
                "have at most {MAX_PROGRAM_BYTES} bytes each, and no NUL character"
            ));
        }
    }
    Ok(())
}
