//! The books, which no erasure removes: invoices that have a number, credit notes, receipts,
//! client money and tax certificates. Section 36 of the CGST Act has them kept for 72 months
//! from the due date of the year's annual return, and rule 46 numbered without gaps. The name
//! and address that stand on an issued paper stay on it; everything else of the client goes.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::survey::Survey;
use crate::db::{Catalogue, DbError, Reference, Tx};
use crate::privacy::store;

/// Tables of which every row is kept.
const WHOLE: &[&str] = &[
    "issued_papers",
    "credit_notes",
    "client_payments",
    "payments",
    "client_ledgers",
    "ledger_entries",
    "tds_certificates",
];
/// Tables of which what was issued is kept; drafts go.
const INVOICES: &str = "invoices";
const LINES: &str = "invoice_lines";

/// Whether rows of a table may be kept as books.
pub(super) fn are_books(table: &str) -> bool {
    table == INVOICES || table == LINES || WHOLE.contains(&table)
}

/// Takes the books out of what goes, and counts them.
pub(super) async fn set_aside(tx: &mut Tx, found: &mut Survey) -> Result<(), DbError> {
    let mut kept: BTreeMap<String, u64> = BTreeMap::new();
    for table in WHOLE {
        if let Some(rows) = found.rows.remove(*table) {
            kept.insert((*table).to_owned(), rows.len() as u64);
        }
    }
    let invoices = found.of(INVOICES);
    let drafts = store::draft_invoices(tx, &invoices).await?;
    let issued: BTreeSet<Uuid> = invoices.difference(&drafts).copied().collect();
    if !issued.is_empty() {
        let lines = tx.ids_in(LINES, "invoice_id", &issued).await?;
        let going = |rows: BTreeSet<Uuid>, staying: &BTreeSet<Uuid>| {
            rows.difference(staying).copied().collect::<BTreeSet<Uuid>>()
        };
        let left = going(found.of(LINES), &lines);
        found.rows.insert(LINES.to_owned(), left);
        found.rows.insert(INVOICES.to_owned(), drafts);
        kept.insert(LINES.to_owned(), lines.len() as u64);
        kept.insert(INVOICES.to_owned(), issued.len() as u64);
    }
    kept.retain(|_, count| *count > 0);
    found.books = kept;
    Ok(())
}

/// Takes out of the books what leads to rows that go: the case an invoice was for.
pub(super) async fn loosen(
    tx: &mut Tx,
    catalogue: &Catalogue,
    found: &Survey,
) -> Result<(), DbError> {
    if found.books.is_empty() {
        return Ok(());
    }
    let may_be_empty = |reference: &Reference| {
        let mut columns = catalogue.of(&reference.table);
        columns.any(|column| column.name == reference.column && column.is_nullable)
    };
    for reference in &catalogue.references {
        let Some(ids) = found.rows.get(&reference.target) else { continue };
        if are_books(&reference.table) && may_be_empty(reference) {
            tx.empty_in(&reference.table, &reference.column, &reference.column, ids).await?;
        }
    }
    Ok(())
}
