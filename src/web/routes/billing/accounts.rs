//! Payments, accounts of clients, and tax held back.

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{Days, NaiveDate};
use serde::Deserialize;
use serde_json::json;

use super::super::viewer::Viewer;
use super::super::{Allowed, Failure, Form};
use super::forms::{Fields, day, mendable, mode, needed, number, refused, rupees, text};
use super::rows::{choice, modes};
use crate::api::billing::papers::pdf;
use crate::app::App;
use crate::billing::{
    BillingError, Certificate, EntryKind, NewEntry, NewPayment, Payment, financial_year,
};
use crate::kernel::permission::permit::{KeepBooks, ReadBilling};
use crate::kernel::{ClientId, Paise, PaymentId, Permission, day_in_india};
use crate::paper;
use crate::web::Area;
use crate::web::billing::{
    AccountPage, EntryRow, PaymentRow, PaymentsPage, StatementRow, TdsLine, TdsPage, Typed,
};
use crate::web::parts::Choice;
use crate::web::show::Day;

pub(super) async fn payments(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadBilling>,
) -> Result<PaymentsPage, Failure> {
    payments_page(&app, &viewer, (Typed::default(), None)).await
}

async fn payments_page(
    app: &App,
    viewer: &Viewer,
    (typed, problem): (Typed, Option<String>),
) -> Result<PaymentsPage, Failure> {
    let scope = viewer.scope();
    let payments = app.billing.payments(scope, None).await;
    let payments = payments.map_err(|error| viewer.failure(error))?;
    let clients = app.clients.list(scope).await.map_err(|error| viewer.failure(error))?;
    Ok(PaymentsPage {
        layout: viewer.layout("Payments", Area::Money),
        problem,
        keeps: scope.may(Permission::KeepBooks),
        payments: payments.into_iter().map(payment_row).collect(),
        clients: clients
            .into_iter()
            .map(|client| choice(client.id.to_string(), client.name))
            .collect(),
        modes: modes(),
        typed,
        key: PaymentId::new().to_string(),
    })
}

fn payment_row(payment: Payment) -> PaymentRow {
    let reference = payment.reference.map(|text| format!(", {text}")).unwrap_or_default();
    PaymentRow {
        id: payment.id,
        number: payment.number,
        client: payment.client_name,
        on: Day(payment.received_on),
        amount: payment.amount.to_string(),
        tds: payment.tds.to_string(),
        how: format!("{}{reference}", payment.mode.words()),
        reversed: payment.reversed.map(|(on, why)| (Day(on), why)),
    }
}

fn new_payment(form: &Fields) -> Result<NewPayment, BillingError> {
    let client = text(form, "client").and_then(|id| id.parse::<ClientId>().ok());
    let Some(client) = client else {
        let why = "choose who paid".to_owned();
        return Err(BillingError::Field { field: "client", why });
    };
    Ok(NewPayment {
        client,
        received_on: day(form, "received_on")?,
        amount: needed(form, "amount")?,
        tds: rupees(form, "tds")?.unwrap_or_default(),
        mode: mode(form),
        reference: text(form, "reference"),
        note: None,
        parts: Vec::new(),
        key: text(form, "key"),
    })
}

pub(super) async fn pay(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<KeepBooks>,
    Form(form): Form<Fields>,
) -> Result<Response, Failure> {
    let entered = match new_payment(&form) {
        Ok(new) => app.billing.enter_payment(viewer.scope(), new).await,
        Err(error) => Err(error),
    };
    payments_done(&app, &viewer, &form, entered.map(drop)).await
}

async fn payments_done(
    app: &App,
    viewer: &Viewer,
    form: &Fields,
    done: Result<(), BillingError>,
) -> Result<Response, Failure> {
    let Err(error) = done else { return Ok(Redirect::to("/money/payments").into_response()) };
    let (field, why) = mendable(viewer, error)?;
    let shown = form.contains_key("amount")
        && ["amount", "tds", "received_on", "reference"].contains(&field);
    let problem = (!shown).then(|| why.clone());
    let typed = Typed::refused(form, shown.then_some((field, why)));
    Ok(refused(payments_page(app, viewer, (typed, problem)).await?))
}

