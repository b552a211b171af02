//! Expenses: what was laid out in a case.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::{FeeError, Fees, MOST, Receipt, filled, sees, store, unfit};
use crate::audit::Changes;
use crate::cases::CaseError;
use crate::db::Tx;
use crate::kernel::{CaseId, ExpenseId, Paise, Permission, Scope, UserId};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$each:meta])* $kind:ident = $slug:literal, $words:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$each])* $kind,)+ }

        impl $name {
            /// Every one.
            pub const ALL: &[Self] = &[$(Self::$kind),+];

            /// The stored form.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$kind => $slug),+ }
            }

            /// In words.
            #[must_use]
            pub const fn words(self) -> &'static str {
                match self { $(Self::$kind => $words),+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let found = Self::ALL.iter().copied().find(|one| one.as_str() == text);
                found.ok_or_else(|| text.to_owned())
            }
        }
    };
}

words! {
    /// What something was laid out for.
    ExpenseKind {
        /// Court fee.
        CourtFee = "court_fee", "Court fee";
        /// Process fee.
        ProcessFee = "process_fee", "Process fee";
        /// Copying and certified copies.
        Copying = "copying", "Copying";
        /// Travel and stay.
        Travel = "travel", "Travel";
        /// Typing and printing.
        Typing = "typing", "Typing";
        /// Notary and oath commissioner.
        Notary = "notary", "Notary";
        /// A senior's brief fee.
        Senior = "senior", "Senior’s brief fee";
        /// Anything else.
        Other = "other", "Other";
    }
}

words! {
    /// Who paid.
    PaidBy {
        /// The chamber.
        Chamber = "chamber", "The chamber";
        /// Whoever entered it, out of their own pocket.
        Member = "member", "I did, myself";
        /// The client, directly: it is kept for the file and never billed.
        Client = "client", "The client, directly";
    }
}

/// What was laid out, to be entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewExpense {
    /// In which case.
    pub case: CaseId,
    /// The day.
    pub on: NaiveDate,
    /// What for.
    pub kind: ExpenseKind,
    /// In words.
    pub description: String,
    /// How much.
    pub amount: Paise,
    /// Who paid.
    pub paid_by: PaidBy,
    /// Whether the client pays it back.
    pub recoverable: bool,
    /// Whether it was paid as the client's pure agent: in their name, at cost, with the bill
    /// passed on. It then stays out of the taxable value (CGST Rules 2017, rule 33).
    pub pure_agent: bool,
}

/// What was laid out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expense {
    /// Its id.
    pub id: ExpenseId,
    /// The case's title.
    pub case_title: String,
    /// What is known of it.
    pub known: NewExpense,
    /// Who entered it.
    pub added_by_id: UserId,
    /// How they are called.
    pub added_by: String,
    /// When.
    pub added_at: DateTime<Utc>,
    /// Its receipt.
    pub receipt: Option<Receipt>,
    /// Whether it stands on an invoice.
    pub is_billed: bool,
}

/// Which expenses are asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ExpenseQuery {
    /// Of one case.
    pub case: Option<CaseId>,
    /// Those without a receipt alone.
    pub missing_receipt: bool,
}

