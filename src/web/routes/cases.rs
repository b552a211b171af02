//! Cases: the list, a new one, and one with its documents.

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::viewer::{Nothing, Viewer, sentence};
use super::{Allowed, Failure, Form, assistant, proposals};
use crate::app::App;
use crate::cases::{Case, CaseError, NewCase};
use crate::clients::{Client, Kind, NewClient};
use crate::documents::{DeadWork, Document};
use crate::kernel::permission::permit::{ManageTeams, OpenCases, ReadCases, ReadDocuments};
use crate::kernel::{CaseId, CaseRole, ClientId, Role, Scope, UserId};
use crate::web::Area;
use crate::web::cases::{
    CaseFacts, CasePage, CaseRow, CasesPage, DocumentRow, FailedPage, FailedWork, Member,
    NewCasePage, ReadState, Stage, UploadLimits,
};
use crate::web::parts::{CaseRef, Choice, DocumentRef, Field};
use crate::web::show::Day;

/// What a format is called on a page.
pub(super) fn kind_of(format: &str) -> &'static str {
    match format {
        "pdf" => "PDF",
        "docx" | "doc" => "Word",
        "rtf" => "Rich text",
        "odt" => "OpenDocument",
        "sheet" => "Workbook",
        "slides" => "Presentation",
        "html" => "Web page",
        "mail" | "msg" => "Mail",
        "mbox" => "Mailbox",
        "jpeg" | "png" | "tiff" => "Picture",
        "zip" => "Archive",
        "text" => "Text",
        _ => "File",
    }
}

fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

