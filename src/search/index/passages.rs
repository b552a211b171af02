//! Which passages stand for the documents that match: the second of the two passes
//! of a search.
//!
//! Passages fall into steps (see [`rank`]): those that hold the whole query, those
//! of documents that do, and the others. A step is looked at only when the ones
//! before did not fill the page. The scores of a step are so far from the next
//! that the order is the same as if all had been looked at.

use std::collections::BTreeMap;

use tantivy::query::{Query as Engine, Scorer, Weight};
use tantivy::{DocId, DocSet as _, Result, Searcher, SeekDangerResult, SegmentReader, TERMINATED};

use super::super::query::{Node, Plain};
use super::best::{Best, Key, ROUNDING, Ranked, round};
use super::column::Ids;
use super::matching::{Block, Matching, scored, seek, unscored};
use super::rank;
use super::schema::{Fields, ID};
use super::translate::Places;

/// Where the passages of the documents that match are fewer than this part of a
/// segment, its postings are read for them alone, and not with an eye on the best.
const SPARSE: usize = 8;

/// The second pass.
pub(super) struct Passages<'s> {
    searcher: &'s Searcher,
    matching: &'s Matching,
    root: Option<&'s Node>,
    places: Places,
    ids: Vec<Ids>,
    /// Passages that hold the whole query; their scores say how well.
    whole: Option<Box<dyn Engine>>,
    /// Passages that hold some of it.
    touches: Box<dyn Engine>,
}

/// A part of the documents that match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// All of them.
    All,
    /// Those that hold every word.
    Holding,
    /// Those that do not.
    Rest,
}

impl Part {
    fn has(self, block: &Block) -> bool {
        match self {
            Self::All => true,
            Self::Holding => block.bonus >= rank::DOCUMENT_HOLDS,
            Self::Rest => block.bonus < rank::DOCUMENT_HOLDS,
        }
    }
}

impl<'s> Passages<'s> {
    /// Prepares the pass.
    pub(super) fn new(
        searcher: &'s Searcher,
        fields: &Fields,
        matching: &'s Matching,
        root: Option<&'s Node>,
    ) -> Result<Self> {
        let places = Places::only(fields.passage_text);
        let parts = root.map(|root| rank::touches(&places, root)).transpose()?.unwrap_or_default();
        let whole = match root {
            Some(root) if !parts.is_empty() => Some(rank::whole(&places, root)?),
            _ => None,
        };
        let ids = searcher.segment_readers().iter().map(|reader| Ids::open(reader, ID));
        let ids = ids.collect::<Result<_>>()?;
        Ok(Self { searcher, matching, root, places, ids, whole, touches: rank::any(parts) })
    }

    /// The best passages after a place; looks no further than the step with which
    /// there are enough.
    pub(super) fn best(
        &self,
        wanted: usize,
        enough: usize,
        after: Option<Key>,
    ) -> Result<Vec<Ranked>> {
        let mut best = Best::new(wanted, after);
        let from = after.map_or(f32::MAX, |key| key.score);
        if from >= rank::PASSAGE_HOLDS {
            self.whole(&mut best)?;
        }
        let parts: &[Part] =
            if self.by_words().is_some() { &[Part::Holding, Part::Rest] } else { &[Part::All] };
        for part in parts {
            if best.len() >= enough {
                break;
            }
            let gone = *part == Part::Holding && from < rank::DOCUMENT_HOLDS;
            if !gone {
                self.touching(&mut best, *part)?;
            }
        }
        Ok(best.into_sorted())
    }

