//! Conversations as kept: lists, search, names, deletion, and taking them away with
//! their sources.

mod store;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::ask::{AskError, Assistant};
use super::history::{Conversation, Message};
use super::store::{self as messages};
use super::thread;
use crate::db::{Catalogue, DbError, Rows, Tx};
use crate::kernel::{CaseId, ConversationId, Scope};

/// The longest title, in characters.
const LONGEST_TITLE: usize = 200;
/// How many conversations a page of the list has at most.
const MOST: i64 = 200;
/// Tables whose rows stay when a conversation goes, and only no longer name it: what a
/// call of a model cost is kept.
const LEDGER: &[&str] = &["model_calls"];
/// Tables that are parts of a conversation.
const PARTS: &[&str] =
    &["messages", "citations", "message_events", "answer_feedback", "pinned_answers"];

/// Which conversations are wanted.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// About this case; all when none.
    pub case: Option<CaseId>,
    /// In which all of these words stand, up to five of them; all when empty.
    pub words: String,
    /// After this one in the list: the next page.
    pub after: Option<ConversationId>,
    /// How many, at most 200.
    pub limit: i64,
}

/// A conversation with everything that was said in it, on whichever branch.
#[derive(Debug, Clone)]
pub struct Kept {
    /// The conversation.
    pub conversation: Conversation,
    /// Its messages, in the order they were written.
    pub messages: Vec<Message>,
    /// When it was taken away.
    pub exported_at: DateTime<Utc>,
}

impl Assistant {
    /// A page of the caller's conversations, newest first. Searched are questions and
    /// answers; an answer that rests on what is closed to the caller is not found.
    ///
    /// # Errors
    /// Fails when the one to go on after is not there, and when the database does.
    pub async fn conversations(
        &self,
        scope: &Scope,
        page: &Page,
    ) -> Result<Vec<Conversation>, AskError> {
        let mut tx = self.db.read().await?;
        let before = match page.after {
            None => store::Before { touched: far(), id: Uuid::max().into() },
            Some(after) => {
                let found = messages::find_conversation(&mut tx, scope, after).await?;
                let found = found.ok_or(AskError::NotFound)?;
                store::Before { touched: found.updated_at, id: found.id }
            }
        };
        let limit = page.limit.clamp(1, MOST);
        let words = page.words.split(|c: char| c.is_whitespace() || c.is_control());
        let words = words.filter(|word| !word.is_empty());
        let words: Vec<String> = words.take(5).map(anywhere).collect();
        if words.is_empty() {
            return Ok(store::list(&mut tx, scope, page.case, &before, limit).await?);
        }
        let word = |place: usize| words.get(place).map_or("%", String::as_str);
        let words = [word(0), word(1), word(2), word(3), word(4)];
        Ok(store::search(&mut tx, scope, page.case, &before, limit, words).await?)
    }

    /// Names a conversation of the caller's.
    ///
    /// # Errors
    /// Fails when it is not theirs, or the title is empty.
    pub async fn rename(
        &self,
        scope: &Scope,
        id: ConversationId,
        title: &str,
    ) -> Result<(), AskError> {
        let words = title.split(|c: char| c.is_whitespace() || c.is_control());
        let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
        let title: String = words.join(" ").chars().take(LONGEST_TITLE).collect();
        if title.is_empty() {
            return Err(AskError::NoTitle);
        }
        let mut tx = self.db.write().await?;
        let found = messages::find_conversation(&mut tx, scope, id).await?;
        let case = found.ok_or(AskError::NotFound)?.case_id;
        store::rename(&mut tx, id, &title).await?;
        self.note(&mut tx, scope, "conversation.rename", id, case).await?;
        Ok(tx.commit().await?)
    }

