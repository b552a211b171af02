//! Expenses.

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
use crate::fees::{Expense, ExpenseKind, ExpenseQuery, NewExpense, PaidBy, Receipt};
use crate::kernel::permission::permit::ReadCases;
use crate::kernel::{CaseId, ExpenseId, Paise, UserId};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(list_expenses))
        .routes(routes!(add_expense))
        .routes(routes!(show_expense, change_expense, delete_expense))
}

/// Which expenses are asked for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ExpenseParams {
    /// Of one case.
    case: Option<CaseId>,
    /// Those without a receipt alone.
    #[serde(default)]
    #[param(required = false)]
    missing_receipt: bool,
}

/// The receipt of an expense.
#[derive(Serialize, ToSchema)]
#[schema(as = Receipt)]
struct ReceiptView {
    /// The name of its file.
    file_name: String,
    /// What it is.
    media_type: String,
    /// How large it is.
    bytes: i64,
}

/// What was laid out.
#[derive(Serialize, ToSchema)]
#[schema(as = Expense)]
struct ExpenseView {
    /// Its id.
    id: ExpenseId,
    /// Its case.
    case_id: CaseId,
    /// The case's title.
    case_title: String,
    /// The day.
    on: NaiveDate,
    /// What for.
    kind: ExpenseKind,
    /// In words.
    description: String,
    /// How much, in paise.
    amount: Paise,
    /// Who paid.
    paid_by: PaidBy,
    /// Whether the client pays it back.
    recoverable: bool,
    /// Whether it was paid as the client's pure agent.
    pure_agent: bool,
    /// Who entered it.
    added_by_id: UserId,
    /// How they are called.
    added_by: String,
    /// When.
    added_at: DateTime<Utc>,
    /// Its receipt.
    receipt: Option<ReceiptView>,
    /// Whether it stands on an invoice.
    billed: bool,
}

impl From<Expense> for ExpenseView {
    fn from(expense: Expense) -> Self {
        let Expense { id, case_title, known, added_by_id, added_by, added_at, receipt, is_billed } =
            expense;
        let NewExpense { case, on, kind, description, amount, paid_by, recoverable, pure_agent } =
            known;
        let receipt = receipt.map(|Receipt { file_name, media_type, bytes }| ReceiptView {
            file_name,
            media_type,
            bytes,
        });
        Self {
            id,
            case_id: case,
            case_title,
            on,
            kind,
            description,
            amount,
            paid_by,
            recoverable,
            pure_agent,
            added_by_id,
            added_by,
            added_at,
            receipt,
            billed: is_billed,
        }
    }
}

const fn yes() -> bool {
    true
}

/// What was laid out, to be entered.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewExpense)]
struct ExpenseBody {
    /// The day.
    on: NaiveDate,
    /// What for.
    kind: ExpenseKind,
    /// In words.
    #[schema(max_length = 2000)]
    description: String,
    /// How much, in paise.
    #[schema(minimum = 1)]
    amount: i64,
    /// Who paid.
    paid_by: PaidBy,
    /// Whether the client pays it back; what they paid directly they do not.
    #[serde(default = "yes")]
    #[schema(required = false)]
    recoverable: bool,
    /// Whether it was paid as the client's pure agent, and so stays out of the taxable
    /// value.
    #[serde(default)]
    #[schema(required = false)]
    pure_agent: bool,
}

impl ExpenseBody {
    fn expense(self, case: CaseId) -> NewExpense {
        let Self { on, kind, description, amount, paid_by, recoverable, pure_agent } = self;
        let amount = Paise(amount);
        NewExpense { case, on, kind, description, amount, paid_by, recoverable, pure_agent }
    }
}

/// An expense that was entered.
#[derive(Serialize, ToSchema)]
struct ExpenseEntered {
    /// Its id.
    id: ExpenseId,
}

/// List expenses
///
/// The latest first: one's own in the cases open to the caller, and all of the cases whose
/// money they see.
#[utoipa::path(get, path = "/api/v1/expenses", tag = "fees", params(ExpenseParams),
    responses((status = 200, description = "The expenses.", body = [ExpenseView]), Problem))]
async fn list_expenses(
    State(app): State<App>,
    May(caller, ..): May<ReadCases>,
    Query(ExpenseParams { case, missing_receipt }): Query<ExpenseParams>,
) -> Result<Json<Vec<ExpenseView>>, Problem> {
    let asked = ExpenseQuery { case, missing_receipt };
    let found = app.fees.expenses(&caller.scope, asked).await?;
    Ok(Json(found.into_iter().map(ExpenseView::from).collect()))
}

/// Enter an expense of a case
///
/// For those who work on the case, and who keep its books.
#[utoipa::path(post, path = "/api/v1/cases/{id}/expenses", tag = "fees",
    params(("id" = Uuid, Path, description = "The case.")), request_body = ExpenseBody,
    responses((status = 201, description = "It is entered.", body = ExpenseEntered), Problem))]
async fn add_expense(
    State(app): State<App>,
    May(caller, ..): May<ReadCases>,
    Path(case): Path<CaseId>,
    Json(body): Json<ExpenseBody>,
) -> Result<(StatusCode, Json<ExpenseEntered>), Problem> {
    let id = app.fees.add_expense(&caller.scope, body.expense(case)).await?;
    Ok((StatusCode::CREATED, Json(ExpenseEntered { id })))
}

/// Show an expense
///
/// One's own in a case open to the caller, or any of a case whose money they see.
#[utoipa::path(get, path = "/api/v1/expenses/{id}", tag = "fees",
    params(("id" = Uuid, Path, description = "The expense.")),
    responses((status = 200, description = "The expense.", body = ExpenseView), Problem))]
async fn show_expense(
    State(app): State<App>,
    May(caller, ..): May<ReadCases>,
    Path(id): Path<ExpenseId>,
) -> Result<Json<ExpenseView>, Problem> {
    Ok(Json(app.fees.expense(&caller.scope, id).await?.into()))
}

/// Change an expense
///
/// While it is not billed. For those who may see it and work on the case or keep its books.
#[utoipa::path(put, path = "/api/v1/expenses/{id}", tag = "fees",
    params(("id" = Uuid, Path, description = "The expense.")), request_body = ExpenseBody,
    responses((status = 204, description = "It is changed."), Problem))]
async fn change_expense(
    State(app): State<App>,
    May(caller, ..): May<ReadCases>,
    Path(id): Path<ExpenseId>,
    Json(body): Json<ExpenseBody>,
) -> Result<StatusCode, Problem> {
    let case = app.fees.expense(&caller.scope, id).await?.known.case;
    app.fees.change_expense(&caller.scope, id, body.expense(case)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Remove an expense
///
/// While it is not billed, with its receipt. For those who may change it.
#[utoipa::path(delete, path = "/api/v1/expenses/{id}", tag = "fees",
    params(("id" = Uuid, Path, description = "The expense.")),
    responses((status = 204, description = "It is gone."), Problem))]
async fn delete_expense(
    State(app): State<App>,
    May(caller, ..): May<ReadCases>,
    Path(id): Path<ExpenseId>,
) -> Result<StatusCode, Problem> {
    app.fees.delete_expense(&caller.scope, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
