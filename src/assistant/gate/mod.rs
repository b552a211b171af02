//! The gate between a model and the reader.
//!
//! Text flows through word by word until a word could begin something that must
//! be checked: a quotation, a citation marker, an authority, a link. From there it
//! is *held* to the end of the sentence, so that the marker a quotation is
//! followed by is known, then checked and let through corrected:
//!
//! - a quotation leaves only if [`find_quote`](super::find_quote) finds it, in the
//!   passage cited or, the citation being corrected, in another;
//! - a citation marker leaves only if the passage exists;
//! - an authority leaves only if the evidence names it;
//! - a date, an amount, a section of a statute or the name of a case, in the model's own
//!   words, leaves only if passages, facts or question state it, however they write it;
//! - a paragraph or page pointed at leaves only if the document has it, and is marked as
//!   not verified where that cannot be told;
//! - links and images leave as their text.
//!
//! What the gate decides depends on the text alone and never on how it arrived,
//! so a resumed, replayed or stored answer is the answer that was streamed.

mod claims;
mod pieces;
mod scan;
mod settle;
mod verification;

use std::sync::{Arc, OnceLock};

use serde::Serialize;

use super::authority::{self, Known};
use super::evidence::Evidence;
use super::grounds::Grounds;
use super::verify::QuoteSpan;
pub(super) use claims::paragraph_numbers;
use settle::Checks;

pub use verification::Verification;

/// What takes the place of a quotation that was struck.
pub const QUOTE_REMOVED: &str = "[quotation removed: not found in the documents]";
/// What takes the place of an authority that was struck.
pub const AUTHORITY_REMOVED: &str = "[citation removed: not found in the documents]";
/// What follows a pinpoint that could not be checked.
pub const NOT_VERIFIED: &str = " [not verified]";

/// What the gate lets through or strikes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum GateEvent {
    /// Text for the reader.
    Text(String),
    /// A citation in the text before.
    Cited {
        /// The passage's number.
        number: u32,
        /// The quotation it supports, as the model wrote it.
        quote: Option<String>,
        /// Where the quotation stands.
        span: Option<QuoteSpan>,
        /// How many characters of the quotation the page has otherwise, as recognised from
        /// a picture; zero when it stands there word for word.
        differs: u32,
        /// Where the marker stands in all text let through, in bytes.
        position: usize,
    },
    /// Something was struck from the text.
    Removed {
        /// What was struck.
        what: Removed,
        /// Why, in words for the reader.
        reason: &'static str,
    },
}

/// What was struck from an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Removed {
    /// A quotation no passage holds.
    Quote(String),
    /// A citation of a passage there is not.
    Citation(u32),
    /// A reported or neutral citation the evidence does not name.
    Authority(String),
    /// A date that nothing states.
    Date(String),
    /// An amount or a percentage that nothing states.
    Amount(String),
    /// A section of a statute that nothing states.
    Section(String),
    /// The name of a case that nothing names.
    Case(String),
    /// A paragraph or page that the document does not have.
    Pinpoint(String),
}

impl Removed {
    /// What it is called, and its words.
    #[must_use]
    pub fn named(&self) -> (&'static str, String) {
        match self {
            Self::Quote(text) => ("quotation", text.clone()),
            Self::Citation(number) => ("citation", format!("[{number}]")),
            Self::Authority(text) => ("authority", text.clone()),
            Self::Date(text) => ("date", text.clone()),
            Self::Amount(text) => ("amount", text.clone()),
            Self::Section(text) => ("section", text.clone()),
            Self::Case(text) => ("case name", text.clone()),
            Self::Pinpoint(text) => ("pinpoint", text.clone()),
        }
    }
}

/// Checks a text while it is being written.
#[derive(Debug)]
pub struct Gate {
    grounds: Grounds,
    known: Known,
    /// What the grounds state; read when the first sentence is checked.
    stated: OnceLock<claims::Known>,
    verification: Verification,
    /// What has not been let through yet.
    held: String,
    /// Whether what leaves next begins a line.
    line_start: bool,
    /// The bytes let through so far.
    written: usize,
}

/// A stretch of held text that can be decided on.
enum Segment {
    /// Nothing in it needs checking.
    Plain(usize),
    /// A sentence to check.
    Sentence(usize),
    /// A block quote, with the markers after it.
    Block(usize),
}

impl Gate {
    /// Makes a gate for an answer from what it may rest on.
    #[must_use]
    pub fn new(grounds: Grounds) -> Self {
        let known = Known::of(&grounds.passages, &grounds.facts);
        Self {
            grounds,
            known,
            stated: OnceLock::new(),
            verification: Verification::default(),
            held: String::new(),
            line_start: true,
            written: 0,
        }
    }

