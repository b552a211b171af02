//! Every statement about what is known of a case.

use chrono::{DateTime, NaiveDate, Utc};

use super::{CaseFile, CaseNumber, KnownNumber};
use crate::cases::store::seen_by;
use crate::db::{DbError, Tx};
use crate::kernel::{CaseId, ClientId, Scope, case_numbers};
use crate::statement;

#[derive(sqlx::FromRow)]
struct FileRow {
    revision: i64,
    title: String,
    client_id: Option<ClientId>,
    court: Option<String>,
    court_level: Option<String>,
    court_seat: Option<String>,
    establishment: Option<String>,
    cnr: Option<String>,
    stage: Option<String>,
    bench: Option<String>,
    judges: Option<String>,
    court_hall: Option<String>,
    fir_number: Option<String>,
    fir_year: Option<String>,
    police_station: Option<String>,
    district: Option<String>,
    fir_sections: Option<String>,
    offence_on: Option<String>,
    acts: Option<String>,
    summary: Option<String>,
    opened_on: String,
}

fn day(column: &'static str, text: &str) -> Result<NaiveDate, DbError> {
    let value = text.to_owned();
    text.parse().map_err(|_| DbError::Inconsistent { table: "cases", column, value })
}

pub(super) async fn file(
    tx: &mut Tx,
    scope: &Scope,
    id: CaseId,
) -> Result<Option<(i64, CaseFile)>, DbError> {
    let select = statement!(
        "SELECT c.revision, c.title, c.client_id, c.court, c.court_level, c.court_seat,
             c.establishment, c.cnr, c.stage, c.bench, c.judges, c.court_hall, c.fir_number,
             c.fir_year, c.police_station, c.district, c.fir_sections, c.offence_on, c.acts,
             c.summary, c.opened_on
         FROM cases c
         WHERE c.organisation_id = $1
           AND ($2 OR EXISTS (SELECT 1 FROM open_cases m
                              WHERE m.case_id = c.id AND m.user_id = $3))
           AND c.id = $4"
    );
    let Some(row) = tx.optional::<FileRow>(seen_by(select, scope).bind(id)).await? else {
        return Ok(None);
    };
    let offence_on = row.offence_on.as_deref().map(|text| day("offence_on", text)).transpose()?;
    let file = CaseFile {
        title: row.title,
        client_id: row.client_id,
        numbers: Vec::new(),
        court: row.court,
        court_level: row.court_level,
        court_seat: row.court_seat,
        establishment: row.establishment,
        cnr: row.cnr,
        stage: row.stage,
        bench: row.bench,
        judges: row.judges,
        court_hall: row.court_hall,
        fir_number: row.fir_number,
        fir_year: row.fir_year,
        police_station: row.police_station,
        district: row.district,
        fir_sections: row.fir_sections,
        offence_on,
        acts: row.acts,
        summary: row.summary,
        opened_on: day("opened_on", &row.opened_on)?,
        fields: Vec::new(),
    };
    Ok(Some((row.revision, file)))
}

/// Writes a file over the revision it was made on; false when that is not the newest.
pub(super) async fn update(
    tx: &mut Tx,
    id: CaseId,
    revision: i64,
    file: &CaseFile,
) -> Result<bool, DbError> {
    let update = statement!(
        "UPDATE cases SET revision = revision + 1, title = $3, client_id = $4, number = $5,
             court = $6, court_level = $7, court_seat = $8, establishment = $9, cnr = $10,
             stage = $11, bench = $12, judges = $13, court_hall = $14, fir_number = $15,
             fir_year = $16, police_station = $17, district = $18, fir_sections = $19,
             offence_on = $20, acts = $21, summary = $22, opened_on = $23
         WHERE id = $1 AND revision = $2"
    )
    .bind(id)
    .bind(revision)
    .bind(file.title.as_str())
    .bind(file.client_id)
    .bind(file.own_number().map(str::to_owned))
    .bind(file.court.clone())
    .bind(file.court_level.clone())
    .bind(file.court_seat.clone())
    .bind(file.establishment.clone())
    .bind(file.cnr.clone())
    .bind(file.stage.clone())
    .bind(file.bench.clone())
    .bind(file.judges.clone())
    .bind(file.court_hall.clone())
    .bind(file.fir_number.clone())
    .bind(file.fir_year.clone())
    .bind(file.police_station.clone())
    .bind(file.district.clone())
    .bind(file.fir_sections.clone())
    .bind(file.offence_on.map(|day| day.to_string()))
    .bind(file.acts.clone())
    .bind(file.summary.clone())
    .bind(file.opened_on.to_string());
    Ok(tx.execute(update).await? == 1)
}

#[derive(sqlx::FromRow)]
struct NumberRow {
    number: String,
    kind: String,
}

pub(super) async fn numbers(tx: &mut Tx, id: CaseId) -> Result<Vec<CaseNumber>, DbError> {
    let select = statement!(
        "SELECT number, kind FROM case_numbers WHERE case_id = $1 ORDER BY ordinal LIMIT 100"
    );
    let number = |NumberRow { number, kind }: NumberRow| {
        let unknown =
            |value| DbError::Inconsistent { table: "case_numbers", column: "kind", value };
        Ok(CaseNumber { number, kind: kind.parse().map_err(unknown)? })
    };
    tx.all::<NumberRow>(select.bind(id)).await?.into_iter().map(number).collect()
}

