//! What was measured, as blocks of Markdown: the same in the page and in the terminal.

use std::collections::BTreeMap;

use practice::{
    Against, Agreement, Attacks, Axis, BankReport, LabelBias, Questioning, StatementReport, Worst,
};

use super::table::{Table, figure};

/// Columns of every table of agreement, after those that say of what.
const AGREEMENT: [&str; 9] = [
    "n",
    "r",
    "rho",
    "pairs",
    "pass/fail",
    "within",
    "RMSE, pt",
    "MAE, pt",
    "bias, pt",
];

/// Answers a label needs for a row: fewer would say little, and say it of answers that may not be looked at.
const LABEL_LEAST: usize = 3;

fn agreement(a: &Agreement) -> Vec<String> {
    let mut cells = vec![a.n.to_string()];
    let figures = [
        a.pearson,
        a.spearman,
        a.pairs_in_order,
        a.pass_fail,
        a.within_label,
        a.rmse,
        a.mae,
        a.bias,
    ];
    cells.extend(figures.map(figure));
    cells
}

/// The references of the core items.
pub(crate) fn bank(report: &BankReport) -> String {
    let mut out = format!(
        "{} references of {} core items, {} of them graded twice.\n\n",
        report.references, report.items, report.graded_twice
    );
    out.push_str("Against the first grading:\n\n");
    let headings: Vec<&str> = ["axis", "of"]
        .into_iter()
        .chain(AGREEMENT)
        .chain(["left out: r", "left out: RMSE, pt"])
        .collect();
    let mut table = Table::new(&headings);
    for (axis, of) in &report.axes {
        against(&mut table, axis.as_str(), &of.first);
        if let Some(between) = &of.between {
            let mut row = vec![axis.to_string(), "second grading".to_owned()];
            row.extend(agreement(between));
            row.extend([figure(None), figure(None)]);
            table.row(row);
        }
    }
    out.push_str(&table.markdown());
    if report.graded_twice > 0 {
        out.push_str("\nAgainst the second grading:\n\n");
        let mut table = Table::new(&headings);
        for (axis, of) in &report.axes {
            if let Some(second) = &of.second {
                against(&mut table, axis.as_str(), second);
            }
        }
        out.push_str(&table.markdown());
    }
    if let Some(coverage) = report.axes.get(&domain::GroupId::Coverage) {
        out.push_str("\nCoverage by kind of reference, against the first grading:\n\n");
        out.push_str(&labels(&coverage.by_label));
        let mut table = Table::new(&["grades of coverage within [low, high]", "share"]);
        table.row(vec!["first grading".to_owned(), figure(coverage.in_interval)]);
        out.push('\n');
        out.push_str(&table.markdown());
    }
    out.push_str(&notes(&report.notes));
    out
}

fn against(table: &mut Table, axis: &str, of: &Against) {
    let fair = of.left_out.as_ref();
    let mut row = |name: &str, raw: &Agreement, fair: Option<&Agreement>| {
        let mut cells = vec![axis.to_owned(), name.to_owned()];
        cells.extend(agreement(raw));
        cells.extend([
            figure(fair.and_then(|f| f.pearson)),
            figure(fair.and_then(|f| f.rmse)),
        ]);
        table.row(cells);
    };
    row("grader", &of.raw.scores, fair.map(|f| &f.scores));
    for (name, baseline) in &of.raw.baselines {
        row(name, baseline, fair.and_then(|f| f.baselines.get(name)));
    }
}

fn labels(labels: &BTreeMap<String, LabelBias>) -> String {
    let mut table = Table::new(&["kind", "n", "mean grade, pt", "bias, pt"]);
    for (label, bias) in labels.iter().filter(|(_, bias)| bias.n >= LABEL_LEAST) {
        table.row(vec![
            label.clone(),
            bias.n.to_string(),
            figure(bias.gold),
            figure(bias.bias),
        ]);
    }
    table.markdown()
}

/// Agreement on every axis of a set of answers.
pub(crate) fn axes(axes: &BTreeMap<domain::GroupId, Axis>) -> String {
    let headings: Vec<&str> = ["axis", "of"].into_iter().chain(AGREEMENT).collect();
    let mut table = Table::new(&headings);
    for (axis, of) in axes {
        let mut row = |name: &str, a: &Agreement| {
            let mut cells = vec![axis.to_string(), name.to_owned()];
            cells.extend(agreement(a));
            table.row(cells);
        };
        row("grader", &of.scores);
        for (name, baseline) in &of.baselines {
            row(name, baseline);
        }
    }
    table.markdown()
}

