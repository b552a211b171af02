//! Every statement about notices.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{How, Kind, Quiet};
use crate::db::{DbError, Tx};
use crate::kernel::{CaseId, ClientId, OrganisationId, UserId};
use crate::statement;

/// Somebody who is told.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct Recipient {
    /// Their account; none of somebody who is only to be reached at a client.
    pub(super) user_id: Option<UserId>,
    pub(super) name: String,
    pub(super) email: String,
    /// The language letters to them are in: `en` or `hi`.
    pub(super) language: String,
    pub(super) is_client: bool,
}

/// Somebody with an account that is on.
pub(super) async fn person(
    tx: &mut Tx,
    organisation: OrganisationId,
    user: UserId,
) -> Result<Vec<Recipient>, DbError> {
    let select = statement!(
        "SELECT u.id AS user_id, u.name, u.email,
             COALESCE(p.language, k.language, 'en') AS language,
             (u.role = 'client') AS is_client
         FROM users u LEFT JOIN clients k ON k.id = u.client_id
         LEFT JOIN portal_people p ON p.user_id = u.id
         WHERE u.id = $1 AND u.organisation_id = $2 AND u.active = TRUE"
    );
    tx.all(select.bind(user).bind(organisation)).await
}

#[derive(sqlx::FromRow)]
struct Whose {
    organisation_id: OrganisationId,
    name: String,
    email: String,
    language: String,
    is_client: bool,
}

/// Somebody with an account that is on, and whose they are.
pub(super) async fn anybody(
    tx: &mut Tx,
    user: UserId,
) -> Result<Option<(OrganisationId, Recipient)>, DbError> {
    let select = statement!(
        "SELECT u.organisation_id, u.name, u.email,
             COALESCE(p.language, k.language, 'en') AS language,
             (u.role = 'client') AS is_client
         FROM users u LEFT JOIN clients k ON k.id = u.client_id
         LEFT JOIN portal_people p ON p.user_id = u.id
         WHERE u.id = $1 AND u.active = TRUE"
    );
    let row = tx.optional::<Whose>(select.bind(user)).await?;
    Ok(row.map(|row| {
        let Whose { organisation_id, name, email, language, is_client } = row;
        (organisation_id, Recipient { user_id: Some(user), name, email, language, is_client })
    }))
}

/// Everybody who comes into the portal for a client, and whoever is to be reached there
/// and said to get such letters.
pub(super) async fn people_of(
    tx: &mut Tx,
    organisation: OrganisationId,
    client: ClientId,
    about_money: bool,
) -> Result<Vec<Recipient>, DbError> {
    let select = statement!(
        "SELECT u.id AS user_id, u.name, u.email, COALESCE(p.language, k.language) AS language,
             TRUE AS is_client
         FROM users u JOIN clients k ON k.id = u.client_id
         LEFT JOIN portal_people p ON p.user_id = u.id
         WHERE k.id = $1 AND u.organisation_id = $2 AND u.role = 'client' AND u.active = TRUE
         ORDER BY u.id LIMIT 50"
    );
    let mut people: Vec<Recipient> = tx.all(select.bind(client).bind(organisation)).await?;
    let select = statement!(
        "SELECT CAST(NULL AS UUID) AS user_id, c.name, c.email, k.language, TRUE AS is_client
         FROM client_contacts c JOIN clients k ON k.id = c.client_id
         WHERE k.id = $1 AND k.organisation_id = $2 AND c.email IS NOT NULL
           AND (($3 AND c.gets_invoices = TRUE) OR (NOT $3 AND c.gets_portal_mail = TRUE))
         ORDER BY c.id LIMIT 50"
    );
    let select = select.bind(client).bind(organisation).bind(about_money);
    for contact in tx.all::<Recipient>(select).await? {
        let same = |known: &Recipient| known.email.eq_ignore_ascii_case(&contact.email);
        if !people.iter().any(same) {
            people.push(contact);
        }
    }
    Ok(people)
}

#[derive(sqlx::FromRow)]
struct Count {
    count: i64,
}

