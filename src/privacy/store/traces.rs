//! Where a subject is spoken of elsewhere, and taking its name out.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::db::{DbError, Tx};
use crate::kernel::OrganisationId;
use crate::statement;

/// How a person is called whose name was taken out.
const FORMER: &str = "Former member";
/// How a client is called whose name was taken out.
const ERASED: &str = "Erased client";

#[derive(sqlx::FromRow)]
struct Id {
    id: Uuid,
}

#[derive(sqlx::FromRow)]
struct Count {
    count: i64,
}

#[derive(sqlx::FromRow)]
pub(in crate::privacy) struct Saved {
    pub(in crate::privacy) id: Uuid,
    pub(in crate::privacy) name: String,
    pub(in crate::privacy) search: String,
}

/// The conversations with an answer that rests on one of these versions.
pub(in crate::privacy) async fn answers_citing(
    tx: &mut Tx,
    versions: &BTreeSet<Uuid>,
) -> Result<BTreeSet<Uuid>, DbError> {
    let messages = tx.ids_in("citations", "version_id", versions).await?;
    let mut found = BTreeSet::new();
    for citation in messages {
        let select = statement!(
            "SELECT m.conversation_id AS id FROM citations c JOIN messages m ON m.id = c.message_id
             WHERE c.id = $1"
        );
        found.extend(tx.all::<Id>(select.bind(citation)).await?.into_iter().map(|row| row.id));
    }
    Ok(found)
}

/// The golden questions whose right answer is in one of these documents.
pub(in crate::privacy) async fn questions_expecting(
    tx: &mut Tx,
    documents: &BTreeSet<Uuid>,
) -> Result<BTreeSet<Uuid>, DbError> {
    let mut found = BTreeSet::new();
    for &document in documents {
        let select =
            statement!("SELECT question_id AS id FROM golden_expected WHERE document_id = $1");
        found.extend(tx.all::<Id>(select.bind(document)).await?.into_iter().map(|row| row.id));
    }
    Ok(found)
}

/// A text as a pattern that finds it anywhere.
fn anywhere(text: &str) -> String {
    let text = text.to_lowercase();
    let text = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{text}%")
}

