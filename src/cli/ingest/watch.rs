//! Following documents from upload until they can be found, or it is known why not.

use std::collections::BTreeMap;
use std::time::Duration;

use indicatif::ProgressBar;
use uuid::Uuid;

use super::report::{Arrival, Outcome, Watched};
use crate::app::App;
use crate::cli::progress::Progress;
use crate::documents::{Document, Version, work};
use crate::jobs::Listed;
use crate::kernel::{DocumentId, Scope};

/// How often the tables are asked.
const PAUSE: Duration = Duration::from_millis(200);
/// How many unfinished documents are asked about at once; they are read in order.
const AT_ONCE: usize = 64;
/// After so many failures a job that waits for something is not waited for here.
const TRIES: i64 = 3;

/// Waits until every document that arrived, and what was attached to it, is done.
pub(super) async fn until_done(
    app: &App,
    scope: &Scope,
    arrivals: &[Arrival],
    progress: &Progress,
) -> anyhow::Result<Vec<Watched>> {
    let mut following =
        Following { app, scope, documents: first(arrivals), bars: Bars::new(progress) };
    while following.unfinished() > 0 {
        following.look().await?;
        following.bars.show(&following.documents);
        tokio::time::sleep(PAUSE).await;
    }
    following.bars.clear();
    Ok(following.documents)
}

/// The documents that arrived, each once.
fn first(arrivals: &[Arrival]) -> Vec<Watched> {
    let mut documents: Vec<Watched> = Vec::new();
    for received in arrivals.iter().filter_map(|arrival| arrival.received.as_ref().ok()) {
        if !documents.iter().any(|known| known.id == received.document) {
            documents.push(Watched::new(received.document, received.title.clone(), None));
        }
    }
    documents
}

struct Following<'a> {
    app: &'a App,
    scope: &'a Scope,
    documents: Vec<Watched>,
    bars: Bars,
}

impl Following<'_> {
    fn unfinished(&self) -> usize {
        self.documents.iter().filter(|document| document.outcome.is_none()).count()
    }

    /// Asks how far the next documents have come.
    async fn look(&mut self) -> anyhow::Result<()> {
        let stuck = Stuck::new(self.app.jobs.list(self.scope).await?);
        let by_meaning = self.app.vectors.missing().is_none();
        let next: Vec<(usize, DocumentId)> = (0..)
            .zip(&self.documents)
            .filter(|(_, document)| document.outcome.is_none())
            .map(|(place, document)| (place, document.id))
            .take(AT_ONCE)
            .collect();
        for (place, id) in next {
            let now = self.app.documents.find(self.scope, id).await?;
            let outcome = outcome(&now.version, by_meaning, &stuck);
            let mail = outcome.is_some() && now.version.format == "mail";
            if let Some(document) = self.documents.get_mut(place) {
                document.last = Some(now);
                document.outcome = outcome;
            }
            if mail {
                self.add_attachments(id).await?;
            }
        }
        Ok(())
    }

    /// What came attached to a mail is entered while the mail is read.
    async fn add_attachments(&mut self, mail: DocumentId) -> anyhow::Result<()> {
        for Document { id, title, .. } in self.app.documents.attachments(self.scope, mail).await? {
            if !self.documents.iter().any(|known| known.id == id) {
                self.documents.push(Watched::new(id, title, Some(mail)));
            }
        }
        Ok(())
    }
}

/// How a version ended, if it has.
fn outcome(version: &Version, by_meaning: bool, stuck: &Stuck) -> Option<Outcome> {
    let subject = version.version_id.uuid();
    if version.status == "failed" {
        let reason = version.error.clone().unwrap_or_else(|| "it could not be read".to_owned());
        return Some(Outcome::Failed(reason));
    }
    if version.indexed_at.is_none() {
        let reason = stuck.dead(work::READ, subject).or_else(|| stuck.dead(work::INDEX, subject));
        return reason.map(Outcome::Failed);
    }
    if version.embedded_at.is_some() || !by_meaning {
        return Some(Outcome::Ready(None));
    }
    let reason = stuck.dead(work::EMBED, subject).or_else(|| stuck.waiting(work::EMBED, subject));
    reason.map(|reason| Outcome::Ready(Some(format!("not found by meaning yet: {reason}"))))
}

/// The jobs that failed, by kind and subject.
struct Stuck(BTreeMap<(String, Uuid), Listed>);

impl Stuck {
    fn new(jobs: Vec<Listed>) -> Self {
        let failed = jobs.into_iter().filter(|job| job.last_error.is_some());
        Self(failed.map(|job| ((job.kind.clone(), job.subject), job)).collect())
    }

    fn find(&self, kind: &str, subject: Uuid) -> Option<&Listed> {
        self.0.get(&(kind.to_owned(), subject))
    }

