//! Removing the rows of an erasure, in one transaction.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::super::store;
use super::books;
use super::survey::{Survey, about_people, is_emptied, is_kept};
use crate::db::{Catalogue, DbError, Kind, Tx};
use crate::kernel::OrganisationId;

/// How many rows went, by table.
pub(super) type Counts = BTreeMap<String, u64>;

/// Removes what a survey found; gives how many rows of each table went.
pub(super) async fn remove(
    tx: &mut Tx,
    catalogue: &Catalogue,
    organisation: OrganisationId,
    found: &Survey,
    now: DateTime<Utc>,
) -> Result<Counts, DbError> {
    let mut counts = Counts::new();
    loose_ends(tx, organisation, found, &mut counts).await?;
    books::loosen(tx, catalogue, found).await?;
    for reference in about_people(catalogue) {
        if !catalogue.has_ids(&reference.table) {
            let gone = tx.delete_in(&reference.table, &reference.column, &found.people).await?;
            count(&mut counts, &reference.table, gone);
        }
    }
    for table in catalogue.children_first() {
        for reference in catalogue.references.iter().filter(|it| it.table == table) {
            let Some(ids) = found.rows.get(&reference.target) else { continue };
            let column = &reference.column;
            if is_emptied(reference) {
                tx.empty_in(&table, column, column, ids).await?;
            } else if !is_kept(reference) && !catalogue.has_ids(&table) && !books::are_books(&table)
            {
                let gone = tx.delete_in(&table, column, ids).await?;
                count(&mut counts, &table, gone);
            }
        }
        let Some(ids) = found.rows.get(&table) else { continue };
        // Rows that name each other go in any order.
        for reference in &catalogue.references {
            if reference.table == table && reference.target == table {
                tx.empty_in(&table, &reference.column, "id", ids).await?;
            }
        }
        if table == "clients" && found.keeps_clients() {
            hide(tx, catalogue, "clients", ids).await?;
            store::hide_client(tx, ids, now).await?;
            count(&mut counts, "clients", ids.len() as u64);
            continue;
        }
        let gone = tx.delete_in(&table, "id", ids).await?;
        count(&mut counts, &table, gone);
    }
    hide(tx, catalogue, "users", &found.people).await?;
    for &person in &found.people {
        store::hide_person(tx, person).await?;
    }
    Ok(counts)
}

/// What no reference leads to.
async fn loose_ends(
    tx: &mut Tx,
    organisation: OrganisationId,
    found: &Survey,
    counts: &mut Counts,
) -> Result<(), DbError> {
    let of = |table: &str| found.of(table);
    let gone = tx.delete_in("golden_results", "question_id", &of("golden_questions")).await?;
    count(counts, "golden_results", gone);
    let subjects: BTreeSet<Uuid> =
        ["versions", "documents", "cases"].into_iter().flat_map(of).collect();
    count(counts, "jobs", tx.delete_in("jobs", "subject", &subjects).await?);
    for address in &found.addresses {
        count(counts, "letters", store::delete_letters(tx, organisation, address).await?);
    }
    for mark in &found.marks {
        store::quiet_jobs(tx, organisation, mark).await?;
        count(counts, "message_events", store::delete_events(tx, organisation, mark).await?);
    }
    Ok(())
}

/// Empties whatever text and bytes rows hold that may be empty, whoever added the
/// column.
async fn hide(
    tx: &mut Tx,
    catalogue: &Catalogue,
    table: &str,
    ids: &BTreeSet<Uuid>,
) -> Result<(), DbError> {
    if ids.is_empty() {
        return Ok(());
    }
    let columns = catalogue.of(table).filter(|column| {
        column.is_nullable && matches!(column.kind, Kind::Text | Kind::Bytes | Kind::Json)
    });
    for column in columns {
        tx.empty_in(table, &column.name, "id", ids).await?;
    }
    Ok(())
}

fn count(counts: &mut Counts, table: &str, gone: u64) {
    if gone > 0 {
        *counts.entry(table.to_owned()).or_default() += gone;
    }
}
