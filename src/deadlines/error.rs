//! Why something could not be done here.

use super::limitation::Unfit;
use crate::cases::CaseError;
use crate::db::DbError;
use crate::notices::NoticeError;

/// Why something could not be done to deadlines.
#[derive(Debug, thiserror::Error)]
pub enum DeadlineError {
    /// The task is not there, or not open to the caller.
    #[error("there is no such task or deadline")]
    NotFound,
    /// The limitation is not there, or not open to the caller.
    #[error("there is no such limitation")]
    NoLimitation,
    /// No rule has that id.
    #[error("there is no such rule of limitation; choose one of the list")]
    NoRule,
    /// The calendar is not there.
    #[error("there is no such calendar of holidays")]
    NoCalendar,
    /// Only those may who look after the chamber's details.
    #[error("only those who look after the chamber's details may do that")]
    NotAllowed,
    /// It was done, cancelled or worked out anew in the meantime.
    #[error("{0}")]
    Settled(&'static str),
    /// A calendar of that name is there.
    #[error("there is a calendar of that name already; choose another name")]
    NameTaken,
    /// A day is in the calendar already.
    #[error("these days are in the calendar already; take them out first")]
    DayTaken,
    /// What is to be entered does not fit.
    #[error("{0}")]
    Unfit(&'static str),
    /// A line of a file cannot be read.
    #[error("line {line}: {words}")]
    Line {
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        words: &'static str,
    },
    /// Dates do not fit together.
    #[error(transparent)]
    Dates(#[from] Unfit),
    /// The case refused.
    #[error(transparent)]
    Case(#[from] CaseError),
    /// Somebody could not be told.
    #[error(transparent)]
    Notice(#[from] NoticeError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}
