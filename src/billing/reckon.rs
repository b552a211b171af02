//! What a bill comes to and what it is in law, from its lines, its client and the chamber.

use serde::Serialize;
use utoipa::ToSchema;

use super::amounts::{LineTax, Split, Totals, tax_on, totals};
use super::gst::{
    Decision, Place, RecipientClass, Service, Treatment, decide, place_of_supply, pure_agent, rate,
    service_of,
};
use super::lines::{Line, LineKind};
use super::profile::Profile;
use crate::kernel::{ClientId, Paise};

/// What a bill is in law.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PaperKind {
    /// Of what is taxed (CGST Act 2017, section 31(1)†).
    TaxInvoice,
    /// Of what is exempt (CGST Act 2017, section 31(3)(c)†).
    BillOfSupply,
    /// Of both, to somebody who is not registered (CGST Rules 2017, rule 46A†).
    InvoiceCumBill,
    /// Of a supplier who is not registered, or of reimbursements alone.
    Invoice,
}

impl PaperKind {
    /// The stored form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TaxInvoice => "tax_invoice",
            Self::BillOfSupply => "bill_of_supply",
            Self::InvoiceCumBill => "invoice_cum_bill",
            Self::Invoice => "invoice",
        }
    }

    /// What stands at its head.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::TaxInvoice => "Tax invoice",
            Self::BillOfSupply => "Bill of supply",
            Self::InvoiceCumBill => "Invoice-cum-bill of supply",
            Self::Invoice => "Invoice",
        }
    }

    /// Reads the stored form.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::TaxInvoice, Self::BillOfSupply, Self::InvoiceCumBill, Self::Invoice]
            .into_iter()
            .find(|kind| kind.as_str() == text)
    }
}

/// Who is billed, as the tables have them now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Recipient {
    /// Which client.
    pub client_id: ClientId,
    /// Their name.
    pub name: String,
    /// Where they are.
    pub address: Option<String>,
    /// Their GSTIN.
    pub gstin: Option<String>,
    /// Their PAN.
    pub pan: Option<String>,
    /// Their State, as two digits.
    pub state_code: Option<String>,
    /// What the tax law sees in them.
    pub class: Option<RecipientClass>,
}

/// A bill, reckoned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reckoned {
    /// What it is in law.
    pub kind: PaperKind,
    /// For each line, the decision and the tax that is added.
    pub lines: Vec<(Decision, LineTax)>,
    /// What it comes to.
    pub totals: Totals,
    /// Whether the recipient pays the tax.
    pub reverse_charge: bool,
    /// The place of supply.
    pub place: Place,
    /// Where that is taxed.
    pub split: Split,
    /// The reasons, each once.
    pub reasons: Vec<String>,
}

/// The rate of each half, or the whole, in hundredths of a percent.
#[must_use]
pub(super) fn rate_of(split: Split) -> i64 {
    match split {
        Split::Within => rate() / 2,
        Split::Across => rate(),
    }
}

