//! Entering, changing and withdrawing hearings.

use axum::extract::State;
use axum::http::StatusCode;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::views::{Entered, HearingView, SourceBody, time};
use crate::api::caller::May;
use crate::api::extract::{Json, Path};
use crate::api::problem::{Code, Problem};
use crate::app::App;
use crate::hearings::{
    Adjourned, AdjournedBy, Details, HearingOutcome, Held, ListType, NewHearing, Next, SourceKind,
};
use crate::kernel::permission::permit::WorkOnCases;
use crate::kernel::{CaseId, HearingId, Paise};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(change_hearing))
        .routes(routes!(record_outcome))
        .routes(routes!(withdraw_hearing))
}

/// A hearing to be entered.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewHearing)]
pub(super) struct HearingBody {
    /// The day, in India.
    on_date: NaiveDate,
    /// When it begins, as `HH:MM`.
    starts_at: Option<String>,
    /// Before whom.
    #[schema(max_length = 2000)]
    bench: Option<String>,
    /// In which room.
    #[schema(max_length = 2000)]
    court_hall: Option<String>,
    /// Its number in the day's list.
    #[schema(max_length = 2000)]
    item: Option<String>,
    /// In which list it stands.
    list_type: Option<ListType>,
    /// The stage the case is in.
    #[schema(max_length = 2000)]
    stage: Option<String>,
    /// What it is for.
    #[schema(max_length = 2000)]
    purpose: Option<String>,
    /// How it went, for one that was held.
    outcome: Option<HearingOutcome>,
    /// What was ordered, and what the team should know.
    #[schema(max_length = 2000)]
    note: Option<String>,
    /// The page it is known from.
    source: Option<SourceBody>,
}

impl HearingBody {
    fn hearing(self) -> Result<NewHearing, Problem> {
        let Self {
            on_date,
            starts_at,
            bench,
            court_hall,
            item,
            list_type,
            stage,
            purpose,
            outcome,
            note,
            source,
        } = self;
        Ok(NewHearing {
            on_date,
            starts_at: time(starts_at.as_deref())?,
            bench,
            court_hall,
            item,
            list_type,
            stage,
            purpose,
            outcome,
            note,
            source_kind: SourceKind::Manual,
            source: source.map(Into::into),
            quote: None,
        })
    }
}

/// Enter a hearing
///
/// Where a document gives another day than the one known, both are kept and marked. For
/// those who work on the case.
#[utoipa::path(post, path = "/api/v1/cases/{id}/hearings", tag = "hearings",
    params(("id" = Uuid, Path, description = "The case.")),
    request_body = HearingBody,
    responses((status = 201, description = "It was entered.", body = Entered), Problem))]
pub(super) async fn add_hearing(
    State(app): State<App>,
    May(caller, ..): May<WorkOnCases>,
    Path(id): Path<CaseId>,
    Json(body): Json<HearingBody>,
) -> Result<(StatusCode, Json<Entered>), Problem> {
    let id = app.hearings.add(&caller.scope, id, body.hearing()?).await?;
    Ok((StatusCode::CREATED, Json(Entered { id: id.uuid() })))
}

/// What changes of a hearing; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = HearingDetails)]
struct DetailsBody {
    /// The day it is moved to.
    on_date: Option<NaiveDate>,
    /// Why it is moved.
    #[schema(max_length = 2000)]
    reason: Option<String>,
    /// The page the new day is known from.
    source: Option<SourceBody>,
    /// When it begins, as `HH:MM`.
    starts_at: Option<String>,
    /// Before whom.
    #[schema(max_length = 2000)]
    bench: Option<String>,
    /// In which room.
    #[schema(max_length = 2000)]
    court_hall: Option<String>,
    /// Its number in the day's list.
    #[schema(max_length = 2000)]
    item: Option<String>,
    /// In which list it stands.
    list_type: Option<ListType>,
    /// The stage the case is in.
    #[schema(max_length = 2000)]
    stage: Option<String>,
    /// What it is for.
    #[schema(max_length = 2000)]
    purpose: Option<String>,
    /// What the team should know.
    #[schema(max_length = 2000)]
    note: Option<String>,
}

/// Change a hearing
///
/// A day that moves is kept with who moved it and why; a hearing that was held stays on
/// its day. For those who work on the case.
#[utoipa::path(patch, path = "/api/v1/hearings/{id}/details", tag = "hearings",
    params(("id" = Uuid, Path, description = "The hearing.")),
    request_body = DetailsBody,
    responses((status = 200, description = "The hearing.", body = HearingView), Problem))]
async fn change_hearing(
    State(app): State<App>,
    May(caller, ..): May<WorkOnCases>,
    Path(id): Path<HearingId>,
    Json(body): Json<DetailsBody>,
) -> Result<Json<HearingView>, Problem> {
    let DetailsBody {
        on_date,
        reason,
        source,
        starts_at,
        bench,
        court_hall,
        item,
        list_type,
        stage,
        purpose,
        note,
    } = body;
    let details = Details {
        on_date,
        reason,
        source: source.map(Into::into),
        starts_at: time(starts_at.as_deref())?,
        bench,
        court_hall,
        item,
        list_type,
        stage,
        purpose,
        note,
        read: None,
    };
    app.hearings.change(&caller.scope, id, details).await?;
    Ok(Json(app.hearings.find(&caller.scope, id).await?.into()))
}

