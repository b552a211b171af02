//! Spans: words near each other, found by their positions.
//!
//! The engine's own queries know phrases and a slack that is not what `w/5` says.
//! Here the documents that hold all the words are gone through, and of each the
//! positions are compared, exactly as the highlights compare them in a text
//! ([`nearness`](super::super::nearness)). Words with wildcards and misspelt words
//! are looked up among the words of the index first.

mod cursor;
mod forms;

use std::sync::Arc;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::query::{Bm25Weight, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{
    DocId, DocSet, Result, Score, Searcher, SegmentReader, TERMINATED, TantivyError, Term,
};

use super::super::query::{Fuzzy, Nearness, Reach};
use super::schema::{PARAGRAPH, SENTENCE};
use cursor::{Cursor, Marks, Words};
pub(super) use forms::Looked;

/// What stands somewhere in a text.
#[derive(Debug, Clone)]
pub(super) enum Tree {
    /// One word of the form.
    Word(Form),
    /// Words at their offsets from the first.
    Phrase(Vec<(u32, Form)>),
    /// One of these.
    Any(Vec<Self>),
    /// Both, near each other.
    Near { left: Box<Self>, right: Box<Self>, how: Nearness },
}

/// Which terms of the index a word may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Form {
    /// This one.
    Term(String),
    /// Those of the form, with `*` and `?`.
    Pattern(String),
    /// Those spelt almost so.
    Fuzzy(Fuzzy),
}

/// The entries in a field of which a tree is true.
#[derive(Debug, Clone)]
pub(super) struct SpanQuery {
    field: Field,
    tree: Tree,
    looked: Looked,
}

impl SpanQuery {
    /// A query that shares what its words may be with others of one search.
    pub(super) const fn new(field: Field, tree: Tree, looked: Looked) -> Self {
        Self { field, tree, looked }
    }
}

impl Query for SpanQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> Result<Box<dyn Weight>> {
        let Some(searcher) = scoring.searcher() else {
            let wanted = "words near each other are looked up in an index".to_owned();
            return Err(TantivyError::InvalidArgument(wanted));
        };
        let tree = Resolved::of(&self.tree, &|form| self.looked.terms(searcher, self.field, form))?;
        let bm25 =
            if scoring.is_scoring_enabled() { bm25(searcher, self.field, &tree)? } else { None };
        Ok(Box::new(SpanWeight { field: self.field, tree, bm25 }))
    }
}

/// A tree of which every word is the terms it may be.
enum Resolved {
    Word(Arc<Terms>),
    Phrase(Vec<(u32, Arc<Terms>)>),
    Any(Vec<Self>),
    Near { left: Box<Self>, right: Box<Self>, how: Nearness },
}

/// The terms a word may be.
#[derive(Debug)]
struct Terms {
    terms: Vec<Term>,
    /// In how many entries they stand, counted for each term.
    entries: u64,
}

impl Resolved {
    fn of(tree: &Tree, terms: &impl Fn(&Form) -> Result<Arc<Terms>>) -> Result<Self> {
        Ok(match tree {
            Tree::Word(form) => Self::Word(terms(form)?),
            Tree::Phrase(slots) => {
                let slot = |(offset, form): &(u32, Form)| terms(form).map(|terms| (*offset, terms));
                Self::Phrase(slots.iter().map(slot).collect::<Result<_>>()?)
            }
            Tree::Any(parts) => {
                let part = |part| Self::of(part, terms);
                Self::Any(parts.iter().map(part).collect::<Result<_>>()?)
            }
            Tree::Near { left, right, how } => Self::Near {
                left: Box::new(Self::of(left, terms)?),
                right: Box::new(Self::of(right, terms)?),
                how: *how,
            },
        })
    }

    /// How rare the tree is: what its parts are together, of alternatives the most
    /// frequent.
    fn rarity(&self, entries: u64) -> f32 {
        match self {
            Self::Word(terms) => terms.rarity(entries),
            Self::Phrase(slots) => slots.iter().map(|(_, terms)| terms.rarity(entries)).sum(),
            Self::Any(parts) => {
                parts.iter().map(|part| part.rarity(entries)).reduce(f32::min).unwrap_or(0.0)
            }
            Self::Near { left, right, .. } => left.rarity(entries) + right.rarity(entries),
        }
    }

    /// Whether it is asked where sentences or paragraphs begin.
    fn asks(&self, reach: Reach) -> bool {
        match self {
            Self::Word(_) | Self::Phrase(_) => false,
            Self::Any(parts) => parts.iter().any(|part| part.asks(reach)),
            Self::Near { left, right, how } => {
                how.reach == reach || left.asks(reach) || right.asks(reach)
            }
        }
    }

    fn cursor(
        &self,
        reader: &SegmentReader,
        field: Field,
        record: IndexRecordOption,
    ) -> Result<Cursor> {
        let words = |terms: &Terms| -> Result<Words> {
            let index = reader.inverted_index(field)?;
            let mut postings = Vec::new();
            for term in &terms.terms {
                postings.extend(index.read_postings(term, record)?);
            }
            Ok(Words::new(postings))
        };
        Ok(match self {
            Self::Word(terms) => Cursor::Word(words(terms)?),
            Self::Phrase(slots) => {
                let slot = |(offset, terms): &(u32, Arc<Terms>)| Ok((*offset, words(terms)?));
                Cursor::phrase(slots.iter().map(slot).collect::<Result<_>>()?)
            }
            Self::Any(parts) => {
                let part = |part: &Self| part.cursor(reader, field, record);
                Cursor::Any(parts.iter().map(part).collect::<Result<_>>()?)
            }
            Self::Near { left, right, how } => Cursor::near(
                left.cursor(reader, field, record)?,
                right.cursor(reader, field, record)?,
                *how,
            ),
        })
    }
}