/// Reckons a bill.
///
/// # Errors
/// Says what is missing, a sentence each, where it cannot be issued so.
pub(super) fn reckon(
    profile: Option<&Profile>,
    recipient: &Recipient,
    lines: &[Line],
) -> Result<Reckoned, Vec<String>> {
    let mut missing = Vec::new();
    if profile.is_none() {
        missing.push(
            "Fill in the chamber details first (Chamber, Chamber details): name, address, State \
             and what numbers begin with."
                .to_owned(),
        );
    }
    if recipient.class.is_none() {
        missing.push(format!(
            "Say what GST sees in {}: open the client and choose the class. Without it nobody can \
             tell who pays the tax.",
            recipient.name
        ));
    }
    if lines.is_empty() {
        missing.push("Put a line on the bill first.".to_owned());
    }
    let (Some(profile), Some(class), false) = (profile, recipient.class, lines.is_empty()) else {
        return Err(missing);
    };
    let decided: Vec<Decision> = lines
        .iter()
        .map(|line| {
            if line.pure_agent {
                pure_agent()
            } else {
                decide(profile.supplier(), class, service(line))
            }
        })
        .collect();
    let place = place_of_supply(
        recipient.gstin.as_deref(),
        recipient.state_code.as_deref(),
        &profile.state_code,
    );
    let split = if place.code == profile.state_code { Split::Within } else { Split::Across };
    let pairs: Vec<(Paise, Treatment)> =
        lines.iter().zip(&decided).map(|(line, of)| (line.amount, of.treatment)).collect();
    let totals = totals(&pairs, rate(), split, profile.round_to_rupee);
    missing.extend(sums_below_nothing(&pairs, &totals));
    let registered = (profile.gstin.is_some(), recipient.gstin.is_some());
    let kind = match kind_of(&decided, registered) {
        Ok(kind) => kind,
        Err(why) => {
            missing.push(why);
            return Err(missing);
        }
    };
    if !missing.is_empty() {
        return Err(missing);
    }
    let mut reasons: Vec<String> = Vec::new();
    for decision in &decided {
        if !reasons.contains(&decision.reason) {
            reasons.push(decision.reason.clone());
        }
    }
    let reverse_charge = decided.iter().any(|of| of.treatment == Treatment::Reverse);
    let tax_of = |(amount, treatment): (Paise, Treatment)| match treatment {
        Treatment::Forward => tax_on(amount, rate(), split),
        _ => LineTax::default(),
    };
    let taxes: Vec<LineTax> = pairs.iter().copied().map(tax_of).collect();
    let lines = decided.into_iter().zip(taxes).collect();
    Ok(Reckoned { kind, lines, totals, reverse_charge, place, split, reasons })
}

/// A discount and what models cost belong to the fee they stand beside.
fn service(line: &Line) -> Service {
    match line.kind {
        LineKind::ModelCost => Service::Legal,
        _ => service_of(&line.sac).unwrap_or(Service::Legal),
    }
}

fn sums_below_nothing(pairs: &[(Paise, Treatment)], totals: &Totals) -> Option<String> {
    let below = Treatment::ALL.into_iter().any(|treatment| {
        let of = pairs.iter().filter(|(_, one)| *one == treatment);
        of.map(|(amount, _)| amount.0).sum::<i64>() < 0
    });
    (below || totals.total.0 <= 0).then(|| {
        "The discounts are more than what they are given on. Make them smaller, or give each the \
         class of services of what it is given on."
            .to_owned()
    })
}

/// What a bill with such lines is.
fn kind_of(
    decided: &[Decision],
    (supplier_registered, recipient_registered): (bool, bool),
) -> Result<PaperKind, String> {
    let has = |treatment| decided.iter().any(|of| of.treatment == treatment);
    let (reverse, exempt, forward) =
        (has(Treatment::Reverse), has(Treatment::Exempt), has(Treatment::Forward));
    if reverse && forward {
        return Err("Some lines are taxed in the hands of the client and some are not: put those \
                    that are no legal services on a bill of their own."
            .to_owned());
    }
    if !supplier_registered {
        return Ok(PaperKind::Invoice);
    }
    match (reverse || forward, exempt) {
        (true, true) if recipient_registered => {
            Err("Some lines are taxed and some are exempt. To \
            a registered client they go on two bills (rule 46A of the CGST Rules allows one for \
            those who are not registered): put the taxed lines on a bill of their own."
                .to_owned())
        }
        (true, true) => Ok(PaperKind::InvoiceCumBill),
        (true, false) => Ok(PaperKind::TaxInvoice),
        (false, true) => Ok(PaperKind::BillOfSupply),
        (false, false) => Ok(PaperKind::Invoice),
    }
}

#[cfg(test)]
mod tests {
    use super::super::gst::SupplierKind;
    use super::super::lines::NewLine;
    use super::super::profile::tests::profile;
    use super::*;

