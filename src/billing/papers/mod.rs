//! The papers a chamber sends: bills, credit notes, receipts, statements of account.
//!
//! They are made here, in process, once. The bytes of those with a number are sealed and
//! kept with their SHA-256, so that what was sent never changes.

pub(super) mod account;
pub(super) mod bill;
pub(super) mod slips;
pub(in crate::billing) mod store;

use chrono::NaiveDate;
use serde_json::Value;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::gst::Place;
use super::profile::Profile;
use super::reckon::Recipient;
use super::{Billing, BillingError};
use crate::db::Tx;
use crate::kernel::{ClientId, InvoiceId, OrganisationId, Paise};
use crate::paper::rupees;

/// What a kept paper is sealed as, before its id.
const PURPOSE: &str = "issued paper";

/// A paper to be kept.
pub(super) struct Issued<'p> {
    /// The id of the invoice, credit note or payment it is of.
    pub(super) id: Uuid,
    /// Whose it is.
    pub(super) organisation: OrganisationId,
    /// Who got it.
    pub(super) client: ClientId,
    /// The invoice, where it is one.
    pub(super) invoice: Option<InvoiceId>,
    /// Its number.
    pub(super) number: &'p str,
    /// Supplier and recipient as they were.
    pub(super) said: Value,
    /// The file.
    pub(super) bytes: &'p [u8],
}

/// A paper that was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its number.
    pub number: String,
    /// The file, a PDF.
    pub bytes: Vec<u8>,
    /// The SHA-256 of it, in hexadecimal.
    pub sha256: String,
}

impl Billing {
    /// Seals a paper and keeps it.
    pub(super) async fn keep_paper(
        &self,
        tx: &mut Tx,
        paper: Issued<'_>,
    ) -> Result<(), BillingError> {
        let sealed = self.vault.seal(&format!("{PURPOSE} of {}", paper.id), paper.bytes)?;
        let hash = hex(&Sha256::digest(paper.bytes));
        store::insert(tx, paper, (sealed, hash), self.clock.now()).await?;
        Ok(())
    }

    /// Opens a kept paper; the caller has made sure that it is open to them.
    pub(super) async fn kept_paper(
        &self,
        tx: &mut Tx,
        id: Uuid,
    ) -> Result<Option<Kept>, BillingError> {
        let Some(row) = store::find(tx, id).await? else { return Ok(None) };
        let bytes = self.vault.unseal(&format!("{PURPOSE} of {id}"), &row.sealed)?.to_vec();
        if hex(&Sha256::digest(&bytes)) != row.sha256 {
            return Err(crate::vault::VaultError::Damaged.into());
        }
        Ok(Some(Kept { number: row.number, bytes, sha256: row.sha256 }))
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A day as papers say it: `3 Nov 2026`.
pub(super) fn day(day: NaiveDate) -> String {
    day.format("%-d %b %Y").to_string()
}

/// Who sends, as lines under their name.
pub(super) fn from_lines(profile: &Profile) -> Vec<String> {
    let mut lines = vec![profile.name().to_owned()];
    if profile.trade_name.is_some() {
        lines.push(profile.legal_name.clone());
    }
    lines.extend(profile.address.lines().map(str::to_owned));
    lines.push(format!("State: {}", super::gst::state_words(&profile.state_code)));
    let named = [
        ("GSTIN", &profile.gstin),
        ("PAN", &profile.pan),
        ("Enrolment no.", &profile.enrolment),
        ("Email", &profile.email),
        ("Phone", &profile.phone),
    ];
    lines.extend(
        named.iter().filter_map(|(what, text)| text.as_ref().map(|text| format!("{what}: {text}"))),
    );
    lines
}

/// Who gets it, as lines.
pub(super) fn to_lines(recipient: &Recipient, place: Option<&Place>) -> Vec<String> {
    let mut lines = vec![recipient.name.clone()];
    lines.extend(recipient.address.iter().flat_map(|text| text.lines()).map(str::to_owned));
    if let Some(state) = &recipient.state_code {
        lines.push(format!("State: {}", super::gst::state_words(state)));
    }
    lines.extend(recipient.gstin.iter().map(|gstin| format!("GSTIN: {gstin}")));
    lines.extend(recipient.pan.iter().map(|pan| format!("PAN: {pan}")));
    lines.extend(
        place.map(|place| format!("Place of supply: {} ({})", place.words(), place.reason)),
    );
    lines
}

/// What a camera reads to pay an exact amount (NPCI's UPI linking specification†).
#[must_use]
pub fn upi_link(upi: &str, name: &str, amount: Paise, note: &str) -> String {
    let encoded = |text: &str| {
        let form: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
        form.replace('+', "%20")
    };
    format!(
        "upi://pay?pa={}&pn={}&am={}&cu=INR&tn={}",
        encoded(upi).replace("%40", "@"),
        encoded(name),
        rupees(amount),
        encoded(note)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_asks_for_the_exact_amount() {
        let link = upi_link("mehtarao@sbi", "Mehta & Rao", Paise(12_345_605), "INV MR/26-27/001");
        assert_eq!(
            link,
            "upi://pay?pa=mehtarao@sbi&pn=Mehta%20%26%20Rao&am=123456.05&cu=INR&tn=INV%20MR%2F26-27%2F001"
        );
    }

    #[test]
    fn a_hash_is_written_in_hexadecimal() {
        assert_eq!(hex(&[0, 15, 255]), "000fff");
    }
}
