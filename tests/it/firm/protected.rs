//! Things of a firm beside its cases, so that a path can name a real one of each.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::{Method, StatusCode};
use munshi::assistant::proposals::{Kind, NewProposal};
use munshi::db::Sql;
use munshi::kernel::{Clock, PasskeyId, SystemClock};
use serde_json::json;

use super::{Firm, MARKER, id_in, run};
use crate::support::letters::letters;

/// The id of one thing of each kind, by the word before it in a path; and the wording
/// of consents.
pub(crate) type Things = BTreeMap<&'static str, String>;

impl Firm {
    /// Makes one of each: the admin's, or the advocate's inside where it is personal.
    pub(super) async fn things(&self) -> Things {
        let made = async |path: &str, body| {
            let answer = self.admin.post(path, body).await;
            assert!(answer.status.is_success(), "{path}: {answer:?}");
            id_in(&answer.body)
        };
        let client = made("/api/v1/clients", json!({ "name": "Leaving", "kind": "person" })).await;
        let wording = json!({ "language": "en", "text": "The chamber may keep my papers." });
        let wording = made("/api/v1/consent-wordings", wording).await;
        let consent = json!({ "client_id": client, "wording_id": wording, "how": "paper" });
        let consent = made("/api/v1/consents", consent).await;
        let hold = json!({ "client_id": self.ids.client, "reason": "an appeal is pending" });
        let hold = made("/api/v1/holds", hold).await;
        let export = made("/api/v1/exports", json!({ "kind": "client", "id": client })).await;
        let gone = made("/api/v1/clients", json!({ "name": "Gone", "kind": "person" })).await;
        let erasure = json!({ "kind": "client", "id": gone, "name": "Gone" });
        let erasure = made("/api/v1/erasures", erasure).await;
        let contact = format!("/api/v1/clients/{}/contacts", self.ids.client);
        let contact = made(&contact, json!({ "name": "Anil Rao" })).await;
        let names = json!({ "names": [{ "name": "Nobody Known", "ours": true }] });
        let conflict = made("/api/v1/conflicts", names).await;
        let calendar = json!({ "name": "District court" });
        let calendar = made("/api/v1/holiday-calendars", calendar).await;
        let (limitation, deadline) = self.kept_limitation(&self.ids.case).await;
        let golden = self.admin.post("/api/v1/golden/runs", json!({})).await;
        assert_eq!(golden.status, StatusCode::OK, "{golden:?}");
        let token = json!({ "name": "script", "scopes": ["search"], "days": 1 });
        let token = self.inside.post("/api/v1/tokens", token).await;
        assert!(token.status.is_success(), "{token:?}");
        let (hook, tried) = self.webhook().await;
        let (message, attachment) = self.message().await;
        let sessions = self.inside.get("/api/v1/sessions").await;
        let letter = letters(&self.app).await.first().unwrap().id.to_string();
        self.app.settle().await;
        let mut things = BTreeMap::from([
            ("leaving", client),
            ("wordings", wording),
            ("consents", consent),
            ("holds", hold),
            ("exports", export),
            ("limitations", limitation),
            ("deadlines", deadline),
            ("holidays", calendar.clone()),
            ("holiday-calendars", calendar),
            ("erasures", erasure),
            ("contacts", contact),
            ("conflicts", conflict),
            ("runs", id_in(&golden.body)),
            ("tokens", id_in(&token.body["token"])),
            ("sessions", id_in(&sessions.body[0])),
            ("passkeys", self.passkey().await),
            ("letters", letter),
            ("proposals", self.proposal().await),
            ("webhooks", hook),
            ("deliveries", tried),
            ("case-messages", message),
            ("attachments", attachment),
        ]);
        things.extend(self.file(&self.ids.case, 0).await);
        things.extend(self.portal().await);
        things.extend(self.fees().await);
        things.extend(self.hearings().await);
        things.extend(self.books().await);
        things
    }

    /// What the client of the case is asked for, is told and has sent.
    async fn portal(&self) -> Vec<(&'static str, String)> {
        let case = &self.ids.case;
        let made = async |end: &str, body| {
            let answer = self.inside.post(&format!("/api/v1/cases/{case}/{end}"), body).await;
            assert_eq!(answer.status, StatusCode::CREATED, "{end}: {answer:?}");
            id_in(&answer.body)
        };
        let request = made("requests", json!({ "what": "A copy of the lease" })).await;
        let news = made("news", json!({ "english": "The court heard the case." })).await;
        let client = self.app.sign_in("client@example.in").await;
        let body = format!(
            "--XX\r\ncontent-disposition: form-data; name=\"case_id\"\r\n\r\n{case}\r\n\
             --XX\r\ncontent-disposition: form-data; name=\"file\"; filename=\"lease.txt\"\r\n\r\n\
             The lease.\r\n--XX--\r\n"
        );
        let kind = Some("multipart/form-data; boundary=XX");
        let path = "/api/v1/portal/deliveries";
        let sent = client.send(Method::POST, path, Body::from(body), kind).await;
        assert_eq!(sent.status, StatusCode::ACCEPTED, "{sent:?}");
        vec![("requests", request), ("news", news), ("sent-files", id_in(&sent.body))]
    }

