//! Every page in a real browser: axe-core finds nothing, a phone shows it whole, the
//! keyboard reaches everything, and without scripts it can be read.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use munshi::db::Dialect;
use regex::Regex;
use serde_json::{Value, json};
use thirtyfour::prelude::*;

use crate::firm::requests;
use crate::support::browser::{Browser, serve};
use crate::support::{Answer, Caller, TestApp, code_in};

/// The people of the sample chamber.
const ADMIN: (&str, &str) = ("admin@mehtarao.example", "banyan-ledger-4471-monsoon");
const ADVOCATE: (&str, &str) = ("ananya.mehta@mehtarao.example", "peacock-affidavit-2093-river");
const CLIENT: &str = "rakesh@sharmatraders.example";

/// How many pages of one kind are looked at.
const OF_A_KIND: usize = 2;

/// Pages that a walk over links does not come to, and why.
const NOT_WALKED: &[(&str, &str)] = &[
    ("/setup", "only before the chamber is set up"),
    ("/choose-password", "opened by a letter"),
    ("/verify-email", "opened by a letter"),
    ("/portal/sign-in/link", "opened by a letter"),
    ("/sign-in/second", "only midway through signing in"),
    ("/sign-in/enrol", "only midway through signing in"),
    ("/sign-in/provider", "leads out of the service"),
    ("/sign-in/provider/back", "comes from outside the service"),
    ("/calendar/{file}", "is a file"),
    ("/dues", "leads on to /money"),
];

/// The address with ids taken out, as routes are written.
fn kind_of(path: &str) -> String {
    let uuid = Regex::new(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}").unwrap();
    let number = Regex::new(r"/\d+(/|$)").unwrap();
    let path = path.split(['?', '#']).next().unwrap_or(path);
    number.replace_all(&uuid.replace_all(path, "{}"), "/{}$1").into_owned()
}

/// A route with its parameters' names taken out.
fn bare(route: &str) -> String {
    Regex::new(r"\{[^}]*\}").unwrap().replace_all(route, "{}").into_owned()
}

/// Whether an address answers with a page, and not with a file.
fn is_page(path: &str) -> bool {
    let path = path.split(['?', '#']).next().unwrap_or(path);
    let last = path.rsplit('/').next().unwrap_or(path);
    let files = ["original", "image", "paper", "pdf", "receipt", "certificate", "file"];
    path.starts_with('/')
        && !path.starts_with("/api/v1")
        && !path.starts_with("/assets")
        && !last.contains('.')
        && !files.contains(&last)
}

fn id(answer: &Answer) -> String {
    assert!(answer.status.is_success(), "{answer:?}");
    let found = ["id", "document_id", "conversation_id"].map(|name| answer.body[name].as_str());
    found.into_iter().flatten().next().unwrap_or_else(|| panic!("{answer:?}")).to_owned()
}

