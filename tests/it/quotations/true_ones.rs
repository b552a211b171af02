//! Quotations that are true, however the page sets them.

use munshi::documents::TextPage;

use super::{Judgment, Seeded, all_sentences, evidence, is_struck};

/// How many of each kind.
const EACH: usize = 100;

/// A true quotation and the pages it stands on.
struct True {
    quote: String,
    pages: Vec<TextPage>,
}

pub(super) fn none_is_struck(judgments: &[Judgment]) {
    let mut seeded = Seeded::new(66);
    let mut struck = Vec::new();
    for (kind, mut cases) in [
        ("line breaks", over_lines(judgments)),
        ("hyphens", hyphened(judgments)),
        ("ligatures", with_ligatures(judgments)),
        ("page turns", over_pages(judgments)),
    ] {
        assert!(cases.len() >= EACH, "only {} for {kind}", cases.len());
        seeded.shuffle(&mut cases);
        for True { quote, pages } in cases.into_iter().take(EACH) {
            if is_struck(evidence(&pages), &quote) {
                struck.push(format!("{kind}: {quote}"));
            }
        }
    }
    assert!(struck.is_empty(), "{} struck:\n{}", struck.len(), struck.join("\n"));
}

/// Sentences that the page breaks over lines, quoted in one.
fn over_lines(judgments: &[Judgment]) -> Vec<True> {
    let all = all_sentences(judgments).into_iter();
    all.filter(|sentence| sentence.set.contains('\n') && !sentence.set.contains("-\n"))
        .map(|sentence| True {
            quote: sentence.line,
            pages: vec![judgments[sentence.judgment].pages[sentence.page].clone()],
        })
        .collect()
}

/// Sentences with a word broken by a hyphen at the end of a line, quoted without it: as
/// the judgments print them, and more with their own lines set that way.
fn hyphened(judgments: &[Judgment]) -> Vec<True> {
    let mut cases = Vec::new();
    for sentence in all_sentences(judgments) {
        let page = judgments[sentence.judgment].pages[sentence.page].clone();
        if let Some(at) = sentence.set.find("-\n") {
            let rest = sentence.set[at + 2..].trim_start();
            if rest.starts_with(|c: char| c.is_lowercase()) {
                let joined = format!("{}{rest}", &sentence.set[..at]);
                if !joined.contains("-\n") {
                    let quote = joined.split_whitespace().collect::<Vec<_>>().join(" ");
                    cases.push(True { quote, pages: vec![page] });
                }
            }
            continue;
        }
        // The longest plain word of the sentence, broken in its middle.
        let plain = |word: &&str| word.chars().all(|c| c.is_ascii_lowercase());
        let longest = sentence.set.split_whitespace().filter(plain).max_by_key(|word| word.len());
        let Some(word) = longest.filter(|word| word.len() > 7) else { continue };
        let broken = format!("{}-\n{}", &word[..4], &word[4..]);
        let set = sentence.set.replacen(word, &broken, 1);
        let text = page.text.replacen(&sentence.set, &set, 1);
        if text != page.text {
            cases.push(True { quote: sentence.line, pages: vec![TextPage { text, ..page }] });
        }
    }
    cases
}

const LIGATURES: [(&str, &str); 5] =
    [("ffi", "ﬃ"), ("ffl", "ﬄ"), ("ff", "ﬀ"), ("fi", "ﬁ"), ("fl", "ﬂ")];

fn set_with_ligatures(text: &str) -> String {
    LIGATURES.iter().fold(text.to_owned(), |text, (letters, one)| text.replace(letters, one))
}

/// Sentences whose letters the page prints as ligatures, or the answer writes so.
fn with_ligatures(judgments: &[Judgment]) -> Vec<True> {
    let mut cases = Vec::new();
    for sentence in all_sentences(judgments) {
        let set = set_with_ligatures(&sentence.line);
        if set == sentence.line || sentence.set.contains("-\n") {
            continue;
        }
        let page = judgments[sentence.judgment].pages[sentence.page].clone();
        if cases.len() % 2 == 0 {
            cases.push(True { quote: set, pages: vec![page] });
        } else {
            let text = set_with_ligatures(&page.text);
            cases.push(True { quote: sentence.line, pages: vec![TextPage { text, ..page }] });
        }
    }
    cases
}

/// What runs from one page to the next: the last words of one and the first of the other.
fn over_pages(judgments: &[Judgment]) -> Vec<True> {
    let mut cases = Vec::new();
    for judgment in judgments {
        for pair in judgment.pages.windows(2) {
            let last: Vec<&str> = pair[0].text.split_whitespace().collect();
            let first: Vec<&str> = pair[1].text.split_whitespace().collect();
            for (before, after) in [(6, 6), (4, 9), (9, 4), (5, 5), (8, 3), (3, 8)] {
                let (Some(from), Some(to)) = (last.len().checked_sub(before), first.get(..after))
                else {
                    continue;
                };
                let from = &last[from..];
                let plain = |words: &[&str]| {
                    words.iter().all(|word| {
                        let word = word.trim_end_matches([',', '.']);
                        word.len() > 1 && word.chars().all(|c| c.is_ascii_alphabetic())
                    })
                };
                // A sentence that runs on: the page neither ends with one nor begins one.
                let runs_on = from
                    .last()
                    .is_some_and(|word| word.chars().all(|c| c.is_ascii_lowercase()))
                    && to.first().is_some_and(|word| word.chars().all(|c| c.is_ascii_lowercase()));
                let negated = |word: &&str| {
                    matches!(word.to_lowercase().as_str(), "not" | "no" | "nor" | "never")
                };
                let cut = last.get(last.len() - before - 1).is_some_and(negated)
                    || first.get(after).is_some_and(negated);
                if plain(from) && plain(to) && runs_on && !cut {
                    let quote = format!("{} {}", from.join(" "), to.join(" "));
                    cases.push(True { quote, pages: pair.to_vec() });
                }
            }
        }
    }
    cases
}
