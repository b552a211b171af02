//! Every statement the documents area runs.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::blobs::Blob;
use super::reading::{Finding, Format, OutlineEntry, ReadPage, TextSpan};
use super::upload::NewFile;
use super::{About, DeadWork, Document, Origin, Page, Version, entities, passages};
use crate::db::{DbError, Sql, Tx};
use crate::kernel::{CaseId, DocumentId, EntityId, JobId, PassageId, Scope, VersionId};
use crate::statement;

/// Which documents a caller may see; `$1` to `$4` are bound by [`seen_by`]. A
/// person of the chamber is no client and has no shares; a client has no open cases.
macro_rules! visible {
    () => {
        "d.organisation_id = $1
         AND ($2 OR EXISTS (SELECT 1 FROM open_cases m
                            WHERE m.case_id = d.case_id AND m.user_id = $3)
              OR EXISTS (SELECT 1 FROM shared_documents s
                         WHERE s.document_id = d.id AND s.user_id = $3
                           AND (s.expires_at IS NULL OR s.expires_at > $4)))"
    };
}
pub(super) use visible;

/// Which versions of a document that [`visible`] lets through a caller may see, as a
/// condition on a row of versions: a share names the version it began with. The
/// chamber's people have no shares and see all.
macro_rules! of_share {
    ($version:literal) => {
        concat!(
            "(NOT EXISTS (SELECT 1 FROM shared_documents t
                          WHERE t.document_id = d.id AND t.user_id = $3)
              OR EXISTS (SELECT 1 FROM shared_documents t
                         WHERE t.document_id = d.id AND t.user_id = $3
                           AND (t.version IS NULL OR ",
            $version,
            ".number = t.version
                                OR (t.later_versions AND ",
            $version,
            ".number > t.version))))"
        )
    };
}

macro_rules! version_columns {
    () => {
        "v.id AS version_id, v.number, v.file_name, v.sha256, v.size_bytes, v.format, v.status,
         v.error, v.pages_total, v.kind, v.about, v.findings, v.languages, v.needs_password,
         (SELECT COUNT(*) FROM pages p WHERE p.version_id = v.id) AS pages_done,
         (SELECT COUNT(*) FROM pages p
          WHERE p.version_id = v.id AND p.error IS NOT NULL) AS pages_unreadable,
         CAST((SELECT AVG(r.took_ms) FROM
                   (SELECT p.took_ms FROM pages p WHERE p.version_id = v.id
                    ORDER BY p.number DESC LIMIT 16) r) AS BIGINT) AS page_ms,
         v.indexed_at, v.embedded_at, v.created_at AS uploaded_at,
         (SELECT u.name FROM users u WHERE u.id = v.created_by) AS uploaded_by"
    };
}

macro_rules! documents {
    () => {
        concat!(
            "SELECT d.id, d.case_id, c.title AS case_title, d.parent_id, d.title, d.created_at,
             (SELECT COUNT(*) FROM document_shares s
              WHERE s.document_id = d.id
                AND (s.expires_at IS NULL OR s.expires_at > $4)) AS shares, ",
            version_columns!(),
            " FROM documents d
              JOIN cases c ON c.id = d.case_id
              JOIN versions v ON v.document_id = d.id
               AND v.number = (SELECT MAX(w.number) FROM versions w
                               WHERE w.document_id = d.id AND ",
            of_share!("w"),
            ")
              WHERE ",
            visible!()
        )
    };
}

/// Binds what [`visible`] needs.
pub(super) fn seen_by(sql: Sql, scope: &Scope) -> Sql {
    sql.bind(scope.organisation())
        .bind(scope.sees_all())
        .bind(scope.user())
        .bind(scope.granted_at())
}

pub(super) async fn list(
    tx: &mut Tx,
    scope: &Scope,
    case: CaseId,
) -> Result<Vec<Document>, DbError> {
    let select = statement!(concat!(
        documents!(),
        " AND d.case_id = $5 ORDER BY d.created_at DESC, d.id DESC LIMIT 5000"
    ));
    tx.all(seen_by(select, scope).bind(case)).await
}

pub(super) async fn recent(tx: &mut Tx, scope: &Scope) -> Result<Vec<Document>, DbError> {
    let select =
        statement!(concat!(documents!(), " ORDER BY d.created_at DESC, d.id DESC LIMIT 200"));
    tx.all(seen_by(select, scope)).await
}

/// Those a client may see, of all their cases or of one.
pub(super) async fn shared(
    tx: &mut Tx,
    scope: &Scope,
    case: Option<CaseId>,
) -> Result<Vec<Document>, DbError> {
    let select = seen_by(statement!(documents!()), scope).and_if("d.case_id =", case);
    tx.all(select.then(" ORDER BY d.created_at DESC, d.id DESC LIMIT 5000")).await
}

pub(super) async fn find(
    tx: &mut Tx,
    scope: &Scope,
    id: DocumentId,
) -> Result<Option<Document>, DbError> {
    let select = statement!(concat!(documents!(), " AND d.id = $5"));
    tx.optional(seen_by(select, scope).bind(id)).await
}

pub(super) async fn attachments(
    tx: &mut Tx,
    scope: &Scope,
    parent: DocumentId,
) -> Result<Vec<Document>, DbError> {
    let select = statement!(concat!(
        documents!(),
        " AND d.parent_id = $5 ORDER BY d.created_at, d.id LIMIT 1000"
    ));
    tx.all(seen_by(select, scope).bind(parent)).await
}

pub(super) async fn versions(
    tx: &mut Tx,
    scope: &Scope,
    id: DocumentId,
) -> Result<Vec<Version>, DbError> {
    let select = statement!(concat!(
        "SELECT ",
        version_columns!(),
        " FROM documents d JOIN versions v ON v.document_id = d.id WHERE ",
        visible!(),
        " AND ",
        of_share!("v"),
        " AND d.id = $5 ORDER BY v.number LIMIT 1000"
    ));
    tx.all(seen_by(select, scope).bind(id)).await
}

#[derive(sqlx::FromRow)]
struct PageRow {
    number: i64,
    text: String,
    layout: Option<Vec<u8>>,
    method: String,
    language: Option<String>,
    confidence: Option<f64>,
    took_ms: i64,
    error: Option<String>,
    reason: Option<String>,
    furniture: Option<String>,
    findings: Option<String>,
    again: bool,
}

/// Reads a list kept as JSON; an empty one when there is none or it is not ours.
pub(super) fn listed<T: serde::de::DeserializeOwned>(json: Option<&str>) -> Vec<T> {
    json.and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default()
}

/// A list as JSON; nothing for an empty one.
pub(super) fn json<T: serde::Serialize>(list: &[T]) -> Option<String> {
    if list.is_empty() { None } else { serde_json::to_string(list).ok() }
}

impl From<PageRow> for Page {
    fn from(row: PageRow) -> Self {
        let PageRow { number, text, layout, method, language, confidence, took_ms, error, .. } =
            row;
        let (reason, being_reread) = (row.reason, row.again);
        let furniture = listed(row.furniture.as_deref());
        let findings = listed(row.findings.as_deref());
        let size = layout
            .as_deref()
            .and_then(|bytes| super::reading::Layout::from_bytes(bytes).ok())
            .map(|layout| (layout.width, layout.height));
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        let (width, height) = size.unzip();
        Self {
            number,
            text,
            width,
            height,
            method,
            language,
            confidence,
            took_ms,
            error,
            reason,
            furniture,
            findings,
            being_reread,
            layout,
        }
    }
}

pub(super) async fn page(
    tx: &mut Tx,
    version: VersionId,
    number: u32,
) -> Result<Option<Page>, DbError> {
    let select = statement!(
        "SELECT number, text, layout, method, language, confidence, took_ms, error,
             reason, furniture, findings, again
         FROM pages WHERE version_id = $1 AND number = $2"
    );
    let row = tx.optional::<PageRow>(select.bind(version).bind(number)).await?;
    Ok(row.map(Page::from))
}

pub(super) async fn ledger(tx: &mut Tx, version: VersionId) -> Result<Vec<Page>, DbError> {
    let select = statement!(
        "SELECT number, '' AS text, layout, method, language, confidence, took_ms, error,
             reason, furniture, findings, again
         FROM pages WHERE version_id = $1 ORDER BY number"
    );
    let rows = tx.all::<PageRow>(select.bind(version)).await?;
    Ok(rows.into_iter().map(Page::from).collect())
}

/// A page's number and text, as passages are cut from.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct NumberedText {
    pub(super) number: i64,
    pub(super) text: String,
    pub(super) method: String,
    furniture: Option<String>,
}

impl NumberedText {
    /// The spans of its text that are no part of what it says.
    pub(super) fn furniture(&self) -> Vec<TextSpan> {
        listed(self.furniture.as_deref())
    }

    /// Its text with furniture blanked out, so that every place in it is the same
    /// place in the text.
    pub(super) fn blanked(&self) -> String {
        let mut content = self.text.clone();
        for TextSpan { start, end } in self.furniture() {
            let span = start as usize..end as usize;
            let Some(words) = content.get(span.clone()) else { continue };
            let blank: String = words
                .chars()
                .flat_map(|c| {
                    let filler = if c == '\n' { '\n' } else { ' ' };
                    std::iter::repeat_n(filler, c.len_utf8())
                })
                .collect();
            content.replace_range(span, &blank);
        }
        content
    }
}

pub(super) async fn texts(tx: &mut Tx, version: VersionId) -> Result<Vec<NumberedText>, DbError> {
    let select = statement!(
        "SELECT number, text, method, furniture FROM pages WHERE version_id = $1 ORDER BY number"
    );
    tx.all(select.bind(version)).await
}

/// A page that a passage touches.
#[derive(sqlx::FromRow)]
struct PageOf {
    passage_id: PassageId,
    #[sqlx(flatten)]
    page: NumberedText,
}

/// The pages that passages touch, by passage, in order.
pub(super) async fn texts_of(
    tx: &mut Tx,
    passages: impl Iterator<Item = PassageId>,
) -> Result<HashMap<PassageId, Vec<NumberedText>>, DbError> {
    let select = statement!(
        "SELECT p.id AS passage_id, g.number, g.text, g.method, g.furniture FROM passages p
         JOIN pages g ON g.version_id = p.version_id
             AND g.number >= p.first_page AND g.number <= p.last_page
         WHERE TRUE"
    );
    let rows = tx.all::<PageOf>(select.and_in("p.id", passages).then(" ORDER BY g.number")).await?;
    let mut texts: HashMap<PassageId, Vec<NumberedText>> = HashMap::new();
    for row in rows {
        texts.entry(row.passage_id).or_default().push(row.page);
    }
    Ok(texts)
}

/// A version with certain bytes that a case has already.
#[derive(sqlx::FromRow)]
pub(super) struct Same {
    pub(super) document_id: DocumentId,
    pub(super) version_id: VersionId,
    pub(super) title: String,
    pub(super) status: String,
}

/// The version that has these bytes already: in the case; for an attachment, at
/// the same mail; for a new version, in the same document.
pub(super) async fn find_same(
    tx: &mut Tx,
    new: &NewFile<'_>,
    sha256: &str,
) -> Result<Option<Same>, DbError> {
    let select = statement!(
        "SELECT d.id AS document_id, v.id AS version_id, d.title, v.status FROM versions v
         JOIN documents d ON d.id = v.document_id
         WHERE v.sha256 = $1 AND d.case_id = $2"
    )
    .bind(sha256)
    .bind(new.case)
    .and_if("d.parent_id =", new.parent)
    .and_if("d.id =", new.existing.as_ref().map(|(document, _)| *document))
    .then(" ORDER BY v.created_at, v.id LIMIT 1");
    tx.optional(select).await
}

pub(super) async fn insert_document(
    tx: &mut Tx,
    id: DocumentId,
    new: &NewFile<'_>,
    title: &str,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO documents
             (id, organisation_id, case_id, parent_id, title, created_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)"
    )
    .bind(id)
    .bind(new.organisation)
    .bind(new.case)
    .bind(new.parent)
    .bind(title)
    .bind(new.by)
    .bind(now);
    tx.execute(insert).await.map(drop)
}

pub(super) async fn insert_version(
    tx: &mut Tx,
    id: VersionId,
    document: DocumentId,
    new: &NewFile<'_>,
    blob: &Blob,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let format: Format = new.format;
    let insert = statement!(
        "INSERT INTO versions (id, document_id, number, file_name, sha256, size_bytes, format,
             status, created_by, created_at)
         VALUES ($1, $2,
             (SELECT coalesce(MAX(w.number), 0) + 1 FROM versions w WHERE w.document_id = $2),
             $3, $4, $5, $6, 'queued', $7, $8)"
    )
    .bind(id)
    .bind(document)
    .bind(new.file_name)
    .bind(blob.sha256.as_str())
    .bind(i64::try_from(blob.size).unwrap_or(i64::MAX))
    .bind(format.as_str())
    .bind(new.by)
    .bind(now);
    tx.execute(insert).await.map(drop)
}

