//! Search through the API.

mod pages;
mod tables;

use axum::http::StatusCode;
use serde_json::{Value, json};

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
        let found = admin.get("/api/v1/search?q=someone%20lost%20their%20home").await;
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

on_both_engines! {
    async fn the_other_codes_number_is_found_and_said(app: TestApp) {
        let admin = app.admin().await;
        let case = admin.open_case("State v. Rao").await;
        let path = format!("/api/v1/cases/{case}/documents");
        admin.upload(&path, "old.txt", b"The accused is charged under Section 302 IPC.").await;
        admin.upload(&path, "new.txt", b"He was tried under Section 103 of the Bharatiya Nyaya Sanhita.").await;
        admin.upload(&path, "other.txt", b"Section 103 of the Customs Act is about screening.").await;
        app.settle().await;
        let found = admin.get("/api/v1/search?q=302%20IPC").await;
        assert_eq!(titles(&found.body), ["new", "old"], "{found:?}");
        let expansion = found.body["expansions"].as_array().unwrap().iter().find(|other| other["kind"] == "crosswalk");
        let expansion = expansion.unwrap_or_else(|| panic!("{found:?}"));
        assert!(expansion["other"].as_str().unwrap().contains("103"), "{found:?}");
        let hit = found.body["hits"].as_array().unwrap().iter().find(|hit| hit["title"] == "new").unwrap();
        assert!(!hit["expansions"].as_array().unwrap().is_empty(), "{hit}");
        let id = expansion["id"].as_str().unwrap();
        for off in ["crosswalk", id] {
            let off = url::form_urlencoded::byte_serialize(off.as_bytes()).collect::<String>();
            let found = admin.get(&format!("/api/v1/search?q=302%20IPC&off={off}")).await;
            assert_eq!(titles(&found.body), ["old"], "{off}: {found:?}");
        }
    }

    async fn results_are_narrowed_sorted_and_paged(app: TestApp) {
        let admin = app.admin().await;
        let case = admin.open_case("A v. B").await;
        let other = admin.open_case("C v. D").await;
        for number in 0..23 {
            let case = if number < 20 { &case } else { &other };
            let text = format!("ORDER\n\nDated: {:02}.03.20{:02}\n\nThe arbitrator was appointed, matter {number}.", number % 27 + 1, 2 + number);
            admin.upload(&format!("/api/v1/cases/{case}/documents"), &format!("n{number:02}.txt"), text.as_bytes()).await;
        }
        app.settle().await;
        let first = admin.get("/api/v1/search?q=%22arbitrator%20was%20appointed%22&facets=true&limit=7").await;
        assert_eq!(first.body["documents"], 23, "{first:?}");
        let counted = |facet: &str| -> Vec<Value> {
            let facets = first.body["facets"].as_array().unwrap();
            facets.iter().find(|one| one["name"] == facet).map(|one| one["values"].as_array().unwrap().clone()).unwrap_or_default()
        };
        let cases: Vec<(Value, Value)> = counted("case").into_iter().map(|value| (value["label"].clone(), value["count"].clone())).collect();
        assert_eq!(cases, [(json!("A v. B"), json!(20)), (json!("C v. D"), json!(3))], "{first:?}");
        let mut seen = titles(&first.body);
        let mut next = first.body["next"].as_str().map(str::to_owned);
        while let Some(after) = next {
            let after = url::form_urlencoded::byte_serialize(after.as_bytes()).collect::<String>();
            let page = admin.get(&format!("/api/v1/search?q=%22arbitrator%20was%20appointed%22&limit=7&after={after}")).await;
            seen.extend(titles(&page.body));
            next = page.body["next"].as_str().map(str::to_owned);
            assert!(seen.len() <= 23, "{seen:?}");
        }
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 23, "{seen:?}");
        let newest = admin.get("/api/v1/search?q=arbitrator&sort=newest&limit=3").await;
        assert_eq!(newest.body["hits"][0]["title"], "n22", "{newest:?}");
        let year = admin.get("/api/v1/search?q=arbitrator&year=2010").await;
        assert_eq!((titles(&year.body), &year.body["documents"]), (vec!["n08".to_owned()], &json!(1)), "{year:?}");
        let listed = admin.get(&format!("/api/v1/search?case={other}")).await;
        assert_eq!(listed.body["documents"], 3, "{listed:?}");
        let bad = admin.get("/api/v1/search?q=arbitrator&year=soon").await;
        assert_eq!(bad.status, StatusCode::BAD_REQUEST, "{bad:?}");
    }

    async fn what_cites_and_what_is_alike_stays_behind_the_wall(app: TestApp) {
        let admin = app.admin().await;
        let outside = app.person("outside@example.in", "advocate", None).await;
        let case = admin.open_case("Walled").await;
        let path = format!("/api/v1/cases/{case}/documents");
        admin.upload(&path, "one.txt", b"Reliance is placed on 2024 INSC 835 : (2024) 9 SCC 1, on the delay in delivering possession of the flat to the buyer.").await;
        admin.upload(&path, "two.txt", b"See (2024) 9 SCC 1, where the builder's delay in delivering possession of the flat was held a deficiency of service.").await;
        app.settle().await;
        let citing = admin.get("/api/v1/search/citing?authority=2024%20INSC%20835").await;
        assert_eq!(titles(&citing.body), ["one", "two"], "{citing:?}");
        let passage = citing.body["hits"][0]["passage"].as_str().unwrap().to_owned();
        let alike = admin.get(&format!("/api/v1/search/similar?passage={passage}")).await;
        assert_eq!(alike.body["hits"].as_array().unwrap().len(), 1, "{alike:?}");
        let hidden = outside.get("/api/v1/search/citing?authority=2024%20INSC%20835").await;
        assert_eq!((&hidden.body["hits"], &hidden.body["documents"]), (&json!([]), &json!(0)), "{hidden:?}");
        let hidden = outside.get(&format!("/api/v1/search/similar?passage={passage}")).await;
        assert_eq!(hidden.status, StatusCode::NOT_FOUND, "{hidden:?}");
    }

    async fn what_matched_has_its_place_on_the_page(app: TestApp) {
        let admin = app.admin().await;
        let case = admin.open_case("Sharma v. Kapoor").await;
        admin.upload_sample(&case, "sharma-v-kapoor/order-2026-07-17.pdf").await;
        app.settle().await;
        let found = admin.get("/api/v1/search?q=%22within%20limitation%22&rectangles=true").await;
        let marked = &found.body["hits"][0]["rectangles"][0];
        assert_eq!(marked["page"], found.body["hits"][0]["page"], "{found:?}");
        let rectangle = &marked["rectangles"][0];
        assert!(rectangle["width"].as_f64().unwrap() > 20.0 && rectangle["height"].as_f64().unwrap() > 4.0, "{found:?}");
    }
}

/// The titles of the hits, each once, in order of the alphabet.
fn titles(body: &Value) -> Vec<String> {
    let hits = body["hits"].as_array().unwrap();
    let mut titles: Vec<String> =
        hits.iter().map(|hit| hit["title"].as_str().unwrap().to_owned()).collect();
    titles.sort();
    titles.dedup();
    titles
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
