//! Time, invoices and what clients owe, for those who may see it.

use std::fmt::Write;

use super::say::{self, Told, fact};
use super::{FactError, Facts, ROWS};
use crate::billing::{Due, Invoices};
use crate::cases::CaseName;
use crate::clients::Client;
use crate::kernel::{CaseId, ClientId, Paise, Permission, Role, Scope};

/// What those are told who may not see money.
pub(super) const NOT_FOR_YOU: &str = "Time, invoices and dues are shown to admins, to billing and \
     to the advocates who lead the case. Ask one of them.";

/// Whose money is asked for.
#[derive(Debug, Clone)]
pub(super) enum Whose {
    /// That of every case whose money the caller may see.
    All,
    /// Of a case.
    Case(CaseName),
    /// Of a client.
    Client(Client),
}

impl Whose {
    fn asked(&self, unpaid: bool) -> Invoices {
        let (case, client): (Option<CaseId>, Option<ClientId>) = match self {
            Self::All => (None, None),
            Self::Case(case) => (Some(case.id), None),
            Self::Client(client) => (None, Some(client.id)),
        };
        Invoices { case, client, unpaid, cancelled: false }
    }

    fn words(&self) -> String {
        match self {
            Self::All => "the cases whose money you may see".to_owned(),
            Self::Case(case) => case.title.clone(),
            Self::Client(client) => client.name.clone(),
        }
    }
}

/// Whether the caller may see any of it.
async fn may_see(facts: &Facts, scope: &Scope, whose: &Whose) -> Result<bool, FactError> {
    if !scope.may(Permission::ReadBilling) {
        return Ok(false);
    }
    Ok(match whose {
        Whose::All => true,
        Whose::Case(case) => facts.billing.sees(scope, case.id).await?,
        Whose::Client(_) if matches!(scope.role(), Role::Admin | Role::Billing) => true,
        Whose::Client(client) => {
            let cases = facts.cases.names(scope).await?;
            for case in cases.iter().filter(|case| case.client_id == Some(client.id)) {
                if facts.billing.sees(scope, case.id).await? {
                    return Ok(true);
                }
            }
            false
        }
    })
}

/// The page of some dues; it names the cases they are of.
fn dues_page(client: Option<ClientId>, due: Option<&Due>) -> String {
    let mut page = String::from("/money?");
    if let Some(client) = client {
        let _ = write!(page, "client={client}&");
    }
    let mut cases: Vec<CaseId> =
        due.iter().flat_map(|due| &due.invoices).filter_map(|invoice| invoice.case_id).collect();
    cases.sort();
    cases.dedup();
    for case in cases {
        let _ = write!(page, "case={case}&");
    }
    page.pop();
    page
}

/// What clients owe: the sum, what is overdue, and the invoices it is made of.
pub(super) async fn dues(facts: &Facts, scope: &Scope, whose: &Whose) -> Result<Told, FactError> {
    if !may_see(facts, scope, whose).await? {
        return Ok(Told::only(NOT_FOR_YOU));
    }
    let today = facts.today();
    let found = facts.billing.dues(scope, whose.asked(true)).await?;
    if found.is_empty() {
        let text = format!("Nothing is outstanding on the issued invoices of {}.", whose.words());
        let page = match whose {
            Whose::Case(case) => say::page_of(case.id, "#money"),
            Whose::Client(client) => dues_page(Some(client.id), None),
            Whose::All => dues_page(None, None),
        };
        return Ok(Told::nothing(fact("Dues", page, &[text])));
    }
    let mut rows = 0;
    let mut told = Vec::new();
    for due in &found {
        if rows >= ROWS {
            break;
        }
        let mut sum = format!("In all {} owes {}", due.client_name, say::money(due.outstanding));
        if due.overdue > Paise(0) {
            let _ = write!(sum, ", of which {} is overdue", say::money(due.overdue));
        }
        let mut lines = vec![sum];
        for invoice in due.invoices.iter().take(ROWS - rows) {
            let case = invoice.case_title.as_ref().map(|case| format!(" ({case})"));
            lines.push(format!("{}{}", say::invoice(invoice, today), case.unwrap_or_default()));
        }
        rows += due.invoices.len();
        let page = match whose {
            Whose::Case(case) => say::page_of(case.id, "#money"),
            _ => dues_page(Some(due.client_id), Some(due)),
        };
        told.push(fact(&format!("Dues of {}", due.client_name), page, &lines));
    }
    Ok(Told::of(told, rows > ROWS))
}

