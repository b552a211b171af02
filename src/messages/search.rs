//! Finding messages by their words.

use super::folding::patterns;
use super::read::whole;
use super::{Message, MessageError, Messages, store};
use crate::kernel::{CaseId, CaseMessageId, Scope};

/// A message that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The message.
    pub message: Message,
    /// The title of its case.
    pub case_title: String,
}

impl Messages {
    /// The messages open to the caller in which every word of a query stands, the newest
    /// first, 50 at most; of one case, or of all. Nothing, when nothing is asked for.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn search(
        &self,
        scope: &Scope,
        query: &str,
        case: Option<CaseId>,
        before: Option<CaseMessageId>,
    ) -> Result<Vec<Found>, MessageError> {
        let Some(patterns) = patterns(query) else { return Ok(Vec::new()) };
        let now = self.parts.clock.now();
        let mut tx = self.parts.db.read().await?;
        let rows = store::search(&mut tx, scope, patterns, case, before).await?;
        let titles: Vec<String> = rows.iter().map(|row| row.case_title.clone()).collect();
        let messages = whole(&mut tx, scope, rows, now).await?;
        let found = messages.into_iter().zip(titles);
        Ok(found.map(|(message, case_title)| Found { message, case_title }).collect())
    }
}
