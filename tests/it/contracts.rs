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

/// Two types of one name would be one schema, and the API's document would say of the one
/// what is true of the other.
#[test]
fn no_two_schemas_share_a_name() {
    let name = regex::Regex::new(
        r"(?m)^#\[derive\([^\]]*\bToSchema\b[^\]]*\)\]\n(?<between>(?:(?:#\[|//|[ )]).*\n)*)(?:pub(?:\([^)]*\))? )?(?:struct|enum) (?<name>\w+)",
    )
    .unwrap();
    let other = regex::Regex::new(r"schema\([^)]*\bas = (\w+)").unwrap();
    let mut seen = std::collections::BTreeMap::new();
    for file in sources(std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))) {
        let text = std::fs::read_to_string(&file).unwrap();
        for found in name.captures_iter(&text) {
            let called = other
                .captures(&found["between"])
                .map_or_else(|| found["name"].to_owned(), |other| other[1].to_owned());
            if let Some(before) = seen.insert(called.clone(), file.clone()) {
                panic!("{called} of {} and of {}", before.display(), file.display());
            }
        }
    }
    assert!(seen.len() > 50, "only {} schemas were found", seen.len());
}

fn sources(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}
