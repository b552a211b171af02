//! The record: what is in it, and that nobody can change it unseen.

use munshi::audit::{Audit, Fault, Noted, Parts, Settings, Verdict};
use munshi::db::{Db, Dialect};
use munshi::kernel::{Clock, ManualClock, OrganisationId, Scope};
use munshi::vault::Vault;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Executor};
use std::sync::Arc;

use crate::on_both_engines;
use crate::support::{PASSWORD, TestApp};

/// The tables as somebody with their password has them.
async fn tables(app: &TestApp) -> Db {
    Db::connect(&app.app.config.database_address()).await.unwrap()
}

/// Runs statements as somebody with the tables' password.
async fn sql(db: &Db, text: &str) -> Result<(), sqlx::Error> {
    let text = AssertSqlSafe(text.to_owned());
    match db {
        Db::Sqlite(pool) => pool.execute(text).await.map(drop),
        Db::Postgres(pool) => pool.execute(text).await.map(drop),
    }
}

/// Takes the tables' own guard away, as their owner can.
async fn unguard(db: &Db) {
    match db.dialect() {
        Dialect::Sqlite => {
            sql(db, "DROP TRIGGER audit_log_unchanged; DROP TRIGGER audit_log_kept;").await
        }
        Dialect::Postgres => sql(db, "ALTER TABLE audit_log DISABLE TRIGGER ALL").await,
    }
    .unwrap();
}

async fn verify(app: &TestApp) -> (Scope, Verdict) {
    let scope = app.app.auth.local_admin().await.unwrap();
    let verdict = app.app.audit.verify(scope.organisation(), None).await.unwrap();
    (scope, verdict)
}

/// A record of a few rows: set-up, sign-ins, cases.
async fn filled(app: &TestApp) -> i64 {
    let admin = app.admin().await;
    for title in ["A v. B", "C v. D", "E v. F", "G v. H"] {
        admin.open_case(title).await;
    }
    let (_, verdict) = verify(app).await;
    assert_eq!(verdict.finding, None);
    assert_eq!((verdict.unkeyed, verdict.removed), (0, 0));
    verdict.rows
}

/// The actions of the record, the oldest first.
async fn actions(app: &TestApp) -> Vec<(String, Value)> {
    let scope = app.app.auth.local_admin().await.unwrap();
    let rows = app.app.audit.recent(&scope).await.unwrap();
    rows.into_iter().rev().map(|row| (row.action, row.details)).collect()
}

