//! The figures of an evaluation.

use std::time::Duration;

use serde::Serialize;

use super::metrics::{self, Characters, real};
use super::sets::SetQuery;

/// The depths at which recall is measured.
pub(super) const RECALL: [usize; 5] = [1, 5, 10, 20, 100];
/// The depths at which precision is measured.
pub(super) const PRECISION: [usize; 3] = [1, 5, 10];
/// The budgets, in characters, at which span sets are measured.
pub(super) const BUDGETS: [usize; 3] = [2_000, 5_000, 16_000];

/// What a search went by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Words alone.
    Lexical,
    /// Meaning alone.
    Semantic,
    /// Both, fused.
    Hybrid,
}

impl Side {
    /// Its name in a table.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Lexical => "lexical",
            Self::Semantic => "semantic",
            Self::Hybrid => "hybrid",
        }
    }
}

/// What was measured on a set.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// How many documents the set has.
    pub documents: usize,
    /// Into how many passages they were cut.
    pub passages: usize,
    /// How many queries were measured.
    pub queries: usize,
    /// How many queries have nothing relevant, and were left out.
    pub without: usize,
    /// How many judgments name a document that the set does not have, and were left out.
    pub unknown: usize,
    /// The embedding model; none when the set was searched by words only.
    pub model: Option<String>,
    /// A row for each side.
    pub rows: Vec<Row>,
}

/// The figures of one side: means over the queries.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    /// The side.
    pub side: Side,
    /// Over all queries.
    pub figures: Figures,
    /// The mean time of a query, in milliseconds.
    pub mean_ms: f64,
    /// The time that half of the queries took at most, in milliseconds.
    pub median_ms: f64,
    /// The time that 99 of 100 queries took at most, in milliseconds.
    pub p99_ms: f64,
}

/// The measures of one query, or their means over many.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figures {
    /// Recall, at depths 1, 5, 10, 20 and 100.
    pub recall: Vec<At>,
    /// Precision, at depths 1, 5 and 10.
    pub precision: Vec<At>,
    /// nDCG at depth 10, with the grade as gain.
    pub ndcg_10: f64,
    /// The reciprocal rank of the first relevant document.
    pub mrr: f64,
    /// The shares of characters at each budget; none for sets without spans.
    pub characters: Vec<AtBudget>,
}

/// A figure at a depth.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct At {
    /// How many documents were looked at.
    pub k: usize,
    /// The figure, from 0 to 1.
    pub value: f64,
}

/// Shares of characters at a budget.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct AtBudget {
    /// How many characters were retrieved at most.
    pub budget: usize,
    /// The share of the retrieved characters that are asked for.
    pub precision: f64,
    /// The share of the asked-for characters that were retrieved.
    pub recall: f64,
}

/// What one query gave on one side.
pub(super) struct Outcome {
    /// The documents, the best first, by their place in the set.
    pub(super) ranking: Vec<usize>,
    /// The passages, the best first: document and characters.
    pub(super) retrieved: Vec<(usize, std::ops::Range<usize>)>,
    /// How long it took.
    pub(super) took: Duration,
}

/// Measures one query.
pub(super) fn measure(query: &SetQuery, outcome: &Outcome) -> Figures {
    let (ranking, judged) = (&outcome.ranking, &query.judged);
    let spans = |budget| {
        let Characters { precision, recall } =
            metrics::characters(&outcome.retrieved, &query.spans, budget);
        AtBudget { budget, precision, recall }
    };
    let budgets = if query.spans.is_empty() { &[][..] } else { &BUDGETS[..] };
    Figures {
        recall: RECALL.map(|k| At { k, value: metrics::recall(ranking, judged, k) }).into(),
        precision: PRECISION
            .map(|k| At { k, value: metrics::precision(ranking, judged, k) })
            .into(),
        ndcg_10: metrics::ndcg(ranking, judged, 10),
        mrr: metrics::reciprocal_rank(ranking, judged),
        characters: budgets.iter().copied().map(spans).collect(),
    }
}

/// The row of a side: the means of its queries.
pub(super) fn row(side: Side, figures: &[Figures], mut times: Vec<Duration>) -> Row {
    times.sort_unstable();
    let ms = |time: Duration| time.as_secs_f64() * 1000.0;
    let share = |numerator: usize| {
        let place = (times.len() * numerator).div_ceil(100).saturating_sub(1);
        times.get(place).copied().map_or(0.0, ms)
    };
    let total: Duration = times.iter().sum();
    Row {
        side,
        figures: means(figures),
        mean_ms: if times.is_empty() { 0.0 } else { ms(total) / real(times.len()) },
        median_ms: share(50),
        p99_ms: share(99),
    }
}

/// The mean of each measure; of the characters, over the queries that have spans.
fn means(all: &[Figures]) -> Figures {
    let mean = |of: &dyn Fn(&Figures) -> f64| {
        if all.is_empty() { 0.0 } else { all.iter().map(of).sum::<f64>() / real(all.len()) }
    };
    let spanned: Vec<&Figures> = all.iter().filter(|one| !one.characters.is_empty()).collect();
    let over_spanned = |of: &dyn Fn(&Figures) -> f64| {
        spanned.iter().map(|one| of(one)).sum::<f64>() / real(spanned.len())
    };
    let at_depth = |(nth, k): (usize, &usize), of: &dyn Fn(&Figures) -> &Vec<At>| At {
        k: *k,
        value: mean(&|one| of(one)[nth].value),
    };
    let budgets = if spanned.is_empty() { &[][..] } else { &BUDGETS[..] };
    let at_budget = |(nth, budget): (usize, &usize)| AtBudget {
        budget: *budget,
        precision: over_spanned(&|one| one.characters[nth].precision),
        recall: over_spanned(&|one| one.characters[nth].recall),
    };
    Figures {
        recall: RECALL.iter().enumerate().map(|at| at_depth(at, &|one| &one.recall)).collect(),
        precision: PRECISION
            .iter()
            .enumerate()
            .map(|at| at_depth(at, &|one| &one.precision))
            .collect(),
        ndcg_10: mean(&|one| one.ndcg_10),
        mrr: mean(&|one| one.mrr),
        characters: budgets.iter().enumerate().map(at_budget).collect(),
    }
}
