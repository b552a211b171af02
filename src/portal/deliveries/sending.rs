//! A client sends a file.

use std::io;

use bytes::Bytes;
use chrono::{NaiveTime, TimeDelta};
use futures_util::Stream;
use serde_json::json;

use super::{LARGEST_MIB, MOST_A_DAY, NewDelivery};
use crate::db::{DbError, Tx};
use crate::documents::Delivered;
use crate::events::{Event, EventKind};
use crate::kernel::{CaseId, ClientId, DeliveryId, Scope, UserId, day_in_india};
use crate::notices::{Notice, Reader};
use crate::portal::{Count, Portal, PortalError, filled, requests};
use crate::statement;

/// The longest name of a file that is kept, in characters.
const LONGEST_NAME: usize = 200;

#[derive(sqlx::FromRow)]
struct Person {
    user_id: UserId,
}

#[derive(sqlx::FromRow)]
struct Named {
    name: String,
}

impl Portal {
    /// Takes a file of the client who asks, for a case shown to them. Those who work on the
    /// case are told; a request it answers is done.
    ///
    /// # Errors
    /// Fails when the case is not shown to them, there is no such request, the file is
    /// empty, too large or of no kind the service reads, or too many came today.
    pub async fn deliver<S>(
        &self,
        scope: &Scope,
        new: NewDelivery,
        bytes: S,
    ) -> Result<DeliveryId, PortalError>
    where
        S: Stream<Item = io::Result<Bytes>> + Send,
    {
        let client = Self::client_of(scope)?;
        let note = filled(new.note.as_deref())?;
        {
            // Before anything is stored; asked again in the transaction below.
            let mut tx = self.parts.db.read().await?;
            self.may_deliver(&mut tx, scope, client, &new).await?;
        }
        let id = DeliveryId::new();
        let documents = &self.parts.documents;
        let came = documents.take_delivery(id, LARGEST_MIB << 20, bytes).await?;
        let entered = self.enter(scope, (id, client), &new, note, &came).await;
        if entered.is_err() {
            documents.forget_delivery(id, &came.sha256).await?;
        }
        entered.map(|()| id)
    }

    async fn enter(
        &self,
        scope: &Scope,
        (id, client): (DeliveryId, ClientId),
        new: &NewDelivery,
        note: Option<String>,
        came: &Delivered,
    ) -> Result<(), PortalError> {
        let name = name_of(&new.file_name);
        let mut tx = self.parts.db.write().await?;
        self.may_deliver(&mut tx, scope, client, new).await?;
        let now = self.parts.clock.now();
        let insert = statement!(
            "INSERT INTO deliveries (id, organisation_id, case_id, client_id, request_id, sent_by,
                 sent_at, file_name, sha256, size_bytes, format, note, status)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'waiting')"
        )
        .bind(id)
        .bind(scope.organisation())
        .bind(new.case)
        .bind(client)
        .bind(new.request)
        .bind(scope.user())
        .bind(now)
        .bind(name.as_str())
        .bind(came.sha256.as_str())
        .bind(i64::try_from(came.size).unwrap_or(i64::MAX))
        .bind(came.format.as_str())
        .bind(note);
        tx.execute(insert).await?;
        if let Some(request) = new.request {
            self.request_delivered(&mut tx, request, now).await?;
        }
        let details = json!({ "case": new.case, "delivery": id, "request": new.request });
        self.record(&mut tx, scope, "delivery.send", details).await?;
        let about = json!({ "delivery": id });
        let (organisation, kind) = (scope.organisation(), EventKind::FileDelivered);
        let event = Event { organisation, kind, case: Some(new.case), about };
        self.parts.events.emit(&mut tx, event).await?;
        self.tell_members(&mut tx, scope, new.case, name).await?;
        Ok(tx.commit().await?)
    }

    /// Whether the client who asks may send a file now.
    async fn may_deliver(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        client: ClientId,
        new: &NewDelivery,
    ) -> Result<(), PortalError> {
        self.still_shown(tx, scope, new.case).await?;
        if let Some(request) = new.request {
            let found = requests::find(tx, scope, request).await?;
            if found.case_id != new.case || found.withdrawn {
                return Err(PortalError::NotFound);
            }
        }
        let day = day_in_india(self.parts.clock.now()).and_time(NaiveTime::MIN).and_utc();
        let began = day.checked_sub_signed(TimeDelta::minutes(330)).unwrap_or(day);
        let select = statement!(
            "SELECT COUNT(*) AS count FROM deliveries WHERE client_id = $1 AND sent_at >= $2"
        );
        let today = tx.one::<Count>(select.bind(client).bind(began)).await?.count;
        if today < MOST_A_DAY { Ok(()) } else { Err(PortalError::TooMany(MOST_A_DAY)) }
    }

    /// Tells those who work on a case that a file came: its team, or where nobody of it may
    /// open the case any more, the admins who may.
    async fn tell_members(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        case: CaseId,
        name: String,
    ) -> Result<(), PortalError> {
        let select = statement!(
            "SELECT o.user_id FROM open_cases o
             JOIN users u ON u.id = o.user_id
             WHERE o.case_id = $1 AND o.role <> 'viewer' AND u.active
               AND (EXISTS (SELECT 1 FROM case_members m
                            WHERE m.case_id = o.case_id AND m.user_id = o.user_id)
                    OR NOT EXISTS (SELECT 1 FROM case_members m
                                   JOIN open_cases x ON x.case_id = m.case_id
                                    AND x.user_id = m.user_id AND x.role <> 'viewer'
                                   WHERE m.case_id = o.case_id))
             ORDER BY o.user_id LIMIT 200"
        );
        let people = tx.all::<Person>(select.bind(case)).await?;
        let case_title = self.read_case_in(tx, scope, case).await?;
        let from = self.name_of_sender(tx, scope).await?;
        let notice = Notice::FileCame { case_title, name, from };
        let link = format!("/cases/{case}/portal");
        for Person { user_id } in people {
            let (organisation, reader) = (scope.organisation(), Reader::Person(user_id));
            self.parts.notices.tell(tx, organisation, reader, &notice, &link).await?;
        }
        Ok(())
    }

    async fn read_case_in(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        case: CaseId,
    ) -> Result<String, DbError> {
        let select =
            statement!("SELECT title AS name FROM cases WHERE id = $1 AND organisation_id = $2");
        Ok(tx.one::<Named>(select.bind(case).bind(scope.organisation())).await?.name)
    }

    async fn name_of_sender(&self, tx: &mut Tx, scope: &Scope) -> Result<String, DbError> {
        let select = statement!("SELECT name FROM users WHERE id = $1");
        Ok(tx.one::<Named>(select.bind(scope.user())).await?.name)
    }
}

/// A file's name without folders and what cannot be shown.
fn name_of(sent: &str) -> String {
    let name = sent.rsplit(['/', '\\']).next().unwrap_or(sent);
    let name: String = name.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect();
    if name.trim().is_empty() { "file".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_kept_without_folders_and_controls() {
        assert_eq!(name_of("C:\\papers\\lease\u{7}.pdf"), "lease.pdf");
        assert_eq!(name_of("../../etc/passwd"), "passwd");
        assert_eq!(name_of(" "), "file");
        assert_eq!(name_of(&"x".repeat(900)).len(), LONGEST_NAME);
    }
}
