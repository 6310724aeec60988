//! Stories, their checks, tellings and the coverage map.

use domain::Story;
use practice::{BEST_FOR_MOST, Cell, CoverageMap, CoverageRow, Held, RECENT_MOST, Rehearsed, StoryFinding};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::instant;
use super::words::{Band, Competency, StoryPart};

/// A STAR record.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StoryFields {
    /// What the candidate calls it.
    #[schema(max_length = 200)]
    pub title: String,
    /// Where it happened and what was wrong.
    #[schema(max_length = 4_000)]
    pub situation: String,
    /// What the candidate had to do.
    #[schema(max_length = 4_000)]
    pub task: String,
    /// What they did themselves.
    #[schema(max_length = 4_000)]
    pub action: String,
    /// What came of it.
    #[schema(max_length = 4_000)]
    pub result: String,
    /// What they would do again, or otherwise.
    #[schema(max_length = 4_000)]
    pub lesson: String,
    /// When it was, in their own words.
    #[schema(max_length = 200)]
    pub when: String,
    /// Who they were in it.
    #[schema(max_length = 200)]
    pub role: String,
    /// What it shows, each once.
    #[schema(max_items = 7)]
    pub competencies: Vec<Competency>,
    /// Their own words to find it by, each at most 200 characters.
    #[schema(max_items = 20)]
    pub tags: Vec<String>,
    /// Facts and figures to have at hand, each at most 200 characters.
    #[schema(max_items = 20)]
    pub figures: Vec<String>,
    /// Names to hide whenever the story leaves, each at most 200 characters.
    #[schema(max_items = 20)]
    pub names: Vec<String>,
}

/// A story as it is kept.
#[derive(Debug, Serialize, ToSchema)]
pub struct StoryBody {
    /// Its id.
    pub id: String,
    /// To be sent back when it is put.
    pub version: i64,
    /// When it was made.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// When it was last written.
    #[schema(format = DateTime)]
    pub updated_at: String,
    /// What it says.
    pub story: StoryFields,
    /// Words as it is told, lesson included.
    pub words: usize,
}

/// A page of stories.
#[derive(Debug, Serialize, ToSchema)]
pub struct StoryList {
    /// The stories, newest first.
    pub data: Vec<StoryBody>,
    /// The cursor of the next page; null at the end.
    #[schema(required)]
    pub next: Option<String>,
}

/// A story to write in place of the version that was seen.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutStory {
    /// The story's `version`.
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    pub version: i64,
    /// What it says.
    pub story: StoryFields,
}

/// What is to be looked at in a story.
#[derive(Debug, Serialize, ToSchema)]
pub struct StoryCheckBody {
    /// The findings, in the order of the parts.
    pub findings: Vec<StoryFindingBody>,
}

/// One finding.
#[derive(Debug, Serialize, ToSchema)]
pub struct StoryFindingBody {
    /// The part.
    pub part: StoryPart,
    /// Which rule.
    pub rule: &'static str,
    /// What was found, and what to do.
    pub why: String,
    /// The words in question, in UTF-8 byte offsets of the part.
    pub spans: Vec<WordsBody>,
}

/// A slice of a text.
#[derive(Debug, Serialize, ToSchema)]
pub struct WordsBody {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// A telling to set beside the story. The words are not kept.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRehearsal {
    /// What was told, at most 65,536 bytes.
    #[schema(max_length = 65_536)]
    pub text: String,
    /// The time set, in milliseconds.
    #[schema(minimum = 0, maximum = 3_600_000)]
    pub limit_ms: u32,
    /// The time taken, in milliseconds.
    #[schema(minimum = 0, maximum = 3_600_000)]
    pub elapsed_ms: u32,
    /// The attempt that it was handed in as.
    #[schema(nullable = false, max_length = 26)]
    pub attempt: Option<String>,
}

/// A telling beside the record.
#[derive(Debug, Serialize, ToSchema)]
pub struct RehearsalBody {
    /// Every sentence of the record, in order.
    pub sentences: Vec<ToldSentenceBody>,
    /// Words told, fillers included.
    pub words: usize,
    /// Words a minute; null when no time was taken.
    #[schema(required)]
    pub words_a_minute: Option<f64>,
    /// Fillers such as "um" and "you know".
    pub fillers: usize,
    /// Words spent on each part.
    pub split: Vec<PartShare>,
}

/// A sentence of the record.
#[derive(Debug, Serialize, ToSchema)]
pub struct ToldSentenceBody {
    /// Its part.
    pub part: StoryPart,
    /// Its words.
    pub text: String,
    /// Whether it was told.
    pub told: bool,
}

/// What a part took of a telling.
#[derive(Debug, Serialize, ToSchema)]
pub struct PartShare {
    /// The part.
    pub part: StoryPart,
    /// Words spent on it.
    pub words: usize,
}

/// Which story answers which question.
#[derive(Debug, Serialize, ToSchema)]
pub struct CoverageBody {
    /// The stories that are mapped, newest first; at most 20.
    pub stories: Vec<MappedStoryBody>,
    /// The questions that ask for something the candidate did.
    pub questions: Vec<CoverageRowBody>,
    /// Stories beyond the 20, left out.
    pub left_out: usize,
}

