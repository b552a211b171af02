//! The people who come into the portal for a client: when they were last there, and the
//! language they read.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use super::{Language, Portal, PortalError};
use crate::db::DbError;
use crate::kernel::{CaseId, Scope, UserId};
use crate::statement;

/// How far apart visits are told from each other.
const ONE_VISIT: TimeDelta = TimeDelta::minutes(5);

/// Somebody who comes into the portal for a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortalPerson {
    /// Who.
    pub user: UserId,
    /// How they are called.
    pub name: String,
    /// What they sign in with.
    pub email: String,
    /// Whether they can sign in.
    pub active: bool,
    /// When they were last there.
    pub last_visit: Option<DateTime<Utc>>,
    /// The language they read.
    pub language: Language,
    /// Whether an ethical wall keeps them out of the case.
    pub walled: bool,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: UserId,
    name: String,
    email: String,
    active: bool,
    last_visit_at: Option<DateTime<Utc>>,
    language: String,
    walled: bool,
}

#[derive(sqlx::FromRow)]
struct Spoken {
    language: String,
}

impl Portal {
    /// The people of the client of a case. For those to whom the case is open.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn people(
        &self,
        scope: &Scope,
        case: CaseId,
    ) -> Result<Vec<PortalPerson>, PortalError> {
        let mut tx = self.parts.db.read().await?;
        let select = statement!(
            "SELECT u.id, u.name, u.email, u.active, p.last_visit_at,
                 coalesce(p.language, k.language) AS language,
                 EXISTS (SELECT 1 FROM walled_people w
                         WHERE w.user_id = u.id
                           AND (w.case_id = c.id OR w.client_id = c.client_id)) AS walled
             FROM cases c
             JOIN open_cases o ON o.case_id = c.id AND o.user_id = $1
             JOIN clients k ON k.id = c.client_id
             JOIN users u ON u.client_id = c.client_id AND u.role = 'client'
             LEFT JOIN portal_people p ON p.user_id = u.id
             WHERE c.organisation_id = $2 AND c.id = $3
             ORDER BY u.name, u.id LIMIT 200"
        );
        let select = select.bind(scope.user()).bind(scope.organisation()).bind(case);
        let rows = tx.all::<Row>(select).await?;
        let person = |row: Row| PortalPerson {
            user: row.id,
            name: row.name,
            email: row.email,
            active: row.active,
            last_visit: row.last_visit_at,
            language: row.language.parse().unwrap_or_default(),
            walled: row.walled,
        };
        Ok(rows.into_iter().map(person).collect())
    }

    /// The language the client who asks reads: their own choice, or else their client's.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn language(&self, scope: &Scope) -> Result<Language, DbError> {
        let mut tx = self.parts.db.read().await?;
        let select = statement!(
            "SELECT coalesce(p.language, k.language) AS language
             FROM users u JOIN clients k ON k.id = u.client_id
             LEFT JOIN portal_people p ON p.user_id = u.id WHERE u.id = $1"
        );
        let spoken = tx.optional::<Spoken>(select.bind(scope.user())).await?;
        Ok(spoken.and_then(|spoken| spoken.language.parse().ok()).unwrap_or_default())
    }

    /// Keeps the language the client who asks chose.
    ///
    /// # Errors
    /// Fails for anyone who is not a client.
    pub async fn speak(&self, scope: &Scope, language: Language) -> Result<(), PortalError> {
        Self::client_of(scope)?;
        let mut tx = self.parts.db.write().await?;
        let insert = statement!(
            "INSERT INTO portal_people (user_id, language) VALUES ($1, $2)
             ON CONFLICT (user_id) DO UPDATE SET language = $2"
        );
        tx.execute(insert.bind(scope.user()).bind(language.as_str())).await?;
        let details = json!({ "language": language.as_str() });
        self.record(&mut tx, scope, "portal.language", details).await?;
        Ok(tx.commit().await?)
    }

    /// Keeps when the client who asks was last there.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn visited(&self, scope: &Scope) -> Result<(), PortalError> {
        Self::client_of(scope)?;
        let now = self.parts.clock.now();
        let before = now.checked_sub_signed(ONE_VISIT).unwrap_or(now);
        let mut tx = self.parts.db.read().await?;
        let select = statement!(
            "SELECT COUNT(*) AS count FROM portal_people
             WHERE user_id = $1 AND last_visit_at > $2"
        );
        let select = select.bind(scope.user()).bind(before);
        if tx.one::<super::Count>(select).await?.count > 0 {
            return Ok(());
        }
        drop(tx);
        let mut tx = self.parts.db.write().await?;
        let insert = statement!(
            "INSERT INTO portal_people (user_id, last_visit_at) VALUES ($1, $2)
             ON CONFLICT (user_id) DO UPDATE SET last_visit_at = $2"
        );
        tx.execute(insert.bind(scope.user()).bind(now)).await?;
        Ok(tx.commit().await?)
    }
}
