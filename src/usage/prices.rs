//! The shipped prices, `index/prices.toml`.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::db::DbError;

/// A dated price of a model.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seed {
    /// Who runs the model: the endpoint's host.
    pub provider: String,
    /// Which model.
    pub model: String,
    /// Since when.
    pub valid_from: DateTime<Utc>,
    /// Micro-dollars per million prompt tokens.
    pub input_per_million: i64,
    /// Micro-dollars per million cached prompt tokens.
    pub cached_per_million: i64,
    /// Micro-dollars per million answer tokens.
    pub output_per_million: i64,
    /// Where the price was read.
    pub source: String,
}

#[derive(Deserialize)]
struct Table {
    price: Vec<Seed>,
}

/// Why the shipped prices could not be used.
#[derive(Debug, thiserror::Error)]
pub enum PriceError {
    /// The table does not parse.
    #[error("`index/prices.toml` cannot be read")]
    Table(#[from] toml::de::Error),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// The rows of `index/prices.toml`.
///
/// # Errors
/// Fails when the table does not parse.
pub fn seeds() -> Result<Vec<Seed>, PriceError> {
    let table: Table = toml::from_str(include_str!("../../index/prices.toml"))?;
    Ok(table.price)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_price_has_a_source() {
        let seeds = seeds().unwrap();
        assert!(!seeds.is_empty());
        assert!(seeds.iter().all(|seed| !seed.source.is_empty()));
    }
}
