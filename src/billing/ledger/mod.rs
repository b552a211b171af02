//! Client money: what the chamber holds for a client, apart from its fees.
//!
//! Every change is an entry with the balance after it; nothing is erased. What is held never
//! falls below nothing, however many spend at once: the row of the balance is locked, and
//! the database refuses the rest. It becomes income only when it pays a bill, which needs
//! the client's word.

pub(in crate::billing) mod store;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::amounts::MOST;
use super::drafts::store as drafts;
use super::numbers::is_mistyped;
use super::receipts::Mode;
use super::{Billing, BillingError, wrong};
use crate::db::Tx;
use crate::kernel::{
    CaseId, ClientId, InvoiceId, LedgerEntryId, Paise, PaymentId, Scope, day_in_india,
};

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = LedgerEntryKind)]
pub enum EntryKind {
    /// Paid ahead for fees.
    Advance,
    /// Given for court fees and other costs.
    CourtFee,
    /// Spent for the client.
    Spent,
    /// Used to pay a bill.
    Applied,
    /// Given back to the client.
    Refunded,
    /// A payment that put money in was taken back.
    Returned,
}

impl EntryKind {
    /// Every kind.
    pub const ALL: [Self; 6] =
        [Self::Advance, Self::CourtFee, Self::Spent, Self::Applied, Self::Refunded, Self::Returned];

    /// The stored form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Advance => "advance",
            Self::CourtFee => "court_fee",
            Self::Spent => "spent",
            Self::Applied => "applied",
            Self::Refunded => "refunded",
            Self::Returned => "returned",
        }
    }

    /// In words for people.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Advance => "Advance received",
            Self::CourtFee => "Received for court fees and costs",
            Self::Spent => "Spent for the client",
            Self::Applied => "Used to pay a bill",
            Self::Refunded => "Given back",
            Self::Returned => "Payment taken back",
        }
    }

    /// Reads the stored form.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// Whether a person enters it, and whether it brings money in: `Some(true)` in,
    /// `Some(false)` out.
    const fn entered(self) -> Option<bool> {
        match self {
            Self::Advance | Self::CourtFee => Some(true),
            Self::Spent | Self::Refunded => Some(false),
            Self::Applied | Self::Returned => None,
        }
    }
}

/// An entry to be made by a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEntry {
    /// What it is: an advance, money for court fees, spent, or given back.
    pub kind: EntryKind,
    /// The day; today when left out.
    pub on: Option<NaiveDate>,
    /// How much, above nothing.
    pub amount: Paise,
    /// What for.
    pub description: String,
    /// In which case.
    pub case: Option<CaseId>,
    /// How it came or went.
    pub mode: Option<Mode>,
    /// The number of the transfer or cheque.
    pub reference: Option<String>,
    /// What the form was sent with: the same again enters nothing.
    pub key: Option<String>,
}

/// An entry, ready to be made; its amount is below nothing when money goes out.
pub(super) struct Entry<'e> {
    pub(super) client: ClientId,
    pub(super) kind: EntryKind,
    pub(super) on: NaiveDate,
    pub(super) amount: Paise,
    pub(super) description: &'e str,
    pub(super) case: Option<CaseId>,
    pub(super) mode: Option<Mode>,
    pub(super) reference: Option<&'e str>,
    pub(super) consent: Option<&'e str>,
    pub(super) invoice: Option<InvoiceId>,
    pub(super) receipt: Option<PaymentId>,
    pub(super) key: Option<&'e str>,
}

impl Entry<'_> {
    /// An entry of a client with nothing said yet.
    pub(super) const fn of(client: ClientId) -> Self {
        Self {
            client,
            kind: EntryKind::Advance,
            on: NaiveDate::MIN,
            amount: Paise(0),
            description: "",
            case: None,
            mode: None,
            reference: None,
            consent: None,
            invoice: None,
            receipt: None,
            key: None,
        }
    }
}

/// An entry that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerEntry {
    /// Its id.
    pub id: LedgerEntryId,
    /// What it is.
    pub kind: EntryKind,
    /// The day.
    pub on: NaiveDate,
    /// How much; below nothing when money went out.
    pub amount: Paise,
    /// What was held after it.
    pub balance: Paise,
    /// What for.
    pub description: String,
    /// In which case.
    pub case_title: Option<String>,
    /// The number of the transfer or cheque.
    pub reference: Option<String>,
    /// How the client agreed that it pays a bill.
    pub consent: Option<String>,
}

/// What is held for a client.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    /// What is held now.
    pub balance: Paise,
    /// The entries, the latest first, at most 500.
    pub entries: Vec<LedgerEntry>,
}

impl Billing {
    /// Makes an entry under the lock of the client's balance.
    pub(super) async fn enter(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        entry: Entry<'_>,
    ) -> Result<LedgerEntryId, BillingError> {
        store::lock(tx, scope, entry.client).await?;
        if store::change(tx, entry.client, entry.amount).await? != 1 {
            let held = store::balance(tx, entry.client).await?;
            return wrong("amount", format!("only {held} is held for the client"));
        }
        let id = LedgerEntryId::new();
        match store::insert(tx, scope, id, &entry, self.clock.now()).await {
            Err(error) if error.is_conflict() => Err(BillingError::Unfit(
                "the same form was sent for another client; load the page again",
            )),
            entered => Ok(entered.map(|()| id)?),
        }
    }

