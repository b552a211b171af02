//! Fees that fall due, those that were confirmed, and what can be billed.

use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::caller::May;
use crate::api::extract::{Json, Path, Query};
use crate::api::problem::Problem;
use crate::app::App;
use crate::fees::{
    Answer, Charge, ChargeId, ChargeKind, Fee, FeeKind, FeeStatus, NewFee, Proposed, Ref, Work,
};
use crate::kernel::permission::permit::ReadBilling;
use crate::kernel::{AgreedFeeId, CaseId, ExpenseId, FeeId, HearingId, Paise, TimeEntryId};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(list_proposed, decide_fee))
        .routes(routes!(list_fees, add_fee))
        .routes(routes!(take_back_fee))
        .routes(routes!(list_charges))
}

/// Which fees are asked for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct FeeParams {
    /// Of one case; of all whose money the caller sees when left out.
    case: Option<CaseId>,
}

/// A fee that fell due and waits for a decision.
#[derive(Serialize, ToSchema)]
#[schema(as = ProposedFee)]
struct ProposedView {
    /// The line it was agreed in.
    agreed_fee_id: AgreedFeeId,
    /// The hearing it is for; none for a stage.
    hearing_id: Option<HearingId>,
    /// Its case.
    case_id: CaseId,
    /// The case's title.
    case_title: String,
    /// What it is for.
    kind: FeeKind,
    /// The day.
    on: NaiveDate,
    /// In words.
    description: String,
    /// The class of work.
    work: Work,
    /// What was agreed, in paise.
    amount: Paise,
    /// Why it fell due.
    why: String,
}

impl From<Proposed> for ProposedView {
    fn from(fee: Proposed) -> Self {
        let Proposed { of, case_id, case_title, kind, on, description, work, amount, why } = fee;
        let Ref { agreed_fee, hearing } = of;
        Self {
            agreed_fee_id: agreed_fee,
            hearing_id: hearing,
            case_id,
            case_title,
            kind,
            on,
            description,
            work,
            amount,
            why,
        }
    }
}

/// What is decided on a fee that fell due.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FeeDecision)]
struct DecisionBody {
    /// The line it was agreed in.
    agreed_fee_id: AgreedFeeId,
    /// The hearing it is for; none for a stage.
    hearing_id: Option<HearingId>,
    /// Whether it is billed.
    confirm: bool,
    /// Another amount than agreed, in paise.
    amount: Option<Paise>,
    /// Why it is another amount, or is not billed; needed then, and kept.
    #[serde(default)]
    #[schema(max_length = 2000, required = false)]
    reason: String,
}

/// A fee that was decided on, or entered.
#[derive(Serialize, ToSchema)]
struct FeeEntered {
    /// Its id.
    id: FeeId,
}

/// A fee somebody decided on.
#[derive(Serialize, ToSchema)]
#[schema(as = Fee)]
struct FeeView {
    /// Its id.
    id: FeeId,
    /// Its case.
    case_id: CaseId,
    /// What it is for.
    kind: FeeKind,
    /// The day.
    on: NaiveDate,
    /// In words.
    description: String,
    /// The class of work.
    work: Work,
    /// The amount, in paise.
    amount: Paise,
    /// What was agreed, in paise, where it is another amount.
    agreed: Option<Paise>,
    /// Whether it is billed.
    status: FeeStatus,
    /// Why it was declined, or confirmed at another amount.
    reason: Option<String>,
    /// Who decided.
    decided_by: String,
    /// When.
    decided_at: DateTime<Utc>,
    /// Whether it stands on an invoice.
    billed: bool,
}

impl From<Fee> for FeeView {
    fn from(fee: Fee) -> Self {
        let Fee {
            id,
            case_id,
            kind,
            on,
            description,
            work,
            amount,
            agreed,
            status,
            reason,
            decided_by,
            decided_at,
            is_billed,
        } = fee;
        Self {
            id,
            case_id,
            kind,
            on,
            description,
            work,
            amount,
            agreed,
            status,
            reason,
            decided_by,
            decided_at,
            billed: is_billed,
        }
    }
}

