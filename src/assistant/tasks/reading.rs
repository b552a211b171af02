//! Reading what is too long for a model: notes of each part, checked against that part,
//! and notes made fewer.

use std::fmt::Write as _;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::parts::pages_in_words;
use super::plain::{grounds_of, marker};
use super::prompt::Stage;
use super::work::{Ended, Work};
use crate::assistant::answer::{AnswerError, Finished};
use crate::assistant::chain::ChainError;
use crate::assistant::gate::{Gate, GateEvent, NOT_VERIFIED};
use crate::assistant::grounds::Grounds;
use crate::assistant::llm::LlmError;

/// How many parts may fail one after another before the models are given up.
const FAILURES: usize = 3;

/// What came of taking notes of passages.
enum Noted {
    /// Notes, and whether they end before the part does.
    Notes(String, bool),
    /// The part, or what there is to note of it, is too long.
    TooLong,
    Failed(ChainError),
    Stopped,
}

/// The pages that were not read, or not wholly, in words.
#[derive(Debug, Default)]
pub(super) struct Gaps {
    /// Those on which the models failed.
    failed: Vec<String>,
    /// Those of which the notes reached the longest length.
    cut: Vec<String>,
}

impl Gaps {
    pub(super) fn is_empty(&self) -> bool {
        self.failed.is_empty() && self.cut.is_empty()
    }

    /// What the reader is told of them.
    pub(super) fn in_words(&self) -> String {
        let mut words = String::new();
        let told = [
            ("Not read, because the language model failed there", &self.failed),
            (
                "Not wholly read, because the notes of it reached the longest length set for \
                 answers",
                &self.cut,
            ),
        ];
        for (why, pages) in told.into_iter().filter(|(_, pages)| !pages.is_empty()) {
            // Writing to a string cannot fail.
            let _ = write!(words, "\n\n{why}: {}.", pages.join("; "));
        }
        words
    }
}

impl Work<'_> {
    /// Takes notes of every part; the passages they cite get numbers of the whole.
    pub(super) async fn notes(
        &self,
        parts: Vec<Range<usize>>,
        form: &str,
        places: &mut Vec<usize>,
        gaps: &mut Gaps,
        model: &mut String,
        finished: &mut Finished,
    ) -> Result<Result<Vec<String>, Ended>, AnswerError> {
        let count = parts.len();
        let mut notes = Vec::with_capacity(count);
        let mut failures = 0;
        let mut waiting: Vec<(usize, Range<usize>)> = (1..).zip(parts).collect();
        waiting.reverse();
        while let Some((number, part)) = waiting.pop() {
            let (page, pages) = self.material.page_of(part.start);
            self.answering.status(&format!("Reading page {page} of {pages}"));
            let outcome = self.note(&part, (number, count), form, places, model, finished).await?;
            match outcome {
                Noted::Notes(words, cut) => {
                    failures = 0;
                    if cut {
                        let pages = self.pages_in_words(&part);
                        self.answering.status(&format!("The notes of {pages} were cut short"));
                        gaps.cut.push(pages);
                    }
                    if !words.trim().is_empty() {
                        notes.push(words);
                    }
                }
                Noted::Stopped => return Ok(Err(Ended::Stopped)),
                Noted::TooLong => {
                    let middle = part.start + part.len() / 2;
                    waiting.push((number, middle..part.end));
                    waiting.push((number, part.start..middle));
                }
                Noted::Failed(error) => {
                    failures += 1;
                    let over = matches!(error, ChainError::OverBudget(_));
                    if over || failures == FAILURES || (notes.is_empty() && waiting.is_empty()) {
                        return Ok(Err(Ended::Broke(error, Vec::new())));
                    }
                    let pages = self.pages_in_words(&part);
                    self.answering.status(&format!("The language model failed on {pages}"));
                    gaps.failed.push(pages);
                }
            }
        }
        Ok(Ok(notes))
    }

    fn pages_in_words(&self, part: &Range<usize>) -> String {
        pages_in_words(self.material.passages.get(part.clone()).unwrap_or_default())
    }

    /// Takes notes of a part. One of several passages of which the notes are cut short is
    /// too long: it is to be halved.
    async fn note(
        &self,
        part: &Range<usize>,
        (number, count): (usize, usize),
        form: &str,
        places: &mut Vec<usize>,
        model: &mut String,
        finished: &mut Finished,
    ) -> Result<Noted, AnswerError> {
        let here: Vec<usize> = part.clone().collect();
        let (_, grounds) = grounds_of(&self.material, &here, &self.stated(form));
        let prompt =
            self.prompt(Stage::Part, form).part(number, count).passages(grounds.passages.iter());
        let said = self.ask(&prompt, None, model, finished).await;
        if said.stopped {
            return Ok(Noted::Stopped);
        }
        let parts = part.len() > 1;
        match said.broke {
            Some(ChainError::Model(LlmError::TooLong)) if parts => return Ok(Noted::TooLong),
            Some(error) => return Ok(Noted::Failed(error)),
            None if said.cut && parts => return Ok(Noted::TooLong),
            None => {}
        }
        let text = if said.cut { whole_lines(&said.text) } else { said.text.as_str() };
        if text.trim().trim_end_matches('.') == "Nothing" {
            return Ok(Noted::Notes(String::new(), said.cut));
        }
        Ok(Noted::Notes(renumbered(&checked(text, grounds), &here, places), said.cut))
    }

    /// Makes notes fewer. Quotations are checked again: joining may alter them. What does
    /// not fit an answer is joined in smaller groups; a note alone stays as it is.
    pub(super) async fn join(
        &self,
        groups: Vec<Vec<String>>,
        form: &str,
        model: &mut String,
        finished: &mut Finished,
    ) -> Result<Result<Vec<String>, Ended>, AnswerError> {
        let before: usize = groups.iter().flatten().map(String::len).sum();
        let mut joined = Vec::with_capacity(groups.len());
        let mut waiting = groups;
        waiting.reverse();
        while let Some(mut group) = waiting.pop() {
            let (number, count) = (joined.len() + 1, joined.len() + 1 + waiting.len());
            self.answering.status(&format!("Joining notes, {number} of {count}"));
            let prompt = self.prompt(Stage::Join, form).notes(&group);
            let said = self.ask(&prompt, None, model, finished).await;
            if said.stopped {
                return Ok(Err(Ended::Stopped));
            }
            if let Some(error) = said.broke {
                return Ok(Err(Ended::Broke(error, Vec::new())));
            }
            if !said.cut {
                joined.push(said.text);
            } else if group.len() > 1 {
                let rest = group.split_off(group.len() / 2);
                waiting.extend([rest, group]);
            } else {
                joined.append(&mut group);
            }
        }
        // Notes that will not get shorter would be joined for ever.
        if joined.iter().map(String::len).sum::<usize>() * 10 > before * 9 {
            let words = "the notes of these documents could not be made to fit the model";
            let error = ChainError::Model(LlmError::Rejected(words.to_owned()));
            return Ok(Err(Ended::Broke(error, Vec::new())));
        }
        Ok(Ok(joined))
    }
}

