//! What the other areas take from documents: passages with their text, whole
//! versions for the index, and what a search could not cover.

use crate::db::DbError;
use crate::jobs::NewJob;
use crate::kernel::{CaseId, DocumentId, OrganisationId, PassageId, Scope, VersionId};
use crate::statement;

use super::naming::{self, Named};
use super::passages::{self, Content};
use super::store::{self, NumberedText, seen_by, visible};
use super::{DocumentError, Documents, Origin};

/// A page's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextPage {
    /// Its number.
    pub number: u32,
    /// What it says: its text with running heads and the like blanked out.
    pub text: String,
    /// Whether it was recognised from a picture.
    pub ocr: bool,
}

/// A passage with its text and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassageText {
    /// Its id.
    pub id: PassageId,
    /// The document.
    pub document: DocumentId,
    /// The document's title.
    pub title: String,
    /// The version.
    pub version: VersionId,
    /// The version's number.
    pub version_number: i64,
    /// The case.
    pub case: CaseId,
    /// The case's title.
    pub case_title: String,
    /// The heading above it.
    pub heading: Option<String>,
    /// The number of the paragraph that begins in it.
    pub paragraph: Option<String>,
    /// Its text; where it crosses a page, the parts joined by a line break. Empty when
    /// it is not current.
    pub text: String,
    /// Whether its pages still say what they said when it was cut; false when they
    /// were read again since and said something else.
    pub current: bool,
    /// Where it begins on its first page, in bytes of that page's text.
    pub start: usize,
    /// Where it ends on its last page.
    pub end: usize,
    /// The pages it touches, whole.
    pub pages: Vec<TextPage>,
    content: Content,
}

impl PassageText {
    /// The page it begins on.
    #[must_use]
    pub fn page(&self) -> u32 {
        self.pages.first().map_or(1, |page| page.number)
    }

    /// Where a span of its text stands: page, start and end in bytes of that
    /// page's text. A span over a page's end gives its part on the first page.
    #[must_use]
    pub fn locate(&self, span: &std::ops::Range<usize>) -> Option<(u32, usize, usize)> {
        self.places(span).into_iter().next()
    }

    /// The same, a place on each page the span touches.
    #[must_use]
    pub fn places(&self, span: &std::ops::Range<usize>) -> Vec<(u32, usize, usize)> {
        let places = self.content.locate(span).into_iter();
        places.map(|place| (place.page, place.start, place.end)).collect()
    }

    /// The span of its first page's text that belongs to it.
    #[must_use]
    pub fn span_on_first_page(&self) -> (usize, usize) {
        let end = match self.pages.as_slice() {
            [only] => self.end.min(only.text.len()),
            [first, ..] => first.text.len(),
            [] => self.end,
        };
        (self.start, end)
    }
}

/// A version as the index takes it.
#[derive(Debug, Clone)]
pub struct Indexable {
    /// Whose it is.
    pub organisation: OrganisationId,
    /// The case.
    pub case: CaseId,
    /// The document.
    pub document: DocumentId,
    /// The version.
    pub version: VersionId,
    /// The document's title.
    pub title: String,
    /// What it is and names.
    pub named: Named,
    /// The pages' texts, joined by an empty line.
    pub text: String,
    /// The passages, in order.
    pub passages: Vec<IndexablePassage>,
}

/// A passage as the index takes it.
#[derive(Debug, Clone)]
pub struct IndexablePassage {
    /// Its id.
    pub id: PassageId,
    /// The page it begins on.
    pub page: u32,
    /// Its place in the document, from 0.
    pub ordinal: u32,
    /// The heading above it.
    pub heading: Option<String>,
    /// Its text.
    pub text: String,
}

/// What a search over a scope covers, and what it cannot.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Coverage {
    /// Documents that can be searched.
    pub documents: i64,
    /// Their pages.
    pub pages: i64,
    /// Of them, pages whose text could not be read.
    pub unreadable: i64,
    /// Documents still being read.
    pub waiting: i64,
    /// Documents that could not be read at all.
    pub failed: i64,
}

#[derive(sqlx::FromRow)]
struct PassageRow {
    id: PassageId,
    document_id: DocumentId,
    title: String,
    version_id: VersionId,
    version_number: i64,
    case_id: CaseId,
    case_title: String,
    ordinal: i64,
    first_page: i64,
    first_offset: i64,
    last_page: i64,
    last_offset: i64,
    heading: Option<String>,
    paragraph: Option<String>,
}

