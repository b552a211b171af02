//! Telling people that a budget comes to its end: one letter to each admin for each
//! line, budget and month, and a line under the answer for whoever asks.

use super::budgets::{Line, Standing, Subject};
use super::{Account, Cost, Usage, store};
use crate::db::{DbError, Tx};
use crate::kernel::{CaseId, Scope};
use crate::outbox::{Letter, OutboxError, To, Words};

impl Usage {
    /// Tells the admins of the soft lines a call has passed.
    pub(super) async fn watch(
        &self,
        tx: &mut Tx,
        account: &Account,
        cost: Cost,
    ) -> Result<(), DbError> {
        if cost.paise.0 == 0 {
            return Ok(());
        }
        for standing in self.standings_of(tx, account).await? {
            if standing.is_past_soft() {
                self.tell(tx, &standing, Line::Soft).await?;
            }
            if standing.is_past_hard() {
                self.tell(tx, &standing, Line::Hard).await?;
            }
        }
        Ok(())
    }

    /// Writes to the admins of a line, unless they were told of it in this month.
    pub(super) async fn tell(
        &self,
        tx: &mut Tx,
        standing: &Standing,
        line: Line,
    ) -> Result<(), DbError> {
        let month = standing.told_as(self.clock.now());
        let told = match line {
            Line::Soft => &standing.soft_told,
            Line::Hard => &standing.hard_told,
        };
        if told.as_ref() == Some(&month)
            || !store::budgets::tell(tx, standing.id, line, &month).await?
        {
            return Ok(());
        }
        for admin in store::budgets::admins(tx, standing.id).await? {
            let letter = Letter {
                organisation: admin.organisation_id,
                to: To::Mail(admin.email),
                kind: "budget",
                words: words(standing, line),
            };
            self.outbox.post(tx, letter).await.map_err(not_written)?;
        }
        Ok(())
    }

    /// What someone who asks is told of budgets past their soft line; nothing when none
    /// is. It names no amounts: those are the admins' to see.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn notice(
        &self,
        scope: &Scope,
        case: Option<CaseId>,
    ) -> Result<Option<String>, DbError> {
        let account = Account {
            organisation: scope.organisation(),
            user: Some(scope.user()),
            case,
            conversation: None,
            purpose: "answer",
            prompt_hash: None,
        };
        let mut tx = self.db.read().await?;
        let standings = self.standings_of(&mut tx, &account).await?;
        let past = standings.iter().find(|standing| standing.is_past_soft());
        Ok(past.map(|standing| format!("{} is nearly used up", standing.whose())))
    }
}

/// What an admin is written. A letter may be read where a wall does not reach, so it
/// does not say which case or person a budget is of.
fn words(standing: &Standing, line: Line) -> Words {
    let whose = match standing.subject {
        Subject::Chamber => "The chamber's budget for AI",
        Subject::User(_) => "A person's budget for AI",
        Subject::Case(_) => "A case's budget for AI",
    };
    let spent = format!("₹{}.{:02}", standing.spent.0 / 100, standing.spent.0 % 100);
    let of = |amount: Option<crate::kernel::Paise>| {
        amount.map_or_else(|| "none".to_owned(), |amount| amount.to_string())
    };
    let (subject, text) = match line {
        Line::Soft => (
            format!("{whose} has reached its soft line"),
            format!(
                "{whose} has reached its soft line of {}: {spent} was spent. Answers go on until \
                 the hard line ({}).",
                of(standing.limits.soft),
                of(standing.limits.hard)
            ),
        ),
        Line::Hard => (
            format!("{whose} has reached its hard line"),
            format!(
                "What is left of the hard line of {} does not cover another call: {spent} was \
                 spent. No language model is called on this budget; questions are answered from \
                 the documents alone until it is raised or its month ends.",
                of(standing.limits.hard)
            ),
        ),
    };
    let text = format!(
        "{text}\n\nSee AI costs, Budgets, in Munshi. This letter is written once for each line \
         and month."
    );
    Words { subject, text }
}

fn not_written(error: OutboxError) -> DbError {
    match error {
        OutboxError::Db(error) => error,
        other => {
            DbError::Inconsistent { table: "letters", column: "sealed", value: other.to_string() }
        }
    }
}
