//! Answers as they are written, in the tables: what readers were told is stored in
//! batches, so that one who comes back goes on where they were, with whichever process
//! answers, and what had come is kept when the process that wrote it ended.

mod store;

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};

use super::ask::{AskError, Assistant};
use super::live::{Cited, Event, Running, Struck};
use super::store as messages;
use crate::db::{DbError, Tx};
use crate::kernel::{DocumentId, MessageId};

/// How often what was told is stored: so much, at most, is lost with a process.
const BATCH: Duration = Duration::from_millis(200);
/// How often a process says that it writes an answer.
const ALIVE: Duration = Duration::from_secs(2);
/// After how many seconds of silence an answer is nobody's any more.
const SILENT: i64 = 10;
/// How many hours events are kept; afterwards an answer is told whole.
const KEPT_HOURS: i64 = 24;
/// How an answer is labelled that was cut off.
const INTERRUPTED: &str = "Interrupted: the service stopped while this was being written. What had \
                           come is kept; ask again for the whole.";
/// What stands in the place of an answer of which nothing had come.
const NOTHING_CAME: &str = "The service was restarted while this was being answered. Ask again.";

impl Assistant {
    /// Stores what happens while an answer is written, until it has ended, and tells it
    /// when it is to stop.
    pub(super) async fn store_as_told(&self, message: MessageId, running: &Running) {
        let mut said = Instant::now();
        let mut ended = false;
        while !ended {
            ended = running.ends_within(BATCH).await;
            let due = said.elapsed() >= ALIVE;
            if due {
                said = Instant::now();
            }
            if let Err(error) = self.store_batch(message, running, due).await {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(error, "what was told of an answer was not stored");
            }
        }
    }

    async fn store_batch(
        &self,
        message: MessageId,
        running: &Running,
        due: bool,
    ) -> Result<(), DbError> {
        let mut tx = self.db.read().await?;
        let Some(state) = store::state(&mut tx, message).await? else {
            // Its conversation was deleted.
            running.stop();
            return Ok(());
        };
        drop(tx);
        if state.stop_at.is_some() {
            running.stop();
        }
        if !due && running.unstored().1.is_empty() {
            return Ok(());
        }
        let mut tx = self.db.write().await?;
        if due {
            store::say_alive(&mut tx, message, self.clock.now()).await?;
        }
        let (to, evidence) = self.store_rest(&mut tx, message, running, None).await?;
        tx.commit().await?;
        running.stored_to(to, evidence);
        Ok(())
    }

    /// Stores what is not stored yet, and what comes last; gives the place after it, and
    /// how many passages were stored, if any.
    pub(super) async fn store_rest(
        &self,
        tx: &mut Tx,
        message: MessageId,
        running: &Running,
        last: Option<&Event>,
    ) -> Result<(usize, usize), DbError> {
        let (from, mut events) = running.unstored();
        events.extend(last.cloned());
        let evidence = running.unstored_evidence();
        messages::insert_evidence(tx, message, &evidence).await?;
        store::insert_events(tx, message, from, &events, self.clock.now()).await?;
        Ok((from + events.len(), evidence.len()))
    }

    /// Asks an answer to stop, whichever process writes it.
    pub(super) async fn ask_to_stop(
        &self,
        tx: &mut Tx,
        message: MessageId,
    ) -> Result<bool, DbError> {
        store::ask_to_stop(tx, message, self.clock.now()).await
    }

    /// The moment before which a process must have said something to be taken as there.
    pub(super) fn silent_since(&self) -> DateTime<Utc> {
        self.clock.now() - TimeDelta::seconds(SILENT)
    }

    /// Ends the answers whose process is gone, keeping what had come of them: all that
    /// run when `alone` says that no other process writes answers.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn end_interrupted(&self, alone: bool) -> Result<u64, AskError> {
        let now = self.clock.now();
        let since = if alone { now } else { self.silent_since() };
        let mut tx = self.db.write().await?;
        let mut ended = 0;
        for message in store::left_behind(&mut tx, since).await? {
            ended += u64::from(cut_off(&mut tx, message, since, now).await?);
        }
        store::prune(&mut tx, now - TimeDelta::hours(KEPT_HOURS)).await?;
        tx.commit().await?;
        Ok(ended)
    }

    /// Follows an answer by what is stored of it; none where nothing is.
    pub(super) async fn follow_stored(
        &self,
        message: MessageId,
    ) -> Result<Option<Following>, AskError> {
        let mut tx = self.db.read().await?;
        let events = store::events(&mut tx, message, 0).await?;
        let state = store::state(&mut tx, message).await?;
        let is_running = state.is_some_and(|state| state.is_running);
        if events.is_empty() && !is_running {
            return Ok(None);
        }
        Ok(Some(Following { assistant: self.clone(), message, read: Mutex::new(events) }))
    }
}

