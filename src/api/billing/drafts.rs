//! Drafts of bills.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::views::charge;
use crate::api::caller::May;
use crate::api::extract::{Json, Path};
use crate::api::problem::{Code, Problem};
use crate::app::App;
use crate::billing::{LineAct, LineKind, NewDraft, NewLine};
use crate::fees::ChargeId;
use crate::kernel::permission::permit::KeepBooks;
use crate::kernel::{CaseId, ClientId, InvoiceId, InvoiceLineId, Paise};

/// A line of its own to be put on a draft.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewInvoiceLine)]
pub(super) struct LineBody {
    /// What it is for; not what models cost.
    kind: LineKind,
    /// In words; of a discount, why it is given.
    #[schema(max_length = 500)]
    description: String,
    /// In paise, above nothing; a discount is taken off.
    amount: Paise,
    /// The class of services, six digits; 998212 when left out.
    sac: Option<String>,
    /// Whether it was paid as the client's pure agent; expenses are, unless told otherwise.
    pure_agent: Option<bool>,
}

impl From<LineBody> for NewLine {
    fn from(body: LineBody) -> Self {
        let LineBody { kind, description, amount, sac, pure_agent } = body;
        Self { kind, description, amount, sac, pure_agent }
    }
}

/// A draft to be begun, for a case or for a client.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewInvoiceDraft)]
pub(super) struct DraftBody {
    /// The case, whose client pays.
    case_id: Option<CaseId>,
    /// Or the client, for no case.
    client_id: Option<ClientId>,
    /// The charges of the case to put on it: `time:…`, `fee:…`, `expense:…` and an id.
    #[serde(default)]
    #[schema(required = false)]
    charges: Vec<String>,
    /// Whether all that is unbilled of the case is put on it.
    #[serde(default)]
    #[schema(required = false)]
    all_charges: bool,
    /// Lines of its own.
    #[serde(default)]
    #[schema(required = false)]
    lines: Vec<LineBody>,
    /// What is said below the lines.
    note: Option<String>,
    /// Days to pay; the chamber's when left out.
    terms_days: Option<u32>,
}

/// A draft that was begun.
#[derive(Serialize, ToSchema)]
pub(super) struct BegunDraft {
    /// Its id.
    id: InvoiceId,
}

fn charges(texts: &[String]) -> Result<Vec<ChargeId>, Problem> {
    let words = "a charge is `time:`, `fee:` or `expense:` and its id";
    let read = |text: &String| charge(text).ok_or_else(|| Problem::shown(Code::BadRequest, words));
    texts.iter().map(read).collect()
}

/// Begin a draft of a bill
///
/// Charges on it are billed; deleting it makes them unbilled again. For those who keep the
/// books.
#[utoipa::path(post, path = "/api/v1/invoices", tag = "billing", request_body = DraftBody,
    responses((status = 201, description = "The draft.", body = BegunDraft), Problem))]
pub(super) async fn begin_draft(
    State(app): State<App>,
    May(caller, ..): May<KeepBooks>,
    Json(body): Json<DraftBody>,
) -> Result<(StatusCode, Json<BegunDraft>), Problem> {
    let DraftBody { case_id, client_id, charges: wanted, all_charges, lines, note, terms_days } =
        body;
    let new = NewDraft {
        case: case_id,
        client: client_id,
        charges: charges(&wanted)?,
        all_charges,
        lines: lines.into_iter().map(NewLine::from).collect(),
        note,
        terms_days,
    };
    let id = app.billing.begin_draft(&caller.scope, new).await?;
    Ok((StatusCode::CREATED, Json(BegunDraft { id })))
}

/// What stands below the lines of a draft.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InvoiceDraftTerms)]
pub(super) struct TermsBody {
    /// What is said there.
    note: Option<String>,
    /// Days to pay; the chamber's when left out.
    terms_days: Option<u32>,
}

/// Say what stands below the lines of a draft
///
/// For those who keep the books.
#[utoipa::path(put, path = "/api/v1/invoices/{id}", tag = "billing", request_body = TermsBody,
    params(("id" = Uuid, Path, description = "The draft.")),
    responses((status = 204, description = "It stands there."), Problem))]
pub(super) async fn set_draft(
    State(app): State<App>,
    May(caller, ..): May<KeepBooks>,
    Path(id): Path<InvoiceId>,
    Json(TermsBody { note, terms_days }): Json<TermsBody>,
) -> Result<StatusCode, Problem> {
    app.billing.set_draft(&caller.scope, id, (note, terms_days)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Delete a draft
///
/// What stood on it is unbilled again. A bill that was issued is never deleted. For those who
/// keep the books.
#[utoipa::path(delete, path = "/api/v1/invoices/{id}", tag = "billing",
    params(("id" = Uuid, Path, description = "The draft.")),
    responses((status = 204, description = "It is gone."), Problem))]
