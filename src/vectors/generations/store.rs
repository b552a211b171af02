//! Every statement about generations.

use chrono::{DateTime, Utc};

use super::{Generation, Spent, Stage};
use crate::db::{DbError, Tx};
use crate::kernel::{GenerationId, MicroDollars, OrganisationId, Paise, UserId};
use crate::statement;
use crate::usage::Cost;

#[derive(sqlx::FromRow)]
struct Row {
    id: GenerationId,
    name: String,
    provider: String,
    model: String,
    dimensions: i64,
    state: String,
    reason: Option<String>,
    organisation_id: Option<OrganisationId>,
    started_by: Option<UserId>,
    started_at: DateTime<Utc>,
    live_at: Option<DateTime<Utc>>,
    estimated_tokens: Option<i64>,
    estimated_microdollars: Option<i64>,
    estimated_secs: Option<i64>,
    spent_tokens: i64,
    spent_microdollars: i64,
    spent_paise: i64,
    spent_ms: i64,
}

fn whole(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

impl Row {
    fn generation(self) -> Result<Generation, DbError> {
        let estimated = self.estimated_tokens.map(|tokens| Spent {
            tokens: whole(tokens),
            microdollars: self.estimated_microdollars.map(MicroDollars),
            paise: None,
            ms: self.estimated_secs.map(|secs| whole(secs) * 1_000),
        });
        Ok(Generation {
            id: self.id,
            name: self.name,
            provider: self.provider,
            model: self.model,
            dimensions: usize::try_from(self.dimensions).unwrap_or(0),
            stage: Stage::read(&self.state)?,
            reason: self.reason,
            started_by: self.organisation_id.zip(self.started_by),
            started_at: self.started_at,
            live_at: self.live_at,
            estimated,
            spent: Spent {
                tokens: whole(self.spent_tokens),
                microdollars: Some(MicroDollars(self.spent_microdollars)),
                paise: Some(Paise(self.spent_paise)),
                ms: Some(whole(self.spent_ms)),
            },
        })
    }
}

/// Every generation that is not dropped: live, shadow, then earlier ones, the last first.
pub(in crate::vectors) async fn all(tx: &mut Tx) -> Result<Vec<Generation>, DbError> {
    let select = statement!(
        "SELECT id, name, provider, model, dimensions, state, reason, organisation_id, started_by,
             started_at, live_at, estimated_tokens, estimated_microdollars, estimated_secs,
             spent_tokens, spent_microdollars, spent_paise, spent_ms
         FROM embedding_generations WHERE state <> 'dropped'
         ORDER BY CASE slot WHEN 'live' THEN 0 WHEN 'shadow' THEN 1 ELSE 2 END,
             live_at DESC, started_at DESC"
    );
    tx.all::<Row>(select).await?.into_iter().map(Row::generation).collect()
}

#[derive(sqlx::FromRow)]
struct Count {
    count: i64,
}

/// A name for a generation of a model that no other ever had: the model's name in
/// letters, digits and hyphens, and a number from the second on.
pub(in crate::vectors) async fn free_name(tx: &mut Tx, model: &str) -> Result<String, DbError> {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let name: String = model.chars().map(plain).collect();
    let select = statement!("SELECT COUNT(*) AS count FROM embedding_generations");
    Ok(match tx.one::<Count>(select).await?.count {
        0 => name,
        before => format!("{name}-{}", before + 1),
    })
}

#[derive(sqlx::FromRow)]
struct Name {
    name: String,
}

/// The names of the generations that were dropped.
pub(in crate::vectors) async fn dropped(tx: &mut Tx) -> Result<Vec<String>, DbError> {
    let select = statement!("SELECT name FROM embedding_generations WHERE state = 'dropped'");
    Ok(tx.all::<Name>(select).await?.into_iter().map(|row| row.name).collect())
}

/// Enters a generation in a place of its own; another one there is a conflict.
pub(in crate::vectors) async fn insert(
    tx: &mut Tx,
    generation: &Generation,
) -> Result<(), DbError> {
    let estimated = generation.estimated;
    let slot = match generation.stage {
        Stage::Live => Some("live".to_owned()),
        stage if stage.is_shadow() => Some("shadow".to_owned()),
        _ => None,
    };
    let insert = statement!(
        "INSERT INTO embedding_generations (id, name, provider, model, dimensions, state, slot,
             organisation_id, started_by, started_at, live_at, estimated_tokens,
             estimated_microdollars, estimated_secs, spent_tokens, spent_microdollars, spent_paise,
             spent_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0, 0, 0, 0)"
    )
    .bind(generation.id)
    .bind(generation.name.as_str())
    .bind(generation.provider.as_str())
    .bind(generation.model.as_str())
    .bind(i64::try_from(generation.dimensions).unwrap_or(0))
    .bind(generation.stage.as_str())
    .bind(slot)
    .bind(generation.started_by.map(|(organisation, _)| organisation))
    .bind(generation.started_by.map(|(_, user)| user))
    .bind(generation.started_at)
    .bind(generation.live_at)
    .bind(estimated.map(|estimated| number(estimated.tokens)))
    .bind(estimated.and_then(|estimated| estimated.microdollars))
    .bind(estimated.and_then(|estimated| estimated.ms).map(|ms| number(ms.div_ceil(1_000))));
    tx.execute(insert).await.map(drop)
}

