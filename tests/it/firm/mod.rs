//! A firm with everyone who may call, and a second firm: what the tests of the walls
//! stand on.

mod books;
mod file;
mod forms;
mod listed;
pub(crate) mod protected;
pub(crate) mod requests;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use futures_util::StreamExt;
use munshi::db::{Db, Dialect, Sql};
use munshi::kernel::{Clock, JobId, OrganisationId, SystemClock, UserId};
use serde_json::{Value, json};
use tower::ServiceExt;
use uuid::Uuid;

use crate::support::{Caller, PASSWORD, TestApp};

/// A word that stands in every title and text of the first firm, and nowhere else.
pub(crate) const MARKER: &str = "zanzibarite";

/// A document whose pages have pictures.
const ORDER: &str = "sharma-v-kapoor/order-2026-07-17.pdf";

/// Everyone signs in with a password here, and all from one address.
const SETTINGS: &str = "sessions.client_passwords = true\nsign_in.wrong_per_address = 10000";

/// Who calls, in the order of the columns.
pub(crate) const CALLERS: [&str; 10] = [
    "anonymous",
    "other firm's admin",
    "client of another",
    "client",
    "advocate outside",
    "walled advocate",
    "billing",
    "staff",
    "advocate inside",
    "admin",
];

/// Who has nothing to do with the case.
pub(crate) const STRANGERS: [&str; 5] =
    ["anonymous", "other firm's admin", "client of another", "advocate outside", "walled advocate"];

/// Someone with a session for the API and one for the pages.
#[derive(Clone)]
pub(crate) struct Seat {
    pub(crate) name: &'static str,
    email: Option<&'static str>,
    pub(crate) api: Option<String>,
    cookie: Option<String>,
    pub(crate) csrf: String,
}

/// What came back, as far as it came.
pub(crate) struct Came {
    pub(crate) status: StatusCode,
    pub(crate) to: Option<String>,
    pub(crate) body: Vec<u8>,
}

impl Came {
    pub(crate) fn holds(&self, word: &str) -> bool {
        let text = String::from_utf8_lossy(&self.body).to_lowercase();
        let to = self.to.as_deref().unwrap_or_default().to_lowercase();
        text.contains(word) || to.contains(word)
    }
}

/// The ids of one case and what hangs on it.
#[derive(Clone, Default)]
pub(crate) struct Ids {
    pub(crate) case: String,
    pub(crate) document: String,
    pub(crate) version: String,
    pub(crate) passage: String,
    pub(crate) client: String,
    pub(crate) spare: String,
    pub(crate) staff: String,
    pub(crate) message: String,
    pub(crate) conversation: String,
    pub(crate) saved: String,
    pub(crate) golden: String,
    pub(crate) job: String,
    pub(crate) wall: String,
    pub(crate) group: String,
    pub(crate) things: protected::Things,
}

/// Two firms and their people.
pub(crate) struct Firm {
    pub(crate) app: TestApp,
    pub(crate) db: Db,
    pub(crate) seats: Vec<Seat>,
    pub(crate) ids: Ids,
    pub(crate) inside: Caller,
    pub(crate) admin: Caller,
    walled: String,
    staff: String,
    count: u32,
}

fn id_in(body: &Value) -> String {
    body["id"].as_str().unwrap_or_else(|| panic!("{body}")).to_owned()
}

fn uuid(id: &str) -> Uuid {
    id.parse().unwrap()
}

/// A handle of the tables beside the service's own.
pub(crate) async fn tables(app: &TestApp) -> Db {
    Db::connect(&app.app.config.database_address()).await.unwrap()
}

/// Runs one statement.
pub(crate) async fn run(db: &Db, sql: Sql) {
    let mut tx = db.write().await.unwrap();
    tx.execute(sql).await.unwrap();
    tx.commit().await.unwrap();
}

/// Adds a firm and its admin, whose password is the first admin's.
pub(crate) async fn second_firm(db: &Db, email: &str) -> (Uuid, Uuid) {
    let (firm, admin) = (OrganisationId::new().uuid(), UserId::new().uuid());
    let now = SystemClock.now();
    let insert = "INSERT INTO organisations (id, name, created_at) VALUES ($1, $2, $3)";
    run(db, Sql::new(insert).bind(firm).bind("Another firm").bind(now)).await;
    let insert = "INSERT INTO users
             (id, organisation_id, name, email, role, password_hash, active, created_at)
         SELECT $1, $2, 'Olga Other', $3, 'admin', u.password_hash, TRUE, u.created_at
         FROM users u WHERE u.email = 'admin@example.in'";
    run(db, Sql::new(insert).bind(admin).bind(firm).bind(email)).await;
    (firm, admin)
}

