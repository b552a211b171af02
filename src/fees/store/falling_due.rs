//! Statements of fees that fall due, and of those decided on.

use chrono::{DateTime, NaiveDate, Utc};

use super::{Count, day, seen_by, work};
use crate::db::{DbError, Tx};
use crate::fees::falling_due::Decided;
use crate::fees::{Fee, FeeKind, FeeStatus, Proposed, Ref};
use crate::kernel::{AgreedFeeId, CaseId, FeeId, HearingId, Paise, Scope};
use crate::statement;

#[derive(sqlx::FromRow)]
struct HeardRow {
    hearing_id: HearingId,
    on_date: String,
    outcome: Option<String>,
    adjourned_by: Option<String>,
    case_id: CaseId,
    case_title: String,
    agreed_fee_id: AgreedFeeId,
    model: String,
    description: String,
    work: String,
    amount_paise: Option<i64>,
    not_reached_paise: Option<i64>,
    adjourned_paise: Option<i64>,
}

impl HeardRow {
    /// The fee that fell due; none where nothing was agreed for how the hearing went.
    fn proposed(self) -> Result<Option<Proposed>, DbError> {
        let is_day = self.model == "hearing_day";
        let (amount, how) = match self.outcome.as_deref() {
            _ if is_day => (self.amount_paise, "a day of hearing"),
            Some("not_reached") => (self.not_reached_paise, "the case was not reached"),
            Some("adjourned") => (
                self.adjourned_paise,
                match self.adjourned_by.as_deref() {
                    Some("us") => "adjourned at our request",
                    Some("other_side") => "adjourned at the other side’s request",
                    Some("court") => "adjourned by the court",
                    _ => "the hearing was adjourned",
                },
            ),
            Some("disposed") => (self.amount_paise, "the case was disposed of"),
            _ => (self.amount_paise, "an effective hearing"),
        };
        let Some(amount) = amount.filter(|amount| *amount > 0) else { return Ok(None) };
        let on = day("hearings", "on_date", &self.on_date)?;
        let date = on.format("%-d %B %Y");
        Ok(Some(Proposed {
            of: Ref { agreed_fee: self.agreed_fee_id, hearing: Some(self.hearing_id) },
            case_id: self.case_id,
            case_title: self.case_title,
            kind: if is_day { FeeKind::HearingDay } else { FeeKind::Appearance },
            on,
            description: format!("{}, {date} ({how})", self.description),
            work: work("agreed_fees", &self.work)?,
            amount: Paise(amount),
            why: format!("{how}, agreed {}", Paise(amount)),
        }))
    }
}

/// The fees of hearings with an outcome that nobody decided on.
pub(in crate::fees) async fn of_hearings(
    tx: &mut Tx,
    scope: &Scope,
    case: Option<CaseId>,
) -> Result<Vec<Proposed>, DbError> {
    let select = statement!(
        "SELECT h.id AS hearing_id, h.on_date, h.outcome, h.adjourned_by, a.case_id,
             c.title AS case_title, l.id AS agreed_fee_id, l.model, l.description, l.work, l.amount_paise,
             l.not_reached_paise, l.adjourned_paise
         FROM agreed_fees l
         JOIN fee_agreements a ON a.id = l.agreement_id
         JOIN billed_cases m ON m.case_id = a.case_id AND m.user_id = $2
         JOIN cases c ON c.id = a.case_id
         JOIN hearings h ON h.case_id = a.case_id
         WHERE a.organisation_id = $1 AND l.model IN ('appearance', 'hearing_day')
           AND h.outcome IS NOT NULL AND h.withdrawn_at IS NULL AND h.on_date >= a.valid_from
           AND (a.valid_to IS NULL OR h.on_date <= a.valid_to)
           AND NOT EXISTS (SELECT 1 FROM fees f
                           WHERE f.agreed_fee_id = l.id
                             AND (f.hearing_id = h.id
                                  OR (l.model = 'hearing_day' AND f.on_date = h.on_date)))
           AND ($3 OR a.case_id = $4)
         ORDER BY h.on_date, h.id, l.ordinal, l.id LIMIT 1000"
    );
    let rows = tx.all::<HeardRow>(seen_by(select, scope).bind(case.is_none()).bind(case)).await?;
    rows.into_iter().filter_map(|row| row.proposed().transpose()).collect()
}

#[derive(sqlx::FromRow)]
struct StageRow {
    agreed_fee_id: AgreedFeeId,
    case_id: CaseId,
    case_title: String,
    description: String,
    work: String,
    amount_paise: i64,
    due_on: Option<String>,
    done_on: Option<String>,
}

