//! Budgets: what is set aside and spent never passes a hard line, and people are told.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::http::StatusCode;
use munshi::db::{Dialect, Sql};
use munshi::kernel::{CaseId, Paise, Scope};
use munshi::usage::{
    Account, CallFilter, Ended, Limits, Outcome, Period, ReserveError, Span, Subject, Tokens,
};
use serde_json::json;

use crate::firm::{run, tables};
use crate::support::letters::letters;
use crate::support::scripted_llm::{Script, ScriptedLlm};
use crate::support::{Caller, TestApp};
use crate::{on_both, on_both_engines};

/// A dollar for a million tokens read, two for a million written.
const PRICES: &str = "provider,model,valid_from,input_per_million,cached_per_million,\
    output_per_million,source\n\
    far.example,m,2024-01-01,1000000,100000,2000000,a test\n\
    127.0.0.1,scripted,2024-01-01,1000000000,100000000,2000000000,a test\n";

async fn admin_of(app: &TestApp) -> Scope {
    app.app.auth.local_admin().await.unwrap()
}

/// A chamber with prices.
async fn priced(app: &TestApp) -> (Caller, Scope) {
    let admin = app.admin().await;
    let scope = admin_of(app).await;
    assert_eq!(app.app.usage.import_prices(&scope, PRICES).await.unwrap(), 2);
    (admin, scope)
}

fn account(scope: &Scope, case: Option<CaseId>) -> Account {
    Account {
        organisation: scope.organisation(),
        user: Some(scope.user()),
        case,
        conversation: None,
        purpose: "answer",
        prompt_hash: Some("a hash".to_owned()),
    }
}

fn took(input: u64, output: u64) -> Tokens {
    Tokens { input, output, ..Tokens::default() }
}

fn ended(tokens: Tokens) -> Ended {
    Ended { tokens, latency_ms: 5, outcome: Outcome::Answered }
}

async fn hard(app: &TestApp, scope: &Scope, subject: Subject, span: Span, paise: i64) {
    let limits = Limits { soft: None, hard: Some(Paise(paise)) };
    app.app.usage.set_budget(scope, subject, span, limits).await.unwrap();
}

/// Spent and set aside of the first budget.
async fn standing(app: &TestApp, scope: &Scope) -> (i64, i64) {
    let budgets = app.app.usage.budgets(scope).await.unwrap().unwrap();
    (budgets[0].spent.0, budgets[0].reserved.0)
}

/// Looks at the first budget all the time, until told to stop; gives the most there was.
fn watch(app: &TestApp, scope: &Scope, stop: &Arc<AtomicBool>) -> tokio::task::JoinHandle<i64> {
    let (usage, scope, stop) = (app.app.usage.clone(), scope.clone(), Arc::clone(stop));
    tokio::spawn(async move {
        let mut most = 0;
        while !stop.load(Ordering::SeqCst) {
            let budgets = usage.budgets(&scope).await.unwrap().unwrap();
            most = most.max(budgets[0].spent.0 + budgets[0].reserved.0);
            tokio::task::yield_now().await;
        }
        most
    })
}

