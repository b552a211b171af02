//! What failures of notices mean to a caller.

use crate::api::problem::{Code, Problem};
use crate::notices::NoticeError;

impl From<NoticeError> for Problem {
    fn from(error: NoticeError) -> Self {
        match error {
            NoticeError::Kind(_) | NoticeError::Time => Self::shown(Code::BadRequest, &error),
            NoticeError::Outbox(error) => error.into(),
            NoticeError::Db(error) => error.into(),
        }
    }
}