impl Terms {
    #[expect(clippy::cast_precision_loss, reason = "a score needs no more precision")]
    fn rarity(&self, entries: u64) -> f32 {
        let with = self.entries.min(entries) as f32;
        let without = entries as f32 - with;
        (1.0 + (without + 0.5) / (with + 0.5)).ln()
    }
}

/// What a tree's being there counts; `None` in an empty index.
#[expect(clippy::cast_precision_loss, reason = "a score needs no more precision")]
fn bm25(searcher: &Searcher, field: Field, tree: &Resolved) -> Result<Option<Bm25Weight>> {
    let entries: u64 =
        searcher.segment_readers().iter().map(|reader| u64::from(reader.max_doc())).sum();
    if entries == 0 {
        return Ok(None);
    }
    let mut words = 0;
    for reader in searcher.segment_readers() {
        words += reader.inverted_index(field)?.total_num_tokens();
    }
    let length = words as f32 / entries as f32;
    let rarest = Terms { terms: Vec::new(), entries: 1 };
    let share = tree.rarity(entries) / rarest.rarity(entries);
    Ok(Some(Bm25Weight::for_one_term_without_explain(1, entries, length).boost_by(share)))
}

/// A query with its terms.
struct SpanWeight {
    field: Field,
    tree: Resolved,
    /// `None` if nothing is scored.
    bm25: Option<Bm25Weight>,
}

impl SpanWeight {
    fn spans(&self, reader: &SegmentReader, boost: Score) -> Result<SpanScorer> {
        let single = matches!(self.tree, Resolved::Word(_));
        let record = if single {
            IndexRecordOption::WithFreqs
        } else {
            IndexRecordOption::WithFreqsAndPositions
        };
        let mark = |reach: Reach, text: &str| -> Result<Option<_>> {
            if !self.tree.asks(reach) {
                return Ok(None);
            }
            let term = Term::from_field_text(self.field, text);
            let record = IndexRecordOption::WithFreqsAndPositions;
            Ok(reader.inverted_index(self.field)?.read_postings(&term, record)?)
        };
        let marks =
            Marks::new(mark(Reach::Sentence, SENTENCE)?, mark(Reach::Paragraph, PARAGRAPH)?);
        let norms = reader.fieldnorms_readers().get_field(self.field)?;
        let mut scorer = SpanScorer {
            cursor: self.tree.cursor(reader, self.field, record)?,
            marks,
            single,
            norms: norms.unwrap_or_else(|| FieldNormReader::constant(reader.max_doc(), 1)),
            bm25: self.bm25.as_ref().map(|bm25| bm25.boost_by(boost)),
            count: 0,
        };
        scorer.settle();
        Ok(scorer)
    }
}

impl Weight for SpanWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> Result<Box<dyn Scorer>> {
        Ok(Box::new(self.spans(reader, boost)?))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> Result<Explanation> {
        let mut scorer = self.spans(reader, 1.0)?;
        if scorer.doc() > doc || scorer.seek(doc) != doc {
            let wanted = format!("entry {doc} does not match");
            return Err(TantivyError::InvalidArgument(wanted));
        }
        Ok(Explanation::new("words near each other", scorer.score()))
    }
}

/// The entries of a segment that match.
struct SpanScorer {
    cursor: Cursor,
    marks: Marks,
    /// Whether the tree is one word, which is there if its entry is.
    single: bool,
    norms: FieldNormReader,
    bm25: Option<Bm25Weight>,
    /// How often the tree stands in the entry.
    count: u32,
}

impl SpanScorer {
    /// Goes on to the next entry in which the words stand as they should.
    fn settle(&mut self) -> DocId {
        let mut doc = self.cursor.doc();
        while !self.single && doc != TERMINATED {
            self.count = self.cursor.count(&mut self.marks);
            if self.count > 0 {
                break;
            }
            doc = self.cursor.seek(doc + 1);
        }
        doc
    }
}

impl DocSet for SpanScorer {
    fn advance(&mut self) -> DocId {
        let doc = self.cursor.doc();
        if doc == TERMINATED {
            return TERMINATED;
        }
        self.cursor.seek(doc + 1);
        self.settle()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.cursor.doc() >= target {
            return self.cursor.doc();
        }
        self.cursor.seek(target);
        self.settle()
    }

    fn doc(&self) -> DocId {
        self.cursor.doc()
    }

    fn size_hint(&self) -> u32 {
        self.cursor.size()
    }
}

impl Scorer for SpanScorer {
    fn score(&mut self) -> Score {
        let Some(bm25) = &self.bm25 else { return 1.0 };
        let count = if self.single { self.cursor.frequency() } else { self.count };
        bm25.score(self.norms.fieldnorm_id(self.cursor.doc()), count)
    }
}

#[cfg(test)]
mod tests;
