//! What comes of asking: measures of answers.

use std::ops::Range;

use serde::Serialize;

use crate::search::evaluation::metrics;

/// A question and what came of it. Places are those of a [`Ruler`](super::Ruler).
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// The spans that answer it.
    pub gold: Vec<(usize, Range<usize>)>,
    /// Whether the evidence has a passage of a relevant document.
    pub document: bool,
    /// The passages it was answered from.
    pub evidence: Vec<(usize, Range<usize>)>,
    /// What was cited.
    pub cited: Vec<(usize, Range<usize>)>,
    /// How many quotations were shown.
    pub quotes: usize,
    /// How many were struck.
    pub struck: usize,
    /// Whether the answer was that nothing was found.
    pub refused: bool,
    /// Whether there is an answer.
    pub answerable: bool,
    /// How well the evidence answers, in one number.
    pub support: f64,
    /// Tokens in the prompts.
    pub tokens_in: u64,
    /// Tokens in the answer.
    pub tokens_out: u64,
    /// What it cost, in paise.
    pub cost_paise: i64,
    /// How long it took, in milliseconds.
    pub ms: f64,
}

/// One question of a report.
#[derive(Debug, Clone, Serialize)]
pub struct Asked {
    /// Its name.
    pub id: String,
    /// Its text.
    pub question: String,
    /// Whether there is an answer.
    pub answerable: bool,
    /// Whether the answer was that nothing was found.
    pub refused: bool,
    /// How well the evidence answers, in one number, and of what it is made.
    pub support: f64,
    /// How much of the question the best sentence carries.
    pub sentence: f64,
    /// The cosine of the best passage.
    pub nearness: Option<f64>,
    /// The kind of clause it asks for, if it asks for one.
    pub clause: Option<String>,
    /// The share of the answer that is in the evidence.
    pub evidence_recall: f64,
    /// The share of what was cited that answers.
    pub precision: f64,
    /// The share of the answer that was cited.
    pub recall: f64,
    /// The answer.
    pub answer: String,
}

/// Figures over questions, each counting alike.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Figures {
    /// Questions that have an answer.
    pub answerable: usize,
    /// Questions that have none.
    pub unanswerable: usize,
    /// Of those with an answer: the share of its characters that are in the evidence.
    pub evidence_recall: f64,
    /// Of those with an answer: the share with a relevant document in the evidence.
    pub document_recall: f64,
    /// Of those answered with a citation: the share of the cited characters that answer.
    pub citation_precision: f64,
    /// Of those with an answer, also those refused: the share of its characters cited.
    pub citation_recall: f64,
    /// The share of quotations that stood where they were said to stand.
    pub quotes_verified: f64,
    /// Of those without an answer: the share for which nothing was said to be found.
    pub refused: f64,
    /// Of those with an answer: the share for which the same was said.
    pub refused_wrongly: f64,
    /// Tokens in the prompts of an answer, on average.
    pub tokens_in: f64,
    /// Tokens in an answer, on average.
    pub tokens_out: f64,
    /// What an answer cost on average, in paise.
    pub cost_paise: f64,
    /// How long an answer took, in milliseconds: the middle one.
    pub median_ms: f64,
    /// What other thresholds of "not found" would do.
    pub curve: Vec<At>,
}

/// What a threshold of the support does.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct At {
    /// The support that is asked for.
    pub support: f64,
    /// Of the questions with an answer, the share that is answered.
    pub answered: f64,
    /// Of those without, the share that is refused.
    pub refused: f64,
    /// Of the questions answered, the share that has an answer.
    pub precision: f64,
}

impl Outcome {
    /// The precision and recall of what was cited, in characters.
    #[must_use]
    pub fn citations(&self) -> metrics::Characters {
        metrics::characters(&self.cited, &self.gold, usize::MAX)
    }

    /// The share of the answer's characters that are in the evidence.
    #[must_use]
    pub fn evidence_recall(&self) -> f64 {
        metrics::characters(&self.evidence, &self.gold, usize::MAX).recall
    }
}

