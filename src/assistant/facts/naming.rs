//! Which case or client a name in a question means.
//!
//! Names are compared by their words: case, accents, honorifics (`Shri`, `M/s`), what a
//! company is (`Pvt. Ltd.`) and how `versus` is written make no difference. Every word of
//! the question's name must be one of the other, up to a slip of one letter in a long word.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;

use crate::cases::CaseName;
use crate::clients::Client;

/// The fewest letters of a word in which a slip is forgiven.
const LONG: usize = 6;

/// Words that stand beside names and are none.
const BESIDE: &[&str] = &[
    "mr", "mrs", "ms", "m", "s", "shri", "sri", "smt", "kumari", "dr", "adv", "advocate", "messrs",
    "pvt", "private", "ltd", "limited", "llp", "co", "company", "inc", "and", "the", "ji", "case",
    "matter", "client", "our", "v", "vs", "versus", "anr", "ors", "in", "of",
];

/// What a name means.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Meant<T> {
    /// One thing.
    One(T),
    /// One of several.
    Several(Vec<T>),
    /// Nothing the caller knows of.
    Nothing,
}

/// A text in plain small letters and digits, words apart; marks above letters, nukta and
/// joiners are passed over, so that a name is the same however it is typed.
pub(super) fn folded(text: &str) -> String {
    let folded: String = text
        .nfkd()
        .filter(|&c| !matches!(c, '\u{300}'..='\u{36f}' | '\u{93c}' | '\u{200c}' | '\u{200d}'))
        .flat_map(char::to_lowercase)
        .collect();
    // Vowel signs of Indian scripts are no letters and part of words all the same.
    let kept = |c: char| {
        c.is_alphanumeric()
            || matches!(c, '\u{900}'..='\u{963}')
            || matches!(c, '\u{966}'..='\u{97f}')
    };
    folded.chars().map(|c| if kept(c) { c } else { ' ' }).collect()
}

/// The words of a name that tell it from others.
fn words(name: &str) -> Vec<String> {
    let all: Vec<String> = folded(name).split_whitespace().map(str::to_owned).collect();
    let telling: Vec<String> =
        all.iter().filter(|word| !BESIDE.contains(&word.as_str())).cloned().collect();
    if telling.is_empty() { all } else { telling }
}

/// Whether two words are one up to a slip of a letter.
fn alike(typed: &str, known: &str) -> bool {
    if typed == known {
        return true;
    }
    let digits = |word: &str| word.chars().any(char::is_numeric);
    if digits(typed) || digits(known) {
        return false;
    }
    let (typed, known): (Vec<char>, Vec<char>) = (typed.chars().collect(), known.chars().collect());
    typed.len().min(known.len()) >= LONG && one_slip(&typed, &known)
}

/// Whether a letter left out, put in or changed makes one of the other.
fn one_slip(one: &[char], other: &[char]) -> bool {
    let same = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    let (one, other) = (&one[same..], &other[same..]);
    match one.len().cmp(&other.len()) {
        std::cmp::Ordering::Equal => one.get(1..) == other.get(1..),
        std::cmp::Ordering::Less => other.get(1..) == Some(one),
        std::cmp::Ordering::Greater => one.get(1..) == Some(other),
    }
}

/// How well a name fits another: 2 when they have the same words, 1 when each word
/// of the typed one is among the other's, 0 otherwise.
fn fit(typed: &[String], known: &[String]) -> u8 {
    let inside = |word: &String| known.iter().any(|known| alike(word, known));
    if typed.is_empty() || !typed.iter().all(inside) {
        return 0;
    }
    let set = |words: &[String]| words.iter().cloned().collect::<BTreeSet<_>>();
    if set(typed) == set(known) { 2 } else { 1 }
}

/// Picks what fits best.
fn best<T: Clone>(scored: Vec<(u8, T)>) -> Meant<T> {
    let top = scored.iter().map(|(score, _)| *score).max().unwrap_or(0);
    let mut fitting: Vec<T> = scored
        .into_iter()
        .filter(|(score, _)| *score == top && top > 0)
        .map(|(_, thing)| thing)
        .collect();
    match (fitting.len(), fitting.pop()) {
        (1, Some(one)) => Meant::One(one),
        (_, Some(last)) => {
            fitting.push(last);
            Meant::Several(fitting)
        }
        (_, None) => Meant::Nothing,
    }
}

/// The case a name means: by its title, its number, or a part of either.
pub(super) fn case(name: &str, cases: &[CaseName]) -> Meant<CaseName> {
    let typed = words(name);
    let compact = |text: &str| folded(text).split_whitespace().collect::<String>();
    let number = compact(name);
    let is_number = number.len() >= 4 && name.chars().any(|c| c.is_ascii_digit());
    let score = |case: &CaseName| {
        let known = case.number.as_deref().map(compact);
        if is_number && let Some(known) = known {
            if known == number {
                return 3;
            }
            // `412/2025` of `CS(COMM) 412/2025`, not `12/2025`.
            let before = known.strip_suffix(&number).and_then(|rest| rest.chars().next_back());
            if before.is_some_and(|c| !c.is_ascii_digit()) {
                return 2;
            }
        }
        fit(&typed, &words(&case.title))
    };
    best(cases.iter().map(|case| (score(case), case.clone())).collect())
}

/// The client a name means.
pub(super) fn client(name: &str, clients: &[Client]) -> Meant<Client> {
    let typed = words(name);
    best(clients.iter().map(|client| (fit(&typed, &words(&client.name)), client.clone())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::CaseId;

    fn named(title: &str, number: &str) -> CaseName {
        CaseName {
            id: CaseId::new(),
            title: title.to_owned(),
            number: Some(number.to_owned()),
            court: None,
            status: "open".to_owned(),
            client_id: None,
            client_name: None,
        }
    }

    fn titles(meant: Meant<CaseName>) -> Vec<String> {
        match meant {
            Meant::One(case) => vec![case.title],
            Meant::Several(cases) => cases.into_iter().map(|case| case.title).collect(),
            Meant::Nothing => Vec::new(),
        }
    }

    #[test]
    fn a_case_is_found_by_any_way_it_is_written() {
        let cases = [
            named("M/s Sharma Traders Pvt. Ltd. v. Kapoor Textiles", "CS(COMM) 412/2025"),
            named("Sharma Traders v. Union of India", "W.P.(C) 1412/2025"),
            named("State v. Imran Qureshi", "BAIL APPLN. 1284/2026"),
        ];
        let found = |name: &str| titles(case(name, &cases)).len();
        for name in [
            "sharma traders vs kapoor textiles",
            "Sharma v/s Kapoor",
            "the Kapoor case",
            "CS(COMM) 412/2025",
            "412/2025",
            "cs comm 412 2025",
            "Kapur Textiles",
            "Kapoor Textile",
            "Shri Imran Qureshi ji",
        ] {
            let expected = usize::from(name != "Kapur Textiles");
            assert_eq!(found(name), expected, "{name}");
        }
        assert_eq!(found("Sharma Traders"), 2);
        assert_eq!(found("12/2025"), 0);
        assert_eq!(found("the amount owed"), 0);
        assert_eq!(found(""), 0);
    }
}