on_both_engines! {
    async fn calls_at_once_never_pass_a_hard_line(app: TestApp) {
        let (_, scope) = priced(&app).await;
        // A call costs 176 paise at most (10,000 tokens read, 5,000 written, ₹88 a dollar).
        let rate = app.app.config.usage.paise_per_dollar;
        let worst = (20_000 * rate + 999_999) / 1_000_000;
        hard(&app, &scope, Subject::Chamber, Span::Month, worst * 10).await;
        let stop = Arc::new(AtomicBool::new(false));
        let watcher = watch(&app, &scope, &stop);
        let calls = (0..100_u64).map(|count| {
            let (usage, account) = (app.app.usage.clone(), account(&scope, None));
            tokio::spawn(async move {
                let reserved = usage.reserve(&account, "far.example", "m", took(10_000, 5_000)).await;
                match reserved {
                    Ok(reserved) => {
                        tokio::task::yield_now().await;
                        let tokens = took(10_000, 5_000 - count * 10);
                        usage.settle(reserved, ended(tokens)).await.unwrap();
                        true
                    }
                    Err(ReserveError::Over(words)) => {
                        assert!(words.contains("the chamber's budget"), "{words}");
                        false
                    }
                    Err(error) => panic!("{error}"),
                }
            })
        });
        let calls: Vec<_> = calls.collect();
        let mut made = 0;
        for call in calls {
            made += i64::from(call.await.unwrap());
        }
        stop.store(true, Ordering::SeqCst);
        let most = watcher.await.unwrap();
        assert!(most <= worst * 10, "{most} of {}", worst * 10);
        let (spent, reserved) = standing(&app, &scope).await;
        assert!(made >= 10, "{made}");
        assert_eq!(reserved, 0);
        assert!(spent <= worst * 10 && spent > worst * 5, "{spent}");
    }

    async fn budgets_of_people_and_cases_hold_each_for_its_own(app: TestApp) {
        let (admin, scope) = priced(&app).await;
        let case: CaseId = admin.open_case("Sharma v. Kapoor").await.parse().unwrap();
        hard(&app, &scope, Subject::Case(case), Span::Ever, 0).await;
        let usage = &app.app.usage;
        let tokens = took(1_000_000, 0);
        let refused = usage.reserve(&account(&scope, Some(case)), "far.example", "m", tokens).await;
        let words = refused.err().unwrap().to_string();
        assert!(words.contains("this case's budget for AI does not cover"), "{words}");
        // Elsewhere it does not count.
        let elsewhere = usage.reserve(&account(&scope, None), "far.example", "m", tokens).await;
        usage.settle(elsewhere.unwrap(), ended(tokens)).await.unwrap();
        hard(&app, &scope, Subject::User(scope.user()), Span::Month, 1).await;
        let refused = usage.reserve(&account(&scope, None), "far.example", "m", tokens).await;
        let words = refused.err().unwrap().to_string();
        assert!(words.contains("your budget for AI this month"), "{words}");
        // What costs nothing is never refused.
        let of_case = account(&scope, Some(case));
        let free = usage.reserve(&of_case, "documents", "extractive", took(0, 0)).await;
        usage.settle(free.unwrap(), ended(took(0, 0))).await.unwrap();
    }

    async fn a_model_without_a_price_is_refused_where_a_budget_stands(app: TestApp) {
        let (_, scope) = priced(&app).await;
        let usage = &app.app.usage;
        let unpriced = usage.reserve(&account(&scope, None), "far.example", "new", took(1, 1)).await;
        let cost = usage.settle(unpriced.unwrap(), ended(took(1, 1))).await.unwrap();
        assert!(!cost.priced);
        hard(&app, &scope, Subject::Chamber, Span::Month, 1_000_000).await;
        let refused = usage.reserve(&account(&scope, None), "far.example", "new", took(1, 1)).await;
        let words = refused.err().unwrap().to_string();
        assert!(words.contains("add the price under AI costs"), "{words}");
    }

    async fn cached_tokens_and_reasoning_are_paid_at_their_price(app: TestApp) {
        let (_, scope) = priced(&app).await;
        let usage = &app.app.usage;
        let reserved = usage.reserve(&account(&scope, None), "far.example", "m", took(1_000, 1_000)).await;
        let tokens = Tokens { input: 1_000, cached: 400, output: 500, reasoning: 300, ..Tokens::default() };
        let cost = usage.settle(reserved.unwrap(), ended(tokens)).await.unwrap();
        assert_eq!(cost.microdollars.0, 600 + 40 + 1_000);
    }

    async fn what_a_killed_process_set_aside_is_booked_at_its_worst_and_put_right(app: TestApp) {
        let (_, scope) = priced(&app).await;
        let usage = &app.app.usage;
        hard(&app, &scope, Subject::Chamber, Span::Month, 1_000_000).await;
        let kept = usage.reserve(&account(&scope, None), "far.example", "m", took(1_000_000, 0)).await;
        let kept = kept.unwrap();
        let worst = standing(&app, &scope).await.1;
        assert!(worst > 0);
        // Not yet: it may still be on its way.
        assert_eq!(usage.sweep(Duration::from_hours(1)).await.unwrap(), 0);
        assert_eq!(usage.sweep(Duration::ZERO).await.unwrap(), 1);
        assert_eq!(standing(&app, &scope).await, (worst, 0));
        let today = app.app.clock.now().date_naive();
        let filter = CallFilter::of(Period { from: today, to: today });
        let calls = usage.calls(&scope, &filter, 0).await.unwrap().unwrap().calls;
        assert_eq!((calls[0].outcome.as_str(), calls[0].estimated), ("lost", true));
        // It settles after all.
        let cost = usage.settle(kept, ended(took(1_000, 0))).await.unwrap();
        assert_eq!(standing(&app, &scope).await, (cost.paise.0, 0));
        let calls = usage.calls(&scope, &filter, 0).await.unwrap().unwrap().calls;
        assert_eq!((calls.len(), calls[0].outcome.as_str()), (1, "answered"));
    }

    async fn each_line_is_told_of_once_and_the_asker_sees_it(app: TestApp) {
        let (admin, scope) = priced(&app).await;
        let limits = Limits { soft: Some(Paise(100)), hard: Some(Paise(300)) };
        let usage = &app.app.usage;
        usage.set_budget(&scope, Subject::Chamber, Span::Month, limits).await.unwrap();
        let told = async || {
            letters(&app).await.into_iter().filter(|letter| letter.kind == "budget").count()
        };
        let tokens = took(5_000, 0);
        let mut refused = 0;
        for _ in 0..12 {
            let reserved = usage.reserve(&account(&scope, None), "far.example", "m", tokens).await;
            match reserved {
                Ok(reserved) => {
                    usage.settle(reserved, ended(tokens)).await.unwrap();
                }
                Err(ReserveError::Over(_)) => refused += 1,
                Err(error) => panic!("{error}"),
            }
        }
        assert!(refused > 1, "{refused}");
        assert_eq!(told().await, 2);
        let notice = usage.notice(&scope, None).await.unwrap().unwrap();
        assert!(notice.contains("the chamber's budget for AI this month"), "{notice}");
        let letter = app.app.outbox.latest(&scope, "budget", "admin@example.in").await.unwrap().unwrap();
        assert!(letter.text.contains("hard line"), "{}", letter.text);
        let listed = admin.get("/api/v1/budgets").await;
        assert_eq!(listed.body[0]["hard_paise"], 300, "{listed:?}");
    }

    async fn setting_and_removing_a_budget_is_in_the_record(app: TestApp) {
        let admin = app.admin().await;
        let set = admin.put("/api/v1/budgets", json!({ "hard_paise": 100, "soft_paise": 50 })).await;
        assert_eq!(set.status, StatusCode::OK, "{set:?}");
        let again = admin.put("/api/v1/budgets", json!({ "hard_paise": 200 })).await;
        assert_eq!(again.body["id"], set.body["id"]);
        let listed = admin.get("/api/v1/budgets").await;
        assert_eq!(listed.body.as_array().unwrap().len(), 1, "{listed:?}");
        assert_eq!(listed.body[0]["hard_paise"], 200);
        let wrong = admin.put("/api/v1/budgets", json!({ "hard_paise": 1, "soft_paise": 2 })).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong:?}");
        let record = admin.get("/api/v1/audit?action=costs.budget.set").await;
        let changed = &record.body[0]["details"];
        assert_eq!(changed["before"], json!({ "soft": 50, "hard": 100 }), "{record:?}");
        assert_eq!(changed["after"], json!({ "soft": null, "hard": 200 }), "{record:?}");
        let path = format!("/api/v1/budgets/{}", set.body["id"].as_str().unwrap());
        let advocate = app.person("adv@example.in", "advocate", None).await;
        assert_eq!(advocate.delete(&path).await.status, StatusCode::NOT_FOUND);
        assert_eq!(advocate.get("/api/v1/budgets").await.status, StatusCode::NOT_FOUND);
        assert_eq!(admin.delete(&path).await.status, StatusCode::NO_CONTENT);
        assert_eq!(admin.delete(&path).await.status, StatusCode::NOT_FOUND);
    }

    async fn the_budget_of_a_case_behind_a_wall_has_no_name(app: TestApp) {
        let (admin, scope) = priced(&app).await;
        let case = admin.open_case("Sharma v. Kapoor").await;
        hard(&app, &scope, Subject::Case(case.parse().unwrap()), Span::Ever, 500).await;
        let books = app.person("books@example.in", "billing", None).await;
        let seen = books.get("/api/v1/budgets").await;
        assert_eq!(seen.body[0]["name"], "Sharma v. Kapoor", "{seen:?}");
        let people = admin.get("/api/v1/users").await.body;
        let person = people.as_array().unwrap().iter().find(|one| one["role"] == "billing").unwrap();
        let wall = json!({ "user_id": person["id"], "case_id": case, "reason": "once acted against" });
        assert!(admin.post("/api/v1/walls", wall).await.status.is_success());
        let seen = books.get("/api/v1/budgets").await;
        assert!(!seen.text.contains("Sharma") && !seen.text.contains(&case), "{seen:?}");
    }

    async fn embedding_calls_keep_a_budget_too(app: TestApp) {
        let (_, scope) = priced(&app).await;
        hard(&app, &scope, Subject::Chamber, Span::Month, 0).await;
        let purpose = Account { purpose: "embed.passages", user: None, ..account(&scope, None) };
        let tokens = Tokens { embedded: 1_000_000, ..Tokens::default() };
        let refused = app.app.usage.reserve(&purpose, "far.example", "m", tokens).await;
        assert!(matches!(refused, Err(ReserveError::Over(_))));
        let held = Sql::new("SELECT COUNT(*) FROM reservations");
        let mut tx = tables(&app).await.read().await.unwrap();
        assert_eq!(tx.one::<(i64,)>(held).await.unwrap().0, 0);
    }
}