/// What a fee entered by hand is for.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = NewFeeKind)]
enum HandKind {
    /// A conference.
    Conference,
    /// A draft.
    Drafting,
    /// Anything else.
    Other,
}

const fn one() -> u32 {
    1
}

/// A fee to be entered by hand.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewFee)]
struct FeeBody {
    /// What it is for.
    kind: HandKind,
    /// The day.
    on: NaiveDate,
    /// In words.
    #[schema(max_length = 2000)]
    description: String,
    /// The class of work; advice and representation when left out.
    work: Option<Work>,
    /// How many conferences, documents or pages; one when left out.
    #[serde(default = "one")]
    #[schema(required = false, minimum = 1, maximum = 10000)]
    quantity: u32,
    /// What it comes to in all, in paise; when left out, what was agreed for one, as many
    /// times.
    amount: Option<Paise>,
}

/// What can stand on an invoice.
#[derive(Serialize, ToSchema)]
#[schema(as = Charge)]
struct ChargeView {
    /// The time it is.
    time_id: Option<TimeEntryId>,
    /// Or the fee.
    fee_id: Option<FeeId>,
    /// Or the expense.
    expense_id: Option<ExpenseId>,
    /// `fee`, `expense` or `senior_fee`.
    kind: &'static str,
    /// The day.
    on: NaiveDate,
    /// The class of work.
    work: Work,
    /// In words.
    description: String,
    /// Who worked; nobody for a fee or expense.
    who: Option<String>,
    /// The minutes that are billed, of time.
    minutes: Option<i64>,
    /// Whether it was paid as the client's pure agent.
    pure_agent: bool,
    /// What it comes to, in paise, before tax.
    amount: Paise,
}

impl From<Charge> for ChargeView {
    fn from(charge: Charge) -> Self {
        let Charge {
            id,
            case_id: _,
            on,
            kind,
            work,
            description,
            who,
            minutes,
            pure_agent,
            amount,
        } = charge;
        let (time_id, fee_id, expense_id) = match id {
            ChargeId::Time(id) => (Some(id), None, None),
            ChargeId::Fee(id) => (None, Some(id), None),
            ChargeId::Expense(id) => (None, None, Some(id)),
        };
        let kind = match kind {
            ChargeKind::Fee => "fee",
            ChargeKind::Clerkage => "clerkage",
            ChargeKind::Expense => "expense",
            ChargeKind::SeniorFee => "senior_fee",
        };
        Self {
            time_id,
            fee_id,
            expense_id,
            kind,
            on,
            work,
            description,
            who,
            minutes,
            pure_agent,
            amount,
        }
    }
}

/// List the fees that fell due
///
/// From hearings with an outcome and stages that were reached, as long as nobody decided on
/// them. For admins, billing, and those who lead the case.
#[utoipa::path(get, path = "/api/v1/fees/proposed", tag = "fees", params(FeeParams),
    responses((status = 200, description = "The fees.", body = [ProposedView]), Problem))]
async fn list_proposed(
    State(app): State<App>,
    May(caller, ..): May<ReadBilling>,
    Query(FeeParams { case }): Query<FeeParams>,
) -> Result<Json<Vec<ProposedView>>, Problem> {
    let found = app.fees.proposed(&caller.scope, case).await?;
    Ok(Json(found.into_iter().map(ProposedView::from).collect()))
}

/// Confirm or decline a fee that fell due
///
/// Nothing is billed that nobody confirmed. For admins, billing, and those who lead the
/// case.
#[utoipa::path(post, path = "/api/v1/fees/proposed", tag = "fees", request_body = DecisionBody,
    responses((status = 201, description = "It is decided.", body = FeeEntered), Problem))]
