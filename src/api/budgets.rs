//! Budgets: limits of what the models may cost.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::May;
use super::extract::{Json, Path};
use super::problem::{Code, Problem};
use crate::app::App;
use crate::kernel::permission::permit::{ReadCosts, RunService};
use crate::kernel::{BudgetId, CaseId, Paise, UserId};
use crate::usage::{Limits, Span, Standing, Subject};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(list_budgets, set_budget))
        .routes(routes!(remove_budget))
}

/// A budget and how it stands.
#[derive(Serialize, ToSchema)]
#[schema(as = Budget)]
struct BudgetView {
    /// Its id.
    id: BudgetId,
    /// The person it is of.
    user_id: Option<UserId>,
    /// The case it is of; withheld from a reader whom a wall keeps from it. The chamber's
    /// has neither.
    case_id: Option<CaseId>,
    /// What that is called; withheld likewise.
    name: Option<String>,
    /// For how long it is.
    span: Span,
    /// Past it people are warned; in paise.
    soft_paise: Option<Paise>,
    /// Past it no model is called; in paise.
    hard_paise: Option<Paise>,
    /// What was spent in the span, in paise.
    spent_paise: Paise,
    /// What is set aside for calls being made, in paise.
    reserved_paise: Paise,
}

impl From<Standing> for BudgetView {
    fn from(standing: Standing) -> Self {
        let open = standing.name.is_some();
        let (user_id, case_id) = match standing.subject {
            Subject::Chamber => (None, None),
            Subject::User(user) => (Some(user), None),
            Subject::Case(case) => (None, Some(case).filter(|_| open)),
        };
        Self {
            id: standing.id,
            user_id,
            case_id,
            name: standing.name,
            span: standing.span,
            soft_paise: standing.limits.soft,
            hard_paise: standing.limits.hard,
            spent_paise: standing.spent,
            reserved_paise: standing.reserved,
        }
    }
}

/// A budget to be set.
#[derive(Deserialize, ToSchema)]
struct NewBudget {
    /// Of which person; of the chamber when neither a person nor a case is named.
    user_id: Option<UserId>,
    /// Of which case.
    case_id: Option<CaseId>,
    /// For how long; a month when left out.
    #[serde(default)]
    span: Span,
    /// Past it people are warned; in paise.
    soft_paise: Option<Paise>,
    /// Past it no model is called; in paise.
    hard_paise: Option<Paise>,
}

/// The budget that was set.
#[derive(Serialize, ToSchema)]
struct BudgetSet {
    /// Its id.
    id: BudgetId,
}

/// List the budgets and how they stand
///
/// For admins and the books.
#[utoipa::path(get, path = "/api/v1/budgets", tag = "admin",
    responses((status = 200, description = "The budgets.", body = [BudgetView]), Problem))]
async fn list_budgets(
    State(app): State<App>,
    May(caller, ..): May<ReadCosts>,
) -> Result<Json<Vec<BudgetView>>, Problem> {
    let budgets = app.usage.budgets(&caller.scope).await?.ok_or_else(Problem::hidden)?;
    Ok(Json(budgets.into_iter().map(BudgetView::from).collect()))
}

/// Set a budget
///
/// For admins. It takes the place of the one there is for the same subject and span.
#[utoipa::path(put, path = "/api/v1/budgets", tag = "admin", request_body = NewBudget,
    responses((status = 200, description = "It is set.", body = BudgetSet), Problem))]
async fn set_budget(
    State(app): State<App>,
    May(caller, ..): May<RunService>,
    Json(new): Json<NewBudget>,
) -> Result<Json<BudgetSet>, Problem> {
    let NewBudget { user_id, case_id, span, soft_paise, hard_paise } = new;
    let subject = match (user_id, case_id) {
        (None, None) => Subject::Chamber,
        (Some(user), None) => Subject::User(user),
        (None, Some(case)) => Subject::Case(case),
        (Some(_), Some(_)) => {
            let words = "a budget is of a person or of a case, not of both";
            return Err(Problem::shown(Code::BudgetRefused, words));
        }
    };
    let limits = Limits { soft: soft_paise, hard: hard_paise };
    let id = app.usage.set_budget(&caller.scope, subject, span, limits).await?;
    Ok(Json(BudgetSet { id }))
}

/// Remove a budget
///
/// For admins.
#[utoipa::path(delete, path = "/api/v1/budgets/{id}", tag = "admin",
    params(("id" = BudgetId, Path, description = "The budget.")),
    responses((status = 204, description = "It is gone."), Problem))]
async fn remove_budget(
    State(app): State<App>,
    May(caller, ..): May<RunService>,
    Path(id): Path<BudgetId>,
) -> Result<StatusCode, Problem> {
    app.usage.remove_budget(&caller.scope, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
