//! Hearings and warnings as pages show them.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::hearings::{Change, Hearing, Warning, reason_words};
use crate::web::hearings::{HearingRow, WarningRow};
use crate::web::parts::{CaseRef, Choice};
use crate::web::show::Day;

/// The day of the week.
pub(super) fn weekday(day: NaiveDate) -> String {
    day.format("%A").to_string()
}

fn joined(parts: &[Option<String>], by: &str) -> String {
    parts.iter().flatten().map(String::as_str).collect::<Vec<_>>().join(by)
}

/// What was entered of how a hearing went, as the form names it.
fn entered(hearing: &Hearing) -> BTreeMap<&'static str, String> {
    let Some(outcome) = hearing.known.outcome else { return BTreeMap::new() };
    let adjourned = hearing.adjourned.as_ref();
    let fields = [
        ("outcome", Some(outcome.as_str().to_owned())),
        ("adjourned_by", adjourned.map(|one| one.by.as_str().to_owned())),
        ("adjourned_reason", adjourned.and_then(|one| one.reason.clone())),
        ("adjourned_words", adjourned.and_then(|one| one.words.clone())),
        ("appeared_ours", hearing.appeared_ours.clone()),
        ("appeared_theirs", hearing.appeared_theirs.clone()),
        ("costs", hearing.costs.map(|costs| costs.to_string())),
        ("stage", hearing.known.stage.clone()),
        ("note", hearing.known.note.clone()),
        ("mentioned", hearing.mentioned.then(|| "yes".to_owned())),
    ];
    fields.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

/// A hearing; `changes` are those of its case.
pub(super) fn row(hearing: Hearing, changes: &[Change], today: NaiveDate) -> HearingRow {
    let (source, entered) = (source(&hearing), entered(&hearing));
    let Hearing { id, case_id, case_title, case_number, known, adjourned, .. } = hearing;
    let moved = changes.iter().filter(|change| change.hearing == id).map(|change| {
        let why = change.reason.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
        format!("moved from {}{why}", Day(change.from))
    });
    let adjourned = adjourned.map(|one| {
        let why = [one.reason.as_deref().map(reason_words).map(str::to_owned), one.words];
        let why = joined(&why, ": ");
        let why = if why.is_empty() { why } else { format!(": {why}") };
        format!("by {}{why}", one.by.words())
    });
    let appeared = [
        hearing.appeared_ours.map(|who| format!("{who} for us")),
        hearing.appeared_theirs.map(|who| format!("{who} for them")),
    ];
    let outcome = known.outcome.map(|outcome| outcome.words().to_owned());
    let mentioned = hearing.mentioned.then(|| "mentioned".to_owned());
    HearingRow {
        id,
        day: Day(known.on_date),
        weekday: weekday(known.on_date),
        case: CaseRef { id: case_id, title: case_title },
        number: case_number,
        hall: known.court_hall,
        item: known.item,
        time: known.starts_at.map(|time| time.format("%H:%M").to_string()),
        bench: joined(&[known.bench, known.list_type.map(|kind| kind.words().to_owned())], ", "),
        purpose: joined(&[known.stage, known.purpose], ": "),
        outcome: joined(&[mentioned, outcome], ", "),
        adjourned: adjourned.unwrap_or_default(),
        appeared: joined(&appeared, "; "),
        costs: hearing.costs.map(|costs| costs.to_string()),
        note: known.note,
        source,
        quote: known.source.and_then(|source| source.quote).or(known.quote),
        withdrawn: hearing.withdrawn.map(|withdrawn| withdrawn.reason),
        moved: moved.collect(),
        has_come: known.on_date <= today,
        held: known.outcome.is_some(),
        entered,
        sequence: hearing.sequence,
        forms: false,
    }
}

/// How a day is known, and where that can be read.
fn source(hearing: &Hearing) -> (String, Option<String>) {
    let page = hearing.known.source.as_ref().and_then(|source| source.page);
    let link = hearing.document.map(|(document, version)| match page {
        Some(page) => format!("/documents/{document}?version={version}&page={page}#page-{page}"),
        None => format!("/documents/{document}?version={version}"),
    });
    (hearing.source_words(), link)
}

pub(super) fn warning(warning: Warning) -> WarningRow {
    let Warning { kind, case_id, case_title, words, .. } = warning;
    WarningRow { kind: kind.words(), case: CaseRef { id: case_id, title: case_title }, words }
}

/// A list to choose from, of stored forms and words.
pub(super) fn choices<'a>(all: impl IntoIterator<Item = (&'a str, &'a str)>) -> Vec<Choice> {
    let choice = |(value, label): (&str, &str)| Choice {
        value: value.to_owned(),
        label: label.to_owned(),
        chosen: false,
    };
    all.into_iter().map(choice).collect()
}
