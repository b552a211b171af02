//! What the models cost: the report, single calls, prices.

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use chrono::{Datelike, Days, Months, NaiveDate};
use serde::Deserialize;
use serde_json::json;

use super::viewer::{Viewer, sentence};
use super::{Allowed, Failure, Form, budgets};
use crate::app::App;
use crate::kernel::permission::permit::{ReadCosts, RunService};
use crate::kernel::{CallId, CaseId, Permission, UserId};
use crate::usage::{By, CallFilter, Line, Period, PriceError, Report};
use crate::web::Area;
use crate::web::budgets::{CallPage, CallsPage, PreviewRow, PricesPage};
use crate::web::costs::{CostBy, CostRow, CostsPage, Tab};
use crate::web::page::{Link, Notice};
use crate::web::parts::Field;
use crate::web::show::Day;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/admin/costs", get(costs))
        .route("/admin/costs.csv", get(costs_csv))
        .route("/admin/costs/calls", get(calls))
        .route("/admin/costs/calls.csv", get(calls_csv))
        .route("/admin/costs/calls/{id}", get(call))
        .route("/admin/costs/prices", get(prices).post(preview_prices))
        .route("/admin/costs/prices.csv", get(prices_csv))
        .route("/admin/costs/prices/import", post(import_prices))
        .route("/admin/costs/rates", post(add_rate))
        .merge(budgets::routes())
}

#[derive(Deserialize)]
struct Range {
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    #[serde(default)]
    by: By,
}

impl Range {
    /// The days asked for; the last thirty unless told otherwise.
    fn period(&self, app: &App) -> Period {
        let to = self.to.unwrap_or_else(|| app.clock.now().date_naive());
        let from = self.from.unwrap_or_else(|| to.checked_sub_days(Days::new(29)).unwrap_or(to));
        Period { from, to }
    }
}

/// The periods one click away: name, first and last day.
fn presets(today: NaiveDate) -> Vec<(&'static str, Period)> {
    let first = today.with_day(1).unwrap_or(today);
    let earlier =
        |day: NaiveDate, months| day.checked_sub_months(Months::new(months)).unwrap_or(day);
    let back = |days| today.checked_sub_days(Days::new(days)).unwrap_or(today);
    // The Indian financial year begins on the first of April.
    let year = if today.month() >= 4 { today.year() } else { today.year() - 1 };
    let april = NaiveDate::from_ymd_opt(year, 4, 1).unwrap_or(first);
    vec![
        ("7 days", Period { from: back(6), to: today }),
        ("30 days", Period { from: back(29), to: today }),
        ("This month", Period { from: first, to: today }),
        ("Last month", Period { from: earlier(first, 1), to: first.pred_opt().unwrap_or(first) }),
        ("This financial year", Period { from: april, to: today }),
    ]
}

async fn report(app: &App, viewer: &Viewer, range: &Range) -> Result<(Period, Report), Failure> {
    let period = range.period(app);
    let report = app.usage.report(viewer.scope(), period, range.by).await;
    let report = report.map_err(|error| viewer.failure(error))?;
    Ok((period, report.ok_or_else(|| viewer.not_found())?))
}

async fn costs(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadCosts>,
    Query(range): Query<Range>,
) -> Result<CostsPage, Failure> {
    let (period, report) = report(&app, &viewer, &range).await?;
    let scope = viewer.scope();
    let failed = |error| viewer.failure(error);
    let stacks = app.usage.stacks(scope, period).await.map_err(failed)?;
    let events = app.usage.events(scope, period).await.map_err(failed)?;
    let standings = app.usage.budgets(scope).await.map_err(failed)?.unwrap_or_default();
    let mut notices: Vec<Notice> = Vec::new();
    if report.total.unpriced > 0 {
        let text = format!(
            "{} calls were of models the price book does not know; they count as zero here.",
            report.total.unpriced
        );
        notices.push(Notice { text, link: Some(Link::new("Prices", "/admin/costs/prices")) });
    }
    for standing in standings.iter().filter(|one| one.is_past_soft() || one.is_past_hard()) {
        let line = if standing.is_past_hard() { "hard" } else { "soft" };
        let name = standing.name.as_deref().unwrap_or("a case not open to you");
        let text =
            format!("The budget of {name} is past its {line} line: {} spent.", standing.spent);
        notices.push(Notice { text, link: Some(Link::new("Budgets", "/admin/costs/budgets")) });
    }
    let by = cost_by(report.by);
    let preset = |(label, preset): (&str, Period)| {
        let href = format!("/admin/costs?by={}&from={}&to={}", by.as_str(), preset.from, preset.to);
        Tab { link: Link::new(label, href), current: preset == period }
    };
    let row = |line| cost_row(report.by, period, line);
    Ok(CostsPage {
        layout: viewer.layout("AI costs", Area::Costs).with_notices(notices),
        from: Day(period.from),
        to: Day(period.to),
        by,
        total: CostRow { href: None, ..row(report.total) },
        rows: report.lines.into_iter().map(row).collect(),
        stacks,
        events,
        presets: presets(app.clock.now().date_naive()).into_iter().map(preset).collect(),
    })
}

