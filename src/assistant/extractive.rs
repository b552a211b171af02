//! The answer without a language model: sentences of the evidence, quoted.
//!
//! Each sentence is scored by the question's words in it, rarer words counting
//! more, and by those in the passage around it; when the question asks what was
//! held, sentences that hold something gain. The best few that do not repeat each
//! other are quoted verbatim with their citations. When none comes near the
//! question the answer is that nothing was found, which is an answer too.

use std::collections::{BTreeSet, HashMap};

use rust_stemmers::{Algorithm, Stemmer};
use serde::{Deserialize, Serialize};

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
/// What a word counts for when it stands in the passage but not in the sentence.
const CONTEXT: f64 = 0.3;
/// The share of the best score the others must reach.
const NEAR_BEST: f64 = 0.5;
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

/// Answers a question with sentences of the evidence.
#[must_use]
pub fn answer(question: &str, evidence: &[Evidence]) -> Extract {
    let candidates = candidates(evidence);
    let asked = Asked::read(question, &candidates);
    let chosen = choose(&asked, candidates);
    let text = if chosen.is_empty() { NOT_FOUND.to_owned() } else { written(&chosen) };
    Extract { sentences: chosen, text }
}

fn written(chosen: &[Chosen]) -> String {
    let mut text = format!("{INTRODUCTION}\n");
    for Chosen { number, quote, .. } in chosen {
        // Marks inside the sentence become single, so that its end is plain.
        let quote = quote.replace(['"', '“', '”', '„', '‟', '«', '»'], "'");
        text.extend(["\n- \"", &quote, "\" [", &number.to_string(), "]"]);
    }
    text
}

/// A sentence that could be quoted.
struct Candidate {
    number: u32,
    quote: String,
    span: QuoteSpan,
    /// The words of the sentence.
    terms: BTreeSet<String>,
    /// The words of its passage, title and headings.
    context: BTreeSet<String>,
    /// Whether it says what was held.
    holds: bool,
}

