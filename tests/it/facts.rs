//! Answers from the tables: by the question's own words and through a model's tools,
//! under walls and for those who may see money.

use std::sync::Arc;

use chrono::{Days, NaiveDate};
use munshi::app::App;
use munshi::assistant::facts::{Facts, Tables};
use munshi::assistant::llm::ToolCall;
use munshi::assistant::{Evidence, Fact, Gate, GateEvent, Grounds};
use munshi::billing::{Issue, LineKind, NewLine, NewPayment};
use munshi::cases::{CaseError, NewParty, Source};
use munshi::deadlines::{DeadlineError, NewTask, TaskKind};
use munshi::fees::NewTime;
use munshi::hearings::{HearingError, NewHearing};
use munshi::kernel::{CaseId, ClientId, Paise, Scope, VersionId, day_in_india};
use serde_json::{Value, json};

use crate::on_both_engines;
use crate::support::pages::Pages;
use crate::support::{Caller, TestApp};

const SHARMA: &str = "Sharma Traders v. Kapoor Textiles";
const LOTUS: &str = "Lotus Infra LLP v. Greenfield Society";

/// A chamber with two cases: `lead` leads both, `helper` works on the first.
struct Chamber {
    app: TestApp,
    admin: Caller,
    facts: Facts,
    sharma: CaseId,
    lotus: CaseId,
    today: NaiveDate,
}

/// What can be asked of the tables of a service.
fn facts_of(inner: &App) -> Facts {
    Facts::new(Tables {
        clock: Arc::clone(&inner.clock),
        cases: inner.cases.clone(),
        clients: inner.clients.clone(),
        documents: inner.documents.clone(),
        billing: inner.billing.clone(),
        fees: inner.fees.clone(),
        deadlines: inner.deadlines.clone(),
        hearings: inner.hearings.clone(),
        messages: inner.messages.clone(),
    })
}

async fn id_of(app: &TestApp, email: &str) -> String {
    let users = app.admin().await.get("/api/v1/users").await.body;
    let user = users.as_array().unwrap().iter().find(|user| user["email"] == email).unwrap();
    user["id"].as_str().unwrap().to_owned()
}

async fn client(admin: &Caller, name: &str) -> ClientId {
    let new = json!({ "name": name, "kind": "firm", "gst_class": "business_below" });
    let added = admin.post("/api/v1/clients", new).await;
    added.body["id"].as_str().unwrap().parse().unwrap()
}

async fn case(admin: &Caller, title: &str, number: &str, client: ClientId) -> CaseId {
    let new = json!({ "title": title, "number": number, "client_id": client });
    admin.post("/api/v1/cases", new).await.body["id"].as_str().unwrap().parse().unwrap()
}

fn party(name: &str, role: &str, counsel: Option<&str>) -> NewParty {
    let counsel = counsel.map(str::to_owned);
    NewParty { name: name.to_owned(), role: role.to_owned(), ours: counsel.is_none(), counsel }
}

impl Chamber {
    async fn set_up(app: TestApp) -> Self {
        let admin = app.admin().await;
        for email in ["lead@example.in", "helper@example.in"] {
            app.person(email, "advocate", None).await;
        }
        let traders = client(&admin, "M/s Sharma Traders Pvt. Ltd.").await;
        let infra = client(&admin, "Lotus Infra LLP").await;
        let sharma = case(&admin, SHARMA, "CS(COMM) 412/2025", traders).await;
        let lotus = case(&admin, LOTUS, "ARB.P. 771/2026", infra).await;
        for (case, email, role) in [
            (sharma, "lead@example.in", "lead"),
            (lotus, "lead@example.in", "lead"),
            (sharma, "helper@example.in", "member"),
        ] {
            let member = json!({ "user_id": id_of(&app, email).await, "role": role });
            let added = admin.post(&format!("/api/v1/cases/{case}/members"), member).await;
            assert!(added.status.is_success(), "{added:?}");
        }
        let inner = &app.app;
        let facts = facts_of(inner);
        let today = day_in_india(inner.clock.now());
        let chamber = Self { app, admin, facts, sharma, lotus, today };
        chamber.fill().await;
        chamber
    }

