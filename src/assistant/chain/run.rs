//! The walk along the chain: the first model that can be asked is, once more if it failed
//! before its first word, then the next; one that broke off midway is gone on after.

use std::future::poll_fn;
use std::task::Poll;
use std::time::{Duration, Instant};

use super::call::{Asked, Call, Event};
use super::{Chain, ChainError, State, Step};
use crate::assistant::llm::{Exchange, Finish, LlmError, TokenUsage};

/// The pause before a model is asked again that does not say how long, at most.
const PAUSE_MS: u64 = 400;

/// An answer on its way along the chain.
struct Walk {
    asked: Asked,
    /// Which links were asked.
    tried: Vec<bool>,
    /// What the reader has.
    said: String,
    /// The last failure, and whose.
    failed: Option<(usize, ChainError)>,
    /// The prompt and the longest answer, in tokens; counted when it matters.
    need: Option<u64>,
}

/// What came of asking.
enum Heard {
    /// An answer, to its end.
    Ended(Finish),
    /// A failure of this link, after it had said something or before.
    Broke { place: usize, error: ChainError, spoke: bool },
    /// Nobody waits any more.
    Gone,
}

impl Chain {
    /// Goes along the chain until one model has answered, or none can.
    pub(super) async fn walk(&self, asked: Asked) {
        let steps = asked.steps.clone();
        let mut walk = Walk {
            asked,
            tried: vec![false; self.inner.links.len()],
            said: String::new(),
            failed: None,
            need: None,
        };
        while let Some(place) = self.next(&mut walk) {
            if !self.announce(&walk, place).await {
                return;
            }
            match self.ask(&mut walk, place).await {
                Heard::Gone => return,
                Heard::Ended(finish) => {
                    let _ = steps.send(Step::End(finish)).await;
                    return;
                }
                Heard::Broke { place, error, .. } => {
                    let ends = is_final(&error);
                    walk.failed = Some((place, error));
                    if ends {
                        break;
                    }
                }
            }
        }
        let error = walk.failed.map_or_else(|| ChainError::Away(self.away()), |(_, error)| error);
        let _ = steps.send(Step::Failed(error)).await;
    }

    /// The next link that may be asked, let through by its breaker.
    fn next(&self, walk: &mut Walk) -> Option<usize> {
        let now = self.inner.clock.now();
        for (place, link) in self.inner.links.iter().enumerate() {
            if walk.tried.get(place).copied().unwrap_or(true) {
                continue;
            }
            if !self.fits(walk, place) {
                if walk.failed.is_none() {
                    walk.failed = Some((place, LlmError::TooLong.into()));
                }
                continue;
            }
            if link.breaker.admit(now) {
                if let Some(tried) = walk.tried.get_mut(place) {
                    *tried = true;
                }
                return Some(place);
            }
        }
        None
    }

    /// Whether the prompt can fit. After a model for which it was too long only one is
    /// asked that is known to hold more.
    fn fits(&self, walk: &mut Walk, place: usize) -> bool {
        let context = |place: usize| self.inner.links.get(place).and_then(|link| link.context);
        let request = &walk.asked.request;
        let mut need = || {
            *walk.need.get_or_insert_with(|| {
                TokenUsage::estimate(request, "").input + u64::from(request.max_tokens)
            })
        };
        match (&walk.failed, context(place)) {
            (Some((failed, ChainError::Model(LlmError::TooLong))), Some(context_here)) => {
                context_here > context(*failed).unwrap_or(0) && context_here >= need()
            }
            (Some((_, ChainError::Model(LlmError::TooLong))), None) => false,
            (_, Some(context_here)) => context_here >= need(),
            (_, None) => true,
        }
    }

    /// Tells who is asked, and instead of whom; whether anybody heard.
    async fn announce(&self, walk: &Walk, place: usize) -> bool {
        let to = self.model(place);
        let step = match &walk.failed {
            // What was too long for it was never asked of it.
            Some((from, error)) if walk.tried.get(*from).copied().unwrap_or(false) => {
                self.note_switch(*from, place, error).await;
                Step::Switched { from: self.model(*from), to, reason: error.to_string() }
            }
            _ => Step::Asking { model: to },
        };
        walk.asked.steps.send(step).await.is_ok()
    }

    fn model(&self, place: usize) -> String {
        self.inner.links.get(place).map_or_else(String::new, |link| link.llm.model().to_owned())
    }

    async fn note_switch(&self, from: usize, to: usize, error: &ChainError) {
        let name = |place: usize| self.inner.links.get(place).map(super::Link::name);
        let (from, to) = (name(from).unwrap_or_default(), name(to).unwrap_or_default());
        if let Err(error) = self.inner.history.switched(&from, &to, kind(error)).await {
            tracing::error!(error = &error as &dyn std::error::Error, "a switch was not kept");
        }
    }

    /// Asks a link, again where it failed before its first word and soon may not.
    async fn ask(&self, walk: &mut Walk, place: usize) -> Heard {
        let mut tries = 0;
        loop {
            let heard = self.listen(walk, place).await;
            let Heard::Broke { place: broke, error, spoke: false } = &heard else { return heard };
            let pause = self.pause(error).filter(|_| tries < self.inner.rules.retries);
            let Some(pause) = pause.filter(|_| *broke == place) else { return heard };
            if Instant::now() + pause >= walk.asked.until {
                return heard;
            }
            tries += 1;
            tokio::select! {
                () = walk.asked.steps.closed() => return Heard::Gone,
                () = tokio::time::sleep(pause) => {}
            }
            let admitted = self
                .inner
                .links
                .get(place)
                .is_some_and(|link| link.breaker.admit(self.inner.clock.now()));
            if !admitted {
                return heard;
            }
        }
    }

