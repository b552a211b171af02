//! What the viewer shows beside a page: where its words stand, what the document
//! names and where else that is named, what is looked for in it, its outline.

use std::collections::BTreeSet;
use std::ops::Range;

use super::reading::{Layout, Word};
use super::store::{self, NumberedText, seen_by, visible};
use super::terms::of_the_chamber;
use super::{DocumentError, Documents, Page};
use crate::audit::Searched;
use crate::kernel::{CaseId, DocumentId, Scope};
use crate::statement;

/// The most places one search inside a document gives; a reader steps through far
/// fewer.
const MOST_HITS: usize = 1000;
/// How much of the text around a place is shown, in bytes on each side.
const CONTEXT: usize = 90;

/// That a version is the newest read one of its document.
macro_rules! latest_read {
    () => {
        "v.number = (SELECT MAX(w.number) FROM versions w
                     WHERE w.document_id = v.document_id AND w.status = 'read')"
    };
}

/// A citation, section, number, date or amount, where it stands in a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntityRow {
    /// What it is: `citation`, `section`, `date`, …
    pub kind: String,
    /// The page, from 1.
    pub page: u32,
    /// Where it begins in the page's text, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// As written.
    pub text: String,
    /// What makes two mentions equal.
    pub normal: String,
}

/// How many other documents name what a version names.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Elsewhere {
    /// What it is.
    pub kind: String,
    /// What makes two mentions equal.
    pub normal: String,
    /// In how many other documents the caller may see, up to 20.
    pub documents: i64,
}

/// A mention of something in a document the caller may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrence {
    /// The document.
    pub document: DocumentId,
    /// Its title.
    pub title: String,
    /// Its case.
    pub case: CaseId,
    /// The case's title.
    pub case_title: String,
    /// The number of its newest version that is read.
    pub version: i64,
    /// The page, from 1.
    pub page: u32,
    /// Where it begins in the page's text, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// As written.
    pub text: String,
    /// What stands before it.
    pub before: String,
    /// What follows it.
    pub after: String,
}

/// A place found inside a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The page, from 1.
    pub page: u32,
    /// Where it begins in the page's text, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
}

/// What was found inside a version.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hits {
    /// The places, in order.
    pub hits: Vec<Hit>,
    /// Whether there are more than are given.
    pub more: bool,
}

#[derive(sqlx::FromRow)]
struct EntityLine {
    kind: String,
    page: i64,
    start_offset: i64,
    end_offset: i64,
    text: String,
    normal: String,
}

#[derive(sqlx::FromRow)]
struct OccurrenceLine {
    document_id: DocumentId,
    title: String,
    case_id: CaseId,
    case_title: String,
    version: i64,
    page: i64,
    start_offset: i64,
    end_offset: i64,
    text: String,
    page_text: String,
}

fn whole(number: i64) -> usize {
    usize::try_from(number).unwrap_or(0)
}

fn page_number(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl From<EntityLine> for EntityRow {
    fn from(line: EntityLine) -> Self {
        let EntityLine { kind, page, start_offset, end_offset, text, normal } = line;
        let (start, end) = (whole(start_offset), whole(end_offset));
        Self { kind, page: page_number(page), start, end, text, normal }
    }
}

impl From<OccurrenceLine> for Occurrence {
    fn from(line: OccurrenceLine) -> Self {
        let (start, end) = (whole(line.start_offset), whole(line.end_offset));
        let (before, after) = around(&line.page_text, start..end);
        Self {
            document: line.document_id,
            title: line.title,
            case: line.case_id,
            case_title: line.case_title,
            version: line.version,
            page: page_number(line.page),
            start,
            end,
            text: line.text,
            before,
            after,
        }
    }
}

/// The text before and after a span, cut at words and in one line.
fn around(text: &str, span: Range<usize>) -> (String, String) {
    let span = text.floor_char_boundary(span.start)..text.ceil_char_boundary(span.end);
    let from = text.floor_char_boundary(span.start.saturating_sub(CONTEXT));
    let to = text.ceil_char_boundary(span.end.saturating_add(CONTEXT));
    let (before, after) = (&text[from..span.start], &text[span.end.max(span.start)..to]);
    let before =
        if from > 0 { before.split_once(char::is_whitespace).map(|cut| cut.1) } else { None }
            .unwrap_or(before);
    let after = if to < text.len() {
        after.rsplit_once(char::is_whitespace).map(|cut| cut.0)
    } else {
        None
    }
    .unwrap_or(after);
    (one_line(before), one_line(after))
}

/// A text with each run of white space as one space.
fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        if !c.is_whitespace() {
            line.push(c);
        } else if !line.ends_with(' ') {
            line.push(' ');
        }
    }
    line
}

