//! Usage: what the models took in tokens and money.

use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::May;
use super::extract::{Json, Query};
use super::now;
use super::problem::{Code, Problem};
use crate::app::App;
use crate::kernel::permission::permit::ReadCosts;
use crate::usage::{By, Line, Period, Report};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default().routes(routes!(show_usage)).routes(routes!(export_usage))
}

/// Which calls to sum, and how.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct UsageQuery {
    /// The first day, in UTC; the first of the month of `to` when left out.
    from: Option<NaiveDate>,
    /// The last day; today when left out.
    to: Option<NaiveDate>,
    /// What the lines stand for: `day`, `user`, `case` or `model`.
    #[serde(default)]
    #[param(value_type = Option<String>, default = "day")]
    by: By,
}

impl UsageQuery {
    /// The days asked for.
    fn period(self, now: DateTime<Utc>) -> Result<Period, Problem> {
        let to = self.to.unwrap_or_else(|| now.date_naive());
        let from = self.from.or_else(|| to.with_day(1)).unwrap_or(to);
        if from > to {
            let words = format!("`from` ({from}) must not be after `to` ({to})");
            return Err(Problem::shown(Code::BadRequest, &words));
        }
        Ok(Period { from, to })
    }
}

/// What the calls of a period came to.
#[derive(Serialize, ToSchema)]
#[schema(as = UsageReport)]
struct UsageView {
    /// The first day.
    from: NaiveDate,
    /// The last day.
    to: NaiveDate,
    /// What the lines stand for.
    by: By,
    /// The lines.
    lines: Vec<Line>,
    /// Their sum.
    total: Line,
}

impl UsageView {
    fn new(period: Period, report: Report) -> Self {
        let Period { from, to } = period;
        let Report { by, lines, total } = report;
        Self { from, to, by, lines, total }
    }
}

/// Show what the models took
///
/// For admins.
#[utoipa::path(get, path = "/api/v1/usage", tag = "admin", params(UsageQuery),
    responses((status = 200, description = "The report.", body = UsageView), Problem))]
async fn show_usage(
    State(app): State<App>,
    May(caller, ..): May<ReadCosts>,
    Query(query): Query<UsageQuery>,
) -> Result<Json<UsageView>, Problem> {
    let period = query.period(now(&app))?;
    let report = app.usage.report(&caller.scope, period, query.by).await?;
    let report = report.ok_or_else(Problem::hidden)?;
    Ok(Json(UsageView::new(period, report)))
}

/// Export what the models took, as CSV
///
/// For admins.
#[utoipa::path(get, path = "/api/v1/usage.csv", tag = "admin", params(UsageQuery),
    responses((status = 200, description = "The report.", body = String,
               content_type = "text/csv"), Problem))]
async fn export_usage(
    State(app): State<App>,
    May(caller, ..): May<ReadCosts>,
    Query(query): Query<UsageQuery>,
) -> Result<impl IntoResponse, Problem> {
    let period = query.period(now(&app))?;
    let report = app.usage.report(&caller.scope, period, query.by).await?;
    let report = report.ok_or_else(Problem::hidden)?;
    let Period { from, to } = period;
    let details = json!({ "from": from, "to": to, "by": report.by.as_str() });
    app.audit.acted(&caller.scope, "costs.export", details).await?;
    let name = format!("attachment; filename=\"usage-{from}-to-{to}.csv\"");
    let headers =
        [(CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, name)];
    Ok((headers, report.csv()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn asked(from: Option<&str>, to: Option<&str>) -> Result<Period, Problem> {
        let query = UsageQuery { from: from.map(day), to: to.map(day), by: By::Day };
        query.period(day("2026-05-20").and_time(chrono::NaiveTime::MIN).and_utc())
    }

    #[test]
    fn this_month_is_meant_when_nothing_is_said() {
        assert_eq!(
            asked(None, None),
            Ok(Period { from: day("2026-05-01"), to: day("2026-05-20") })
        );
        let april = Period { from: day("2026-04-01"), to: day("2026-04-30") };
        assert_eq!(asked(None, Some("2026-04-30")), Ok(april));
    }

    #[test]
    fn a_period_that_ends_before_it_begins_is_refused() {
        let refused = asked(Some("2026-05-02"), Some("2026-05-01")).unwrap_err();
        assert_eq!(refused.code, Code::BadRequest);
    }
}