fn candidates(evidence: &[Evidence]) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    for passage in evidence {
        let heading = passage.heading.as_deref().unwrap_or_default();
        let context = terms(&format!("{} {heading} {}", passage.title, passage.text));
        for range in sentences(&passage.text) {
            let Some(quote) = one_line(&passage.text[range]) else { continue };
            let Some(span) = find_quote(&quote, &passage.pages) else { continue };
            candidates.push(Candidate {
                number: passage.number,
                terms: terms(&quote),
                context: context.clone(),
                holds: is_holding(&quote),
                quote,
                span,
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
    let fits = (4..=80).contains(&count) && line.len() <= 1_200;
    let plain = !bare_marker && !line.contains("](") && !line.contains('<');
    (fits && plain).then_some(line)
}

/// The words of a text that can be asked about, in their stems.
fn terms(text: &str) -> BTreeSet<String> {
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
}

impl Asked {
    fn read(question: &str, candidates: &[Candidate]) -> Self {
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
        Self { weights, total, outcome }
    }

    /// The share of the question a sentence carries.
    fn score(&self, sentence: &Candidate, said: &BTreeSet<&str>) -> f64 {
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
        share + if self.outcome && sentence.holds { HOLDING } else { 0.0 }
    }

    /// Whether a sentence itself, and not only what is around it, is to the point.
    fn touches(&self, sentence: &Candidate) -> bool {
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
fn choose(asked: &Asked, mut candidates: Vec<Candidate>) -> Vec<Chosen> {
    candidates.retain(|sentence| asked.touches(sentence));
    let mut chosen: Vec<Candidate> = Vec::new();
    let mut best = 0.0;
    while chosen.len() < MOST {
        let said: BTreeSet<&str> =
            chosen.iter().flat_map(|sentence| &sentence.terms).map(String::as_str).collect();
        let scored = candidates.iter().map(|sentence| asked.score(sentence, &said)).enumerate();
        // The first of equals, so that the better passage is quoted.
        let next = scored.fold(None, |best: Option<(usize, f64)>, (at, score)| match best {
            Some((_, high)) if high >= score => best,
            _ => Some((at, score)),
        });
        let Some((at, score)) = next else { break };
        let least =
            if chosen.is_empty() { THRESHOLD } else { (best * NEAR_BEST).max(THRESHOLD / 2.0) };
        if score < least {
            break;
        }
        if chosen.is_empty() {
            best = score;
        }
        let sentence = candidates.remove(at);
        let of_one = chosen.iter().filter(|other| other.number == sentence.number).count();
        if of_one < MOST_OF_ONE && !chosen.iter().any(|other| repeats(other, &sentence)) {
            chosen.push(sentence);
        }
    }
    chosen
        .into_iter()
        .map(|Candidate { number, quote, span, .. }| Chosen { number, quote, span })
        .collect()
}

/// Whether two sentences say much the same.
fn repeats(one: &Candidate, other: &Candidate) -> bool {
    let shared = one.terms.intersection(&other.terms).count();
    let all = one.terms.union(&other.terms).count();
    shared * 10 >= all * 7
}

fn is_holding(sentence: &str) -> bool {
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
const HOLDINGS: &str = "we hold | i hold | held that | is held | are held | it is held | dismissed | allowed | \
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::assistant::evidence::samples;
    use crate::assistant::gate::{GateEvent, parse_complete};

    fn evidence() -> Vec<Evidence> {
        vec![
            samples::page(
                1,
                "CRIMINAL APPEAL NO. 77 OF 2010\n\n1. The appellant issued a cheque for Rs. 1,00,000 on \
                 12.03.2019.\n2. The cheque was dishonoured for insufficient funds, and a notice under \
                 Section 138(b) was sent to M/s. ABC Traders Pvt. Ltd. within thirty days. 3. In the \
                 result, the appeal is dismissed and the convic-\ntion is upheld.",
            ),
            samples::page(
                2,
                "The landlord sought eviction. Under clause 17.2 the tenant shall not sub-let \"any \
                 part\" of the premises. The security deposit of Rs. 5,000 is refundable. See \
                 [1973] 4 SCR 1 and footnote [2].",
            ),
            samples::page(3, "अभियुक्त की जमानत याचिका सत्र न्यायालय ने खारिज की। सुनवाई कल होगी।"),
        ]
    }

    fn quotes(question: &str) -> Vec<String> {
        answer(question, &evidence()).sentences.into_iter().map(|chosen| chosen.quote).collect()
    }

    #[test]
    fn the_sentence_that_answers_comes_first() {
        assert!(quotes("Was the cheque dishonoured?")[0].contains("dishonoured for insufficient"));
        assert!(quotes("What was held in the appeal?")[0].ends_with("the conviction is upheld."));
        assert!(quotes("May the tenant sub-let the premises?")[0].starts_with("Under clause 17.2"));
        assert!(
            quotes("When was the notice under section 138(b) sent?")[0]
                .contains("ABC Traders Pvt. Ltd.")
        );
        assert!(quotes("जमानत याचिका का क्या हुआ?")[0].contains("खारिज"));
    }

    #[test]
    fn a_question_about_something_else_is_not_answered() {
        for question in
            ["What is the custody arrangement for the child?", "", "What?", "income tax assessment"]
        {
            let extract = answer(question, &evidence());
            assert_eq!(extract.text, NOT_FOUND, "{question}");
            assert!(extract.sentences.is_empty());
        }
        assert_eq!(answer("anything", &[]).text, NOT_FOUND);
    }

    #[test]
    fn every_extract_passes_the_gate_untouched() {
        let questions = [
            "cheque notice appeal",
            "tenant premises clause deposit",
            "What was held?",
            "जमानत",
            "footnote SCR",
            "Who issued the cheque and for how much?",
        ];
        for question in questions {
            let extract = answer(question, &evidence());
            let events = parse_complete(Arc::from(evidence()), &extract.text);
            let cited = events
                .iter()
                .filter(|event| matches!(event, GateEvent::Cited { quote: Some(_), .. }));
            assert_eq!(cited.count(), extract.sentences.len(), "{question}: {events:?}");
            let text: String = events
                .iter()
                .filter_map(|event| match event {
                    GateEvent::Text(text) => Some(text.as_str()),
                    _ => None,
                })
                .collect();
            assert_eq!(text, extract.text, "{question}");
        }
    }

    #[test]
    fn sentences_that_repeat_each_other_are_quoted_once() {
        let same = "The security deposit of the tenant is refundable on vacating the premises.";
        let evidence: Vec<_> = (1..=6).map(|number| samples::page(number, same)).collect();
        assert_eq!(answer("Is the security deposit refundable?", &evidence).sentences.len(), 1);
    }
}