/// Makes what the sample has none of, and gives the pages that show it.
async fn more_to_see(app: &TestApp) -> Vec<String> {
    let body = json!({ "email": ADMIN.0, "password": ADMIN.1 });
    let session = app.anonymous().post("/api/v1/session", body).await;
    let admin = Caller::with(app, session.body["token"].as_str().unwrap());
    let case = admin.open_case("A case for trying things").await;
    let papers = format!("/api/v1/cases/{case}/documents");
    let paper = id(&admin.upload(&papers, "note.txt", b"The tenant left Kota in May.").await);
    let next = format!("/api/v1/documents/{paper}/versions");
    id(&admin.upload(&next, "note.txt", b"The tenant left Kota in June.").await);
    admin.upload(&papers, "broken.pdf", b"%PDF-1.7\nand nothing more").await;
    app.settle().await;
    let ask = json!({ "question": "When did the tenant leave?", "case_id": case });
    let in_case = admin.post("/api/v1/ask", ask).await.body["conversation_id"].clone();
    let ask = json!({ "question": "When did the tenant leave?" });
    let everywhere = admin.post("/api/v1/ask", ask).await.body["conversation_id"].clone();
    let (in_case, everywhere) = (in_case.as_str().unwrap(), everywhere.as_str().unwrap());
    let found = admin.get("/api/v1/search?q=tenant").await;
    let passage = passage_in(&found.body).unwrap_or_else(|| panic!("{found:?}"));
    let golden = json!({ "question": "Who left?", "expected": [{ "document": paper }] });
    id(&admin.post("/api/v1/golden", golden).await);
    let hook = json!({
        "name": "Accounts", "url": "https://hooks.example.in/munshi", "kinds": ["case.created"],
    });
    id(&admin.post("/api/v1/webhooks", hook).await);
    let client = json!({ "name": "Somebody Once", "kind": "person" });
    let client = id(&admin.post("/api/v1/clients", client).await);
    let erasure = json!({ "kind": "client", "id": client, "name": "Somebody Once" });
    let erasure = id(&admin.post("/api/v1/erasures", erasure).await);
    app.settle().await;
    // An erasure takes the lists that wait with it.
    let list = id(&admin.upload("/api/v1/case-lists", "list.csv", b"Title\nP v. Q\n").await);
    let scope = app.app.auth.scope_of(ADMIN.0).await.unwrap();
    let day = app.app.clock.now().date_naive();
    let report = format!("date,model,input_tokens,output_tokens\n{day},m,900,0\n");
    let usage = &app.app.usage;
    let report = usage.import_provider_report(&scope, "far.example", &report).await.unwrap();
    app.settle().await;
    vec![
        format!("/admin/costs/reconcile/{report}"),
        format!("/cases/{case}"),
        format!("/cases/{case}/failed"),
        format!("/cases/{case}/assistant/{in_case}"),
        format!("/cases/{case}/search?q=tenant"),
        format!("/cases/{case}/assistant"),
        format!("/assistant/{everywhere}"),
        format!("/assistant/{everywhere}/print"),
        "/proposals".to_owned(),
        format!("/documents/{paper}/changes?from=1&to=2"),
        format!("/search/similar?passage={passage}"),
        "/search/citing?authority=AIR+1973+SC+1461".to_owned(),
        format!("/cases/import/{list}"),
        format!("/admin/privacy/erasures/{erasure}"),
        "/admin".to_owned(),
        format!("/access?case={case}"),
        "/admin/costs/bills".to_owned(),
        "/admin/costs/calls".to_owned(),
        "/admin/webhooks".to_owned(),
        "/limitation?rule=review".to_owned(),
    ]
}

/// The first passage that was found.
fn passage_in(found: &Value) -> Option<String> {
    match found {
        Value::Object(fields) => fields
            .get("passage")
            .and_then(|id| id.as_str().map(str::to_owned))
            .or_else(|| fields.values().find_map(passage_in)),
        Value::Array(all) => all.iter().find_map(passage_in),
        _ => None,
    }
}

struct Walk<'a> {
    browser: &'a Browser,
    seen: BTreeMap<String, usize>,
    faults: BTreeSet<String>,
}

impl Walk<'_> {
    /// Walks over every link from these pages on.
    async fn from(&mut self, starts: &[&str]) {
        let mut next: VecDeque<String> = starts.iter().map(|path| (*path).to_owned()).collect();
        let mut done = BTreeSet::new();
        while let Some(path) = next.pop_front() {
            let address = path.split('#').next().unwrap_or(&path).to_owned();
            let kind = kind_of(&address);
            let before = self.seen.get(&kind).copied().unwrap_or_default();
            if before >= OF_A_KIND || !is_page(&address) || !done.insert(address.clone()) {
                continue;
            }
            self.seen.insert(kind.clone(), before + 1);
            next.extend(self.look_at(&address, &kind).await);
        }
    }

    /// Looks at a page, and gives the links on it.
    async fn look_at(&mut self, path: &str, kind: &str) -> Vec<String> {
        self.browser.go(path).await;
        self.browser.find("main").await;
        let heading = self.browser.find("h1").await.text().await.unwrap();
        if heading.contains("Not here") || heading.contains("went wrong") {
            self.faults.insert(format!("{path}: leads to `{heading}`"));
        }
        let faults = self.browser.faults().await;
        self.faults.extend(faults.into_iter().map(|fault| format!("{kind}: {fault}")));
        let script = "return [...document.querySelectorAll('a[href]')]\
            .map(link => link.getAttribute('href'));";
        let links = self.browser.driver.execute(script, Vec::new()).await.unwrap();
        let links = links.json().as_array().cloned().unwrap_or_default();
        links.iter().filter_map(|link| link.as_str()).map(str::to_owned).collect()
    }
}

