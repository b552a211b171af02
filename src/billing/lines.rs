//! What stands on a bill.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::amounts::{LineTax, MOST};
use super::gst::{Treatment, service_of};
use super::{BillingError, wrong};
use crate::fees::{Charge, ChargeId, ChargeKind};
use crate::kernel::{InvoiceLineId, Paise};

/// What a line of a bill is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LineKind {
    /// Work.
    Fee,
    /// The clerk's share on top of fees.
    Clerkage,
    /// A senior's brief fee that is passed on.
    SeniorFee,
    /// What was laid out for the client.
    Expense,
    /// What language models cost.
    ModelCost,
    /// What is let off; its amount is below nothing.
    Discount,
}

impl LineKind {
    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::Fee,
        Self::Clerkage,
        Self::SeniorFee,
        Self::Expense,
        Self::ModelCost,
        Self::Discount,
    ];

    /// The stored form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fee => "fee",
            Self::Clerkage => "clerkage",
            Self::SeniorFee => "senior_fee",
            Self::Expense => "expense",
            Self::ModelCost => "model_cost",
            Self::Discount => "discount",
        }
    }

    /// In words for people.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Fee => "Fee",
            Self::Clerkage => "Clerkage",
            Self::SeniorFee => "Senior's fee",
            Self::Expense => "Expense",
            Self::ModelCost => "AI models",
            Self::Discount => "Discount",
        }
    }

    /// The coarse kind that the tables have had from the first.
    pub(super) const fn coarse(self) -> &'static str {
        match self {
            Self::Fee | Self::Clerkage | Self::SeniorFee | Self::Discount => "fee",
            Self::Expense => "expense",
            Self::ModelCost => "model_cost",
        }
    }

    /// Reads the stored form.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// A line to be put on a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLine {
    /// What it is for.
    pub kind: LineKind,
    /// In words; of a discount, why it is given.
    pub description: String,
    /// What it comes to, above nothing; a discount is taken off.
    pub amount: Paise,
    /// The class of services, six digits; the common one when left out.
    pub sac: Option<String>,
    /// Whether it was paid as the client's pure agent; expenses are, unless told otherwise.
    pub pure_agent: Option<bool>,
}

/// The class of services where none is said.
pub const COMMON_SAC: &str = "998212";
/// The longest description, in characters.
const LONGEST: usize = 500;

impl NewLine {
    /// A line of a kind, in words, with what it comes to.
    pub fn of(kind: LineKind, description: impl Into<String>, amount: Paise) -> Self {
        Self { kind, description: description.into(), amount, sac: None, pure_agent: None }
    }

    /// Checks it, and makes the line it becomes.
    pub(super) fn checked(self) -> Result<Line, BillingError> {
        let description = description(&self.description)?;
        if self.amount.0 <= 0 || self.amount.0 > MOST {
            return wrong("amount", "an amount is more than nothing and at most ₹1,000 crore");
        }
        let sac = self.sac.unwrap_or_else(|| COMMON_SAC.to_owned());
        if service_of(&sac).is_none() {
            return wrong("sac", "choose a class of services from the list");
        }
        if self.kind == LineKind::ModelCost {
            return wrong("kind", "what models cost is put on a bill under AI costs");
        }
        let sign = if self.kind == LineKind::Discount { -1 } else { 1 };
        let laid_out = matches!(self.kind, LineKind::Expense | LineKind::SeniorFee);
        Ok(Line {
            id: InvoiceLineId::new(),
            ordinal: 0,
            kind: self.kind,
            description,
            amount: Paise(sign * self.amount.0),
            sac,
            pure_agent: laid_out && self.pure_agent.unwrap_or(true),
            charge: None,
            decided: None,
        })
    }
}

/// The words of a line, fit to print.
pub(super) fn description(text: &str) -> Result<String, BillingError> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() || text.chars().count() > LONGEST {
        return wrong("description", "say what the line is for, in at most 500 characters");
    }
    Ok(text)
}

/// The decision on GST of a line, as it was printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// What becomes of the tax.
    pub treatment: Treatment,
    /// Why.
    pub reason: String,
    /// The tax that was added.
    pub tax: LineTax,
}

/// A line of a bill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its id.
    pub id: InvoiceLineId,
    /// Its place.
    pub ordinal: i64,
    /// What it is for.
    pub kind: LineKind,
    /// In words.
    pub description: String,
    /// What it comes to, before tax; below nothing for a discount.
    pub amount: Paise,
    /// The class of services.
    pub sac: String,
    /// Whether it was paid as the client's pure agent.
    pub pure_agent: bool,
    /// The charge it stands for.
    pub charge: Option<ChargeId>,
    /// The decision on GST; none on a draft, and on bills of before.
    pub decided: Option<Decided>,
}

impl Line {
    /// The line a charge becomes.
    pub(super) fn of_charge(charge: Charge) -> Self {
        let kind = match charge.kind {
            ChargeKind::Fee => LineKind::Fee,
            ChargeKind::Clerkage => LineKind::Clerkage,
            ChargeKind::Expense => LineKind::Expense,
            ChargeKind::SeniorFee => LineKind::SeniorFee,
        };
        let who = charge.who.map(|who| format!(" ({who})")).unwrap_or_default();
        let long = charge
            .minutes
            .map(|minutes| format!(", {} h {:02} min", minutes / 60, minutes % 60))
            .unwrap_or_default();
        let day = charge.on.format("%-d %b %Y");
        Self {
            id: InvoiceLineId::new(),
            ordinal: 0,
            kind,
            description: format!("{}, {day}{long}{who}", charge.description),
            amount: charge.amount,
            sac: charge.work.as_str().to_owned(),
            pure_agent: charge.pure_agent,
            charge: Some(charge.id),
            decided: None,
        }
    }

    /// Whether its amount may be typed: not where a charge or the ledger of models says it.
    #[must_use]
    pub const fn is_own(&self) -> bool {
        self.charge.is_none() && !matches!(self.kind, LineKind::ModelCost)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_discount_is_taken_off_and_the_rest_is_added() {
        let line = NewLine::of(LineKind::Discount, " long  standing ", Paise(500));
        let line = line.checked().unwrap();
        assert_eq!((line.amount, line.description.as_str()), (Paise(-500), "long standing"));
        assert!(!line.pure_agent);
        assert!(
            NewLine::of(LineKind::Expense, "Court fee", Paise(1)).checked().unwrap().pure_agent
        );
    }

    #[test]
    fn a_line_without_words_amount_or_class_is_refused() {
        let field = |line: NewLine| match line.checked() {
            Err(BillingError::Field { field, .. }) => field,
            other => panic!("{other:?}"),
        };
        assert_eq!(field(NewLine::of(LineKind::Fee, " ", Paise(1))), "description");
        assert_eq!(field(NewLine::of(LineKind::Fee, "x", Paise(0))), "amount");
        assert_eq!(field(NewLine::of(LineKind::Fee, "x", Paise(MOST + 1))), "amount");
        let odd =
            NewLine { sac: Some("1".to_owned()), ..NewLine::of(LineKind::Fee, "x", Paise(1)) };
        assert_eq!(field(odd), "sac");
        assert_eq!(field(NewLine::of(LineKind::ModelCost, "x", Paise(1))), "kind");
    }
}
