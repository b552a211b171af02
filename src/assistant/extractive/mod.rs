//! The answer without a language model: sentences of the evidence, quoted.
//!
//! Each sentence is scored by the question's words in it, rarer words counting
//! more, and by those in the passage around it; when the question asks what was
//! held, sentences that hold something gain, and when it asks for a clause of an
//! agreement, those worded as such clauses are (`index/clauses.toml`). The best few that do not repeat each
//! other are quoted verbatim with their citations. When none comes near the
//! question the answer is that nothing was found, which is an answer too.

mod clauses;
#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashMap};

use rust_stemmers::{Algorithm, Stemmer};
use serde::{Deserialize, Serialize};

use self::clauses::Clause;
use super::evidence::Evidence;
use super::verify::{QuoteSpan, find_quote};
use super::words::{is_word_char, words};
use crate::kernel::sentences::sentences;

/// What stands above the sentences quoted.
pub const INTRODUCTION: &str = "These passages bear on the question:";
/// The whole answer when nothing was found.
pub const NOT_FOUND: &str = "Not found in these documents.";

/// The most sentences quoted.
const MOST: usize = 5;
/// The most sentences quoted from one passage.
const MOST_OF_ONE: usize = 2;
/// The share of the question's weight a sentence must carry.
const THRESHOLD: f64 = 0.34;
/// The most sentences quoted of a clause.
const MOST_OF_CLAUSE: usize = 3;
/// The share of the best score the others must reach, of a clause.
const NEAR_BEST_OF_CLAUSE: f64 = 0.7;
/// What the question's words count beside how a clause is worded.
const WORDS_BESIDE: f64 = 0.5;
/// How much a sentence must be worded as the clause is.
const LIKE: f64 = 0.5;
/// The most a sentence of a clause can score: its words and its wording.
const MOST_LIKE: f64 = WORDS_BESIDE + 1.5;
/// What a word counts for when it stands in the passage but not in the sentence.
const CONTEXT: f64 = 0.3;
/// The share of the best score the others must reach.
const NEAR_BEST: f64 = 0.5;
/// What a term counts for that only the question before it has.
const OF_THE_ONE_BEFORE: f64 = 0.5;
/// What a sentence counts for that has no word of a question that goes on, only of the
/// one before it.
const WITHOUT_ITS_OWN: f64 = 0.5;
/// What a holding adds when the question asks for one.
const HOLDING: f64 = 0.4;

/// An answer made of quotations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extract {
    /// The sentences quoted, best first; empty when nothing was found.
    pub sentences: Vec<Chosen>,
    /// The answer as it is shown, with citations.
    pub text: String,
}

/// A sentence quoted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chosen {
    /// The passage's number.
    pub number: u32,
    /// The sentence, on one line.
    pub quote: String,
    /// Where it stands.
    pub span: QuoteSpan,
}

/// Answers a question with sentences of the evidence. Where it goes on from another
/// ("and the licensee?"), `question` has the terms of that one too, and `own` is the
/// question as it was put.
#[must_use]
pub fn answer(question: &str, own: &str, evidence: &[Evidence]) -> Extract {
    let clause = Clause::of(question, evidence);
    let candidates = candidates(evidence, clause);
    let asked = Asked::read(question, &candidates, clause.is_some()).going_on(own, &candidates);
    let chosen = choose(&asked, candidates);
    let text = if chosen.is_empty() { NOT_FOUND.to_owned() } else { written(&chosen) };
    Extract { sentences: chosen, text }
}

/// How much of a question the best sentence of the evidence carries, from 0 to 1, and
/// the kind of clause it asks for, if any, which is measured by how such clauses are
/// worded.
#[must_use]
pub fn strength(question: &str, evidence: &[Evidence]) -> (f64, Option<&'static str>) {
    let clause = Clause::of(question, evidence);
    let candidates = candidates(evidence, clause);
    let asked = Asked::read(question, &candidates, clause.is_some());
    let nothing = BTreeSet::new();
    let touching = candidates.iter().filter(|sentence| asked.touches(sentence));
    let best = touching.map(|sentence| asked.score(sentence, &nothing)).fold(0.0, f64::max);
    let most = if clause.is_some() { MOST_LIKE } else { 1.0 };
    ((best / most).min(1.0), clause.map(Clause::name))
}

