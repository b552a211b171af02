//! What was agreed on the fees of a case.

use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::caller::May;
use crate::api::extract::{Json, Path};
use crate::api::problem::Problem;
use crate::app::App;
use crate::fees::{AgreedFee, Agreement, DraftUnit, FeeModel, NewAgreedFee, NewAgreement, Work};
use crate::kernel::permission::permit::ReadBilling;
use crate::kernel::{AgreedFeeId, CaseId, DocumentId, FeeAgreementId, Paise, day_in_india};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(list_agreements, add_agreement))
        .routes(routes!(end_agreement))
        .routes(routes!(reach_stage))
}

/// A line of an agreement.
#[derive(Serialize, ToSchema)]
#[schema(as = AgreedFee)]
struct AgreedFeeView {
    /// Its id.
    id: AgreedFeeId,
    /// How the fee is counted.
    model: FeeModel,
    /// What it is for.
    description: String,
    /// The class of work.
    work: Work,
    /// The amount, in paise; of an appearance, of one that was effective.
    amount: Option<Paise>,
    /// Of an appearance that was not reached, in paise.
    not_reached: Option<Paise>,
    /// Of an appearance that was adjourned, in paise.
    adjourned: Option<Paise>,
    /// Of clerkage: the share of the fees, in hundredths of a per cent.
    basis_points: Option<i64>,
    /// Of drafting.
    unit: Option<DraftUnit>,
    /// Of a stage: the day it falls due.
    due_on: Option<NaiveDate>,
    /// Of a stage: the day it was reached.
    done_on: Option<NaiveDate>,
}

impl From<AgreedFee> for AgreedFeeView {
    fn from(fee: AgreedFee) -> Self {
        let AgreedFee { id, line, done_on } = fee;
        let NewAgreedFee {
            model,
            description,
            work,
            amount,
            not_reached,
            adjourned,
            basis_points,
            unit,
            due_on,
        } = line;
        Self {
            id,
            model,
            description: description.unwrap_or_default(),
            work,
            amount,
            not_reached,
            adjourned,
            basis_points,
            unit,
            due_on,
            done_on,
        }
    }
}

/// What was agreed on the fees of a case.
#[derive(Serialize, ToSchema)]
#[schema(as = FeeAgreement)]
struct AgreementView {
    /// Its id.
    id: FeeAgreementId,
    /// The case.
    case_id: CaseId,
    /// The day it was agreed.
    agreed_on: NaiveDate,
    /// The first day it is for.
    valid_from: NaiveDate,
    /// The last day.
    valid_to: Option<NaiveDate>,
    /// Whether it stands today.
    stands: bool,
    /// The signed letter, a document of the case.
    letter_id: Option<DocumentId>,
    /// Whether GST comes on top where it applies.
    gst_extra: bool,
    /// What the fees are estimated not to exceed, in paise.
    cap: Option<Paise>,
    /// Anything else that was agreed.
    note: Option<String>,
    /// Who entered it.
    added_by: String,
    /// When.
    added_at: DateTime<Utc>,
    /// The fees.
    lines: Vec<AgreedFeeView>,
}

impl AgreementView {
    fn of(agreement: Agreement, today: NaiveDate) -> Self {
        let stands = agreement.stands_on(today);
        let Agreement {
            id,
            case_id,
            agreed_on,
            valid_from,
            valid_to,
            letter,
            gst_extra,
            cap,
            note,
            added_by,
            added_at,
            lines,
        } = agreement;
        Self {
            id,
            case_id,
            agreed_on,
            valid_from,
            valid_to,
            stands,
            letter_id: letter,
            gst_extra,
            cap,
            note,
            added_by,
            added_at,
            lines: lines.into_iter().map(AgreedFeeView::from).collect(),
        }
    }
}

/// A line of an agreement to be made. Each model takes what it needs of this.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewAgreedFee)]
struct AgreedFeeBody {
    /// How the fee is counted.
    model: FeeModel,
    /// What it is for; of a stage, its name.
    #[schema(max_length = 2000)]
    description: Option<String>,
    /// The class of work; advice and representation when left out.
    work: Option<Work>,
    /// The amount, in paise; of an appearance, of one that was effective.
    amount: Option<Paise>,
    /// Of an appearance that was not reached, in paise.
    not_reached: Option<Paise>,
    /// Of an appearance that was adjourned, in paise.
    adjourned: Option<Paise>,
    /// Of clerkage: the share of the fees, in hundredths of a per cent.
    basis_points: Option<i64>,
    /// Of drafting: by the document when left out.
    unit: Option<DraftUnit>,
    /// Of a stage: the day it falls due even when it is not marked as reached.
    due_on: Option<NaiveDate>,
}

impl AgreedFeeBody {
    fn line(self) -> NewAgreedFee {
        let Self {
            model,
            description,
            work,
            amount,
            not_reached,
            adjourned,
            basis_points,
            unit,
            due_on,
        } = self;
        NewAgreedFee {
            model,
            description,
            work: work.unwrap_or_default(),
            amount,
            not_reached,
            adjourned,
            basis_points,
            unit,
            due_on,
        }
    }
}

