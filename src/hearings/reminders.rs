//! Reminders by mail: in the evening what is listed the next day, and once a week the
//! dates that want looking at. Each is sent once, however many processes care.

use std::fmt::Write;
use std::time::Duration;

use chrono::{Datelike, Days, NaiveDate, TimeDelta, Timelike, Weekday};
use tokio_util::sync::CancellationToken;

use super::store::reminders::{AheadRow, CheckRow, PersonRow};
use super::{HearingError, Hearings, store};
use crate::kernel::day_in_india;
use crate::notices::{Notice, Reader};

/// The hour of the evening, in India, from which on people are reminded.
const EVENING: u32 = 18;
/// How often it is looked whether it is time.
const EVERY: Duration = Duration::from_mins(5);
/// Minutes India Standard Time is ahead of UTC.
const IST_MINUTES: i64 = 330;

const AHEAD: &str = "hearings_ahead";
const TO_CHECK: &str = "dates_to_check";

impl Hearings {
    /// Reminds people and forgets the texts of old cause lists, until told to stop.
    pub async fn care(&self, stop: &CancellationToken) {
        loop {
            if let Err(error) = self.remind().await {
                let error = &error as &dyn std::error::Error;
                tracing::error!(error, "people were not reminded of hearings");
            }
            if let Err(error) = self.forget_old_lists().await {
                let error = &error as &dyn std::error::Error;
                tracing::error!(error, "old cause lists were not removed");
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(EVERY) => {}
            }
        }
    }

    /// Sends the reminders that are due now and were not sent; says how many.
    ///
    /// # Errors
    /// Fails when the database does, or a letter cannot be sealed.
    pub async fn remind(&self) -> Result<u32, HearingError> {
        let now = self.parts.clock.now();
        let there = now.checked_add_signed(TimeDelta::minutes(IST_MINUTES)).unwrap_or(now);
        if there.hour() < EVENING {
            return Ok(0);
        }
        let today = day_in_india(now);
        let mut sent = 0;
        if let Some(tomorrow) = today.checked_add_days(Days::new(1)) {
            sent += self.remind_all((tomorrow, AHEAD)).await?;
        }
        if today.weekday() == Weekday::Sun {
            sent += self.remind_all((today, TO_CHECK)).await?;
        }
        Ok(sent)
    }

    async fn remind_all(&self, what: (NaiveDate, &'static str)) -> Result<u32, HearingError> {
        let people = {
            let mut tx = self.parts.db.read().await?;
            store::reminders::people(&mut tx, what).await?
        };
        let mut sent = 0;
        for person in people {
            sent += u32::from(self.remind_one(&person, what).await?);
        }
        Ok(sent)
    }

    /// Reminds one person, of what is open to them at this moment. Who has nothing to be
    /// reminded of is asked again the next time: something may be listed late.
    async fn remind_one(
        &self,
        person: &PersonRow,
        (day, kind): (NaiveDate, &'static str),
    ) -> Result<bool, HearingError> {
        let mut tx = self.parts.db.write().await?;
        let (notice, link) = if kind == AHEAD {
            let rows = store::reminders::ahead(&mut tx, person.id, day).await?;
            let hearings: Vec<String> = rows.iter().map(line).collect();
            if hearings.is_empty() {
                return Ok(false);
            }
            (Notice::HearingsAhead { day, hearings }, format!("/diary?view=day&day={day}"))
        } else {
            let rows = store::reminders::to_check(&mut tx, person.id, day).await?;
            let cases: Vec<String> = rows.iter().map(to_check).collect();
            if cases.is_empty() {
                return Ok(false);
            }
            (Notice::DatesToCheck { cases }, "/diary".to_owned())
        };
        let now = self.parts.clock.now();
        if !store::reminders::take(&mut tx, person.id, (day, kind), now).await? {
            return Ok(false);
        }
        let (organisation, reader) = (person.organisation_id, Reader::Person(person.id));
        self.parts.notices.tell(&mut tx, organisation, reader, &notice, &link).await?;
        tx.commit().await?;
        Ok(true)
    }
}

/// A hearing as a line of a mail.
fn line(row: &AheadRow) -> String {
    let mut line = row.title.clone();
    let mut add = |before: &str, text: Option<&String>| {
        if let Some(text) = text {
            let _ = write!(line, "{before}{text}");
        }
    };
    add(", ", row.court.as_ref());
    add(", court hall ", row.court_hall.as_ref());
    add(", item ", row.item.as_ref());
    add(", at ", row.starts_at.as_ref());
    add(": ", row.purpose.as_ref());
    line
}

/// What is wrong with the dates of a case, as a line of a mail.
fn to_check(row: &CheckRow) -> String {
    let mut wrong = Vec::new();
    if row.past > 0 {
        wrong.push("how the last hearing went is not entered");
    }
    if row.claims > 0 {
        wrong.push("two sources give different days");
    }
    if row.coming == 0 {
        wrong.push("no next date is entered");
    }
    format!("{}: {}", row.title, wrong.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_what_is_known_and_nothing_else() {
        let row = AheadRow {
            title: "Sharma v. Kapoor".to_owned(),
            court: Some("High Court of Delhi".to_owned()),
            court_hall: None,
            item: Some("31".to_owned()),
            starts_at: None,
            purpose: None,
        };
        assert_eq!(line(&row), "Sharma v. Kapoor, High Court of Delhi, item 31");
        let row = CheckRow { title: "A v. B".to_owned(), past: 1, claims: 0, coming: 0 };
        let words = "A v. B: how the last hearing went is not entered; no next date is entered";
        assert_eq!(to_check(&row), words);
    }
}
