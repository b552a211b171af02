//! The statements of the price book and of exchange rates.

use chrono::{DateTime, Utc};

use crate::db::{DbError, Tx};
use crate::kernel::CallId;
use crate::statement;
use crate::usage::prices::Seed;
use crate::usage::rates::RateLine;

/// The source of rates that the settings gave.
pub(in crate::usage) const SETTINGS: &str = "settings";

pub(in crate::usage) async fn insert_price(tx: &mut Tx, price: &Seed) -> Result<(), DbError> {
    let insert = statement!(
        "INSERT INTO price_book (id, provider, model, valid_from, input_per_million,
             cached_per_million, output_per_million, source)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (provider, model, valid_from) DO NOTHING"
    )
    .bind(CallId::new().uuid())
    .bind(price.provider.as_str())
    .bind(price.model.as_str())
    .bind(price.valid_from)
    .bind(price.input_per_million)
    .bind(price.cached_per_million)
    .bind(price.output_per_million)
    .bind(price.source.as_str());
    tx.execute(insert).await.map(drop)
}

pub(in crate::usage) async fn all(tx: &mut Tx) -> Result<Vec<Seed>, DbError> {
    let select = statement!(
        "SELECT provider, model, valid_from, input_per_million, cached_per_million,
             output_per_million, source
         FROM price_book ORDER BY provider, model, valid_from DESC, id LIMIT 20000"
    );
    tx.all(select).await
}

/// When the last call was booked that a price would have been for.
pub(in crate::usage) async fn last_call(
    tx: &mut Tx,
    price: &Seed,
) -> Result<Option<DateTime<Utc>>, DbError> {
    let select = statement!(
        "SELECT at FROM model_calls
         WHERE provider = $1 AND model = $2 AND at >= $3 ORDER BY at DESC, id LIMIT 1"
    )
    .bind(price.provider.as_str())
    .bind(price.model.as_str())
    .bind(price.valid_from);
    Ok(tx.optional::<(DateTime<Utc>,)>(select).await?.map(|(at,)| at))
}

pub(in crate::usage) async fn rate_at(
    tx: &mut Tx,
    at: DateTime<Utc>,
) -> Result<Option<i64>, DbError> {
    let select = statement!(
        "SELECT paise_per_dollar FROM exchange_rates
         WHERE valid_from <= $1 ORDER BY valid_from DESC LIMIT 1"
    );
    Ok(tx.optional::<(i64,)>(select.bind(at)).await?.map(|(rate,)| rate))
}

pub(in crate::usage) async fn last_rate_of_settings(tx: &mut Tx) -> Result<Option<i64>, DbError> {
    let select = statement!(
        "SELECT paise_per_dollar FROM exchange_rates
         WHERE source = $1 ORDER BY valid_from DESC LIMIT 1"
    );
    Ok(tx.optional::<(i64,)>(select.bind(SETTINGS)).await?.map(|(rate,)| rate))
}

/// Adds a rate; false where there is one from that moment.
pub(in crate::usage) async fn insert_rate(
    tx: &mut Tx,
    from: DateTime<Utc>,
    paise_per_dollar: i64,
    source: &str,
) -> Result<bool, DbError> {
    let insert = statement!(
        "INSERT INTO exchange_rates (id, valid_from, paise_per_dollar, source)
         VALUES ($1, $2, $3, $4) ON CONFLICT (valid_from) DO NOTHING"
    )
    .bind(CallId::new().uuid())
    .bind(from)
    .bind(paise_per_dollar)
    .bind(source);
    Ok(tx.execute(insert).await? == 1)
}

pub(in crate::usage) async fn rates(tx: &mut Tx) -> Result<Vec<RateLine>, DbError> {
    let select = statement!(
        "SELECT valid_from, paise_per_dollar, source FROM exchange_rates
         ORDER BY valid_from DESC, id LIMIT 1000"
    );
    tx.all(select).await
}
