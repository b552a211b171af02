//! The diary, dues, and the practice side of a case.

use axum::extract::{Query, RawQuery, State};
use chrono::{Days, NaiveDate};
use serde::Deserialize;

use super::{Allowed, Failure, Viewer};
use crate::app::App;
use crate::billing::{BillingError, Due, Invoice, Invoices};
use crate::cases::{CaseError, Hearing, HearingOutcome, Hearings, Party, Task, TaskKind, Tasks};
use crate::kernel::permission::permit::{ReadBilling, ReadCases};
use crate::kernel::{CaseId, ClientId, Paise, day_in_india};
use crate::web::Area;
use crate::web::parts::CaseRef;
use crate::web::practice::{
    DiaryPage, DueRow, DuesPage, HearingRow, InvoiceRow, Money, PartyRow, Practice, TaskRow,
    UnbilledRow,
};
use crate::web::show::Day;

/// How many rows of a kind a page shows.
const ROWS: u32 = 200;
/// How many days the diary shows when nobody says.
const AHEAD: u64 = 14;

fn hearing_row(hearing: Hearing, with_case: bool) -> HearingRow {
    let known = hearing.known;
    let join = |parts: Vec<Option<String>>, by: &str| {
        parts.into_iter().flatten().collect::<Vec<_>>().join(by)
    };
    let case = CaseRef { id: hearing.case_id, title: hearing.case_title };
    let named = |what: &str, text: Option<String>| text.map(|text| format!("{what} {text}"));
    HearingRow {
        day: Day(known.on_date),
        case: with_case.then_some(case),
        place: join(
            vec![known.bench, named("court hall", known.court_hall), named("item", known.item)],
            ", ",
        ),
        purpose: join(vec![known.stage, known.purpose], ": "),
        outcome: join(
            vec![known.outcome.map(HearingOutcome::words).map(str::to_owned), known.note],
            ": ",
        ),
    }
}

fn task_row(task: Task, today: NaiveDate, with_case: bool) -> TaskRow {
    let case = task.case_id.zip(task.case_title).map(|(id, title)| CaseRef { id, title });
    TaskRow {
        title: task.title,
        kind: match task.kind {
            TaskKind::Deadline => "Deadline",
            TaskKind::Task => "Task",
        },
        case: case.filter(|_| with_case),
        due: task.due_on.map(Day),
        overdue: task.due_on.is_some_and(|due| due < today),
        assignee: task.assignee,
    }
}

fn party_row(party: Party) -> PartyRow {
    let Party { id: _, name, role, ours, counsel } = party;
    let counsel = if ours { "this chamber".to_owned() } else { counsel.unwrap_or_default() };
    PartyRow { name, role, counsel }
}

fn invoice_row(invoice: Invoice, today: NaiveDate, with_case: bool) -> InvoiceRow {
    let outstanding = invoice.outstanding();
    let case = invoice.case_id.zip(invoice.case_title).map(|(id, title)| CaseRef { id, title });
    let late = invoice.due_on.is_some_and(|due| due < today);
    InvoiceRow {
        number: invoice.number,
        case: case.filter(|_| with_case),
        issued: Day(invoice.issued_on),
        due: invoice.due_on.map(Day),
        total: invoice.total.to_string(),
        outstanding: outstanding.to_string(),
        overdue: late && outstanding > Paise(0),
    }
}

fn time_words(minutes: i64) -> String {
    format!("{} h {} min", minutes / 60, minutes % 60)
}

/// The practice side of a case as the reader may see it.
pub(super) async fn of_case(app: &App, viewer: &Viewer, id: CaseId) -> Result<Practice, Failure> {
    let scope = viewer.scope();
    let today = day_in_india(app.clock.now());
    let fail = |error: CaseError| viewer.failure(error);
    let asked =
        |from, latest_first| Hearings { case: Some(id), from, to: None, latest_first, limit: ROWS };
    let next = app.cases.hearings(scope, asked(Some(today), false)).await.map_err(fail)?;
    let hearings = app.cases.hearings(scope, asked(None, true)).await.map_err(fail)?;
    let tasks = Tasks { case: Some(id), limit: ROWS, ..Tasks::default() };
    let tasks = app.cases.open_tasks(scope, tasks).await.map_err(fail)?;
    let parties = app.cases.parties(scope, id).await.map_err(fail)?;
    Ok(Practice {
        next: next.first().map(|hearing| Day(hearing.known.on_date)),
        hearings: hearings.into_iter().map(|hearing| hearing_row(hearing, false)).collect(),
        tasks: tasks.into_iter().map(|task| task_row(task, today, false)).collect(),
        parties: parties.into_iter().map(party_row).collect(),
        money: money_of(app, viewer, id, today).await?,
    })
}