on_both_engines! {
    async fn the_tables_refuse_changes_and_removals(app: TestApp) {
        filled(&app).await;
        let db = tables(&app).await;
        for text in [
            "UPDATE audit_log SET action = 'case.close' WHERE number = 2",
            "DELETE FROM audit_log WHERE number = 2",
            "DELETE FROM audit_log",
        ] {
            let refused = sql(&db, text).await.unwrap_err().to_string();
            assert!(refused.contains("append-only"), "{text}: {refused}");
        }
        assert_eq!(verify(&app).await.1.finding, None);
    }

    async fn every_column_of_every_row_is_guarded(app: TestApp) {
        let rows = filled(&app).await;
        let db = tables(&app).await;
        unguard(&db).await;
        let mut attempts = 0;
        for number in 1..=rows {
            for (column, value) in [
                ("at", "'2020-01-01T00:00:00+00:00'"),
                ("user_id", "NULL"),
                ("action", "'case.view'"),
                ("details", "'{\"case\": \"another\"}'"),
                ("address", "'198.51.100.0/24'"),
                ("request_id", "'01900000-0000-7000-8000-0000000000aa'"),
                ("digest", "1"),
                ("previous_hash", "hash"),
                ("hash", "previous_hash"),
            ] {
                if column == "request_id" && db.dialect() == Dialect::Sqlite {
                    // SQLite holds ids as bytes.
                    let bytes = "x'01900000000070008000000000000aaa'";
                    sql(&db, &change(number, column, bytes)).await.unwrap();
                } else {
                    sql(&db, &change(number, column, value)).await.unwrap();
                }
                let (_, verdict) = verify(&app).await;
                let found = verdict.finding;
                // What was empty before and is empty now is no change.
                let same = number == 1 && column == "user_id";
                if !same {
                    let found = found.unwrap_or_else(|| panic!("{column} of row {number}"));
                    assert_eq!((found.number, found.fault), (number, Fault::Changed), "{column}");
                    attempts += 1;
                }
                sql(&db, &restore(number, column)).await.unwrap();
                assert_eq!(verify(&app).await.1.finding, None, "{column} of {number} put back");
            }
        }
        println!("{attempts} changed columns, each found");
    }

    async fn rows_removed_anywhere_are_missed(app: TestApp) {
        let rows = filled(&app).await;
        let db = tables(&app).await;
        unguard(&db).await;
        sql(&db, "CREATE TABLE kept AS SELECT * FROM audit_log").await.unwrap();
        for (gone, number, fault) in [
            ("number = 1", 1, Fault::Missing),
            ("number = 3", 3, Fault::Missing),
            ("number <= 3", 1, Fault::Missing),
            (&format!("number = {rows}"), rows, Fault::CutOff),
            (&format!("number >= {}", rows - 2), rows - 2, Fault::CutOff),
            ("number > 0", 1, Fault::CutOff),
        ] {
            sql(&db, &format!("DELETE FROM audit_log WHERE {gone}")).await.unwrap();
            let found = verify(&app).await.1.finding.unwrap_or_else(|| panic!("{gone}"));
            assert_eq!((found.number, found.fault), (number, fault), "{gone}: {found}");
            sql(&db, "DELETE FROM audit_log; INSERT INTO audit_log SELECT * FROM kept;")
                .await
                .unwrap();
            assert_eq!(verify(&app).await.1.finding, None, "{gone} put back");
        }
        sql(&db, "DELETE FROM audit_heads").await.unwrap();
        let found = verify(&app).await.1.finding.unwrap();
        assert_eq!(found.fault, Fault::NoHead);
    }

    async fn rows_moved_or_put_in_are_found(app: TestApp) {
        let rows = filled(&app).await;
        let db = tables(&app).await;
        unguard(&db).await;
        sql(&db, "CREATE TABLE kept AS SELECT * FROM audit_log").await.unwrap();
        let last = format!(
            "INSERT INTO audit_log SELECT organisation_id, number + {rows}, at, user_id, action, \
             details, previous_hash, hash, digest, address, request_id FROM kept WHERE number = 1"
        );
        let middle = "UPDATE audit_log SET number = number + 1000 WHERE number >= 3; \
             INSERT INTO audit_log SELECT organisation_id, 3, at, user_id, action, details, \
             previous_hash, hash, digest, address, request_id FROM kept WHERE number = 2; \
             UPDATE audit_log SET number = number - 999 WHERE number >= 1000;";
        let first = "INSERT INTO audit_log SELECT organisation_id, 0, at, user_id, action, \
             details, previous_hash, hash, digest, address, request_id FROM kept WHERE number = 1";
        let swapped = "UPDATE audit_log SET number = 1002 WHERE number = 2; \
             UPDATE audit_log SET number = 2 WHERE number = 4; \
             UPDATE audit_log SET number = 4 WHERE number = 1002;";
        for (text, number, fault) in [
            (swapped, 2, Fault::Moved { from: 4 }),
            (middle, 3, Fault::Moved { from: 2 }),
            (&last, rows + 1, Fault::Inserted),
            (first, 0, Fault::Inserted),
        ] {
            sql(&db, text).await.unwrap();
            let found = verify(&app).await.1.finding.unwrap_or_else(|| panic!("{text}"));
            assert_eq!((found.number, found.fault), (number, fault), "{text}: {found}");
            sql(&db, "DELETE FROM audit_log; INSERT INTO audit_log SELECT * FROM kept;")
                .await
                .unwrap();
            assert_eq!(verify(&app).await.1.finding, None);
        }
    }

    async fn a_chain_made_anew_without_the_key_is_found(app: TestApp) {
        use sha2::{Digest, Sha256};
        let rows = filled(&app).await;
        let db = tables(&app).await;
        unguard(&db).await;
        // The attacker writes row 3 anew and every hash after it, as far as can be
        // done without the master keys: plain hashes over the same fields.
        let mut previous = vec![0_u8; 32];
        for number in 3..=rows {
            let hash = Sha256::new().chain_update(&previous).chain_update([3]).finalize();
            let hex = |bytes: &[u8]| {
                let digits = bytes.iter().map(|byte| format!("{byte:02x}"));
                digits.collect::<Vec<_>>().concat()
            };
            let (lead, tail) = match db.dialect() {
                Dialect::Sqlite => ("x'", "'"),
                Dialect::Postgres => ("'\\x", "'"),
            };
            let text = format!(
                "UPDATE audit_log SET previous_hash = {lead}{}{tail}, hash = {lead}{}{tail}, \
                 digest = 1 WHERE number = {number}",
                hex(&previous), hex(&hash)
            );
            sql(&db, &text).await.unwrap();
            previous = hash.to_vec();
        }
        let found = verify(&app).await.1.finding.unwrap();
        assert_eq!((found.number, found.fault), (3, Fault::Changed));
    }

    async fn a_row_noted_elsewhere_shows_a_record_put_back(app: TestApp) {
        filled(&app).await;
        let db = tables(&app).await;
        unguard(&db).await;
        sql(&db, "CREATE TABLE old_log AS SELECT * FROM audit_log").await.unwrap();
        sql(&db, "CREATE TABLE old_heads AS SELECT * FROM audit_heads").await.unwrap();
        app.admin().await.open_case("What never was").await;
        let (scope, verdict) = verify(&app).await;
        let noted: Noted = format!("{}:{}", verdict.last.0, verdict.last.1).parse().unwrap();
        sql(&db, "DELETE FROM audit_log; INSERT INTO audit_log SELECT * FROM old_log; \
                  DELETE FROM audit_heads; INSERT INTO audit_heads SELECT * FROM old_heads;")
            .await
            .unwrap();
        // By itself the older state is whole; with what was noted it is not.
        assert_eq!(verify(&app).await.1.finding, None);
        let found = app.app.audit.verify(scope.organisation(), Some(&noted)).await.unwrap();
        assert_eq!(found.finding.unwrap().fault, Fault::CutOff);
        app.admin().await.open_case("Another").await;
        app.admin().await.open_case("And another").await;
        let found = app.app.audit.verify(scope.organisation(), Some(&noted)).await.unwrap();
        assert_eq!(found.finding.unwrap().fault, Fault::RolledBack);
    }

    async fn views_searches_answers_and_exports_are_recorded(app: TestApp) {
        let admin = app.admin().await;
        let case = admin.open_case("Sharma v. Kapoor").await;
        let path = format!("/api/v1/cases/{case}/documents");
        let received = admin.upload(&path, "order.txt", b"The tribunal allowed the zebra appeal.").await;
        let document = received.body["document_id"].as_str().unwrap().to_owned();
        app.settle().await;
        let base = format!("/api/v1/documents/{document}/versions/1");
        for _ in 0..3 {
            assert!(admin.get(&format!("{base}/pages/1")).await.status.is_success());
        }
        assert!(admin.get(&format!("{base}/original")).await.status.is_success());
        let found = admin.get("/api/v1/search?q=zebra").await;
        assert!(found.status.is_success(), "{found:?}");
        let asked = app.app.assistant.ask_and_wait(
            &app.app.auth.local_admin().await.unwrap(),
            munshi::assistant::Question {
                text: "What became of the zebra appeal?".into(),
                case: None,
                conversation: None,
            },
        ).await;
        assert!(asked.is_ok());
        assert!(admin.get("/api/v1/usage.csv").await.status.is_success());
        assert!(admin.get("/api/v1/golden.jsonl").await.status.is_success());
        assert!(admin.get("/api/v1/audit.csv").await.status.is_success());
        let rows = actions(&app).await;
        let count = |action: &str| rows.iter().filter(|(known, _)| known == action).count();
        for (action, times) in [
            ("document.receive", 1),
            ("document.page.view", 1),
            ("document.download", 1),
            ("search", 1),
            ("question.ask", 1),
            ("question.answer", 1),
            ("costs.export", 1),
            ("golden.export", 1),
            ("record.export", 1),
        ] {
            assert_eq!(count(action), times, "{action} in {rows:?}");
        }
        let search = &rows.iter().find(|(action, _)| action == "search").unwrap().1;
        assert_eq!(search["documents"], 1);
        assert_eq!(search["query"].as_str().unwrap().len(), 32);
        assert!(search.get("text").is_none());
        let all = admin.get("/api/v1/audit?limit=500").await.text;
        for personal in ["zebra", "Sharma", "order.txt", "admin@example.in", PASSWORD] {
            assert!(!all.contains(personal), "the record holds `{personal}`");
        }
    }

    async fn the_record_can_be_narrowed_paged_and_taken_away(app: TestApp) {
        let admin = app.admin().await;
        let case = admin.open_case("A v. B").await;
        for number in 0..7 {
            admin.open_case(&format!("Case {number}")).await;
        }
        let cases = admin.get("/api/v1/audit?action=case").await;
        assert_eq!(cases.body.as_array().unwrap().len(), 8, "{cases:?}");
        let of_one = admin.get(&format!("/api/v1/audit?case={case}")).await;
        assert_eq!(of_one.body.as_array().unwrap().len(), 1, "{of_one:?}");
        assert_eq!(of_one.body[0]["address"], "127.0.0.0/24");
        assert!(of_one.body[0]["request_id"].is_string());
        assert_eq!(admin.get("/api/v1/audit?address=127.0.0").await.body.as_array().unwrap().len(), 9);
        assert_eq!(admin.get("/api/v1/audit?to=2001-01-01").await.body, json!([]));
        let mut numbers = Vec::new();
        let mut before = String::new();
        loop {
            let page = admin.get(&format!("/api/v1/audit?limit=3{before}")).await.body;
            let page: Vec<i64> =
                page.as_array().unwrap().iter().map(|row| row["number"].as_i64().unwrap()).collect();
            let Some(last) = page.last() else { break };
            before = format!("&before={last}");
            numbers.extend(page);
        }
        let newest = numbers[0];
        assert_eq!(numbers, (1..=newest).rev().collect::<Vec<_>>());
        let csv = admin.get("/api/v1/audit.csv?action=case").await;
        assert_eq!(csv.text.lines().count(), 9, "{}", csv.text);
        let lines = admin.get("/api/v1/audit.jsonl").await.text;
        assert_eq!(i64::try_from(lines.lines().count()).unwrap(), newest + 2, "{lines}");
        assert!(lines.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()));
        let whole = admin.post("/api/v1/audit/verify", json!({})).await;
        assert_eq!(whole.body["whole"], true, "{whole:?}");
        let advocate = app.person("adv@example.in", "advocate", None).await;
        for path in ["/api/v1/audit", "/api/v1/audit.csv", "/api/v1/audit.jsonl"] {
            assert_eq!(advocate.get(path).await.status, 404, "{path}");
        }
    }
}

