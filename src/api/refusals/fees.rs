//! What failures of fees mean to a caller.

use crate::api::problem::{Code, Problem};
use crate::fees::FeeError;

impl From<FeeError> for Problem {
    fn from(error: FeeError) -> Self {
        match error {
            FeeError::Case(error) => error.into(),
            FeeError::NotFound => Self::shown(Code::NotFound, &error),
            FeeError::Unfit { .. } => Self::shown(Code::BadRequest, &error),
            FeeError::Billed | FeeError::Decided | FeeError::TimerRuns => {
                Self::shown(Code::FeeConflict, &error)
            }
            FeeError::LeadsOnly => Self::shown(Code::LeadsOnly, &error),
            FeeError::NotAllowed => Self::hidden(),
            FeeError::TooLarge => Self::shown(Code::FileTooLarge, &error),
            FeeError::NoReceipt => Self::shown(Code::FileRefused, &error),
            FeeError::Vault(_) | FeeError::Db(_) => Self::internal(&error),
        }
    }
}
