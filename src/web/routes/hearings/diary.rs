//! The diary: a day or a week, court by court.

use std::collections::BTreeMap;

use axum::extract::{Query, State};
use chrono::{Datelike, Days, NaiveDate};
use serde::Deserialize;

use super::rows::{row, warning, weekday};
use crate::app::App;
use crate::cases::CaseError;
use crate::deadlines::{Task, TaskQuery};
use crate::hearings::{Hearing, HearingError, HearingQuery};
use crate::kernel::CaseId;
use crate::kernel::permission::permit::ReadCases;
use crate::web::Area;
use crate::web::hearings::{CourtRows, DiaryDay, DiaryPage, DiaryTask};
use crate::web::parts::CaseRef;
use crate::web::routes::{Allowed, Failure};
use crate::web::show::Day;

/// How many rows of a kind the page shows.
const ROWS: u32 = 500;
/// How many days are shown when only the first is said.
const AHEAD: u64 = 14;

/// Which days are asked for.
#[derive(Deserialize)]
pub(in crate::web) struct Asked {
    #[serde(default)]
    view: String,
    #[serde(default)]
    day: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    case: String,
    #[serde(default)]
    mine: String,
}

/// The days a view shows: its name, the first and the last of them.
fn span(asked: &Asked, today: NaiveDate) -> (&'static str, NaiveDate, NaiveDate) {
    let later = |day: NaiveDate, days| day.checked_add_days(Days::new(days)).unwrap_or(day);
    let day = asked.day.parse().unwrap_or(today);
    if !asked.from.is_empty() || !asked.to.is_empty() {
        let to = asked.to.parse::<NaiveDate>().ok();
        let from = asked.from.parse().unwrap_or_else(|_| to.map_or(today, |to| to.min(today)));
        return ("range", from, to.unwrap_or_else(|| later(from, AHEAD)));
    }
    if asked.view == "day" {
        return ("day", day, day);
    }
    let since_monday = u64::from(day.weekday().num_days_from_monday());
    let monday = day.checked_sub_days(Days::new(since_monday)).unwrap_or(day);
    ("week", monday, later(monday, 6))
}

/// The hearings of a day, court by court, in the order of the lists.
fn courts(mut hearings: Vec<Hearing>, today: NaiveDate) -> Vec<CourtRows> {
    hearings.sort_by_cached_key(Hearing::order);
    let mut courts: Vec<CourtRows> = Vec::new();
    for hearing in hearings {
        let court = hearing.court.clone().unwrap_or_else(|| "Court not entered".to_owned());
        let row = row(hearing, &[], today);
        match courts.last_mut() {
            Some(last) if last.court.eq_ignore_ascii_case(&court) => last.rows.push(row),
            _ => courts.push(CourtRows { court, rows: vec![row] }),
        }
    }
    courts
}

fn task_row(task: Task, due: NaiveDate) -> DiaryTask {
    DiaryTask {
        title: task.title,
        kind: task.kind.words(),
        due: Day(due),
        case: task.case_id.zip(task.case_title).map(|(id, title)| CaseRef { id, title }),
        assignee: task.assignee,
    }
}

pub(in crate::web) async fn show(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadCases>,
    Query(asked): Query<Asked>,
) -> Result<DiaryPage, Failure> {
    let scope = viewer.scope();
    let today = app.hearings.today();
    let (view, from, to) = span(&asked, today);
    let mine = !asked.mine.is_empty();
    let fail = |error: HearingError| viewer.failure(error);
    let case = match asked.case.parse::<CaseId>() {
        Ok(id) => {
            let found = app.cases.find(scope, id).await;
            Some(found.map_err(|error: CaseError| viewer.failure(error))?)
        }
        Err(_) => None,
    };
    let case = case.map(|case| CaseRef { id: case.id, title: case.title });
    let id = case.as_ref().map(|case| case.id);
    let query = HearingQuery {
        case: id,
        from: Some(from),
        to: Some(to),
        mine,
        limit: ROWS,
        ..HearingQuery::default()
    };
    let hearings = app.hearings.list(scope, query).await.map_err(|error| fail(error.into()))?;
    let assignee = mine.then(|| scope.user());
    let tasks = TaskQuery {
        case: id,
        assignee,
        or_nobodys: mine,
        to: Some(to),
        limit: ROWS,
        ..TaskQuery::default()
    };
    let tasks = app.deadlines.list(scope, tasks).await.map_err(|error| viewer.failure(error))?;
    let warnings = app.date_warnings(scope, id).await.map_err(|error| fail(error.into()))?;
    let full = |rows: usize| rows >= usize::try_from(ROWS).unwrap_or(usize::MAX);
    let cut = full(hearings.len()) || full(tasks.len());

    let mut by_day: BTreeMap<NaiveDate, (Vec<Hearing>, Vec<DiaryTask>)> = BTreeMap::new();
    let mut overdue = Vec::new();
    for hearing in hearings {
        by_day.entry(hearing.known.on_date).or_default().0.push(hearing);
    }
    for task in tasks {
        let Some(due) = task.due_on else { continue };
        if due >= from {
            by_day.entry(due).or_default().1.push(task_row(task, due));
        } else if due < today {
            overdue.push(task_row(task, due));
        }
    }
    let days = by_day.into_iter().map(|(day, (hearings, tasks))| DiaryDay {
        day: Day(day),
        weekday: weekday(day),
        today: day == today,
        courts: courts(hearings, today),
        tasks,
    });
    let step = Days::new(if view == "day" { 1 } else { 7 });
    let before = from.checked_sub_days(step).unwrap_or(from);
    let after = from.checked_add_days(step).unwrap_or(from);
    Ok(DiaryPage {
        layout: viewer.layout("Diary", Area::Diary),
        view,
        from: Day(from),
        to: Day(to),
        around: (Day(before).iso(), Day(after).iso()),
        mine,
        case,
        days: days.collect(),
        overdue,
        warnings: warnings.into_iter().map(warning).collect(),
        cut,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(view: &str, day: &str, from: &str, to: &str) -> Asked {
        let own = str::to_owned;
        Asked {
            view: own(view),
            day: own(day),
            from: own(from),
            to: own(to),
            case: String::new(),
            mine: String::new(),
        }
    }

    #[test]
    fn a_week_begins_on_monday_and_a_slip_shows_this_one() {
        let today: NaiveDate = "2026-11-25".parse().unwrap();
        let shown = |asked: Asked| {
            let (view, from, to) = span(&asked, today);
            (view, from.to_string(), to.to_string())
        };
        let week = ("week", "2026-11-23".to_owned(), "2026-11-29".to_owned());
        assert_eq!(shown(asked("", "", "", "")), week);
        assert_eq!(shown(asked("week", "rubbish", "", "")), week);
        assert_eq!(shown(asked("week", "2026-11-29", "", "")), week);
        let day = ("day", "2026-12-01".to_owned(), "2026-12-01".to_owned());
        assert_eq!(shown(asked("day", "2026-12-01", "", "")), day);
        let range = ("range", "2026-12-01".to_owned(), "2026-12-15".to_owned());
        assert_eq!(shown(asked("", "", "2026-12-01", "")), range);
    }
}