fn change(number: i64, column: &str, value: &str) -> String {
    format!(
        "DROP TABLE IF EXISTS kept; CREATE TABLE kept AS SELECT * FROM audit_log; \
         UPDATE audit_log SET {column} = {value} WHERE number = {number};"
    )
}

fn restore(number: i64, column: &str) -> String {
    format!(
        "UPDATE audit_log SET {column} = (SELECT k.{column} FROM kept k WHERE k.number = {number}) \
         WHERE number = {number};"
    )
}

const fn days(count: u64) -> std::time::Duration {
    std::time::Duration::from_hours(24 * count)
}

/// A record of its own over the tables of an app, with a clock that is moved by hand.
fn with_clock(app: &TestApp, db: &Db, clock: &Arc<ManualClock>, keep_days: u32) -> Audit {
    Audit::new(Parts {
        db: db.clone(),
        clock: Arc::clone(clock) as Arc<dyn Clock>,
        vault: Vault::open(&app.app.config.key_source()).unwrap(),
        settings: Settings { keep_days, ..Settings::default() },
    })
}

async fn write(audit: &Audit, db: &Db, organisation: OrganisationId) {
    let mut tx = db.write().await.unwrap();
    audit.record(&mut tx, organisation, None, "case.open", json!({ "case": "x" })).await.unwrap();
    tx.commit().await.unwrap();
}

