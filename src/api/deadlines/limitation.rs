//! Rules of limitation, working them out, and keeping them in a case.

use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::caller::May;
use crate::api::extract::{Json, Path};
use crate::api::problem::Problem;
use crate::app::App;
use crate::deadlines::kept::{Kept, NewLimitation, Place, Review, ReviewedRule, WorkedOut};
use crate::deadlines::limitation::{Asked, Rule, Worked};
use crate::kernel::permission::permit::{ReadCases, SetChamber, WorkOnCases};
use crate::kernel::{CaseId, HolidayCalendarId, LimitationId, TaskId, UserId};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(list_rules))
        .routes(routes!(review_rule, unreview_rule))
        .routes(routes!(work_out))
        .routes(routes!(list_limitations, keep_limitation))
        .routes(routes!(show_limitation, drop_limitation))
        .routes(routes!(work_out_again))
}

/// Who of the chamber checked a rule.
#[derive(Serialize, ToSchema)]
#[schema(as = LimitationReview)]
struct ReviewView {
    /// Their name.
    by: String,
    /// When.
    at: DateTime<Utc>,
}

impl From<Review> for ReviewView {
    fn from(review: Review) -> Self {
        let Review { by_name, reviewed_at } = review;
        Self { by: by_name, at: reviewed_at }
    }
}

/// A rule with its fingerprint and who checked it.
#[derive(Serialize, ToSchema)]
#[schema(as = LimitationRuleView)]
struct RuleView {
    /// The rule.
    rule: Rule,
    /// The fingerprint of its text; needed to say that it was checked.
    hash: String,
    /// Who of the chamber checked this text.
    review: Option<ReviewView>,
}

impl From<ReviewedRule> for RuleView {
    fn from(found: ReviewedRule) -> Self {
        let ReviewedRule { rule, review } = found;
        Self { rule: rule.clone(), hash: rule.hash(), review: review.map(ReviewView::from) }
    }
}

/// The text of a rule that was read.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LimitationRuleRead)]
struct ReadBody {
    /// Its fingerprint, from the list of rules.
    hash: String,
}

/// What is to be worked out, and for which court.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LimitationAsked)]
struct AskedBody {
    /// The rule and the dates.
    dates: Asked,
    /// A case, for whose court's calendar it is.
    case_id: Option<CaseId>,
    /// A calendar, whatever the court of the case.
    calendar_id: Option<HolidayCalendarId>,
}

/// A limitation as it was worked out just now.
#[derive(Serialize, ToSchema)]
#[schema(as = LimitationWorkedOut)]
struct WorkedView {
    /// Its steps and days.
    worked: Worked,
    /// The calendar that was looked at.
    calendar_id: Option<HolidayCalendarId>,
    /// Who of the chamber checked the rule.
    review: Option<ReviewView>,
}

impl From<WorkedOut> for WorkedView {
    fn from(out: WorkedOut) -> Self {
        let WorkedOut { worked, calendar, review } = out;
        Self { worked, calendar_id: calendar, review: review.map(ReviewView::from) }
    }
}

/// A limitation to be kept.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewLimitation)]
struct KeepBody {
    /// The rule and the dates.
    dates: Asked,
    /// A calendar, whatever the court of the case.
    calendar_id: Option<HolidayCalendarId>,
    /// What the deadline says; worded from the rule when left out.
    #[schema(max_length = 2000)]
    title: Option<String>,
    /// Whom the deadline is given to.
    assignee_id: Option<UserId>,
}

/// What was kept.
#[derive(Serialize, ToSchema)]
#[schema(as = LimitationKept)]
struct KeptIds {
    /// The limitation.
    id: LimitationId,
    /// The deadline of its last day.
    deadline_id: TaskId,
}

