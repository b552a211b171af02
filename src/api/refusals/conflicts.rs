//! What failures of conflict checks mean to a caller.

use crate::api::problem::{Code, Problem};
use crate::conflicts::ConflictError;

impl From<ConflictError> for Problem {
    fn from(error: ConflictError) -> Self {
        let code = match error {
            ConflictError::Case(error) => return error.into(),
            ConflictError::Client(error) => return error.into(),
            ConflictError::Db(error) => return error.into(),
            ConflictError::NotFound => Code::NotFound,
            ConflictError::NoName => Code::NameMissing,
            ConflictError::Unfit(_) => Code::CheckRefused,
            ConflictError::NoReason => Code::ReasonMissing,
            ConflictError::NotTheirs => Code::CheckNotTheirs,
        };
        Self::shown(code, &error)
    }
}
