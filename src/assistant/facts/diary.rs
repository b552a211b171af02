//! What is listed, and what is to be done.

use std::fmt::Write;

use chrono::{Days, NaiveDate};

use super::days::Range;
use super::say::{self, Told, fact};
use super::{FactError, Facts, ROWS};
use crate::assistant::grounds::Fact;
use crate::cases::CaseName;
use crate::deadlines::{Task, TaskQuery};
use crate::hearings::{Hearing, HearingQuery};
use crate::kernel::{CaseId, Scope};

/// Which days; either end may be open.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Span {
    pub(super) from: Option<NaiveDate>,
    pub(super) to: Option<NaiveDate>,
}

impl From<Range> for Span {
    fn from(range: Range) -> Self {
        Self { from: Some(range.from), to: Some(range.to) }
    }
}

impl Span {
    fn words(self) -> String {
        match (self.from, self.to) {
            (Some(from), Some(to)) if from == to => format!(" on {}", say::day(from)),
            (Some(from), Some(to)) => format!(" from {} to {}", say::day(from), say::day(to)),
            (Some(from), None) => format!(" from {} on", say::day(from)),
            (None, Some(to)) => format!(" until {}", say::day(to)),
            (None, None) => String::new(),
        }
    }

    fn page(self, case: Option<CaseId>) -> String {
        let mut page = String::from("/diary?");
        for (name, day) in [("from", self.from), ("to", self.to)] {
            if let Some(day) = day {
                let _ = write!(page, "{name}={day}&");
            }
        }
        if let Some(case) = case {
            let _ = write!(page, "case={case}&");
        }
        page.truncate(page.len() - 1);
        page
    }
}

fn limit() -> u32 {
    u32::try_from(ROWS + 1).unwrap_or(u32::MAX)
}

fn in_words(case: Option<&CaseName>) -> String {
    case.map_or_else(|| "the cases open to you".to_owned(), |case| case.title.clone())
}

/// Hearings by day, those of each case together.
pub(super) async fn hearings(
    facts: &Facts,
    scope: &Scope,
    case: Option<&CaseName>,
    days: Span,
) -> Result<Told, FactError> {
    let case_id = case.map(|case| case.id);
    let asked = HearingQuery {
        case: case_id,
        from: days.from,
        to: days.to,
        limit: limit(),
        ..HearingQuery::default()
    };
    let mut found = facts.hearings.list(scope, asked).await?;
    let cut = found.len() > ROWS;
    found.truncate(ROWS);
    if found.is_empty() {
        let text = format!("Nothing is listed{} in {}.", days.words(), in_words(case));
        let title = format!("Hearings{}", days.words());
        return Ok(Told::nothing(fact(&title, days.page(case_id), &[text])));
    }
    Ok(Told::of(by_case(&found), cut))
}

/// A fact for each case of some hearings, in the order of the first of each.
fn by_case(found: &[Hearing]) -> Vec<Fact> {
    let mut told: Vec<(CaseId, String, Vec<String>)> = Vec::new();
    for hearing in found {
        let line = say::hearing(hearing);
        if let Some((_, _, lines)) = told.iter_mut().find(|(case, ..)| *case == hearing.case_id) {
            lines.push(line);
        } else {
            let number = hearing.case_number.as_ref();
            let number = number.map(|number| format!(", {number}")).unwrap_or_default();
            let court = hearing.court.as_ref();
            let court = court.map(|court| format!(", {court}")).unwrap_or_default();
            let title = format!("{}{number}{court}: hearings", hearing.case_title);
            told.push((hearing.case_id, title, vec![line]));
        }
    }
    told.into_iter()
        .map(|(case, title, lines)| fact(&title, say::page_of(case, "#hearings"), &lines))
        .collect()
}

/// The next hearing, of a case or of all.
pub(super) async fn next_date(
    facts: &Facts,
    scope: &Scope,
    case: Option<&CaseName>,
) -> Result<Told, FactError> {
    let today = facts.today();
    let case_id = case.map(|case| case.id);
    let asked = HearingQuery {
        case: case_id,
        from: Some(today),
        limit: limit(),
        ..HearingQuery::default()
    };
    let mut found = facts.hearings.list(scope, asked).await?;
    let Some(first) = found.first().map(|hearing| hearing.known.on_date) else {
        let text = format!("No next date is entered for {}.", in_words(case));
        let page = Span { from: Some(today), to: None }.page(case_id);
        return Ok(Told::nothing(fact("Next date", page, &[text])));
    };
    found.retain(|hearing| hearing.known.on_date == first);
    let mut told = by_case(&found);
    for fact in &mut told {
        fact.title = fact.title.replace(": hearings", ": next date");
    }
    Ok(Told::of(told, false))
}

/// The last hearing of a case before today.
pub(super) async fn last_date(
    facts: &Facts,
    scope: &Scope,
    case: &CaseName,
) -> Result<Told, FactError> {
    let to = facts.today().checked_sub_days(Days::new(1));
    let case_id = Some(case.id);
    let asked =
        HearingQuery { case: case_id, to, latest_first: true, limit: 1, ..HearingQuery::default() };
    let found = facts.hearings.list(scope, asked).await?;
    if found.is_empty() {
        let text = format!("No earlier hearing is entered for {}.", case.title);
        let page = say::page_of(case.id, "#hearings");
        return Ok(Told::nothing(fact("Last date", page, &[text])));
    }
    let mut told = by_case(&found);
    for fact in &mut told {
        fact.title = fact.title.replace(": hearings", ": last date");
    }
    Ok(Told::of(told, false))
}

/// What is to be done and not done: all, what is overdue, or what is due in some days.
pub(super) async fn deadlines(
    facts: &Facts,
    scope: &Scope,
    case: Option<&CaseName>,
    overdue: bool,
    days: Span,
) -> Result<Told, FactError> {
    let today = facts.today();
    let days =
        if overdue { Span { from: None, to: today.checked_sub_days(Days::new(1)) } } else { days };
    let case_id = case.map(|case| case.id);
    let asked = TaskQuery {
        case: case_id,
        from: days.from,
        to: days.to,
        limit: limit(),
        ..TaskQuery::default()
    };
    let mut found = facts.deadlines.list(scope, asked).await?;
    let cut = found.len() > ROWS;
    found.truncate(ROWS);
    if found.is_empty() {
        let what = if overdue { "Nothing is overdue" } else { "Nothing is to be done" };
        let days_words = if overdue { String::new() } else { days.words() };
        let text = format!("{what}{days_words} in {}.", in_words(case));
        return Ok(Told::nothing(fact("Tasks and deadlines", days.page(case_id), &[text])));
    }
    let mut told: Vec<(Option<CaseId>, String, Vec<String>)> = Vec::new();
    for task in &found {
        let line = say::task(task, today);
        match told.iter_mut().find(|(case, ..)| *case == task.case_id) {
            Some((_, _, lines)) => lines.push(line),
            None => told.push((task.case_id, title_of(task), vec![line])),
        }
    }
    let told = told.into_iter().map(|(case, title, lines)| {
        let page = case.map_or_else(|| days.page(None), |case| say::page_of(case, "#deadlines"));
        fact(&title, page, &lines)
    });
    Ok(Told::of(told.collect(), cut))
}

fn title_of(task: &Task) -> String {
    let case = task.case_title.as_deref().unwrap_or("Of no case");
    format!("{case}: tasks and deadlines")
}
