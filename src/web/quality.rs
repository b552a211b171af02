//! Search quality: the embedding model, changing to another, golden questions.

use askama::Template;

use super::page::{Layout, pages};
use super::parts::{Choice, Field};
use super::show::Moment;
use crate::kernel::{GenerationId, GoldenId};

/// How good search is, and what can be done about it.
#[derive(Debug, Clone, Template)]
#[template(path = "admin/quality.html")]
pub struct QualityPage {
    /// The frame.
    pub layout: Layout,
    /// What holds the vectors.
    pub store: String,
    /// Why search by meaning is off, or uses another model than the settings say.
    pub notice: Option<String>,
    /// The vectors that are searched.
    pub live: Option<Vectors>,
    /// The vectors that are being made.
    pub shadow: Option<Shadow>,
    /// Vectors kept from before, the last first.
    pub previous: Vec<Previous>,
    /// The models of the settings that can be changed to.
    pub models: Vec<Choice>,
    /// What changing to one of them would take, when that was asked.
    pub estimate: Option<EstimateBox>,
    /// The golden questions.
    pub questions: Vec<GoldenRow>,
    /// The runs whose ranks stand beside the questions: those made last.
    pub columns: Vec<String>,
    /// The runs made so far, the latest first.
    pub runs: Vec<RunRow>,
    /// The form for lines to import.
    pub lines: Field,
}

/// Vectors of one model and how much they hold.
#[derive(Debug, Clone)]
pub struct Vectors {
    /// The model.
    pub model: String,
    /// Who runs it.
    pub provider: String,
    /// Documents that should be in them.
    pub documents: u64,
    /// Documents that are.
    pub documents_held: u64,
    /// Passages in them.
    pub passages_held: u64,
}

impl Vectors {
    /// Documents that are not in them yet.
    #[must_use]
    pub const fn missing(&self) -> u64 {
        self.documents.saturating_sub(self.documents_held)
    }
}

/// Vectors that are being made.
#[derive(Debug, Clone)]
pub struct Shadow {
    /// What they are.
    pub vectors: Vectors,
    /// How it goes, in a word or two.
    pub stage: String,
    /// Why it waits or failed.
    pub reason: Option<String>,
    /// Whole percent of the passages.
    pub percent: u64,
    /// What it took so far: tokens and money.
    pub spent: String,
    /// What it was estimated to take.
    pub estimated: Option<String>,
    /// The time left, in words.
    pub left: Option<String>,
    /// Whether they can be switched to.
    pub complete: bool,
    /// Whether somebody has to go on with it.
    pub stopped: bool,
}

/// Vectors kept from before.
#[derive(Debug, Clone)]
pub struct Previous {
    /// Which.
    pub id: GenerationId,
    /// The model.
    pub model: String,
    /// When they were last made the ones to search.
    pub live_at: Option<Moment>,
}

/// What changing to a model would take.
#[derive(Debug, Clone)]
pub struct EstimateBox {
    /// The model's name in the settings.
    pub name: String,
    /// Documents and passages, in words.
    pub size: String,
    /// Tokens, in words.
    pub tokens: String,
    /// The money, in words.
    pub cost: String,
    /// The time, in words.
    pub time: String,
}

/// A golden question in the list.
#[derive(Debug, Clone)]
pub struct GoldenRow {
    /// Which.
    pub id: GoldenId,
    /// What is asked.
    pub question: String,
    /// What to know about it.
    pub note: String,
    /// How many answers are expected.
    pub expected: u64,
    /// The rank of the first right passage in each of the last runs: `3`, or a dash.
    pub ranks: Vec<String>,
}

/// A run over the golden questions, its scores in percent.
#[derive(Debug, Clone)]
pub struct RunRow {
    /// When.
    pub at: Moment,
    /// How was searched: `hybrid`.
    pub way: String,
    /// In whose vectors.
    pub model: String,
    /// Whether those were not the live ones then.
    pub is_shadow: bool,
    /// How many questions.
    pub questions: u64,
    /// Recall at 10.
    pub recall_10: String,
    /// Recall at 100.
    pub recall_100: String,
    /// Mean reciprocal rank.
    pub mrr: String,
    /// `nDCG` at 10.
    pub ndcg_10: String,
}

