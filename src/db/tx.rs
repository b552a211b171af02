//! Transactions, and how a [`Sql`] reaches the engine underneath.

use sqlx::postgres::{PgArguments, Postgres};
use sqlx::query::{Query, QueryAs};
use sqlx::sqlite::{Sqlite, SqliteArguments};
use sqlx::{AssertSqlSafe, Transaction};

use super::{DbError, Dialect, Row, Sql, Value};

/// A transaction on either engine. Dropped without [`Tx::commit`], it undoes itself.
#[derive(Debug)]
pub enum Tx {
    /// On SQLite.
    Sqlite(Transaction<'static, Sqlite>),
    /// On PostgreSQL.
    Postgres(Transaction<'static, Postgres>),
}

/// Binds every value of a statement to a native query, in order.
macro_rules! bound {
    ($query:expr, $values:expr) => {{
        let mut query = $query;
        for value in $values {
            query = match value {
                Value::Text(value) => query.bind(value),
                Value::Int(value) => query.bind(value),
                Value::Float(value) => query.bind(value),
                Value::Bool(value) => query.bind(value),
                Value::Bytes(value) => query.bind(value),
                Value::Uuid(value) => query.bind(value),
                Value::Time(value) => query.bind(value),
                Value::Json(value) => query.bind(value),
            };
        }
        query
    }};
}

#[expect(clippy::disallowed_methods, reason = "this is the one place statements reach sqlx")]
fn plain<DB>(sql: Sql) -> (Query<'static, DB, <DB as sqlx::Database>::Arguments>, Vec<Value>)
where
    DB: sqlx::Database,
    <DB as sqlx::Database>::Arguments: sqlx::IntoArguments<DB>,
{
    (sqlx::query(AssertSqlSafe(sql.text)), sql.values)
}

#[expect(clippy::disallowed_methods, reason = "this is the one place statements reach sqlx")]
fn filling<DB, R>(
    sql: Sql,
) -> (QueryAs<'static, DB, R, <DB as sqlx::Database>::Arguments>, Vec<Value>)
where
    DB: sqlx::Database,
    <DB as sqlx::Database>::Arguments: sqlx::IntoArguments<DB>,
    R: for<'r> sqlx::FromRow<'r, DB::Row>,
{
    (sqlx::query_as(AssertSqlSafe(sql.text)), sql.values)
}

fn sqlite(sql: Sql) -> Query<'static, Sqlite, SqliteArguments> {
    let (query, values) = plain::<Sqlite>(sql);
    bound!(query, values)
}

fn postgres(sql: Sql) -> Query<'static, Postgres, PgArguments> {
    let (query, values) = plain::<Postgres>(sql);
    bound!(query, values)
}

fn sqlite_rows<R: Row>(sql: Sql) -> QueryAs<'static, Sqlite, R, SqliteArguments> {
    let (query, values) = filling::<Sqlite, R>(sql);
    bound!(query, values)
}

fn postgres_rows<R: Row>(sql: Sql) -> QueryAs<'static, Postgres, R, PgArguments> {
    let (query, values) = filling::<Postgres, R>(sql);
    bound!(query, values)
}

impl Tx {
    /// The engine underneath.
    #[must_use]
    pub const fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite(_) => Dialect::Sqlite,
            Self::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Runs a statement and says how many rows it changed.
    ///
    /// # Errors
    /// Fails when the engine refuses the statement.
    pub async fn execute(&mut self, sql: Sql) -> Result<u64, DbError> {
        Ok(match self {
            Self::Sqlite(tx) => sqlite(sql).execute(&mut **tx).await?.rows_affected(),
            Self::Postgres(tx) => postgres(sql).execute(&mut **tx).await?.rows_affected(),
        })
    }

    /// Runs a statement that gives at most one row.
    ///
    /// # Errors
    /// Fails when the engine refuses the statement or the row does not decode.
    pub async fn optional<R: Row>(&mut self, sql: Sql) -> Result<Option<R>, DbError> {
        Ok(match self {
            Self::Sqlite(tx) => sqlite_rows(sql).fetch_optional(&mut **tx).await?,
            Self::Postgres(tx) => postgres_rows(sql).fetch_optional(&mut **tx).await?,
        })
    }

    /// Runs a statement that always gives a row, such as a count.
    ///
    /// # Errors
    /// Fails when the engine refuses the statement or gives no row.
    pub async fn one<R: Row>(&mut self, sql: Sql) -> Result<R, DbError> {
        Ok(match self {
            Self::Sqlite(tx) => sqlite_rows(sql).fetch_one(&mut **tx).await?,
            Self::Postgres(tx) => postgres_rows(sql).fetch_one(&mut **tx).await?,
        })
    }

    /// Runs a statement and gives every row.
    ///
    /// # Errors
    /// Fails when the engine refuses the statement or a row does not decode.
    pub async fn all<R: Row>(&mut self, sql: Sql) -> Result<Vec<R>, DbError> {
        Ok(match self {
            Self::Sqlite(tx) => sqlite_rows(sql).fetch_all(&mut **tx).await?,
            Self::Postgres(tx) => postgres_rows(sql).fetch_all(&mut **tx).await?,
        })
    }

    /// Makes what was done permanent.
    ///
    /// # Errors
    /// Fails when the engine cannot commit; then nothing was done.
    pub async fn commit(self) -> Result<(), DbError> {
        match self {
            Self::Sqlite(tx) => tx.commit().await?,
            Self::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }
}
