//! The days of the sample chamber: parties, hearings, deadlines, time, an invoice.

use std::collections::BTreeMap;

use anyhow::Context;
use chrono::{Days, NaiveDate};
use serde::Deserialize;

use crate::app::App;
use crate::billing::{Issue, LineKind, NewLine, NewPayment};
use crate::cases::NewParty;
use crate::deadlines::{NewTask, TaskKind};
use crate::fees::{ExpenseKind, FeeModel, NewAgreedFee, NewAgreement, NewExpense, NewTime, PaidBy};
use crate::hearings::{HearingOutcome, NewHearing};
use crate::kernel::{CaseId, Paise, Scope, UserId, day_in_india};

/// What happens in a case, beside its papers.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SampleDays {
    #[serde(default)]
    parties: Vec<NewParty>,
    #[serde(default)]
    hearings: Vec<SampleHearing>,
    #[serde(default)]
    tasks: Vec<SampleTask>,
    #[serde(default)]
    time: Vec<SampleTime>,
    #[serde(default)]
    expenses: Vec<SampleExpense>,
    fees: Option<SampleFees>,
    /// What somebody's stopped timer was for.
    draft: Option<SampleDraft>,
    #[serde(default)]
    invoices: Vec<SampleInvoice>,
}

/// A day: of the calendar, or counted from the day the chamber is set up.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum When {
    On(toml::value::Datetime),
    InDays(u64),
    DaysAgo(u64),
}

impl When {
    pub(super) fn day(self, today: NaiveDate) -> anyhow::Result<NaiveDate> {
        match self {
            Self::On(day) => day.to_string().parse().context("a day of the sample"),
            Self::InDays(days) => today.checked_add_days(Days::new(days)).context("a day too far"),
            Self::DaysAgo(days) => {
                today.checked_sub_days(Days::new(days)).context("a day too long ago")
            }
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SampleHearing {
    day: When,
    bench: Option<String>,
    court_hall: Option<String>,
    item: Option<String>,
    stage: Option<String>,
    purpose: Option<String>,
    outcome: Option<HearingOutcome>,
    note: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SampleTask {
    kind: TaskKind,
    title: String,
    day: When,
    /// The email of whom it is given to.
    assignee: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SampleTime {
    /// The email of who worked.
    by: String,
    day: When,
    minutes: u32,
    rupees_per_hour: i64,
    what: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SampleExpense {
    /// The email of who entered it.
    by: String,
    day: When,
    kind: ExpenseKind,
    rupees: i64,
    what: String,
}

/// What was agreed for an appearance, in rupees.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SampleFees {
    agreed: When,
    appearance: i64,
    not_reached: i64,
    adjourned: i64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SampleDraft {
    /// The email of whose timer it is.
    by: String,
    what: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SampleInvoice {
    issued: When,
    due: When,
    lines: Vec<SampleLine>,
    #[serde(default)]
    payments: Vec<SamplePayment>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SampleLine {
    kind: LineKind,
    what: String,
    rupees: i64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SamplePayment {
    day: When,
    rupees: i64,
    tds_rupees: i64,
}

pub(super) fn paise(rupees: i64) -> Paise {
    Paise(rupees.saturating_mul(100))
}

/// Enters the days of a case, each by who would.
pub(super) async fn add(
    app: &App,
    (admin, member): (&Scope, &Scope),
    case: CaseId,
    sample: &SampleDays,
    users: &BTreeMap<String, UserId>,
) -> anyhow::Result<()> {
    let today = day_in_india(app.clock.now());
    for party in &sample.parties {
        app.cases.add_party(member, case, party.clone()).await?;
    }
    for hearing in &sample.hearings {
        let new = NewHearing {
            bench: hearing.bench.clone(),
            court_hall: hearing.court_hall.clone(),
            item: hearing.item.clone(),
            stage: hearing.stage.clone(),
            purpose: hearing.purpose.clone(),
            outcome: hearing.outcome,
            note: hearing.note.clone(),
            ..NewHearing::on(hearing.day.day(today)?)
        };
        app.hearings.add(member, case, new).await?;
    }
    for task in &sample.tasks {
        let assignee = users.get(&task.assignee);
        let assignee = assignee.with_context(|| format!("no user `{}`", task.assignee))?;
        let new = NewTask {
            case: Some(case),
            kind: task.kind,
            title: task.title.clone(),
            note: None,
            due_on: Some(task.day.day(today)?),
            assignee: Some(*assignee),
            source: None,
        };
        app.deadlines.add(member, new).await?;
    }
    for time in &sample.time {
        let new = NewTime {
            case,
            worked_on: time.day.day(today)?,
            minutes: time.minutes,
            paise_per_hour: Some(paise(time.rupees_per_hour)),
            work: None,
            description: time.what.clone(),
            billable: true,
        };
        app.fees.add_time(&app.auth.scope_of(&time.by).await?, new, None).await?;
    }
    add_fees(app, admin, (case, today), sample).await?;
    for invoice in &sample.invoices {
        add_invoice(app, admin, case, invoice, today).await?;
    }
    Ok(())
}

/// Expenses, an agreement on fees, and the draft of a timer.
async fn add_fees(
    app: &App,
    admin: &Scope,
    (case, today): (CaseId, NaiveDate),
    sample: &SampleDays,
) -> anyhow::Result<()> {
    for expense in &sample.expenses {
        let new = NewExpense {
            case,
            on: expense.day.day(today)?,
            kind: expense.kind,
            description: expense.what.clone(),
            amount: paise(expense.rupees),
            paid_by: PaidBy::Chamber,
            recoverable: true,
            pure_agent: true,
        };
        app.fees.add_expense(&app.auth.scope_of(&expense.by).await?, new).await?;
    }
    if let Some(fees) = &sample.fees {
        let agreed_on = fees.agreed.day(today)?;
        let line = NewAgreedFee {
            not_reached: Some(paise(fees.not_reached)),
            adjourned: Some(paise(fees.adjourned)),
            ..NewAgreedFee::of(FeeModel::Appearance, Some(paise(fees.appearance)))
        };
        let new = NewAgreement {
            case,
            agreed_on,
            valid_from: agreed_on,
            valid_to: None,
            letter: None,
            gst_extra: true,
            cap: None,
            note: None,
            lines: vec![line],
        };
        app.fees.agree(admin, new).await?;
    }
    if let Some(draft) = &sample.draft {
        let person = app.auth.scope_of(&draft.by).await?;
        app.fees.start_timer(&person, case, &draft.what).await?;
        app.fees.stop_timer(&person).await?;
    }
    Ok(())
}

async fn add_invoice(
    app: &App,
    admin: &Scope,
    case: CaseId,
    sample: &SampleInvoice,
    today: NaiveDate,
) -> anyhow::Result<()> {
    let line = |line: &SampleLine| NewLine::of(line.kind, &line.what, paise(line.rupees));
    let lines = sample.lines.iter().map(line).collect();
    let how = Issue { on: Some(sample.issued.day(today)?), due_on: Some(sample.due.day(today)?) };
    let issued = app.billing.issue_lines(admin, (case, lines), how).await?;
    let client = app.billing.issued(admin, issued.id).await?.invoice.client_id;
    for payment in &sample.payments {
        let (amount, tds) = (paise(payment.rupees), paise(payment.tds_rupees));
        let new = NewPayment {
            received_on: Some(payment.day.day(today)?),
            ..NewPayment::on(client, issued.id, amount, tds)
        };
        app.billing.enter_payment(admin, new).await?;
    }
    Ok(())
}