/// A limitation that was kept in a case.
#[derive(Serialize, ToSchema)]
#[schema(as = Limitation)]
struct KeptView {
    /// Its id.
    id: LimitationId,
    /// Of which case.
    case_id: CaseId,
    /// The case's title.
    case_title: String,
    /// The rule and the dates.
    dates: Asked,
    /// Its steps and days, as they were worked out then.
    worked: Worked,
    /// The calendar that was looked at.
    calendar_id: Option<HolidayCalendarId>,
    /// The deadline it became.
    deadline_id: Option<TaskId>,
    /// Who kept it.
    kept_by: String,
    /// When.
    kept_at: DateTime<Utc>,
    /// Whether another counts in its place, or none does.
    replaced: bool,
    /// What changed since in the rule or calendar; empty when nothing did.
    stale: Vec<&'static str>,
}

impl From<Kept> for KeptView {
    fn from(kept: Kept) -> Self {
        let Kept {
            id,
            case_id,
            case_title,
            asked,
            worked,
            calendar,
            task,
            kept_by,
            kept_at,
            replaced,
            stale,
        } = kept;
        Self {
            id,
            case_id,
            case_title,
            dates: asked,
            worked,
            calendar_id: calendar,
            deadline_id: task,
            kept_by,
            kept_at,
            replaced,
            stale,
        }
    }
}

/// What was worked out again.
#[derive(Serialize, ToSchema)]
#[schema(as = LimitationAgain)]
struct AgainView {
    /// The limitation that counts now.
    id: LimitationId,
}

/// List the rules of limitation
///
/// Each with its authority, its source, and who of the chamber compared it with the law.
/// For those who may see cases.
#[utoipa::path(get, path = "/api/v1/limitation/rules", tag = "deadlines",
    responses((status = 200, description = "The rules.", body = [RuleView]), Problem))]
async fn list_rules(
    State(app): State<App>,
    May(caller, ..): May<ReadCases>,
) -> Result<Json<Vec<RuleView>>, Problem> {
    let rules = app.deadlines.rules(&caller.scope).await?;
    Ok(Json(rules.into_iter().map(RuleView::from).collect()))
}

/// Mark a rule as checked
///
/// With the fingerprint of the text that was read: if the text changes the rule counts as
/// unchecked again. For admins.
#[utoipa::path(post, path = "/api/v1/limitation/rules/{rule}/review", tag = "deadlines",
    params(("rule" = String, Path, description = "The rule.")), request_body = ReadBody,
    responses((status = 204, description = "It is marked."), Problem))]
async fn review_rule(
    State(app): State<App>,
    May(caller, ..): May<SetChamber>,
    Path(rule): Path<String>,
    Json(ReadBody { hash }): Json<ReadBody>,
) -> Result<StatusCode, Problem> {
    app.deadlines.review(&caller.scope, &rule, &hash).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take back that a rule was checked
///
/// For admins.
#[utoipa::path(delete, path = "/api/v1/limitation/rules/{rule}/review", tag = "deadlines",
    params(("rule" = String, Path, description = "The rule.")), request_body = ReadBody,
    responses((status = 204, description = "It is not marked any more."), Problem))]
async fn unreview_rule(
    State(app): State<App>,
    May(caller, ..): May<SetChamber>,
    Path(rule): Path<String>,
    Json(ReadBody { hash }): Json<ReadBody>,
) -> Result<StatusCode, Problem> {
    app.deadlines.unreview(&caller.scope, &rule, &hash).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Work a limitation out
///
/// Gives every step with its day and authority, the strict last day, what a holiday rule
/// gives beside it, and warnings. Nothing is kept. For those who may see cases.
#[utoipa::path(post, path = "/api/v1/limitation", tag = "deadlines", request_body = AskedBody,
    responses((status = 200, description = "The working.", body = WorkedView), Problem))]
async fn work_out(
    State(app): State<App>,
    May(caller, ..): May<ReadCases>,
    Json(body): Json<AskedBody>,
) -> Result<Json<WorkedView>, Problem> {
    let AskedBody { dates, case_id, calendar_id } = body;
    let place = Place { case: case_id, calendar: calendar_id };
    Ok(Json(app.deadlines.work_out(&caller.scope, &dates, place).await?.into()))
}

