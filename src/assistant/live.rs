//! Answers under way: their events, kept while they run and a little after, so
//! that a reader whose connection dropped goes on where it broke.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use utoipa::ToSchema;

use super::gate::Verification;
use super::grounds::Fact;
use super::store::CitationRow;
use crate::documents::PassageText;
use crate::kernel::{DocumentId, MessageId};

/// How long a finished answer's events are kept; afterwards they come from the tables.
const KEPT: Duration = Duration::from_mins(10);

/// Something that happened while a question was answered.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Event {
    /// What is being done now.
    Status {
        /// In words for the reader.
        text: String,
    },
    /// The passages the answer may cite.
    Passages {
        /// In the order of their numbers.
        passages: Vec<Source>,
    },
    /// What the tables say that the answer may cite.
    Facts {
        /// In the order of their numbers.
        facts: Vec<Fact>,
    },
    /// More of the answer's text, checked already.
    Delta {
        /// The text.
        text: String,
    },
    /// The answer cites a passage; a quotation it gives was found word for word.
    Citation(Cited),
    /// Something was struck from the answer.
    Removed(Struck),
    /// What checking the answer came to.
    Verified {
        /// In words for the reader.
        summary: String,
        /// In numbers.
        counts: Verification,
    },
    /// What the answer took.
    Usage {
        /// Tokens in the prompt.
        tokens_in: u64,
        /// Tokens in the answer.
        tokens_out: u64,
        /// What it cost.
        cost_paise: i64,
        /// Who answered.
        model: String,
    },
    /// The answer is complete.
    Done {
        /// How it was answered.
        label: String,
        /// What was searched.
        coverage: String,
    },
    /// The answer failed.
    Error {
        /// Why, and what to do.
        detail: String,
    },
}

impl Event {
    /// The event's type on the wire.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Status { .. } => "status",
            Self::Passages { .. } => "passages",
            Self::Facts { .. } => "facts",
            Self::Delta { .. } => "delta",
            Self::Citation(_) => "citation",
            Self::Removed(_) => "removed",
            Self::Verified { .. } => "verified",
            Self::Usage { .. } => "usage",
            Self::Done { .. } => "done",
            Self::Error { .. } => "error",
        }
    }

    /// Whether nothing comes after it.
    #[must_use]
    pub const fn is_last(&self) -> bool {
        matches!(self, Self::Done { .. } | Self::Error { .. })
    }
}

/// A passage an answer may cite.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Source {
    /// Its number in the answer.
    pub number: u32,
    /// The document's title.
    pub title: String,
    /// The case's title.
    pub case_title: String,
    /// The page it begins on.
    pub page: u32,
    /// The document.
    pub document_id: DocumentId,
    /// The number of the version that was read.
    pub version: i64,
    /// Where it begins, in bytes of the page's text.
    pub start: usize,
    /// Where it ends on that page.
    pub end: usize,
    /// Its text.
    pub excerpt: String,
    /// The number of the newest version, where there is one after the one that was read.
    #[serde(default)]
    pub newer: Option<i64>,
}

impl Source {
    /// A passage as an answer's source.
    pub(super) fn of(number: u32, passage: &PassageText) -> Self {
        let (start, end) = passage.span_on_first_page();
        Self {
            number,
            title: passage.title.clone(),
            case_title: passage.case_title.clone(),
            page: passage.page(),
            document_id: passage.document,
            version: passage.version_number,
            start,
            end,
            excerpt: passage.text.clone(),
            newer: None,
        }
    }
}

/// A citation as the answer makes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Cited {
    /// The passage's number.
    pub number: u32,
    /// The words quoted.
    pub quote: Option<String>,
    /// The document.
    pub document_id: DocumentId,
    /// The number of the version that was read.
    pub version: i64,
    /// The page.
    pub page: u32,
    /// Where the quotation, or the passage, begins in the page's text, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// How many characters of the quotation the page has otherwise, as recognised from a
    /// picture; zero when it stands there word for word.
    pub differs: u32,
}

impl Cited {
    /// A citation as it was stored.
    pub(super) fn kept(row: &CitationRow) -> Self {
        let offset = |bytes| usize::try_from(bytes).unwrap_or(0);
        Self {
            number: u32::try_from(row.number).unwrap_or(0),
            quote: row.quote.clone(),
            document_id: row.document_id,
            version: row.version_number,
            page: u32::try_from(row.page).unwrap_or(1),
            start: offset(row.start_offset),
            end: offset(row.end_offset),
            differs: u32::try_from(row.differs).unwrap_or(0),
        }
    }
}

/// Something struck from an answer because it could not be verified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, serde::Deserialize, ToSchema)]
pub struct Struck {
    /// `quotation`, `citation`, `authority`, `case name`, `date`, `amount`, `section` or
    /// `pinpoint`.
    pub what: String,
    /// What the model wrote.
    pub text: String,
    /// Why it was struck.
    pub reason: String,
}

/// The answers under way in this process.
#[derive(Clone, Default)]
pub struct Live {
    answers: Arc<Mutex<HashMap<MessageId, Arc<Running>>>>,
    ending: CancellationToken,
}

/// One answer's events.
pub struct Running {
    events: Mutex<Vec<Event>>,
    count: watch::Sender<(usize, bool)>,
    /// How many of the events are in the tables.
    stored: AtomicUsize,
    /// The passages the answer may cite, once they are known.
    evidence: Mutex<Vec<PassageText>>,
    /// How many of them are in the tables.
    evidence_stored: AtomicUsize,
    stop: CancellationToken,
}