    /// The words of a plain query without references, whose documents add to their
    /// passages.
    pub(super) fn by_words(&self) -> Option<&'s Plain> {
        match self.root {
            Some(Node::Plain(plain)) if plain.references.is_empty() => Some(plain),
            _ => None,
        }
    }

    /// The passages that hold the whole query.
    fn whole(&self, best: &mut Best) -> Result<()> {
        let (Some(query), Some(root)) = (&self.whole, self.root) else { return Ok(()) };
        let weight = scored(self.searcher, query.as_ref())?;
        let prunes = rank::only_terms(root);
        // What the document of every passage adds; titles add to some.
        let common = if self.by_words().is_some() { rank::DOCUMENT_HOLDS } else { 0.0 };
        for (segment, blocks) in self.matching.segments.iter().enumerate() {
            let reader = self.searcher.segment_reader(u32::try_from(segment).unwrap_or(u32::MAX));
            if !prunes || is_sparse(blocks, reader) {
                each(reader, weight.as_ref(), blocks.iter(), |block, entry, score| {
                    self.offer(best, rank::PASSAGE_HOLDS + score, segment, block, entry);
                })?;
                continue;
            }
            let lifted = blocks.iter().filter(|block| block.bonus > common);
            each(reader, weight.as_ref(), lifted, |block, entry, score| {
                self.offer(best, rank::PASSAGE_HOLDS + score, segment, block, entry);
            })?;
            let base = rank::PASSAGE_HOLDS;
            self.pruned(weight.as_ref(), segment, best, (base, common), |block| {
                block.bonus <= common
            })?;
        }
        Ok(())
    }

    /// The passages that hold some of the query and not the whole, of a part of the
    /// documents; a document without any is found by its first.
    fn touching(&self, best: &mut Best, part: Part) -> Result<()> {
        let touches = scored(self.searcher, self.touches.as_ref())?;
        let whole = self.whole.as_ref().map(|query| unscored(self.searcher, query.as_ref()));
        let whole = whole.transpose()?;
        let prunes = part == Part::Rest && self.root.is_some_and(rank::only_terms);
        for (segment, all) in self.matching.segments.iter().enumerate() {
            let reader = self.searcher.segment_reader(u32::try_from(segment).unwrap_or(u32::MAX));
            let prunes = prunes && !is_sparse(all, reader);
            let blocks = all.iter().filter(|block| part.has(block));
            let blocks = blocks.filter(|block| !prunes || block.bonus > 0.0);
            let mut whole = whole.as_deref().map(|weight| Asked::new(weight, reader));
            let mut scorer = touches.scorer(reader, 1.0)?;
            for block in blocks {
                let mut found = false;
                let mut entry = seek(scorer.as_mut(), block.first());
                while entry <= block.last {
                    found = true;
                    let is_whole = match &mut whole {
                        Some(whole) => whole.is_true(entry)?,
                        None => false,
                    };
                    if !is_whole {
                        self.offer(best, scorer.score(), segment, block, entry);
                    }
                    entry = scorer.advance();
                }
                if !found {
                    self.offer(best, rank::STANDS_FOR, segment, block, block.first());
                }
            }
            if prunes {
                self.pruned(touches.as_ref(), segment, best, (0.0, 0.0), |block| {
                    block.bonus <= 0.0
                })?;
            }
        }
        Ok(())
    }

    /// The best passage of each of some documents, given by segment and in order.
    pub(super) fn best_of_each(
        &self,
        documents: &BTreeMap<usize, Vec<Block>>,
    ) -> Result<Vec<Ranked>> {
        // A weight asks every segment how common its words are, so there is one for all.
        let parts = [(Some(&self.touches), 0.0), (self.whole.as_ref(), rank::PASSAGE_HOLDS)];
        let mut weights = Vec::with_capacity(parts.len());
        for (query, base) in parts {
            if let Some(query) = query {
                weights.push((scored(self.searcher, query.as_ref())?, base));
            }
        }
        let mut all = Vec::new();
        for (&segment, blocks) in documents {
            let reader = self.searcher.segment_reader(u32::try_from(segment).unwrap_or(u32::MAX));
            let first = all.len();
            all.extend(blocks.iter().map(|block| self.ranked(rank::STANDS_FOR, segment, block)));
            let found = all.get_mut(first..).unwrap_or_default();
            for (weight, base) in &weights {
                let mut nth = 0;
                each(reader, weight.as_ref(), blocks.iter(), |block, entry, score| {
                    while blocks.get(nth).is_some_and(|other| other.document < block.document) {
                        nth += 1;
                    }
                    let score = round(base + score + block.bonus);
                    if let Some(best) = found.get_mut(nth).filter(|best| best.key.score < score) {
                        best.key.score = score;
                        best.key.nth = entry - block.document;
                        best.entry = entry;
                    }
                })?;
            }
        }
        Ok(all)
    }

    /// Adds to the best what their words in order and close together are worth.
    pub(super) fn reorder(&self, plain: &Plain, head: &mut [Ranked]) -> Result<()> {
        let mut orders = vec![(self.places.in_order(&plain.words, rank::CLOSE)?, true)];
        if plain.words.len() > 2 {
            for pair in plain.words.windows(2) {
                orders.push((self.places.in_order(pair, rank::CLOSE)?, false));
            }
        }
        head.sort_unstable_by_key(|ranked| (ranked.segment, ranked.entry));
        for (query, all) in orders {
            let weight = scored(self.searcher, query.as_ref())?;
            let readers = self.searcher.segment_readers();
            for chunk in head.chunk_by_mut(|a, b| a.segment == b.segment) {
                let Some(reader) = chunk.first().and_then(|ranked| readers.get(ranked.segment))
                else {
                    continue;
                };
                let mut asked = Asked::new(weight.as_ref(), reader);
                for ranked in chunk {
                    if asked.is_true(ranked.entry)? {
                        let pairs = if all && plain.words.len() > 2 { 0.0 } else { asked.score() };
                        let order = if all { rank::IN_ORDER } else { 0.0 };
                        ranked.key.score = round(ranked.key.score + order + pairs);
                    }
                }
            }
        }
        head.sort_unstable_by(|a, b| b.cmp(a));
        Ok(())
    }

    /// The passages with words of a query, by nothing but their scores.
    pub(super) fn alike(&self, weight: &dyn Weight, best: &mut Best) -> Result<()> {
        for (segment, reader) in self.searcher.segment_readers().iter().enumerate() {
            let Some(blocks) = self.matching.segments.get(segment) else { continue };
            if is_sparse(blocks, reader) {
                each(reader, weight, blocks.iter(), |block, entry, score| {
                    self.offer(best, score, segment, block, entry);
                })?;
            } else {
                self.pruned(weight, segment, best, (0.0, 0.0), |_| true)?;
            }
        }
        Ok(())
    }

    /// The entries of a segment that a query is true of, passing over runs that are
    /// not good enough. `worth` is what every entry, and what its document, adds.
    fn pruned(
        &self,
        weight: &dyn Weight,
        segment: usize,
        best: &mut Best,
        worth: (f32, f32),
        takes: impl Fn(&Block) -> bool,
    ) -> Result<()> {
        let reader = self.searcher.segment_reader(u32::try_from(segment).unwrap_or(u32::MAX));
        let Some(blocks) = self.matching.segments.get(segment) else { return Ok(()) };
        let (base, common) = worth;
        let needed = |best: &Best| match best.floor() {
            floor if floor > f32::MIN => floor - base - common - ROUNDING,
            _ => f32::MIN,
        };
        let mut nth = 0;
        weight.for_each_pruning(needed(best), reader, &mut |entry, score| {
            while blocks.get(nth).is_some_and(|block| block.last < entry) {
                nth += 1;
            }
            if let Some(block) = blocks.get(nth)
                && block.first() <= entry
                && takes(block)
            {
                self.offer(best, base + score, segment, block, entry);
            }
            needed(best)
        })
    }

    fn offer(&self, best: &mut Best, score: f32, segment: usize, block: &Block, entry: DocId) {
        let place = (segment, entry, block.document);
        let document = || self.document(segment, block.document);
        best.offer(score + block.bonus, entry - block.document, document, place);
    }

    fn ranked(&self, score: f32, segment: usize, block: &Block) -> Ranked {
        let entry = block.first();
        let key = Key {
            score: round(score + block.bonus),
            document: self.document(segment, block.document),
            nth: entry - block.document,
        };
        Ranked { key, segment, entry, document: block.document }
    }

    /// The id of a document, as a number.
    pub(super) fn document(&self, segment: usize, document: DocId) -> u128 {
        self.ids.get(segment).map_or(0, |ids| ids.get(document).as_u128())
    }
}

