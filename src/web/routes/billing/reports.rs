//! Reports of the books.

use axum::extract::{Query, State};
use axum::response::Response;
use chrono::{Datelike, NaiveDate};
use serde::Deserialize;
use serde_json::json;

use super::super::viewer::Viewer;
use super::super::{Allowed, Failure};
use super::forms::mendable;
use crate::api::billing::reports::{file, sheets};
use crate::app::App;
use crate::kernel::day_in_india;
use crate::kernel::permission::permit::ReadBilling;
use crate::paper::Sheet;
use crate::web::Area;
use crate::web::billing::{ReportPage, TableView};
use crate::web::show::Day;

/// Between which days.
#[derive(Deserialize)]
pub(super) struct Span {
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
}

impl Span {
    /// The days asked for; this month unless told otherwise.
    fn days(&self, app: &App) -> (NaiveDate, NaiveDate) {
        let to = self.to.parse().unwrap_or_else(|_| day_in_india(app.clock.now()));
        let first = NaiveDate::from_ymd_opt(to.year(), to.month(), 1).unwrap_or(to);
        (self.from.parse().unwrap_or(first), to)
    }
}

/// A report: its title, its name in addresses, what it tells, and when it is empty.
type About = (&'static str, &'static str, &'static str, &'static str);

const AGEING: About = (
    "Ageing",
    "ageing",
    "What clients owe, by how long its day has passed.",
    "Nothing is outstanding: every bill you may see is paid in full.",
);
const MONEY: About = (
    "Reports",
    "money",
    "What was billed and what came between two days. Client money counts when it pays a bill.",
    "Nothing happened between these days. Choose others.",
);
const CASES: About = (
    "By case",
    "cases",
    "What each case cost and earned, from its first day on.",
    "No case cost or earned anything yet. Enter time, or bill a case.",
);
const UNBILLED: About = (
    "Not billed",
    "unbilled",
    "Time, fees, expenses and AI costs that stand on no bill.",
    "Everything is billed.",
);

async fn page(
    app: &App,
    viewer: &Viewer,
    (title, slug, lead, empty): About,
    span: Option<(NaiveDate, NaiveDate)>,
) -> Result<ReportPage, Failure> {
    let today = day_in_india(app.clock.now());
    let found = sheets(app, viewer.scope(), slug, span.unwrap_or((today, today))).await;
    let (tables, problem): (Vec<Sheet>, _) = match found {
        Ok(found) => (found.unwrap_or_default(), None),
        Err(error) => (Vec::new(), Some(mendable(viewer, error)?.1)),
    };
    Ok(ReportPage {
        layout: viewer.layout(title, Area::Money),
        lead,
        slug,
        span: span.map(|(from, to)| (Day(from), Day(to))),
        problem,
        tables: tables.into_iter().map(TableView::from).collect(),
        empty,
    })
}

pub(super) async fn ageing(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadBilling>,
) -> Result<ReportPage, Failure> {
    page(&app, &viewer, AGEING, None).await
}

pub(super) async fn monthly(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadBilling>,
    Query(span): Query<Span>,
) -> Result<ReportPage, Failure> {
    page(&app, &viewer, MONEY, Some(span.days(&app))).await
}

pub(super) async fn by_case(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadBilling>,
) -> Result<ReportPage, Failure> {
    page(&app, &viewer, CASES, None).await
}

pub(super) async fn unbilled(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadBilling>,
) -> Result<ReportPage, Failure> {
    page(&app, &viewer, UNBILLED, None).await
}

/// Which report, as which file.
#[derive(Deserialize)]
pub(super) struct Download {
    report: String,
    format: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
}

pub(super) async fn download(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadBilling>,
    Query(Download { report, format, from, to }): Query<Download>,
) -> Result<Response, Failure> {
    let span = Span { from, to }.days(&app);
    let found = sheets(&app, viewer.scope(), &report, span).await;
    let found = found.map_err(|error| viewer.failure(error))?;
    let as_xlsx = match format.as_str() {
        "xlsx" => true,
        "csv" => false,
        _ => return Err(viewer.not_found()),
    };
    let found = found.ok_or_else(|| viewer.not_found())?;
    let details = json!({ "report": report, "from": span.0, "to": span.1 });
    let recorded = app.audit.acted(viewer.scope(), "money.export", details).await;
    recorded.map_err(|error| viewer.failure(error))?;
    file(&report, &found, as_xlsx).map_err(|problem| viewer.failure(problem))
}
