//! What the admin of the sample chamber sets for all cases: rates and court holidays.

use std::collections::BTreeMap;

use anyhow::Context;
use serde::Deserialize;

use super::practice::{When, paise};
use crate::app::App;
use crate::deadlines::calendar::{DayKind, Stretch};
use crate::deadlines::holidays::{CalendarChange, NewCalendar};
use crate::fees::{NewRate, Rounding};
use crate::kernel::{Scope, UserId, day_in_india};

/// What an hour costs from a day on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SampleRate {
    /// The email of whose hour it is; everybody's when left out.
    of: Option<String>,
    rupees_per_hour: i64,
    from: When,
}

/// The holidays of some courts.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SampleCalendar {
    name: String,
    /// What it begins with: `supreme`, `high`, `district` or `tribunal`.
    base: String,
    courts: Vec<String>,
    days: Vec<SampleHoliday>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SampleHoliday {
    from: When,
    to: When,
    name: String,
    kind: DayKind,
}

/// Enters the holidays of courts.
pub(super) async fn add_calendars(
    app: &App,
    admin: &Scope,
    calendars: &[SampleCalendar],
) -> anyhow::Result<()> {
    let today = day_in_india(app.clock.now());
    for sample in calendars {
        let new = NewCalendar {
            name: sample.name.clone(),
            base: Some(sample.base.clone()),
            copy_of: None,
        };
        let id = app.deadlines.add_calendar(admin, new).await?;
        let courts = Some(sample.courts.clone());
        let change = CalendarChange { courts, ..CalendarChange::default() };
        app.deadlines.change_calendar(admin, id, change).await?;
        for days in &sample.days {
            let stretch = Stretch {
                from: days.from.day(today)?,
                to: days.to.day(today)?,
                name: days.name.clone(),
                kind: days.kind,
            };
            app.deadlines.add_days(admin, id, stretch).await?;
        }
    }
    Ok(())
}

/// Sets what an hour costs.
pub(super) async fn set_rates(
    app: &App,
    admin: &Scope,
    rates: &[SampleRate],
    users: &BTreeMap<String, UserId>,
) -> anyhow::Result<()> {
    let today = day_in_india(app.clock.now());
    for rate in rates {
        let user = match &rate.of {
            Some(email) => Some(*users.get(email).with_context(|| format!("no user `{email}`"))?),
            None => None,
        };
        let new = NewRate {
            case: None,
            client: None,
            user,
            work: None,
            per_hour: Some(paise(rate.rupees_per_hour)),
            rounding: Rounding::default(),
            valid_from: rate.from.day(today)?,
        };
        app.fees.set_rate(admin, new).await?;
    }
    Ok(())
}
