//! Joining: pieces of text that are one word.
//!
//! `W.P.` is `wp`, `u/s` is `section`, `498-A` is `498a`, `1,00,000` is `100000`.

use std::ops::Range;

use super::fold;
use super::tables::{self, Between, Join, Mark};
use super::words::Word;

/// The words of a text after the pieces of one word have been joined.
pub(super) fn join(text: &str, words: Vec<Word>) -> Vec<Word> {
    let words = joined(words, |words, at| plurals(text, words, at));
    let words = joined(words, |words, at| (initials(text, words, at), None));
    let words = joined(words, |words, at| (numbers(text, words, at), None));
    let mut words = joined(words, |words, at| tabled(text, words, at));
    for at in 0..words.len() {
        fold::drop_zeros(&mut words[at].form);
        bracketed(text, &mut words, at);
    }
    words
}

/// What stands between two words.
pub(super) fn gap<'t>(text: &'t str, words: &[Word], left: usize) -> &'t str {
    match (words.get(left), words.get(left + 1)) {
        (Some(left), Some(right)) => text.get(left.end..right.start).unwrap_or(""),
        _ => "",
    }
}

/// A word and the sign that it may be several, which is taken off: the `No(s)` of a
/// cause list. `W.P.(S)` is a writ petition in a service matter.
fn plurals(text: &str, words: &[Word], at: usize) -> One {
    let form = &words[at].form;
    let several = words.get(at + 1).is_some_and(|mark| {
        gap(text, words, at) == "("
            && text[mark.end..].starts_with(')')
            && matches!(&text[mark.start..mark.end], "s" | "es" | "S" | "ES")
            && (form.len() > 3 || text[mark.start..].starts_with(['s', 'e']))
            && form.len() > 1
            && form.bytes().all(|byte| byte.is_ascii_lowercase())
    });
    if several { (2, Some(form.clone())) } else { (1, None) }
}

/// Gives a word in brackets after a case type or a reporter its one form.
fn bracketed(text: &str, words: &mut [Word], at: usize) {
    let Some(form) = tables::bracketed(&words[at].form) else { return };
    let Some(before) = at.checked_sub(1).map(|left| &words[left].form) else { return };
    let named =
        [Mark::CaseType, Mark::Reporter].into_iter().any(|mark| tables::is_marked(mark, before));
    let between = gap(text, words, at - 1);
    if named
        && between.ends_with('(')
        && text[words[at].end..].starts_with([')', '.'])
        && words[at].form != form
    {
        let was = std::mem::replace(&mut words[at].form, form.to_owned());
        words[at].was = Some(was);
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
    if !is_digits(&words[at].form) {
        return 1;
    }
    let named = at > 0 && tables::unit(&words[at - 1].form).is_some();
    if !named && let Some(count) = grouped(text, words, at) {
        return count;
    }
    let lettered = gap(text, words, at) == "-"
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

/// How many words from here are one, and its form if it is not theirs.
type One = (usize, Option<String>);

/// What the table of joins makes of the words from here.
fn tabled(text: &str, words: &[Word], at: usize) -> One {
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
fn joined(words: Vec<Word>, one: impl Fn(&[Word], usize) -> One) -> Vec<Word> {
    let mut groups = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let (count, form) = one(&words, at);
        if count > 1 || form.is_some() {
            groups.push((at..at + count, form));
        }
        at += count;
    }
    if groups.is_empty() { words } else { merge(words, groups) }
}

fn merge(words: Vec<Word>, groups: Vec<(Range<usize>, Option<String>)>) -> Vec<Word> {
    let mut merged = Vec::with_capacity(words.len());
    let mut rest = words.into_iter();
    let mut at = 0;
    for (group, form) in groups {
        merged.extend(rest.by_ref().take(group.start - at));
        at = group.end;
        let Some(mut word) = rest.next() else { break };
        for piece in rest.by_ref().take(group.len() - 1) {
            word.end = piece.end;
            word.form.push_str(&piece.form);
        }
        word.form = form.unwrap_or(word.form);
        merged.push(word);
    }
    merged.extend(rest);
    merged
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
            ("Petition(s) No(s). 12/2024", "petition no 12 2024"),
            ("W.P.(S) 12", "wp s 12"),
            ("W.P.(Civil) and SLP (Criminal) and SCC (Cri)", "wp c and slp crl and scc crl"),
            ("SCC OnLine, S C C, A I R", "scconline scc air"),
        ] {
            let forms: Vec<String> =
                join(text, words(text)).into_iter().map(|word| word.form).collect();
            assert_eq!(forms.join(" "), expected, "{text}");
        }
    }
}
