//! The plan over HTTP: made, read for a day, ticked, changed, deleted.

use serde_json::{Value, json};

use crate::{Api, ITEM, WEAK};

const START: &str = "2026-11-23";

fn plan(version: i64) -> Value {
    json!({"version": version, "start": START, "interview": "2027-01-18", "minutes": [60, 60, 60, 60, 60, 0, 0]})
}

async fn planned(api: &Api, date: &str) -> Value {
    api.get(&format!("/api/v1/plan/today?date={date}"))
        .await
        .expect(200)
}

#[tokio::test]
async fn a_plan_starts_from_the_preset_that_fits_and_is_written_by_version() {
    let api = Api::new().await;
    let none = api.get("/api/v1/plan").await.expect(200);
    assert_eq!(none["plan"], Value::Null);
    assert_eq!(none["presets"].as_array().map(Vec::len), Some(3));
    api.get("/api/v1/plan/today?date=2026-11-23")
        .await
        .problem(404, "document_not_found", None);
    let made = api.put("/api/v1/plan", &plan(0)).await.expect(200);
    assert_eq!(made["plan"]["preset"], "eight-weeks");
    assert_eq!(
        made["plan"]["phases"][0]["shares"],
        json!([{"area": "coding", "percent": 60}, {"area": "fundamentals", "percent": 40}])
    );
    api.put("/api/v1/plan", &plan(0))
        .await
        .problem(409, "document_changed", None);
    let mut wrong = plan(1);
    wrong["phases"] = json!([{"title": "All", "days": 1, "shares": [{"area": "coding", "percent": 99}]}]);
    api.put("/api/v1/plan", &wrong)
        .await
        .problem(422, "invalid_field", Some("phases[0].shares"));
    wrong["phases"] = json!([{"title": "All", "days": 1, "shares": [{"area": "coding", "percent": 50}, {"area": "coding", "percent": 50}]}]);
    api.put("/api/v1/plan", &wrong)
        .await
        .problem(422, "invalid_field", Some("phases[0].shares"));
    let mut wrong = plan(1);
    wrong["minutes"] = json!([60]);
    api.put("/api/v1/plan", &wrong)
        .await
        .problem(422, "invalid_field", Some("minutes"));
    api.delete("/api/v1/plan").await.expect(204);
    api.delete("/api/v1/plan")
        .await
        .problem(404, "document_not_found", None);
}

#[tokio::test]
async fn a_day_is_ticked_and_keeps_its_list() {
    let api = Api::new().await;
    api.put("/api/v1/plan", &plan(0)).await.expect(200);
    let before = planned(&api, START).await;
    let activities = before["day"]["activities"].as_array().unwrap().clone();
    assert!(activities.len() > 1, "{before}");
    let minutes: u64 = activities.iter().map(|a| a["minutes"].as_u64().unwrap()).sum();
    assert!(minutes <= 60 && before["day"]["holds"] == 60);
    assert_eq!(before["days_left"], 56);
    let tick = |activity: &str, done: bool| json!({"date": START, "activity": activity, "done": done});
    let id = activities[0]["id"].as_str().unwrap();
    let after = api.post("/api/v1/plan/done", &tick(id, true)).await.expect(200);
    assert_eq!(after["day"]["activities"][0]["done"], true);
    assert_eq!(after["day"]["activities"][0]["id"], id);
    assert_eq!(
        after["day"]["activities"].as_array().map(Vec::len),
        Some(activities.len())
    );
    let back = api.post("/api/v1/plan/done", &tick(id, false)).await.expect(200);
    assert_eq!(back["day"]["activities"], json!(activities));
    api.post("/api/v1/plan/done", &tick("practise.nothing", true))
        .await
        .problem(422, "invalid_field", Some("activity"));
    let ahead = json!({"date": START, "day": "2026-11-24", "activity": id, "done": true});
    api.post("/api/v1/plan/done", &ahead)
        .await
        .problem(422, "invalid_field", Some("day"));
    // Saturday and Sunday are off.
    assert_eq!(planned(&api, "2026-11-28").await["day"]["activities"], json!([]));
}

