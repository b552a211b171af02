//! Hearings: what was and will be listed in a case.

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::{CaseError, Cases, Source, diary, filled};
use crate::db::Tx;
use crate::kernel::{CaseId, HearingId, Scope};

/// How a hearing went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HearingOutcome {
    /// It was heard.
    Effective,
    /// The court did not come to it.
    NotReached,
    /// It was put off.
    Adjourned,
    /// The case ended with it.
    Disposed,
}

impl HearingOutcome {
    /// Every outcome.
    pub const ALL: [Self; 4] = [Self::Effective, Self::NotReached, Self::Adjourned, Self::Disposed];

    /// The stored form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Effective => "effective",
            Self::NotReached => "not_reached",
            Self::Adjourned => "adjourned",
            Self::Disposed => "disposed",
        }
    }

    /// In words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Effective => "heard",
            Self::NotReached => "not reached",
            Self::Adjourned => "adjourned",
            Self::Disposed => "disposed of",
        }
    }
}

impl fmt::Display for HearingOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for HearingOutcome {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|outcome| outcome.as_str() == text);
        found.ok_or_else(|| text.to_owned())
    }
}

/// A hearing to be entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NewHearing {
    /// The day, in India.
    pub on_date: NaiveDate,
    /// Before whom.
    pub bench: Option<String>,
    /// In which room.
    pub court_hall: Option<String>,
    /// Its number in the day's list.
    pub item: Option<String>,
    /// The stage the case is in.
    pub stage: Option<String>,
    /// What it is for.
    pub purpose: Option<String>,
    /// How it went; none before it was held.
    pub outcome: Option<HearingOutcome>,
    /// What was ordered, or by whom and why it was adjourned.
    pub note: Option<String>,
    /// Where it is known from; none when it was entered by hand.
    pub source: Option<Source>,
}

impl NewHearing {
    /// A hearing of which only the day is known.
    #[must_use]
    pub const fn on(on_date: NaiveDate) -> Self {
        Self {
            on_date,
            bench: None,
            court_hall: None,
            item: None,
            stage: None,
            purpose: None,
            outcome: None,
            note: None,
            source: None,
        }
    }
}

/// A hearing of a case open to the caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hearing {
    /// Its id.
    pub id: HearingId,
    /// The case.
    pub case_id: CaseId,
    /// The case's title.
    pub case_title: String,
    /// The court's number for the case.
    pub case_number: Option<String>,
    /// The court.
    pub court: Option<String>,
    /// What is known of it.
    pub known: NewHearing,
}

/// Which hearings are asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Hearings {
    /// Of one case; of all when left out.
    pub case: Option<CaseId>,
    /// From this day on.
    pub from: Option<NaiveDate>,
    /// Until this day, with it.
    pub to: Option<NaiveDate>,
    /// The latest first; otherwise the earliest first.
    pub latest_first: bool,
    /// At most so many; more than 1,000 are never given.
    pub limit: u32,
}

impl Cases {
    /// Enters a hearing of a case.
    ///
    /// # Errors
    /// Fails when the case is not the caller's to change, a text is too long, or the
    /// document it is taken from is not one of the case.
    pub async fn add_hearing(
        &self,
        scope: &Scope,
        case: CaseId,
        new: NewHearing,
    ) -> Result<HearingId, CaseError> {
        let mut tx = self.db.write().await?;
        let id = self.add_hearing_in(&mut tx, scope, case, new).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Enters a hearing of a case in a transaction of the caller's.
    ///
    /// # Errors
    /// As [`Cases::add_hearing`].
    pub async fn add_hearing_in(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        case: CaseId,
        new: NewHearing,
    ) -> Result<HearingId, CaseError> {
        self.changes(tx, scope, case).await?;
        let new = NewHearing {
            on_date: new.on_date,
            bench: filled(new.bench)?,
            court_hall: filled(new.court_hall)?,
            item: filled(new.item)?,
            stage: filled(new.stage)?,
            purpose: filled(new.purpose)?,
            outcome: new.outcome,
            note: filled(new.note)?,
            source: new.source,
        };
        diary::source_is_of(tx, case, new.source.as_ref()).await?;
        let id = HearingId::new();
        diary::insert_hearing(tx, scope, (id, case), &new, self.clock.now()).await?;
        self.record(tx, scope, "hearing.add", json!({ "case": case, "hearing": id })).await?;
        Ok(id)
    }

    /// Hearings of the cases open to the caller, by day.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn hearings(
        &self,
        scope: &Scope,
        asked: Hearings,
    ) -> Result<Vec<Hearing>, CaseError> {
        let mut tx = self.db.read().await?;
        Ok(diary::hearings(&mut tx, scope, asked).await?)
    }
}