impl Live {
    /// Starts an answer.
    #[must_use]
    pub fn start(&self, message: MessageId) -> Arc<Running> {
        let (count, _) = watch::channel((0, false));
        let running = Arc::new(Running {
            events: Mutex::default(),
            count,
            stored: AtomicUsize::new(0),
            evidence: Mutex::default(),
            evidence_stored: AtomicUsize::new(0),
            stop: CancellationToken::new(),
        });
        self.lock().insert(message, Arc::clone(&running));
        running
    }

    /// An answer that runs or has just ended.
    #[must_use]
    pub fn find(&self, message: MessageId) -> Option<Arc<Running>> {
        self.lock().get(&message).cloned()
    }

    /// Cancelled when the service ends.
    #[must_use]
    pub fn ending(&self) -> CancellationToken {
        self.ending.clone()
    }

    /// Gives up every answer that is being written, as the end of the process does: what
    /// had come is kept, and marked at the next start.
    pub async fn end_all(&self) {
        self.ending.cancel();
        let running: Vec<_> = self.lock().values().cloned().collect();
        for answer in running {
            let mut count = answer.count.subscribe();
            // An error means that it is gone altogether.
            let _ = count.wait_for(|(_, ended)| *ended).await;
        }
    }

    /// Ends an answer; its events stay for a while.
    pub fn finish(&self, message: MessageId, running: &Running) {
        running.count.send_modify(|(_, ended)| *ended = true);
        let live = self.clone();
        tokio::spawn(async move {
            tokio::time::sleep(KEPT).await;
            live.lock().remove(&message);
        });
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<MessageId, Arc<Running>>> {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Running {
    /// Adds an event.
    pub fn push(&self, event: Event) {
        let mut events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        events.push(event);
        let count = events.len();
        drop(events);
        self.count.send_modify(|(known, _)| *known = count);
    }

    /// The event at a place, waiting for it; none when the answer ended before.
    pub async fn next(&self, place: usize) -> Option<Event> {
        let mut count = self.count.subscribe();
        loop {
            let (known, ended) = *count.borrow_and_update();
            if place < known {
                let events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
                return events.get(place).cloned();
            }
            if ended || count.changed().await.is_err() {
                return None;
            }
        }
    }

    /// Says what the answer rests on; a task may add to it, never change what it said.
    pub(super) fn rest_on(&self, passages: &[PassageText]) {
        let mut known = self.evidence.lock().unwrap_or_else(PoisonError::into_inner);
        if passages.len() > known.len() {
            *known = passages.to_vec();
        }
    }

    /// What the answer rests on, as far as it was found.
    pub(super) fn evidence(&self) -> Vec<PassageText> {
        self.evidence.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What the answer rests on, unless all of it is stored.
    pub(super) fn unstored_evidence(&self) -> Vec<PassageText> {
        let stored = self.evidence_stored.load(Ordering::Acquire);
        Some(self.evidence()).filter(|known| known.len() > stored).unwrap_or_default()
    }

    /// Asks the answer to stop.
    pub(super) fn stop(&self) {
        self.stop.cancel();
    }

    /// Waits until the answer is asked to stop.
    pub(super) async fn until_stopped(&self) {
        self.stop.cancelled().await;
    }

    /// The events that are not stored yet, and the place of the first.
    pub(super) fn unstored(&self) -> (usize, Vec<Event>) {
        let from = self.stored.load(Ordering::Acquire);
        let events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        (from, events.get(from..).unwrap_or_default().to_vec())
    }

    /// Says that the events before a place are stored, and how much of the evidence.
    pub(super) fn stored_to(&self, place: usize, evidence: usize) {
        self.stored.fetch_max(place, Ordering::AcqRel);
        self.evidence_stored.fetch_max(evidence, Ordering::AcqRel);
    }

    /// Waits until the answer has ended, but no longer than so; whether it has.
    pub(super) async fn ends_within(&self, time: Duration) -> bool {
        let mut count = self.count.subscribe();
        let ended = count.wait_for(|(_, ended)| *ended);
        tokio::time::timeout(time, ended).await.is_ok()
    }

    /// Makes something of the events so far.
    pub fn with_events<T>(&self, make: impl FnOnce(&[Event]) -> T) -> T {
        make(&self.events.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What the tables said that the answer may cite.
    pub(super) fn facts(&self) -> Vec<Fact> {
        self.with_events(|events| {
            let told = events.iter().filter_map(|event| match event {
                Event::Facts { facts } => Some(facts),
                _ => None,
            });
            told.flatten().cloned().collect()
        })
    }

    /// Whether any of the answer's text was shown already.
    #[must_use]
    pub fn has_text(&self) -> bool {
        let events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        events.iter().any(|event| matches!(event, Event::Delta { .. }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_reader_may_come_back_at_any_place() {
        let live = Live::default();
        let message = MessageId::new();
        let running = live.start(message);
        let reader = tokio::spawn({
            let running = live.find(message).unwrap();
            async move { (running.next(0).await, running.next(1).await, running.next(2).await) }
        });
        running.push(Event::Delta { text: "a".into() });
        running.push(Event::Delta { text: "b".into() });
        live.finish(message, &running);
        let (first, second, third) = reader.await.unwrap();
        assert_eq!(first, Some(Event::Delta { text: "a".into() }));
        assert_eq!(second, Some(Event::Delta { text: "b".into() }));
        assert_eq!(third, None);
        assert_eq!(running.next(1).await, Some(Event::Delta { text: "b".into() }));
    }
}
