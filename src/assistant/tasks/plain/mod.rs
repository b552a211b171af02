//! Tasks without a language model: sentences of the documents found by rules, quoted.

mod compare;
mod dates;
mod draft;
mod forms;
mod holdings;
mod review;
mod summary;

use std::collections::BTreeSet;
use std::ops::Range;

use super::material::{Material, Subject};
use super::{Order, TaskKind};
use crate::assistant::evidence::Evidence;
use crate::assistant::extractive::terms;
use crate::assistant::grounds::Grounds;
use crate::assistant::verify::find_quote;
use crate::documents::{Change, PassageText};
use crate::kernel::sentences::sentences;

pub(super) use dates::{Dated, Dates, Directed, dated, directed, write_uncertain};

/// The most words of a quotation; longer sentences are quoted up to here.
const LONGEST: usize = 80;
/// What parts texts of which the words of one are no part of another's.
pub(super) const APART: &str = "\n;\n";
/// The highest number that is read as a citation.
const HIGHEST: u32 = 999;

/// Does a task by rules.
pub(super) fn written(order: &Order, material: &Material, changes: &[Change]) -> Page {
    let mut page = Page::default();
    match order.kind {
        TaskKind::Summary => summary::write(material, &mut page),
        TaskKind::Holdings => holdings::write(material, &mut page),
        TaskKind::Compare => compare::write(material, changes, &mut page),
        TaskKind::Review => review::write(order, material, &mut page),
        TaskKind::Draft => draft::write(order, material, &mut page),
        TaskKind::Chronology => dates::write(material, &mut page),
        TaskKind::Directions => dates::write_directions(material, &mut page),
    }
    page
}

/// A text being written, which cites by place and gets its numbers at the end: passages
/// are numbered as they are first cited, facts after them.
#[derive(Debug, Default)]
pub(super) struct Page {
    pieces: Vec<Piece>,
}

#[derive(Debug)]
enum Piece {
    /// Words of the rules' own: what they state, they state by themselves.
    Words(String),
    /// Words that are held to the documents.
    Claim(String),
    Passage(usize),
    Fact(usize),
}

/// A text with what it rests on.
pub(super) struct Rendered {
    /// The text, with numbers.
    pub(super) text: String,
    /// The passages it cites, in the order of their numbers.
    pub(super) passages: Vec<PassageText>,
    /// What it rests on.
    pub(super) grounds: Grounds,
}

impl Page {
    /// Writes words.
    pub(super) fn words(&mut self, words: &str) -> &mut Self {
        self.pieces.push(Piece::Words(words.to_owned()));
        self
    }

    /// Writes words that somebody else chose: what they state must stand in the documents.
    pub(super) fn claim(&mut self, words: &str) -> &mut Self {
        self.pieces.push(Piece::Claim(words.to_owned()));
        self
    }

    /// Begins a section.
    pub(super) fn heading(&mut self, words: &str) -> &mut Self {
        let words = words.replace(['*', '[', ']', '"', '“', '”', '„', '«', '»'], " ");
        self.words(&format!("\n\n**{}**\n", words.trim()))
    }

    /// Writes a quotation and cites where it stands.
    pub(super) fn quote(&mut self, said: &Said) -> &mut Self {
        // Marks inside the quotation become single, so that its end is plain.
        let words = said.words.replace(['"', '“', '”', '„', '‟', '«', '»'], "'");
        self.claim(&format!("\"{words}\" ")).cite(said.at)
    }

    /// Cites a passage by its place among the passages.
    pub(super) fn cite(&mut self, at: usize) -> &mut Self {
        self.pieces.push(Piece::Passage(at));
        self
    }

    /// Cites a fact by its place among the facts.
    pub(super) fn fact(&mut self, at: usize) -> &mut Self {
        self.pieces.push(Piece::Fact(at));
        self
    }

    /// Numbers what is cited.
    pub(super) fn render(&self, material: &Material, question: &str) -> Rendered {
        self.render_after(material, question, Vec::new())
    }

    /// The text with the numbers of the passages alone, and the passages by number.
    pub(super) fn render_places(&self, material: &Material) -> (String, Vec<usize>) {
        let places = self.places(Vec::new());
        (self.render(material, "").text, places)
    }

    /// The passages cited, after those that have numbers already.
    fn places(&self, mut places: Vec<usize>) -> Vec<usize> {
        for piece in &self.pieces {
            if let Piece::Passage(at) = piece
                && !places.contains(at)
            {
                places.push(*at);
            }
        }
        places
    }

    /// Numbers what is cited after what has numbers already.
    pub(super) fn render_after(
        &self,
        material: &Material,
        question: &str,
        numbered: Vec<usize>,
    ) -> Rendered {
        let places = self.places(numbered);
        let (passages, mut grounds) = grounds_of(material, &places, question);
        let mut text = String::new();
        for piece in &self.pieces {
            let number = match piece {
                Piece::Words(words) => {
                    // A form cites its statute and an order's day is counted: neither
                    // stands in the documents, and both may be said.
                    grounds.question.push_str(APART);
                    grounds.question.push_str(words);
                    text.push_str(words);
                    continue;
                }
                Piece::Claim(words) => {
                    text.push_str(words);
                    continue;
                }
                Piece::Passage(at) => places
                    .iter()
                    .position(|known| known == at)
                    .and_then(|place| u32::try_from(place + 1).ok()),
                // The grounds number the same fact but once.
                Piece::Fact(at) => material.facts.get(*at).map(|fact| grounds.add(fact.clone())),
            };
            text.push_str(&marker(number.unwrap_or(u32::MAX)));
        }
        Rendered { text: text.trim().to_owned(), passages, grounds }
    }
}