pub(super) async fn reverse(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<KeepBooks>,
    Path(id): Path<PaymentId>,
    Form(form): Form<Fields>,
) -> Result<Response, Failure> {
    let reason = text(&form, "reason").unwrap_or_default();
    let reversed = app.billing.reverse_payment(viewer.scope(), id, (None, &reason)).await;
    payments_done(&app, &viewer, &Fields::new(), reversed).await
}

pub(super) async fn receipt(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadBilling>,
    Path(id): Path<PaymentId>,
) -> Result<Response, Failure> {
    let kept = app.billing.receipt(viewer.scope(), id).await;
    let kept = kept.map_err(|error| viewer.failure(error))?;
    Ok(pdf(&kept.number, kept.bytes))
}

/// Between which days.
#[derive(Default, Deserialize)]
pub(super) struct Span {
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
}

impl Span {
    /// The days asked for; the last year unless told otherwise.
    fn days(&self, app: &App) -> (NaiveDate, NaiveDate) {
        let to = self.to.parse().unwrap_or_else(|_| day_in_india(app.clock.now()));
        let year = to.checked_sub_days(Days::new(365)).unwrap_or(to);
        let from = self.from.parse().unwrap_or(year);
        (from.min(to), to)
    }
}

pub(super) async fn account(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadBilling>,
    Path(id): Path<ClientId>,
    Query(span): Query<Span>,
) -> Result<AccountPage, Failure> {
    account_page(&app, &viewer, id, (span.days(&app), Typed::default())).await
}

async fn account_page(
    app: &App,
    viewer: &Viewer,
    id: ClientId,
    (span, typed): ((NaiveDate, NaiveDate), Typed),
) -> Result<AccountPage, Failure> {
    let scope = viewer.scope();
    let fail = |error: BillingError| viewer.failure(error);
    let statement = app.billing.statement(scope, id, span).await.map_err(fail)?;
    let ledger = app.billing.ledger(scope, id).await.map_err(fail)?;
    let some = |paise: Paise| if paise == Paise(0) { String::new() } else { paise.to_string() };
    let rows = statement.entries.into_iter().map(|entry| StatementRow {
        on: Day(entry.on),
        what: entry.what,
        billed: some(entry.billed),
        settled: some(entry.settled),
        balance: entry.balance.to_string(),
    });
    let entries = ledger.entries.into_iter().map(|entry| EntryRow {
        on: Day(entry.on),
        kind: entry.kind.words(),
        what: entry.description,
        amount: entry.amount.to_string(),
        balance: entry.balance.to_string(),
    });
    let ages = statement.ages.named();
    Ok(AccountPage {
        layout: viewer.layout(statement.client_name.clone(), Area::Money),
        client: id,
        name: statement.client_name,
        from: Day(statement.from),
        to: Day(statement.to),
        opening: statement.opening.to_string(),
        rows: rows.collect(),
        closing: statement.closing.to_string(),
        ages: ages.into_iter().map(|(what, paise)| (what, paise.to_string())).collect(),
        held: ledger.balance.to_string(),
        entries: entries.collect(),
        keeps: scope.may(Permission::KeepBooks),
        kinds: kinds(),
        modes: modes(),
        typed,
        key: PaymentId::new().to_string(),
    })
}

/// What a person can enter of client money.
fn kinds() -> Vec<Choice> {
    [EntryKind::Advance, EntryKind::CourtFee, EntryKind::Spent, EntryKind::Refunded]
        .map(|kind| choice(kind.as_str(), kind.words()))
        .to_vec()
}

pub(super) async fn statement(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadBilling>,
    Path(id): Path<ClientId>,
    Query(span): Query<Span>,
) -> Result<Response, Failure> {
    let span = span.days(&app);
    let bytes = app.billing.statement_paper(viewer.scope(), id, span).await;
    let bytes = bytes.map_err(|error| viewer.failure(error))?;
    let details = json!({ "client": id, "from": span.0, "to": span.1 });
    let recorded = app.audit.acted(viewer.scope(), "statement.export", details).await;
    recorded.map_err(|error| viewer.failure(error))?;
    Ok(pdf(&format!("statement {}", span.1), bytes))
}

