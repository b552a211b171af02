//! A review by rules: each item of a checklist is looked for by its words, near one
//! another in one clause.

use super::{Page, Said, said};
use crate::assistant::tasks::checklists::Item;
use crate::assistant::tasks::material::Material;
use crate::assistant::tasks::{Checklist, Order, named};

/// Words of one item stand at most so far apart.
const NEAR: usize = 40;

/// What became of an item.
pub(super) enum Finding<'a> {
    /// A clause has it.
    Found(Said),
    /// A clause has it, out of the ordinary.
    Unusual(Said, &'a str),
    /// No clause has it.
    Missing,
}

/// Writes what of the checklist was found.
pub(super) fn write(order: &Order, material: &Material, page: &mut Page) {
    let Some(list) = order.checklist.as_deref().and_then(named) else {
        page.words("There is no such checklist.");
        return;
    };
    page.words(&format!("Checklist: {}.\n", list.name));
    for subject in &material.subjects {
        page.heading(&subject.title);
        let all = said(material, subject.passages.clone());
        write_one(list, &all, material, page);
    }
    page.words(
        "\n\nThe items were looked for by their words. What is not found may stand there in \
         other words; what is found may say less than its title. Read the clause.",
    );
}

fn write_one(list: &Checklist, all: &[Said], material: &Material, page: &mut Page) {
    for item in &list.items {
        match look(item, all, material) {
            Finding::Found(said) => {
                page.words(&format!("\n- **{}**: found. ", item.title)).quote(&said);
            }
            Finding::Unusual(said, says) => {
                page.words(&format!("\n- **{}**: unusual. ", item.title)).quote(&said);
                page.words(&format!(" {says} ({}).", item.provision));
            }
            Finding::Missing => {
                let Item { title, why, provision, .. } = item;
                page.words(&format!("\n- **{title}**: not found. {why} ({provision})."));
            }
        }
    }
}

/// Looks for an item; a clause that has it out of the ordinary comes first.
pub(super) fn look<'a>(item: &'a Item, all: &[Said], material: &Material) -> Finding<'a> {
    let words: Vec<Vec<String>> = all.iter().map(|said| lower(&said.words)).collect();
    let shows = |at: &usize| item.words.iter().any(|group| near(&words[*at], group));
    let mut found: Vec<usize> = (0..all.len()).filter(shows).collect();
    if found.is_empty() {
        // A clause may say it in two sentences.
        let pair = |at: &usize| {
            let both: Vec<String> =
                words[*at].iter().chain(words.get(at + 1).into_iter().flatten()).cloned().collect();
            item.words.iter().any(|group| near(&both, group))
        };
        found = (0..all.len()).filter(pair).take(1).collect();
    }
    for unusual in &item.unusual {
        let clause = found.iter().find(|at| near(&words[**at], &unusual.words));
        if let Some(said) = clause.and_then(|&at| all[at].quotable(material)) {
            return Finding::Unusual(said, &unusual.says);
        }
    }
    let said = found.iter().find_map(|&at| all[at].quotable(material));
    said.map_or(Finding::Missing, Finding::Found)
}

fn lower(text: &str) -> Vec<String> {
    let trimmed = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    text.split_whitespace().map(trimmed).filter(|word| !word.is_empty()).collect()
}

/// Whether words that begin so stand near one another. A phrase is words that follow
/// one another.
fn near(words: &[String], group: &[String]) -> bool {
    let places = |beginning: &String| -> Vec<usize> {
        let phrase: Vec<&str> = beginning.split(' ').collect();
        let at = words.windows(phrase.len()).enumerate().filter(|(_, window)| {
            window.iter().zip(&phrase).all(|(word, beginning)| word.starts_with(beginning))
        });
        at.map(|(at, _)| at).collect()
    };
    let Some((first, rest)) = group.split_first() else { return false };
    let rest: Vec<Vec<usize>> = rest.iter().map(places).collect();
    places(first)
        .iter()
        .any(|&at| rest.iter().all(|places| places.iter().any(|&it| it.abs_diff(at) <= NEAR)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shows(text: &str, group: &[&str]) -> bool {
        let group: Vec<String> = group.iter().map(|&word| word.to_owned()).collect();
        near(&lower(text), &group)
    }

    #[test]
    fn words_are_told_by_their_beginnings_near_one_another() {
        let clause = "Either party may terminate this Agreement by thirty days' notice.";
        assert!(shows(clause, &["terminat", "notice"]));
        assert!(shows(clause, &["thirty days"]));
        assert!(!shows(clause, &["days thirty"]));
        assert!(!shows(clause, &["terminat", "breach"]));
        let far = format!("terminate {} notice", "word ".repeat(NEAR + 1));
        assert!(!shows(&far, &["terminat", "notice"]));
        assert!(!shows(clause, &[]));
    }
}
