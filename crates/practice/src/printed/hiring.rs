//! The hiring scorecard of a loop as a document: the recommendation with its reasons, what would move it one step,
//! each stage, the mistakes with their moment, each competency with its evidence, and what all this does not say.

use domain::{DocumentId, Status};
use interview::{
    BARS, CompetencyResult, LoopEvidence, LoopScorecard, Mistake, Moment, Need, QuestionResult, RULE,
    Recommendation, Step, Within,
};
use paper::text::{Block, Column, Span, Table, bold, inline, italic, plain};
use paper::{Booklet, Sheet};

use super::words::{clock, competency, counted, day, heading, points, sentence, status, whole, written};
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
        step_up(&mut blocks, view, step);
    }
    blocks.push(heading(1, "Stages"));
    blocks.push(Block::Table(stages(card)));
    mistakes(&mut blocks, view);
    blocks.push(heading(1, "Competencies"));
    let (open, assessed): (Vec<_>, Vec<_>) = card.competencies.iter().partition(|c| c.score.is_none());
    for found in assessed {
        evidence(&mut blocks, view, found);
    }
    if !open.is_empty() {
        let names: Vec<&str> = open.iter().map(|c| competency(c.competency)).collect();
        let names = names.join(", ");
        blocks.push(Block::Paragraph(plain(format!(
            "Not assessed in this loop: {names}."
        ))));
    }
    delivery(&mut blocks, card);
    limits(&mut blocks, view, card);
    Booklet {
        sort: "Hiring scorecard".to_owned(),
        title: view.head.title.clone(),
        facts,
        blocks,
        foot: format!("Spar · {}", view.head.title),
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

/// What is recommended, from where each recommendation begins, and why it is this one.
fn recommendation(blocks: &mut Vec<Block>, card: &LoopScorecard) {
    let said = match card.recommendation {
        Some(said) => format!("Recommendation: {}", named(said).to_lowercase()),
        None if card.ended => "No recommendation".to_owned(),
        None => "No recommendation yet".to_owned(),
    };
    blocks.push(heading(1, &said));
    if let Some(result) = card.result {
        let place = place(card.within);
        blocks.push(Block::Paragraph(plain(format!(
            "On this loop{place}; weighted coverage {} of 100.",
            whole(result)
        ))));
        let bar = |(said, from): &(Recommendation, f64)| format!("{} from {}", named(*said), whole(*from));
        let bars: Vec<String> = BARS.iter().map(bar).collect();
        blocks.push(Block::Remark(plain(bars.join(" · "))));
    }
    if !card.reasons.is_empty() {
        blocks.push(bullets(card.reasons.iter().map(|reason| inline(reason))));
    }
}

fn place(within: Option<Within>) -> &'static str {
    match within {
        Some(Within::Lower) => ", in the lower third of it",
        Some(Within::Middle) => ", in the middle of it",
        Some(Within::Upper) => ", in the upper third of it",
        None => "",
    }
}

/// What would lift the recommendation one step, each thing with where and with what it is worth.
fn step_up(blocks: &mut Vec<Block>, view: &LoopView, step: &Step) {
    blocks.push(heading(1, &format!("What would make it “{}”", named(step.to))));
    let smallest = if step.smallest {
        "; no smaller set does"
    } else {
        "; not every smaller set was tried"
    };
    let count = counted(step.needs.len(), "point");
    blocks.push(Block::Remark(plain(format!(
        "{count}, with everything else as it is{smallest}."
    ))));
    blocks.push(Block::List {
        first: Some(1),
        items: step.needs.iter().map(|need| needed(view, need)).collect(),
    });
}

fn needed(view: &LoopView, need: &Need) -> Vec<Block> {
    let from = |stage: usize, question: &str, worth: f64| {
        let stage = stage_title(view, stage);
        let worth = points(domain::round2(worth));
        Block::Remark(plain(format!("{stage}, {question}; worth {worth} of 100.")))
    };
    match need {
        Need::Fact {
            stage,
            question,
            title,
            status: found,
            tip,
            worth,
            ..
        } => {
            let found = plain(format!(" ({})", status(*found)));
            let mut parts = vec![Block::Paragraph([inline(title), found].concat())];
            if !tip.is_empty() {
                parts.push(Block::Paragraph([italic("To say: "), inline(tip)].concat()));
            }
            parts.push(from(*stage, question, *worth));
            parts
        }
        Need::Question {
            stage,
            question,
            change,
            at,
            worth,
        } => {
            let what = if *change { "Answer the change" } else { "Answer" };
            let answered = format!("{what} solidly ({} of 100); it was left open.", whole(*at));
            vec![Block::Paragraph(plain(answered)), from(*stage, question, *worth)]
        }
    }
}

fn stage_title(view: &LoopView, stage: usize) -> &str {
    view.head.stages.get(stage).map_or("", |stage| &stage.title)
}

fn bullets(items: impl Iterator<Item = Vec<Span>>) -> Block {
    Block::List {
        first: None,
        items: items.map(|item| vec![Block::Paragraph(item)]).collect(),
    }
}