on_both_engines! {
    async fn rows_go_when_their_time_is_over_and_the_rest_still_fits(app: TestApp) {
        let rows = filled(&app).await;
        let (scope, _) = verify(&app).await;
        let organisation = scope.organisation();
        let db = tables(&app).await;
        let clock = Arc::new(ManualClock::at(app.app.clock.now()));
        let audit = with_clock(&app, &db, &clock, 365);
        clock.advance(days(364));
        write(&audit, &db, organisation).await;
        assert_eq!(audit.care_once().await.unwrap(), 0);
        clock.advance(days(2));
        let removed = audit.care_once().await.unwrap();
        assert_eq!(removed, u64::try_from(rows).unwrap());
        let verdict = audit.verify(organisation, None).await.unwrap();
        assert_eq!((verdict.finding, verdict.removed, verdict.rows), (None, rows, 2));
        let newest = &audit.recent(&scope).await.unwrap()[0];
        assert_eq!((newest.action.as_str(), &newest.details["rows"]), ("record.retain", &json!(rows)));
        // What retention left is guarded as before.
        unguard(&db).await;
        sql(&db, &format!("DELETE FROM audit_log WHERE number = {}", rows + 1)).await.unwrap();
        let found = audit.verify(organisation, None).await.unwrap().finding.unwrap();
        assert_eq!((found.number, found.fault), (rows + 1, Fault::Missing));
        clock.advance(days(800));
        assert_eq!(audit.care_once().await.unwrap(), 0, "what was tampered with is evidence");
    }

    async fn writers_at_once_make_one_chain(app: TestApp) {
        filled(&app).await;
        let (scope, before) = verify(&app).await;
        let db = tables(&app).await;
        let clock = Arc::new(ManualClock::at(app.app.clock.now()));
        let audit = with_clock(&app, &db, &clock, 365);
        let writers = (0..8).map(|_| {
            let (audit, db) = (audit.clone(), db.clone());
            tokio::spawn(async move {
                for _ in 0..10 {
                    write(&audit, &db, scope_organisation(&audit).await).await;
                }
            })
        });
        for writer in writers.collect::<Vec<_>>() {
            writer.await.unwrap();
        }
        let verdict = audit.verify(scope.organisation(), None).await.unwrap();
        assert_eq!((verdict.finding, verdict.rows), (None, before.rows + 80));
    }
}

async fn scope_organisation(audit: &Audit) -> OrganisationId {
    audit.organisations().await.unwrap()[0].0
}

/// The command names the row and ends with 1.
#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_checks_the_record() {
    let app = TestApp::start(Dialect::Sqlite).await;
    filled(&app).await;
    let settings = app.dir.path().join("munshi.toml");
    std::fs::write(&settings, &app.settings).unwrap();
    let run = || {
        std::process::Command::new(env!("CARGO_BIN_EXE_munshi"))
            .args(["--config".as_ref(), settings.as_os_str(), "audit".as_ref(), "verify".as_ref()])
            .output()
            .unwrap()
    };
    let whole = run();
    let said = String::from_utf8_lossy(&whole.stdout).into_owned();
    assert!(whole.status.success() && said.contains("Test chamber: whole; "), "{said}");
    let db = tables(&app).await;
    unguard(&db).await;
    sql(&db, "DELETE FROM audit_log WHERE number = 3").await.unwrap();
    let broken = run();
    let said = String::from_utf8_lossy(&broken.stdout).into_owned();
    assert_eq!(broken.status.code(), Some(1));
    assert!(said.contains("BROKEN: row 3 is missing"), "{said}");
}
