//! What stands on the chamber's papers, and what the tax law sees in the chamber.

mod store;

use serde::Deserialize;
use serde_json::json;

use super::gst::{Supplier, SupplierKind};
use super::numbers::LONGEST_PREFIX;
use super::{Billing, BillingError, wrong};
use crate::db::Tx;
use crate::kernel::tax_ids::{Gstin, Pan, state_name};
use crate::kernel::{OrganisationId, Permission, Scope};

/// The chamber on paper.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// What the tax law sees in it.
    pub supplier_kind: SupplierKind,
    /// The name in law.
    pub legal_name: String,
    /// The name it goes by, where that is another.
    pub trade_name: Option<String>,
    /// Where it is.
    pub address: String,
    /// The State, as two digits of a GSTIN.
    pub state_code: String,
    /// Its GSTIN; none where it is not registered.
    pub gstin: Option<String>,
    /// Its PAN.
    pub pan: Option<String>,
    /// The number under which the advocate is enrolled.
    pub enrolment: Option<String>,
    /// Where to write.
    pub email: Option<String>,
    /// Where to call.
    pub phone: Option<String>,
    /// Whose the bank account is.
    pub bank_holder: Option<String>,
    /// The bank and branch.
    pub bank_name: Option<String>,
    /// The number of the account.
    pub bank_account: Option<String>,
    /// The IFSC of the branch.
    pub bank_ifsc: Option<String>,
    /// The UPI id that the code on invoices pays to.
    pub upi: Option<String>,
    /// What the numbers of papers begin with.
    pub prefix: String,
    /// Days to pay.
    pub terms_days: u32,
    /// Whether bills are rounded to the rupee.
    pub round_to_rupee: bool,
    /// What stands over the place to sign.
    pub signature: Option<String>,
    /// What stands at the foot of every bill.
    pub notes: Option<String>,
}

impl Profile {
    /// The supplier as the rules on GST see it.
    #[must_use]
    pub const fn supplier(&self) -> Supplier {
        Supplier { kind: self.supplier_kind, registered: self.gstin.is_some() }
    }

    /// What it is called on paper.
    #[must_use]
    pub fn name(&self) -> &str {
        self.trade_name.as_deref().unwrap_or(&self.legal_name)
    }

    /// Trims every field, empties those with nothing in them, and checks what can be.
    fn checked(self) -> Result<Self, BillingError> {
        let gstin = match some(self.gstin) {
            None => None,
            Some(text) => match Gstin::parse(&text) {
                Ok(gstin) => Some(gstin),
                Err(error) => return wrong("gstin", error.to_string()),
            },
        };
        let state_code = self.state_code.trim().to_owned();
        if state_name(&state_code).is_none() {
            return wrong("state_code", "choose the State the chamber is in");
        }
        if gstin.as_ref().is_some_and(|gstin| gstin.state_code() != state_code) {
            return wrong("gstin", "the GSTIN is of another State than the address");
        }
        let pan = match some(self.pan) {
            None => gstin.as_ref().and_then(Gstin::pan),
            Some(text) => match Pan::parse(&text) {
                Ok(pan) => Some(pan),
                Err(error) => return wrong("pan", error.to_string()),
            },
        };
        if let (Some(gstin), Some(pan)) = (gstin.as_ref().and_then(Gstin::pan), &pan)
            && gstin != *pan
        {
            return wrong("pan", "the PAN is not the one inside the GSTIN");
        }
        let legal_name = self.legal_name.trim().to_owned();
        if legal_name.is_empty() || legal_name.chars().count() > 200 {
            return wrong("legal_name", "say the chamber's name in law, in at most 200 characters");
        }
        let address = self.address.trim().to_owned();
        if address.is_empty() || address.chars().count() > 500 {
            return wrong("address", "say the chamber's address, in at most 500 characters");
        }
        let ifsc = some(self.bank_ifsc).map(|ifsc| ifsc.to_uppercase());
        if ifsc.as_deref().is_some_and(|ifsc| !is_ifsc(ifsc)) {
            return wrong("bank_ifsc", "an IFSC is four letters, a zero and six letters or digits");
        }
        let upi = some(self.upi);
        if upi.as_deref().is_some_and(|upi| !is_upi(upi)) {
            return wrong("upi", "a UPI id is a name, an @ and the bank's handle: chamber@okbank");
        }
        if self.terms_days > 365 {
            return wrong("terms_days", "give at most 365 days to pay");
        }
        Ok(Self {
            supplier_kind: self.supplier_kind,
            legal_name,
            trade_name: short("trade_name", self.trade_name, 200)?,
            address,
            state_code,
            gstin: gstin.map(|gstin| gstin.as_str().to_owned()),
            pan: pan.map(|pan| pan.as_str().to_owned()),
            enrolment: short("enrolment", self.enrolment, 60)?,
            email: short("email", self.email, 200)?,
            phone: short("phone", self.phone, 40)?,
            bank_holder: short("bank_holder", self.bank_holder, 200)?,
            bank_name: short("bank_name", self.bank_name, 200)?,
            bank_account: short("bank_account", self.bank_account, 40)?,
            bank_ifsc: ifsc,
            upi,
            prefix: prefix(&self.prefix)?,
            terms_days: self.terms_days,
            round_to_rupee: self.round_to_rupee,
            signature: short("signature", self.signature, 200)?,
            notes: short("notes", self.notes, 1_000)?,
        })
    }
}