/// The marker of a number; nothing where it could not be read as one.
pub(super) fn marker(number: u32) -> String {
    if number <= HIGHEST { format!("[{number}]") } else { String::new() }
}

/// Passages by place, numbered in that order, as grounds.
pub(super) fn grounds_of(
    material: &Material,
    places: &[usize],
    question: &str,
) -> (Vec<PassageText>, Grounds) {
    let passages: Vec<PassageText> =
        places.iter().filter_map(|&at| material.passages.get(at).cloned()).collect();
    let evidence: Vec<Evidence> = (1..)
        .zip(places.iter().filter_map(|&at| material.evidence.get(at)))
        .map(|(number, evidence)| Evidence { number, ..evidence.clone() })
        .collect();
    (passages, Grounds::of(evidence.into(), question))
}

/// A sentence of a document and the passage it stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    /// The passage's place.
    pub(super) at: usize,
    /// The sentence, on one line.
    pub(super) words: String,
}

impl Said {
    /// The words that can be quoted: all, or where that is too long or stands on no page
    /// so, as many as can.
    fn quotable(&self, material: &Material) -> Option<Self> {
        let evidence = material.evidence.get(self.at)?;
        let words: Vec<&str> = self.words.split_whitespace().collect();
        let mut most = words.len().min(LONGEST);
        for _ in 0..6 {
            let some = words.get(..most).filter(|some| some.len() >= 4)?.join(" ");
            if !reads_as_marker(&some) && find_quote(&some, &evidence.pages).is_some() {
                return Some(Self { at: self.at, words: some });
            }
            most = if most > 12 { most * 3 / 4 } else { most.saturating_sub(1) };
        }
        None
    }

    /// Whether the sentence holds one of these words or phrases, in lower case.
    fn says(&self, cues: &str) -> bool {
        let lower = self.words.to_lowercase();
        cues.split(" | ").any(|cue| lower.contains(cue))
    }
}

/// Whether text would be read as a citation, a link or a tag.
fn reads_as_marker(text: &str) -> bool {
    text.contains("](")
        || text.contains('<')
        || text.split('[').skip(1).any(|part| {
            part.split_once(']').is_some_and(|(label, _)| {
                (1..=3).contains(&label.len()) && label.chars().all(|c| c.is_ascii_digit())
            })
        })
}

/// The sentences of passages, in order, from four words on.
fn said(material: &Material, places: Range<usize>) -> Vec<Said> {
    let mut all = Vec::new();
    for at in places {
        let Some(evidence) = material.evidence.get(at) else { continue };
        for range in sentences(&evidence.text) {
            let words = on_one_line(&evidence.text[range]);
            if words.split(' ').count() >= 4 {
                all.push(Said { at, words });
            }
        }
    }
    all
}

/// Text on one line, words broken over two lines joined.
pub(super) fn on_one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for part in text.lines().map(str::trim).filter(|part| !part.is_empty()) {
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
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Takes the first so many that can be quoted and do not repeat one another.
fn choose(
    material: &Material,
    candidates: impl Iterator<Item = Said>,
    most: usize,
) -> (Vec<Said>, usize) {
    let mut chosen: Vec<Said> = Vec::new();
    let mut known: Vec<BTreeSet<String>> = Vec::new();
    let mut left = 0;
    for candidate in candidates {
        let words = terms(&candidate.words);
        let again = known.iter().any(|other| {
            let shared = other.intersection(&words).count();
            shared * 10 >= other.union(&words).count() * 7
        });
        if again {
            continue;
        }
        if chosen.len() == most {
            left += 1;
            continue;
        }
        if let Some(said) = candidate.quotable(material) {
            known.push(words);
            chosen.push(said);
        }
    }
    (chosen, left)
}

/// Writes quotations as a list, and how many more there are.
fn list(page: &mut Page, chosen: &[Said], left: usize) {
    for said in chosen {
        page.words("\n- ").quote(said);
    }
    if left > 0 {
        let more = if left == 1 { "sentence" } else { "sentences" };
        page.words(&format!("\n- and {left} more {more} of this kind in the document."));
    }
}

/// Writes what a document is, from what was read off it.
fn introduce(page: &mut Page, material: &Material, subject: &Subject) {
    page.heading(&subject.title);
    let Some(fact) = material.facts.get(subject.fact) else { return };
    if !fact.text.is_empty() {
        let plain = fact.text.replace(['\n', '*', '[', ']', '"', '“', '”', '„', '«', '»'], " ");
        page.words(&plain).words(" ").fact(subject.fact);
    }
}
