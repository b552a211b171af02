//! What the chamber needs from a client.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{Portal, PortalError, day, filled, read_of};
use crate::db::{DbError, Tx};
use crate::kernel::{CaseId, RequestId, Scope};
use crate::notices::{Notice, Reader};
use crate::statement;

/// How a request was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RequestDoneHow)]
pub enum DoneHow {
    /// The client sent something for it.
    Delivered,
    /// The chamber ticked it off.
    Chamber,
}

/// Something the chamber needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Its id.
    pub id: RequestId,
    /// For which case.
    pub case_id: CaseId,
    /// The case's title.
    pub case_title: String,
    /// What is needed.
    pub what: String,
    /// By when.
    pub due_on: Option<NaiveDate>,
    /// Who asked.
    pub asked_by: String,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// When and how it was done.
    pub done: Option<(DateTime<Utc>, DoneHow)>,
    /// Whether it is not needed any more.
    pub withdrawn: bool,
}

/// Something to be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRequest {
    /// For which case.
    pub case: CaseId,
    /// What is needed, in words the client reads.
    pub what: String,
    /// By when.
    pub due_on: Option<NaiveDate>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: RequestId,
    case_id: CaseId,
    case_title: String,
    what: String,
    due_on: Option<String>,
    asked_by: String,
    asked_at: DateTime<Utc>,
    done_at: Option<DateTime<Utc>>,
    done_how: Option<String>,
    withdrawn: bool,
}

impl Row {
    fn request(self) -> Result<Request, DbError> {
        let how = |text: &str| {
            if text == "delivered" { DoneHow::Delivered } else { DoneHow::Chamber }
        };
        Ok(Request {
            id: self.id,
            case_id: self.case_id,
            case_title: self.case_title,
            what: self.what,
            due_on: day("client_requests", "due_on", self.due_on)?,
            asked_by: self.asked_by,
            asked_at: self.asked_at,
            done: self.done_at.zip(self.done_how.as_deref().map(how)),
            withdrawn: self.withdrawn,
        })
    }
}

macro_rules! requests {
    () => {
        concat!(
            "SELECT r.id, r.case_id, c.title AS case_title, r.what, r.due_on, u.name AS asked_by,
                 r.asked_at, r.done_at, r.done_how, (r.withdrawn_at IS NOT NULL) AS withdrawn
             FROM client_requests r
             JOIN cases c ON c.id = r.case_id AND c.client_id = r.client_id
             JOIN users u ON u.id = r.asked_by
             WHERE r.organisation_id = $2 AND ",
            read_of!()
        )
    };
}

