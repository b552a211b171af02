//! Searching: the documents that match, then the passages that stand for them.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use tantivy::{Result, Searcher, TantivyError};

use super::best::{Key, Ranked};
use super::column::{Dates, Ids, numbers};
use super::cursor::Mark;
use super::facet;
use super::matching::{Block, Matching, Wish, true_of};
use super::passages::Passages;
use super::schema::{CASE, ID, OF_DOCUMENT, PAGE, VERSION};
use super::scope::{any_id, read_ids};
use super::{Found, Index, IndexError, LexicalHit, Query};
use crate::kernel::{CaseId, DocumentId, PassageId, Scope};
use crate::search::query::Node;
use crate::search::request::{Cursor, Filters, Sort, Wanted};

/// How many passages, the best first, are ordered by more than their scores.
const HEAD: usize = 200;
/// How many documents a search by meaning can be narrowed to.
const MOST_DOCUMENTS: usize = 100_000;

impl Index {
    /// Finds passages, the best first, and counts the documents that match.
    ///
    /// # Errors
    /// Fails when the index cannot be read; never because of the query.
    pub fn search(
        &self,
        scope: &Scope,
        within: Option<CaseId>,
        query: &Query,
        limit: usize,
    ) -> std::result::Result<Found, IndexError> {
        if query.is_empty() {
            return Ok(Found::default());
        }
        self.find(scope, query, &Wanted { within, limit, ..Wanted::default() })
    }

    /// Finds passages of the documents that match a query and what else is wanted.
    /// A query without words matches every document: it lists them, the newest
    /// first.
    ///
    /// # Errors
    /// Fails when the index cannot be read; never because of the query.
    pub fn find(
        &self,
        scope: &Scope,
        query: &Query,
        wanted: &Wanted,
    ) -> std::result::Result<Found, IndexError> {
        let of_text = query.root().and_then(Node::of_text);
        let wish = Wish { documents: query.root(), passages: of_text.as_ref() };
        let found = self.run(&self.reader.searcher(), scope, &wish, wanted);
        self.note(found.map_err(IndexError::from))
    }

    /// The documents that pass filters, the latest received first when there are
    /// more than 100,000: then only so many.
    ///
    /// # Errors
    /// Fails when the index cannot be read.
    pub fn matching_documents(
        &self,
        scope: &Scope,
        within: Option<CaseId>,
        filters: &Filters,
    ) -> std::result::Result<BTreeSet<DocumentId>, IndexError> {
        let searcher = self.reader.searcher();
        let wanted = Wanted { within, filters: filters.clone(), ..Wanted::default() };
        let read = self
            .matching(&searcher, scope, None, &wanted)
            .and_then(|matching| read_ids::<DocumentId>(&searcher, &matching, ID));
        let mut ids = self.note(read.map_err(IndexError::from))?;
        while ids.len() > MOST_DOCUMENTS {
            ids.pop_first();
        }
        Ok(ids)
    }

    /// Finds what is wished for.
    pub(super) fn run(
        &self,
        searcher: &Searcher,
        scope: &Scope,
        wish: &Wish<'_>,
        wanted: &Wanted,
    ) -> Result<Found> {
        let mut matching = self.matching(searcher, scope, wish.documents, wanted)?;
        let mut found = Found { documents: matching.documents(), ..Found::default() };
        if wanted.facets {
            found.facets = facet::count(searcher, &matching, &wanted.filters)?;
        }
        if found.documents == 0 || wanted.limit == 0 {
            return Ok(found);
        }
        let mark = wanted.after.as_ref().and_then(Mark::read);
        let (ranked, next) = if wanted.sort == Sort::Relevance && wish.passages.is_some() {
            if let (Some(root @ Node::Plain(plain)), Some(_)) = (wish.passages, wish.documents)
                && plain.references.is_empty()
            {
                matching.weigh(searcher, &self.fields, root, plain)?;
            }
            let passages = Passages::new(searcher, &self.fields, &matching, wish.passages)?;
            by_relevance(&passages, wanted.limit, mark)?
        } else {
            let passages = Passages::new(searcher, &self.fields, &matching, wish.passages)?;
            by_date(searcher, &passages, &matching, wanted, mark)?
        };
        found.hits = hits(searcher, &ranked)?;
        found.next = next;
        Ok(found)
    }

