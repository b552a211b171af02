//! Search through the API.

use axum::http::StatusCode;

use crate::on_both_engines;

on_both_engines! {
    async fn no_query_is_an_error(app: TestApp) {
        let admin = app.admin().await;
        let case = admin.open_case("A v. B").await;
        admin.upload(&format!("/api/v1/cases/{case}/documents"), "n.txt", b"bail was refused; fresh application filed").await;
        app.settle().await;
        for query in ["", "%22", "AND", "(((", "-", "*", "%22unbalanced", "w/5", "a%3Ab", "%F0%9F%92%A5", "%00", "%5B2021%5D%205%20SCR%2012"] {
            let found = admin.get(&format!("/api/v1/search?q={query}")).await;
            assert_eq!(found.status, StatusCode::OK, "{query}: {found:?}");
            assert!(found.body["reading"].is_string(), "{query}: {found:?}");
        }
        let found = admin.get("/api/v1/search?q=refused%20w%2F5%20application").await;
        assert_eq!(found.body["documents"], 1, "{found:?}");
    }

    async fn words_that_differ_are_found_by_meaning(app: TestApp) {
        let admin = app.admin().await;
        let case = admin.open_case("A v. B").await;
        let path = format!("/api/v1/cases/{case}/documents");
        admin.upload(&path, "a.txt", b"The lessee was thrown out of the flat by the landlord.").await;
        admin.upload(&path, "b.txt", b"The cheque was returned for insufficient funds.").await;
        app.settle().await;
        let found = admin.get("/api/v1/search?q=eviction%20of%20a%20tenant").await;
        assert_eq!(found.body["hits"][0]["title"], "a", "{found:?}");
        assert_eq!(found.body["hits"][0]["found_by"], serde_json::json!(["meaning"]), "{found:?}");
        assert_eq!(found.body["notice"], serde_json::Value::Null);
    }

    async fn a_hindi_word_finds_its_page_in_a_sample(app: TestApp) {
        let admin = app.admin().await;
        let case = admin.open_case("State v. Qureshi").await;
        admin.upload_sample(&case, "state-v-qureshi/zamanat-aavedan.pdf").await;
        app.settle().await;
        let found = admin.get("/api/v1/search?q=%E0%A4%9C%E0%A4%AE%E0%A4%BE%E0%A4%A8%E0%A4%A4").await;
        assert_eq!(found.body["documents"], 1, "{found:?}");
    }
}

/// Without the model, search goes by words and says what is missing.
#[tokio::test(flavor = "multi_thread")]
async fn without_the_model_search_says_so() {
    let settings = "embeddings.model_dir = \"nowhere\"";
    let dir = tempfile::tempdir().unwrap();
    let text = format!("data.dir = {:?}\n{settings}", dir.path());
    let app = crate::support::open(&text).await;
    assert!(app.missing.iter().any(|line| line.contains("make model")), "{:?}", app.missing);
    assert!(app.vectors.missing().is_some());
}