/// An agreement to be entered.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewFeeAgreement)]
struct AgreementBody {
    /// The day it was agreed; today when left out.
    agreed_on: Option<NaiveDate>,
    /// The first day it is for; the day it was agreed when left out.
    valid_from: Option<NaiveDate>,
    /// The last day.
    valid_to: Option<NaiveDate>,
    /// The signed letter, a document of the case.
    letter_id: Option<DocumentId>,
    /// Whether GST comes on top where it applies.
    #[serde(default)]
    #[schema(required = false)]
    gst_extra: bool,
    /// What the fees are estimated not to exceed, in paise.
    cap: Option<Paise>,
    /// Anything else that was agreed.
    #[schema(max_length = 2000)]
    note: Option<String>,
    /// The fees: one at least.
    lines: Vec<AgreedFeeBody>,
}

/// An agreement that was entered.
#[derive(Serialize, ToSchema)]
struct AgreementEntered {
    /// Its id.
    id: FeeAgreementId,
}

/// How long an agreement holds.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AgreementEnd)]
struct EndBody {
    /// Its last day.
    last: NaiveDate,
}

/// When a stage was reached.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = StageReached)]
struct ReachedBody {
    /// The day.
    on: NaiveDate,
}

/// List what was agreed on the fees of a case
///
/// The newest first. For admins, billing, and those who lead the case.
#[utoipa::path(get, path = "/api/v1/cases/{id}/agreements", tag = "fees",
    params(("id" = Uuid, Path, description = "The case.")),
    responses((status = 200, description = "The agreements.", body = [AgreementView]), Problem))]
async fn list_agreements(
    State(app): State<App>,
    May(caller, ..): May<ReadBilling>,
    Path(id): Path<CaseId>,
) -> Result<Json<Vec<AgreementView>>, Problem> {
    let today = day_in_india(app.clock.now());
    let found = app.fees.agreements(&caller.scope, id).await?;
    Ok(Json(found.into_iter().map(|one| AgreementView::of(one, today)).collect()))
}

/// Enter what was agreed on the fees of a case
///
/// It is not changed afterwards: end it and enter another. For admins, billing, and those
/// who lead the case.
#[utoipa::path(post, path = "/api/v1/cases/{id}/agreements", tag = "fees",
    params(("id" = Uuid, Path, description = "The case.")), request_body = AgreementBody,
    responses((status = 201, description = "It is entered.", body = AgreementEntered), Problem))]
async fn add_agreement(
    State(app): State<App>,
    May(caller, ..): May<ReadBilling>,
    Path(id): Path<CaseId>,
    Json(body): Json<AgreementBody>,
) -> Result<(StatusCode, Json<AgreementEntered>), Problem> {
    let AgreementBody { agreed_on, valid_from, valid_to, letter_id, gst_extra, cap, note, lines } =
        body;
    let agreed_on = agreed_on.unwrap_or_else(|| day_in_india(app.clock.now()));
    let new = NewAgreement {
        case: id,
        agreed_on,
        valid_from: valid_from.unwrap_or(agreed_on),
        valid_to,
        letter: letter_id,
        gst_extra,
        cap,
        note,
        lines: lines.into_iter().map(AgreedFeeBody::line).collect(),
    };
    let id = app.fees.agree(&caller.scope, new).await?;
    Ok((StatusCode::CREATED, Json(AgreementEntered { id })))
}

/// End an agreement
///
/// With a last day. For admins, billing, and those who lead the case.
#[utoipa::path(post, path = "/api/v1/agreements/{id}/end", tag = "fees",
    params(("id" = Uuid, Path, description = "The agreement.")), request_body = EndBody,
    responses((status = 204, description = "It ends."), Problem))]
async fn end_agreement(
    State(app): State<App>,
    May(caller, ..): May<ReadBilling>,
    Path(id): Path<FeeAgreementId>,
    Json(EndBody { last }): Json<EndBody>,
) -> Result<StatusCode, Problem> {
    app.fees.end_agreement(&caller.scope, id, last).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Mark a stage as reached
///
/// Its lump sum then waits to be confirmed. For admins, billing, and those who lead the
/// case.
#[utoipa::path(post, path = "/api/v1/agreed-fees/{id}/reached", tag = "fees",
    params(("id" = Uuid, Path, description = "The line of the agreement.")),
    request_body = ReachedBody,
    responses((status = 204, description = "It is reached."), Problem))]
async fn reach_stage(
    State(app): State<App>,
    May(caller, ..): May<ReadBilling>,
    Path(id): Path<AgreedFeeId>,
    Json(ReachedBody { on }): Json<ReachedBody>,
) -> Result<StatusCode, Problem> {
    app.fees.reach_stage(&caller.scope, id, on).await?;
    Ok(StatusCode::NO_CONTENT)
}
