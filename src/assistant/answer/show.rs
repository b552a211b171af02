//! Showing an answer to its reader while it is made.

use super::words::struck;
use super::{Answering, Finished};
use crate::assistant::gate::{Gate, GateEvent};
use crate::assistant::grounds::Grounds;
use crate::assistant::live::{Cited, Event};
use crate::documents::PassageText;

impl Answering {
    /// Shows a text that is there whole, checked like any other.
    pub(super) fn check_and_show(
        &self,
        text: &str,
        grounds: &Grounds,
        passages: &[PassageText],
        finished: &mut Finished,
    ) {
        let mut gate = Gate::new(grounds.clone());
        self.pass(gate.push(text), passages, finished);
        self.pass(gate.finish(), passages, finished);
        finished.verification.add(gate.verification());
    }

    /// Shows what the gate let through and notes what it struck.
    pub(in crate::assistant) fn pass(
        &self,
        events: Vec<GateEvent>,
        passages: &[PassageText],
        finished: &mut Finished,
    ) {
        for event in events {
            match event {
                GateEvent::Text(text) => self.show(&text, finished),
                GateEvent::Cited { number, quote, span, differs, .. } => {
                    let place = usize::try_from(number).unwrap_or(0).wrapping_sub(1);
                    let Some(passage) = passages.get(place) else { continue };
                    let (start, end) = passage.span_on_first_page();
                    let (page, start, end) = span.map_or((passage.page(), start, end), |span| {
                        (span.page, span.start, span.end)
                    });
                    let cited = Cited {
                        number,
                        quote,
                        document_id: passage.document,
                        version: passage.version_number,
                        page,
                        start,
                        end,
                        differs,
                    };
                    self.running.push(Event::Citation(cited.clone()));
                    finished.cited.push(cited);
                }
                GateEvent::Removed { what, reason } => {
                    let struck = struck(&what, reason);
                    self.running.push(Event::Removed(struck.clone()));
                    finished.removed.push(struck);
                }
            }
        }
    }

    pub(in crate::assistant) fn show(&self, text: &str, finished: &mut Finished) {
        finished.text.push_str(text);
        self.running.push(Event::Delta { text: text.to_owned() });
    }

    pub(in crate::assistant) fn status(&self, text: &str) {
        self.running.push(Event::Status { text: text.to_owned() });
    }

    /// Tells the reader of the facts from a place on.
    pub(super) fn tell_facts(&self, grounds: &Grounds, from: usize) {
        if let Some(facts) = grounds.facts.get(from..).filter(|facts| !facts.is_empty()) {
            self.running.push(Event::Facts { facts: facts.to_vec() });
        }
    }
}
