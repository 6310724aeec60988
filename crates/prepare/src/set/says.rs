//! The sentences of a set: why a question is in it, what the CV will be asked about, what it lacks, and what a
//! reader must know of the texts.

use domain::{Because, Claim, Gap, Level, Mark, Reason, Remark, RemarkKind, SetInputs};

use super::find::{Found, Wanted};
use super::rank::{Ranked, Scales};
use super::terms::{Term, TermKind};

/// Reasons that are worth reading.
const MOST_REASONS: usize = 3;

/// Claims and gaps that are worth reading.
const MOST_LISTED: usize = 8;

/// Terms that a remark names.
const MOST_NAMED: usize = 6;

/// Words below which a description says little.
const SHORT_WORDS: usize = 40;

/// Terms of the field below which a description is hardly about it.
const OF_THE_FIELD: usize = 2;

/// Why an item is in the set, strongest first.
pub(crate) fn reasons(it: &Ranked<'_>, found: &Found<'_>, scales: &Scales<'_>) -> Vec<Reason> {
    let mut leading: Vec<(&Wanted<'_>, u32)> = it
        .terms
        .iter()
        .map(|(at, strength)| (&found.wanted[*at], *strength))
        .collect();
    leading.sort_by(|(a, s), (b, t)| {
        let worth = |wanted: &Wanted<'_>, strength: u32| wanted.worth * f64::from(strength);
        worth(b, *t)
            .total_cmp(&worth(a, *s))
            .then(a.term.id.cmp(&b.term.id))
    });
    // What it only touches is a reason where nothing better is.
    if leading.iter().any(|(_, strength)| *strength > 1) {
        leading.retain(|(_, strength)| *strength > 1);
    }
    leading.truncate(MOST_REASONS);
    let mut reasons: Vec<Reason> = leading
        .iter()
        .map(|(wanted, strength)| posting(wanted, *strength))
        .collect();
    let claimed = leading.iter().find_map(|(wanted, strength)| {
        let (_, marks) = found.claimed.iter().find(|(term, _)| term.id == wanted.term.id)?;
        (*strength == 3).then(|| claimed(wanted.term, marks))
    });
    reasons.extend(claimed);
    if let Some(meant) = it.meant.filter(|_| reasons.is_empty()) {
        reasons.push(Reason {
            because: Because::Meant,
            term: None,
            says: "A sentence of the posting means something close to this question.".to_owned(),
            marks: vec![meant.mark.clone()],
        });
    }
    if reasons.is_empty() {
        reasons.push(usual(it, scales));
    }
    reasons
}

fn posting(wanted: &Wanted<'_>, strength: u32) -> Reason {
    // The strongest text speaks: what the title says is not said with words of the description.
    let source = wanted.marks.first().map(|mark| mark.source);
    let quoted = quoted(wanted.marks.iter().filter(|mark| Some(mark.source) == source));
    let asks = match (wanted.because, source) {
        (_, Some(domain::Source::Title)) => format!("The title says {quoted}"),
        (Because::Required, _) => format!("The posting demands {quoted}"),
        (Because::Wished, _) => format!("The posting would like {quoted}"),
        (_, Some(domain::Source::CompanyNotes)) => format!("Your notes on the company say {quoted}"),
        (Because::Company, _) => format!("The company says of itself {quoted}"),
        _ => format!("The posting names {quoted}"),
    };
    let name = &wanted.term.name;
    let close = match strength {
        3 => format!("this question is about {name}"),
        2 => format!("this question comes close to {name}"),
        _ => format!("this question touches {name}"),
    };
    Reason {
        because: wanted.because,
        term: Some(wanted.term.id.clone()),
        says: format!("{asks}: {close}."),
        marks: wanted.marks.clone(),
    }
}

fn claimed(term: &Term, marks: &[Mark]) -> Reason {
    Reason {
        because: Because::Claimed,
        term: Some(term.id.clone()),
        says: format!(
            "Your CV says {}: expect to be asked what you did with it.",
            quoted(marks)
        ),
        marks: marks.to_vec(),
    }
}

/// What stands where no words chose.
fn usual(it: &Ranked<'_>, scales: &Scales<'_>) -> Reason {
    let role = &scales.role.title;
    let level = adverb(scales.level);
    let (because, says) = match it.of_role {
        Some((name, _)) => (
            Because::Role,
            format!("The posting does not ask for it. The role does: {role}, {name}."),
        ),
        None if it.core => (
            Because::Level,
            format!("The posting does not ask for it. Nearly every {level} loop does."),
        ),
        None => (
            Because::Level,
            format!("The posting does not ask for it. It fills the time with what {level} loops may ask."),
        ),
    };
    Reason {
        because,
        term: None,
        says,
        marks: Vec::new(),
    }
}

fn adverb(level: Level) -> &'static str {
    match level {
        Level::Junior => "junior",
        Level::Mid => "mid-level",
        Level::Senior => "senior",
    }
}

