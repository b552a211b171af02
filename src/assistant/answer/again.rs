//! Giving an answer again that was given before.

use super::{AnswerError, Answering, Finished};
use crate::assistant::ask::AskError;
use crate::assistant::cache::{Kept, Place};
use crate::assistant::live::{Cited, Event, Source, Struck};
use crate::assistant::prompt::AnswerPrompt;
use crate::assistant::store;
use crate::documents::PassageText;
use crate::usage::{Call, Outcome, Tokens};

impl Answering {
    /// Where the answer to this question is kept; none when it goes on a conversation or
    /// no model would answer it.
    pub(super) async fn place(&self) -> Result<Option<Place>, AnswerError> {
        let Some((provider, model)) = self.assistant.chain.first() else { return Ok(None) };
        if !self.history.is_empty() || self.documents.is_some() {
            return Ok(None);
        }
        let answered_by = [provider.as_str(), model.as_str(), &AnswerPrompt::hash()];
        let cache = &self.assistant.cache;
        Ok(cache.place(&self.scope, self.case, &self.question, &answered_by).await?)
    }

    /// Gives again what was answered before, if it still stands: the passages it could
    /// cite, or none when there is no such answer.
    pub(super) async fn again(
        &self,
        place: &Place,
        finished: &mut Finished,
    ) -> Result<Option<Vec<PassageText>>, AnswerError> {
        let found = self.assistant.cache.find(&self.scope, place).await.map_err(AskError::from)?;
        let Some(kept) = found else { return Ok(None) };
        let mut tx = self.assistant.db.read().await.map_err(AskError::from)?;
        let row = store::find_message(&mut tx, kept.message_id).await.map_err(AskError::from)?;
        let rows = store::citations(&mut tx, kept.message_id).await.map_err(AskError::from)?;
        drop(tx);
        let Some(row) = row else { return Ok(None) };
        let offered: Vec<_> = rows.iter().filter(|row| !row.cited).collect();
        let ids: Vec<_> = offered.iter().map(|row| row.passage_id).collect();
        let documents = &self.assistant.documents;
        let passages = documents.passages(&self.scope, &ids).await.map_err(AskError::from)?;
        if passages.len() != ids.len() || passages.iter().any(|passage| !passage.current) {
            return Ok(None);
        }
        self.running.rest_on(&passages);
        let sources = (1..).zip(&passages).map(|(number, passage)| Source::of(number, passage));
        self.running.push(Event::Passages { passages: sources.collect() });
        self.show(&row.text, finished);
        for row in rows.iter().filter(|row| row.cited) {
            let cited = Cited::kept(row);
            self.running.push(Event::Citation(cited.clone()));
            finished.cited.push(cited);
        }
        finished.removed = serde_json::from_value::<Vec<Struck>>(row.removed).unwrap_or_default();
        for struck in &finished.removed {
            self.running.push(Event::Removed(struck.clone()));
        }
        let checked = row.verification.and_then(|kept| serde_json::from_value(kept).ok());
        finished.verification = checked.unwrap_or_default();
        // The documents stand as they stood then, and it says what was left out of them.
        if let Some(coverage) = row.coverage.filter(|words| !words.is_empty()) {
            finished.coverage = coverage;
        }
        let day = row.created_at.format("%-d %B %Y");
        let label = row.label.unwrap_or_default();
        finished.label = format!("{label} on {day}; nothing it could read has changed since");
        self.saved(kept).await?;
        Ok(Some(passages))
    }

    /// Writes down what giving an answer again saved.
    async fn saved(&self, kept: Kept) -> Result<(), AnswerError> {
        let Some((provider, model)) = self.assistant.chain.first() else { return Ok(()) };
        let call = Call {
            organisation: self.scope.organisation(),
            user: Some(self.scope.user()),
            case: self.case,
            conversation: Some(self.asked.conversation),
            purpose: "cache",
            provider,
            model,
            prompt_hash: Some(AnswerPrompt::hash()),
            tokens: Tokens::default(),
            latency_ms: 0,
            outcome: Outcome::Answered,
        };
        let saved = (kept.cost_microdollars, kept.cost_paise);
        Ok(self.assistant.usage.record_saved(call, saved).await.map_err(AskError::from)?)
    }
}
