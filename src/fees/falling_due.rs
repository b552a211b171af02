//! Fees that fall due, and those that were confirmed.
//!
//! A fee falls due when a hearing has an outcome in a case with an agreed appearance fee,
//! or when an agreed stage is reached or its day comes. It is proposed as long as nobody
//! decided on it: proposals are read from the hearings and agreements as they stand, and
//! kept nowhere. Confirmed, perhaps at another amount, it is a charge; declined, it is
//! never proposed again. Nothing is billed that nobody confirmed.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};
use serde_json::json;

use super::{Fee, FeeError, FeeKind, FeeStatus, Fees, MOST, Work, filled, fit, sees, store, unfit};
use crate::kernel::{
    AgreedFeeId, CaseId, FeeId, HearingId, Paise, Permission, Scope, day_in_india,
};

/// Which fee fell due: the line it was agreed in, and the hearing it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ref {
    /// The line.
    pub agreed_fee: AgreedFeeId,
    /// The hearing; none for a stage.
    pub hearing: Option<HearingId>,
}

/// A fee that fell due and waits for a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposed {
    /// Which it is.
    pub of: Ref,
    /// Its case.
    pub case_id: CaseId,
    /// The case's title.
    pub case_title: String,
    /// What it is for.
    pub kind: FeeKind,
    /// The day.
    pub on: NaiveDate,
    /// In words.
    pub description: String,
    /// The class of work.
    pub work: Work,
    /// What was agreed.
    pub amount: Paise,
    /// Why it fell due.
    pub why: String,
}

/// What somebody decides on a fee that fell due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It is billed: at another amount, with a reason, or as agreed.
    Confirm {
        /// The other amount.
        amount: Option<Paise>,
        /// Why it is another.
        reason: String,
    },
    /// It is not billed, with the reason.
    Decline(String),
}

/// A fee to be entered by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFee {
    /// The case.
    pub case: CaseId,
    /// What it is for: a conference, drafting or something else.
    pub kind: FeeKind,
    /// The day.
    pub on: NaiveDate,
    /// In words.
    pub description: String,
    /// The class of work.
    pub work: Work,
    /// How many: conferences, documents, pages.
    pub quantity: u32,
    /// What it comes to in all; when left out, what was agreed for one, as many times.
    pub amount: Option<Paise>,
}

/// A fee as it is stored when it is decided on.
pub(super) struct Decided<'a> {
    pub(super) case: CaseId,
    pub(super) of: Option<Ref>,
    pub(super) kind: FeeKind,
    pub(super) on: NaiveDate,
    pub(super) description: &'a str,
    pub(super) work: Work,
    pub(super) amount: Paise,
    pub(super) agreed: Option<Paise>,
    pub(super) status: FeeStatus,
    pub(super) reason: Option<&'a str>,
}

impl Fees {
    /// The fees that fell due and wait for a decision, of the cases whose money the caller
    /// sees, by day; at most 1,000.
    ///
    /// # Errors
    /// Fails for those who may not see money.
    pub async fn proposed(
        &self,
        scope: &Scope,
        case: Option<CaseId>,
    ) -> Result<Vec<Proposed>, FeeError> {
        if !scope.may(Permission::ReadBilling) {
            return Err(FeeError::NotAllowed);
        }
        let mut tx = self.parts.db.read().await?;
        let today = day_in_india(self.parts.clock.now());
        let mut found = store::falling_due::of_hearings(&mut tx, scope, case).await?;
        found.extend(store::falling_due::of_stages(&mut tx, scope, case, today).await?);
        found.sort_by_key(|fee| (fee.on, fee.of));
        // A day of hearing counts once, however many times the case was listed on it.
        let mut days = BTreeSet::new();
        found.retain(|fee| {
            fee.kind != FeeKind::HearingDay || days.insert((fee.of.agreed_fee, fee.on))
        });
        Ok(found)
    }