/// The first two spellings in quotation marks.
fn quoted<'m>(marks: impl IntoIterator<Item = &'m Mark>) -> String {
    let quoted: Vec<String> = marks
        .into_iter()
        .take(2)
        .map(|mark| format!("“{}”", mark.text))
        .collect();
    quoted.join(" and ")
}

/// What the CV says and the job wants, most wanted first.
pub(crate) fn claims(found: &Found<'_>) -> Vec<Claim> {
    let claim = |wanted: &&Wanted<'_>| {
        let (term, marks) = found.claimed.iter().find(|(term, _)| term.id == wanted.term.id)?;
        let said = quoted(&marks[..marks.len().min(1)]);
        let ask = match term.kind {
            TermKind::Technology => format!(
                "Your CV says {said}. What did you build with it, what broke, and what would you do differently today?"
            ),
            TermKind::Domain => {
                format!("Your CV says {said}. What was hard about that field, and how did your code show it?")
            }
            TermKind::Practice | TermKind::Way => format!(
                "Your CV says {said}. Tell me of one time: what was the situation, what did you do yourself, and what came of it in figures?"
            ),
        };
        let all = marks.iter().chain(&wanted.marks).cloned();
        Some(Claim {
            term: term.id.clone(),
            name: term.name.clone(),
            ask,
            marks: all.collect(),
        })
    };
    by_worth(found)
        .iter()
        .filter_map(claim)
        .take(MOST_LISTED)
        .collect()
}

/// What the job wants and the CV does not show; empty without a CV.
pub(crate) fn gaps(found: &Found<'_>, inputs: &SetInputs) -> Vec<Gap> {
    if inputs.cv.trim().is_empty() {
        return Vec::new();
    }
    let gap = |wanted: &&Wanted<'_>| {
        let term = wanted.term;
        let shown = found.claimed.iter().any(|(claimed, _)| claimed.id == term.id);
        if shown || term.kind == TermKind::Way || wanted.because > Because::Wished {
            return None;
        }
        let kin = |claimed: &&(&Term, Vec<Mark>)| term.family.is_some() && claimed.0.family == term.family;
        let says = match found
            .claimed
            .iter()
            .find(kin)
            .and_then(|(_, marks)| marks.first())
        {
            Some(mark) => format!(
                "Your CV does not show it. It shows “{}”: say what carries over, and what does not.",
                mark.text
            ),
            None => {
                "Your CV does not show it. Say so before they ask, and how you would get into it.".to_owned()
            }
        };
        Some(Gap {
            term: term.id.clone(),
            name: term.name.clone(),
            required: wanted.because == Because::Required,
            says,
            marks: wanted.marks.clone(),
        })
    };
    by_worth(found).iter().filter_map(gap).take(MOST_LISTED).collect()
}

