//! Cursors: going through the entries that hold the words, and where the words
//! stand in each.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use tantivy::postings::{Postings as _, SegmentPostings};
use tantivy::{DocId, DocSet, TERMINATED};

use super::super::super::nearness::{Near, Place, Starts};
use super::super::super::query::Nearness;

/// The entries that hold the words of a tree, one after another.
///
/// An entry holds them somewhere; whether as the tree says is told by
/// [`Cursor::count`] and [`Cursor::places`].
pub(super) enum Cursor {
    Word(Words),
    Phrase { slots: Vec<(u32, Words)> },
    Any(Vec<Self>),
    Near { left: Box<Self>, right: Box<Self>, how: Nearness },
}

impl Cursor {
    pub(super) fn phrase(slots: Vec<(u32, Words)>) -> Self {
        let mut cursor = Self::Phrase { slots };
        cursor.seek(0);
        cursor
    }

    pub(super) fn near(left: Self, right: Self, how: Nearness) -> Self {
        let mut cursor = Self::Near { left: Box::new(left), right: Box::new(right), how };
        cursor.seek(0);
        cursor
    }

    /// The entry the cursor is at.
    pub(super) fn doc(&self) -> DocId {
        match self {
            Self::Word(words) => words.doc,
            Self::Phrase { slots } => slots.first().map_or(TERMINATED, |(_, words)| words.doc),
            Self::Any(parts) => parts.iter().map(Self::doc).min().unwrap_or(TERMINATED),
            Self::Near { left, .. } => left.doc(),
        }
    }

    /// Goes to the first entry from `target` on, unless it is there or beyond.
    pub(super) fn seek(&mut self, target: DocId) -> DocId {
        match self {
            Self::Word(words) => words.seek(target),
            Self::Phrase { slots } => {
                let mut doc = target;
                let mut met = 0;
                // Each goes to where the one before is, until all are at one entry.
                for nth in (0..slots.len()).cycle() {
                    let at = slots[nth].1.seek(doc);
                    met = if at == doc { met + 1 } else { 1 };
                    doc = at;
                    if met >= slots.len() {
                        break;
                    }
                }
                doc
            }
            Self::Any(parts) => {
                for part in parts.iter_mut() {
                    part.seek(target);
                }
                self.doc()
            }
            Self::Near { left, right, .. } => {
                let mut doc = left.seek(target);
                loop {
                    let other = right.seek(doc);
                    if other == doc {
                        return doc;
                    }
                    doc = left.seek(other);
                    if doc == other {
                        return doc;
                    }
                }
            }
        }
    }

    /// How often the tree stands in the entry.
    pub(super) fn count(&mut self, marks: &mut Marks) -> u32 {
        let doc = self.doc();
        let starts = marks.of(doc);
        match self {
            Self::Near { left, right, how } => {
                let (left, right) = (left.places(doc, starts), right.places(doc, starts));
                Near { how: *how, starts }.count(&left, &right)
            }
            other => u32::try_from(other.places(doc, starts).len()).unwrap_or(u32::MAX),
        }
    }

    /// Where the tree stands in an entry, in order and each place once.
    fn places(&mut self, doc: DocId, starts: &Starts) -> Vec<Place> {
        if self.doc() != doc {
            return Vec::new();
        }
        let mut places: Vec<Place> = match self {
            Self::Word(words) => words.positions().into_iter().map(Place::at).collect(),
            Self::Phrase { slots } => phrase(slots),
            Self::Any(parts) => {
                parts.iter_mut().flat_map(|part| part.places(doc, starts)).collect()
            }
            Self::Near { left, right, how } => {
                let (left, right) = (left.places(doc, starts), right.places(doc, starts));
                let pairs = Near { how: *how, starts }.pairs(&left, &right);
                pairs.into_iter().map(|(one, other)| left[one].with(&right[other])).collect()
            }
        };
        places.sort_unstable();
        places.dedup();
        places
    }

    /// How often the word stands in the entry, of a cursor over one word.
    pub(super) fn frequency(&self) -> u32 {
        match self {
            Self::Word(words) => words.frequency(),
            _ => 1,
        }
    }