#[derive(sqlx::FromRow)]
struct Model {
    model: String,
}

/// The model that most versions were embedded by, before generations were written down.
pub(in crate::vectors) async fn usual_model(tx: &mut Tx) -> Result<Option<String>, DbError> {
    let select = statement!(
        "SELECT embedding_model AS model FROM versions WHERE embedding_model IS NOT NULL
         GROUP BY embedding_model ORDER BY COUNT(*) DESC, embedding_model LIMIT 1"
    );
    Ok(tx.optional::<Model>(select).await?.map(|row| row.model))
}

/// Adds what a call took to what filling a generation took so far, and notes that it
/// goes on.
pub(in crate::vectors) async fn spend(
    tx: &mut Tx,
    generation: GenerationId,
    tokens: u64,
    cost: Cost,
    ms: u64,
) -> Result<(), DbError> {
    let update = statement!(
        "UPDATE embedding_generations SET spent_tokens = spent_tokens + $2,
             spent_microdollars = spent_microdollars + $3, spent_paise = spent_paise + $4,
             spent_ms = spent_ms + $5, reason = NULL
         WHERE id = $1"
    )
    .bind(generation)
    .bind(number(tokens))
    .bind(cost.microdollars)
    .bind(cost.paise)
    .bind(number(ms));
    tx.execute(update).await.map(drop)
}

/// Changes what a generation is for, if it is still for what was thought; says whether.
pub(in crate::vectors) async fn set_stage(
    tx: &mut Tx,
    generation: &Generation,
    stage: Stage,
    reason: Option<&str>,
) -> Result<bool, DbError> {
    let slot = match stage {
        Stage::Live => Some("live".to_owned()),
        stage if stage.is_shadow() => Some("shadow".to_owned()),
        _ => None,
    };
    let update = statement!(
        "UPDATE embedding_generations SET state = $3, slot = $4, reason = $5
         WHERE id = $1 AND state = $2"
    )
    .bind(generation.id)
    .bind(generation.stage.as_str())
    .bind(stage.as_str())
    .bind(slot)
    .bind(reason.map(str::to_owned));
    Ok(tx.execute(update).await? == 1)
}

/// Notes when a generation was made the live one.
pub(super) async fn set_live_at(
    tx: &mut Tx,
    generation: GenerationId,
    at: DateTime<Utc>,
) -> Result<(), DbError> {
    let update = statement!("UPDATE embedding_generations SET live_at = $2 WHERE id = $1");
    tx.execute(update.bind(generation).bind(at)).await.map(drop)
}

/// Notes why a generation waits.
pub(in crate::vectors) async fn set_reason(
    tx: &mut Tx,
    generation: GenerationId,
    reason: &str,
) -> Result<(), DbError> {
    let update = statement!("UPDATE embedding_generations SET reason = $2 WHERE id = $1");
    tx.execute(update.bind(generation).bind(reason)).await.map(drop)
}
