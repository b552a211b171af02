//! What happened in court and what is next, as a client is told it: the day, the place and
//! how it went in one word. Notes, reasons of adjournments and who asked for them are the
//! team's own.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Portal, PortalError};
use crate::hearings::{Hearing, HearingOutcome};
use crate::kernel::{CaseId, Scope};

/// How a day in court went, in words for a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CourtOutcome {
    /// The court heard the case.
    Heard,
    /// The court did not come to it.
    NotReached,
    /// It was put off.
    PutOff,
    /// The court decided the case.
    Decided,
}

/// A day in court.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CourtDay {
    /// The day.
    pub on: NaiveDate,
    /// The court.
    pub court: Option<String>,
    /// The hall.
    pub hall: Option<String>,
    /// How it went; none before it was held, or where nobody said.
    pub outcome: Option<CourtOutcome>,
}

impl From<Hearing> for CourtDay {
    fn from(hearing: Hearing) -> Self {
        let outcome = hearing.known.outcome.map(|outcome| match outcome {
            HearingOutcome::Effective => CourtOutcome::Heard,
            HearingOutcome::NotReached => CourtOutcome::NotReached,
            HearingOutcome::Adjourned => CourtOutcome::PutOff,
            HearingOutcome::Disposed => CourtOutcome::Decided,
        });
        let (on, hall) = (hearing.known.on_date, hearing.known.court_hall);
        Self { on, court: hearing.court, hall, outcome }
    }
}

impl Portal {
    /// The last day in court of a case, and the next: of a case shown to the client who
    /// asks, or open to one of the chamber.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn court_days(
        &self,
        scope: &Scope,
        case: CaseId,
    ) -> Result<(Option<CourtDay>, Option<CourtDay>), PortalError> {
        let hearings = &self.parts.hearings;
        let (last, next) = if scope.client().is_some() {
            hearings.for_client(scope, case).await?
        } else {
            let (next, last) = hearings.next_and_last(scope, case).await?;
            (last, next)
        };
        Ok((last.map(CourtDay::from), next.map(CourtDay::from)))
    }
}
