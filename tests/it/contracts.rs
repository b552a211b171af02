//! What a reviewer must see change: statements, the API, who may call it.

use munshi::db::{Db, statements};

use crate::support::postgres;

async fn prepares_every_statement(db: &Db) {
    let mut count = 0;
    for statement in statements() {
        db.prepare(statement.text).await.unwrap_or_else(|error| {
            let cause = std::error::Error::source(&error).map(ToString::to_string);
            panic!("{}:{}: {}", statement.file, statement.line, cause.unwrap_or_default())
        });
        count += 1;
    }
    assert!(count > 50, "only {count} statements are registered");
}

#[tokio::test]
async fn sqlite_prepares_every_statement() {
    let dir = tempfile::tempdir().unwrap();
    let address = format!("sqlite:{}", dir.path().join("test.db").display());
    prepares_every_statement(&Db::open(&address).await.unwrap()).await;
}

#[tokio::test]
async fn postgres_prepares_every_statement() {
    let address = postgres::database().await;
    prepares_every_statement(&Db::open(&address).await.unwrap()).await;
}

/// `docs/api/openapi.json` is what the handlers say. To accept a change, run with
/// `MUNSHI_ACCEPT=1` and read the difference before committing it.
#[test]
fn the_api_document_is_the_committed_one() {
    let path = format!("{}/docs/api/openapi.json", env!("CARGO_MANIFEST_DIR"));
    let now = serde_json::to_string_pretty(&munshi::api::openapi()).unwrap() + "\n";
    #[expect(clippy::disallowed_methods, reason = "the tests' own switch")]
    if std::env::var("MUNSHI_ACCEPT").is_ok() {
        std::fs::write(&path, &now).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == now,
        "the API changed; run with MUNSHI_ACCEPT=1 and review docs/api/openapi.json"
    );
}
