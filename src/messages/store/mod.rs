//! Every statement about messages.

use chrono::{DateTime, Utc};

use super::folding::WORDS;
use super::{Attachment, Channel, Message};
use crate::db::{DbError, Sql, Tx};
use crate::kernel::{AttachmentId, CaseId, CaseMessageId, DocumentId, Scope, UserId};
use crate::statement;

/// Which messages a reader may know of: of the organisation (`$1`), in cases open to them,
/// or in the client's channel of cases shown to them (`$2`) and written since they first
/// were: what was written before was between the chamber and a former client.
macro_rules! visible {
    () => {
        "m.organisation_id = $1
           AND (EXISTS (SELECT 1 FROM open_cases o
                        WHERE o.case_id = m.case_id AND o.user_id = $2)
                OR (m.channel = 'client'
                    AND EXISTS (SELECT 1 FROM shown_cases s
                                JOIN case_portals p ON p.case_id = s.case_id
                                WHERE s.case_id = m.case_id AND s.user_id = $2
                                  AND p.shown_at <= m.sent_at)))"
    };
}

mod people;

pub(super) use people::{
    can_be_named, inbox, mark_read, mention, receipts, shown_cases, team, titled,
};

macro_rules! select {
    () => {
        "SELECT m.id, m.case_id, c.title AS case_title, m.channel, m.author_id,
             u.name AS author, (u.role = 'client') AS by_client,
             CASE WHEN m.withdrawn_at IS NULL THEN m.text ELSE '' END AS text,
             m.sent_at, m.withdrawn_at
         FROM case_messages m
         JOIN users u ON u.id = m.author_id
         JOIN cases c ON c.id = m.case_id
         WHERE "
    };
}

fn seen_by(sql: Sql, scope: &Scope) -> Sql {
    sql.bind(scope.organisation()).bind(scope.user())
}

/// A message without what goes with it.
#[derive(sqlx::FromRow)]
pub(super) struct Row {
    pub(super) id: CaseMessageId,
    case_id: CaseId,
    pub(super) case_title: String,
    channel: String,
    author_id: UserId,
    author: String,
    by_client: bool,
    text: String,
    sent_at: DateTime<Utc>,
    withdrawn_at: Option<DateTime<Utc>>,
}

fn channel_of(channel: &str) -> Result<Channel, DbError> {
    let value = |value| DbError::Inconsistent { table: "case_messages", column: "channel", value };
    channel.parse().map_err(value)
}

impl Row {
    pub(super) fn message(self, attachments: Vec<Attachment>) -> Result<Message, DbError> {
        let Self { id, case_id, channel, author_id, author, by_client, .. } = self;
        let Self { text, sent_at, withdrawn_at, .. } = self;
        let channel = channel_of(&channel)?;
        Ok(Message {
            id,
            case_id,
            channel,
            author_id,
            author,
            by_client,
            text,
            sent_at,
            withdrawn_at,
            attachments,
        })
    }
}

#[derive(sqlx::FromRow)]
struct Count {
    count: i64,
}

/// Whether a case is open to somebody of the chamber.
pub(super) async fn is_open(tx: &mut Tx, user: UserId, case: CaseId) -> Result<bool, DbError> {
    let select = statement!(
        "SELECT COUNT(*) AS count FROM open_cases o WHERE o.user_id = $1 AND o.case_id = $2"
    );
    Ok(tx.one::<Count>(select.bind(user).bind(case)).await?.count > 0)
}

/// Whether a case is shown to somebody of a client.
pub(super) async fn is_shown(tx: &mut Tx, user: UserId, case: CaseId) -> Result<bool, DbError> {
    let select = statement!(
        "SELECT COUNT(*) AS count FROM shown_cases s WHERE s.user_id = $1 AND s.case_id = $2"
    );
    Ok(tx.one::<Count>(select.bind(user).bind(case)).await?.count > 0)
}

/// Whether anybody of the client is shown a case.
pub(super) async fn is_shown_to_anybody(tx: &mut Tx, case: CaseId) -> Result<bool, DbError> {
    let select = statement!("SELECT COUNT(*) AS count FROM shown_cases s WHERE s.case_id = $1");
    Ok(tx.one::<Count>(select.bind(case)).await?.count > 0)
}

