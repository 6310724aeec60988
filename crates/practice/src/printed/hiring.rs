//! The hiring scorecard of a loop as a document: the recommendation with its reasons, each stage, each competency
//! with its evidence, the mistakes with their moment, and what would move it one step.

use domain::{DocumentId, Status};
use interview::{
    CompetencyResult, LoopEvidence, LoopScorecard, Moment, Need, Recommendation, StageResult, Step, Within,
};
use paper::text::{Block, Column, Table, bold, inline, italic, plain};
use paper::{Booklet, Sheet};

use super::words::{day, status, whole, written};
use super::{Format, Printed};
use crate::{Error, LoopView, Practice};

impl Practice {
    /// The hiring scorecard of a loop as a file.
    ///
    /// # Errors
    /// There is no such loop, the machine is busy, or the store fails.
    pub async fn print_loop(&self, id: &DocumentId, format: Format, sheet: Sheet) -> Result<Printed, Error> {
        let (view, card) = self.loop_scorecard(id).await?;
        let made = day(view.created_at_us);
        let stem = format!("hiring-scorecard-{}-{made}", view.head.preset);
        self.printed(booklet(&view, &card), format, sheet, made, &stem)
            .await
    }
}

fn booklet(view: &LoopView, card: &LoopScorecard) -> Booklet {
    let mut facts = vec![written(day(view.created_at_us)), view.head.level.to_string()];
    if !view.head.role.is_empty() {
        facts.push(view.head.role.clone());
    }
    let mut blocks = Vec::new();
    recommendation(&mut blocks, card);
    if let Some(step) = &card.step {
        step_up(&mut blocks, step);
    }
    blocks.push(heading(1, "Stages"));
    blocks.push(Block::Table(stages(card)));
    for (stage, moments) in card.stages.iter().zip(&view.moments) {
        questions(&mut blocks, stage, moments);
    }
    blocks.push(heading(1, "Competencies"));
    for competency in &card.competencies {
        evidence(&mut blocks, competency);
    }
    let assessed: Vec<String> = card
        .delivery
        .iter()
        .filter_map(|(group, score)| {
            Some(format!(
                "{} {}",
                group.as_str().replace('_', " "),
                whole((*score)?)
            ))
        })
        .collect();
    if !assessed.is_empty() {
        blocks.push(heading(1, "Delivery"));
        blocks.push(Block::Paragraph(plain(format!(
            "Over all answers, beside the recommendation and not in it: {}.",
            assessed.join(", ")
        ))));
    }
    blocks.push(Block::Rule);
    for limit in &card.limits {
        blocks.push(Block::Remark(inline(limit)));
    }
    Booklet {
        sort: "Hiring scorecard".to_owned(),
        title: view.head.title.clone(),
        facts,
        blocks,
        foot: format!("Spar · {}", view.head.title),
    }
}

fn heading(level: u8, text: &str) -> Block {
    Block::Heading {
        level,
        text: plain(text),
    }
}

fn named(recommendation: Recommendation) -> &'static str {
    match recommendation {
        Recommendation::StrongNo => "Strong no",
        Recommendation::No => "No",
        Recommendation::Yes => "Yes",
        Recommendation::StrongYes => "Strong yes",
    }
}

fn recommendation(blocks: &mut Vec<Block>, card: &LoopScorecard) {
    let result = card
        .result
        .map_or(String::new(), |r| format!(", {} of 100", whole(r)));
    blocks.push(Block::Paragraph(match (card.recommendation, card.within) {
        (Some(said), within) => [bold(named(said)), plain(format!("{}{result}", place(within)))].concat(),
        (None, _) if card.ended => [bold("No recommendation"), plain(": too little was assessed")].concat(),
        (None, _) => [bold("No recommendation yet"), plain(": the loop goes on")].concat(),
    }));
    if !card.reasons.is_empty() {
        blocks.push(heading(1, "Why"));
        blocks.push(bullets(card.reasons.iter().map(|reason| inline(reason))));
    }
}

fn place(within: Option<Within>) -> String {
    within.map_or(String::new(), |within| {
        format!(" (in its {} third)", within.as_str())
    })
}

