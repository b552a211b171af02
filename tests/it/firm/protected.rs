//! Things of a firm beside its cases, so that a path can name a real one of each.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use munshi::assistant::proposals::{Kind, NewProposal};
use munshi::db::Sql;
use munshi::kernel::{Clock, PasskeyId, SystemClock};
use serde_json::json;

use super::{Firm, id_in, run};
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
        let golden = self.admin.post("/api/v1/golden/runs", json!({})).await;
        assert_eq!(golden.status, StatusCode::OK, "{golden:?}");
        let token = json!({ "name": "script", "scopes": ["search"], "days": 1 });
        let token = self.inside.post("/api/v1/tokens", token).await;
        assert!(token.status.is_success(), "{token:?}");
        let sessions = self.inside.get("/api/v1/sessions").await;
        let letter = letters(&self.app).await.first().unwrap().id.to_string();
        self.app.settle().await;
        BTreeMap::from([
            ("leaving", client),
            ("wordings", wording),
            ("consents", consent),
            ("holds", hold),
            ("exports", export),
            ("erasures", erasure),
            ("runs", id_in(&golden.body)),
            ("tokens", id_in(&token.body["token"])),
            ("sessions", id_in(&sessions.body[0])),
            ("passkeys", self.passkey().await),
            ("letters", letter),
            ("proposals", self.proposal().await),
        ])
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
