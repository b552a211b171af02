//! What was agreed with a client on the fees of a case.
//!
//! An agreement has lines, each of a fee model. It is not changed: one that holds no longer
//! is ended with a last day, and a new one takes its place. What was billed stays.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde_json::json;

use super::{DraftUnit, FeeError, FeeModel, Fees, MOST, Work, fit, sees, store, unfit};
use crate::kernel::{AgreedFeeId, CaseId, DocumentId, FeeAgreementId, Paise, Scope};

/// An agreement has no more lines.
const MOST_LINES: usize = 50;

/// A line of an agreement to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAgreedFee {
    /// How the fee is counted.
    pub model: FeeModel,
    /// What it is for; of a stage, its name. The model's words when left out.
    pub description: Option<String>,
    /// The class of work.
    pub work: Work,
    /// The amount; of an appearance, of one that was effective.
    pub amount: Option<Paise>,
    /// Of an appearance that was not reached.
    pub not_reached: Option<Paise>,
    /// Of an appearance that was adjourned.
    pub adjourned: Option<Paise>,
    /// Of clerkage: the share, in hundredths of a per cent.
    pub basis_points: Option<i64>,
    /// Of drafting.
    pub unit: Option<DraftUnit>,
    /// Of a stage: the day it falls due even when nobody marks it done.
    pub due_on: Option<NaiveDate>,
}

impl NewAgreedFee {
    /// A line of a model and an amount, with nothing else said.
    #[must_use]
    pub const fn of(model: FeeModel, amount: Option<Paise>) -> Self {
        Self {
            model,
            description: None,
            work: Work::OtherFields,
            amount,
            not_reached: None,
            adjourned: None,
            basis_points: None,
            unit: None,
            due_on: None,
        }
    }

    /// The line as it is kept: what its model does not use is left out.
    ///
    /// # Errors
    /// Fails when it lacks what its model needs.
    pub fn checked(self) -> Result<Self, FeeError> {
        use FeeModel::{Appearance, Clerkage, Drafting, Expense, Hourly, Stage};
        let model = self.model;
        let amounts = [self.amount, self.not_reached, self.adjourned];
        if amounts.iter().flatten().any(|amount| !(0..=MOST).contains(&amount.0)) {
            return Err(unfit("amount", "write amounts between nothing and ₹100 crore"));
        }
        let free = matches!(model, Clerkage | Expense | Hourly);
        if !free && self.amount.is_none_or(|amount| amount.0 == 0) {
            return Err(unfit("amount", "say how much this fee is"));
        }
        if model == Clerkage && !self.basis_points.is_some_and(|p| (1..=10_000).contains(&p)) {
            return Err(unfit("percent", "say what share of the fees clerkage is, such as 10 %"));
        }
        let description = fit("description", self.description.as_deref().unwrap_or_default())?;
        if model == Stage && description.is_empty() {
            return Err(unfit("description", "name the stage, such as: written statement filed"));
        }
        let description =
            if description.is_empty() { model.words().to_owned() } else { description };
        Ok(Self {
            model,
            description: Some(description),
            work: self.work,
            amount: self.amount.filter(|_| !free),
            not_reached: self.not_reached.filter(|_| model == Appearance),
            adjourned: self.adjourned.filter(|_| model == Appearance),
            basis_points: self.basis_points.filter(|_| model == Clerkage),
            unit: (model == Drafting).then(|| self.unit.unwrap_or(DraftUnit::Document)),
            due_on: self.due_on.filter(|_| model == Stage),
        })
    }
}

/// An agreement to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAgreement {
    /// The case.
    pub case: CaseId,
    /// The day it was agreed.
    pub agreed_on: NaiveDate,
    /// The first day it is for.
    pub valid_from: NaiveDate,
    /// The last day, where one was agreed.
    pub valid_to: Option<NaiveDate>,
    /// The signed letter, a document of the case.
    pub letter: Option<DocumentId>,
    /// Whether GST comes on top where it applies.
    pub gst_extra: bool,
    /// What the fees are estimated not to exceed.
    pub cap: Option<Paise>,
    /// Anything else that was agreed.
    pub note: Option<String>,
    /// The fees.
    pub lines: Vec<NewAgreedFee>,
}

