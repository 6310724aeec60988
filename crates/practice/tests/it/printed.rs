//! What a loop, a story and a plan say on paper: their Markdown is read back and held against what they were
//! made from. How the pages look to other readers is `crates/paper/tests/readers/check.py`.

use domain::{Level, Plan, Preset, SpokenTo, Story};
use jiff::civil::date;
use paper::text::{Block, characters, inline, markdown};
use practice::{Format, LoopScorecard, LoopView, Need, NewLoopEvent, Practice, Printed, Sheet};
use serde_json::json;

use crate::NOON_US;
use crate::loops::{Candidate, begun, open, play};

/// The words of every heading, paragraph and cell, in order.
fn said(printed: &Printed) -> Vec<String> {
    fn gather(blocks: &[Block], out: &mut Vec<String>) {
        for block in blocks {
            match block {
                Block::Heading { level, text } => {
                    out.push(format!("{} {}", "#".repeat((*level).into()), characters(text)));
                }
                Block::Paragraph(text) | Block::Remark(text) => out.push(characters(text)),
                Block::List { items, .. } => items.iter().for_each(|item| gather(item, out)),
                Block::Quote(inner) => gather(inner, out),
                Block::Table(table) => {
                    let cells = table.rows.iter().map(|row| row.iter().map(|c| characters(c)));
                    out.extend(cells.map(|row| row.collect::<Vec<_>>().join(" | ")));
                }
                Block::Code(_) | Block::Rule | Block::PageBreak => {}
            }
        }
    }
    let mut out = Vec::new();
    let text = std::str::from_utf8(&printed.bytes).unwrap();
    gather(&markdown(text, 1), &mut out);
    out
}

/// Where a text stands that contains these words.
fn at(said: &[String], words: &str) -> usize {
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let words = one_line(words);
    let found = said.iter().position(|text| one_line(text).contains(&words));
    found.unwrap_or_else(|| panic!("`{words}` in {said:#?}"))
}

/// Tagged as PDF/UA-1 asks, or it would not have been written; the same file each time.
fn assert_pdf(first: &Printed, again: &Printed) {
    assert_eq!(first, again);
    assert!(first.name.ends_with(".pdf") && first.media_type == "application/pdf");
    let text = String::from_utf8_lossy(&first.bytes);
    assert!(text.starts_with("%PDF-1.7") && text.contains("pdfuaid:part"));
}

/// That everything the scorecard rests on is said, in its order.
fn assert_said(said: &[String], view: &LoopView, card: &LoopScorecard) {
    let mut order = vec![at(said, "## Recommendation: ")];
    order.extend(card.reasons.iter().map(|reason| at(said, reason)));
    let step = card.step.as_ref().unwrap();
    order.push(at(said, "## What would make it"));
    for need in &step.needs {
        match need {
            Need::Fact { title, question, .. } => {
                at(&said[order[order.len() - 1]..], &characters(&inline(title)));
                at(said, question);
            }
            Need::Question { question, .. } => {
                at(said, &format!("{question}; worth"));
            }
        }
    }
    order.push(at(said, "## Stages"));
    for stage in &card.stages {
        let row = &said[order[order.len() - 1] + 1..];
        assert!(row.iter().any(|row| row.starts_with(&stage.title)), "{row:#?}");
    }
    order.push(at(said, "## Moments to look at"));
    for (stage, moments) in view.head.stages.iter().zip(&view.moments) {
        for moment in moments {
            let seconds = moment.elapsed_ms / 1000;
            let when = format!(
                "{}:{:02} of {}",
                seconds / 60,
                seconds % 60,
                stage.title.to_lowercase()
            );
            at(said, &when);
            at(said, &characters(&inline(&moment.why)));
            if let Some((_, _, words)) = &moment.span {
                at(said, words);
            }
        }
    }
    order.push(at(said, "## Competencies"));
    for competency in card.competencies.iter().filter(|c| c.score.is_some()) {
        for evidence in &competency.evidence {
            let stage = &view.head.stages[evidence.stage].title;
            at(said, &format!("### {stage}: {}", evidence.question));
            at(said, &characters(&inline(&evidence.title)));
            for span in &evidence.spans {
                at(said, &span.text);
            }
        }
    }
    order.push(at(said, "## What this does not say"));
    order.push(at(said, "Rule loop/1."));
    assert!(order.is_sorted(), "{order:?} of {said:#?}");
}

