//! Bills, payments and client money of a firm, so that a path can name a real one of each.

use munshi::db::Sql;
use serde_json::json;

use super::{Firm, id_in, run};

impl Firm {
    /// A draft with a line, a payment, and a credit note of a bill that is issued: their ids
    /// by the word before them in a path.
    pub(super) async fn books(&self) -> Vec<(&'static str, String)> {
        let client = &self.ids.client;
        let made = async |path: &str, body| {
            let answer = self.admin.post(path, body).await;
            assert!(answer.status.is_success(), "{path}: {answer:?}");
            answer.body
        };
        let chamber = json!({
            "supplier_kind": "firm", "legal_name": "Mehta & Rao", "address": "Saket, New Delhi",
            "state_code": "07", "prefix": "MR", "terms_days": 30, "round_to_rupee": false,
        });
        let set = self.admin.put("/api/v1/chamber", chamber).await;
        assert!(set.status.is_success(), "{set:?}");
        let class = "UPDATE clients SET gst_class = 'not_business' WHERE id = $1";
        let id: uuid::Uuid = client.parse().unwrap();
        run(&self.db, Sql::new(class).bind(id)).await;
        let line = json!({ "kind": "fee", "description": "Appearance", "amount": 100_000 });
        let draft = || json!({ "case_id": self.ids.case, "lines": [line.clone()] });
        let bill = id_in(&made("/api/v1/invoices", draft()).await);
        made(&format!("/api/v1/invoices/{bill}/issue"), json!({})).await;
        let payment = json!({ "client_id": client, "amount": 10_000 });
        let payment = id_in(&made("/api/v1/payments", payment).await);
        let credit = json!({ "amount": 5_000, "reason": "agreed" });
        let credit = made(&format!("/api/v1/invoices/{bill}/credit-notes"), credit).await;
        let invoice = id_in(&made("/api/v1/invoices", draft()).await);
        let shown = self.admin.get(&format!("/api/v1/invoices/{invoice}")).await;
        let line = id_in(&shown.body["lines"][0]);
        vec![
            ("invoices", invoice),
            ("lines", line),
            ("payments", payment),
            ("credit-notes", id_in(&credit)),
        ]
    }
}
