//! Telling people in the morning what is due.

use std::time::Duration;

use chrono::{Days, NaiveDate, TimeDelta, Timelike};
use tokio_util::sync::CancellationToken;

use super::store::{self, OpenTask, Person};
use crate::deadlines::{DeadlineError, Deadlines};
use crate::kernel::day_in_india;
use crate::notices::{Notice, Reader};

/// From which hour on people are told, in India.
const MORNING: u32 = 7;

/// How many days ahead something is due soon.
const SOON: u64 = 3;

/// How often it is looked whether it is morning.
const EVERY: Duration = Duration::from_mins(15);

impl Deadlines {
    /// Tells people each morning what is due, until told to stop.
    pub async fn care(&self, stop: &CancellationToken) {
        loop {
            if let Err(error) = self.remind().await {
                let error = &error as &dyn std::error::Error;
                tracing::error!(error, "people could not be told what is due");
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(EVERY) => {}
            }
        }
    }

    /// Tells everybody who was not told today what they have to do soon and what is
    /// overdue; says how many were told. Before the morning nobody is. A person is told
    /// once a day, whoever asks how often.
    ///
    /// # Errors
    /// Fails when the database does, or a notice cannot be written.
    pub async fn remind(&self) -> Result<u64, DeadlineError> {
        let now = self.parts.clock.now();
        let there = now.checked_add_signed(TimeDelta::minutes(330)).unwrap_or(now);
        if there.hour() < MORNING {
            return Ok(0);
        }
        let today = day_in_india(now);
        let people = {
            let mut tx = self.parts.db.read().await?;
            store::to_be_told(&mut tx, &today.to_string()).await?
        };
        let mut told = 0;
        for person in people {
            told += u64::from(self.remind_one(person, today).await?);
        }
        Ok(told)
    }

    async fn remind_one(&self, person: Person, today: NaiveDate) -> Result<bool, DeadlineError> {
        let until = today.checked_add_days(Days::new(SOON)).unwrap_or(today).to_string();
        let mut tx = self.parts.db.write().await?;
        let due = store::due_for(&mut tx, person, &until).await?;
        if due.is_empty() {
            return Ok(false);
        }
        let now = self.parts.clock.now();
        if !store::note_told(&mut tx, person, &today.to_string(), now).await? {
            return Ok(false);
        }
        let tasks = due.iter().map(|due| line(due, today)).collect();
        let (reader, notice) = (Reader::Person(person.id), Notice::TasksDue { tasks });
        let link = "/deadlines";
        self.parts.notices.tell(&mut tx, person.organisation_id, reader, &notice, link).await?;
        tx.commit().await?;
        Ok(true)
    }
}

/// A line of the notice: `File the reply (Sharma v. Kapoor), overdue since 3 May 2026`.
fn line(due: &OpenTask, today: NaiveDate) -> String {
    let case = due.case_title.as_ref().map(|title| format!(" ({title})")).unwrap_or_default();
    let day = due.due_on.parse::<NaiveDate>().ok();
    let when = match day {
        Some(day) if day < today => format!(", overdue since {}", day.format("%-d %b %Y")),
        Some(day) if day == today => ", due today".to_owned(),
        Some(day) => format!(", due on {}", day.format("%-d %b %Y")),
        None => String::new(),
    };
    format!("{}{case}{when}", due.title)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_what_where_and_by_when() {
        let due = |day: &str, case: Option<&str>| OpenTask {
            title: "File the reply".to_owned(),
            due_on: day.to_owned(),
            case_title: case.map(str::to_owned),
        };
        let today = "2026-11-22".parse().unwrap();
        let late = line(&due("2026-11-20", Some("Sharma v. Kapoor")), today);
        assert_eq!(late, "File the reply (Sharma v. Kapoor), overdue since 20 Nov 2026");
        assert_eq!(line(&due("2026-11-22", None), today), "File the reply, due today");
        assert_eq!(line(&due("2026-11-24", None), today), "File the reply, due on 24 Nov 2026");
    }
}
