//! The price book: what models cost, dated. The shipped rows are `index/prices.toml`;
//! an admin brings in further ones as CSV or TOML. A row is never edited: another price is
//! another row from a later date, so that what was booked stays as it was.

use std::fmt::Write;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use serde_json::json;

use super::csv::{self, quoted};
use super::{Usage, store};
use crate::db::{DbError, Tx};
use crate::kernel::{Permission, Scope};

/// The most a price may be, in micro-dollars per million tokens: 10,000 dollars.
const MOST: i64 = 10_000_000_000;
/// How many rows are taken at once.
const ROWS: usize = 2_000;
/// The columns of a price list as CSV.
const COLUMNS: [&str; 7] = [
    "provider",
    "model",
    "valid_from",
    "input_per_million",
    "cached_per_million",
    "output_per_million",
    "source",
];

/// A dated price of a model.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, sqlx::FromRow)]
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
    /// Micro-dollars per million answer tokens, reasoning included.
    pub output_per_million: i64,
    /// Where the price was read.
    pub source: String,
}

#[derive(Deserialize)]
struct Table {
    #[serde(default)]
    price: Vec<Seed>,
}

/// A row of the price book.
pub type PriceLine = Seed;

/// The price book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceBook {
    /// The rows, by provider and model, the newest first.
    pub lines: Vec<PriceLine>,
}

/// What a row of a price list would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// It is added, after the row in force before it, if there is one.
    Added {
        /// The price it takes the place of from its date on.
        before: Option<Seed>,
    },
    /// The book has it already.
    There,
    /// It is not taken, for this reason.
    Refused(String),
}

/// What a price list would do: each row with its line and what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// The rows that could be read.
    pub rows: Vec<(Seed, Change)>,
    /// The lines that could not, and why.
    pub unread: Vec<(usize, String)>,
}