/// A line of an agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreedFee {
    /// Its id.
    pub id: AgreedFeeId,
    /// What was agreed.
    pub line: NewAgreedFee,
    /// Of a stage: the day it was reached.
    pub done_on: Option<NaiveDate>,
}

/// An agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    /// Its id.
    pub id: FeeAgreementId,
    /// The case.
    pub case_id: CaseId,
    /// The day it was agreed.
    pub agreed_on: NaiveDate,
    /// The first day it is for.
    pub valid_from: NaiveDate,
    /// The last day.
    pub valid_to: Option<NaiveDate>,
    /// The signed letter.
    pub letter: Option<DocumentId>,
    /// Whether GST comes on top where it applies.
    pub gst_extra: bool,
    /// What the fees are estimated not to exceed.
    pub cap: Option<Paise>,
    /// Anything else that was agreed.
    pub note: Option<String>,
    /// Who entered it.
    pub added_by: String,
    /// When.
    pub added_at: DateTime<Utc>,
    /// The fees.
    pub lines: Vec<AgreedFee>,
}

impl Agreement {
    /// Whether it stands on a day.
    #[must_use]
    pub fn stands_on(&self, day: NaiveDate) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|last| day <= last)
    }
}

impl Fees {
    /// Enters what was agreed on the fees of a case.
    ///
    /// # Errors
    /// Fails for those who do not decide on the case's money, without a line, when a line
    /// lacks what its model needs, or the letter is no document of the case.
    pub async fn agree(
        &self,
        scope: &Scope,
        new: NewAgreement,
    ) -> Result<FeeAgreementId, FeeError> {
        let mut tx = self.parts.db.write().await?;
        self.decides(&mut tx, scope, new.case).await?;
        let new = checked(new)?;
        if let Some(letter) = new.letter
            && !store::agreements::is_of_case(&mut tx, scope, letter, new.case).await?
        {
            return Err(unfit("letter", "there is no such document in this case"));
        }
        let id = FeeAgreementId::new();
        store::agreements::insert(&mut tx, scope, id, &new, self.parts.clock.now()).await?;
        for (ordinal, line) in (1_i64..).zip(&new.lines) {
            store::agreements::insert_line(&mut tx, id, (AgreedFeeId::new(), ordinal), line)
                .await?;
        }
        let details = json!({ "case": new.case, "agreement": id });
        self.record(&mut tx, scope, "agreement.add", details).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Ends an agreement with a last day.
    ///
    /// # Errors
    /// Fails when it is not there for those who decide on the case's money, or the day is
    /// before its first.
    pub async fn end_agreement(
        &self,
        scope: &Scope,
        id: FeeAgreementId,
        last: NaiveDate,
    ) -> Result<(), FeeError> {
        let mut tx = self.parts.db.write().await?;
        let found = store::agreements::find(&mut tx, scope, id).await?.ok_or(FeeError::NotFound)?;
        self.decides(&mut tx, scope, found.case_id).await?;
        if last < found.valid_from {
            return Err(unfit("last", "the last day lies before the first"));
        }
        store::agreements::end(&mut tx, id, last).await?;
        let details = json!({ "case": found.case_id, "agreement": id, "last": last });
        self.record(&mut tx, scope, "agreement.end", details).await?;
        Ok(tx.commit().await?)
    }

    /// Marks the stage a lump sum was agreed for as reached; the fee then waits to be
    /// confirmed.
    ///
    /// # Errors
    /// Fails when it is not there for those who decide on the case's money, or is no stage.
    pub async fn reach_stage(
        &self,
        scope: &Scope,
        id: AgreedFeeId,
        on: NaiveDate,
    ) -> Result<(), FeeError> {
        let mut tx = self.parts.db.write().await?;
        let case = store::agreements::case_of(&mut tx, scope, id).await?;
        let case = case.ok_or(FeeError::NotFound)?;
        self.decides(&mut tx, scope, case).await?;
        if !(1950..=2100).contains(&on.year()) {
            return Err(unfit("on", "the day must lie between 1950 and 2100"));
        }
        if store::agreements::reach(&mut tx, id, on).await? != 1 {
            return Err(unfit("on", "this is no stage, or was marked as reached before"));
        }
        let details = json!({ "case": case, "agreed_fee": id, "on": on });
        self.record(&mut tx, scope, "agreement.stage", details).await?;
        Ok(tx.commit().await?)
    }

    /// What was agreed on the fees of a case, the newest first.
    ///
    /// # Errors
    /// Fails with [`FeeError::NotFound`] for those who do not see its money.
    pub async fn agreements(
        &self,
        scope: &Scope,
        case: CaseId,
    ) -> Result<Vec<Agreement>, FeeError> {
        let mut tx = self.parts.db.read().await?;
        if !sees(&mut tx, scope, case).await? {
            return Err(FeeError::NotFound);
        }
        Ok(store::agreements::list(&mut tx, scope, case).await?)
    }
}

/// An agreement that fits.
fn checked(new: NewAgreement) -> Result<NewAgreement, FeeError> {
    let well = |day: NaiveDate| (1950..=2100).contains(&day.year());
    if !well(new.agreed_on) || !well(new.valid_from) {
        return Err(unfit("valid_from", "the day must lie between 1950 and 2100"));
    }
    if new.valid_to.is_some_and(|last| last < new.valid_from) {
        return Err(unfit("valid_to", "the last day lies before the first"));
    }
    if new.cap.is_some_and(|cap| !(1..=MOST).contains(&cap.0)) {
        return Err(unfit("cap", "write an estimate above nothing, or leave it empty"));
    }
    if new.lines.is_empty() || new.lines.len() > MOST_LINES {
        return Err(unfit("model", "say what was agreed: one fee at least, at most 50"));
    }
    let note = new.note.as_deref().map(|note| fit("note", note)).transpose()?;
    let note = note.filter(|note| !note.is_empty());
    let lines: Result<Vec<_>, _> = new.lines.into_iter().map(NewAgreedFee::checked).collect();
    Ok(NewAgreement { note, lines: lines?, ..new })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field_of(line: NewAgreedFee) -> Option<&'static str> {
        match line.checked() {
            Err(FeeError::Unfit { field, .. }) => Some(field),
            _ => None,
        }
    }

    #[test]
    fn a_line_has_what_its_model_needs() {
        let line = NewAgreedFee::of;
        assert_eq!(field_of(line(FeeModel::Appearance, None)), Some("amount"));
        assert_eq!(field_of(line(FeeModel::Clerkage, None)), Some("percent"));
        assert_eq!(field_of(line(FeeModel::Stage, Some(Paise(100)))), Some("description"));
        assert_eq!(field_of(line(FeeModel::Conference, Some(Paise(-1)))), Some("amount"));
        assert_eq!(field_of(line(FeeModel::Hourly, None)), None);
    }

    #[test]
    fn what_a_model_does_not_use_is_left_out() {
        let all = NewAgreedFee {
            not_reached: Some(Paise(1)),
            adjourned: Some(Paise(2)),
            basis_points: Some(1_000),
            unit: Some(DraftUnit::Page),
            ..NewAgreedFee::of(FeeModel::Conference, Some(Paise(500_000)))
        };
        let kept = all.checked().unwrap();
        assert_eq!(kept.not_reached, None);
        assert_eq!(kept.adjourned, None);
        assert_eq!(kept.basis_points, None);
        assert_eq!(kept.unit, None);
        assert_eq!(kept.description.as_deref(), Some("Per conference"));
    }
}
