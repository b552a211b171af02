//! The money of a case.

use axum::extract::{Path, Query, State};
use serde::Deserialize;

use super::time::time_row;
use crate::app::App;
use crate::billing::BillingError;
use crate::fees::{
    AgreedFee, Agreement, Charge, ChargeKind, Expense, ExpenseQuery, Fee, FeeError, FeeModel,
    FeeStatus, PaidBy, TimeQuery, Whose,
};
use crate::kernel::permission::permit::ReadCases;
use crate::kernel::{CaseId, Paise, Permission, day_in_india};
use crate::web::Area;
use crate::web::cases::CaseTab;
use crate::web::fees::{
    AgreementCard, CaseMoneyPage, ExpenseRow, FeeRow, MoneySide, RetainerLine, StageRow,
};
use crate::web::routes::billing::of_case;
use crate::web::routes::{Allowed, Failure, Viewer};
use crate::web::show::Day;

#[derive(Deserialize)]
pub(super) struct Shown {
    #[serde(default)]
    missing: String,
}

pub(super) async fn show(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadCases>,
    Path(case): Path<CaseId>,
    Query(Shown { missing }): Query<Shown>,
) -> Result<CaseMoneyPage, Failure> {
    let scope = viewer.scope();
    let fail = |error: FeeError| viewer.failure(error);
    let tabs = viewer.case_tabs(&app, case, CaseTab::Money).await?;
    let sees = app.fees.sees(scope, case).await.map_err(fail)?;
    let keeps = scope.may(Permission::KeepTime);
    // Who sees no money and enters no time finds nothing here.
    if !(sees || keeps && scope.opens(case)) {
        return Err(viewer.not_found());
    }
    let whose = if sees { Whose::Team } else { Whose::Own };
    let asked = TimeQuery { whose, case: Some(case), from: None, to: None };
    let mut time = app.fees.time(scope, asked).await.map_err(fail)?;
    time.retain(|entry| !entry.is_billed);
    time.reverse();
    let missing = !missing.is_empty();
    let asked = ExpenseQuery { case: Some(case), missing_receipt: missing };
    let expenses = app.fees.expenses(scope, asked).await.map_err(fail)?;
    let side = if sees { Some(side(&app, &viewer, case).await?) } else { None };
    Ok(CaseMoneyPage {
        layout: viewer.layout("Money", Area::Cases),
        tabs,
        case,
        may_enter: keeps && scope.works_on(case),
        side,
        time: time.into_iter().map(|entry| time_row(entry, sees)).collect(),
        expenses: expenses.into_iter().map(expense_row).collect(),
        missing,
    })
}

/// What those see who see the money of a case.
async fn side(app: &App, viewer: &Viewer, case: CaseId) -> Result<MoneySide, Failure> {
    let scope = viewer.scope();
    let fail = |error: FeeError| viewer.failure(error);
    let today = day_in_india(app.clock.now());
    let charges = app.fees.charges(scope, case).await.map_err(fail)?;
    let proposed = app.fees.proposed(scope, Some(case)).await.map_err(fail)?;
    let estimates = app.fees.estimates(scope, case).await.map_err(fail)?;
    let retainer = retainer(app, viewer, case).await?;
    let agreements = app.fees.agreements(scope, case).await.map_err(fail)?;
    let fees = app.fees.fees_of(scope, case).await.map_err(fail)?;
    let (invoices, drafts) = of_case(app, viewer, case).await?;
    let estimates = estimates.into_iter().map(|one| {
        let words = format!("{} charged of an estimate of {}", one.used, one.cap);
        (words, one.percent(), one.is_near())
    });
    Ok(MoneySide {
        unbilled: sums(&charges),
        proposed: proposed.len(),
        estimates: estimates.collect(),
        retainer,
        agreements: agreements.into_iter().map(|one| card(one, Day(today))).collect(),
        fees: fees.into_iter().map(fee_row).collect(),
        invoices,
        drafts,
    })
}

/// The retainer agreed in a case, beside the money held for its client, for those who see
/// whole accounts.
async fn retainer(
    app: &App,
    viewer: &Viewer,
    case: CaseId,
) -> Result<Option<RetainerLine>, Failure> {
    let scope = viewer.scope();
    let agreed = app.fees.retainer(scope, case).await.map_err(|error| viewer.failure(error))?;
    let Some(agreed) = agreed else { return Ok(None) };
    let file = app.cases.find(scope, case).await.map_err(|error| viewer.failure(error))?;
    let held = match file.client_id {
        Some(client) => match app.billing.ledger(scope, client).await {
            Ok(ledger) => Some((ledger.balance, client)),
            Err(BillingError::NotAllowed | BillingError::NotFound) => None,
            Err(error) => return Err(viewer.failure(error)),
        },
        None => None,
    };
    Ok(Some(RetainerLine {
        agreed: agreed.agreed.to_string(),
        waiting: agreed.waiting.to_string(),
        is_short: held.is_some_and(|(held, _)| held < agreed.waiting),
        held: held.map(|(held, client)| (held.to_string(), client)),
    }))
}

