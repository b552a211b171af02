//! What failures of messages mean to a caller.

use crate::api::problem::{Code, Problem};
use crate::messages::MessageError;

impl From<MessageError> for Problem {
    fn from(error: MessageError) -> Self {
        let code = match error {
            MessageError::NotFound => return Self::hidden(),
            MessageError::Case(error) => return error.into(),
            MessageError::Document(error) => return error.into(),
            MessageError::Notice(error) => return error.into(),
            MessageError::Db(error) => return error.into(),
            MessageError::Vault(_) => return Self::internal(&error),
            MessageError::Empty
            | MessageError::TooLong
            | MessageError::TooMany
            | MessageError::TooLate
            | MessageError::Kept => Code::BadRequest,
            MessageError::TooLarge(_) => Code::FileTooLarge,
            MessageError::Refused(..) => Code::FileRefused,
            MessageError::NoClient | MessageError::NotShown | MessageError::NotShared(_) => {
                Code::CaseHasNoClient
            }
            MessageError::TooFast => {
                let refused = Self::shown(Code::TooManyRequests, &error);
                return Self { retry_after: Some(60), ..refused };
            }
        };
        Self::shown(code, &error)
    }
}
