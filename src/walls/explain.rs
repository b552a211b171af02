//! Why somebody can see a case or a document, or cannot.
//!
//! The verdict is read from the views that every statement asks; the reasons are the
//! rows those views are made of, in sentences.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::{WallError, Walls};
use crate::db::{DbError, Tx};
use crate::kernel::{CaseId, ClientId, DocumentId, Permission, Role, Scope, UserId};
use crate::statement;

/// Minutes India Standard Time is ahead of UTC.
const IST_MINUTES: i64 = 330;

/// What is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// A case and what is in it.
    Case(CaseId),
    /// One document.
    Document(DocumentId),
}

/// Whether somebody can see something, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// Who.
    pub user: String,
    /// The case's or document's title.
    pub subject: String,
    /// The case it is, or is of.
    pub case: CaseId,
    /// Whether its contents are open to them.
    pub open: bool,
    /// Whether they know that the case exists.
    pub known: bool,
    /// What that comes from, in sentences.
    pub reasons: Vec<Reason>,
}

/// One thing that bears on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// Which way it works.
    pub kind: ReasonKind,
    /// What it is, in a sentence.
    pub text: String,
}

/// Which way a reason works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReasonKind {
    /// It opens.
    Opens,
    /// It closes, whatever opens.
    Closes,
    /// It does neither, and is good to know.
    Note,
}

#[derive(sqlx::FromRow)]
struct PersonRow {
    name: String,
    role: String,
    active: bool,
    client_id: Option<ClientId>,
    client_name: Option<String>,
}

#[derive(sqlx::FromRow)]
struct CaseRow {
    title: String,
    client_id: Option<ClientId>,
}

#[derive(sqlx::FromRow)]
struct DocumentRow {
    title: String,
    case_id: CaseId,
}

#[derive(sqlx::FromRow)]
struct MemberRow {
    role: String,
    added_at: DateTime<Utc>,
    added_by: Option<String>,
}

#[derive(sqlx::FromRow)]
struct ShareRow {
    shared_at: DateTime<Utc>,
    expires_at: Option<DateTime<Utc>>,
    shared_by: String,
}

#[derive(sqlx::FromRow)]
struct WallRow {
    reason: String,
    raised_at: DateTime<Utc>,
    raised_by: String,
    group_name: Option<String>,
    of_client: bool,
}

#[derive(sqlx::FromRow)]
struct Count {
    count: i64,
}

/// A day as people write it, in India.
fn day(at: DateTime<Utc>) -> String {
    let there = at.checked_add_signed(TimeDelta::minutes(IST_MINUTES)).unwrap_or(at);
    there.format("%-d %b %Y").to_string()
}

/// A moment as people write it, in India.
fn moment(at: DateTime<Utc>) -> String {
    let there = at.checked_add_signed(TimeDelta::minutes(IST_MINUTES)).unwrap_or(at);
    there.format("%-d %b %Y, %H:%M").to_string()
}

fn opens(text: String) -> Reason {
    Reason { kind: ReasonKind::Opens, text }
}

fn closes(text: String) -> Reason {
    Reason { kind: ReasonKind::Closes, text }
}

fn note(text: String) -> Reason {
    Reason { kind: ReasonKind::Note, text }
}

