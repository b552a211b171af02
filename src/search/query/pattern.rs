//! Patterns and misspelt words: which words they stand for.
//!
//! The analyser knows no wildcards, so while a query is cut into words they are
//! written as two letters that no language of India uses, and afterwards read back.

use std::sync::LazyLock;

use levenshtein_automata::{DFA, Distance, LevenshteinAutomatonBuilder};
use unicode_normalization::char::is_combining_mark;

use super::super::analysis::fold;
use super::tree::{Fuzzy, Pattern};

/// How many letters must stand beside wildcards; fewer would be nearly every word.
const MIN_LETTERS: usize = 2;

/// The letter that stands for `*` while a query is cut into words.
const ANY: char = '\u{01C3}';

/// The letter that stands for `?`.
const ONE: char = '\u{0294}';

/// The length up to which a word may have one letter wrong, and beyond it two.
const SHORT_WORD: usize = 5;

/// A word with fewer letters is never read as misspelt: every other word is near it.
const MIN_FUZZY: usize = 3;

/// Writes the wildcards of a text as letters, where they are wildcards.
pub(super) fn mark(text: &str) -> String {
    let mut marked = String::with_capacity(text.len());
    for (run, is_word) in runs(text) {
        if !is_word || !is_pattern(run) {
            marked.push_str(run);
            continue;
        }
        let body = run.trim_end_matches('?');
        for c in body.chars() {
            match c {
                '*' if marked.ends_with(ANY) => {}
                '*' => marked.push(ANY),
                '?' => marked.push(ONE),
                c => marked.push(c),
            }
        }
        marked.push_str(&run[body.len()..]);
    }
    marked
}

/// Writes the letters of [`mark`] as wildcards again.
pub(super) fn unmark(marked: &str) -> String {
    marked.replace(ANY, "*").replace(ONE, "?")
}

/// Whether a word has wildcards, written as [`mark`] does.
pub(super) fn is_marked(word: &str) -> bool {
    word.contains([ANY, ONE])
}

/// The wildcards of a text that stand beside too few letters.
pub(super) fn too_short(text: &str) -> Option<&str> {
    runs(text).into_iter().find_map(|(run, is_word)| {
        let body = run.trim_end_matches('?');
        let wild = is_word && body.contains(['*', '?']) && body.chars().any(char::is_alphanumeric);
        (wild && !is_pattern(run)).then_some(run)
    })
}

/// Whether a run of letters and wildcards is a pattern.
fn is_pattern(run: &str) -> bool {
    let body = run.trim_end_matches('?');
    body.contains(['*', '?']) && body.chars().filter(|c| c.is_alphanumeric()).count() >= MIN_LETTERS
}

/// The text as runs of letters with wildcards, and of what is neither, in turn.
fn runs(text: &str) -> Vec<(&str, bool)> {
    let in_word = |c: char| {
        c.is_alphanumeric()
            || is_combining_mark(c)
            || matches!(c, '*' | '?' | '\'' | '\u{2019}' | '\u{200C}' | '\u{200D}')
    };
    let mut runs = Vec::new();
    let mut from = 0;
    let mut kind = None;
    for (at, c) in text.char_indices() {
        let word = in_word(c);
        if kind.is_some_and(|kind| kind != word) {
            runs.push((&text[from..at], !word));
            from = at;
        }
        kind = Some(word);
    }
    if let Some(word) = kind {
        runs.push((&text[from..], word));
    }
    runs
}

impl Pattern {
    /// Whether a word is of the form.
    pub(in crate::search) fn matches(&self, word: &str) -> bool {
        matches(&self.form, word)
    }
}

/// Whether a word is of a form.
pub(in crate::search) fn matches(form: &str, word: &str) -> bool {
    let (mut at, mut seen) = (0, 0);
    // Where the last `*` ends, and how far it has been stretched.
    let mut any: Option<(usize, usize)> = None;
    loop {
        let wanted = form[at..].chars().next();
        let next = word[seen..].chars().next();
        match (wanted, next) {
            (Some('*'), _) => {
                at += 1;
                any = Some((at, seen));
                continue;
            }
            (Some('?'), Some(next)) if !is_combining_mark(next) => {
                at += 1;
                seen += letter(&word[seen..]);
                continue;
            }
            (Some(wanted), Some(next)) if wanted == next => {
                at += wanted.len_utf8();
                seen += next.len_utf8();
                continue;
            }
            (None, None) => return true,
            _ => {}
        }
        let Some((after, upto)) = any else { return false };
        let Some(stretched) = word[upto..].chars().next() else { return false };
        let upto = upto + stretched.len_utf8();
        any = Some((after, upto));
        (at, seen) = (after, upto);
    }
}

