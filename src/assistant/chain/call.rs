//! One call of one model, from the money set aside to the row in the ledger. It is a task
//! of its own, so that it is settled however it ends: also when nobody waits for it.

use std::time::Instant;

use futures_util::StreamExt;
use tokio::sync::mpsc;

use super::breaker::Change;
use super::{Chain, ChainError, Link, Spent, Step};
use crate::assistant::llm::{
    Completion, Finish, LlmError, Piece, TokenUsage, ToolCall, count_tokens,
};
use crate::usage::{Account, Ended, Outcome, Reservation, ReserveError, Tokens};

/// A call under way. Dropping it ends the call, which is settled all the same.
pub(super) struct Call {
    /// Which link is asked.
    pub(super) place: usize,
    /// What comes of it; the last is [`Event::Over`], after the ledger has it.
    pub(super) events: mpsc::Receiver<Event>,
}

/// What comes of a call.
#[derive(Debug)]
pub(super) enum Event {
    Text(String),
    Tool(ToolCall),
    Over(Result<Finish, ChainError>),
}

/// What a call is about.
#[derive(Clone)]
pub(super) struct Asked {
    pub(super) request: Completion,
    pub(super) account: Account,
    /// When the whole answer must be there.
    pub(super) until: Instant,
    /// Who is told what the call took.
    pub(super) steps: mpsc::Sender<Step>,
}

/// What was heard of a model.
#[derive(Default)]
struct Heard {
    /// Whether the request went out.
    asked: bool,
    /// Text and tool calls, for counting.
    written: String,
    usage: Option<TokenUsage>,
    end: Option<Result<Finish, LlmError>>,
    /// Whether it failed in a way that costs nothing.
    free: bool,
}

/// How a call ended, beside what the model said of it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stop {
    /// The model ended it.
    Ended,
    /// Nobody waits any more.
    Gone,
    /// The whole answer's time is up.
    Late,
}

impl Chain {
    /// Asks a link.
    pub(super) fn call(&self, place: usize, asked: Asked) -> Call {
        let (sender, events) = mpsc::channel(64);
        let chain = self.clone();
        tokio::spawn(async move {
            if let Some(link) = chain.inner.links.get(place) {
                chain.carry_out(link, asked, sender).await;
            }
        });
        Call { place, events }
    }

    async fn carry_out(&self, link: &Link, asked: Asked, events: mpsc::Sender<Event>) {
        let Asked { request, account, until, steps } = asked;
        let counted = TokenUsage::estimate(&request, "");
        let worst = Tokens { output: u64::from(request.max_tokens), ..tokens(counted) };
        let llm = &link.llm;
        let reserved = self.inner.usage.reserve(&account, llm.provider(), llm.model(), worst).await;
        let reservation = match reserved {
            Ok(reservation) => reservation,
            Err(error) => {
                link.breaker.released(self.inner.clock.now());
                let error = match error {
                    ReserveError::Over(words) => ChainError::OverBudget(words),
                    ReserveError::Db(error) => ChainError::Ledger(error),
                };
                let _ = events.send(Event::Over(Err(error))).await;
                return;
            }
        };
        let started = Instant::now();
        let mut heard = Heard::default();
        let stop = tokio::select! {
            biased;
            () = events.closed() => Stop::Gone,
            () = tokio::time::sleep_until(until.into()) => Stop::Late,
            () = listen(link, &request, &events, &mut heard) => Stop::Ended,
        };
        // The listener ends early when nobody listens to it.
        let stop = if heard.end.is_none() && stop == Stop::Ended { Stop::Gone } else { stop };
        let spent = heard.spent(&request, counted, link.context);
        let outcome = heard.outcome(stop);
        let ended = Ended { tokens: spent, latency_ms: millis(started), outcome };
        self.settle(link, reservation, ended, &steps).await;
        let change = self.judge(link, stop, heard.end.as_ref());
        self.note(link, change).await;
        let over = match (stop, heard.end) {
            (Stop::Late, _) => Err(ChainError::Late),
            (_, Some(end)) => end.map_err(ChainError::from),
            (_, None) => Err(LlmError::Cut.into()),
        };
        let _ = events.send(Event::Over(over)).await;
    }

