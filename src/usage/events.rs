//! What became of answers besides their cost: how many no model made, and why, and what
//! was struck from them.

use super::report::Period;
use super::{Usage, store};
use crate::db::DbError;
use crate::kernel::{Permission, Scope};

/// Answers that the documents made or finished, for one reason.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct AnswersWithoutModel {
    /// How they were labelled: it says why.
    pub label: String,
    /// How many.
    pub answers: i64,
}

#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub(super) struct Struck {
    pub(super) answers: i64,
    pub(super) with_removals: i64,
    pub(super) removals: i64,
}

/// What became of the answers of a period.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Events {
    /// How many answers there were.
    pub answers: i64,
    /// Those that no model made, or not to the end, by reason.
    pub without_model: Vec<AnswersWithoutModel>,
    /// From how many something was struck.
    pub with_removals: i64,
    /// How many quotations, citations and authorities were struck.
    pub removals: i64,
}

impl Usage {
    /// What became of the answers of a period; none unless the caller may see costs.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn events(&self, scope: &Scope, period: Period) -> Result<Events, DbError> {
        if !scope.may(Permission::ReadCosts) {
            return Ok(Events::default());
        }
        let ((from, until), organisation) = (period.bounds(), scope.organisation());
        let mut tx = self.db.read().await?;
        let without_model = store::calls::without_model(&mut tx, organisation, from, until).await?;
        let Struck { answers, with_removals, removals } =
            store::calls::struck(&mut tx, organisation, from, until).await?;
        Ok(Events { answers, without_model, with_removals, removals })
    }
}