/// The conversations in which a name stands.
pub(in crate::privacy) async fn conversations_naming(
    tx: &mut Tx,
    organisation: OrganisationId,
    mark: &str,
) -> Result<BTreeSet<Uuid>, DbError> {
    let select = statement!(
        "SELECT c.id FROM conversations c
         WHERE c.organisation_id = $1
           AND (lower(c.title) LIKE $2 ESCAPE '\\'
                OR EXISTS (SELECT 1 FROM messages m WHERE m.conversation_id = c.id
                           AND (lower(m.text) LIKE $2 ESCAPE '\\'
                                OR lower(CAST(m.removed AS TEXT)) LIKE $2 ESCAPE '\\'
                                OR lower(CAST(m.facts AS TEXT)) LIKE $2 ESCAPE '\\'
                                OR lower(coalesce(m.coverage, '')) LIKE $2 ESCAPE '\\'))
                OR EXISTS (SELECT 1 FROM messages m JOIN answer_feedback f ON f.message_id = m.id
                           WHERE m.conversation_id = c.id
                             AND lower(f.words) LIKE $2 ESCAPE '\\'))"
    );
    let rows = tx.all::<Id>(select.bind(organisation).bind(anywhere(mark))).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Deletes what readers of answers were told, where a name stands in it: it is kept for
/// a day only, and the answers themselves are looked through apart.
pub(in crate::privacy) async fn delete_events(
    tx: &mut Tx,
    organisation: OrganisationId,
    mark: &str,
) -> Result<u64, DbError> {
    let delete = statement!(
        "DELETE FROM message_events
         WHERE lower(CAST(event AS TEXT)) LIKE $2 ESCAPE '\\'
           AND message_id IN (SELECT m.id FROM messages m
                              JOIN conversations c ON c.id = m.conversation_id
                              WHERE c.organisation_id = $1 AND m.status <> 'running')"
    );
    tx.execute(delete.bind(organisation).bind(anywhere(mark))).await
}

/// The golden questions in which a name stands.
pub(in crate::privacy) async fn golden_naming(
    tx: &mut Tx,
    organisation: OrganisationId,
    mark: &str,
) -> Result<BTreeSet<Uuid>, DbError> {
    let select = statement!(
        "SELECT id FROM golden_questions
         WHERE organisation_id = $1
           AND (lower(question) LIKE $2 ESCAPE '\\' OR lower(note) LIKE $2 ESCAPE '\\')"
    );
    let rows = tx.all::<Id>(select.bind(organisation).bind(anywhere(mark))).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Every search somebody keeps.
pub(in crate::privacy) async fn saved_searches(
    tx: &mut Tx,
    organisation: OrganisationId,
) -> Result<Vec<Saved>, DbError> {
    let select = statement!(
        "SELECT id, name, search FROM saved_searches WHERE organisation_id = $1 ORDER BY id"
    );
    tx.all(select.bind(organisation)).await
}

/// Deletes what was sent to an address.
pub(in crate::privacy) async fn delete_letters(
    tx: &mut Tx,
    organisation: OrganisationId,
    address: &str,
) -> Result<u64, DbError> {
    let delete =
        statement!("DELETE FROM letters WHERE organisation_id = $1 AND lower(recipient) = $2");
    tx.execute(delete.bind(organisation).bind(address.to_lowercase())).await
}

/// Takes the words out of jobs' errors that name somebody.
pub(in crate::privacy) async fn quiet_jobs(
    tx: &mut Tx,
    organisation: OrganisationId,
    mark: &str,
) -> Result<(), DbError> {
    let update = statement!(
        "UPDATE jobs SET last_error = NULL
         WHERE organisation_id = $1 AND lower(last_error) LIKE $2 ESCAPE '\\'"
    );
    tx.execute(update.bind(organisation).bind(anywhere(mark))).await.map(drop)
}

/// Leaves clients as rows without a name, since people who signed in refer to them.
pub(in crate::privacy) async fn hide_client(
    tx: &mut Tx,
    ids: &BTreeSet<Uuid>,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    for &id in ids {
        let update = statement!("UPDATE clients SET name = $2, created_at = $3 WHERE id = $1");
        tx.execute(update.bind(id).bind(ERASED).bind(now)).await?;
    }
    Ok(())
}

/// Takes a person's name and address out of their account, and closes it.
pub(in crate::privacy) async fn hide_person(tx: &mut Tx, id: Uuid) -> Result<(), DbError> {
    let update = statement!(
        "UPDATE users SET name = $2, email = $3, password_hash = '', active = FALSE WHERE id = $1"
    );
    let email = format!("{}@erased.invalid", Uuid::new_v4().simple());
    tx.execute(update.bind(id).bind(FORMER).bind(email)).await.map(drop)
}

/// How many of these people are still called something else.
pub(in crate::privacy) async fn named_people(
    tx: &mut Tx,
    people: &BTreeSet<Uuid>,
) -> Result<u64, DbError> {
    let mut count = 0;
    for &person in people {
        let select = statement!(
            "SELECT COUNT(*) AS count FROM users
             WHERE id = $1 AND (name <> $2 OR active OR email NOT LIKE '%@erased.invalid')"
        );
        count += tx.one::<Count>(select.bind(person).bind(FORMER)).await?.count;
    }
    Ok(u64::try_from(count).unwrap_or(0))
}

/// Those of these invoices that were never issued.
pub(in crate::privacy) async fn draft_invoices(
    tx: &mut Tx,
    invoices: &BTreeSet<Uuid>,
) -> Result<BTreeSet<Uuid>, DbError> {
    if invoices.is_empty() {
        return Ok(BTreeSet::new());
    }
    let select = statement!("SELECT id FROM invoices WHERE status = 'draft'");
    let rows = tx.all::<Id>(select.and_in("id", invoices.iter().copied())).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Lists of cases that wait to be entered; they may name anybody, and go after a day anyway.
pub(in crate::privacy) async fn imports_of(
    tx: &mut Tx,
    organisation: OrganisationId,
) -> Result<BTreeSet<Uuid>, DbError> {
    let select = statement!("SELECT id FROM imports WHERE organisation_id = $1");
    let rows = tx.all::<Id>(select.bind(organisation)).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}
