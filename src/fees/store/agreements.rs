//! Statements of fee agreements.

use chrono::{DateTime, NaiveDate, Utc};

use super::{Count, day, seen_by, work};
use crate::db::{DbError, Tx};
use crate::fees::{AgreedFee, Agreement, DraftUnit, FeeModel, NewAgreedFee, NewAgreement};
use crate::kernel::{AgreedFeeId, CaseId, DocumentId, FeeAgreementId, Paise, Scope};
use crate::statement;

/// Whether a document is one of a case.
pub(in crate::fees) async fn is_of_case(
    tx: &mut Tx,
    scope: &Scope,
    document: DocumentId,
    case: CaseId,
) -> Result<bool, DbError> {
    let select = statement!(
        "SELECT COUNT(*) AS count FROM documents d
         WHERE d.organisation_id = $1 AND d.id = $2 AND d.case_id = $3"
    );
    let select = select.bind(scope.organisation()).bind(document).bind(case);
    Ok(tx.one::<Count>(select).await?.count > 0)
}

pub(in crate::fees) async fn insert(
    tx: &mut Tx,
    scope: &Scope,
    id: FeeAgreementId,
    new: &NewAgreement,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO fee_agreements (id, organisation_id, case_id, agreed_on, valid_from,
             valid_to, letter_document_id, gst_extra, cap_paise, note, added_by, added_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
    )
    .bind(id)
    .bind(scope.organisation())
    .bind(new.case)
    .bind(new.agreed_on.to_string())
    .bind(new.valid_from.to_string())
    .bind(new.valid_to.map(|day| day.to_string()))
    .bind(new.letter)
    .bind(new.gst_extra)
    .bind(new.cap)
    .bind(new.note.clone())
    .bind(scope.user())
    .bind(now);
    tx.execute(insert).await.map(drop)
}

pub(in crate::fees) async fn insert_line(
    tx: &mut Tx,
    agreement: FeeAgreementId,
    (id, ordinal): (AgreedFeeId, i64),
    line: &NewAgreedFee,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO agreed_fees (id, agreement_id, ordinal, model, description, work,
             amount_paise, not_reached_paise, adjourned_paise, basis_points, unit, due_on,
             done_on)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, NULL)"
    )
    .bind(id)
    .bind(agreement)
    .bind(ordinal)
    .bind(line.model.as_str())
    .bind(line.description.clone().unwrap_or_default())
    .bind(line.work.as_str())
    .bind(line.amount)
    .bind(line.not_reached)
    .bind(line.adjourned)
    .bind(line.basis_points)
    .bind(line.unit.map(DraftUnit::as_str))
    .bind(line.due_on.map(|day| day.to_string()));
    tx.execute(insert).await.map(drop)
}

pub(in crate::fees) async fn end(
    tx: &mut Tx,
    id: FeeAgreementId,
    last: NaiveDate,
) -> Result<(), DbError> {
    let update = statement!("UPDATE fee_agreements SET valid_to = $2 WHERE id = $1");
    tx.execute(update.bind(id).bind(last.to_string())).await.map(drop)
}

/// Marks a stage as reached; says how many rows that were.
pub(in crate::fees) async fn reach(
    tx: &mut Tx,
    id: AgreedFeeId,
    on: NaiveDate,
) -> Result<u64, DbError> {
    let update = statement!(
        "UPDATE agreed_fees SET done_on = $2
         WHERE id = $1 AND model = 'stage' AND done_on IS NULL"
    );
    tx.execute(update.bind(id).bind(on.to_string())).await
}

#[derive(sqlx::FromRow)]
struct CaseOf {
    case_id: CaseId,
}

/// The case a line was agreed in, where its money is the caller's to see.
pub(in crate::fees) async fn case_of(
    tx: &mut Tx,
    scope: &Scope,
    line: AgreedFeeId,
) -> Result<Option<CaseId>, DbError> {
    let select = statement!(
        "SELECT a.case_id FROM agreed_fees l
         JOIN fee_agreements a ON a.id = l.agreement_id
         JOIN billed_cases m ON m.case_id = a.case_id AND m.user_id = $2
         WHERE a.organisation_id = $1 AND l.id = $3"
    );
    let found = tx.optional::<CaseOf>(seen_by(select, scope).bind(line)).await?;
    Ok(found.map(|found| found.case_id))
}

#[derive(sqlx::FromRow)]
struct AgreementRow {
    id: FeeAgreementId,
    case_id: CaseId,
    agreed_on: String,
    valid_from: String,
    valid_to: Option<String>,
    letter_document_id: Option<DocumentId>,
    gst_extra: bool,
    cap_paise: Option<i64>,
    note: Option<String>,
    added_by: String,
    added_at: DateTime<Utc>,
}

impl AgreementRow {
    fn agreement(self) -> Result<Agreement, DbError> {
        let table = "fee_agreements";
        Ok(Agreement {
            id: self.id,
            case_id: self.case_id,
            agreed_on: day(table, "agreed_on", &self.agreed_on)?,
            valid_from: day(table, "valid_from", &self.valid_from)?,
            valid_to: self.valid_to.map(|last| day(table, "valid_to", &last)).transpose()?,
            letter: self.letter_document_id,
            gst_extra: self.gst_extra,
            cap: self.cap_paise.map(Paise),
            note: self.note,
            added_by: self.added_by,
            added_at: self.added_at,
            lines: Vec::new(),
        })
    }
}

