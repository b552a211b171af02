//! Invoices, payments, client money and reports.

mod accounts;
mod bills;
mod chamber;
mod forms;
mod issued;
mod reports;
mod rows;

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::response::Redirect;
use axum::routing::{get, post};

use super::{Allowed, Failure, Viewer};
use crate::app::App;
use crate::billing::{Billing, BillingError, Due, Invoices};
use crate::kernel::permission::permit::ReadBilling;
use crate::kernel::{CaseId, ClientId, Paise, Permission, day_in_india};
use crate::web::Area;
use crate::web::billing::{BillRow, DraftRow, DueRow, MoneyPage};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/money", get(show))
        .route("/dues", get(dues))
        .route("/money/invoices", get(bills::list).post(bills::begin))
        .route("/money/invoices/{id}", get(bills::show))
        .route("/money/invoices/{id}/paper", get(issued::paper))
        .route("/money/invoices/{id}/lines", post(bills::add))
        .route("/money/invoices/{id}/lines/{line}", post(bills::change))
        .route("/money/invoices/{id}/clerkage", post(bills::clerkage))
        .route("/money/invoices/{id}/terms", post(bills::terms))
        .route("/money/invoices/{id}/delete", post(bills::delete))
        .route("/money/invoices/{id}/issue", post(issued::issue))
        .route("/money/invoices/{id}/payments", post(issued::pay))
        .route("/money/invoices/{id}/advance", post(issued::advance))
        .route("/money/invoices/{id}/credit", post(issued::credit))
        .route("/money/credit-notes/{id}/paper", get(issued::credit_paper))
        .route("/money/payments", get(accounts::payments).post(accounts::pay))
        .route("/money/payments/{id}/receipt", get(accounts::receipt))
        .route("/money/payments/{id}/reverse", post(accounts::reverse))
        .route("/money/clients/{id}", get(accounts::account))
        .route("/money/clients/{id}/statement.pdf", get(accounts::statement))
        .route("/money/clients/{id}/ledger", post(accounts::enter))
        .route("/money/tds", get(accounts::tds).post(accounts::certificate))
        .route("/money/ageing", get(reports::ageing))
        .route("/money/reports", get(reports::monthly))
        .route("/money/cases", get(reports::by_case))
        .route("/money/unbilled", get(reports::unbilled))
        .route("/money/download", get(reports::download))
        .route("/admin/chamber", get(chamber::show).post(chamber::set))
}

/// The bills and drafts of a case, for the page of its money.
pub(in crate::web) async fn of_case(
    app: &App,
    viewer: &Viewer,
    case: CaseId,
) -> Result<(Vec<BillRow>, Vec<DraftRow>), Failure> {
    let scope = viewer.scope();
    let today = day_in_india(app.clock.now());
    let fail = |error: BillingError| viewer.failure(error);
    let asked = Invoices { case: Some(case), cancelled: true, ..Invoices::default() };
    let invoices = app.billing.invoices(scope, asked).await.map_err(fail)?;
    let drafts = app.billing.drafts(scope, Some(case)).await.map_err(fail)?;
    let invoices = invoices.into_iter().map(|one| rows::bill(one, today)).collect();
    Ok((invoices, drafts.into_iter().map(rows::draft).collect()))
}

/// The values of a name in a query; a name may come several times.
fn values<T: std::str::FromStr>(query: &str, name: &str) -> Vec<T> {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.filter(|(key, _)| *key == name).filter_map(|(_, value)| value.parse().ok()).collect()
}

/// Where dues stood before.
async fn dues(_: Allowed<ReadBilling>, RawQuery(query): RawQuery) -> Redirect {
    match query {
        Some(query) if !query.is_empty() => Redirect::permanent(&format!("/money?{query}")),
        _ => Redirect::permanent("/money"),
    }
}

async fn show(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadBilling>,
    RawQuery(query): RawQuery,
) -> Result<MoneyPage, Failure> {
    let scope = viewer.scope();
    let today = day_in_india(app.clock.now());
    let query = query.unwrap_or_default();
    let client = values::<ClientId>(&query, "client").first().copied();
    let cases = values::<CaseId>(&query, "case");
    let fail = |error: BillingError| viewer.failure(error);
    let asked = Invoices { client, ..Invoices::default() };
    let mut dues = app.billing.dues(scope, asked).await.map_err(fail)?;
    let mut unbilled = app.billing.unbilled(scope, None).await.map_err(fail)?;
    let drafts = app.billing.drafts(scope, None).await.map_err(fail)?;
    if !cases.is_empty() {
        let wanted = |due: &Due| {
            due.invoices.iter().any(|one| one.case_id.is_some_and(|case| cases.contains(&case)))
        };
        dues.retain(wanted);
        unbilled.retain(|row| cases.contains(&row.case_id));
    }
    let unset = app.billing.profile(scope).await.map_err(fail)?.is_none();
    let accounts = Billing::sees_accounts(scope);
    let sum = |all: Vec<Paise>| all.into_iter().sum::<Paise>().to_string();
    let sums = vec![
        ("Outstanding", sum(dues.iter().map(|due| due.outstanding).collect())),
        ("Overdue", sum(dues.iter().map(|due| due.overdue).collect())),
        ("On drafts, before tax", sum(drafts.iter().map(|draft| draft.sum).collect())),
        ("Not billed", sum(unbilled.iter().map(crate::billing::Unbilled::sum).collect())),
    ];
    let due_row = |due: Due| DueRow {
        account: accounts.then_some(due.client_id),
        client: due.client_name,
        outstanding: due.outstanding.to_string(),
        overdue: (due.overdue > Paise(0)).then(|| due.overdue.to_string()),
        invoices: due.invoices.into_iter().map(|one| rows::bill(one, today)).collect(),
    };
    Ok(MoneyPage {
        layout: viewer.layout("Money", Area::Money),
        narrowed: client.is_some() || !cases.is_empty(),
        keeps: scope.may(Permission::KeepBooks),
        unset,
        sums,
        dues: dues.into_iter().map(due_row).collect(),
        drafts: drafts.into_iter().map(rows::draft).collect(),
        unbilled: unbilled.into_iter().map(rows::unbilled).collect(),
    })
}