const fn cost_by(by: By) -> CostBy {
    match by {
        By::Day => CostBy::Day,
        By::User => CostBy::User,
        By::Case => CostBy::Case,
        By::Model => CostBy::Model,
        By::Purpose => CostBy::Purpose,
        By::Provider => CostBy::Provider,
    }
}

fn cost_row(by: By, period: Period, line: Line) -> CostRow {
    let count = |number: i64| u64::try_from(number).unwrap_or(0);
    CostRow {
        href: calls_of(by, period, &line),
        label: line.label,
        calls: count(line.calls),
        failed: count(line.failed),
        fallbacks: count(line.extractive),
        tokens_in: count(line.tokens_in),
        tokens_cached: count(line.tokens_cached),
        tokens_out: count(line.tokens_out),
        tokens_embedded: count(line.tokens_embedded),
        dollars: line.cost_microdollars,
        rupees: line.cost_paise,
        saved: line.saved_paise,
        estimated: line.estimated > 0,
    }
}

/// Where the calls of a line are listed; nowhere where they are not one thing's.
fn calls_of(by: By, period: Period, line: &Line) -> Option<String> {
    let (from, to) = (period.from.to_string(), period.to.to_string());
    let mut pairs = vec![("from", from), ("to", to)];
    match by {
        By::Day => pairs = vec![("from", line.label.clone()), ("to", line.label.clone())],
        By::User => pairs.push(("user", line.id?.to_string())),
        By::Case => pairs.push(("case", line.id?.to_string())),
        By::Purpose => pairs.push(("purpose", line.label.clone())),
        By::Provider => pairs.push(("provider", line.label.clone())),
        By::Model => {
            let (provider, model) = line.label.split_once(" / ")?;
            pairs.extend([("provider", provider.to_owned()), ("model", model.to_owned())]);
        }
    }
    Some(format!("/admin/costs/calls?{}", query(&pairs)))
}