    /// Why a job was put aside.
    fn dead(&self, kind: &str, subject: Uuid) -> Option<String> {
        self.find(kind, subject)
            .filter(|job| job.status == "dead")
            .and_then(|job| job.last_error.clone())
    }

    /// What a job keeps waiting for.
    fn waiting(&self, kind: &str, subject: Uuid) -> Option<String> {
        self.find(kind, subject)
            .filter(|job| job.status == "queued" && job.attempts >= TRIES)
            .and_then(|job| job.last_error.clone())
    }
}

/// What a person sees meanwhile.
struct Bars {
    reading: ProgressBar,
    indexing: ProgressBar,
    embedding: ProgressBar,
}

impl Bars {
    fn new(progress: &Progress) -> Self {
        Self {
            reading: progress.counts("pages read"),
            indexing: progress.counts("searchable"),
            embedding: progress.counts("by meaning"),
        }
    }

    fn show(&self, documents: &[Watched]) {
        let versions = || documents.iter().filter_map(|document| document.last.as_ref());
        let whole = |number: i64| u64::try_from(number).unwrap_or(0);
        let total = versions().map(|last| whole(last.version.pages_total.unwrap_or(0))).sum();
        self.reading.set_length(total);
        self.reading.set_position(versions().map(|last| whole(last.version.pages_done)).sum());
        let all = documents.len() as u64;
        let count = |done: &dyn Fn(&Version) -> bool| {
            versions().filter(|last| done(&last.version)).count() as u64
        };
        self.indexing.set_length(all);
        self.indexing.set_position(count(&|version| version.indexed_at.is_some()));
        self.embedding.set_length(all);
        self.embedding.set_position(count(&|version| version.embedded_at.is_some()));
        let now = versions().find(|last| last.version.status == "reading");
        self.reading.set_message(now.map(|last| last.title.clone()).unwrap_or_default());
    }

    fn clear(&self) {
        for bar in [&self.reading, &self.indexing, &self.embedding] {
            bar.finish_and_clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::*;
    use crate::kernel::{JobId, VersionId};

    fn version(status: &str, indexed: bool, embedded: bool) -> Version {
        let at = DateTime::<Utc>::UNIX_EPOCH;
        Version {
            version_id: VersionId::new(),
            number: 1,
            file_name: "plaint.pdf".into(),
            sha256: String::new(),
            size_bytes: 1,
            format: "pdf".into(),
            status: status.into(),
            error: (status == "failed").then(|| "it is encrypted".into()),
            kind: None,
            about: None,
            findings: None,
            languages: None,
            needs_password: false,
            pages_total: Some(1),
            pages_done: 1,
            pages_unreadable: 0,
            page_ms: None,
            indexed_at: indexed.then_some(at),
            embedded_at: embedded.then_some(at),
            uploaded_at: at,
            uploaded_by: String::new(),
        }
    }

    fn job(kind: &str, subject: Uuid, status: &str, attempts: i64) -> Stuck {
        Stuck::new(vec![Listed {
            id: JobId::new(),
            kind: kind.into(),
            subject,
            status: status.into(),
            attempts,
            run_at: DateTime::<Utc>::UNIX_EPOCH,
            last_error: Some("the endpoint is away".into()),
        }])
    }

    fn nothing() -> Stuck {
        Stuck::new(Vec::new())
    }

    #[test]
    fn a_document_is_done_when_it_is_found_by_words_and_by_meaning() {
        assert_eq!(outcome(&version("reading", false, false), true, &nothing()), None);
        assert_eq!(outcome(&version("read", true, false), true, &nothing()), None);
        assert_eq!(
            outcome(&version("read", true, true), true, &nothing()),
            Some(Outcome::Ready(None))
        );
    }

    #[test]
    fn without_a_model_words_are_enough() {
        assert_eq!(
            outcome(&version("read", true, false), false, &nothing()),
            Some(Outcome::Ready(None))
        );
    }

    #[test]
    fn a_failure_gives_its_reason() {
        let failed = outcome(&version("failed", false, false), true, &nothing());
        assert_eq!(failed, Some(Outcome::Failed("it is encrypted".into())));
        let read = version("read", false, false);
        let dead = job(work::INDEX, read.version_id.uuid(), "dead", 5);
        assert_eq!(
            outcome(&read, true, &dead),
            Some(Outcome::Failed("the endpoint is away".into()))
        );
    }

    #[test]
    fn an_absent_embedding_endpoint_is_not_waited_for_for_ever() {
        let read = version("read", true, false);
        let subject = read.version_id.uuid();
        assert_eq!(outcome(&read, true, &job(work::EMBED, subject, "queued", 1)), None);
        let note = "not found by meaning yet: the endpoint is away".to_owned();
        assert_eq!(
            outcome(&read, true, &job(work::EMBED, subject, "queued", TRIES)),
            Some(Outcome::Ready(Some(note)))
        );
    }
}
