//! Working limitation out, and keeping it in a case.

use std::collections::BTreeMap;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDate;

use super::forms::{self, NO_DAY, choice, chosen};
use crate::app::App;
use crate::deadlines::DeadlineError;
use crate::deadlines::kept::{NewLimitation, Place};
use crate::deadlines::limitation::{self, Asked, CopyTime, LeftOut, MOST_LEFT_OUT, Reason, Rule};
use crate::kernel::permission::permit::{ReadCases, WorkOnCases};
use crate::kernel::{CaseId, HolidayCalendarId};
use crate::web::Area;
use crate::web::deadlines::CalculatorPage;
use crate::web::deadlines::calculator::{Chosen, LeftOutFields, Outcome};
use crate::web::page::render;
use crate::web::parts::{CaseRef, Choice, Field};
use crate::web::routes::viewer::sentence;
use crate::web::routes::{Allowed, Failure, Form, Viewer};

/// How many stretches of time the form has when fewer were entered.
const STRETCHES: usize = 3;

/// What was entered: names and values.
type Entered = BTreeMap<String, String>;

/// What was wrong with what was entered, by field.
type Wrong = BTreeMap<String, String>;

fn value<'a>(entered: &'a Entered, name: &str) -> &'a str {
    entered.get(name).map_or("", |value| value.trim())
}

/// A day that was entered; what is wrong with it goes to its field.
fn day(entered: &Entered, name: &str, wrong: &mut Wrong) -> Option<NaiveDate> {
    let day = forms::day(value(entered, name));
    day.unwrap_or_else(|()| {
        wrong.insert(name.to_owned(), NO_DAY.to_owned());
        None
    })
}

