//! Gathering the evidence for a question, and judging whether it answers it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::{Evidence, Language, Understood};
use crate::assistant::ask::Assistant;
use crate::assistant::extractive;
use crate::assistant::llm::{Turn, count_tokens};
use crate::documents::PassageText;
use crate::kernel::{CaseId, DocumentId, PassageId, Scope, VersionId};
use crate::search::{Lead, SearchError, Sought};

/// How many passages of one document come before others get their turn.
const PER_DOCUMENT: usize = 6;
/// The same for a document that the question names.
const PER_NAMED: usize = 16;
/// How many of the best passages bring what stands around them.
const WITH_NEIGHBOURS: usize = 4;
/// How much the evidence may hold when nothing else is said, in tokens.
pub const BUDGET_TOKENS: u64 = 3_500;

/// How much of a question for a clause the best sentence must carry; chosen on questions
/// that a contract answers and others that it does not (`docs/evaluation.md`).
const OF_CLAUSE: f64 = 0.35;
/// The same for any other question: what a sentence must carry to be quoted.
const OF_SENTENCE: f64 = 0.34;
/// How near in meaning a passage must be where no sentence carries the question's words.
const OF_MEANING: f64 = 0.5;
/// How far below that a model is still asked: it knows other words for the same.
const LEEWAY: f64 = 0.15;

/// What the evidence has to say to the question.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Support {
    /// How much of the question the best sentence carries, from 0 to 1.
    pub sentence: f64,
    /// The cosine of the best passage with the question; none without vectors.
    pub nearness: Option<f64>,
    /// The kind of clause the question asks for, where it is a known one.
    pub clause: Option<&'static str>,
}

impl Support {
    /// How well the evidence answers, in one number; below 0 it does not.
    #[must_use]
    pub fn score(&self) -> f64 {
        if self.clause.is_some() {
            // Contracts are near to every question about contracts.
            return self.sentence - OF_CLAUSE;
        }
        let by_meaning = self.nearness.map_or(f64::NEG_INFINITY, |near| near - OF_MEANING);
        by_meaning.max(self.sentence - OF_SENTENCE)
    }
}

/// The evidence for a question.
#[derive(Debug, Clone)]
pub struct Gathered {
    /// The passages in the order of their numbers.
    pub passages: Vec<PassageText>,
    /// The same, as the answer may cite them.
    pub evidence: Arc<[Evidence]>,
    /// The question as it was read.
    pub understood: Understood,
    /// What the passages have to say to it.
    pub support: Support,
    /// Whether that is enough to quote an answer from.
    pub found: bool,
    /// Whether it is enough to ask a model.
    pub promising: bool,
    /// The ways the question was searched for.
    pub searched: Vec<String>,
    /// How many of the documents hold text nobody can see, which was left out.
    pub hiding: usize,
}

/// Where a question is asked.
#[derive(Debug, Clone, Default)]
pub struct Within {
    /// The case; everything the caller may see when left out.
    pub case: Option<CaseId>,
    /// These documents only.
    pub documents: Option<Arc<BTreeSet<DocumentId>>>,
}

impl Assistant {
    /// Gathers the evidence for a question of a conversation: at most `budget_tokens` of
    /// passages, the best first, with what stands around the best ones.
    ///
    /// # Errors
    /// Fails when the index or the database does.
    pub async fn gather(
        &self,
        scope: &Scope,
        within: &Within,
        question: &str,
        before: &[Turn],
        budget_tokens: u64,
    ) -> Result<Gathered, SearchError> {
        let understood = Understood::read(question, before);
        let ways = understood.formulations();
        let sought = Sought {
            within: within.case,
            documents: within.documents.clone(),
            ways: &ways,
            about: understood.about.as_deref(),
            asked: &understood.asked,
        };
        let leads = self.search.evidence(scope, &sought).await?;
        let nearness = leads.iter().filter_map(|lead| lead.nearness).max_by(f32::total_cmp);
        let around = self.around(scope, &leads).await?;
        let passages = choose(leads, &around, budget_tokens);
        let versions: BTreeSet<VersionId> =
            passages.iter().map(|passage| passage.version).collect();
        let hiding = self.documents.with_hidden_text(scope, &versions).await?.len();
        let evidence: Arc<[Evidence]> =
            (1..).zip(&passages).map(|(number, passage)| Evidence::of(number, passage)).collect();
        let (sentence, clause) = extractive::strength(&understood.asked, &evidence);
        let support = Support { sentence, nearness: nearness.map(f64::from), clause };
        // Words of one script say nothing of passages in another; a model reads both.
        let comparable = understood.language == Language::Latin;
        let enough = |least: f64| !passages.is_empty() && (support.score() >= least || !comparable);
        let (found, promising) = (enough(0.0), enough(-LEEWAY));
        Ok(Gathered {
            passages,
            evidence,
            understood,
            support,
            found,
            promising,
            searched: ways,
            hiding,
        })
    }

