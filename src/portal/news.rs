//! News of a case in plain words: drafted by anybody who works on it, read by its client
//! when an advocate has approved exactly that wording.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{Portal, PortalError, filled, read_of};
use crate::db::Tx;
use crate::kernel::{CaseId, NewsId, Role, Scope};
use crate::notices::{Notice, Reader};
use crate::statement;

/// News of a case, with every wording it had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    /// Its id.
    pub id: NewsId,
    /// Of which case.
    pub case_id: CaseId,
    /// When it was drafted.
    pub created_at: DateTime<Utc>,
    /// When it was withdrawn.
    pub withdrawn_at: Option<DateTime<Utc>>,
    /// Its wordings, the newest first; there is always one.
    pub wordings: Vec<Wording>,
}

/// A wording.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Wording {
    /// Its number, from 1.
    pub number: i64,
    /// In English.
    pub english: Option<String>,
    /// In Hindi.
    pub hindi: Option<String>,
    /// Who wrote it.
    pub written_by: String,
    /// When.
    pub written_at: DateTime<Utc>,
    /// The advocate who approved it.
    pub approved_by: Option<String>,
    /// When.
    pub approved_at: Option<DateTime<Utc>>,
}

/// News as its client reads it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Approved {
    /// Its id.
    pub id: NewsId,
    /// Of which case.
    pub case_id: CaseId,
    /// In English.
    pub english: Option<String>,
    /// In Hindi.
    pub hindi: Option<String>,
    /// Who approved it.
    pub approved_by: String,
    /// When.
    pub approved_at: DateTime<Utc>,
}

/// What news says, in one language or both.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewsTexts {
    /// In English.
    pub english: Option<String>,
    /// In Hindi.
    pub hindi: Option<String>,
}

impl NewsTexts {
    fn checked(self) -> Result<Self, PortalError> {
        let (english, hindi) = (filled(self.english.as_deref())?, filled(self.hindi.as_deref())?);
        if english.is_none() && hindi.is_none() {
            return Err(PortalError::Unfit("write the news in English, in Hindi, or in both"));
        }
        Ok(Self { english, hindi })
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    id: NewsId,
    case_id: CaseId,
    case_title: String,
    created_at: DateTime<Utc>,
    withdrawn_at: Option<DateTime<Utc>>,
    #[sqlx(flatten)]
    wording: Wording,
}

macro_rules! news {
    () => {
        "SELECT n.id, n.case_id, c.title AS case_title, n.created_at, n.withdrawn_at,
             w.number, w.english, w.hindi, a.name AS written_by, w.written_at,
             b.name AS approved_by, w.approved_at
         FROM case_news n
         JOIN cases c ON c.id = n.case_id AND c.client_id = n.client_id
         JOIN open_cases o ON o.case_id = c.id AND o.user_id = $1
         JOIN news_wordings w ON w.news_id = n.id
         JOIN users a ON a.id = w.written_by
         LEFT JOIN users b ON b.id = w.approved_by
         WHERE n.organisation_id = $2"
    };
}

impl Portal {
    /// The news of a case with its wordings, the latest first. For those to whom the case
    /// is open.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn news(&self, scope: &Scope, case: CaseId) -> Result<Vec<News>, PortalError> {
        let mut tx = self.parts.db.read().await?;
        let select = statement!(concat!(
            news!(),
            " AND n.case_id = $3 ORDER BY n.created_at DESC, n.id DESC, w.number DESC LIMIT 1000"
        ));
        let select = select.bind(scope.user()).bind(scope.organisation()).bind(case);
        Ok(gathered(tx.all::<Row>(select).await?))
    }

