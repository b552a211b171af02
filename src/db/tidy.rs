//! Having the engine give up what deleted rows leave behind.

use std::time::Duration;

use sqlx::{AssertSqlSafe, Executor, Row};

use super::{Db, DbError};

/// How often the log of changes is tried to be emptied while others read.
const TRIES: u32 = 50;

impl Db {
    /// Rewrites the tables without what was deleted. On SQLite the whole file and its
    /// log; on PostgreSQL the tables named are vacuumed.
    ///
    /// # Errors
    /// Fails when the engine does, or when somebody reads an old state for so long that
    /// the log cannot be emptied.
    pub async fn tidy(&self, tables: &[String]) -> Result<(), DbError> {
        match self {
            Self::Sqlite(pool) => {
                let mut connection = pool.acquire().await?;
                connection.execute(AssertSqlSafe("VACUUM".to_owned())).await?;
                for _ in 0..TRIES {
                    let checkpoint = AssertSqlSafe("PRAGMA wal_checkpoint(TRUNCATE)".to_owned());
                    let row = connection.fetch_one(checkpoint).await?;
                    if row.try_get::<i64, _>(0)? == 0 {
                        return Ok(());
                    }
                    tokio::time::sleep(Duration::from_millis(200)).await;
                }
                Err(DbError::Busy)
            }
            Self::Postgres(pool) => {
                for table in tables {
                    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
                    if table.bytes().all(fits) {
                        pool.execute(AssertSqlSafe(format!("VACUUM {table}"))).await?;
                    }
                }
                Ok(())
            }
        }
    }
}
