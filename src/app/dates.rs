//! What hearings and deadlines say together: warnings about dates, and calendars.

use chrono::Days;

use super::App;
use crate::auth::AuthError;
use crate::db::DbError;
use crate::deadlines::{DeadlineError, TaskKind, TaskQuery};
use crate::hearings::{
    Calendar, Entry, HearingError, HearingQuery, Hearings, Secret, Warning, When,
};
use crate::kernel::{CaseId, Scope};

/// How many days of coming hearings are compared with holidays.
const AHEAD: u64 = 400;

/// Why no calendar is given.
#[derive(Debug, thiserror::Error)]
pub enum CalendarError {
    /// The address is nobody's, was revoked, or its owner may not come in any more.
    #[error("there is no such calendar")]
    NotFound,
    /// The tables could not be read.
    #[error("the calendar could not be read")]
    Broken(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl App {
    /// What is wrong with the dates of a case, or of all cases open to the caller, court
    /// holidays included.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn date_warnings(
        &self,
        scope: &Scope,
        case: Option<CaseId>,
    ) -> Result<Vec<Warning>, DbError> {
        let mut found = self.hearings.warnings(scope, case).await?;
        let calendars = match self.deadlines.calendars(scope).await {
            Ok(calendars) => calendars,
            Err(DeadlineError::Db(error)) => return Err(error),
            // Whoever may not read them is not warned of them.
            Err(_) => return Ok(found),
        };
        let today = self.hearings.today();
        let to = today.checked_add_days(Days::new(AHEAD));
        let asked =
            HearingQuery { case, from: Some(today), to, limit: 1_000, ..HearingQuery::default() };
        for hearing in self.hearings.list(scope, asked).await? {
            let Some(court) = hearing.court.as_deref().filter(|_| hearing.known.outcome.is_none())
            else {
                continue;
            };
            let court = court.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
            let calendar = calendars.iter().find(|one| one.courts.contains(&court));
            let closed = calendar.and_then(|one| one.calendar.closed(hearing.known.on_date));
            if let Some(closed) = closed {
                found.push(Hearings::on_holiday(&hearing, &closed.why));
            }
        }
        Ok(found)
    }

    /// The whole address of a calendar.
    #[must_use]
    pub fn calendar_address(&self, secret: &Secret) -> String {
        let public = self.config.http.public_url.as_str().trim_end_matches('/');
        format!("{public}/calendar/{}.ics", secret.expose())
    }

    /// The calendar under a token, as its owner may see it now: hearings, and deadlines as
    /// whole days.
    ///
    /// # Errors
    /// Fails with [`CalendarError::NotFound`] for any token that is good for nothing.
    pub async fn calendar(&self, token: &str) -> Result<String, CalendarError> {
        let owner = self.hearings.feed_owner(token).await.map_err(|error| match error {
            HearingError::NoFeed => CalendarError::NotFound,
            error => CalendarError::Broken(error.into()),
        })?;
        let scope = self.auth.scope_now(owner.user).await.map_err(|error| match error {
            AuthError::NotFound => CalendarError::NotFound,
            error => CalendarError::Broken(error.into()),
        })?;
        let public = self.config.http.public_url.as_str().trim_end_matches('/');
        let found = self.hearings.feed(&scope, &owner, public).await;
        let mut entries = found.map_err(|error| CalendarError::Broken(error.into()))?;
        let asked = TaskQuery {
            assignee: (!owner.all_cases).then_some(owner.user),
            or_nobodys: true,
            limit: 1_000,
            ..TaskQuery::default()
        };
        let tasks = self.deadlines.list(&scope, asked).await;
        for task in tasks.map_err(|error| CalendarError::Broken(error.into()))? {
            let Some(day) = task.due_on.filter(|_| task.kind == TaskKind::Deadline) else {
                continue;
            };
            let case = task.case_title.unwrap_or_default();
            let named = if case.is_empty() { String::new() } else { format!("{case}: ") };
            let title = format!("{named}{}", task.title);
            entries.push(Entry {
                uid: format!("deadline-{}@munshi", task.id),
                sequence: 0,
                when: When::Day(day),
                summary: if owner.discreet { "Deadline".to_owned() } else { title },
                description: String::new(),
                location: String::new(),
                cancelled: false,
            });
        }
        let calendar = Calendar { name: "Hearings".to_owned(), stamp: self.clock.now(), entries };
        Ok(calendar.text())
    }
}
