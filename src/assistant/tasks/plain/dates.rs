//! A list of dates and the directions of orders by rules, as lines that cite passages.

use std::collections::{BTreeMap, BTreeSet};

use super::{Page, Said, on_one_line};
use crate::assistant::tasks::PageText;
use crate::assistant::tasks::chronology::{self, When};
use crate::assistant::tasks::directions::{self, Kind, Read};
use crate::assistant::tasks::material::{Material, Subject, in_words};

/// What documents date.
#[derive(Debug)]
pub(in crate::assistant::tasks) struct Dates {
    /// What they date to the day, in order of the days.
    pub(in crate::assistant::tasks) lines: Vec<Dated>,
    /// What they date otherwise, in their own order.
    pub(in crate::assistant::tasks) uncertain: Vec<Uncertain>,
}

/// A sentence dated to the day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::assistant::tasks) struct Dated {
    /// The date: `2024-03-12`.
    pub(in crate::assistant::tasks) date: String,
    /// The sentence it stands in.
    pub(in crate::assistant::tasks) said: Said,
}

/// A sentence that is dated, but not to the day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::assistant::tasks) struct Uncertain {
    /// The time as written, and why it is no day.
    pub(in crate::assistant::tasks) why: String,
    /// The sentence it stands in.
    pub(in crate::assistant::tasks) said: Said,
}

/// A direction, and where it stands.
#[derive(Debug, Clone)]
pub(in crate::assistant::tasks) struct Directed {
    /// Its document, by its place among the subjects.
    pub(in crate::assistant::tasks) subject: usize,
    /// The place of the passage it stands in.
    pub(in crate::assistant::tasks) at: usize,
    /// What it says.
    pub(in crate::assistant::tasks) read: Read,
}

/// The pages of a document that its passages touch, whole and in order.
fn pages_of(material: &Material, subject: &Subject) -> Vec<PageText> {
    let mut pages: BTreeMap<u32, &str> = BTreeMap::new();
    for evidence in material.evidence.get(subject.passages.clone()).unwrap_or_default() {
        for page in &evidence.pages {
            pages.entry(page.number).or_insert(page.text.as_str());
        }
    }
    let pages = pages.into_iter();
    pages.map(|(number, text)| PageText { number, text: text.to_owned() }).collect()
}

/// The passage in which a place of a page stands: the last that begins before it, or one
/// that touches the page.
fn place_of(material: &Material, subject: &Subject, page: u32, start: usize) -> Option<usize> {
    let touches = |at: &usize| {
        let evidence = material.evidence.get(*at);
        evidence.is_some_and(|it| it.pages.iter().any(|one| one.number == page))
    };
    let begins = |at: &usize| {
        let evidence = material.evidence.get(*at);
        evidence.is_some_and(|it| it.page < page || it.start <= start)
    };
    let mut before = subject.passages.clone().rev();
    before.find(|at| touches(at) && begins(at)).or_else(|| subject.passages.clone().find(touches))
}

/// Every dated sentence that can be quoted; one said in the same words twice is listed once.
pub(in crate::assistant::tasks) fn dated(material: &Material) -> Dates {
    let mut lines: BTreeMap<(String, String), Dated> = BTreeMap::new();
    let mut uncertain = Vec::new();
    let mut known = BTreeSet::new();
    for subject in &material.subjects {
        for line in chronology::read(&pages_of(material, subject)) {
            let at = place_of(material, subject, line.page, line.start);
            let said = at.map(|at| Said { at, words: on_one_line(&line.quote) });
            let Some(said) = said.and_then(|said| said.quotable(material)) else { continue };
            match line.when {
                When::Day(day) => {
                    let date = day.format("%Y-%m-%d").to_string();
                    let key = (date.clone(), said.words.to_lowercase());
                    lines.entry(key).or_insert(Dated { date, said });
                }
                When::Uncertain { written, doubt } => {
                    let why = plain(&format!("{written}: {doubt}"));
                    if known.insert((why.clone(), said.words.to_lowercase())) {
                        uncertain.push(Uncertain { why, said });
                    }
                }
            }
        }
    }
    Dates { lines: lines.into_values().collect(), uncertain }
}

/// Writes the list, what is not dated to the day after it.
pub(super) fn write(material: &Material, page: &mut Page) {
    let Dates { lines, uncertain } = dated(material);
    if lines.is_empty() {
        page.words("No sentence dated to the day was found in these documents.");
    }
    for of_a_day in lines.chunk_by(|one, other| one.date == other.date) {
        let Some(date) = of_a_day.first().map(|it| it.date.clone()) else { continue };
        page.words(&format!("\n- **{}**: ", in_words(&date).unwrap_or(date)));
        for (place, line) in of_a_day.iter().enumerate() {
            page.words(if place > 0 { " " } else { "" }).quote(&line.said);
        }
    }
    write_uncertain(&uncertain, page);
}

