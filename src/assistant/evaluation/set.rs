//! Sets of questions with the spans that answer them.
//!
//! Any retrieval set can be asked ([`RetrievalSet`]); its spans are the answers, and
//! without spans its relevant documents are. A folder may have a file of its own form
//! instead, `questions.jsonl`, one question a line:
//!
//! ```text
//! {"id": "1", "question": "Who pays?", "spans": [{"document": "lease", "from": 10, "to": 80}]}
//! {"id": "2", "question": "Is it insured?", "within": ["lease"], "answerable": false}
//! ```
//!
//! Spans are in characters (Unicode code points). `within` asks of those documents only.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::Path;

use anyhow::Context;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::assistant::Understood;
use crate::search::evaluation::{RetrievalSet, SetDocument};

/// A question of a set.
#[derive(Debug, Clone, PartialEq)]
pub struct SetQuestion {
    /// Its name in the set.
    pub id: String,
    /// What is asked.
    pub text: String,
    /// The documents that answer it, by their places in the set.
    pub relevant: BTreeSet<usize>,
    /// The spans that answer it: the document's place, and characters.
    pub spans: Vec<(usize, Range<usize>)>,
    /// The documents it is asked of; all of them when empty.
    pub within: BTreeSet<usize>,
    /// Whether the documents it is asked of answer it.
    pub answerable: bool,
}

/// One half of a set's documents, with their questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Half {
    /// The half things are chosen on.
    Tuning,
    /// The half they are measured on and never chosen.
    HeldBack,
}

impl Half {
    /// Whether a document is in this half: the first byte of the SHA-256 of its name is
    /// even in the one and odd in the other.
    #[must_use]
    pub fn has(self, document: &str) -> bool {
        let even = Sha256::digest(document)[0].is_multiple_of(2);
        even == (self == Self::Tuning)
    }
}

/// Documents and the questions asked of them.
#[derive(Debug, Clone, Default)]
pub struct AnswerSet {
    /// The documents.
    pub documents: Vec<SetDocument>,
    /// The questions that have an answer, or are said to have none.
    pub questions: Vec<SetQuestion>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    id: String,
    question: String,
    #[serde(default)]
    spans: Vec<SpanLine>,
    #[serde(default)]
    within: Vec<String>,
    #[serde(default = "yes")]
    answerable: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SpanLine {
    document: String,
    from: usize,
    to: usize,
}

#[derive(Deserialize)]
struct OtherLine {
    #[serde(alias = "question", alias = "query")]
    text: String,
}

fn yes() -> bool {
    true
}

impl AnswerSet {
    /// Reads the set of a folder; its documents may be in another.
    ///
    /// # Errors
    /// Fails when a file is missing or cannot be read.
    pub fn read(dir: &Path, corpus: Option<&Path>) -> anyhow::Result<Self> {
        let own = dir.join("questions.jsonl");
        if own.is_file() {
            let documents = RetrievalSet::documents_of(corpus.unwrap_or(dir))?;
            let text = std::fs::read_to_string(&own)
                .with_context(|| format!("`{}` cannot be read", own.display()))?;
            let questions = lines(&text, &documents)
                .with_context(|| format!("`{}` is not as it should be", own.display()))?;
            return Ok(Self { documents, questions });
        }
        let RetrievalSet { documents, queries, .. } = RetrievalSet::read(dir, corpus)?;
        let questions = queries.into_iter().map(|query| SetQuestion {
            id: query.id,
            text: query.text,
            relevant: query
                .judged
                .into_iter()
                .filter_map(|(place, grade)| (grade > 0).then_some(place))
                .collect(),
            spans: query.spans,
            within: BTreeSet::new(),
            answerable: true,
        });
        Ok(Self { questions: questions.collect(), documents })
    }

    /// Keeps the questions that one half of the documents answers.
    pub fn keep_half(&mut self, half: Half) {
        let documents = &self.documents;
        let has = |place: &usize| documents.get(*place).is_some_and(|one| half.has(&one.id));
        self.questions.retain(|question| {
            let of = question.relevant.iter().chain(&question.within).next();
            of.is_some_and(has)
        });
    }

    /// Keeps so many questions, drawn by a seed: the same ones each time.
    pub fn draw(&mut self, count: usize, seed: u64) {
        self.questions.sort_by_cached_key(|question| drawn(seed, &question.id));
        self.questions.truncate(count);
    }

    /// Asks each question of the documents that answer it only.
    pub fn of_their_documents(&mut self) {
        for question in &mut self.questions {
            if question.within.is_empty() {
                question.within = question.relevant.clone();
            }
        }
    }

    /// Questions without an answer: what the questions of `all` ask, asked of a document
    /// for which no question of the set asks the same. A set in which each question asks
    /// something else has none: whether its other documents answer is not known.
    #[must_use]
    pub fn unanswerable(&self, all: &Self, count: usize, seed: u64) -> Vec<SetQuestion> {
        let mut answered: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
        for question in &all.questions {
            let asked = Understood::read(&question.text, &[]).asked;
            answered.entry(asked).or_default().extend(&question.relevant);
        }
        let mut made = Vec::new();
        let mut of: Vec<usize> =
            self.questions.iter().flat_map(|question| question.relevant.clone()).collect();
        of.sort_unstable();
        of.dedup();
        for (asked, has) in answered.iter().filter(|(_, has)| has.len() > 1) {
            for place in of.iter().filter(|place| !has.contains(place)) {
                made.push(SetQuestion {
                    id: format!("none-{place}-{asked}"),
                    text: asked.clone(),
                    relevant: BTreeSet::new(),
                    spans: Vec::new(),
                    within: BTreeSet::from([*place]),
                    answerable: false,
                });
            }
        }
        made.sort_by_cached_key(|question| drawn(seed, &question.id));
        made.truncate(count);
        made
    }

