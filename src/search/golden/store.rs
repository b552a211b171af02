//! Every statement about golden questions and their runs.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::metrics::Scores;
use super::run::{Outcome, Run};
use super::{Expected, NewQuestion, Question};
use crate::db::{DbError, Sql, Tx};
use crate::kernel::{
    CaseId, DocumentId, GenerationId, GoldenId, GoldenRunId, OrganisationId, Scope,
};
use crate::statement;

#[derive(sqlx::FromRow)]
struct QuestionRow {
    id: GoldenId,
    question: String,
    case_id: Option<CaseId>,
    note: String,
    changed_at: DateTime<Utc>,
}

#[derive(sqlx::FromRow)]
struct ExpectedRow {
    question_id: GoldenId,
    document_id: DocumentId,
    page: Option<i64>,
    start_offset: Option<i64>,
    end_offset: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct Count {
    count: i64,
}

fn small(number: Option<i64>) -> Option<u32> {
    number.and_then(|number| u32::try_from(number).ok())
}

fn whole(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

/// That a question asks about nothing a wall keeps the caller from; `$1` to `$3` are
/// bound by [`seen_by`].
macro_rules! open_question {
    () => {
        "q.organisation_id = $1
         AND ($2 OR ((q.case_id IS NULL
                      OR EXISTS (SELECT 1 FROM open_cases m
                                 WHERE m.case_id = q.case_id AND m.user_id = $3))
                     AND NOT EXISTS (SELECT 1 FROM golden_expected x
                                     JOIN documents d ON d.id = x.document_id
                                     WHERE x.question_id = q.id
                                       AND NOT EXISTS (SELECT 1 FROM open_cases m
                                                       WHERE m.case_id = d.case_id
                                                         AND m.user_id = $3))))"
    };
}

/// Binds what [`open_question`] needs.
fn seen_by(sql: Sql, scope: &Scope) -> Sql {
    sql.bind(scope.organisation()).bind(scope.sees_all()).bind(scope.user())
}

pub(super) async fn list(tx: &mut Tx, scope: &Scope) -> Result<Vec<Question>, DbError> {
    let select = statement!(concat!(
        "SELECT e.question_id, e.document_id, e.page, e.start_offset, e.end_offset
         FROM golden_expected e JOIN golden_questions q ON q.id = e.question_id
         WHERE ",
        open_question!(),
        " ORDER BY e.question_id, e.ordinal"
    ));
    let mut expected: BTreeMap<GoldenId, Vec<Expected>> = BTreeMap::new();
    for row in tx.all::<ExpectedRow>(seen_by(select, scope)).await? {
        expected.entry(row.question_id).or_default().push(Expected {
            document: row.document_id,
            page: small(row.page),
            start: small(row.start_offset),
            end: small(row.end_offset),
        });
    }
    let select = statement!(concat!(
        "SELECT q.id, q.question, q.case_id, q.note, q.changed_at FROM golden_questions q
         WHERE ",
        open_question!(),
        " ORDER BY q.id"
    ));
    let rows = tx.all::<QuestionRow>(seen_by(select, scope)).await?;
    let question = |row: QuestionRow| Question {
        expected: expected.remove(&row.id).unwrap_or_default(),
        id: row.id,
        question: row.question,
        case: row.case_id,
        note: row.note,
        changed_at: row.changed_at,
    };
    Ok(rows.into_iter().map(question).collect())
}

pub(super) async fn count(tx: &mut Tx, organisation: OrganisationId) -> Result<i64, DbError> {
    let select =
        statement!("SELECT COUNT(*) AS count FROM golden_questions WHERE organisation_id = $1");
    Ok(tx.one::<Count>(select.bind(organisation)).await?.count)
}

pub(super) async fn insert(
    tx: &mut Tx,
    scope: &Scope,
    id: GoldenId,
    new: &NewQuestion,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO golden_questions (id, organisation_id, question, case_id, note, created_by,
             created_at, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $7)"
    )
    .bind(id)
    .bind(scope.organisation())
    .bind(new.question.as_str())
    .bind(new.case)
    .bind(new.note.as_str())
    .bind(scope.user())
    .bind(now);
    tx.execute(insert).await?;
    expect(tx, id, &new.expected).await
}

async fn expect(tx: &mut Tx, id: GoldenId, expected: &[Expected]) -> Result<(), DbError> {
    for (ordinal, one) in (0_i64..).zip(expected) {
        let insert = statement!(
            "INSERT INTO golden_expected (question_id, ordinal, document_id, page, start_offset,
                 end_offset)
             VALUES ($1, $2, $3, $4, $5, $6)"
        )
        .bind(id)
        .bind(ordinal)
        .bind(one.document)
        .bind(one.page.map(i64::from))
        .bind(one.start.map(i64::from))
        .bind(one.end.map(i64::from));
        tx.execute(insert).await?;
    }
    Ok(())
}