fn query(pairs: &[(&'static str, String)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// A table as a file to take away.
fn csv(name: &str, text: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    (headers, text).into_response()
}

async fn exported(app: &App, viewer: &Viewer, details: serde_json::Value) -> Result<(), Failure> {
    let recorded = app.audit.acted(viewer.scope(), "costs.export", details).await;
    recorded.map_err(|error| viewer.failure(error))
}

async fn costs_csv(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadCosts>,
    Query(range): Query<Range>,
) -> Result<Response, Failure> {
    let (period, report) = report(&app, &viewer, &range).await?;
    let Period { from, to } = period;
    let by = report.by.as_str();
    exported(&app, &viewer, json!({ "from": from, "to": to, "by": by })).await?;
    Ok(csv(&format!("ai-costs-{from}-{to}-by-{by}.csv"), report.csv()))
}

#[derive(Deserialize)]
struct Narrowed {
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    user: Option<UserId>,
    case: Option<CaseId>,
    provider: Option<String>,
    model: Option<String>,
    purpose: Option<String>,
    outcome: Option<String>,
    #[serde(default)]
    offset: u32,
}

impl Narrowed {
    fn filter(&self, app: &App) -> CallFilter {
        let to = self.to.unwrap_or_else(|| app.clock.now().date_naive());
        let from = self.from.unwrap_or_else(|| to.checked_sub_days(Days::new(6)).unwrap_or(to));
        CallFilter {
            period: Period { from, to },
            user: self.user,
            case: self.case,
            provider: self.provider.clone(),
            model: self.model.clone(),
            purpose: self.purpose.clone(),
            outcome: self.outcome.clone(),
        }
    }

    fn pairs(&self) -> Vec<(&'static str, String)> {
        let pairs = [
            ("user", self.user.map(|id| id.to_string())),
            ("case", self.case.map(|id| id.to_string())),
            ("provider", self.provider.clone()),
            ("model", self.model.clone()),
            ("purpose", self.purpose.clone()),
            ("outcome", self.outcome.clone()),
        ];
        pairs.into_iter().filter_map(|(name, value)| value.map(|value| (name, value))).collect()
    }
}

async fn calls(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadCosts>,
    Query(narrowed): Query<Narrowed>,
) -> Result<CallsPage, Failure> {
    let filter = narrowed.filter(&app);
    let found = app.usage.calls(viewer.scope(), &filter, narrowed.offset).await;
    let found = found.map_err(|error| viewer.failure(error))?.ok_or_else(|| viewer.not_found())?;
    let Period { from, to } = filter.period;
    let mut pairs = narrowed.pairs();
    pairs.extend([("from", from.to_string()), ("to", to.to_string())]);
    let csv = format!("/admin/costs/calls.csv?{}", query(&pairs));
    let next = narrowed.offset.saturating_add(u32::try_from(found.calls.len()).unwrap_or(0));
    pairs.push(("offset", next.to_string()));
    Ok(CallsPage {
        layout: viewer.layout("Calls", Area::Costs),
        from: Day(from),
        to: Day(to),
        narrowed: narrowed.pairs(),
        older: found.more.then(|| format!("/admin/costs/calls?{}", query(&pairs))),
        calls: found.calls,
        csv,
    })
}

async fn calls_csv(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadCosts>,
    Query(narrowed): Query<Narrowed>,
) -> Result<Response, Failure> {
    let filter = narrowed.filter(&app);
    let text = app.usage.calls_csv(viewer.scope(), &filter).await;
    let text = text.map_err(|error| viewer.failure(error))?.ok_or_else(|| viewer.not_found())?;
    let Period { from, to } = filter.period;
    exported(&app, &viewer, json!({ "from": from, "to": to, "by": "call" })).await?;
    Ok(csv(&format!("ai-calls-{from}-{to}.csv"), text))
}

async fn call(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadCosts>,
    Path(id): Path<CallId>,
) -> Result<CallPage, Failure> {
    let call = app.usage.call(viewer.scope(), id).await;
    let call = call.map_err(|error| viewer.failure(error))?.ok_or_else(|| viewer.not_found())?;
    Ok(CallPage { layout: viewer.layout("Call", Area::Costs), call })
}

#[derive(Deserialize)]
struct List {
    #[serde(default)]
    list: String,
}

async fn prices(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadCosts>,
) -> Result<PricesPage, Failure> {
    prices_page(&app, &viewer, String::new()).await
}

async fn prices_page(app: &App, viewer: &Viewer, list: String) -> Result<PricesPage, Failure> {
    let scope = viewer.scope();
    let book = app.usage.price_book(scope).await.map_err(|error| viewer.failure(error))?;
    let rates = app.usage.rates(scope).await.map_err(|error| viewer.failure(error))?;
    Ok(PricesPage {
        layout: viewer.layout("Prices", Area::Costs),
        problem: None,
        prices: book.ok_or_else(|| viewer.not_found())?.lines,
        rates: rates.unwrap_or_default(),
        list: Field::of(list),
        preview: None,
        can_import: false,
        may_set: scope.may(Permission::RunService),
    })
}

/// The page with what was wrong with a form, where that is the admin's to put right.
async fn prices_refused(
    app: &App,
    viewer: &Viewer,
    list: String,
    error: PriceError,
) -> Result<Response, Failure> {
    if matches!(error, PriceError::NotAllowed | PriceError::Db(_)) {
        return Err(viewer.failure(error));
    }
    let page = prices_page(app, viewer, list).await?;
    Ok(PricesPage { problem: Some(sentence(&error.to_string())), ..page }.into_response())
}

async fn preview_prices(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<RunService>,
    Form(List { list }): Form<List>,
) -> Result<Response, Failure> {
    let preview = match app.usage.preview_prices(viewer.scope(), &list).await {
        Ok(preview) => preview,
        Err(error) => return prices_refused(&app, &viewer, list, error).await,
    };
    let read = preview.rows.iter().map(|(row, change)| PreviewRow::of(row, change));
    let unread = preview.unread.iter().map(|(line, why)| PreviewRow::unread(*line, why));
    let rows: Vec<PreviewRow> = read.chain(unread).collect();
    let page = prices_page(&app, &viewer, list).await?;
    let can_import = rows.iter().all(|row| !row.refused);
    Ok(PricesPage { preview: Some(rows), can_import, ..page }.into_response())
}

async fn import_prices(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<RunService>,
    Form(List { list }): Form<List>,
) -> Result<Response, Failure> {
    match app.usage.import_prices(viewer.scope(), &list).await {
        Ok(_) => Ok(Redirect::to("/admin/costs/prices").into_response()),
        Err(error) => prices_refused(&app, &viewer, list, error).await,
    }
}

async fn prices_csv(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadCosts>,
) -> Result<Response, Failure> {
    let book = app.usage.price_book(viewer.scope()).await;
    let book = book.map_err(|error| viewer.failure(error))?.ok_or_else(|| viewer.not_found())?;
    exported(&app, &viewer, json!({ "by": "price" })).await?;
    Ok(csv("prices.csv", book.csv()))
}

#[derive(Deserialize)]
struct NewRate {
    #[serde(default)]
    from: String,
    #[serde(default)]
    rate: String,
    #[serde(default)]
    source: String,
}

async fn add_rate(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<RunService>,
    Form(new): Form<NewRate>,
) -> Result<Response, Failure> {
    let added = match (new.from.parse(), new.rate.trim().parse()) {
        (Ok(from), Ok(rate)) => app.usage.add_rate(viewer.scope(), from, rate, &new.source).await,
        _ => Err(PriceError::Rate),
    };
    match added {
        Ok(()) => Ok(Redirect::to("/admin/costs/prices").into_response()),
        Err(error) => prices_refused(&app, &viewer, String::new(), error).await,
    }
}
