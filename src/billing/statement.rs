//! The account of a client: what was billed and what settled it, between two days, with
//! what is outstanding by age. Only bills the caller may see stand in it.

use chrono::NaiveDate;

use super::drafts::store as drafts;
use super::{Billing, BillingError, Invoice, Invoices, ledger};
use crate::kernel::{ClientId, Paise, Scope, day_in_india};

/// What is outstanding, by how long its day has passed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ages {
    /// Its day has not come.
    pub not_due: Paise,
    /// Up to 30 days past.
    pub to_30: Paise,
    /// 31 to 60 days past.
    pub to_60: Paise,
    /// 61 to 90 days past.
    pub to_90: Paise,
    /// More than 90 days past.
    pub over_90: Paise,
}

impl Ages {
    /// Adds what is open on a bill, as of a day.
    pub(super) fn add(&mut self, invoice: &Invoice, today: NaiveDate) {
        let open = invoice.outstanding();
        let past = today.signed_duration_since(invoice.payable_on()).num_days();
        let age = match past {
            ..=0 => &mut self.not_due,
            1..=30 => &mut self.to_30,
            31..=60 => &mut self.to_60,
            61..=90 => &mut self.to_90,
            _ => &mut self.over_90,
        };
        *age = *age + open;
    }

    /// All of it.
    #[must_use]
    pub fn sum(&self) -> Paise {
        self.named().iter().map(|(_, paise)| *paise).sum()
    }

    /// Each age with its words.
    #[must_use]
    pub const fn named(&self) -> [(&'static str, Paise); 5] {
        [
            ("Not due yet", self.not_due),
            ("1 to 30 days", self.to_30),
            ("31 to 60 days", self.to_60),
            ("61 to 90 days", self.to_90),
            ("Over 90 days", self.over_90),
        ]
    }
}

/// A line of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementEntry {
    /// The day.
    pub on: NaiveDate,
    /// In words.
    pub what: String,
    /// What was billed.
    pub billed: Paise,
    /// What was paid, held back or taken back; below nothing for a payment that bounced.
    pub settled: Paise,
    /// What was owed after it.
    pub balance: Paise,
}

/// The account of a client between two days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Whose it is.
    pub client_id: ClientId,
    /// Their name.
    pub client_name: String,
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// What was owed before.
    pub opening: Paise,
    /// What happened, by day.
    pub entries: Vec<StatementEntry>,
    /// What is owed after.
    pub closing: Paise,
    /// What is outstanding today, by age.
    pub ages: Ages,
    /// What is held for the client, apart from fees.
    pub held: Paise,
}

impl Billing {
    /// The account of a client, for those who see whole accounts.
    ///
    /// # Errors
    /// Fails for those who do not, when the client is not there for them, and when the
    /// days are the wrong way round.
    pub async fn statement(
        &self,
        scope: &Scope,
        client: ClientId,
        (from, to): (NaiveDate, NaiveDate),
    ) -> Result<Statement, BillingError> {
        if !Self::sees_accounts(scope) {
            return Err(BillingError::NotAllowed);
        }
        if to < from {
            return super::wrong("to", "the last day is before the first");
        }
        let mut tx = self.db.read().await?;
        if !drafts::knows_client(&mut tx, scope, client).await? {
            return Err(BillingError::NotFound);
        }
        let recipient = drafts::recipient(&mut tx, client).await?.ok_or(BillingError::NotFound)?;
        let asked = Invoices { client: Some(client), cancelled: true, ..Invoices::default() };
        let invoices = super::store::invoices(&mut tx, scope, asked).await?;
        let mut moves: Vec<(NaiveDate, String, Paise, Paise)> = Vec::new();
        let mut ages = Ages::default();
        let today = day_in_india(self.clock.now());
        for invoice in &invoices {
            let number = &invoice.number;
            moves.push((invoice.issued_on, format!("Invoice {number}"), invoice.total, Paise(0)));
            for part in super::issue::settled(&mut tx, invoice.id).await? {
                let sum = part.amount + part.tds;
                moves.push((part.on, settled_words(&part, number), Paise(0), sum));
            }
            for note in super::credits::store::of_invoice(&mut tx, invoice.id).await? {
                let words = format!("Credit note {} on {number}", note.number);
                moves.push((note.on, words, Paise(0), note.amount));
            }
            if !invoice.cancelled {
                ages.add(invoice, today);
            }
        }
        moves.sort_by_key(|(on, ..)| *on);
        let (opening, entries) = run(moves, (from, to));
        let closing = entries.last().map_or(opening, |entry| entry.balance);
        let held = ledger::store::balance(&mut tx, client).await?;
        let client_name = recipient.name;
        let client_id = client;
        Ok(Statement { client_id, client_name, from, to, opening, entries, closing, ages, held })
    }