    /// Confirms or declines a fee that fell due.
    ///
    /// # Errors
    /// Fails when it did not fall due in a case the caller decides on the money of, when
    /// somebody decided already, and without a reason where one is needed.
    pub async fn decide(&self, scope: &Scope, of: Ref, answer: Answer) -> Result<FeeId, FeeError> {
        let mut tx = self.parts.db.write().await?;
        let case = store::agreements::case_of(&mut tx, scope, of.agreed_fee).await?;
        let case = case.ok_or(FeeError::NotFound)?;
        self.decides(&mut tx, scope, case).await?;
        if store::falling_due::is_decided(&mut tx, of).await? {
            return Err(FeeError::Decided);
        }
        let today = day_in_india(self.parts.clock.now());
        let found = match of.hearing {
            Some(_) => store::falling_due::of_hearings(&mut tx, scope, Some(case)).await?,
            None => store::falling_due::of_stages(&mut tx, scope, Some(case), today).await?,
        };
        let found = found.into_iter().find(|fee| fee.of == of).ok_or(FeeError::NotFound)?;
        let (status, amount, reason) = answered(answer, found.amount)?;
        let decided = Decided {
            case,
            of: Some(of),
            kind: found.kind,
            on: found.on,
            description: &found.description,
            work: found.work,
            amount,
            agreed: (amount != found.amount).then_some(found.amount),
            status,
            reason: reason.as_deref(),
        };
        let id = FeeId::new();
        match store::falling_due::insert(&mut tx, scope, id, &decided, self.parts.clock.now()).await
        {
            Err(error) if error.is_conflict() => return Err(FeeError::Decided),
            done => done?,
        }
        let action = match status {
            FeeStatus::Confirmed => "fee.confirm",
            FeeStatus::Declined => "fee.decline",
        };
        let details = json!({
            "case": case, "fee": id, "hearing": of.hearing, "paise": amount, "agreed": found.amount,
        });
        self.record(&mut tx, scope, action, details).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Enters a fee by hand: for a conference, a draft, or something else.
    ///
    /// # Errors
    /// Fails for those who do not decide on the case's money, and when neither an amount is
    /// given nor one was agreed.
    pub async fn add_fee(&self, scope: &Scope, new: NewFee) -> Result<FeeId, FeeError> {
        let mut tx = self.parts.db.write().await?;
        self.decides(&mut tx, scope, new.case).await?;
        let missing = "say what the fee is for, such as: conference with the client";
        let description = filled("description", &new.description, missing)?;
        if !matches!(new.kind, FeeKind::Conference | FeeKind::Drafting | FeeKind::Other) {
            return Err(unfit("kind", "fees of hearings and stages fall due by themselves"));
        }
        if !(1950..=2100).contains(&new.on.year()) {
            return Err(unfit("on", "the day must lie between 1950 and 2100"));
        }
        if !(1..=10_000).contains(&new.quantity) {
            return Err(unfit("quantity", "write how many, between 1 and 10,000"));
        }
        let agreed =
            store::falling_due::agreed_amount(&mut tx, scope, new.case, (new.kind, new.on)).await?;
        let agreed =
            agreed.map(|one| Paise(one.0.saturating_mul(i64::from(new.quantity)).min(MOST)));
        let amount = new.amount.or(agreed).filter(|amount| (1..=MOST).contains(&amount.0));
        let amount =
            amount.ok_or(unfit("amount", "say how much it is; nothing was agreed for this"))?;
        let decided = Decided {
            case: new.case,
            of: None,
            kind: new.kind,
            on: new.on,
            description: &description,
            work: new.work,
            amount,
            agreed: agreed.filter(|agreed| *agreed != amount),
            status: FeeStatus::Confirmed,
            reason: None,
        };
        let id = FeeId::new();
        store::falling_due::insert(&mut tx, scope, id, &decided, self.parts.clock.now()).await?;
        self.record(&mut tx, scope, "fee.add", json!({ "case": new.case, "fee": id })).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Takes a decision on a fee back, or removes one entered by hand. What fell due is
    /// proposed again.
    ///
    /// # Errors
    /// Fails when it is not there for those who decide on the case's money, or is billed.
    pub async fn take_back_fee(&self, scope: &Scope, id: FeeId) -> Result<(), FeeError> {
        let mut tx = self.parts.db.write().await?;
        let case = store::falling_due::case_of(&mut tx, scope, id).await?;
        let case = case.ok_or(FeeError::NotFound)?;
        self.decides(&mut tx, scope, case).await?;
        if store::falling_due::delete(&mut tx, id).await? != 1 {
            return Err(FeeError::Billed);
        }
        self.record(&mut tx, scope, "fee.remove", json!({ "case": case, "fee": id })).await?;
        Ok(tx.commit().await?)
    }

    /// The fees of a case somebody decided on, the latest first; at most 1,000.
    ///
    /// # Errors
    /// Fails with [`FeeError::NotFound`] for those who do not see the case's money.
    pub async fn fees_of(&self, scope: &Scope, case: CaseId) -> Result<Vec<Fee>, FeeError> {
        let mut tx = self.parts.db.read().await?;
        if !sees(&mut tx, scope, case).await? {
            return Err(FeeError::NotFound);
        }
        Ok(store::falling_due::list(&mut tx, scope, case).await?)
    }
}

/// What an answer makes of an agreed amount: the status, the amount and the reason.
fn answered(answer: Answer, agreed: Paise) -> Result<(FeeStatus, Paise, Option<String>), FeeError> {
    match answer {
        Answer::Decline(reason) => {
            let missing = "say why it is not billed; the reason is kept";
            Ok((FeeStatus::Declined, agreed, Some(filled("reason", &reason, missing)?)))
        }
        Answer::Confirm { amount, reason } => {
            let amount = amount.unwrap_or(agreed);
            if !(0..=MOST).contains(&amount.0) {
                return Err(unfit("amount", "write an amount between nothing and ₹100 crore"));
            }
            let missing = "say why the amount is not the agreed one; the reason is kept";
            let reason = if amount == agreed {
                Some(fit("reason", &reason)?).filter(|reason| !reason.is_empty())
            } else {
                Some(filled("reason", &reason, missing)?)
            };
            Ok((FeeStatus::Confirmed, amount, reason))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_amount_and_a_refusal_need_a_reason() {
        let agreed = Paise(2_500_000);
        let confirm = |amount, reason: &str| Answer::Confirm { amount, reason: reason.to_owned() };
        let as_agreed = answered(confirm(None, " "), agreed).unwrap();
        assert_eq!(as_agreed, (FeeStatus::Confirmed, agreed, None));
        assert!(answered(confirm(Some(Paise(1)), ""), agreed).is_err());
        let less = answered(confirm(Some(Paise(1)), "half a day"), agreed).unwrap();
        assert_eq!(less, (FeeStatus::Confirmed, Paise(1), Some("half a day".to_owned())));
        assert!(answered(confirm(Some(Paise(-1)), "below"), agreed).is_err());
        assert!(answered(Answer::Decline(String::new()), agreed).is_err());
    }
}