impl Firm {
    /// Sets both firms up, on SQLite.
    pub(crate) async fn build() -> Self {
        let app = TestApp::start_with(Dialect::Sqlite, SETTINGS).await;
        let db = tables(&app).await;
        let admin = app.admin().await;
        let client = admin
            .post("/api/v1/clients", json!({ "name": format!("{MARKER} Traders"), "kind": "firm" }))
            .await;
        let client = id_in(&client.body);
        let other = admin.post("/api/v1/clients", json!({ "name": "Else", "kind": "firm" })).await;
        let other = id_in(&other.body);
        let people = [
            ("inside@example.in", "advocate", None),
            ("outside@example.in", "advocate", None),
            ("walled@example.in", "advocate", None),
            ("staff@example.in", "staff", None),
            ("billing@example.in", "billing", None),
            ("client@example.in", "client", Some(client.as_str())),
            ("elsewhere@example.in", "client", Some(other.as_str())),
            ("spare@example.in", "staff", None),
        ];
        let mut found = Vec::new();
        for (email, role, client) in people {
            let new = json!({
                "name": email.split('@').next(), "email": email, "role": role,
                "client_id": client, "password": PASSWORD,
            });
            let added = admin.post("/api/v1/users", new).await;
            found.push(id_in(&added.body));
        }
        second_firm(&db, "other@example.in").await;
        let inside = app.sign_in("inside@example.in").await;
        let (walled, staff) = (found[2].clone(), found[3].clone());
        let ids = Ids {
            client: client.clone(),
            spare: found[7].clone(),
            staff: staff.clone(),
            ..Ids::default()
        };
        let mut firm =
            Self { app, db, seats: Vec::new(), ids, inside, admin, walled, staff, count: 0 };
        firm.know_client(&found[0], &client).await;
        firm.prepare().await;
        firm.app.settle().await;
        firm.prepare_answers().await;
        firm.ids.things = firm.things().await;
        firm.seat().await;
        firm
    }

    /// Lets the advocate inside choose the client for new cases.
    async fn know_client(&self, user: &str, client: &str) {
        let update = "UPDATE clients SET added_by = $1 WHERE id = $2";
        run(&self.db, Sql::new(update).bind(uuid(user)).bind(uuid(client))).await;
    }

    /// A case of the advocate inside with a document shared with its client, staff in
    /// it, and a walled member; and of the rest what a path names.
    pub(crate) async fn fresh(&mut self, about: &str) -> Ids {
        self.count += 1;
        let number = self.count;
        self.stay_in().await;
        let new = json!({
            "title": format!("{MARKER} v. State {number}"), "client_id": self.ids.client,
        });
        let opened = self.inside.post("/api/v1/cases", new).await;
        assert!(opened.status.is_success(), "{opened:?}");
        let case = id_in(&opened.body);
        let path = format!("/api/v1/cases/{case}/documents");
        let received = if about.contains("/pages/") {
            let received = self.inside.upload_sample(&case, ORDER).await;
            self.app.settle().await;
            received
        } else {
            let text = format!("The {MARKER} consignment {number} left Jaipur under section 138.");
            let name = format!("{MARKER} note {number}.txt");
            self.inside.upload(&path, &name, text.as_bytes()).await
        };
        assert!(received.status.is_success(), "{received:?}");
        let document = received.body["document_id"].as_str().unwrap().to_owned();
        let found = self.inside.get(&format!("/api/v1/documents/{document}")).await;
        let version = found.body["version_id"].as_str().unwrap().to_owned();
        let member = json!({ "user_id": self.staff, "role": "member" });
        let added = self.inside.post(&format!("/api/v1/cases/{case}/members"), member).await;
        assert!(added.status.is_success(), "{added:?}");
        let insert = "INSERT INTO case_members (case_id, user_id, role, added_at)
                      VALUES ($1, $2, 'lead', $3)";
        let insert = Sql::new(insert).bind(uuid(&case)).bind(uuid(&self.walled));
        run(&self.db, insert.bind(SystemClock.now())).await;
        let share = format!("/api/v1/documents/{document}/share");
        assert!(self.inside.post(&share, json!({})).await.status.is_success());
        let show = format!("/api/v1/cases/{case}/portal/show");
        assert!(self.inside.post(&show, json!({})).await.status.is_success());
        let wall = json!({
            "user_id": self.walled, "case_id": case, "reason": "acted for the other side",
        });
        let wall = id_in(&self.admin.post("/api/v1/walls", wall).await.body);
        let mut ids = Ids { case, document, version, wall, ..self.ids.clone() };
        if about.contains("/webhooks/") {
            let (hook, event) = self.webhook().await;
            ids.things.insert("webhooks", hook);
            ids.things.insert("deliveries", event);
        }
        if Self::names_the_file(about) {
            ids.things.extend(self.file(&ids.case, number).await);
        }
        if about.contains("/groups") {
            ids.group = self.fresh_group(number).await;
        }
        if about.contains("/golden") {
            ids.golden = self.fresh_golden(number, &ids.document).await;
        }
        if about.contains("/saved") {
            let saved = json!({ "name": format!("{MARKER} {number}"), "search": "q=Jaipur" });
            ids.saved = id_in(&self.inside.post("/api/v1/saved-searches", saved).await.body);
        }
        if about.contains("/jobs") {
            ids.job = self.fresh_job(&ids.version).await;
        }
        if about.contains("/deadlines/") || about.contains("/limitations/") {
            let (limitation, deadline) = self.kept_limitation(&ids.case).await;
            ids.things.insert("limitations", limitation);
            ids.things.insert("deadlines", deadline);
        }
        ids
    }