/// What charges come to, by what they are for, and in all.
fn sums(charges: &[Charge]) -> Vec<(&'static str, String)> {
    let sum = |of: &dyn Fn(&Charge) -> bool| -> Paise {
        charges.iter().filter(|charge| of(charge)).map(|charge| charge.amount).sum()
    };
    let rows = [
        ("Time", sum(&|charge| charge.minutes.is_some())),
        ("Fees", sum(&|charge| charge.kind == ChargeKind::Fee && charge.minutes.is_none())),
        ("Expenses", sum(&|charge| charge.kind == ChargeKind::Expense)),
        ("Seniors", sum(&|charge| charge.kind == ChargeKind::SeniorFee)),
    ];
    let rows = rows.into_iter().filter(|(_, amount)| *amount > Paise(0));
    let all = ("In all", sum(&|_| true));
    rows.chain([all]).map(|(words, amount)| (words, amount.to_string())).collect()
}

fn expense_row(expense: Expense) -> ExpenseRow {
    let known = expense.known;
    let mut notes = vec![match known.paid_by {
        PaidBy::Chamber => "paid by the chamber".to_owned(),
        PaidBy::Member => format!("paid by {}", expense.added_by),
        PaidBy::Client => "paid by the client".to_owned(),
    }];
    if !known.recoverable && known.paid_by != PaidBy::Client {
        notes.push("not paid back".to_owned());
    }
    if known.pure_agent {
        notes.push("as pure agent".to_owned());
    }
    if expense.is_billed {
        notes.push("on an invoice".to_owned());
    }
    ExpenseRow {
        id: expense.id,
        day: Day(known.on),
        kind: known.kind.words(),
        description: known.description,
        amount: known.amount.to_string(),
        notes,
        has_receipt: expense.receipt.is_some(),
    }
}

fn fee_row(fee: Fee) -> FeeRow {
    let mut notes = vec![fee.kind.words().to_owned()];
    match fee.status {
        FeeStatus::Declined => notes.push("not billed".to_owned()),
        FeeStatus::Confirmed if fee.is_billed => notes.push("on an invoice".to_owned()),
        FeeStatus::Confirmed => {}
    }
    notes.extend(fee.agreed.map(|agreed| format!("agreed {agreed}")));
    notes.extend(fee.reason);
    notes.push(format!("decided by {}", fee.decided_by));
    FeeRow {
        id: fee.id,
        day: Day(fee.on),
        description: fee.description,
        amount: fee.amount.to_string(),
        notes,
        may_take_back: !fee.is_billed,
    }
}

fn card(agreement: Agreement, today: Day) -> AgreementCard {
    let stands = agreement.stands_on(today.0);
    let mut notes = Vec::new();
    if agreement.gst_extra {
        notes.push("GST comes on top where it applies".to_owned());
    }
    notes.extend(agreement.cap.map(|cap| format!("estimated at {cap}")));
    notes.extend(agreement.note);
    notes.push(format!("entered by {}", agreement.added_by));
    let open = |fee: &&AgreedFee| fee.line.model == FeeModel::Stage && fee.done_on.is_none();
    let stages = agreement
        .lines
        .iter()
        .filter(open)
        .map(|fee| StageRow { id: fee.id, name: fee.line.description.clone().unwrap_or_default() });
    AgreementCard {
        id: agreement.id,
        agreed: Day(agreement.agreed_on),
        from: Day(agreement.valid_from),
        to: agreement.valid_to.map(Day),
        stands,
        letter: agreement.letter,
        notes,
        stages: if stands { stages.collect() } else { Vec::new() },
        lines: agreement.lines.iter().map(line).collect(),
    }
}

/// A line of an agreement: what for, and how much.
fn line(fee: &AgreedFee) -> (String, String) {
    let line = &fee.line;
    let mut what = line.description.clone().unwrap_or_default();
    if what != line.model.words() {
        what = format!("{}: {what}", line.model.words());
    }
    let mut amounts: Vec<String> = line.amount.iter().map(Paise::to_string).collect();
    amounts.extend(line.unit.map(|unit| format!("for each {}", unit.as_str())));
    amounts.extend(line.not_reached.map(|amount| format!("not reached {amount}")));
    amounts.extend(line.adjourned.map(|amount| format!("adjourned {amount}")));
    amounts.extend(
        line.basis_points.map(|points| {
            format!("{}.{:02} % of the fees of an invoice", points / 100, points % 100)
        }),
    );
    amounts.extend(line.due_on.map(|due| format!("due on {}", Day(due))));
    amounts.extend(fee.done_on.map(|done| format!("reached on {}", Day(done))));
    (what, amounts.join("; "))
}