impl Fees {
    /// Enters what was laid out in a case.
    ///
    /// # Errors
    /// Fails when the case is not the caller's to change, the amount is none, or nothing is
    /// said of what it was for.
    pub async fn add_expense(&self, scope: &Scope, new: NewExpense) -> Result<ExpenseId, FeeError> {
        let mut tx = self.parts.db.write().await?;
        self.keeps(&mut tx, scope, new.case).await?;
        let new = checked(new)?;
        let id = ExpenseId::new();
        store::expenses::insert(&mut tx, scope, id, &new, self.parts.clock.now()).await?;
        let details = json!({ "case": new.case, "expense": id, "paise": new.amount });
        self.record(&mut tx, scope, "expense.add", details).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Changes an expense that is not billed: one's own, or any of a case whose money the
    /// caller sees. The case stays.
    ///
    /// # Errors
    /// Fails as [`Fees::add_expense`], and with [`FeeError::Billed`] for what is billed.
    pub async fn change_expense(
        &self,
        scope: &Scope,
        id: ExpenseId,
        new: NewExpense,
    ) -> Result<(), FeeError> {
        let mut tx = self.parts.db.write().await?;
        let before = self.expense_to_be_changed(&mut tx, scope, id).await?;
        let new = checked(NewExpense { case: before.known.case, ..new })?;
        if store::expenses::update(&mut tx, id, &new).await? != 1 {
            return Err(FeeError::Billed);
        }
        let details = Changes::of("paise", Some(before.known.amount), new.amount);
        let details = details.onto(json!({ "case": new.case, "expense": id }));
        self.record(&mut tx, scope, "expense.change", details).await?;
        Ok(tx.commit().await?)
    }

    /// Removes an expense that is not billed, with its receipt.
    ///
    /// # Errors
    /// Fails as [`Fees::change_expense`].
    pub async fn delete_expense(&self, scope: &Scope, id: ExpenseId) -> Result<(), FeeError> {
        let mut tx = self.parts.db.write().await?;
        let before = self.expense_to_be_changed(&mut tx, scope, id).await?;
        store::expenses::delete_receipt(&mut tx, id).await?;
        if store::expenses::delete(&mut tx, id).await? != 1 {
            return Err(FeeError::Billed);
        }
        let details =
            json!({ "case": before.known.case, "expense": id, "paise": before.known.amount });
        self.record(&mut tx, scope, "expense.delete", details).await?;
        Ok(tx.commit().await?)
    }

    /// An expense of the caller's, or of a case whose money they see.
    ///
    /// # Errors
    /// Fails with [`FeeError::NotFound`] for any other.
    pub async fn expense(&self, scope: &Scope, id: ExpenseId) -> Result<Expense, FeeError> {
        let mut tx = self.parts.db.read().await?;
        store::expenses::find(&mut tx, scope, id).await?.ok_or(FeeError::NotFound)
    }

    /// The expenses the caller entered in cases open to them, and all of the cases whose
    /// money they see; the latest first, at most 1,000.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn expenses(
        &self,
        scope: &Scope,
        asked: ExpenseQuery,
    ) -> Result<Vec<Expense>, FeeError> {
        let mut tx = self.parts.db.read().await?;
        Ok(store::expenses::list(&mut tx, scope, asked).await?)
    }

    /// Makes sure that the caller may enter expenses in a case: they work on it, or keep
    /// its books.
    async fn keeps(&self, tx: &mut Tx, scope: &Scope, case: CaseId) -> Result<(), FeeError> {
        if scope.may(Permission::SetRates) && sees(tx, scope, case).await? {
            return Ok(());
        }
        self.enters(tx, scope, case).await
    }

    /// An expense the caller may change at this moment.
    pub(super) async fn expense_to_be_changed(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        id: ExpenseId,
    ) -> Result<Expense, FeeError> {
        let found = store::expenses::find(tx, scope, id).await?.ok_or(FeeError::NotFound)?;
        if !sees(tx, scope, found.known.case).await? {
            self.enters(tx, scope, found.known.case).await?;
        } else if !(scope.may(Permission::KeepTime) || scope.may(Permission::SetRates)) {
            return Err(CaseError::ReadOnly.into());
        }
        if found.is_billed { Err(FeeError::Billed) } else { Ok(found) }
    }
}

/// An expense that fits.
fn checked(mut new: NewExpense) -> Result<NewExpense, FeeError> {
    let missing = "say what it was for, such as: court fee on the application";
    new.description = filled("description", &new.description, missing)?;
    if !(1..=MOST).contains(&new.amount.0) {
        return Err(unfit("amount", "write the amount in rupees, such as 1,250.50"));
    }
    if !(1950..=2100).contains(&new.on.year()) {
        return Err(unfit("on", "the day must lie between 1950 and 2100"));
    }
    new.recoverable &= new.paid_by != PaidBy::Client;
    new.pure_agent &= new.recoverable;
    Ok(new)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expense(paid_by: PaidBy, amount: i64) -> NewExpense {
        NewExpense {
            case: CaseId::new(),
            on: "2026-11-02".parse().unwrap(),
            kind: ExpenseKind::CourtFee,
            description: " Court fee ".to_owned(),
            amount: Paise(amount),
            paid_by,
            recoverable: true,
            pure_agent: true,
        }
    }

    #[test]
    fn what_the_client_paid_directly_is_never_billed() {
        let kept = checked(expense(PaidBy::Client, 100)).unwrap();
        assert!(!kept.recoverable && !kept.pure_agent);
        let kept = checked(expense(PaidBy::Chamber, 100)).unwrap();
        assert!(kept.recoverable && kept.pure_agent);
        assert_eq!(kept.description, "Court fee");
        assert!(checked(expense(PaidBy::Chamber, 0)).is_err());
    }

    #[test]
    fn every_kind_is_read_back_from_its_stored_form() {
        for kind in ExpenseKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(*kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
        for who in PaidBy::ALL {
            assert_eq!(who.as_str().parse(), Ok(*who));
        }
    }
}
