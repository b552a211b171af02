//! Reading the record: filters, and the groups of actions.

use chrono::{DateTime, Utc};

use super::{Audit, Entry, store, withheld};
use crate::db::DbError;
use crate::kernel::{CaseId, DocumentId, Scope, UserId};

/// Which rows are wanted.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// By whom.
    pub user: Option<UserId>,
    /// An action such as `document.view`, or the group of all that begin with a noun.
    pub action: Option<String>,
    /// In which case.
    pub case: Option<CaseId>,
    /// To which document.
    pub document: Option<DocumentId>,
    /// From which address or network: its beginning.
    pub address: Option<String>,
    /// Not before.
    pub from: Option<DateTime<Utc>>,
    /// Before.
    pub until: Option<DateTime<Utc>>,
    /// Before the row of this number: the next page.
    pub before: Option<i64>,
    /// How many, at most 500.
    pub limit: i64,
}

/// The groups of actions: the noun they begin with, and what they are called.
pub const GROUPS: [(&str, &str); 58] = [
    ("session", "Signing in and out"),
    ("user", "People and accounts"),
    ("factor", "Second factors"),
    ("token", "Personal API tokens"),
    ("client_code", "Codes sent to clients"),
    ("client", "Clients"),
    ("conflict", "Conflict checks"),
    ("case", "Cases and teams"),
    ("party", "Parties of cases"),
    ("vakalatnama", "Authorities to appear"),
    ("note", "Notes on cases"),
    ("case_field", "Fields of cases"),
    ("hearing", "Hearings"),
    ("cause_list", "Cause lists"),
    ("calendar", "Calendar addresses"),
    ("task", "Tasks and deadlines"),
    ("limitation", "Limitation"),
    ("holiday", "Court holidays"),
    ("time", "Time worked"),
    ("timer", "Timers"),
    ("rate", "Rates"),
    ("agreement", "Fee agreements"),
    ("fee", "Fees"),
    ("expense", "Expenses"),
    ("invoice", "Invoices"),
    ("payment", "Payments"),
    ("ledger", "Client money"),
    ("tds", "Tax held back by clients"),
    ("statement", "Statements of account"),
    ("money", "Reports of the books"),
    ("chamber", "The chamber's details"),
    ("proposal", "Proposals of the assistant"),
    ("document", "Documents"),
    ("search", "Searches"),
    ("question", "Questions and answers"),
    ("conversation", "Conversations"),
    ("answer", "Feedback on answers, and pinned ones"),
    ("saved_search", "Saved searches"),
    ("wall", "Ethical walls"),
    ("group", "Groups of people"),
    ("letter", "Letters"),
    ("message", "Messages of cases"),
    ("notice", "What people are told of"),
    ("webhook", "Webhooks"),
    ("record", "The record itself"),
    ("costs", "Exports of costs"),
    ("golden", "Search quality"),
    ("model", "Language models"),
    ("embeddings", "Embedding models"),
    ("consent", "Consents"),
    ("export", "Exports of a person's data"),
    ("erasure", "Erasures"),
    ("hold", "Legal holds"),
    ("retention", "Retention rules"),
    ("portal", "What clients are shown"),
    ("request", "What clients are asked for"),
    ("news", "News for clients"),
    ("delivery", "Files clients sent"),
];

/// What a group of actions is called.
#[must_use]
pub fn group_words(group: &str) -> Option<&'static str> {
    GROUPS.iter().find(|(noun, _)| *noun == group).map(|(_, words)| *words)
}

impl Audit {
    /// Rows of the caller's organisation that pass a filter, the newest first. What a
    /// row says of a case or client that an ethical wall keeps from the caller is
    /// withheld, and a filter by one finds nothing.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn list(&self, scope: &Scope, filter: &Filter) -> Result<Vec<Entry>, DbError> {
        let mut tx = self.db.read().await?;
        if withheld::is_closed(&mut tx, scope.user(), filter).await? {
            return Ok(Vec::new());
        }
        let mut rows = store::list(&mut tx, scope.organisation(), filter).await?;
        withheld::withhold(&mut tx, scope.user(), &mut rows).await?;
        Ok(rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_called_by_its_noun() {
        assert_eq!(group_words("search"), Some("Searches"));
        assert_eq!(group_words("searches"), None);
    }
}
