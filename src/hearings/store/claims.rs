//! Statements about days that sources give differently.

use chrono::{DateTime, Utc};

use super::rows::{source, word};
use super::{Count, day, limit, parts, seen_by};
use crate::db::{DbError, Sql, Tx};
use crate::hearings::{Claim, ClaimDecision, NewClaim};
use crate::kernel::{CaseId, HearingClaimId, HearingId, Scope, UserId, VersionId};
use crate::statement;

/// Keeps another day for a hearing, once while it is undecided.
pub(in crate::hearings) async fn insert(
    tx: &mut Tx,
    user: UserId,
    id: HearingClaimId,
    (hearing, new, became): (HearingId, &NewClaim, Option<HearingId>),
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let (version, page, quote) = parts(new.source.as_ref(), new.quote.as_deref());
    let insert = statement!(
        "INSERT INTO hearing_claims (id, hearing_id, on_date, court_hall, item, source_kind,
             source_version_id, source_page, source_quote, became_id, claimed_by, claimed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         ON CONFLICT (hearing_id, on_date) WHERE decision IS NULL DO NOTHING"
    )
    .bind(id)
    .bind(hearing)
    .bind(new.on_date.to_string())
    .bind(new.court_hall.clone())
    .bind(new.item.clone())
    .bind(new.source_kind.as_str())
    .bind(version)
    .bind(page)
    .bind(quote)
    .bind(became)
    .bind(user)
    .bind(now);
    Ok(tx.execute(insert).await? == 1)
}

#[derive(sqlx::FromRow)]
struct ClaimRow {
    id: HearingClaimId,
    hearing_id: HearingId,
    case_id: CaseId,
    case_title: String,
    known_date: String,
    known_kind: String,
    on_date: String,
    court_hall: Option<String>,
    item: Option<String>,
    source_kind: String,
    source_version_id: Option<VersionId>,
    source_page: Option<i64>,
    source_quote: Option<String>,
    became_id: Option<HearingId>,
    claimed_by: String,
    claimed_at: DateTime<Utc>,
}

impl ClaimRow {
    fn claim(self) -> Result<Claim, DbError> {
        let table = "hearing_claims";
        let from = source(self.source_version_id, self.source_page, self.source_quote.as_ref());
        let quote = if from.is_some() { None } else { self.source_quote };
        Ok(Claim {
            id: self.id,
            hearing: self.hearing_id,
            case_id: self.case_id,
            case_title: self.case_title,
            known_date: day("hearings", "on_date", &self.known_date)?,
            known_kind: word("hearings", "source_kind", &self.known_kind)?,
            claimed: NewClaim {
                on_date: day(table, "on_date", &self.on_date)?,
                court_hall: self.court_hall,
                item: self.item,
                source_kind: word(table, "source_kind", &self.source_kind)?,
                source: from,
                quote,
            },
            became: self.became_id,
            by: self.claimed_by,
            at: self.claimed_at,
        })
    }
}

macro_rules! claims {
    ($end:literal) => {
        concat!(
            "SELECT k.id, k.hearing_id, h.case_id, c.title AS case_title,
                 h.on_date AS known_date, h.source_kind AS known_kind, k.on_date, k.court_hall,
                 k.item, k.source_kind, k.source_version_id, k.source_page, k.source_quote,
                 k.became_id, u.name AS claimed_by, k.claimed_at
             FROM hearing_claims k
             JOIN hearings h ON h.id = k.hearing_id
             JOIN cases c ON c.id = h.case_id
             JOIN users u ON u.id = k.claimed_by
             WHERE c.organisation_id = $1
               AND ($2 OR EXISTS (SELECT 1 FROM open_cases m
                                  WHERE m.case_id = c.id AND m.user_id = $3))
               AND k.decision IS NULL AND h.withdrawn_at IS NULL
               AND h.outcome IS NULL AND h.on_date <> k.on_date",
            $end
        )
    };
}

async fn all(tx: &mut Tx, select: Sql) -> Result<Vec<Claim>, DbError> {
    tx.all::<ClaimRow>(select).await?.into_iter().map(ClaimRow::claim).collect()
}

/// The undecided claims of a case, or of all cases open to the caller. Where the hearing was
/// moved to the claimed day since, or was held, nothing is in doubt any more.
pub(in crate::hearings) async fn open(
    tx: &mut Tx,
    scope: &Scope,
    case: Option<CaseId>,
) -> Result<Vec<Claim>, DbError> {
    let select = statement!(claims!(" AND ($4 OR c.id = $5) ORDER BY k.on_date, k.id LIMIT $6"));
    let select = seen_by(select, scope).bind(case.is_none()).bind(case);
    all(tx, select.bind(limit(1_000))).await
}

#[derive(sqlx::FromRow)]
struct Doubtful {
    became_id: HearingId,
}

/// The hearings of a case that were entered for a day another source contradicts, while
/// nobody has decided. The one that was known first stands until then.
pub(in crate::hearings) async fn in_doubt(
    tx: &mut Tx,
    case: CaseId,
) -> Result<Vec<HearingId>, DbError> {
    let select = statement!(
        "SELECT k.became_id FROM hearing_claims k
         JOIN hearings h ON h.id = k.hearing_id
         WHERE h.case_id = $1 AND k.became_id IS NOT NULL AND k.decision IS NULL
           AND h.withdrawn_at IS NULL AND h.outcome IS NULL AND h.on_date <> k.on_date"
    );
    let found = tx.all::<Doubtful>(select.bind(case)).await?;
    Ok(found.into_iter().map(|row| row.became_id).collect())
}

/// An undecided claim.
pub(in crate::hearings) async fn find(
    tx: &mut Tx,
    scope: &Scope,
    id: HearingClaimId,
) -> Result<Option<Claim>, DbError> {
    let select = seen_by(statement!(claims!(" AND k.id = $4")), scope).bind(id);
    Ok(all(tx, select).await?.into_iter().next())
}

/// Whether a claim is the caller's to know of, decided or not.
pub(in crate::hearings) async fn is_known(
    tx: &mut Tx,
    scope: &Scope,
    id: HearingClaimId,
) -> Result<bool, DbError> {
    let select = statement!(
        "SELECT COUNT(*) AS count FROM hearing_claims k
         JOIN hearings h ON h.id = k.hearing_id
         JOIN cases c ON c.id = h.case_id
         WHERE c.organisation_id = $1
           AND ($2 OR EXISTS (SELECT 1 FROM open_cases m
                              WHERE m.case_id = c.id AND m.user_id = $3))
           AND k.id = $4"
    );
    Ok(tx.one::<Count>(seen_by(select, scope).bind(id)).await?.count == 1)
}

/// Decides a claim; says whether it was undecided.
pub(in crate::hearings) async fn decide(
    tx: &mut Tx,
    user: UserId,
    (id, decision): (HearingClaimId, ClaimDecision),
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let update = statement!(
        "UPDATE hearing_claims SET decision = $2, decided_by = $3, decided_at = $4
         WHERE id = $1 AND decision IS NULL"
    );
    Ok(tx.execute(update.bind(id).bind(decision.as_str()).bind(user).bind(now)).await? == 1)
}
