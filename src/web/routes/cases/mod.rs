//! Cases: the register, a new one, one with its documents, and what is known of it.

mod closing;
mod courts;
mod edit;
mod fields;
mod glance;
mod imports;
mod notes;
mod opening;
mod parties;
mod register;
mod team;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::routing::{get, post};

use super::viewer::{Nothing, Viewer, sentence};
use super::{Allowed, Failure, Form, assistant, proposals};
use crate::app::App;
use crate::cases::{Case, CaseError, LARGEST_LIST, LinkKind};
use crate::documents::{DeadWork, Document};
use crate::kernel::permission::permit::{ReadCases, ReadDocuments};
use crate::kernel::{CaseId, Role, UserId};
use crate::web::Area;
use crate::web::cases::{
    CaseFacts, CasePage, CaseRow, CaseTab, DocumentRow, FailedPage, FailedWork, Member, ReadState,
    Stage, UploadLimits,
};
use crate::web::parts::{CaseRef, Choice, DocumentRef};
use crate::web::show::Day;

/// The pages of cases.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/cases", get(register::list).post(opening::open))
        .route("/cases/new", get(opening::new))
        .route("/cases/register.csv", get(register::csv))
        .route("/cases/{id}", get(show))
        .route("/cases/{id}/failed", get(failed))
        .route("/cases/{id}/members", post(team::add))
        .route("/cases/{id}/members/{user}/role", post(team::set))
        .route("/cases/{id}/members/{user}/remove", post(team::remove))
        .merge(file_routes())
        .merge(list_routes())
}

fn file_routes() -> Router<App> {
    Router::new()
        .route("/cases/{id}/edit", get(edit::show).post(edit::change))
        .route("/cases/{id}/links", post(edit::link))
        .route("/cases/{id}/links/{parent}/remove", post(edit::unlink))
        .route("/cases/{id}/parties", get(parties::show).post(parties::add))
        .route("/cases/{id}/parties/{party}", post(parties::change))
        .route("/cases/{id}/parties/{party}/move", post(parties::shift))
        .route("/cases/{id}/parties/{party}/remove", post(parties::remove))
        .route("/cases/{id}/vakalatnamas", post(parties::add_paper))
        .route("/cases/{id}/vakalatnamas/{vakalatnama}", post(parties::change_paper))
        .route("/cases/{id}/notes", get(notes::show).post(notes::add))
        .route("/cases/{id}/notes/{note}", post(notes::change))
        .route("/cases/{id}/notes/{note}/delete", post(notes::delete))
        .route("/cases/{id}/close", get(closing::show).post(closing::close))
        .route("/cases/{id}/reopen", post(closing::reopen))
        .route("/admin/fields", get(fields::show).post(fields::add))
        .route("/admin/fields/{id}", post(fields::change))
        .route("/admin/fields/{id}/archive", post(fields::archive))
}

fn list_routes() -> Router<App> {
    let limit = DefaultBodyLimit::max(LARGEST_LIST + (64 << 10));
    Router::new()
        .route("/cases/import", get(imports::form).post(imports::upload).layer(limit))
        .route("/cases/import/{import}", get(imports::show))
        .route("/cases/import/{import}/columns", post(imports::map))
        .route("/cases/import/{import}/enter", post(imports::enter))
        .route("/cases/import/{import}/forget", post(imports::forget))
}

/// Whether a failure is told on the form that was sent, with what was typed.
const fn on_the_form(error: &CaseError) -> bool {
    matches!(
        error,
        CaseError::Wrong { .. }
            | CaseError::Unfit(_)
            | CaseError::NoTitle
            | CaseError::NoClient
            | CaseError::Stale
    )
}

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
        stage: None,
        next: None,
        tags: Vec::new(),
        closed: case.status == "closed",
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
    let glance = glance::of_case(&app, &viewer, &case).await?;
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
        tabs: viewer.case_tabs(&app, id, CaseTab::Overview).await?,
        glance,
        link_kinds: LinkKind::ALL
            .into_iter()
            .map(|kind| Choice {
                value: kind.as_str().to_owned(),
                label: kind.words().to_owned(),
                chosen: false,
            })
            .collect(),
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
