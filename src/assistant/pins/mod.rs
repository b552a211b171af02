//! Answers pinned in a case, for everybody to whom the case is open. Each reader sees of
//! one what its documents let them see.

mod store;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::ask::{AskError, Assistant};
use super::history::Message;
use crate::db::{DbError, Tx};
use crate::kernel::{CaseId, MessageId, Permission, Scope};

/// An answer pinned in a case.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = PinnedAnswer)]
pub struct Pinned {
    /// What was asked; none where the answer is closed to the reader.
    pub question: Option<String>,
    /// The answer with its sources; withheld where one of them is closed to the reader.
    pub answer: Message,
    /// Who pinned it.
    pub pinned_by: String,
    /// When.
    pub pinned_at: DateTime<Utc>,
    /// Whether the reader may take it down: who pinned it, and who leads the case.
    pub may_unpin: bool,
}

impl Assistant {
    /// Pins an answer of the caller's in the case it is about.
    ///
    /// # Errors
    /// Fails when it is no answer of theirs, is not whole, is about no case, or rests on
    /// the chamber's tables, which not everybody in the case may read.
    pub async fn pin(&self, scope: &Scope, answer: MessageId) -> Result<(), AskError> {
        let (row, case) = self.own_message(scope, answer).await?;
        if row.role != "answer" {
            return Err(AskError::NotFound);
        }
        if row.status == "running" {
            return Err(AskError::StillRunning);
        }
        if row.status != "done" {
            return Err(AskError::NotPinnable("only a complete answer can be pinned; ask again"));
        }
        if row.facts.as_array().is_some_and(|facts| !facts.is_empty()) {
            return Err(AskError::NotPinnable(
                "this answer rests on the chamber's records, which change and which not \
                 everybody in the case may read; pin answers from documents",
            ));
        }
        let case = case.ok_or(AskError::NotPinnable(
            "this was asked about all your cases; ask it in the case where it is to be pinned",
        ))?;
        let mut tx = self.db.write().await?;
        if store::insert(&mut tx, scope, case, answer, self.clock.now()).await? {
            self.note_pin(&mut tx, scope, "answer.pin", case, answer).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Takes a pinned answer down; gives the case it was pinned in.
    ///
    /// # Errors
    /// Fails when it is not pinned in a case open to the caller, who must have pinned it
    /// or lead the case.
    pub async fn unpin(&self, scope: &Scope, answer: MessageId) -> Result<CaseId, AskError> {
        let mut tx = self.db.write().await?;
        let pin = store::find(&mut tx, scope, answer).await?.ok_or(AskError::NotFound)?;
        if pin.user_id != scope.user() && !scope.leads(pin.case_id) {
            return Err(AskError::NotFound);
        }
        store::delete(&mut tx, answer).await?;
        self.note_pin(&mut tx, scope, "answer.unpin", pin.case_id, answer).await?;
        tx.commit().await?;
        Ok(pin.case_id)
    }

    /// The answers pinned in a case, the newest first; none where it is not open.
    ///
    /// # Errors
    /// Fails when the caller may not ask, or the case is not there.
    pub async fn pinned(&self, scope: &Scope, case: CaseId) -> Result<Vec<Pinned>, AskError> {
        self.cases.find(scope, case).await?;
        if !scope.may(Permission::Ask) {
            return Err(AskError::NotAllowed);
        }
        let mut tx = self.db.read().await?;
        let mut found = Vec::new();
        for pin in store::list(&mut tx, scope, case).await? {
            let rows = store::messages(&mut tx, pin.message_id).await?;
            found.push((pin, rows));
        }
        drop(tx);
        let mut shown = Vec::with_capacity(found.len());
        for (pin, rows) in found {
            let question = rows.iter().find(|row| row.role == "question");
            let question = question.map(|row| row.text.clone());
            let Some(answer) = rows.into_iter().find(|row| row.role == "answer") else { continue };
            let answer = self.with_sources(scope, answer).await?;
            shown.push(Pinned {
                question: question.filter(|_| !answer.is_withheld()),
                pinned_by: pin.user_name,
                pinned_at: pin.pinned_at,
                may_unpin: pin.user_id == scope.user() || scope.leads(pin.case_id),
                answer,
            });
        }
        Ok(shown)
    }

    async fn note_pin(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        action: &'static str,
        case: CaseId,
        answer: MessageId,
    ) -> Result<(), DbError> {
        let details = json!({ "message": answer, "case": case });
        self.audit.record(tx, scope.organisation(), Some(scope.user()), action, details).await
    }
}

/// When an answer was pinned, if it is.
pub(super) async fn pinned_at(
    tx: &mut Tx,
    answer: MessageId,
) -> Result<Option<DateTime<Utc>>, DbError> {
    store::pinned_at(tx, answer).await
}