pub(super) async fn origin(tx: &mut Tx, version: VersionId) -> Result<Option<Origin>, DbError> {
    let select = statement!(
        "SELECT v.id AS version_id, d.id AS document_id, d.case_id, d.organisation_id,
             v.created_by, d.title, v.file_name, v.sha256, v.format, v.status, v.languages,
             v.recognise_all, v.password_sealed
         FROM versions v JOIN documents d ON d.id = v.document_id WHERE v.id = $1"
    );
    tx.optional(select.bind(version)).await
}

#[derive(sqlx::FromRow)]
struct Number {
    number: i64,
}

pub(super) async fn last_page(tx: &mut Tx, version: VersionId) -> Result<u32, DbError> {
    let select =
        statement!("SELECT coalesce(MAX(number), 0) AS number FROM pages WHERE version_id = $1");
    let last = tx.one::<Number>(select.bind(version)).await?.number;
    Ok(u32::try_from(last).unwrap_or(0))
}

/// Whether no other version of the same document can be found.
pub(super) async fn is_only_version(tx: &mut Tx, version: VersionId) -> Result<bool, DbError> {
    let select = statement!(
        "SELECT COUNT(*) AS number FROM versions v
         JOIN versions w ON w.document_id = v.document_id AND w.id <> v.id
         WHERE v.id = $1"
    );
    Ok(tx.one::<Number>(select.bind(version)).await?.number == 0)
}

