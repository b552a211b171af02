//! Bills: the decision on GST, numbers without gaps, papers that never change, and who may
//! see them.

mod credits;
mod drafts;
mod numbers;
mod papers;
mod walls;

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::support::{Answer, Caller, TestApp};

/// A chamber that can bill: its admin, a client and a case of theirs.
pub(crate) struct Books {
    pub(crate) admin: Caller,
    pub(crate) client: String,
    pub(crate) case: String,
}

pub(crate) fn profile(kind: &str, gstin: Option<&str>) -> Value {
    json!({
        "supplier_kind": kind, "legal_name": "Mehta & Rao", "address": "Saket, New Delhi",
        "state_code": "07", "gstin": gstin, "prefix": "MR", "terms_days": 30,
        "round_to_rupee": false, "upi": "mehtarao@sbi", "bank_account": "000214",
    })
}

/// The GSTIN of the sample chamber, with a check character that fits.
pub(crate) const GSTIN: &str = "07AAAFM1234A1Z4";

impl Books {
    pub(crate) async fn set_up(app: &TestApp) -> Self {
        Self::of(app, "firm", Some(GSTIN), "not_business").await
    }

    pub(crate) async fn of(app: &TestApp, kind: &str, gstin: Option<&str>, class: &str) -> Self {
        let admin = app.admin().await;
        let set = admin.put("/api/v1/chamber", profile(kind, gstin)).await;
        assert!(set.status.is_success(), "{set:?}");
        let client = client(&admin, "Imran Qureshi", Some(class)).await;
        let case = case(&admin, "State v. Qureshi", &client).await;
        Self { admin, client, case }
    }

    /// Begins a draft of a fee.
    pub(crate) async fn draft(&self, paise: i64) -> String {
        let line = json!({ "kind": "fee", "description": "Appearance", "amount": paise });
        let new = json!({ "case_id": self.case, "lines": [line] });
        id(&self.admin.post("/api/v1/invoices", new).await)
    }

    pub(crate) async fn issue(&self, draft: &str) -> Answer {
        self.admin.post(&format!("/api/v1/invoices/{draft}/issue"), json!({})).await
    }

    /// Issues a bill of a fee; gives its id.
    pub(crate) async fn bill(&self, paise: i64) -> String {
        let draft = self.draft(paise).await;
        let issued = self.issue(&draft).await;
        assert_eq!(issued.status, StatusCode::OK, "{issued:?}");
        draft
    }

    pub(crate) async fn show(&self, invoice: &str) -> Value {
        let shown = self.admin.get(&format!("/api/v1/invoices/{invoice}")).await;
        assert_eq!(shown.status, StatusCode::OK, "{shown:?}");
        shown.body
    }
}

pub(crate) fn id(answer: &Answer) -> String {
    assert!(answer.status.is_success(), "{answer:?}");
    answer.body["id"].as_str().unwrap().to_owned()
}

pub(crate) async fn client(admin: &Caller, name: &str, class: Option<&str>) -> String {
    let new = json!({ "name": name, "kind": "person", "state_code": "07", "gst_class": class });
    id(&admin.post("/api/v1/clients", new).await)
}

pub(crate) async fn case(admin: &Caller, title: &str, client: &str) -> String {
    id(&admin.post("/api/v1/cases", json!({ "title": title, "client_id": client })).await)
}
