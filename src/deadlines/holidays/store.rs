//! Every statement about calendars of holidays.

use chrono::{DateTime, NaiveDate, Utc};

use super::CourtCalendar;
use crate::db::{DbError, Tx};
use crate::deadlines::calendar::{Calendar, DayKind, Stretch};
use crate::kernel::{HolidayCalendarId, Scope};
use crate::statement;

#[derive(sqlx::FromRow)]
struct CalendarRow {
    id: HolidayCalendarId,
    name: String,
    weekly: String,
}

#[derive(sqlx::FromRow)]
struct DayRow {
    from_on: String,
    to_on: String,
    name: String,
    kind: String,
}

impl DayRow {
    fn stretch(self) -> Result<Stretch, DbError> {
        let unknown = |column, value: &str| DbError::Inconsistent {
            table: "holiday_days",
            column,
            value: value.to_owned(),
        };
        let from = self.from_on.parse().map_err(|_| unknown("from_on", &self.from_on))?;
        let to = self.to_on.parse().map_err(|_| unknown("to_on", &self.to_on))?;
        let kind = DayKind::named(&self.kind).ok_or_else(|| unknown("kind", &self.kind))?;
        Ok(Stretch { from, to, name: self.name, kind })
    }
}

#[derive(sqlx::FromRow)]
struct CourtRow {
    court: String,
}

async fn filled(tx: &mut Tx, scope: &Scope, row: CalendarRow) -> Result<CourtCalendar, DbError> {
    let CalendarRow { id, name, weekly } = row;
    let select = statement!(
        "SELECT h.from_on, h.to_on, h.name, h.kind FROM holiday_days h
         WHERE h.calendar_id = $1 ORDER BY h.from_on, h.to_on LIMIT 5000"
    );
    let days = tx.all::<DayRow>(select.bind(id)).await?;
    let days = days.into_iter().map(DayRow::stretch).collect::<Result<_, _>>()?;
    let select = statement!(
        "SELECT c.court FROM court_calendars c
         WHERE c.organisation_id = $1 AND c.calendar_id = $2 ORDER BY c.court LIMIT 500"
    );
    let courts = tx.all::<CourtRow>(select.bind(scope.organisation()).bind(id)).await?;
    let weekly = weekly.split_whitespace().map(str::to_owned).collect();
    Ok(CourtCalendar {
        id,
        calendar: Calendar { name, weekly, days },
        courts: courts.into_iter().map(|row| row.court).collect(),
    })
}

pub(super) async fn calendars(tx: &mut Tx, scope: &Scope) -> Result<Vec<CourtCalendar>, DbError> {
    let select = statement!(
        "SELECT h.id, h.name, h.weekly FROM holiday_calendars h
         WHERE h.organisation_id = $1 ORDER BY h.name, h.id LIMIT 200"
    );
    let rows = tx.all::<CalendarRow>(select.bind(scope.organisation())).await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        found.push(filled(tx, scope, row).await?);
    }
    Ok(found)
}

pub(super) async fn calendar(
    tx: &mut Tx,
    scope: &Scope,
    id: HolidayCalendarId,
) -> Result<Option<CourtCalendar>, DbError> {
    let select = statement!(
        "SELECT h.id, h.name, h.weekly FROM holiday_calendars h
         WHERE h.organisation_id = $1 AND h.id = $2"
    );
    let select = select.bind(scope.organisation()).bind(id);
    match tx.optional::<CalendarRow>(select).await? {
        Some(row) => filled(tx, scope, row).await.map(Some),
        None => Ok(None),
    }
}

#[derive(sqlx::FromRow)]
struct Id {
    calendar_id: HolidayCalendarId,
}

pub(super) async fn of_court(
    tx: &mut Tx,
    scope: &Scope,
    court: &str,
) -> Result<Option<HolidayCalendarId>, DbError> {
    let select = statement!(
        "SELECT c.calendar_id FROM court_calendars c
         WHERE c.organisation_id = $1 AND c.court = $2"
    );
    let found = tx.optional::<Id>(select.bind(scope.organisation()).bind(court)).await?;
    Ok(found.map(|found| found.calendar_id))
}

/// Holds a calendar's row for a change; says whether it is there.
pub(super) async fn lock(
    tx: &mut Tx,
    scope: &Scope,
    id: HolidayCalendarId,
) -> Result<bool, DbError> {
    let update = statement!(
        "UPDATE holiday_calendars SET name = name WHERE id = $1 AND organisation_id = $2"
    );
    Ok(tx.execute(update.bind(id).bind(scope.organisation())).await? == 1)
}

pub(super) async fn insert(
    tx: &mut Tx,
    scope: &Scope,
    (id, name): (HolidayCalendarId, &str),
    weekly: &[String],
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO holiday_calendars (id, organisation_id, name, weekly, added_by, added_at)
         VALUES ($1, $2, $3, $4, $5, $6)"
    )
    .bind(id)
    .bind(scope.organisation())
    .bind(name)
    .bind(weekly.join(" "))
    .bind(scope.user())
    .bind(now);
    tx.execute(insert).await.map(drop)
}

pub(super) async fn set_weekly(
    tx: &mut Tx,
    id: HolidayCalendarId,
    weekly: &[String],
) -> Result<(), DbError> {
    let update = statement!("UPDATE holiday_calendars SET weekly = $1 WHERE id = $2");
    tx.execute(update.bind(weekly.join(" ")).bind(id)).await.map(drop)
}

/// Adds days; says whether they were not there.
pub(super) async fn add_days(
    tx: &mut Tx,
    scope: &Scope,
    id: HolidayCalendarId,
    stretch: &Stretch,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let insert = statement!(
        "INSERT INTO holiday_days (calendar_id, from_on, to_on, name, kind, added_by, added_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (calendar_id, from_on, to_on) DO NOTHING"
    )
    .bind(id)
    .bind(stretch.from.to_string())
    .bind(stretch.to.to_string())
    .bind(stretch.name.as_str())
    .bind(stretch.kind.as_str())
    .bind(scope.user())
    .bind(now);
    Ok(tx.execute(insert).await? == 1)
}

pub(super) async fn remove_days(
    tx: &mut Tx,
    id: HolidayCalendarId,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<bool, DbError> {
    let delete = statement!(
        "DELETE FROM holiday_days WHERE calendar_id = $1 AND from_on = $2 AND to_on = $3"
    );
    let delete = delete.bind(id).bind(from.to_string()).bind(to.to_string());
    Ok(tx.execute(delete).await? == 1)
}

pub(super) async fn set_courts(
    tx: &mut Tx,
    scope: &Scope,
    id: HolidayCalendarId,
    courts: &[String],
) -> Result<(), DbError> {
    let delete =
        statement!("DELETE FROM court_calendars WHERE organisation_id = $1 AND calendar_id = $2");
    tx.execute(delete.bind(scope.organisation()).bind(id)).await?;
    for court in courts {
        let insert = statement!(
            "INSERT INTO court_calendars (organisation_id, court, calendar_id)
             VALUES ($1, $2, $3)
             ON CONFLICT (organisation_id, court) DO UPDATE SET calendar_id = excluded.calendar_id"
        );
        let insert = insert.bind(scope.organisation()).bind(court.as_str()).bind(id);
        tx.execute(insert).await?;
    }
    Ok(())
}
