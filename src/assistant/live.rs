//! Answers under way: their events, kept while they run and a little after, so
//! that a reader whose connection dropped goes on where it broke.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::Serialize;
use tokio::sync::watch;
use utoipa::ToSchema;

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
    /// More of the answer's text, checked already.
    Delta {
        /// The text.
        text: String,
    },
    /// The answer cites a passage; a quotation it gives was found word for word.
    Citation(Cited),
    /// Something was struck from the answer.
    Removed(Struck),
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
            Self::Delta { .. } => "delta",
            Self::Citation(_) => "citation",
            Self::Removed(_) => "removed",
            Self::Usage { .. } => "usage",
            Self::Done { .. } => "done",
            Self::Error { .. } => "error",
        }
    }
}

/// A passage an answer may cite.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
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
        }
    }
}

/// A citation as the answer makes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
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
}

/// Something struck from an answer because it could not be verified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, serde::Deserialize, ToSchema)]
pub struct Struck {
    /// `quotation`, `citation` or `authority`.
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
}

/// One answer's events.
pub struct Running {
    events: Mutex<Vec<Event>>,
    count: watch::Sender<(usize, bool)>,
}

impl Live {
    /// Starts an answer.
    #[must_use]
    pub fn start(&self, message: MessageId) -> Arc<Running> {
        let (count, _) = watch::channel((0, false));
        let running = Arc::new(Running { events: Mutex::default(), count });
        self.lock().insert(message, Arc::clone(&running));
        running
    }

    /// An answer that runs or has just ended.
    #[must_use]
    pub fn find(&self, message: MessageId) -> Option<Arc<Running>> {
        self.lock().get(&message).cloned()
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

    /// Makes something of the events so far.
    pub fn with_events<T>(&self, make: impl FnOnce(&[Event]) -> T) -> T {
        make(&self.events.lock().unwrap_or_else(PoisonError::into_inner))
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