pub(in crate::cases) async fn set_numbers(
    tx: &mut Tx,
    id: CaseId,
    numbers: &[CaseNumber],
) -> Result<(), DbError> {
    let delete = statement!("DELETE FROM case_numbers WHERE case_id = $1");
    tx.execute(delete.bind(id)).await?;
    for (ordinal, CaseNumber { number, kind }) in (0_i64..).zip(numbers) {
        let normal = case_numbers::normal(number).unwrap_or_else(|| number.clone());
        let insert = statement!(
            "INSERT INTO case_numbers (case_id, ordinal, number, kind, normal)
             VALUES ($1, $2, $3, $4, $5)"
        );
        let insert = insert.bind(id).bind(ordinal).bind(number.as_str()).bind(kind.as_str());
        tx.execute(insert.bind(normal)).await?;
    }
    Ok(())
}

/// Ends what the case's former client was shown of its documents.
pub(in crate::cases) async fn end_shares(
    tx: &mut Tx,
    id: CaseId,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let update = statement!(
        "UPDATE document_shares SET expires_at = $2
         WHERE document_id IN (SELECT d.id FROM documents d WHERE d.case_id = $1)
           AND (expires_at IS NULL OR expires_at > $2)"
    );
    tx.execute(update.bind(id).bind(now)).await.map(drop)
}

/// Hides the case from its former client, so that they are not shown it again, unasked, when
/// it becomes theirs again.
pub(super) async fn hide(
    tx: &mut Tx,
    scope: &Scope,
    id: CaseId,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let update = statement!(
        "UPDATE case_portals SET hidden_by = $2, hidden_at = $3
         WHERE case_id = $1 AND hidden_at IS NULL"
    );
    tx.execute(update.bind(id).bind(scope.user()).bind(now)).await.map(drop)
}

#[derive(sqlx::FromRow)]
struct Title {
    title: String,
}

/// Another case open to the caller with the same record number or case number in the same
/// court.
pub(super) async fn same_elsewhere(
    tx: &mut Tx,
    scope: &Scope,
    id: CaseId,
    file: &CaseFile,
) -> Result<Option<String>, DbError> {
    let normal = file.own_number().and_then(case_numbers::normal).unwrap_or_default();
    let select = statement!(
        "SELECT c.title FROM cases c
         WHERE c.organisation_id = $1
           AND ($2 OR EXISTS (SELECT 1 FROM open_cases m
                              WHERE m.case_id = c.id AND m.user_id = $3))
           AND c.id <> $4
           AND ((c.cnr IS NOT NULL AND c.cnr = $5)
                OR ($6 <> '' AND coalesce(c.court, '') = $7
                    AND c.id IN (SELECT n.case_id FROM case_numbers n
                                 WHERE n.normal = $6 AND n.kind = 'own')))
         ORDER BY c.created_at, c.id LIMIT 1"
    );
    let select = seen_by(select, scope)
        .bind(id)
        .bind(file.cnr.clone().unwrap_or_default())
        .bind(normal)
        .bind(file.court.clone().unwrap_or_default());
    Ok(tx.optional::<Title>(select).await?.map(|row| row.title))
}

pub(in crate::cases) async fn known_numbers(
    tx: &mut Tx,
    scope: &Scope,
) -> Result<Vec<KnownNumber>, DbError> {
    let select = statement!(
        "SELECT c.id AS case_id, c.title, c.court, c.cnr, n.number, n.normal
         FROM cases c LEFT JOIN case_numbers n ON n.case_id = c.id
         WHERE c.organisation_id = $1
           AND ($2 OR EXISTS (SELECT 1 FROM open_cases m
                              WHERE m.case_id = c.id AND m.user_id = $3))
         ORDER BY c.created_at DESC, c.id DESC, n.ordinal LIMIT 50000"
    );
    tx.all(seen_by(select, scope)).await
}

#[derive(sqlx::FromRow)]
struct Unread {
    case_id: CaseId,
    ordinal: i64,
    number: String,
}

/// Numbers whose normal form is not worked out.
pub(super) async fn unread_numbers(tx: &mut Tx) -> Result<Vec<(CaseId, i64, String)>, DbError> {
    let select = statement!(
        "SELECT case_id, ordinal, number FROM case_numbers WHERE normal = '' LIMIT 100000"
    );
    let rows = tx.all::<Unread>(select).await?;
    Ok(rows.into_iter().map(|row| (row.case_id, row.ordinal, row.number)).collect())
}

pub(super) async fn set_normal(
    tx: &mut Tx,
    case: CaseId,
    ordinal: i64,
    normal: &str,
) -> Result<(), DbError> {
    let update =
        statement!("UPDATE case_numbers SET normal = $3 WHERE case_id = $1 AND ordinal = $2");
    tx.execute(update.bind(case).bind(ordinal).bind(normal)).await.map(drop)
}