macro_rules! agreements {
    () => {
        "SELECT a.id, a.case_id, a.agreed_on, a.valid_from, a.valid_to, a.letter_document_id,
             a.gst_extra, a.cap_paise, a.note, u.name AS added_by, a.added_at
         FROM fee_agreements a
         JOIN users u ON u.id = a.added_by
         JOIN billed_cases m ON m.case_id = a.case_id AND m.user_id = $2
         WHERE a.organisation_id = $1"
    };
}

/// An agreement without its lines, where the case's money is the caller's to see.
pub(in crate::fees) async fn find(
    tx: &mut Tx,
    scope: &Scope,
    id: FeeAgreementId,
) -> Result<Option<Agreement>, DbError> {
    let select = statement!(concat!(agreements!(), " AND a.id = $3"));
    let found = tx.optional::<AgreementRow>(seen_by(select, scope).bind(id)).await?;
    found.map(AgreementRow::agreement).transpose()
}

#[derive(sqlx::FromRow)]
struct LineRow {
    id: AgreedFeeId,
    agreement_id: FeeAgreementId,
    model: String,
    description: String,
    work: String,
    amount_paise: Option<i64>,
    not_reached_paise: Option<i64>,
    adjourned_paise: Option<i64>,
    basis_points: Option<i64>,
    unit: Option<String>,
    due_on: Option<String>,
    done_on: Option<String>,
}

impl LineRow {
    fn line(self) -> Result<AgreedFee, DbError> {
        let table = "agreed_fees";
        let wrong = |column, value| DbError::Inconsistent { table, column, value };
        let unit =
            self.unit.map(|unit| unit.parse::<DraftUnit>().map_err(|text| wrong("unit", text)));
        Ok(AgreedFee {
            id: self.id,
            line: NewAgreedFee {
                model: self.model.parse::<FeeModel>().map_err(|text| wrong("model", text))?,
                description: Some(self.description),
                work: work(table, &self.work)?,
                amount: self.amount_paise.map(Paise),
                not_reached: self.not_reached_paise.map(Paise),
                adjourned: self.adjourned_paise.map(Paise),
                basis_points: self.basis_points,
                unit: unit.transpose()?,
                due_on: self.due_on.map(|due| day(table, "due_on", &due)).transpose()?,
            },
            done_on: self.done_on.map(|done| day(table, "done_on", &done)).transpose()?,
        })
    }
}

/// The agreements of a case, the newest first.
pub(in crate::fees) async fn list(
    tx: &mut Tx,
    scope: &Scope,
    case: CaseId,
) -> Result<Vec<Agreement>, DbError> {
    let select = statement!(concat!(
        agreements!(),
        " AND a.case_id = $3 ORDER BY a.valid_from DESC, a.added_at DESC, a.id DESC LIMIT 200"
    ));
    let rows = tx.all::<AgreementRow>(seen_by(select, scope).bind(case)).await?;
    let found: Result<Vec<Agreement>, DbError> =
        rows.into_iter().map(AgreementRow::agreement).collect();
    let mut found = found?;
    let select = statement!(
        "SELECT l.id, l.agreement_id, l.model, l.description, l.work, l.amount_paise,
             l.not_reached_paise, l.adjourned_paise, l.basis_points, l.unit, l.due_on, l.done_on
         FROM agreed_fees l
         JOIN fee_agreements a ON a.id = l.agreement_id
         JOIN billed_cases m ON m.case_id = a.case_id AND m.user_id = $2
         WHERE a.organisation_id = $1 AND a.case_id = $3
         ORDER BY l.agreement_id, l.ordinal, l.id LIMIT 10000"
    );
    for row in tx.all::<LineRow>(seen_by(select, scope).bind(case)).await? {
        let agreement = row.agreement_id;
        let line = row.line()?;
        if let Some(of) = found.iter_mut().find(|one| one.id == agreement) {
            of.lines.push(line);
        }
    }
    Ok(found)
}

/// A line of clerkage.
#[derive(sqlx::FromRow)]
pub(in crate::fees) struct ClerkageRow {
    pub(in crate::fees) id: AgreedFeeId,
    pub(in crate::fees) description: String,
    pub(in crate::fees) basis_points: i64,
}

/// The clerkage agreed in a case that stands on a day, of the newest agreement.
pub(in crate::fees) async fn clerkage(
    tx: &mut Tx,
    scope: &Scope,
    case: CaseId,
    on: NaiveDate,
) -> Result<Option<ClerkageRow>, DbError> {
    let select = statement!(
        "SELECT l.id, l.description, l.basis_points FROM agreed_fees l
         JOIN fee_agreements a ON a.id = l.agreement_id
         JOIN billed_cases m ON m.case_id = a.case_id AND m.user_id = $2
         WHERE a.organisation_id = $1 AND a.case_id = $3 AND l.model = 'clerkage'
           AND l.basis_points IS NOT NULL
           AND a.valid_from <= $4 AND (a.valid_to IS NULL OR a.valid_to >= $4)
         ORDER BY a.valid_from DESC, a.added_at DESC, a.id DESC, l.ordinal LIMIT 1"
    );
    tx.optional(seen_by(select, scope).bind(case).bind(on.to_string())).await
}
