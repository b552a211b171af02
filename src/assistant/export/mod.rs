//! An answer as a file for filing: what was asked and answered, a table of its sources with
//! the fingerprints of the originals, and a record of the use of AI.

pub(super) mod store;
mod written;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::ask::{AskError, Assistant};
use super::grounds::Fact;
use super::history::Message;
use super::live::Cited;
use crate::kernel::{MessageId, Scope};
use crate::paper;
use store::{CallRow, Heading, Span};

/// How long before its end an answer's process may have been heard of last.
const SILENT: TimeDelta = TimeDelta::seconds(5);

/// What an answer is exported as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// A Word document.
    Docx,
    /// A PDF.
    Pdf,
}

impl Format {
    /// How the name of the file ends, which is its stored form too.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Docx => "docx",
            Self::Pdf => "pdf",
        }
    }

    /// The media type.
    #[must_use]
    pub const fn mime(self) -> &'static str {
        match self {
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Pdf => "application/pdf",
        }
    }
}

/// An answer as a file.
#[derive(Debug)]
pub struct Exported {
    /// The file's name.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// All that the file says.
struct Told {
    heading: Heading,
    question: Option<String>,
    answer: Message,
    sources: Vec<Document>,
    facts: Vec<Fact>,
    calls: Vec<CallRow>,
    /// Whether some of the calls may be another answer's of the conversation.
    shared: bool,
}

/// A document that the answer cites, and what of it.
struct Document {
    number: u32,
    title: String,
    version: i64,
    file_name: String,
    sha256: String,
    uploaded: String,
    cited: Vec<Cited>,
}

impl Assistant {
    /// An answer of the caller's as a file, with its sources and the record of its making.
    ///
    /// # Errors
    /// Fails when the answer is not the caller's, is not finished, or rests on what is no
    /// longer open to them.
    pub async fn export(
        &self,
        scope: &Scope,
        id: MessageId,
        format: Format,
    ) -> Result<Exported, AskError> {
        let (row, case) = self.own_message(scope, id).await?;
        if row.role != "answer" || row.status != "done" {
            return Err(AskError::NotFinished);
        }
        let (conversation, text) = (row.conversation_id, row.text.clone());
        let answer = self.with_sources(scope, row).await?;
        // An answer whose sources were closed comes with other words in its place.
        if answer.text != text {
            return Err(AskError::Withheld);
        }
        let told = self.told(scope, answer).await?;
        let paper = written::paper(&told);
        let set = tokio::task::spawn_blocking(move || match format {
            Format::Docx => paper::docx(&paper),
            Format::Pdf => paper::pdf(&paper),
        });
        let bytes = set.await.map_err(|error| {
            AskError::Paper(paper::PaperError::File(std::io::Error::other(error)))
        })??;
        let details = json!({
            "conversation": conversation,
            "message": id,
            "case": case,
            "format": format.as_str(),
        });
        self.audit.acted(scope, "answer.export", details).await?;
        let day = told.answer.created_at.format("%Y-%m-%d");
        Ok(Exported { name: format!("answer-{day}.{}", format.as_str()), bytes })
    }

    async fn told(&self, scope: &Scope, answer: Message) -> Result<Told, AskError> {
        let mut tx = self.db.read().await?;
        let question = match answer.parent_id {
            Some(parent) => super::store::find_message(&mut tx, parent).await?.map(|row| row.text),
            None => None,
        };
        let heading = store::heading(&mut tx, answer.conversation_id).await?;
        let heading = heading.ok_or(AskError::NotFound)?;
        let spans = store::spans(&mut tx, answer.conversation_id).await?;
        let (until, shared) = window(&spans, (answer.id, answer.created_at), self.clock.now());
        let calls = store::calls(&mut tx, answer.conversation_id, answer.created_at, until).await?;
        let facts = store::facts(&mut tx, answer.id).await?;
        drop(tx);
        let sources = self.cited_documents(scope, &answer).await?;
        let cited = |fact: &Fact| answer.text.contains(&format!("[{}]", fact.number));
        let facts = facts.into_iter().filter(cited).collect();
        Ok(Told { heading, question, answer, sources, facts, calls, shared })
    }

    /// The documents an answer cites, by the numbers of their passages.
    async fn cited_documents(
        &self,
        scope: &Scope,
        answer: &Message,
    ) -> Result<Vec<Document>, AskError> {
        let mut told = Vec::new();
        for source in &answer.sources {
            let cited: Vec<Cited> = answer
                .citations
                .iter()
                .filter(|cited| cited.number == source.number)
                .cloned()
                .collect();
            if cited.is_empty() {
                continue;
            }
            let version = self.documents.version(scope, source.document_id, source.version).await?;
            told.push(Document {
                number: source.number,
                title: source.title.clone(),
                version: source.version,
                file_name: version.file_name,
                sha256: version.sha256,
                uploaded: written::moment(version.uploaded_at),
                cited,
            });
        }
        Ok(told)
    }
}

/// Up to when the calls of a conversation, from an answer's beginning, may be its own; and
/// whether another answer was being written meanwhile. The ledger knows no messages.
fn window(
    spans: &[Span],
    (id, began): (MessageId, DateTime<Utc>),
    now: DateTime<Utc>,
) -> (DateTime<Utc>, bool) {
    let own = spans.iter().find(|span| span.id == id);
    let heard = own.and_then(|span| span.alive_at);
    let after = heard.unwrap_or(began);
    let others = || spans.iter().filter(move |span| span.id != id);
    // One that began after the end makes calls of its own.
    let next = others().map(|span| span.created_at).filter(|other| *other > after).min();
    let latest = heard.unwrap_or(now) + SILENT;
    let until = next.map_or(latest, |next| next.min(latest));
    let shared = others().any(|span| {
        let ended = span.alive_at.unwrap_or(span.created_at);
        span.created_at < until && ended > began
    });
    (until, shared)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answers_calls_end_where_the_next_answer_begins() {
        let at = |seconds: i64| DateTime::from_timestamp(1_000 + seconds, 0).unwrap();
        let span = |from: i64, to: i64| Span {
            id: MessageId::new(),
            created_at: at(from),
            alive_at: Some(at(to)),
        };
        let spans = [span(0, 10), span(12, 20), span(18, 30)];
        let of = |place: usize| {
            let Span { id, created_at, .. } = spans[place];
            window(&spans, (id, created_at), at(1_000))
        };
        assert_eq!(of(0), (at(12), false));
        assert_eq!(of(1), (at(25), true));
        assert_eq!(of(2), (at(35), true));
    }
}
