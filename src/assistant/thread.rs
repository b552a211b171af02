//! Which messages of a conversation are shown: it branches where a question was edited
//! or an answer written again, and one branch is read at a time.

use super::store::MessageRow;
use crate::kernel::MessageId;

/// The branch that leads to a message and on from it along the newest; the newest of all
/// without one. `rows` are in the order they were written.
pub(super) fn branch(rows: &[MessageRow], through: Option<MessageId>) -> Vec<MessageRow> {
    let mut shown = through.map(|id| up_to(rows, id)).unwrap_or_default();
    loop {
        let last = shown.last().map(|row| row.id);
        match rows.iter().rev().find(|row| row.parent_id == last) {
            Some(next) => shown.push(next.clone()),
            None => return shown,
        }
    }
}

/// The messages that lead to one, and it; none when it is not there.
pub(super) fn up_to(rows: &[MessageRow], last: MessageId) -> Vec<MessageRow> {
    let mut shown = Vec::new();
    let mut wanted = Some(last);
    while let Some(row) = wanted.and_then(|id| rows.iter().find(|row| row.id == id)) {
        shown.push(row.clone());
        // A parent was written before: what leads in a circle ends here.
        wanted = row.parent_id.filter(|_| shown.len() <= rows.len());
    }
    shown.reverse();
    shown
}

/// The variants of a message, in the order they were written, itself among them.
pub(super) fn variants(rows: &[MessageRow], of: &MessageRow) -> Vec<MessageId> {
    let same = rows.iter().filter(|row| row.parent_id == of.parent_id && row.role == of.role);
    same.map(|row| row.id).collect()
}

/// A title made of a question: its first sentence, cut at a word where it is long.
#[must_use]
pub(super) fn title_of(question: &str) -> String {
    const LONGEST: usize = 80;
    let line = question.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    let words: Vec<&str> = line.split_whitespace().collect();
    let line = words.join(" ");
    let end = line.find(['?', '!']).map_or(line.len(), |at| at + 1);
    let sentence = line.get(..end).unwrap_or(&line);
    if sentence.chars().count() <= LONGEST {
        return sentence.to_owned();
    }
    let head: String = sentence.chars().take(LONGEST).collect();
    let cut = head.rfind(' ').filter(|at| *at > LONGEST / 2).unwrap_or(head.len());
    let head = head.get(..cut).unwrap_or(&head);
    format!("{}…", head.trim_end_matches([',', ';', ':', ' ', '-']))
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::kernel::ConversationId;

    fn row(id: MessageId, parent: Option<MessageId>, role: &str) -> MessageRow {
        MessageRow {
            id,
            conversation_id: ConversationId::new(),
            role: role.to_owned(),
            status: "done".to_owned(),
            text: String::new(),
            label: None,
            coverage: None,
            removed: serde_json::json!([]),
            facts: serde_json::json!([]),
            parent_id: parent,
            ended: None,
            verification: None,
            task: None,
            created_at: DateTime::UNIX_EPOCH,
        }
    }

    fn ids(rows: &[MessageRow]) -> Vec<MessageId> {
        rows.iter().map(|row| row.id).collect()
    }

    #[test]
    fn the_newest_branch_is_shown_and_the_others_can_be_reached() {
        let [q1, a1, a1b, q2, a2, q2b] = std::array::from_fn(|_| MessageId::new());
        let rows = [
            row(q1, None, "question"),
            row(a1, Some(q1), "answer"),
            row(q2, Some(a1), "question"),
            row(a2, Some(q2), "answer"),
            row(q2b, Some(a1), "question"),
            row(a1b, Some(q1), "answer"),
        ];
        assert_eq!(ids(&branch(&rows, None)), [q1, a1b]);
        assert_eq!(ids(&branch(&rows, Some(a1))), [q1, a1, q2b]);
        assert_eq!(ids(&branch(&rows, Some(q2))), [q1, a1, q2, a2]);
        assert_eq!(variants(&rows, &rows[1]), [a1, a1b]);
        assert_eq!(variants(&rows, &rows[2]), [q2, q2b]);
        assert!(up_to(&rows, MessageId::new()).is_empty());
    }

    #[test]
    fn a_title_is_the_first_sentence_and_short() {
        assert_eq!(title_of("  What was held?\nAnd why?"), "What was held?");
        assert_eq!(title_of("What was held? And why?"), "What was held?");
        let long = "In the matter of the recovery of the rent of the shop, did the learned Rent \
                    Controller hold anything on limitation";
        let title = title_of(long);
        assert!(title.ends_with('…') && title.chars().count() <= 81, "{title}");
        assert!(long.starts_with(title.trim_end_matches('…')), "{title}");
        assert_eq!(title_of("सीमा"), "सीमा");
    }
}
