//! Erasing in the background. Each step may be done twice, so that an erasure that was
//! cut short goes on where it was.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::super::{Privacy, PrivacyError, Subject, holds, store};
use super::rows::{self, Counts};
use super::survey::{Survey, survey};
use super::{Certificate, MARKS, Probe};
use crate::db::{Catalogue, DbError, Kind, Tx};
use crate::documents::erase::{File, Removed};
use crate::jobs::{Handler, Job, JobError};
use crate::kernel::{DocumentId, ErasureId, OrganisationId, VersionId};

/// Tables whose rows may name what was erased: the certificates.
const MAY_NAME: &[&str] = &["erasures"];
/// The tables whose ids are looked for everywhere afterwards. Passages, messages and the
/// like are found by the versions and conversations they belong to.
const LOOKED_FOR: &[&str] = &[
    "cases",
    "documents",
    "versions",
    "conversations",
    "saved_searches",
    "golden_questions",
    "exports",
    "clients",
    "consents",
];

/// What is left to do once the rows are gone.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Plan {
    documents: BTreeSet<DocumentId>,
    versions: BTreeSet<VersionId>,
    files: BTreeSet<File>,
    exports: BTreeSet<Uuid>,
    people: BTreeSet<Uuid>,
    /// Ids that no table may hold any more.
    ids: BTreeSet<Uuid>,
    counts: Counts,
    /// The rows of the books that stay, by table.
    #[serde(default)]
    books: Counts,
}

/// Erases.
pub struct Erasing(Privacy);

impl Erasing {
    /// Puts the handler together.
    #[must_use]
    pub const fn new(privacy: Privacy) -> Self {
        Self(privacy)
    }
}

#[async_trait]
impl Handler for Erasing {
    fn kind(&self) -> &'static str {
        super::super::work::ERASE
    }

    async fn run(&self, job: &Job) -> Result<(), JobError> {
        let id = ErasureId::from(job.subject);
        match self.0.run_erasure(id).await {
            Ok(()) => Ok(()),
            Err(error @ (PrivacyError::Held(_) | PrivacyError::NotFound)) => {
                Err(JobError::fail(error))
            }
            Err(error) => Err(JobError::retry(error)),
        }
    }

    async fn gave_up(&self, job: &Job, reason: &str) -> Result<(), JobError> {
        let mut tx = self.0.db.write().await?;
        store::fail_erasure(&mut tx, ErasureId::from(job.subject), reason).await?;
        Ok(tx.commit().await?)
    }
}

impl Privacy {
    async fn run_erasure(&self, id: ErasureId) -> Result<(), PrivacyError> {
        let mut tx = self.db.write().await?;
        let Some(work) = store::erasure_work(&mut tx, id).await? else { return Ok(()) };
        let marks: Vec<String> = match &work.marks {
            Some(sealed) => {
                serde_json::from_slice(&self.vault.unseal(MARKS, sealed)?).unwrap_or_default()
            }
            None => Vec::new(),
        };
        let subject =
            Subject::of(&work.subject_kind, work.subject_id).ok_or(PrivacyError::NotFound)?;
        let plan: Plan = match &work.plan {
            Some(plan) => serde_json::from_str(plan).map_err(|_| PrivacyError::NotFound)?,
            None => self.remove_rows(&mut tx, &work, subject, marks.clone()).await?,
        };
        tx.commit().await?;

        let Removed { files, images } = self.documents.remove_files(&plan.files).await?;
        let exports = self.remove_exports(&plan.exports)?;
        let documents: Vec<DocumentId> = plan.documents.iter().copied().collect();
        let mut snapshots = 0;
        if !documents.is_empty() {
            self.search.forget(&documents).await?;
            snapshots = self.vectors.forget(work.organisation_id, &documents).await?;
        }
        // The marks go before the tables are written anew, so that they go with the rest.
        let mut tx = self.db.write().await?;
        store::forget_marks(&mut tx, id).await?;
        tx.commit().await?;
        let mut tables: Vec<String> = plan.counts.keys().cloned().collect();
        tables.extend(["erasures", "users", "clients", "jobs"].map(str::to_owned));
        self.db.tidy(&tables).await?;

        let certificate = Certificate {
            erasure: id,
            subject_kind: work.subject_kind.clone(),
            subject_id: work.subject_id,
            asked_by: work.asked_by,
            asked_at: work.asked_at,
            done_at: self.clock.now(),
            files,
            page_images: images,
            exports,
            snapshots,
            people: plan.people.len() as u64,
            probes: self.probe(work.organisation_id, &plan).await?,
            mentions: self.mentions(work.organisation_id, &marks).await?,
            books: plan.books,
            rows: plan.counts,
        };
        self.certify(&work, &certificate).await
    }

