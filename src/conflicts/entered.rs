//! Checks of cases as they are entered: by their title, or many at once from a list.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::asking::{fit, of_parties};
use super::matching::{Match, matches};
use super::names::{Name, POSSIBLE, compare, sides};
use super::{ConflictError, Conflicts, allowed, register};
use crate::db::{DbError, Tx};
use crate::kernel::{CaseId, Scope};
use crate::statement;

#[derive(sqlx::FromRow)]
struct Row {
    case_id: CaseId,
    name: String,
    ours: bool,
}

#[derive(sqlx::FromRow)]
struct Titled {
    title: String,
    client: String,
}

impl Conflicts {
    /// Makes a check of the parties of each case that the caller works on, that was entered
    /// since a moment, and that has none yet; says how many.
    ///
    /// # Errors
    /// Fails when the caller may make no checks, or the database fails.
    pub async fn check_entered(
        &self,
        scope: &Scope,
        since: DateTime<Utc>,
    ) -> Result<usize, ConflictError> {
        allowed(scope)?;
        let (this, scope) = (self.clone(), scope.clone());
        // A long list takes minutes: whoever closes the page leaves no case unchecked.
        match tokio::spawn(async move { this.check_all(&scope, since).await }).await {
            Ok(checked) => checked,
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }

    /// Makes a check of those who stand against the client in the title of a case that the
    /// caller works on: they may be entered as parties late, or never. None is made where
    /// the case is for no client, or its title names nobody else.
    ///
    /// # Errors
    /// Fails when the caller may make no checks, or the database fails.
    pub async fn check_title(&self, scope: &Scope, case: CaseId) -> Result<(), ConflictError> {
        allowed(scope)?;
        let found = {
            let mut tx = self.parts.db.read().await?;
            titled(&mut tx, scope, case).await?
        };
        let Some(Titled { title, client }) = found else {
            return Ok(());
        };
        let client = Name::read(&client);
        let is_other = |side: &String| compare(&Name::read(side), &client).score < POSSIBLE;
        let others = sides(&title).into_iter().filter(is_other).map(|side| (side, false));
        let others: Vec<(String, bool)> = others.collect();
        if others.is_empty() {
            return Ok(());
        }
        register::refresh(&self.parts, scope.organisation()).await?;
        self.make(scope, fit(of_parties(case, &others))?).await.map(drop)
    }

    async fn check_all(&self, scope: &Scope, since: DateTime<Utc>) -> Result<usize, ConflictError> {
        let rows = {
            let mut tx = self.parts.db.read().await?;
            unchecked(&mut tx, scope, since).await?
        };
        let mut cases: BTreeMap<CaseId, Vec<(String, bool)>> = BTreeMap::new();
        for Row { case_id, name, ours } in rows {
            cases.entry(case_id).or_default().push((name, ours));
        }
        register::refresh(&self.parts, scope.organisation()).await?;
        // One client or the State stands in many rows of a list, and is looked for once.
        let mut known: BTreeMap<(String, bool), Vec<Match>> = BTreeMap::new();
        // Who has just opened a case may not be granted it in this scope yet.
        for (case, parties) in &cases {
            let asked = fit(of_parties(*case, parties))?;
            let mut found = Vec::with_capacity(asked.names.len());
            for name in &asked.names {
                let key = (name.name.clone(), name.ours);
                if !known.contains_key(&key) {
                    let mut tx = self.parts.db.read().await?;
                    known.insert(key.clone(), matches(&mut tx, scope, &asked, name).await?);
                }
                found.extend(known.get(&key).cloned());
            }
            self.keep(scope, &asked, &found).await?;
        }
        Ok(cases.len())
    }
}

/// The title of a case that the caller works on, and whom it is for.
async fn titled(tx: &mut Tx, scope: &Scope, case: CaseId) -> Result<Option<Titled>, DbError> {
    let select = statement!(
        "SELECT c.title, k.name AS client FROM cases c
         JOIN clients k ON k.id = c.client_id
         JOIN open_cases o ON o.case_id = c.id AND o.user_id = $2
         WHERE c.organisation_id = $1 AND c.id = $3"
    );
    tx.optional(select.bind(scope.organisation()).bind(scope.user()).bind(case)).await
}

async fn unchecked(tx: &mut Tx, scope: &Scope, since: DateTime<Utc>) -> Result<Vec<Row>, DbError> {
    let select = statement!(
        "SELECT p.case_id, p.name, p.ours FROM case_parties p
         JOIN cases c ON c.id = p.case_id
         JOIN open_cases o ON o.case_id = c.id AND o.user_id = $2
         WHERE c.organisation_id = $1 AND c.created_at >= $3
           AND NOT EXISTS (SELECT 1 FROM conflict_checks q WHERE q.case_id = c.id)
         ORDER BY p.case_id, p.ordinal LIMIT 20000"
    );
    tx.all(select.bind(scope.organisation()).bind(scope.user()).bind(since)).await
}