fn new_entry(form: &Fields) -> Result<NewEntry, BillingError> {
    let kind = text(form, "kind").and_then(|kind| EntryKind::parse(&kind));
    Ok(NewEntry {
        kind: kind.unwrap_or(EntryKind::Advance),
        on: day(form, "on")?,
        amount: needed(form, "amount")?,
        description: text(form, "description").unwrap_or_default(),
        case: None,
        mode: Some(mode(form)),
        reference: text(form, "reference"),
        key: text(form, "key"),
    })
}

pub(super) async fn enter(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<KeepBooks>,
    Path(id): Path<ClientId>,
    Form(form): Form<Fields>,
) -> Result<Response, Failure> {
    let entered = match new_entry(&form) {
        Ok(new) => app.billing.enter_ledger(viewer.scope(), id, new).await,
        Err(error) => Err(error),
    };
    let Err(error) = entered else {
        return Ok(Redirect::to(&format!("/money/clients/{id}#held")).into_response());
    };
    let (field, why) = mendable(&viewer, error)?;
    // What is about no field of the form is told beside the amount.
    let field = if ["on", "description"].contains(&field) { field } else { "amount" };
    let span = Span::default().days(&app);
    let typed = Typed::refused(&form, Some((field, why)));
    Ok(refused(account_page(&app, &viewer, id, (span, typed)).await?))
}

/// Which financial year.
#[derive(Deserialize)]
pub(super) struct Year {
    #[serde(default)]
    year: String,
}

pub(super) async fn tds(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<ReadBilling>,
    Query(Year { year }): Query<Year>,
) -> Result<TdsPage, Failure> {
    tds_page(&app, &viewer, (&year, None)).await
}

async fn tds_page(
    app: &App,
    viewer: &Viewer,
    (year, problem): (&str, Option<String>),
) -> Result<TdsPage, Failure> {
    let today = day_in_india(app.clock.now());
    let years: Vec<String> = (0..6)
        .filter_map(|back| today.checked_sub_days(Days::new(365 * back)))
        .map(financial_year)
        .collect();
    let year = years.iter().find(|one| *one == year).or(years.first()).cloned().unwrap_or_default();
    let rows = app.billing.tds(viewer.scope(), &year).await;
    let rows = rows.map_err(|error| viewer.failure(error))?;
    let row = |row: crate::billing::TdsRow| TdsLine {
        client: row.client_id,
        name: row.client_name,
        quarter: row.quarter,
        held: row.held.to_string(),
        typed: paper::rupees(row.held),
        certificate: row.certificate.map(|(number, amount)| (number, amount.to_string())),
    };
    let mut choices: Vec<Choice> = years.iter().map(|one| choice(one, one)).collect();
    for one in &mut choices {
        one.chosen = one.value == year;
    }
    Ok(TdsPage {
        layout: viewer.layout("TDS", Area::Money),
        problem,
        year,
        years: choices,
        rows: rows.into_iter().map(row).collect(),
        keeps: viewer.scope().may(Permission::KeepBooks),
    })
}

fn new_certificate(form: &Fields) -> Result<Certificate, BillingError> {
    let client = text(form, "client").and_then(|id| id.parse::<ClientId>().ok());
    Ok(Certificate {
        client: client.ok_or(BillingError::NotFound)?,
        year: text(form, "year").unwrap_or_default(),
        quarter: number(form, "quarter")?.unwrap_or(0),
        number: text(form, "number").unwrap_or_default(),
        amount: needed(form, "amount")?,
    })
}

pub(super) async fn certificate(
    State(app): State<App>,
    Allowed(viewer, ..): Allowed<KeepBooks>,
    Form(form): Form<Fields>,
) -> Result<Response, Failure> {
    let year = text(&form, "year").unwrap_or_default();
    let entered = match new_certificate(&form) {
        Ok(new) => app.billing.enter_certificate(viewer.scope(), new).await,
        Err(error) => Err(error),
    };
    let Err(error) = entered else {
        return Ok(Redirect::to(&format!("/money/tds?year={year}")).into_response());
    };
    let (_, why) = mendable(&viewer, error)?;
    Ok(refused(tds_page(&app, &viewer, (&year, Some(why))).await?))
}