    /// What checking came to so far.
    #[must_use]
    pub fn verification(&self) -> &Verification {
        &self.verification
    }

    /// Begins anew on the same grounds: what comes next is another's, and begins a line.
    pub fn restart(&mut self) {
        self.held.clear();
        self.line_start = true;
        self.verification = Verification::default();
    }

    /// Takes the next piece of the answer, and says what can be shown of it.
    pub fn push(&mut self, delta: &str) -> Vec<GateEvent> {
        self.held.push_str(delta);
        self.pass(false)
    }

    /// Ends the answer: checks and lets through what was held.
    pub fn finish(&mut self) -> Vec<GateEvent> {
        self.pass(true)
    }

    fn pass(&mut self, finished: bool) -> Vec<GateEvent> {
        let mut events = Vec::new();
        while let Some(segment) = self.segment(finished) {
            let (Segment::Plain(end) | Segment::Sentence(end) | Segment::Block(end)) = segment;
            let text: String = self.held.drain(..end).collect();
            let decided = match segment {
                Segment::Plain(_) => vec![GateEvent::Text(text)],
                Segment::Sentence(_) => self.settle(pieces::sentence(&text)),
                Segment::Block(_) => self.settle(pieces::block(&text)),
            };
            for event in decided {
                if let GateEvent::Text(text) = &event {
                    self.written += text.len();
                    self.line_start = begins_line(text, self.line_start);
                }
                append(&mut events, event);
            }
        }
        events
    }

    /// The next stretch that can be decided on, if enough has arrived.
    fn segment(&self, finished: bool) -> Option<Segment> {
        let body = self.held.trim_start();
        let lead = self.held.len() - body.len();
        if body.is_empty() {
            return (finished && lead > 0).then_some(Segment::Plain(lead));
        }
        if let Some(newline) = self.held[..lead].rfind('\n') {
            return Some(Segment::Plain(newline + 1));
        }
        if self.line_start && body.starts_with('>') {
            return scan::block_end(&self.held, finished).map(Segment::Block);
        }
        let word = body.split(char::is_whitespace).next().unwrap_or(body);
        if word.len() == body.len() && !finished {
            return None;
        }
        if needs_check(word) {
            return scan::sentence_end(body, finished).map(|end| Segment::Sentence(lead + end));
        }
        if word.starts_with(char::is_uppercase) && claims::name_may_begin(body, finished)? {
            return scan::sentence_end(body, finished).map(|end| Segment::Sentence(lead + end));
        }
        Some(Segment::Plain(lead + word.len()))
    }

    fn settle(&mut self, pieces: Vec<pieces::Piece>) -> Vec<GateEvent> {
        let stated = self.stated.get_or_init(|| claims::Known::of(&self.grounds));
        let checks = Checks { grounds: &self.grounds, authorities: &self.known, stated };
        let sum = &mut self.verification;
        settle::settle(&checks, sum, pieces, self.written, self.line_start)
    }
}

/// Checks a whole answer, as if it had been streamed.
#[must_use]
pub fn parse_complete(evidence: Arc<[Evidence]>, text: &str) -> Vec<GateEvent> {
    let mut gate = Gate::new(Grounds::of(evidence, ""));
    let mut events = gate.push(text);
    for event in gate.finish() {
        append(&mut events, event);
    }
    events
}

/// Adds an event, running texts together.
fn append(events: &mut Vec<GateEvent>, event: GateEvent) {
    match (events.last_mut(), event) {
        (Some(GateEvent::Text(last)), GateEvent::Text(text)) => last.push_str(&text),
        (_, event) => events.push(event),
    }
}

/// Whether a line begins after a text.
fn begins_line(text: &str, before: bool) -> bool {
    let line = text.rsplit('\n').next().unwrap_or(text);
    line.trim().is_empty() && (before || line.len() < text.len())
}

/// Whether a word may begin something that must be checked.
fn needs_check(word: &str) -> bool {
    let mut before = None;
    let marked = word.char_indices().any(|(at, c)| {
        let next = word[at + c.len_utf8()..].chars().next();
        let single = pieces::opens_single(before, c, next);
        before = Some(c);
        single || pieces::is_double(c) || matches!(c, '[' | ']' | '<')
    });
    marked || authority::may_begin(word) || claims::may_begin(word)
}

#[cfg(test)]
mod tests;
