//! Directions of orders, proposed as hearings and deadlines in the answer that lists them.

use std::fmt::Write as _;
use std::sync::Arc;

use super::directions::proposed_in;
use super::plain::{Directed, directed};
use super::work::{Work, broken};
use crate::assistant::answer::{AnswerError, Finished};
use crate::assistant::ask::AskError;
use crate::assistant::proposals::{Kind, NewProposal, ProposalError, Which};

impl Work<'_> {
    /// Proposes what is directed, tied to the answer, and says so. Whoever may not work on
    /// the case has the list alone.
    pub(super) async fn propose(&self, finished: &mut Finished) -> Result<(), AnswerError> {
        let answering = self.answering;
        let scope = &answering.scope;
        let Some(case) = answering.case.filter(|case| scope.works_on(*case)) else {
            return Ok(());
        };
        if !answering.is_open(&self.witnesses).await {
            return Ok(());
        }
        let (material, message) = (Arc::clone(&self.material), answering.asked.message);
        let read = tokio::task::spawn_blocking(move || {
            let proposal = |Directed { subject, read, .. }: Directed| {
                let subject = material.subjects.get(subject)?;
                Some(proposed_in(message, (case, subject.version), read))
            };
            directed(&material).into_iter().filter_map(proposal).collect::<Vec<NewProposal>>()
        });
        let new = read.await.map_err(broken)?;
        if new.is_empty() {
            return Ok(());
        }
        let proposals = &answering.assistant.proposals;
        let mut ids = match proposals.propose(scope, new).await {
            Ok(ids) => ids,
            // A membership ended meanwhile.
            Err(ProposalError::Case(_)) => return Ok(()),
            Err(error) => return Err(failed(error)),
        };
        ids.sort_unstable();
        ids.dedup();
        let which = Which { message: Some(message), ..Which::default() };
        let made = proposals.list(scope, which).await.map_err(failed)?;
        let count = |kind: Kind| made.iter().filter(|proposal| proposal.kind == kind).count();
        let known = ids.len().saturating_sub(made.len());
        let words = in_words(count(Kind::Hearing), count(Kind::Deadline), known);
        answering.show(&words, finished);
        Ok(())
    }
}

fn failed(error: ProposalError) -> AnswerError {
    let error = match error {
        ProposalError::Db(error) => AskError::from(error),
        ProposalError::Case(error) => AskError::from(error),
        ProposalError::Ask(error) => error,
        other => AskError::Task(other.to_string()),
    };
    error.into()
}

/// What was proposed, and what had been before.
fn in_words(hearings: usize, deadlines: usize, known: usize) -> String {
    let counted = |number: usize, noun: &str| {
        let plural = if number == 1 { "" } else { "s" };
        (number > 0).then(|| format!("{number} {noun}{plural}"))
    };
    let new: Vec<String> = [counted(hearings, "hearing"), counted(deadlines, "deadline")]
        .into_iter()
        .flatten()
        .collect();
    let mut words = String::new();
    if !new.is_empty() {
        let wait = if hearings + deadlines == 1 { "It waits" } else { "They wait" };
        words = format!(
            "\n\nProposed: {}. {wait} for approval; nothing was entered.",
            new.join(" and ")
        );
    }
    if let Some(known) = counted(known, "direction") {
        let was = if known.starts_with("1 ") { "was" } else { "were" };
        // Writing to a string cannot fail.
        let _ = write!(words, "\n\n{known} {was} proposed before, and not again.");
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_proposed_is_counted() {
        assert_eq!(
            in_words(2, 1, 0),
            "\n\nProposed: 2 hearings and 1 deadline. They wait for approval; nothing was entered."
        );
        assert_eq!(in_words(0, 0, 1), "\n\n1 direction was proposed before, and not again.");
        assert!(in_words(0, 1, 2).contains("1 deadline. It waits"), "{}", in_words(0, 1, 2));
    }
}