fn small(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

pub(super) fn case_row(case: Case) -> CaseRow {
    CaseRow {
        id: case.id,
        title: case.title,
        number: case.number,
        court: case.court,
        client: case.client_name,
        documents: case.documents.map(count),
        reading: count(case.reading.unwrap_or(0)),
        failed: count(case.failed.unwrap_or(0)),
        touched: case.touched_at.into(),
    }
}

/// How far a document is, with the work that was put aside for it.
pub(super) fn state_of(document: &Document, dead: &[DeadWork]) -> ReadState {
    let version = &document.version;
    let stage = match version.status.as_str() {
        "failed" => Stage::Failed,
        "queued" => Stage::Queued,
        "reading" => Stage::Reading,
        _ if version.indexed_at.is_none() => Stage::Indexing,
        _ => Stage::Ready,
    };
    let work = dead.iter().find(|work| work.document_id == document.id);
    ReadState {
        stage,
        pages_done: small(version.pages_done),
        pages_total: version.pages_total.map(small),
        pages_failed: small(version.pages_unreadable),
        searchable: version.indexed_at.is_some(),
        semantic: version.embedded_at.is_some(),
        error: version.error.clone().map(|error| sentence(&error)),
        job: work.map(|work| work.job_id),
        eta_secs: None,
    }
}

#[derive(Deserialize)]
pub(super) struct Filter {
    #[serde(default)]
    q: String,
}

pub(super) async fn list(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadCases>,
    Query(Filter { q: filter }): Query<Filter>,
) -> Result<CasesPage, Failure> {
    let cases = app.cases.list(viewer.scope()).await.map_err(|error| viewer.failure(error))?;
    let wanted = filter.trim().to_lowercase();
    let fits = |row: &CaseRow| {
        let parts =
            [Some(&row.title), row.number.as_ref(), row.client.as_ref(), row.court.as_ref()];
        parts.into_iter().flatten().any(|part| part.to_lowercase().contains(&wanted))
    };
    let cases = cases.into_iter().map(case_row).filter(fits).collect();
    Ok(CasesPage { layout: viewer.layout("Cases", Area::Cases), filter, cases, next: None })
}

pub(super) async fn new(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<OpenCases>,
) -> Result<NewCasePage, Failure> {
    form(&app, &viewer, NewCaseForm::default(), None).await
}

#[derive(Default, Deserialize)]
pub(super) struct NewCaseForm {
    #[serde(default)]
    title: String,
    #[serde(default)]
    number: String,
    #[serde(default)]
    court: String,
    #[serde(default)]
    cnr: String,
    #[serde(default)]
    client: String,
    #[serde(default)]
    new_client: String,
}

/// The form for a new case, as filled in so far.
async fn form(
    app: &App,
    viewer: &Viewer,
    filled: NewCaseForm,
    refused: Option<&CaseError>,
) -> Result<NewCasePage, Failure> {
    let clients = app.clients.list(viewer.scope()).await.map_err(|error| viewer.failure(error))?;
    let choice = |client: Client| {
        let value = client.id.to_string();
        Choice { chosen: value == filled.client, value, label: client.name }
    };
    let words = refused.map(|error| sentence(&error.to_string()));
    let mut title = Field::of(filled.title.clone());
    if matches!(refused, Some(CaseError::NoTitle)) {
        title.error.clone_from(&words);
    }
    Ok(NewCasePage {
        layout: viewer.layout("New case", Area::Cases),
        title,
        number: Field::of(filled.number.clone()),
        court: Field::of(filled.court.clone()),
        cnr: Field::of(filled.cnr.clone()),
        clients: clients.into_iter().map(choice).collect(),
        new_client: Field::of(filled.new_client.clone()),
        courts: Vec::new(),
        problem: words,
    })
}

pub(super) async fn open(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<OpenCases>,
    Form(filled): Form<NewCaseForm>,
) -> Result<Response, Failure> {
    let client_id = client_of(&app, viewer.scope(), &filled).await;
    let client_id = client_id.map_err(|error| viewer.failure(error))?;
    let new = NewCase {
        title: filled.title.clone(),
        number: Some(filled.number.clone()),
        court: Some(filled.court.clone()),
        cnr: Some(filled.cnr.clone()),
        client_id,
        summary: None,
        opened_on: None,
    };
    match app.cases.open(viewer.scope(), new).await {
        Ok(id) => Ok(Redirect::to(&format!("/cases/{id}")).into_response()),
        Err(error @ (CaseError::NoTitle | CaseError::NoClient)) => {
            Ok(form(&app, &viewer, filled, Some(&error)).await?.into_response())
        }
        Err(error) => Err(viewer.failure(error)),
    }
}

/// The client chosen, or a new one when a name was given.
async fn client_of(
    app: &App,
    scope: &Scope,
    filled: &NewCaseForm,
) -> Result<Option<ClientId>, crate::clients::ClientError> {
    let name = filled.new_client.trim();
    if name.is_empty() || filled.title.trim().is_empty() {
        return Ok(filled.client.parse().ok());
    }
    let new = NewClient {
        name: name.to_owned(),
        kind: Kind::Person,
        email: None,
        phone: None,
        city: None,
    };
    Ok(Some(app.clients.add(scope, new).await?.id))
}

pub(super) async fn show(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadCases>,
    Path(id): Path<CaseId>,
) -> Result<CasePage, Failure> {
    let fail = |error: CaseError| viewer.failure(error);
    let scope = viewer.scope();
    let case = app.cases.find(scope, id).await.map_err(fail)?;
    let members = app.cases.members(scope, id).await.map_err(fail)?;
    let users = app.auth.users(scope).await.map_err(|error| viewer.failure(error))?;
    let documents = app.documents.list(scope, id).await.map_err(|error| viewer.failure(error))?;
    let dead =
        app.documents.dead_work(scope, Some(id)).await.map_err(|error| viewer.failure(error))?;
    let proposals = proposals::waiting_in(&app, &viewer, id).await?;
    let pinned = assistant::pinned(&app, &viewer, id).await?;
    let role_of = |user: UserId| {
        users
            .iter()
            .find(|known| known.id == user)
            .map_or(String::new(), |user| user.role.to_string())
    };
    let candidates = users
        .iter()
        .filter(|user| user.active && matches!(user.role, Role::Advocate | Role::Staff))
        .filter(|user| !members.iter().any(|member| member.user_id == user.id))
        .map(|user| Choice { value: user.id.to_string(), label: user.name.clone(), chosen: false })
        .collect();
    Ok(CasePage {
        layout: viewer.layout(case.title.clone(), Area::Cases),
        facts: facts(case, &documents),
        documents: documents.iter().map(|document| document_row(document, &dead)).collect(),
        next: None,
        members: members
            .into_iter()
            .map(|member| Member {
                id: member.user_id,
                role: role_of(member.user_id),
                name: member.name,
                does: member.role.as_str(),
                shut_out: !member.has_access,
            })
            .collect(),
        candidates,
        is_open: scope.opens(id),
        may_change: scope.works_on(id),
        may_manage: scope.leads(id),
        reader: scope.user(),
        limits: UploadLimits {
            max_mib: app.config.http.max_upload_mib,
            kinds: "PDF, scans and pictures, Word, RTF, OpenDocument, workbooks, presentations, \
                    web pages, text, mail and ZIP archives"
                .to_owned(),
        },
        failed: dead.len() as u64,
        practice: super::practice::of_case(&app, &viewer, id).await?,
        proposals,
        pinned,
    })
}

fn facts(case: Case, documents: &[Document]) -> CaseFacts {
    let day = case.opened_on.parse().unwrap_or_else(|_| case.created_at.date_naive());
    CaseFacts {
        id: case.id,
        title: case.title,
        number: case.number,
        court: case.court,
        cnr: case.cnr,
        client: case.client_name,
        opened: Day(day),
        documents: count(case.documents.unwrap_or(0)),
        pages: documents.iter().map(|document| count(document.version.pages_done)).sum(),
    }
}

fn document_row(document: &Document, dead: &[DeadWork]) -> DocumentRow {
    DocumentRow {
        id: document.id,
        title: document.title.clone(),
        kind: kind_of(&document.version.format).to_owned(),
        version: small(document.version.number),
        added: document.version.uploaded_at.into(),
        added_by: document.version.uploaded_by.clone(),
        state: state_of(document, dead),
        shared: document.shares > 0,
    }
}

/// Work that was put aside, as pages show it.
pub(super) fn failed_work(work: DeadWork) -> FailedWork {
    FailedWork {
        job: work.job_id,
        what: what_of(&work.kind).to_owned(),
        document: Some(DocumentRef { id: work.document_id, title: work.title }),
        reason: sentence(&work.reason),
        attempts: small(work.attempts),
        failed: work.at.into(),
    }
}

/// What a kind of background work is called on a page.
pub(super) fn what_of(kind: &str) -> &'static str {
    use crate::documents::work;
    match kind {
        work::READ => "Reading",
        work::INDEX => "Adding to search",
        work::EMBED => "Adding to search by meaning",
        crate::vectors::REEMBED => "Making vectors anew with another model",
        _ => "Background work",
    }
}

