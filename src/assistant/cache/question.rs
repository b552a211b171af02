//! When two questions are the same.
//!
//! They are when their words are, in the same order, after what search does to words
//! (case, spelling of references and digits, inflection) and without the words that only
//! make a sentence polite or complete. Nearness in meaning is no measure here: `Was the
//! appeal allowed?` and `Was the appeal dismissed?` lie nearer to each other than many a
//! question to its own paraphrase, and so do two dates or two parties changed about.

use crate::search::analyse;

/// Words that ask for nothing. Prepositions stay (a notice *to* is none *from*), and so do
/// words that deny, count or ask: `who` and `when` are different questions.
const EMPTY: &[&str] = &[
    "a",
    "an",
    "the",
    "please",
    "pls",
    "kindly",
    "tell",
    "me",
    "us",
    "can",
    "could",
    "you",
    "would",
    "did",
    "do",
    "does",
    "explain",
    "say",
    "there",
    "कृपया",
    "बताइए",
    "बताएं",
    "बताओ",
];

/// The words a question is known by.
pub(super) fn words(question: &str) -> Vec<String> {
    let said = question.replace(['‘', '’'], "'");
    analyse(&said)
        .into_iter()
        .filter(|token| !token.implied && !EMPTY.contains(&token.exact.as_str()))
        .map(|token| token.stem.unwrap_or(token.exact))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn the_same_question_in_other_clothes_is_the_same() {
        for (one, other) in [
            ("What did the court hold on limitation?", "what does the court hold on  limitation"),
            ("Who signed the lease?", "Please tell me: who signed the lease?"),
            ("Was I.A. No. 5 of 2023 allowed?", "was IA 5/2023 allowed"),
            ("What is the amount of the cheque?", "What is the amount of the cheques?"),
            ("जमानत का क्या हुआ?", "कृपया बताइए, जमानत का क्या हुआ"),
        ] {
            assert_eq!(words(one), words(other), "{one}");
        }
    }

    #[test]
    fn another_question_is_another_however_like_it() {
        for (one, other) in [
            ("Was the appeal allowed?", "Was the appeal dismissed?"),
            ("Was the appeal allowed?", "Was the appeal not allowed?"),
            ("What happened on 12.03.2019?", "What happened on 13.03.2019?"),
            ("Did Sharma sue Gupta?", "Did Gupta sue Sharma?"),
            ("Who signed the lease?", "When was the lease signed?"),
            ("What was paid to Rao?", "What was paid by Rao?"),
            ("Does section 138 apply?", "Does section 139 apply?"),
            ("Rs. 5 lakh paid?", "Rs. 5 crore paid?"),
        ] {
            assert_ne!(words(one), words(other), "{one}");
        }
    }
}
