//! Retrieval sets: documents, queries, and what should be found for each query.
//!
//! | what | file (each also `.gz` or `.xz`) |
//! |---|---|
//! | documents | `corpus.jsonl` or `documents.jsonl`: `{"id" or "_id", "title", "text"}`; or a folder `corpus` of text files |
//! | queries | `queries.jsonl`: `{"id" or "_id", "text"}` |
//! | judgments | `qrels.tsv`, `qrels.txt` or `qrels/test.tsv`: query, document, grade between tabs, or the four columns of TREC |
//! | spans | `tests.json` or `benchmark.json`: `{"tests": [{"query", "snippets": [{"file_path", "span": [from, to]}]}]}`, spans in characters |
//!
//! A set needs documents, and either queries with judgments or spans.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::files::{self, SetError};
use super::metrics::Judged;

/// The endings of files that hold one JSON value a line.
const LINES: &[&str] = &["jsonl", "ndjson", "json"];

/// A retrieval set.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RetrievalSet {
    /// The documents.
    pub documents: Vec<SetDocument>,
    /// The queries for which something should be found.
    pub queries: Vec<SetQuery>,
    /// How many judgments and spans name a document that the set does not have; they
    /// are left out.
    pub unknown: usize,
    /// How many queries have nothing relevant; they are left out.
    pub without: usize,
}

/// A document of a set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetDocument {
    /// Its name in the set.
    pub id: String,
    /// Its title; may be empty.
    pub title: String,
    /// Its text.
    pub text: String,
}

/// A query of a set.
#[derive(Debug, Clone, PartialEq)]
pub struct SetQuery {
    /// Its name in the set.
    pub id: String,
    /// What is asked.
    pub text: String,
    /// The grades of documents, by their place in the set.
    pub judged: Judged,
    /// The spans that answer it: the document's place in the set, and characters.
    pub spans: Vec<(usize, Range<usize>)>,
}

#[derive(Deserialize)]
struct DocumentLine {
    #[serde(alias = "_id", alias = "docid", alias = "doc_id")]
    id: Name,
    #[serde(default)]
    title: Option<String>,
    #[serde(alias = "contents", alias = "body")]
    text: String,
}

#[derive(Deserialize)]
struct QueryLine {
    #[serde(alias = "_id", alias = "qid", alias = "query_id")]
    id: Name,
    #[serde(alias = "query")]
    text: String,
}

/// A name, which some sets write as a number.
#[derive(Deserialize)]
#[serde(untagged)]
enum Name {
    Text(String),
    Number(i64),
}

impl From<Name> for String {
    fn from(name: Name) -> Self {
        match name {
            Name::Text(text) => text,
            Name::Number(number) => number.to_string(),
        }
    }
}

#[derive(Deserialize)]
struct Tests {
    tests: Vec<Test>,
}

#[derive(Deserialize)]
struct Test {
    query: String,
    #[serde(default)]
    snippets: Vec<Snippet>,
}

#[derive(Deserialize)]
struct Snippet {
    file_path: String,
    span: (usize, usize),
}

impl RetrievalSet {
    /// Reads the documents of a folder alone.
    ///
    /// # Errors
    /// Fails when there are none, or they cannot be read.
    pub fn documents_of(dir: &Path) -> Result<Vec<SetDocument>, SetError> {
        documents(dir)
    }

    /// Reads the queries and judgments of `dir`, and the documents of `corpus`, or of
    /// `dir` when it is left out.
    ///
    /// # Errors
    /// Fails when a file is missing, cannot be read, or is not what the format says, and
    /// when no query has anything relevant.
    pub fn read(dir: &Path, corpus: Option<&Path>) -> Result<Self, SetError> {
        let documents = documents(corpus.unwrap_or(dir))?;
        let mut places = BTreeMap::new();
        for (place, document) in documents.iter().enumerate() {
            places.entry(document.id.clone()).or_insert(place);
        }
        let mut set = Self { documents, ..Self::default() };
        let spans = spans(dir, &places, &mut set.unknown)?;
        let mut queries = match files::find(dir, &["queries", "query"], LINES) {
            Some(path) => judged_queries(dir, &path, &places, spans, &mut set.unknown)?,
            None if spans.is_empty() => {
                let names = "`queries.jsonl` or `tests.json`";
                return Err(SetError::Missing { dir: dir.to_owned(), what: "queries", names });
            }
            None => (0..).zip(spans).map(|(nth, spans)| of_spans(nth, spans)).collect(),
        };
        let all = queries.len();
        queries.retain(|query| query.judged.values().any(|grade| *grade > 0));
        set.without = all - queries.len();
        set.queries = queries;
        if set.queries.is_empty() {
            let reason = "no query has a relevant document in the set";
            return Err(SetError::Nothing { dir: dir.to_owned(), reason });
        }
        Ok(set)
    }
}

