//! Directions: what an order, or each dated entry of an order sheet, tells people to do
//! and when the case comes up again.
//!
//! No model is needed: orders are written in few words, and the words around a date say
//! what it is for. Each direction carries its words as they stand and how its day was
//! come by. A day that is not certain is said to be so, with the reason; none is guessed
//! in silence. What is found is *proposed* ([`Assistant::propose_directions`]), never
//! entered.

mod cues;
mod dates;
mod entries;
mod read;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::whole::{Cited, PageText, Progress, Unread, split};
use crate::assistant::ask::{AskError, Assistant};
use crate::assistant::proposals::{self, NewProposal, ProposalError, Source};
use crate::documents::WholeText;
use crate::kernel::{CaseId, DocumentId, MessageId, Permission, ProposalId, Scope, VersionId};

/// What a direction sets a day for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The case comes up.
    Hearing,
    /// Somebody must have done something.
    Deadline,
}

impl Kind {
    /// What is proposed of it.
    const fn proposed(self) -> proposals::Kind {
        match self {
            Self::Hearing => proposals::Kind::Hearing,
            Self::Deadline => proposals::Kind::Deadline,
        }
    }
}

/// A direction as read from pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// What its day is for.
    pub kind: Kind,
    /// It, on one line.
    pub title: String,
    /// The day; none where none could be told.
    pub on: Option<NaiveDate>,
    /// Why the day is not certain; none when it is.
    pub doubt: Option<String>,
    /// How the day was come by.
    pub computed: String,
    /// The date of the order it stands in.
    pub order_date: Option<NaiveDate>,
    /// The page.
    pub page: u32,
    /// Where its words begin in the page's text, in bytes.
    pub start: usize,
    /// Where they end.
    pub end: usize,
    /// Its words, as they stand there.
    pub quote: String,
}

/// A direction of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Direction {
    /// What its day is for.
    pub kind: Kind,
    /// It, on one line.
    pub title: String,
    /// The day, as `YYYY-MM-DD`; none where none could be told.
    pub on: Option<String>,
    /// Why the day is not certain; none when it is.
    pub doubt: Option<String>,
    /// How the day was come by: `order of 20 November 2025 + four weeks`.
    pub computed: String,
    /// The date of the order it stands in, as `YYYY-MM-DD`.
    pub order_date: Option<String>,
    /// Its words and where they stand.
    pub cited: Cited,
    /// The proposal made of it, when it was proposed.
    pub proposal: Option<ProposalId>,
}

/// The directions of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Directions {
    /// The directions, in the order of the document.
    pub directions: Vec<Direction>,
    /// Pages nothing could be read from.
    pub unread: Vec<Unread>,
}

/// Reads the directions of pages. `told` is the document's date where it is known
/// otherwise.
#[must_use]
pub fn read(pages: &[PageText], told: Option<NaiveDate>) -> Vec<Read> {
    read::read(pages, told)
}

impl Assistant {
    /// The directions of a document, read whole.
    ///
    /// # Errors
    /// Fails when the document is not there, not read or not open to the caller.
    pub async fn directions(
        &self,
        scope: &Scope,
        document: DocumentId,
        progress: &(dyn Fn(Progress) + Send + Sync),
    ) -> Result<Directions, AskError> {
        if !scope.may(Permission::Ask) {
            return Err(AskError::NotAllowed);
        }
        let whole = self.read_whole(scope, document, progress).await?;
        Ok(of(&whole))
    }

    /// Reads the directions of a document and proposes each as a hearing or deadline of
    /// its case. What was proposed from the same words before is not proposed again.
    ///
    /// # Errors
    /// Fails when the document is not there or not open to the caller, and when they may
    /// not work on its case.
    pub async fn propose_directions(
        &self,
        scope: &Scope,
        document: DocumentId,
        progress: &(dyn Fn(Progress) + Send + Sync),
    ) -> Result<Directions, ProposalError> {
        let whole = self.read_whole(scope, document, progress).await?;
        self.cases.to_be_changed(scope, whole.case).await?;
        let mut found = of(&whole);
        let new: Vec<NewProposal> =
            found.directions.iter().map(|direction| proposed(&whole, direction)).collect();
        let ids = self.proposals.propose(scope, new).await?;
        for (direction, id) in found.directions.iter_mut().zip(ids) {
            direction.proposal = Some(id);
        }
        Ok(found)
    }
}

/// The directions of a document's text.
fn of(whole: &WholeText) -> Directions {
    let told = whole.about.as_ref().and_then(|about| about.date.as_ref()?.parse().ok());
    let (pages, unread) = split(whole);
    let day = |day: NaiveDate| day.to_string();
    let direction = |read: Read| Direction {
        kind: read.kind,
        title: read.title,
        on: read.on.map(day),
        doubt: read.doubt,
        computed: read.computed,
        order_date: read.order_date.map(day),
        cited: Cited {
            document_id: whole.document,
            title: whole.title.clone(),
            version_id: whole.version,
            version: whole.number,
            page: read.page,
            start: read.start,
            end: read.end,
            quote: read.quote,
        },
        proposal: None,
    };
    let directions = read(&pages, told).into_iter().map(direction).collect();
    let unread = if unread.is_empty() {
        Vec::new()
    } else {
        vec![Unread { document_id: whole.document, title: whole.title.clone(), pages: unread }]
    };
    Directions { directions, unread }
}

/// A direction as a proposal.
fn proposed(whole: &WholeText, direction: &Direction) -> NewProposal {
    NewProposal {
        case: whole.case,
        kind: direction.kind.proposed(),
        title: direction.title.clone(),
        on: direction.on.as_ref().and_then(|day| day.parse().ok()),
        doubt: direction.doubt.clone(),
        computed: Some(direction.computed.clone()),
        minutes: None,
        message: None,
        source: Some(Source {
            version: direction.cited.version_id,
            page: direction.cited.page,
            quote: direction.cited.quote.clone(),
        }),
    }
}

/// A direction as a proposal of an answer.
pub(super) fn proposed_in(
    message: MessageId,
    (case, version): (CaseId, VersionId),
    read: Read,
) -> NewProposal {
    NewProposal {
        case,
        kind: read.kind.proposed(),
        title: read.title,
        on: read.on,
        doubt: read.doubt,
        computed: Some(read.computed),
        minutes: None,
        message: Some(message),
        source: Some(Source { version, page: read.page, quote: read.quote }),
    }
}
