//! What failures of webhooks mean to a caller.

use crate::api::problem::{Code, Problem};
use crate::events::EventError;

impl From<EventError> for Problem {
    fn from(error: EventError) -> Self {
        match error {
            EventError::NotAllowed => Self::hidden(),
            EventError::NotFound => Self::shown(Code::NotFound, &error),
            EventError::Name => Self::shown(Code::NameMissing, &error),
            EventError::NoKinds
            | EventError::Address(_)
            | EventError::TooMany
            | EventError::Since
            | EventError::Off => Self::shown(Code::BadRequest, &error),
            EventError::Vault(_) => Self::internal(&error),
            EventError::Db(error) => error.into(),
        }
    }
}