impl Figures {
    /// Measures what came of questions.
    #[must_use]
    pub fn of(outcomes: &[Outcome]) -> Self {
        let (with, without): (Vec<&Outcome>, Vec<&Outcome>) =
            outcomes.iter().partition(|outcome| outcome.answerable);
        let cited: Vec<&Outcome> =
            with.iter().copied().filter(|outcome| !outcome.cited.is_empty()).collect();
        let all: Vec<&Outcome> = outcomes.iter().collect();
        let quotes: usize = outcomes.iter().map(|outcome| outcome.quotes).sum();
        let struck: usize = outcomes.iter().map(|outcome| outcome.struck).sum();
        let mut times: Vec<f64> = outcomes.iter().map(|outcome| outcome.ms).collect();
        times.sort_by(f64::total_cmp);
        Self {
            answerable: with.len(),
            unanswerable: without.len(),
            evidence_recall: mean(&with, Outcome::evidence_recall),
            document_recall: mean(&with, |outcome| share(outcome.document)),
            citation_precision: mean(&cited, |outcome| outcome.citations().precision),
            citation_recall: mean(&with, |outcome| outcome.citations().recall),
            quotes_verified: if quotes + struck == 0 {
                1.0
            } else {
                real(quotes) / real(quotes + struck)
            },
            refused: mean(&without, |outcome| share(outcome.refused)),
            refused_wrongly: mean(&with, |outcome| share(outcome.refused)),
            tokens_in: mean(&all, |outcome| real64(outcome.tokens_in)),
            tokens_out: mean(&all, |outcome| real64(outcome.tokens_out)),
            cost_paise: mean(&all, |outcome| real64(outcome.cost_paise.unsigned_abs())),
            median_ms: times.get(times.len() / 2).copied().unwrap_or_default(),
            curve: curve(&with, &without),
        }
    }
}

/// What thresholds between the lowest and the highest support do: at every tenth of the
/// questions.
fn curve(with: &[&Outcome], without: &[&Outcome]) -> Vec<At> {
    let mut supports: Vec<f64> =
        with.iter().chain(without).map(|outcome| outcome.support).collect();
    supports.sort_by(f64::total_cmp);
    if with.is_empty() || without.is_empty() {
        return Vec::new();
    }
    let mut at: Vec<f64> =
        (0..10).filter_map(|tenth| supports.get(supports.len() * tenth / 10).copied()).collect();
    at.push(0.0);
    at.sort_by(f64::total_cmp);
    let point = |support: f64| {
        let passing =
            |list: &[&Outcome]| list.iter().filter(|outcome| outcome.support >= support).count();
        let (right, wrong) = (passing(with), passing(without));
        At {
            support,
            answered: real(right) / real(with.len()),
            refused: 1.0 - real(wrong) / real(without.len()),
            precision: if right + wrong == 0 { 1.0 } else { real(right) / real(right + wrong) },
        }
    };
    at.into_iter().map(point).collect()
}

fn mean(outcomes: &[&Outcome], of: impl Fn(&Outcome) -> f64) -> f64 {
    if outcomes.is_empty() {
        return 0.0;
    }
    outcomes.iter().map(|outcome| of(outcome)).sum::<f64>() / real(outcomes.len())
}

fn share(yes: bool) -> f64 {
    if yes { 1.0 } else { 0.0 }
}

#[expect(clippy::cast_precision_loss, reason = "counts of questions are small")]
fn real(count: usize) -> f64 {
    count as f64
}

#[expect(clippy::cast_precision_loss, reason = "an average of it is printed")]
fn real64(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(one: f64, other: f64) {
        assert!((one - other).abs() < 1e-9, "{one} is not {other}");
    }

    #[test]
    fn figures_are_those_worked_out_by_hand() {
        let answered = Outcome {
            gold: vec![(0, 0..100)],
            document: true,
            evidence: vec![(0, 0..80), (1, 0..500)],
            cited: vec![(0, 50..150)],
            quotes: 3,
            struck: 1,
            answerable: true,
            support: 0.5,
            tokens_in: 100,
            ..Outcome::default()
        };
        let missed = Outcome {
            gold: vec![(1, 0..10)],
            refused: true,
            answerable: true,
            support: -0.5,
            ..Outcome::default()
        };
        let none = Outcome { refused: true, support: -0.2, ..Outcome::default() };
        let figures = Figures::of(&[answered, missed, none]);
        assert_eq!((figures.answerable, figures.unanswerable), (2, 1));
        near(figures.evidence_recall, 0.4);
        near(figures.document_recall, 0.5);
        near(figures.citation_precision, 0.5);
        near(figures.citation_recall, 0.25);
        near(figures.quotes_verified, 0.75);
        near(figures.refused, 1.0);
        near(figures.refused_wrongly, 0.5);
        near(figures.tokens_in, 100.0 / 3.0);
        let now = figures.curve.iter().find(|at| at.support.abs() < 1e-9).unwrap();
        near(now.answered, 0.5);
        near(now.refused, 1.0);
        near(now.precision, 1.0);
    }
}