/// How long the first letter of a word is, with the marks above and below it.
fn letter(word: &str) -> usize {
    let mut chars = word.char_indices().skip(1);
    chars.find(|(_, c)| !is_combining_mark(*c)).map_or(word.len(), |(at, _)| at)
}

/// What every word of a form begins with.
pub(in crate::search) fn beginning(form: &str) -> &str {
    form.split(['*', '?']).next().unwrap_or("")
}

/// A word that may be misspelt, if what was typed is one: `recieve~`, `bail~1`.
pub(super) fn fuzzy(typed: &str) -> Option<Fuzzy> {
    let (word, distance) = typed.split_once('~')?;
    let letters = word.chars().filter(|c| c.is_alphanumeric()).count();
    let whole = word.chars().all(|c| c.is_alphanumeric() || is_combining_mark(c));
    if !whole || letters < MIN_FUZZY {
        return None;
    }
    let distance = match distance {
        "" if letters <= SHORT_WORD => 1,
        "" | "2" => 2,
        "1" => 1,
        _ => return None,
    };
    let form = fold(word);
    (!form.is_empty()).then(|| Fuzzy { typed: word.to_owned(), form, distance })
}

static ONE_WRONG: LazyLock<LevenshteinAutomatonBuilder> =
    LazyLock::new(|| LevenshteinAutomatonBuilder::new(1, true));
static TWO_WRONG: LazyLock<LevenshteinAutomatonBuilder> =
    LazyLock::new(|| LevenshteinAutomatonBuilder::new(2, true));

impl Fuzzy {
    /// What tells whether words are spelt almost so.
    pub(in crate::search) fn automaton(&self) -> DFA {
        if self.distance > 1 { &TWO_WRONG } else { &ONE_WRONG }.build_dfa(&self.form)
    }
}

/// Whether an automaton takes a word.
pub(in crate::search) fn takes(automaton: &DFA, word: &str) -> bool {
    matches!(automaton.eval(word), Distance::Exact(_))
}

/// How many letters two words differ by.
pub(super) fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (nth, c) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = nth + 1;
        for (at, &next) in other.iter().enumerate() {
            let changed = diagonal + usize::from(next != c);
            diagonal = row[at + 1];
            row[at + 1] = changed.min(row[at] + 1).min(diagonal + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_is_any_letters_and_a_question_mark_one_letter() {
        for (form, word, expected) in [
            ("anticip*", "anticipatory", true),
            ("anticip*", "anticip", true),
            ("anticip*", "participate", false),
            ("*cip*", "participate", true),
            ("*ment", "judgment", true),
            ("*ment", "mentor", false),
            ("wom?n", "woman", true),
            ("wom?n", "womn", false),
            ("a*b*c", "aabbcc", true),
            ("a*b*c", "acb", false),
            ("न?य", "निय", false),
            ("?यम", "नियम", true),
        ] {
            assert_eq!(matches(form, word), expected, "{form} {word}");
        }
    }

    #[test]
    fn wildcards_are_marked_only_beside_two_letters() {
        for (text, patterns) in [
            ("anticip* bail", 1),
            ("bail?", 0),
            ("ba?l?", 1),
            ("b*", 0),
            ("* *", 0),
            ("न्या* धा?ा", 2),
            ("what is bail? granted", 0),
        ] {
            let marked = mark(text);
            assert_eq!(
                marked.split(' ').filter(|word| is_marked(word)).count(),
                patterns,
                "{text}"
            );
            assert_eq!(unmark(&marked), text);
        }
        assert_eq!(too_short("bail b*"), Some("b*"));
        assert_eq!(too_short("bail* *"), None);
    }

    #[test]
    fn a_misspelt_word_is_near_the_right_one() {
        let near = |typed: &str, word: &str| takes(&fuzzy(typed).unwrap().automaton(), word);
        assert!(near("recieve~", "receive") && near("recieve~1", "receive"));
        assert!(near("bail~", "bails") && !near("bail~", "bailed") && near("bail~2", "bailed"));
        assert!(near("न्यायलय~", "न्यायालय"));
        assert_eq!((fuzzy("ab~"), fuzzy("bail~3"), fuzzy("a.b~")), (None, None, None));
    }

    #[test]
    fn the_distance_of_words_is_counted_in_letters() {
        assert_eq!((distance("cort", "court"), distance("court", "court")), (1, 0));
        assert_eq!(distance("", "abc"), 3);
    }
}
