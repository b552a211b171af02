//! Budgets, providers' reports, and AI costs on bills.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use chrono::{Datelike, NaiveDate};
use serde::Deserialize;

use super::viewer::{Nothing, Viewer, sentence};
use super::{Allowed, Failure, Form};
use crate::api::problem::Problem;
use crate::app::App;
use crate::billing::ModelCostError;
use crate::kernel::permission::permit::{ReadCosts, RunService};
use crate::kernel::{BudgetId, CaseId, Paise, Permission, ProviderReportId};
use crate::usage::{BudgetError, Limits, Period, ReconcileError, Span, Standing, Subject};
use crate::web::Area;
use crate::web::budgets::{BillsPage, BudgetRow, BudgetsPage, ReconcilePage};
use crate::web::page::Flash;
use crate::web::parts::{Choice, Field};
use crate::web::show::{Day, Moment};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/admin/costs/budgets", get(show).post(set))
        .route("/admin/costs/budgets/{id}/remove", post(remove))
        .route("/admin/costs/reconcile", get(reconcile).post(import))
        .route("/admin/costs/reconcile/{id}", get(reconciled))
        .route("/admin/costs/bills", get(bills).post(bill))
}

async fn show(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadCosts>,
) -> Result<BudgetsPage, Failure> {
    page(&app, &viewer, None).await
}

async fn page(app: &App, viewer: &Viewer, problem: Option<String>) -> Result<BudgetsPage, Failure> {
    let scope = viewer.scope();
    let budgets = app.usage.budgets(scope).await.map_err(|error| viewer.failure(error))?;
    let may_set = scope.may(Permission::RunService);
    let choice = |value: String, label: String| Choice { value, label, chosen: false };
    let mut subjects = vec![choice("chamber".to_owned(), "The chamber".to_owned())];
    if may_set {
        let users = app.auth.users(scope).await.map_err(|error| viewer.failure(error))?;
        let people = users.into_iter().filter(|user| user.active && user.client_id.is_none());
        subjects.extend(people.map(|user| choice(format!("user:{}", user.id), user.name)));
        let cases = app.cases.list(scope).await.map_err(|error| viewer.failure(error))?;
        subjects
            .extend(cases.into_iter().map(|case| choice(format!("case:{}", case.id), case.title)));
    }
    Ok(BudgetsPage {
        layout: viewer.layout("Budgets", Area::Costs),
        problem,
        budgets: budgets.unwrap_or_default().into_iter().map(row).collect(),
        subjects,
        may_set,
    })
}

fn row(standing: Standing) -> BudgetRow {
    let limit = standing.limits.hard.or(standing.limits.soft).map_or(0, |limit| limit.0);
    let percent = match limit {
        0 => 100,
        limit => i128::from(standing.spent.0) * 100 / i128::from(limit),
    };
    let passed = match (standing.is_past_hard(), standing.is_past_soft()) {
        (true, _) => Some("hard"),
        (false, true) => Some("soft"),
        (false, false) => None,
    };
    BudgetRow {
        id: standing.id,
        hidden: standing.name.is_none(),
        name: standing.name.unwrap_or_else(|| "A case not open to you".to_owned()),
        span: match standing.span {
            Span::Month => "a month",
            Span::Ever => "for good",
        },
        soft: standing.limits.soft.map(|line| line.to_string()),
        hard: standing.limits.hard.map(|line| line.to_string()),
        spent: standing.spent.to_string(),
        reserved: (standing.reserved.0 > 0).then(|| standing.reserved.to_string()),
        percent: u64::try_from(percent.clamp(0, 100)).unwrap_or(0),
        passed,
    }
}

#[derive(Deserialize)]
struct NewBudget {
    #[serde(default)]
    subject: String,
    #[serde(default)]
    span: Span,
    #[serde(default)]
    soft: String,
    #[serde(default)]
    hard: String,
}

impl NewBudget {
    fn subject(&self) -> Result<Subject, BudgetError> {
        let named = |error| move |_| error;
        match self.subject.split_once(':') {
            Some(("user", id)) => {
                id.parse().map(Subject::User).map_err(named(BudgetError::NotFound))
            }
            Some(("case", id)) => {
                id.parse().map(Subject::Case).map_err(named(BudgetError::NotFound))
            }
            _ if self.subject == "chamber" => Ok(Subject::Chamber),
            _ => Err(BudgetError::NotFound),
        }
    }

    fn limits(&self) -> Result<Limits, BudgetError> {
        Ok(Limits { soft: rupees(&self.soft)?, hard: rupees(&self.hard)? })
    }
}

/// Rupees as they are typed, `1,250.50`, to the paisa.
fn rupees(text: &str) -> Result<Option<Paise>, BudgetError> {
    let text: String = text.chars().filter(|letter| !"₹, ".contains(*letter)).collect();
    if text.is_empty() {
        return Ok(None);
    }
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let digits = |text: &str| text.bytes().all(|digit| digit.is_ascii_digit());
    if !digits(whole) || !digits(part) || part.len() > 2 {
        return Err(BudgetError::Lines);
    }
    let paise = format!("{whole}{part:0<2}").parse().map_err(|_| BudgetError::Lines)?;
    Ok(Some(Paise(paise)))
}

async fn set(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<RunService>,
    Form(new): Form<NewBudget>,
) -> Result<Response, Failure> {
    let set = match (new.subject(), new.limits()) {
        (Ok(subject), Ok(limits)) => {
            app.usage.set_budget(viewer.scope(), subject, new.span, limits).await
        }
        (Err(error), _) | (_, Err(error)) => Err(error),
    };
    match set {
        Ok(_) => Ok(Redirect::to("/admin/costs/budgets").into_response()),
        Err(error @ (BudgetError::Lines | BudgetError::Span | BudgetError::NotFound)) => {
            let problem = Some(sentence(&error.to_string()));
            Ok(page(&app, &viewer, problem).await?.into_response())
        }
        Err(error) => Err(viewer.failure(error)),
    }
}

