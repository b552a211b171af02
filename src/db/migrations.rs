//! The schema, step by step.
//!
//! A step is one file under `migrations/common/`, the same for both engines, and
//! is never edited once released. A test applies each to tables that hold the
//! sample rows of the steps before it.

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{AssertSqlSafe, SqlSafeStr};

macro_rules! migrations {
    ($($version:literal $name:literal),+ $(,)?) => {
        /// Number, name and text of every step, in order.
        pub const MIGRATIONS: &[(i64, &str, &str)] = &[$((
            $version,
            $name,
            include_str!(concat!("../../migrations/common/", $name, ".sql")),
        )),+];
    };
}

migrations! {
    1 "0001_organisations",
    2 "0002_clients",
    3 "0003_users",
    4 "0004_audit_log",
    5 "0005_jobs",
    6 "0006_cases",
    7 "0007_documents",
    8 "0008_conversations",
    9 "0009_usage",
    10 "0010_reading",
    11 "0011_saved_searches",
    12 "0012_search_quality",
}

/// The steps up to and including a number, ready to run on either engine.
#[must_use]
pub fn migrator_up_to(last: i64) -> Migrator {
    let steps = MIGRATIONS.iter().filter(|(version, ..)| *version <= last);
    Migrator::with_migrations(
        steps
            .map(|&(version, name, text)| {
                Migration::new(
                    version,
                    name.into(),
                    MigrationType::Simple,
                    AssertSqlSafe(text).into_sql_str(),
                    false,
                )
            })
            .collect(),
    )
}
