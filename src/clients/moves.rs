//! What refers to a client, and how a merge moves it to another.
//!
//! Each table that names a client stands here once. A test compares the list with the
//! references the engine itself knows of, so that a table that comes later cannot be
//! forgotten.

use chrono::{DateTime, Utc};

use crate::db::{DbError, Sql, Tx};
use crate::kernel::ClientId;
use crate::statement;

/// The tables whose rows a merge moves, with the column that names the client.
pub const MOVED: &[(&str, &str)] = &[
    ("cases", "client_id"),
    ("users", "client_id"),
    ("document_shares", "client_id"),
    ("consents", "client_id"),
    ("legal_holds", "client_id"),
    ("exports", "client_id"),
    ("invoices", "client_id"),
    ("walls", "client_id"),
    ("client_contacts", "client_id"),
    ("client_merges", "kept_id"),
    ("clients", "merged_into"),
    ("conflict_checks", "client_id"),
    ("known_names", "client_id"),
    ("rates", "client_id"),
    ("issued_papers", "client_id"),
    ("credit_notes", "client_id"),
    ("client_payments", "client_id"),
    ("ledger_entries", "client_id"),
    ("client_ledgers", "client_id"),
    ("tds_certificates", "client_id"),
    ("case_portals", "client_id"),
    ("client_requests", "client_id"),
    ("case_news", "client_id"),
    ("deliveries", "client_id"),
];

/// The references a merge leaves: it is written in them who went.
pub const LEFT: &[(&str, &str)] = &[("client_merges", "gone_id")];

macro_rules! moved {
    ($table:literal, $column:literal) => {
        (
            $table,
            statement!(concat!(
                "UPDATE ",
                $table,
                " SET ",
                $column,
                " = $2 WHERE ",
                $column,
                " = $1"
            )),
        )
    };
}

/// What is as it was for both: their rows become the other's.
fn plain() -> Vec<(&'static str, Sql)> {
    vec![
        moved!("cases", "client_id"),
        moved!("users", "client_id"),
        moved!("document_shares", "client_id"),
        moved!("consents", "client_id"),
        moved!("legal_holds", "client_id"),
        moved!("exports", "client_id"),
        moved!("invoices", "client_id"),
        moved!("walls", "client_id"),
        moved!("client_contacts", "client_id"),
        moved!("client_merges", "kept_id"),
        moved!("clients", "merged_into"),
        moved!("conflict_checks", "client_id"),
        moved!("known_names", "client_id"),
        moved!("rates", "client_id"),
        moved!("issued_papers", "client_id"),
        moved!("credit_notes", "client_id"),
        moved!("client_payments", "client_id"),
        moved!("ledger_entries", "client_id"),
        moved!("client_ledgers", "client_id"),
        moved!("tds_certificates", "client_id"),
        moved!("case_portals", "client_id"),
        moved!("client_requests", "client_id"),
        moved!("case_news", "client_id"),
        moved!("deliveries", "client_id"),
    ]
}

/// What both may have only one of is made one first, in this order: of a document shared
/// with both, the share of the one that stays holds; the money held of both is added up,
/// the entries of the one that goes after those of the other; two certificates of tax for
/// one quarter become one over both amounts.
fn made_one() -> [(&'static str, Sql); 6] {
    [
        (
            "document_shares",
            statement!(
                "DELETE FROM document_shares WHERE client_id = $1 AND document_id IN
                     (SELECT s.document_id FROM document_shares s WHERE s.client_id = $2)"
            ),
        ),
        (
            "ledger_entries",
            statement!(
                "UPDATE ledger_entries SET client_id = $2,
                     ordinal = ordinal + (SELECT coalesce(MAX(e.ordinal), 0) FROM ledger_entries e
                                          WHERE e.client_id = $2),
                     balance_paise = balance_paise
                         + (SELECT CAST(coalesce(SUM(l.balance_paise), 0) AS BIGINT)
                            FROM client_ledgers l WHERE l.client_id = $2)
                 WHERE client_id = $1"
            ),
        ),
        (
            "client_ledgers",
            statement!(
                "UPDATE client_ledgers SET balance_paise = balance_paise
                     + (SELECT CAST(coalesce(SUM(l.balance_paise), 0) AS BIGINT)
                        FROM client_ledgers l WHERE l.client_id = $1)
                 WHERE client_id = $2
                   AND EXISTS (SELECT 1 FROM client_ledgers l WHERE l.client_id = $1)"
            ),
        ),
        (
            "client_ledgers",
            statement!(
                "DELETE FROM client_ledgers WHERE client_id = $1
                   AND EXISTS (SELECT 1 FROM client_ledgers l WHERE l.client_id = $2)"
            ),
        ),
        (
            "tds_certificates",
            statement!(
                "UPDATE tds_certificates SET
                     amount_paise = amount_paise
                         + (SELECT t.amount_paise FROM tds_certificates t
                            WHERE t.client_id = $1
                              AND t.financial_year = tds_certificates.financial_year
                              AND t.quarter = tds_certificates.quarter),
                     number = number || ', '
                         || (SELECT t.number FROM tds_certificates t
                             WHERE t.client_id = $1
                               AND t.financial_year = tds_certificates.financial_year
                               AND t.quarter = tds_certificates.quarter)
                 WHERE client_id = $2
                   AND EXISTS (SELECT 1 FROM tds_certificates t
                               WHERE t.client_id = $1
                                 AND t.financial_year = tds_certificates.financial_year
                                 AND t.quarter = tds_certificates.quarter)"
            ),
        ),
        (
            "tds_certificates",
            statement!(
                "DELETE FROM tds_certificates WHERE client_id = $1
                   AND EXISTS (SELECT 1 FROM tds_certificates t
                               WHERE t.client_id = $2
                                 AND t.financial_year = tds_certificates.financial_year
                                 AND t.quarter = tds_certificates.quarter)"
            ),
        ),
    ]
}

/// Moves everything of a client to another; says how many rows of which tables.
pub(super) async fn all(
    tx: &mut Tx,
    gone: ClientId,
    kept: ClientId,
) -> Result<Vec<(&'static str, u64)>, DbError> {
    let mut moved: Vec<(&'static str, u64)> = Vec::new();
    for (table, change) in made_one().into_iter().chain(plain()) {
        let count = tx.execute(change.bind(gone).bind(kept)).await?;
        if count == 0 {
            continue;
        }
        match moved.iter_mut().find(|(known, _)| *known == table) {
            Some((_, all)) => *all += count,
            None => moved.push((table, count)),
        }
    }
    Ok(moved)
}

#[derive(sqlx::FromRow)]
struct Pair {
    gone_id: ClientId,
    kept_id: ClientId,
}

/// Moves what was entered for a client in the very moment it was merged since a time.
pub(super) async fn again(tx: &mut Tx, since: DateTime<Utc>) -> Result<(), DbError> {
    let select = statement!(
        "SELECT gone_id, kept_id FROM client_merges WHERE merged_at > $1 ORDER BY id LIMIT 1000"
    );
    for Pair { gone_id, kept_id } in tx.all::<Pair>(select.bind(since)).await? {
        all(tx, gone_id, kept_id).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_listed_is_moved() {
        let moved: Vec<&str> = plain().iter().map(|(table, _)| *table).collect();
        let listed: Vec<&str> = MOVED.iter().map(|(table, _)| *table).collect();
        assert_eq!(moved, listed);
    }
}