    /// Hearings, deadlines, parties, time and an invoice with a part paid.
    async fn fill(&self) {
        let scope = self.scope("lead@example.in").await;
        let (cases, billing) = (&self.app.app.cases, &self.app.app.billing);
        for (case, days, purpose) in [
            (self.sharma, 1, "evidence of the plaintiff"),
            (self.lotus, 1, "reply"),
            (self.sharma, 30, "arguments"),
        ] {
            let mut new = NewHearing::on(self.day(days));
            new.purpose = Some(purpose.to_owned());
            new.bench = Some("Rao J.".to_owned());
            self.app.app.hearings.add(&scope, case, new).await.unwrap();
        }
        for (name, role, counsel) in [
            ("Sharma Traders", "plaintiff", None),
            ("Kapoor Textiles", "defendant", Some("Vikram Bhatia")),
        ] {
            cases.add_party(&scope, self.sharma, party(name, role, counsel)).await.unwrap();
        }
        for (case, title, ago) in
            [(self.sharma, "File the written statement", 3), (self.lotus, "Serve the petition", 2)]
        {
            let new = NewTask {
                case: Some(case),
                kind: TaskKind::Deadline,
                title: title.to_owned(),
                note: None,
                due_on: Some(self.today - Days::new(ago)),
                assignee: None,
                source: None,
            };
            self.app.app.deadlines.add(&scope, new).await.unwrap();
        }
        for case in [self.sharma, self.lotus] {
            let new = NewTime {
                case,
                worked_on: self.today,
                minutes: 90,
                paise_per_hour: Some(Paise(500_000)),
                work: None,
                description: "Conference with the client".to_owned(),
                billable: true,
            };
            self.app.app.fees.add_time(&scope, new, None).await.unwrap();
        }
        let admin = self.scope("admin@example.in").await;
        let profile = json!({
            "supplier_kind": "firm", "legal_name": "Mehta & Rao", "address": "Saket, New Delhi",
            "state_code": "07", "prefix": "MR", "terms_days": 30, "round_to_rupee": false,
        });
        let profile = serde_json::from_value(profile).unwrap();
        billing.set_profile(&admin, profile).await.unwrap();
        for case in [self.sharma, self.lotus] {
            let line = NewLine::of(LineKind::Fee, "Appearance", Paise(12_500_000));
            let (on, due) = (self.today - Days::new(40), self.today - Days::new(10));
            let how = Issue { on: Some(on), due_on: Some(due) };
            let invoice = billing.issue_lines(&admin, (case, vec![line]), how).await.unwrap();
            let client = billing.issued(&admin, invoice.id).await.unwrap().invoice.client_id;
            let new = NewPayment::on(client, invoice.id, Paise(9_000_000), Paise(1_000_000));
            billing.enter_payment(&admin, new).await.unwrap();
        }
    }

    fn day(&self, ahead: u64) -> NaiveDate {
        self.today + Days::new(ahead)
    }

    async fn scope(&self, email: &str) -> Scope {
        self.app.app.auth.scope_of(email).await.unwrap()
    }

    async fn route(&self, email: &str, within: Option<CaseId>, question: &str) -> Option<String> {
        let scope = self.scope(email).await;
        let mut grounds = Grounds::of(Vec::<Evidence>::new().into(), question);
        let text = self.facts.route(&scope, within, question, &mut grounds).await.unwrap()?;
        // What the tables say passes the gate as it is.
        let mut gate = Gate::new(grounds);
        let mut events = gate.push(&text);
        events.extend(gate.finish());
        let mut shown = String::new();
        for event in events {
            match event {
                GateEvent::Text(piece) => shown.push_str(&piece),
                GateEvent::Removed { what, reason } => {
                    panic!("{question}: {what:?} {reason}\n{text}")
                }
                GateEvent::Cited { .. } => {}
            }
        }
        assert_eq!(shown.trim(), text.trim(), "{question}");
        Some(text)
    }