/// A story of the map.
#[derive(Debug, Serialize, ToSchema)]
pub struct MappedStoryBody {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Questions that it answers best.
    pub best_for: usize,
    /// How many of the latest 20 attempts it was handed in as.
    pub recent: usize,
    /// Best for more than three questions, or handed in more than three times of late.
    pub overused: bool,
}

/// A question against all stories.
#[derive(Debug, Serialize, ToSchema)]
pub struct CoverageRowBody {
    /// The question.
    pub item: String,
    /// Its title.
    pub title: String,
    /// One cell a story; null while they are not graded: ask for the row then.
    #[schema(required)]
    pub cells: Option<Vec<CoverageCell>>,
    /// Index of the story that answers it best; null when none does.
    #[schema(required)]
    pub best: Option<usize>,
}

/// A story against a question.
#[derive(Debug, Serialize, ToSchema)]
pub struct CoverageCell {
    /// Coverage, 0 to 100.
    pub coverage: f64,
    /// Its word.
    pub band: Band,
    /// What the question asks for and the story leaves out or gets wrong.
    pub missing: Vec<String>,
}

impl From<&Story> for StoryFields {
    fn from(story: &Story) -> Self {
        Self {
            title: story.title.clone(),
            situation: story.situation.clone(),
            task: story.task.clone(),
            action: story.action.clone(),
            result: story.result.clone(),
            lesson: story.lesson.clone(),
            when: story.when.clone(),
            role: story.role.clone(),
            competencies: story.competencies.iter().copied().map(Competency).collect(),
            tags: story.tags.clone(),
            figures: story.figures.clone(),
            names: story.names.clone(),
        }
    }
}

impl From<StoryFields> for Story {
    fn from(fields: StoryFields) -> Self {
        Self {
            title: fields.title,
            situation: fields.situation,
            task: fields.task,
            action: fields.action,
            result: fields.result,
            lesson: fields.lesson,
            when: fields.when,
            role: fields.role,
            competencies: fields.competencies.into_iter().map(|c| c.0).collect(),
            tags: fields.tags,
            figures: fields.figures,
            names: fields.names,
        }
    }
}

impl From<&Held<Story>> for StoryBody {
    fn from(held: &Held<Story>) -> Self {
        Self {
            id: held.id.to_string(),
            version: held.version,
            created_at: instant(held.created_at_us),
            updated_at: instant(held.updated_at_us),
            story: (&held.body).into(),
            words: held.body.told().split_whitespace().count(),
        }
    }
}

impl From<&StoryFinding> for StoryFindingBody {
    fn from(finding: &StoryFinding) -> Self {
        let span = |span: &std::ops::Range<usize>| WordsBody {
            start: span.start,
            end: span.end,
        };
        Self {
            part: finding.part.into(),
            rule: finding.rule,
            why: finding.why.clone(),
            spans: finding.spans.iter().map(span).collect(),
        }
    }
}

impl RehearsalBody {
    /// What was found, with the pace.
    pub(crate) fn new(found: &Rehearsed, elapsed_ms: u32) -> Self {
        let sentence = |s: &practice::ToldSentence| ToldSentenceBody {
            part: s.part.into(),
            text: s.text.clone(),
            told: s.told,
        };
        let shares = domain::StoryPart::ALL.iter().zip(&found.split);
        let minutes = f64::from(elapsed_ms) / 60_000.0;
        Self {
            sentences: found.sentences.iter().map(sentence).collect(),
            words: found.words,
            words_a_minute: (elapsed_ms > 0).then(|| (found.words as f64 / minutes).round()),
            fillers: found.fillers.len(),
            split: shares
                .map(|(part, words)| PartShare {
                    part: (*part).into(),
                    words: *words,
                })
                .collect(),
        }
    }
}

impl From<&Cell> for CoverageCell {
    fn from(cell: &Cell) -> Self {
        Self {
            coverage: cell.coverage,
            band: domain::Band::of(cell.coverage).into(),
            missing: cell.missing().map(str::to_owned).collect(),
        }
    }
}

impl From<&CoverageRow> for CoverageRowBody {
    fn from(row: &CoverageRow) -> Self {
        Self {
            item: row.item.to_string(),
            title: row.title.clone(),
            cells: row
                .cells
                .as_ref()
                .map(|cells| cells.iter().map(CoverageCell::from).collect()),
            best: row.best,
        }
    }
}

impl From<&CoverageMap> for CoverageBody {
    fn from(map: &CoverageMap) -> Self {
        let story = |story: &practice::MappedStory| MappedStoryBody {
            id: story.id.to_string(),
            title: story.title.clone(),
            best_for: story.best_for,
            recent: story.recent,
            overused: story.best_for > BEST_FOR_MOST || story.recent > RECENT_MOST,
        };
        Self {
            stories: map.stories.iter().map(story).collect(),
            questions: map.rows.iter().map(CoverageRowBody::from).collect(),
            left_out: map.left_out,
        }
    }
}
