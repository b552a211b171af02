//! What failures of clients mean to a caller.

use crate::api::problem::{Code, Problem};
use crate::clients::ClientError;

impl From<ClientError> for Problem {
    fn from(error: ClientError) -> Self {
        let code = match &error {
            ClientError::NoName => Code::NameMissing,
            ClientError::NotFound => Code::NotFound,
            ClientError::ReadOnly => Code::ClientReadOnly,
            ClientError::Unfit { .. } => Code::ClientUnfit,
            ClientError::Stale => Code::ClientChanged,
            ClientError::TaxIdsDiffer | ClientError::Same => Code::ClientsDiffer,
            ClientError::Db(_) => return Self::internal(&error),
        };
        Self::shown(code, &error)
    }
}
