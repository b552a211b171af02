//! Passages like one: those with its most telling words.

use std::collections::BTreeMap;

use tantivy::query::{Query as Engine, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{Result, Searcher, Term};

use super::best::Best;
use super::matching::{Matching, scored};
use super::passages::Passages;
use super::schema::stem_term;
use super::search::hits;
use super::{Index, IndexError, LexicalHit, rank};
use crate::kernel::{CaseId, DocumentId, Scope};
use crate::search::analysis::{analyse, is_stop};

/// How many words of a passage are looked for.
const WORDS: usize = 12;

impl Index {
    /// The passages the caller may see that are most like a text: those that have
    /// its most telling words, which are frequent in it and rare elsewhere. Those
    /// of one document, such as its own, can be left out.
    ///
    /// # Errors
    /// Fails when the index cannot be read.
    pub fn similar(
        &self,
        scope: &Scope,
        within: Option<CaseId>,
        text: &str,
        except: Option<DocumentId>,
        limit: usize,
    ) -> std::result::Result<Vec<LexicalHit>, IndexError> {
        let Some(clauses) = self.visible(scope, within) else { return Ok(Vec::new()) };
        let searcher = self.reader.searcher();
        let found = self.telling(&searcher, text).and_then(|words| {
            let mut matching = Matching::of_clauses(&searcher, clauses)?;
            let passages = Passages::new(&searcher, &self.fields, &matching, None)?;
            let except = except.map(|document| document.uuid().as_u128());
            let apart = |segment: usize, document| {
                except.is_none_or(|except| passages.document(segment, document) != except)
            };
            let kept: Vec<Vec<_>> = matching
                .segments
                .iter()
                .enumerate()
                .map(|(segment, blocks)| {
                    let kept = blocks.iter().filter(|block| apart(segment, block.document));
                    kept.copied().collect()
                })
                .collect();
            matching.segments = kept;
            let passages = Passages::new(&searcher, &self.fields, &matching, None)?;
            let mut best = Best::new(limit, None);
            passages.alike(scored(&searcher, rank::any(words).as_ref())?.as_ref(), &mut best)?;
            hits(&searcher, &best.into_sorted())
        });
        self.note(found.map_err(IndexError::from))
    }

    /// The most telling words of a text.
    fn telling(&self, searcher: &Searcher, text: &str) -> Result<Vec<Box<dyn Engine>>> {
        let mut counts: BTreeMap<String, f64> = BTreeMap::new();
        for token in analyse(text) {
            if !is_stop(&token.exact) && token.exact.chars().count() > 1 {
                let word = token.stem.as_deref().map_or(token.exact.clone(), stem_term);
                *counts.entry(word).or_default() += 1.0;
            }
        }
        let all = real(searcher.num_docs());
        let mut words = Vec::with_capacity(counts.len());
        for (word, count) in counts {
            let term = Term::from_field_text(self.fields.passage_text, &word);
            let holding = real(searcher.doc_freq(&term)?);
            if holding > 0.0 {
                words.push((count * (all / holding).ln(), term));
            }
        }
        words.sort_by(|a, b| b.0.total_cmp(&a.0));
        words.truncate(WORDS);
        let query = |(_, term)| -> Box<dyn Engine> {
            Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))
        };
        Ok(words.into_iter().map(query).collect())
    }
}

/// A count as a real number.
fn real(count: u64) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