async fn expect_nothing(tx: &mut Tx, id: GoldenId) -> Result<(), DbError> {
    let delete = statement!("DELETE FROM golden_expected WHERE question_id = $1");
    tx.execute(delete.bind(id)).await.map(drop)
}

/// Changes a question; false when there is none.
pub(super) async fn change(
    tx: &mut Tx,
    organisation: OrganisationId,
    id: GoldenId,
    new: &NewQuestion,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let update = statement!(
        "UPDATE golden_questions SET question = $3, case_id = $4, note = $5, changed_at = $6
         WHERE organisation_id = $1 AND id = $2"
    )
    .bind(organisation)
    .bind(id)
    .bind(new.question.as_str())
    .bind(new.case)
    .bind(new.note.as_str())
    .bind(now);
    if tx.execute(update).await? == 0 {
        return Ok(false);
    }
    expect_nothing(tx, id).await?;
    expect(tx, id, &new.expected).await?;
    Ok(true)
}

/// Deletes a question; false when there is none.
pub(super) async fn delete(
    tx: &mut Tx,
    organisation: OrganisationId,
    id: GoldenId,
) -> Result<bool, DbError> {
    let select = statement!(
        "SELECT COUNT(*) AS count FROM golden_questions WHERE organisation_id = $1 AND id = $2"
    );
    if tx.one::<Count>(select.bind(organisation).bind(id)).await?.count == 0 {
        return Ok(false);
    }
    expect_nothing(tx, id).await?;
    let delete = statement!("DELETE FROM golden_questions WHERE id = $1");
    tx.execute(delete.bind(id)).await?;
    Ok(true)
}

pub(super) async fn insert_run(
    tx: &mut Tx,
    scope: &Scope,
    batch: GoldenRunId,
    run: &Run,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO golden_runs (id, batch_id, organisation_id, at, user_id, way, generation_id,
             model, is_shadow, questions, recall_10, recall_100, mrr, ndcg_10, took_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
    )
    .bind(run.id)
    .bind(batch)
    .bind(scope.organisation())
    .bind(run.at)
    .bind(scope.user())
    .bind(run.way.as_str())
    .bind(run.generation)
    .bind(run.model.clone())
    .bind(run.is_shadow)
    .bind(i64::try_from(run.questions).unwrap_or(i64::MAX))
    .bind(run.recall_10)
    .bind(run.recall_100)
    .bind(run.mrr)
    .bind(run.ndcg_10)
    .bind(i64::try_from(run.took_ms).unwrap_or(i64::MAX));
    tx.execute(insert).await.map(drop)
}

