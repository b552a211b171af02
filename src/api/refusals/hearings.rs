//! What failures of hearings mean to a caller.

use crate::api::problem::{Code, Problem};
use crate::hearings::HearingError;

impl From<HearingError> for Problem {
    fn from(error: HearingError) -> Self {
        match error {
            HearingError::Case(error) => error.into(),
            HearingError::NotFound | HearingError::NoList | HearingError::NoFeed => {
                Self::shown(Code::NotFound, &error)
            }
            HearingError::Unfit(_) => Self::shown(Code::BadRequest, &error),
            HearingError::Withdrawn | HearingError::Meanwhile => {
                Self::shown(Code::HearingChanged, &error)
            }
            HearingError::Notice(_) | HearingError::Db(_) => Self::internal(&error),
        }
    }
}
