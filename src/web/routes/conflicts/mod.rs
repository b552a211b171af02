//! Conflict checks.

mod lines;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use chrono::{DateTime, SecondsFormat, Utc};
use serde::Deserialize;

use super::viewer::sentence;
use super::{Allowed, Failure, Form, Viewer};
use crate::app::App;
use crate::conflicts::{
    Asked, Check, CheckQuery, CheckRow, ConflictError, Decided, Decision, Hit, IN_TITLE, MOST_HITS,
    Occasion, PAGE, Source,
};
use crate::kernel::ConflictCheckId;
use crate::kernel::permission::permit::CheckConflicts;
use crate::web::Area;
use crate::web::conflicts::{
    CheckLine, CheckPage, CheckedName, ConflictsPage, DecisionRow, HitRow, NewCheckPage,
};
use crate::web::page::render;
use crate::web::parts::{CaseRef, Choice, Field};
use crate::web::show::{Day, counted};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/conflicts", get(list).post(make))
        .route("/conflicts/new", get(new))
        .route("/conflicts/{id}", get(show))
        .route("/conflicts/{id}/decisions", post(decide))
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    undecided: String,
    before: Option<DateTime<Utc>>,
}

async fn list(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<CheckConflicts>,
    Query(Wanted { undecided, before }): Query<Wanted>,
) -> Result<ConflictsPage, Failure> {
    let undecided = undecided == "yes";
    let query = CheckQuery { undecided, before, ..CheckQuery::default() };
    let found = app.conflicts.list(viewer.scope(), &query).await;
    let found = found.map_err(|error| viewer.failure(error))?;
    let full = found.len() >= usize::try_from(PAGE).unwrap_or(usize::MAX);
    let next = found.last().filter(|_| full).map(|last| {
        let before = last.asked_at.to_rfc3339_opts(SecondsFormat::Micros, true);
        let also = if undecided { "&undecided=yes" } else { "" };
        format!("/conflicts?before={before}{also}")
    });
    Ok(ConflictsPage {
        layout: viewer.layout("Conflict checks", Area::Clients),
        undecided,
        checks: found.into_iter().map(line).collect(),
        next,
    })
}

/// How a check stands, in a word and in words.
fn standing(row: &CheckRow) -> (&'static str, String) {
    match &row.decided {
        Some(Decided { decision, .. }) => (decision.as_str(), decision.words().to_owned()),
        None if row.to_confirm => ("open", "Checked; an admin confirms it".to_owned()),
        None if row.possible == 0 => ("none", "Nothing found".to_owned()),
        None => {
            let possible = counted(row.possible, "possible conflict", "possible conflicts");
            ("open", format!("{possible}: to be decided"))
        }
    }
}

fn line(row: CheckRow) -> CheckLine {
    let (state, words) = standing(&row);
    let names: Vec<&str> = row.names.iter().map(|(name, _)| name.as_str()).collect();
    CheckLine {
        id: row.id,
        names: names.join("; "),
        state,
        words,
        asked: format!("{}, {}", row.asked_by.1, row.occasion.words()),
        at: row.asked_at.into(),
        case: row.case.map(|(id, title)| CaseRef { id, title }),
        client: row.client,
    }
}

#[derive(Deserialize, Default)]
pub(super) struct CheckForm {
    #[serde(default)]
    ours: String,
    #[serde(default)]
    others: String,
    #[serde(default)]
    case: String,
    #[serde(default)]
    with_counsel: String,
}

async fn new(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<CheckConflicts>,
    Query(form): Query<CheckForm>,
) -> Result<NewCheckPage, Failure> {
    filled(&app, &viewer, form, None).await
}

/// The form as filled in so far, with what was wrong with it.
async fn filled(
    app: &App,
    viewer: &Viewer,
    form: CheckForm,
    refused: Option<&ConflictError>,
) -> Result<NewCheckPage, Failure> {
    let scope = viewer.scope();
    let cases = app.cases.list(scope).await.map_err(|error| viewer.failure(error))?;
    let open = cases.into_iter().filter(|case| scope.opens(case.id));
    let choice = |case: crate::cases::Case| {
        let value = case.id.to_string();
        Choice { chosen: value == form.case, value, label: case.title }
    };
    let cases = open.map(choice).collect();
    let words = refused.map(|error| sentence(&error.to_string()));
    let of_names = matches!(refused, Some(ConflictError::NoName));
    Ok(NewCheckPage {
        layout: viewer.layout("New conflict check", Area::Clients),
        problem: words.clone().filter(|_| !of_names),
        ours: Field { value: form.ours, error: words.filter(|_| of_names) },
        others: Field::of(form.others),
        cases,
        with_counsel: form.with_counsel == "yes",
    })
}

