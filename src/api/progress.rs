//! Progress: how far the documents of a case have come, as it happens.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::Serialize;
use tokio::time::Instant;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::{Credentials, Watching};
use super::documents::{DocumentStatus, ReadingState, finds_meaning};
use super::extract::{EventView, Path};
use super::problem::Problem;
use crate::app::App;
use crate::documents::{DeadWork, Document, Version};
use crate::kernel::permission::permit::ReadDocuments;
use crate::kernel::{CaseId, DocumentId, JobId, Permission, Scope};

/// How often the tables are looked at while work is under way.
const WORKING: Duration = Duration::from_millis(500);
/// How often when none is: a new upload shows a little later, and a hundred idle
/// pages cost little.
const IDLE: Duration = Duration::from_secs(1);
/// How long a stream goes on before its caller's session is looked at again. What
/// they may see is looked at before each change is told.
const TRUST: Duration = Duration::from_secs(5);
/// How long a stream is silent before it shows that it lives.
pub(super) const HEARTBEAT: Duration = Duration::from_secs(10);

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default().routes(routes!(follow_progress))
}

/// The state of a document's latest version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Progress {
    /// The document.
    document_id: DocumentId,
    /// How it is called.
    title: String,
    /// How far its latest version has come.
    #[serde(flatten)]
    state: ReadingState,
    /// How many seconds reading will still take, as far as one can tell.
    eta_secs: Option<i64>,
    /// The work that failed for it and can be tried again.
    job_id: Option<JobId>,
}

impl Progress {
    /// The state of a document; `meaning` says whether search by meaning is on.
    fn of(document: Document, dead: &[DeadWork], meaning: bool) -> Self {
        let Document { id, title, version, .. } = document;
        let (state, eta_secs) = (ReadingState::of(&version, meaning), eta(&version));
        let job_id = dead.iter().find(|work| work.document_id == id).map(|work| work.job_id);
        Self { document_id: id, title, state, eta_secs, job_id }
    }

    /// Whether something is still being done.
    fn is_busy(&self) -> bool {
        match self.state.status {
            DocumentStatus::Queued | DocumentStatus::Reading | DocumentStatus::Indexing => true,
            DocumentStatus::Ready | DocumentStatus::Failed => false,
        }
    }

    /// What makes two states different; an estimate alone does not.
    fn without_estimate(&self) -> Self {
        Self { eta_secs: None, ..self.clone() }
    }
}

/// How long the pages left will take at the pace of the last ones, in seconds: a
/// scan after pages of text takes longer than they did, and a pause counts for nothing.
fn eta(version: &Version) -> Option<i64> {
    let (total, page_ms) = (version.pages_total?, version.page_ms?);
    if version.status != "reading" || version.pages_done < 1 {
        return None;
    }
    let left = (total - version.pages_done).max(0);
    Some(page_ms.max(0).saturating_mul(left) / 1000)
}

/// A stream that follows a case's documents.
struct Watch {
    app: App,
    credentials: Credentials,
    scope: Scope,
    granted: Instant,
    case: CaseId,
    told: HashMap<DocumentId, Progress>,
    due: VecDeque<Progress>,
}

impl Watch {
    /// The next change; none when the caller may no longer see the case.
    async fn next(mut self) -> Option<(Progress, Self)> {
        loop {
            if !self.due.is_empty() {
                self.renew().await.ok()?;
                if let Some(change) = self.due.pop_front() {
                    return Some((change, self));
                }
            }
            let busy = self.told.values().any(Progress::is_busy);
            tokio::time::sleep(if busy { WORKING } else { IDLE }).await;
            self.renew().await.ok()?;
            self.look().await.ok()?;
        }
    }

    /// Looks at what the caller may see, and every few seconds at their session.
    async fn renew(&mut self) -> Result<(), Problem> {
        if self.granted.elapsed() < TRUST {
            self.scope = self.app.auth.scope_now(self.scope.user()).await?;
            return if self.scope.opens(self.case) { Ok(()) } else { Err(Problem::hidden()) };
        }
        let caller = self.credentials.watcher(&self.app).await?;
        if !caller.scope.may(Permission::ReadDocuments) {
            return Err(Problem::hidden());
        }
        self.scope = caller.scope;
        self.granted = Instant::now();
        Ok(())
    }

