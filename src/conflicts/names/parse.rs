//! A name as people write it, taken apart.

use std::collections::BTreeSet;
use std::sync::Arc;

use unicode_normalization::UnicodeNormalization as _;

use super::script::{is_indic, latin};
use super::sound::Sound;
use super::table::{Form, Table, table};

/// A name to be compared: how its bearer is called, and whose child or spouse they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// Each way the bearer is called; several where an alias stands in the name.
    pub(super) called: Vec<Called>,
    /// The father or husband, where the name says so.
    pub(super) of: Option<Called>,
}

/// One way the bearer of a name is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Called {
    /// The words that are compared.
    pub(super) words: Vec<String>,
    /// How each of them sounds.
    pub(super) sounds: Vec<Arc<Sound>>,
    /// How each of them sounds as one word with the next.
    pub(super) pairs: Vec<Arc<Sound>>,
    /// The legal forms named in it.
    pub(super) forms: BTreeSet<Form>,
    /// Whether it is of a body and not of a person.
    pub(super) is_body: bool,
}

impl Name {
    /// Reads a name. Never fails: what cannot be read is compared letter for letter.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let table = table();
        let text: String = text.nfkc().flat_map(char::to_lowercase).collect();
        let text = without(&text, "m/s");
        let text = table.ends.iter().fold(text.as_str(), |text, end| before(text, end));
        let mut name = text;
        let mut of = None;
        for relation in &table.relations {
            if let Some((first, rest)) = split_once(name, relation) {
                name = first;
                of = of.or_else(|| rest.split(',').next().map(str::to_owned));
            }
        }
        let mut parts = vec![name];
        for alias in &table.aliases {
            parts = parts.into_iter().flat_map(|part| split_all(part, alias)).collect();
        }
        let called = parts.into_iter().flat_map(|part| Called::ways(part, table));
        Self {
            called: called.filter(|called| !called.words.is_empty()).collect(),
            of: of.map(|of| Called::read(&of, table)).filter(|of| !of.words.is_empty()),
        }
    }

    /// Reads the title of a case: a name for each side of `A v. B`.
    #[must_use]
    pub fn of_title(title: &str) -> Self {
        let called = sides(title).into_iter().flat_map(|side| Self::read(&side).called);
        Self { called: called.collect(), of: None }
    }

    /// The same name with a father or husband said apart, where it names none itself.
    #[must_use]
    pub fn child_of(mut self, father: Option<&str>) -> Self {
        let said = father.map(|father| Called::read(&Self::folded(father), table()));
        self.of = self.of.or(said).filter(|of| !of.words.is_empty());
        self
    }

    /// Whether every word of it is one that very many people have.
    #[must_use]
    pub fn is_common(&self) -> bool {
        let common = |word: &String| word.chars().count() == 1 || table().common.contains(word);
        let all = |called: &Called| !called.is_body && called.words.iter().all(common);
        !self.called.is_empty() && self.called.iter().all(all)
    }

    fn folded(text: &str) -> String {
        text.nfkc().flat_map(char::to_lowercase).collect()
    }
}

impl Called {
    /// The ways a name can be read: in `RK Sharma` two letters stand for names, and in `LG
    /// Electronics` they are one.
    fn ways(text: &str, table: &Table) -> Vec<Self> {
        let mut ways = vec![Self::read(text, table)];
        if cut(text).iter().any(|word| are_letters(word)) {
            ways.push(Self::read_as(text, table, false));
            ways.dedup();
        }
        ways
    }

    fn read(text: &str, table: &Table) -> Self {
        Self::read_as(text, table, true)
    }

    fn read_as(text: &str, table: &Table, apart: bool) -> Self {
        let written = phrases(&cut(text), table);
        let mut forms = BTreeSet::new();
        let mut words: Vec<String> = Vec::new();
        for (at, word) in written.iter().enumerate() {
            let next = written.get(at + 1).and_then(|next| table.forms.get(next));
            if let Some(form) = table.forms.get(word) {
                forms.insert(*form);
            } else if word == "p" && next == Some(&Form::Limited) {
                forms.insert(Form::Private);
            } else if !table.titles.contains(word) && !table.empty.contains(word) {
                words.push(compared(word, table));
            }
        }
        let tells = |word: &String| table.general.contains(word) || table.bodies.contains(word);
        let is_body = !forms.is_empty() || words.iter().any(tells);
        let words = if is_body { letters_joined(words) } else { of_person(&words, apart) };
        let words: Vec<String> = words.iter().map(|word| compared(&latin(word), table)).collect();
        let told = |word: &&String| !table.titles.contains(*word) && !table.empty.contains(*word);
        let kept: Vec<String> = words.iter().filter(told).cloned().collect();
        let words = if kept.is_empty() { words } else { kept };
        let sounds = words.iter().map(|word| Arc::new(Sound::of(word))).collect();
        let pairs = words.windows(2).map(|pair| Arc::new(Sound::of(&pair.concat()))).collect();
        Self { words, sounds, pairs, forms, is_body }
    }
}