    /// The news its client reads: of each the last wording that was approved, the latest
    /// first. Also for those of the chamber to whom the case is open.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn approved_news(
        &self,
        scope: &Scope,
        case: CaseId,
    ) -> Result<Vec<Approved>, PortalError> {
        let mut tx = self.parts.db.read().await?;
        let select = statement!(concat!(
            "SELECT n.id, n.case_id, w.english, w.hindi, b.name AS approved_by, w.approved_at
             FROM case_news n
             JOIN cases c ON c.id = n.case_id AND c.client_id = n.client_id
             JOIN news_wordings w ON w.news_id = n.id
              AND w.number = (SELECT MAX(x.number) FROM news_wordings x
                              WHERE x.news_id = n.id AND x.approved_at IS NOT NULL)
             JOIN users b ON b.id = w.approved_by
             WHERE n.organisation_id = $2 AND n.case_id = $3 AND n.withdrawn_at IS NULL AND ",
            read_of!(),
            " ORDER BY w.approved_at DESC, n.id DESC LIMIT 100"
        ));
        let select = select.bind(scope.user()).bind(scope.organisation()).bind(case);
        Ok(tx.all(select).await?)
    }

    /// Drafts news of a case; its client sees nothing of it yet.
    ///
    /// # Errors
    /// Fails when the case is not the caller's to change, has no client, or nothing was
    /// written.
    pub async fn draft_news(
        &self,
        scope: &Scope,
        case: CaseId,
        texts: NewsTexts,
    ) -> Result<NewsId, PortalError> {
        let texts = texts.checked()?;
        let (_, client) = self.to_be_changed(scope, case).await?;
        let (id, now) = (NewsId::new(), self.parts.clock.now());
        let mut tx = self.parts.db.write().await?;
        self.parts.cases.changes(&mut tx, scope, case).await?;
        let insert = statement!(
            "INSERT INTO case_news
                 (id, organisation_id, case_id, client_id, created_by, created_at)
             VALUES ($1, $2, $3, $4, $5, $6)"
        );
        let insert = insert.bind(id).bind(scope.organisation()).bind(case).bind(client);
        tx.execute(insert.bind(scope.user()).bind(now)).await?;
        insert_wording(&mut tx, scope, (id, 1), &texts, now).await?;
        self.record(&mut tx, scope, "news.draft", json!({ "case": case, "news": id })).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Words news anew. Until somebody approves the new wording its client reads the one
    /// approved before, if there is one.
    ///
    /// # Errors
    /// Fails when it is not the caller's to change, was withdrawn, or nothing was written.
    pub async fn reword_news(
        &self,
        scope: &Scope,
        id: NewsId,
        texts: NewsTexts,
    ) -> Result<(), PortalError> {
        let texts = texts.checked()?;
        let mut tx = self.parts.db.write().await?;
        let (news, _) = self.news_to_be_changed(&mut tx, scope, id).await?;
        if news.withdrawn_at.is_some() {
            return Err(PortalError::Decided);
        }
        let number = news.wordings.first().map_or(1, |wording| wording.number + 1);
        let inserted =
            insert_wording(&mut tx, scope, (id, number), &texts, self.parts.clock.now()).await;
        inserted.map_err(|error| match error {
            // Somebody else was quicker with a wording of the same number.
            PortalError::Db(error) if error.is_conflict() => PortalError::Reworded,
            error => error,
        })?;
        let details = json!({ "case": news.case_id, "news": id, "wording": number });
        self.record(&mut tx, scope, "news.reword", details).await?;
        Ok(tx.commit().await?)
    }

    /// Approves the newest wording, which the caller names as the one they read; the client
    /// reads it from then on and is told.
    ///
    /// # Errors
    /// Fails when the caller is neither an advocate who works on the case nor an admin,
    /// another wording is newer, or it was decided on already.
    pub async fn approve_news(
        &self,
        scope: &Scope,
        id: NewsId,
        number: i64,
    ) -> Result<(), PortalError> {
        let mut tx = self.parts.db.write().await?;
        let (news, title) = self.news_to_be_changed(&mut tx, scope, id).await?;
        if !matches!(scope.role(), Role::Advocate | Role::Admin) {
            return Err(PortalError::AdvocatesOnly);
        }
        let update = statement!(
            "UPDATE news_wordings SET approved_by = $3, approved_at = $4
             WHERE news_id = $1 AND number = $2 AND approved_at IS NULL
               AND number = (SELECT MAX(x.number) FROM news_wordings x WHERE x.news_id = $1)
               AND NOT EXISTS (SELECT 1 FROM case_news n
                               WHERE n.id = $1 AND n.withdrawn_at IS NOT NULL)"
        );
        let now = self.parts.clock.now();
        let update = update.bind(id).bind(number).bind(scope.user()).bind(now);
        if tx.execute(update).await? == 0 {
            let newest = news.wordings.first().is_some_and(|wording| wording.number == number);
            return Err(if newest { PortalError::Decided } else { PortalError::Reworded });
        }
        let details = json!({ "case": news.case_id, "news": id, "wording": number });
        self.record(&mut tx, scope, "news.approve", details).await?;
        self.tell_news(&mut tx, scope, news.case_id, title).await?;
        Ok(tx.commit().await?)
    }

    /// Takes news back; its client reads it no more, and what it said is kept.
    ///
    /// # Errors
    /// Fails when it is not the caller's to change, or was withdrawn already.
    pub async fn withdraw_news(&self, scope: &Scope, id: NewsId) -> Result<(), PortalError> {
        let mut tx = self.parts.db.write().await?;
        let (news, _) = self.news_to_be_changed(&mut tx, scope, id).await?;
        let update = statement!(
            "UPDATE case_news SET withdrawn_by = $2, withdrawn_at = $3
             WHERE id = $1 AND withdrawn_at IS NULL"
        );
        let now = self.parts.clock.now();
        if tx.execute(update.bind(id).bind(scope.user()).bind(now)).await? == 0 {
            return Err(PortalError::Decided);
        }
        let details = json!({ "case": news.case_id, "news": id });
        self.record(&mut tx, scope, "news.withdraw", details).await?;
        Ok(tx.commit().await?)
    }

    async fn tell_news(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        case: CaseId,
        case_title: String,
    ) -> Result<(), PortalError> {
        if !self.is_shown(tx, case).await? {
            return Ok(());
        }
        let Some(client) = self.parts.cases.find(scope, case).await?.client_id else {
            return Ok(());
        };
        let (organisation, notice) = (scope.organisation(), Notice::NewsOfCase { case_title });
        let (reader, link) = (Reader::Client(client), format!("/portal/cases/{case}"));
        Ok(self.parts.notices.tell(tx, organisation, reader, &notice, &link).await?)
    }

    async fn news_to_be_changed(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        id: NewsId,
    ) -> Result<(News, String), PortalError> {
        let select = statement!(concat!(news!(), " AND n.id = $3 ORDER BY w.number DESC"));
        let select = select.bind(scope.user()).bind(scope.organisation()).bind(id);
        let rows = tx.all::<Row>(select).await?;
        let title = rows.first().map(|row| row.case_title.clone());
        let found = gathered(rows).into_iter().next().zip(title);
        let (news, title) = found.ok_or(PortalError::NotFound)?;
        self.parts.cases.changes(tx, scope, news.case_id).await?;
        Ok((news, title))
    }
}

async fn insert_wording(
    tx: &mut Tx,
    scope: &Scope,
    (id, number): (NewsId, i64),
    texts: &NewsTexts,
    now: DateTime<Utc>,
) -> Result<(), PortalError> {
    let insert = statement!(
        "INSERT INTO news_wordings (news_id, number, english, hindi, written_by, written_at)
         VALUES ($1, $2, $3, $4, $5, $6)"
    )
    .bind(id)
    .bind(number)
    .bind(texts.english.clone())
    .bind(texts.hindi.clone())
    .bind(scope.user())
    .bind(now);
    tx.execute(insert).await?;
    Ok(())
}

/// Rows of wordings, those of one news one after the other, as news.
fn gathered(rows: Vec<Row>) -> Vec<News> {
    let mut news: Vec<News> = Vec::new();
    for Row { id, case_id, created_at, withdrawn_at, wording, .. } in rows {
        if let Some(one) = news.last_mut().filter(|one| one.id == id) {
            one.wordings.push(wording);
        } else {
            news.push(News { id, case_id, created_at, withdrawn_at, wordings: vec![wording] });
        }
    }
    news
}
