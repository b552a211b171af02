//! Reports: who owes how long, what a month brought, what each case cost and earned, and
//! what is not billed. Each counts only bills and cases the caller may see. Client money is
//! no income: it counts when it pays a bill.

mod sheets;
mod store;

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::gst::Treatment;
use super::statement::Ages;
use super::{Billing, BillingError, Invoices, wrong};
use crate::kernel::{CaseId, ClientId, Paise, Scope, day_in_india};

/// What a client owes, by age.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgeingRow {
    /// Which client.
    pub client_id: ClientId,
    /// Their name.
    pub client_name: String,
    /// What is outstanding.
    pub ages: Ages,
}

/// A case in a report.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CaseRow {
    /// Which case; none for bills that are for no case.
    pub case_id: Option<CaseId>,
    /// Its title, or the client's name for none.
    pub title: String,
    /// What its time comes to, billed or not.
    pub time: Paise,
    /// What was billed, with tax.
    pub billed: Paise,
    /// The tax in it.
    pub tax: Paise,
    /// What credit notes took back.
    pub credited: Paise,
    /// The tax in that.
    pub credited_tax: Paise,
    /// What came.
    pub collected: Paise,
    /// Tax held back.
    pub tds: Paise,
    /// What was laid out but by the client, billed or not.
    pub expenses: Paise,
    /// What language models cost.
    pub models: Paise,
}

impl CaseRow {
    /// The tax that is left of what was billed: it is the State's.
    #[must_use]
    pub fn net_tax(&self) -> Paise {
        Paise(self.tax.0 - self.credited_tax.0)
    }

    /// What is left of what was billed once the tax, what was laid out and the models are
    /// paid.
    #[must_use]
    pub fn margin(&self) -> Paise {
        let costs = self.net_tax().0 + self.credited.0 + self.expenses.0 + self.models.0;
        Paise(self.billed.0 - costs)
    }
}

/// A person in a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonRow {
    /// Their name.
    pub name: String,
    /// The time of theirs that was billed, in minutes.
    pub minutes: i64,
    /// What it came to.
    pub amount: Paise,
}

/// What was supplied under one decision on GST, for the return.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GstRow {
    /// The decision.
    pub treatment: Treatment,
    /// The bills it stands on.
    pub bills: i64,
    /// The value.
    pub value: Paise,
    /// Central tax.
    pub cgst: Paise,
    /// State tax.
    pub sgst: Paise,
    /// Integrated tax.
    pub igst: Paise,
}

/// What some days brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Monthly {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// What was billed, with tax.
    pub billed: Paise,
    /// The tax in it.
    pub tax: Paise,
    /// What credit notes took back.
    pub credited: Paise,
    /// The tax in that.
    pub credited_tax: Paise,
    /// What came for bills.
    pub collected: Paise,
    /// Tax held back.
    pub tds: Paise,
    /// What is outstanding today.
    pub outstanding: Paise,
    /// By case.
    pub cases: Vec<CaseRow>,
    /// By person, the time billed.
    pub people: Vec<PersonRow>,
    /// By decision on GST.
    pub gst: Vec<GstRow>,
}

/// What is not billed of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unbilled {
    /// The case.
    pub case_id: CaseId,
    /// Its title.
    pub case_title: String,
    /// Time and fees.
    pub work: Paise,
    /// What was laid out.
    pub expenses: Paise,
    /// What language models cost.
    pub models: Paise,
}

impl Unbilled {
    /// All of it.
    #[must_use]
    pub fn sum(&self) -> Paise {
        self.work + self.expenses + self.models
    }
}

impl Billing {
    /// What clients owe on bills the caller may see, by age, by name.
    ///
    /// # Errors
    /// Fails for those who may not see money.
    pub async fn ageing(&self, scope: &Scope) -> Result<Vec<AgeingRow>, BillingError> {
        let today = day_in_india(self.clock.now());
        let dues = self.dues(scope, Invoices::default()).await?;
        let row = |due: super::Due| {
            let mut ages = Ages::default();
            for invoice in &due.invoices {
                ages.add(invoice, today);
            }
            AgeingRow { client_id: due.client_id, client_name: due.client_name, ages }
        };
        Ok(dues.into_iter().map(row).collect())
    }

