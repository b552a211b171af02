//! What failures of portal mean to a caller.

use crate::api::problem::{Code, Problem};
use crate::portal::PortalError;

impl From<PortalError> for Problem {
    fn from(error: PortalError) -> Self {
        let code = match error {
            PortalError::Case(error) => return error.into(),
            PortalError::Documents(error) => return error.into(),
            PortalError::Db(error) => return error.into(),
            PortalError::Hearing(_) | PortalError::Notice(_) => return Self::internal(&error),
            PortalError::NotAClient | PortalError::NotFound => Code::NotFound,
            PortalError::LeadsOnly | PortalError::AdvocatesOnly => Code::LeadsOnly,
            PortalError::NoClient => Code::CaseHasNoClient,
            PortalError::Unfit(_) | PortalError::NoCase | PortalError::NoFile => Code::BadRequest,
            PortalError::Decided | PortalError::Reworded => Code::ChangedMeanwhile,
            PortalError::TooMany(_) => Code::TooManyRequests,
        };
        Self::shown(code, &error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases::CaseError;

    #[test]
    fn not_theirs_and_not_there_are_the_same_answer() {
        let here = Problem::from(PortalError::NotFound);
        let elsewhere = Problem::from(PortalError::Case(CaseError::NotFound));
        assert_eq!(here.status(), elsewhere.status());
    }
}