impl Portal {
    /// What is and was needed in the caller's cases or one of them: what is open first, by
    /// day. A client does not see what is not needed any more.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn requests(
        &self,
        scope: &Scope,
        case: Option<CaseId>,
    ) -> Result<Vec<Request>, PortalError> {
        let mut tx = self.parts.db.read().await?;
        let select = statement!(requests!())
            .bind(scope.user())
            .bind(scope.organisation())
            .and_if("r.case_id =", case)
            .then(
                " ORDER BY CASE WHEN r.done_at IS NULL AND r.withdrawn_at IS NULL THEN 0 ELSE 1 END,
                      CASE WHEN r.due_on IS NULL THEN 1 ELSE 0 END, r.due_on, r.asked_at, r.id
                  LIMIT 500",
            );
        let rows = tx.all::<Row>(select).await?;
        let requests = rows.into_iter().map(Row::request).collect::<Result<Vec<_>, _>>()?;
        let client = scope.client().is_some();
        Ok(requests.into_iter().filter(|one| !(client && one.withdrawn)).collect())
    }

    /// One of them.
    ///
    /// # Errors
    /// Fails with [`PortalError::NotFound`] when it is not there or not the caller's.
    pub async fn request(&self, scope: &Scope, id: RequestId) -> Result<Request, PortalError> {
        let mut tx = self.parts.db.read().await?;
        find(&mut tx, scope, id).await
    }

    /// Asks the client of a case for something; they are told.
    ///
    /// # Errors
    /// Fails when the case is not the caller's to change, has no client, or nothing is
    /// asked for.
    pub async fn ask(&self, scope: &Scope, new: NewRequest) -> Result<RequestId, PortalError> {
        let what = filled(Some(&new.what))?;
        let what = what.ok_or(PortalError::Unfit("say what you need from the client"))?;
        let (case, client) = self.to_be_changed(scope, new.case).await?;
        let (id, now) = (RequestId::new(), self.parts.clock.now());
        let mut tx = self.parts.db.write().await?;
        self.parts.cases.changes(&mut tx, scope, new.case).await?;
        let insert = statement!(
            "INSERT INTO client_requests
                 (id, organisation_id, case_id, client_id, what, due_on, asked_by, asked_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
        )
        .bind(id)
        .bind(scope.organisation())
        .bind(new.case)
        .bind(client)
        .bind(what.as_str())
        .bind(new.due_on.map(|day| day.to_string()))
        .bind(scope.user())
        .bind(now);
        tx.execute(insert).await?;
        self.record(&mut tx, scope, "request.ask", json!({ "case": new.case, "request": id }))
            .await?;
        if self.is_shown(&mut tx, new.case).await? {
            let notice = Notice::SomethingNeeded { case_title: case.title, what, due: new.due_on };
            let (organisation, reader) = (scope.organisation(), Reader::Client(client));
            let notices = &self.parts.notices;
            let link = format!("/portal/cases/{}#needs", new.case);
            notices.tell(&mut tx, organisation, reader, &notice, &link).await?;
        }
        tx.commit().await?;
        Ok(id)
    }

    /// Ticks a request off, or opens it again.
    ///
    /// # Errors
    /// Fails when it is not the caller's to change, or is so already.
    pub async fn set_request_done(
        &self,
        scope: &Scope,
        id: RequestId,
        done: bool,
    ) -> Result<(), PortalError> {
        let mut tx = self.parts.db.write().await?;
        let request = self.request_to_be_changed(&mut tx, scope, id).await?;
        let (at, how) = (done.then(|| self.parts.clock.now()), done.then_some("chamber"));
        let update = statement!(
            "UPDATE client_requests SET done_at = $2, done_how = $3
             WHERE id = $1 AND withdrawn_at IS NULL AND (done_at IS NULL) = $4"
        );
        if tx.execute(update.bind(id).bind(at).bind(how).bind(done)).await? == 0 {
            return Err(PortalError::Decided);
        }
        let action = if done { "request.done" } else { "request.reopen" };
        let details = json!({ "case": request.case_id, "request": id });
        self.record(&mut tx, scope, action, details).await?;
        Ok(tx.commit().await?)
    }

    /// Says that something is not needed any more; the client does not see it from then on.
    ///
    /// # Errors
    /// Fails when it is not the caller's to change, or was withdrawn already.
    pub async fn withdraw_request(&self, scope: &Scope, id: RequestId) -> Result<(), PortalError> {
        let mut tx = self.parts.db.write().await?;
        let request = self.request_to_be_changed(&mut tx, scope, id).await?;
        let update = statement!(
            "UPDATE client_requests SET withdrawn_at = $2 WHERE id = $1 AND withdrawn_at IS NULL"
        );
        if tx.execute(update.bind(id).bind(self.parts.clock.now())).await? == 0 {
            return Err(PortalError::Decided);
        }
        let details = json!({ "case": request.case_id, "request": id });
        self.record(&mut tx, scope, "request.withdraw", details).await?;
        Ok(tx.commit().await?)
    }

    /// Notes that something came for an open request, in the transaction of the delivery.
    pub(super) async fn request_delivered(
        &self,
        tx: &mut Tx,
        id: RequestId,
        now: DateTime<Utc>,
    ) -> Result<(), DbError> {
        let update = statement!(
            "UPDATE client_requests SET done_at = $2, done_how = 'delivered'
             WHERE id = $1 AND done_at IS NULL AND withdrawn_at IS NULL"
        );
        tx.execute(update.bind(id).bind(now)).await.map(drop)
    }

    /// Opens a request again of which every delivery was refused, in the transaction of the
    /// refusal.
    pub(super) async fn request_refused(&self, tx: &mut Tx, id: RequestId) -> Result<(), DbError> {
        let update = statement!(
            "UPDATE client_requests SET done_at = NULL, done_how = NULL
             WHERE id = $1 AND done_how = 'delivered'
               AND NOT EXISTS (SELECT 1 FROM deliveries d
                               WHERE d.request_id = $1 AND d.status <> 'refused')"
        );
        tx.execute(update.bind(id)).await.map(drop)
    }

    /// Whether a case is shown to anybody; letters go out only then.
    pub(super) async fn is_shown(&self, tx: &mut Tx, case: CaseId) -> Result<bool, DbError> {
        let select = statement!("SELECT COUNT(*) AS count FROM shown_cases s WHERE s.case_id = $1");
        Ok(tx.one::<super::Count>(select.bind(case)).await?.count > 0)
    }

    async fn request_to_be_changed(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        id: RequestId,
    ) -> Result<Request, PortalError> {
        if scope.client().is_some() {
            return Err(PortalError::NotFound);
        }
        let request = find(tx, scope, id).await?;
        self.parts.cases.changes(tx, scope, request.case_id).await?;
        Ok(request)
    }
}

pub(super) async fn find(
    tx: &mut Tx,
    scope: &Scope,
    id: RequestId,
) -> Result<Request, PortalError> {
    let select = statement!(concat!(requests!(), " AND r.id = $3"));
    let select = select.bind(scope.user()).bind(scope.organisation()).bind(id);
    let row = tx.optional::<Row>(select).await?.ok_or(PortalError::NotFound)?;
    Ok(row.request()?)
}
