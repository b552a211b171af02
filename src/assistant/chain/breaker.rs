//! The breaker of one provider: whether it is asked, by how it did lately. All answers
//! share it, so that one finds out what the others need not.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};

/// From how long a pause a provider asks for it is left alone at once.
const LONG_PAUSE: Duration = Duration::from_secs(5);
/// After how long a probe of which nothing was heard no longer keeps others from trying.
const LOST_PROBE: Duration = Duration::from_mins(10);

/// When a provider is left alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// After so many failures…
    pub failures: usize,
    /// …within this time…
    pub window: Duration,
    /// …for so long.
    pub pause: Duration,
}

/// How a provider stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// It is asked.
    Closed,
    /// It failed too often and is left alone.
    Open {
        /// Until then; then one call tries it.
        until: DateTime<Utc>,
        /// Why.
        reason: String,
    },
    /// One call tries whether it works again.
    Probing {
        /// Since when.
        since: DateTime<Utc>,
        /// Why it was left alone.
        reason: String,
    },
    /// Its key, address or model is wrong: it is left alone until somebody closes it.
    Out {
        /// What the provider said.
        reason: String,
    },
}

impl State {
    /// Its name in the API.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Closed => "working",
            Self::Open { .. } => "open",
            Self::Probing { .. } => "probing",
            Self::Out { .. } => "out",
        }
    }
}

/// How a provider did.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) state: State,
    pub(super) last_success: Option<DateTime<Utc>>,
    pub(super) last_failure: Option<(DateTime<Utc>, String)>,
}

/// A change worth keeping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Change {
    /// It is left alone from now on, after so many failures.
    Opened { reason: String, failures: usize },
    /// It is asked again.
    Closed,
}

#[derive(Debug)]
pub(super) struct Breaker {
    limits: Limits,
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    seen: Seen,
    failures: VecDeque<DateTime<Utc>>,
}

