//! The model against the reference, on texts of this domain.
//!
//! The expected numbers come from an independent forward pass in double precision
//! over the same weights.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::*;

fn dir() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("models/all-MiniLM-L6-v2")
}

fn model() -> MiniLm {
    MiniLm::load(&dir()).unwrap_or_else(|error| panic!("{error}"))
}

fn exact_model() -> MiniLm {
    MiniLm::load_exact(&dir()).unwrap_or_else(|error| panic!("{error}"))
}

async fn vectors(model: &MiniLm, texts: &[&str]) -> Vec<Vec<f32>> {
    let texts: Vec<String> = texts.iter().map(ToString::to_string).collect();
    model.embed(&texts, Purpose::Passage).await.unwrap().vectors
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// Texts and the first numbers of their vectors.
const GOLDEN: [(&str, [f32; 8]); 3] = [
    (
        "Section 138 of the Negotiable Instruments Act punishes the dishonour of a cheque.",
        [
            -0.052_406, 0.067_943, -0.022_334, -0.061_544, -0.140_870, 0.041_733, 0.058_120,
            -0.004_051,
        ],
    ),
    (
        "The appellant was granted anticipatory bail by the High Court of Delhi.",
        [
            -0.046_118, 0.120_039, -0.021_649, -0.091_620, 0.014_750, -0.016_227, 0.065_861,
            0.045_836,
        ],
    ),
    (
        "क्या अग्रिम जमानत मिल सकती है?",
        [
            -0.048_610, 0.047_148, -0.031_482, 0.001_111, -0.071_523, -0.005_667, 0.089_035,
            -0.017_621,
        ],
    ),
];

#[tokio::test]
async fn exact_vectors_are_those_of_the_reference() {
    let model = exact_model();
    assert_eq!(model.path(), "32-bit numbers");
    let texts: Vec<&str> = GOLDEN.iter().map(|(text, _)| *text).collect();
    for (vector, (text, expected)) in vectors(&model, &texts).await.iter().zip(GOLDEN) {
        assert_eq!(vector.len(), 384);
        assert!((dot(vector, vector) - 1.0).abs() < 1e-5);
        for (number, expected) in vector.iter().zip(expected) {
            assert!((number - expected).abs() < 2e-5, "`{text}`: {:?}", &vector[..8]);
        }
    }
}

#[tokio::test]
async fn vectors_by_eight_bits_point_where_the_exact_ones_do() {
    let long = "The High Court held that the plaintiff, having failed to aver readiness and \
        willingness to perform his part of the contract, was not entitled to a decree of \
        specific performance under section 16(c) of the Specific Relief Act, 1963. "
        .repeat(4);
    let mut texts: Vec<&str> = GOLDEN.iter().map(|(text, _)| *text).collect();
    texts.extend(["bail", "limitation for filing an appeal", &long]);
    let (coded, exact) = (model(), exact_model());
    let pairs = vectors(&coded, &texts).await.into_iter().zip(vectors(&exact, &texts).await);
    for ((coded, exact), text) in pairs.zip(texts) {
        let cosine = dot(&coded, &exact);
        assert!(cosine > 0.995, "`{text}`: {cosine}");
    }
}

#[tokio::test]
async fn a_vector_does_not_depend_on_its_batch() {
    let model = model();
    let long = "The plaintiff prays for a decree of specific performance. ".repeat(8);
    let mut texts: Vec<&str> = GOLDEN.iter().map(|(text, _)| *text).collect();
    texts.extend(["", &long, "costs"]);
    let together = vectors(&model, &texts).await;
    for (text, vector) in texts.iter().zip(together) {
        let alone = &vectors(&model, &[text]).await[0];
        assert!(dot(&vector, alone) > 0.999_99, "`{text}`");
    }
}

#[tokio::test]
async fn text_beyond_the_last_token_is_not_read() {
    let model = model();
    let head = "bail ".repeat(300);
    let texts = [head.clone(), format!("{head} and a wholly different ending")];
    assert_eq!(model.count_tokens(&head), 302);
    let embedded = model.embed(&texts, Purpose::Query).await.unwrap();
    assert_eq!(embedded.tokens, 512);
    assert_eq!(embedded.vectors[0], embedded.vectors[1]);
}

#[tokio::test]
async fn a_query_overtakes_a_backlog_of_passages() {
    let model = Arc::new(model());
    let passage = "The High Court dismissed the appeal with costs. ".repeat(10);
    let passages = vec![passage; 40];
    let backlog = tokio::spawn({
        let model = model.clone();
        async move {
            model.embed(&passages, Purpose::Passage).await.unwrap();
            Instant::now()
        }
    });
    tokio::time::sleep(Duration::from_millis(10)).await;
    model.embed(&["limitation".to_string()], Purpose::Query).await.unwrap();
    let answered = Instant::now();
    assert!(answered < backlog.await.unwrap());
}

#[test]
fn a_missing_model_says_how_to_get_it() {
    let error = MiniLm::load(std::path::Path::new("no-such-directory")).err().unwrap();
    assert_eq!(error.to_string(), "the embedding model is not in `models/`; run `make model`");
}
