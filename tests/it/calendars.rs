//! Secret calendar addresses: what they hold follows what their owner may see, and a bad
//! one says nothing.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use chrono::Days;
use munshi::kernel::{Clock, SystemClock, day_in_india};
use serde_json::json;
use tower::ServiceExt;

use crate::on_both_engines;
use crate::support::pages::Pages;
use crate::support::{Answer, Caller, TestApp};

const LEAD: &str = "lead@example.in";

fn done(answer: &Answer) {
    assert!(answer.status.is_success(), "{answer:?}");
}

/// The path of an address.
fn path(address: &str) -> String {
    let at = address.find("/calendar/").unwrap();
    address[at..].to_owned()
}

async fn make(caller: &Caller, discreet: bool) -> (String, String) {
    let body = json!({ "name": "My phone", "discreet": discreet });
    let made = caller.post("/api/v1/calendars", body).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    let text = |name: &str| made.body[name].as_str().unwrap().to_owned();
    (text("id"), path(&text("address")))
}

/// What a calendar program gets, with folded lines put together.
async fn fetch(app: &TestApp, path: &str) -> (StatusCode, String, String) {
    let request = Request::builder().uri(path).body(Body::empty()).unwrap();
    let response = app.router.clone().oneshot(request).await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    let kept = headers.get(header::CACHE_CONTROL).map_or("", |value| value.to_str().unwrap());
    let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
    let text = String::from_utf8(bytes.to_vec()).unwrap().replace("\r\n ", "");
    (status, kept.to_owned(), text)
}

async fn case_with_hearing(caller: &Caller) -> (String, String) {
    let case = caller.open_case("Sharma v. Kapoor").await;
    let on = day_in_india(SystemClock.now()) + Days::new(4);
    let body = json!({ "on_date": on, "starts_at": "10:30", "purpose": "arguments; part heard" });
    let added = caller.post(&format!("/api/v1/cases/{case}/hearings"), body).await;
    done(&added);
    (case, added.body["id"].as_str().unwrap().to_owned())
}

async fn user(app: &TestApp, email: &str) -> String {
    let users = app.admin().await.get("/api/v1/users").await.body;
    let user = users.as_array().unwrap().iter().find(|user| user["email"] == email).unwrap();
    user["id"].as_str().unwrap().to_owned()
}

on_both_engines! {
    async fn an_address_gives_the_hearings_of_its_owner(app: TestApp) {
        let lead = app.person(LEAD, "advocate", None).await;
        let (_, hearing) = case_with_hearing(&lead).await;
        let (id, path) = make(&lead, false).await;
        let (status, kept, text) = fetch(&app, &path).await;
        assert_eq!((status, kept.as_str()), (StatusCode::OK, "no-store"));
        for line in [
            format!("UID:hearing-{hearing}@munshi"),
            "SUMMARY:Sharma v. Kapoor".to_owned(),
            "STATUS:CONFIRMED".to_owned(),
            "SEQUENCE:0".to_owned(),
        ] {
            assert!(text.lines().any(|found| found == line), "{line} in {text}");
        }
        assert!(text.contains("T050000Z") && text.contains("arguments\\; part heard"), "{text}");
        let listed = lead.get("/api/v1/calendars").await.body;
        assert!(listed[0]["fetched_at"].is_string(), "{listed}");
        assert!(!listed.to_string().contains(path.trim_end_matches(".ics").rsplit('/').next().unwrap()));
        // A hearing that is withdrawn is called off under the same id.
        done(&lead.post(&format!("/api/v1/hearings/{hearing}/withdraw"), json!({ "reason": "slip" })).await);
        let (_, _, text) = fetch(&app, &path).await;
        assert!(text.contains("STATUS:CANCELLED") && text.contains("SEQUENCE:1"), "{text}");
        // Renewed, the old address is good for nothing; revoked, the new one.
        let renewed = lead.post(&format!("/api/v1/calendars/{id}/renew"), json!({})).await;
        let new = self::path(renewed.body["address"].as_str().unwrap());
        assert_eq!(fetch(&app, &path).await.0, StatusCode::NOT_FOUND);
        assert_eq!(fetch(&app, &new).await.0, StatusCode::OK);
        done(&lead.delete(&format!("/api/v1/calendars/{id}")).await);
        let gone = fetch(&app, &new).await;
        let unknown = fetch(&app, "/calendar/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.ics").await;
        assert_eq!((gone.0, gone.2), (unknown.0, unknown.2));
        assert_eq!(unknown.0, StatusCode::NOT_FOUND);
    }

    async fn a_discreet_address_names_nobody(app: TestApp) {
        let lead = app.person(LEAD, "advocate", None).await;
        case_with_hearing(&lead).await;
        let (_, path) = make(&lead, true).await;
        let (_, _, text) = fetch(&app, &path).await;
        assert!(text.contains("SUMMARY:Hearing"), "{text}");
        assert!(!text.contains("Sharma") && !text.contains("arguments"), "{text}");
    }

    async fn a_wall_empties_an_address_and_an_account_switched_off_ends_it(app: TestApp) {
        let lead = app.person(LEAD, "advocate", None).await;
        let (case, _) = case_with_hearing(&lead).await;
        let (_, path) = make(&lead, false).await;
        assert!(fetch(&app, &path).await.2.contains("Sharma"));
        let admin = app.admin().await;
        let id = user(&app, LEAD).await;
        let wall = json!({ "user_id": id, "case_id": case, "reason": "conflict" });
        done(&admin.post("/api/v1/walls", wall).await);
        let (status, _, text) = fetch(&app, &path).await;
        assert_eq!(status, StatusCode::OK);
        assert!(!text.contains("Sharma") && !text.contains("VEVENT"), "{text}");
        done(&admin.post(&format!("/api/v1/users/{id}/deactivate"), json!({})).await);
        assert_eq!(fetch(&app, &path).await.0, StatusCode::NOT_FOUND);
    }

    async fn an_address_is_its_owners_alone(app: TestApp) {
        let lead = app.person(LEAD, "advocate", None).await;
        let other = app.person("other@example.in", "advocate", None).await;
        let (id, path) = make(&lead, false).await;
        assert_eq!(other.get("/api/v1/calendars").await.body, json!([]));
        for answer in [
            other.post(&format!("/api/v1/calendars/{id}/renew"), json!({})).await,
            other.delete(&format!("/api/v1/calendars/{id}")).await,
        ] {
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{answer:?}");
        }
        assert_eq!(fetch(&app, &path).await.0, StatusCode::OK);
        // The page shows an address once.
        let mut pages = Pages::default();
        pages.sign_in(&app, LEAD).await;
        let csrf = pages.csrf(&app).await;
        let made = pages.post(&app, "/account/calendar", &[("csrf", csrf.as_str()), ("name", "Laptop")]).await;
        assert_eq!(made.status, StatusCode::OK);
        assert!(made.text.contains(".ics"), "{}", made.text);
        let shown = pages.get(&app, "/account/calendar").await;
        assert!(shown.text.contains("Laptop") && !shown.text.contains(".ics"), "{}", shown.text);
    }
}
