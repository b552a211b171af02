//! Drafts of bills: lines are put on, ordered, changed and taken off until it is issued.
//!
//! A charge stands on one line at most, so what is on a draft is billed; taking the line
//! off, or deleting the draft, makes it unbilled again.

mod draft;
pub(in crate::billing) mod store;

use serde_json::json;

use super::amounts::part_of;
use super::lines::{COMMON_SAC, Line, LineKind, NewLine, description};
use super::reckon::reckon;
use super::{Billing, BillingError, wrong};
use crate::db::Tx;
use crate::fees::{Charge, ChargeId};
use crate::kernel::{
    CaseId, ClientId, InvoiceId, InvoiceLineId, Paise, Permission, Scope, day_in_india,
};

pub use draft::{Draft, DraftHead, LineAct, NewDraft};

/// A bill has no more lines.
const MOST_LINES: i64 = 1_000;
/// So many charges are put on a bill at once; the rest stay unbilled and go on another.
const MOST_AT_ONCE: i64 = 900;

impl Billing {
    /// Makes sure that the caller keeps the books.
    pub(super) fn keeps(scope: &Scope) -> Result<(), BillingError> {
        if scope.may(Permission::KeepBooks) { Ok(()) } else { Err(BillingError::NotAllowed) }
    }

    /// Begins a draft. The clerk's share is put on it where the case has it agreed.
    ///
    /// # Errors
    /// Fails for those who do not keep the books, when the case or client is not there for
    /// them, when the case has no client, or when a charge is billed already.
    pub async fn begin_draft(
        &self,
        scope: &Scope,
        new: NewDraft,
    ) -> Result<InvoiceId, BillingError> {
        let mut tx = self.db.write().await?;
        let case = new.case;
        let (id, client) = self.begin_draft_in(&mut tx, scope, new).await?;
        let details = json!({ "invoice": id, "case": case, "client": client });
        self.record(&mut tx, scope, "invoice.draft", details).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Begins a draft without a row in the record, which is the last thing of a transaction.
    pub(super) async fn begin_draft_in(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        new: NewDraft,
    ) -> Result<(InvoiceId, ClientId), BillingError> {
        Self::keeps(scope)?;
        let client = match (new.case, new.client) {
            (Some(case), _) => {
                let payer = super::store::payer_of(tx, scope, case).await?;
                let payer = payer.ok_or(BillingError::NotFound)?;
                payer.client_id.ok_or(BillingError::Unfit("the case has no client to bill"))?
            }
            (None, Some(client)) => client,
            (None, None) => return wrong("case", "choose the case or the client to bill"),
        };
        if !store::knows_client(tx, scope, client).await? {
            return Err(BillingError::NotFound);
        }
        let id = InvoiceId::new();
        let note = note(new.note)?;
        let terms = terms(new.terms_days)?;
        store::insert(tx, scope, (id, client, new.case), (note, terms), self.clock.now()).await?;
        let mut ordinal = 0;
        if let Some(case) = new.case {
            let fees =
                self.put_charges(tx, scope, (id, case), (&new.charges, new.all_charges)).await?;
            let (count, fees) = fees;
            ordinal = count;
            if fees.0 > 0 {
                let today = day_in_india(self.clock.now());
                let clerkage = self.fees.clerkage_in(tx, scope, case, (today, fees)).await?;
                if let Some(clerkage) = clerkage.filter(|clerkage| clerkage.amount.0 > 0) {
                    let line =
                        NewLine::of(LineKind::Clerkage, clerkage.description, clerkage.amount);
                    ordinal = after(ordinal)?;
                    store::insert_line(tx, id, &Line { ordinal, ..line.checked()? }).await?;
                }
            }
        } else if !new.charges.is_empty() {
            return wrong("charges", "charges belong to a case; choose the case to bill");
        }
        for line in new.lines {
            ordinal = after(ordinal)?;
            store::insert_line(tx, id, &Line { ordinal, ..line.checked()? }).await?;
        }
        Ok((id, client))
    }

    /// Puts charges on a draft after its lines; says how many lines there are then, and
    /// what the fees among the charges come to.
    async fn put_charges(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        (invoice, case): (InvoiceId, CaseId),
        (wanted, all): (&[ChargeId], bool),
    ) -> Result<(i64, Paise), BillingError> {
        let mut ordinal = store::last_ordinal(tx, invoice).await?;
        let mut fees = Paise(0);
        if wanted.is_empty() && !all {
            return Ok((ordinal, fees));
        }
        // Nobody changes what a charge comes to between its line and its being billed.
        self.fees.lock_charges_in(tx, case).await?;
        let open = self.fees.charges_in(tx, scope, case).await?;
        if !wanted.iter().all(|id| open.iter().any(|charge| charge.id == *id)) {
            return Err(BillingError::Unfit(
                "a charge is of another case, or stands on a bill already; choose again",
            ));
        }
        let chosen = |charge: &Charge| all || wanted.contains(&charge.id);
        for charge in open.into_iter().filter(chosen) {
            if all && ordinal >= MOST_AT_ONCE {
                break;
            }
            ordinal = after(ordinal)?;
            let (id, line) = (charge.id, Line { ordinal, ..Line::of_charge(charge) });
            if line.kind == LineKind::Fee {
                fees = fees + line.amount;
            }
            store::insert_line(tx, invoice, &line).await?;
            self.fees.bill_in(tx, scope, case, &[id], line.id).await?;
        }
        Ok((ordinal, fees))
    }

    /// Puts more on a draft: charges of its case, and lines of its own.
    ///
    /// # Errors
    /// Fails when the draft is not there for the caller or was issued, or a line does not fit.
    pub async fn add_to_draft(
        &self,
        scope: &Scope,
        id: InvoiceId,
        (charges, lines): (Vec<ChargeId>, Vec<NewLine>),
    ) -> Result<(), BillingError> {
        Self::keeps(scope)?;
        let mut tx = self.db.write().await?;
        let head = store::lock_draft(&mut tx, scope, id).await?;
        let mut ordinal = store::last_ordinal(&mut tx, id).await?;
        match (head.case_id, charges.is_empty()) {
            (Some(case), false) => {
                let put = (charges.as_slice(), false);
                ordinal = self.put_charges(&mut tx, scope, (id, case), put).await?.0;
            }
            (None, false) => return wrong("charges", "the draft is for no case"),
            (_, true) => {}
        }
        for line in lines {
            ordinal = after(ordinal)?;
            store::insert_line(&mut tx, id, &Line { ordinal, ..line.checked()? }).await?;
        }
        self.record(&mut tx, scope, "invoice.draft.change", json!({ "invoice": id })).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Puts the clerk's share of the fees on a draft, in hundredths of a percent.
    ///
    /// # Errors
    /// Fails when the draft is not there for the caller, or there is no fee to take it of.
    pub async fn add_clerkage(
        &self,
        scope: &Scope,
        id: InvoiceId,
        basis_points: i64,
    ) -> Result<(), BillingError> {
        Self::keeps(scope)?;
        if !(1..=10_000).contains(&basis_points) {
            return wrong("clerkage", "clerkage is between 0.01 and 100 percent of the fees");
        }
        let mut tx = self.db.write().await?;
        store::lock_draft(&mut tx, scope, id).await?;
        let lines = store::lines(&mut tx, id).await?;
        let of = |line: &&Line| matches!(line.kind, LineKind::Fee | LineKind::Discount);
        let fees: Paise = lines.iter().filter(of).map(|line| line.amount).sum();
        let percent = format!("{}.{:02}", basis_points / 100, basis_points % 100);
        let words = format!("Clerkage, {percent} % of {fees}");
        let line = NewLine {
            sac: Some(COMMON_SAC.to_owned()),
            ..NewLine::of(LineKind::Clerkage, words, part_of(fees, basis_points))
        };
        let ordinal = after(store::last_ordinal(&mut tx, id).await?)?;
        store::insert_line(&mut tx, id, &Line { ordinal, ..line.checked()? }).await?;
        self.record(&mut tx, scope, "invoice.draft.change", json!({ "invoice": id })).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Does something to a line of a draft.
    ///
    /// # Errors
    /// Fails when the draft or line is not there for the caller, or what is typed does not fit.
    pub async fn change_line(
        &self,
        scope: &Scope,
        (id, line): (InvoiceId, InvoiceLineId),
        act: LineAct,
    ) -> Result<(), BillingError> {
        Self::keeps(scope)?;
        let mut tx = self.db.write().await?;
        let head = store::lock_draft(&mut tx, scope, id).await?;
        let lines = store::lines(&mut tx, id).await?;
        let at = lines.iter().position(|one| one.id == line).ok_or(BillingError::NotFound)?;
        let found = &lines[at];
        match act {
            LineAct::Change { description: words, amount } => {
                let amount = changed_amount(found, amount)?;
                store::change_line(&mut tx, line, &description(&words)?, amount).await?;
            }
            LineAct::Up if at > 0 => {
                store::swap(
                    &mut tx,
                    (found.id, found.ordinal),
                    (lines[at - 1].id, lines[at - 1].ordinal),
                )
                .await?;
            }
            LineAct::Down if at + 1 < lines.len() => {
                store::swap(
                    &mut tx,
                    (found.id, found.ordinal),
                    (lines[at + 1].id, lines[at + 1].ordinal),
                )
                .await?;
            }
            LineAct::Up | LineAct::Down => {}
            LineAct::Remove => {
                let rest = lines.iter().filter(|one| one.id != line);
                self.release(&mut tx, scope, (id, head.case_id), rest).await?;
                store::delete_line(&mut tx, line).await?;
            }
        }
        self.record(&mut tx, scope, "invoice.draft.change", json!({ "invoice": id })).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Makes the charges of a bill unbilled again, but for those of the lines that stay.
    async fn release(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        (invoice, case): (InvoiceId, Option<CaseId>),
        stay: impl Iterator<Item = &Line>,
    ) -> Result<(), BillingError> {
        self.fees.release_in(tx, invoice).await?;
        for line in stay {
            if let (Some(case), Some(charge)) = (case, line.charge) {
                self.fees.bill_in(tx, scope, case, &[charge], line.id).await?;
            }
        }
        Ok(())
    }

    /// Says what stands below the lines of a draft, and the days to pay.
    ///
    /// # Errors
    /// Fails when the draft is not there for the caller, or what is typed does not fit.
    pub async fn set_draft(
        &self,
        scope: &Scope,
        id: InvoiceId,
        (text, days): (Option<String>, Option<u32>),
    ) -> Result<(), BillingError> {
        Self::keeps(scope)?;
        let (text, days) = (note(text)?, terms(days)?);
        let mut tx = self.db.write().await?;
        store::lock_draft(&mut tx, scope, id).await?;
        store::set(&mut tx, id, text, days).await?;
        self.record(&mut tx, scope, "invoice.draft.change", json!({ "invoice": id })).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Throws a draft away; what stood on it is unbilled again.
    ///
    /// # Errors
    /// Fails when it is not there for the caller, or was issued.
    pub async fn delete_draft(&self, scope: &Scope, id: InvoiceId) -> Result<(), BillingError> {
        Self::keeps(scope)?;
        let mut tx = self.db.write().await?;
        let head = store::lock_draft(&mut tx, scope, id).await?;
        self.release(&mut tx, scope, (id, head.case_id), std::iter::empty()).await?;
        for line in store::lines(&mut tx, id).await? {
            store::delete_line(&mut tx, line.id).await?;
        }
        store::delete(&mut tx, id).await?;
        self.record(&mut tx, scope, "invoice.draft.delete", json!({ "invoice": id })).await?;
        tx.commit().await?;
        Ok(())
    }

    /// A draft, with what it would come to.
    ///
    /// # Errors
    /// Fails when it is not there for the caller, or was issued.
    pub async fn draft(&self, scope: &Scope, id: InvoiceId) -> Result<Draft, BillingError> {
        Self::readable(scope)?;
        let mut tx = self.db.read().await?;
        let head = store::find_draft(&mut tx, scope, id).await?.ok_or(BillingError::NotFound)?;
        Self::draft_in(&mut tx, scope, head).await
    }

    pub(super) async fn draft_in(
        tx: &mut Tx,
        scope: &Scope,
        head: store::Head,
    ) -> Result<Draft, BillingError> {
        let store::Head { id, client_id, case_id, case_title, note, terms_days } = head;
        let recipient = store::recipient(tx, client_id).await?.ok_or(BillingError::NotFound)?;
        let profile = Self::profile_in(tx, scope.organisation()).await?;
        let lines = store::lines(tx, id).await?;
        let reckoned = reckon(profile.as_ref(), &recipient, &lines);
        let terms_days = terms_days.and_then(|days| u32::try_from(days).ok());
        Ok(Draft { id, case_id, case_title, recipient, profile, note, terms_days, lines, reckoned })
    }

    /// The drafts the caller may see, the newest first, at most 200.
    ///
    /// # Errors
    /// Fails for those who may not see money.
    pub async fn drafts(
        &self,
        scope: &Scope,
        case: Option<CaseId>,
    ) -> Result<Vec<DraftHead>, BillingError> {
        Self::readable(scope)?;
        let mut tx = self.db.read().await?;
        Ok(store::drafts(&mut tx, scope, case).await?)
    }
}

/// The place after another, while there is one.
fn after(ordinal: i64) -> Result<i64, BillingError> {
    if ordinal >= MOST_LINES {
        return wrong("description", "a bill has at most 1,000 lines; begin another for the rest");
    }
    Ok(ordinal + 1)
}

/// What a line comes to after a change: typed, unless a charge or the models say it.
fn changed_amount(line: &Line, typed: Option<Paise>) -> Result<Paise, BillingError> {
    let typed = typed.filter(|typed| typed.0 != line.amount.0.abs());
    let Some(typed) = typed else { return Ok(line.amount) };
    if !line.is_own() {
        return wrong(
            "amount",
            "this amount comes from the time or cost it stands for; give a discount instead",
        );
    }
    let line = NewLine::of(line.kind, line.description.clone(), typed).checked()?;
    Ok(line.amount)
}

fn note(text: Option<String>) -> Result<Option<String>, BillingError> {
    let text = text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    if text.as_ref().is_some_and(|text| text.chars().count() > 1_000) {
        return wrong("note", "keep the note to 1,000 characters");
    }
    Ok(text)
}

fn terms(days: Option<u32>) -> Result<Option<u32>, BillingError> {
    if days.is_some_and(|days| days > 365) {
        return wrong("terms_days", "give at most 365 days to pay");
    }
    Ok(days)
}