/// List the limitations kept in a case
///
/// Those that count, by last day, each with what changed since. For those to whom the case
/// is open.
#[utoipa::path(get, path = "/api/v1/cases/{id}/limitations", tag = "deadlines",
    params(("id" = Uuid, Path, description = "The case.")),
    responses((status = 200, description = "The limitations.", body = [KeptView]), Problem))]
async fn list_limitations(
    State(app): State<App>,
    May(caller, ..): May<ReadCases>,
    Path(id): Path<CaseId>,
) -> Result<Json<Vec<KeptView>>, Problem> {
    let kept = app.deadlines.kept(&caller.scope, id).await?;
    Ok(Json(kept.into_iter().map(KeptView::from).collect()))
}

/// Keep a limitation in a case
///
/// With all its working; its last day becomes a deadline of the case. For those who work
/// on the case.
#[utoipa::path(post, path = "/api/v1/cases/{id}/limitations", tag = "deadlines",
    params(("id" = Uuid, Path, description = "The case.")), request_body = KeepBody,
    responses((status = 201, description = "It was kept.", body = KeptIds), Problem))]
async fn keep_limitation(
    State(app): State<App>,
    May(caller, ..): May<WorkOnCases>,
    Path(id): Path<CaseId>,
    Json(body): Json<KeepBody>,
) -> Result<(StatusCode, Json<KeptIds>), Problem> {
    let KeepBody { dates, calendar_id, title, assignee_id } = body;
    let new = NewLimitation {
        asked: dates,
        case: id,
        calendar: calendar_id,
        title,
        assignee: assignee_id,
    };
    let (id, deadline_id) = app.deadlines.keep(&caller.scope, new).await?;
    Ok((StatusCode::CREATED, Json(KeptIds { id, deadline_id })))
}

/// Show a kept limitation
///
/// For those to whom its case is open.
#[utoipa::path(get, path = "/api/v1/limitations/{id}", tag = "deadlines",
    params(("id" = Uuid, Path, description = "The limitation.")),
    responses((status = 200, description = "The limitation.", body = KeptView), Problem))]
async fn show_limitation(
    State(app): State<App>,
    May(caller, ..): May<ReadCases>,
    Path(id): Path<LimitationId>,
) -> Result<Json<KeptView>, Problem> {
    Ok(Json(app.deadlines.kept_one(&caller.scope, id).await?.into()))
}

/// Take a limitation out of a case
///
/// Its deadline is cancelled with it. For those who work on the case.
#[utoipa::path(delete, path = "/api/v1/limitations/{id}", tag = "deadlines",
    params(("id" = Uuid, Path, description = "The limitation.")),
    responses((status = 204, description = "It does not count any more."), Problem))]
async fn drop_limitation(
    State(app): State<App>,
    May(caller, ..): May<WorkOnCases>,
    Path(id): Path<LimitationId>,
) -> Result<StatusCode, Problem> {
    app.deadlines.drop_kept(&caller.scope, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Work a kept limitation out again
///
/// With the rule and calendar as they are now. The new one counts, and its last day becomes
/// the day of the deadline. For those who work on the case.
#[utoipa::path(post, path = "/api/v1/limitations/{id}/again", tag = "deadlines",
    params(("id" = Uuid, Path, description = "The limitation.")),
    responses((status = 201, description = "It was worked out.", body = AgainView), Problem))]
async fn work_out_again(
    State(app): State<App>,
    May(caller, ..): May<WorkOnCases>,
    Path(id): Path<LimitationId>,
) -> Result<(StatusCode, Json<AgainView>), Problem> {
    let id = app.deadlines.again(&caller.scope, id).await?;
    Ok((StatusCode::CREATED, Json(AgainView { id })))
}
