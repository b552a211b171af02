//! Asking again: another answer to the same question, a question in other words, and
//! stopping an answer that is being written.

use serde_json::json;

use super::ask::{AskError, Asked, Asking, Assistant, Turn};
use super::store::{self, MessageRow};
use super::thread;
use crate::kernel::{CaseId, ConversationId, MessageId, Permission, Scope};

impl Assistant {
    /// Answers the question of an answer again. The earlier answer stays, as a variant.
    ///
    /// # Errors
    /// Fails when it is no answer of the caller's, while it is being written, and as
    /// [`Assistant::ask`].
    pub async fn ask_again(&self, scope: &Scope, answer: MessageId) -> Result<Asked, AskError> {
        let (conversation, case, rows) = self.of_caller(scope, answer).await?;
        let history = thread::up_to(&rows, answer);
        let (Some(last), Some(question)) =
            (history.last(), history.iter().rev().find(|row| row.role == "question"))
        else {
            return Err(AskError::NotFound);
        };
        if last.role != "answer" {
            return Err(AskError::NotFound);
        }
        if last.status == "running" {
            return Err(AskError::StillRunning);
        }
        let asking = Asking::Again { question: question.id, text: question.text.clone() };
        let history = question.parent_id.map(|before| thread::up_to(&rows, before));
        let history = history.unwrap_or_default();
        let task = question.task.clone().and_then(|task| serde_json::from_value(task).ok());
        let tx = self.db.write().await?;
        let turn = Turn { conversation, case, documents: None, history, asking, task };
        self.begin(scope, tx, turn).await
    }

    /// Asks a question in other words. The earlier wording stays, with all that followed
    /// it, as a variant.
    ///
    /// # Errors
    /// Fails when it is no question of the caller's, and as [`Assistant::ask`].
    pub async fn edit(
        &self,
        scope: &Scope,
        question: MessageId,
        text: &str,
    ) -> Result<Asked, AskError> {
        let text = text.trim().to_owned();
        let (conversation, case, rows) = self.of_caller(scope, question).await?;
        self.check(scope, &text, case).await?;
        let edited = rows.iter().find(|row| row.id == question && row.role == "question");
        let edited = edited.ok_or(AskError::NotFound)?;
        let history = edited.parent_id.map(|before| thread::up_to(&rows, before));
        let history = history.unwrap_or_default();
        let asking = Asking::New { text, edited: Some(question) };
        let tx = self.db.write().await?;
        let turn = Turn { conversation, case, documents: None, history, asking, task: None };
        self.begin(scope, tx, turn).await
    }

    /// Stops an answer that is being written, by whichever process: no more is spent on
    /// it, and what had come is kept. Nothing happens when it has ended.
    ///
    /// # Errors
    /// Fails when it is no answer of the caller's.
    pub async fn stop_answer(&self, scope: &Scope, answer: MessageId) -> Result<(), AskError> {
        let (row, case) = self.own_message(scope, answer).await?;
        let mut tx = self.db.write().await?;
        if !self.ask_to_stop(&mut tx, answer).await? {
            return Ok(());
        }
        let details = json!({
            "conversation": row.conversation_id, "message": answer, "case": case,
        });
        let (organisation, user) = (scope.organisation(), Some(scope.user()));
        self.audit.record(&mut tx, organisation, user, "question.stop", details).await?;
        tx.commit().await?;
        if let Some(running) = self.live.find(answer) {
            running.stop();
        }
        Ok(())
    }

    /// The conversation of one of the caller's messages.
    ///
    /// # Errors
    /// Fails when it is not theirs.
    pub async fn conversation_of(
        &self,
        scope: &Scope,
        message: MessageId,
    ) -> Result<ConversationId, AskError> {
        Ok(self.own_message(scope, message).await?.0.conversation_id)
    }

    /// The conversation of one of the caller's messages, its case and its messages.
    pub(super) async fn of_caller(
        &self,
        scope: &Scope,
        message: MessageId,
    ) -> Result<(ConversationId, Option<CaseId>, Vec<MessageRow>), AskError> {
        if !scope.may(Permission::Ask) {
            return Err(AskError::NotAllowed);
        }
        let (row, case) = self.own_message(scope, message).await?;
        let mut tx = self.db.read().await?;
        let rows = store::messages(&mut tx, row.conversation_id).await?;
        Ok((row.conversation_id, case, rows))
    }
}
