//! Numbers run from one without gaps or doubles, however many are issued at once.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use chrono::Days;
use munshi::billing::Issue;
use munshi::db::Dialect;
use serde_json::json;

use super::Books;
use crate::support::pages::Timed;
use crate::{on_both, on_both_engines};

const AT_ONCE: usize = 50;

on_both_engines! {
    async fn fifty_issued_at_once_are_numbered_from_one_without_gaps(app: TestApp) {
        let books = Books::set_up(&app).await;
        let mut drafts = Vec::new();
        for _ in 0..AT_ONCE {
            drafts.push(books.draft(100_000).await);
        }
        let tasks: Vec<_> = drafts
            .into_iter()
            .map(|draft| {
                let admin = books.admin.clone();
                tokio::spawn(async move {
                    let path = format!("/api/v1/invoices/{draft}/issue");
                    let issued = admin.post(&path, json!({})).await;
                    assert_eq!(issued.status, StatusCode::OK, "{issued:?}");
                    issued.body["number"].as_str().unwrap().to_owned()
                })
            })
            .collect();
        let mut numbers = BTreeSet::new();
        for task in tasks {
            let number = task.await.unwrap();
            let last = number.rsplit('/').next().unwrap().parse::<usize>().unwrap();
            assert!(numbers.insert(last), "{number} was given twice");
        }
        assert_eq!(numbers, (1..=AT_ONCE).collect());
    }

    async fn one_draft_issued_many_times_at_once_is_one_bill(app: TestApp) {
        let books = Books::set_up(&app).await;
        let draft = books.draft(100_000).await;
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                let (admin, path) = (books.admin.clone(), format!("/api/v1/invoices/{draft}/issue"));
                tokio::spawn(async move { admin.post(&path, json!({})).await.status })
            })
            .collect();
        let mut issued = 0;
        for task in tasks {
            issued += usize::from(task.await.unwrap() == StatusCode::OK);
        }
        assert_eq!(issued, 1);
        let next = books.bill(100).await;
        assert!(books.show(&next).await["invoice"]["number"].as_str().unwrap().ends_with("/002"));
    }

    async fn a_refused_issue_gives_its_number_back(app: TestApp) {
        let books = Books::set_up(&app).await;
        let draft = books.draft(100_000).await;
        let today = munshi::kernel::day_in_india(app.app.clock.now());
        let path = format!("/api/v1/invoices/{draft}/issue");
        let ahead = json!({ "on": today + Days::new(1) });
        assert_eq!(books.admin.post(&path, ahead).await.status, StatusCode::BAD_REQUEST);
        let due_before = json!({ "on": today, "due_on": today - Days::new(1) });
        assert_eq!(books.admin.post(&path, due_before).await.status, StatusCode::BAD_REQUEST);
        let issued = books.issue(&draft).await;
        assert!(issued.body["number"].as_str().unwrap().ends_with("/001"), "{issued:?}");
        let earlier = books.draft(100).await;
        let path = format!("/api/v1/invoices/{earlier}/issue");
        let yesterday = json!({ "on": today - Days::new(1) });
        let refused = books.admin.post(&path, yesterday).await;
        let same_year = munshi::billing::financial_year(today)
            == munshi::billing::financial_year(today - Days::new(1));
        let wanted = if same_year { StatusCode::BAD_REQUEST } else { StatusCode::OK };
        assert_eq!(refused.status, wanted, "{refused:?}");
    }

    async fn series_are_numbered_apart(app: TestApp) {
        let books = Books::set_up(&app).await;
        let bill = books.bill(100_000).await;
        let number = books.show(&bill).await["invoice"]["number"].as_str().unwrap().to_owned();
        assert!(number.starts_with("MRB/") && number.ends_with("/001"), "{number}");
        let credit = json!({ "amount": 100_000, "reason": "Billed twice" });
        let path = format!("/api/v1/invoices/{bill}/credit-notes");
        assert!(books.admin.post(&path, credit).await.status.is_success());
        let shown = books.show(&bill).await;
        let note = shown["credit_notes"][0]["number"].as_str().unwrap();
        assert!(note.starts_with("MRC/") && note.ends_with("/001"), "{note}");
        assert_eq!(shown["invoice"]["cancelled"], true);
        assert_eq!(shown["invoice"]["outstanding"], 0);
    }

    async fn a_year_that_was_mistyped_is_refused_and_takes_no_number(app: TestApp) {
        let books = Books::set_up(&app).await;
        let draft = books.draft(100_000).await;
        let path = format!("/api/v1/invoices/{draft}/issue");
        let refused = books.admin.post(&path, json!({ "on": "0026-03-05" })).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{refused:?}");
        let payment = json!({ "client_id": books.client, "amount": 1, "received_on": "0026-03-05" });
        let refused = books.admin.post("/api/v1/payments", payment).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{refused:?}");
        let issued = books.issue(&draft).await;
        assert!(issued.body["number"].as_str().unwrap().ends_with("/001"), "{issued:?}");
    }
}

on_both! { the_year_of_a_number_changes_at_midnight_in_india }

async fn the_year_of_a_number_changes_at_midnight_in_india(dialect: Dialect) {
    let timed = Timed::start(dialect, "").await;
    let books = Books::set_up(&timed.app).await;
    let mut drafts = Vec::new();
    for _ in 0..3 {
        drafts.push(books.draft(100_000).await.parse().unwrap());
    }
    let scope = timed.app.app.auth.scope_of("admin@example.in").await.unwrap();
    let billing = &timed.app.app.billing;
    // From 15:00 of 2 November in India to the last minute of 31 March, when it is still
    // the evening in UTC.
    timed.pass(149 * 24 * 60 + 8 * 60 + 59);
    let before = billing.issue(&scope, drafts[0], Issue::default()).await.unwrap();
    assert_eq!(before.number, "MRB/26-27/001");
    timed.pass(1);
    let after = billing.issue(&scope, drafts[1], Issue::default()).await.unwrap();
    assert_eq!(after.number, "MRB/27-28/001");
    // What belongs to the year before can still be dated in it.
    let late = Issue { on: "2027-03-31".parse().ok(), due_on: None };
    let late = billing.issue(&scope, drafts[2], late).await.unwrap();
    assert_eq!(late.number, "MRB/26-27/002");
}