async fn printed(practice: &Practice, view: &LoopView, format: Format) -> Printed {
    practice.print_loop(&view.id, format, Sheet::A4).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hiring_scorecard_says_all_that_it_rests_on() {
    let folder = tempfile::tempdir().unwrap();
    let practice = open(&folder).await;
    let view = begun(&practice, "on-site", Level::Senior).await;
    let view = play(&practice, view, Candidate::Middling).await;
    let (_, card) = practice.loop_scorecard(&view.id).await.unwrap();
    let spans = card.competencies.iter().flat_map(|c| &c.evidence);
    assert!(spans.flat_map(|e| &e.spans).count() > 3 && card.step.is_some());
    let text = printed(&practice, &view, Format::Markdown).await;
    assert_said(&said(&text), &view, &card);
    assert_pdf(
        &printed(&practice, &view, Format::Pdf).await,
        &printed(&practice, &view, Format::Pdf).await,
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn mistakes_stand_on_paper_with_their_moment() {
    let folder = tempfile::tempdir().unwrap();
    let practice = open(&folder).await;
    let mut view = begun(&practice, "system-design", Level::Senior).await;
    let text = "I would put Redis in front of everything. The data goes to the database.".to_owned();
    let say = NewLoopEvent::Say {
        elapsed_ms: 605_000,
        text,
        to: SpokenTo::Question,
    };
    for event in [NewLoopEvent::Begin, say, NewLoopEvent::End] {
        let position = view.state.events;
        view = practice
            .happen(&view.id, position, event, NOON_US)
            .await
            .unwrap()
            .view;
    }
    assert!(view.moments[0].len() > 1, "{:?}", view.moments);
    let (_, card) = practice.loop_scorecard(&view.id).await.unwrap();
    let text = said(&printed(&practice, &view, Format::Markdown).await);
    assert_said(&text, &view, &card);
    at(&text, "Solution before requirements at ");
    assert_eq!(
        text[at(&text, "## Recommendation")],
        "## Recommendation: strong no"
    );
}

async fn kept(practice: &Practice) -> domain::DocumentId {
    let story: Story = serde_json::from_value(json!({
        "title": "The Acme checkout", "situation": "At Acme it timed out. ", "task": "",
        "action": "I moved the report of Marta Nowak.\n\nThen I *asked* her.", "result": "0.1 percent.",
        "lesson": "", "when": "spring 2025", "role": "on call at ACME", "figures": ["9 s at Acme"],
        "names": ["Acme", "Marta Nowak"], "competencies": ["operations"], "tags": ["acme"],
    }))
    .unwrap();
    let id = Practice::document_id(NOON_US);
    practice.put(&id, &story, Some(0), NOON_US).await.unwrap();
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn a_story_leaves_without_its_names() {
    let folder = tempfile::tempdir().unwrap();
    let practice = open(&folder).await;
    let id = kept(&practice).await;
    let text = practice
        .print_story(&id, Format::Markdown, Sheet::A4)
        .await
        .unwrap();
    assert_eq!(text.name, "spar-story-the-name-checkout.md");
    let said = said(&text);
    let expected = [
        "# The [name] checkout",
        "Story · on call at [name] · spring 2025 · under ½ min told",
        "## Situation",
        "At [name] it timed out.",
        "## Action",
        "I moved the report of [name].",
        "Then I *asked* her.",
        "## Result",
        "0.1 percent.",
        "## Figures to have at hand",
        "9 s at [name]",
        "Shows: Operations.",
        "Spar · The [name] checkout",
    ];
    assert_eq!(said, expected);
    let pdf = async || {
        practice
            .print_story(&id, Format::Pdf, Sheet::Letter)
            .await
            .unwrap()
    };
    let first = pdf().await;
    assert_pdf(&first, &pdf().await);
    // In the bookmarks and the properties names would stand in plain words.
    assert!(!String::from_utf8_lossy(&first.bytes).contains("Acme"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_leaves_with_every_day_and_what_it_does_not_hold() {
    let folder = tempfile::tempdir().unwrap();
    let practice = open(&folder).await;
    kept(&practice).await;
    let (start, today) = (date(2026, 11, 23), date(2026, 11, 25));
    let plan: Plan = Preset::TwoToThreeWeeks.plan(start, date(2026, 12, 10), [40, 40, 40, 40, 40, 0, 0]);
    practice.put_plan(&plan, 0, NOON_US).await.unwrap();
    let planned = practice.planned(today).await.unwrap();
    let id = planned.outlook.today.activities[0].id.clone();
    practice.tick(today, today, &id, true, NOON_US).await.unwrap();
    let planned = practice.planned(today).await.unwrap();
    let text = practice
        .print_plan(today, Format::Markdown, Sheet::A4)
        .await
        .unwrap();
    assert_eq!(text.name, "spar-plan-2026-11-25.md");
    let said = said(&text);
    let hidden = |title: &str| title.replace("Acme", "[name]");
    let mut order = vec![at(&said, "# Until the interview on 10 December 2026")];
    order.push(at(&said, "## Today, Wednesday 25 November"));
    for activity in &planned.outlook.today.activities {
        let done = if activity.done { "yes" } else { "☐" };
        order.push(at(&said, &format!("{done} | {}", hidden(&activity.title))));
    }
    order.push(at(&said, "2 days passed without practice"));
    for (balance, shares) in planned
        .outlook
        .balance
        .iter()
        .zip(["Fundamentals 100 %", "Design 100 %"])
    {
        let told = |date: jiff::civil::Date| date.strftime("%a %-d %b").to_string();
        let (first, last) = (told(balance.stretch.first), told(balance.stretch.last));
        order.push(at(&said, &format!("{first} to {last} | {shares}")));
    }
    let mut titles = 0;
    for day in &planned.outlook.ahead {
        let date = day.date.strftime("%a\u{a0}%-d\u{a0}%b |").to_string();
        let row = said.iter().find(|row| row.starts_with(&date)).unwrap();
        titles += day.activities.len();
        for activity in &day.activities {
            assert!(row.contains(&hidden(&activity.title)), "{row} of {day:#?}");
        }
        assert_eq!(row.contains("A day off."), day.holds == 0, "{row}");
    }
    assert!(titles > 20);
    order.push(at(&said, "Interview on Thursday 10 December."));
    order.push(at(&said, "## Not held by the days ahead"));
    assert!(!planned.outlook.dropped.is_empty());
    for dropped in &planned.outlook.dropped {
        at(&said[order[order.len() - 1]..], &dropped.title);
        at(&said, dropped.why.trim_end_matches('.'));
    }
    order.push(at(&said, "## Checklist"));
    for check in &planned.checks {
        at(
            &said,
            &format!("{} | {}", if check.done { "yes" } else { "☐" }, check.title),
        );
    }
    assert!(order.is_sorted(), "{order:?} of {said:#?}");
    let pdf = async || practice.print_plan(today, Format::Pdf, Sheet::A4).await.unwrap();
    assert_pdf(&pdf().await, &pdf().await);
    // The story to be told is named in the plan, and leaves without the names that it hides.
    at(&said, "The [name] checkout");
    let calendar = practice.plan_calendar(today, NOON_US).await.unwrap();
    assert!(calendar.contains("[name] checkout") && !calendar.contains("Acme"));
}