async fn make(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<CheckConflicts>,
    Form(form): Form<CheckForm>,
) -> Result<Response, Failure> {
    let asked = Asked {
        names: lines::names(&form.ours, &form.others),
        case: form.case.parse().ok(),
        client: None,
        occasion: Occasion::Asked,
        with_counsel: form.with_counsel == "yes",
    };
    match app.conflicts.ask(viewer.scope(), asked).await {
        Ok(check) => Ok(Redirect::to(&format!("/conflicts/{}", check.row.id)).into_response()),
        Err(error @ (ConflictError::NoName | ConflictError::Unfit(_))) => {
            let page = filled(&app, &viewer, form, Some(&error)).await?;
            Ok(render(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(error) => Err(viewer.failure(error)),
    }
}

async fn show(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<CheckConflicts>,
    Path(id): Path<ConflictCheckId>,
) -> Result<CheckPage, Failure> {
    let check = app.conflicts.find(viewer.scope(), id).await;
    let check = check.map_err(|error| viewer.failure(error))?;
    Ok(page(&viewer, check, &DecisionForm::default(), None))
}

#[derive(Deserialize, Default)]
pub(super) struct DecisionForm {
    #[serde(default)]
    decision: String,
    #[serde(default)]
    reason: String,
}

fn page(viewer: &Viewer, check: Check, form: &DecisionForm, refused: Option<String>) -> CheckPage {
    let Check { row, hits, closed, may_decide, decisions } = check;
    let (to_confirm, nothing) = (row.to_confirm && row.decided.is_none(), row.possible == 0);
    let mut names: Vec<CheckedName> = row.names.iter().map(checked_name).collect();
    for hit in hits {
        if let Some(name) = names.get_mut(hit.ordinal) {
            let found = hit_row(hit, name.ours);
            name.hits.push(found);
            name.more = name.hits.len() >= MOST_HITS;
        }
    }
    let choice = |decision: Decision| Choice {
        value: decision.as_str().to_owned(),
        label: decision.words().to_owned(),
        chosen: decision.as_str() == form.decision,
    };
    CheckPage {
        layout: viewer.layout("Conflict check", Area::Clients),
        check: line(row),
        names,
        closed,
        to_confirm,
        nothing,
        may_decide,
        choices: Decision::ALL.into_iter().map(choice).collect(),
        reason: Field { value: form.reason.clone(), error: refused },
        decisions: decisions
            .into_iter()
            .map(|decided| DecisionRow {
                words: decided.decision.words(),
                reason: decided.reason,
                by: decided.by,
                at: decided.at.into(),
            })
            .collect(),
    }
}

fn checked_name((name, ours): &(String, bool)) -> CheckedName {
    CheckedName { name: name.clone(), ours: *ours, hits: Vec::new(), more: false }
}

fn hit_row(hit: Hit, asked_is_ours: bool) -> HitRow {
    let side = if hit.ours { "for whom the chamber acts" } else { "against whom the chamber acts" };
    let role = hit.role.unwrap_or_default();
    let in_title = role == IN_TITLE;
    let place = match hit.source {
        Source::Client => "Client of the chamber".to_owned(),
        Source::Contact if role.is_empty() => "Reached at a client".to_owned(),
        Source::Contact => sentence(&role).trim_end_matches('.').to_owned() + " at a client",
        Source::Party if in_title => "Named in the title of a case".to_owned(),
        Source::Party => {
            let closed = if hit.is_closed { ", in a closed case" } else { "" };
            format!("{}, {side}{closed}", sentence(&role).trim_end_matches('.'))
        }
        Source::Counsel => "Counsel of another side".to_owned(),
        Source::Check => "Looked for in an earlier check".to_owned(),
    };
    let case = hit.case.map(|(id, title)| (format!("/cases/{id}"), title));
    let client = hit.client.map(|(id, name)| (format!("/clients/{id}"), name));
    let check = hit.check.map(|id| (format!("/conflicts/{id}"), "the check".to_owned()));
    let link = if hit.source == Source::Check { check } else { case.or(client) };
    HitRow {
        name: hit.name,
        percent: hit.score / 10,
        place,
        is_opposite: hit.source != Source::Check && !in_title && hit.ours != asked_is_ours,
        link,
        since: hit.since.map(Day),
        reasons: hit.reasons,
    }
}

async fn decide(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<CheckConflicts>,
    Path(id): Path<ConflictCheckId>,
    Form(form): Form<DecisionForm>,
) -> Result<Response, Failure> {
    let scope = viewer.scope();
    let refused = match form.decision.parse::<Decision>() {
        Ok(decision) => match app.conflicts.decide(scope, id, decision, &form.reason).await {
            Ok(()) => return Ok(Redirect::to(&format!("/conflicts/{id}")).into_response()),
            Err(error @ ConflictError::NoReason) => sentence(&error.to_string()),
            Err(error) => return Err(viewer.failure(error)),
        },
        Err(_) => "Choose what is decided.".to_owned(),
    };
    let check = app.conflicts.find(scope, id).await.map_err(|error| viewer.failure(error))?;
    let page = page(&viewer, check, &form, Some(refused));
    Ok(render(StatusCode::UNPROCESSABLE_ENTITY, &page))
}