    fn recipient(class: Option<RecipientClass>) -> Recipient {
        Recipient {
            client_id: ClientId::new(),
            name: "Sharma Traders".to_owned(),
            address: None,
            gstin: None,
            pan: None,
            state_code: Some("07".to_owned()),
            class,
        }
    }

    fn line(kind: LineKind, paise: i64) -> Line {
        NewLine::of(kind, "work", Paise(paise)).checked().unwrap()
    }

    fn registered() -> Profile {
        Profile { gstin: Some("07AAAAA0000A1Z5".to_owned()), ..profile() }
    }

    #[test]
    fn what_is_missing_is_said_in_sentences() {
        let missing = reckon(None, &recipient(None), &[]).unwrap_err();
        assert_eq!(missing.len(), 3);
        assert!(missing[1].contains("Sharma Traders"), "{missing:?}");
    }

    #[test]
    fn fees_and_costs_laid_out_go_on_one_bill() {
        let lines = [line(LineKind::Fee, 100_000), line(LineKind::Expense, 4_500)];
        let class = Some(RecipientClass::NotBusiness);
        let bill = reckon(Some(&registered()), &recipient(class), &lines).unwrap();
        assert_eq!(bill.kind, PaperKind::BillOfSupply);
        assert_eq!((bill.totals.untaxed, bill.totals.outside), (Paise(100_000), Paise(4_500)));
        assert_eq!(bill.reasons.len(), 2);
    }

    #[test]
    fn a_business_gets_a_tax_invoice_without_tax() {
        let class = Some(RecipientClass::BusinessAbove);
        let bill = reckon(Some(&registered()), &recipient(class), &[line(LineKind::Fee, 100_000)])
            .unwrap();
        assert_eq!(bill.kind, PaperKind::TaxInvoice);
        assert!(bill.reverse_charge);
        assert_eq!(bill.totals.total, Paise(100_000));
        assert_eq!(bill.totals.recipient_tax.cgst, Paise(9_000));
    }

    #[test]
    fn a_company_adds_tax_by_the_place_of_supply() {
        let company = Profile { supplier_kind: SupplierKind::Company, ..registered() };
        let class = Some(RecipientClass::NotBusiness);
        let lines = [line(LineKind::Fee, 100_000), line(LineKind::Discount, 10_000)];
        let within = reckon(Some(&company), &recipient(class), &lines).unwrap();
        assert_eq!(within.totals.tax.cgst, Paise(8_100));
        assert_eq!(within.totals.total, Paise(106_200));
        let away = Recipient { state_code: Some("27".to_owned()), ..recipient(class) };
        let across = reckon(Some(&company), &away, &lines).unwrap();
        assert_eq!(across.totals.tax.igst, Paise(16_200));
    }

    #[test]
    fn taxed_and_exempt_lines_share_a_bill_only_without_registration() {
        let other = NewLine {
            sac: Some("998599".to_owned()),
            ..NewLine::of(LineKind::Fee, "typing", Paise(100))
        };
        let lines = [line(LineKind::Fee, 100_000), other.checked().unwrap()];
        let person = recipient(Some(RecipientClass::NotBusiness));
        let bill = reckon(Some(&registered()), &person, &lines).unwrap();
        assert_eq!(bill.kind, PaperKind::InvoiceCumBill);
        let gstin = Some("07AAAAA0000A1Z5".to_owned());
        let body = Recipient { gstin, ..person };
        assert!(reckon(Some(&registered()), &body, &lines).unwrap_err()[0].contains("46A"));
        let business = recipient(Some(RecipientClass::BusinessAbove));
        assert!(reckon(Some(&registered()), &business, &lines).is_err());
    }

    #[test]
    fn a_discount_cannot_be_more_than_the_fee() {
        let lines = [line(LineKind::Fee, 100), line(LineKind::Discount, 101)];
        let person = recipient(Some(RecipientClass::NotBusiness));
        assert!(reckon(Some(&profile()), &person, &lines).is_err());
    }
}
