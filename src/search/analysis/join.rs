//! Joining: pieces of text that are one word.
//!
//! `W.P.` is `wp`, `u/s` is `section`, `498-A` is `498a`, `1,00,000` is `100000`.

use super::tables::{self, Between, Join};
use super::words::Word;

/// The words of a text after the pieces of one word have been joined.
pub(super) fn join(text: &str, words: Vec<Word>) -> Vec<Word> {
    let words = joined(words, |words, at| (initials(text, words, at), None));
    let words = joined(words, |words, at| (numbers(text, words, at), None));
    joined(words, |words, at| tabled(text, words, at))
}

/// What stands between two words.
pub(super) fn gap<'t>(text: &'t str, words: &[Word], left: usize) -> &'t str {
    match (words.get(left), words.get(left + 1)) {
        (Some(left), Some(right)) => text.get(left.end..right.start).unwrap_or(""),
        _ => "",
    }
}

/// How many words from here are single letters with dots: `W.P.`, `N. I. Act`.
fn initials(text: &str, words: &[Word], at: usize) -> usize {
    let mut count = 1;
    while joins_initial(text, words, at + count - 1) {
        count += 1;
    }
    count
}

fn joins_initial(text: &str, words: &[Word], at: usize) -> bool {
    let letter = |word: Option<&Word>| word.is_some_and(is_letter);
    if !letter(words.get(at)) || !letter(words.get(at + 1)) {
        return false;
    }
    match gap(text, words, at) {
        "." => true,
        // With a space only when the next letter has its dot too: `Plan B. A new`.
        ". " => words.get(at + 1).is_some_and(|next| text[next.end..].starts_with('.')),
        _ => false,
    }
}

fn is_letter(word: &Word) -> bool {
    word.form.len() == 1 && word.form.bytes().all(|byte| byte.is_ascii_lowercase())
}

/// How many words from here are the groups of a long number, or a section and its
/// letter: `1,00,000`, `498-A`.
fn numbers(text: &str, words: &[Word], at: usize) -> usize {
    let named = at > 0 && tables::unit(&words[at - 1].form).is_some();
    if !named && let Some(count) = grouped(text, words, at) {
        return count;
    }
    let lettered = is_digits(&words[at].form)
        && gap(text, words, at) == "-"
        && words.get(at + 1).is_some_and(is_letter)
        && !text[words[at + 1].end..].starts_with(['-', '.']);
    if lettered { 2 } else { 1 }
}

/// How many groups of digits from here are one number written with commas.
fn grouped(text: &str, words: &[Word], at: usize) -> Option<usize> {
    let digits = |at: usize| words.get(at).filter(|word| is_digits(&word.form));
    let mut count = 1;
    digits(at).filter(|word| word.form.len() <= 3)?;
    while gap(text, words, at + count - 1) == "," {
        let Some(group) = digits(at + count) else { break };
        if !matches!(group.form.len(), 2 | 3) {
            return None;
        }
        count += 1;
    }
    (count > 1 && words[at + count - 1].form.len() == 3).then_some(count)
}

pub(super) fn is_digits(form: &str) -> bool {
    !form.is_empty() && form.bytes().all(|byte| byte.is_ascii_digit())
}

/// How many words from here the table of joins makes one, and what they become.
fn tabled(text: &str, words: &[Word], at: usize) -> (usize, Option<String>) {
    let mut joins = tables::joins(&words[at].form).iter();
    joins
        .find(|join| fits(text, words, at, join))
        .map_or((1, None), |join| (join.pieces.len(), Some(join.form.clone())))
}

fn fits(text: &str, words: &[Word], at: usize, join: &Join) -> bool {
    join.pieces.iter().enumerate().all(|(nth, piece)| {
        words.get(at + nth).is_some_and(|word| word.form == *piece)
            && (nth == 0 || stands_between(join.between, gap(text, words, at + nth - 1)))
    })
}

fn stands_between(between: Between, gap: &str) -> bool {
    match between {
        Between::Slash => gap == "/",
        Between::Loose => gap.len() <= 2 && gap.chars().all(|c| matches!(c, '.' | '-' | ' ')),
    }
}

/// Joins from each word as many words as are one, under their own form if they
/// have one.
fn joined(words: Vec<Word>, one: impl Fn(&[Word], usize) -> (usize, Option<String>)) -> Vec<Word> {
    let mut groups = Vec::with_capacity(words.len());
    let mut at = 0;
    while at < words.len() {
        let (count, form) = one(&words, at);
        at += count;
        groups.push((count, form));
    }
    let mut rest = words.into_iter();
    let join = |(count, form): (usize, Option<String>)| {
        let mut word = rest.next()?;
        for piece in rest.by_ref().take(count - 1) {
            word.end = piece.end;
            word.form.push_str(&piece.form);
        }
        word.form = form.unwrap_or(word.form);
        Some(word)
    };
    groups.into_iter().filter_map(join).collect()
}

#[cfg(test)]
mod tests {
    use super::super::words::words;
    use super::*;

    #[test]
    fn pieces_of_one_word_are_joined() {
        for (text, expected) in [
            ("W.P.(C) No.", "wp c no"),
            ("N. I. Act", "ni act"),
            ("N. I. B. Act", "nib act"),
            ("the N.I. Act", "the ni act"),
            ("Plan B. A new", "plan b a new"),
            ("Cr.P.C. and Cr. P.C. and CrPC", "crpc and crpc and crpc"),
            ("u/s 138", "section 138"),
            ("M/s. ABC", "ms abc"),
            ("Section 498-A IPC", "section 498a ipc"),
            ("CRM-M 1234-2022", "crm m 1234 2022"),
            ("Rs 1,00,000 and 12,500", "rs 100000 and 12500"),
            ("u/s 302,307", "section 302 307"),
            ("2023:DHC:2720-DB", "2023 dhc 2720 db"),
            ("sub-section (2)", "subsection 2"),
        ] {
            let forms: Vec<String> =
                join(text, words(text)).into_iter().map(|word| word.form).collect();
            assert_eq!(forms.join(" "), expected, "{text}");
        }
    }
}