    /// How many entries there are at most, by a rough guess.
    pub(super) fn size(&self) -> u32 {
        match self {
            Self::Word(words) => words.size(),
            Self::Phrase { slots } => {
                slots.iter().map(|(_, words)| words.size()).min().unwrap_or(0)
            }
            Self::Any(parts) => parts.iter().map(Self::size).fold(0, u32::saturating_add),
            Self::Near { left, right, .. } => left.size().min(right.size()),
        }
    }
}

/// Where words stand at their offsets.
fn phrase(slots: &mut [(u32, Words)]) -> Vec<Place> {
    let width = slots.last().map_or(0, |(offset, _)| *offset);
    let mut slots = slots.iter_mut();
    let mut firsts = slots.next().map_or_else(Vec::new, |(_, words)| words.positions());
    for (offset, words) in slots {
        let positions = words.positions();
        firsts.retain(|first| positions.binary_search(&(first + *offset)).is_ok());
    }
    firsts.into_iter().map(|first| Place::from_to(first, first + width)).collect()
}

/// The entries that hold one of some terms.
pub(super) struct Words {
    postings: Vec<SegmentPostings>,
    /// The terms that are at a later entry, the nearest first.
    ahead: BinaryHeap<Reverse<(DocId, usize)>>,
    /// The terms that are at this entry.
    here: Vec<usize>,
    doc: DocId,
}

impl Words {
    pub(super) fn new(postings: Vec<SegmentPostings>) -> Self {
        let ahead =
            postings.iter().enumerate().map(|(nth, postings)| Reverse((postings.doc(), nth)));
        let mut words =
            Self { ahead: ahead.collect(), postings, here: Vec::new(), doc: TERMINATED };
        words.gather();
        words
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc >= target {
            return self.doc;
        }
        for nth in self.here.drain(..) {
            self.ahead.push(Reverse((self.postings[nth].seek(target), nth)));
        }
        while let Some(&Reverse((doc, nth))) = self.ahead.peek() {
            if doc >= target {
                break;
            }
            self.ahead.pop();
            self.ahead.push(Reverse((self.postings[nth].seek(target), nth)));
        }
        self.gather();
        self.doc
    }

    /// Takes the nearest terms as those of this entry.
    fn gather(&mut self) {
        self.doc = self.ahead.peek().map_or(TERMINATED, |Reverse((doc, _))| *doc);
        while let Some(&Reverse((doc, nth))) = self.ahead.peek() {
            if doc != self.doc || doc == TERMINATED {
                break;
            }
            self.ahead.pop();
            self.here.push(nth);
        }
    }

    /// The positions of the terms in the entry, in order.
    fn positions(&mut self) -> Vec<u32> {
        let mut positions = Vec::new();
        for nth in &self.here {
            self.postings[*nth].append_positions_with_offset(0, &mut positions);
        }
        positions.sort_unstable();
        positions.dedup();
        positions
    }

    fn frequency(&self) -> u32 {
        let of = |nth: &usize| self.postings[*nth].term_freq();
        self.here.iter().map(of).fold(0, u32::saturating_add)
    }

    fn size(&self) -> u32 {
        self.postings.iter().map(DocSet::size_hint).fold(0, u32::saturating_add)
    }
}

/// Where the sentences and paragraphs of the entries begin.
pub(super) struct Marks {
    sentences: Option<SegmentPostings>,
    paragraphs: Option<SegmentPostings>,
    /// Those of the entry last asked for.
    starts: Starts,
}

impl Marks {
    pub(super) fn new(
        sentences: Option<SegmentPostings>,
        paragraphs: Option<SegmentPostings>,
    ) -> Self {
        Self { sentences, paragraphs, starts: Starts::default() }
    }

    /// Those of an entry; entries are asked for in their order.
    fn of(&mut self, doc: DocId) -> &Starts {
        let Starts { sentences, paragraphs } = &mut self.starts;
        read(self.sentences.as_mut(), doc, sentences);
        read(self.paragraphs.as_mut(), doc, paragraphs);
        &self.starts
    }
}

fn read(postings: Option<&mut SegmentPostings>, doc: DocId, positions: &mut Vec<u32>) {
    positions.clear();
    let Some(postings) = postings else { return };
    if postings.doc() < doc {
        postings.seek(doc);
    }
    if postings.doc() == doc {
        postings.positions(positions);
    }
}
