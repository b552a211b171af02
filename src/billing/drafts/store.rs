//! The statements of drafts and of lines.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::DraftHead;
use crate::billing::BillingError;
use crate::billing::amounts::LineTax;
use crate::billing::gst::{RecipientClass, Treatment};
use crate::billing::lines::{COMMON_SAC, Decided, Line, LineKind};
use crate::billing::reckon::Recipient;
use crate::billing::store::{seen_by, visible_invoices};
use crate::db::{DbError, Tx};
use crate::fees::ChargeId;
use crate::kernel::{
    CaseId, ClientId, ExpenseId, FeeId, InvoiceId, InvoiceLineId, Paise, Scope, TimeEntryId,
};
use crate::statement;

#[derive(sqlx::FromRow)]
struct Count {
    count: i64,
}

/// Whether the caller may bill a client at all.
pub(in crate::billing) async fn knows_client(
    tx: &mut Tx,
    scope: &Scope,
    client: ClientId,
) -> Result<bool, DbError> {
    let select = statement!(
        "SELECT COUNT(*) AS count FROM clients k
         JOIN known_clients m ON m.client_id = k.id AND m.user_id = $2
         JOIN users u ON u.id = m.user_id AND u.role IN ('admin', 'billing')
         WHERE k.organisation_id = $1 AND k.id = $3 AND k.merged_into IS NULL"
    );
    let select = select.bind(scope.organisation()).bind(scope.user()).bind(client);
    Ok(tx.one::<Count>(select).await?.count > 0)
}

#[derive(sqlx::FromRow)]
struct RecipientRow {
    id: ClientId,
    name: String,
    address: Option<String>,
    gstin: Option<String>,
    pan: Option<String>,
    state_code: Option<String>,
    gst_class: Option<String>,
}

/// Who is billed, as the tables have them now.
pub(in crate::billing) async fn recipient(
    tx: &mut Tx,
    client: ClientId,
) -> Result<Option<Recipient>, DbError> {
    let select = statement!(
        "SELECT id, name, address, gstin, pan, state_code, gst_class FROM clients WHERE id = $1"
    );
    let found = tx.optional::<RecipientRow>(select.bind(client)).await?;
    Ok(found.map(|row| Recipient {
        client_id: row.id,
        name: row.name,
        address: row.address,
        gstin: row.gstin,
        pan: row.pan,
        state_code: row.state_code,
        class: row.gst_class.as_deref().and_then(RecipientClass::parse),
    }))
}

pub(super) async fn insert(
    tx: &mut Tx,
    scope: &Scope,
    (id, client, case): (InvoiceId, ClientId, Option<CaseId>),
    (note, terms): (Option<String>, Option<u32>),
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO invoices (id, organisation_id, client_id, case_id, status, note, terms_days,
             created_at)
         VALUES ($1, $2, $3, $4, 'draft', $5, $6, $7)"
    );
    let insert = insert.bind(id).bind(scope.organisation()).bind(client).bind(case);
    tx.execute(insert.bind(note).bind(terms).bind(now)).await.map(drop)
}

/// A draft without its lines.
#[derive(Debug, sqlx::FromRow)]
pub(in crate::billing) struct Head {
    pub(in crate::billing) id: InvoiceId,
    pub(in crate::billing) client_id: ClientId,
    pub(in crate::billing) case_id: Option<CaseId>,
    pub(in crate::billing) case_title: Option<String>,
    pub(in crate::billing) note: Option<String>,
    pub(in crate::billing) terms_days: Option<i64>,
}

pub(in crate::billing) async fn find_draft(
    tx: &mut Tx,
    scope: &Scope,
    id: InvoiceId,
) -> Result<Option<Head>, DbError> {
    let select = statement!(concat!(
        "SELECT i.id, i.client_id, i.case_id, c.title AS case_title, i.note, i.terms_days",
        visible_invoices!(),
        " AND i.status = 'draft' AND i.id = $4"
    ));
    tx.optional(seen_by(select, scope).bind(id)).await
}