/// Whether a version is the newest of its document that could be read.
pub(super) async fn is_latest_read(tx: &mut Tx, version: VersionId) -> Result<bool, DbError> {
    let select = statement!(
        "SELECT COUNT(*) AS number FROM versions v
         JOIN versions w ON w.document_id = v.document_id AND w.number > v.number
          AND w.status = 'read'
         WHERE v.id = $1"
    );
    Ok(tx.one::<Number>(select.bind(version)).await?.number == 0)
}

pub(super) async fn start_reading(
    tx: &mut Tx,
    version: VersionId,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let update = statement!(
        "UPDATE versions SET status = 'reading', error = NULL, needs_password = FALSE,
             reading_started_at = coalesce(reading_started_at, $2)
         WHERE id = $1 AND status <> 'read'"
    );
    tx.execute(update.bind(version).bind(now)).await.map(drop)
}

/// Notes what a version says of itself when it is opened.
pub(super) async fn set_opened(
    tx: &mut Tx,
    version: VersionId,
    pages: u32,
    outline: &[OutlineEntry],
    findings: &[Finding],
) -> Result<(), DbError> {
    let update = statement!(
        "UPDATE versions SET pages_total = $2, outline = $3, findings = $4 WHERE id = $1"
    );
    let update = update.bind(version).bind(pages).bind(json(outline)).bind(json(findings));
    tx.execute(update).await.map(drop)
}

