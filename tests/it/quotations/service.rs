//! The same through the whole service, with a model that alters what it quotes.

use std::fmt::Write as _;

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::chamber;
use crate::support::scripted_llm::{Script, ScriptedLlm};

/// How many quotations a round of questions must come to.
const SAMPLE: usize = 40;

const QUESTIONS: [&str; 12] = [
    "What did the court hold on the appeal?",
    "What was said of the evidence of the witnesses?",
    "Which section applies to the offence?",
    "What did the High Court decide?",
    "What relief was granted to the appellant?",
    "What were the facts of the case?",
    "How was the agreement read by the court?",
    "What was argued for the respondent?",
    "What was said of compensation?",
    "Which notice was given, and when?",
    "What is the duty of the State?",
    "What did the trial court find?",
];

/// Sentences of the passages in a prompt that can be quoted.
fn quotable(prompt: &str) -> Vec<String> {
    let flat = prompt.split_whitespace().collect::<Vec<_>>().join(" ");
    flat.split(". ")
        .map(str::trim)
        .filter(|sentence| {
            let count = sentence.split(' ').count();
            (8..40).contains(&count)
                && sentence.starts_with(|c: char| c.is_ascii_uppercase())
                && sentence.contains(" the ")
                && !sentence.contains("- ")
                && !sentence.contains(" not")
                && sentence.ends_with(|c: char| c.is_ascii_lowercase())
                && !sentence.contains([
                    '"', '“', '”', '[', ']', '<', '>', '\'', '’', '‘', '*', '`', '{', '#',
                ])
        })
        .map(str::to_owned)
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_that_alters_quotations_is_caught_by_the_service() {
    let said: Arc<Mutex<Vec<(String, String)>>> = Arc::default();
    let sayings = Arc::clone(&said);
    let script = Script::reply(move |request: &Value| {
        let messages = request["messages"].as_array().cloned().unwrap_or_default();
        let prompt = messages.last().and_then(|m| m["content"].as_str()).unwrap_or("").to_owned();
        let mut answer = String::new();
        for sentence in quotable(&prompt).into_iter().rev().take(4) {
            let words: Vec<&str> = sentence.split(' ').collect();
            let altered = format!("{} {} {}", words[..3].join(" "), "not", words[3..].join(" "));
            let _ = write!(answer, "It says \"{sentence}\". It says \"{altered}\".\n\n");
            sayings.lock().unwrap().push((sentence, altered));
        }
        if answer.is_empty() { "Nothing to quote.".to_owned() } else { answer }
    });
    let llm = ScriptedLlm::start(vec![script]).await.unwrap();
    let settings = format!(
        "llm.base_url = {:?}\nllm.model = \"scripted\"\nllm.api_key = \"k\"",
        llm.base_url()
    );
    let Some((_app, admin, case)) = chamber(&settings).await else { return };
    let (mut stood, mut struck) = (0, 0);
    for question in QUESTIONS {
        if stood + struck >= SAMPLE {
            break;
        }
        said.lock().unwrap().clear();
        let body = json!({ "question": question, "case_id": case });
        let answer = admin.post("/api/v1/ask", body).await.body;
        assert_eq!(answer["label"], "Answered by scripted", "{answer}");
        let text = answer["text"].as_str().unwrap();
        let said = said.lock().unwrap().clone();
        let counts = &answer["verification"];
        assert_eq!(counts["quotes"], said.len() * 2, "{answer}");
        for (sentence, altered) in &said {
            assert!(!text.contains(altered.as_str()), "{altered}\nleft in {text}");
            assert!(text.contains(sentence.as_str()), "{sentence}\nwas struck from {text}");
        }
        assert_eq!(
            counts["struck"]["quotation"].as_u64().unwrap_or(0),
            said.len() as u64,
            "{answer}"
        );
        assert_eq!(counts["verified"], said.len(), "{answer}");
        stood += said.len();
        struck += said.len();
    }
    assert!(stood + struck >= SAMPLE, "only {stood} stood and {struck} were struck");
}
