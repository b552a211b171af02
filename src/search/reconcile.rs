//! Comparing the index with the tables, and repairing what differs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::hybrid::Search;
use super::index::Held;
use super::results::SearchError;
use crate::documents::{Derivable, DocumentError, work};
use crate::kernel::{DocumentId, OrganisationId, VersionId};

/// How the index differs from the tables.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Differences {
    /// Versions the index lacks, or holds under another case or twice: to be indexed.
    pub missing: Vec<(OrganisationId, VersionId)>,
    /// Documents of which the index holds something and the tables nothing: to be
    /// removed.
    pub extra: Vec<DocumentId>,
}

impl Differences {
    /// How many documents differ.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.missing.len() + self.extra.len()
    }
}

/// Compares what an index holds with what the tables say it must and may hold.
pub(super) fn compare(held: &[Held], derivable: &[Derivable]) -> Differences {
    let mut by_document: BTreeMap<DocumentId, Vec<&Held>> = BTreeMap::new();
    for held in held {
        by_document.entry(held.document).or_default().push(held);
    }
    let mut found = Differences::default();
    let mut known = BTreeSet::new();
    let mut being_read: BTreeMap<DocumentId, VersionId> = BTreeMap::new();
    for version in derivable {
        known.insert(version.document_id);
        if !version.is_settled() {
            being_read.insert(version.document_id, version.version_id);
        }
    }
    for version in derivable.iter().filter(|version| version.is_settled()) {
        let is_right = by_document.get(&version.document_id).is_some_and(|held| match held[..] {
            [held] => {
                let is_read_again = being_read.get(&held.document) == Some(&held.version);
                (held.version == version.version_id || is_read_again)
                    && held.case == version.case_id
            }
            _ => false,
        });
        if !is_right {
            found.missing.push((version.organisation_id, version.version_id));
        }
    }
    found.extra = by_document.into_keys().filter(|document| !known.contains(document)).collect();
    found
}

impl Search {
    /// How the index differs from the tables now. Documents that wait to be indexed
    /// count as missing.
    ///
    /// # Errors
    /// Fails when the index or the database does.
    pub async fn differences(&self) -> Result<Differences, SearchError> {
        let derivable = self.documents.derivable().await.map_err(DocumentError::from)?;
        let index = Arc::clone(&self.index);
        let held = tokio::task::spawn_blocking(move || index.ask(super::Index::held));
        let held = held.await.map_err(|_| SearchError::Interrupted)??;
        Ok(compare(&held, &derivable))
    }

    /// Compares the index with the tables, queues what it lacks and removes what it
    /// should not hold; gives how many documents differed.
    ///
    /// # Errors
    /// Fails when the index or the database does.
    pub async fn reconcile(&self) -> Result<usize, SearchError> {
        // An index that is being filled lacks what it lacks; filling ends with this.
        if self.index.is_partial() {
            return Ok(0);
        }
        let found = self.differences().await?;
        if found.count() == 0 {
            return Ok(0);
        }
        self.documents.queue(work::INDEX, &found.missing).await.map_err(DocumentError::from)?;
        if !found.extra.is_empty() {
            let _turn = self.index.turn().await;
            let (index, extra) = (Arc::clone(&self.index), found.extra.clone());
            let removal = move || index.remove(&extra).and_then(|writing| writing.wait());
            let removed = tokio::task::spawn_blocking(removal).await;
            removed.map_err(|_| SearchError::Interrupted)??;
        }
        let (queued, removed) = (found.missing.len(), found.extra.len());
        tracing::info!(queued, removed, "the full-text index differed from the tables");
        Ok(found.count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::CaseId;

    fn held(version: &Derivable) -> Held {
        Held { document: version.document_id, version: version.version_id, case: version.case_id }
    }

    fn read() -> Derivable {
        Derivable::sample(DocumentId::new(), CaseId::new(), true)
    }

    #[test]
    fn an_index_that_holds_what_the_tables_say_does_not_differ() {
        let versions = [read(), read()];
        let held: Vec<_> = versions.iter().map(held).collect();
        assert_eq!(compare(&held, &versions), Differences::default());
    }

    #[test]
    fn what_is_missing_superseded_moved_or_there_twice_is_indexed_again() {
        let (missing, superseded, moved, twice) = (read(), read(), read(), read());
        let entries = [
            Held { version: VersionId::new(), ..held(&superseded) },
            Held { case: CaseId::new(), ..held(&moved) },
            held(&twice),
            held(&twice),
        ];
        let versions = [missing, superseded, moved, twice];
        let found = compare(&entries, &versions);
        let all: Vec<_> =
            versions.iter().map(|version| (version.organisation_id, version.version_id)).collect();
        assert_eq!(found, Differences { missing: all, extra: Vec::new() });
    }

    #[test]
    fn what_the_tables_do_not_know_is_removed() {
        let (known, unknown) = (read(), read());
        let found = compare(&[held(&known), held(&unknown)], std::slice::from_ref(&known));
        assert_eq!(found.extra, [unknown.document_id]);
        assert_eq!(found.missing, []);
    }

    #[test]
    fn a_version_that_is_being_read_may_be_found_but_need_not() {
        let reading = Derivable::sample(DocumentId::new(), CaseId::new(), false);
        assert_eq!(compare(&[], std::slice::from_ref(&reading)).count(), 0);
        let entry = held(&reading);
        assert_eq!(compare(&[entry], std::slice::from_ref(&reading)).count(), 0);
        // A read version beside one that is read again and is found meanwhile.
        let older = Derivable::sample(reading.document_id, reading.case_id, true);
        assert_eq!(compare(&[entry], &[reading, older]).count(), 0);
    }
}
