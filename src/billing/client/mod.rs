//! What a client sees of the books in the portal: the bills issued to them, and nothing of
//! how they came about. A person of a client sees the bills of that client; a wall that
//! keeps them out of a case keeps its bills from them too.

mod store;

use chrono::NaiveDate;

use super::papers::{Kept, upi_link};
use super::reckon::PaperKind;
use super::{Billing, BillingError};
use crate::kernel::{InvoiceId, Paise, Permission, Scope};

/// A bill, as its client sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientInvoice {
    /// Its id.
    pub id: InvoiceId,
    /// Its number.
    pub number: String,
    /// What it is in law.
    pub kind: Option<PaperKind>,
    /// Whether it was taken back.
    pub cancelled: bool,
    /// The day of issue.
    pub issued_on: NaiveDate,
    /// When it is to be paid.
    pub due_on: Option<NaiveDate>,
    /// What was billed.
    pub total: Paise,
    /// What is still to be paid.
    pub outstanding: Paise,
    /// Whether there is a file of it.
    pub has_paper: bool,
    /// What a camera reads to pay what is open.
    pub upi: Option<String>,
}

impl Billing {
    /// The bills issued to the client who asks, the latest first, at most 500.
    ///
    /// # Errors
    /// Fails for anyone who is not a client.
    pub async fn for_client(&self, scope: &Scope) -> Result<Vec<ClientInvoice>, BillingError> {
        let Some(client) = scope.client().filter(|_| scope.may(Permission::UsePortal)) else {
            return Err(BillingError::NotAllowed);
        };
        let mut tx = self.db.read().await?;
        let profile = Self::profile_in(&mut tx, scope.organisation()).await?;
        let mut found = store::list(&mut tx, scope, client).await?;
        for invoice in &mut found {
            let upi =
                profile.as_ref().and_then(|profile| profile.upi.as_deref().zip(Some(profile)));
            invoice.upi = upi.filter(|_| invoice.outstanding > Paise(0)).map(|(upi, profile)| {
                let note = format!("INV {}", invoice.number);
                upi_link(upi, profile.name(), invoice.outstanding, &note)
            });
        }
        Ok(found)
    }

    /// The file of a bill issued to the client who asks, as it was sent. That they took it
    /// is recorded.
    ///
    /// # Errors
    /// Fails for anyone who is not a client, and for another's bill as for none.
    pub async fn paper_for_client(
        &self,
        scope: &Scope,
        id: InvoiceId,
    ) -> Result<Kept, BillingError> {
        let found = self.for_client(scope).await?;
        if !found.iter().any(|invoice| invoice.id == id) {
            return Err(BillingError::NotFound);
        }
        let mut tx = self.db.read().await?;
        let kept = self.kept_paper(&mut tx, id.uuid()).await?.ok_or(BillingError::NoPaper)?;
        drop(tx);
        let details = serde_json::json!({ "invoice": id });
        self.audit.viewed(scope, "invoice.paper.view", details).await?;
        Ok(kept)
    }
}