/// Whether anybody of the client may read a document at a moment.
pub(super) async fn is_shared(
    tx: &mut Tx,
    document: DocumentId,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let select = statement!(
        "SELECT COUNT(*) AS count FROM shared_documents s
         WHERE s.document_id = $1 AND (s.expires_at IS NULL OR s.expires_at > $2)"
    );
    Ok(tx.one::<Count>(select.bind(document).bind(now)).await?.count > 0)
}

/// How many messages somebody wrote since a moment.
pub(super) async fn written_since(
    tx: &mut Tx,
    user: UserId,
    since: DateTime<Utc>,
) -> Result<i64, DbError> {
    let select = statement!(
        "SELECT COUNT(*) AS count FROM case_messages m WHERE m.author_id = $1 AND m.sent_at > $2"
    );
    Ok(tx.one::<Count>(select.bind(user).bind(since)).await?.count)
}

pub(super) async fn insert(
    tx: &mut Tx,
    scope: &Scope,
    (id, case, channel): (CaseMessageId, CaseId, Channel),
    (text, folded): (&str, String),
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO case_messages (id, organisation_id, case_id, channel, author_id, text,
             folded, sent_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
    )
    .bind(id)
    .bind(scope.organisation())
    .bind(case)
    .bind(channel.as_str())
    .bind(scope.user())
    .bind(text)
    .bind(folded)
    .bind(now);
    tx.execute(insert).await.map(drop)
}

/// Attaches a document.
pub(super) async fn link(
    tx: &mut Tx,
    id: AttachmentId,
    message: CaseMessageId,
    document: DocumentId,
    title: &str,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO attachments (id, message_id, document_id, name) VALUES ($1, $2, $3, $4)"
    );
    tx.execute(insert.bind(id).bind(message).bind(document).bind(title)).await.map(drop)
}

/// Attaches a file.
pub(super) async fn attach(
    tx: &mut Tx,
    id: AttachmentId,
    message: CaseMessageId,
    (name, media_type, size, sha256, sealed): (String, &'static str, i64, String, Vec<u8>),
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO attachments (id, message_id, name, media_type, size_bytes, sha256, sealed)
         VALUES ($1, $2, $3, $4, $5, $6, $7)"
    )
    .bind(id)
    .bind(message)
    .bind(name)
    .bind(media_type)
    .bind(size)
    .bind(sha256)
    .bind(sealed);
    tx.execute(insert).await.map(drop)
}

/// Where a message stands, and whose it is.
#[derive(sqlx::FromRow)]
pub(super) struct Place {
    pub(super) case_id: CaseId,
    pub(super) author_id: UserId,
    channel: String,
}

impl Place {
    pub(super) fn channel(&self) -> Result<Channel, DbError> {
        channel_of(&self.channel)
    }
}

pub(super) async fn place(
    tx: &mut Tx,
    scope: &Scope,
    id: CaseMessageId,
) -> Result<Option<Place>, DbError> {
    let select = statement!(concat!(
        "SELECT m.case_id, m.author_id, m.channel FROM case_messages m WHERE ",
        visible!(),
        " AND m.id = $3"
    ));
    tx.optional(seen_by(select, scope).bind(id)).await
}

/// Takes a message back, if it was sent after a moment and not taken back before.
pub(super) async fn withdraw(
    tx: &mut Tx,
    id: CaseMessageId,
    now: DateTime<Utc>,
    since: DateTime<Utc>,
) -> Result<u64, DbError> {
    let update = statement!(
        "UPDATE case_messages SET withdrawn_at = $2
         WHERE id = $1 AND withdrawn_at IS NULL AND sent_at >= $3"
    );
    tx.execute(update.bind(id).bind(now).bind(since)).await
}

#[derive(sqlx::FromRow)]
struct Text {
    text: String,
}

/// What a message said that was taken back, in a case open to the caller.
pub(super) async fn withdrawn(
    tx: &mut Tx,
    scope: &Scope,
    id: CaseMessageId,
) -> Result<Option<String>, DbError> {
    let select = statement!(concat!(
        "SELECT m.text FROM case_messages m WHERE ",
        visible!(),
        " AND m.id = $3 AND m.withdrawn_at IS NOT NULL"
    ));
    let row = tx.optional::<Text>(seen_by(select, scope).bind(id)).await?;
    Ok(row.map(|row| row.text))
}

