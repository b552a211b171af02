//! Closing a case, and opening it again.

use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::values::{line, text, wrong};
use super::{CaseError, Cases};
use crate::db::Tx;
use crate::events::{Event, EventKind};
use crate::kernel::{CaseId, Scope, day_in_india};
use crate::statement;

/// How a case can end: as stored and in words.
pub const DISPOSALS: [(&str, &str); 13] = [
    ("allowed", "Allowed"),
    ("partly_allowed", "Partly allowed"),
    ("dismissed", "Dismissed"),
    ("decreed", "Decreed"),
    ("settled", "Settled or compromised"),
    ("withdrawn", "Withdrawn"),
    ("disposed", "Disposed of"),
    ("acquitted", "Acquitted or discharged"),
    ("convicted", "Convicted"),
    ("transferred", "Transferred"),
    ("no_instructions", "The chamber acts no longer"),
    ("not_filed", "Never filed"),
    ("other", "Otherwise"),
];

/// How a way to end is called.
#[must_use]
pub fn disposal_words(disposal: &str) -> Option<&'static str> {
    DISPOSALS.iter().find(|(known, _)| *known == disposal).map(|(_, words)| *words)
}

/// How a case is closed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CaseClosing)]
pub struct Closing {
    /// How it ended: `allowed`, `partly_allowed`, `dismissed`, `decreed`, `settled`,
    /// `withdrawn`, `disposed`, `acquitted`, `convicted`, `transferred`, `no_instructions`,
    /// `not_filed` or `other`.
    pub disposal: String,
    /// The day; today when left out.
    pub closed_on: Option<NaiveDate>,
    /// What is to be known of it: papers returned, what the client was told.
    pub note: Option<String>,
    /// Whether what was shared with the client of its documents ends.
    #[serde(default)]
    pub end_shares: bool,
}

/// When and how a case was closed.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Closed {
    /// The day, as `YYYY-MM-DD`.
    pub closed_on: Option<String>,
    /// How it ended.
    pub disposal: Option<String>,
    /// What is to be known of it.
    pub closing_note: Option<String>,
}

#[derive(sqlx::FromRow)]
struct Opened {
    opened_on: String,
}

impl Cases {
    /// Closes a case. Nothing in it is deleted; it is read and billed as before, and nothing
    /// new is listed in it until it is open again.
    ///
    /// # Errors
    /// Fails when the caller does not lead the case, it is closed already, or what is said of
    /// its end does not fit.
    pub async fn close(
        &self,
        scope: &Scope,
        case: CaseId,
        closing: Closing,
    ) -> Result<(), CaseError> {
        let Closing { disposal, closed_on, note, end_shares } = closing;
        let now = self.clock.now();
        let today = day_in_india(now);
        let mut tx = self.db.write().await?;
        let opened = self.to_be_decided(&mut tx, scope, case, "close it").await?;
        if disposal_words(&disposal).is_none() {
            return Err(wrong("disposal", "choose how the case ended"));
        }
        let note = text("note", note, 5_000)?;
        let closed_on = closed_on.unwrap_or(today);
        if closed_on > today {
            return Err(wrong("closed_on", "a case is closed today or was before"));
        }
        if opened.opened_on.parse::<NaiveDate>().is_ok_and(|opened| closed_on < opened) {
            return Err(wrong("closed_on", "it cannot be closed before it was opened"));
        }
        let update = statement!(
            "UPDATE cases SET status = 'closed', closed_on = $2, disposal = $3, closing_note = $4,
                 revision = revision + 1
             WHERE id = $1 AND status = 'open'"
        );
        let update = update.bind(case).bind(closed_on.to_string()).bind(disposal.as_str());
        if tx.execute(update.bind(note)).await? == 0 {
            return Err(CaseError::Unfit("the case is closed already"));
        }
        if end_shares {
            super::file::end_shares(&mut tx, case, now).await?;
        }
        let details = json!({
            "case": case, "disposal": disposal, "closed_on": closed_on, "end_shares": end_shares,
        });
        self.record(&mut tx, scope, "case.close", details).await?;
        let about = json!({ "case": case, "closed_on": closed_on });
        self.tell(&mut tx, scope, EventKind::CaseClosed, case, about).await?;
        Ok(tx.commit().await?)
    }

    /// Opens a closed case again.
    ///
    /// # Errors
    /// Fails when the caller does not lead the case, it is open, or no reason is given.
    pub async fn reopen(&self, scope: &Scope, case: CaseId, reason: &str) -> Result<(), CaseError> {
        let mut tx = self.db.write().await?;
        self.to_be_decided(&mut tx, scope, case, "open it again").await?;
        let reason = line("reason", Some(reason.to_owned()))?;
        let reason = reason.ok_or_else(|| wrong("reason", "say why it is opened again"))?;
        let update = statement!(
            "UPDATE cases SET status = 'open', closed_on = NULL, disposal = NULL,
                 closing_note = NULL, revision = revision + 1
             WHERE id = $1 AND status = 'closed'"
        );
        if tx.execute(update.bind(case)).await? == 0 {
            return Err(CaseError::Unfit("the case is open"));
        }
        self.add_note_in(&mut tx, scope, case, (format!("Reopened: {reason}"), false)).await?;
        self.record(&mut tx, scope, "case.reopen", json!({ "case": case })).await?;
        self.tell(&mut tx, scope, EventKind::CaseReopened, case, json!({ "case": case })).await?;
        Ok(tx.commit().await?)
    }

    /// When and how a case was closed; none while it is open.
    ///
    /// # Errors
    /// Fails with [`CaseError::NotFound`] when the caller may not know of the case.
    pub async fn closed(&self, scope: &Scope, case: CaseId) -> Result<Option<Closed>, CaseError> {
        let mut tx = self.db.read().await?;
        let found = super::store::find(&mut tx, scope, case).await?.ok_or(CaseError::NotFound)?;
        if found.status != "closed" {
            return Ok(None);
        }
        let select =
            statement!("SELECT closed_on, disposal, closing_note FROM cases WHERE id = $1");
        let closed: Closed = tx.one(select.bind(case)).await?;
        let closing_note = closed.closing_note.filter(|_| scope.opens(case));
        Ok(Some(Closed { closing_note, ..closed }))
    }

    /// Makes sure, in the transaction of something new, that a case is open, and keeps it so
    /// until the transaction ends.
    ///
    /// # Errors
    /// Fails with [`CaseError::Closed`] when it is closed.
    pub async fn stays_open(&self, tx: &mut Tx, case: CaseId) -> Result<(), CaseError> {
        let touch =
            statement!("UPDATE cases SET status = status WHERE id = $1 AND status = 'open'");
        if tx.execute(touch.bind(case)).await? == 1 { Ok(()) } else { Err(CaseError::Closed) }
    }

    /// Makes sure that the caller leads a case at this moment.
    async fn to_be_decided(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        case: CaseId,
        what: &'static str,
    ) -> Result<Opened, CaseError> {
        self.reads(tx, scope, case).await?;
        if !(scope.leads(case) && super::store::leads(tx, scope, case).await?) {
            return Err(CaseError::LeadDecides(what));
        }
        let select = statement!("SELECT opened_on FROM cases WHERE id = $1");
        Ok(tx.one(select.bind(case)).await?)
    }

    pub(super) async fn tell(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        kind: EventKind,
        case: CaseId,
        about: serde_json::Value,
    ) -> Result<(), CaseError> {
        let organisation = scope.organisation();
        let event = Event { organisation, kind, case: Some(case), about };
        self.events.emit(tx, event).await?;
        Ok(())
    }
}