async fn remove(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<RunService>,
    Path(id): Path<BudgetId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Redirect, Failure> {
    let removed = app.usage.remove_budget(viewer.scope(), id).await;
    removed.map_err(|error| viewer.failure(error))?;
    Ok(Redirect::to("/admin/costs/budgets"))
}

async fn reconcile(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadCosts>,
) -> Result<ReconcilePage, Failure> {
    reconcile_page(&app, &viewer, String::new()).await
}

async fn reconcile_page(
    app: &App,
    viewer: &Viewer,
    provider: String,
) -> Result<ReconcilePage, Failure> {
    let reports = app.usage.provider_reports(viewer.scope()).await;
    let reports = reports.map_err(|error| viewer.failure(error))?;
    let report = |one: crate::usage::ProviderReport| {
        (one.id, one.provider, one.importer, Moment(one.imported_at))
    };
    Ok(ReconcilePage {
        layout: viewer.layout("Reconcile", Area::Costs),
        problem: None,
        reports: reports.into_iter().map(report).collect(),
        shown: None,
        provider: Field::of(provider),
        may_set: viewer.scope().may(Permission::RunService),
    })
}

async fn reconciled(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadCosts>,
    Path(id): Path<ProviderReportId>,
) -> Result<ReconcilePage, Failure> {
    let found = app.usage.reconciled(viewer.scope(), id).await;
    let found = found.map_err(|error| viewer.failure(error))?;
    let page = reconcile_page(&app, &viewer, String::new()).await?;
    Ok(ReconcilePage { shown: Some(found.into()), ..page })
}

#[derive(Deserialize)]
struct NewReport {
    #[serde(default)]
    provider: String,
    #[serde(default)]
    report: String,
}

async fn import(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<RunService>,
    Form(NewReport { provider, report }): Form<NewReport>,
) -> Result<Response, Failure> {
    match app.usage.import_provider_report(viewer.scope(), &provider, &report).await {
        Ok(id) => Ok(Redirect::to(&format!("/admin/costs/reconcile/{id}")).into_response()),
        Err(error @ (ReconcileError::NotAllowed | ReconcileError::Db(_))) => {
            Err(viewer.failure(error))
        }
        Err(error) => {
            let page = reconcile_page(&app, &viewer, provider).await?;
            let problem = Some(sentence(&error.to_string()));
            Ok(ReconcilePage { problem, ..page }.into_response())
        }
    }
}

async fn bills(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadCosts>,
) -> Result<BillsPage, Failure> {
    bills_page(&app, &viewer).await
}

async fn bills_page(app: &App, viewer: &Viewer) -> Result<BillsPage, Failure> {
    let scope = viewer.scope();
    let cases = app.cases.list(scope).await.map_err(|error| viewer.failure(error))?;
    let lines = app.billing.billed_model_costs(scope).await;
    let today = app.clock.now().date_naive();
    let choice = |case: crate::cases::Case| Choice {
        value: case.id.to_string(),
        label: case.title,
        chosen: false,
    };
    Ok(BillsPage {
        layout: viewer.layout("AI costs on bills", Area::Costs),
        problem: None,
        cases: cases.into_iter().map(choice).collect(),
        from: Day(today.with_day(1).unwrap_or(today)),
        to: Day(today),
        lines: lines.map_err(|error| viewer.failure(error))?,
    })
}

#[derive(Deserialize)]
struct NewBill {
    #[serde(default)]
    case: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
}

async fn bill(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadCosts>,
    Form(new): Form<NewBill>,
) -> Result<BillsPage, Failure> {
    let day = |text: &str| text.parse::<NaiveDate>().ok();
    let (case, from, to) = (new.case.parse::<CaseId>().ok(), day(&new.from), day(&new.to));
    let Some(((case, from), to)) = case.zip(from).zip(to).filter(|((_, from), to)| from <= to)
    else {
        let page = bills_page(&app, &viewer).await?;
        let problem = Some("Choose a case, a first day and a last day not before it.".to_owned());
        return Ok(BillsPage { problem, ..page });
    };
    let period = Period { from, to };
    match app.billing.bill_model_costs(viewer.scope(), &app.usage, case, period).await {
        Ok(placed) => {
            let page = bills_page(&app, &viewer).await?;
            let bill = if placed.is_new { "a new draft bill" } else { "the draft bill" };
            let text = format!("{} for {} calls stand on {bill}.", placed.amount, placed.calls);
            let layout = page.layout.clone().with_flash(Some(Flash { done: true, text }));
            Ok(BillsPage { layout, ..page })
        }
        Err(error @ (ModelCostError::NoClient | ModelCostError::Nothing)) => {
            let page = bills_page(&app, &viewer).await?;
            Ok(BillsPage { problem: Some(sentence(&error.to_string())), ..page })
        }
        Err(error) => Err(viewer.failure(Problem::from(error))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rupees_are_read_to_the_paisa() {
        let read = |text: &str| rupees(text).ok().flatten().map(|paise| paise.0);
        assert_eq!(read("1,250.50"), Some(125_050));
        assert_eq!(read("₹ 10"), Some(1_000));
        assert_eq!(read("0.5"), Some(50));
        assert!(rupees("").is_ok_and(|none| none.is_none()));
        for wrong in ["1.234", "-1", "ten", "1.2.3"] {
            assert!(rupees(wrong).is_err(), "{wrong}");
        }
    }
}