/// One more than a page, the newest first.
pub(super) async fn thread(
    tx: &mut Tx,
    scope: &Scope,
    (case, channel): (CaseId, Channel),
    before: Option<CaseMessageId>,
) -> Result<Vec<Row>, DbError> {
    let select =
        statement!(concat!(select!(), visible!(), " AND m.case_id = $3 AND m.channel = $4"));
    let select = seen_by(select, scope).bind(case).bind(channel.as_str());
    tx.all(select.and_if("m.id <", before).then(" ORDER BY m.id DESC LIMIT 51")).await
}

/// The last messages of a case that were not taken back.
pub(super) async fn last(
    tx: &mut Tx,
    scope: &Scope,
    case: CaseId,
    channel: Option<Channel>,
    by_client: bool,
) -> Result<Vec<Row>, DbError> {
    let select = statement!(concat!(
        select!(),
        visible!(),
        " AND m.case_id = $3 AND m.withdrawn_at IS NULL AND (NOT $4 OR u.role = 'client')"
    ));
    let select = seen_by(select, scope).bind(case).bind(by_client);
    let select = select.and_if("m.channel =", channel.map(Channel::as_str));
    tx.all(select.then(" ORDER BY m.id DESC LIMIT 100")).await
}

/// The messages in which every pattern is found.
pub(super) async fn search(
    tx: &mut Tx,
    scope: &Scope,
    patterns: [String; WORDS],
    case: Option<CaseId>,
    before: Option<CaseMessageId>,
) -> Result<Vec<Row>, DbError> {
    let select = statement!(concat!(
        select!(),
        visible!(),
        " AND m.withdrawn_at IS NULL
          AND m.folded LIKE $3 ESCAPE '\\' AND m.folded LIKE $4 ESCAPE '\\'
          AND m.folded LIKE $5 ESCAPE '\\' AND m.folded LIKE $6 ESCAPE '\\'
          AND m.folded LIKE $7 ESCAPE '\\'"
    ));
    let select = patterns.into_iter().fold(seen_by(select, scope), Sql::bind);
    let select = select.and_if("m.case_id =", case).and_if("m.id <", before);
    tx.all(select.then(" ORDER BY m.id DESC LIMIT 50")).await
}

/// What goes with some messages, without what was taken back, and without documents the
/// reader may not open.
pub(super) async fn attachments(
    tx: &mut Tx,
    scope: &Scope,
    messages: &[CaseMessageId],
    now: DateTime<Utc>,
) -> Result<Vec<Attachment>, DbError> {
    let select = statement!(concat!(
        "SELECT a.id, a.message_id, a.document_id, a.name, a.media_type, a.size_bytes,
             (a.sealed IS NOT NULL) AS is_file
         FROM attachments a JOIN case_messages m ON m.id = a.message_id
         WHERE ",
        visible!(),
        " AND m.withdrawn_at IS NULL
          AND (a.sealed IS NOT NULL
               OR EXISTS (SELECT 1 FROM open_cases o
                          WHERE o.case_id = m.case_id AND o.user_id = $2)
               OR EXISTS (SELECT 1 FROM shared_documents d
                          WHERE d.document_id = a.document_id AND d.user_id = $2
                            AND (d.expires_at IS NULL OR d.expires_at > $3)))"
    ));
    let select = seen_by(select, scope).bind(now);
    let select = select.and_in("a.message_id", messages.iter().copied());
    tx.all(select.then(" ORDER BY a.message_id, a.id")).await
}

/// A file of a message.
#[derive(sqlx::FromRow)]
pub(super) struct File {
    pub(super) case_id: CaseId,
    pub(super) document_id: Option<DocumentId>,
    pub(super) name: String,
    pub(super) sealed: Vec<u8>,
}

pub(super) async fn file(
    tx: &mut Tx,
    scope: &Scope,
    id: AttachmentId,
) -> Result<Option<File>, DbError> {
    let select = statement!(concat!(
        "SELECT m.case_id, a.document_id, a.name, a.sealed
         FROM attachments a JOIN case_messages m ON m.id = a.message_id
         WHERE ",
        visible!(),
        " AND a.id = $3 AND a.sealed IS NOT NULL AND m.withdrawn_at IS NULL"
    ));
    tx.optional(seen_by(select, scope).bind(id)).await
}

/// Notes as which document a file was kept, once.
pub(super) async fn keep(
    tx: &mut Tx,
    id: AttachmentId,
    document: DocumentId,
) -> Result<u64, DbError> {
    let update =
        statement!("UPDATE attachments SET document_id = $2 WHERE id = $1 AND document_id IS NULL");
    tx.execute(update.bind(id).bind(document)).await
}
