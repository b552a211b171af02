//! Payments and client money: nothing is paid twice, lost, made, or spent that is not there.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::invoices::{Books, id};
use crate::on_both_engines;

async fn pay(books: &Books, amount: i64, tds: i64) -> crate::support::Answer {
    let new = json!({ "client_id": books.client, "amount": amount, "tds": tds });
    books.admin.post("/api/v1/payments", new).await
}

async fn held(books: &Books) -> i64 {
    let ledger = books.admin.get(&format!("/api/v1/clients/{}/ledger", books.client)).await;
    ledger.body["balance"].as_i64().unwrap()
}

async fn outstanding(books: &Books, bill: &str) -> i64 {
    books.show(bill).await["invoice"]["outstanding"].as_i64().unwrap()
}

async fn advance(books: &Books, amount: i64) {
    let path = format!("/api/v1/clients/{}/ledger", books.client);
    let new = json!({ "kind": "advance", "amount": amount, "description": "Retainer" });
    id(&books.admin.post(&path, new).await);
}

on_both_engines! {
    async fn a_payment_pays_the_oldest_bills_first_and_the_rest_is_held(app: TestApp) {
        let books = Books::set_up(&app).await;
        let (first, second) = (books.bill(100_000).await, books.bill(50_000).await);
        assert!(pay(&books, 110_000, 10_000).await.status.is_success());
        assert_eq!((outstanding(&books, &first).await, outstanding(&books, &second).await), (0, 30_000));
        assert!(pay(&books, 40_000, 0).await.status.is_success());
        assert_eq!((outstanding(&books, &second).await, held(&books).await), (0, 10_000));
        let tds = books.admin.get("/api/v1/tds").await;
        assert_eq!(tds.body[0]["held"], 10_000, "{tds:?}");
        // What is held is no income.
        let report = books.admin.get("/api/v1/reports/money").await;
        assert_eq!(report.body["collected"], 140_000, "{report:?}");
        let statement = format!("/api/v1/clients/{}/statement", books.client);
        let statement = books.admin.get(&statement).await;
        assert_eq!(statement.body["closing"], 0, "{statement:?}");
        assert_eq!(statement.body["held"], 10_000);
    }

    async fn the_same_payment_sent_many_times_is_entered_once(app: TestApp) {
        let books = Books::set_up(&app).await;
        let bill = books.bill(100_000).await;
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                let admin = books.admin.clone();
                let new = json!({
                    "client_id": books.client, "amount": 60_000, "idempotency_key": "form-1",
                });
                tokio::spawn(async move { admin.post("/api/v1/payments", new).await })
            })
            .collect();
        let mut ids: Vec<Value> = Vec::new();
        for task in tasks {
            let answer = task.await.unwrap();
            assert!(answer.status.is_success(), "{answer:?}");
            ids.push(answer.body["id"].clone());
        }
        ids.dedup();
        assert_eq!(ids.len(), 1, "{ids:?}");
        assert_eq!(outstanding(&books, &bill).await, 40_000);
    }

    async fn payments_at_once_never_pay_more_than_is_open(app: TestApp) {
        let books = Books::set_up(&app).await;
        let bill = books.bill(100_000).await;
        let tasks: Vec<_> = (0..10)
            .map(|_| {
                let admin = books.admin.clone();
                let part = json!({ "invoice_id": bill, "amount": 30_000 });
                let new = json!({ "client_id": books.client, "amount": 30_000, "parts": [part] });
                tokio::spawn(async move { admin.post("/api/v1/payments", new).await.status })
            })
            .collect();
        let mut entered = 0;
        for task in tasks {
            entered += usize::from(task.await.unwrap() == StatusCode::CREATED);
        }
        assert_eq!(entered, 3);
        assert_eq!(outstanding(&books, &bill).await, 10_000);
    }

    async fn a_payment_that_bounced_is_taken_back_by_counter_entries(app: TestApp) {
        let books = Books::set_up(&app).await;
        let bill = books.bill(100_000).await;
        let payment = id(&pay(&books, 120_000, 0).await);
        assert_eq!((outstanding(&books, &bill).await, held(&books).await), (0, 20_000));
        let path = format!("/api/v1/payments/{payment}/reverse");
        let why = json!({ "reason": "Cheque returned" });
        assert!(books.admin.post(&path, why.clone()).await.status.is_success());
        assert_eq!((outstanding(&books, &bill).await, held(&books).await), (100_000, 0));
        assert_eq!(books.admin.post(&path, why).await.status, StatusCode::BAD_REQUEST);
        let shown = books.show(&bill).await;
        assert_eq!(shown["payments"].as_array().map(Vec::len), Some(2), "{shown}");
    }

    async fn client_money_spent_at_once_never_falls_below_nothing(app: TestApp) {
        let books = Books::set_up(&app).await;
        advance(&books, 100_000).await;
        let path = format!("/api/v1/clients/{}/ledger", books.client);
        let tasks: Vec<_> = (0..12)
            .map(|_| {
                let (admin, path) = (books.admin.clone(), path.clone());
                let new = json!({ "kind": "spent", "amount": 30_000, "description": "Court fee" });
                tokio::spawn(async move { admin.post(&path, new).await.status })
            })
            .collect();
        let mut spent = 0;
        for task in tasks {
            spent += i64::from(task.await.unwrap() == StatusCode::CREATED);
        }
        assert_eq!((spent, held(&books).await), (3, 10_000));
        let ledger = books.admin.get(&path).await;
        let entries = ledger.body["entries"].as_array().unwrap().clone();
        let sum: i64 = entries.iter().map(|entry| entry["amount"].as_i64().unwrap()).sum();
        assert_eq!(sum, 10_000, "{ledger:?}");
        assert!(entries.iter().all(|entry| entry["balance"].as_i64().unwrap() >= 0));
    }

    async fn client_money_pays_a_bill_only_with_their_word(app: TestApp) {
        let books = Books::set_up(&app).await;
        let bill = books.bill(100_000).await;
        advance(&books, 40_000).await;
        let path = format!("/api/v1/invoices/{bill}/apply-advance");
        let silent = json!({ "amount": 40_000, "consent": " " });
        assert_eq!(books.admin.post(&path, silent).await.status, StatusCode::BAD_REQUEST);
        let too_much = json!({ "amount": 50_000, "consent": "By mail of 2 November" });
        assert_eq!(books.admin.post(&path, too_much).await.status, StatusCode::BAD_REQUEST);
        let said = json!({ "amount": 40_000, "consent": "By mail of 2 November" });
        id(&books.admin.post(&path, said).await);
        assert_eq!((outstanding(&books, &bill).await, held(&books).await), (60_000, 0));
        let report = books.admin.get("/api/v1/reports/money").await;
        assert_eq!(report.body["collected"], 40_000);
    }

    async fn no_more_is_credited_than_is_open(app: TestApp) {
        let books = Books::set_up(&app).await;
        let bill = books.bill(100_000).await;
        assert!(pay(&books, 30_000, 0).await.status.is_success());
        let path = format!("/api/v1/invoices/{bill}/credit-notes");
        let all = json!({ "amount": 100_000, "reason": "Mistake" });
        assert_eq!(books.admin.post(&path, all).await.status, StatusCode::BAD_REQUEST);
        let rest = json!({ "amount": 70_000, "reason": "Settled" });
        id(&books.admin.post(&path, rest).await);
        assert_eq!(outstanding(&books, &bill).await, 0);
        assert_eq!(books.show(&bill).await["invoice"]["cancelled"], false);
    }

    async fn a_payment_whose_money_was_used_is_not_taken_back_in_silence(app: TestApp) {
        let books = Books::set_up(&app).await;
        let bill = books.bill(100_000).await;
        let payment = id(&pay(&books, 120_000, 0).await);
        let spent = json!({ "kind": "spent", "amount": 15_000, "description": "Court fee" });
        id(&books.admin.post(&format!("/api/v1/clients/{}/ledger", books.client), spent).await);
        let path = format!("/api/v1/payments/{payment}/reverse");
        let refused = books.admin.post(&path, json!({ "reason": "Cheque returned" })).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{refused:?}");
        assert!(refused.text.contains("was used since"), "{refused:?}");
        assert_eq!((outstanding(&books, &bill).await, held(&books).await), (0, 5_000));
        advance(&books, 15_000).await;
        assert!(books.admin.post(&path, json!({ "reason": "Cheque returned" })).await.status.is_success());
        assert_eq!((outstanding(&books, &bill).await, held(&books).await), (100_000, 0));
    }

    async fn the_same_word_never_enters_client_money_of_two_clients(app: TestApp) {
        let books = Books::set_up(&app).await;
        let other = crate::invoices::client(&books.admin, "Other", Some("not_business")).await;
        let path = format!("/api/v1/clients/{}/ledger", books.client);
        let others = format!("/api/v1/clients/{other}/ledger");
        let new = json!({
            "kind": "advance", "amount": 10_000, "description": "Retainer",
            "idempotency_key": "form-1",
        });
        let at_once = tokio::join!(
            books.admin.post(&path, new.clone()),
            books.admin.post(&others, new),
        );
        for answer in [&at_once.0, &at_once.1] {
            assert!(!answer.status.is_server_error(), "{answer:?}");
        }
        let balance = books.admin.get(&others).await.body["balance"].as_i64().unwrap();
        assert_eq!(held(&books).await + balance, 10_000);
    }
}