    /// A webhook, and an event it is told of.
    pub(super) async fn webhook(&self) -> (String, String) {
        let hook = json!({
            "name": "Accounts", "url": "https://hooks.example.in/munshi",
            "kinds": ["client.added"],
        });
        let made = self.admin.post("/api/v1/webhooks", hook).await;
        assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
        let hook = id_in(&made.body);
        let tried = self.admin.post(&format!("/api/v1/webhooks/{hook}/test"), json!({})).await;
        assert_eq!(tried.status, StatusCode::ACCEPTED, "{tried:?}");
        (hook, tried.body["event_id"].as_str().unwrap().to_owned())
    }

    /// A message to the team of the case, and the file that goes with it.
    async fn message(&self) -> (String, String) {
        let path = format!("/api/v1/cases/{}/messages", self.ids.case);
        let sent = self.inside.upload(&format!("{path}/files"), "n.txt", b"A list of dates.").await;
        assert_eq!(sent.status, StatusCode::CREATED, "{sent:?}");
        let thread = self.inside.get(&path).await;
        let file = &thread.body["messages"][0]["attachments"][0];
        (id_in(&sent.body), id_in(file))
    }

    /// Time, a draft of a timer, a fee, an expense and an agreement of the case, entered by
    /// the advocate inside, with a stage that was reached.
    async fn fees(&self) -> Vec<(&'static str, String)> {
        let case = &self.ids.case;
        let made = async |path: &str, body| {
            let answer = self.inside.post(path, body).await;
            assert!(answer.status.is_success(), "{path}: {answer:?}");
            id_in(&answer.body)
        };
        let rate =
            json!({ "case_id": case, "paise_per_hour": 500_000, "valid_from": "2026-04-01" });
        made("/api/v1/rates", rate).await;
        let time = json!({
            "case_id": case, "worked_on": "2026-11-19", "minutes": 90, "description": "Reading",
        });
        let time = made("/api/v1/time", time).await;
        made("/api/v1/timer", json!({ "case_id": case })).await;
        let draft = made("/api/v1/timer/stop", json!({})).await;
        let fee = json!({
            "kind": "conference", "on": "2026-11-19", "description": "Conference", "amount": 100_000,
        });
        let fee = made(&format!("/api/v1/cases/{case}/fees"), fee).await;
        let expense = json!({
            "on": "2026-11-19", "kind": "court_fee", "description": "Court fee",
            "amount": 25_000, "paid_by": "chamber",
        });
        let expense = made(&format!("/api/v1/cases/{case}/expenses"), expense).await;
        let stage = json!({ "model": "stage", "description": "Reply filed", "amount": 500_000 });
        let agreement = json!({ "valid_from": "2026-04-01", "lines": [stage] });
        let agreements = format!("/api/v1/cases/{case}/agreements");
        let agreement = made(&agreements, agreement).await;
        let found = self.inside.get(&agreements).await;
        let line = id_in(&found.body[0]["lines"][0]);
        let reached = format!("/api/v1/agreed-fees/{line}/reached");
        let reached = self.inside.post(&reached, json!({ "on": "2026-11-19" })).await;
        assert!(reached.status.is_success(), "{reached:?}");
        vec![
            ("time", time),
            ("drafts", draft),
            ("fees", fee),
            ("expenses", expense),
            ("agreements", agreement),
            ("agreed-fees", line),
        ]
    }

    /// A limitation that is kept in a case, and the deadline it became: their ids.
    pub(super) async fn kept_limitation(&self, case: &str) -> (String, String) {
        let dates = json!({ "rule": "slp", "event": "2026-05-04" });
        let body = json!({ "dates": dates, "title": format!("{MARKER} petition") });
        let path = format!("/api/v1/cases/{case}/limitations");
        let kept = self.inside.post(&path, body).await;
        let deadline = kept.body["deadline_id"].as_str().unwrap().to_owned();
        (id_in(&kept.body), deadline)
    }

    /// A hearing proposed in the case, which nobody has decided on.
    async fn proposal(&self) -> String {
        let scope = self.app.app.auth.scope_of("inside@example.in").await.unwrap();
        let new = NewProposal {
            case: self.ids.case.parse().unwrap(),
            kind: Kind::Hearing,
            title: "Hearing for arguments".to_owned(),
            on: "2026-12-31".parse().ok(),
            doubt: None,
            computed: None,
            minutes: None,
            message: None,
            source: None,
        };
        let made = self.app.app.proposals.propose(&scope, vec![new]).await.unwrap();
        made[0].to_string()
    }

    /// A passkey of the spare person, who never signs in.
    async fn passkey(&self) -> String {
        let id = PasskeyId::new().uuid();
        let insert = "INSERT INTO passkeys
                 (id, user_id, name, credential_id, credential, created_at)
             SELECT $1, u.id, 'key', $2, '{}', $3 FROM users u
             WHERE u.email = 'spare@example.in'";
        let insert = Sql::new(insert).bind(id).bind(id.as_bytes().to_vec());
        run(&self.db, insert.bind(SystemClock.now())).await;
        id.to_string()
    }
}
