//! Tax that clients held back: what is to be had from the State, by client and quarter, and
//! whether the certificate came (Form 16A†).

mod store;

use serde_json::json;

use super::drafts::store as drafts;
use super::numbers::{days_of, quarter};
use super::{Billing, BillingError, wrong};
use crate::kernel::{ClientId, Paise, Scope};

/// What a client held back in a quarter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TdsRow {
    /// Which client.
    pub client_id: ClientId,
    /// Their name.
    pub client_name: String,
    /// The financial year: `2026-27`.
    pub year: String,
    /// The quarter, from 1, which begins in April.
    pub quarter: u32,
    /// What was held back.
    pub held: Paise,
    /// The certificate: its number and amount.
    pub certificate: Option<(String, Paise)>,
}

/// A certificate that came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Whose.
    pub client: ClientId,
    /// The financial year.
    pub year: String,
    /// The quarter, from 1.
    pub quarter: u32,
    /// Its number.
    pub number: String,
    /// What it says was held back.
    pub amount: Paise,
}

impl Billing {
    /// What clients held back in a financial year, by client and quarter, for those who see
    /// whole accounts.
    ///
    /// # Errors
    /// Fails for those who do not, and for a year that is none.
    pub async fn tds(&self, scope: &Scope, year: &str) -> Result<Vec<TdsRow>, BillingError> {
        if !Self::sees_accounts(scope) {
            return Err(BillingError::NotAllowed);
        }
        let Some((from, to)) = days_of(year) else {
            return wrong("year", "a financial year is written like 2026-27");
        };
        let mut tx = self.db.read().await?;
        let certificates = store::certificates(&mut tx, scope, year).await?;
        let mut rows: Vec<TdsRow> = Vec::new();
        for (client_id, client_name, on, held) in store::held(&mut tx, scope, (from, to)).await? {
            let quarter = quarter(on);
            let at =
                rows.iter().position(|row| row.client_id == client_id && row.quarter == quarter);
            match at {
                Some(at) => rows[at].held = rows[at].held + held,
                None => rows.push(TdsRow {
                    client_id,
                    client_name,
                    year: year.to_owned(),
                    quarter,
                    held,
                    certificate: None,
                }),
            }
        }
        for row in &mut rows {
            let its =
                |one: &&Certificate| one.client == row.client_id && one.quarter == row.quarter;
            let found = certificates.iter().find(its);
            row.certificate = found.map(|one| (one.number.clone(), one.amount));
        }
        rows.retain(|row| row.held != Paise(0) || row.certificate.is_some());
        Ok(rows)
    }

    /// Enters the certificate a client gave for a quarter; a later one takes its place.
    ///
    /// # Errors
    /// Fails for those who do not keep the books, when the client is not there for them,
    /// and when what is typed does not fit.
    pub async fn enter_certificate(
        &self,
        scope: &Scope,
        new: Certificate,
    ) -> Result<(), BillingError> {
        Self::keeps(scope)?;
        let number = new.number.trim().to_owned();
        if number.is_empty() || number.chars().count() > 60 {
            return wrong("number", "say the number of the certificate, in at most 60 characters");
        }
        if days_of(&new.year).is_none() || !(1..=4).contains(&new.quarter) {
            return wrong("quarter", "choose the quarter of a financial year");
        }
        if new.amount.0 < 0 {
            return wrong("amount", "the amount is not below nothing");
        }
        let mut tx = self.db.write().await?;
        if !drafts::knows_client(&mut tx, scope, new.client).await? {
            return Err(BillingError::NotFound);
        }
        let new = Certificate { number, ..new };
        store::keep(&mut tx, scope, &new, self.clock.now()).await?;
        self.record(&mut tx, scope, "tds.certificate", json!({ "client": new.client })).await?;
        tx.commit().await?;
        Ok(())
    }
}