    /// Deletes a conversation of the caller's with all that hangs on it; what it cost
    /// stays in the ledger. An answer that is being written stops.
    ///
    /// # Errors
    /// Fails when it is not theirs, and while a legal hold stands on its case.
    pub async fn delete_conversation(
        &self,
        scope: &Scope,
        id: ConversationId,
    ) -> Result<(), AskError> {
        let mut tx = self.db.write().await?;
        let found = messages::find_conversation(&mut tx, scope, id).await?;
        let case = found.ok_or(AskError::NotFound)?.case_id;
        if store::is_held(&mut tx, id).await? {
            return Err(AskError::Held);
        }
        let running = store::running(&mut tx, id).await?;
        remove(&mut tx, id).await?;
        self.note(&mut tx, scope, "conversation.delete", id, case).await?;
        tx.commit().await?;
        for message in running {
            if let Some(running) = self.live.find(message) {
                running.stop();
            }
        }
        Ok(())
    }

    /// A conversation of the caller's with everything that was said in it and its
    /// sources, to be taken away.
    ///
    /// # Errors
    /// Fails when it is not theirs.
    pub async fn take_away(&self, scope: &Scope, id: ConversationId) -> Result<Kept, AskError> {
        let (conversation, rows) = self.conversation_rows(scope, id).await?;
        let mut messages = Vec::with_capacity(rows.len());
        for row in rows.clone() {
            let variants = thread::variants(&rows, &row);
            let message = self.with_sources(scope, row).await?;
            messages.push(Message { variants, ..message });
        }
        let details = json!({ "conversation": id, "case": conversation.case_id });
        self.audit.acted(scope, "conversation.export", details).await?;
        Ok(Kept { conversation, messages, exported_at: self.clock.now() })
    }

    async fn note(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        action: &'static str,
        id: ConversationId,
        case: Option<CaseId>,
    ) -> Result<(), DbError> {
        let details = json!({ "conversation": id, "case": case });
        self.audit.record(tx, scope.organisation(), Some(scope.user()), action, details).await
    }
}

/// After every conversation. It is written in four digits of a year, as both engines sort.
fn far() -> DateTime<Utc> {
    const END_OF_9999: i64 = 253_402_300_799;
    DateTime::from_timestamp(END_OF_9999, 0).unwrap_or_default()
}

/// A word as a pattern that finds it anywhere.
fn anywhere(word: &str) -> String {
    let word = word.to_lowercase();
    let word = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{word}%")
}

/// Removes a conversation with its parts. What else names them no longer does, or goes
/// too where it cannot be without.
async fn remove(tx: &mut Tx, id: ConversationId) -> Result<(), DbError> {
    let catalogue = Catalogue::read(tx).await?;
    let mut rows = Rows::from([("conversations".to_owned(), BTreeSet::from([id.uuid()]))]);
    let mut front = rows.clone();
    while !front.is_empty() {
        let mut next = Rows::new();
        for reference in &catalogue.references {
            let Some(ids) = front.get(&reference.target) else { continue };
            let (table, column) = (reference.table.as_str(), reference.column.as_str());
            let is_nullable =
                catalogue.of(table).any(|known| known.name == column && known.is_nullable);
            if LEDGER.contains(&table) || (is_nullable && !PARTS.contains(&table)) {
                tx.empty_in(table, column, column, ids).await?;
            } else if !catalogue.has_ids(table) {
                tx.delete_in(table, column, ids).await?;
            } else {
                let found = tx.ids_in(table, column, ids).await?;
                let known = rows.entry(table.to_owned()).or_default();
                let new: BTreeSet<Uuid> = found.difference(known).copied().collect();
                if !new.is_empty() {
                    known.extend(&new);
                    next.entry(table.to_owned()).or_default().extend(new);
                }
            }
        }
        front = next;
    }
    if let Some(all) = rows.get("messages") {
        tx.empty_in("messages", "parent_id", "id", all).await?;
    }
    for table in catalogue.children_first() {
        if let Some(ids) = rows.get(&table) {
            tx.delete_in(&table, "id", ids).await?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_as_it_stands() {
        assert_eq!(anywhere("50%"), "%50\\%%");
        assert_eq!(anywhere("A_b"), "%a\\_b%");
    }
}
