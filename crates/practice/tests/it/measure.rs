//! The grader measured: references, questioning, attacks. On a bank of its own, without the encoder.

use bank::SourceFile;
use practice::{Evaluation, Limits, Loaded, Practice};

use crate::fixture;

/// Two gradings of an answer to a core item.
struct Graded {
    kind: &'static str,
    text: &'static str,
    first: f64,
    second: Option<f64>,
}

const RIGHT: &str = "I let one request rebuild the key and make everybody else wait for that result. We add random \
    jitter to the expiry so the keys do not all expire together. Readers get the stale value while one worker \
    refreshes it in the background. We write the database first and then invalidate the cache entry. We watch \
    the hit rate and the load on the database on a dashboard.";

const REFERENCES: [Graded; 3] = [
    Graded {
        kind: "good",
        text: RIGHT,
        first: 90.0,
        second: Some(80.0),
    },
    Graded {
        kind: "middling",
        text: "I let one request rebuild the key.",
        first: 40.0,
        second: Some(60.0),
    },
    Graded {
        kind: "empty",
        text: "I would talk to my colleagues about it.",
        first: 0.0,
        second: None,
    },
];

/// The fixture pack and nothing else; its items carry these references.
fn practice() -> Practice {
    let heads = REFERENCES.iter().map(|r| {
        let grades = |coverage: f64, between: &str| {
            let others = [
                "structure",
                "specificity",
                "quantification",
                "conciseness",
                "remote_readiness",
            ];
            let others = others.map(|axis| format!("{axis} = 50"));
            format!("coverage = {coverage}{between}{}", others.join(between))
        };
        let second = r
            .second
            .map_or(String::new(), |c| format!("second = {{ {} }}\n", grades(c, ", ")));
        let first = grades(r.first, "\n");
        format!(
            "### {}: one\n```toml\n{first}\n{second}why = \"so\"\n```\n{}\n\n",
            r.kind, r.text
        )
    });
    let references = format!("\n## References\n\n{}", heads.collect::<String>());
    let read = |path: &str| std::fs::read_to_string(fixture().join(path)).unwrap();
    let mut files = vec![SourceFile {
        path: "lexicon.toml".to_owned(),
        text: read("lexicon.toml"),
    }];
    for name in ["answer/fixture-stampede.md", "answer/fixture-second.md"] {
        let text = read(name).replace("core = false", "core = true") + &references;
        files.push(SourceFile {
            path: name.to_owned(),
            text,
        });
    }
    let (bank, findings) = bank::parse(&files, None);
    assert!(findings.is_empty(), "{findings:?}");
    let loaded = Loaded {
        bank,
        ..practice::load(&[]).unwrap()
    };
    Practice::new(
        loaded,
        None,
        None,
        Limits {
            gradings: 2,
            waiting: 2,
        },
    )
}

#[test]
fn references_are_compared_with_both_gradings() {
    let practice = practice();
    let report = Evaluation::new(&practice).bank().unwrap();
    assert_eq!((report.items, report.references, report.graded_twice), (2, 6, 4));
    let coverage = &report.axes[&domain::GroupId::Coverage];
    assert_eq!(coverage.first.raw.scores.n, 6);
    assert!(coverage.first.raw.scores.pearson.unwrap() > 0.9, "{coverage:?}");
    assert_eq!(coverage.second.as_ref().unwrap().raw.scores.n, 4);
    // The second grading gives 10 less and 20 more, in each of two items.
    let between = coverage.between.unwrap();
    assert_eq!((between.n, between.bias, between.mae), (4, Some(5.0), Some(15.0)));
    assert_eq!((between.pairs, between.pairs_in_order), (2, Some(1.0)));
    assert_eq!(coverage.by_label["good"].n, 2);
    assert!(coverage.worst[0].line >= 1 && coverage.worst.len() == 5);
    assert!(coverage.in_interval.is_some() && report.axes[&domain::GroupId::Structure].in_interval.is_none());
}

#[test]
fn leaving_a_question_out_puts_every_score_on_the_scale_of_the_grades() {
    let practice = practice();
    let report = Evaluation::new(&practice).bank().unwrap();
    let first = &report.axes[&domain::GroupId::Coverage].first;
    let fair = first.left_out.as_ref().unwrap();
    // Both items hold the same answers, so the line of one is the best line for the other.
    assert!(fair.scores.rmse <= first.raw.scores.rmse, "{first:?}");
    assert_eq!(first.raw.baselines["length"].rmse, None, "words are no points");
    assert!(fair.baselines["length"].rmse.is_some() && fair.baselines["keywords"].rmse.is_some());
}

#[test]
fn questioned_candidates_come_out_in_the_order_of_their_knowledge() {
    let practice = practice();
    let evaluation = Evaluation::new(&practice);
    let report = evaluation.questioning(7).unwrap();
    assert_eq!(report, evaluation.questioning(7).unwrap(), "a seed gives one run");
    assert_ne!(report.candidates, evaluation.questioning(8).unwrap().candidates);
    assert_eq!(report.items, 2);
    for telling in ["plain", "vague"] {
        let ours = |after: usize| {
            let row = report
                .candidates
                .iter()
                .find(|c| (c.telling, c.order, c.after) == (telling, "ours", after));
            row.unwrap()
        };
        assert!(ours(5).width < ours(0).width, "questions narrow the interval");
        assert!(ours(5).pearson.unwrap() > 0.75, "{:?}", ours(5));
    }
    let believer = report
        .bluffers
        .iter()
        .find(|b| b.replies == "misconceptions" && b.after == 5)
        .unwrap();
    let guesser = report
        .bluffers
        .iter()
        .find(|b| b.replies == "guessed" && b.after == 5)
        .unwrap();
    assert!(
        believer.max < 30.0 && believer.mean <= guesser.mean,
        "{believer:?}"
    );
    assert!(guesser.highest_mean < 30.0 && guesser.n == 200, "{guesser:?}");
}

#[test]
fn attacks_show_what_comes_through() {
    let practice = practice();
    let report = Evaluation::new(&practice).attacks(0).unwrap();
    let attack = |name: &str| report.attacks.iter().find(|a| a.attack == name).unwrap();
    assert_eq!(attack("question three times").max, 0.0);
    assert_eq!(attack("order: ignore the rubric").max, 0.0);
    assert_eq!(attack("order, then the sample").max, 0.0);
    assert_eq!(
        attack("every sentence negated").n,
        4,
        "the samples and the good references"
    );
    // Both items of the pack have the same facts: to be told so is what the measure is for.
    let foreign = attack("another item's sample");
    assert_eq!((foreign.n, foreign.above_40), (2, 1.0));
}