impl Walls {
    /// Says whether somebody can see a case or a document, and why. For those who look
    /// after walls and those who lead the case, when the case is open to them.
    ///
    /// # Errors
    /// Fails when the person or subject is not there, or not for the caller to ask about.
    pub async fn explain(
        &self,
        scope: &Scope,
        user: UserId,
        subject: Subject,
    ) -> Result<Access, WallError> {
        let mut tx = self.db.read().await?;
        let (document, case) = match subject {
            Subject::Case(case) => (None, case),
            Subject::Document(id) => {
                let found = find_document(&mut tx, scope, id).await?;
                let DocumentRow { title, case_id } = found.ok_or(WallError::NoSubject)?;
                (Some((id, title)), case_id)
            }
        };
        let asks = scope.may(Permission::ManageWalls) || scope.leads(case);
        if !asks || !scope.opens(case) {
            return Err(WallError::NoSubject);
        }
        let found = find_case(&mut tx, scope, case).await?.ok_or(WallError::NoSubject)?;
        let person = find_person(&mut tx, scope, user).await?.ok_or(WallError::NoPerson)?;
        let role: Role = person.role.parse().map_err(|_| DbError::Inconsistent {
            table: "users",
            column: "role",
            value: person.role.clone(),
        })?;
        let mut reasons = Vec::new();
        if !person.active {
            let words =
                format!("{}'s account is switched off, so they cannot sign in.", person.name);
            reasons.push(closes(words));
        }
        for wall in walls_between(&mut tx, user, case, found.client_id).await? {
            reasons.push(closes(of_wall(&person.name, wall)));
        }
        reasons.push(of_role(role, &person));
        if matches!(role, Role::Advocate | Role::Staff) {
            reasons.push(of_membership(&person.name, membership(&mut tx, user, case).await?));
        }
        if let (Some((document, _)), Some(client)) = (&document, person.client_id) {
            let share = share(&mut tx, *document, client).await?;
            reasons.push(self.of_share(&person, share));
        }
        let known = knows(&mut tx, user, case).await?;
        let open = match (&document, role) {
            (Some((id, _)), Role::Client) => {
                is_shared(&mut tx, user, *id, self.clock.now()).await?
            }
            _ => is_open(&mut tx, user, case).await?,
        };
        let open = open && person.active;
        let known = known && person.active;
        let subject = document.map_or(found.title, |(_, title)| title);
        Ok(Access { user: person.name, subject, case, open, known, reasons })
    }

    fn of_share(&self, person: &PersonRow, share: Option<ShareRow>) -> Reason {
        let client = person.client_name.as_deref().unwrap_or("the client");
        let Some(ShareRow { shared_at, expires_at, shared_by }) = share else {
            return note(format!("The document is not shared with {client}."));
        };
        let shared = format!("shared with {client} by {shared_by} on {}", day(shared_at));
        match expires_at {
            None => opens(format!("The document was {shared}, until it is taken back.")),
            Some(until) if until > self.clock.now() => {
                opens(format!("The document was {shared}, until {}.", moment(until)))
            }
            Some(until) => {
                note(format!("The document was {shared}; that ended on {}.", moment(until)))
            }
        }
    }
}

fn of_wall(name: &str, wall: WallRow) -> String {
    let WallRow { reason, raised_at, raised_by, group_name, of_client } = wall;
    let what = if of_client { "everything of the client" } else { "this case" };
    let through = group_name.map(|group| format!(", through the group {group}"));
    format!(
        "An ethical wall keeps {name} out of {what}{}. {raised_by} raised it on {}: {reason}",
        through.unwrap_or_default(),
        day(raised_at)
    )
}

fn of_role(role: Role, person: &PersonRow) -> Reason {
    let name = &person.name;
    match role {
        Role::Admin => opens(format!(
            "{name} is an admin; every case is open to admins whom no ethical wall keeps out."
        )),
        Role::Advocate => {
            note(format!("{name} is an advocate; the cases they work on are open to advocates."))
        }
        Role::Staff => note(format!("{name} is staff; the cases they work on are open to staff.")),
        Role::Billing => note(format!(
            "{name} does the billing; they see which cases there are, and nothing in them."
        )),
        Role::Client => note(format!(
            "{name} signs in for the client {}; only documents shared with it are open to them.",
            person.client_name.as_deref().unwrap_or_default()
        )),
    }
}

fn of_membership(name: &str, member: Option<MemberRow>) -> Reason {
    let Some(MemberRow { role, added_at, added_by }) = member else {
        return note(format!("{name} does not work on the case."));
    };
    let does = match role.as_str() {
        "lead" => "leads the case",
        "viewer" => "may read the case",
        _ => "works on the case",
    };
    let by = added_by.map(|by| format!(", let in by {by}")).unwrap_or_default();
    opens(format!("{name} {does} since {}{by}.", day(added_at)))
}