    /// Notes what changed since the last look.
    async fn look(&mut self) -> Result<(), Problem> {
        let documents = self.app.documents.list(&self.scope, self.case).await?;
        let dead = self.app.documents.dead_work(&self.scope, Some(self.case)).await?;
        let meaning = finds_meaning(&self.app);
        for document in documents {
            let progress = Progress::of(document, &dead, meaning);
            let known = progress.without_estimate();
            if self.told.get(&progress.document_id) != Some(&known) {
                self.told.insert(progress.document_id, known);
                self.due.push_back(progress);
            }
        }
        Ok(())
    }
}

/// Follow the documents of a case
///
/// Server-sent events named `progress`: first the state of every document, then
/// each change. The stream ends when the case is no longer open to the caller. For
/// those who work on the case, and admins.
#[utoipa::path(get, path = "/api/v1/cases/{id}/progress", tag = "documents",
    params(("id" = Uuid, Path, description = "The case.")),
    responses((status = 200, description = "Events; the data of each is a `Progress`.",
               body = EventView,
               content_type = "text/event-stream"), Problem))]
async fn follow_progress(
    State(app): State<App>,
    Watching(caller, ..): Watching<ReadDocuments>,
    credentials: Credentials,
    Path(case): Path<CaseId>,
) -> Result<Response, Problem> {
    let mut watch = Watch {
        app,
        credentials,
        scope: caller.scope,
        granted: Instant::now(),
        case,
        told: HashMap::new(),
        due: VecDeque::new(),
    };
    watch.look().await?;
    let changes = stream::unfold(watch, async |watch| {
        let (progress, watch) = Box::pin(watch.next()).await?;
        Some((Event::default().event("progress").json_data(&progress), watch))
    });
    let heartbeat = KeepAlive::new().interval(HEARTBEAT).text("still here");
    Ok((UNBUFFERED, Sse::new(changes).keep_alive(heartbeat)).into_response())
}

/// Asks a proxy to pass events on as they come.
pub(super) const UNBUFFERED: [(&str, &str); 1] = [("x-accel-buffering", "no")];

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};

    use super::*;
    use crate::kernel::VersionId;

    fn at(secs: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(secs)
    }

    fn document(status: &str, pages_done: i64) -> Document {
        Document {
            id: DocumentId::new(),
            case_id: CaseId::new(),
            case_title: "A v. B".into(),
            parent_id: None,
            title: "Plaint".into(),
            created_at: at(0),
            shares: 0,
            version: Version {
                version_id: VersionId::new(),
                number: 1,
                file_name: "plaint.pdf".into(),
                sha256: String::new(),
                size_bytes: 1,
                format: "pdf".into(),
                status: status.into(),
                error: None,
                kind: None,
                about: None,
                findings: None,
                languages: None,
                needs_password: false,
                pages_total: Some(10),
                pages_done,
                pages_unreadable: 0,
                page_ms: Some(5_000),
                indexed_at: None,
                embedded_at: None,
                uploaded_at: at(0),
                uploaded_by: "Asha".into(),
            },
        }
    }

    #[test]
    fn the_pages_left_take_as_long_as_the_last_ones() {
        assert_eq!(Progress::of(document("reading", 4), &[], true).eta_secs, Some(30));
        assert_eq!(Progress::of(document("reading", 0), &[], true).eta_secs, None);
        assert_eq!(Progress::of(document("read", 10), &[], true).eta_secs, None);
    }

    #[test]
    fn a_document_is_ready_when_nothing_is_left_to_do() {
        let mut read = document("read", 10);
        let status = |document: &Document, meaning| {
            Progress::of(document.clone(), &[], meaning).state.status
        };
        assert_eq!(status(&read, true), DocumentStatus::Indexing);
        read.version.indexed_at = Some(at(30));
        assert_eq!(status(&read, true), DocumentStatus::Indexing);
        assert_eq!(status(&read, false), DocumentStatus::Ready);
        read.version.embedded_at = Some(at(40));
        assert_eq!(status(&read, true), DocumentStatus::Ready);
    }
}