impl StageRow {
    fn proposed(self) -> Result<Proposed, DbError> {
        let reached = self.done_on.is_some();
        let on = self.done_on.or(self.due_on).unwrap_or_default();
        let why = if reached { "the stage was reached" } else { "its day has come" };
        Ok(Proposed {
            of: Ref { agreed_fee: self.agreed_fee_id, hearing: None },
            case_id: self.case_id,
            case_title: self.case_title,
            kind: FeeKind::Stage,
            on: day("agreed_fees", "due_on", &on)?,
            description: self.description,
            work: work("agreed_fees", &self.work)?,
            amount: Paise(self.amount_paise),
            why: format!("{why}, agreed {}", Paise(self.amount_paise)),
        })
    }
}

/// The lump sums of stages that were reached, or whose day has come, and that nobody
/// decided on.
pub(in crate::fees) async fn of_stages(
    tx: &mut Tx,
    scope: &Scope,
    case: Option<CaseId>,
    today: NaiveDate,
) -> Result<Vec<Proposed>, DbError> {
    let select = statement!(
        "SELECT l.id AS agreed_fee_id, a.case_id, c.title AS case_title, l.description, l.work,
             l.amount_paise, l.due_on, l.done_on
         FROM agreed_fees l
         JOIN fee_agreements a ON a.id = l.agreement_id
         JOIN billed_cases m ON m.case_id = a.case_id AND m.user_id = $2
         JOIN cases c ON c.id = a.case_id
         WHERE a.organisation_id = $1 AND l.model = 'stage' AND l.amount_paise IS NOT NULL
           AND (l.done_on IS NOT NULL
                OR (l.due_on <= $3 AND (a.valid_to IS NULL OR l.due_on <= a.valid_to)))
           AND NOT EXISTS (SELECT 1 FROM fees f WHERE f.agreed_fee_id = l.id)
           AND ($4 OR a.case_id = $5)
         ORDER BY a.case_id, l.ordinal, l.id LIMIT 1000"
    );
    let select = seen_by(select, scope).bind(today.to_string()).bind(case.is_none()).bind(case);
    tx.all::<StageRow>(select).await?.into_iter().map(StageRow::proposed).collect()
}

/// Whether somebody decided on a fee that fell due.
pub(in crate::fees) async fn is_decided(tx: &mut Tx, of: Ref) -> Result<bool, DbError> {
    let select = statement!(
        "SELECT COUNT(*) AS count FROM fees f
         WHERE f.agreed_fee_id = $1 AND ($2 OR f.hearing_id = $3)"
    );
    let select = select.bind(of.agreed_fee).bind(of.hearing.is_none()).bind(of.hearing);
    Ok(tx.one::<Count>(select).await?.count > 0)
}

pub(in crate::fees) async fn insert(
    tx: &mut Tx,
    scope: &Scope,
    id: FeeId,
    fee: &Decided<'_>,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO fees (id, organisation_id, case_id, agreed_fee_id, hearing_id, kind, on_date,
             description, work, amount_paise, agreed_paise, status, reason, decided_by,
             decided_at, invoice_line_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, NULL)"
    )
    .bind(id)
    .bind(scope.organisation())
    .bind(fee.case)
    .bind(fee.of.map(|of| of.agreed_fee))
    .bind(fee.of.and_then(|of| of.hearing))
    .bind(fee.kind.as_str())
    .bind(fee.on.to_string())
    .bind(fee.description)
    .bind(fee.work.as_str())
    .bind(fee.amount)
    .bind(fee.agreed)
    .bind(fee.status.as_str())
    .bind(fee.reason)
    .bind(scope.user())
    .bind(now);
    tx.execute(insert).await.map(drop)
}

#[derive(sqlx::FromRow)]
struct AmountRow {
    amount_paise: i64,
}

/// What was agreed for one conference, document or page on a day, by the newest agreement
/// that stands.
pub(in crate::fees) async fn agreed_amount(
    tx: &mut Tx,
    scope: &Scope,
    case: CaseId,
    (kind, on): (FeeKind, NaiveDate),
) -> Result<Option<Paise>, DbError> {
    let select = statement!(
        "SELECT l.amount_paise FROM agreed_fees l
         JOIN fee_agreements a ON a.id = l.agreement_id
         JOIN billed_cases m ON m.case_id = a.case_id AND m.user_id = $2
         WHERE a.organisation_id = $1 AND a.case_id = $3 AND l.model = $4
           AND l.amount_paise IS NOT NULL AND a.valid_from <= $5
           AND (a.valid_to IS NULL OR a.valid_to >= $5)
         ORDER BY a.valid_from DESC, a.added_at DESC, a.id DESC, l.ordinal LIMIT 1"
    );
    let select = seen_by(select, scope).bind(case).bind(kind.as_str()).bind(on.to_string());
    Ok(tx.optional::<AmountRow>(select).await?.map(|row| Paise(row.amount_paise)))
}