/// Why prices were not taken.
#[derive(Debug, thiserror::Error)]
pub enum PriceError {
    /// Only an admin may.
    #[error("only an admin may do that")]
    NotAllowed,
    /// The table does not parse.
    #[error("the price list cannot be read as TOML")]
    Table(#[from] toml::de::Error),
    /// It has none of the columns, or no row, or too many.
    #[error("the price list needs the columns {} and from 1 to {ROWS} rows", COLUMNS.join(", "))]
    Columns,
    /// Rows are refused; nothing was taken.
    #[error("nothing was taken: {0}")]
    Refused(String),
    /// A rate that cannot be meant.
    #[error("a dollar is worth between ₹1 and ₹10,000: give the rate in paise, such as 8800")]
    Rate,
    /// Costs were worked out since.
    #[error("a rate begins today or later: what was booked keeps its rate")]
    RatePast,
    /// There is one from that moment.
    #[error("there is a rate from that day already, and rates are not edited")]
    RateThere,
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

type Read = (Vec<Seed>, Vec<(usize, String)>);

/// Reads a price list: TOML as `index/prices.toml` is, or CSV with the same columns.
fn read(text: &str) -> Result<Read, PriceError> {
    let (rows, unread) = if text.contains("[[price]]") {
        (toml::from_str::<Table>(text)?.price, Vec::new())
    } else {
        read_csv(text)?
    };
    if rows.len() + unread.len() == 0 || rows.len() > ROWS {
        return Err(PriceError::Columns);
    }
    Ok((rows, unread))
}

fn read_csv(text: &str) -> Result<Read, PriceError> {
    let mut rows = csv::read(text).into_iter();
    let head = rows.next().ok_or(PriceError::Columns)?;
    let place = |name: &str| head.cells.iter().position(|cell| cell.eq_ignore_ascii_case(name));
    let places: Vec<usize> =
        COLUMNS.iter().map(|name| place(name)).collect::<Option<_>>().ok_or(PriceError::Columns)?;
    let (mut seeds, mut unread) = (Vec::new(), Vec::new());
    for row in rows {
        let cell = |at: usize| row.cells.get(places[at]).map_or("", String::as_str);
        let number = |at: usize| {
            csv::count(cell(at))
                .ok_or_else(|| format!("`{}` is no whole number of micro-dollars", cell(at)))
        };
        let seed = || -> Result<Seed, String> {
            Ok(Seed {
                provider: cell(0).to_owned(),
                model: cell(1).to_owned(),
                valid_from: moment(cell(2))?,
                input_per_million: number(3)?,
                cached_per_million: number(4)?,
                output_per_million: number(5)?,
                source: cell(6).to_owned(),
            })
        };
        match seed() {
            Ok(seed) => seeds.push(seed),
            Err(why) => unread.push((row.line, why)),
        }
    }
    Ok((seeds, unread))
}

fn moment(text: &str) -> Result<DateTime<Utc>, String> {
    let day = |text: &str| text.parse::<NaiveDate>().ok();
    let whole = DateTime::parse_from_rfc3339(text).ok().map(|moment| moment.to_utc());
    whole
        .or_else(|| day(text).map(|day| day.and_time(chrono::NaiveTime::MIN).and_utc()))
        .ok_or_else(|| format!("`{text}` is no date such as 2026-11-02"))
}

impl Seed {
    fn same_price(&self, other: &Self) -> bool {
        self.input_per_million == other.input_per_million
            && self.cached_per_million == other.cached_per_million
            && self.output_per_million == other.output_per_million
    }

    /// What is wrong with it in itself.
    fn fault(&self) -> Option<String> {
        let prices = [self.input_per_million, self.cached_per_million, self.output_per_million];
        if self.provider.trim().is_empty() || self.model.trim().is_empty() {
            return Some("provider and model are needed".to_owned());
        }
        if self.source.trim().is_empty() {
            return Some("say where the price was read (`source`)".to_owned());
        }
        let fine = prices.iter().all(|price| (0..=MOST).contains(price));
        (!fine).then(|| "a price is from 0 to 10,000 dollars per million tokens".to_owned())
    }
}

impl Usage {
    /// Adds the shipped prices the book does not have yet.
    ///
    /// # Errors
    /// Fails when the shipped table cannot be read or the database fails.
    pub async fn seed_prices(&self) -> Result<(), PriceError> {
        let mut tx = self.db.write().await?;
        for price in seeds()? {
            store::prices::insert_price(&mut tx, &price).await?;
        }
        Ok(tx.commit().await?)
    }

    /// The price book.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn price_book(&self, scope: &Scope) -> Result<Option<PriceBook>, DbError> {
        if !scope.may(Permission::ReadCosts) {
            return Ok(None);
        }
        let mut tx = self.db.read().await?;
        Ok(Some(PriceBook { lines: store::prices::all(&mut tx).await? }))
    }

    /// What a price list would do to the book; nothing is changed.
    ///
    /// # Errors
    /// Fails when the caller may not, the list cannot be read, or the database fails.
    pub async fn preview_prices(&self, scope: &Scope, list: &str) -> Result<Preview, PriceError> {
        if !scope.may(Permission::RunService) {
            return Err(PriceError::NotAllowed);
        }
        let (rows, unread) = read(list)?;
        let mut tx = self.db.read().await?;
        Ok(Preview { rows: changes(&mut tx, rows).await?, unread })
    }

    /// Adds the rows of a price list to the book: all of them, or none where one is
    /// refused. Says how many are new.
    ///
    /// # Errors
    /// Fails when the caller may not, the list cannot be read, a row is refused, or the
    /// database fails.
    pub async fn import_prices(&self, scope: &Scope, list: &str) -> Result<usize, PriceError> {
        if !scope.may(Permission::RunService) {
            return Err(PriceError::NotAllowed);
        }
        let (rows, unread) = read(list)?;
        if let Some((line, why)) = unread.first() {
            return Err(PriceError::Refused(format!("line {line}: {why}")));
        }
        let mut tx = self.db.write().await?;
        let mut added = Vec::new();
        for (row, change) in changes(&mut tx, rows).await? {
            match change {
                Change::Refused(why) => {
                    let words = format!("{} at {}: {why}", row.model, row.provider);
                    return Err(PriceError::Refused(words));
                }
                Change::Added { .. } => added.push(row),
                Change::There => {}
            }
        }
        for row in &added {
            store::prices::insert_price(&mut tx, row).await?;
        }
        let rows: Vec<_> = added
            .iter()
            .map(|row| {
                json!({
                    "provider": row.provider, "model": row.model, "from": row.valid_from,
                    "input": row.input_per_million, "cached": row.cached_per_million,
                    "output": row.output_per_million,
                })
            })
            .collect();
        let details = json!({ "rows": rows });
        let (organisation, user) = (scope.organisation(), Some(scope.user()));
        self.audit.record(&mut tx, organisation, user, "costs.prices.import", details).await?;
        tx.commit().await?;
        Ok(added.len())
    }
}

/// What becomes of each row.
async fn changes(tx: &mut Tx, rows: Vec<Seed>) -> Result<Vec<(Seed, Change)>, DbError> {
    let book = store::prices::all(tx).await?;
    let mut done: Vec<(Seed, Change)> = Vec::with_capacity(rows.len());
    for row in rows {
        let same = |other: &Seed| other.provider == row.provider && other.model == row.model;
        let of_date = |other: &Seed| same(other) && other.valid_from == row.valid_from;
        let twin = book.iter().find(|other| of_date(other));
        let change = if let Some(fault) = row.fault() {
            Change::Refused(fault)
        } else if done.iter().any(|(other, _)| of_date(other)) {
            Change::Refused("the list has two rows of it from one date".to_owned())
        } else if let Some(twin) = twin {
            if twin.same_price(&row) {
                Change::There
            } else {
                let words = "the book has another price from that date, and rows are not edited; \
                             give the new price a later date";
                Change::Refused(words.to_owned())
            }
        } else if let Some(last) = store::prices::last_call(tx, &row).await? {
            Change::Refused(format!(
                "calls up to {} UTC are booked, and what is booked stays; give the price a later \
                 date",
                last.format("%Y-%m-%d %H:%M:%S")
            ))
        } else {
            let earlier = |other: &&Seed| same(other) && other.valid_from < row.valid_from;
            let before = book.iter().filter(earlier).max_by_key(|other| other.valid_from);
            Change::Added { before: before.cloned() }
        };
        done.push((row, change));
    }
    Ok(done)
}

impl PriceBook {
    /// The book as CSV, which can be brought in again.
    #[must_use]
    pub fn csv(&self) -> String {
        let mut text = COLUMNS.join(",") + "\n";
        for line in &self.lines {
            let _ = writeln!(
                text,
                "{},{},{},{},{},{},{}",
                quoted(&line.provider),
                quoted(&line.model),
                line.valid_from.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
                line.input_per_million,
                line.cached_per_million,
                line.output_per_million,
                quoted(&line.source)
            );
        }
        text
    }
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

    #[test]
    fn the_book_reads_back_from_its_own_csv() {
        let lines = seeds().unwrap();
        let (read, unread) = read(&PriceBook { lines: lines.clone() }.csv()).unwrap();
        assert_eq!((read, unread), (lines, Vec::new()));
    }

    #[test]
    fn bad_lines_are_named_and_the_rest_is_read() {
        let list =
            format!("{}\nhost,m,2026-11-02,1,1,2,list\nhost,m,soon,1,1,2,list", COLUMNS.join(","));
        let (rows, unread) = read(&list).unwrap();
        assert_eq!(rows.len(), 1);
        assert_eq!(unread[0].0, 3);
        assert!(read("nothing").is_err());
    }
}
