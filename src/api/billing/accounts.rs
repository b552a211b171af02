//! Accounts of clients: their money, their statement, the tax they held back.

use axum::extract::State;
use axum::http::StatusCode;
use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::invoices::MadeEntry;
use crate::api::caller::May;
use crate::api::extract::{Json, Path, Query};
use crate::api::problem::Problem;
use crate::app::App;
use crate::billing::{
    Ages, Certificate, EntryKind, Ledger, LedgerEntry, Mode, NewEntry, Statement, StatementEntry,
    TdsRow, financial_year,
};
use crate::kernel::permission::permit::{KeepBooks, ReadBilling};
use crate::kernel::{CaseId, ClientId, LedgerEntryId, Paise, day_in_india};

/// Between which days.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct SpanQuery {
    /// The first day; a year before the last when left out.
    pub(super) from: Option<NaiveDate>,
    /// The last day; today when left out.
    pub(super) to: Option<NaiveDate>,
}

impl SpanQuery {
    pub(super) fn span(&self, app: &App) -> (NaiveDate, NaiveDate) {
        let to = self.to.unwrap_or_else(|| day_in_india(app.clock.now()));
        let from = self.from.or_else(|| to.checked_sub_days(Days::new(365)));
        (from.unwrap_or(to), to)
    }
}

/// An entry of client money.
#[derive(Serialize, ToSchema)]
#[schema(as = LedgerEntry)]
struct EntryView {
    /// Its id.
    id: LedgerEntryId,
    /// What it is.
    kind: EntryKind,
    /// The day.
    on: NaiveDate,
    /// How much; below nothing when money went out.
    amount: Paise,
    /// What was held after it.
    balance: Paise,
    /// What for.
    description: String,
    /// In which case.
    case_title: Option<String>,
    /// The number of the transfer or cheque.
    reference: Option<String>,
    /// How the client agreed that it pays a bill.
    consent: Option<String>,
}

/// What is held for a client, apart from fees.
#[derive(Serialize, ToSchema)]
#[schema(as = ClientLedger)]
pub(super) struct LedgerView {
    /// What is held now.
    balance: Paise,
    /// The entries, the latest first, 500 at most.
    entries: Vec<EntryView>,
}

impl From<Ledger> for LedgerView {
    fn from(ledger: Ledger) -> Self {
        let Ledger { balance, entries } = ledger;
        let entry = |entry: LedgerEntry| {
            let LedgerEntry {
                id,
                kind,
                on,
                amount,
                balance,
                description,
                case_title,
                reference,
                consent,
            } = entry;
            EntryView { id, kind, on, amount, balance, description, case_title, reference, consent }
        };
        Self { balance, entries: entries.into_iter().map(entry).collect() }
    }
}

/// Show the money held for a client
///
/// For admins and the books.
#[utoipa::path(get, path = "/api/v1/clients/{id}/ledger", tag = "billing",
    params(("id" = Uuid, Path, description = "The client.")),
    responses((status = 200, description = "What is held.", body = LedgerView), Problem))]
pub(super) async fn show_client_ledger(
    State(app): State<App>,
    May(caller, ..): May<ReadBilling>,
    Path(id): Path<ClientId>,
) -> Result<Json<LedgerView>, Problem> {
    Ok(Json(app.billing.ledger(&caller.scope, id).await?.into()))
}

/// Money of a client that came or went.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewLedgerEntry)]
pub(super) struct EntryBody {
    /// What happened: an advance, money for court fees, spent, or refunded.
    kind: EntryKind,
    /// The day; today when left out.
    on: Option<NaiveDate>,
    /// How much, in paise, above nothing.
    amount: Paise,
    /// What for.
    #[schema(max_length = 500)]
    description: String,
    /// In which case of the client.
    for_case: Option<CaseId>,
    /// How it came or went.
    mode: Option<Mode>,
    /// The number of the transfer or cheque.
    reference: Option<String>,
    /// A word of the caller's: the same again enters nothing.
    #[schema(max_length = 100)]
    idempotency_key: Option<String>,
}

/// Enter money of a client
///
/// What is held never falls below nothing. For those who keep the books.
#[utoipa::path(post, path = "/api/v1/clients/{id}/ledger", tag = "billing",
    request_body = EntryBody,
    params(("id" = Uuid, Path, description = "The client.")),
    responses((status = 201, description = "The entry.", body = MadeEntry), Problem))]
pub(super) async fn enter_ledger(
    State(app): State<App>,
    May(caller, ..): May<KeepBooks>,
    Path(id): Path<ClientId>,
    Json(body): Json<EntryBody>,
) -> Result<(StatusCode, Json<MadeEntry>), Problem> {
    let EntryBody { kind, on, amount, description, for_case, mode, reference, idempotency_key } =
        body;
    let new = NewEntry {
        kind,
        on,
        amount,
        description,
        case: for_case,
        mode,
        reference,
        key: idempotency_key,
    };
    let id = app.billing.enter_ledger(&caller.scope, id, new).await?;
    Ok((StatusCode::CREATED, Json(MadeEntry { id })))
}

/// What is outstanding, by how long its day has passed.
#[derive(Serialize, ToSchema)]
#[schema(as = Ages)]
pub(super) struct AgesView {
    /// Its day has not come.
    not_due: Paise,
    /// 1 to 30 days.
    to_30: Paise,
    /// 31 to 60 days.
    to_60: Paise,
    /// 61 to 90 days.
    to_90: Paise,
    /// More than 90 days.
    over_90: Paise,
    /// All of it.
    total: Paise,
}