/// The dates that were entered for a rule; none while the first is missing.
fn asked(rule: &Rule, entered: &Entered) -> Result<Option<Asked>, Wrong> {
    let mut wrong = Wrong::new();
    let event = day(entered, "event", &mut wrong);
    let (applied, ready) = (day(entered, "applied", &mut wrong), day(entered, "ready", &mut wrong));
    let received = day(entered, "received", &mut wrong);
    let filed = day(entered, "filed", &mut wrong);
    let copy = match (applied, ready) {
        _ if rule.copy_authority.is_none() => None,
        (Some(applied), Some(ready)) => Some(CopyTime { applied, ready, received }),
        (Some(_), None) => {
            let words = "Give the day the copy was ready, or clear the day it was applied for.";
            wrong.entry("ready".to_owned()).or_insert_with(|| words.to_owned());
            None
        }
        (None, Some(_)) => {
            let words = "Give the day the copy was applied for, or clear the day it was ready.";
            wrong.entry("applied".to_owned()).or_insert_with(|| words.to_owned());
            None
        }
        (None, None) => None,
    };
    let mut left_out = Vec::new();
    for number in 1..=MOST_LEFT_OUT {
        let name = |field: &str| format!("{field}{number}");
        let from = day(entered, &name("from"), &mut wrong);
        let to = day(entered, &name("to"), &mut wrong);
        match (from, to) {
            (Some(from), Some(to)) if !rule.leave_out.is_empty() => {
                let reason = Reason::named(value(entered, &name("reason")));
                let reason = reason.or_else(|| rule.leave_out.first().copied());
                let reason = reason.unwrap_or(Reason::WrongCourt);
                let note = value(entered, &name("note")).chars().take(200).collect();
                left_out.push(LeftOut { from, to, reason, note });
            }
            (Some(_), None) | (None, Some(_)) => {
                let words = "Time that is left out needs its first and its last day.";
                wrong.insert("left_out".to_owned(), words.to_owned());
            }
            _ => {}
        }
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let rule = rule.id.clone();
    Ok(event.map(|event| Asked { rule, event, copy, left_out, filed }))
}

pub(super) async fn show(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadCases>,
    Query(entered): Query<Entered>,
) -> Result<Response, Failure> {
    page(&app, &viewer, &entered).await
}

/// The calculator with what was entered and what came of it.
async fn page(app: &App, viewer: &Viewer, entered: &Entered) -> Result<Response, Failure> {
    let scope = viewer.scope();
    let case = match value(entered, "case").parse::<CaseId>() {
        Ok(id) if !scope.opens(id) => return Err(viewer.not_found()),
        Ok(id) => {
            let case = app.cases.find(scope, id).await.map_err(|error| viewer.failure(error))?;
            Some(CaseRef { id, title: case.title })
        }
        Err(_) => None,
    };
    let rule = limitation::rule(value(entered, "rule"));
    let (mut problem, mut wrong, mut result) = (None, Wrong::new(), None);
    if let Some(rule) = rule {
        match asked(rule, entered) {
            Err(refused) => wrong = refused,
            Ok(None) => {}
            Ok(Some(asked)) => match outcome(app, viewer, entered, &asked, case.as_ref()).await? {
                Ok(found) => result = Some(found),
                Err((field, words)) => {
                    wrong.insert(field.to_owned(), words);
                }
            },
        }
    }
    if let Some(words) = wrong.get("left_out") {
        problem = Some(words.clone());
    }
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let search = value(entered, "find").to_owned();
    let page = CalculatorPage {
        layout: viewer.layout("Limitation", Area::Diary),
        problem,
        case,
        rules: found_rules(&search, rule),
        search,
        chosen: match rule {
            Some(rule) => Some(chosen_rule(app, viewer, rule, entered, &wrong).await?),
            None => None,
        },
        result,
    };
    Ok(render(status, &page))
}

/// The rules found by some words, and the one that was chosen.
fn found_rules(search: &str, rule: Option<&'static Rule>) -> Vec<Choice> {
    let rules = limitation::rules().iter();
    let is_chosen = |it: &Rule| rule.is_some_and(|one| one.id == it.id);
    let found = rules.filter(|it| it.is_meant_by(search) || is_chosen(it));
    let one = |it: &Rule| Choice {
        chosen: is_chosen(it),
        ..choice(&it.id, format!("{} ({})", it.name, it.period.words()))
    };
    found.map(one).collect()
}

async fn chosen_rule(
    app: &App,
    viewer: &Viewer,
    rule: &Rule,
    entered: &Entered,
    wrong: &Wrong,
) -> Result<Chosen, Failure> {
    let field = |name: &str| Field {
        value: value(entered, name).to_owned(),
        error: wrong.get(name).cloned(),
    };
    let calendars = app.deadlines.calendars(viewer.scope()).await;
    let calendars = calendars.map_err(|error| viewer.failure(error))?;
    let calendars = calendars.into_iter();
    let calendars = calendars.map(|one| choice(one.id.to_string(), one.calendar.name)).collect();
    let stretch = |number: usize| {
        let of = |name: &str| value(entered, &format!("{name}{number}")).to_owned();
        let reasons = rule.leave_out.iter().map(|reason| choice(reason.key(), reason.words()));
        let reasons = chosen(reasons.collect(), &of("reason"));
        LeftOutFields { number, from: of("from"), to: of("to"), reasons, note: of("note") }
    };
    let is_entered = |number: &usize| !value(entered, &format!("from{number}")).is_empty();
    let stretches = (1..=MOST_LEFT_OUT).rfind(is_entered).unwrap_or(0).max(STRETCHES);
    Ok(Chosen {
        id: rule.id.clone(),
        name: rule.name.clone(),
        event_words: rule.event.clone(),
        takes_copy: rule.copy_authority.is_some(),
        takes_left_out: !rule.leave_out.is_empty(),
        event: field("event"),
        applied: field("applied"),
        ready: field("ready"),
        received: field("received"),
        left_out: (1..=stretches).map(stretch).collect(),
        filed: field("filed"),
        calendars: chosen(calendars, value(entered, "calendar")),
    })
}

/// What is wrong with a field.
type Refused = (&'static str, String);

/// Works out what was entered.
async fn outcome(
    app: &App,
    viewer: &Viewer,
    entered: &Entered,
    asked: &Asked,
    case: Option<&CaseRef>,
) -> Result<Result<Outcome, Refused>, Failure> {
    let place = Place { case: case.map(|case| case.id), calendar: calendar(entered) };
    let out = match app.deadlines.work_out(viewer.scope(), asked, place).await {
        Ok(out) => out,
        Err(DeadlineError::Dates(unfit)) => return Ok(Err((unfit.field, sentence(unfit.words)))),
        Err(error) => return Err(viewer.failure(error)),
    };
    let given = |(name, value): (&String, &String)| {
        let kept = !value.trim().is_empty() && !matches!(name.as_str(), "case" | "find" | "csrf");
        kept.then(|| (name.clone(), value.clone()))
    };
    let cases = forms::cases(app, viewer).await?;
    let value = case.map(|case| case.id.to_string()).unwrap_or_default();
    Ok(Ok(Outcome {
        view: out.worked.into(),
        reviewed: out.review.map(|review| (review.by_name, review.reviewed_at.into())),
        hidden: entered.iter().filter_map(given).collect(),
        cases: chosen(cases, &value),
    }))
}

fn calendar(entered: &Entered) -> Option<HolidayCalendarId> {
    value(entered, "calendar").parse().ok()
}

pub(super) async fn keep(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<WorkOnCases>,
    Form(entered): Form<Entered>,
) -> Result<Response, Failure> {
    let rule = limitation::rule(value(&entered, "rule"));
    let asked = rule.and_then(|rule| asked(rule, &entered).ok().flatten());
    let case = value(&entered, "case").parse::<CaseId>();
    let (Some(asked), Ok(case)) = (asked, case) else {
        return page(&app, &viewer, &entered).await;
    };
    let calendar = calendar(&entered);
    let new = NewLimitation { asked, case, calendar, title: None, assignee: None };
    match app.deadlines.keep(viewer.scope(), new).await {
        Ok((id, _)) => Ok(Redirect::to(&format!("/limitations/{id}")).into_response()),
        Err(DeadlineError::Dates(_)) => page(&app, &viewer, &entered).await,
        Err(error) => Err(viewer.failure(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entered(pairs: &[(&str, &str)]) -> Entered {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn what_is_entered_becomes_the_dates_of_a_rule() {
        let rule = limitation::rule("review").unwrap();
        let typed = entered(&[
            ("event", "2026-05-04"),
            ("applied", "2026-05-06"),
            ("ready", "2026-05-20"),
            ("from1", "2026-06-01"),
            ("to1", "2026-06-10"),
            ("reason1", "court_order"),
            ("from5", "2026-06-20"),
            ("to5", "2026-06-21"),
        ]);
        let found = asked(rule, &typed).unwrap().unwrap();
        assert_eq!(found.copy.unwrap().ready.to_string(), "2026-05-20");
        let reasons = [Reason::CourtOrder, Reason::WrongCourt];
        assert_eq!(found.left_out.iter().map(|one| one.reason).collect::<Vec<_>>(), reasons);
        assert_eq!(asked(rule, &Entered::new()), Ok(None));
    }

    #[test]
    fn what_is_missing_is_said_beside_its_field() {
        let rule = limitation::rule("appeal-high-court").unwrap();
        let wrong = asked(rule, &entered(&[("event", "soon"), ("applied", "2026-05-06")]));
        let wrong = wrong.unwrap_err();
        assert!(wrong["event"].contains("as the calendar has it"));
        assert!(wrong["ready"].contains("was ready"));
        let half = asked(rule, &entered(&[("event", "2026-05-04"), ("from2", "2026-06-01")]));
        assert!(half.unwrap_err().contains_key("left_out"));
    }

    #[test]
    fn the_chosen_rule_is_offered_whatever_is_looked_for() {
        let rule = limitation::rule("slp");
        let found = found_rules("cheque", rule);
        assert!(found.iter().any(|one| one.chosen && one.value == "slp"));
        assert!(found.iter().any(|one| one.value == "ni-complaint"));
        assert_eq!(found_rules("", None).len(), limitation::rules().len());
    }
}