/// The pages nobody of those who walked came to.
fn missed(seen: &BTreeMap<String, usize>) -> Vec<String> {
    let pages = requests::pages().into_iter().filter(|route| route.method == "GET");
    let paths = pages.map(|route| route.path).filter(|path| is_page(path));
    let walked = |path: &String| {
        seen.contains_key(&bare(path)) || NOT_WALKED.iter().any(|(known, _)| known == path)
    };
    paths.filter(|path| !walked(path)).collect()
}

async fn sign_in_by_code(app: &TestApp, browser: &Browser) {
    let before = app.code_letter(CLIENT).await;
    browser.go("/portal/sign-in").await;
    browser.type_into("input[name=address]", CLIENT).await;
    browser.click(".door form button").await;
    let letter = app.new_code_letter(CLIENT, before).await;
    browser.type_into("input[name=code]", &code_in(&letter)).await;
    browser.click(".door form button").await;
    browser.find("main h1").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_accessible_and_fits_a_phone() {
    let app = TestApp::start(Dialect::Sqlite).await;
    assert!(munshi::cli::sample::load(&app.app).await.unwrap());
    app.settle().await;
    let more = more_to_see(&app).await;
    let more: Vec<&str> = more.iter().map(String::as_str).collect();
    let address = serve(&app).await;
    let mut seen = BTreeMap::new();
    let mut faults = BTreeSet::new();
    for who in [Some(ADMIN), Some(ADVOCATE), None] {
        let browser = Browser::open(&address).await;
        let mut walk = Walk { browser: &browser, seen: BTreeMap::new(), faults: BTreeSet::new() };
        if let Some((email, password)) = who {
            walk.from(&["/sign-in", "/forgotten", "/password"]).await;
            browser.sign_in(email, password).await;
            browser.find("nav.nav").await;
            if who == Some(ADMIN) {
                walk.from(&more).await;
            }
            walk.from(&["/", "/cases", "/search?q=limitation"]).await;
        } else {
            walk.from(&["/portal/sign-in"]).await;
            sign_in_by_code(&app, &browser).await;
            walk.from(&["/portal"]).await;
        }
        faults.extend(walk.faults);
        seen.extend(walk.seen);
        browser.close().await;
    }
    println!("{} kinds of pages looked at", seen.len());
    let missed = missed(&seen).into_iter().map(|path| format!("{path}: no link leads there"));
    let faults: Vec<String> = faults.into_iter().chain(missed).collect();
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

/// A browser that runs no scripts shows what there is to read.
#[tokio::test(flavor = "multi_thread")]
async fn pages_can_be_read_without_scripts() {
    let app = TestApp::start(Dialect::Sqlite).await;
    assert!(munshi::cli::sample::load(&app.app).await.unwrap());
    app.settle().await;
    let address = serve(&app).await;
    let browser = Browser::open(&address).await;
    browser.run_no_scripts().await;
    browser.sign_in(ADVOCATE.0, ADVOCATE.1).await;
    for path in ["/", "/cases", "/diary", "/clients", "/money", "/time", "/messages", "/deadlines"]
    {
        browser.go(path).await;
        let main = browser.find("main").await.text().await.unwrap();
        assert!(main.len() > 60, "{path} says nothing without scripts: {main}");
    }
    browser.go("/cases").await;
    browser.driver.find(By::Css("main a[href^='/cases/0']")).await.unwrap().click().await.unwrap();
    browser.sees("Hearings").await;
    browser.close().await;
}
