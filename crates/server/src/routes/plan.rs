//! The plan: one, planned anew for each day that a client asks for. The date is always the candidate's own.

use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, HeaderValue};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use jiff::civil::Date;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{NO_STORE, read, wrong};
use crate::app::{App, now_us};
use crate::extract::{JsonBody, NoParams, Params};
use crate::problem::{Problem, empty};
use crate::rendered::Rendered;
use crate::wire::{
    CompetencyBody, DayBody, NewCheck, NewPlan, NewTick, PlanDaysBody, PlanState, PlanTodayBody, ProgressBody,
};

/// Most days asked for at once: the longest plan.
const MAX_DAYS: i32 = domain::plan::MAX_PLAN_DAYS;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DateQuery {
    /// The candidate's date.
    #[param(value_type = String, format = Date)]
    date: Date,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DaysQuery {
    /// The candidate's date; days before it hold what was done. `from` without it.
    #[param(nullable = false, value_type = Option<String>, format = Date)]
    date: Option<Date>,
    /// The first day.
    #[param(value_type = String, format = Date)]
    from: Date,
    /// The last day, at most 182 days later.
    #[param(value_type = String, format = Date)]
    to: Date,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct OffsetQuery {
    /// Minutes that the candidate's clock is ahead of UTC: dates the attempts.
    #[param(nullable = false, minimum = -1080, maximum = 1080, default = 0)]
    utc_offset: Option<i32>,
}

/// The plan there is, what plans start from, and where the defaults come from.
#[utoipa::path(get, path = "/plan", operation_id = "get_plan", tag = "plan", responses(
    (status = 200, body = PlanState),
    (status = 304, description = "As the client has it"),
))]
pub(crate) async fn get(
    State(app): State<App>,
    headers: HeaderMap,
    Params(_): Params<NoParams>,
) -> Result<Response, Problem> {
    let plan = app.practice().plan().await?;
    Ok(Rendered::json(&PlanState::of(plan.as_ref()))?.respond(&headers, NO_STORE))
}

/// Keep the plan. What was done under the one before stays.
#[utoipa::path(put, path = "/plan", operation_id = "put_plan", tag = "plan", request_body = NewPlan, responses(
    (status = 200, body = PlanState),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "A problem: `document_not_found`"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "A problem: `document_changed`"),
))]
pub(crate) async fn put(
    State(app): State<App>,
    Params(_): Params<NoParams>,
    body: JsonBody<NewPlan>,
) -> Result<Response, Problem> {
    let seen = i64::try_from(body.value.version).unwrap_or(i64::MAX);
    let plan = body.value.into_plan().map_err(practice::Error::Document)?;
    let kept = app.practice().put_plan(&plan, seen, now_us()).await?;
    Ok(Rendered::json(&PlanState::of(Some(&kept)))?.respond(&HeaderMap::new(), NO_STORE))
}

/// Delete the plan with what was ticked. Attempts stay.
#[utoipa::path(delete, path = "/plan", operation_id = "delete_plan", tag = "plan", responses(
    (status = 204, description = "There is none now"),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "A problem: `document_not_found`"),
))]
pub(crate) async fn delete(State(app): State<App>, Params(_): Params<NoParams>) -> Result<Response, Problem> {
    app.practice().delete_plan().await?;
    Ok(empty(StatusCode::NO_CONTENT))
}

/// The list of a day, with the phases, what is not held, and the checklist.
#[utoipa::path(get, path = "/plan/today", operation_id = "get_plan_today", tag = "plan", params(DateQuery), responses(
    (status = 200, body = PlanTodayBody),
    (status = 304, description = "As the client has it"),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "A problem: `document_not_found`"),
))]
pub(crate) async fn today(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    Params(query): Params<DateQuery>,
) -> Result<Response, Problem> {
    let make = || async {
        let planned = app.practice().planned(query.date).await?;
        Rendered::json(&PlanTodayBody::from(&planned))
    };
    read(&app, &uri, &headers, NO_STORE, make).await
}

