//! Which documents match: the first of the two passes of a search.
//!
//! What a query says is true of a document, so the documents are found and counted
//! first, under the scope and the filters. Each comes with the run of its
//! passages, and the second pass looks nowhere else.

use tantivy::columnar::Column;
use tantivy::query::{BooleanQuery, EnableScoring, Occur, Query as Engine, Scorer, Weight};
use tantivy::{DocId, Result, Searcher, TERMINATED};

use super::super::query::{Node, Plain};
use super::filter::{Test, Tests};
use super::rank;
use super::schema::{FACETS, Fields, PASSAGES};
use super::scope::Clause;
use super::translate::Places;

/// What is looked for; where there is nothing, everything matches.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Wish<'q> {
    /// What must be true of a document.
    pub(super) documents: Option<&'q Node>,
    /// What its passages are chosen by.
    pub(super) passages: Option<&'q Node>,
}

/// A document that matches, with the run of its passages.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Block {
    /// The document's entry; its passages follow.
    pub(super) document: DocId,
    /// The last of them; the document itself when it has none.
    pub(super) last: DocId,
    /// What the document adds to its passages.
    pub(super) bonus: f32,
}

impl Block {
    /// The first passage, or the document itself when it has none.
    pub(super) const fn first(&self) -> DocId {
        if self.last > self.document { self.document + 1 } else { self.document }
    }
}

/// The documents that match, by segment, in order.
#[derive(Debug, Default)]
pub(super) struct Matching {
    pub(super) segments: Vec<Vec<Block>>,
    /// Documents that only one filter keeps out, by segment: with the facet of it.
    pub(super) nearly: Vec<Vec<(DocId, usize)>>,
}

impl Matching {
    /// The documents of which clauses are true.
    pub(super) fn of_clauses(searcher: &Searcher, clauses: Vec<Clause>) -> Result<Self> {
        Self::find(searcher, clauses, &[], false)
    }

    /// The documents of which clauses are true and that pass the tests; with those
    /// that fail only one, when wanted.
    pub(super) fn find(
        searcher: &Searcher,
        clauses: Vec<Clause>,
        tests: &[Test],
        nearly: bool,
    ) -> Result<Self> {
        let weight = unscored(searcher, &BooleanQuery::new(clauses))?;
        let mut matching = Self::default();
        for reader in searcher.segment_readers() {
            let tests = Tests::open(tests, reader)?;
            let passages = reader.fast_fields().column_opt::<u64>(PASSAGES)?;
            let alive = reader.alive_bitset();
            let (mut blocks, mut almost) = (Vec::new(), Vec::new());
            weight.for_each_no_score(reader, &mut |documents| {
                for &document in documents {
                    if alive.is_some_and(|alive| !alive.is_alive(document)) {
                        continue;
                    }
                    let mut failed = tests.failed(document);
                    match (failed.next(), failed.next()) {
                        (None, _) => blocks.push(block(document, passages.as_ref())),
                        (Some(facet), None) if nearly => almost.push((document, facet)),
                        _ => {}
                    }
                }
            })?;
            matching.segments.push(blocks);
            matching.nearly.push(almost);
        }
        Ok(matching)
    }

    /// How many documents match.
    pub(super) fn documents(&self) -> usize {
        self.segments.iter().map(Vec::len).sum()
    }

    /// How many passages they have.
    pub(super) fn passages(&self) -> usize {
        let of = |block: &Block| (block.last - block.document) as usize;
        self.segments.iter().flatten().map(of).sum()
    }

    /// Adds what the documents of a plain query add to their passages: for holding
    /// every word, and for words in their titles.
    pub(super) fn weigh(
        &mut self,
        searcher: &Searcher,
        fields: &Fields,
        root: &Node,
        plain: &Plain,
    ) -> Result<()> {
        let title = Places::only(fields.title);
        let touches = title.holds(root)?;
        if self.add(searcher, touches.as_ref(), rank::TITLE_TOUCHES)? {
            self.add(searcher, title.all_words(plain)?.as_ref(), rank::TITLE_HOLDS)?;
        }
        let everywhere = Places::titled(fields.title, fields.text);
        if plain.words.len() + plain.references.len() == 1 {
            self.segments
                .iter_mut()
                .flatten()
                .for_each(|block| block.bonus += rank::DOCUMENT_HOLDS);
            return Ok(());
        }
        self.add(searcher, everywhere.all_words(plain)?.as_ref(), rank::DOCUMENT_HOLDS)?;
        Ok(())
    }

    /// Adds a bonus to the documents of which a query is true; says whether there
    /// are any.
    fn add(&mut self, searcher: &Searcher, query: &dyn Engine, bonus: f32) -> Result<bool> {
        let weight = unscored(searcher, query)?;
        let mut any = false;
        for (reader, blocks) in searcher.segment_readers().iter().zip(&mut self.segments) {
            if blocks.is_empty() {
                continue;
            }
            let mut scorer = weight.scorer(reader, 1.0)?;
            for block in blocks {
                if seek(scorer.as_mut(), block.document) == block.document {
                    block.bonus += bonus;
                    any = true;
                }
            }
        }
        Ok(any)
    }
}

fn block(document: DocId, passages: Option<&Column<u64>>) -> Block {
    let count = passages.and_then(|column| column.first(document)).unwrap_or(0);
    let count = DocId::try_from(count).unwrap_or(0);
    Block { document, last: document + count, bonus: 0.0 }
}

/// Moves to an entry or, where it does not match, to the next one that does.
pub(super) fn seek(scorer: &mut dyn Scorer, target: DocId) -> DocId {
    let doc = scorer.doc();
    if doc >= target || doc == TERMINATED { doc } else { scorer.seek(target) }
}

/// A query prepared to be asked what it is true of.
pub(super) fn unscored(searcher: &Searcher, query: &dyn Engine) -> Result<Box<dyn Weight>> {
    query.weight(EnableScoring::disabled_from_searcher(searcher))
}

/// A query prepared to be asked how well entries match.
pub(super) fn scored(searcher: &Searcher, query: &dyn Engine) -> Result<Box<dyn Weight>> {
    query.weight(EnableScoring::enabled_from_searcher(searcher))
}

/// The clause that a part of a query is true of a document.
pub(super) fn true_of(fields: &Fields, root: &Node) -> Result<Clause> {
    let everywhere = Places::titled(fields.title, fields.text);
    Ok((Occur::Must, everywhere.holds(root)?))
}

/// The place of a facet in [`FACETS`].
pub(super) fn place(name: crate::search::request::FacetName) -> usize {
    FACETS.iter().position(|(other, _)| *other == name).unwrap_or(FACETS.len())
}