    /// What stands around the best leads, by lead and side.
    async fn around(
        &self,
        scope: &Scope,
        leads: &[Lead],
    ) -> Result<HashMap<(PassageId, bool), PassageText>, SearchError> {
        let best = leads.iter().take(WITH_NEIGHBOURS).enumerate();
        let ids: Vec<PassageId> = best
            .clone()
            .filter(|(nth, lead)| *nth == 0 || cut_before(lead) || cut_after(lead))
            .map(|(_, lead)| lead.passage.id)
            .collect();
        let beside = self.documents.neighbours(scope, &ids).await?;
        let wanted = beside.iter().filter(|neighbour| {
            best.clone().any(|(nth, lead)| {
                let cut = if neighbour.step < 0 { cut_before(lead) } else { cut_after(lead) };
                lead.passage.id == neighbour.beside && (nth == 0 || cut)
            })
        });
        let wanted: Vec<_> = wanted.copied().collect();
        let ids: Vec<PassageId> = wanted.iter().map(|neighbour| neighbour.id).collect();
        let passages = self.documents.passages(scope, &ids).await?;
        let mut around = HashMap::new();
        for neighbour in wanted {
            let found = passages.iter().find(|passage| passage.id == neighbour.id);
            if let Some(passage) = found.filter(|passage| passage.current) {
                around.insert((neighbour.beside, neighbour.step < 0), passage.clone());
            }
        }
        Ok(around)
    }
}

/// Whether a passage begins in the middle of a sentence.
fn cut_before(lead: &Lead) -> bool {
    lead.passage.text.trim_start().starts_with(|c: char| c.is_lowercase() || matches!(c, ',' | ';'))
}

/// Whether a passage ends in the middle of a sentence.
fn cut_after(lead: &Lead) -> bool {
    let end = lead.passage.text.trim_end().chars().next_back();
    end.is_some_and(|c| c.is_alphanumeric() || matches!(c, ',' | ';' | ':' | '-' | '–'))
}

/// Takes passages in rank order, a few of each document first, the best with what stands
/// around them, until the budget is full.
fn choose(
    leads: Vec<Lead>,
    around: &HashMap<(PassageId, bool), PassageText>,
    budget: u64,
) -> Vec<PassageText> {
    let mut counts: BTreeMap<DocumentId, usize> = BTreeMap::new();
    let (mut first, mut later) = (Vec::new(), Vec::new());
    for lead in leads {
        let count = counts.entry(lead.passage.document).or_default();
        *count += 1;
        let most = if lead.named { PER_NAMED } else { PER_DOCUMENT };
        if *count <= most { first.push(lead) } else { later.push(lead) }
    }
    let mut taken: Vec<PassageText> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut spent = 0;
    for lead in first.into_iter().chain(later) {
        let id = lead.passage.id;
        let before = around.get(&(id, true)).cloned();
        let after = around.get(&(id, false)).cloned();
        // The lead itself is paid for first; it stands between its neighbours.
        let mut group: Vec<PassageText> = Vec::new();
        let mut take = |passage: PassageText, group: &mut Vec<PassageText>, front: bool| {
            let tokens = count_tokens(&passage.text);
            if spent + tokens <= budget && seen.insert(passage.id) {
                spent += tokens;
                group.insert(if front { 0 } else { group.len() }, passage);
            }
        };
        take(lead.passage, &mut group, false);
        if !group.is_empty() {
            if let Some(passage) = before {
                take(passage, &mut group, true);
            }
            if let Some(passage) = after {
                take(passage, &mut group, false);
            }
        }
        taken.append(&mut group);
    }
    taken
}