/// The days from one date to another: what was done, and what is planned.
#[utoipa::path(get, path = "/plan/days", operation_id = "get_plan_days", tag = "plan", params(DaysQuery), responses(
    (status = 200, body = PlanDaysBody),
    (status = 304, description = "As the client has it"),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "A problem: `document_not_found`"),
))]
pub(crate) async fn days(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    Params(query): Params<DaysQuery>,
) -> Result<Response, Problem> {
    let DaysQuery { date, from, to } = query;
    if !(0..=MAX_DAYS).contains(&domain::plan::days_between(from, to)) {
        return Err(wrong("to", "must be 0 to 182 days after `from`"));
    }
    let make = || async {
        let days = app.practice().plan_days(date.unwrap_or(from), from, to).await?;
        let days = days.iter().map(DayBody::from).collect();
        Rendered::json(&PlanDaysBody { days })
    };
    read(&app, &uri, &headers, NO_STORE, make).await
}

/// Tick an activity of today or of a day before, or take the tick back.
#[utoipa::path(post, path = "/plan/done", operation_id = "tick_plan", tag = "plan", request_body = NewTick, responses(
    (status = 200, body = PlanTodayBody),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "A problem: `document_not_found`"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "A problem: `document_changed`"),
))]
pub(crate) async fn done(
    State(app): State<App>,
    Params(_): Params<NoParams>,
    body: JsonBody<NewTick>,
) -> Result<Response, Problem> {
    let NewTick {
        date,
        day,
        activity,
        done,
    } = body.value;
    let practice = app.practice();
    practice
        .tick(day.unwrap_or(date), date, &activity, done, now_us())
        .await?;
    let planned = practice.planned(date).await?;
    Ok(Rendered::json(&PlanTodayBody::from(&planned))?.respond(&HeaderMap::new(), NO_STORE))
}

/// Tick or clear a line of the checklist.
#[utoipa::path(post, path = "/plan/checklist", operation_id = "check_plan", tag = "plan", request_body = NewCheck, responses(
    (status = 200, body = PlanTodayBody),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "A problem: `document_not_found`"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "A problem: `document_changed`"),
))]
pub(crate) async fn check(
    State(app): State<App>,
    Params(_): Params<NoParams>,
    body: JsonBody<NewCheck>,
) -> Result<Response, Problem> {
    let NewCheck { date, check, done } = body.value;
    let practice = app.practice();
    practice.check_off(&check, done, now_us()).await?;
    let planned = practice.planned(date).await?;
    Ok(Rendered::json(&PlanTodayBody::from(&planned))?.respond(&HeaderMap::new(), NO_STORE))
}

/// The days ahead as a calendar file. Events keep their UID: importing it again moves them.
#[utoipa::path(get, path = "/plan.ics", operation_id = "get_plan_calendar", tag = "plan", params(DateQuery), responses(
    (status = 200, body = String, content_type = "text/calendar"),
    (status = 304, description = "As the client has it"),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "A problem: `document_not_found`"),
))]
pub(crate) async fn calendar(
    State(app): State<App>,
    headers: HeaderMap,
    Params(query): Params<DateQuery>,
) -> Result<Response, Problem> {
    let text = app.practice().plan_calendar(query.date, now_us()).await?;
    let mut response = Rendered::new(text.into(), "text/calendar; charset=utf-8").respond(&headers, NO_STORE);
    let name = HeaderValue::from_static("attachment; filename=\"spar-plan.ics\"");
    response.headers_mut().insert(CONTENT_DISPOSITION, name);
    Ok(response)
}

/// How each competency stands, with what it rests on; with or without a plan.
#[utoipa::path(get, path = "/progress", operation_id = "get_progress", tag = "plan", params(OffsetQuery), responses(
    (status = 200, body = ProgressBody),
    (status = 304, description = "As the client has it"),
))]
pub(crate) async fn progress(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    Params(query): Params<OffsetQuery>,
) -> Result<Response, Problem> {
    let offset = query.utc_offset.unwrap_or(0);
    if !(-1080..=1080).contains(&offset) {
        return Err(wrong("utc_offset", "must be -1080 to 1080"));
    }
    let make = || async {
        let progress = app.practice().progress(offset).await?;
        let competencies = progress.iter().map(CompetencyBody::from).collect();
        Rendered::json(&ProgressBody { competencies })
    };
    read(&app, &uri, &headers, NO_STORE, make).await
}