/// What of notes stands up to the passages they were taken of.
fn checked(notes: &str, grounds: Grounds) -> String {
    let mut gate = Gate::new(grounds);
    let events = gate.push(notes).into_iter().chain(gate.finish());
    let mut text = String::new();
    for event in events {
        if let GateEvent::Text(words) = event {
            text.push_str(&words);
        }
    }
    let text = text.replace(NOT_VERIFIED, "");
    match STRUCK.as_ref() {
        Some(notice) => notice.replace_all(&text, "").into_owned(),
        None => text,
    }
}

/// What of a text stands on whole lines: where it was cut, the last may say the opposite
/// of what was meant.
pub(super) fn whole_lines(text: &str) -> &str {
    text.rsplit_once('\n').map_or("", |(whole, _)| whole)
}

/// What the gate puts in the place of something struck.
static STRUCK: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"\[[a-z]+(?: [a-z]+)? removed: not (?:found )?in the documents?\]").ok()
});

static MARKERS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\[(\d{1,3})\]").ok());

/// What a citation looks like in a text that passed the gate.
pub(super) fn markers() -> Option<&'static Regex> {
    MARKERS.as_ref()
}

/// Gives the passages that notes cite their numbers of the whole; a passage keeps the
/// number it got first.
fn renumbered(notes: &str, here: &[usize], places: &mut Vec<usize>) -> String {
    let Some(pattern) = markers() else { return notes.to_owned() };
    let new = pattern.replace_all(notes, |found: &regex::Captures<'_>| {
        let local = found[1].parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        let Some(&at) = local.and_then(|place| here.get(place)) else { return String::new() };
        let place = places.iter().position(|&known| known == at).unwrap_or_else(|| {
            places.push(at);
            places.len() - 1
        });
        marker(u32::try_from(place + 1).unwrap_or(u32::MAX))
    });
    new.into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assistant::evidence::samples;

    #[test]
    fn notes_keep_nothing_of_what_was_struck_nor_a_line_cut_short() {
        let grounds = Grounds::of([samples::page(1, "Notice was sent by post.")].into(), "");
        let notes =
            "- Sent on 5 May 2020 for Rs. 7,000 under section 138 NI Act, \"by hand\" [1].\n";
        assert_eq!(checked(notes, grounds).matches("removed").count(), 0);
        assert_eq!(whole_lines("- one [1].\n- two, but no"), "- one [1].");
        assert_eq!(whole_lines("- two, but no"), "");
    }

    #[test]
    fn pages_not_wholly_read_are_named() {
        let mut gaps = Gaps::default();
        assert!(gaps.is_empty());
        gaps.cut.push("page 3 of Plaint".to_owned());
        assert!(!gaps.is_empty());
        assert!(gaps.in_words().ends_with(": page 3 of Plaint."), "{}", gaps.in_words());
        assert!(!gaps.in_words().contains("failed"), "{}", gaps.in_words());
    }

    #[test]
    fn a_passage_keeps_the_number_it_got_first() {
        let mut places = Vec::new();
        assert_eq!(renumbered("- a [2] b [1]", &[10, 11], &mut places), "- a [1] b [2]");
        assert_eq!(renumbered("- c [1][3] d [2]", &[11, 40, 50], &mut places), "- c [1][3] d [4]");
        assert_eq!(places, [11, 10, 50, 40]);
        assert_eq!(renumbered("- e [9]", &[1], &mut places), "- e ");
    }
}