    /// What is not billed, by case, with what the models cost.
    ///
    /// # Errors
    /// Fails for those who may not see money.
    pub async fn unbilled(
        &self,
        scope: &Scope,
        case: Option<CaseId>,
    ) -> Result<Vec<Unbilled>, BillingError> {
        Self::readable(scope)?;
        let mut found: BTreeMap<(String, CaseId), Unbilled> = BTreeMap::new();
        for row in self.fees.unbilled(scope, case).await? {
            let (case_id, case_title) = (row.case_id, row.case_title);
            let (work, expenses) = (row.time + row.fees, row.expenses);
            let key = (case_title.clone(), case_id);
            let row = Unbilled { case_id, case_title, work, expenses, models: Paise(0) };
            found.insert(key, row);
        }
        let mut tx = self.db.read().await?;
        for cost in store::models(&mut tx, scope).await? {
            let wanted = case.is_none_or(|case| case == cost.case_id);
            if !wanted || cost.unbilled == 0 {
                continue;
            }
            let key = (cost.case_title.clone(), cost.case_id);
            let row = found.entry(key).or_insert_with(|| Unbilled {
                case_id: cost.case_id,
                case_title: cost.case_title,
                work: Paise(0),
                expenses: Paise(0),
                models: Paise(0),
            });
            row.models = Paise(cost.unbilled);
        }
        Ok(found.into_values().filter(|row| row.sum() != Paise(0)).collect())
    }

    /// What some days brought, a year at most.
    ///
    /// # Errors
    /// Fails for those who may not see money, and when the days are the wrong way round.
    pub async fn monthly(
        &self,
        scope: &Scope,
        (from, to): (NaiveDate, NaiveDate),
    ) -> Result<Monthly, BillingError> {
        Self::readable(scope)?;
        span(from, to)?;
        let ageing = self.ageing(scope).await?;
        let mut tx = self.db.read().await?;
        let cases = by_case(&mut tx, scope, (from, to)).await?;
        let sum = |of: fn(&CaseRow) -> Paise| cases.values().map(of).sum::<Paise>();
        Ok(Monthly {
            from,
            to,
            billed: sum(|row| row.billed),
            tax: sum(|row| row.tax),
            credited: sum(|row| row.credited),
            credited_tax: sum(|row| row.credited_tax),
            collected: sum(|row| row.collected),
            tds: sum(|row| row.tds),
            outstanding: ageing.iter().map(|row| row.ages.sum()).sum(),
            people: store::people(&mut tx, scope, (from, to)).await?,
            gst: store::gst(&mut tx, scope, (from, to)).await?,
            cases: cases.into_values().collect(),
        })
    }

    /// What each case cost and earned, from its first day on.
    ///
    /// # Errors
    /// Fails for those who may not see money.
    pub async fn by_case(&self, scope: &Scope) -> Result<Vec<CaseRow>, BillingError> {
        Self::readable(scope)?;
        let unbilled = self.fees.unbilled(scope, None).await?;
        let mut tx = self.db.read().await?;
        let always = (NaiveDate::MIN, NaiveDate::MAX);
        let mut cases = by_case(&mut tx, scope, always).await?;
        let mut spent = store::spent(&mut tx, scope).await?;
        spent.extend(store::own_expenses(&mut tx, scope).await?);
        for spent in spent {
            let row = of(&mut cases, spent.case_id, &spent.title);
            row.time = row.time + Paise(spent.time);
            row.expenses = row.expenses + Paise(spent.expenses);
        }
        for open in unbilled {
            let row = of(&mut cases, Some(open.case_id), &open.case_title);
            row.time = row.time + open.time;
        }
        for cost in store::models(&mut tx, scope).await? {
            of(&mut cases, Some(cost.case_id), &cost.case_title).models = Paise(cost.all);
        }
        Ok(cases.into_values().collect())
    }
}

type Cases = BTreeMap<(String, Option<CaseId>), CaseRow>;

/// The row of a case, made when it is not there.
fn of<'c>(cases: &'c mut Cases, case_id: Option<CaseId>, title: &str) -> &'c mut CaseRow {
    let empty = || CaseRow { case_id, title: title.to_owned(), ..CaseRow::default() };
    cases.entry((title.to_owned(), case_id)).or_insert_with(empty)
}

async fn by_case(
    tx: &mut crate::db::Tx,
    scope: &Scope,
    span: (NaiveDate, NaiveDate),
) -> Result<Cases, BillingError> {
    let mut cases = Cases::new();
    for billed in store::billed(tx, scope, span).await? {
        let row = of(&mut cases, billed.case_id, &billed.title);
        (row.billed, row.tax) = (Paise(billed.sum), Paise(billed.tax));
    }
    for came in store::collected(tx, scope, span).await? {
        let row = of(&mut cases, came.case_id, &came.title);
        (row.collected, row.tds) = (Paise(came.sum), Paise(came.tds));
    }
    for back in store::credited(tx, scope, span).await? {
        let row = of(&mut cases, back.case_id, &back.title);
        (row.credited, row.credited_tax) = (Paise(back.sum), Paise(back.tax));
    }
    Ok(cases)
}

fn span(from: NaiveDate, to: NaiveDate) -> Result<(), BillingError> {
    let days = to.signed_duration_since(from).num_days();
    if days < 0 {
        return wrong("to", "the last day is before the first");
    }
    if days > 366 {
        return wrong("to", "a report is of a year at most; choose fewer days");
    }
    Ok(())
}
