//! The sources of a stored answer, found again in the documents.

use super::evidence::EvidencePage;
use super::live::{Cited, Source};
use super::store::CitationRow;
use super::verify::find_quote;
use crate::documents::PassageText;

/// A passage an answer could cite, as it stands now.
pub(super) fn source(row: &CitationRow, passages: &[PassageText]) -> Option<Source> {
    let passage = passages.iter().find(|passage| passage.id == row.passage_id)?;
    let (page, start, end) = place(row, passages);
    Some(Source {
        number: u32::try_from(row.number).unwrap_or(0),
        title: passage.title.clone(),
        case_title: passage.case_title.clone(),
        page,
        document_id: row.document_id,
        version: row.version_number,
        start,
        end,
        excerpt: passage.text.clone(),
        newer: (row.newest > row.version_number).then_some(row.newest),
    })
}

/// What an answer cites, where it stands now.
pub(super) fn cited(row: &CitationRow, passages: &[PassageText]) -> Cited {
    let (page, start, end) = place(row, passages);
    Cited {
        number: u32::try_from(row.number).unwrap_or(0),
        quote: row.quote.clone(),
        document_id: row.document_id,
        version: row.version_number,
        page,
        start,
        end,
        differs: u32::try_from(row.differs).unwrap_or(0),
    }
}

/// Where a citation points: page, start and end. When its page was read again since,
/// the quotation is looked for anew; one that is not there any more points at the
/// page and marks nothing.
fn place(row: &CitationRow, passages: &[PassageText]) -> (u32, usize, usize) {
    let page = u32::try_from(row.page).unwrap_or(1);
    let retired = passages.iter().find(|passage| passage.id == row.passage_id && !passage.current);
    let Some(passage) = retired else {
        let offset = |bytes| usize::try_from(bytes).unwrap_or(0);
        return (page, offset(row.start_offset), offset(row.end_offset));
    };
    let pages: Vec<EvidencePage> = passage
        .pages
        .iter()
        .map(|page| EvidencePage { number: page.number, text: page.text.clone() })
        .collect();
    let found = row.quote.as_deref().and_then(|quote| find_quote(quote, &pages));
    found.map_or((page, 0, 0), |span| (span.page, span.start, span.end))
}
