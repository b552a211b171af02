//! What failures of deadlines mean to a caller.

use crate::api::problem::{Code, Problem};
use crate::deadlines::DeadlineError;

impl From<DeadlineError> for Problem {
    fn from(error: DeadlineError) -> Self {
        let code = match error {
            DeadlineError::Case(error) => return error.into(),
            DeadlineError::Db(error) => return error.into(),
            DeadlineError::NotAllowed => return Self::hidden(),
            DeadlineError::Notice(_) => return Self::internal(&error),
            DeadlineError::NotFound
            | DeadlineError::NoLimitation
            | DeadlineError::NoRule
            | DeadlineError::NoCalendar => Code::NotFound,
            DeadlineError::Settled(_) | DeadlineError::NameTaken | DeadlineError::DayTaken => {
                Code::DeadlineConflict
            }
            DeadlineError::Unfit(_) | DeadlineError::Line { .. } | DeadlineError::Dates(_) => {
                Code::DeadlineRefused
            }
        };
        Self::shown(code, &error)
    }
}