#[derive(sqlx::FromRow)]
struct SpanRow {
    id: PassageId,
    ordinal: i64,
    first_page: i64,
    first_offset: i64,
    last_page: i64,
    last_offset: i64,
    heading: Option<String>,
}

#[derive(sqlx::FromRow)]
struct IdRow {
    id: VersionId,
    organisation_id: OrganisationId,
}

fn whole(number: i64) -> usize {
    usize::try_from(number).unwrap_or(0)
}

fn page_number(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// What the pages say between two places.
fn between(pages: &[NumberedText], (first, from): (i64, i64), (last, to): (i64, i64)) -> Content {
    let mut content = Content::default();
    for page in pages.iter().filter(|page| (first..=last).contains(&page.number)) {
        let from = if page.number == first { whole(from) } else { 0 };
        let to = if page.number == last { whole(to) } else { page.text.len() };
        content.push(page_number(page.number), &page.text, from..to, &page.furniture());
    }
    content
}

impl Documents {
    /// Passages by id with their texts, in the order asked for; those not open to
    /// the caller are left out.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn passages(
        &self,
        scope: &Scope,
        ids: &[PassageId],
    ) -> Result<Vec<PassageText>, DocumentError> {
        // A passage may run over pages a client was not shown.
        if ids.is_empty() || scope.client().is_some() {
            return Ok(Vec::new());
        }
        let mut tx = self.db.read().await?;
        let select = statement!(concat!(
            "SELECT p.id, d.id AS document_id, d.title, v.id AS version_id,
                 v.number AS version_number, c.id AS case_id, c.title AS case_title,
                 p.ordinal, p.first_page, p.first_offset, p.last_page, p.last_offset, p.heading, p.paragraph
             FROM passages p
             JOIN versions v ON v.id = p.version_id
             JOIN documents d ON d.id = v.document_id
             JOIN cases c ON c.id = d.case_id
             WHERE ",
            visible!()
        ));
        let select = seen_by(select, scope).and_in("p.id", ids.iter().copied());
        let rows = tx.all::<PassageRow>(select).await?;
        let mut texts = store::texts_of(&mut tx, rows.iter().map(|row| row.id)).await?;
        let mut pages_of = |row: &PassageRow| texts.remove(&row.id).unwrap_or_default();
        let with_pages = |row| (pages_of(&row), row);
        let mut found: Vec<PassageText> = rows.into_iter().map(with_pages).map(with_text).collect();
        let place = |id| ids.iter().position(|&wanted| wanted == id);
        found.sort_by_key(|passage: &PassageText| place(passage.id));
        Ok(found)
    }

    /// What a search over the caller's scope, or one case of it, covers.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn coverage(
        &self,
        scope: &Scope,
        within: Option<CaseId>,
    ) -> Result<Coverage, DocumentError> {
        let mut tx = self.db.read().await?;
        let select = statement!(concat!(
            "SELECT COUNT(*) FILTER (WHERE v.indexed_at IS NOT NULL) AS documents,
                 coalesce(CAST(SUM((SELECT COUNT(*) FROM pages p WHERE p.version_id = v.id))
                          FILTER (WHERE v.indexed_at IS NOT NULL) AS BIGINT), 0) AS pages,
                 coalesce(CAST(SUM((SELECT COUNT(*) FROM pages p
                                    WHERE p.version_id = v.id AND p.error IS NOT NULL))
                          FILTER (WHERE v.indexed_at IS NOT NULL) AS BIGINT), 0) AS unreadable,
                 COUNT(*) FILTER (WHERE (v.indexed_at IS NULL OR v.status = 'reading')
                                    AND v.status <> 'failed') AS waiting,
                 COUNT(*) FILTER (WHERE v.status = 'failed') AS failed
             FROM documents d
             JOIN versions v ON v.document_id = d.id
              AND v.number = (SELECT MAX(w.number) FROM versions w WHERE w.document_id = d.id)
             WHERE ",
            visible!()
        ));
        Ok(tx.one(seen_by(select, scope).and_if("d.case_id =", within)).await?)
    }

    /// A version as the index takes it; none when it is gone, not read, or a
    /// newer one took its place. For background work, which sees everything.
    pub(crate) async fn indexable(&self, version: VersionId) -> Result<Option<Indexable>, DbError> {
        let mut tx = self.db.read().await?;
        let Some(origin) = store::origin(&mut tx, version).await? else { return Ok(None) };
        let current = match origin.status.as_str() {
            "read" => store::is_latest_read(&mut tx, version).await?,
            // What is settled of it is found while the rest is being read.
            "reading" => store::is_only_version(&mut tx, version).await?,
            _ => false,
        };
        if !current {
            return Ok(None);
        }
        let named = naming::named(&mut tx, version).await?;
        let texts = store::texts(&mut tx, version).await?;
        let select = statement!(
            "SELECT id, ordinal, first_page, first_offset, last_page, last_offset, heading
             FROM passages WHERE version_id = $1 AND ordinal >= 0 ORDER BY ordinal"
        );
        let spans = tx.all::<SpanRow>(select.bind(version)).await?;
        let passages = spans
            .into_iter()
            .map(|span| IndexablePassage {
                id: span.id,
                page: page_number(span.first_page),
                ordinal: page_number(span.ordinal),
                heading: span.heading,
                text: between(
                    &texts,
                    (span.first_page, span.first_offset),
                    (span.last_page, span.last_offset),
                )
                .into_text(),
            })
            .collect();
        let said: Vec<String> =
            texts.iter().map(|page| passages::content(&page.text, &page.furniture())).collect();
        let text = said.join("\n\n");
        let Origin { organisation_id, case_id, document_id, title, .. } = origin;
        Ok(Some(Indexable {
            organisation: organisation_id,
            case: case_id,
            document: document_id,
            version,
            title,
            named,
            text,
            passages,
        }))
    }

    /// Notes that a version's passages are vectors of a model.
    pub(crate) async fn embedded(&self, version: VersionId, model: &str) -> Result<(), DbError> {
        let mut tx = self.db.write().await?;
        store::set_embedded(&mut tx, version, model, self.clock.now()).await?;
        tx.commit().await
    }

    /// The newest read version of every document: what the derived stores must hold.
    pub(crate) async fn current_versions(
        &self,
    ) -> Result<Vec<(OrganisationId, VersionId)>, DbError> {
        let mut tx = self.db.read().await?;
        let select = statement!(
            "SELECT v.id, d.organisation_id FROM versions v
             JOIN documents d ON d.id = v.document_id
             WHERE v.status = 'read'
               AND v.number = (SELECT MAX(w.number) FROM versions w
                               WHERE w.document_id = d.id AND w.status = 'read')
             ORDER BY v.id"
        );
        let rows = tx.all::<IdRow>(select).await?;
        Ok(rows.into_iter().map(|row| (row.organisation_id, row.id)).collect())
    }

    /// Queues work on versions, for the reconciler and `reindex`.
    pub(crate) async fn queue(
        &self,
        kind: &'static str,
        versions: &[(OrganisationId, VersionId)],
    ) -> Result<(), DbError> {
        let mut tx = self.db.write().await?;
        for &(organisation, version) in versions {
            let job = NewJob { organisation, kind, subject: version.uuid() };
            self.jobs.enqueue(&mut tx, job).await?;
        }
        tx.commit().await?;
        self.jobs.nudge();
        Ok(())
    }
}

fn with_text((texts, row): (Vec<NumberedText>, PassageRow)) -> PassageText {
    // A passage out of use stands where its page no longer says what it said.
    let current = row.ordinal >= 0;
    let content = if current {
        between(&texts, (row.first_page, row.first_offset), (row.last_page, row.last_offset))
    } else {
        Content::default()
    };
    let pages = texts
        .into_iter()
        .map(|page| TextPage {
            number: page_number(page.number),
            text: page.blanked(),
            ocr: page.method == "ocr",
        })
        .collect();
    PassageText {
        id: row.id,
        document: row.document_id,
        title: row.title,
        version: row.version_id,
        version_number: row.version_number,
        case: row.case_id,
        case_title: row.case_title,
        heading: row.heading,
        paragraph: row.paragraph,
        text: content.text().to_owned(),
        current,
        start: whole(row.first_offset),
        end: whole(row.last_offset),
        pages,
        content,
    }
}