    async fn told(&self, email: &str, question: &str) -> String {
        self.route(email, None, question).await.unwrap_or_else(|| panic!("no route: {question}"))
    }

    async fn call(
        &self,
        email: &str,
        within: Option<CaseId>,
        name: &str,
        arguments: Value,
    ) -> (String, Grounds) {
        let scope = self.scope(email).await;
        let mut grounds = Grounds::of(Vec::<Evidence>::new().into(), "");
        let call = ToolCall { id: "1".into(), name: name.into(), arguments: arguments.to_string() };
        let text = self.facts.call(&scope, within, &call, &mut grounds).await.unwrap();
        (text, grounds)
    }

    async fn wall(&self, email: &str, case: CaseId) {
        let wall = json!({
            "user_id": id_of(&self.app, email).await, "case_id": case, "reason": "acted for the other side",
        });
        let raised = self.admin.post("/api/v1/walls", wall).await;
        assert!(raised.status.is_success(), "{raised:?}");
    }
}

fn written(day: NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}

/// Every tool with arguments that reach as far as they can.
fn widest() -> Vec<(&'static str, Value)> {
    vec![
        ("find_cases", json!({ "words": null, "court": null, "client": null, "status": null })),
        ("hearings", json!({ "case": null, "all_cases": true, "from": null, "to": null })),
        (
            "deadlines",
            json!({ "case": null, "all_cases": true, "overdue": null, "from": null, "to": null }),
        ),
        ("case_details", json!({ "case": "Lotus Infra" })),
        ("next_date", json!({ "case": "ARB.P. 771/2026" })),
        ("case_documents", json!({ "case": LOTUS })),
        ("client_matters", json!({ "client": "Lotus Infra LLP" })),
        ("case_messages", json!({ "case": LOTUS, "with": null, "by_client": null })),
        ("unbilled_time", json!({ "case": null, "all_cases": true })),
        (
            "invoices_and_dues",
            json!({ "case": null, "client": null, "unpaid": null, "all_cases": true }),
        ),
    ]
}

const WIDEST: [&str; 12] = [
    "What is listed tomorrow?",
    "Upcoming hearings",
    "Next date in Lotus v. Greenfield",
    "Next date in ARB.P. 771/2026",
    "Overdue deadlines",
    "My tasks",
    "Which matters of Lotus Infra",
    "Documents in Lotus v. Greenfield",
    "Which court is Lotus v. Greenfield in?",
    "What is unbilled?",
    "Who owes us?",
    "How much does Lotus Infra owe us?",
];

