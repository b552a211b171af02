//! Time worked: a day or a week of it.

use axum::extract::{Query, State};
use chrono::{Datelike, Days, NaiveDate};
use serde::Deserialize;

use super::worked_on;
use crate::app::App;
use crate::fees::{TimeEntry, TimeQuery, Timer, Whose, time_words};
use crate::kernel::permission::permit::ReadCases;
use crate::kernel::{Paise, Permission, day_in_india};
use crate::web::Area;
use crate::web::fees::{DayOfTime, TimePage, TimeRow, TimerRow, Typed};
use crate::web::parts::CaseRef;
use crate::web::routes::{Allowed, Failure};
use crate::web::show::Day;

/// More entries than this are not shown.
const MOST: usize = 2_000;

#[derive(Deserialize)]
pub(super) struct Shown {
    #[serde(default)]
    day: String,
    #[serde(default)]
    span: String,
    #[serde(default)]
    team: String,
}

/// The days of a week or the one day.
fn days_of(day: NaiveDate, one: bool) -> (NaiveDate, NaiveDate) {
    if one {
        return (day, day);
    }
    let since_monday = u64::from(day.weekday().num_days_from_monday());
    let from = day.checked_sub_days(Days::new(since_monday)).unwrap_or(day);
    (from, from.checked_add_days(Days::new(6)).unwrap_or(from))
}

pub(super) async fn show(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadCases>,
    Query(Shown { day, span, team }): Query<Shown>,
) -> Result<TimePage, Failure> {
    let scope = viewer.scope();
    let may_enter = scope.may(Permission::KeepTime);
    let may_team = scope.may(Permission::ReadBilling);
    let team = may_team && (!team.is_empty() || !may_enter);
    let today = day_in_india(app.clock.now());
    let on = day.parse().unwrap_or(today);
    let one = span == "day";
    let (from, to) = days_of(on, one);
    let whose = if team { Whose::Team } else { Whose::Own };
    let asked = TimeQuery { whose, case: None, from: Some(from), to: Some(to) };
    let entries = app.fees.time(scope, asked).await.map_err(|error| viewer.failure(error))?;
    let timers = app.fees.timers(scope).await.map_err(|error| viewer.failure(error))?;
    let step = Days::new(if one { 1 } else { 7 });
    let at = |day: Option<NaiveDate>| address(day.unwrap_or(on), one, team);
    let mut views = Vec::new();
    if may_enter {
        views.push(("My day", address(on, true, false), one && !team));
        views.push(("My week", address(on, false, false), !one && !team));
    }
    if may_team {
        views.push(("The team’s day", address(on, true, true), one && team));
        views.push(("The team’s week", address(on, false, true), !one && team));
    }
    let cut = entries.len() >= MOST;
    let (total, amount) = sums(&entries);
    Ok(TimePage {
        layout: viewer.layout("Time", Area::Time),
        from: Day(from),
        to: Day(if one { on } else { today.clamp(from, to) }),
        views,
        before: at(on.checked_sub_days(step)),
        after: at(on.checked_add_days(step)),
        csv: format!("/api/v1/time.csv?from={from}&to={to}&team={team}"),
        may_enter,
        cases: worked_on(&app, &viewer, &Typed::default()).await?,
        decides: may_team,
        timer: timers.open.map(timer_row),
        drafts: timers.drafts.into_iter().map(timer_row).collect(),
        days: by_day(entries, team),
        total,
        amount,
        cut,
    })
}

fn address(day: NaiveDate, one: bool, team: bool) -> String {
    let span = if one { "&span=day" } else { "" };
    let team = if team { "&team=1" } else { "" };
    format!("/time?day={day}{span}{team}")
}

fn sums(entries: &[TimeEntry]) -> (String, String) {
    let minutes = entries.iter().map(|entry| entry.minutes).sum();
    let amount: Paise = entries.iter().map(TimeEntry::charged).sum();
    (time_words(minutes), amount.to_string())
}

fn by_day(entries: Vec<TimeEntry>, team: bool) -> Vec<DayOfTime> {
    let mut days: Vec<(NaiveDate, Vec<TimeEntry>)> = Vec::new();
    for entry in entries {
        match days.last_mut().filter(|(day, _)| *day == entry.worked_on) {
            Some((_, of)) => of.push(entry),
            None => days.push((entry.worked_on, vec![entry])),
        }
    }
    days.into_iter()
        .rev()
        .map(|(day, entries)| {
            let (total, amount) = sums(&entries);
            let rows = entries.into_iter().map(|entry| time_row(entry, team)).collect();
            DayOfTime { day: Day(day), rows, total, amount }
        })
        .collect()
}

/// An entry on a page, with who worked where it is everybody's time.
pub(super) fn time_row(entry: TimeEntry, team: bool) -> TimeRow {
    let mut notes = Vec::new();
    if !entry.billable {
        notes.push("not billed to the client".to_owned());
    } else if entry.billed_minutes() != entry.minutes {
        notes.push(format!("billed as {}", time_words(entry.billed_minutes())));
    }
    if let Some(adjusted) = &entry.adjusted {
        notes.push(format!("in place of {}: {}", entry.amount, adjusted.reason));
    }
    if entry.is_billed {
        notes.push("on an invoice".to_owned());
    }
    TimeRow {
        id: entry.id,
        amount: entry.charged().to_string(),
        case: CaseRef { id: entry.case_id, title: entry.case_title },
        who: team.then_some(entry.who),
        time: time_words(entry.minutes),
        description: entry.description,
        notes,
    }
}

/// A timer on a page.
pub(super) fn timer_row(timer: Timer) -> TimerRow {
    TimerRow {
        id: timer.id,
        time: time_words(timer.minutes()),
        case: CaseRef { id: timer.case_id, title: timer.case_title },
        note: timer.note,
        started: timer.started_at.into(),
        seconds: timer.seconds,
        runs: timer.running_since.is_some(),
        forgotten: timer.is_forgotten,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_runs_from_monday_to_sunday() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let week = (day("2026-11-16"), day("2026-11-22"));
        for inside in ["2026-11-16", "2026-11-19", "2026-11-22"] {
            assert_eq!(days_of(day(inside), false), week, "{inside}");
        }
        assert_eq!(days_of(day("2026-11-19"), true), (day("2026-11-19"), day("2026-11-19")));
    }
}
