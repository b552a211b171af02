//! What is quoted, and what is not.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::sync::Arc;

use flate2::read::GzDecoder;

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
    answer(question, question, &evidence())
        .sentences
        .into_iter()
        .map(|chosen| chosen.quote)
        .collect()
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
        let extract = answer(question, question, &evidence());
        assert_eq!(extract.text, NOT_FOUND, "{question}");
        assert!(extract.sentences.is_empty());
    }
    assert_eq!(answer("anything", "anything", &[]).text, NOT_FOUND);
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
        let extract = answer(question, question, &evidence());
        let events = parse_complete(Arc::from(evidence()), &extract.text);
        let cited =
            events.iter().filter(|event| matches!(event, GateEvent::Cited { quote: Some(_), .. }));
        assert_eq!(cited.count(), extract.sentences.len(), "{question}: {events:?}");
        let text: String = events
            .iter()
            .filter_map(|event| match event {
                GateEvent::Text(text) => Some(text.as_str()),
                _ => None,
            })
            .collect();
        // Marks inside a quotation are shown single.
        let shown =
            if text.contains('“') { extract.text.replace('"', "'") } else { extract.text };
        assert_eq!(text, shown, "{question}");
    }
}

#[test]
fn sentences_that_repeat_each_other_are_quoted_once() {
    let same = "The security deposit of the tenant is refundable on vacating the premises.";
    let evidence: Vec<_> = (1..=6).map(|number| samples::page(number, same)).collect();
    assert_eq!(
        answer(
            "Is the security deposit refundable?",
            "Is the security deposit refundable?",
            &evidence
        )
        .sentences
        .len(),
        1
    );
}

#[test]
fn a_question_that_goes_on_is_answered_of_what_it_asks_anew() {
    let papers = [
        samples::page(
            1,
            "The tenant shall pay a rent of Rs. 45,000 for each month to the landlord.",
        ),
        samples::page(3, "The tenant shall not sublet the godown at Bhiwandi without leave."),
        samples::page(
            2,
            "The licensee shall pay a fee of Rs. 9,000 for each month to the licensor.",
        ),
    ];
    let first = "What rent shall the tenant pay for the godown?";
    let quoted = |question, own| answer(question, own, &papers).sentences[0].number;
    assert_eq!(quoted(first, first), 1);
    assert_eq!(quoted("and the licensee (rent tenant pay godown)?", "and the licensee?"), 2);
}

/// The gate judges what is written here as it judges a model's words. Nothing of it may be
/// struck, whatever marks real contracts have.
#[test]
fn what_is_quoted_of_real_contracts_passes_the_gate() {
    let data = std::env::var_os("MUNSHI_TEST_DATA").unwrap_or_else(|| "../shared/data".into());
    let corpus = Path::new(&data).join("retrieval/cuad-spans/corpus.jsonl.gz");
    let corpus = GzDecoder::new(File::open(corpus).unwrap());
    let mut struck = Vec::new();
    let mut count = 0;
    for line in BufReader::new(corpus).lines().take(6) {
        let paper: serde_json::Value = serde_json::from_str(&line.unwrap()).unwrap();
        let letters: Vec<char> = paper["text"].as_str().unwrap().chars().collect();
        for text in letters.chunks(2_500) {
            let page = [samples::page(1, &text.iter().collect::<String>())];
            for chosen in candidates(&page, None).into_iter().filter_map(Candidate::chosen) {
                count += 1;
                let said = written(std::slice::from_ref(&chosen));
                let events = parse_complete(Arc::from(page.to_vec()), &said);
                let cited =
                    |event: &GateEvent| matches!(event, GateEvent::Cited { quote: Some(_), .. });
                if !events.iter().any(cited) {
                    struck.push(chosen.quote);
                }
            }
        }
    }
    assert!(count > 1_000, "only {count} sentences");
    assert!(struck.is_empty(), "{} of {count} struck: {struck:#?}", struck.len());
}