    /// Takes the walled advocate off a case.
    pub(crate) async fn keep_out_of(&self, case: &str) {
        let delete = "DELETE FROM case_members WHERE case_id = $1 AND user_id = $2";
        run(&self.db, Sql::new(delete).bind(uuid(case)).bind(uuid(&self.walled))).await;
    }

    /// Signs those in again who prepare things, where a request has signed them out.
    async fn stay_in(&mut self) {
        if self.inside.get("/api/v1/session").await.status != StatusCode::OK {
            self.inside = self.app.sign_in("inside@example.in").await;
        }
        if self.admin.get("/api/v1/session").await.status != StatusCode::OK {
            self.admin = self.app.sign_in("admin@example.in").await;
        }
    }

    async fn fresh_group(&self, number: u32) -> String {
        let group = json!({ "name": format!("{MARKER} group {number}") });
        let group = id_in(&self.admin.post("/api/v1/groups", group).await.body);
        let member = format!("/api/v1/groups/{group}/members/{}", self.ids.spare);
        assert!(self.admin.put(&member, json!({})).await.status.is_success());
        group
    }

    async fn fresh_golden(&self, number: u32, document: &str) -> String {
        let golden = json!({
            "question": format!("What of {MARKER} {number}?"),
            "expected": [{ "document": document }],
        });
        id_in(&self.admin.post("/api/v1/golden", golden).await.body)
    }

