//! Rows about what an ethical wall keeps their reader from.
//!
//! Admins read the record, and walls keep admins out too. A row that names anything of
//! a case or client behind a wall of the reader's stays where it is, with who, when and
//! which kind of act; what it was about is withheld.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use uuid::Uuid;

use super::{Entry, Filter, store};
use crate::db::{DbError, Tx};
use crate::kernel::{CaseId, DocumentId, UserId};

/// What stands in the place of the details.
pub const WITHHELD: &str = "behind an ethical wall";

/// Takes away the details that a wall keeps from a reader.
pub(super) async fn withhold(
    tx: &mut Tx,
    reader: UserId,
    rows: &mut [Entry],
) -> Result<(), DbError> {
    if !store::has_walls(tx, reader).await? {
        return Ok(());
    }
    let named: BTreeSet<Uuid> = rows.iter().flat_map(|row| ids(&row.details)).collect();
    let walled: BTreeSet<Uuid> = store::walled(tx, reader, &named).await?.into_iter().collect();
    for row in rows {
        if ids(&row.details).any(|id| walled.contains(&id)) {
            row.details = json!({ "withheld": WITHHELD });
        }
    }
    Ok(())
}

/// Whether a filter asks for a case or document that a wall keeps from its reader: no
/// row is given then, since that there is one would tell what it is about.
pub(super) async fn is_closed(
    tx: &mut Tx,
    reader: UserId,
    filter: &Filter,
) -> Result<bool, DbError> {
    let asked = filter.case.map(CaseId::uuid).into_iter();
    let asked: BTreeSet<Uuid> = asked.chain(filter.document.map(DocumentId::uuid)).collect();
    if asked.is_empty() || !store::has_walls(tx, reader).await? {
        return Ok(false);
    }
    Ok(!store::walled(tx, reader, &asked).await?.is_empty())
}

/// Every id in the details, wherever it stands: whatever a row names is asked about,
/// also what is recorded in ways not thought of here.
fn ids(details: &Value) -> Box<dyn Iterator<Item = Uuid> + '_> {
    match details {
        Value::String(text) => Box::new(text.parse().ok().into_iter()),
        Value::Array(items) => Box::new(items.iter().flat_map(ids)),
        Value::Object(fields) => Box::new(fields.values().flat_map(ids)),
        Value::Null | Value::Bool(_) | Value::Number(_) => Box::new(std::iter::empty()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_found_wherever_they_stand() {
        let [a, b, c] = [1, 2, 3].map(Uuid::from_u128);
        let details = json!({ "case": a, "what": { "client": b }, "list": [c, "no id"], "n": 4 });
        assert_eq!(ids(&details).collect::<BTreeSet<_>>(), [a, b, c].into());
    }
}
