//! Checks as their readers may see them.
//!
//! The one rule: who asked a check sees it; so does an admin, and whoever leads its case,
//! unless a wall keeps them out of what a match of it stands in. Of a match only that there
//! is one is said where it stands in something not open to the reader, and nothing where a
//! wall keeps them out.

use chrono::{DateTime, NaiveDate, Utc};

use super::deciding::Decided;
use super::{CheckQuery, ConflictError, Occasion, PAGE};
use crate::db::{DbError, Sql, Tx};
use crate::kernel::{CaseId, ClientId, ConflictCheckId, Role, Scope, UserId};
use crate::statement;

/// A check in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckRow {
    /// Which.
    pub id: ConflictCheckId,
    /// The names that were looked for, each with whether the chamber would act for them.
    pub names: Vec<(String, bool)>,
    /// The case it is for.
    pub case: Option<(CaseId, String)>,
    /// The client it is for.
    pub client: Option<(ClientId, String)>,
    /// Why it was made.
    pub occasion: Occasion,
    /// Who asked.
    pub asked_by: (UserId, String),
    /// When.
    pub asked_at: DateTime<Utc>,
    /// Whether counsel of other sides were looked among.
    pub with_counsel: bool,
    /// Whether an admin confirms it: who asked was kept out of something by a wall.
    pub to_confirm: bool,
    /// How many matches the reader may know of; those in what is not open count as one.
    pub possible: usize,
    /// What was decided last.
    pub decided: Option<Decided>,
}

impl CheckRow {
    /// Whether it waits for a decision.
    #[must_use]
    pub const fn is_undecided(&self) -> bool {
        self.decided.is_none() && (self.possible > 0 || self.to_confirm)
    }

    /// What it waits for, in words.
    #[must_use]
    pub fn waiting_words(&self) -> String {
        match (self.to_confirm, self.possible) {
            (true, _) => "Checked for conflicts; an admin will confirm it".to_owned(),
            (false, 1) => "1 possible conflict".to_owned(),
            (false, many) => format!("{many} possible conflicts"),
        }
    }
}

/// A check with its matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// The check.
    pub row: CheckRow,
    /// The matches in what is open to the reader, the most alike first.
    pub hits: Vec<Hit>,
    /// Whether there are matches in what is not.
    pub closed: bool,
    /// Whether the reader may decide on it.
    pub may_decide: bool,
    /// Every decision, the newest first.
    pub decisions: Vec<Decided>,
}

/// What somebody is who stands in the title of a case, entered as a party or not.
pub const IN_TITLE: &str = "in the title";

/// Where a known name was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// It is a client's.
    Client,
    /// Somebody is reached at a client.
    Contact,
    /// It is a party's.
    Party,
    /// It is of counsel of another side.
    Counsel,
    /// It was looked for before.
    Check,
}

impl Source {
    fn of(stored: &str) -> Self {
        match stored {
            "client" => Self::Client,
            "contact" => Self::Contact,
            "party" => Self::Party,
            "counsel" => Self::Counsel,
            _ => Self::Check,
        }
    }

    /// The form outside.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Contact => "contact",
            Self::Party => "party",
            Self::Counsel => "counsel",
            Self::Check => "check",
        }
    }
}

/// A match that is open to the reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Which of the names that were asked, from 0.
    pub ordinal: usize,
    /// How alike they are, in thousandths.
    pub score: i64,
    /// Why, a sentence each.
    pub reasons: Vec<String>,
    /// The known name.
    pub name: String,
    /// Where it was read.
    pub source: Source,
    /// What they were in the case, or are at the client.
    pub role: Option<String>,
    /// Whether the chamber acted for them.
    pub ours: bool,
    /// The case.
    pub case: Option<(CaseId, String)>,
    /// The client.
    pub client: Option<(ClientId, String)>,
    /// The earlier check.
    pub check: Option<ConflictCheckId>,
    /// Since when it is known, as `YYYY-MM-DD`: when the case or client came to the chamber.
    pub since: Option<NaiveDate>,
    /// Whether the case is closed.
    pub is_closed: bool,
}

/// Whether a wall keeps the reader (`$2`) out of where a known name `n` stands. What was
/// looked for before says nothing to whoever a wall keeps out of anything, unless they
/// asked it themselves.
macro_rules! behind_wall {
    () => {
        "EXISTS (SELECT 1 FROM walled_people w
                 WHERE w.user_id = $2
                   AND (w.case_id = n.case_id OR w.client_id = n.client_id
                        OR w.client_id = (SELECT wc.client_id FROM cases wc WHERE wc.id = n.case_id)
                        OR (n.source = 'check'
                            AND NOT EXISTS (SELECT 1 FROM conflict_checks wq
                                            WHERE wq.id = n.check_id AND wq.asked_by = $2))))"
    };
}