    /// Enters money of a client that came, was spent, or was given back.
    ///
    /// # Errors
    /// Fails for those who do not keep the books, when the client is not there for them,
    /// when more would go out than is held, and when what is typed does not fit.
    pub async fn enter_ledger(
        &self,
        scope: &Scope,
        client: ClientId,
        new: NewEntry,
    ) -> Result<LedgerEntryId, BillingError> {
        Self::keeps(scope)?;
        let today = day_in_india(self.clock.now());
        let on = new.on.unwrap_or(today);
        if on > today {
            return wrong("on", "the day lies ahead; enter it when it happened");
        }
        if is_mistyped(on) {
            return wrong("on", "the day lies before July 2017; look at the year");
        }
        if new.amount.0 <= 0 || new.amount.0 > MOST {
            return wrong("amount", "say how much, more than nothing");
        }
        let Some(comes_in) = new.kind.entered() else {
            return wrong("kind", "choose what happened: received, spent or given back");
        };
        let description = super::lines::description(&new.description)?;
        let mut tx = self.db.write().await?;
        if !drafts::knows_client(&mut tx, scope, client).await? {
            return Err(BillingError::NotFound);
        }
        if let Some(case) = new.case
            && super::store::payer_of(&mut tx, scope, case)
                .await?
                .is_none_or(|payer| payer.client_id != Some(client))
        {
            return wrong("case", "the case is not one of the client");
        }
        store::lock(&mut tx, scope, client).await?;
        if let Some(id) = store::by_key(&mut tx, scope, new.key.as_deref()).await? {
            return Ok(id);
        }
        let entry = Entry {
            kind: new.kind,
            on,
            amount: Paise(if comes_in { new.amount.0 } else { -new.amount.0 }),
            description: &description,
            case: new.case,
            mode: new.mode,
            reference: new.reference.as_deref(),
            key: new.key.as_deref(),
            ..Entry::of(client)
        };
        let id = self.enter(&mut tx, scope, entry).await?;
        let details = json!({ "entry": id, "client": client, "case": new.case });
        self.record(&mut tx, scope, "ledger.enter", details).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Pays a bill from the money held for its client, who agreed to it. With a key that was
    /// used before, gives what was entered then.
    ///
    /// # Errors
    /// Fails for those who do not keep the books, when the bill is not there for them, when
    /// less is open or held, and without a word on how the client agreed.
    pub async fn apply_advance(
        &self,
        scope: &Scope,
        invoice: InvoiceId,
        (amount, consent, key): (Paise, &str, Option<&str>),
    ) -> Result<LedgerEntryId, BillingError> {
        Self::keeps(scope)?;
        let consent = consent.trim();
        if consent.is_empty() || consent.chars().count() > 500 {
            return wrong(
                "consent",
                "say how and when the client agreed: their money pays a bill only then",
            );
        }
        let mut tx = self.db.write().await?;
        let found = super::store::invoice(&mut tx, scope, invoice).await?;
        let client = found.ok_or(BillingError::NotFound)?.client_id;
        store::lock(&mut tx, scope, client).await?;
        if let Some(id) = store::by_key(&mut tx, scope, key).await? {
            return Ok(id);
        }
        let found = super::store::lock_issued(&mut tx, scope, invoice).await?;
        let found = found.ok_or(BillingError::NotFound)?;
        if amount.0 <= 0 || amount > found.outstanding() {
            return wrong("amount", format!("{} is open on the bill", found.outstanding()));
        }
        let on = day_in_india(self.clock.now());
        let words = format!("Invoice {}", found.number);
        let entry = Entry {
            kind: EntryKind::Applied,
            on,
            amount: Paise(-amount.0),
            description: &words,
            case: found.case_id,
            consent: Some(consent),
            invoice: Some(invoice),
            key,
            ..Entry::of(found.client_id)
        };
        let id = self.enter(&mut tx, scope, entry).await?;
        store::pay(&mut tx, scope, (invoice, id), (on, amount)).await?;
        let details = json!({ "entry": id, "invoice": invoice, "client": found.client_id });
        self.record(&mut tx, scope, "ledger.apply", details).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// What is held for a client, for those who see whole accounts.
    ///
    /// # Errors
    /// Fails for those who do not, and when the client is not there for them.
    pub async fn ledger(&self, scope: &Scope, client: ClientId) -> Result<Ledger, BillingError> {
        if !Self::sees_accounts(scope) {
            return Err(BillingError::NotAllowed);
        }
        let mut tx = self.db.read().await?;
        if !drafts::knows_client(&mut tx, scope, client).await? {
            return Err(BillingError::NotFound);
        }
        Ok(Ledger {
            balance: store::balance(&mut tx, client).await?,
            entries: store::entries(&mut tx, scope, client).await?,
        })
    }
}
