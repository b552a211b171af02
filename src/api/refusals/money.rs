//! What failures about money mean to a caller.

use crate::api::problem::{Code, Problem};
use crate::billing::{BillingError, ModelCostError};
use crate::usage::{BudgetError, PriceError, ReconcileError};

impl From<BillingError> for Problem {
    fn from(error: BillingError) -> Self {
        match error {
            BillingError::Case(error) => error.into(),
            BillingError::NotFound | BillingError::NoPaper => Self::shown(Code::NotFound, &error),
            BillingError::Unfit(_) | BillingError::Field { .. } => {
                Self::shown(Code::BadRequest, &error)
            }
            BillingError::Fees(error) => error.into(),
            BillingError::NotAllowed => Self::hidden(),
            BillingError::Db(_)
            | BillingError::Paper(_)
            | BillingError::Vault(_)
            | BillingError::Notice(_) => Self::internal(&error),
        }
    }
}

impl From<BudgetError> for Problem {
    fn from(error: BudgetError) -> Self {
        match &error {
            BudgetError::NotAllowed => Self::hidden(),
            BudgetError::NotFound => Self::shown(Code::NotFound, &error),
            BudgetError::Lines | BudgetError::Span => Self::shown(Code::BudgetRefused, &error),
            BudgetError::Db(_) => Self::internal(&error),
        }
    }
}

impl From<PriceError> for Problem {
    fn from(error: PriceError) -> Self {
        match &error {
            PriceError::NotAllowed => Self::hidden(),
            PriceError::Table(_)
            | PriceError::Columns
            | PriceError::Refused(_)
            | PriceError::Rate
            | PriceError::RatePast
            | PriceError::RateThere => Self::shown(Code::PricesRefused, &error),
            PriceError::Db(_) => Self::internal(&error),
        }
    }
}

impl From<ReconcileError> for Problem {
    fn from(error: ReconcileError) -> Self {
        match &error {
            ReconcileError::NotAllowed => Self::hidden(),
            ReconcileError::NotFound => Self::shown(Code::NotFound, &error),
            ReconcileError::Column(..)
            | ReconcileError::Nothing(_)
            | ReconcileError::TooLong
            | ReconcileError::Provider => Self::shown(Code::ReportRefused, &error),
            ReconcileError::Db(_) => Self::internal(&error),
        }
    }
}

impl From<ModelCostError> for Problem {
    fn from(error: ModelCostError) -> Self {
        match &error {
            ModelCostError::NotFound => Self::hidden(),
            ModelCostError::NoClient => Self::shown(Code::CaseHasNoClient, &error),
            ModelCostError::Nothing => Self::shown(Code::NothingToBill, &error),
            ModelCostError::Db(_) => Self::internal(&error),
        }
    }
}