/// The stages, each with its questions below it.
fn stages(card: &LoopScorecard) -> Table {
    let column = |title: &str, figures| Column {
        title: plain(title),
        figures,
    };
    let mut rows = Vec::new();
    for stage in &card.stages {
        let decisive = if stage.decisive { " (decisive)" } else { "" };
        let why = stage.not_assessed.as_deref().unwrap_or(stage.why);
        let score = stage.score.map_or("not assessed".to_owned(), whole);
        rows.push(vec![
            [
                bold(stage.title.as_str()),
                plain(format!("{decisive}. ")),
                plain(why),
            ]
            .concat(),
            plain(
                stage
                    .score
                    .map_or(String::new(), |_| format!("{} %", whole(stage.share))),
            ),
            bold(score),
        ]);
        rows.extend(stage.questions.iter().map(question));
    }
    Table {
        columns: vec![
            column("Stage and questions", false),
            column("Share", true),
            column("Coverage", true),
        ],
        rows,
    }
}

fn question(question: &QuestionResult) -> Vec<Vec<Span>> {
    let mut said = plain(question.title.as_str());
    if let Some(score) = question.change_score {
        said.extend(plain(format!("; its change {}", whole(score))));
    }
    if !question.note.is_empty() {
        said.extend(plain(". "));
        said.extend(inline(&question.note));
    }
    let score = question.score.map_or("not assessed".to_owned(), whole);
    vec![said, Vec::new(), plain(score)]
}

/// The five common mistakes with their moments and the words in which they were made.
fn mistakes(blocks: &mut Vec<Block>, view: &LoopView) {
    blocks.push(heading(1, "Moments to look at"));
    let seen = view.head.stages.iter().zip(&view.moments);
    let items: Vec<Vec<Block>> = seen
        .flat_map(|(stage, moments)| moments.iter().map(|moment| marked(&stage.title, moment)))
        .collect();
    if items.is_empty() {
        let none = "None of the five common mistakes was seen.";
        blocks.push(Block::Paragraph(plain(none)));
        return;
    }
    let what = "The common mistakes that were seen, and when. They move no score.";
    blocks.push(Block::Remark(plain(what)));
    blocks.push(Block::List { first: None, items });
}

fn marked(stage: &str, moment: &Moment) -> Vec<Block> {
    let at = clock(i64::try_from(moment.elapsed_ms).unwrap_or(i64::MAX));
    let mut parts = vec![Block::Paragraph(
        [
            bold(mistake(moment.mistake)),
            plain(format!(" at {at} of {}", stage.to_lowercase())),
        ]
        .concat(),
    )];
    if let Some((_, _, words)) = &moment.span {
        parts.push(Block::Paragraph(quote(words)));
    }
    parts.push(Block::Remark(inline(&moment.why)));
    parts
}

fn mistake(mistake: Mistake) -> &'static str {
    match mistake {
        Mistake::SolutionBeforeRequirements => "Solution before requirements",
        Mistake::BlackBoxDatabase => "Database as a black box",
        Mistake::HappyPathOnly => "Happy path only",
        Mistake::OverEngineering => "Over-engineering",
        Mistake::GoingSilent => "Going silent",
    }
}

/// What was found of a competency over all rounds, question by question.
fn evidence(blocks: &mut Vec<Block>, view: &LoopView, result: &CompetencyResult) {
    let score = result.score.map_or("not assessed".to_owned(), whole);
    let name = competency(result.competency);
    blocks.push(heading(2, &format!("{name}: {score}")));
    let same = |a: &LoopEvidence, b: &LoopEvidence| (a.stage, &a.question) == (b.stage, &b.question);
    for of in result.evidence.chunk_by(same) {
        let Some(first) = of.first() else { continue };
        let stage = stage_title(view, first.stage);
        blocks.push(heading(3, &format!("{stage}: {}", first.question)));
        blocks.push(Block::List {
            first: None,
            items: of.iter().map(finding).collect(),
        });
    }
}

fn finding(evidence: &LoopEvidence) -> Vec<Block> {
    let hand = if evidence.by_hand { ", by hand" } else { "" };
    let weight = if evidence.must { ", a must" } else { "" };
    let found = format!(" ({}{hand}{weight})", status(evidence.status));
    let mut parts = vec![Block::Paragraph([inline(&evidence.title), plain(found)].concat())];
    if evidence.status != Status::Missed && !evidence.spans.is_empty() {
        let spans = evidence.spans.iter();
        let quotes: Vec<Vec<Span>> = spans.map(|span| quote(&span.text)).collect();
        parts.push(Block::Remark(quotes.join(&plain(" ")[0])));
    }
    parts
}

/// The candidate's own words, in one line.
fn quote(words: &str) -> Vec<Span> {
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    italic(format!("“{words}”"))
}

fn delivery(blocks: &mut Vec<Block>, card: &LoopScorecard) {
    let assessed = card.delivery.iter().filter_map(|(group, score)| {
        let name = sentence(group.as_str()).to_lowercase();
        Some(format!("{name} {}", whole((*score)?)))
    });
    let assessed: Vec<String> = assessed.collect();
    if assessed.is_empty() {
        return;
    }
    blocks.push(heading(1, "Delivery"));
    let scores = sentence(&assessed.join(", "));
    blocks.push(Block::Paragraph(plain(format!("{scores}."))));
    let beside = "Means over all answers. They move the place within a step, never the step.";
    blocks.push(Block::Remark(plain(beside)));
}

/// What the scorecard does not say, and by which rule it was made.
fn limits(blocks: &mut Vec<Block>, view: &LoopView, card: &LoopScorecard) {
    blocks.push(heading(1, "What this does not say"));
    blocks.push(bullets(card.limits.iter().map(|limit| inline(limit))));
    blocks.push(Block::Rule);
    let rule = format!(
        "Rule {RULE}. The same attempts give the same scorecard; an override or a later reply counts. Loop {}, \
         seed {}.",
        view.id, view.head.seed
    );
    blocks.push(Block::Remark(plain(rule)));
}
