use serde_json::json;

use super::*;
use crate::{Evidence, Group};

fn criterion(id: &str, points: f64, out_of: f64, status: Status) -> Criterion {
    Criterion {
        id: id.to_owned(),
        title: format!("Says {id}"),
        points,
        out_of,
        status,
        why: String::new(),
        evidence: vec![Evidence::Span {
            start: 0,
            end: 3,
            text: "All".to_owned(),
        }],
        tip: String::new(),
        must: false,
    }
}

fn group(id: GroupId, weight: u32, assessed: bool, criteria: Vec<Criterion>) -> Group {
    Group {
        id,
        title: id.to_string(),
        weight,
        assessed,
        criteria,
        interval: None,
    }
}

/// Coverage 2.5 of 5 (50), structure 1 of 2 (50), quantification not assessed: 50 in all.
fn card() -> Scorecard {
    Scorecard {
        format: crate::SCORECARD_FORMAT,
        item: "pagination".to_owned(),
        round: crate::Round::Answer,
        revision: "b3:one".to_owned(),
        scorer: "answer/1".to_owned(),
        seed: 0,
        verdict: None,
        groups: vec![
            group(
                GroupId::Coverage,
                60,
                true,
                vec![
                    criterion("cursor", 1.5, 3.0, Status::Partial),
                    criterion("order", 1.0, 2.0, Status::Partial),
                ],
            ),
            group(
                GroupId::Structure,
                40,
                true,
                vec![criterion("opening", 1.0, 2.0, Status::Partial)],
            ),
            group(
                GroupId::Quantification,
                0,
                false,
                vec![criterion("figures", 0.0, 1.0, Status::NotAssessed)],
            ),
        ],
        next: None,
        probe: None,
        notes: Vec::new(),
    }
}

fn entry(group: GroupId, criterion: &str, ruling: Ruling, reason: &str) -> Override {
    Override {
        group,
        criterion: criterion.to_owned(),
        ruling,
        reason: reason.to_owned(),
        created_at_us: 7,
    }
}

fn fact(id: &str, status: Status) -> Override {
    entry(GroupId::Coverage, id, Ruling::Status(status), "I said so.")
}

#[test]
fn both_values_stand_side_by_side_and_the_card_stays() {
    let card = card();
    let before = card.clone();
    let log = [
        entry(
            GroupId::Structure,
            "opening",
            Ruling::Share(75),
            "The answer comes first.",
        ),
        fact("cursor", Status::Contradicted),
    ];
    let with = Overridden::of(&card, &log).expect("two are in force");
    assert_eq!(card, before);
    assert_eq!(card.score(), Some(50.0));
    // Coverage (-1.5 + 1) of 5, floor 0; structure 1.5 of 2.
    assert_eq!(with.group(GroupId::Coverage), Some(0.0));
    assert_eq!(with.group(GroupId::Structure), Some(75.0));
    assert_eq!(with.group(GroupId::Quantification), None);
    assert_eq!(with.score, Some(30.0));
    let ids: Vec<&str> = with.criteria.iter().map(|c| c.criterion.as_str()).collect();
    assert_eq!(ids, ["cursor", "opening"], "in the order of the scorecard");
    let cursor = with.criterion(GroupId::Coverage, "cursor").expect("overridden");
    assert_eq!(
        (cursor.graded.status, cursor.graded.points),
        (Status::Partial, 1.5)
    );
    assert_eq!(
        (cursor.by_hand.status, cursor.by_hand.points),
        (Status::Contradicted, -1.5)
    );
    assert_eq!((cursor.moved(), cursor.reason.as_str()), (-3.0, "I said so."));
    assert_eq!(
        with.criteria[1].by_hand.status,
        Status::Met,
        "three quarters of the points"
    );
    assert_eq!(with.criterion(GroupId::Coverage, "order"), None);
}

#[test]
fn the_latest_counts_and_can_be_withdrawn() {
    let card = card();
    let withdrawn = entry(GroupId::Coverage, "cursor", Ruling::Withdrawn(true), "");
    let mut log = vec![fact("cursor", Status::Missed), fact("cursor", Status::Met)];
    let score = |log: &[Override]| Overridden::of(&card, log).map(|with| with.score);
    // (3 + 1) of 5 is 80 at 60 percent, and 50 at 40.
    assert_eq!(score(&log), Some(Some(68.0)));
    log.push(withdrawn);
    assert_eq!(score(&log), None);
    log.push(fact("cursor", Status::Mentioned));
    // (0.75 + 1) of 5 is 35.
    assert_eq!(score(&log), Some(Some(41.0)));
    assert_eq!(Overridden::of(&card, &[]), None);
}

