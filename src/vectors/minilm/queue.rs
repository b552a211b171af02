//! The threads that run the model, and the two lines in front of them.
//!
//! Passages come in thousands while documents are read; a query has somebody
//! waiting. So there are two lines: a thread takes a passage only when no query
//! waits, and a thread that is busy with passages looks for queries between the
//! layers of the model. A query waits for one layer of one batch, not for a backlog.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use faer::Par;
use tokio::sync::oneshot;

use super::forward::{Manner, Workspace, forward};
use super::tokens::Tokens;
use super::weights::Weights;
use crate::vectors::{EmbedError, Purpose};

/// About how many tokens are run at once: enough for the multiplications to be
/// efficient, little enough that the buffers stay in the processor's cache.
const UNIT_TOKENS: usize = 1024;

/// Fewer tokens than this are not worth dividing among threads.
const WORTH_DIVIDING: usize = 64;

/// How many units may wait in a line before callers are told to come back.
const LONGEST_LINE: usize = 4096;

/// How long callers are told to stay away when a line is full.
const PAUSE: Duration = Duration::from_secs(1);

/// Some texts run as one batch.
pub(super) struct Unit {
    /// The texts and their places among the caller's.
    texts: Vec<(usize, String)>,
    /// About how many tokens they have.
    weight: usize,
}

/// What became of a unit.
pub(super) struct Done {
    /// The vectors and their places among the caller's texts.
    pub(super) vectors: Vec<(usize, Vec<f32>)>,
    /// The tokens that were run.
    pub(super) tokens: u64,
}

type Reply = oneshot::Sender<Result<Done, EmbedError>>;

impl Unit {
    /// Divides texts into units of like weight: longest first, each to the unit
    /// that has least, so that all threads end together.
    pub(super) fn split(texts: &[String], max_tokens: usize, threads: usize) -> Vec<Self> {
        // Four bytes a token is near the truth for English and errs high for others.
        let weight = |text: &String| (text.len() / 4 + 2).min(max_tokens);
        let mut order: Vec<usize> = (0..texts.len()).collect();
        order.sort_by_key(|&place| std::cmp::Reverse(weight(&texts[place])));
        let total: usize = texts.iter().map(weight).sum();
        let useful = threads.min(total / WORTH_DIVIDING).min(texts.len());
        let count = total.div_ceil(UNIT_TOKENS).max(useful);
        let mut units: Vec<Self> =
            (0..count).map(|_| Self { texts: Vec::new(), weight: 0 }).collect();
        for place in order {
            if let Some(lightest) = units.iter_mut().min_by_key(|unit| unit.weight) {
                lightest.weight += weight(&texts[place]);
                lightest.texts.push((place, texts[place].clone()));
            }
        }
        units.retain(|unit| !unit.texts.is_empty());
        units
    }

    fn run(
        &self,
        tokens: &Tokens,
        weights: &Weights,
        space: &mut Workspace,
        manner: Manner,
    ) -> Result<Done, EmbedError> {
        let batch: Vec<Vec<u32>> =
            self.texts.iter().map(|(_, text)| tokens.read_text(text)).collect::<Result<_, _>>()?;
        let vectors = forward(weights, &batch, space, manner);
        Ok(Done {
            vectors: self.texts.iter().map(|(place, _)| *place).zip(vectors).collect(),
            tokens: batch.iter().map(|ids| ids.len() as u64).sum(),
        })
    }
}

/// The two lines and who works on them.
#[derive(Default)]
pub(super) struct Queue {
    lines: Mutex<Lines>,
    arrived: Condvar,
}

#[derive(Default)]
struct Lines {
    queries: VecDeque<(Unit, Reply)>,
    passages: VecDeque<(Unit, Reply)>,
    /// How many threads are running a unit.
    busy: usize,
    closed: bool,
}

impl Queue {
    /// Puts units into a line; each reply comes when its unit was run.
    pub(super) fn submit(
        &self,
        units: Vec<Unit>,
        purpose: Purpose,
    ) -> Result<Vec<oneshot::Receiver<Result<Done, EmbedError>>>, EmbedError> {
        let mut lines = self.lock();
        let line = match purpose {
            Purpose::Query => &mut lines.queries,
            Purpose::Passage => &mut lines.passages,
        };
        if line.len() >= LONGEST_LINE {
            return Err(EmbedError::Busy(PAUSE));
        }
        let mut receivers = Vec::with_capacity(units.len());
        for unit in units {
            let (reply, receiver) = oneshot::channel();
            line.push_back((unit, reply));
            receivers.push(receiver);
        }
        drop(lines);
        self.arrived.notify_all();
        Ok(receivers)
    }