/// A draft nobody else changes until the transaction ends.
pub(in crate::billing) async fn lock_draft(
    tx: &mut Tx,
    scope: &Scope,
    id: InvoiceId,
) -> Result<Head, BillingError> {
    let lock =
        statement!("UPDATE invoices SET status = 'draft' WHERE id = $1 AND status = 'draft'");
    if tx.execute(lock.bind(id)).await? != 1 {
        return Err(BillingError::NotFound);
    }
    find_draft(tx, scope, id).await?.ok_or(BillingError::NotFound)
}

pub(super) async fn set(
    tx: &mut Tx,
    id: InvoiceId,
    note: Option<String>,
    terms: Option<u32>,
) -> Result<(), DbError> {
    let update = statement!("UPDATE invoices SET note = $2, terms_days = $3 WHERE id = $1");
    tx.execute(update.bind(id).bind(note).bind(terms)).await.map(drop)
}

pub(super) async fn delete(tx: &mut Tx, id: InvoiceId) -> Result<(), DbError> {
    let delete = statement!("DELETE FROM invoices WHERE id = $1 AND status = 'draft'");
    tx.execute(delete.bind(id)).await.map(drop)
}

#[derive(sqlx::FromRow)]
struct DraftRow {
    id: InvoiceId,
    client_name: String,
    case_title: Option<String>,
    total: i64,
}

pub(super) async fn drafts(
    tx: &mut Tx,
    scope: &Scope,
    case: Option<CaseId>,
) -> Result<Vec<DraftHead>, DbError> {
    let select = statement!(concat!(
        "SELECT i.id, k.name AS client_name, c.title AS case_title,
             CAST(coalesce((SELECT SUM(l.amount_paise) FROM invoice_lines l
                            WHERE l.invoice_id = i.id), 0) AS BIGINT) AS total",
        visible_invoices!(),
        " AND i.status = 'draft' AND ($4 OR i.case_id = $5)
         ORDER BY i.created_at DESC, i.id DESC LIMIT 200"
    ));
    let select = seen_by(select, scope).bind(case.is_none()).bind(case);
    let rows = tx.all::<DraftRow>(select).await?;
    let head = |row: DraftRow| DraftHead {
        id: row.id,
        client_name: row.client_name,
        case_title: row.case_title,
        sum: Paise(row.total),
    };
    Ok(rows.into_iter().map(head).collect())
}

pub(super) async fn last_ordinal(tx: &mut Tx, id: InvoiceId) -> Result<i64, DbError> {
    let select = statement!(
        "SELECT CAST(coalesce(MAX(ordinal), 0) AS BIGINT) AS count FROM invoice_lines
         WHERE invoice_id = $1"
    );
    Ok(tx.one::<Count>(select.bind(id)).await?.count)
}

fn charge_parts(charge: Option<ChargeId>) -> (Option<&'static str>, Option<Uuid>) {
    match charge {
        None => (None, None),
        Some(ChargeId::Time(id)) => (Some("time"), Some(id.uuid())),
        Some(ChargeId::Fee(id)) => (Some("fee"), Some(id.uuid())),
        Some(ChargeId::Expense(id)) => (Some("expense"), Some(id.uuid())),
    }
}

pub(super) async fn insert_line(
    tx: &mut Tx,
    invoice: InvoiceId,
    line: &Line,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO invoice_lines (id, invoice_id, ordinal, kind, description, amount_paise, part,
             sac, pure_agent, charge_kind, charge_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
    );
    let (charge_kind, charge) = charge_parts(line.charge);
    let insert = insert
        .bind(line.id)
        .bind(invoice)
        .bind(line.ordinal)
        .bind(line.kind.coarse())
        .bind(line.description.as_str())
        .bind(line.amount)
        .bind(line.kind.as_str())
        .bind(line.sac.as_str())
        .bind(line.pure_agent)
        .bind(charge_kind)
        .bind(charge);
    tx.execute(insert).await.map(drop)
}

