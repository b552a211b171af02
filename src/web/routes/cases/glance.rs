//! What a case's page says first.

use chrono::NaiveDate;

use super::parties::waiting;
use super::{Failure, Viewer, count};
use crate::app::App;
use crate::cases::{Branch, Case, CaseError, Closed, FileAt, disposal_words};
use crate::deadlines::{Task, TaskKind, TaskQuery};
use crate::hearings::{Hearing, HearingOutcome};
use crate::kernel::{CaseId, Paise, day_in_india};
use crate::web::cases::{BranchLine, Fresh, Glance, Listed, Owing, PartyLine, Todo};
use crate::web::show::Day;

/// How many things to be done are told.
const TASKS: usize = 5;

/// A case at a glance, as the reader may see it.
pub(super) async fn of_case(app: &App, viewer: &Viewer, case: &Case) -> Result<Glance, Failure> {
    let (scope, id) = (viewer.scope(), case.id);
    let fail = |error: CaseError| viewer.failure(error);
    let closed = app.cases.closed(scope, id).await.map_err(fail)?;
    let mut glance = Glance { closed: closed.map(closed_words), ..Glance::default() };
    if !scope.opens(id) {
        return Ok(glance);
    }
    let today = day_in_india(app.clock.now());
    let listed = app.hearings.next_and_last(scope, id).await;
    let (next, last) = listed.map_err(|error| viewer.failure(error))?;
    glance.no_date = next.is_none() && case.status == "open";
    (glance.next, glance.last) = (next.map(hearing), last.map(hearing));
    let asked = TaskQuery { case: Some(id), limit: 200, ..TaskQuery::default() };
    let tasks = app.deadlines.list(scope, asked).await.map_err(|error| viewer.failure(error))?;
    glance.more_tasks = tasks.len().saturating_sub(TASKS) as u64;
    glance.tasks = tasks.into_iter().take(TASKS).map(|task| todo(task, today)).collect();
    glance.money = money(app, viewer, id).await?;
    glance.news = news(app, viewer, id).await?;
    let parties = app.cases.parties(scope, id).await.map_err(fail)?;
    glance.parties = parties
        .into_iter()
        .map(|party| {
            let chamber = || String::from("this chamber");
            let counsel = party.counsel.unwrap_or_default();
            let counsel = if party.ours && counsel.is_empty() { chamber() } else { counsel };
            PartyLine { name: party.name, role: party.role, counsel }
        })
        .collect();
    let may_change = scope.works_on(id);
    let tree = app.cases.proceeding(scope, id).await.map_err(fail)?;
    glance.tree = tree.into_iter().map(|branch| line(branch, id, may_change)).collect();
    glance.tags = app.cases.tags(scope, id).await.map_err(fail)?;
    let notes = app.cases.notes(scope, id).await.map_err(fail)?;
    glance.notes = notes.into_iter().filter(|note| note.pinned).map(|note| note.text).collect();
    let file = app.cases.file(scope, id).await.map_err(fail)?;
    let fields = app.cases.fields(scope).await.map_err(fail)?;
    glance.empty = file.file.empty_fields(&fields);
    if scope.leads(id) {
        glance.checks = waiting(app, viewer, id).await?;
    }
    known(&mut glance, file);
    Ok(glance)
}

/// When and how a case was closed, in words.
pub(super) fn closed_words(closed: Closed) -> String {
    let Closed { closed_on, disposal, closing_note } = closed;
    let day = closed_on.and_then(|day| day.parse().ok()).map(|day: NaiveDate| Day(day).to_string());
    let how = disposal.as_deref().and_then(disposal_words);
    let mut words = String::from("Closed");
    if let Some(day) = day {
        words = format!("{words} on {day}");
    }
    if let Some(how) = how {
        words = format!("{words}: {}", how.to_lowercase());
    }
    match closing_note {
        Some(note) => format!("{words}. {note}"),
        None => format!("{words}."),
    }
}