async fn money_of(
    app: &App,
    viewer: &Viewer,
    id: CaseId,
    today: NaiveDate,
) -> Result<Option<Money>, Failure> {
    let scope = viewer.scope();
    let fail = |error: BillingError| viewer.failure(error);
    if !app.billing.sees(scope, id).await.map_err(fail)? {
        return Ok(None);
    }
    let asked = Invoices { case: Some(id), ..Invoices::default() };
    let invoices = app.billing.invoices(scope, asked).await.map_err(fail)?;
    let dues = app.billing.dues(scope, asked).await.map_err(fail)?;
    let unbilled = app.billing.unbilled(scope, Some(id)).await.map_err(fail)?;
    let overdue: Paise = dues.iter().map(|due| due.overdue).sum();
    Ok(Some(Money {
        outstanding: dues.iter().map(|due| due.outstanding).sum::<Paise>().to_string(),
        overdue: (overdue > Paise(0)).then(|| overdue.to_string()),
        unbilled: unbilled
            .first()
            .map(|found| format!("{}, {}", time_words(found.minutes), found.amount)),
        invoices: invoices.into_iter().map(|one| invoice_row(one, today, false)).collect(),
    }))
}

#[derive(Deserialize)]
pub(super) struct DiaryRange {
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    case: String,
}

pub(super) async fn diary(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadCases>,
    Query(range): Query<DiaryRange>,
) -> Result<DiaryPage, Failure> {
    let scope = viewer.scope();
    let today = day_in_india(app.clock.now());
    let fail = |error: CaseError| viewer.failure(error);
    let to = range.to.parse::<NaiveDate>().ok();
    let from = range.from.parse().unwrap_or_else(|_| to.map_or(today, |to| to.min(today)));
    let to = to.unwrap_or_else(|| from.checked_add_days(Days::new(AHEAD)).unwrap_or(from));
    let case = match range.case.parse::<CaseId>() {
        Ok(id) => Some(app.cases.find(scope, id).await.map_err(fail)?),
        Err(_) => None,
    };
    let case = case.map(|case| CaseRef { id: case.id, title: case.title });
    let id = case.as_ref().map(|case| case.id);
    let asked =
        Hearings { case: id, from: Some(from), to: Some(to), latest_first: false, limit: ROWS };
    let hearings = app.cases.hearings(scope, asked).await.map_err(fail)?;
    let tasks = Tasks { case: id, from: None, to: Some(to), limit: ROWS };
    let tasks = app.cases.open_tasks(scope, tasks).await.map_err(fail)?;
    let full = |rows: usize| rows >= usize::try_from(ROWS).unwrap_or(usize::MAX);
    Ok(DiaryPage {
        layout: viewer.layout("Diary", Area::Cases),
        from: Day(from),
        to: Day(to),
        case,
        cut: full(hearings.len()) || full(tasks.len()),
        hearings: hearings.into_iter().map(|hearing| hearing_row(hearing, true)).collect(),
        tasks: tasks.into_iter().map(|task| task_row(task, today, true)).collect(),
    })
}

/// The values of a name in a query; a name may come several times.
fn values<T: std::str::FromStr>(query: &str, name: &str) -> Vec<T> {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.filter(|(key, _)| *key == name).filter_map(|(_, value)| value.parse().ok()).collect()
}

pub(super) async fn dues(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadBilling>,
    RawQuery(query): RawQuery,
) -> Result<DuesPage, Failure> {
    let scope = viewer.scope();
    let today = day_in_india(app.clock.now());
    let query = query.unwrap_or_default();
    let client = values::<ClientId>(&query, "client").first().copied();
    let cases = values::<CaseId>(&query, "case");
    let fail = |error: BillingError| viewer.failure(error);
    let asked = Invoices { client, ..Invoices::default() };
    let mut found = app.billing.dues(scope, asked).await.map_err(fail)?;
    let mut unbilled = app.billing.unbilled(scope, None).await.map_err(fail)?;
    if !cases.is_empty() {
        let wanted = |due: &Due| {
            due.invoices.iter().any(|one| one.case_id.is_some_and(|case| cases.contains(&case)))
        };
        found.retain(wanted);
        unbilled.retain(|row| cases.contains(&row.case_id));
    }
    Ok(DuesPage {
        layout: viewer.layout("Dues", Area::Cases),
        narrowed: client.is_some() || !cases.is_empty(),
        dues: found
            .into_iter()
            .map(|due| DueRow {
                client: due.client_name,
                outstanding: due.outstanding.to_string(),
                overdue: (due.overdue > Paise(0)).then(|| due.overdue.to_string()),
                invoices: due
                    .invoices
                    .into_iter()
                    .map(|one| invoice_row(one, today, true))
                    .collect(),
            })
            .collect(),
        unbilled: unbilled
            .into_iter()
            .map(|row| UnbilledRow {
                case: CaseRef { id: row.case_id, title: row.case_title },
                time: time_words(row.minutes),
                amount: row.amount.to_string(),
            })
            .collect(),
    })
}