    /// The account of a client as PDF.
    ///
    /// # Errors
    /// As [`Billing::statement`], and while the chamber's details are missing.
    pub async fn statement_paper(
        &self,
        scope: &Scope,
        client: ClientId,
        span: (NaiveDate, NaiveDate),
    ) -> Result<Vec<u8>, BillingError> {
        let statement = self.statement(scope, client, span).await?;
        let mut tx = self.db.read().await?;
        let profile = Self::profile_in(&mut tx, scope.organisation()).await?;
        let profile = profile.ok_or(BillingError::Unfit(
            "fill in the chamber details first (Chamber, Chamber details)",
        ))?;
        let recipient = drafts::recipient(&mut tx, client).await?.ok_or(BillingError::NotFound)?;
        Ok(super::papers::account::set(&profile, &recipient, &statement)?)
    }
}

fn settled_words(part: &super::Settled, number: &str) -> String {
    let tds = if part.tds == Paise(0) { String::new() } else { format!(", {} TDS", part.tds) };
    match (&part.receipt, part.amount.0 + part.tds.0 < 0) {
        (Some(receipt), true) => format!("Receipt {receipt} taken back, on {number}"),
        (Some(receipt), false) => format!("Receipt {receipt} on {number}{tds}"),
        (None, _) if part.from_ledger => format!("Paid from the client's money, on {number}"),
        (None, _) => format!("Payment on {number}{tds}"),
    }
}

/// Runs moves through an account: what was owed before the first day, and each move of the
/// span with the balance after it.
fn run(
    moves: Vec<(NaiveDate, String, Paise, Paise)>,
    (from, to): (NaiveDate, NaiveDate),
) -> (Paise, Vec<StatementEntry>) {
    let mut balance = Paise(0);
    let mut opening = Paise(0);
    let mut entries = Vec::new();
    for (on, what, billed, settled) in moves {
        if on > to {
            break;
        }
        balance = Paise(balance.0 + billed.0 - settled.0);
        if on < from {
            opening = balance;
        } else {
            entries.push(StatementEntry { on, what, billed, settled, balance });
        }
    }
    (opening, entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn what_was_owed_before_and_what_moved_comes_to_what_is_owed_after() {
        let at =
            |on: &str, billed, settled| (day(on), String::new(), Paise(billed), Paise(settled));
        let moves = vec![
            at("2026-04-10", 500, 0),
            at("2026-05-01", 0, 200),
            at("2026-05-20", 100, 0),
            at("2026-06-01", 0, 400),
        ];
        let (opening, entries) = run(moves, (day("2026-05-01"), day("2026-05-31")));
        assert_eq!(opening, Paise(500));
        let balances: Vec<i64> = entries.iter().map(|entry| entry.balance.0).collect();
        assert_eq!(balances, [300, 400]);
    }

    #[test]
    fn a_debt_ages_from_the_day_after_it_is_to_be_paid() {
        let invoice = |due: &str| Invoice {
            id: crate::kernel::InvoiceId::new(),
            number: String::new(),
            cancelled: false,
            kind: None,
            client_id: ClientId::new(),
            client_name: String::new(),
            case_id: None,
            case_title: None,
            issued_on: day("2026-01-01"),
            due_on: Some(day(due)),
            total: Paise(100),
            paid: Paise(0),
            tds: Paise(0),
            credited: Paise(0),
        };
        let mut ages = Ages::default();
        for due in
            ["2026-11-22", "2026-11-21", "2026-10-23", "2026-10-22", "2026-08-24", "2026-08-23"]
        {
            ages.add(&invoice(due), day("2026-11-22"));
        }
        let by_age: Vec<i64> = ages.named().iter().map(|(_, paise)| paise.0).collect();
        assert_eq!(by_age, [100, 200, 100, 100, 100]);
        assert_eq!(ages.sum(), Paise(600));
    }
}
