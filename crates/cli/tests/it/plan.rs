//! `spar plan`: made, read for a day, ticked, written as a calendar.

use crate::spar::Spar;

#[test]
fn a_plan_is_made_read_ticked_and_written_as_a_calendar() {
    let spar = Spar::new();
    let none = spar.run(&["plan"]);
    assert_eq!(none.code, 2);
    assert!(
        none.stderr.contains("spar plan set --interview"),
        "{}",
        none.stderr
    );
    let on = ["--date", "2026-11-23", "--json"];
    let run = |args: &[&str]| spar.run(&[&["plan"], args, &on].concat());
    let made = run(&[
        "set",
        "--interview",
        "2027-01-18",
        "--minutes",
        "45,45,45,45,45,0,0",
    ]);
    assert_eq!(made.code, 0, "{}", made.stderr);
    let today = made.json();
    assert_eq!(today["days_left"], 56);
    let minutes = |day: &serde_json::Value| day["minutes"].as_u64().expect("minutes");
    assert!(
        minutes(&today["day"]) <= 45 && minutes(&today["day"]) >= 40,
        "{today}"
    );
    let id = today["day"]["activities"][0]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let ticked = run(&["done", &id]).json();
    assert_eq!(ticked["day"]["activities"][0]["done"], true);
    assert_eq!(run(&["done", &id, "--undo"]).json(), today);
    assert_eq!(run(&["done", "nothing"]).code, 2);
    let week = run(&["week"]).json();
    let days = week["days"].as_array().expect("days");
    assert_eq!(days.len(), 7);
    assert!(
        days.iter()
            .all(|day| minutes(day) <= day["holds"].as_u64().expect("holds"))
    );
    assert_eq!(minutes(&days[5]), 0, "Saturday is off");
    let file = spar.data().join("plan.ics");
    let written = spar.run(&["plan", "--date", "2026-11-23", "--ics", &file.to_string_lossy()]);
    assert_eq!(written.code, 0, "{}", written.stderr);
    let text = std::fs::read_to_string(&file).expect("the calendar");
    assert!(
        text.contains("UID:plan-2026-11-23@spar") && text.contains("UID:plan-interview@spar"),
        "{text}"
    );
    // Changing one setting leaves the others.
    run(&["set", "--level", "senior"]);
    assert_eq!(run(&["week"]).json()["days"][5]["holds"], 0);
    let bad = spar.run(&["plan", "set", "--interview", "soon"]);
    assert_eq!(bad.code, 2);
    assert!(bad.stderr.contains("not a date"), "{}", bad.stderr);
}

#[test]
fn progress_says_what_is_not_measured() {
    let spar = Spar::new();
    let shown = spar.run(&["progress"]);
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    assert!(shown.stdout.contains("not measured yet"), "{}", shown.stdout);
    let file = spar.file(
        "answer.txt",
        "I return 429 with Retry-After and keep the counters in Redis for each key.",
    );
    spar.run(&[
        "try",
        "public-api-rate-limiter",
        &file.to_string_lossy(),
        "--json",
    ]);
    let json = spar.run(&["progress", "--json"]).json();
    let all = json["competencies"].as_array().expect("competencies");
    let own = all
        .iter()
        .find(|c| c["competency"] == "api-contracts")
        .expect("it");
    assert_eq!(own["answered"], 1);
    assert!(own["points"].as_array().is_some_and(|points| !points.is_empty()));
}
