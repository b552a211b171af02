//! A document's outline: the bookmarks it carries, or the headings found in it.

use super::reading::OutlineEntry;
use super::{DocumentError, Documents, store};
use crate::kernel::{DocumentId, Scope};
use crate::statement;

/// The most headings listed; more help nobody to find a place.
const MOST: usize = 500;

#[derive(sqlx::FromRow)]
struct Kept {
    outline: Option<String>,
}

#[derive(sqlx::FromRow)]
struct Heading {
    first_page: i64,
    path: Option<String>,
}

impl Documents {
    /// The outline of a version, in order: its bookmarks, or when it has none the
    /// headings its passages stand under.
    ///
    /// # Errors
    /// Fails when it is not there or not open to the caller.
    pub async fn outline(
        &self,
        scope: &Scope,
        id: DocumentId,
        number: i64,
    ) -> Result<Vec<OutlineEntry>, DocumentError> {
        let version = self.version(scope, id, number).await?.version_id;
        let open = self.open_pages(scope, id).await?;
        let mut tx = self.db.read().await?;
        let select = statement!("SELECT outline FROM versions WHERE id = $1");
        let kept = tx.one::<Kept>(select.bind(version)).await?;
        let bookmarks: Vec<OutlineEntry> = store::listed(kept.outline.as_deref());
        if !bookmarks.is_empty() {
            return Ok(bookmarks.into_iter().filter(|entry| open.has(entry.page)).collect());
        }
        let select = statement!(
            "SELECT first_page, path FROM passages
             WHERE version_id = $1 AND ordinal >= 0 AND path IS NOT NULL ORDER BY ordinal"
        );
        let headings = tx.all::<Heading>(select.bind(version)).await?;
        let page = |heading: &Heading| u32::try_from(heading.first_page).unwrap_or(u32::MAX);
        let headings = headings.iter().filter(|heading| open.has(page(heading)));
        Ok(entries(headings.map(|heading| (page(heading), store::listed(heading.path.as_deref())))))
    }
}

/// An entry for each heading that was not there at the passage before.
fn entries(paths: impl Iterator<Item = (u32, Vec<String>)>) -> Vec<OutlineEntry> {
    let mut entries = Vec::new();
    let mut before: Vec<String> = Vec::new();
    for (page, path) in paths {
        let same = before.iter().zip(&path).take_while(|(one, other)| one == other).count();
        for (depth, title) in (0..).zip(&path).skip(same) {
            entries.push(OutlineEntry { title: title.clone(), page, depth });
        }
        before = path;
        if entries.len() >= MOST {
            break;
        }
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_heading_is_listed_where_it_begins() {
        let path = |titles: &[&str]| titles.iter().map(|title| (*title).to_owned()).collect();
        let paths = [
            (1, path(&["FACTS"])),
            (2, path(&["FACTS", "The notice"])),
            (3, path(&["FACTS", "The notice"])),
            (3, path(&["ORDER"])),
        ];
        let listed: Vec<(String, u32, u32)> = entries(paths.into_iter())
            .into_iter()
            .map(|entry| (entry.title, entry.page, entry.depth))
            .collect();
        let expected = [("FACTS", 1, 0), ("The notice", 2, 1), ("ORDER", 3, 0)]
            .map(|(t, p, d)| (t.to_owned(), p, d));
        assert_eq!(listed, expected);
    }
}
