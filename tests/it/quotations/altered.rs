//! Quotations altered in one place.

use super::{Judgment, Seeded, Sentence, all_sentences, evidence, is_struck};

/// How many of each kind.
const EACH: usize = 80;

type Alter = fn(&str, &mut Seeded, &[String]) -> Option<String>;

const KINDS: [(&str, Alter); 5] = [
    ("a digit", digit),
    ("a name", name),
    ("a negation", negation),
    ("a section number", section),
    ("a swapped clause", swapped),
];

pub(super) fn all_are_struck(judgments: &[Judgment]) {
    let mut sentences = all_sentences(judgments);
    let names = names(&sentences);
    let mut seeded = Seeded::new(6);
    let mut passed = Vec::new();
    for (kind, alter) in KINDS {
        seeded.shuffle(&mut sentences);
        let mut count = 0;
        // A judgment has fewer sentences with a section than alterations are wanted of:
        // the same sentence is altered again, in another place.
        for sentence in sentences.iter().cycle().take(sentences.len() * 6) {
            if count == EACH {
                break;
            }
            let Some(altered) = altered(sentence, alter, &mut seeded, &names) else { continue };
            let pages = &judgments[sentence.judgment].pages;
            let around =
                &pages[sentence.page.saturating_sub(1)..(sentence.page + 2).min(pages.len())];
            count += 1;
            if !is_struck(evidence(around), &altered) {
                passed.push(format!("{kind}: {altered}\n    of: {}", sentence.line));
            }
        }
        assert_eq!(count, EACH, "too few sentences for {kind}");
    }
    assert!(passed.is_empty(), "{} passed:\n{}", passed.len(), passed.join("\n"));
}

fn altered(
    sentence: &Sentence,
    alter: Alter,
    seeded: &mut Seeded,
    names: &[String],
) -> Option<String> {
    let altered = alter(&sentence.line, seeded, names)?;
    (altered != sentence.line).then_some(altered)
}

fn pick<T: Clone>(list: &[T], seeded: &mut Seeded) -> Option<T> {
    (!list.is_empty()).then(|| list[seeded.below(list.len())].clone())
}

fn digit(line: &str, seeded: &mut Seeded, _: &[String]) -> Option<String> {
    let places: Vec<usize> =
        line.char_indices().filter(|(_, c)| c.is_ascii_digit()).map(|(at, _)| at).collect();
    let at = pick(&places, seeded)?;
    change_digit(line, at, seeded)
}

fn change_digit(line: &str, at: usize, seeded: &mut Seeded) -> Option<String> {
    let before = line.as_bytes()[at] - b'0';
    let after = (before + 1 + u8::try_from(seeded.below(9)).ok()?) % 10;
    Some(format!("{}{after}{}", &line[..at], &line[at + 1..]))
}

/// Words that are names: with a capital, inside a sentence.
fn names(sentences: &[Sentence]) -> Vec<String> {
    let mut names: Vec<String> =
        sentences.iter().flat_map(|sentence| named(&sentence.line)).collect();
    names.sort();
    names.dedup();
    names
}

fn named(line: &str) -> Vec<String> {
    let words =
        line.split(' ').skip(1).map(|word| word.trim_matches([',', '.', ';', ':', '(', ')']));
    words
        .filter(|word| word.len() > 3 && word.starts_with(|c: char| c.is_ascii_uppercase()))
        .filter(|word| word[1..].chars().all(|c| c.is_ascii_lowercase()))
        .map(str::to_owned)
        .collect()
}

fn name(line: &str, seeded: &mut Seeded, names: &[String]) -> Option<String> {
    let from = pick(&named(line), seeded)?;
    let to = pick(names, seeded).filter(|to| *to != from)?;
    Some(line.replacen(&format!(" {from}"), &format!(" {to}"), 1))
}

fn negation(line: &str, seeded: &mut Seeded, _: &[String]) -> Option<String> {
    let dropped = [" not ", " never ", " no ", " cannot "];
    let drops: Vec<String> = dropped
        .iter()
        .filter(|word| line.contains(**word))
        .map(|word| line.replacen(word, if *word == " cannot " { " can " } else { " " }, 1))
        .collect();
    if let Some(dropped) = pick(&drops, seeded) {
        return Some(dropped);
    }
    let adds: Vec<String> =
        [" is ", " was ", " were ", " has ", " had ", " shall ", " can ", " may ", " be "]
            .iter()
            .filter(|word| line.contains(**word))
            .map(|word| line.replacen(word, &format!("{word}not "), 1))
            .collect();
    pick(&adds, seeded)
}

fn section(line: &str, seeded: &mut Seeded, _: &[String]) -> Option<String> {
    let shape =
        regex::Regex::new(r"(?:[Ss]ections?|[Aa]rticles?|[Rr]ule|[Ss]ec\.)\s+(\d+)").unwrap();
    let numbers: Vec<_> = shape.captures_iter(line).filter_map(|hit| hit.get(1)).collect();
    let number = pick(&numbers, seeded)?;
    let digits: Vec<usize> = number.range().collect();
    change_digit(line, pick(&digits, seeded)?, seeded)
}

fn swapped(line: &str, seeded: &mut Seeded, _: &[String]) -> Option<String> {
    let body = line.trim_end_matches('.');
    let words: Vec<&str> = body.split(' ').collect();
    // Two stretches of three words or more change places.
    let middle = 3 + seeded.below(words.len().saturating_sub(6));
    let (first, second) = words.split_at(middle);
    (first.len() >= 3 && second.len() >= 3 && first != second)
        .then(|| format!("{} {}.", second.join(" "), first.join(" ")))
}
