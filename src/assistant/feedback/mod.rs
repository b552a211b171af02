//! What those who asked think of the answers, and what admins read of it.

mod store;

use std::fmt::Write;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::ask::{AskError, Assistant};
use crate::db::{DbError, Tx};
use crate::kernel::{CaseId, MessageId, Permission, Scope};

/// The longest free text, in characters.
const LONGEST: usize = 2_000;

/// Why an answer did not help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = FeedbackReason)]
pub enum Reason {
    /// What it says is wrong.
    Wrong,
    /// Something is missing.
    Incomplete,
    /// A citation does not bear it out.
    WrongSource,
    /// It is in the documents and was not found.
    NotFound,
    /// It cannot be understood.
    Unclear,
    /// It took too long.
    Slow,
    /// Something else; the words say what.
    Other,
}

impl Reason {
    /// Every reason, in the order they are shown.
    pub const ALL: [Self; 7] = [
        Self::Wrong,
        Self::Incomplete,
        Self::WrongSource,
        Self::NotFound,
        Self::Unclear,
        Self::Slow,
        Self::Other,
    ];

    /// The stored form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Wrong => "wrong",
            Self::Incomplete => "incomplete",
            Self::WrongSource => "wrong_source",
            Self::NotFound => "not_found",
            Self::Unclear => "unclear",
            Self::Slow => "slow",
            Self::Other => "other",
        }
    }

    /// In words for people.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Wrong => "What it says is wrong",
            Self::Incomplete => "Something is missing",
            Self::WrongSource => "A source does not bear it out",
            Self::NotFound => "It is in the documents and was not found",
            Self::Unclear => "It is hard to understand",
            Self::Slow => "It took too long",
            Self::Other => "Something else",
        }
    }

    /// A stored reason in words.
    #[must_use]
    pub fn in_words(stored: &str) -> &'static str {
        let known = Self::ALL.into_iter().find(|reason| reason.as_str() == stored);
        known.map_or("Something else", Self::words)
    }
}

/// What who asked thinks of an answer.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow, Serialize, ToSchema)]
pub struct Feedback {
    /// Whether it helped.
    pub helpful: bool,
    /// Why not, from the list.
    pub reason: Option<String>,
    /// In their own words; may be empty.
    pub words: String,
    /// When.
    pub given_at: DateTime<Utc>,
}

/// Feedback as admins read it. What an ethical wall keeps from them is left out: the
/// words, the question and the case.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow, Serialize, ToSchema)]
#[schema(as = GivenFeedback)]
pub struct Given {
    /// The answer.
    pub message_id: MessageId,
    /// Who asked.
    pub user_name: String,
    /// Whether it helped.
    pub helpful: bool,
    /// Why not, from the list.
    pub reason: Option<String>,
    /// In their own words.
    pub words: Option<String>,
    /// What was asked.
    pub question: Option<String>,
    /// How it was answered.
    pub label: Option<String>,
    /// The case.
    pub case_id: Option<CaseId>,
    /// Its title.
    pub case_title: Option<String>,
    /// When.
    pub given_at: DateTime<Utc>,
}

/// How often a judgment was given.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow, Serialize, ToSchema)]
#[schema(as = FeedbackCount)]
pub struct Counted {
    /// Whether the answers helped.
    pub helpful: bool,
    /// Why not, from the list.
    pub reason: Option<String>,
    /// How often.
    pub count: i64,
}