async fn find_person(
    tx: &mut Tx,
    scope: &Scope,
    user: UserId,
) -> Result<Option<PersonRow>, DbError> {
    let select = statement!(
        "SELECT u.name, u.role, u.active, u.client_id, k.name AS client_name
         FROM users u LEFT JOIN clients k ON k.id = u.client_id
         WHERE u.id = $1 AND u.organisation_id = $2"
    );
    tx.optional(select.bind(user).bind(scope.organisation())).await
}

async fn find_case(tx: &mut Tx, scope: &Scope, case: CaseId) -> Result<Option<CaseRow>, DbError> {
    let select =
        statement!("SELECT title, client_id FROM cases WHERE id = $1 AND organisation_id = $2");
    tx.optional(select.bind(case).bind(scope.organisation())).await
}

async fn find_document(
    tx: &mut Tx,
    scope: &Scope,
    id: DocumentId,
) -> Result<Option<DocumentRow>, DbError> {
    let select =
        statement!("SELECT title, case_id FROM documents WHERE id = $1 AND organisation_id = $2");
    tx.optional(select.bind(id).bind(scope.organisation())).await
}

async fn membership(tx: &mut Tx, user: UserId, case: CaseId) -> Result<Option<MemberRow>, DbError> {
    let select = statement!(
        "SELECT m.role, m.added_at, u.name AS added_by
         FROM case_members m LEFT JOIN users u ON u.id = m.added_by
         WHERE m.user_id = $1 AND m.case_id = $2"
    );
    tx.optional(select.bind(user).bind(case)).await
}

async fn share(
    tx: &mut Tx,
    document: DocumentId,
    client: ClientId,
) -> Result<Option<ShareRow>, DbError> {
    let select = statement!(
        "SELECT s.shared_at, s.expires_at, u.name AS shared_by
         FROM document_shares s JOIN users u ON u.id = s.shared_by
         WHERE s.document_id = $1 AND s.client_id = $2"
    );
    tx.optional(select.bind(document).bind(client)).await
}

/// The walls that stand between a person and a case.
async fn walls_between(
    tx: &mut Tx,
    user: UserId,
    case: CaseId,
    client: Option<ClientId>,
) -> Result<Vec<WallRow>, DbError> {
    let select = statement!(
        "SELECT x.reason, x.raised_at, r.name AS raised_by, g.name AS group_name,
             (x.client_id IS NOT NULL) AS of_client
         FROM walled_people w
         JOIN walls x ON x.id = w.wall_id
         JOIN users r ON r.id = x.raised_by
         LEFT JOIN groups g ON g.id = x.group_id
         WHERE w.user_id = $1 AND (w.case_id = $2 OR w.client_id = $3)
         ORDER BY x.raised_at, x.id"
    );
    tx.all(select.bind(user).bind(case).bind(client)).await
}

async fn is_open(tx: &mut Tx, user: UserId, case: CaseId) -> Result<bool, DbError> {
    let select = statement!(
        "SELECT COUNT(*) AS count FROM open_cases o WHERE o.user_id = $1 AND o.case_id = $2"
    );
    Ok(tx.one::<Count>(select.bind(user).bind(case)).await?.count > 0)
}

async fn knows(tx: &mut Tx, user: UserId, case: CaseId) -> Result<bool, DbError> {
    let select = statement!(
        "SELECT COUNT(*) AS count FROM known_cases o WHERE o.user_id = $1 AND o.case_id = $2"
    );
    Ok(tx.one::<Count>(select.bind(user).bind(case)).await?.count > 0)
}

async fn is_shared(
    tx: &mut Tx,
    user: UserId,
    document: DocumentId,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let select = statement!(
        "SELECT COUNT(*) AS count FROM shared_documents s
         WHERE s.user_id = $1 AND s.document_id = $2
           AND (s.expires_at IS NULL OR s.expires_at > $3)"
    );
    Ok(tx.one::<Count>(select.bind(user).bind(document).bind(now)).await?.count > 0)
}