on_both_engines! {
    async fn the_tables_answer_in_their_own_words(app: TestApp) {
        let chamber = Chamber::set_up(app).await;
        let lead = "lead@example.in";
        let tomorrow = chamber.told(lead, "What is listed tomorrow?").await;
        assert!(tomorrow.contains(SHARMA) && tomorrow.contains(LOTUS), "{tomorrow}");
        assert!(tomorrow.contains(&written(chamber.day(1))), "{tomorrow}");
        assert!(tomorrow.contains("evidence of the plaintiff [2]"), "{tomorrow}");
        assert!(!tomorrow.contains("arguments"), "{tomorrow}");
        let nothing = chamber.told(lead, "What is listed on 3 March 2019?").await;
        assert!(nothing.contains("Nothing is listed on 3 March 2019"), "{nothing}");

        let next = chamber.told(lead, "Next date in the Kapoor case").await;
        assert!(next.contains(&written(chamber.day(1))) && !next.contains("arguments"), "{next}");
        let overdue = chamber.told(lead, "Which deadlines are overdue?").await;
        assert!(overdue.contains("File the written statement (deadline), was due on"), "{overdue}");
        let counsel = chamber.told(lead, "Who appears for the defendant in Sharma v. Kapoor?").await;
        assert!(counsel.contains("for whom Vikram Bhatia appears"), "{counsel}");
        assert!(!counsel.contains("plaintiff"), "{counsel}");
        let matters = chamber.told(lead, "Which cases does Sharma Traders have with us?").await;
        assert!(matters.contains("CS(COMM) 412/2025") && !matters.contains("Lotus"), "{matters}");

        let owes = chamber.told(lead, "How much does Sharma Traders owe us?").await;
        assert!(owes.contains("owes ₹ 25,000.00, of which ₹ 25,000.00 is overdue"), "{owes}");
        assert!(owes.contains("Invoice MR/") && owes.contains("/001") && !owes.contains("/002"), "{owes}");
        let unbilled = chamber.told(lead, "What is unbilled in 412/2025?").await;
        assert!(unbilled.contains("In all 1 h 30 min are unbilled, ₹ 7,500.00"), "{unbilled}");
        let invoices = chamber.told(lead, "Invoices of Sharma Traders").await;
        assert!(invoices.contains("₹ 1,25,000.00, paid ₹ 1,00,000.00"), "{invoices}");
    }

    async fn inside_a_case_questions_are_about_it(app: TestApp) {
        let chamber = Chamber::set_up(app).await;
        let (lead, within) = ("lead@example.in", Some(chamber.sharma));
        let next = chamber.route(lead, within, "When is the next hearing?").await.unwrap();
        assert!(next.contains(SHARMA) && !next.contains("Lotus"), "{next}");
        let other = chamber.route(lead, within, "Next date in Lotus v. Greenfield").await.unwrap();
        assert!(other.contains(LOTUS), "{other}");
        let (text, _) = chamber.call(lead, within, "hearings", json!({ "case": null })).await;
        assert!(text.contains(SHARMA) && !text.contains("Lotus"), "{text}");
        let (text, _) = chamber.call(lead, within, "hearings", json!({ "all_cases": true })).await;
        assert!(text.contains(SHARMA) && text.contains("Lotus"), "{text}");
        // What a table does not have the papers may.
        let lotus = Some(chamber.lotus);
        assert_eq!(chamber.route(lead, lotus, "Who appears for the respondent?").await, None);
        assert_eq!(chamber.route(lead, lotus, "What documents are there?").await, None);
        assert_eq!(chamber.route(lead, within, "How much does Kapoor owe?").await, None);
        assert_eq!(chamber.route(lead, None, "Next date in Kaveri Mills").await, None);
    }

    async fn what_is_behind_a_wall_is_in_no_fact(app: TestApp) {
        let chamber = Chamber::set_up(app).await;
        let lead = "lead@example.in";
        // All of it shows before the wall, so that its absence means something.
        for question in WIDEST {
            let text = chamber.told(lead, question).await;
            assert!(text.contains("Lotus") || text.contains("ARB.P."), "{question}: {text}");
        }
        let (before, grounds) = chamber.call(lead, None, "hearings", json!({ "all_cases": true })).await;
        assert!(before.contains("Lotus"), "{before}");
        let scope = chamber.scope(lead).await;
        assert!(chamber.facts.still_open(&scope, &grounds.facts).await.unwrap());

        chamber.wall(lead, chamber.lotus).await;
        let admin = "admin@example.in";
        chamber.wall(admin, chamber.lotus).await;
        for email in [lead, admin, "helper@example.in"] {
            for question in WIDEST {
                let text = chamber.route(email, None, question).await.unwrap_or_default();
                for hidden in ["Greenfield", "771", "/002", "Serve the petition"] {
                    assert!(!text.contains(hidden), "{email}, {question}: {text}");
                }
            }
            for (tool, arguments) in widest() {
                let (text, grounds) = chamber.call(email, None, tool, arguments).await;
                for hidden in ["Greenfield", "771", "/002", "Serve the petition"] {
                    assert!(!text.contains(hidden), "{email}, {tool}: {text}");
                }
                let cases: Vec<_> = grounds.facts.iter().flat_map(Fact::cases).collect();
                assert!(!cases.contains(&chamber.lotus), "{email}, {tool}: {text}");
            }
            let inside = chamber.route(email, Some(chamber.lotus), "When is the next hearing?").await;
            assert_eq!(inside, None, "{email}");
        }
        // Sums are of what is left.
        let owed = chamber.told(admin, "Who owes us?").await;
        assert!(owed.contains("Sharma") && owed.contains("₹ 25,000.00"), "{owed}");
        let scope = chamber.scope(lead).await;
        assert!(!chamber.facts.still_open(&scope, &grounds.facts).await.unwrap());
    }

    async fn money_is_for_those_who_may_see_it(app: TestApp) {
        let chamber = Chamber::set_up(app).await;
        let helper = "helper@example.in";
        for question in [
            "How much does Sharma Traders owe us?",
            "What is unbilled in Sharma v. Kapoor?",
            "Invoices of Sharma Traders",
        ] {
            let text = chamber.told(helper, question).await;
            assert!(text.contains("Ask one of them"), "{question}: {text}");
            assert!(!text.contains('₹'), "{question}: {text}");
        }
        let all = chamber.told(helper, "What is unbilled?").await;
        assert!(!all.contains('₹'), "{all}");
        // Someone of the staff is offered no tool for money, and gets none.
        chamber.app.person("clerk@example.in", "staff", None).await;
        let scope = chamber.scope("clerk@example.in").await;
        assert!(chamber.facts.tools(&scope).iter().all(|tool| !tool.name.contains("invoices")));
        let arguments = json!({ "case": null, "all_cases": true });
        let (text, _) = chamber.call("clerk@example.in", None, "unbilled_time", arguments).await;
        assert!(text.contains("Ask one of them"), "{text}");
        // Those who keep the books see money, and nothing of what is in the cases.
        chamber.app.person("books@example.in", "billing", None).await;
        let owed = chamber.told("books@example.in", "Who owes us?").await;
        assert!(owed.contains("/001") && owed.contains("/002"), "{owed}");
        let listed = chamber.told("books@example.in", "What is listed tomorrow?").await;
        assert!(listed.contains("Nothing is listed"), "{listed}");
        let scope = chamber.scope("books@example.in").await;
        assert!(chamber.app.app.cases.parties(&scope, chamber.sharma).await.unwrap().is_empty());
    }

    async fn every_tool_answers_and_says_what_it_cannot(app: TestApp) {
        let chamber = Chamber::set_up(app).await;
        let lead = "lead@example.in";
        let scope = chamber.scope(lead).await;
        let offered: Vec<&str> = chamber.facts.tools(&scope).iter().map(|tool| tool.name).collect();
        assert_eq!(offered.len(), widest().len());
        for (tool, arguments) in widest() {
            assert!(offered.contains(&tool), "{tool}");
            let (text, grounds) = chamber.call(lead, None, tool, arguments).await;
            let empty = tool == "case_documents";
            assert!(text.contains("Lotus"), "{tool}: {text}");
            assert!(text.contains("[1]") && !grounds.facts.is_empty(), "{tool}: {text}");
            assert!(empty || grounds.facts.iter().all(|fact| fact.href.starts_with('/')), "{text}");
        }
        for (tool, arguments, words) in [
            ("delete_case", json!({}), "There is no tool `delete_case`"),
            ("hearings", json!({ "from": "tomorrow" }), "Days are written YYYY-MM-DD"),
            ("hearings", json!({ "sql": "SELECT 1" }), "do not fit"),
            ("case_details", json!({}), "Name the case"),
            ("case_details", json!({ "case": "Kaveri Mills" }), "Use `find_cases`"),
            ("client_matters", json!({ "client": "Nobody" }), "no client of that name"),
            ("find_cases", json!({ "words": "zebra" }), "No case open to you fits"),
        ] {
            let (text, grounds) = chamber.call(lead, None, tool, arguments).await;
            assert!(text.contains(words), "{tool}: {text}");
            assert!(grounds.facts.is_empty(), "{tool}: {text}");
        }
        // Two cases of one name: the candidates, not a guess.
        case(&chamber.admin, "Sharma Traders v. Union of India", "W.P. 9/2026",
            client(&chamber.admin, "Sharma Traders of Jaipur").await).await;
        let (text, _) = chamber.call("admin@example.in", None, "next_date", json!({ "case": "Sharma Traders" })).await;
        assert!(text.contains("Several cases fit") && text.contains("W.P. 9/2026"), "{text}");
        let asked = chamber.told("admin@example.in", "How much does Sharma Traders owe?").await;
        assert!(asked.contains("Several clients fit") || asked.contains("/001"), "{asked}");
    }

    async fn rows_left_out_are_told_of(app: TestApp) {
        let chamber = Chamber::set_up(app).await;
        let scope = chamber.scope("lead@example.in").await;
        for _ in 0..60 {
            let new = NewHearing::on(chamber.day(5));
            chamber.app.app.hearings.add(&scope, chamber.sharma, new).await.unwrap();
        }
        let (text, _) = chamber.call("lead@example.in", None, "hearings", json!({ "all_cases": true })).await;
        assert!(text.contains("More rows were left out"), "{text}");
        assert_eq!(text.lines().filter(|line| line.starts_with("- ")).count(), 50);
    }

    async fn without_a_model_ask_answers_from_the_tables(app: TestApp) {
        let chamber = Chamber::set_up(app).await;
        let lead = chamber.app.sign_in("lead@example.in").await;
        let ask = |question: &str| lead.post("/api/v1/ask", json!({ "question": question }));
        let answer = ask("What is listed tomorrow?").await.body;
        assert_eq!(answer["status"], "done", "{answer}");
        let text = answer["text"].as_str().unwrap();
        assert!(text.contains(SHARMA) && text.contains(&written(chamber.day(1))), "{answer}");
        assert_eq!(answer["label"], "Answered from the case records without a language model");
        let answer = ask("How much does Sharma Traders owe us?").await.body;
        assert!(answer["text"].as_str().unwrap().contains("₹ 25,000.00"), "{answer}");
        let helper = chamber.app.sign_in("helper@example.in").await;
        let question = json!({ "question": "How much does Sharma Traders owe us?" });
        let answer = helper.post("/api/v1/ask", question).await.body;
        assert!(answer["text"].as_str().unwrap().contains("Ask one of them"), "{answer}");
    }

    async fn entries_are_made_by_those_who_work_on_the_case(app: TestApp) {
        let chamber = Chamber::set_up(app).await;
        let hearings = &chamber.app.app.hearings;
        let helper = chamber.scope("helper@example.in").await;
        let hearing = || NewHearing::on(chamber.day(2));
        // Not on the case: it is not there for them.
        let refused = hearings.add(&helper, chamber.lotus, hearing()).await;
        let closed = matches!(refused, Err(HearingError::Case(CaseError::NotFound)));
        assert!(closed, "{refused:?}");
        let task = |case, assignee, title: &str| NewTask {
            case,
            kind: TaskKind::Task,
            title: title.to_owned(),
            note: None,
            due_on: None,
            assignee,
            source: None,
        };
        let deadlines = &chamber.app.app.deadlines;
        let refused = deadlines.add(&helper, task(Some(chamber.lotus), None, "x")).await;
        let closed = matches!(refused, Err(DeadlineError::Case(CaseError::NotFound)));
        assert!(closed, "{refused:?}");
        let refused = deadlines.add(&helper, task(Some(chamber.sharma), None, "  ")).await;
        assert!(matches!(refused, Err(DeadlineError::Unfit(_))), "{refused:?}");
        // Nobody is given work in a case that is closed to them.
        let admin = chamber.scope("admin@example.in").await;
        let to = Some(helper.user());
        let refused = deadlines.add(&admin, task(Some(chamber.lotus), to, "x")).await;
        assert!(matches!(refused, Err(DeadlineError::Unfit(_))), "{refused:?}");
        // A document of nowhere is the source of nothing.
        let mut new = hearing();
        new.source = Some(Source { version: VersionId::new(), page: Some(1), quote: None });
        let refused = hearings.add(&helper, chamber.sharma, new).await;
        assert!(matches!(refused, Err(HearingError::Unfit(_))), "{refused:?}");
        // A wall that was raised since the caller came in holds all the same.
        chamber.wall("helper@example.in", chamber.sharma).await;
        let refused = hearings.add(&helper, chamber.sharma, hearing()).await;
        let closed = matches!(refused, Err(HearingError::Case(CaseError::NotFound)));
        assert!(closed, "{refused:?}");
        // Each entry is in the record, by its id.
        let recorded = chamber.app.app.audit.recent(&admin).await.unwrap();
        for action in ["hearing.add", "task.add", "party.add", "time.add", "invoice.issue", "payment.record"] {
            assert!(recorded.iter().any(|entry| entry.action == action), "{action}");
        }
    }

    async fn the_pages_of_facts_are_there(app: TestApp) {
        let chamber = Chamber::set_up(app).await;
        let mut pages = Pages::default();
        pages.sign_in(&chamber.app, "lead@example.in").await;
        let page = pages.get(&chamber.app, &format!("/cases/{}", chamber.sharma)).await;
        for words in ["Next date", "evidence of the plaintiff", "File the written statement", "Vikram Bhatia", "₹25,000.00"] {
            assert!(page.text.contains(words), "{words}");
        }
        for (tool, arguments) in widest() {
            let (_, grounds) = chamber.call("lead@example.in", None, tool, arguments).await;
            for fact in grounds.facts {
                let (path, anchor) = fact.href.split_once('#').unwrap_or((fact.href.as_str(), ""));
                let page = pages.get(&chamber.app, path).await;
                assert_eq!(page.status, 200, "{}", fact.href);
                assert!(page.text.contains(&format!("id=\"{anchor}\"")) || anchor.is_empty(), "{}", fact.href);
            }
        }
        let from = chamber.today;
        let diary = pages.get(&chamber.app, &format!("/diary?from={from}&to={}", chamber.day(2))).await;
        assert!(diary.text.contains(LOTUS) && diary.text.contains("Serve the petition"), "{}", diary.text);
        let mut helper = Pages::default();
        helper.sign_in(&chamber.app, "helper@example.in").await;
        let page = helper.get(&chamber.app, &format!("/cases/{}", chamber.sharma)).await;
        assert!(page.text.contains("Vikram Bhatia") && !page.text.contains('₹'), "{}", page.text);
        let dues = helper.get(&chamber.app, "/money").await;
        assert!(!dues.text.contains("MR/"), "{}", dues.text);
        let diary = helper.get(&chamber.app, &format!("/diary?from={from}&case={}", chamber.lotus)).await;
        assert_eq!(diary.status, 404);
    }

    async fn the_sample_chamber_has_days(app: TestApp) {
        assert!(munshi::cli::sample::load(&app.app).await.unwrap());
        let inner = &app.app;
        let facts = facts_of(inner);
        for (email, question, words) in [
            ("karthik.rao@mehtarao.example", "What is listed tomorrow?", "reply of the respondent"),
            ("karthik.rao@mehtarao.example", "What is due today?", "convenience compilation"),
            ("ananya.mehta@mehtarao.example", "Overdue tasks", "certified copy"),
            ("ananya.mehta@mehtarao.example", "How much does Sharma Traders owe us?", "₹ 54,500.00"),
            ("ananya.mehta@mehtarao.example", "What is unbilled?", "In all 4 h are unbilled, ₹ 24,000.00"),
        ] {
            let scope = inner.auth.scope_of(email).await.unwrap();
            let mut grounds = Grounds::of(Vec::<Evidence>::new().into(), question);
            let told = facts.route(&scope, None, question, &mut grounds).await.unwrap();
            assert!(told.as_ref().is_some_and(|told| told.contains(words)), "{question}: {told:?}");
        }
    }
}