/// Whether a case is open to somebody at a moment: theirs, or shown to them.
pub(super) async fn is_open(
    tx: &mut Tx,
    user: UserId,
    case: CaseId,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let select = statement!(
        "SELECT COUNT(*) AS count FROM users u
         WHERE u.id = $1
           AND (EXISTS (SELECT 1 FROM known_cases k WHERE k.user_id = u.id AND k.case_id = $2)
                OR EXISTS (SELECT 1 FROM shown_cases s WHERE s.user_id = u.id AND s.case_id = $2)
                OR EXISTS (SELECT 1 FROM shared_documents s
                           JOIN documents d ON d.id = s.document_id
                           WHERE s.user_id = u.id AND d.case_id = $2
                             AND (s.expires_at IS NULL OR s.expires_at > $3)))"
    );
    Ok(tx.one::<Count>(select.bind(user).bind(case).bind(now)).await?.count == 1)
}

/// Whether a wall was raised against somebody after a moment.
pub(super) async fn walled_since(
    tx: &mut Tx,
    user: UserId,
    since: DateTime<Utc>,
) -> Result<bool, DbError> {
    let select = statement!(
        "SELECT COUNT(*) AS count FROM walled_people w JOIN walls a ON a.id = w.wall_id
         WHERE w.user_id = $1 AND a.raised_at > $2"
    );
    Ok(tx.one::<Count>(select.bind(user).bind(since)).await?.count > 0)
}

/// Notes that somebody is told of new messages; not, when they were and have not read.
pub(super) async fn mark(
    tx: &mut Tx,
    user: UserId,
    case: CaseId,
    kind: Kind,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let insert = statement!(
        "INSERT INTO notice_marks (user_id, case_id, kind, told_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (user_id, case_id, kind) DO NOTHING"
    );
    let insert = insert.bind(user).bind(case).bind(kind.as_str()).bind(now);
    Ok(tx.execute(insert).await? == 1)
}

pub(super) async fn unmark(tx: &mut Tx, user: UserId, case: CaseId) -> Result<(), DbError> {
    let delete = statement!("DELETE FROM notice_marks WHERE user_id = $1 AND case_id = $2");
    tx.execute(delete.bind(user).bind(case)).await.map(drop)
}

#[derive(sqlx::FromRow)]
struct ChoiceRow {
    kind: String,
    how: String,
}

/// What somebody chose, by the names of kinds and ways.
pub(super) async fn choices(tx: &mut Tx, user: UserId) -> Result<Vec<(String, String)>, DbError> {
    let select = statement!("SELECT kind, how FROM notice_choices WHERE user_id = $1 LIMIT 100");
    let rows = tx.all::<ChoiceRow>(select.bind(user)).await?;
    Ok(rows.into_iter().map(|row| (row.kind, row.how)).collect())
}

pub(super) async fn choose(tx: &mut Tx, user: UserId, kind: Kind, how: How) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO notice_choices (user_id, kind, how) VALUES ($1, $2, $3)
         ON CONFLICT (user_id, kind) DO UPDATE SET how = excluded.how"
    );
    tx.execute(insert.bind(user).bind(kind.as_str()).bind(how.as_str())).await.map(drop)
}

#[derive(sqlx::FromRow)]
struct Hours {
    quiet_from: Option<i64>,
    quiet_until: Option<i64>,
    digest_at: i64,
}

/// The quiet somebody wants and the minute of their digest, if they said so.
pub(super) async fn hours(
    tx: &mut Tx,
    user: UserId,
) -> Result<Option<(Option<Quiet>, u16)>, DbError> {
    let select = statement!(
        "SELECT quiet_from, quiet_until, digest_at FROM notice_hours WHERE user_id = $1"
    );
    let Some(row) = tx.optional::<Hours>(select.bind(user)).await? else { return Ok(None) };
    let minute = |value: i64| u16::try_from(value).ok();
    let from = row.quiet_from.and_then(minute);
    let until = row.quiet_until.and_then(minute);
    let quiet = from.zip(until).map(|(from, until)| Quiet { from, until });
    Ok(Some((quiet, minute(row.digest_at).unwrap_or_default())))
}