/// Whether `given` is taken (`expect` is empty), or refused in words that have `expect`.
fn check(given: &Override, expect: &str) {
    let told = given.check(&card());
    let told = told.map_or_else(|error| error.to_string(), |()| String::new());
    assert!(
        told.contains(expect) && told.is_empty() == expect.is_empty(),
        "{given:?}: {told}"
    );
}

#[test]
fn only_what_was_graded_can_be_overridden() {
    check(&fact("cursor", Status::Met), "");
    check(
        &fact("opening", Status::Met),
        "no criterion `opening` in `coverage`",
    );
    let given = |group, criterion| entry(group, criterion, Ruling::Share(50), "Half of it.");
    check(&given(GroupId::Structure, "opening"), "");
    check(
        &given(GroupId::Conciseness, "fillers"),
        "no criterion `fillers` in `conciseness`",
    );
    check(
        &given(GroupId::Quantification, "figures"),
        "`quantification` was not assessed",
    );
}

#[test]
fn facts_take_a_status_and_delivery_a_share() {
    let coverage = |ruling| entry(GroupId::Coverage, "cursor", ruling, "Read it again.");
    let delivery = |ruling| entry(GroupId::Structure, "opening", ruling, "Read it again.");
    for status in Ruling::STATUSES {
        check(&coverage(Ruling::Status(status)), "");
    }
    for status in [Status::Prompted, Status::NotAssessed] {
        check(
            &coverage(Ruling::Status(status)),
            "`status` must be one of met, partial, mentioned, missed, contradicted",
        );
    }
    check(&coverage(Ruling::Share(50)), "with `status`");
    check(&coverage(Ruling::Withdrawn(true)), "");
    check(&coverage(Ruling::Withdrawn(false)), "`withdrawn`");
    for share in [0, 33, 100] {
        check(&delivery(Ruling::Share(share)), "");
    }
    check(&delivery(Ruling::Share(101)), "`share` must be 0 to 100");
    check(&delivery(Ruling::Status(Status::Met)), "with `share`, in percent");
}

#[test]
fn a_new_value_needs_a_reason_within_bounds() {
    let because = |reason: &str| entry(GroupId::Coverage, "cursor", Ruling::Status(Status::Met), reason);
    for reason in ["", " \n\t"] {
        check(&because(reason), "`reason` is empty");
    }
    check(&because(&"é".repeat(500)), "");
    check(
        &because(&"é".repeat(501)),
        "`reason` has 501 characters, the limit is 500",
    );
    check(&because("a\0b"), "NUL");
    check(
        &entry(GroupId::Coverage, "cursor", Ruling::Withdrawn(true), ""),
        "",
    );
}

#[test]
fn the_document_is_frozen() {
    let documents = [
        (
            fact("cursor", Status::Met),
            json!({"group": "coverage", "criterion": "cursor", "status": "met", "reason": "I said so.", "created_at_us": 7}),
        ),
        (
            entry(
                GroupId::RemoteReadiness,
                "written",
                Ruling::Share(75),
                "In writing.",
            ),
            json!({"group": "remote_readiness", "criterion": "written", "share": 75, "reason": "In writing.", "created_at_us": 7}),
        ),
        (
            entry(GroupId::Coverage, "cursor", Ruling::Withdrawn(true), ""),
            json!({"group": "coverage", "criterion": "cursor", "withdrawn": true, "created_at_us": 7}),
        ),
    ];
    for (given, document) in documents {
        assert_eq!(serde_json::to_value(&given).expect("plain data"), document);
        let mut later = document;
        later["added_by_a_later_version"] = json!(1);
        assert_eq!(serde_json::from_value::<Override>(later).expect("reads"), given);
    }
    let neither = json!({"group": "coverage", "criterion": "cursor", "reason": "Hm.", "created_at_us": 7});
    assert!(serde_json::from_value::<Override>(neither).is_err());
}