pub(super) async fn failed(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadDocuments>,
    Path(id): Path<CaseId>,
) -> Result<FailedPage, Failure> {
    let case = app.cases.find(viewer.scope(), id).await.map_err(|error| viewer.failure(error))?;
    let work = app.documents.dead_work(viewer.scope(), Some(id)).await;
    let work = work.map_err(|error| viewer.failure(error))?;
    Ok(FailedPage {
        layout: viewer.layout("Failed work", Area::Cases),
        case: CaseRef { id: case.id, title: case.title },
        work: work.into_iter().map(failed_work).collect(),
    })
}

#[derive(Deserialize)]
pub(super) struct NewMember {
    user: UserId,
    #[serde(default = "member")]
    role: CaseRole,
}

const fn member() -> CaseRole {
    CaseRole::Member
}

pub(super) async fn add_member(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ManageTeams>,
    Path(id): Path<CaseId>,
    Form(NewMember { user, role }): Form<NewMember>,
) -> Result<Redirect, Failure> {
    let added = app.cases.set_member(viewer.scope(), id, user, role).await;
    added.map_err(|error| viewer.failure(error))?;
    Ok(Redirect::to(&format!("/cases/{id}")))
}

#[derive(Deserialize)]
pub(super) struct MemberRole {
    role: CaseRole,
}

pub(super) async fn set_member(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ManageTeams>,
    Path((id, user)): Path<(CaseId, UserId)>,
    Form(MemberRole { role }): Form<MemberRole>,
) -> Result<Redirect, Failure> {
    let set = app.cases.set_member(viewer.scope(), id, user, role).await;
    set.map_err(|error| viewer.failure(error))?;
    Ok(Redirect::to(&format!("/cases/{id}")))
}

pub(super) async fn remove_member(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ManageTeams>,
    Path((id, user)): Path<(CaseId, UserId)>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Redirect, Failure> {
    let removed = app.cases.remove_member(viewer.scope(), id, user).await;
    removed.map_err(|error| viewer.failure(error))?;
    let still_open = app.cases.find(viewer.scope(), id).await.is_ok();
    Ok(Redirect::to(&if still_open { format!("/cases/{id}") } else { "/cases".to_owned() }))
}