/// What a number may begin with (CGST Rules 2017, rule 46(b)†: letters, digits, hyphen and
/// slash, sixteen characters in all).
fn prefix(text: &str) -> Result<String, BillingError> {
    let text = text.trim().to_uppercase();
    let fits = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if text.is_empty() || text.len() > LONGEST_PREFIX || !fits {
        return wrong("prefix", "numbers begin with one to four letters or digits, such as MR");
    }
    Ok(text)
}

fn some(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn short(
    field: &'static str,
    text: Option<String>,
    most: usize,
) -> Result<Option<String>, BillingError> {
    let text = some(text);
    if text.as_ref().is_some_and(|text| text.chars().count() > most) {
        return wrong(field, format!("keep it to {most} characters"));
    }
    Ok(text)
}

fn is_ifsc(text: &str) -> bool {
    let (bank, rest) = text.split_at_checked(4).unwrap_or_default();
    bank.bytes().all(|c| c.is_ascii_uppercase())
        && rest.len() == 7
        && rest.starts_with('0')
        && rest.bytes().all(|c| c.is_ascii_alphanumeric())
}

fn is_upi(text: &str) -> bool {
    let Some((name, handle)) = text.split_once('@') else { return false };
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    (2..=256).contains(&name.len())
        && (2..=64).contains(&handle.len())
        && name.chars().all(plain)
        && handle.chars().all(|c| c.is_ascii_alphanumeric())
}

impl Billing {
    /// What stands on the chamber's papers, if somebody said so yet.
    ///
    /// # Errors
    /// Fails for those who may not see money.
    pub async fn profile(&self, scope: &Scope) -> Result<Option<Profile>, BillingError> {
        if !scope.may(Permission::SetChamber) {
            Self::readable(scope)?;
        }
        let mut tx = self.db.read().await?;
        Ok(store::find(&mut tx, scope.organisation()).await?)
    }

    /// Says what stands on the chamber's papers from now on. Papers that were sent stay
    /// as they are.
    ///
    /// # Errors
    /// Fails for those who do not run the chamber, and where a field does not fit.
    pub async fn set_profile(&self, scope: &Scope, profile: Profile) -> Result<(), BillingError> {
        if !scope.may(Permission::SetChamber) {
            return Err(BillingError::NotAllowed);
        }
        let profile = profile.checked()?;
        let mut tx = self.db.write().await?;
        store::keep(&mut tx, scope, &profile, self.clock.now()).await?;
        self.record(&mut tx, scope, "chamber.change", json!({})).await?;
        tx.commit().await?;
        Ok(())
    }

    pub(super) async fn profile_in(
        tx: &mut Tx,
        organisation: OrganisationId,
    ) -> Result<Option<Profile>, BillingError> {
        Ok(store::find(tx, organisation).await?)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::billing) fn profile() -> Profile {
        Profile {
            supplier_kind: SupplierKind::Firm,
            legal_name: "Mehta & Rao".to_owned(),
            trade_name: Some(" Mehta & Rao, Advocates ".to_owned()),
            address: "B-12, Saket, New Delhi 110017".to_owned(),
            state_code: "07".to_owned(),
            gstin: None,
            pan: None,
            enrolment: Some("D/1234/2010".to_owned()),
            email: None,
            phone: None,
            bank_holder: None,
            bank_name: None,
            bank_account: None,
            bank_ifsc: Some("sbin0000001".to_owned()),
            upi: Some("mehtarao@sbi".to_owned()),
            prefix: "mr".to_owned(),
            terms_days: 30,
            round_to_rupee: false,
            signature: None,
            notes: Some("  ".to_owned()),
        }
    }

    fn refused(profile: Profile) -> &'static str {
        match profile.checked() {
            Err(BillingError::Field { field, .. }) => field,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn fields_are_trimmed_and_empty_ones_are_none() {
        let checked = profile().checked().unwrap();
        assert_eq!(checked.name(), "Mehta & Rao, Advocates");
        assert_eq!(checked.prefix, "MR");
        assert_eq!(checked.bank_ifsc.as_deref(), Some("SBIN0000001"));
        assert_eq!(checked.notes, None);
    }

    #[test]
    fn what_does_not_fit_names_its_field() {
        assert_eq!(refused(Profile { prefix: "TOOLONG".to_owned(), ..profile() }), "prefix");
        assert_eq!(refused(Profile { prefix: "A#".to_owned(), ..profile() }), "prefix");
        assert_eq!(refused(Profile { upi: Some("nobody".to_owned()), ..profile() }), "upi");
        let ifsc = Some("SBIN1000001".to_owned());
        assert_eq!(refused(Profile { bank_ifsc: ifsc, ..profile() }), "bank_ifsc");
        assert_eq!(refused(Profile { state_code: "00".to_owned(), ..profile() }), "state_code");
        let gstin = Some("27AAPFU0939F1ZV".to_owned());
        assert_eq!(refused(Profile { gstin: gstin.clone(), ..profile() }), "gstin");
        let there = Profile { state_code: "27".to_owned(), gstin, ..profile() };
        assert_eq!(there.clone().checked().unwrap().pan.as_deref(), Some("AAPFU0939F"));
        let pan = Some("AAAPL1234C".to_owned());
        assert_eq!(refused(Profile { pan, ..there }), "pan");
    }
}