pub(super) async fn set_hours(
    tx: &mut Tx,
    user: UserId,
    quiet: Option<Quiet>,
    digest_at: u16,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO notice_hours (user_id, quiet_from, quiet_until, digest_at)
         VALUES ($1, $2, $3, $4)
         ON CONFLICT (user_id) DO UPDATE
         SET quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until,
             digest_at = excluded.digest_at"
    )
    .bind(user)
    .bind(quiet.map(|quiet| i64::from(quiet.from)))
    .bind(quiet.map(|quiet| i64::from(quiet.until)))
    .bind(i64::from(digest_at));
    tx.execute(insert).await.map(drop)
}

pub(super) async fn insert_entry(
    tx: &mut Tx,
    organisation: OrganisationId,
    (user, case): (UserId, Option<CaseId>),
    (kind, subject, text): (Kind, &str, &str),
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    #[expect(clippy::disallowed_methods, reason = "an entry has no name outside its digest")]
    let id = Uuid::now_v7();
    let insert = statement!(
        "INSERT INTO digest_entries (id, organisation_id, user_id, case_id, kind, subject, text,
             written_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
    )
    .bind(id)
    .bind(organisation)
    .bind(user)
    .bind(case)
    .bind(kind.as_str())
    .bind(subject)
    .bind(text)
    .bind(now);
    tx.execute(insert).await.map(drop)
}

#[derive(sqlx::FromRow)]
struct Waiting {
    user_id: UserId,
    is_client: bool,
}

/// For whom something waits that had no digest on a day yet, and whether they are a client.
pub(super) async fn digests_waiting(
    tx: &mut Tx,
    day: NaiveDate,
) -> Result<Vec<(UserId, bool)>, DbError> {
    let select = statement!(
        "SELECT u.id AS user_id, (u.role = 'client') AS is_client FROM users u
         WHERE EXISTS (SELECT 1 FROM digest_entries d WHERE d.user_id = u.id)
           AND NOT EXISTS (SELECT 1 FROM digests g WHERE g.user_id = u.id AND g.on_date = $1)
         ORDER BY u.id LIMIT 1000"
    );
    let rows = tx.all::<Waiting>(select.bind(day.to_string())).await?;
    Ok(rows.into_iter().map(|row| (row.user_id, row.is_client)).collect())
}

/// Takes the digest of a person and a day; only one process ever does.
pub(super) async fn begin_digest(
    tx: &mut Tx,
    user: UserId,
    day: NaiveDate,
) -> Result<bool, DbError> {
    let insert = statement!(
        "INSERT INTO digests (user_id, on_date) VALUES ($1, $2)
         ON CONFLICT (user_id, on_date) DO NOTHING"
    );
    Ok(tx.execute(insert.bind(user).bind(day.to_string())).await? == 1)
}

/// Removes the rows of digests of before a day.
pub(super) async fn forget_digests(tx: &mut Tx, before: NaiveDate) -> Result<(), DbError> {
    let delete = statement!("DELETE FROM digests WHERE on_date < $1");
    tx.execute(delete.bind(before.to_string())).await.map(drop)
}

/// What waits for a digest.
#[derive(sqlx::FromRow)]
pub(super) struct Entry {
    pub(super) id: Uuid,
    pub(super) case_id: Option<CaseId>,
    pub(super) subject: String,
    pub(super) text: String,
    pub(super) written_at: DateTime<Utc>,
}

/// Takes what waits for somebody's digest out of the tables, the oldest first.
pub(super) async fn take_entries(tx: &mut Tx, user: UserId) -> Result<Vec<Entry>, DbError> {
    let select = statement!(
        "SELECT id, case_id, subject, text, written_at FROM digest_entries
         WHERE user_id = $1 ORDER BY id LIMIT 200"
    );
    let entries: Vec<Entry> = tx.all(select.bind(user)).await?;
    let delete = statement!("DELETE FROM digest_entries WHERE user_id = $1");
    let ids = entries.iter().map(|entry| entry.id);
    tx.execute(delete.bind(user).and_in("id", ids)).await?;
    Ok(entries)
}