    async fn settle(
        &self,
        link: &Link,
        reservation: Reservation,
        ended: Ended,
        steps: &mpsc::Sender<Step>,
    ) {
        match self.inner.usage.settle(reservation, ended).await {
            Ok(cost) => {
                let Ended { tokens, outcome, .. } = ended;
                let provider = link.llm.provider().to_owned();
                let model = link.llm.model().to_owned();
                let spent = Spent { provider, model, tokens, cost, outcome };
                let _ = steps.send(Step::Spent(spent)).await;
            }
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::error!(error, "a call was not written to the ledger");
            }
        }
    }

    /// What a call says of its provider.
    fn judge(
        &self,
        link: &Link,
        stop: Stop,
        end: Option<&Result<Finish, LlmError>>,
    ) -> Option<Change> {
        let (now, breaker) = (self.inner.clock.now(), &link.breaker);
        let Some(end) = end.filter(|_| stop == Stop::Ended) else {
            breaker.released(now);
            return None;
        };
        match end {
            Err(LlmError::Busy(pause)) => {
                let reason = "it is busy".to_owned();
                breaker.failed(now, &reason, Some(*pause))
            }
            Err(error @ (LlmError::Unreachable(_) | LlmError::Stalled(_) | LlmError::Cut)) => {
                breaker.failed(now, &error.to_string(), None)
            }
            Err(error @ LlmError::Misconfigured(_)) => {
                breaker.misconfigured(now, &error.to_string())
            }
            // A provider that says no is there.
            Ok(_) | Err(LlmError::TooLong | LlmError::Refused(_) | LlmError::Rejected(_)) => {
                breaker.succeeded(now)
            }
        }
    }

    /// Keeps a change of a breaker.
    pub(super) async fn note(&self, link: &Link, change: Option<Change>) {
        let history = &self.inner.history;
        let kept = match change {
            None => return,
            Some(Change::Opened { reason, failures }) => {
                tracing::warn!(provider = link.name(), reason, "a model is left alone");
                history.opened("model", &link.name(), &reason, failures).await
            }
            Some(Change::Closed) => {
                tracing::info!(provider = link.name(), "a model is asked again");
                history.closed("model", &link.name()).await
            }
        };
        if let Err(error) = kept {
            tracing::error!(error = &error as &dyn std::error::Error, "an outage was not kept");
        }
    }
}

/// Asks and listens until the model ends, or nobody listens to it.
async fn listen(
    link: &Link,
    request: &Completion,
    events: &mpsc::Sender<Event>,
    heard: &mut Heard,
) {
    heard.asked = true;
    let mut pieces = match link.llm.stream(request.clone()).await {
        Ok(pieces) => pieces,
        Err(error) => {
            (heard.free, heard.end) = (true, Some(Err(error)));
            return;
        }
    };
    let most = u64::from(request.max_tokens).saturating_mul(2);
    let mut said = 0;
    while let Some(piece) = pieces.next().await {
        let event = match piece {
            Ok(Piece::Text(text)) => {
                heard.written.push_str(&text);
                said += count_tokens(&text);
                Event::Text(text)
            }
            Ok(Piece::Tool(call)) => {
                heard.written.push_str(&call.name);
                heard.written.push_str(&call.arguments);
                Event::Tool(call)
            }
            Ok(Piece::Usage(usage)) => {
                heard.usage = Some(usage);
                continue;
            }
            Ok(Piece::End(finish)) => {
                heard.end = Some(Ok(finish));
                continue;
            }
            Err(error) => {
                heard.end = Some(Err(error));
                continue;
            }
        };
        if events.send(event).await.is_err() {
            return;
        }
        // It was told how much to say and goes on for ever.
        if said > most {
            heard.end = Some(Ok(Finish::Length));
            return;
        }
    }
    let going_on = request.exchanges.last().is_some_and(|last| last.calls.is_empty());
    let empty = heard.written.is_empty() && !going_on;
    heard.end = match heard.end.take() {
        // No answer is no answer, however well it ended.
        Some(Ok(_)) if empty => Some(Err(LlmError::Cut)),
        None => Some(Err(LlmError::Cut)),
        end => end,
    };
}

impl Heard {
    /// What the call took: as the provider reported, where that can be true; as counted
    /// here where it did not say; nothing where it was never asked or failed for free.
    fn spent(&self, request: &Completion, prompt: TokenUsage, context: Option<u64>) -> Tokens {
        if !self.asked || self.free {
            return Tokens::default();
        }
        let counted = TokenUsage { output: count_tokens(&self.written), ..prompt };
        let usage = match self.usage {
            Some(usage) => usage.checked(counted, request.max_tokens, context),
            None => counted,
        };
        tokens(usage)
    }

    fn outcome(&self, stop: Stop) -> Outcome {
        match (stop, &self.end) {
            (Stop::Gone, _) => Outcome::Cancelled,
            (Stop::Ended, Some(Ok(_))) => Outcome::Answered,
            _ if self.written.is_empty() => Outcome::Failed,
            _ => Outcome::Cut,
        }
    }
}

fn millis(started: Instant) -> i64 {
    i64::try_from(started.elapsed().as_millis()).unwrap_or(i64::MAX)
}

fn tokens(usage: TokenUsage) -> Tokens {
    let TokenUsage { input, cached, output, reasoning, estimated } = usage;
    Tokens { input, cached, output, reasoning, embedded: 0, estimated }
}