#[derive(sqlx::FromRow)]
struct Findings {
    findings: Option<String>,
}

/// Adds to what is known of a version as a whole; the same thing only once.
pub(super) async fn add_finding(
    tx: &mut Tx,
    version: VersionId,
    finding: Finding,
) -> Result<(), DbError> {
    let select = statement!("SELECT findings FROM versions WHERE id = $1");
    let known = tx.one::<Findings>(select.bind(version)).await?.findings;
    let mut findings: Vec<Finding> = listed(known.as_deref());
    if findings.contains(&finding) {
        return Ok(());
    }
    findings.push(finding);
    let update = statement!("UPDATE versions SET findings = $2 WHERE id = $1");
    tx.execute(update.bind(version).bind(json(&findings))).await.map(drop)
}

pub(super) async fn insert_page(
    tx: &mut Tx,
    version: VersionId,
    page: ReadPage,
) -> Result<(), DbError> {
    // PostgreSQL stores no NUL in text, and a page has no use for one; a space
    // keeps every offset where it is.
    let text = page.text.replace('\0', " ");
    retire_of_page(tx, version, page.number, &text).await?;
    let insert = statement!(
        "INSERT INTO pages
             (version_id, number, text, layout, method, language, confidence, took_ms, error,
              reason, furniture, findings)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         ON CONFLICT (version_id, number) DO UPDATE
         SET text = $3, layout = $4, method = $5, language = $6, confidence = $7, took_ms = $8,
             error = $9, reason = $10, furniture = $11, findings = $12, again = FALSE,
             transcribed_by = NULL"
    )
    .bind(version)
    .bind(page.number)
    .bind(text)
    .bind(page.layout.map(|layout| layout.to_bytes()))
    .bind(page.method.as_str())
    .bind(page.language)
    .bind(page.confidence)
    .bind(page.took_ms)
    .bind(page.error)
    .bind(page.reason)
    .bind(json(&page.furniture))
    .bind(json(&page.findings));
    tx.execute(insert).await.map(drop)
}

