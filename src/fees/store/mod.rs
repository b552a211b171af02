//! Every statement of the fees area.

pub(super) mod agreements;
pub(super) mod charges;
pub(super) mod expenses;
pub(super) mod falling_due;
pub(super) mod rates;
pub(super) mod time;
pub(super) mod timers;

use chrono::NaiveDate;

use super::Work;
use crate::db::{DbError, Sql, Tx};
use crate::kernel::{CaseId, Scope};
use crate::statement;

#[derive(sqlx::FromRow)]
pub(super) struct Count {
    pub(super) count: i64,
}

/// Binds what every read needs: `$1` the chamber, `$2` the caller.
fn seen_by(sql: Sql, scope: &Scope) -> Sql {
    sql.bind(scope.organisation()).bind(scope.user())
}

/// A stored day.
fn day(table: &'static str, column: &'static str, text: &str) -> Result<NaiveDate, DbError> {
    text.parse().map_err(|_| DbError::Inconsistent { table, column, value: text.to_owned() })
}

/// A stored class of work.
fn work(table: &'static str, text: &str) -> Result<Work, DbError> {
    text.parse().map_err(|value| DbError::Inconsistent { table, column: "work", value })
}

/// Whether the money of a case is the caller's to see.
pub(super) async fn sees(tx: &mut Tx, scope: &Scope, case: CaseId) -> Result<bool, DbError> {
    let select = statement!(
        "SELECT COUNT(*) AS count FROM billed_cases m JOIN cases c ON c.id = m.case_id
         WHERE c.organisation_id = $1 AND m.user_id = $2 AND m.case_id = $3"
    );
    Ok(tx.one::<Count>(seen_by(select, scope).bind(case)).await?.count > 0)
}