/// What is joined to a name in Gujarat and Rajasthan, and the word it is: `Rameshbhai` is
/// `Ramesh bhai`.
const ENDINGS: [(&str, &str); 6] = [
    ("bhai", "bhai"),
    ("bhaaee", "bhai"),
    ("bhaai", "bhai"),
    ("behn", "ben"),
    ("bahen", "ben"),
    ("ben", "ben"),
];
/// What stands between the sides in the title of a case.
const BETWEEN: [&str; 5] = ["versus", "vs", "v/s", "v", "बनाम"];
/// Two letters that are a name, or join the two parts of one: `Zia ul Haq`.
const SHORT: [&str; 8] = ["om", "al", "el", "ul", "ur", "ud", "us", "uz"];

/// The words of a person's name, where `RK` is `R. K.` if letters stand apart, and
/// `Rameshbhai` is `Ramesh bhai`.
fn of_person(words: &[String], apart: bool) -> Vec<String> {
    let mut out = Vec::with_capacity(words.len());
    for word in words {
        if apart && are_letters(word) {
            out.extend(word.chars().map(String::from));
            continue;
        }
        let word = latin(word);
        let ended =
            ENDINGS.iter().find_map(|(end, stands)| Some((word.strip_suffix(end)?, stands)));
        match ended.filter(|(name, _)| name.chars().count() >= 4) {
            Some((name, stands)) => out.extend([name.to_owned(), (*stands).to_owned()]),
            None => out.push(word),
        }
    }
    out
}

/// Whether a short word is the first letters of others: nobody is called `Rk` or `Ak`.
fn are_letters(word: &str) -> bool {
    let vowel = |letter: char| matches!(letter, 'a' | 'e' | 'i' | 'o' | 'u' | 'y');
    let letters: Vec<char> = word.chars().collect();
    if !letters.iter().all(char::is_ascii_lowercase) {
        return false;
    }
    match letters[..] {
        [_, second] => !vowel(second) && !SHORT.contains(&word),
        [first, second, third] => !vowel(first) && !vowel(second) && !vowel(third),
        _ => false,
    }
}

/// The spelling of a word that is compared.
fn compared(word: &str, table: &Table) -> String {
    table.same.get(word).cloned().unwrap_or_else(|| word.to_owned())
}

/// Letters that stand apart in the name of a body are one word: `A B C Traders`.
fn letters_joined(words: Vec<String>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut run = String::new();
    for word in words {
        if word.chars().count() == 1 {
            run.push_str(&word);
            continue;
        }
        if !run.is_empty() {
            out.push(std::mem::take(&mut run));
        }
        out.push(word);
    }
    if !run.is_empty() {
        out.push(run);
    }
    out
}

/// Who stands in the title of a case, as it is written there.
#[must_use]
pub fn sides(title: &str) -> Vec<String> {
    let between = |word: &&str| {
        let word = word.trim_end_matches('.').to_lowercase();
        BETWEEN.contains(&word.as_str())
    };
    let words: Vec<&str> = title.split_whitespace().collect();
    let sides = words.split(between).map(|side| side.join(" "));
    sides.filter(|side| !side.is_empty()).collect()
}

fn in_word(character: char) -> bool {
    character.is_alphanumeric()
        || is_indic(character)
        || matches!(character, '\u{200c}' | '\u{200d}')
}