/// How a hearing went.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = HearingHeld)]
struct OutcomeBody {
    /// In one word.
    outcome: HearingOutcome,
    /// Whether it was mentioned before the court.
    mentioned: Option<bool>,
    /// Who appeared for this side.
    #[schema(max_length = 2000)]
    appeared_ours: Option<String>,
    /// Who appeared for the other.
    #[schema(max_length = 2000)]
    appeared_theirs: Option<String>,
    /// At whose request it was put off; needed when it was.
    adjourned_by: Option<AdjournedBy>,
    /// Why: a key of `/api/v1/adjournment-reasons`.
    adjourned_reason: Option<String>,
    /// Why, in words.
    #[schema(max_length = 2000)]
    adjourned_words: Option<String>,
    /// Costs that were ordered, in paise.
    #[schema(minimum = 0)]
    costs_paise: Option<i64>,
    /// What was ordered.
    #[schema(max_length = 2000)]
    note: Option<String>,
    /// The stage the case is in.
    #[schema(max_length = 2000)]
    stage: Option<String>,
    /// The next date: it becomes the hearing that follows.
    next_date: Option<NaiveDate>,
    /// When that begins, as `HH:MM`.
    next_starts_at: Option<String>,
    /// What that is for.
    #[schema(max_length = 2000)]
    next_purpose: Option<String>,
    /// The page the next date is known from.
    next_source: Option<SourceBody>,
}

impl OutcomeBody {
    fn held(self) -> Result<Held, Problem> {
        let starts_at = time(self.next_starts_at.as_deref())?;
        let (reason, words) = (self.adjourned_reason, self.adjourned_words);
        if self.next_date.is_none() && (starts_at.is_some() || self.next_purpose.is_some()) {
            return Err(Problem::shown(Code::BadRequest, "give the next date its day"));
        }
        Ok(Held {
            outcome: self.outcome,
            mentioned: self.mentioned.unwrap_or(false),
            appeared_ours: self.appeared_ours,
            appeared_theirs: self.appeared_theirs,
            adjourned: self.adjourned_by.map(|by| Adjourned { by, reason, words }),
            costs: self.costs_paise.map(Paise),
            note: self.note,
            stage: self.stage,
            next: self.next_date.map(|on_date| Next {
                on_date,
                starts_at,
                purpose: self.next_purpose,
                source: self.next_source.map(Into::into),
            }),
            read: None,
        })
    }
}

/// What came of an outcome.
#[derive(Serialize, ToSchema)]
#[schema(as = HearingOutcomeEntered)]
struct OutcomeView {
    /// The hearing, as it stands now.
    hearing: HearingView,
    /// The hearing that follows.
    next_id: Option<HearingId>,
}

/// Enter how a hearing went
///
/// With the next date, which becomes the hearing that follows. Entered again, it corrects
/// what was entered before. For those who work on the case, once the day has come.
#[utoipa::path(post, path = "/api/v1/hearings/{id}/outcome", tag = "hearings",
    params(("id" = Uuid, Path, description = "The hearing.")),
    request_body = OutcomeBody,
    responses((status = 200, description = "The hearing.", body = OutcomeView), Problem))]
async fn record_outcome(
    State(app): State<App>,
    May(caller, ..): May<WorkOnCases>,
    Path(id): Path<HearingId>,
    Json(body): Json<OutcomeBody>,
) -> Result<Json<OutcomeView>, Problem> {
    let next_id = app.hearings.record_outcome(&caller.scope, id, body.held()?).await?;
    let hearing = app.hearings.find(&caller.scope, id).await?.into();
    Ok(Json(OutcomeView { hearing, next_id }))
}

/// Why a hearing is withdrawn.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = HearingWithdrawal)]
struct WithdrawalBody {
    /// The reason, in a few words.
    #[schema(max_length = 2000)]
    reason: String,
}

/// Withdraw a hearing
///
/// For one that was entered by mistake: it stays to be seen, and counts for nothing. For
/// those who work on the case.
#[utoipa::path(post, path = "/api/v1/hearings/{id}/withdraw", tag = "hearings",
    params(("id" = Uuid, Path, description = "The hearing.")),
    request_body = WithdrawalBody,
    responses((status = 200, description = "The hearing.", body = HearingView), Problem))]
async fn withdraw_hearing(
    State(app): State<App>,
    May(caller, ..): May<WorkOnCases>,
    Path(id): Path<HearingId>,
    Json(WithdrawalBody { reason }): Json<WithdrawalBody>,
) -> Result<Json<HearingView>, Problem> {
    app.hearings.withdraw(&caller.scope, id, &reason).await?;
    Ok(Json(app.hearings.find(&caller.scope, id).await?.into()))
}