pub(super) async fn change_line(
    tx: &mut Tx,
    line: InvoiceLineId,
    description: &str,
    amount: Paise,
) -> Result<(), DbError> {
    let update =
        statement!("UPDATE invoice_lines SET description = $2, amount_paise = $3 WHERE id = $1");
    tx.execute(update.bind(line).bind(description).bind(amount)).await.map(drop)
}

/// Lets two lines change places.
pub(super) async fn swap(
    tx: &mut Tx,
    (one, its_place): (InvoiceLineId, i64),
    (other, others_place): (InvoiceLineId, i64),
) -> Result<(), DbError> {
    // No two lines of a bill may have one place, not for a moment either.
    for (line, place) in [(one, -1), (other, its_place), (one, others_place)] {
        let update = statement!("UPDATE invoice_lines SET ordinal = $2 WHERE id = $1");
        tx.execute(update.bind(line).bind(place)).await?;
    }
    Ok(())
}

/// Takes a line off; calls of models that stood on it stand on none.
pub(super) async fn delete_line(tx: &mut Tx, line: InvoiceLineId) -> Result<(), DbError> {
    let free =
        statement!("UPDATE model_calls SET invoice_line_id = NULL WHERE invoice_line_id = $1");
    tx.execute(free.bind(line)).await?;
    tx.execute(statement!("DELETE FROM invoice_lines WHERE id = $1").bind(line)).await.map(drop)
}

#[derive(sqlx::FromRow)]
struct LineRow {
    id: InvoiceLineId,
    ordinal: i64,
    kind: String,
    description: String,
    amount_paise: i64,
    sac: Option<String>,
    pure_agent: Option<bool>,
    charge_kind: Option<String>,
    charge_id: Option<Uuid>,
    gst: Option<String>,
    gst_reason: Option<String>,
    cgst_paise: Option<i64>,
    sgst_paise: Option<i64>,
    igst_paise: Option<i64>,
}

impl LineRow {
    fn line(self) -> Result<Line, DbError> {
        let kind = LineKind::parse(&self.kind).ok_or(DbError::Inconsistent {
            table: "invoice_lines",
            column: "kind",
            value: self.kind,
        })?;
        let charge = match (self.charge_kind.as_deref(), self.charge_id) {
            (Some("time"), Some(id)) => Some(ChargeId::Time(TimeEntryId::from(id))),
            (Some("fee"), Some(id)) => Some(ChargeId::Fee(FeeId::from(id))),
            (Some("expense"), Some(id)) => Some(ChargeId::Expense(ExpenseId::from(id))),
            _ => None,
        };
        let money = |paise: Option<i64>| Paise(paise.unwrap_or(0));
        let tax = LineTax {
            cgst: money(self.cgst_paise),
            sgst: money(self.sgst_paise),
            igst: money(self.igst_paise),
        };
        let decided = self.gst.as_deref().and_then(Treatment::parse).map(|treatment| Decided {
            treatment,
            reason: self.gst_reason.unwrap_or_default(),
            tax,
        });
        Ok(Line {
            id: self.id,
            ordinal: self.ordinal,
            pure_agent: self.pure_agent.unwrap_or(kind == LineKind::Expense),
            kind,
            description: self.description,
            amount: Paise(self.amount_paise),
            sac: self.sac.unwrap_or_else(|| COMMON_SAC.to_owned()),
            charge,
            decided,
        })
    }
}

/// The lines of a bill, in their order.
pub(in crate::billing) async fn lines(
    tx: &mut Tx,
    invoice: InvoiceId,
) -> Result<Vec<Line>, DbError> {
    let select = statement!(
        "SELECT id, ordinal, coalesce(part, kind) AS kind, description, amount_paise, sac,
             pure_agent, charge_kind, charge_id, gst, gst_reason, cgst_paise, sgst_paise, igst_paise
         FROM invoice_lines WHERE invoice_id = $1 ORDER BY ordinal, id LIMIT 2000"
    );
    tx.all::<LineRow>(select.bind(invoice)).await?.into_iter().map(LineRow::line).collect()
}
