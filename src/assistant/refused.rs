//! Why the assistant refuses.

use super::ask::LONGEST_QUESTION;
use crate::cases::CaseError;
use crate::db::DbError;
use crate::documents::DocumentError;
use crate::paper::PaperError;

/// Why a question could not be asked or an answer not be shown.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// The question is empty.
    #[error("type a question first")]
    Empty,
    /// The question is too long.
    #[error("the question is longer than {LONGEST_QUESTION} characters; shorten it")]
    TooLong,
    /// A task lacks a choice, or has one that does not fit. The words say which.
    #[error("{0}")]
    Task(String),
    /// The conversation or message is not there, or not the caller's.
    #[error("there is no such conversation")]
    NotFound,
    /// Clients have no assistant.
    #[error("only the chamber's own people may ask the assistant")]
    NotAllowed,
    /// Too many answers to the caller are being written.
    #[error(
        "{0} of your questions are being answered; wait for one of them, or stop one, and ask again"
    )]
    TooMany(i64),
    /// What was to be done waits for the answer.
    #[error("this is still being answered; wait for it, or stop it first")]
    StillRunning,
    /// The title is empty.
    #[error("type a title first")]
    NoTitle,
    /// The answer cannot be pinned; the words say why.
    #[error("{0}")]
    NotPinnable(&'static str),
    /// A legal hold keeps the conversation.
    #[error("a legal hold keeps what was asked about this case; ask whoever placed it")]
    Held,
    /// The case is not there, or not open to the caller.
    #[error(transparent)]
    Case(#[from] CaseError),
    /// The answer is not complete.
    #[error("only an answer that is complete can be exported; wait for it, or ask again")]
    NotFinished,
    /// The answer rests on what is closed to the caller.
    #[error(
        "this answer rests on documents that are no longer open to you; ask again to export an answer from those that are"
    )]
    Withheld,
    /// The file could not be made.
    #[error(transparent)]
    Paper(#[from] PaperError),
    /// The sources could not be fetched.
    #[error(transparent)]
    Documents(#[from] DocumentError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}
