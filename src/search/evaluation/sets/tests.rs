//! Sets as they are found in the wild.

use std::fs;
use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::*;

struct Folder(tempfile::TempDir);

impl Folder {
    fn new(files: &[(&str, &str)]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = dir.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            let bytes = if path.extension().is_some_and(|ending| ending == "gz") {
                let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
                packed.write_all(text.as_bytes()).unwrap();
                packed.finish().unwrap()
            } else if path.extension().is_some_and(|ending| ending == "xz") {
                let mut packed = Vec::new();
                lzma_rs::xz_compress(&mut text.as_bytes(), &mut packed).unwrap();
                packed
            } else {
                text.as_bytes().to_vec()
            };
            fs::write(path, bytes).unwrap();
        }
        Self(dir)
    }

    fn read(&self) -> Result<RetrievalSet, SetError> {
        RetrievalSet::read(self.0.path(), None)
    }
}

const CORPUS: &str =
    "{\"id\": \"a\", \"title\": \"A\", \"text\": \"one\"}\n\n{\"_id\": 7, \"text\": \"seven\"}\n";
const QUERIES: &str =
    "{\"id\": \"q1\", \"text\": \"first\"}\n{\"_id\": \"q2\", \"text\": \"second\"}\n";

#[test]
fn judgments_are_read_with_and_without_a_heading_and_as_trec_writes_them() {
    let tabbed = "query-id\tcorpus-id\tscore\nq1\ta\t2\nq1\t7\t0\nq2\t7\t1\n";
    for (name, qrels) in [
        ("qrels.tsv", tabbed),
        ("qrels.tsv", &tabbed[tabbed.find('\n').unwrap() + 1..]),
        ("qrels/test.tsv", tabbed),
        ("qrels.txt", "q1 0 a 2\nq1 0 7 0\nq2 0 7 1\n"),
    ] {
        let set =
            Folder::new(&[("corpus.jsonl", CORPUS), ("queries.jsonl", QUERIES), (name, qrels)])
                .read()
                .unwrap();
        assert_eq!(set.documents[1].id, "7");
        assert_eq!(set.queries.len(), 2, "{qrels}");
        assert_eq!(set.queries[0].judged, Judged::from([(0, 2), (1, 0)]), "{qrels}");
        assert_eq!(set.queries[1].judged, Judged::from([(1, 1)]), "{qrels}");
    }
}

#[test]
fn packed_files_are_unpacked_and_documents_may_lie_elsewhere() {
    let corpus = Folder::new(&[("corpus.jsonl.xz", CORPUS)]);
    let queries = Folder::new(&[("queries.jsonl.gz", QUERIES), ("qrels.tsv", "q1\ta\t1\n")]);
    let set = RetrievalSet::read(queries.0.path(), Some(corpus.0.path())).unwrap();
    assert_eq!((set.documents.len(), set.queries.len(), set.without), (2, 1, 1));
    let missing = queries.read().unwrap_err().to_string();
    assert!(missing.contains("no documents") && missing.contains("--corpus"), "{missing}");
}

#[test]
fn spans_make_queries_and_name_the_documents_that_answer() {
    let tests = r#"{"tests": [
        {"query": "first", "snippets": [{"file_path": "a", "span": [0, 2], "answer": "on"}], "tags": []},
        {"query": "lost", "snippets": [{"file_path": "gone", "span": [0, 2]}]}]}"#;
    let alone = Folder::new(&[("corpus.jsonl", CORPUS), ("tests.json.gz", tests)]).read().unwrap();
    assert_eq!(alone.queries.len(), 1);
    assert_eq!(alone.queries[0].judged, Judged::from([(0, 1)]));
    assert_eq!(alone.queries[0].spans, [(0, 0..2)]);
    assert_eq!((alone.unknown, alone.without), (1, 1));
    let files = [("corpus.jsonl", CORPUS), ("tests.json", tests), ("queries.jsonl", QUERIES)];
    let beside = Folder::new(&files).read().unwrap();
    assert_eq!((beside.queries[0].id.as_str(), beside.queries[0].spans.len()), ("q1", 1));
}

#[test]
fn a_folder_of_texts_is_a_corpus() {
    let tests =
        r#"{"tests": [{"query": "x", "snippets": [{"file_path": "cuad/a.txt", "span": [1, 3]}]}]}"#;
    let set =
        Folder::new(&[("corpus/cuad/a.txt", "text"), ("corpus/b.txt", "b"), ("tests.json", tests)])
            .read()
            .unwrap();
    assert_eq!(set.documents[1].id, "cuad/a.txt");
    assert_eq!(set.queries[0].judged, Judged::from([(1, 1)]));
}

#[test]
fn what_is_wrong_is_said_with_its_line() {
    for (files, said) in [
        (vec![("corpus.jsonl", "{\"id\": 1}")], "line 1: missing field `text`"),
        (vec![("corpus.jsonl", CORPUS)], "no queries"),
        (vec![("corpus.jsonl", CORPUS), ("queries.jsonl", QUERIES)], "no judgments"),
        (
            vec![
                ("corpus.jsonl", CORPUS),
                ("queries.jsonl", QUERIES),
                ("qrels.tsv", "q1\ta\t1\nq2\ta\tgood"),
            ],
            "line 2: the grade `good`",
        ),
        (
            vec![("corpus.jsonl", CORPUS), ("queries.jsonl", QUERIES), ("qrels.tsv", "q1\tz\t1")],
            "no query has a relevant document",
        ),
        (vec![("corpus.jsonl.gz", CORPUS), ("queries.jsonl", "{")], "line 1"),
    ] {
        let error = Folder::new(&files).read().unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
    }
}
