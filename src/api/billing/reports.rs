//! Reports of the books.

use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

use super::accounts::{AgesView, SpanQuery};
use crate::api::caller::May;
use crate::api::extract::{Json, Query};
use crate::api::problem::{Code, Problem};
use crate::app::App;
use crate::billing::gst::Treatment;
use crate::billing::{AgeingRow, BillingError, CaseRow, GstRow, Monthly, PersonRow, Unbilled};
use crate::kernel::permission::permit::ReadBilling;
use crate::kernel::{CaseId, ClientId, Paise, Scope};
use crate::paper::{Sheet, xlsx};

/// What a client owes, by age.
#[derive(Serialize, ToSchema)]
#[schema(as = AgeingRow)]
pub(super) struct AgeingView {
    /// Which client.
    client_id: ClientId,
    /// Their name.
    client_name: String,
    /// What is outstanding.
    ages: AgesView,
}

/// Show what clients owe, by age
///
/// On the bills the caller may see.
#[utoipa::path(get, path = "/api/v1/reports/ageing", tag = "billing",
    responses((status = 200, description = "By client.", body = [AgeingView]), Problem))]
pub(super) async fn ageing(
    State(app): State<App>,
    May(caller, ..): May<ReadBilling>,
) -> Result<Json<Vec<AgeingView>>, Problem> {
    let rows = app.billing.ageing(&caller.scope).await?;
    let view = |AgeingRow { client_id, client_name, ages }| AgeingView {
        client_id,
        client_name,
        ages: ages.into(),
    };
    Ok(Json(rows.into_iter().map(view).collect()))
}

/// What a case cost and earned.
#[derive(Serialize, ToSchema)]
#[schema(as = CaseMoney)]
pub(super) struct CaseRowView {
    /// Which case; none for bills that are for no case.
    case_id: Option<CaseId>,
    /// Its title, or the client's name.
    title: String,
    /// What its time comes to, billed or not; nothing in a report of some days.
    time: Paise,
    /// What was billed, with tax.
    billed: Paise,
    /// The tax in it.
    tax: Paise,
    /// What credit notes took back.
    credited: Paise,
    /// The tax in that.
    credited_tax: Paise,
    /// What came.
    collected: Paise,
    /// Tax held back.
    tds: Paise,
    /// What was laid out; nothing in a report of some days.
    expenses: Paise,
    /// What language models cost; nothing in a report of some days.
    models: Paise,
}

impl From<CaseRow> for CaseRowView {
    fn from(row: CaseRow) -> Self {
        let CaseRow {
            case_id,
            title,
            time,
            billed,
            tax,
            credited,
            credited_tax,
            collected,
            tds,
            expenses,
            models,
        } = row;
        Self {
            case_id,
            title,
            time,
            billed,
            tax,
            credited,
            credited_tax,
            collected,
            tds,
            expenses,
            models,
        }
    }
}

/// The time of a person that was billed.
#[derive(Serialize, ToSchema)]
#[schema(as = PersonMoney)]
struct PersonView {
    /// Their name.
    name: String,
    /// In minutes.
    minutes: i64,
    /// What it came to.
    amount: Paise,
}

/// What was supplied under one decision on GST.
#[derive(Serialize, ToSchema)]
#[schema(as = GstSummary)]
struct GstView {
    /// The decision.
    treatment: Treatment,
    /// On how many bills.
    bills: i64,
    /// The value.
    value: Paise,
    /// Central tax.
    cgst: Paise,
    /// State tax.
    sgst: Paise,
    /// Integrated tax.
    igst: Paise,
}

/// What some days brought.
#[derive(Serialize, ToSchema)]
#[schema(as = MoneyReport)]
pub(super) struct MonthlyView {
    /// The first day.
    from: NaiveDate,
    /// The last day.
    to: NaiveDate,
    /// What was billed, with tax.
    billed: Paise,
    /// The tax in it.
    tax: Paise,
    /// What credit notes took back.
    credited: Paise,
    /// The tax in that.
    credited_tax: Paise,
    /// What came for bills; client money counts when it pays one.
    collected: Paise,
    /// Tax held back.
    tds: Paise,
    /// What is outstanding today.
    outstanding: Paise,
    /// By case.
    cases: Vec<CaseRowView>,
    /// By person.
    people: Vec<PersonView>,
    /// By decision on GST.
    gst: Vec<GstView>,
}

impl From<Monthly> for MonthlyView {
    fn from(report: Monthly) -> Self {
        let Monthly {
            from,
            to,
            billed,
            tax,
            credited,
            credited_tax,
            collected,
            tds,
            outstanding,
            cases,
            people,
            gst,
        } = report;
        let person = |PersonRow { name, minutes, amount }| PersonView { name, minutes, amount };
        let of_gst = |GstRow { treatment, bills, value, cgst, sgst, igst }| GstView {
            treatment,
            bills,
            value,
            cgst,
            sgst,
            igst,
        };
        Self {
            from,
            to,
            billed,
            tax,
            credited,
            credited_tax,
            collected,
            tds,
            outstanding,
            cases: cases.into_iter().map(CaseRowView::from).collect(),
            people: people.into_iter().map(person).collect(),
            gst: gst.into_iter().map(of_gst).collect(),
        }
    }
}

