//! Rules that a lawyer of the chamber compared with the law.

use chrono::{DateTime, Utc};
use serde_json::json;

use crate::db::{DbError, Tx};
use crate::deadlines::limitation::{self, Rule};
use crate::deadlines::{DeadlineError, Deadlines};
use crate::kernel::{Permission, Scope};
use crate::statement;

/// That somebody checked a rule.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Review {
    /// Who.
    pub by_name: String,
    /// When.
    pub reviewed_at: DateTime<Utc>,
}

/// A rule and who checked it, as its text is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewedRule {
    /// The rule.
    pub rule: &'static Rule,
    /// Who checked it; nobody where its text is another than they read.
    pub review: Option<Review>,
}

impl Deadlines {
    /// Every rule, with who of the chamber checked it.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn rules(&self, scope: &Scope) -> Result<Vec<ReviewedRule>, DeadlineError> {
        if !scope.may(Permission::ReadCases) {
            return Err(DeadlineError::NotAllowed);
        }
        let mut tx = self.parts.db.read().await?;
        let mut found = Vec::new();
        for rule in limitation::rules() {
            let review = of(&mut tx, scope, rule).await?;
            found.push(ReviewedRule { rule, review });
        }
        Ok(found)
    }

    /// Says that the caller compared a rule with the law; `hash` is that of the text they
    /// read.
    ///
    /// # Errors
    /// Fails unless the caller looks after the chamber's details, when there is no such
    /// rule, or when its text is another by now.
    pub async fn review(&self, scope: &Scope, id: &str, hash: &str) -> Result<(), DeadlineError> {
        let rule = Self::reviewed(scope, id, hash)?;
        let mut tx = self.parts.db.write().await?;
        let insert = statement!(
            "INSERT INTO limitation_reviews (organisation_id, rule, rule_hash, reviewed_by,
                 reviewed_at)
             VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (organisation_id, rule, rule_hash) DO NOTHING"
        )
        .bind(scope.organisation())
        .bind(rule.id.as_str())
        .bind(hash)
        .bind(scope.user())
        .bind(self.parts.clock.now());
        if tx.execute(insert).await? == 0 {
            return Err(DeadlineError::Settled("the rule is marked as checked already"));
        }
        let details = json!({ "rule": rule.id, "hash": hash });
        self.record(&mut tx, scope, "limitation.review", details).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Takes back that a rule was checked.
    ///
    /// # Errors
    /// As [`Deadlines::review`], and when nobody had checked it.
    pub async fn unreview(&self, scope: &Scope, id: &str, hash: &str) -> Result<(), DeadlineError> {
        let rule = Self::reviewed(scope, id, hash)?;
        let mut tx = self.parts.db.write().await?;
        let delete = statement!(
            "DELETE FROM limitation_reviews
             WHERE organisation_id = $1 AND rule = $2 AND rule_hash = $3"
        );
        let delete = delete.bind(scope.organisation()).bind(rule.id.as_str()).bind(hash);
        if tx.execute(delete).await? == 0 {
            return Err(DeadlineError::Settled("the rule is not marked as checked"));
        }
        let details = json!({ "rule": rule.id, "hash": hash });
        self.record(&mut tx, scope, "limitation.unreview", details).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The rule whose text a caller read, who may say that they checked it.
    fn reviewed(scope: &Scope, id: &str, hash: &str) -> Result<&'static Rule, DeadlineError> {
        if !scope.may(Permission::SetChamber) {
            return Err(DeadlineError::NotAllowed);
        }
        let rule = limitation::rule(id).ok_or(DeadlineError::NoRule)?;
        if rule.hash() == hash {
            return Ok(rule);
        }
        let words = "the text of the rule is not the one you read; read it once more";
        Err(DeadlineError::Settled(words))
    }
}

/// Who checked a rule, as its text is now.
pub(super) async fn of(tx: &mut Tx, scope: &Scope, rule: &Rule) -> Result<Option<Review>, DbError> {
    let select = statement!(
        "SELECT u.name AS by_name, r.reviewed_at
         FROM limitation_reviews r JOIN users u ON u.id = r.reviewed_by
         WHERE r.organisation_id = $1 AND r.rule = $2 AND r.rule_hash = $3"
    );
    let select = select.bind(scope.organisation()).bind(rule.id.as_str()).bind(rule.hash());
    tx.optional(select).await
}
