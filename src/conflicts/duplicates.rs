//! Clients that may be the same, by the same comparison as a check.

use std::collections::{BTreeMap, BTreeSet};

use super::identifiers::Identifiers;
use super::names::{Name, POSSIBLE, compare, keys};
use super::{ConflictError, Conflicts};
use crate::db::{DbError, Tx};
use crate::kernel::{ClientId, Permission, Scope};
use crate::statement;

/// How many pairs are shown.
const MOST: usize = 200;
/// A key that so many share finds nothing new: each of them has others.
const CROWD: usize = 300;

/// Two clients that may be one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duplicate {
    /// The one that was entered first.
    pub first: (ClientId, String),
    /// The other.
    pub second: (ClientId, String),
    /// How alike they are, in thousandths.
    pub score: i64,
    /// Why, a sentence each.
    pub reasons: Vec<String>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: ClientId,
    name: String,
    pan: Option<String>,
    gstin: Option<String>,
    phone: Option<String>,
    email: Option<String>,
}

/// A client made ready to be compared.
struct Ready {
    id: ClientId,
    written: String,
    name: Name,
    identifiers: Identifiers,
}

impl Conflicts {
    /// The clients the caller may know of that may be the same, the most alike first; at
    /// most 200 pairs, of the 20,000 clients that were entered last.
    ///
    /// # Errors
    /// Fails for whoever may not merge clients.
    pub async fn duplicates(&self, scope: &Scope) -> Result<Vec<Duplicate>, ConflictError> {
        if !scope.may(Permission::MergeClients) {
            return Err(ConflictError::NotFound);
        }
        let mut tx = self.parts.db.read().await?;
        let rows = known(&mut tx, scope).await?;
        drop(tx);
        // Minutes of comparing belong on no thread that answers others.
        let found = tokio::task::spawn_blocking(move || pairs(rows)).await;
        Ok(found.unwrap_or_default())
    }
}

async fn known(tx: &mut Tx, scope: &Scope) -> Result<Vec<Row>, DbError> {
    let select = statement!(
        "SELECT k.id, k.name, k.pan, k.gstin, k.phone, k.email FROM clients k
         WHERE k.organisation_id = $1 AND k.merged_into IS NULL AND k.name <> 'Erased client'
           AND ($2 OR EXISTS (SELECT 1 FROM known_clients m
                              WHERE m.client_id = k.id AND m.user_id = $3))
         ORDER BY k.id DESC LIMIT 20000"
    );
    let select = select.bind(scope.organisation()).bind(scope.sees_all()).bind(scope.user());
    tx.all(select).await
}

fn pairs(mut rows: Vec<Row>) -> Vec<Duplicate> {
    rows.sort_by_key(|row| row.id);
    let all: Vec<Ready> = rows.into_iter().map(ready).collect();
    let mut by_key: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, client) in all.iter().enumerate() {
        let mut found = keys(&client.name);
        found.extend(client.identifiers.keys());
        for key in found {
            by_key.entry(key).or_default().push(at);
        }
    }
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for sharing in by_key.values().filter(|sharing| sharing.len() <= CROWD) {
        for (place, &one) in sharing.iter().enumerate() {
            for &other in sharing.iter().skip(place + 1) {
                if seen.insert((one, other))
                    && let (Some(one), Some(other)) = (all.get(one), all.get(other))
                {
                    found.extend(likely(one, other));
                }
            }
        }
    }
    found.sort_by_key(|pair| (-pair.score, pair.first.0, pair.second.0));
    found.truncate(MOST);
    found
}

fn ready(row: Row) -> Ready {
    let Row { id, name, pan, gstin, phone, email } = row;
    let identifiers = Identifiers { pan, gstin, cin: None, phone, email };
    Ready { id, name: Name::read(&name), written: name, identifiers }
}

fn likely(one: &Ready, other: &Ready) -> Option<Duplicate> {
    let mut likeness = compare(&one.name, &other.name);
    let (shared, pans_differ) = one.identifiers.against(&other.identifiers);
    if pans_differ && shared.is_empty() {
        likeness.score = likeness.score * 6 / 10;
    }
    for which in shared {
        likeness.score = likeness.score.max(which.score());
        likeness.reasons.insert(0, which.words().to_owned());
    }
    (likeness.score >= POSSIBLE).then(|| Duplicate {
        first: (one.id, one.written.clone()),
        second: (other.id, other.written.clone()),
        score: likeness.score,
        reasons: likeness.reasons,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_that_may_be_one_are_paired_once() {
        let row = |name: &str| Row {
            id: ClientId::new(),
            name: name.to_owned(),
            pan: None,
            gstin: None,
            phone: None,
            email: None,
        };
        let rows = ["Sharma Textiles Pvt Ltd", "M/s Sharma Textiles (P) Ltd.", "Rao & Co."];
        let found = pairs(rows.into_iter().map(row).collect());
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].first.1, "Sharma Textiles Pvt Ltd");
    }
}
