//! A small set, from its files to its figures.

use std::fs;
use std::sync::Arc;

use async_trait::async_trait;

use super::*;
use crate::kernel::{OrganisationId, Reach, Role, Scope, UserId};
use crate::vectors::{EmbedError, Embedded, Embedder, FlatStores, Purpose, VectorStores};

const CORPUS: &str = concat!(
    "{\"id\": \"lease\", \"title\": \"Lease\", \"text\": \"The lessee shall vacate the premises when the lease ends.\"}\n",
    "{\"id\": \"cheque\", \"title\": \"Cheque\", \"text\": \"The cheque was returned unpaid for want of funds.\"}\n",
    "{\"id\": \"bail\", \"title\": \"Bail\", \"text\": \"Bail was refused by the sessions court.\"}\n",
);

const TESTS: &str = r#"{"tests": [
    {"query": "cheque returned", "snippets": [{"file_path": "cheque", "span": [0, 30]}]},
    {"query": "eviction of tenants", "snippets": [{"file_path": "lease", "span": [0, 57]}]}
]}"#;

/// A model that knows which words mean the same: three meanings, a dimension each.
struct Meanings;

#[async_trait]
impl Embedder for Meanings {
    fn model(&self) -> &'static str {
        "meanings"
    }

    fn provider(&self) -> &'static str {
        "in-process"
    }

    fn dimensions(&self) -> usize {
        3
    }

    fn max_tokens(&self) -> usize {
        100
    }

    fn count_tokens(&self, text: &str) -> usize {
        text.len()
    }

    async fn embed(&self, texts: &[String], _: Purpose) -> Result<Embedded, EmbedError> {
        let vector = |text: &String| {
            let text = text.to_lowercase();
            let has = |words: &[&str]| {
                if words.iter().any(|word| text.contains(word)) { 1.0 } else { 0.0 }
            };
            vec![has(&["lessee", "tenant"]), has(&["cheque"]), has(&["bail"])]
        };
        Ok(Embedded { vectors: texts.iter().map(vector).collect(), tokens: 0 })
    }
}

async fn measured(with_meaning: bool) -> Report {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("corpus.jsonl"), CORPUS).unwrap();
    fs::write(dir.path().join("tests.json"), TESTS).unwrap();
    let set = RetrievalSet::read(dir.path(), None).unwrap();
    let org = OrganisationId::new();
    let scope = Scope::granted(org, UserId::new(), Role::Admin, Reach::Organisation);
    let store = FlatStores::new(dir.path().join("vectors")).open("meanings", 3).await.unwrap();
    let cache = dir.path().join("cache");
    let meaning =
        with_meaning.then(|| Meaning { embedder: Arc::new(Meanings), store, cache: &cache });
    let index = dir.path().join("index");
    let bench = Bench::build(&scope, &set, &index, meaning, &|_, _| ()).await.unwrap();
    bench.measure(&set, &|_, _| ()).await.unwrap()
}

fn close(left: f64, right: f64) -> bool {
    (left - right).abs() < 1e-9
}

#[tokio::test(flavor = "multi_thread")]
async fn words_find_what_has_them_and_meaning_what_has_none() {
    let report = measured(true).await;
    assert_eq!((report.documents, report.passages, report.queries), (3, 3, 2));
    let [lexical, semantic, hybrid] = report.rows.as_slice() else { panic!("{report:?}") };
    // Nobody says eviction or tenants: words find one of the two.
    assert!(close(lexical.figures.mrr, 0.5), "{report:?}");
    assert!(close(semantic.figures.ndcg_10, 1.0), "{report:?}");
    assert!(close(hybrid.figures.ndcg_10, 1.0), "{report:?}");
    assert_eq!(hybrid.side, Side::Hybrid);
    // The first 30 of the cheque's 49 characters, and the whole lease, are asked for.
    let characters = semantic.figures.characters[0];
    assert_eq!(characters.budget, 2_000);
    assert!(close(characters.recall, 1.0), "{report:?}");
    assert!(close(characters.precision, f64::midpoint(30.0 / 49.0, 1.0)), "{report:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_model_only_words_are_measured() {
    let report = measured(false).await;
    assert_eq!(report.model, None);
    assert_eq!(report.rows.len(), 1);
    assert_eq!(report.rows[0].side, Side::Lexical);
    let first = report.rows[0].figures.recall[0];
    assert!(first.k == 1 && close(first.value, 0.5), "{report:?}");
}
