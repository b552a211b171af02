//! The days of the sample chamber: parties, hearings, deadlines, time, an invoice.

use std::collections::BTreeMap;

use anyhow::Context;
use chrono::{Days, NaiveDate};
use serde::Deserialize;

use crate::app::App;
use crate::billing::{LineKind, NewInvoice, NewLine, NewPayment, NewTime};
use crate::cases::{HearingOutcome, NewHearing, NewParty, NewTask, TaskKind};
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
    invoices: Vec<SampleInvoice>,
}

/// A day: of the calendar, or counted from the day the chamber is set up.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum When {
    On(toml::value::Datetime),
    InDays(u64),
    DaysAgo(u64),
}

impl When {
    fn day(self, today: NaiveDate) -> anyhow::Result<NaiveDate> {
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
struct SampleInvoice {
    number: String,
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

fn paise(rupees: i64) -> Paise {
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
            on_date: hearing.day.day(today)?,
            bench: hearing.bench.clone(),
            court_hall: hearing.court_hall.clone(),
            item: hearing.item.clone(),
            stage: hearing.stage.clone(),
            purpose: hearing.purpose.clone(),
            outcome: hearing.outcome,
            note: hearing.note.clone(),
            source: None,
        };
        app.cases.add_hearing(member, case, new).await?;
    }
    for task in &sample.tasks {
        let assignee = users.get(&task.assignee);
        let assignee = assignee.with_context(|| format!("no user `{}`", task.assignee))?;
        let new = NewTask {
            case: Some(case),
            kind: task.kind,
            title: task.title.clone(),
            due_on: Some(task.day.day(today)?),
            assignee: Some(*assignee),
            source: None,
        };
        app.cases.add_task(member, new).await?;
    }
    for time in &sample.time {
        let new = NewTime {
            case,
            worked_on: time.day.day(today)?,
            minutes: time.minutes,
            paise_per_hour: Some(paise(time.rupees_per_hour)),
            description: time.what.clone(),
            billable: true,
        };
        app.billing.add_time(&app.auth.scope_of(&time.by).await?, new).await?;
    }
    for invoice in &sample.invoices {
        add_invoice(app, admin, case, invoice, today).await?;
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
    let line = |line: &SampleLine| NewLine {
        kind: line.kind,
        description: line.what.clone(),
        amount: paise(line.rupees),
        time: Vec::new(),
    };
    let new = NewInvoice {
        case,
        number: sample.number.clone(),
        issued_on: sample.issued.day(today)?,
        due_on: Some(sample.due.day(today)?),
        lines: sample.lines.iter().map(line).collect(),
    };
    let invoice = app.billing.issue_invoice(admin, new).await?;
    for payment in &sample.payments {
        let new = NewPayment {
            received_on: payment.day.day(today)?,
            amount: paise(payment.rupees),
            tds: paise(payment.tds_rupees),
            note: None,
        };
        app.billing.record_payment(admin, invoice, new).await?;
    }
    Ok(())
}
