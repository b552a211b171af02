//! Bills that are issued.

use axum::extract::State;
use axum::http::StatusCode;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::views::{DetailView, InvoiceView};
use crate::api::caller::May;
use crate::api::extract::{Json, Path, Query};
use crate::api::problem::Problem;
use crate::app::App;
use crate::billing::{Invoices, Issue, IssuedBill, NewCredit};
use crate::kernel::permission::permit::{KeepBooks, ReadBilling};
use crate::kernel::{CaseId, ClientId, CreditNoteId, InvoiceId, LedgerEntryId, Paise};

/// Which bills.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct InvoicesQuery {
    /// Of one case.
    case: Option<CaseId>,
    /// Of one client.
    client: Option<ClientId>,
    /// Only those not paid in full.
    #[serde(default)]
    #[param(required = false)]
    unpaid: bool,
    /// Also those that were cancelled.
    #[serde(default)]
    #[param(required = false)]
    cancelled: bool,
}

/// List the bills that were issued
///
/// The latest first, 20,000 at most; of the cases whose money the caller may see.
#[utoipa::path(get, path = "/api/v1/invoices", tag = "billing", params(InvoicesQuery),
    responses((status = 200, description = "The bills.", body = [InvoiceView]), Problem))]
pub(super) async fn list_invoices(
    State(app): State<App>,
    May(caller, ..): May<ReadBilling>,
    Query(query): Query<InvoicesQuery>,
) -> Result<Json<Vec<InvoiceView>>, Problem> {
    let InvoicesQuery { case, client, unpaid, cancelled } = query;
    let asked = Invoices { case, client, unpaid, cancelled };
    let found = app.billing.invoices(&caller.scope, asked).await?;
    Ok(Json(found.into_iter().map(InvoiceView::from).collect()))
}

/// Show a bill
///
/// A draft, with what it would come to and what it lacks, or one that was issued. For those
/// who may see its money.
#[utoipa::path(get, path = "/api/v1/invoices/{id}", tag = "billing",
    params(("id" = Uuid, Path, description = "The bill.")),
    responses((status = 200, description = "The bill.", body = DetailView), Problem))]
pub(super) async fn show_invoice(
    State(app): State<App>,
    May(caller, ..): May<ReadBilling>,
    Path(id): Path<InvoiceId>,
) -> Result<Json<DetailView>, Problem> {
    if app.billing.is_draft(&caller.scope, id).await? {
        return Ok(Json(app.billing.draft(&caller.scope, id).await?.into()));
    }
    Ok(Json(app.billing.issued(&caller.scope, id).await?.into()))
}

/// How a draft is issued.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = IssueInvoice)]
pub(super) struct IssueBody {
    /// The day of issue; today when left out. Not ahead, and not before the last of its
    /// series.
    on: Option<NaiveDate>,
    /// When it is to be paid; the terms say it when left out.
    due_on: Option<NaiveDate>,
}

/// A bill that was issued.
#[derive(Serialize, ToSchema)]
pub(super) struct IssuedInvoice {
    /// Its id.
    id: InvoiceId,
    /// Its number.
    number: String,
    /// What is to be paid.
    total: Paise,
}

/// Issue a draft
///
/// It gets the next number of its series and never changes again. For those who keep the
/// books.
#[utoipa::path(post, path = "/api/v1/invoices/{id}/issue", tag = "billing",
    request_body = IssueBody,
    params(("id" = Uuid, Path, description = "The draft.")),
    responses((status = 200, description = "It is issued.", body = IssuedInvoice), Problem))]
pub(super) async fn issue_invoice(
    State(app): State<App>,
    May(caller, ..): May<KeepBooks>,
    Path(id): Path<InvoiceId>,
    Json(IssueBody { on, due_on }): Json<IssueBody>,
) -> Result<Json<IssuedInvoice>, Problem> {
    let IssuedBill { id, number, total } =
        app.billing.issue(&caller.scope, id, Issue { on, due_on }).await?;
    Ok(Json(IssuedInvoice { id, number, total }))
}

/// What takes a bill back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewCreditNote)]
pub(super) struct CreditBody {
    /// How much, in paise, with its tax; at most what is open.
    amount: Paise,
    /// Why.
    #[schema(max_length = 500)]
    reason: String,
    /// The day; today when left out.
    on: Option<NaiveDate>,
    /// Whether the charges of a bill that is cancelled are unbilled again.
    #[serde(default)]
    #[schema(required = false)]
    release: bool,
}

/// A credit note that was issued.
#[derive(Serialize, ToSchema)]
pub(super) struct IssuedCreditNote {
    /// Its id.
    id: CreditNoteId,
}

/// Take a bill back, whole or in part
///
/// By a credit note with a number of its own; all that is open of a bill nobody paid cancels
/// it. For those who keep the books.
#[utoipa::path(post, path = "/api/v1/invoices/{id}/credit-notes", tag = "billing",
    request_body = CreditBody,
    params(("id" = Uuid, Path, description = "The bill.")),
    responses((status = 201, description = "The credit note.", body = IssuedCreditNote), Problem))]
pub(super) async fn credit_invoice(
    State(app): State<App>,
    May(caller, ..): May<KeepBooks>,
    Path(id): Path<InvoiceId>,
    Json(CreditBody { amount, reason, on, release }): Json<CreditBody>,
) -> Result<(StatusCode, Json<IssuedCreditNote>), Problem> {
    let new = NewCredit { amount, reason, on, release, id: None };
    let id = app.billing.credit(&caller.scope, id, new).await?;
    Ok((StatusCode::CREATED, Json(IssuedCreditNote { id })))
}

/// Money of the client that pays a bill.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ApplyAdvance)]
pub(super) struct ApplyBody {
    /// How much, in paise.
    amount: Paise,
    /// How and when the client agreed.
    #[schema(max_length = 500)]
    consent: String,
    /// A word of the caller's: the same again enters nothing.
    #[schema(max_length = 100)]
    idempotency_key: Option<String>,
}

/// An entry of client money that was made.
#[derive(Serialize, ToSchema)]
pub(super) struct MadeEntry {
    /// Its id.
    pub(super) id: LedgerEntryId,
}

/// Pay a bill from the client's money
///
/// It needs the client's word. For those who keep the books.
#[utoipa::path(post, path = "/api/v1/invoices/{id}/apply-advance", tag = "billing",
    request_body = ApplyBody,
    params(("id" = Uuid, Path, description = "The bill.")),
    responses((status = 201, description = "The entry.", body = MadeEntry), Problem))]
pub(super) async fn apply_advance(
    State(app): State<App>,
    May(caller, ..): May<KeepBooks>,
    Path(id): Path<InvoiceId>,
    Json(body): Json<ApplyBody>,
) -> Result<(StatusCode, Json<MadeEntry>), Problem> {
    let ApplyBody { amount, consent, idempotency_key } = body;
    let how = (amount, consent.as_str(), idempotency_key.as_deref());
    let id = app.billing.apply_advance(&caller.scope, id, how).await?;
    Ok((StatusCode::CREATED, Json(MadeEntry { id })))
}