    /// Questions of another set, which this one's documents do not answer, each asked of
    /// all of them. The file has one question a line, as `text`, `question` or `query`.
    ///
    /// # Errors
    /// Fails when the file cannot be read.
    pub fn others(path: &Path, count: usize, seed: u64) -> anyhow::Result<Vec<SetQuestion>> {
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("`{}` cannot be read", path.display()))?;
        let mut made = Vec::new();
        for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
            let line: OtherLine = serde_json::from_str(line)
                .with_context(|| format!("`{}`, line {number}", path.display()))?;
            made.push(SetQuestion {
                id: format!("other-{number}"),
                text: line.text,
                relevant: BTreeSet::new(),
                spans: Vec::new(),
                within: BTreeSet::new(),
                answerable: false,
            });
        }
        made.sort_by_cached_key(|question| drawn(seed, &question.id));
        made.truncate(count);
        Ok(made)
    }
}

/// The place of a question in the order of a seed.
fn drawn(seed: u64, id: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(seed.to_le_bytes());
    hash.update(id);
    hash.finalize().into()
}

fn lines(text: &str, documents: &[SetDocument]) -> anyhow::Result<Vec<SetQuestion>> {
    let places: BTreeMap<&str, usize> =
        documents.iter().enumerate().map(|(place, one)| (one.id.as_str(), place)).collect();
    let place = |name: &str| {
        let found = places.get(name).copied();
        found.with_context(|| format!("there is no document `{name}` in the set"))
    };
    let mut questions = Vec::new();
    for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        let line: Line = serde_json::from_str(line).with_context(|| format!("line {number}"))?;
        let mut spans = Vec::new();
        for span in &line.spans {
            spans.push((place(&span.document)?, span.from..span.to));
        }
        let within = line.within.iter().map(|name| place(name)).collect::<Result<_, _>>()?;
        questions.push(SetQuestion {
            id: line.id,
            text: line.question,
            relevant: spans.iter().map(|(place, _)| *place).collect(),
            spans,
            within,
            answerable: line.answerable,
        });
    }
    Ok(questions)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        let corpus = r#"{"id":"a","title":"Lease","text":"The rent is Rs 5."}
{"id":"b","title":"Licence","text":"The fee is Rs 9."}"#;
        std::fs::write(dir.path().join("corpus.jsonl"), corpus).unwrap();
        dir
    }

    #[test]
    fn questions_of_the_own_form_are_read() {
        let dir = folder();
        let questions = r#"{"id":"1","question":"What is the rent?","spans":[{"document":"a","from":0,"to":17}]}
{"id":"2","question":"Is it insured?","within":["b"],"answerable":false}"#;
        std::fs::write(dir.path().join("questions.jsonl"), questions).unwrap();
        let set = AnswerSet::read(dir.path(), None).unwrap();
        assert_eq!(set.questions[0].spans, [(0, 0..17)]);
        assert!(!set.questions[1].answerable && set.questions[1].within.contains(&1));
        std::fs::write(dir.path().join("questions.jsonl"), questions.replace("\"b\"", "\"c\""))
            .unwrap();
        let error = AnswerSet::read(dir.path(), None).unwrap_err();
        assert!(format!("{error:#}").contains("no document `c`"), "{error:#}");
    }

    #[test]
    fn what_no_document_answers_is_asked_of_those_that_do_not() {
        let dir = folder();
        let tests = r#"{"tests":[
            {"query":"Consider the Lease; What is the rent?","snippets":[{"file_path":"a","span":[0,17]}]},
            {"query":"Consider the Licence; Is there a fee?","snippets":[{"file_path":"b","span":[0,16]}]},
            {"query":"Consider the Lease; Who signed?","snippets":[{"file_path":"a","span":[0,4]}]},
            {"query":"Consider the Licence; Who signed?","snippets":[{"file_path":"b","span":[0,4]}]}]}"#;
        std::fs::write(dir.path().join("tests.json"), tests).unwrap();
        let set = AnswerSet::read(dir.path(), None).unwrap();
        // Only what is asked of several documents is known to be a kind of question.
        assert!(set.unanswerable(&set, 10, 1).is_empty());
        let mut more = set.clone();
        let mut third = set.questions[0].clone();
        third.relevant = BTreeSet::from([7]);
        more.questions.push(third);
        let made = set.unanswerable(&more, 10, 1);
        assert_eq!(made.len(), 1);
        assert_eq!(
            (made[0].text.as_str(), &made[0].within),
            ("What is the rent?", &BTreeSet::from([1]))
        );
        let mut drawn = set.clone();
        drawn.draw(2, 7);
        let mut again = set.clone();
        again.draw(2, 7);
        assert_eq!(drawn.questions, again.questions);
    }

    #[test]
    fn the_halves_share_no_document() {
        let (mut tuning, mut held) = (0, 0);
        for nth in 0..200 {
            let name = format!("document {nth}");
            assert_ne!(Half::Tuning.has(&name), Half::HeldBack.has(&name));
            tuning += u32::from(Half::Tuning.has(&name));
            held += u32::from(Half::HeldBack.has(&name));
        }
        assert!(tuning > 60 && held > 60);
    }
}