impl Page {
    /// Where its words stand, in the order of its text; none for a page without an
    /// image.
    #[must_use]
    pub fn words(&self) -> Vec<Word> {
        match self.layout.as_deref().map(Layout::from_bytes) {
            Some(Ok(layout)) => layout.words,
            Some(Err(error)) => {
                tracing::warn!(page = self.number, %error, "word boxes cannot be read");
                Vec::new()
            }
            None => Vec::new(),
        }
    }
}

impl Documents {
    /// What a version names, in the order of its text; at most the first 20,000.
    ///
    /// # Errors
    /// Fails when it is not there or not open to the caller.
    pub async fn entities(
        &self,
        scope: &Scope,
        id: DocumentId,
        number: i64,
    ) -> Result<Vec<EntityRow>, DocumentError> {
        of_the_chamber(scope)?;
        let version = self.version(scope, id, number).await?;
        let mut tx = self.db.read().await?;
        let select = statement!(
            "SELECT kind, page, start_offset, end_offset, text, normal FROM entities
             WHERE version_id = $1 ORDER BY page, start_offset LIMIT 20000"
        );
        let lines = tx.all::<EntityLine>(select.bind(version.version_id)).await?;
        Ok(lines.into_iter().map(EntityRow::from).collect())
    }

    /// In how many other documents the caller may see each citation, section and
    /// number of a version stands; nobody needs a count beyond 20, so counting stops
    /// there.
    ///
    /// # Errors
    /// Fails when it is not there or not open to the caller.
    pub async fn elsewhere(
        &self,
        scope: &Scope,
        id: DocumentId,
        number: i64,
    ) -> Result<Vec<Elsewhere>, DocumentError> {
        of_the_chamber(scope)?;
        let version = self.version(scope, id, number).await?;
        let mut tx = self.db.read().await?;
        let select = statement!(concat!(
            "SELECT x.kind, x.normal, (SELECT COUNT(*) FROM (
                 SELECT DISTINCT d.id
                 FROM entities e
                 JOIN versions v ON v.id = e.version_id AND v.status = 'read'
                 JOIN documents d ON d.id = v.document_id
                 WHERE ",
            visible!(),
            " AND d.id <> $5 AND e.kind = x.kind AND e.normal = x.normal AND ",
            latest_read!(),
            " LIMIT 20) AS others) AS documents
             FROM (SELECT DISTINCT kind, normal FROM entities
                   WHERE version_id = $6 AND kind NOT IN ('date', 'amount') LIMIT 2000) AS x"
        ));
        let select = seen_by(select, scope).bind(id).bind(version.version_id);
        Ok(tx.all(select).await?)
    }

