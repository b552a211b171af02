//! Reading the record: filters, and what an action is called in words.

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
pub const GROUPS: [(&str, &str); 33] = [
    ("session", "Signing in and out"),
    ("user", "People and accounts"),
    ("factor", "Second factors"),
    ("token", "Personal API tokens"),
    ("client_code", "Codes sent to clients"),
    ("client", "Clients"),
    ("case", "Cases and teams"),
    ("party", "Parties of cases"),
    ("hearing", "Hearings"),
    ("task", "Tasks and deadlines"),
    ("time", "Time worked"),
    ("invoice", "Invoices"),
    ("payment", "Payments"),
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
];

/// What a group of actions is called.
#[must_use]
pub fn group_words(group: &str) -> Option<&'static str> {
    GROUPS.iter().find(|(noun, _)| *noun == group).map(|(_, words)| *words)
}

/// An action in words, as they follow a person's name.
#[must_use]
pub fn words(action: &str) -> String {
    let known = match action {
        "session.open" => "signed in",
        "session.close" => "signed out",
        "user.add" => "added a person",
        "user.activate" => "switched an account on",
        "user.deactivate" => "switched an account off",
        "user.password.change" => "changed their password",
        "user.password.reset" => "reset a password",
        "client.add" => "added a client",
        "case.open" => "opened a case",
        "party.add" => "entered a party of a case",
        "hearing.add" => "entered a hearing",
        "task.add" => "entered a task or deadline",
        "time.add" => "entered time worked",
        "invoice.issue" => "issued an invoice",
        "payment.record" => "entered a payment",
        "proposal.make" => "had something proposed",
        "proposal.approve" => "approved a proposal",
        "proposal.reject" => "rejected a proposal",
        "case.member.add" => "added someone to a case",
        "case.member.remove" => "took someone off a case",
        "document.receive" => "added a document",
        "document.view" => "opened a document",
        "document.page.view" => "looked at a page",
        "document.download" => "downloaded an original file",
        "document.share" => "shared a document with a client",
        "document.unshare" => "ended the sharing of a document",
        "search" => "searched",
        "question.ask" => "asked the assistant",
        "question.answer" => "was answered by the assistant",
        "conversation.view" => "read a conversation",
        "question.again" => "asked for another answer",
        "question.edit" => "asked a question in other words",
        "question.stop" => "stopped an answer",
        "conversation.rename" => "named a conversation",
        "conversation.delete" => "deleted a conversation",
        "conversation.export" => "took a conversation away",
        "answer.feedback" => "judged an answer",
        "answer.feedback.export" => "exported the feedback on answers",
        "answer.pin" => "pinned an answer in a case",
        "answer.unpin" => "took a pinned answer down",
        "answer.export" => "exported an answer",
        "session.refuse" => "refused a sign-in",
        "session.pending" => "was asked for a second factor",
        "session.prove" => "proved again who they are",
        "session.end" => "signed a device out",
        "session.end_others" => "signed out everywhere else",
        "session.reuse" => "ended a session whose old key came again",
        "user.invite" => "invited a person",
        "user.invitation.accept" => "accepted an invitation",
        "user.lock" => "made an account wait after wrong passwords",
        "user.unlock" => "let an account sign in again",
        "user.email.change" => "changed their email address",
        "user.email.verify" => "confirmed their email address",
        "user.factors.reset" => "removed a person's second factors",
        "factor.rule" => "changed which roles need a second factor",
        "factor.refuse" => "gave a wrong second factor",
        "case.member.change" => "changed what someone may do in a case",
        "document.compare" => "compared two versions of a document",
        "document.reread" => "had a document read again",
        "document.page.transcribe" => "typed what a page says",
        "saved_search.save" => "saved a search",
        "saved_search.rename" => "renamed a saved search",
        "saved_search.delete" => "deleted a saved search",
        "wall.raise" => "raised an ethical wall",
        "wall.lift" => "lifted an ethical wall",
        "retention.set" => "said how long a case is kept",
        "hold.place" => "placed a legal hold",
        "hold.lift" => "lifted a legal hold",
        "export.begin" => "asked for an export",
        "export.fetch" => "took an export away",
        "erasure.begin" => "began an erasure",
        "erasure.done" => "finished an erasure",
        "record.adopt" => "took the record over and gave it a key",
        "record.retain" => "removed rows that were too old",
        "record.export" => "exported the record",
        "record.verify" => "checked the record",
        "costs.export" => "exported the costs",
        "model.test" => "tried a language model",
        "model.reset" => "had a language model asked again",
        "costs.budget.set" => "set a budget for AI",
        "costs.budget.remove" => "removed a budget for AI",
        "costs.prices.import" => "imported prices of models",
        "costs.rate.set" => "set an exchange rate",
        "costs.bill" => "put AI costs on a bill",
        "costs.reconcile" => "imported a provider's report of use",
        "golden.export" => "exported the golden questions",
        other => return other.replace(['.', '_'], " "),
    };
    known.to_owned()
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
    fn an_action_without_words_of_its_own_is_still_readable() {
        assert_eq!(words("document.view"), "opened a document");
        assert_eq!(words("wall.mend_again"), "wall mend again");
        assert_eq!(group_words("search"), Some("Searches"));
    }
}