    /// Work on a version that was put aside.
    async fn fresh_job(&self, version: &str) -> String {
        let job = JobId::new();
        let insert = "INSERT INTO jobs (id, organisation_id, kind, subject, status, attempts,
                 run_at, last_error, created_at)
             SELECT $1, d.organisation_id, 'documents.probe', v.id, 'dead', 5, $2,
                 'zanzibarite', $2
             FROM versions v JOIN documents d ON d.id = v.document_id WHERE v.id = $3";
        let insert = Sql::new(insert).bind(job.uuid()).bind(SystemClock.now());
        run(&self.db, insert.bind(uuid(version))).await;
        job.to_string()
    }

    async fn prepare(&mut self) {
        let everything = "/groups /golden /saved /jobs";
        self.ids = self.fresh(everything).await;
        let Ids { saved, golden, job, group, .. } = &self.ids;
        for id in [saved, golden, job, group] {
            assert!(!id.is_empty(), "an id is missing: {saved} {golden} {job} {group}");
        }
    }

    /// An answer of the advocate inside, and a passage it rests on.
    async fn prepare_answers(&mut self) {
        let question = json!({ "question": "What left Jaipur?", "case_id": self.ids.case });
        let asked = self.inside.post("/api/v1/ask", question).await;
        assert!(asked.text.contains(MARKER), "{asked:?}");
        self.ids.message = id_in(&asked.body);
        asked.body["conversation_id"].as_str().unwrap().clone_into(&mut self.ids.conversation);
        let found = self.inside.get("/api/v1/search?q=Jaipur").await;
        found.body["hits"][0]["passage"]
            .as_str()
            .unwrap_or_else(|| panic!("{found:?}"))
            .clone_into(&mut self.ids.passage);
    }

    async fn seat(&mut self) {
        let emails = [
            None,
            Some("other@example.in"),
            Some("elsewhere@example.in"),
            Some("client@example.in"),
            Some("outside@example.in"),
            Some("walled@example.in"),
            Some("billing@example.in"),
            Some("staff@example.in"),
            Some("inside@example.in"),
            Some("admin@example.in"),
        ];
        for (name, email) in CALLERS.into_iter().zip(emails) {
            let seat = self.sit_down(name, email).await;
            self.seats.push(seat);
        }
    }

    async fn sit_down(&self, name: &'static str, email: Option<&'static str>) -> Seat {
        let mut seat = Seat { name, email, api: None, cookie: None, csrf: String::new() };
        let Some(email) = email else { return seat };
        let body = json!({ "email": email, "password": PASSWORD });
        let session = self.app.anonymous().post("/api/v1/session", body).await;
        seat.api = session.body["token"].as_str().map(str::to_owned);
        assert!(seat.api.is_some(), "{session:?}");
        let form =
            format!("email={}&password={}", email.replace('@', "%40"), PASSWORD.replace(' ', "+"));
        let request = Request::post("/sign-in")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form))
            .unwrap();
        let answer = self.app.router.clone().oneshot(request).await.unwrap();
        let given = answer.headers().get_all(header::SET_COOKIE).iter();
        let cookies: Vec<String> = given
            .filter_map(|value| value.to_str().ok()?.split(';').next().map(str::to_owned))
            .filter(|pair| !pair.ends_with('='))
            .collect();
        assert!(!cookies.is_empty(), "{name} has no session: {}", answer.status());
        seat.cookie = Some(cookies.join("; "));
        let page = self.send(&seat, Method::GET, "/there-is-no-such-page", None, true).await;
        let page = String::from_utf8(page.body).unwrap();
        let token = page.split("name=\"csrf\" content=\"").nth(1).and_then(|t| t.split('"').next());
        token.unwrap_or_else(|| panic!("{page}")).clone_into(&mut seat.csrf);
        seat
    }

    /// Sits everyone down again whose session has ended.
    pub(crate) async fn renew(&mut self, index: usize) {
        let seat = self.seats[index].clone();
        if seat.email.is_none() {
            return;
        }
        let api = self.send(&seat, Method::GET, "/api/v1/session", None, false).await;
        let page = self.send(&seat, Method::GET, "/password", None, true).await;
        if api.status != StatusCode::OK || page.status != StatusCode::OK {
            self.seats[index] = self.sit_down(seat.name, seat.email).await;
        }
    }

    /// Sends a request with someone's session; a stream is read no further than its
    /// beginning.
    pub(crate) async fn send(
        &self,
        seat: &Seat,
        method: Method,
        path: &str,
        body: Option<(&str, Vec<u8>)>,
        page: bool,
    ) -> Came {
        let router: Router = self.app.router.clone();
        let mut request = Request::builder().method(method).uri(path);
        match (&seat.api, &seat.cookie) {
            (_, Some(cookie)) if page => request = request.header(header::COOKIE, cookie),
            (Some(token), _) if !page => {
                request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
            }
            _ => {}
        }
        let body = match body {
            Some((kind, bytes)) => {
                request = request.header(header::CONTENT_TYPE, kind);
                Body::from(bytes)
            }
            None => Body::empty(),
        };
        let response = router.oneshot(request.body(body).unwrap()).await.unwrap();
        let status = response.status();
        let text = |name| response.headers().get(name).and_then(|value| value.to_str().ok());
        let to = text(header::LOCATION).map(str::to_owned);
        let streams = text(header::CONTENT_TYPE).is_some_and(|kind| kind == "text/event-stream");
        let mut stream = response.into_body().into_data_stream();
        let mut body = Vec::new();
        while let Some(Ok(piece)) = stream.next().await {
            body.extend_from_slice(&piece);
            if streams {
                break;
            }
        }
        Came { status, to, body }
    }
}