/// The form for a golden question.
#[derive(Debug, Clone, Template)]
#[template(path = "admin/golden.html")]
pub struct GoldenPage {
    /// The frame.
    pub layout: Layout,
    /// The question that is changed; none for a new one.
    pub id: Option<GoldenId>,
    /// What is wrong with what was sent.
    pub problem: Option<String>,
    /// What is asked.
    pub question: Field,
    /// The cases it can be asked in; the form sends `case`.
    pub cases: Vec<Choice>,
    /// What to know about it.
    pub note: Field,
    /// What should be found, one answer a line.
    pub expected: Field,
}

impl GoldenPage {
    /// Where the form is sent.
    #[must_use]
    pub fn action(&self) -> String {
        self.id.map_or_else(|| "/admin/golden".to_owned(), |id| format!("/admin/golden/{id}"))
    }
}

pages!(QualityPage, GoldenPage);

#[cfg(test)]
mod samples {
    use super::super::page::Area;
    use super::super::parts::samples::{id, moment, text};
    use super::*;
    use crate::kernel::Role;

    fn vectors(model: &str, held: u64) -> Vectors {
        Vectors {
            model: text(model),
            provider: text("in-process"),
            documents: 42,
            documents_held: held,
            passages_held: held * 30,
        }
    }

    impl QualityPage {
        pub(crate) fn sample() -> Self {
            let run = |way: &str, is_shadow| RunRow {
                at: moment(0),
                way: text(way),
                model: text("all-MiniLM-L6-v2"),
                is_shadow,
                questions: 1,
                recall_10: text("100.0"),
                recall_100: text("100.0"),
                mrr: text("50.0"),
                ndcg_10: text("63.1"),
            };
            Self {
                layout: Layout::sample("Search quality", Area::Quality, Role::Admin),
                store: text("embedded"),
                notice: None,
                live: Some(vectors("all-MiniLM-L6-v2", 42)),
                shadow: Some(Shadow {
                    vectors: vectors("text-embedding-3-small", 20),
                    stage: text("being made"),
                    reason: Some(text("The embedding model is busy.")),
                    percent: 47,
                    spent: text("12,000 tokens, ₹0.02"),
                    estimated: Some(text("25,000 tokens, ₹0.04")),
                    left: Some(text("about 2 minutes")),
                    complete: false,
                    stopped: false,
                }),
                previous: vec![Previous {
                    id: id(7),
                    model: text("an-earlier-model"),
                    live_at: Some(moment(-9_000)),
                }],
                models: vec![Choice { value: text("small"), label: text("small"), chosen: true }],
                estimate: Some(EstimateBox {
                    name: text("small"),
                    size: text("42 documents, 1,260 passages"),
                    tokens: text("25,000 tokens"),
                    cost: text("₹0.04 ($0.000500)"),
                    time: text("about 4 minutes"),
                }),
                questions: vec![GoldenRow {
                    id: id(8),
                    question: text("Was the notice served in time?"),
                    note: text("as in the plaint"),
                    expected: 2,
                    ranks: vec![text("2"), text("–")],
                }],
                columns: vec![text("lexical"), text("hybrid")],
                runs: vec![run("lexical", false), run("hybrid", true)],
                lines: Field::default(),
            }
        }

        pub(crate) fn sample_empty() -> Self {
            Self {
                notice: Some(text("Search by meaning is off: run `make model`.")),
                live: None,
                shadow: None,
                previous: Vec::new(),
                models: Vec::new(),
                estimate: None,
                questions: Vec::new(),
                columns: Vec::new(),
                runs: Vec::new(),
                ..Self::sample()
            }
        }
    }

    impl GoldenPage {
        pub(crate) fn sample() -> Self {
            Self {
                layout: Layout::sample("Golden question", Area::Quality, Role::Admin),
                id: Some(id(8)),
                problem: Some(text("Type a question of up to 1000 characters.")),
                question: Field::of("Was the notice served in time?"),
                cases: vec![Choice { value: text("1"), label: text("A v. B"), chosen: false }],
                note: Field::default(),
                expected: Field::of("/documents/1?page=3"),
            }
        }
    }
}
