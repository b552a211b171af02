//! What is known of a case of a firm, so that a path can name a real one of each.

use serde_json::json;

use super::{Firm, id_in};

/// The paths that name something of a case's file.
const NAMED: [&str; 8] = [
    "/parties/",
    "/notes/",
    "/vakalatnamas/",
    "/links/",
    "/fields/",
    "/case-fields/",
    "/case-lists/",
    "/import/",
];

impl Firm {
    /// Whether a path names something of a case's file.
    pub(super) fn names_the_file(about: &str) -> bool {
        NAMED.iter().any(|part| about.contains(part))
    }

    /// A party, a note and an authority of a case and one it comes from, a field of the
    /// chamber's own, and a list of cases of the admin's that waits to be entered: their ids
    /// by the word before them in a path.
    pub(super) async fn file(&self, case: &str, number: u32) -> Vec<(&'static str, String)> {
        let made = async |path: &str, body| {
            let answer = self.admin.post(path, body).await;
            assert!(answer.status.is_success(), "{path}: {answer:?}");
            answer.body["id"].as_str().unwrap_or_default().to_owned()
        };
        let base = format!("/api/v1/cases/{case}");
        let party = json!({ "name": "Kapoor Mills", "role": "defendant" });
        let party = made(&format!("{base}/parties"), party).await;
        let note = made(&format!("{base}/notes"), json!({ "text": "Call." })).await;
        let paper = json!({ "parties": "A", "advocates": "B", "state": "signed" });
        let paper = made(&format!("{base}/vakalatnamas"), paper).await;
        let parent = self.inside.open_case(&format!("The suit below {number}")).await;
        let link = json!({ "parent_id": parent, "kind": "appeal" });
        made(&format!("{base}/links"), link).await;
        let field = json!({ "name": format!("Rack {number}"), "kind": "text" });
        let field = made("/api/v1/case-fields", field).await;
        // The chamber has at most 50 at once.
        made(&format!("/api/v1/case-fields/{field}/archive"), json!({ "archived": true })).await;
        let list = self.admin.upload("/api/v1/case-lists", "list.csv", b"Title\nP v. Q\n").await;
        assert!(list.status.is_success(), "{list:?}");
        let list = id_in(&list.body);
        vec![
            ("parties", party),
            ("notes", note),
            ("vakalatnamas", paper),
            ("links", parent),
            ("case-fields", field.clone()),
            ("fields", field),
            ("case-lists", list.clone()),
            ("import", list),
        ]
    }
}