impl Assistant {
    /// Notes what the caller thinks of an answer of theirs; a later word replaces it.
    ///
    /// # Errors
    /// Fails when it is no answer of theirs, and while it is being written.
    pub async fn judge(
        &self,
        scope: &Scope,
        answer: MessageId,
        helpful: bool,
        reason: Option<Reason>,
        words: &str,
    ) -> Result<(), AskError> {
        let (row, case) = self.own_message(scope, answer).await?;
        if row.role != "answer" {
            return Err(AskError::NotFound);
        }
        if row.status == "running" {
            return Err(AskError::StillRunning);
        }
        let reason = reason.filter(|_| !helpful).map(|reason| reason.as_str().to_owned());
        let plain = |c: &char| !c.is_control() || *c == '\n';
        let words: String = words.trim().chars().filter(plain).take(LONGEST).collect();
        let feedback = Feedback { helpful, reason, words, given_at: self.clock.now() };
        let mut tx = self.db.write().await?;
        store::put(&mut tx, scope, answer, &feedback).await?;
        let details = json!({
            "conversation": row.conversation_id, "message": answer, "case": case,
            "helpful": helpful, "reason": feedback.reason,
        });
        let (organisation, user) = (scope.organisation(), Some(scope.user()));
        self.audit.record(&mut tx, organisation, user, "answer.feedback", details).await?;
        Ok(tx.commit().await?)
    }

    /// The feedback of the caller's organisation, newest first, and how often each
    /// judgment was given.
    ///
    /// # Errors
    /// Fails for callers who do not look after the service.
    pub async fn feedback(&self, scope: &Scope) -> Result<(Vec<Given>, Vec<Counted>), AskError> {
        if !scope.may(Permission::RunService) {
            return Err(AskError::NotAllowed);
        }
        let mut tx = self.db.read().await?;
        let given = store::list(&mut tx, scope).await?;
        let counts = store::counts(&mut tx, scope).await?;
        Ok((given, counts))
    }

    /// The same as CSV; recorded. What a spreadsheet could take for a formula is written
    /// with a leading apostrophe.
    ///
    /// # Errors
    /// As [`Assistant::feedback`].
    pub async fn feedback_csv(&self, scope: &Scope) -> Result<String, AskError> {
        let (given, _) = self.feedback(scope).await?;
        self.audit.acted(scope, "answer.feedback.export", json!({ "rows": given.len() })).await?;
        Ok(csv(&given))
    }
}

/// What somebody thinks of an answer of theirs.
pub(super) async fn of(
    tx: &mut Tx,
    scope: &Scope,
    answer: MessageId,
) -> Result<Option<Feedback>, DbError> {
    store::find(tx, scope.user(), answer).await
}

/// Whether a wall that stands was raised against somebody since a moment: what the
/// tables told them before that may be of what it closes.
pub(super) async fn walled_since(
    tx: &mut Tx,
    scope: &Scope,
    since: DateTime<Utc>,
) -> Result<bool, DbError> {
    store::walled_since(tx, scope.user(), since).await
}

fn csv(given: &[Given]) -> String {
    let cell = |text: &str| {
        let risky = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
        format!("\"{}{}\"", if risky { "'" } else { "" }, text.replace('"', "\"\""))
    };
    let mut csv = "given_at,asked_by,helpful,reason,words,question,answered,case\n".to_owned();
    for row in given {
        let text = |text: &Option<String>| cell(text.as_deref().unwrap_or_default());
        let _ = writeln!(
            csv,
            "{},{},{},{},{},{},{},{}",
            row.given_at.to_rfc3339(),
            cell(&row.user_name),
            if row.helpful { "yes" } else { "no" },
            row.reason.as_deref().unwrap_or_default(),
            text(&row.words),
            text(&row.question),
            text(&row.label),
            text(&row.case_title),
        );
    }
    csv
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_in_feedback_stays_text() {
        let row = Given {
            message_id: MessageId::new(),
            user_name: "A \"B\" C".into(),
            helpful: false,
            reason: Some("wrong".into()),
            words: Some("=1+1".into()),
            question: None,
            label: None,
            case_id: None,
            case_title: None,
            given_at: DateTime::UNIX_EPOCH,
        };
        let csv = csv(&[row]);
        assert!(csv.contains("\"A \"\"B\"\" C\",no,wrong,\"'=1+1\",\"\""), "{csv}");
    }
}