/// The words of a text.
fn cut(text: &str) -> Vec<String> {
    let text = text.replace('&', " and ").replace(['\'', '’', '\u{200c}', '\u{200d}'], "");
    let words = text.split(|character| !in_word(character));
    // The danda is of an Indian block and of no word.
    let words = words.map(|word| word.trim_matches(['।', '॥', '॰']));
    words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// The words with what stands for others put in its place. Single letters stand for a State
/// in the name of a body only: M. P. Singh is not of Madhya Pradesh.
fn phrases(words: &[String], table: &Table) -> Vec<String> {
    let tells = |word: &String| {
        let word = compared(word, table);
        table.forms.contains_key(&word)
            || table.general.contains(&word)
            || table.bodies.contains(&word)
    };
    let is_body = words.iter().any(tells);
    let stands = |phrase: &[String]| is_body || phrase.iter().any(|word| word.chars().count() > 1);
    let mut out = Vec::with_capacity(words.len());
    let mut rest = words;
    while let Some((first, after)) = rest.split_first() {
        let fits = |phrase: &[String]| rest.starts_with(phrase) && stands(phrase);
        let found = table.phrases.iter().find(|(phrase, _)| fits(phrase));
        if let Some((phrase, stands)) = found {
            out.extend(stands.iter().cloned());
            rest = rest.get(phrase.len()..).unwrap_or_default();
        } else {
            out.push(first.clone());
            rest = after;
        }
    }
    out
}

/// Where a phrase stands in a text by itself and not inside a word.
fn place(text: &str, phrase: &str) -> Option<usize> {
    text.match_indices(phrase).map(|(at, _)| at).find(|at| {
        let before = text.get(..*at).and_then(|before| before.chars().next_back());
        let after = text.get(at + phrase.len()..).and_then(|after| after.chars().next());
        !before.is_some_and(in_word) && !after.is_some_and(in_word)
    })
}

fn split_once<'t>(text: &'t str, phrase: &str) -> Option<(&'t str, &'t str)> {
    let at = place(text, phrase)?;
    text.get(..at).zip(text.get(at + phrase.len()..))
}

fn split_all<'t>(text: &'t str, phrase: &str) -> Vec<&'t str> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((first, after)) = split_once(rest, phrase) {
        parts.push(first);
        rest = after;
    }
    parts.push(rest);
    parts
}

fn before<'t>(text: &'t str, phrase: &str) -> &'t str {
    split_once(text, phrase).map_or(text, |(first, _)| first)
}

fn without(text: &str, phrase: &str) -> String {
    split_all(text, phrase).join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        Name::read(text).called.first().map(|called| called.words.clone()).unwrap_or_default()
    }

    #[test]
    fn titles_and_forms_are_no_part_of_a_name() {
        assert_eq!(words("Late Shri Hari Om Gupta"), ["hari", "om", "gupta"]);
        assert_eq!(words("M/s. Sharma Textiles (P) Ltd."), ["sharma", "textile"]);
        assert_eq!(words("श्रीमती सुनीता देवी"), ["suneetaa", "devee"]);
        assert_eq!(words("A.K. Sharma"), ["a", "k", "sharma"]);
        assert_eq!(words("A B C Traders"), ["abc", "trade"]);
        assert_eq!(words("Mr."), Vec::<String>::new());
        assert_eq!(words("RK Sharma"), ["r", "k", "sharma"]);
        assert_eq!(words("Om Prakash De"), ["om", "prakash", "de"]);
        assert_eq!(words("Rameshbhai Patel"), ["ramesh", "bhai", "patel"]);
    }

    #[test]
    fn both_sides_stand_in_a_title() {
        let title = Name::of_title("M/s Verma Traders vs. Laxmi Textiles & Ors.");
        let sides: Vec<_> = title.called.iter().map(|side| side.words.join(" ")).collect();
        assert_eq!(sides, ["verma trade", "lakshmi textile"]);
        assert_eq!(Name::of_title("राम बनाम श्याम").called.len(), 2);
        assert_eq!(Name::of_title("In re Vinod").called.len(), 1);
    }

    #[test]
    fn letters_stand_for_a_state_in_the_name_of_a_body_only() {
        assert_eq!(words("M. P. Singh"), ["m", "p", "singh"]);
        assert_eq!(words("State of M.P."), words("State of Madhya Pradesh"));
    }

    #[test]
    fn a_name_ends_where_it_is_said_through_whom() {
        assert_eq!(
            words("Union of India through Secretary, Ministry of Finance"),
            words("Union of India")
        );
        let name = Name::read("Ramesh Sharma s/o Mohan Lal, r/o Delhi");
        assert_eq!(name.called[0].words, ["ramesh", "sharma"]);
        assert_eq!(name.of.unwrap().words, ["mohan", "lal"]);
        assert_eq!(Name::read("Ravi Shankar @ Raju").called.len(), 2);
        // A word that only begins so is left alone.
        assert_eq!(words("Throughput Systems"), ["throughput", "system"]);
    }

    #[test]
    fn a_father_said_apart_is_taken_where_the_name_has_none() {
        let name = Name::read("Suresh Kumar").child_of(Some("Shri Ram Lal"));
        assert_eq!(name.of.unwrap().words, ["ram", "lal"]);
    }
}