pub(super) async fn insert_result(
    tx: &mut Tx,
    run: GoldenRunId,
    question: &Question,
    scores: Scores,
) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO golden_results (run_id, question_id, question, first_rank, recall_10,
             recall_100, reciprocal_rank, ndcg_10)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
    )
    .bind(run)
    .bind(question.id)
    .bind(question.question.as_str())
    .bind(scores.first_rank.and_then(|rank| i64::try_from(rank).ok()))
    .bind(scores.recall_10)
    .bind(scores.recall_100)
    .bind(scores.reciprocal_rank)
    .bind(scores.ndcg_10);
    tx.execute(insert).await.map(drop)
}

#[derive(sqlx::FromRow)]
struct RunRow {
    id: GoldenRunId,
    batch_id: GoldenRunId,
    at: DateTime<Utc>,
    way: String,
    generation_id: Option<GenerationId>,
    model: Option<String>,
    is_shadow: bool,
    questions: i64,
    recall_10: f64,
    recall_100: f64,
    mrr: f64,
    ndcg_10: f64,
    took_ms: i64,
}

impl RunRow {
    fn run(self) -> Result<(GoldenRunId, Run), DbError> {
        let way = self.way.parse().map_err(|_| DbError::Inconsistent {
            table: "golden_runs",
            column: "way",
            value: self.way.clone(),
        })?;
        let run = Run {
            id: self.id,
            at: self.at,
            way,
            generation: self.generation_id,
            model: self.model,
            is_shadow: self.is_shadow,
            questions: whole(self.questions),
            recall_10: self.recall_10,
            recall_100: self.recall_100,
            mrr: self.mrr,
            ndcg_10: self.ndcg_10,
            took_ms: whole(self.took_ms),
        };
        Ok((self.batch_id, run))
    }
}

/// The latest runs with their batches, the latest batch first.
pub(super) async fn runs(
    tx: &mut Tx,
    organisation: OrganisationId,
) -> Result<Vec<(GoldenRunId, Run)>, DbError> {
    let select = statement!(
        "SELECT id, batch_id, at, way, generation_id, model, is_shadow, questions, recall_10,
             recall_100, mrr, ndcg_10, took_ms
         FROM golden_runs WHERE organisation_id = $1 ORDER BY at DESC, batch_id, id LIMIT 250"
    );
    let rows = tx.all::<RunRow>(select.bind(organisation)).await?;
    rows.into_iter().map(RunRow::run).collect()
}

#[derive(sqlx::FromRow)]
struct ResultRow {
    question_id: GoldenId,
    question: String,
    first_rank: Option<i64>,
    ndcg_10: f64,
}

/// Whether there is a run of the caller's organisation.
pub(super) async fn is_run(tx: &mut Tx, scope: &Scope, run: GoldenRunId) -> Result<bool, DbError> {
    let select = statement!(
        "SELECT COUNT(*) AS count FROM golden_runs WHERE organisation_id = $1 AND id = $2"
    );
    Ok(tx.one::<Count>(select.bind(scope.organisation()).bind(run)).await?.count == 1)
}

pub(super) async fn results(
    tx: &mut Tx,
    scope: &Scope,
    run: GoldenRunId,
) -> Result<Vec<Outcome>, DbError> {
    // What became of a question that was deleted, or is about what a wall keeps the
    // caller from, is for those to see who see everything.
    let select = statement!(concat!(
        "SELECT r.question_id, r.question, r.first_rank, r.ndcg_10
         FROM golden_results r JOIN golden_runs g ON g.id = r.run_id
         WHERE g.organisation_id = $1 AND r.run_id = $4
           AND ($2 OR EXISTS (SELECT 1 FROM golden_questions q WHERE q.id = r.question_id AND ",
        open_question!(),
        ")) ORDER BY r.question_id"
    ));
    let rows = tx.all::<ResultRow>(seen_by(select, scope).bind(run)).await?;
    let outcome = |row: ResultRow| Outcome {
        id: row.question_id,
        question: row.question,
        first_rank: row.first_rank.map(whole),
        ndcg_10: row.ndcg_10,
    };
    Ok(rows.into_iter().map(outcome).collect())
}
