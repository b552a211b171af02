//! The threads that run the model, and the two lines in front of them.
//!
//! Passages come in thousands while documents are read; a query has somebody
//! waiting. So there are two lines: a thread takes a passage only when no query
//! waits, and a thread that is busy with passages looks for queries many times in
//! each layer of the model. A query waits for a few tokens, not for a backlog. Small
//! units of passages are run together, whoever asked for them.

use std::cell::RefCell;
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

    /// The tokens of each text.
    fn read(&self, tokens: &Tokens) -> Result<Vec<Vec<u32>>, EmbedError> {
        self.texts.iter().map(|(_, text)| tokens.read_text(text)).collect()
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

impl Lines {
    /// Takes the first passages off their line, as many units as make a full one.
    fn full_unit(&mut self) -> Vec<(Unit, Reply)> {
        let (mut units, mut weight) = (Vec::new(), 0);
        while let Some((unit, _)) = self.passages.front() {
            weight += unit.weight;
            if !units.is_empty() && weight > UNIT_TOKENS {
                break;
            }
            units.extend(self.passages.pop_front());
        }
        units
    }
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

    /// Waits for the next units to be run together: a query, or as many passages as
    /// make a full unit. `None` when the queue is closed. The flag says whether no
    /// other thread has anything to do.
    fn next(&self) -> Option<(Vec<(Unit, Reply)>, bool)> {
        let mut lines = self.lock();
        loop {
            if lines.closed {
                lines.queries.clear();
                lines.passages.clear();
                return None;
            }
            let units = match lines.queries.pop_front() {
                Some(query) => vec![query],
                None => lines.full_unit(),
            };
            if !units.is_empty() {
                let alone =
                    lines.busy == 0 && lines.queries.is_empty() && lines.passages.is_empty();
                lines.busy += 1;
                return Some((units, alone));
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
    let (mut space, urgent_space) = (Workspace::default(), RefCell::default());
    let urgent_first = || {
        while let Some(query) = queue.urgent() {
            let manner = Manner { par: Par::Seq, between: &|| () };
            answer(vec![query], tokens, weights, &mut urgent_space.borrow_mut(), manner);
        }
    };
    while let Some((units, alone)) = queue.next() {
        let weight: usize = units.iter().map(|(unit, _)| unit.weight).sum();
        let divide = alone && threads > 1 && weight >= WORTH_DIVIDING;
        let par = if divide { Par::rayon(threads) } else { Par::Seq };
        let manner = Manner { par, between: &urgent_first };
        answer(units, tokens, weights, &mut space, manner);
        queue.ended();
    }
}

/// Runs units as one batch and replies to each, unless nobody waits for the reply any
/// more. A panic ends the units and not the thread; dropping the replies tells the
/// callers.
fn answer(
    units: Vec<(Unit, Reply)>,
    tokens: &Tokens,
    weights: &Weights,
    space: &mut Workspace,
    manner: Manner,
) {
    let ran = catch_unwind(AssertUnwindSafe(|| {
        let (mut batch, mut waiting) = (Vec::new(), Vec::new());
        for (unit, reply) in units {
            match unit.read(tokens) {
                _ if reply.is_closed() => {}
                Ok(texts) => {
                    let read = texts.iter().map(|ids| ids.len() as u64).sum();
                    batch.extend(texts);
                    waiting.push((unit, reply, read));
                }
                // The caller may have gone meanwhile; that is no concern of this thread.
                Err(error) => drop(reply.send(Err(error))),
            }
        }
        let mut vectors = forward(weights, &batch, space, manner).into_iter();
        for (unit, reply, tokens) in waiting {
            let places = unit.texts.iter().map(|(place, _)| *place);
            let vectors = places.zip(vectors.by_ref()).collect();
            drop(reply.send(Ok(Done { vectors, tokens })));
        }
    }));
    if ran.is_err() {
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
        let (units, alone) = queue.next().unwrap();
        assert_eq!(units[0].0.texts[0].1.len(), 40);
        assert!(!alone, "passages wait");
        drop(units);
        assert_eq!(query.unwrap().len(), 1);
        assert!(queue.urgent().is_none());
    }

    #[test]
    fn small_units_of_several_callers_are_run_together() {
        let queue = Queue::default();
        for _ in 0..30 {
            let small = Unit::split(&texts(&[200]), 256, 1);
            queue.submit(small, Purpose::Passage).unwrap();
        }
        let first = queue.next().unwrap().0.len();
        let second = queue.next().unwrap().0.len();
        assert_eq!((first, second), (UNIT_TOKENS / 52, 30 - UNIT_TOKENS / 52));
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