/// The checks of an organisation (`$1`) that the reader (`$2`) may see.
macro_rules! seen_checks {
    () => {
        concat!(
            "SELECT q.id, q.case_id, q.client_id, q.occasion, q.asked_by, u.name AS asker_name,
                 q.asked_at, q.with_counsel, q.to_confirm, c.title AS case_title,
                 k.name AS client_name
             FROM conflict_checks q
             JOIN users u ON u.id = q.asked_by
             LEFT JOIN cases c ON c.id = q.case_id
             LEFT JOIN clients k ON k.id = q.client_id
             WHERE q.organisation_id = $1
               AND NOT EXISTS (SELECT 1 FROM walled_people w
                               WHERE w.user_id = $2
                                 AND (w.case_id = q.case_id OR w.client_id = q.client_id
                                      OR w.client_id = c.client_id))
               AND (q.asked_by = $2
                    OR ((EXISTS (SELECT 1 FROM users a WHERE a.id = $2 AND a.role = 'admin')
                         OR EXISTS (SELECT 1 FROM open_cases o
                                    WHERE o.user_id = $2 AND o.case_id = q.case_id
                                      AND o.role = 'lead'))
                        AND NOT EXISTS (SELECT 1 FROM conflict_hits h
                                        JOIN known_names n ON n.id = h.name_id
                                        WHERE h.check_id = q.id AND ",
            behind_wall!(),
            ")))"
        )
    };
}

#[derive(sqlx::FromRow)]
struct Row {
    id: ConflictCheckId,
    case_id: Option<CaseId>,
    client_id: Option<ClientId>,
    occasion: String,
    asked_by: UserId,
    asker_name: String,
    asked_at: DateTime<Utc>,
    with_counsel: bool,
    to_confirm: bool,
    case_title: Option<String>,
    client_name: Option<String>,
}

/// Binds the organisation and the reader: `$1` and `$2`.
fn read_by(sql: Sql, scope: &Scope) -> Sql {
    sql.bind(scope.organisation()).bind(scope.user())
}

pub(super) async fn list(
    tx: &mut Tx,
    scope: &Scope,
    query: &CheckQuery,
) -> Result<Vec<CheckRow>, ConflictError> {
    let select = if query.undecided {
        statement!(concat!(
            seen_checks!(),
            " AND NOT EXISTS (SELECT 1 FROM conflict_decisions d WHERE d.check_id = q.id)
              AND (q.to_confirm = TRUE
                   OR EXISTS (SELECT 1 FROM conflict_hits f WHERE f.check_id = q.id))"
        ))
    } else {
        statement!(seen_checks!())
    };
    let select = read_by(select, scope)
        .and_if("q.case_id =", query.case)
        .and_if("q.client_id =", query.client)
        .and_if("q.asked_at <", query.before)
        .then(" ORDER BY q.asked_at DESC, q.id DESC LIMIT 400");
    let mut found = Vec::new();
    for row in tx.all::<Row>(select).await? {
        let check = whole(tx, scope, row).await?;
        if !query.undecided || check.row.is_undecided() {
            found.push(check.row);
        }
        if found.len() >= usize::try_from(PAGE).unwrap_or(usize::MAX) {
            break;
        }
    }
    Ok(found)
}

pub(super) async fn find(
    tx: &mut Tx,
    scope: &Scope,
    id: ConflictCheckId,
) -> Result<Check, ConflictError> {
    let select = statement!(concat!(seen_checks!(), " AND q.id = $3"));
    let row = tx.optional::<Row>(read_by(select, scope).bind(id)).await?;
    whole(tx, scope, row.ok_or(ConflictError::NotFound)?).await
}

async fn whole(tx: &mut Tx, scope: &Scope, row: Row) -> Result<Check, ConflictError> {
    let (hits, closed) = hits(tx, scope, row.id).await?;
    let decisions = decisions(tx, row.id).await?;
    let leads = row.case_id.is_some_and(|case| scope.leads(case));
    let own = row.asked_by == scope.user();
    let asker_decides =
        own && row.case_id.is_none() && matches!(scope.role(), Role::Admin | Role::Advocate);
    let decides = scope.role() == Role::Admin || leads || asker_decides;
    let row = CheckRow {
        names: names(tx, row.id).await?,
        case: row.case_id.zip(row.case_title),
        client: row.client_id.zip(row.client_name),
        occasion: Occasion::of(&row.occasion),
        asked_by: (row.asked_by, row.asker_name),
        asked_at: row.asked_at,
        with_counsel: row.with_counsel,
        to_confirm: row.to_confirm,
        possible: hits.len() + usize::from(closed),
        decided: decisions.first().cloned(),
        id: row.id,
    };
    let may_decide = decides && !closed && !(own && row.to_confirm);
    Ok(Check { row, hits, closed, may_decide, decisions })
}

#[derive(sqlx::FromRow)]
struct NameRow {
    name: String,
    ours: bool,
}

async fn names(tx: &mut Tx, id: ConflictCheckId) -> Result<Vec<(String, bool)>, DbError> {
    let select = statement!(
        "SELECT name, ours FROM conflict_check_names WHERE check_id = $1 ORDER BY ordinal LIMIT 100"
    );
    let rows = tx.all::<NameRow>(select.bind(id)).await?;
    Ok(rows.into_iter().map(|row| (row.name, row.ours)).collect())
}

#[derive(sqlx::FromRow)]
struct HitRow {
    ordinal: i64,
    score: i64,
    reasons: String,
    name: String,
    source: String,
    role: Option<String>,
    ours: bool,
    case_id: Option<CaseId>,
    case_title: Option<String>,
    case_status: Option<String>,
    opened_on: Option<String>,
    client_id: Option<ClientId>,
    client_name: Option<String>,
    check_id: Option<ConflictCheckId>,
    seen_on: String,
    open: bool,
}

/// The matches that no wall keeps from the reader: those in what is open to them, and
/// whether there are others.
async fn hits(
    tx: &mut Tx,
    scope: &Scope,
    id: ConflictCheckId,
) -> Result<(Vec<Hit>, bool), DbError> {
    let select = statement!(concat!(
        "SELECT h.ordinal, h.score, h.reasons, n.name, n.source, n.role, n.ours, n.case_id,
             c.title AS case_title, c.status AS case_status, c.opened_on, n.client_id,
             k.name AS client_name, n.check_id, n.seen_on,
             (CASE WHEN $4 THEN TRUE
                   WHEN n.source = 'check'
                   THEN EXISTS (SELECT 1 FROM conflict_checks mq
                                WHERE mq.id = n.check_id AND mq.asked_by = $2)
                   WHEN n.case_id IS NOT NULL
                   THEN EXISTS (SELECT 1 FROM open_cases o
                                WHERE o.case_id = n.case_id AND o.user_id = $2)
                   ELSE EXISTS (SELECT 1 FROM known_clients m
                                WHERE m.client_id = n.client_id AND m.user_id = $2)
              END) AS open
         FROM conflict_hits h
         JOIN known_names n ON n.id = h.name_id
         LEFT JOIN cases c ON c.id = n.case_id
         LEFT JOIN clients k ON k.id = n.client_id
         WHERE n.organisation_id = $1 AND h.check_id = $3 AND NOT ",
        behind_wall!(),
        " ORDER BY h.score DESC, h.ordinal, h.id LIMIT 1000"
    ));
    let select = read_by(select, scope).bind(id).bind(scope.sees_all());
    let (open, closed): (Vec<HitRow>, Vec<HitRow>) =
        tx.all::<HitRow>(select).await?.into_iter().partition(|row| row.open);
    Ok((open.into_iter().map(HitRow::hit).collect(), !closed.is_empty()))
}

impl HitRow {
    fn hit(self) -> Hit {
        let since = self.opened_on.as_deref().unwrap_or(&self.seen_on);
        Hit {
            ordinal: usize::try_from(self.ordinal).unwrap_or(0),
            score: self.score,
            reasons: self.reasons.lines().map(str::to_owned).collect(),
            since: since.parse().ok(),
            name: self.name,
            source: Source::of(&self.source),
            role: self.role,
            ours: self.ours,
            case: self.case_id.zip(self.case_title),
            client: self.client_id.zip(self.client_name),
            check: self.check_id,
            is_closed: self.case_status.as_deref() == Some("closed"),
        }
    }
}

#[derive(sqlx::FromRow)]
struct DecisionRow {
    decision: String,
    reason: String,
    name: String,
    decided_at: DateTime<Utc>,
}

async fn decisions(tx: &mut Tx, id: ConflictCheckId) -> Result<Vec<Decided>, DbError> {
    let select = statement!(
        "SELECT d.decision, d.reason, u.name, d.decided_at
         FROM conflict_decisions d JOIN users u ON u.id = d.decided_by
         WHERE d.check_id = $1 ORDER BY d.decided_at DESC, d.id DESC LIMIT 100"
    );
    let decided = |row: DecisionRow| {
        let DecisionRow { decision, reason, name, decided_at } = row;
        let decision = decision.parse().map_err(|_| DbError::Inconsistent {
            table: "conflict_decisions",
            column: "decision",
            value: decision,
        })?;
        Ok(Decided { decision, reason, by: name, at: decided_at })
    };
    tx.all::<DecisionRow>(select.bind(id)).await?.into_iter().map(decided).collect()
}