    /// Lets the threads end; what still waits is given up.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.arrived.notify_all();
    }

    /// Waits for the next unit; `None` when the queue is closed. The flag says
    /// whether no other thread has anything to do.
    fn next(&self) -> Option<(Unit, Reply, bool)> {
        let mut lines = self.lock();
        loop {
            if lines.closed {
                lines.queries.clear();
                lines.passages.clear();
                return None;
            }
            let next = lines.queries.pop_front().or_else(|| lines.passages.pop_front());
            if let Some((unit, reply)) = next {
                let alone =
                    lines.busy == 0 && lines.queries.is_empty() && lines.passages.is_empty();
                lines.busy += 1;
                return Some((unit, reply, alone));
            }
            lines = self.arrived.wait(lines).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// The next query, if one waits.
    fn urgent(&self) -> Option<(Unit, Reply)> {
        self.lock().queries.pop_front()
    }

    fn ended(&self) {
        self.lock().busy -= 1;
    }

    fn lock(&self) -> MutexGuard<'_, Lines> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What each thread does: units, until the queue is closed.
pub(super) fn work(queue: &Queue, tokens: &Tokens, weights: &Weights, threads: usize) {
    let mut space = Workspace::default();
    let urgent_first = || {
        while let Some((unit, reply)) = queue.urgent() {
            let manner = Manner { par: Par::Seq, between: &|| () };
            answer(reply, || unit.run(tokens, weights, &mut Workspace::default(), manner));
        }
    };
    while let Some((unit, reply, alone)) = queue.next() {
        let divide = alone && threads > 1 && unit.weight >= WORTH_DIVIDING;
        let par = if divide { Par::rayon(threads) } else { Par::Seq };
        let manner = Manner { par, between: &urgent_first };
        answer(reply, || unit.run(tokens, weights, &mut space, manner));
        queue.ended();
    }
}

/// Runs a unit and replies, unless nobody waits for the reply any more. A panic
/// ends the unit and not the thread; dropping the reply tells the caller.
fn answer(reply: Reply, run: impl FnOnce() -> Result<Done, EmbedError>) {
    if reply.is_closed() {
        return;
    }
    if let Ok(done) = catch_unwind(AssertUnwindSafe(run)) {
        // The caller may have gone meanwhile; that is no concern of this thread.
        drop(reply.send(done));
    } else {
        tracing::error!("embedding a batch panicked");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(lengths: &[usize]) -> Vec<String> {
        lengths.iter().map(|length| "a".repeat(*length)).collect()
    }

    #[test]
    fn units_hold_every_text_once_and_weigh_alike() {
        let texts = texts(&[900, 10, 500, 700, 800, 3, 600, 1000, 20, 900, 900, 900, 4000]);
        let units = Unit::split(&texts, 256, 2);
        let mut places: Vec<usize> =
            units.iter().flat_map(|unit| unit.texts.iter().map(|(place, _)| *place)).collect();
        places.sort_unstable();
        assert_eq!(places, (0..texts.len()).collect::<Vec<_>>());
        let weights: Vec<usize> = units.iter().map(|unit| unit.weight).collect();
        let spread = weights.iter().max().unwrap() - weights.iter().min().unwrap();
        assert!(spread <= 256, "{weights:?}");
    }

    #[test]
    fn short_work_is_not_divided_and_no_work_is_no_unit() {
        assert_eq!(Unit::split(&texts(&[40, 40]), 256, 8).len(), 1);
        assert_eq!(Unit::split(&texts(&[800, 800]), 256, 8).len(), 2);
        assert!(Unit::split(&[], 256, 8).is_empty());
    }

    #[test]
    fn a_query_is_taken_before_older_passages() {
        let queue = Queue::default();
        let passages = queue.submit(Unit::split(&texts(&[800; 4]), 256, 4), Purpose::Passage);
        let query = queue.submit(Unit::split(&texts(&[40]), 256, 4), Purpose::Query);
        assert_eq!(passages.unwrap().len(), 4);
        let (unit, reply, alone) = queue.next().unwrap();
        assert_eq!(unit.texts[0].1.len(), 40);
        assert!(!alone, "passages wait");
        drop(reply);
        assert_eq!(query.unwrap().len(), 1);
        assert!(queue.urgent().is_none());
    }

    #[test]
    fn a_full_line_sends_callers_away() {
        let queue = Queue::default();
        let many = texts(&vec![2000; LONGEST_LINE * 4]);
        queue.submit(Unit::split(&many, 256, 1), Purpose::Passage).unwrap();
        let more = queue.submit(Unit::split(&texts(&[40]), 256, 1), Purpose::Passage);
        assert!(matches!(more, Err(EmbedError::Busy(_))));
        assert!(queue.submit(Unit::split(&texts(&[40]), 256, 1), Purpose::Query).is_ok());
    }

    #[test]
    fn a_closed_queue_gives_up_what_waits() {
        let queue = Queue::default();
        let waiting = queue.submit(Unit::split(&texts(&[40]), 256, 1), Purpose::Query).unwrap();
        queue.close();
        assert!(queue.next().is_none());
        for mut reply in waiting {
            assert!(reply.try_recv().is_err());
        }
    }
}