/// Ends one answer with what had come of it; whether it was still to be ended.
async fn cut_off(
    tx: &mut Tx,
    message: MessageId,
    since: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let events = store::events(tx, message, 0).await?;
    let came = Came::of(&events);
    let kept = !came.text.trim().is_empty();
    let cut = store::CutOff {
        text: if kept { &came.text } else { NOTHING_CAME },
        ended: kept.then_some("interrupted"),
        label: INTERRUPTED,
        removed: serde_json::json!(came.removed),
        facts: serde_json::json!(came.facts),
    };
    if !store::end(tx, message, since, cut).await? {
        return Ok(false);
    }
    for (place, cited) in came.cited.iter().enumerate() {
        store::insert_cited(tx, message, came.passages + place, cited).await?;
    }
    let last = if kept {
        Event::Done { label: INTERRUPTED.to_owned(), coverage: String::new() }
    } else {
        Event::Error { detail: NOTHING_CAME.to_owned() }
    };
    store::insert_events(tx, message, events.len(), &[last], now).await?;
    Ok(true)
}

/// What had come of an answer.
#[derive(Default)]
struct Came {
    text: String,
    passages: usize,
    cited: Vec<Cited>,
    removed: Vec<Struck>,
    facts: Vec<super::grounds::Fact>,
}

impl Came {
    fn of(events: &[Event]) -> Self {
        let mut came = Self::default();
        for event in events {
            match event {
                Event::Delta { text } => came.text.push_str(text),
                Event::Passages { passages } => came.passages = passages.len(),
                Event::Citation(cited) => came.cited.push(cited.clone()),
                Event::Removed(struck) => came.removed.push(struck.clone()),
                Event::Facts { facts } => came.facts.extend(facts.iter().cloned()),
                _ => {}
            }
        }
        came
    }
}

/// Someone who follows an answer by what is stored of it.
pub struct Following {
    assistant: Assistant,
    message: MessageId,
    read: Mutex<Vec<Event>>,
}

impl Following {
    /// The event at a place, waiting for it; none when the answer ended before. Whoever
    /// was told more than was stored gets the last event, which says how it ended.
    pub async fn next(&self, place: usize) -> Option<Event> {
        loop {
            if let Some(event) = self.with_events(|events| events.get(place).cloned()) {
                return Some(event);
            }
            match self.read_on().await {
                Ok(true) => {}
                Ok(false) => {
                    let last = |events: &[Event]| {
                        let missed = place > events.len();
                        events.last().filter(|event| missed && event.is_last()).cloned()
                    };
                    return self.with_events(last);
                }
                Err(error) => {
                    let error = &error as &dyn std::error::Error;
                    tracing::warn!(error, "an answer could not be followed");
                    return None;
                }
            }
        }
    }

    /// Reads what has come since; whether there may be more.
    async fn read_on(&self) -> Result<bool, AskError> {
        let known = self.with_events(<[Event]>::len);
        let mut tx = self.assistant.db.read().await?;
        // How it stands is read first: what came before it ended is not missed then.
        let state = store::state(&mut tx, self.message).await?;
        let new = store::events(&mut tx, self.message, known).await?;
        drop(tx);
        if !new.is_empty() {
            self.read.lock().unwrap_or_else(PoisonError::into_inner).extend(new);
            return Ok(true);
        }
        let Some(state) = state.filter(|state| state.is_running) else { return Ok(false) };
        let silent = self.assistant.silent_since();
        if state.alive_at.is_none_or(|alive| alive <= silent) {
            self.assistant.end_interrupted(false).await?;
        } else {
            tokio::time::sleep(BATCH).await;
        }
        Ok(true)
    }

    /// Makes something of the events read so far.
    pub(super) fn with_events<T>(&self, make: impl FnOnce(&[Event]) -> T) -> T {
        make(&self.read.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The documents that the events read so far are made of.
    pub(super) fn documents(&self) -> Vec<DocumentId> {
        self.with_events(super::history::documents_of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_had_come_is_put_together_from_what_was_told() {
        let struck = Struck { what: "quotation".into(), text: "x".into(), reason: "y".into() };
        let told = [
            Event::Status { text: "Searching".into() },
            Event::Passages { passages: Vec::new() },
            Event::Delta { text: "The suit ".into() },
            Event::Removed(struck.clone()),
            Event::Delta { text: "was filed".into() },
        ];
        let came = Came::of(&told);
        assert_eq!(came.text, "The suit was filed");
        assert_eq!(came.removed, [struck]);
    }

    #[test]
    fn an_event_comes_back_as_it_was_stored() {
        let events = [
            Event::Status { text: "a".into() },
            Event::Delta { text: "a".into() },
            Event::Error { detail: "b".into() },
            Event::Done { label: "c".into(), coverage: "d".into() },
            Event::Usage { tokens_in: 1, tokens_out: 2, cost_paise: 3, model: "m".into() },
        ];
        for event in events {
            let stored = event.to_stored().unwrap();
            assert_eq!(stored["name"], event.name());
            assert_eq!(Event::from_stored(stored).unwrap(), event);
        }
    }
}
