//! Storing an answer with what it rests on.

use serde_json::json;

use super::{Answering, Finished};
use crate::assistant::ask::{AskError, Assistant};
use crate::assistant::cache::Kept;
use crate::assistant::live::Event;
use crate::assistant::store;
use crate::documents::PassageText;

impl Answering {
    /// Stores the answer and its sources in one transaction, then says so.
    pub(super) async fn keep(
        &self,
        finished: Finished,
        passages: &[PassageText],
    ) -> Result<(), AskError> {
        let Assistant { db, clock, audit, cache, .. } = &self.assistant;
        let mut tx = db.write().await?;
        let message = self.asked.message;
        if store::finish_message(&mut tx, message, &finished, clock.now()).await? == 0 {
            // It was deleted meanwhile, or taken for one that nobody writes any more.
            let detail = "This answer was ended meanwhile. Reload the page.".to_owned();
            self.running.push(Event::Error { detail });
            return Ok(());
        }
        // Known to an answer since it was begun, to a task only now.
        self.running.rest_on(passages);
        if !finished.failed {
            let (summary, counts) = (finished.verification.in_words(), finished.verification);
            self.running.push(Event::Verified { summary, counts });
        }
        let last = (!finished.failed).then(|| Event::Done {
            label: finished.label.clone(),
            coverage: finished.coverage.clone(),
        });
        let (to, evidence) =
            self.assistant.store_rest(&mut tx, message, &self.running, last.as_ref()).await?;
        store::insert_cited(&mut tx, message, passages, &finished.cited).await?;
        if let Some(place) = finished.place.as_ref().filter(|_| finished.whole && !finished.failed)
        {
            let kept = Kept {
                message_id: message,
                cost_microdollars: finished.cost.0,
                cost_paise: finished.cost.1,
            };
            cache.keep(&mut tx, &self.scope, place, kept).await?;
        }
        let asked = &self.asked;
        let details = json!({
            "conversation": asked.conversation,
            "message": asked.message,
            "case": self.case,
            "sources": finished.cited.len(),
            "failed": finished.failed,
            "stopped": finished.stopped || finished.by_asker,
        });
        let (organisation, user) = (self.scope.organisation(), Some(self.scope.user()));
        audit.record(&mut tx, organisation, user, "question.answer", details).await?;
        tx.commit().await?;
        self.running.stored_to(to, evidence);
        if let Some(last) = last {
            self.running.push(last);
        }
        Ok(())
    }
}
