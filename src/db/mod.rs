//! One handle for both databases.
//!
//! A statement is written once, in the SQL that SQLite and PostgreSQL share, and
//! runs on whichever engine the service was started with. [`Db`] opens
//! transactions, [`Tx`] runs [`Sql`] in one, and [`crate::statement!`] registers every
//! text so that a test can prepare it on both engines.

mod catalogue;
mod migrations;
mod sql;
mod tidy;
mod tx;

use std::path::Path;
use std::time::Duration;

use sqlx::postgres::{PgPool, PgPoolOptions, PgRow};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow,
    SqliteSynchronous,
};
use sqlx::{AssertSqlSafe, FromRow};

pub use catalogue::{Catalogue, Column, Kind, Reference, Rows};
pub use migrations::{MIGRATIONS, migrator_up_to};
pub use sql::{REGISTRY_NOTE, Sql, Statement, Value, statements};
pub use tx::Tx;

/// Which engine is underneath; for the few statements that must differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

/// Why the database did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// The engine refused or could not be reached.
    #[error("the database did not answer as expected")]
    Engine(#[from] sqlx::Error),
    /// The schema could not be brought up to date.
    #[error("the database could not be migrated")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// A row holds what the code cannot read.
    #[error("table `{table}`, column `{column}` holds `{value}`, which cannot be read")]
    Inconsistent {
        /// The table of the row.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// What stands there.
        value: String,
    },
    /// Somebody reads an old state of the tables for too long.
    #[error("the tables are being read by somebody else for too long")]
    Busy,
    /// The address names no engine we know.
    #[error("`{0}` is not a database address; use `sqlite:PATH` or `postgres://…`")]
    Address(String),
}

impl DbError {
    /// Whether the statement failed because the row exists already.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        matches!(self, Self::Engine(sqlx::Error::Database(error)) if error.is_unique_violation())
    }
}

/// A row type both engines can fill; `#[derive(FromRow)]` gives it for free.
pub trait Row: Send + Unpin + for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> {}

impl<T> Row for T where T: Send + Unpin + for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow>
{}

/// The pool the whole service shares. Cheap to clone.
#[derive(Debug, Clone)]
pub enum Db {
    /// The embedded default.
    Sqlite(SqlitePool),
    /// Production with more than one process.
    Postgres(PgPool),
}

impl Db {
    /// Opens the database an address names and brings its schema up to date.
    ///
    /// # Errors
    /// Fails when the address is unknown, the engine unreachable, or a migration fails.
    pub async fn open(address: &str) -> Result<Self, DbError> {
        let db = Self::connect(address).await?;
        db.migrate().await?;
        Ok(db)
    }

    /// Opens the database an address names and leaves its schema as it is.
    ///
    /// # Errors
    /// Fails when the address is unknown or the engine unreachable.
    pub async fn connect(address: &str) -> Result<Self, DbError> {
        if let Some(path) = address.strip_prefix("sqlite:") {
            let options = sqlite_options(Path::new(path));
            let pool = SqlitePoolOptions::new().max_connections(8).connect_with(options).await?;
            Ok(Self::Sqlite(pool))
        } else if address.starts_with("postgres://") || address.starts_with("postgresql://") {
            let pool = PgPoolOptions::new().max_connections(16).connect(address).await?;
            Ok(Self::Postgres(pool))
        } else {
            Err(DbError::Address(address.to_owned()))
        }
    }

    async fn migrate(&self) -> Result<(), DbError> {
        let migrator = migrator_up_to(i64::MAX, self.dialect());
        match self {
            Self::Sqlite(pool) => migrator.run(pool).await?,
            Self::Postgres(pool) => migrator.run(pool).await?,
        }
        Ok(())
    }

    /// The engine underneath.
    #[must_use]
    pub const fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite(_) => Dialect::Sqlite,
            Self::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Starts a transaction that only reads: one snapshot for all its statements.
    ///
    /// # Errors
    /// Fails when no connection can be had.
    pub async fn read(&self) -> Result<Tx, DbError> {
        Ok(match self {
            Self::Sqlite(pool) => Tx::Sqlite(pool.begin().await?),
            Self::Postgres(pool) => Tx::Postgres(
                pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?,
            ),
        })
    }

    /// Starts a transaction that may write.
    ///
    /// On SQLite it takes the write lock at once, so two writers queue instead
    /// of one failing half-way with `SQLITE_BUSY`.
    ///
    /// # Errors
    /// Fails when no connection can be had.
    pub async fn write(&self) -> Result<Tx, DbError> {
        Ok(match self {
            Self::Sqlite(pool) => Tx::Sqlite(pool.begin_with("BEGIN IMMEDIATE").await?),
            Self::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    /// Prepares a text without running it; the prepare test walks every statement.
    ///
    /// # Errors
    /// Fails when the engine cannot read the text.
    pub async fn prepare(&self, text: &str) -> Result<(), DbError> {
        use sqlx::{Executor, SqlSafeStr};
        let text = AssertSqlSafe(text.to_owned()).into_sql_str();
        match self {
            Self::Sqlite(pool) => drop(pool.prepare(text).await?),
            Self::Postgres(pool) => drop(pool.prepare(text).await?),
        }
        Ok(())
    }

    /// Closes every connection; for an orderly end.
    pub async fn close(&self) {
        match self {
            Self::Sqlite(pool) => pool.close().await,
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

fn sqlite_options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        // What is deleted is overwritten, so that it cannot be read from the file.
        .pragma("secure_delete", "ON")
        .busy_timeout(Duration::from_mins(1))
}
