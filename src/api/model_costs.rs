//! What the models cost, call by call; prices; and a case's cost on a bill.

use axum::extract::State;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::May;
use super::extract::{Json, Path, Query};
use super::now;
use super::problem::{Code, Problem};
use crate::app::App;
use crate::kernel::permission::permit::{ReadCosts, RunService};
use crate::kernel::{CallId, CaseId, InvoiceId, InvoiceLineId, Paise, UserId};
use crate::usage::{CallFilter, CallLine, Change, Period};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(list_calls))
        .routes(routes!(show_call))
        .routes(routes!(import_prices))
        .routes(routes!(bill_model_costs))
}

/// Which calls.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct CallsQuery {
    /// The first day, in UTC; today when left out.
    from: Option<NaiveDate>,
    /// The last day; today when left out.
    to: Option<NaiveDate>,
    /// By whom.
    user_id: Option<UserId>,
    /// For which case.
    case_id: Option<CaseId>,
    /// Who ran the model.
    provider: Option<String>,
    /// Which model.
    model: Option<String>,
    /// What for.
    purpose: Option<String>,
    /// How they ended.
    outcome: Option<String>,
    /// After how many to begin.
    #[serde(default)]
    offset: u32,
}

/// Calls of models.
#[derive(Serialize, ToSchema)]
struct CallsView {
    /// The calls, the newest first; 100 at most.
    calls: Vec<CallLine>,
    /// Whether there are more.
    more: bool,
}

/// List the calls of models
///
/// For admins and the books. Of a case that a wall keeps from the reader a call says
/// only that.
#[utoipa::path(get, path = "/api/v1/usage/calls", tag = "admin", params(CallsQuery),
    responses((status = 200, description = "The calls.", body = CallsView), Problem))]
async fn list_calls(
    State(app): State<App>,
    May(caller, ..): May<ReadCosts>,
    Query(query): Query<CallsQuery>,
) -> Result<Json<CallsView>, Problem> {
    let today = now(&app).date_naive();
    let to = query.to.unwrap_or(today);
    let period = Period { from: query.from.unwrap_or(to), to };
    let filter = CallFilter {
        period,
        user: query.user_id,
        case: query.case_id,
        provider: query.provider,
        model: query.model,
        purpose: query.purpose,
        outcome: query.outcome,
    };
    let calls = app.usage.calls(&caller.scope, &filter, query.offset).await?;
    let calls = calls.ok_or_else(Problem::hidden)?;
    Ok(Json(CallsView { calls: calls.calls, more: calls.more }))
}

/// Show a call of a model
///
/// For admins and the books.
#[utoipa::path(get, path = "/api/v1/usage/calls/{id}", tag = "admin",
    params(("id" = CallId, Path, description = "The call.")),
    responses((status = 200, description = "The call.", body = CallLine), Problem))]
async fn show_call(
    State(app): State<App>,
    May(caller, ..): May<ReadCosts>,
    Path(id): Path<CallId>,
) -> Result<Json<CallLine>, Problem> {
    let call = app.usage.call(&caller.scope, id).await?;
    Ok(Json(call.ok_or_else(Problem::hidden)?))
}

/// A price list.
#[derive(Deserialize, ToSchema)]
struct PriceList {
    /// The list: TOML with `[[price]]` tables, or CSV with the columns `provider`, `model`,
    /// `valid_from`, `input_per_million`, `cached_per_million`, `output_per_million` (in
    /// micro-dollars) and `source`.
    list: String,
    /// Whether only to say what would change.
    #[serde(default)]
    preview: bool,
}

/// What becomes of a row of a price list.
#[derive(Serialize, ToSchema)]
struct PriceChange {
    /// Who runs the model; empty for a line that cannot be read.
    provider: String,
    /// Which model.
    model: String,
    /// Since when.
    valid_from: String,
    /// `added`, `there` or `refused`.
    change: &'static str,
    /// Why it is refused.
    why: Option<String>,
}

/// What became of a price list.
#[derive(Serialize, ToSchema)]
struct PricesView {
    /// How many rows were added; none for a preview.
    added: usize,
    /// What becomes of each row.
    rows: Vec<PriceChange>,
}

/// Bring a price list in
///
/// For admins. All of it is taken, or nothing where a row is refused.
#[utoipa::path(post, path = "/api/v1/prices/import", tag = "admin", request_body = PriceList,
    responses((status = 200, description = "What changed, or would.", body = PricesView), Problem))]
async fn import_prices(
    State(app): State<App>,
    May(caller, ..): May<RunService>,
    Json(list): Json<PriceList>,
) -> Result<Json<PricesView>, Problem> {
    let preview = app.usage.preview_prices(&caller.scope, &list.list).await?;
    let added =
        if list.preview { 0 } else { app.usage.import_prices(&caller.scope, &list.list).await? };
    let unread = preview.unread.into_iter().map(|(line, why)| PriceChange {
        provider: String::new(),
        model: String::new(),
        valid_from: String::new(),
        change: "refused",
        why: Some(format!("line {line}: {why}")),
    });
    let rows = preview.rows.into_iter().map(|(row, change)| {
        let (change, why) = match change {
            Change::Added { .. } => ("added", None),
            Change::There => ("there", None),
            Change::Refused(why) => ("refused", Some(why)),
        };
        let valid_from = row.valid_from.to_rfc3339();
        PriceChange { provider: row.provider, model: row.model, valid_from, change, why }
    });
    Ok(Json(PricesView { added, rows: rows.chain(unread).collect() }))
}

/// The days whose cost is billed.
#[derive(Deserialize, ToSchema)]
struct CostsToBill {
    /// The first day, in UTC.
    from: NaiveDate,
    /// The last day.
    to: NaiveDate,
}

/// What was put on a bill.
#[derive(Serialize, ToSchema)]
struct BilledView {
    /// On which bill.
    invoice_id: InvoiceId,
    /// Whether it was made for this.
    is_new: bool,
    /// On which line.
    line_id: InvoiceLineId,
    /// How many calls.
    calls: u64,
    /// What they cost, in paise.
    amount_paise: Paise,
}

/// Put what the models cost a case on a bill
///
/// On a draft for the case's client, at cost. Each call is billed once.
#[utoipa::path(post, path = "/api/v1/cases/{id}/model-costs", tag = "admin",
    params(("id" = CaseId, Path, description = "The case.")), request_body = CostsToBill,
    responses((status = 200, description = "It stands on the bill.", body = BilledView), Problem))]
async fn bill_model_costs(
    State(app): State<App>,
    May(caller, ..): May<ReadCosts>,
    Path(case): Path<CaseId>,
    Json(days): Json<CostsToBill>,
) -> Result<Json<BilledView>, Problem> {
    let CostsToBill { from, to } = days;
    if from > to {
        let words = format!("`from` ({from}) must not be after `to` ({to})");
        return Err(Problem::shown(Code::BadRequest, &words));
    }
    let period = Period { from, to };
    let placed = app.billing.bill_model_costs(&caller.scope, &app.usage, case, period).await?;
    Ok(Json(BilledView {
        invoice_id: placed.invoice,
        is_new: placed.is_new,
        line_id: placed.line,
        calls: placed.calls,
        amount_paise: placed.amount,
    }))
}