pub(super) async fn delete_draft(
    State(app): State<App>,
    May(caller, ..): May<KeepBooks>,
    Path(id): Path<InvoiceId>,
) -> Result<StatusCode, Problem> {
    app.billing.delete_draft(&caller.scope, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// More for a draft.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MoreInvoiceLines)]
pub(super) struct MoreBody {
    /// Charges of its case: `time:…`, `fee:…`, `expense:…` and an id.
    #[serde(default)]
    #[schema(required = false)]
    charges: Vec<String>,
    /// Lines of its own.
    #[serde(default)]
    #[schema(required = false)]
    lines: Vec<LineBody>,
}

/// Put lines on a draft
///
/// For those who keep the books.
#[utoipa::path(post, path = "/api/v1/invoices/{id}/lines", tag = "billing", request_body = MoreBody,
    params(("id" = Uuid, Path, description = "The draft.")),
    responses((status = 204, description = "They stand on it."), Problem))]
pub(super) async fn add_lines(
    State(app): State<App>,
    May(caller, ..): May<KeepBooks>,
    Path(id): Path<InvoiceId>,
    Json(body): Json<MoreBody>,
) -> Result<StatusCode, Problem> {
    let lines = body.lines.into_iter().map(NewLine::from).collect();
    app.billing.add_to_draft(&caller.scope, id, (charges(&body.charges)?, lines)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The clerk's share of the fees.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewClerkage)]
pub(super) struct ClerkageBody {
    /// In hundredths of a percent: 1000 is 10 %.
    basis_points: i64,
}

/// Put the clerk's share of the fees on a draft
///
/// For those who keep the books.
#[utoipa::path(post, path = "/api/v1/invoices/{id}/clerkage", tag = "billing",
    request_body = ClerkageBody,
    params(("id" = Uuid, Path, description = "The draft.")),
    responses((status = 204, description = "It stands on it."), Problem))]
pub(super) async fn add_clerkage(
    State(app): State<App>,
    May(caller, ..): May<KeepBooks>,
    Path(id): Path<InvoiceId>,
    Json(ClerkageBody { basis_points }): Json<ClerkageBody>,
) -> Result<StatusCode, Problem> {
    app.billing.add_clerkage(&caller.scope, id, basis_points).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A change of a line.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InvoiceLineChange)]
pub(super) struct LineChange {
    /// The new words.
    #[schema(max_length = 500)]
    description: String,
    /// The new amount, above nothing; only where no charge says it.
    amount: Option<Paise>,
}

/// Change a line of a draft
///
/// For those who keep the books.
#[utoipa::path(put, path = "/api/v1/invoices/{id}/lines/{line}", tag = "billing",
    request_body = LineChange,
    params(("id" = Uuid, Path, description = "The draft."),
           ("line" = Uuid, Path, description = "The line.")),
    responses((status = 204, description = "It says so."), Problem))]
pub(super) async fn change_line(
    State(app): State<App>,
    May(caller, ..): May<KeepBooks>,
    Path(of): Path<(InvoiceId, InvoiceLineId)>,
    Json(LineChange { description, amount }): Json<LineChange>,
) -> Result<StatusCode, Problem> {
    let act = LineAct::Change { description, amount };
    app.billing.change_line(&caller.scope, of, act).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take a line off a draft
///
/// What it stood for is unbilled again. For those who keep the books.
#[utoipa::path(delete, path = "/api/v1/invoices/{id}/lines/{line}", tag = "billing",
    params(("id" = Uuid, Path, description = "The draft."),
           ("line" = Uuid, Path, description = "The line.")),
    responses((status = 204, description = "It is off."), Problem))]
pub(super) async fn remove_line(
    State(app): State<App>,
    May(caller, ..): May<KeepBooks>,
    Path(of): Path<(InvoiceId, InvoiceLineId)>,
) -> Result<StatusCode, Problem> {
    app.billing.change_line(&caller.scope, of, LineAct::Remove).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Where a line goes.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = LineDirection)]
pub(super) enum Direction {
    /// Before the one above it.
    Up,
    /// After the one below it.
    Down,
}

/// A move of a line.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InvoiceLineMove)]
pub(super) struct MoveBody {
    /// Where to.
    to: Direction,
}

/// Move a line of a draft
///
/// For those who keep the books.
#[utoipa::path(post, path = "/api/v1/invoices/{id}/lines/{line}/move", tag = "billing",
    request_body = MoveBody,
    params(("id" = Uuid, Path, description = "The draft."),
           ("line" = Uuid, Path, description = "The line.")),
    responses((status = 204, description = "It stands there."), Problem))]
pub(super) async fn move_line(
    State(app): State<App>,
    May(caller, ..): May<KeepBooks>,
    Path(of): Path<(InvoiceId, InvoiceLineId)>,
    Json(MoveBody { to }): Json<MoveBody>,
) -> Result<StatusCode, Problem> {
    let act = match to {
        Direction::Up => LineAct::Up,
        Direction::Down => LineAct::Down,
    };
    app.billing.change_line(&caller.scope, of, act).await?;
    Ok(StatusCode::NO_CONTENT)
}