/// A hundred questions at once against a budget for ten: the rest is answered from the
/// documents, and says why.
async fn a_hundred_questions_at_once_keep_the_budget(dialect: Dialect) {
    let text = "The suit is within limitation [1].";
    let llm = ScriptedLlm::start(vec![Script::say(text); 101]).await.unwrap();
    let settings = format!(
        "llm.base_url = {:?}\nllm.model = \"scripted\"\nllm.api_key = \"k\"\nllm.max_tokens = 64\n\
         llm.connect_secs = 60\nllm.first_token_secs = 60\nllm.idle_secs = 60\n\
         llm.total_secs = 120",
        llm.base_url()
    );
    let app = TestApp::start_with(dialect, &settings).await;
    let (admin, scope) = priced(&app).await;
    let case = admin.open_case("Sharma v. Kapoor").await;
    admin.upload_sample(&case, "sharma-v-kapoor/order-2026-07-17.pdf").await;
    app.settle().await;
    let question = json!({ "question": "What did the court hold on limitation?", "case_id": case });
    let first = admin.post("/api/v1/ask", question.clone()).await.body;
    assert_eq!(first["label"], "Answered by scripted", "{first}");
    hard(&app, &scope, Subject::Chamber, Span::Month, 0).await;
    let one = standing(&app, &scope).await.0;
    assert!(one > 100, "{one}");
    let line = one * 11;
    hard(&app, &scope, Subject::Chamber, Span::Month, line).await;

    let stop = Arc::new(AtomicBool::new(false));
    let watcher = watch(&app, &scope, &stop);
    let asking: Vec<_> = (0..100)
        .map(|_| {
            let (admin, question) = (admin.clone(), question.clone());
            tokio::spawn(async move { admin.post("/api/v1/ask", question).await.body })
        })
        .collect();
    let (mut by_model, mut by_documents) = (0, 0);
    for answer in asking {
        let answer = answer.await.unwrap();
        assert_eq!(answer["status"], "done", "{answer}");
        let label = answer["label"].as_str().unwrap();
        if label.starts_with("Answered by scripted") {
            by_model += 1;
        } else {
            assert!(label.contains("the chamber's budget for AI this month"), "{label}");
            assert!(answer["text"].as_str().unwrap().contains("limitation"), "{answer}");
            by_documents += 1;
        }
    }
    stop.store(true, Ordering::SeqCst);
    let most = watcher.await.unwrap();
    let (spent, reserved) = standing(&app, &scope).await;
    assert!(most <= line && spent <= line, "{most} {spent} of {line}");
    assert_eq!((reserved, by_model + by_documents), (0, 100));
    assert!((1..=10).contains(&by_model), "{by_model}");
    assert_eq!(llm.requests().len(), by_model + 1);
    let report = admin.get("/api/v1/usage?by=model").await.body;
    assert_eq!(report["total"]["cost_paise"], spent, "{report}");
}

/// Money set aside by a process that went away is booked when the next one starts.
async fn a_restart_books_what_was_set_aside(dialect: Dialect) {
    let app = TestApp::start(dialect).await;
    let (admin, scope) = priced(&app).await;
    let of_chamber = account(&scope, None);
    let kept = app.app.usage.reserve(&of_chamber, "far.example", "m", took(1_000_000, 0)).await;
    drop(kept.unwrap());
    drop(admin);
    if dialect == Dialect::Postgres {
        // Where processes may work side by side, only time tells.
        let older = Sql::new("UPDATE reservations SET at = at - INTERVAL '2 hours'");
        run(&tables(&app).await, older).await;
        assert_eq!(app.app.usage.sweep(Duration::from_hours(1)).await.unwrap(), 1);
    }
    let app = app.again("").await;
    let scope = admin_of(&app).await;
    hard(&app, &scope, Subject::Chamber, Span::Month, 1).await;
    let (spent, reserved) = standing(&app, &scope).await;
    assert!(spent > 0 && reserved == 0, "{spent} {reserved}");
}

on_both!(a_hundred_questions_at_once_keep_the_budget a_restart_books_what_was_set_aside);
