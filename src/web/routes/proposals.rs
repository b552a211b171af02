//! The list of proposals, and deciding on one.

use axum::extract::{Path, Query, State};
use axum::response::Redirect;
use serde::Deserialize;

use super::{Allowed, Failure, Form, Viewer};
use crate::app::App;
use crate::assistant::Proposal;
use crate::assistant::proposals::{Edits, Status, Which};
use crate::kernel::permission::permit::{ReadCases, WorkOnCases};
use crate::kernel::{CaseId, ProposalId};
use crate::web::Area;
use crate::web::parts::CaseRef;
use crate::web::proposals::{ProposalRow, ProposalSource, ProposalsPage};
use crate::web::show::Day;

/// A proposal as pages show it; its case is named where the page is not the case's own.
pub(super) fn row(proposal: Proposal, names_case: bool) -> ProposalRow {
    let case = CaseRef { id: proposal.case_id, title: proposal.case_title };
    let source = proposal.source.map(|source| ProposalSource {
        href: format!(
            "/documents/{}?version={}&page={page}#page-{page}",
            source.document_id,
            source.version,
            page = source.page
        ),
        quote: source.quote,
        title: source.title,
        page: source.page,
    });
    ProposalRow {
        id: proposal.id,
        kind: proposal.kind.as_str(),
        title: proposal.title,
        on: proposal.on.and_then(|day| day.parse().ok()).map(Day),
        doubt: proposal.doubt,
        computed: proposal.computed,
        minutes: proposal.minutes,
        case: names_case.then_some(case),
        source,
        is_duplicate: proposal.is_duplicate,
        may_decide: proposal.may_decide,
        status: proposal.status.as_str(),
        decided_by: proposal.decided_by,
        reason: proposal.reason,
    }
}

/// What waits in a case, for its page; nothing for who does not see into it.
pub(super) async fn waiting_in(
    app: &App,
    viewer: &Viewer,
    case: CaseId,
) -> Result<Vec<ProposalRow>, Failure> {
    if !viewer.scope().opens(case) {
        return Ok(Vec::new());
    }
    let which = Which { case: Some(case), message: None, status: Some(Status::Open) };
    let found = app.proposals.list(viewer.scope(), which).await;
    let found = found.map_err(|error| viewer.failure(error))?;
    Ok(found.into_iter().map(|proposal| row(proposal, false)).collect())
}

#[derive(Deserialize)]
pub(super) struct Of {
    case: Option<CaseId>,
}

pub(super) async fn list(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadCases>,
    Query(Of { case }): Query<Of>,
) -> Result<ProposalsPage, Failure> {
    let scope = viewer.scope();
    let named = match case {
        Some(id) => {
            let found = app.cases.find(scope, id).await.map_err(|error| viewer.failure(error))?;
            Some(CaseRef { id, title: found.title })
        }
        None => None,
    };
    let which = Which { case, message: None, status: None };
    let found = app.proposals.list(scope, which).await.map_err(|error| viewer.failure(error))?;
    let (waiting, decided) =
        found.into_iter().partition::<Vec<_>, _>(|proposal| proposal.status == Status::Open);
    let rows = |list: Vec<Proposal>| {
        list.into_iter().map(|proposal| row(proposal, case.is_none())).collect()
    };
    Ok(ProposalsPage {
        layout: viewer.layout("Proposed", Area::Cases),
        case: named,
        waiting: rows(waiting),
        decided: rows(decided),
    })
}

/// Where the reader goes on: the case the form stood on, or the list.
fn back(to: &str, proposal: &Proposal) -> Redirect {
    if to == "case" {
        Redirect::to(&format!("/cases/{}#proposed", proposal.case_id))
    } else {
        Redirect::to("/proposals")
    }
}

#[derive(Deserialize)]
pub(super) struct Approving {
    #[serde(default)]
    title: String,
    #[serde(default)]
    on: String,
    #[serde(default)]
    rate: String,
    #[serde(default)]
    back: String,
}

pub(super) async fn approve(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<WorkOnCases>,
    Path(id): Path<ProposalId>,
    Form(form): Form<Approving>,
) -> Result<Redirect, Failure> {
    let rupees = form.rate.trim().parse::<i64>().ok();
    let edits = Edits {
        title: Some(form.title),
        on: form.on.trim().parse().ok(),
        paise_per_hour: rupees.and_then(|rupees| rupees.checked_mul(100)),
    };
    let done = app.proposals.approve(viewer.scope(), id, edits).await;
    Ok(back(&form.back, &done.map_err(|error| viewer.failure(error))?))
}

#[derive(Deserialize)]
pub(super) struct Rejecting {
    #[serde(default)]
    reason: String,
    #[serde(default)]
    back: String,
}

pub(super) async fn reject(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<WorkOnCases>,
    Path(id): Path<ProposalId>,
    Form(form): Form<Rejecting>,
) -> Result<Redirect, Failure> {
    let done = app.proposals.reject(viewer.scope(), id, &form.reason).await;
    Ok(back(&form.back, &done.map_err(|error| viewer.failure(error))?))
}
