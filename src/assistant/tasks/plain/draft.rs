//! Drafts by rules: a form filled from the file. Every particular cites its page; what is
//! not in the file stays a blank.

use super::forms::{Field, Value, look};
use super::{Dates, Page, dated};
use crate::assistant::tasks::material::{Material, in_words};
use crate::assistant::tasks::{DraftKind, Order};

/// What stands where the file does not say.
pub(in crate::assistant::tasks) const BLANK: &str = "[__]";
/// The most dated sentences a notice recites; all are in the list of dates.
const RECITED: usize = 12;

/// Writes the draft.
pub(super) fn write(order: &Order, material: &Material, page: &mut Page) {
    match order.draft {
        Some(DraftKind::ChequeNotice) => cheque_notice(material, page),
        Some(DraftKind::ListOfDates) => list_of_dates(material, page),
        Some(DraftKind::LegalNotice) | None => legal_notice(material, page),
    }
    page.words(
        "\n\nA blank [__] stands where the documents do not say, or do not say it in words \
         that were recognised. Check each particular on its page before the draft is used.",
    );
}

fn fill(page: &mut Page, value: Option<&Value>) {
    match value {
        Some(value) => page.words(&value.text).words(" ").cite(value.at),
        None => page.words(BLANK),
    };
}

fn head(page: &mut Page, title: &str) {
    page.heading(title);
    page.words(&format!("\nBy registered post with acknowledgement due\n\nDate: {BLANK}\n\n"));
    page.words(&format!("To\n\n{BLANK} (name and address of the noticee)\n\n"));
}

/// Whom the notice is sent for, from the case's own record.
fn client(material: &Material) -> Option<String> {
    let fact = material.facts.first()?;
    let line = fact.text.lines().find_map(|line| line.strip_prefix("The chamber acts for: "))?;
    Some(line.trim_end_matches('.').to_owned())
}

fn on_behalf(page: &mut Page, material: &Material) {
    page.words("Under instructions from and on behalf of my client, ");
    match client(material) {
        Some(name) => page.words(&name).words(" ").fact(0),
        None => page.words(BLANK),
    };
    page.words(", I serve upon you this notice:\n\n");
}

fn cheque_notice(material: &Material, page: &mut Page) {
    let find = |field| look(material, field);
    head(page, "Notice under section 138 of the Negotiable Instruments Act, 1881");
    on_behalf(page, material);
    page.words("1. You issued to my client cheque no. ");
    fill(page, find(Field::ChequeNumber).as_ref());
    page.words(" dated ");
    fill(page, find(Field::ChequeDate).as_ref());
    page.words(" for ");
    fill(page, find(Field::Amount).as_ref());
    page.words(", drawn on ");
    fill(page, find(Field::Bank).as_ref());
    page.words(".\n2. The cheque was issued ");
    fill(page, find(Field::Debt).as_ref());
    page.words(", which is a legally enforceable debt or other liability.\n");
    page.words("3. On presentation the cheque was returned unpaid with the remark ");
    fill(page, find(Field::Reason).as_ref());
    page.words(", of which my client was informed by the bank on ");
    fill(page, find(Field::ReturnDate).as_ref());
    page.words(".\n4. I call upon you to pay the amount of the cheque, ");
    fill(page, find(Field::Amount).as_ref());
    page.words(
        ", within fifteen days of the receipt of this notice, failing which my client will \
         proceed against you under sections 138 and 142 of the Negotiable Instruments Act.\n\n",
    );
    page.words(&format!("{BLANK}\n\nAdvocate\n\n"));
    page.words(
        "To be checked before it is sent: the notice must be given within thirty days of the \
         bank's information that the cheque was returned (proviso (b) to section 138), and the \
         cheque must have been presented within its validity (proviso (a)).",
    );
}

fn legal_notice(material: &Material, page: &mut Page) {
    head(page, "Legal notice");
    page.words(&format!("Subject: {BLANK}\n\n"));
    on_behalf(page, material);
    let Dates { lines, .. } = dated(material);
    for (number, line) in (1..).zip(lines.iter().take(RECITED)) {
        page.words(&format!("{number}. The documents record: ")).quote(&line.said).words("\n");
    }
    if lines.len() > RECITED {
        let left = lines.len() - RECITED;
        page.words(&format!(
            "\n{left} more dated sentences are in the documents; the list of dates has them all.\n"
        ));
    }
    if lines.is_empty() {
        page.words(&format!("1. {BLANK}\n"));
    }
    page.words(&format!(
        "\nI therefore call upon you to {BLANK} within {BLANK} days of the receipt of this \
         notice, failing which my client will take such proceedings as law allows, at your cost.\n\n\
         {BLANK}\n\nAdvocate"
    ));
}

fn list_of_dates(material: &Material, page: &mut Page) {
    page.heading("List of dates and events");
    page.words(&format!("\nIn the matter of {BLANK}\n"));
    let Dates { lines, uncertain } = dated(material);
    if lines.is_empty() {
        page.words(&format!("\n- {BLANK}: {BLANK}"));
    }
    for line in &lines {
        let date = in_words(&line.date).unwrap_or_else(|| line.date.clone());
        let place = material.passages.get(line.said.at);
        let place = place.map(|it| format!(" ({}, page {})", plain(&it.title), it.page()));
        page.words(&format!("\n- **{date}**: "))
            .quote(&line.said)
            .words(&place.unwrap_or_default());
    }
    page.words(&format!("\n\nFiled by\n\n{BLANK}\n\nAdvocate for {BLANK}"));
    if !uncertain.is_empty() {
        let sentences = if uncertain.len() == 1 { "sentence is" } else { "sentences are" };
        page.words(&format!(
            "\n\n{} {sentences} not dated to the day and left out here; the task List of dates \
             shows them.",
            uncertain.len()
        ));
    }
}

fn plain(title: &str) -> String {
    title.replace(['*', '[', ']', '"', '“', '”'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assistant::evidence::samples;
    use crate::assistant::gate::{Gate, GateEvent};
    use crate::assistant::tasks::TaskKind;

    #[test]
    fn what_a_form_states_by_itself_passes_the_gate() {
        let text = "The accused issued cheque no. 004417 dated 12.03.2024 for Rs. 5,00,000/- drawn on \
                    State Bank of India towards repayment of the loan. It was returned unpaid on \
                    18 March 2024 with the remark Funds Insufficient.";
        let material = Material::of(vec![samples::page(1, text)]);
        for kind in DraftKind::ALL {
            let order = Order {
                kind: TaskKind::Draft,
                documents: Vec::new(),
                versions: None,
                checklist: None,
                draft: Some(kind),
                instructions: None,
            };
            let mut page = Page::default();
            write(&order, &material, &mut page);
            let rendered = page.render(&material, "");
            let mut gate = Gate::new(rendered.grounds);
            let events = gate.push(&rendered.text).into_iter().chain(gate.finish());
            let removed = events.filter(|it| matches!(it, GateEvent::Removed { .. }));
            assert_eq!(removed.count(), 0, "{kind:?}: {}", rendered.text);
        }
    }
}
