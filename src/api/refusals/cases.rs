//! What failures of cases mean to a caller.

use crate::api::problem::{Code, Problem};
use crate::cases::CaseError;

impl From<CaseError> for Problem {
    fn from(error: CaseError) -> Self {
        let code = match &error {
            CaseError::NotFound => Code::NotFound,
            CaseError::NoTitle => Code::TitleMissing,
            CaseError::NoClient => Code::UnknownClient,
            CaseError::NoMember => Code::NoMember,
            CaseError::ReadOnly => Code::ReadOnly,
            CaseError::LeadsOnly | CaseError::LeadDecides(_) => Code::LeadsOnly,
            CaseError::LastLead => Code::LastLead,
            CaseError::Unfit(_) | CaseError::Wrong { .. } => Code::BadRequest,
            CaseError::Stale => Code::ChangedMeanwhile,
            CaseError::Closed => Code::CaseClosed,
            CaseError::NotAllowed => return Self::hidden(),
            CaseError::Db(_) => return Self::internal(&error),
        };
        Self::shown(code, &error)
    }
}