#[derive(sqlx::FromRow)]
struct CaseOf {
    case_id: CaseId,
}

/// The case of a fee, where its money is the caller's to see.
pub(in crate::fees) async fn case_of(
    tx: &mut Tx,
    scope: &Scope,
    id: FeeId,
) -> Result<Option<CaseId>, DbError> {
    let select = statement!(
        "SELECT f.case_id FROM fees f
         JOIN billed_cases m ON m.case_id = f.case_id AND m.user_id = $2
         WHERE f.organisation_id = $1 AND f.id = $3"
    );
    let found = tx.optional::<CaseOf>(seen_by(select, scope).bind(id)).await?;
    Ok(found.map(|found| found.case_id))
}

/// Removes a fee that is not billed; says how many rows that were.
pub(in crate::fees) async fn delete(tx: &mut Tx, id: FeeId) -> Result<u64, DbError> {
    let delete = statement!("DELETE FROM fees WHERE id = $1 AND invoice_line_id IS NULL");
    tx.execute(delete.bind(id)).await
}

#[derive(sqlx::FromRow)]
struct FeeRow {
    id: FeeId,
    case_id: CaseId,
    kind: String,
    on_date: String,
    description: String,
    work: String,
    amount_paise: i64,
    agreed_paise: Option<i64>,
    status: String,
    reason: Option<String>,
    decided_by: String,
    decided_at: DateTime<Utc>,
    is_billed: bool,
}

impl FeeRow {
    fn fee(self) -> Result<Fee, DbError> {
        let table = "fees";
        let kind = self.kind.parse::<FeeKind>();
        Ok(Fee {
            id: self.id,
            case_id: self.case_id,
            kind: kind.map_err(|value| DbError::Inconsistent { table, column: "kind", value })?,
            on: day(table, "on_date", &self.on_date)?,
            description: self.description,
            work: work(table, &self.work)?,
            amount: Paise(self.amount_paise),
            agreed: self.agreed_paise.map(Paise),
            status: if self.status == FeeStatus::Confirmed.as_str() {
                FeeStatus::Confirmed
            } else {
                FeeStatus::Declined
            },
            reason: self.reason,
            decided_by: self.decided_by,
            decided_at: self.decided_at,
            is_billed: self.is_billed,
        })
    }
}

/// The fees of a case somebody decided on, the latest first.
pub(in crate::fees) async fn list(
    tx: &mut Tx,
    scope: &Scope,
    case: CaseId,
) -> Result<Vec<Fee>, DbError> {
    let select = statement!(
        "SELECT f.id, f.case_id, f.kind, f.on_date, f.description, f.work, f.amount_paise,
             f.agreed_paise, f.status, f.reason, u.name AS decided_by, f.decided_at,
             f.invoice_line_id IS NOT NULL AS is_billed
         FROM fees f
         JOIN users u ON u.id = f.decided_by
         JOIN billed_cases m ON m.case_id = f.case_id AND m.user_id = $2
         WHERE f.organisation_id = $1 AND f.case_id = $3
         ORDER BY f.on_date DESC, f.id DESC LIMIT 1000"
    );
    let rows = tx.all::<FeeRow>(seen_by(select, scope).bind(case)).await?;
    rows.into_iter().map(FeeRow::fee).collect()
}

#[derive(sqlx::FromRow)]
struct Sum {
    sum: i64,
}

/// What the confirmed fees of a case come to from a day on, billed or not.
pub(in crate::fees) async fn confirmed_since(
    tx: &mut Tx,
    scope: &Scope,
    case: CaseId,
    from: NaiveDate,
) -> Result<Paise, DbError> {
    let select = statement!(
        "SELECT CAST(coalesce(SUM(f.amount_paise), 0) AS BIGINT) AS sum FROM fees f
         JOIN billed_cases m ON m.case_id = f.case_id AND m.user_id = $2
         WHERE f.organisation_id = $1 AND f.case_id = $3 AND f.status = 'confirmed'
           AND f.on_date >= $4"
    );
    let select = seen_by(select, scope).bind(case).bind(from.to_string());
    Ok(Paise(tx.one::<Sum>(select).await?.sum))
}
