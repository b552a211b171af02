//! What changed from one version or document to another, in words and quotations.

use super::{Page, Said};
use crate::assistant::tasks::material::Material;
use crate::assistant::verify::find_quote;
use crate::documents::{Change, ChangeKind, Paragraph};

/// A paragraph of so many words is quoted whole.
const WHOLE: usize = 70;
/// So many words are quoted on either side of what changed.
const AROUND: usize = 8;

/// Writes each change as a line.
pub(super) fn write(material: &Material, changes: &[Change], page: &mut Page) {
    let [before, after] = material.subjects.as_slice() else {
        page.words("There are no two texts to compare.");
        return;
    };
    let named = |title: &str, number: i64| {
        if before.title == after.title { format!("version {number}") } else { title.to_owned() }
    };
    let old = named(&before.title, before.number);
    let new = named(&after.title, after.number);
    let count = |kind| changes.iter().filter(|change| change.kind == kind).count();
    let (added, removed, altered) =
        (count(ChangeKind::Added), count(ChangeKind::Removed), count(ChangeKind::Changed));
    if added + removed + altered == 0 {
        page.words(&format!("{new} says the same as {old}, word for word."));
        return;
    }
    page.words(&format!(
        "From {old} to {new}: {}, {}, {}.\n",
        counted(altered, "changed"),
        counted(added, "added"),
        counted(removed, "removed")
    ));
    for change in changes {
        let places = (before.passages.clone(), after.passages.clone());
        match (change.kind, &change.before, &change.after) {
            (ChangeKind::Changed, Some(was), Some(is)) => {
                page.words(&format!("\n- Changed on page {}. It said ", is.page));
                write_side(page, material, places.0, was);
                page.words("; it now says ");
                write_side(page, material, places.1, is);
            }
            (ChangeKind::Removed, Some(was), _) => {
                page.words(&format!("\n- Removed from page {}: ", was.page));
                write_side(page, material, places.0, was);
            }
            (ChangeKind::Added, _, Some(is)) => {
                page.words(&format!("\n- Added on page {}: ", is.page));
                write_side(page, material, places.1, is);
            }
            _ => {}
        }
    }
}

fn counted(number: usize, what: &str) -> String {
    format!("{number} {} {what}", if number == 1 { "paragraph" } else { "paragraphs" })
}

/// Quotes a paragraph, or of a long one what changed in it.
fn write_side(
    page: &mut Page,
    material: &Material,
    places: std::ops::Range<usize>,
    paragraph: &Paragraph,
) {
    let quotes = quotes(paragraph);
    let mut any = false;
    for quote in quotes {
        if let Some(said) = locate(material, places.clone(), paragraph.page, &quote) {
            page.words(if any { " and " } else { "" }).quote(&said);
            any = true;
        }
    }
    if !any {
        // Still cited: the reader must be able to look.
        let mut near = places
            .filter(|&at| material.passages.get(at).is_some_and(|it| it.page() <= paragraph.page));
        page.words("(words that cannot be quoted) ");
        if let Some(at) = near.next_back() {
            page.cite(at);
        }
    }
}

/// The words of a paragraph worth quoting.
fn quotes(paragraph: &Paragraph) -> Vec<String> {
    let words: Vec<(&str, bool)> = paragraph
        .pieces
        .iter()
        .flat_map(|(text, changed)| text.split_whitespace().map(|word| (word, *changed)))
        .collect();
    let joined = |some: &[(&str, bool)]| some.iter().map(|it| it.0).collect::<Vec<_>>().join(" ");
    if words.len() <= WHOLE {
        return vec![joined(&words)];
    }
    let mut quotes = Vec::new();
    let mut at = 0;
    while let Some(first) = words[at..].iter().position(|it| it.1).map(|found| at + found) {
        // What changed nearby is quoted with it.
        let mut last = first;
        let mut next = first;
        while next < words.len() && next <= last + AROUND && next - first < WHOLE {
            if words[next].1 {
                last = next;
            }
            next += 1;
        }
        let to = (last + 1 + AROUND).min(words.len());
        quotes.push(joined(&words[first.saturating_sub(AROUND)..to]));
        at = to;
        if quotes.len() == 4 {
            break;
        }
    }
    quotes
}

/// Finds the passage in which words stand, shortening them where they run too far.
fn locate(
    material: &Material,
    places: std::ops::Range<usize>,
    page: u32,
    quote: &str,
) -> Option<Said> {
    let near: Vec<usize> = places
        .filter(|&at| {
            material
                .evidence
                .get(at)
                .is_some_and(|it| it.pages.iter().any(|one| one.number == page))
        })
        .collect();
    let holds = |at: &usize, words: &str| {
        material.evidence.get(*at).is_some_and(|it| find_quote(words, &it.pages).is_some())
    };
    // The passage that begins with the words' own text is meant, if one has it.
    let owns = |at: &usize| {
        let text = material.evidence.get(*at).map(|it| super::on_one_line(&it.text));
        text.is_some_and(|text| text.contains(quote))
    };
    if let Some(&at) = near.iter().find(|at| owns(at) && holds(at, quote)) {
        return Some(Said { at, words: quote.to_owned() });
    }
    let joined = quote.replace("- ", "");
    for words in [quote, joined.as_str()] {
        if let Some(&at) = near.iter().find(|at| holds(at, words)) {
            return Some(Said { at, words: words.to_owned() });
        }
    }
    near.iter().find_map(|&at| Said { at, words: quote.to_owned() }.quotable(material))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_long_paragraph_what_changed_is_quoted() {
        let same = |count: usize| ("same ".repeat(count).trim().to_owned(), false);
        let short = Paragraph { page: 1, pieces: vec![same(5), ("new".to_owned(), true)] };
        assert_eq!(quotes(&short), ["same same same same same new"]);
        let changed = |word: &str| (word.to_owned(), true);
        let long = Paragraph {
            page: 1,
            pieces: vec![
                same(50),
                changed("one"),
                same(3),
                changed("two"),
                same(60),
                changed("far"),
            ],
        };
        let quoted = quotes(&long);
        assert_eq!(quoted.len(), 2, "{quoted:?}");
        assert!(quoted[0].contains("one same same same two"), "{quoted:?}");
        assert_eq!(quoted[0].split(' ').count(), AROUND * 2 + 5);
        assert!(quoted[1].ends_with("far"), "{quoted:?}");
    }
}