    /// The first pass: the documents that match.
    fn matching(
        &self,
        searcher: &Searcher,
        scope: &Scope,
        root: Option<&Node>,
        wanted: &Wanted,
    ) -> Result<Matching> {
        let Some(mut clauses) = self.visible(scope, wanted.within) else {
            return Ok(Matching::default());
        };
        let filters = &wanted.filters;
        if !wanted.facets && !filters.cases.is_empty() {
            clauses.push(any_id(self.fields.case, filters.cases.iter().map(|case| case.uuid())));
        }
        if let Some(documents) = &wanted.documents {
            clauses.push(any_id(self.fields.document, documents.iter().map(|id| id.uuid())));
        }
        if let Some(root) = root {
            clauses.push(true_of(&self.fields, root)?);
        }
        let tests = self.tests(searcher, scope, filters)?;
        Matching::find(searcher, clauses, &tests, wanted.facets)
    }
}

/// A page of the best passages. The best [`HEAD`] of a query of several words are
/// ordered by how their words stand, too; the rest follow by their scores.
fn by_relevance(
    passages: &Passages<'_>,
    limit: usize,
    mark: Option<Mark>,
) -> Result<(Vec<Ranked>, Option<Cursor>)> {
    let words = passages.by_words().filter(|plain| plain.words.len() > 1);
    let (Some(plain), false) = (words, matches!(mark, Some(Mark::Tail(_)))) else {
        let after = match mark {
            Some(Mark::Tail(key) | Mark::Head(key)) => Some(key),
            _ => None,
        };
        let page = passages.best(limit + 1, limit + 1, after)?;
        return Ok(cut(page, limit, Mark::Tail));
    };
    let after = match mark {
        Some(Mark::Head(key)) => Some(key),
        _ => None,
    };
    let enough = if after.is_some() { HEAD } else { (limit + 1).min(HEAD) };
    let mut head = passages.best(HEAD, enough, None)?;
    let last = head.last().map(|ranked| ranked.key).filter(|_| head.len() >= HEAD);
    passages.reorder(plain, &mut head)?;
    head.retain(|ranked| after.is_none_or(|after| ranked.key < after));
    if head.len() > limit || last.is_none() {
        return Ok(cut(head, limit, Mark::Head));
    }
    let wanted = limit - head.len() + 1;
    let tail = passages.best(wanted, wanted, last)?;
    let (tail, next) = cut(tail, wanted - 1, Mark::Tail);
    let next = match next {
        Some(_) if tail.is_empty() => last.map(|key| Mark::Tail(key).cursor()),
        next => next,
    };
    head.extend(tail);
    Ok((head, next))
}

/// The first of a page with one more than it has room for, and where it ends.
fn cut(
    mut page: Vec<Ranked>,
    limit: usize,
    mark: fn(Key) -> Mark,
) -> (Vec<Ranked>, Option<Cursor>) {
    let more = page.len() > limit;
    page.truncate(limit);
    let last = page.last().map(|ranked| mark(ranked.key).cursor());
    // A page without room still has a next one, which its caller marks.
    let none_yet = Cursor(String::new());
    (page, if more { Some(last.unwrap_or(none_yet)) } else { None })
}

/// A document in a list: its place, its segment, which of the segment's it is, and
/// the day of its date.
type Listed = ((Option<i64>, u128), usize, usize, Option<i64>);

