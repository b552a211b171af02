//! What the pages of a case say of its money, its conflict checks and the chamber's own fields.

use axum::http::StatusCode;
use serde_json::json;

use crate::invoices::{Books, id};
use crate::on_both_engines;
use crate::support::pages::Pages;
use crate::support::{Caller, TestApp};

async fn signed_in(app: &TestApp, email: &str) -> Pages {
    let mut pages = Pages::default();
    pages.sign_in(app, email).await;
    pages
}

async fn field(admin: &Caller, name: &str, kind: &str, required: bool) -> String {
    let new = json!({ "name": name, "kind": kind, "required": required });
    id(&admin.post("/api/v1/case-fields", new).await)
}

on_both_engines! {
    async fn the_books_find_time_fees_and_rates_and_an_advocate_no_rates(app: TestApp) {
        app.admin().await;
        app.person("books@example.in", "billing", None).await;
        app.person("lead@example.in", "advocate", None).await;
        for (email, sets_rates) in [("books@example.in", true), ("lead@example.in", false)] {
            let mut pages = signed_in(&app, email).await;
            let money = pages.get(&app, "/money").await;
            for path in ["/time?team=1", "/fees", "/admin/rates"] {
                let linked = money.text.contains(&format!("href=\"{path}\""));
                let open = pages.get(&app, path).await.status == StatusCode::OK;
                let expected = path != "/admin/rates" || sets_rates;
                assert_eq!((linked, open), (expected, expected), "{email} {path}");
            }
        }
    }

    async fn a_retainer_stands_beside_what_is_held_for_the_client(app: TestApp) {
        let books = Books::set_up(&app).await;
        let case = &books.case;
        let lines = json!([{ "model": "retainer", "amount": 10_000_000 }]);
        let new = json!({ "agreed_on": "2025-04-01", "gst_extra": true, "lines": lines });
        id(&books.admin.post(&format!("/api/v1/cases/{case}/agreements"), new).await);
        let entry = json!({ "kind": "advance", "amount": 2_500_000, "description": "Retainer" });
        id(&books.admin.post(&format!("/api/v1/clients/{}/ledger", books.client), entry).await);
        let path = format!("/cases/{case}/money");
        let page = signed_in(&app, "admin@example.in").await.get(&app, &path).await;
        for words in ["Retainer", "1,00,000.00", "Held for the client", "25,000.00"] {
            assert!(page.text.contains(words), "{words}: {}", page.text);
        }
        // Who leads the case sees its money, and not the whole account of its client.
        app.person("lead@example.in", "advocate", None).await;
        let users = books.admin.get("/api/v1/users").await.body;
        let users = users.as_array().unwrap();
        let lead = users.iter().find(|user| user["email"] == "lead@example.in").unwrap();
        let member = json!({ "user_id": lead["id"], "role": "lead" });
        let added = books.admin.post(&format!("/api/v1/cases/{case}/members"), member).await;
        assert!(added.status.is_success(), "{added:?}");
        let page = signed_in(&app, "lead@example.in").await.get(&app, &path).await;
        assert!(page.text.contains("1,00,000.00"), "{}", page.text);
        assert!(!page.text.contains("Held for the client"), "{}", page.text);
    }

    async fn the_overview_shows_undecided_checks_to_those_who_lead_the_case(app: TestApp) {
        let admin = app.admin().await;
        let lead = app.person("lead@example.in", "advocate", None).await;
        app.person("member@example.in", "advocate", None).await;
        let other = lead.open_case("Rao v. Choudhary").await;
        let party = json!({ "name": "Rajiv Choudhary", "role": "defendant", "ours": false });
        let added = lead.post(&format!("/api/v1/cases/{other}/parties"), party).await;
        assert!(added.status.is_success(), "{added:?}");
        let case = lead.open_case("Choudhary v. State").await;
        let users = admin.get("/api/v1/users").await.body;
        let users = users.as_array().unwrap();
        let member = users.iter().find(|user| user["email"] == "member@example.in").unwrap();
        let body = json!({ "user_id": member["id"], "role": "member" });
        let added = lead.post(&format!("/api/v1/cases/{case}/members"), body).await;
        assert!(added.status.is_success(), "{added:?}");
        let party = json!({ "name": "Rajiv Choudhary", "role": "petitioner", "ours": true });
        let added = lead.post(&format!("/api/v1/cases/{case}/parties"), party).await;
        assert!(added.status.is_success(), "{added:?}");
        for (email, shown) in [("lead@example.in", true), ("member@example.in", false)] {
            let page = signed_in(&app, email).await.get(&app, &format!("/cases/{case}")).await;
            assert_eq!(page.status, StatusCode::OK, "{}", page.text);
            assert_eq!(page.text.contains("possible conflict"), shown, "{email}: {}", page.text);
        }
    }

    async fn the_form_that_opens_a_case_asks_for_required_fields(app: TestApp) {
        let admin = app.admin().await;
        let before = admin.open_case("Before v. Fields").await;
        let rack = field(&admin, "Rack", "text", true).await;
        field(&admin, "Colour", "text", false).await;
        let mut pages = signed_in(&app, "admin@example.in").await;
        let form = pages.get(&app, "/cases/new").await;
        assert!(form.text.contains("Rack") && !form.text.contains("Colour"), "{}", form.text);

        let csrf = pages.csrf(&app).await;
        let name = format!("field_{rack}");
        let typed = |rack: &'static str| {
            [("csrf", csrf.as_str()), ("title", "A v. B"), ("new_client", "Quill Traders"), (name.as_str(), rack)]
        };
        let refused = pages.post(&app, "/cases", &typed(" ")).await;
        assert!(refused.text.contains("Say something under “Rack”"), "{}", refused.text);
        assert!(refused.text.contains("Quill Traders"), "{}", refused.text);
        let clients = admin.get("/api/v1/clients").await;
        assert!(!clients.text.contains("Quill"), "nobody is entered before the case is: {clients:?}");
        let opened = pages.post(&app, "/cases", &typed("B-12")).await;
        assert_eq!(opened.status, StatusCode::SEE_OTHER, "{}", opened.text);
        let edit = pages.get(&app, &format!("{}/edit", opened.to())).await;
        assert!(edit.text.contains("B-12") && !edit.text.contains("Nothing is said yet"), "{}", edit.text);

        // The API opens cases without them; the pages say what is empty.
        let by_api = admin.open_case("C v. D").await;
        for case in [before, by_api] {
            for path in ["", "/edit"] {
                let page = pages.get(&app, &format!("/cases/{case}{path}")).await;
                assert!(page.text.contains("Nothing is said yet under “Rack”"), "{path}: {}", page.text);
            }
        }
    }
}