impl From<Ages> for AgesView {
    fn from(ages: Ages) -> Self {
        let total = ages.sum();
        let Ages { not_due, to_30, to_60, to_90, over_90 } = ages;
        Self { not_due, to_30, to_60, to_90, over_90, total }
    }
}

/// A line of an account.
#[derive(Serialize, ToSchema)]
#[schema(as = StatementEntry)]
struct StatementEntryView {
    /// The day.
    on: NaiveDate,
    /// In words.
    what: String,
    /// What was billed.
    billed: Paise,
    /// What was paid, held back or taken back.
    settled: Paise,
    /// What was owed after it.
    balance: Paise,
}

/// The account of a client.
#[derive(Serialize, ToSchema)]
#[schema(as = ClientStatement)]
pub(super) struct StatementView {
    /// Whose it is.
    client_id: ClientId,
    /// Their name.
    client_name: String,
    /// The first day.
    from: NaiveDate,
    /// The last day.
    to: NaiveDate,
    /// What was owed before.
    opening: Paise,
    /// What happened.
    entries: Vec<StatementEntryView>,
    /// What is owed after.
    closing: Paise,
    /// What is outstanding today, by age.
    ages: AgesView,
    /// What is held for the client, apart from fees.
    held: Paise,
}

impl From<Statement> for StatementView {
    fn from(statement: Statement) -> Self {
        let Statement { client_id, client_name, from, to, opening, entries, closing, ages, held } =
            statement;
        let entry = |StatementEntry { on, what, billed, settled, balance }| StatementEntryView {
            on,
            what,
            billed,
            settled,
            balance,
        };
        Self {
            client_id,
            client_name,
            from,
            to,
            opening,
            entries: entries.into_iter().map(entry).collect(),
            closing,
            ages: ages.into(),
            held,
        }
    }
}

/// Show the account of a client
///
/// For admins and the books.
#[utoipa::path(get, path = "/api/v1/clients/{id}/statement", tag = "billing",
    params(("id" = Uuid, Path, description = "The client."), SpanQuery),
    responses((status = 200, description = "The account.", body = StatementView), Problem))]
pub(super) async fn show_statement(
    State(app): State<App>,
    May(caller, ..): May<ReadBilling>,
    Path(id): Path<ClientId>,
    Query(query): Query<SpanQuery>,
) -> Result<Json<StatementView>, Problem> {
    let span = query.span(&app);
    Ok(Json(app.billing.statement(&caller.scope, id, span).await?.into()))
}

/// Which financial year.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct YearQuery {
    /// As in `2026-27`; this one when left out.
    year: Option<String>,
}

/// What a client held back in a quarter.
#[derive(Serialize, ToSchema)]
#[schema(as = TdsRow)]
pub(super) struct TdsView {
    /// Which client.
    client_id: ClientId,
    /// Their name.
    client_name: String,
    /// The financial year.
    year: String,
    /// The quarter, from 1, which begins in April.
    quarter: u32,
    /// What was held back.
    held: Paise,
    /// The number of the certificate, once it came.
    certificate: Option<String>,
    /// What the certificate says.
    certified: Option<Paise>,
}

impl From<TdsRow> for TdsView {
    fn from(row: TdsRow) -> Self {
        let TdsRow { client_id, client_name, year, quarter, held, certificate } = row;
        let (certificate, certified) = certificate.unzip();
        Self { client_id, client_name, year, quarter, held, certificate, certified }
    }
}

/// List the tax clients held back
///
/// By client and quarter of a financial year, with the certificates that came. For admins and
/// the books.
#[utoipa::path(get, path = "/api/v1/tds", tag = "billing", params(YearQuery),
    responses((status = 200, description = "What was held back.", body = [TdsView]), Problem))]
pub(super) async fn list_tds(
    State(app): State<App>,
    May(caller, ..): May<ReadBilling>,
    Query(YearQuery { year }): Query<YearQuery>,
) -> Result<Json<Vec<TdsView>>, Problem> {
    let year = year.unwrap_or_else(|| financial_year(day_in_india(app.clock.now())));
    let rows = app.billing.tds(&caller.scope, &year).await?;
    Ok(Json(rows.into_iter().map(TdsView::from).collect()))
}

/// A certificate of tax held back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TdsCertificate)]
pub(super) struct CertificateBody {
    /// Whose.
    client_id: ClientId,
    /// The financial year.
    #[schema(example = "2026-27")]
    year: String,
    /// The quarter, from 1.
    quarter: u32,
    /// Its number.
    #[schema(max_length = 60)]
    number: String,
    /// What it says was held back.
    amount: Paise,
}

/// Enter a certificate of tax held back
///
/// A later one of the quarter takes its place. For those who keep the books.
#[utoipa::path(put, path = "/api/v1/tds", tag = "billing", request_body = CertificateBody,
    responses((status = 204, description = "It is entered."), Problem))]
pub(super) async fn enter_certificate(
    State(app): State<App>,
    May(caller, ..): May<KeepBooks>,
    Json(body): Json<CertificateBody>,
) -> Result<StatusCode, Problem> {
    let CertificateBody { client_id, year, quarter, number, amount } = body;
    let new = Certificate { client: client_id, year, quarter, number, amount };
    app.billing.enter_certificate(&caller.scope, new).await?;
    Ok(StatusCode::NO_CONTENT)
}