/// What else there is to say of coverage: the interval, and the bias of each label.
pub(crate) fn coverage(axis: &Axis) -> String {
    let mut out = String::new();
    if axis.in_interval.is_some() {
        let share = figure(axis.in_interval);
        out.push_str(&format!(
            "\nShare of the grades of coverage within [low, high]: {share}.\n"
        ));
    }
    if !axis.by_label.is_empty() {
        out.push_str("\nCoverage by label, of 3 answers or more:\n\n");
        out.push_str(&labels(&axis.by_label));
    }
    out
}

/// The largest errors of coverage, without the answers.
pub(crate) fn worst(worst: &[Worst]) -> String {
    let mut table = Table::new(&["line", "item", "label", "grade, pt", "score, pt"]);
    for worst in worst {
        table.row(vec![
            worst.line.to_string(),
            worst.item.as_ref().map_or("-".to_owned(), ToString::to_string),
            worst.label.clone().unwrap_or("-".to_owned()),
            figure(worst.gold),
            figure(worst.scored),
        ]);
    }
    table.markdown()
}

/// Single statements by kind, and the right ones beside the others of their fact.
pub(crate) fn statements(report: &StatementReport) -> String {
    let mut out = format!(
        "{} statements on {} facts of {} items",
        report.lines - report.errors,
        report.facts,
        report.items
    );
    if report.errors > 0 {
        out.push_str(&format!("; not graded: {} lines", report.errors));
    }
    out.push_str(".\n\n");
    let headings = [
        "kind",
        "n",
        "confirmed",
        "partial",
        "mentioned",
        "missed",
        "contradicted",
        "mean share of points",
    ];
    let mut table = Table::new(&headings);
    for (kind, of) in &report.kinds {
        let mut row = vec![kind.to_string(), of.n.to_string()];
        row.extend(of.found.values().map(|share| figure(*share)));
        row.push(figure(of.points));
        table.row(row);
    }
    out.push_str(&table.markdown());
    out.push_str("\nPairs of the same fact:\n\n");
    let mut table = Table::new(&["right beside", "pairs", "the right one earns more"]);
    for beside in &report.pairs {
        table.row(vec![
            beside.other.to_string(),
            beside.pairs.to_string(),
            figure(beside.right_more),
        ]);
    }
    out.push_str(&table.markdown());
    out.push_str(&notes(&report.notes));
    out
}

/// Candidates and bluffers under questioning.
pub(crate) fn questioning(report: &Questioning) -> String {
    let each = report.candidates.first().map_or(0, |c| c.n);
    let mut out = format!(
        "{} items with checks, seed {}, {each} candidates of each telling. Facts for which no sentence was found \
         that only touches them: {}.\n\n",
        report.items, report.seed, report.untouched
    );
    let mut table = Table::new(&["telling", "order", "follow-ups", "r", "RMSE, pt", "width, pt"]);
    for c in &report.candidates {
        table.row(vec![
            c.telling.to_owned(),
            c.order.to_owned(),
            c.after.to_string(),
            figure(c.pearson),
            figure(c.rmse),
            figure(c.width),
        ]);
    }
    out.push_str(&table.markdown());
    out.push_str("\nBluffers:\n\n");
    let headings = [
        "replies",
        "follow-ups",
        "n",
        "mean, pt",
        "mean of the easiest item, pt",
        "max, pt",
        "share from 30 on",
    ];
    let mut table = Table::new(&headings);
    for b in &report.bluffers {
        table.row(vec![
            b.replies.to_owned(),
            b.after.to_string(),
            b.n.to_string(),
            figure(b.mean),
            figure(b.highest_mean),
            figure(b.max),
            figure(b.above_30),
        ]);
    }
    out.push_str(&table.markdown());
    out.push_str(&notes(&report.notes));
    out
}

/// What attacks earn.
pub(crate) fn attacks(report: &Attacks) -> String {
    let mut out = format!("Coverage on {} items:\n\n", report.items);
    let mut table = Table::new(&["attack", "n", "mean, pt", "max, pt", "share above 40"]);
    for a in &report.attacks {
        table.row(vec![
            a.attack.to_owned(),
            a.n.to_string(),
            figure(a.mean),
            figure(a.max),
            figure(a.above_40),
        ]);
    }
    out.push_str(&table.markdown());
    out.push_str(&notes(&report.notes));
    out
}

fn notes(notes: &[&str]) -> String {
    let lines: Vec<String> = notes.iter().map(|note| format!("- {note}\n")).collect();
    format!("\n{}", lines.concat())
}