/// The issued invoices, those of each case together.
pub(super) async fn invoices(
    facts: &Facts,
    scope: &Scope,
    whose: &Whose,
    unpaid: bool,
) -> Result<Told, FactError> {
    if !may_see(facts, scope, whose).await? {
        return Ok(Told::only(NOT_FOR_YOU));
    }
    let today = facts.today();
    let mut found = facts.billing.invoices(scope, whose.asked(unpaid)).await?;
    let cut = found.len() > ROWS;
    found.truncate(ROWS);
    if found.is_empty() {
        let which = if unpaid { "unpaid " } else { "" };
        let text = format!("There is no {which}invoice of {}.", whose.words());
        let page = match whose {
            Whose::Case(case) => say::page_of(case.id, "#money"),
            Whose::Client(client) => dues_page(Some(client.id), None),
            Whose::All => dues_page(None, None),
        };
        return Ok(Told::nothing(fact("Invoices", page, &[text])));
    }
    let mut told: Vec<(String, String, Vec<String>)> = Vec::new();
    for invoice in &found {
        let page = invoice.case_id.map_or_else(
            || dues_page(Some(invoice.client_id), None),
            |case| say::page_of(case, "#money"),
        );
        let line = say::invoice(invoice, today);
        if let Some((_, _, lines)) = told.iter_mut().find(|(known, ..)| *known == page) {
            lines.push(line);
        } else {
            let about = invoice.case_title.as_ref().unwrap_or(&invoice.client_name);
            let title = format!("Invoices to {} in {about}", invoice.client_name);
            told.push((page, title, vec![line]));
        }
    }
    let told = told.into_iter().map(|(page, title, lines)| fact(&title, page, &lines));
    Ok(Told::of(told.collect(), cut))
}

/// The time not billed yet, by case.
pub(super) async fn unbilled(
    facts: &Facts,
    scope: &Scope,
    case: Option<&CaseName>,
) -> Result<Told, FactError> {
    let whose = case.map_or(Whose::All, |case| Whose::Case(case.clone()));
    if !may_see(facts, scope, &whose).await? {
        return Ok(Told::only(NOT_FOR_YOU));
    }
    let found = facts.fees.unbilled(scope, case.map(|case| case.id)).await?;
    if found.is_empty() {
        let text = format!("No time is unbilled in {}.", whose.words());
        let page =
            case.map_or_else(|| dues_page(None, None), |case| say::page_of(case.id, "#money"));
        return Ok(Told::nothing(fact("Unbilled time", page, &[text])));
    }
    let (mut rows, mut cut) = (0, false);
    let mut told = Vec::new();
    for unbilled in &found {
        let left = ROWS.saturating_sub(rows);
        let mut lines = Vec::new();
        if !unbilled.entries.is_empty() {
            let (minutes, time) = (say::minutes(unbilled.minutes), say::money(unbilled.time));
            lines.push(format!("In all {minutes} are unbilled, {time}"));
        }
        for (what, amount) in [("Fees", unbilled.fees), ("Expenses", unbilled.expenses)] {
            if amount > Paise(0) {
                lines.push(format!("{what} that are not billed: {}", say::money(amount)));
            }
        }
        lines.extend(unbilled.entries.iter().take(left).map(say::time));
        cut |= unbilled.entries.len() > left;
        rows += unbilled.entries.len();
        let title = format!("Unbilled time in {}", unbilled.case_title);
        told.push(fact(&title, say::page_of(unbilled.case_id, "#money"), &lines));
        if told.len() >= ROWS {
            cut = true;
            break;
        }
    }
    Ok(Told::of(told, cut))
}
