//! Tags: words the team sorts its cases by.

use std::collections::BTreeSet;

use serde_json::json;

use super::values::{line, wrong};
use super::{CaseError, Cases};
use crate::db::{DbError, Tx};
use crate::kernel::{CaseId, Scope};
use crate::statement;

/// The longest tag, in characters.
const LONGEST: usize = 40;
/// How many a case may have.
const MOST: usize = 30;

#[derive(sqlx::FromRow)]
struct Tag {
    tag: String,
}

#[derive(sqlx::FromRow)]
struct Tagged {
    case_id: CaseId,
    tag: String,
}

impl Cases {
    /// The tags of a case, in order.
    ///
    /// # Errors
    /// Fails with [`CaseError::NotFound`] when what is in the case is not open to the caller.
    pub async fn tags(&self, scope: &Scope, case: CaseId) -> Result<Vec<String>, CaseError> {
        let mut tx = self.db.read().await?;
        self.reads(&mut tx, scope, case).await?;
        Ok(of_case(&mut tx, case).await?)
    }

    /// Gives a case these tags and no others. They are kept in small letters.
    ///
    /// # Errors
    /// Fails when the case is not the caller's to change, or a tag is too long.
    pub async fn set_tags(
        &self,
        scope: &Scope,
        case: CaseId,
        tags: Vec<String>,
    ) -> Result<(), CaseError> {
        let mut kept = BTreeSet::new();
        for tag in tags {
            let Some(tag) = line("tags", Some(tag.to_lowercase()))? else { continue };
            if tag.chars().count() > LONGEST || tag.contains(',') {
                return Err(wrong("tags", "keep each tag under 40 characters, without a comma"));
            }
            kept.insert(tag);
        }
        if kept.len() > MOST {
            return Err(wrong("tags", "a case has at most 30 tags"));
        }
        let now = self.clock.now();
        let mut tx = self.db.write().await?;
        self.changes(&mut tx, scope, case).await?;
        let before: BTreeSet<String> = of_case(&mut tx, case).await?.into_iter().collect();
        for tag in before.difference(&kept) {
            let delete = statement!("DELETE FROM case_tags WHERE case_id = $1 AND tag = $2");
            tx.execute(delete.bind(case).bind(tag.as_str())).await?;
        }
        for tag in kept.difference(&before) {
            let insert = statement!(
                "INSERT INTO case_tags (case_id, tag, added_by, added_at) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (case_id, tag) DO UPDATE SET added_at = $4"
            );
            let insert = insert.bind(case).bind(tag.as_str()).bind(scope.user()).bind(now);
            tx.execute(insert).await?;
        }
        if before != kept {
            let details = json!({ "case": case, "before": before.len(), "after": kept.len() });
            self.record(&mut tx, scope, "case.tags", details).await?;
        }
        Ok(tx.commit().await?)
    }
}

pub(super) async fn of_case(tx: &mut Tx, case: CaseId) -> Result<Vec<String>, DbError> {
    let select = statement!("SELECT tag FROM case_tags WHERE case_id = $1 ORDER BY tag LIMIT 100");
    Ok(tx.all::<Tag>(select.bind(case)).await?.into_iter().map(|row| row.tag).collect())
}

/// The tags of several cases, which must be open to the caller.
pub(super) async fn of_cases(
    tx: &mut Tx,
    cases: &[CaseId],
) -> Result<Vec<(CaseId, String)>, DbError> {
    let select = statement!("SELECT case_id, tag FROM case_tags WHERE TRUE");
    let select = select.and_in("case_id", cases.iter().copied()).then(" ORDER BY tag");
    let rows = tx.all::<Tagged>(select).await?;
    Ok(rows.into_iter().map(|row| (row.case_id, row.tag)).collect())
}