impl Breaker {
    pub(super) fn new(limits: Limits) -> Self {
        let seen = Seen { state: State::Closed, last_success: None, last_failure: None };
        Self { limits, inner: Mutex::new(Inner { seen, failures: VecDeque::new() }) }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How it stands.
    pub(super) fn seen(&self) -> Seen {
        self.inner().seen.clone()
    }

    /// Whether a call would be let through, without letting one.
    pub(super) fn would_admit(&self, now: DateTime<Utc>) -> bool {
        match &self.inner().seen.state {
            State::Closed => true,
            State::Open { until, .. } => *until <= now,
            State::Probing { since, .. } => *since + LOST_PROBE <= now,
            State::Out { .. } => false,
        }
    }

    /// Lets a call through, or not. Whoever is let through must say how it went, or give
    /// the place back.
    pub(super) fn admit(&self, now: DateTime<Utc>) -> bool {
        let state = &mut self.inner().seen.state;
        let reason = match state {
            State::Closed => return true,
            State::Open { until, reason } if *until <= now => std::mem::take(reason),
            State::Probing { since, reason } if *since + LOST_PROBE <= now => {
                std::mem::take(reason)
            }
            _ => return false,
        };
        *state = State::Probing { since: now, reason };
        true
    }

    /// A call went well.
    pub(super) fn succeeded(&self, now: DateTime<Utc>) -> Option<Change> {
        let inner = &mut *self.inner();
        inner.seen.last_success = Some(now);
        match inner.seen.state {
            // What was asked before it was left alone says nothing of now.
            State::Open { .. } | State::Out { .. } | State::Closed => None,
            State::Probing { .. } => {
                inner.seen.state = State::Closed;
                inner.failures.clear();
                Some(Change::Closed)
            }
        }
    }

    /// A call failed; with a long pause the provider asks for, it is left alone at once.
    pub(super) fn failed(
        &self,
        now: DateTime<Utc>,
        reason: &str,
        pause: Option<Duration>,
    ) -> Option<Change> {
        let inner = &mut *self.inner();
        inner.seen.last_failure = Some((now, reason.to_owned()));
        let asked = pause.filter(|pause| *pause >= LONG_PAUSE);
        let until = now + asked.unwrap_or(self.limits.pause);
        let open = State::Open { until, reason: reason.to_owned() };
        match &inner.seen.state {
            State::Open { .. } | State::Out { .. } => None,
            State::Probing { .. } => {
                inner.seen.state = open;
                None
            }
            State::Closed => {
                inner.failures.push_back(now);
                let since = now - self.limits.window;
                while inner.failures.front().is_some_and(|at| *at < since) {
                    inner.failures.pop_front();
                }
                let failures = inner.failures.len();
                if asked.is_none() && failures < self.limits.failures {
                    return None;
                }
                inner.failures.clear();
                inner.seen.state = open;
                Some(Change::Opened { reason: reason.to_owned(), failures })
            }
        }
    }

    /// The provider does not know the key, the address or the model.
    pub(super) fn misconfigured(&self, now: DateTime<Utc>, reason: &str) -> Option<Change> {
        let inner = &mut *self.inner();
        inner.seen.last_failure = Some((now, reason.to_owned()));
        let before =
            std::mem::replace(&mut inner.seen.state, State::Out { reason: reason.to_owned() });
        let opened = Change::Opened { reason: reason.to_owned(), failures: 1 };
        (before == State::Closed).then_some(opened)
    }

    /// A call ended without saying anything of the provider.
    pub(super) fn released(&self, now: DateTime<Utc>) {
        let state = &mut self.inner().seen.state;
        if let State::Probing { reason, .. } = state {
            *state = State::Open { until: now, reason: std::mem::take(reason) };
        }
    }

    /// Has it asked again, whatever it did.
    pub(super) fn reset(&self) -> Option<Change> {
        let inner = &mut *self.inner();
        inner.failures.clear();
        let before = std::mem::replace(&mut inner.seen.state, State::Closed);
        (before != State::Closed).then_some(Change::Closed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits =
        Limits { failures: 3, window: Duration::from_mins(1), pause: Duration::from_secs(30) };

    fn at(secs: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + secs, 0).unwrap()
    }

    #[test]
    fn it_opens_after_failures_in_a_window_and_closes_after_a_probe() {
        let breaker = Breaker::new(LIMITS);
        // Failures far apart are no outage.
        for secs in [0, 70, 140, 210] {
            assert_eq!(breaker.failed(at(secs), "down", None), None);
        }
        assert_eq!(breaker.failed(at(211), "down", None), None);
        let opened = breaker.failed(at(212), "down", None);
        assert_eq!(opened, Some(Change::Opened { reason: "down".to_owned(), failures: 3 }));
        assert!(!breaker.admit(at(213)) && !breaker.would_admit(at(241)));
        // Late successes of calls begun before do not close it.
        assert_eq!(breaker.succeeded(at(214)), None);
        assert!(!breaker.admit(at(215)));
        assert!(breaker.would_admit(at(242)));
        assert!(breaker.admit(at(242)), "one probe");
        assert!(!breaker.admit(at(242)), "and no second");
        assert_eq!(breaker.failed(at(243), "still down", None), None);
        assert!(!breaker.admit(at(272)));
        assert!(breaker.admit(at(273)));
        breaker.released(at(274));
        assert!(breaker.admit(at(274)), "a probe nobody waited for is made again");
        assert_eq!(breaker.succeeded(at(275)), Some(Change::Closed));
        assert!(breaker.admit(at(275)) && breaker.admit(at(275)));
        assert_eq!(breaker.failed(at(276), "down", None), None, "counted anew");
    }

    #[test]
    fn a_pause_that_is_asked_for_is_kept_and_a_short_one_is_a_failure() {
        let breaker = Breaker::new(LIMITS);
        assert_eq!(breaker.failed(at(0), "busy", Some(Duration::from_secs(2))), None);
        assert!(breaker.admit(at(0)));
        assert!(breaker.failed(at(0), "busy", Some(Duration::from_mins(10))).is_some());
        assert!(!breaker.admit(at(599)));
        assert!(breaker.admit(at(600)));
    }

    #[test]
    fn what_is_misconfigured_is_out_until_it_is_reset() {
        let breaker = Breaker::new(LIMITS);
        assert!(breaker.misconfigured(at(0), "401: bad key").is_some());
        assert_eq!(breaker.misconfigured(at(1), "401: bad key"), None);
        assert_eq!(breaker.succeeded(at(2)), None);
        assert!(!breaker.admit(at(1_000_000)));
        assert_eq!(breaker.reset(), Some(Change::Closed));
        assert_eq!(breaker.reset(), None);
        assert!(breaker.admit(at(3)));
    }

    #[test]
    fn a_probe_that_is_lost_keeps_nobody_out_for_ever() {
        let breaker = Breaker::new(Limits { failures: 1, ..LIMITS });
        assert!(breaker.failed(at(0), "down", None).is_some());
        assert!(breaker.admit(at(30)));
        assert!(!breaker.admit(at(31)));
        assert!(breaker.admit(at(631)));
    }
}