fn joined(parts: Vec<Option<String>>, by: &str) -> String {
    let parts = parts.into_iter().flatten().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(by)
}

fn hearing(hearing: Hearing) -> Listed {
    let known = hearing.known;
    let named = |what: &str, text: Option<String>| text.map(|text| format!("{what} {text}"));
    let place = joined(
        vec![known.bench, named("court hall", known.court_hall), named("item", known.item)],
        ", ",
    );
    let purpose = joined(vec![known.stage, known.purpose], ": ");
    let outcome = known.outcome.map(HearingOutcome::words).map(str::to_owned);
    Listed {
        day: Day(known.on_date),
        what: joined(vec![Some(place), Some(purpose)], "; "),
        outcome: joined(vec![outcome, known.note], ": "),
    }
}

fn todo(task: Task, today: NaiveDate) -> Todo {
    Todo {
        title: task.title,
        is_deadline: task.kind == TaskKind::Deadline,
        due: task.due_on.map(Day),
        overdue: task.due_on.is_some_and(|due| due < today),
        assignee: task.assignee,
    }
}

async fn money(app: &App, viewer: &Viewer, id: CaseId) -> Result<Option<Owing>, Failure> {
    let scope = viewer.scope();
    let owed = app.billing.owed_of_case(scope, id).await;
    let Some(owed) = owed.map_err(|error| viewer.failure(error))? else { return Ok(None) };
    let unbilled = app.billing.unbilled(scope, Some(id)).await;
    let unbilled = unbilled.map_err(|error| viewer.failure(error))?;
    let unbilled: Paise = unbilled.iter().map(crate::billing::Unbilled::sum).sum();
    let told = |amount: Paise| (amount > Paise(0)).then(|| amount.to_string());
    Ok(Some(Owing {
        outstanding: owed.outstanding.to_string(),
        overdue: told(owed.overdue),
        unbilled: told(unbilled),
    }))
}

async fn news(app: &App, viewer: &Viewer, id: CaseId) -> Result<Fresh, Failure> {
    let scope = viewer.scope();
    let news = app.cases.visit(scope, id).await.map_err(|error| viewer.failure(error))?;
    let unread = app.messages.unread_counts(scope).await;
    let unread = unread.map_err(|error| viewer.failure(error))?;
    Ok(Fresh {
        since: news.since.map(Into::into),
        documents: news.documents.into_iter().map(|one| (one.id, one.title)).collect(),
        notes: count(news.notes),
        messages: unread.into_iter().filter(|(case, ..)| *case == id).map(|(.., some)| some).sum(),
    })
}

fn line(branch: Branch, here: CaseId, may_change: bool) -> BranchLine {
    let is_here = branch.id == here;
    BranchLine {
        id: branch.id,
        title: branch.title,
        what: joined(vec![branch.number, branch.court], ", "),
        kind: branch.from.map(|(_, kind)| kind.words()),
        parent: branch.from.map(|(parent, _)| parent).filter(|_| is_here && may_change),
        depth: branch.depth.min(6),
        here: is_here,
        closed: branch.status == "closed",
    }
}

/// Adds what else is known of the case.
fn known(glance: &mut Glance, at: FileAt) {
    let own = at.file.own_number().map(str::to_owned);
    let file = at.file;
    let fir = joined(vec![file.fir_number, file.fir_year], "/");
    let fir = joined(vec![Some(fir), file.police_station, file.district, file.fir_sections], ", ");
    let facts = [
        ("Stage", file.stage),
        ("Seat", file.court_seat),
        ("Bench", file.bench),
        ("Judges", file.judges),
        ("Court hall", file.court_hall),
        ("FIR", Some(fir).filter(|text| !text.is_empty())),
        ("Acts", file.acts),
        ("About", file.summary),
    ];
    glance.facts = facts.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
    let others = file.numbers.into_iter().filter(|one| Some(&one.number) != own.as_ref());
    glance.facts.extend(others.map(|one| (one.kind.words(), one.number)));
    glance.warnings = at.warnings;
}