    /// How long to wait before a model that failed so is asked again; not at all where
    /// another try would end the same, or the wait would be long.
    fn pause(&self, error: &ChainError) -> Option<Duration> {
        let ChainError::Model(error) = error else { return None };
        let jitter = Duration::from_millis(rand::random_range(PAUSE_MS / 4..=PAUSE_MS));
        match error {
            LlmError::Unreachable(_) | LlmError::Cut => Some(jitter),
            LlmError::Busy(pause) if *pause <= self.inner.rules.retry_wait => Some(*pause + jitter),
            _ => None,
        }
    }

    /// Asks a link and hands on what it says. Where it is silent for too long another is
    /// asked beside it; the first to speak is heard, the other given up.
    async fn listen(&self, walk: &mut Walk, place: usize) -> Heard {
        let asked = walk.going_on();
        let steps = asked.steps.clone();
        let mut calls = vec![self.call(place, asked.clone())];
        let mut hedge = self.inner.rules.hedge;
        let mut failed: Option<ChainError> = None;
        let (mut call, mut event) = loop {
            let silence = hedge.unwrap_or(Duration::MAX);
            let (at, event) = tokio::select! {
                biased;
                () = steps.closed() => return Heard::Gone,
                heard = first_of(&mut calls) => heard,
                () = tokio::time::sleep(silence), if hedge.is_some() => {
                    hedge = None;
                    if let Some(second) = self.next(walk) {
                        calls.push(self.call(second, asked.clone()));
                    }
                    continue;
                }
            };
            if at >= calls.len() {
                return Heard::Gone;
            }
            let call = calls.remove(at);
            match event {
                Some(Event::Over(Err(error))) if !calls.is_empty() => failed = Some(error),
                event => break (call, event),
            }
        };
        // Who was slower is given up; its call settles itself.
        drop(calls);
        if call.place != place {
            let why = failed.unwrap_or(ChainError::Model(LlmError::Stalled(
                self.inner.rules.hedge.unwrap_or_default(),
            )));
            self.note_switch(place, call.place, &why).await;
            let (from, to) = (self.model(place), self.model(call.place));
            let switched = Step::Switched { from, to, reason: why.to_string() };
            if steps.send(switched).await.is_err() {
                return Heard::Gone;
            }
        }
        let mut spoke = false;
        loop {
            let step = match event {
                None => {
                    let (place, error) = (call.place, LlmError::Cut.into());
                    return Heard::Broke { place, error, spoke };
                }
                Some(Event::Over(Ok(finish))) => return Heard::Ended(finish),
                Some(Event::Over(Err(error))) => {
                    return Heard::Broke { place: call.place, error, spoke };
                }
                Some(Event::Text(text)) => {
                    walk.said.push_str(&text);
                    Step::Text(text)
                }
                Some(Event::Tool(tool)) => Step::Tool(tool),
            };
            spoke = true;
            if steps.send(step).await.is_err() {
                return Heard::Gone;
            }
            event = tokio::select! {
                biased;
                () = steps.closed() => return Heard::Gone,
                event = call.events.recv() => event,
            };
        }
    }

    /// Why no model can be asked, in words.
    pub(super) fn away(&self) -> String {
        let reasons = self.inner.links.iter().filter_map(|link| {
            let model = link.llm.model();
            match link.breaker.seen().state {
                State::Closed => None,
                State::Open { reason, .. } | State::Probing { reason, .. } => {
                    Some(format!("{model} failed lately ({reason})"))
                }
                State::Out { .. } => Some(format!("{model} needs its settings mended")),
            }
        });
        let reasons: Vec<String> = reasons.collect();
        if reasons.is_empty() { "none is there".to_owned() } else { reasons.join("; ") }
    }
}

impl Walk {
    /// What is asked next: the question, with what the reader has of an answer.
    fn going_on(&self) -> Asked {
        let mut asked = self.asked.clone();
        if !self.said.is_empty() {
            let said = self.said.clone();
            asked.request.exchanges.push(Exchange { said, calls: Vec::new() });
        }
        asked
    }
}

/// The first of the calls that says something: its place among them, and what.
async fn first_of(calls: &mut [Call]) -> (usize, Option<Event>) {
    poll_fn(|context| {
        for (at, call) in calls.iter_mut().enumerate() {
            if let Poll::Ready(event) = call.events.poll_recv(context) {
                return Poll::Ready((at, event));
            }
        }
        Poll::Pending
    })
    .await
}

/// Whether no other model is asked after this.
const fn is_final(error: &ChainError) -> bool {
    match error {
        ChainError::OverBudget(_)
        | ChainError::Ledger(_)
        | ChainError::Late
        | ChainError::Away(_)
        | ChainError::Model(LlmError::Refused(_) | LlmError::Rejected(_)) => true,
        ChainError::Model(_) => false,
    }
}

/// What kind of failure it was, for the history: few, so that its rows are.
const fn kind(error: &ChainError) -> &'static str {
    match error {
        ChainError::Model(error) => match error {
            LlmError::Busy(_) => "busy",
            LlmError::TooLong => "too long",
            LlmError::Refused(_) => "refused",
            LlmError::Rejected(_) => "rejected",
            LlmError::Misconfigured(_) => "misconfigured",
            LlmError::Unreachable(_) => "not reached",
            LlmError::Stalled(_) => "silent",
            LlmError::Cut => "broke off",
        },
        ChainError::OverBudget(_) => "over budget",
        ChainError::Away(_) => "left alone",
        ChainError::Late => "too late",
        ChainError::Ledger(_) => "no ledger",
    }
}