fn written(chosen: &[Chosen]) -> String {
    let mut text = format!("{INTRODUCTION}\n");
    for Chosen { number, quote, .. } in chosen {
        // Marks inside the sentence become straight, so that the curly one ends it.
        let plain = quote.replace(['“', '”', '„', '‟', '«', '»'], "\"");
        let (open, close) = if plain.contains('"') { ("“", "”") } else { ("\"", "\"") };
        text.extend(["\n- ", open, &plain, close, " [", &number.to_string(), "]"]);
    }
    text
}

/// A sentence that could be quoted.
struct Candidate<'e> {
    passage: &'e Evidence,
    quote: String,
    /// The words of the sentence.
    terms: BTreeSet<String>,
    /// The words of its passage, title and headings.
    context: BTreeSet<String>,
    /// Whether it says what was held.
    holds: bool,
    /// How much it is worded as the clause asked for is.
    likeness: f64,
}

impl Candidate<'_> {
    /// The sentence, if it stands on the pages word for word.
    fn chosen(self) -> Option<Chosen> {
        let span = find_quote(&self.quote, &self.passage.pages)?;
        Some(Chosen { number: self.passage.number, quote: self.quote, span })
    }
}

fn candidates<'e>(evidence: &'e [Evidence], clause: Option<&Clause>) -> Vec<Candidate<'e>> {
    let mut candidates: Vec<Candidate<'e>> = Vec::new();
    for passage in evidence {
        let heading = passage.heading.as_deref().unwrap_or_default();
        let context = terms(&format!("{} {heading} {}", passage.title, passage.text));
        for range in sentences(&passage.text) {
            let Some(quote) = one_line(&passage.text[range]) else { continue };
            candidates.push(Candidate {
                passage,
                terms: terms(&quote),
                context: context.clone(),
                holds: is_holding(&quote),
                likeness: clause.map_or(0.0, |clause| clause.likeness(&quote)),
                quote,
            });
        }
    }
    candidates
}

/// A sentence on one line, if it can be quoted: headings, fragments, pages of
/// unbroken text and what reads as a marker or a link cannot.
fn one_line(sentence: &str) -> Option<String> {
    let mut line = String::with_capacity(sentence.len());
    for part in sentence.lines().map(str::trim).filter(|part| !part.is_empty()) {
        let broken = line.ends_with('-')
            && line.trim_end_matches('-').ends_with(char::is_alphabetic)
            && part.starts_with(char::is_lowercase);
        if broken {
            line.pop();
        } else if !line.is_empty() && !line.ends_with('-') {
            line.push(' ');
        }
        line.push_str(part);
    }
    let count = line.split_whitespace().count();
    let bare_marker = line.split('[').skip(1).any(|part| {
        part.split_once(']')
            .is_some_and(|(label, _)| label.len() <= 3 && label.chars().all(|c| c.is_ascii_digit()))
    });
    let fits = (4..=200).contains(&count) && line.len() <= 1_600;
    let plain = !bare_marker && !line.contains("](") && !line.contains('<');
    (fits && plain).then_some(line)
}

/// The words of a text that can be asked about, in their stems.
pub(super) fn terms(text: &str) -> BTreeSet<String> {
    let stemmer = Stemmer::create(Algorithm::English);
    words(text)
        .into_iter()
        .filter(|word| !word.mark)
        .map(|word| word.joined.unwrap_or(word.text).to_lowercase())
        .filter(|word| !has(STOP_WORDS, word.trim_end_matches("'s")))
        .map(|word| stem(&stemmer, &word))
        .collect()
}