pub(super) async fn fail(tx: &mut Tx, version: VersionId, reason: &str) -> Result<(), DbError> {
    let update = statement!(
        "UPDATE versions SET status = 'failed', error = $2 WHERE id = $1 AND status <> 'read'"
    );
    tx.execute(update.bind(version).bind(reason)).await.map(drop)
}

pub(super) async fn finish_reading(
    tx: &mut Tx,
    version: VersionId,
    pages: i64,
    about: &About,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let update = statement!(
        "UPDATE versions SET status = 'read', error = NULL, pages_total = $2, read_at = $3,
             kind = $4, about = $5
         WHERE id = $1"
    );
    let update = update.bind(version).bind(pages).bind(now).bind(about.kind.as_str());
    tx.execute(update.bind(serde_json::to_string(about).ok())).await.map(drop)
}

/// Removes the entities found so far, so that doing it twice is doing it once.
pub(super) async fn clear_entities(tx: &mut Tx, version: VersionId) -> Result<(), DbError> {
    let entities = statement!("DELETE FROM entities WHERE version_id = $1");
    tx.execute(entities.bind(version)).await.map(drop)
}

#[derive(sqlx::FromRow)]
struct SpanRow {
    first_page: i64,
    first_offset: i64,
    last_page: i64,
    last_offset: i64,
    path: Option<String>,
    paragraph: Option<String>,
    entry: Option<String>,
}

/// The spans of a version's passages, in order.
pub(super) async fn spans(tx: &mut Tx, version: VersionId) -> Result<Vec<passages::Span>, DbError> {
    let select = statement!(
        "SELECT first_page, first_offset, last_page, last_offset, path, paragraph, entry
         FROM passages WHERE version_id = $1 AND ordinal >= 0 ORDER BY ordinal"
    );
    let page = |number| u32::try_from(number).unwrap_or(u32::MAX);
    let place = |offset| usize::try_from(offset).unwrap_or(0);
    let rows = tx.all::<SpanRow>(select.bind(version)).await?;
    Ok(rows
        .into_iter()
        .map(|row| passages::Span {
            first_page: page(row.first_page),
            first_offset: place(row.first_offset),
            last_page: page(row.last_page),
            last_offset: place(row.last_offset),
            path: listed(row.path.as_deref()),
            paragraph: row.paragraph,
            entry: row.entry,
        })
        .collect())
}

/// Takes the passages of a page out of use whose text is about to change, so that no
/// citation is ever read off another text than it was made of.
pub(super) async fn retire_of_page(
    tx: &mut Tx,
    version: VersionId,
    number: u32,
    text: &str,
) -> Result<(), DbError> {
    let lowest = lowest_ordinal(tx, version).await?;
    let update = statement!(
        "UPDATE passages SET ordinal = $4 - ordinal - 1
         WHERE version_id = $1 AND ordinal >= 0 AND first_page <= $2 AND last_page >= $2
           AND EXISTS (SELECT 1 FROM pages p
                       WHERE p.version_id = $1 AND p.number = $2 AND p.text <> $3)"
    );
    tx.execute(update.bind(version).bind(number).bind(text).bind(lowest)).await.map(drop)
}

async fn lowest_ordinal(tx: &mut Tx, version: VersionId) -> Result<i64, DbError> {
    let select = statement!(
        "SELECT coalesce(MIN(ordinal), 0) AS number FROM passages
         WHERE version_id = $1 AND ordinal < 0"
    );
    Ok(tx.one::<Number>(select.bind(version)).await?.number)
}

