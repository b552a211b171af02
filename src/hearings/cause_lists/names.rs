//! Names of parties, compared so that another spelling of the same name is the same.

use std::collections::BTreeSet;

/// Words that say nothing about who a party is.
const EMPTY: [&str; 36] = [
    "ms", "mr", "mrs", "smt", "shri", "sri", "dr", "km", "the", "of", "and", "anr", "ors",
    "others", "other", "another", "pvt", "private", "ltd", "limited", "llp", "co", "company",
    "inc", "through", "thr", "its", "so", "do", "wo", "in", "re", "etc", "adv", "lrs", "versus",
];

/// Words that many parties share, and that alone prove nothing.
const COMMON: [&str; 12] = [
    "state",
    "union",
    "india",
    "govt",
    "government",
    "bank",
    "municipal",
    "corporation",
    "commissioner",
    "director",
    "kumar",
    "singh",
];

/// The two sides of a case's title; one where it has no `v.` in it.
pub(super) fn sides(title: &str) -> Vec<String> {
    let words: Vec<&str> = title.split_whitespace().collect();
    let at = words.iter().position(|word| {
        matches!(word.trim_matches('.').to_lowercase().as_str(), "v" | "vs" | "v/s" | "versus")
    });
    match at {
        Some(at) if at > 0 && at + 1 < words.len() => {
            let (one, other) = words.split_at(at);
            vec![one.join(" "), other.iter().skip(1).copied().collect::<Vec<_>>().join(" ")]
        }
        _ => vec![title.to_owned()],
    }
}

/// A word of a name, and how it sounds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Word {
    pub(super) sound: String,
    common: bool,
}

/// The words of a name that tell who it is.
pub(super) fn words(text: &str) -> BTreeSet<Word> {
    let lower = text.to_lowercase().replace("m/s", " ").replace(['.', '\''], "");
    let parts = lower.split(|c: char| !c.is_alphanumeric());
    parts
        .filter(|word| word.chars().count() > 1 && !EMPTY.contains(word))
        .filter(|word| !word.chars().all(|c| c.is_ascii_digit()))
        .map(|word| Word { sound: sound(word), common: COMMON.contains(&word) })
        .collect()
}

/// How a word sounds, as far as ways to write Indian names in Latin letters differ.
fn sound(word: &str) -> String {
    if !word.is_ascii() {
        return word.to_owned();
    }
    let mut text = word.to_owned();
    for (written, sounds) in [
        ("ph", "f"),
        ("sh", "s"),
        ("th", "t"),
        ("dh", "d"),
        ("kh", "k"),
        ("gh", "g"),
        ("bh", "b"),
        ("ch", "c"),
        ("jh", "j"),
        ("aa", "a"),
        ("ee", "i"),
        ("ii", "i"),
        ("oo", "u"),
        ("uu", "u"),
        ("ou", "o"),
        ("au", "o"),
        ("ow", "o"),
        ("w", "v"),
        ("y", "i"),
        ("z", "j"),
        ("q", "k"),
        ("x", "ks"),
    ] {
        text = text.replace(written, sounds);
    }
    let mut sound = String::with_capacity(text.len());
    for letter in text.chars() {
        if !sound.ends_with(letter) {
            sound.push(letter);
        }
    }
    if sound.len() > 3 && sound.ends_with('a') {
        sound.pop();
    }
    sound
}

/// Whether two sounds are the same but for one letter in a long word, or one vowel in a
/// short one.
fn alike(one: &str, other: &str) -> bool {
    if one == other {
        return true;
    }
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    let differ = short.iter().zip(&long).filter(|(a, b)| a != b);
    let vowels = differ.clone().all(|(a, b)| "aeiou".contains(*a) && "aeiou".contains(*b));
    if short.len() == 4 && long.len() == 4 && differ.count() == 1 && vowels {
        return true;
    }
    if short.len() < 5 || long.len() - short.len() > 1 {
        return false;
    }
    let same_start = short.iter().zip(&long).take_while(|(a, b)| a == b).count();
    let same_end = short.iter().rev().zip(long.iter().rev()).take_while(|(a, b)| a == b).count();
    same_start + same_end + 1 >= long.len()
}

/// How much of a side's name stands among the words of an entry, from 0 to 1, and whether
/// a word that proves something is among it.
fn share(side: &BTreeSet<Word>, entry: &BTreeSet<Word>) -> (f32, bool) {
    if side.is_empty() {
        return (0.0, false);
    }
    let found = |word: &&Word| {
        entry.contains(*word) || entry.iter().any(|other| alike(&word.sound, &other.sound))
    };
    let there: Vec<&Word> = side.iter().filter(found).collect();
    let proves = there.iter().any(|word| !word.common && word.sound.chars().count() >= 3);
    #[expect(clippy::cast_precision_loss, reason = "names have few words")]
    let share = there.len() as f32 / side.len() as f32;
    (share, proves)
}

/// How well the sides of a case fit an entry, from 0 to 1; 0 where one side does not.
pub(super) fn fit(sides: &[BTreeSet<Word>], entry: &BTreeSet<Word>) -> f32 {
    const LEAST: f32 = 0.6;
    let shares: Vec<(f32, bool)> = sides.iter().map(|side| share(side, entry)).collect();
    if shares.iter().any(|(share, _)| *share < LEAST) || !shares.iter().any(|(_, proves)| *proves) {
        return 0.0;
    }
    // A name alone, without the other side, must be a long one and all of it there.
    if let ([(share, _)], [side]) = (shares.as_slice(), sides)
        && (*share < 1.0 || side.len() < 2)
    {
        return 0.0;
    }
    shares.iter().map(|(share, _)| *share).fold(1.0, f32::min)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(title: &str, entry: &str) -> f32 {
        let sides: Vec<_> = sides(title).iter().map(|side| words(side)).collect();
        fit(&sides, &words(entry))
    }

    #[test]
    fn other_spellings_of_the_same_parties_fit() {
        for (title, entry) in [
            ("Sharma Traders v. Kapoor Textiles", "M/S SHARMA TRADERS V/S KAPOOR TEXTILES & ANR."),
            ("Choudhary v. Verma", "CHAUDHARY versus VARMA"),
            ("Lakshmi Narayan v. State of Bihar", "LAXMI NARAYAN VS STATE OF BIHAR"),
            ("Ramesh Gupta v. Sunita Gupta", "SUNEETA GUPTA V. RAMESH GUPTA"),
        ] {
            assert!(fits(title, entry) >= 0.6, "{title} in {entry}");
        }
    }

    #[test]
    fn one_party_of_two_is_not_enough() {
        assert!(fits("Sharma Traders v. Kapoor Textiles", "SHARMA TRADERS V. MEHTA EXPORTS") < 0.1);
        assert!(fits("State v. Union of India", "STATE V. UNION OF INDIA") < 0.1);
        assert!(fits("In re Sharma", "SHARMA V. VERMA") < 0.1);
    }

    #[test]
    fn a_title_has_two_sides_where_it_says_so() {
        assert_eq!(sides("A & Sons vs. B"), ["A & Sons", "B"]);
        assert_eq!(sides("In re the will of A"), ["In re the will of A"]);
    }
}