fn step_up(blocks: &mut Vec<Block>, step: &Step) {
    blocks.push(heading(1, &format!("What would make it “{}”", named(step.to))));
    let need = |need: &Need| match need {
        Need::Fact {
            question,
            title,
            tip,
            worth,
            ..
        } => vec![
            Block::Paragraph([plain(format!("{question}: ")), inline(title)].concat()),
            Block::Remark([inline(tip), plain(format!(" Worth {} of 100.", whole(*worth)))].concat()),
        ],
        Need::Question {
            question,
            change,
            at,
            worth,
            ..
        } => {
            let what = if *change { "The change of " } else { "" };
            let answered = format!("{what}{question}, answered to {} of 100", whole(*at));
            vec![
                Block::Paragraph(plain(answered)),
                Block::Remark(plain(format!("Worth {} of 100.", whole(*worth)))),
            ]
        }
    };
    blocks.push(Block::List {
        first: None,
        items: step.needs.iter().map(need).collect(),
    });
    if !step.smallest {
        blocks.push(Block::Remark(plain(
            "Not every combination was tried: there may be a smaller one.",
        )));
    }
}

fn bullets(items: impl Iterator<Item = Vec<paper::text::Span>>) -> Block {
    Block::List {
        first: None,
        items: items.map(|item| vec![Block::Paragraph(item)]).collect(),
    }
}

fn stages(card: &LoopScorecard) -> Table {
    let column = |title: &str, figures| Column {
        title: plain(title),
        figures,
    };
    let row = |stage: &StageResult| {
        let note = stage.not_assessed.as_deref().unwrap_or(stage.why);
        vec![
            plain(stage.title.as_str()),
            plain(stage.score.map_or("–".to_owned(), whole)),
            plain(format!("{} %", whole(stage.share))),
            plain(note),
        ]
    };
    Table {
        columns: vec![
            column("Stage", false),
            column("Score", true),
            column("Share", true),
            column("", false),
        ],
        rows: card.stages.iter().map(row).collect(),
    }
}

/// The questions of a stage, and its mistakes with their moment.
fn questions(blocks: &mut Vec<Block>, stage: &StageResult, moments: &[Moment]) {
    blocks.push(heading(2, &stage.title));
    let mut items: Vec<Vec<Block>> = Vec::new();
    for question in &stage.questions {
        let score = question.score.map_or("not assessed".to_owned(), whole);
        let changed = question
            .change_score
            .map_or(String::new(), |score| format!(", its change {}", whole(score)));
        let mut parts = vec![Block::Paragraph(plain(format!(
            "{}: {score}{changed}",
            question.title
        )))];
        if !question.note.is_empty() {
            parts.push(Block::Remark(inline(&question.note)));
        }
        items.push(parts);
    }
    for moment in moments {
        let at = super::words::clock(i64::try_from(moment.elapsed_ms).unwrap_or(i64::MAX));
        let what = moment.mistake.as_str().replace('_', " ");
        let mut parts = vec![Block::Paragraph([plain(format!("{at} ")), bold(what)].concat())];
        let mut why = inline(&moment.why);
        if let Some((_, _, words)) = &moment.span {
            let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
            why.extend(italic(format!(" “{words}”")));
        }
        parts.push(Block::Remark(why));
        items.push(parts);
    }
    if !items.is_empty() {
        blocks.push(Block::List { first: None, items });
    }
}

/// What was found of a competency, over all rounds.
fn evidence(blocks: &mut Vec<Block>, result: &CompetencyResult) {
    let name = capital(&result.competency.as_str().replace('-', " "));
    let score = result.score.map_or("not assessed".to_owned(), whole);
    blocks.push(heading(2, &format!("{name}: {score}")));
    let item = |evidence: &LoopEvidence| {
        let hand = if evidence.by_hand { ", by hand" } else { "" };
        let weight = if evidence.must { ", a must" } else { "" };
        let found = format!(" ({}{hand}{weight})", status(evidence.status));
        let mut parts = vec![Block::Paragraph([inline(&evidence.title), plain(found)].concat())];
        let said = match evidence.status {
            Status::Missed => String::new(),
            _ => quotes(evidence),
        };
        let from = format!("{}{said}", evidence.question);
        parts.push(Block::Remark(plain(from)));
        parts
    };
    if !result.evidence.is_empty() {
        blocks.push(Block::List {
            first: None,
            items: result.evidence.iter().map(item).collect(),
        });
    }
}

fn quotes(evidence: &LoopEvidence) -> String {
    let quote = |words: &str| format!(" “{}”", words.split_whitespace().collect::<Vec<_>>().join(" "));
    evidence.spans.iter().map(|span| quote(&span.text)).collect()
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string());
    first.unwrap_or_default() + chars.as_str()
}
