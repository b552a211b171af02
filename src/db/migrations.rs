//! The schema, step by step.
//!
//! A step is one file under `migrations/common/`, and is never edited once released.
//! It is the same for both engines, but for what stands between a line
//! `-- only SQLite:` or `-- only PostgreSQL:` and the next such line or `-- both:`. A test applies each to tables that hold the
//! sample rows of the steps before it.

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{AssertSqlSafe, SqlSafeStr};

use super::Dialect;

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
    13 "0013_walls",
    14 "0014_letters",
    15 "0015_sign_in",
    16 "0016_factors",
    17 "0017_sessions",
    18 "0018_audit",
    19 "0019_privacy",
    20 "0020_renewals",
    21 "0021_practice",
    22 "0022_answers",
    23 "0023_conversations",
    24 "0024_budgets",
    25 "0025_providers",
    26 "0026_proposals",
    27 "0027_answer_cache",
    28 "0028_tasks",
    30 "0030_checked",
    31 "0031_case_files",
    32 "0032_hearings",
    33 "0033_deadlines",
    34 "0034_conflicts",
    35 "0035_fees",
    36 "0036_invoices",
    37 "0037_portal",
    38 "0038_messages",
    39 "0039_notices",
    40 "0040_events",
}

/// The steps up to and including a number, ready to run on an engine.
#[must_use]
pub fn migrator_up_to(last: i64, dialect: Dialect) -> Migrator {
    let steps = MIGRATIONS.iter().filter(|(version, ..)| *version <= last);
    Migrator::with_migrations(
        steps
            .map(|&(version, name, text)| {
                Migration::new(
                    version,
                    name.into(),
                    MigrationType::Simple,
                    AssertSqlSafe(text_for(text, dialect)).into_sql_str(),
                    false,
                )
            })
            .collect(),
    )
}

/// What of a step's text is for an engine.
fn text_for(text: &str, dialect: Dialect) -> String {
    let mut wanted = true;
    let mut kept = String::with_capacity(text.len());
    for line in text.lines() {
        wanted = match line {
            "-- both:" => true,
            "-- only SQLite:" => dialect == Dialect::Sqlite,
            "-- only PostgreSQL:" => dialect == Dialect::Postgres,
            _ => wanted,
        };
        if wanted {
            kept.push_str(line);
        }
        kept.push('\n');
    }
    kept
}