fn by_worth<'f, 'a>(found: &'f Found<'a>) -> Vec<&'f Wanted<'a>> {
    let mut wanted: Vec<&Wanted<'_>> = found.wanted.iter().collect();
    wanted.sort_by(|a, b| b.worth.total_cmp(&a.worth).then(a.term.id.cmp(&b.term.id)));
    wanted
}

/// What a reader must know: what the texts are, what the time did not hold, what the bank does not have.
pub(crate) fn remarks(
    ranked: &[Ranked<'_>],
    chosen: &[usize],
    found: &Found<'_>,
    inputs: &SetInputs,
) -> Vec<Remark> {
    let mut remarks = Vec::from_iter(of_description(found, inputs));
    let mut say = |kind: RemarkKind, says: String| remarks.push(Remark { kind, says });
    let wanted = by_worth(found);
    let names = |of: &dyn Fn(usize, &Wanted<'_>) -> bool| -> Vec<&str> {
        let at = |wanted: &Wanted<'_>| found.wanted.iter().position(|w| w.term.id == wanted.term.id);
        let fits = |wanted: &&&Wanted<'_>| at(wanted).is_some_and(|at| of(at, wanted));
        wanted
            .iter()
            .filter(fits)
            .map(|w| w.term.name.as_str())
            .take(MOST_NAMED)
            .collect()
    };
    let leads = |it: &Ranked<'_>, term: usize| it.terms.iter().any(|(at, s)| *at == term && *s > 1);
    let demanded = |wanted: &Wanted<'_>| wanted.because == Because::Required;
    let left_out = names(&|at, wanted| {
        demanded(wanted)
            && !wanted.term.usual
            && ranked.iter().any(|it| it.terms.contains(&(at, 3)))
            && !chosen.iter().any(|chosen| leads(&ranked[*chosen], at))
    });
    if !left_out.is_empty() {
        say(
            RemarkKind::Time,
            format!(
                "{} minutes do not hold all that the posting demands. Left out: {}.",
                inputs.minutes,
                listed(&left_out)
            ),
        );
    }
    let unknown = names(&|at, wanted| {
        let asked = wanted.because <= Because::Named && wanted.term.kind != TermKind::Way;
        asked
            && !ranked
                .iter()
                .any(|it| it.terms.iter().any(|(term, _)| *term == at))
    });
    if !unknown.is_empty() {
        say(
            RemarkKind::Uncovered,
            format!(
                "The bank has no question on {}: prepare that elsewhere.",
                listed(&unknown)
            ),
        );
    }
    remarks
}

/// Names as a sentence lists them.
fn listed(names: &[&str]) -> String {
    match names {
        [others @ .., before, last] => [others, &[&format!("{before} and {last}")]].concat().join(", "),
        _ => names.concat(),
    }
}

/// Whether the description is long enough to tell, and hardly names anything of this field.
pub(crate) fn is_of_another_field(found: &Found<'_>) -> bool {
    found.english && found.length >= SHORT_WORDS && found.of_the_field < OF_THE_FIELD
}

/// What is to be known of the description itself.
fn of_description(found: &Found<'_>, inputs: &SetInputs) -> Option<Remark> {
    let level = adverb(inputs.level);
    let (kind, says) = if found.length == 0 {
        let says = format!(
            "There is no job description: this is what {level} loops ask. Paste one to have questions chosen by it."
        );
        (RemarkKind::NoDescription, says)
    } else if !found.english {
        let says = "The description does not look like English: only names such as Kafka were understood. Paste a translation for more.";
        (RemarkKind::Language, says.to_owned())
    } else if is_of_another_field(found) {
        let says = format!(
            "The description hardly names anything of this field, so its words chose nothing: this is what {level} loops ask."
        );
        (RemarkKind::Field, says)
    } else if found.length < SHORT_WORDS {
        let says = format!(
            "The description has {} words: paste all of it to have more chosen by it.",
            found.length
        );
        (RemarkKind::Short, says)
    } else {
        return None;
    };
    Some(Remark { kind, says })
}
