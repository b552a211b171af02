//! What a draft is.

use crate::billing::gst::RecipientClass;
use crate::billing::lines::{Line, NewLine};
use crate::billing::profile::Profile;
use crate::billing::reckon::{Recipient, Reckoned};
use crate::fees::ChargeId;
use crate::kernel::{CaseId, ClientId, InvoiceId, Paise};

/// A draft to be begun, for a case or for a client.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewDraft {
    /// The case, whose client pays.
    pub case: Option<CaseId>,
    /// Or the client, for no case.
    pub client: Option<ClientId>,
    /// The charges of the case to put on it; with `all_charges`, every one.
    pub charges: Vec<ChargeId>,
    /// Whether all that is unbilled of the case is put on it.
    pub all_charges: bool,
    /// Lines of its own.
    pub lines: Vec<NewLine>,
    /// What is said below the lines.
    pub note: Option<String>,
    /// Days to pay; the chamber's when left out.
    pub terms_days: Option<u32>,
}

/// A draft of a bill.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Its id.
    pub id: InvoiceId,
    /// For which case.
    pub case_id: Option<CaseId>,
    /// The case's title.
    pub case_title: Option<String>,
    /// Who pays, as the tables have them now.
    pub recipient: Recipient,
    /// The chamber on paper, once somebody said.
    pub profile: Option<Profile>,
    /// What is said below the lines.
    pub note: Option<String>,
    /// Days to pay, where they are not the chamber's.
    pub terms_days: Option<u32>,
    /// The lines.
    pub lines: Vec<Line>,
    /// What it would come to; or what is missing, a sentence each.
    pub reckoned: Result<Reckoned, Vec<String>>,
}

impl Draft {
    /// What the lines come to, before tax.
    #[must_use]
    pub fn sum(&self) -> Paise {
        self.lines.iter().map(|line| line.amount).sum()
    }

    /// What is odd about the client as GST sees them, a sentence each. It can be right, and
    /// keeps nothing from being issued.
    #[must_use]
    pub fn doubts(&self) -> Vec<String> {
        let Recipient { name, class, gstin, state_code, .. } = &self.recipient;
        let mut found = Vec::new();
        match (class, gstin) {
            (Some(RecipientClass::BusinessAbove), None) => found.push(format!(
                "{name} is entered as a business above the threshold, and no GSTIN of theirs is on \
                 record. It stands on a bill to whoever is registered (CGST Rules 2017, rule \
                 46(d)†). Open the client and enter it, or look at the class."
            )),
            (Some(RecipientClass::BusinessBelow | RecipientClass::NotBusiness), Some(_)) => {
                found.push(format!(
                    "{name} has a GSTIN, and is entered as no business or as one below the \
                     threshold, which decides who pays the tax. Open the client and look at the \
                     class."
                ));
            }
            _ => {}
        }
        if gstin.is_none() && state_code.is_none() {
            found.push(format!(
                "No State is on record for {name}, and the place of supply is taken to be the \
                 chamber’s own. Open the client and enter it. What goes to clients abroad is not \
                 decided here."
            ));
        }
        found
    }
}

/// A draft in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftHead {
    /// Its id.
    pub id: InvoiceId,
    /// Who pays.
    pub client_name: String,
    /// The case's title.
    pub case_title: Option<String>,
    /// What its lines come to, before tax.
    pub sum: Paise,
}

/// What is done to a line of a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LineAct {
    /// Its words are changed, and its amount where that may be typed.
    Change {
        /// The new words.
        description: String,
        /// The new amount, above nothing.
        amount: Option<Paise>,
    },
    /// It goes before the one above it.
    Up,
    /// It goes after the one below it.
    Down,
    /// It is taken off.
    Remove,
}
