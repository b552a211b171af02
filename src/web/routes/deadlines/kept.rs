//! Limitations that were kept, and the rules with who checked them.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::app::App;
use crate::deadlines::DeadlineError;
use crate::deadlines::kept::{Kept, ReviewedRule};
use crate::kernel::permission::permit::{ReadCases, SetChamber, WorkOnCases};
use crate::kernel::{LimitationId, Permission};
use crate::web::Area;
use crate::web::deadlines::calculator::RuleRow;
use crate::web::deadlines::{KeptPage, RulesPage};
use crate::web::parts::CaseRef;
use crate::web::routes::viewer::Nothing;
use crate::web::routes::{Allowed, Failure, Form, Viewer};

pub(super) async fn show(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadCases>,
    Path(id): Path<LimitationId>,
) -> Result<KeptPage, Failure> {
    let scope = viewer.scope();
    let found = app.deadlines.kept_one(scope, id).await;
    let kept = found.map_err(|error| viewer.failure(error))?;
    let change = address(&kept);
    Ok(KeptPage {
        layout: viewer.layout(kept.worked.name.clone(), Area::Cases),
        problem: None,
        id,
        may_change: scope.works_on(kept.case_id),
        case: CaseRef { id: kept.case_id, title: kept.case_title },
        view: kept.worked.into(),
        kept: (kept.kept_by, kept.kept_at.into()),
        replaced: kept.replaced,
        stale: kept.stale,
        change,
        task: kept.task.map(|id| format!("/deadlines/{id}")),
    })
}

/// The address of the calculator with the same dates.
fn address(kept: &Kept) -> String {
    let asked = &kept.asked;
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("rule", &asked.rule);
    query.append_pair("event", &asked.event.to_string());
    query.append_pair("case", &kept.case_id.to_string());
    if let Some(calendar) = kept.calendar {
        query.append_pair("calendar", &calendar.to_string());
    }
    if let Some(copy) = asked.copy {
        query.append_pair("applied", &copy.applied.to_string());
        query.append_pair("ready", &copy.ready.to_string());
        if let Some(received) = copy.received {
            query.append_pair("received", &received.to_string());
        }
    }
    for (place, one) in asked.left_out.iter().enumerate() {
        let number = place + 1;
        query.append_pair(&format!("from{number}"), &one.from.to_string());
        query.append_pair(&format!("to{number}"), &one.to.to_string());
        query.append_pair(&format!("reason{number}"), one.reason.key());
        query.append_pair(&format!("note{number}"), &one.note);
    }
    format!("/limitation?{}", query.finish())
}

pub(super) async fn again(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<WorkOnCases>,
    Path(id): Path<LimitationId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Failure> {
    let next = app.deadlines.again(viewer.scope(), id).await;
    let next = next.map_err(|error| viewer.failure(error))?;
    Ok(Redirect::to(&format!("/limitations/{next}")).into_response())
}

pub(super) async fn drop_kept(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<WorkOnCases>,
    Path(id): Path<LimitationId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Failure> {
    let fail = |error: DeadlineError| viewer.failure(error);
    let kept = app.deadlines.kept_one(viewer.scope(), id).await.map_err(fail)?;
    app.deadlines.drop_kept(viewer.scope(), id).await.map_err(fail)?;
    Ok(Redirect::to(&format!("/cases/{}/deadlines", kept.case_id)).into_response())
}

pub(super) async fn rules(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadCases>,
) -> Result<RulesPage, Failure> {
    let scope = viewer.scope();
    let found = app.deadlines.rules(scope).await.map_err(|error| viewer.failure(error))?;
    let row = |ReviewedRule { rule, review }| RuleRow {
        rule: rule.clone(),
        hash: rule.hash(),
        reviewed: review.map(|review| (review.by_name, review.reviewed_at.into())),
    };
    Ok(RulesPage {
        layout: viewer.layout("Rules of limitation", Area::Diary),
        problem: None,
        rules: found.into_iter().map(row).collect(),
        may_review: scope.may(Permission::SetChamber),
    })
}

#[derive(Deserialize)]
pub(super) struct Read {
    #[serde(default)]
    hash: String,
}

fn reviewed(viewer: &Viewer, done: Result<(), DeadlineError>) -> Result<Redirect, Failure> {
    done.map_err(|error| viewer.failure(error))?;
    Ok(Redirect::to("/limitation/rules"))
}

pub(super) async fn review(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<SetChamber>,
    Path(rule): Path<String>,
    Form(Read { hash }): Form<Read>,
) -> Result<Redirect, Failure> {
    reviewed(&viewer, app.deadlines.review(viewer.scope(), &rule, &hash).await)
}

pub(super) async fn unreview(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<SetChamber>,
    Path(rule): Path<String>,
    Form(Read { hash }): Form<Read>,
) -> Result<Redirect, Failure> {
    reviewed(&viewer, app.deadlines.unreview(viewer.scope(), &rule, &hash).await)
}
