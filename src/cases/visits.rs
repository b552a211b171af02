//! What is new in a case since somebody last looked at it.

use chrono::{DateTime, TimeDelta, Utc};

use super::{CaseError, Cases};
use crate::db::{DbError, Tx};
use crate::kernel::{CaseId, DocumentId, Scope, UserId};
use crate::statement;

/// Looks closer together than this many minutes are one visit: what was new stays new
/// while somebody goes about in the case.
const VISIT: i64 = 30;
/// How many new documents are told by name.
const NAMED: u32 = 10;

/// What came into a case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct News {
    /// When the reader looked last; none when they never did.
    pub since: Option<DateTime<Utc>>,
    /// Documents that others added, the newest first.
    pub documents: Vec<NewDocument>,
    /// How many notes others wrote.
    pub notes: i64,
}

/// A document that came.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct NewDocument {
    /// Which.
    pub id: DocumentId,
    /// Its title.
    pub title: String,
    /// When it came.
    pub created_at: DateTime<Utc>,
}

#[derive(sqlx::FromRow)]
struct Visit {
    seen_at: DateTime<Utc>,
    before_at: Option<DateTime<Utc>>,
}

#[derive(sqlx::FromRow)]
struct Count {
    count: i64,
}

impl Cases {
    /// Notes that the caller looks at a case, and says what others added since they last did.
    /// Nothing is new on a first visit.
    ///
    /// # Errors
    /// Fails with [`CaseError::NotFound`] when what is in the case is not open to the caller.
    pub async fn visit(&self, scope: &Scope, case: CaseId) -> Result<News, CaseError> {
        let now = self.clock.now();
        let mut tx = self.db.write().await?;
        self.reads(&mut tx, scope, case).await?;
        let select = statement!(
            "SELECT seen_at, before_at FROM case_visits WHERE case_id = $1 AND user_id = $2"
        );
        let last = tx.optional::<Visit>(select.bind(case).bind(scope.user())).await?;
        let since = last.and_then(|visit| {
            let same = now - visit.seen_at < TimeDelta::minutes(VISIT);
            if same { visit.before_at } else { Some(visit.seen_at) }
        });
        let upsert = statement!(
            "INSERT INTO case_visits (case_id, user_id, seen_at, before_at)
             VALUES ($1, $2, $3, $4)
             ON CONFLICT (case_id, user_id) DO UPDATE SET seen_at = $3, before_at = $4"
        );
        tx.execute(upsert.bind(case).bind(scope.user()).bind(now).bind(since)).await?;
        let news = match since {
            Some(since) => news(&mut tx, case, scope.user(), since).await?,
            None => News::default(),
        };
        tx.commit().await?;
        Ok(news)
    }
}

async fn news(
    tx: &mut Tx,
    case: CaseId,
    user: UserId,
    since: DateTime<Utc>,
) -> Result<News, DbError> {
    let select = statement!(
        "SELECT d.id, d.title, d.created_at FROM documents d
         WHERE d.case_id = $1 AND d.created_at > $2 AND d.created_by <> $3
         ORDER BY d.created_at DESC, d.id DESC LIMIT $4"
    );
    let documents = tx.all(select.bind(case).bind(since).bind(user).bind(NAMED)).await?;
    let select = statement!(
        "SELECT COUNT(*) AS count FROM case_notes n
         WHERE n.case_id = $1 AND n.written_at > $2 AND n.written_by <> $3"
    );
    let notes = tx.one::<Count>(select.bind(case).bind(since).bind(user)).await?.count;
    Ok(News { since: Some(since), documents, notes })
}
