//! How far the fees of a case are towards what was estimated, and what a retainer is drawn
//! down by.

use super::{FeeError, FeeModel, Fees, sees, store};
use crate::db::Tx;
use crate::kernel::{CaseId, FeeAgreementId, Paise, Scope, day_in_india};

/// From which share of the estimate on people are warned, in per cent.
const WARN_AT: i128 = 80;

/// How far the fees of a case are towards an estimate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Estimate {
    /// The agreement it was given in.
    pub agreement: FeeAgreementId,
    /// What was estimated.
    pub cap: Paise,
    /// What time and fees come to since the agreement began, billed or not.
    pub used: Paise,
}

impl Estimate {
    /// How far, in whole per cent, rounded down.
    #[must_use]
    pub fn percent(&self) -> i64 {
        let cap = i128::from(self.cap.0.max(1));
        i64::try_from(i128::from(self.used.0) * 100 / cap).unwrap_or(i64::MAX)
    }

    /// Whether it is time to tell the client: four fifths are used.
    #[must_use]
    pub fn is_near(&self) -> bool {
        i128::from(self.used.0) * 100 >= i128::from(self.cap.0) * WARN_AT
    }

    /// Whether more was charged than was estimated.
    #[must_use]
    pub fn is_passed(&self) -> bool {
        self.used > self.cap
    }
}

/// A retainer agreed in a case, and what waits to be drawn from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retainer {
    /// What the client is to deposit.
    pub agreed: Paise,
    /// What the unbilled charges would draw.
    pub waiting: Paise,
}

impl Fees {
    /// How far the fees of a case are towards the estimates of the agreements that stand.
    ///
    /// # Errors
    /// Fails with [`FeeError::NotFound`] for those who do not see the case's money.
    pub async fn estimates(&self, scope: &Scope, case: CaseId) -> Result<Vec<Estimate>, FeeError> {
        let mut tx = self.parts.db.read().await?;
        if !sees(&mut tx, scope, case).await? {
            return Err(FeeError::NotFound);
        }
        let today = day_in_india(self.parts.clock.now());
        let mut found = Vec::new();
        for agreement in store::agreements::list(&mut tx, scope, case).await? {
            if let Some(cap) = agreement.cap.filter(|_| agreement.stands_on(today)) {
                let used = used(&mut tx, scope, case, agreement.valid_from).await?;
                found.push(Estimate { agreement: agreement.id, cap, used });
            }
        }
        Ok(found)
    }

    /// The retainer agreed in a case, where one is; what the client has deposited stands in
    /// the ledger of client money.
    ///
    /// # Errors
    /// Fails with [`FeeError::NotFound`] for those who do not see the case's money.
    pub async fn retainer(
        &self,
        scope: &Scope,
        case: CaseId,
    ) -> Result<Option<Retainer>, FeeError> {
        let today = day_in_india(self.parts.clock.now());
        let agreements = self.agreements(scope, case).await?;
        let standing = agreements.iter().filter(|agreement| agreement.stands_on(today));
        let lines = standing.flat_map(|agreement| &agreement.lines);
        let of = lines.filter(|line| line.line.model == FeeModel::Retainer);
        let agreed: Paise = of.filter_map(|line| line.line.amount).sum();
        if agreed == Paise(0) {
            return Ok(None);
        }
        let charges = self.charges(scope, case).await?;
        let waiting = charges.iter().map(|charge| charge.amount).sum();
        Ok(Some(Retainer { agreed, waiting }))
    }
}

async fn used(
    tx: &mut Tx,
    scope: &Scope,
    case: CaseId,
    from: chrono::NaiveDate,
) -> Result<Paise, FeeError> {
    let time = store::time::since(tx, scope, case, from).await?;
    let time: Paise = time.iter().map(super::TimeEntry::charged).sum();
    Ok(time + store::falling_due::confirmed_since(tx, scope, case, from).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_warned_at_four_fifths_of_an_estimate() {
        let at = |used| Estimate {
            agreement: FeeAgreementId::new(),
            cap: Paise(10_001),
            used: Paise(used),
        };
        assert!(!at(8_000).is_near(), "79.99 %");
        assert!(at(8_001).is_near() && !at(8_001).is_passed());
        assert!(!at(10_001).is_passed() && at(10_002).is_passed());
        assert_eq!(at(5_000).percent(), 49);
    }
}