fn documents(dir: &Path) -> Result<Vec<SetDocument>, SetError> {
    if let Some(path) = files::find(dir, &["corpus", "documents"], LINES) {
        let lines: Vec<DocumentLine> = json_lines(&path)?;
        let document = |line: DocumentLine| SetDocument {
            id: line.id.into(),
            title: line.title.unwrap_or_default(),
            text: line.text,
        };
        return Ok(lines.into_iter().map(document).collect());
    }
    let folder = dir.join("corpus");
    if folder.is_dir() {
        let texts = files::texts(&folder)?;
        let document = |(id, text): (String, String)| {
            let title = Path::new(&id).file_stem().unwrap_or_default();
            SetDocument { title: title.to_string_lossy().into_owned(), id, text }
        };
        return Ok(texts.into_iter().map(document).collect());
    }
    let names = "`corpus.jsonl`, also `.gz` or `.xz`, or a folder `corpus`; name another folder \
                 with `--corpus DIR`";
    Err(SetError::Missing { dir: dir.to_owned(), what: "documents", names })
}

type Spans = Vec<(String, Vec<(usize, Range<usize>)>)>;

/// The queries of a span set and their spans; none when there is no such file.
fn spans(
    dir: &Path,
    places: &BTreeMap<String, usize>,
    unknown: &mut usize,
) -> Result<Spans, SetError> {
    let Some(path) = files::find(dir, &["tests", "benchmark"], &["json"]) else {
        return Ok(Vec::new());
    };
    let text = files::read(&path)?;
    let read: Tests = serde_json::from_str(&text).map_err(|error| SetError::Line {
        path,
        line: error.line(),
        reason: error.to_string(),
    })?;
    let mut spans = Vec::with_capacity(read.tests.len());
    for test in read.tests {
        let mut of_test = Vec::with_capacity(test.snippets.len());
        for snippet in test.snippets {
            match places.get(&snippet.file_path) {
                Some(&place) if snippet.span.0 < snippet.span.1 => {
                    of_test.push((place, snippet.span.0..snippet.span.1));
                }
                _ => *unknown += 1,
            }
        }
        spans.push((test.query, of_test));
    }
    Ok(spans)
}

/// A query that has spans only: their documents are its relevant ones.
fn of_spans(nth: usize, (text, spans): (String, Vec<(usize, Range<usize>)>)) -> SetQuery {
    let judged = spans.iter().map(|(document, _)| (*document, 1)).collect();
    SetQuery { id: format!("q{nth}"), text, judged, spans }
}

/// The queries of a file with their judgments, and their spans if a query of the same
/// text has some.
fn judged_queries(
    dir: &Path,
    path: &Path,
    places: &BTreeMap<String, usize>,
    spans: Spans,
    unknown: &mut usize,
) -> Result<Vec<SetQuery>, SetError> {
    let lines: Vec<QueryLine> = json_lines(path)?;
    let stems = ["qrels", "qrels/test", "qrels/dev", "judgments"];
    let mut judged = match files::find(dir, &stems, &["tsv", "txt", "qrels"]) {
        Some(path) => qrels(&path, places, unknown)?,
        None if !spans.is_empty() => BTreeMap::new(),
        None => {
            let names = "`qrels.tsv`, `qrels.txt` or `qrels/test.tsv`";
            return Err(SetError::Missing { dir: dir.to_owned(), what: "judgments", names });
        }
    };
    let mut spans: BTreeMap<String, Vec<(usize, Range<usize>)>> = spans.into_iter().collect();
    let query = |line: QueryLine| {
        let id: String = line.id.into();
        let spans = spans.remove(&line.text).unwrap_or_default();
        let judged = judged
            .remove(&id)
            .unwrap_or_else(|| spans.iter().map(|(document, _)| (*document, 1)).collect());
        SetQuery { id, text: line.text, judged, spans }
    };
    Ok(lines.into_iter().map(query).collect())
}

/// The grades of each query's documents. A first line whose grade is no number is a
/// heading.
fn qrels(
    path: &Path,
    places: &BTreeMap<String, usize>,
    unknown: &mut usize,
) -> Result<BTreeMap<String, Judged>, SetError> {
    let text = files::read(path)?;
    let mut judged: BTreeMap<String, Judged> = BTreeMap::new();
    for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        let tabbed: Vec<&str> = line.split('\t').map(str::trim).collect();
        let columns =
            if tabbed.len() > 2 { tabbed } else { line.split_whitespace().collect::<Vec<_>>() };
        let (query, document, grade) = match columns.as_slice() {
            [query, document, grade] | [query, _, document, grade] => (*query, *document, *grade),
            _ => {
                let reason = "a judgment has three columns, or four as in TREC".to_owned();
                return Err(SetError::Line { path: path.to_owned(), line: number, reason });
            }
        };
        let grade: i64 = match grade.parse() {
            Ok(grade) => grade,
            Err(_) if number == 1 => continue,
            Err(_) => {
                let reason = format!("the grade `{grade}` is not a whole number");
                return Err(SetError::Line { path: path.to_owned(), line: number, reason });
            }
        };
        let Some(&place) = places.get(document) else {
            *unknown += 1;
            continue;
        };
        // Grades below 0 mark what is worse than irrelevant, in some sets.
        let grade = u32::try_from(grade.max(0)).unwrap_or(u32::MAX);
        judged.entry(query.to_owned()).or_default().insert(place, grade);
    }
    Ok(judged)
}

fn json_lines<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>, SetError> {
    let text = files::read(path)?;
    let mut values = Vec::new();
    for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        values.push(serde_json::from_str(line).map_err(|error| SetError::Line {
            path: path.to_owned(),
            line: number,
            reason: error.to_string(),
        })?);
    }
    Ok(values)
}

#[cfg(test)]
mod tests;