#[tokio::test]
async fn a_missed_fact_comes_back_with_the_attempt_that_missed_it() {
    let api = Api::new().await;
    let now = jiff::Timestamp::now().in_tz("UTC").unwrap().date();
    let day = |n: i64| now.saturating_add(jiff::Span::new().days(n)).to_string();
    let plan = json!({"version": 0, "start": day(0), "interview": day(56), "minutes": [480, 480, 480, 480, 480, 480, 480]});
    api.put("/api/v1/plan", &plan).await.expect(200);
    let attempt = api.attempt(WEAK).await;
    let retry = |seen: &Value| {
        let activities = seen["day"]["activities"].as_array().unwrap().clone();
        activities
            .into_iter()
            .find(|a| a["id"] == format!("retry.{ITEM}"))
    };
    assert!(retry(&planned(&api, &day(1)).await).is_none());
    let back = retry(&planned(&api, &day(2)).await).expect("it comes back after two days");
    assert_eq!(back["facts"][0]["attempt"], attempt["id"]);
    assert_eq!(back["facts"][0]["must"], true);
    let progress = api.get("/api/v1/progress").await.expect(200);
    let own = progress["competencies"]
        .as_array()
        .unwrap()
        .iter()
        .find(|c| c["answered"] == 1)
        .unwrap()
        .clone();
    assert_eq!(own["points"][0]["attempt"], attempt["id"]);
    assert_eq!(own["gain"], Value::Null);
    // Days before today hold what was done, the others what is planned.
    let days = api
        .get(&format!(
            "/api/v1/plan/days?date={}&from={}&to={}",
            day(1),
            day(0),
            day(3)
        ))
        .await
        .expect(200);
    let days = days["days"].as_array().unwrap();
    assert_eq!(days.len(), 4);
    assert!(
        days[0]["activities"]
            .as_array()
            .unwrap()
            .iter()
            .all(|a| a["done"] == true)
    );
    assert!(retry(&json!({"day": days[2]})).is_some());
    api.get(&format!("/api/v1/plan/days?from={}&to={}", day(3), day(0)))
        .await
        .problem(400, "invalid_parameter", Some("to"));
}

#[tokio::test]
async fn the_checklist_is_ticked_by_hand_and_what_ticks_itself_says_by_what() {
    let api = Api::new().await;
    api.put("/api/v1/plan", &plan(0)).await.expect(200);
    let line = |seen: &Value, id: &str| {
        let lines = seen["checklist"].as_array().unwrap().clone();
        lines.into_iter().find(|l| l["id"] == id).unwrap()
    };
    let tick = |done: bool| json!({"date": START, "check": "company-read", "done": done});
    let seen = api.post("/api/v1/plan/checklist", &tick(true)).await.expect(200);
    assert_eq!(line(&seen, "company-read")["done"], true);
    assert_eq!(line(&seen, "company-read")["by"], Value::Null);
    assert_eq!(line(&seen, "mock-done")["done"], false);
    let seen = api.post("/api/v1/plan/checklist", &tick(false)).await.expect(200);
    assert_eq!(line(&seen, "company-read")["done"], false);
    let unknown = json!({"date": START, "check": "nothing", "done": true});
    api.post("/api/v1/plan/checklist", &unknown)
        .await
        .problem(422, "invalid_field", Some("check"));
}

#[tokio::test]
async fn the_plan_survives_export_wipe_and_import() {
    let api = Api::new().await;
    api.put("/api/v1/plan", &plan(0)).await.expect(200);
    let id = planned(&api, START).await["day"]["activities"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    api.post(
        "/api/v1/plan/done",
        &json!({"date": START, "activity": id, "done": true}),
    )
    .await
    .expect(200);
    let before = planned(&api, START).await;
    let export = api.get("/api/v1/export").await.expect(200);
    api.practice.wipe().await.unwrap();
    assert_eq!(api.get("/api/v1/plan").await.expect(200)["plan"], Value::Null);
    api.post("/api/v1/import", &export).await.expect(200);
    assert_eq!(planned(&api, START).await, before);
}
