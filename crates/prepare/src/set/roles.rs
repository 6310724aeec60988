//! What a level's loop spends its time on, and what a role is asked whatever the posting says.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Competency, Item, Kind, Level};
use serde::Deserialize;

use super::terms::FileError;

/// What a part of a loop is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// How data, concurrency and failure work.
    Fundamentals,
    /// Writing programs that can be trusted.
    Coding,
    /// Putting a system together.
    Design,
    /// Running it.
    Operations,
    /// What the candidate did, decided and answers for.
    Ownership,
    /// Work with people in other places.
    Remote,
}

/// How a level is interviewed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LevelProfile {
    /// Percent of the questions by theme; themes that are not named get none of their own.
    pub shares: BTreeMap<Theme, i32>,
    /// Themes whose questions weigh one more.
    pub decisive: BTreeSet<Theme>,
    /// Minutes of questioning after an answer.
    pub questioning: u32,
}

/// What a role is asked.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// A slug.
    pub id: String,
    /// As people call it.
    pub title: String,
    /// What the packs have for it, honestly.
    pub note: String,
    /// Terms that it is asked about whatever the posting says.
    #[serde(default)]
    pub terms: Vec<String>,
    /// Factors of competencies; 1 unless named.
    #[serde(default)]
    pub favours: BTreeMap<Competency, f64>,
    /// Added to the shares of the level, in percent.
    #[serde(default)]
    pub shares: BTreeMap<Theme, i32>,
    /// Items that its loops ask at a level, most usual first.
    #[serde(default)]
    pub core: BTreeMap<Level, Vec<String>>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Themes {
    design: BTreeSet<String>,
    apart: BTreeSet<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Alike {
    items: BTreeSet<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    themes: Themes,
    level: BTreeMap<Level, LevelProfile>,
    alike: Vec<Alike>,
    role: Vec<Role>,
}

/// The profiles of all roles and levels.
#[derive(Debug, Clone, Default)]
pub struct Roles(File);

/// Topics in percent of all that two items have, from which on they count as alike.
const ALIKE_TOPICS: usize = 50;

impl Roles {
    /// Reads a file of roles over those of `base`.
    ///
    /// # Errors
    /// The file is not TOML of this form, or a number in it is out of bounds.
    pub fn parse(text: &str, base: &Self) -> Result<Self, FileError> {
        let file: File = toml::from_str(text).map_err(|error| FileError::of_toml(&error))?;
        for role in &file.role {
            let slug = role.id.parse::<domain::ItemId>().is_ok();
            let fair = role.favours.values().all(|factor| (0.1..=10.0).contains(factor));
            if !slug || !fair || role.title.trim().is_empty() {
                let message = format!(
                    "the role `{}` must have a slug, a title, and factors of 0.1 to 10",
                    role.id
                );
                let at = text.find(&format!("\"{}\"", role.id)).unwrap_or(0);
                return Err(FileError { at, message });
            }
        }
        let mut all = base.0.clone();
        all.themes.design.extend(file.themes.design);
        all.themes.apart.extend(file.themes.apart);
        all.level.extend(file.level);
        all.alike.extend(file.alike);
        for role in file.role {
            match all.role.iter_mut().find(|own| own.id == role.id) {
                Some(own) => *own = role,
                None => all.role.push(role),
            }
        }
        Ok(Self(all))
    }

    /// All roles, in the order of their files.
    pub fn all(&self) -> &[Role] {
        &self.0.role
    }

    /// The role of that id.
    pub fn role(&self, id: &str) -> Option<&Role> {
        self.all().iter().find(|role| role.id == id)
    }

    /// How a level is interviewed.
    pub fn level(&self, level: Level) -> LevelProfile {
        let none = LevelProfile {
            shares: BTreeMap::new(),
            decisive: BTreeSet::new(),
            questioning: 0,
        };
        self.0.level.get(&level).cloned().unwrap_or(none)
    }

    /// The theme of an item; `None` for one that no set takes.
    pub fn theme(&self, item: &Item) -> Option<Theme> {
        let Themes { design, apart } = &self.0.themes;
        let of = |topics: &BTreeSet<String>| item.topics.iter().any(|topic| topics.contains(topic));
        if of(apart) {
            return None;
        }
        let owns = item.kind == Kind::Behavioural || item.competency == Competency::CommunicationOwnership;
        Some(match item.competency {
            _ if item.kind == Kind::Remote => Theme::Remote,
            _ if owns => Theme::Ownership,
            _ if of(design) => Theme::Design,
            Competency::Operations => Theme::Operations,
            Competency::Coding => Theme::Coding,
            _ => Theme::Fundamentals,
        })
    }

    /// Whether one answer would serve both items: they are said to be alike, or share most of their topics.
    pub fn alike(&self, a: &Item, b: &Item) -> bool {
        let said = |alike: &Alike| alike.items.contains(a.id.as_str()) && alike.items.contains(b.id.as_str());
        let shared = a.topics.iter().filter(|topic| b.topics.contains(topic)).count();
        let all = a.topics.len() + b.topics.len() - shared;
        self.0.alike.iter().any(said) || (all > 0 && shared * 100 >= all * ALIKE_TOPICS)
    }

    /// Ids of all items that the profiles name.
    pub(crate) fn named(&self) -> impl Iterator<Item = &str> {
        let core = self.all().iter().flat_map(|role| role.core.values().flatten());
        let alike = self.0.alike.iter().flat_map(|alike| &alike.items);
        core.chain(alike).map(String::as_str)
    }
}