/// Every entry of some documents that a query is true of, with its score.
fn each<'b>(
    reader: &SegmentReader,
    weight: &dyn Weight,
    blocks: impl Iterator<Item = &'b Block>,
    mut found: impl FnMut(&Block, DocId, f32),
) -> Result<()> {
    let mut scorer: Option<Box<dyn Scorer>> = None;
    for block in blocks {
        let scorer = match &mut scorer {
            Some(scorer) => scorer,
            none => none.insert(weight.scorer(reader, 1.0)?),
        };
        let mut entry = seek(scorer.as_mut(), block.first());
        if entry == TERMINATED {
            break;
        }
        while entry <= block.last {
            found(block, entry, scorer.score());
            entry = scorer.advance();
        }
    }
    Ok(())
}

fn is_sparse(blocks: &[Block], reader: &SegmentReader) -> bool {
    let passages: usize = blocks.iter().map(|block| (block.last - block.document) as usize).sum();
    passages * SPARSE < reader.max_doc() as usize
}

/// A query that is asked entry by entry, in order, whether it is true; it never
/// looks for the next entry of which it is.
struct Asked<'w> {
    weight: &'w dyn Weight,
    reader: &'w SegmentReader,
    scorer: Option<Box<dyn Scorer>>,
    /// It is true of nothing before this.
    bound: DocId,
}

impl<'w> Asked<'w> {
    fn new(weight: &'w dyn Weight, reader: &'w SegmentReader) -> Self {
        Self { weight, reader, scorer: None, bound: 0 }
    }

    fn is_true(&mut self, entry: DocId) -> Result<bool> {
        if entry < self.bound {
            return Ok(false);
        }
        let outcome = match &mut self.scorer {
            Some(scorer) => scorer.seek_danger(entry),
            none => {
                let (outcome, scorer) = self.weight.scorer_danger(self.reader, entry, 1.0)?;
                *none = Some(scorer);
                outcome
            }
        };
        Ok(match outcome {
            SeekDangerResult::Found => true,
            SeekDangerResult::SeekLowerBound(bound) => {
                self.bound = bound;
                false
            }
        })
    }

    /// How well the entry matches that it was just true of.
    fn score(&mut self) -> f32 {
        match &mut self.scorer {
            Some(scorer) => scorer.score(),
            None => 0.0,
        }
    }
}
