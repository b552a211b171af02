//! Each migration meets tables that hold the sample rows of those before it.

use munshi::db::{Db, Dialect, MIGRATIONS, migrator_up_to};
use sqlx::{AssertSqlSafe, Executor};

use crate::support::postgres;

fn rows_of(name: &str) -> String {
    let path = format!("{}/tests/it/migrations/{name}.sql", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{path}: every migration needs sample rows ({error})"))
}

#[tokio::test]
async fn every_migration_meets_filled_tables_on_sqlite() {
    let dir = tempfile::tempdir().unwrap();
    let address = format!("sqlite:{}", dir.path().join("test.db").display());
    let Db::Sqlite(pool) = Db::connect(&address).await.unwrap() else { unreachable!() };
    for &(version, name, _) in MIGRATIONS {
        migrator_up_to(version, Dialect::Sqlite).run(&pool).await.unwrap();
        pool.execute(AssertSqlSafe(rows_of(name)))
            .await
            .unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

#[tokio::test]
async fn every_migration_meets_filled_tables_on_postgres() {
    let address = postgres::database().await;
    let Db::Postgres(pool) = Db::connect(&address).await.unwrap() else { unreachable!() };
    for &(version, name, _) in MIGRATIONS {
        migrator_up_to(version, Dialect::Postgres).run(&pool).await.unwrap();
        pool.execute(AssertSqlSafe(rows_of(name)))
            .await
            .unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

#[test]
fn every_migration_file_is_listed() {
    let dir = format!("{}/migrations/common", env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<String> = std::fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    let listed: Vec<String> = MIGRATIONS.iter().map(|(_, name, _)| format!("{name}.sql")).collect();
    assert_eq!(files, listed);
}