    /// Where something is named, over the newest read version of every document the
    /// caller may see but one: the first five places of each document, at most 200 in
    /// all, the newest documents first. Written down as a search.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn occurrences(
        &self,
        scope: &Scope,
        kind: &str,
        normal: &str,
        except: Option<DocumentId>,
    ) -> Result<Vec<Occurrence>, DocumentError> {
        of_the_chamber(scope)?;
        let mut tx = self.db.read().await?;
        // Texts are fetched for the places shown only.
        let select = statement!(concat!(
            "SELECT f.document_id, f.title, f.case_id, f.case_title, f.version, f.page,
                 f.start_offset, f.end_offset, f.text, p.text AS page_text
             FROM (SELECT d.id AS document_id, d.title, d.created_at, c.id AS case_id,
                       c.title AS case_title, v.id AS version_id, v.number AS version, e.page,
                       e.start_offset, e.end_offset, e.text,
                       ROW_NUMBER() OVER (PARTITION BY d.id ORDER BY e.page, e.start_offset)
                           AS place
                   FROM entities e
                   JOIN versions v ON v.id = e.version_id AND v.status = 'read'
                   JOIN documents d ON d.id = v.document_id
                   JOIN cases c ON c.id = d.case_id
                   WHERE ",
            visible!(),
            " AND e.kind = $5 AND e.normal = $6 AND d.id IS DISTINCT FROM $7 AND ",
            latest_read!(),
            ") AS f
             JOIN pages p ON p.version_id = f.version_id AND p.number = f.page
             WHERE f.place <= 5
             ORDER BY f.created_at DESC, f.document_id, f.page, f.start_offset LIMIT 200"
        ));
        let select = seen_by(select, scope).bind(kind).bind(normal).bind(except);
        let lines = tx.all::<OccurrenceLine>(select).await?;
        drop(tx);
        let documents: BTreeSet<DocumentId> = lines.iter().map(|line| line.document_id).collect();
        let text = format!("{kind} {normal}");
        let searched = Searched {
            kind: "mentions",
            text: &text,
            case: None,
            document: None,
            documents: Some(documents.len() as u64),
        };
        self.searched(scope, searched).await?;
        Ok(lines.into_iter().map(Occurrence::from).collect())
    }

    /// What `look` finds on the pages of a version, page by page; spans are in bytes
    /// of the page's text. At most a thousand places are given. Written down as a search
    /// for `text`, which is what `look` looks for.
    ///
    /// # Errors
    /// Fails when it is not there or not open to the caller.
    pub async fn find_in(
        &self,
        scope: &Scope,
        id: DocumentId,
        number: i64,
        text: &str,
        look: impl Fn(&str) -> Vec<Range<usize>> + Send + 'static,
    ) -> Result<Hits, DocumentError> {
        let version = self.version(scope, id, number).await?;
        let open = self.open_pages(scope, id).await?;
        let searched =
            Searched { kind: "inside", text, case: None, document: Some(id), documents: None };
        self.searched(scope, searched).await?;
        let mut tx = self.db.read().await?;
        let pages = store::texts(&mut tx, version.version_id).await?;
        drop(tx);
        let found = tokio::task::spawn_blocking(move || {
            let shown = |page: &&NumberedText| open.has(page_number(page.number));
            let mut hits = pages.iter().filter(shown).flat_map(|page| {
                let spans = look(&page.text).into_iter();
                spans.map(|Range { start, end }| Hit { page: page_number(page.number), start, end })
            });
            let first: Vec<Hit> = hits.by_ref().take(MOST_HITS).collect();
            Hits { hits: first, more: hits.next().is_some() }
        });
        found.await.map_err(|error| DocumentError::Disk(std::io::Error::other(error)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_around_a_mention_is_one_line_cut_at_words() {
        let text =
            format!("{} as held\nin 2024 INSC 835, the\nrule {}", "x".repeat(90), "y ".repeat(80));
        let start = text.find("2024").unwrap();
        let (before, after) = around(&text, start..start + 13);
        assert_eq!(before, "as held in ");
        assert!(after.starts_with(", the rule y y") && after.len() <= CONTEXT, "{after}");
    }

    #[test]
    fn a_span_outside_the_text_costs_nothing() {
        assert_eq!(around("धारा", 1..400), (String::new(), String::new()));
    }
}
