//! Tasks: what is asked of whole documents, beyond a question.
//!
//! A task is answered as a message of a conversation of its case, streamed like any
//! answer. Its documents are read whole: with a model in parts that fit it, of each of
//! which notes are taken and joined (`work`); without one by rules (`plain`). Either
//! way the text passes the [`Gate`](super::Gate).

mod checklists;
pub mod chronology;
pub mod directions;
mod kinds;
mod material;
mod parts;
mod plain;
mod prompt;
mod proposing;
mod reading;
mod whole;
mod wording;
mod work;

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ask::{AskError, Asked, Asking, Assistant, Turn};
use super::{store, thread};
use crate::documents::Document;
use crate::kernel::{CaseId, ConversationId, DocumentId, Permission, Scope};

pub use checklists::{Checklist, Item, Unusual, checklists};
pub use kinds::{DraftKind, TaskKind};
pub use prompt::TaskPrompt;
pub use whole::{Cited, PageText, Progress, Unread};

/// The longest instructions, in characters.
pub const LONGEST_INSTRUCTIONS: usize = 2_000;

/// A task to be done.
#[derive(Debug, Clone)]
pub struct NewTask {
    /// The case it is about.
    pub case: CaseId,
    /// The conversation it goes on; none starts one.
    pub conversation: Option<ConversationId>,
    /// What is asked.
    pub order: Order,
}

/// What is asked, as it is kept with the message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// What for.
    pub kind: TaskKind,
    /// The documents it reads; none means all of the case.
    #[serde(default)]
    pub documents: Vec<DocumentId>,
    /// For a comparison of one document: the numbers of the earlier and the later version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub versions: Option<(i64, i64)>,
    /// For a review: the key of the checklist.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checklist: Option<String>,
    /// For a draft: what is drafted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<DraftKind>,
    /// What the asker wants attended to, in their words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instructions: Option<String>,
}

impl Order {
    /// What is asked, in words for the conversation.
    fn in_words(&self, documents: &[Document]) -> String {
        let what = match (self.kind, self.draft, self.checklist.as_deref().and_then(named)) {
            (TaskKind::Draft, Some(draft), _) => format!("Draft: {}", draft.words()),
            (TaskKind::Review, _, Some(list)) => format!("Review ({})", list.name),
            (kind, ..) => kind.words().to_owned(),
        };
        let mut words = match documents {
            [] => format!("{what}: all documents of the case"),
            some => {
                let titles: Vec<&str> = some.iter().map(|it| it.title.as_str()).collect();
                format!("{what}: {}", titles.join("; "))
            }
        };
        if let Some((from, to)) = self.versions {
            let _ = write!(words, ", version {from} to version {to}");
        }
        if let Some(instructions) = &self.instructions {
            words.push_str("\n\n");
            words.push_str(instructions);
        }
        words
    }

    /// Whether what was chosen is what the kind needs.
    fn check(&self) -> Result<(), AskError> {
        let refuse = |words: &str| Err(AskError::Task(words.to_owned()));
        match self.kind {
            TaskKind::Compare => match (self.documents.len(), self.versions) {
                (1, Some((from, to))) if from != to => Ok(()),
                (2, None) if self.documents[0] != self.documents[1] => Ok(()),
                _ => refuse(
                    "choose two documents to compare, or one document and two versions of it",
                ),
            },
            TaskKind::Review if self.documents.is_empty() => {
                refuse("choose the agreement to review")
            }
            TaskKind::Review if self.checklist.as_deref().and_then(named).is_none() => {
                refuse("choose the checklist the agreement is reviewed against")
            }
            TaskKind::Draft if self.draft.is_none() => refuse("choose what to draft"),
            _ if self.documents.len() > 200 => refuse("choose at most 200 documents"),
            _ => Ok(()),
        }
    }
}

/// The checklist with a key.
fn named(key: &str) -> Option<&'static Checklist> {
    checklists().iter().find(|list| list.key == key)
}

impl Assistant {
    /// Takes a task and begins to do it; [`Assistant::events`] follows.
    ///
    /// # Errors
    /// Fails with [`AskError::Task`] when the choices are not what the task needs, and
    /// when the case, a document or the conversation is not open to the caller.
    pub async fn run_task(&self, scope: &Scope, new: NewTask) -> Result<Asked, AskError> {
        if !scope.may(Permission::Ask) {
            return Err(AskError::NotAllowed);
        }
        let NewTask { case, conversation, mut order } = new;
        order.instructions = order
            .instructions
            .map(|words| words.trim().to_owned())
            .filter(|words| !words.is_empty());
        if order.instructions.as_ref().is_some_and(|it| it.chars().count() > LONGEST_INSTRUCTIONS) {
            let words =
                format!("the instructions are longer than {LONGEST_INSTRUCTIONS} characters");
            return Err(AskError::Task(words));
        }
        order.check()?;
        let documents = self.documents_of(scope, case, &order).await?;
        let text = order.in_words(&documents);
        let mut tx = self.db.write().await?;
        let (conversation, history) = if let Some(id) = conversation {
            let found = store::find_conversation(&mut tx, scope, id).await?;
            let found = found.ok_or(AskError::NotFound)?;
            if found.case_id != Some(case) {
                return Err(AskError::NotFound);
            }
            let rows = store::messages(&mut tx, id).await?;
            (id, thread::branch(&rows, None))
        } else {
            let id = ConversationId::new();
            let (title, now) = (thread::title_of(&text), self.clock.now());
            store::insert_conversation(&mut tx, scope, id, Some(case), &title, now).await?;
            (id, Vec::new())
        };
        let asking = Asking::New { text, edited: None };
        let task = Some(order);
        let turn = Turn { conversation, case: Some(case), documents: None, history, asking, task };
        self.begin(scope, tx, turn).await
    }

    /// The documents named, which must be of the case and read; none when all are meant.
    async fn documents_of(
        &self,
        scope: &Scope,
        case: CaseId,
        order: &Order,
    ) -> Result<Vec<Document>, AskError> {
        self.cases.find(scope, case).await?;
        let mut documents = Vec::with_capacity(order.documents.len());
        for &id in &order.documents {
            let document = self.documents.find(scope, id).await?;
            if document.case_id != case {
                return Err(crate::documents::DocumentError::NotFound.into());
            }
            let numbers = order.versions.map_or([None, None], |(from, to)| [Some(from), Some(to)]);
            for number in numbers {
                self.documents.read_version(scope, &document, number).await?;
            }
            documents.push(document);
        }
        Ok(documents)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(kind: TaskKind) -> Order {
        Order {
            kind,
            documents: Vec::new(),
            versions: None,
            checklist: None,
            draft: None,
            instructions: None,
        }
    }

    #[test]
    fn each_kind_says_what_it_needs() {
        assert!(order(TaskKind::Summary).check().is_ok());
        for kind in [TaskKind::Compare, TaskKind::Review, TaskKind::Draft] {
            assert!(order(kind).check().is_err(), "{kind:?}");
        }
        let one = vec![DocumentId::new()];
        let versions =
            Order { documents: one.clone(), versions: Some((1, 2)), ..order(TaskKind::Compare) };
        assert!(versions.check().is_ok());
        assert!(Order { versions: Some((2, 2)), ..versions }.check().is_err());
        let review =
            Order { documents: one, checklist: Some("nda".into()), ..order(TaskKind::Review) };
        assert!(review.check().is_ok());
        assert!(Order { checklist: Some("none".into()), ..review }.check().is_err());
    }
}