/// Show what some days brought
///
/// A year at most: billed, collected, held back, by case, by person, by decision on GST. Of
/// the bills the caller may see.
#[utoipa::path(get, path = "/api/v1/reports/money", tag = "billing", params(SpanQuery),
    responses((status = 200, description = "The report.", body = MonthlyView), Problem))]
pub(super) async fn monthly(
    State(app): State<App>,
    May(caller, ..): May<ReadBilling>,
    Query(query): Query<SpanQuery>,
) -> Result<Json<MonthlyView>, Problem> {
    Ok(Json(app.billing.monthly(&caller.scope, query.span(&app)).await?.into()))
}

/// Show what each case cost and earned
///
/// From its first day on; of the cases whose money the caller may see.
#[utoipa::path(get, path = "/api/v1/reports/cases", tag = "billing",
    responses((status = 200, description = "By case.", body = [CaseRowView]), Problem))]
pub(super) async fn by_case(
    State(app): State<App>,
    May(caller, ..): May<ReadBilling>,
) -> Result<Json<Vec<CaseRowView>>, Problem> {
    let rows = app.billing.by_case(&caller.scope).await?;
    Ok(Json(rows.into_iter().map(CaseRowView::from).collect()))
}

/// What is not billed of a case.
#[derive(Serialize, ToSchema)]
#[schema(as = UnbilledMoney)]
pub(super) struct UnbilledView {
    /// The case.
    case_id: CaseId,
    /// Its title.
    case_title: String,
    /// Time and fees.
    work: Paise,
    /// What was laid out.
    expenses: Paise,
    /// What language models cost.
    models: Paise,
    /// All of it.
    total: Paise,
}

impl From<Unbilled> for UnbilledView {
    fn from(row: Unbilled) -> Self {
        let total = row.sum();
        let Unbilled { case_id, case_title, work, expenses, models } = row;
        Self { case_id, case_title, work, expenses, models, total }
    }
}

/// Show what is not billed
///
/// By case, with what the models cost; of the cases whose money the caller may see.
#[utoipa::path(get, path = "/api/v1/reports/unbilled", tag = "billing",
    responses((status = 200, description = "By case.", body = [UnbilledView]), Problem))]
pub(super) async fn unbilled(
    State(app): State<App>,
    May(caller, ..): May<ReadBilling>,
) -> Result<Json<Vec<UnbilledView>>, Problem> {
    let rows = app.billing.unbilled(&caller.scope, None).await?;
    Ok(Json(rows.into_iter().map(UnbilledView::from).collect()))
}

/// Which report, as which file.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct DownloadQuery {
    /// `ageing`, `money`, `cases` or `unbilled`; what clients owe when left out.
    report: Option<String>,
    /// `csv` or `xlsx`; a CSV when left out.
    format: Option<String>,
    /// Of a report of some days, the first; a year before the last when left out.
    from: Option<NaiveDate>,
    /// The last; today when left out.
    to: Option<NaiveDate>,
}

/// The tables of a report.
pub(crate) async fn sheets(
    app: &App,
    scope: &Scope,
    report: &str,
    span: (NaiveDate, NaiveDate),
) -> Result<Option<Vec<Sheet>>, BillingError> {
    let billing = &app.billing;
    Ok(match report {
        "ageing" => Some(vec![AgeingRow::sheet(&billing.ageing(scope).await?)]),
        "money" => Some(billing.monthly(scope, span).await?.sheets()),
        "cases" => Some(vec![CaseRow::sheet(&billing.by_case(scope).await?)]),
        "unbilled" => Some(vec![Unbilled::sheet(&billing.unbilled(scope, None).await?)]),
        _ => None,
    })
}

/// Tables as a file to take away; a CSV holds them one after the other.
pub(crate) fn file(name: &str, sheets: &[Sheet], as_xlsx: bool) -> Result<Response, Problem> {
    if as_xlsx {
        let bytes = xlsx(sheets).map_err(BillingError::from)?;
        let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        let headers = [
            (CONTENT_TYPE, kind.to_owned()),
            (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.xlsx\"")),
        ];
        return Ok((headers, bytes).into_response());
    }
    let parts: Vec<String> = sheets.iter().map(Sheet::csv).collect();
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.csv\"")),
    ];
    Ok((headers, parts.join("\r\n")).into_response())
}

/// Download a report
///
/// As CSV or XLSX, with figures as numbers. Of the bills and cases the caller may see.
#[utoipa::path(get, path = "/api/v1/reports/download", tag = "billing", params(DownloadQuery),
    responses((status = 200, description = "The file.", body = Vec<u8>,
               content_type = "text/csv"), Problem))]
pub(super) async fn download_report(
    State(app): State<App>,
    May(caller, ..): May<ReadBilling>,
    Query(query): Query<DownloadQuery>,
) -> Result<Response, Problem> {
    let DownloadQuery { report, format, from, to } = query;
    let report = report.unwrap_or_else(|| "ageing".to_owned());
    let span = SpanQuery { from, to }.span(&app);
    let words = "there are the reports `ageing`, `money`, `cases` and `unbilled`";
    let found = sheets(&app, &caller.scope, &report, span).await?;
    let found = found.ok_or_else(|| Problem::shown(Code::BadRequest, words))?;
    let details = json!({ "report": report, "from": span.0, "to": span.1 });
    app.audit.acted(&caller.scope, "money.export", details).await?;
    file(&report, &found, format.as_deref() == Some("xlsx"))
}