async fn decide_fee(
    State(app): State<App>,
    May(caller, ..): May<ReadBilling>,
    Json(body): Json<DecisionBody>,
) -> Result<(StatusCode, Json<FeeEntered>), Problem> {
    let DecisionBody { agreed_fee_id, hearing_id, confirm, amount, reason } = body;
    let of = Ref { agreed_fee: agreed_fee_id, hearing: hearing_id };
    let answer = if confirm { Answer::Confirm { amount, reason } } else { Answer::Decline(reason) };
    let id = app.fees.decide(&caller.scope, of, answer).await?;
    Ok((StatusCode::CREATED, Json(FeeEntered { id })))
}

/// List the fees of a case
///
/// Those somebody confirmed, declined or entered, the latest first. For admins, billing,
/// and those who lead the case.
#[utoipa::path(get, path = "/api/v1/cases/{id}/fees", tag = "fees",
    params(("id" = Uuid, Path, description = "The case.")),
    responses((status = 200, description = "The fees.", body = [FeeView]), Problem))]
async fn list_fees(
    State(app): State<App>,
    May(caller, ..): May<ReadBilling>,
    Path(id): Path<CaseId>,
) -> Result<Json<Vec<FeeView>>, Problem> {
    let found = app.fees.fees_of(&caller.scope, id).await?;
    Ok(Json(found.into_iter().map(FeeView::from).collect()))
}

/// Enter a fee
///
/// For a conference, a draft, or something else. For admins, billing, and those who lead
/// the case.
#[utoipa::path(post, path = "/api/v1/cases/{id}/fees", tag = "fees",
    params(("id" = Uuid, Path, description = "The case.")), request_body = FeeBody,
    responses((status = 201, description = "It is entered.", body = FeeEntered), Problem))]
async fn add_fee(
    State(app): State<App>,
    May(caller, ..): May<ReadBilling>,
    Path(case): Path<CaseId>,
    Json(body): Json<FeeBody>,
) -> Result<(StatusCode, Json<FeeEntered>), Problem> {
    let FeeBody { kind, on, description, work, quantity, amount } = body;
    let kind = match kind {
        HandKind::Conference => FeeKind::Conference,
        HandKind::Drafting => FeeKind::Drafting,
        HandKind::Other => FeeKind::Other,
    };
    let work = work.unwrap_or_default();
    let new = NewFee { case, kind, on, description, work, quantity, amount };
    let id = app.fees.add_fee(&caller.scope, new).await?;
    Ok((StatusCode::CREATED, Json(FeeEntered { id })))
}

/// Take a fee back
///
/// While it is not billed: what fell due is proposed again, what was entered by hand is
/// gone. For admins, billing, and those who lead the case.
#[utoipa::path(delete, path = "/api/v1/fees/{id}", tag = "fees",
    params(("id" = Uuid, Path, description = "The fee.")),
    responses((status = 204, description = "It is taken back."), Problem))]
async fn take_back_fee(
    State(app): State<App>,
    May(caller, ..): May<ReadBilling>,
    Path(id): Path<FeeId>,
) -> Result<StatusCode, Problem> {
    app.fees.take_back_fee(&caller.scope, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// List what can be billed in a case
///
/// Time, confirmed fees and expenses that are on no invoice, by day. For admins, billing,
/// and those who lead the case.
#[utoipa::path(get, path = "/api/v1/cases/{id}/charges", tag = "fees",
    params(("id" = Uuid, Path, description = "The case.")),
    responses((status = 200, description = "The charges.", body = [ChargeView]), Problem))]
async fn list_charges(
    State(app): State<App>,
    May(caller, ..): May<ReadBilling>,
    Path(id): Path<CaseId>,
) -> Result<Json<Vec<ChargeView>>, Problem> {
    let found = app.fees.charges(&caller.scope, id).await?;
    Ok(Json(found.into_iter().map(ChargeView::from).collect()))
}
