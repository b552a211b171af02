//! Where a hit stands on the pages: the rectangles of what matched.

use std::collections::BTreeMap;

use super::hybrid::Search;
use super::results::{Hit, SearchError};
use crate::documents::reading::Rect;
use crate::kernel::Scope;

impl Search {
    /// The rectangles of what matched, page by page, in points from the top left.
    /// Pages without word boxes, such as those of a letter in Word, have none.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn rectangles(
        &self,
        scope: &Scope,
        hit: &Hit,
    ) -> Result<Vec<(u32, Vec<Rect>)>, SearchError> {
        let mut spans: BTreeMap<u32, Vec<(usize, usize)>> = BTreeMap::new();
        for mark in &hit.marks {
            for (page, start, end) in hit.passage.places(mark) {
                spans.entry(page).or_default().push((start, end));
            }
        }
        let (document, version) = (hit.passage.document, hit.passage.version_number);
        let mut marked = Vec::with_capacity(spans.len());
        for (number, spans) in spans {
            let page = self.documents.page(scope, document, version, number).await?;
            let rects = spans.into_iter().flat_map(|(start, end)| page.rects(start, end));
            marked.push((number, rects.collect()));
        }
        Ok(marked)
    }
}
