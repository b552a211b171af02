//! The answer cache: a model's answer is given again to the same question, as long as
//! everything it could have read is what it was.
//!
//! An entry is found by two hashes. One is of the [`question`](question::words)'s words;
//! the other of the *state*: the case, each document that is open to the asker with its
//! version and when it was read, the model that is asked first and the wording of the
//! prompt. A new version, a page read again, a share, a wall or another model changes the
//! state, so what was kept before can no longer be found, by construction and not because
//! something remembered to empty it. [`Cache::find`] removes what has become unreachable.
//!
//! What is never kept: an answer from the tables, which change by the hour; a question
//! that goes on a conversation; an answer that broke off. An answer that did not help, as
//! who asked said, is not given again.

mod question;
mod store;

use std::fmt::Write as _;
use std::sync::Arc;

use chrono::{Duration, Utc};
use sha2::{Digest, Sha256};

use super::ask::AskError;
use crate::db::{Db, DbError, Tx};
use crate::documents::Documents;
use crate::kernel::{CaseId, Clock, MessageId, MicroDollars, Paise, Scope};

/// The most open documents for which answers are kept: beyond it, reading their state
/// would take longer than it saves.
const MOST_DOCUMENTS: usize = 20_000;

/// Answers that may be given again.
#[derive(Clone)]
pub struct Cache {
    db: Db,
    clock: Arc<dyn Clock>,
    documents: Documents,
    days: u32,
}

/// Where an answer is kept or looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    question: String,
    state: String,
    case: Option<CaseId>,
}

/// An answer that can be given again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub(super) struct Kept {
    /// The answer's message.
    pub(super) message_id: MessageId,
    /// What it cost, in millionths of a dollar.
    pub(super) cost_microdollars: MicroDollars,
    /// What it cost, in paise.
    pub(super) cost_paise: Paise,
}

impl Cache {
    /// Puts the cache together; answers are given again for so many days, 0 for never.
    #[must_use]
    pub fn new(db: Db, clock: Arc<dyn Clock>, documents: Documents, days: u32) -> Self {
        Self { db, clock, documents, days }
    }

    /// Where the answer to a question belongs; none when it is not to be kept. `answered_by`
    /// names the model and the wording of the prompt.
    pub(super) async fn place(
        &self,
        scope: &Scope,
        case: Option<CaseId>,
        question: &str,
        answered_by: &[&str],
    ) -> Result<Option<Place>, AskError> {
        let words = question::words(question);
        if self.days == 0 || words.is_empty() {
            return Ok(None);
        }
        let read = self.documents.states(scope, case).await?;
        if read.len() > MOST_DOCUMENTS {
            return Ok(None);
        }
        let mut state = Sha256::new();
        let mut add = |part: &str| {
            state.update(part);
            state.update([0]);
        };
        add(&scope.organisation().uuid().to_string());
        add(&case.map(|case| case.uuid().to_string()).unwrap_or_default());
        for part in answered_by {
            add(part);
        }
        for document in &read {
            add(document);
        }
        let (question, state) = (hex(&Sha256::digest(words.join(" "))), hex(&state.finalize()));
        Ok(Some(Place { question, state, case }))
    }

    /// The newest answer kept at a place. What the asker can no longer be given, because
    /// what they may read has changed, is removed on the way.
    pub(super) async fn find(&self, scope: &Scope, place: &Place) -> Result<Option<Kept>, DbError> {
        let mut tx = self.db.write().await?;
        store::remove_stale(&mut tx, scope, place, self.oldest()).await?;
        let kept = store::find(&mut tx, scope, place).await?;
        tx.commit().await?;
        Ok(kept)
    }

    /// Keeps an answer, in the transaction that stores it.
    pub(super) async fn keep(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        place: &Place,
        kept: Kept,
    ) -> Result<(), DbError> {
        store::insert(tx, scope, place, kept, self.clock.now()).await
    }

    fn oldest(&self) -> chrono::DateTime<Utc> {
        self.clock.now() - Duration::days(i64::from(self.days))
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut digits, byte| {
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}
