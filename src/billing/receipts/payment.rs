//! What a payment is.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::{ClientId, InvoiceId, Paise, PaymentId};

/// How money came or went.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = PaymentMode)]
pub enum Mode {
    /// By UPI.
    Upi,
    /// By bank transfer.
    #[default]
    Bank,
    /// By cheque or draft.
    Cheque,
    /// In cash.
    Cash,
    /// By card.
    Card,
    /// In another way.
    Other,
}

impl Mode {
    /// Every mode.
    pub const ALL: [Self; 6] =
        [Self::Upi, Self::Bank, Self::Cheque, Self::Cash, Self::Card, Self::Other];

    /// The stored form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Upi => "upi",
            Self::Bank => "bank",
            Self::Cheque => "cheque",
            Self::Cash => "cash",
            Self::Card => "card",
            Self::Other => "other",
        }
    }

    /// In words for people.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Upi => "UPI",
            Self::Bank => "Bank transfer",
            Self::Cheque => "Cheque or draft",
            Self::Cash => "Cash",
            Self::Card => "Card",
            Self::Other => "Other",
        }
    }

    /// Reads the stored form.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.as_str() == text)
    }
}

/// A part of a payment, for one bill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PaymentPart {
    /// Which bill.
    pub invoice: InvoiceId,
    /// Money.
    pub amount: Paise,
    /// Tax held back.
    pub tds: Paise,
}

/// A payment to be entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPayment {
    /// Who paid.
    pub client: ClientId,
    /// The day it came; today when left out.
    pub received_on: Option<NaiveDate>,
    /// What came.
    pub amount: Paise,
    /// The tax the client held back for the State (Income-tax Act 1961, section 194J†).
    pub tds: Paise,
    /// How it came.
    pub mode: Mode,
    /// The number of the transfer or cheque.
    pub reference: Option<String>,
    /// Anything to be said of it.
    pub note: Option<String>,
    /// On which bills; the oldest first when empty.
    pub parts: Vec<PaymentPart>,
    /// What the form was sent with: the same again enters nothing.
    pub key: Option<String>,
}

impl NewPayment {
    /// A payment for one bill.
    #[must_use]
    pub fn on(client: ClientId, invoice: InvoiceId, amount: Paise, tds: Paise) -> Self {
        Self {
            client,
            received_on: None,
            amount,
            tds,
            mode: Mode::default(),
            reference: None,
            note: None,
            parts: vec![PaymentPart { invoice, amount, tds }],
            key: None,
        }
    }
}

/// A payment that was entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// Its id.
    pub id: PaymentId,
    /// The number of its receipt.
    pub number: String,
    /// Who paid.
    pub client_id: ClientId,
    /// Their name.
    pub client_name: String,
    /// The day it came.
    pub received_on: NaiveDate,
    /// What came.
    pub amount: Paise,
    /// Tax held back.
    pub tds: Paise,
    /// How it came.
    pub mode: Mode,
    /// The number of the transfer or cheque.
    pub reference: Option<String>,
    /// Anything said of it.
    pub note: Option<String>,
    /// The day it was taken back, and why.
    pub reversed: Option<(NaiveDate, String)>,
}