/// A page of documents by date, each by its best passage. A list is by date too,
/// the newest first unless the oldest are asked for.
fn by_date(
    searcher: &Searcher,
    passages: &Passages<'_>,
    matching: &Matching,
    wanted: &Wanted,
    mark: Option<Mark>,
) -> Result<(Vec<Ranked>, Option<Cursor>)> {
    let oldest = wanted.sort == Sort::Oldest;
    // What comes first is greatest: a document without a date comes last.
    let place = |day: Option<i64>, document: u128| {
        if oldest { (day.map(|day| -day), u128::MAX - document) } else { (day, document) }
    };
    let after = match mark {
        Some(Mark::Date(day, document)) => Some(place(day, document)),
        _ => None,
    };
    let mut kept: BinaryHeap<Reverse<Listed>> = BinaryHeap::new();
    for (segment, blocks) in matching.segments.iter().enumerate() {
        let Some(reader) = searcher.segment_readers().get(segment) else { continue };
        let dates = Dates::open(reader)?;
        for (nth, block) in blocks.iter().enumerate() {
            let day = dates.days(block.document);
            let full = kept.len() > wanted.limit;
            let least = kept.peek().map(|Reverse((least, ..))| *least);
            let by_day = place(day, 0).0;
            if full && least.is_some_and(|(least, _)| by_day < least) {
                continue;
            }
            let here = place(day, passages.document(segment, block.document));
            if after.is_none_or(|after| here < after) {
                kept.push(Reverse((here, segment, nth, day)));
                if kept.len() > wanted.limit + 1 {
                    kept.pop();
                }
            }
        }
    }
    let kept = kept.into_sorted_vec();
    let more = kept.len() > wanted.limit;
    let page = kept.get(..wanted.limit.min(kept.len())).unwrap_or_default();
    let mut by_segment: BTreeMap<usize, Vec<Block>> = BTreeMap::new();
    for Reverse((_, segment, nth, _)) in page {
        let block = matching.segments.get(*segment).and_then(|blocks| blocks.get(*nth));
        by_segment.entry(*segment).or_default().extend(block.copied());
    }
    for blocks in by_segment.values_mut() {
        blocks.sort_unstable_by_key(|block| block.document);
    }
    let best = passages.best_of_each(&by_segment)?;
    let ranked: BTreeMap<u128, Ranked> =
        best.into_iter().map(|ranked| (ranked.key.document, ranked)).collect();
    let id = |document: u128| if oldest { u128::MAX - document } else { document };
    let next = page.last().filter(|_| more);
    let next = next.map(|Reverse(((_, document), _, _, day))| Mark::Date(*day, id(*document)));
    let page = page.iter().filter_map(|Reverse(((_, document), ..))| ranked.get(&id(*document)));
    Ok((page.copied().collect(), next.map(Mark::cursor)))
}

/// What the hits say of themselves.
pub(super) fn hits(searcher: &Searcher, ranked: &[Ranked]) -> Result<Vec<LexicalHit>> {
    let mut hits: Vec<Option<LexicalHit>> = vec![None; ranked.len()];
    for (segment, reader) in searcher.segment_readers().iter().enumerate() {
        if ranked.iter().all(|ranked| ranked.segment != segment) {
            continue;
        }
        let (ids, versions) = (Ids::open(reader, ID)?, Ids::open(reader, VERSION)?);
        let (cases, dates) = (Ids::open(reader, CASE)?, Dates::open(reader)?);
        let (pages, of) = (numbers(reader, PAGE)?, numbers(reader, OF_DOCUMENT)?);
        for (ranked, hit) in ranked.iter().zip(&mut hits) {
            if ranked.segment != segment {
                continue;
            }
            let Ranked { key, entry, document, .. } = *ranked;
            let id = ids.get(document);
            let is_passage = entry != document;
            if is_passage && of.get_val(entry) != id.as_u64_pair().1 {
                let parted = "a passage stands apart from its document".to_owned();
                return Err(TantivyError::SchemaError(parted));
            }
            let page = if is_passage { pages.get_val(entry) } else { 1 };
            *hit = Some(LexicalHit {
                passage: is_passage.then(|| PassageId::from(ids.get(entry))),
                document: id.into(),
                version: versions.get(document).into(),
                case: cases.get(document).into(),
                page: u32::try_from(page).unwrap_or(u32::MAX),
                date: dates.date(document),
                score: key.score,
            });
        }
    }
    Ok(hits.into_iter().flatten().collect())
}