fn stem(stemmer: &Stemmer, word: &str) -> String {
    if word.is_ascii() {
        return stemmer.stem(word.trim_end_matches("'s")).into_owned();
    }
    // Endings of number, gender and case are vowel signs in Devanagari.
    let root = word.trim_end_matches(['ा', 'ि', 'ी', 'ु', 'ू', 'े', 'ै', 'ो', 'ौ', 'ं', 'ँ']);
    if root.chars().filter(|&c| is_word_char(c)).count() < 2 { word } else { root }.to_owned()
}

/// What a question asks for.
struct Asked {
    /// Its words, each with what it weighs.
    weights: HashMap<String, f64>,
    /// The weight of all words together.
    total: f64,
    /// Whether it asks what was held.
    outcome: bool,
    /// Whether it asks for a clause of an agreement.
    clause: bool,
    /// Its own words, where it has others from the question before it.
    own: BTreeSet<String>,
}

impl Asked {
    fn read(question: &str, candidates: &[Candidate<'_>], clause: bool) -> Self {
        let lower = question.to_lowercase();
        let is_outcome = |word: &str| has(OUTCOMES, word.trim_matches(|c| !is_word_char(c)));
        let outcome = lower.split_whitespace().any(is_outcome);
        let bare = lower.split_whitespace().filter(|word| !is_outcome(word));
        let weights: HashMap<String, f64> = terms(&bare.collect::<Vec<_>>().join(" "))
            .into_iter()
            .filter_map(|term| {
                let seen = candidates.iter().filter(|sentence| sentence.terms.contains(&term));
                let seen = seen.count();
                // `9 June` stands as `09.06.` in an order sheet: a date written another
                // way than asked is no sign that the answer is not there.
                let dates = seen == 0 && is_of_a_date(&term);
                (!dates).then(|| (term, rarity(seen, candidates.len())))
            })
            .collect();
        let total = weights.values().sum();
        Self { weights, total, outcome, clause, own: BTreeSet::new() }
    }

    /// What a question that goes on asks anew: where a sentence has it, the terms of the
    /// question before count less, and so do the sentences without it.
    fn going_on(mut self, own: &str, candidates: &[Candidate<'_>]) -> Self {
        let own: BTreeSet<String> =
            terms(own).into_iter().filter(|term| self.weights.contains_key(term)).collect();
        let said = candidates.iter().any(|sentence| !own.is_disjoint(&sentence.terms));
        if own.len() < self.weights.len() && said {
            let before = self.weights.iter_mut().filter(|(term, _)| !own.contains(*term));
            before.for_each(|(_, weight)| *weight *= OF_THE_ONE_BEFORE);
            self.total = self.weights.values().sum();
            self.own = own;
        }
        self
    }

    /// The share of the question a sentence carries.
    fn score(&self, sentence: &Candidate<'_>, said: &BTreeSet<&str>) -> f64 {
        let mut score = 0.0;
        for (term, weight) in &self.weights {
            let again = if said.contains(term.as_str()) { 0.5 } else { 1.0 };
            if sentence.terms.contains(term) {
                score += weight * again;
            } else if sentence.context.contains(term) {
                score += weight * CONTEXT * again;
            }
        }
        let share = if self.total > 0.0 { score / self.total } else { 0.0 };
        if self.clause {
            return WORDS_BESIDE * share + sentence.likeness;
        }
        let held = if self.outcome && sentence.holds { HOLDING } else { 0.0 };
        let anew = self.own.is_empty() || !self.own.is_disjoint(&sentence.terms);
        (share + held) * if anew { 1.0 } else { WITHOUT_ITS_OWN }
    }

    /// Whether a sentence itself, and not only what is around it, is to the point.
    fn touches(&self, sentence: &Candidate<'_>) -> bool {
        if self.clause {
            return sentence.likeness >= LIKE;
        }
        (self.outcome && sentence.holds)
            || self.weights.keys().any(|term| sentence.terms.contains(term))
    }
}

/// Whether a term is a number or the name of a month, as dates are made of.
fn is_of_a_date(term: &str) -> bool {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let number = term.chars().all(|c| c.is_ascii_digit());
    number || MONTHS.iter().any(|month| term.starts_with(month) && term.len() <= 9)
}

#[expect(clippy::cast_precision_loss, reason = "counts of sentences are small")]
fn rarity(seen: usize, of: usize) -> f64 {
    ((of as f64 + 1.0) / (seen as f64 + 0.5)).ln().max(0.1)
}

/// Chooses the best sentences, each time preferring what was not yet said.
fn choose(asked: &Asked, mut candidates: Vec<Candidate<'_>>) -> Vec<Chosen> {
    candidates.retain(|sentence| asked.touches(sentence));
    let mut chosen: Vec<(BTreeSet<String>, Chosen)> = Vec::new();
    let mut best = 0.0;
    let (most, of_one, near_best) = if asked.clause {
        (MOST_OF_CLAUSE, MOST_OF_CLAUSE, NEAR_BEST_OF_CLAUSE)
    } else {
        (MOST, MOST_OF_ONE, NEAR_BEST)
    };
    while chosen.len() < most {
        let said: BTreeSet<&str> =
            chosen.iter().flat_map(|(terms, _)| terms).map(String::as_str).collect();
        let scored = candidates.iter().map(|sentence| asked.score(sentence, &said)).enumerate();
        // The first of equals, so that the better passage is quoted.
        let next = scored.fold(None, |best: Option<(usize, f64)>, (at, score)| match best {
            Some((_, high)) if high >= score => best,
            _ => Some((at, score)),
        });
        let Some((at, score)) = next else { break };
        let least =
            if chosen.is_empty() { THRESHOLD } else { (best * near_best).max(THRESHOLD / 2.0) };
        if score < least {
            break;
        }
        let sentence = candidates.remove(at);
        let number = sentence.passage.number;
        let quoted = chosen.iter().filter(|(_, other)| other.number == number).count();
        if quoted >= of_one || chosen.iter().any(|(other, _)| repeats(other, &sentence.terms)) {
            continue;
        }
        let terms = sentence.terms.clone();
        let Some(one) = sentence.chosen() else { continue };
        best = f64::max(best, score);
        chosen.push((terms, one));
    }
    chosen.into_iter().map(|(_, chosen)| chosen).collect()
}

/// Whether two sentences say much the same.
fn repeats(one: &BTreeSet<String>, other: &BTreeSet<String>) -> bool {
    let shared = one.intersection(other).count();
    let all = one.union(other).count();
    shared * 10 >= all * 7
}

pub(super) fn is_holding(sentence: &str) -> bool {
    let lower = sentence.to_lowercase();
    HOLDINGS.split(" | ").any(|cue| lower.contains(cue))
}

/// Whether a list of words has one.
fn has(list: &str, word: &str) -> bool {
    list.split(' ').any(|listed| listed == word)
}

/// Words that ask for what was held.
const OUTCOMES: &str = "held hold holding decide decided decision outcome result ruling ruled verdict conclusion \
    concluded finding findings disposed ratio relief निर्णय फैसला फ़ैसला निष्कर्ष";

/// Words that tell what was held.
const HOLDINGS: &str = "we hold | i hold | holds that | held that | is held | are held | it is held | dismissed | allowed | \
    set aside | quashed | we are of the | of the opinion that | of the view that | \
    in the result | accordingly | is upheld | affirmed | is decreed | acquitted | convicted | \
    is granted | is rejected | is refused | is remanded | remitted | disposed of | \
    we conclude | we find | is directed | are directed | we direct | is entitled | खारिज | \
    स्वीकार | बरी | निरस्त";

/// Words that ask about nothing.
const STOP_WORDS: &str = "a an the of in on at to for by with from as into under about is are was were be been being \
    has have had do does did will would shall should can could may might must and or but if \
    that this these those it its he she they his her their him them we our us you your i my me \
    there here what which who whom whose when where why how any all some such so than then also \
    please tell say said says give find show not no court case document documents का की के को \
    में से है हैं था क्या और ने पर";
