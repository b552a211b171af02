//! What is made of the pages: passages, entities, what the document is about.

use super::super::{About, Documents, Origin, entities, passages, sketch, store, structure, work};
use crate::db::{DbError, Tx};
use crate::jobs::{JobError, NewJob};
use crate::kernel::VersionId;

impl Documents {
    /// Enters the passages that later pages cannot change any more and has them
    /// indexed, so that they are found while the rest is still being read.
    ///
    /// A document that has an older version is left alone: that one is found until
    /// the new one is read whole.
    pub(super) async fn publish(&self, origin: &Origin) -> Result<(), JobError> {
        let version = origin.version_id;
        let mut tx = self.db.read().await?;
        if !store::is_only_version(&mut tx, version).await? {
            return Ok(());
        }
        let texts = store::texts(&mut tx, version).await?;
        drop(tx);
        let mut cutter = passages::Cutter::default();
        let settled = on_pages(&texts, |pages| {
            pages.iter().flat_map(|page| cutter.push(page)).collect::<Vec<_>>()
        });
        let mut tx = self.db.write().await?;
        enter_passages(&mut tx, version, settled).await?;
        self.hand_on(&mut tx, origin, &[work::INDEX]).await?;
        tx.commit().await?;
        self.jobs.nudge();
        Ok(())
    }

    /// Makes everything of the pages that are now complete and hands the version on.
    pub(super) async fn finish(&self, origin: &Origin) -> Result<(), JobError> {
        let version = origin.version_id;
        let mut tx = self.db.read().await?;
        let texts = store::texts(&mut tx, version).await?;
        drop(tx);
        let (spans, about) = on_pages(&texts, |pages| (passages::cut(pages), describe(pages)));
        let sketch = sketch::Sketch::of(texts.iter().map(|page| page.text.as_str()));

        let mut tx = self.db.write().await?;
        enter_passages(&mut tx, version, spans).await?;
        store::clear_entities(&mut tx, version).await?;
        for (place, page) in texts.iter().enumerate() {
            let mut found = entities::find(&page.blanked());
            if place == 0 {
                found.extend(structure::parties(&page.text));
            }
            for entity in found {
                store::insert_entity(&mut tx, version, page.number, entity).await?;
            }
        }
        sketch::store(&mut tx, version, sketch.as_ref()).await?;
        let count = i64::try_from(texts.len()).unwrap_or(i64::MAX);
        store::finish_reading(&mut tx, version, count, &about, self.clock.now()).await?;
        self.hand_on(&mut tx, origin, &[work::INDEX, work::EMBED]).await?;
        tx.commit().await?;
        self.jobs.nudge();
        Ok(())
    }

    async fn hand_on(
        &self,
        tx: &mut Tx,
        origin: &Origin,
        kinds: &[&'static str],
    ) -> Result<(), DbError> {
        for &kind in kinds {
            let (organisation, subject) = (origin.organisation_id, origin.version_id.uuid());
            self.jobs.enqueue(tx, NewJob { organisation, kind, subject }).await?;
        }
        Ok(())
    }
}

/// Does something with pages as passages are cut from.
fn on_pages<T>(texts: &[store::NumberedText], work: impl FnOnce(&[passages::Page<'_>]) -> T) -> T {
    let furniture: Vec<_> = texts.iter().map(store::NumberedText::furniture).collect();
    let pages: Vec<passages::Page<'_>> = texts
        .iter()
        .zip(&furniture)
        .map(|(page, furniture)| passages::Page {
            number: u32::try_from(page.number).unwrap_or(u32::MAX),
            text: &page.text,
            furniture,
        })
        .collect();
    work(&pages)
}

/// What a document is about, as it is kept.
fn describe(pages: &[passages::Page<'_>]) -> About {
    let told = structure::describe(pages);
    About {
        kind: told.kind.to_owned(),
        title: told.title,
        court: told.court,
        parties: told.parties.into_iter().map(|party| party.name).collect(),
        judges: told.judges,
        date: told.date,
        reasons: told.reasons.into_iter().map(str::to_owned).collect(),
    }
}

/// Makes a version's passages those given. What is there already and the same is
/// left as it is; from the first difference on passages are taken out of use.
async fn enter_passages(
    tx: &mut Tx,
    version: VersionId,
    spans: Vec<passages::Span>,
) -> Result<(), DbError> {
    let known = store::spans(tx, version).await?;
    let same = known.iter().zip(&spans).take_while(|(known, span)| known == span).count();
    let from = u32::try_from(same).unwrap_or(u32::MAX);
    if same < known.len() {
        store::retire_passages(tx, version, from).await?;
    }
    for (ordinal, span) in (from..).zip(spans.into_iter().skip(same)) {
        store::insert_passage(tx, version, ordinal, span).await?;
    }
    Ok(())
}
