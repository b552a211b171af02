//! Issues and holdings by rules: the sentences that put a question, those that answer
//! one under the headings they stand under, and the result.

use super::{Page, Said, choose, introduce, list, said};
use crate::assistant::extractive::is_holding;
use crate::assistant::tasks::material::Material;

/// Words that put an issue.
const ISSUES: &str = "the issue | issues | question that arises | questions that arise | question which arises | \
    question for consideration | questions for consideration | point for determination | \
    points for determination | falls for consideration | fall for consideration | arises for consideration | \
    arise for consideration | question of law | moot question | short question";
/// Words that hold.
const HOLDS: &str = "we hold | i hold | it is held | is held that | are held | we conclude | i conclude | \
    we find | i find | we are of the | i am of the | of the considered view | of the opinion that | \
    of the view that | we have no hesitation | accordingly holds | the court holds | this court holds | \
    cannot be sustained | is not maintainable | is maintainable | answered in the";
/// Words that end a case.
const ENDS: &str = "dismissed | allowed | set aside | quashed | disposed of | decreed | acquitted | convicted | \
    upheld | affirmed | remanded | remitted | rejected | granted | partly allowed";

/// The most issues and holdings listed of a document.
const MOST_ISSUES: usize = 12;
const MOST_HELD: usize = 30;
/// The most sentences of the result.
const MOST_ENDS: usize = 4;

/// Writes the issues and holdings of each document.
pub(super) fn write(material: &Material, page: &mut Page) {
    for subject in &material.subjects {
        introduce(page, material, subject);
        let all = said(material, subject.passages.clone());
        let asks = |it: &&Said| it.says(ISSUES) || it.words.to_lowercase().starts_with("whether ");
        let (issues, more) = choose(material, all.iter().filter(asks).cloned(), MOST_ISSUES);
        page.words("\nIssues:\n");
        section(page, &issues, more, "No sentence was found that puts an issue.");
        page.words("\nHeld:\n");
        let (held, more) =
            choose(material, all.iter().filter(|it| it.says(HOLDS)).cloned(), MOST_HELD);
        if held.is_empty() {
            page.words("\n- No sentence was found that says what was held.");
        }
        let mut under: Option<&str> = None;
        for of_one in held.chunk_by(|one, other| heading(material, one) == heading(material, other))
        {
            let now = of_one.first().and_then(|it| heading(material, it));
            if let Some(now) = now.filter(|_| now != under) {
                let plain = now.replace(['*', '[', ']', '"', '“', '”'], " ");
                page.words(&format!("\nUnder {}:\n", plain.trim()));
            }
            under = now;
            list(page, of_one, 0);
        }
        list(page, &[], more);
        page.words("\n\nResult:\n");
        let last = all.iter().rev().filter(|it| it.says(ENDS) && is_holding(&it.words)).take(40);
        let (mut ends, _) = choose(material, last.cloned(), MOST_ENDS);
        ends.reverse();
        section(page, &ends, 0, "No sentence was found that says how it ended.");
    }
    page.words(
        "\n\nThese sentences were found by their words; some may report an argument or \
         another decision. Read each on its page.",
    );
}

fn section(page: &mut Page, chosen: &[Said], more: usize, none: &str) {
    if chosen.is_empty() {
        page.words(&format!("\n- {none}"));
    }
    list(page, chosen, more);
    page.words("\n");
}

fn heading<'a>(material: &'a Material, said: &Said) -> Option<&'a str> {
    material.evidence.get(said.at).and_then(|evidence| evidence.heading.as_deref())
}