/// Takes the passages from `from` on out of use. They are kept, with numbers below
/// zero, since an answer may cite them.
pub(super) async fn retire_passages(
    tx: &mut Tx,
    version: VersionId,
    from: u32,
) -> Result<(), DbError> {
    let lowest = lowest_ordinal(tx, version).await?;
    let update = statement!(
        "UPDATE passages SET ordinal = $3 - ordinal - 1 WHERE version_id = $1 AND ordinal >= $2"
    );
    tx.execute(update.bind(version).bind(from).bind(lowest)).await.map(drop)
}

fn offset(bytes: usize) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

pub(super) async fn insert_passage(
    tx: &mut Tx,
    version: VersionId,
    ordinal: u32,
    span: passages::Span,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO passages (id, version_id, ordinal, first_page, first_offset, last_page,
             last_offset, heading, path, paragraph, entry)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
    )
    .bind(PassageId::new())
    .bind(version)
    .bind(ordinal)
    .bind(span.first_page)
    .bind(offset(span.first_offset))
    .bind(span.last_page)
    .bind(offset(span.last_offset))
    .bind(span.heading())
    .bind(json(&span.path))
    .bind(span.paragraph)
    .bind(span.entry);
    tx.execute(insert).await.map(drop)
}

pub(super) async fn insert_entity(
    tx: &mut Tx,
    version: VersionId,
    page: i64,
    entity: entities::Entity,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO entities
             (id, version_id, kind, page, start_offset, end_offset, text, normal, parallel)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    )
    .bind(EntityId::new())
    .bind(version)
    .bind(entity.kind)
    .bind(page)
    .bind(offset(entity.start))
    .bind(offset(entity.end))
    .bind(entity.text)
    .bind(entity.normal)
    .bind(entity.group);
    tx.execute(insert).await.map(drop)
}

/// Notes that a version became searchable, if it was not before.
pub(super) async fn set_first_indexed(
    tx: &mut Tx,
    version: VersionId,
    now: DateTime<Utc>,
) -> Result<u64, DbError> {
    let update =
        statement!("UPDATE versions SET indexed_at = $2 WHERE id = $1 AND indexed_at IS NULL");
    tx.execute(update.bind(version).bind(now)).await
}

pub(super) async fn set_indexed(
    tx: &mut Tx,
    version: VersionId,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let update = statement!("UPDATE versions SET indexed_at = $2 WHERE id = $1");
    tx.execute(update.bind(version).bind(now)).await.map(drop)
}

pub(super) async fn set_embedded(
    tx: &mut Tx,
    version: VersionId,
    model: &str,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let update =
        statement!("UPDATE versions SET embedded_at = $2, embedding_model = $3 WHERE id = $1");
    tx.execute(update.bind(version).bind(now).bind(model)).await.map(drop)
}

pub(super) async fn dead_work(
    tx: &mut Tx,
    scope: &Scope,
    case: Option<CaseId>,
) -> Result<Vec<DeadWork>, DbError> {
    let select = statement!(concat!(
        "SELECT j.id AS job_id, j.kind, j.attempts, coalesce(j.last_error, '') AS reason,
             j.run_at AS at, d.id AS document_id, d.title, c.id AS case_id, c.title AS case_title
         FROM jobs j
         JOIN versions v ON v.id = j.subject
         JOIN documents d ON d.id = v.document_id
         JOIN cases c ON c.id = d.case_id
         WHERE j.status = 'dead' AND ",
        visible!()
    ));
    let select = seen_by(select, scope)
        .and_if("d.case_id =", case)
        .then(" ORDER BY j.run_at DESC, j.id LIMIT 500");
    tx.all(select).await
}

/// A version whose reading failed waits again.
pub(super) async fn wait_again(tx: &mut Tx, version: VersionId) -> Result<(), DbError> {
    let update = statement!(
        "UPDATE versions SET status = 'queued', error = NULL WHERE id = $1 AND status = 'failed'"
    );
    tx.execute(update.bind(version)).await.map(drop)
}

/// The version a job is about waits again, if its reading failed.
pub(super) async fn requeue_version(tx: &mut Tx, job: JobId) -> Result<(), DbError> {
    let update = statement!(
        "UPDATE versions SET status = 'queued', error = NULL
         WHERE status = 'failed' AND id = (SELECT j.subject FROM jobs j WHERE j.id = $1)"
    );
    tx.execute(update.bind(job)).await.map(drop)
}