    /// Removes the rows and notes what is left to do, in the caller's transaction.
    async fn remove_rows(
        &self,
        tx: &mut Tx,
        work: &store::ErasureWork,
        subject: Subject,
        marks: Vec<String>,
    ) -> Result<Plan, PrivacyError> {
        let catalogue = Catalogue::read(tx).await?;
        let organisation = work.organisation_id;
        let found = survey(tx, &catalogue, organisation, subject, Some(marks)).await?;
        let found = found.ok_or(PrivacyError::NotFound)?;
        if let Some(reason) = holds::standing(tx, &found.rows).await? {
            return Err(PrivacyError::Held(reason));
        }
        let (versions, deliveries) = (found.versions(), found.of("deliveries"));
        let files = self.documents.files_of(tx, organisation, &versions, &deliveries).await?;
        let counts = rows::remove(tx, &catalogue, organisation, &found, self.clock.now()).await?;
        let plan = Plan {
            documents: found.of("documents").into_iter().map(Into::into).collect(),
            versions: found.versions().into_iter().map(Into::into).collect(),
            exports: found.of("exports"),
            people: found.people.clone(),
            ids: looked_for(&found),
            files,
            counts,
            books: found.books.clone(),
        };
        let text = serde_json::to_string(&plan).unwrap_or_default();
        store::set_plan(tx, work.id, &text).await?;
        Ok(plan)
    }

    /// Looks into every store for what should be gone.
    async fn probe(
        &self,
        organisation: OrganisationId,
        plan: &Plan,
    ) -> Result<Vec<Probe>, PrivacyError> {
        let mut tx = self.db.read().await?;
        let catalogue = Catalogue::read(&mut tx).await?;
        let (mut looked, mut found) = (0, 0);
        let columns = catalogue.columns.iter().filter(|column| column.kind == Kind::Id);
        for column in columns.filter(|column| !MAY_NAME.contains(&column.table.as_str())) {
            looked += 1;
            found += tx.count_in(&column.table, &column.name, &plan.ids).await?;
        }
        let unnamed = store::named_people(&mut tx, &plan.people).await?;
        drop(tx);
        let left = self.documents.files_left(&plan.files);
        let documents: Vec<DocumentId> = plan.documents.iter().copied().collect();
        let probe = |store: &str, looked: usize, found: u64| Probe {
            store: store.to_owned(),
            looked: looked as u64,
            found,
        };
        let exports = plan.exports.iter().filter(|id| self.export_path(**id).exists()).count();
        Ok(vec![
            Probe { store: "columns of the tables".to_owned(), looked, found },
            probe("accounts", plan.people.len(), unnamed),
            probe("files", plan.files.len(), left.files),
            probe("page images", plan.files.len(), left.images),
            probe("exports", plan.exports.len(), exports as u64),
            probe("full-text index", documents.len(), self.search.held_of(&documents).await?),
            probe(
                "vectors",
                plan.versions.len(),
                self.vectors.held_of(organisation, &plan.versions).await?,
            ),
        ])
    }

    /// In how many rows of each table the names still stand.
    async fn mentions(
        &self,
        organisation: OrganisationId,
        marks: &[String],
    ) -> Result<BTreeMap<String, u64>, DbError> {
        let mut tx = self.db.read().await?;
        let catalogue = Catalogue::read(&mut tx).await?;
        let mut mentions = BTreeMap::new();
        for column in &catalogue.columns {
            let is_owned = catalogue.of(&column.table).any(|it| it.name == "organisation_id");
            if !is_owned || !matches!(column.kind, Kind::Text | Kind::Json) {
                continue;
            }
            for mark in marks {
                let count = tx.count_holding(column, organisation.uuid(), mark).await?;
                if count > 0 {
                    *mentions.entry(column.table.clone()).or_default() += count;
                }
            }
        }
        Ok(mentions)
    }

    /// Writes the certificate, or says that something is left.
    async fn certify(
        &self,
        work: &store::ErasureWork,
        certificate: &Certificate,
    ) -> Result<(), PrivacyError> {
        if !certificate.is_clean() {
            let left: Vec<String> = certificate
                .probes
                .iter()
                .filter(|probe| probe.found > 0)
                .map(|probe| format!("{}: {}", probe.store, probe.found))
                .collect();
            let words = format!("not everything is gone yet ({})", left.join(", "));
            return Err(PrivacyError::Invalid(words));
        }
        let (text, hash) =
            certificate.sealed().map_err(|error| PrivacyError::Invalid(error.to_string()))?;
        let mut tx = self.db.write().await?;
        store::finish_erasure(&mut tx, work.id, &text, &hash, certificate.done_at).await?;
        let details = json!({ "erasure": work.id, "certificate": hash });
        let by = Some(work.asked_by);
        self.audit.record(&mut tx, work.organisation_id, by, "erasure.done", details).await?;
        Ok(tx.commit().await?)
    }
}

/// The ids that no table may hold afterwards. A client whose people stay recorded stays
/// as a row without a name.
fn looked_for(found: &Survey) -> BTreeSet<Uuid> {
    LOOKED_FOR
        .iter()
        .filter(|table| **table != "clients" || !found.keeps_clients())
        .flat_map(|table| found.of(table))
        .collect()
}