/// Writes what is not dated to the day, if anything.
pub(in crate::assistant::tasks) fn write_uncertain(uncertain: &[Uncertain], page: &mut Page) {
    if uncertain.is_empty() {
        return;
    }
    page.heading("Not dated to the day");
    for line in uncertain {
        page.words("\n- ").quote(&line.said).words(&format!(" ({})", line.why));
    }
}

/// Every direction of the documents, in their order.
pub(in crate::assistant::tasks) fn directed(material: &Material) -> Vec<Directed> {
    let mut all = Vec::new();
    for (place, subject) in material.subjects.iter().enumerate() {
        for read in directions::read(&pages_of(material, subject), subject.date) {
            if let Some(at) = place_of(material, subject, read.page, read.start) {
                all.push(Directed { subject: place, at, read });
            }
        }
    }
    all
}

/// Writes what is directed, in the order of the documents, each with its day and how it
/// was come by.
pub(super) fn write_directions(material: &Material, page: &mut Page) {
    let all = directed(material);
    if all.is_empty() {
        page.words("No direction with a date or period was found in these documents.");
    }
    for of_one in all.chunk_by(|one, other| one.subject == other.subject) {
        let subject = of_one.first().and_then(|it| material.subjects.get(it.subject));
        page.heading(subject.map_or("", |it| it.title.as_str()));
        for Directed { at, read, .. } in of_one {
            write_direction(material, *at, read, page);
        }
    }
}

fn write_direction(material: &Material, at: usize, read: &Read, page: &mut Page) {
    let day = read.on.map(|day| day.format("%-d %B %Y").to_string());
    let what = match (read.kind, day) {
        (Kind::Hearing, Some(day)) => format!("Hearing on {day}"),
        (Kind::Hearing, None) => "Hearing, no certain day".to_owned(),
        (Kind::Deadline, Some(day)) => format!("By {day}"),
        (Kind::Deadline, None) => "Deadline, no certain day".to_owned(),
    };
    page.words(&format!("\n- **{what}** ({}): ", plain(&read.computed)));
    match (Said { at, words: on_one_line(&read.quote) }).quotable(material) {
        Some(said) => page.quote(&said),
        // `List on 12.03.2026.` is too short to be quoted, and too important to be left out.
        None => page.words(&plain(&read.title)).words(" ").cite(at),
    };
    if let Some(doubt) = &read.doubt {
        page.words(&format!(" To be checked: {}.", plain(doubt)));
    }
}

/// Words that cannot be read as a quotation, a citation or a link.
fn plain(words: &str) -> String {
    let words = words.replace(['\'', '‘', '‚'], "’");
    let words = words.replace(['*', '[', ']', '<', '>', '"', '“', '”', '„', '‟', '«', '»'], " ");
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assistant::evidence::samples;
    use crate::assistant::gate::{Gate, GateEvent};
    use crate::assistant::tasks::plain::Rendered;

    const ORDER: &str = "IN THE HIGH COURT\n\nDate of order: 20.11.2025\n\nIssue notice. Counter affidavit \
                         be filed within four weeks. List on 03.03.2026.\n";

    /// What the gate shows of a page, and how much it struck.
    fn shown(page: &Page, material: &Material) -> (String, usize) {
        let Rendered { text, grounds, .. } = page.render(material, "");
        let mut gate = Gate::new(grounds);
        let (mut shown, mut struck) = (String::new(), 0);
        for event in gate.push(&text).into_iter().chain(gate.finish()) {
            match event {
                GateEvent::Text(words) => shown.push_str(&words),
                GateEvent::Removed { .. } => struck += 1,
                GateEvent::Cited { .. } => {}
            }
        }
        (shown, struck)
    }

    #[test]
    fn a_computed_day_and_a_short_direction_are_shown() {
        let material = Material::of(vec![samples::page(1, ORDER)]);
        let mut page = Page::default();
        write_directions(&material, &mut page);
        let (text, struck) = shown(&page, &material);
        assert_eq!(struck, 0, "{text}");
        let days = ["**By 18 December 2025** (order of 20 November 2025 + four weeks): \"Counter"];
        assert!(days.iter().all(|day| text.contains(day)), "{text}");
        assert!(
            text.contains("**Hearing on 3 March 2026** (the day the order names): Hearing ["),
            "{text}"
        );
        assert_eq!(directed(&material).len(), 2, "{text}");
    }

    #[test]
    fn what_is_not_dated_to_the_day_stands_apart() {
        let text = "The goods were delivered at Okhla on 5 March 2024. They were returned in May \
                    2024 for want of quality.";
        let material = Material::of(vec![samples::page(1, text)]);
        let mut page = Page::default();
        write(&material, &mut page);
        let (text, struck) = shown(&page, &material);
        assert_eq!(struck, 0, "{text}");
        let (dated, rest) = text.split_once("**Not dated to the day**").unwrap();
        assert!(dated.contains("**5 March 2024**: \"The goods were delivered"), "{text}");
        assert!(rest.contains("(May 2024: a month is named, no day)"), "{text}");
    }
}
