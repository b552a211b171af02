//! Prices, reports, reconciliation and bills: no paisa is lost between them.

use axum::http::StatusCode;
use munshi::kernel::{CaseId, Scope};
use munshi::usage::{Account, By, CallFilter, Change, Ended, Outcome, Period, PriceError, Tokens};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use crate::on_both_engines;
use crate::support::pages::Pages;
use crate::support::{Caller, TestApp};

const HEAD: &str = "provider,model,valid_from,input_per_million,cached_per_million,\
    output_per_million,source\n";

async fn set_up(app: &TestApp) -> (Caller, Scope) {
    let admin = app.admin().await;
    let scope = app.app.auth.local_admin().await.unwrap();
    let list = format!(
        "{HEAD}far.example,m,2024-01-01,1234567,123456,7654321,a test\n\
         far.example,n,2024-01-01,98765,9876,345678,a test\n"
    );
    assert_eq!(app.app.usage.import_prices(&scope, &list).await.unwrap(), 2);
    (admin, scope)
}

/// A case of a client.
async fn case_of_client(admin: &Caller, title: &str) -> String {
    let client = admin.post("/api/v1/clients", json!({ "name": title, "kind": "firm" })).await;
    let new = json!({ "title": title, "client_id": client.body["id"] });
    let case = admin.post("/api/v1/cases", new).await;
    case.body["id"].as_str().unwrap_or_else(|| panic!("{case:?}")).to_owned()
}

async fn call(
    app: &TestApp,
    scope: &Scope,
    case: Option<CaseId>,
    model: &str,
    tokens: Tokens,
) -> i64 {
    let account = Account {
        organisation: scope.organisation(),
        user: Some(scope.user()),
        case,
        conversation: None,
        purpose: "answer",
        prompt_hash: None,
    };
    let usage = &app.app.usage;
    let reserved = usage.reserve(&account, "far.example", model, tokens).await.unwrap();
    let ended = Ended { tokens, latency_ms: 3, outcome: Outcome::Answered };
    usage.settle(reserved, ended).await.unwrap().paise.0
}

fn today(app: &TestApp) -> Period {
    let day = app.app.clock.now().date_naive();
    Period { from: day, to: day }
}

/// A column of a CSV of plain numbers, in hundredths.
fn hundredths(csv: &str, from_the_end: usize) -> Vec<i64> {
    let cell = |line: &str| {
        let text = line.rsplit(',').nth(from_the_end).unwrap().replace('.', "");
        text.parse::<i64>().unwrap()
    };
    csv.lines().skip(1).map(cell).collect()
}

on_both_engines! {
    async fn no_paisa_is_lost_between_ledger_report_csv_and_bill(app: TestApp) {
        let (admin, scope) = set_up(&app).await;
        let case = case_of_client(&admin, "Sharma v. Kapoor").await;
        let id: CaseId = case.parse().unwrap();
        let any_call = (any::<bool>(), any::<bool>(), 0..3_000_000_u64, 0..3_000_u64, 0..90_000_u64);
        let mut runner = TestRunner::deterministic();
        let (mut all, mut of_case, mut most) = (0, 0, 0);
        for _ in 0..40 {
            let drawn = any_call.new_tree(&mut runner).unwrap().current();
            let (in_case, other, input, cached, output) = drawn;
            let tokens = Tokens { input, cached: cached.min(input), output, ..Tokens::default() };
            let case = in_case.then_some(id);
            let paise = call(&app, &scope, case, if other { "n" } else { "m" }, tokens).await;
            all += paise;
            of_case += if in_case { paise } else { 0 };
            most = most.max(paise);
        }
        assert!(of_case > 0 && of_case < all && most > 100, "{of_case} of {all}");
        let usage = &app.app.usage;
        for by in [By::Day, By::User, By::Case, By::Model, By::Purpose, By::Provider] {
            let report = usage.report(&scope, today(&app), by).await.unwrap().unwrap();
            let parts: i64 = report.lines.iter().map(|line| line.cost_paise.0).sum();
            assert_eq!((parts, report.total.cost_paise.0), (all, all), "{by:?}");
            let column = hundredths(&report.csv(), 1);
            let (total, lines) = column.split_last().unwrap();
            assert_eq!((lines.iter().sum::<i64>(), *total), (all, all), "{by:?}");
        }
        let stacks = usage.stacks(&scope, today(&app)).await.unwrap();
        assert_eq!(stacks.iter().map(|stack| stack.cost_paise.0).sum::<i64>(), all);
        let filter = CallFilter { case: Some(id), ..CallFilter::of(today(&app)) };
        let csv = usage.calls_csv(&scope, &filter).await.unwrap().unwrap();
        assert_eq!(hundredths(&csv, 2).iter().sum::<i64>(), of_case);

        // Ten clicks at once: one of them puts it on the bill.
        let Period { from, to } = today(&app);
        let path = format!("/api/v1/cases/{case}/model-costs");
        let clicks: Vec<_> = (0..10).map(|_| {
            let (admin, path) = (admin.clone(), path.clone());
            tokio::spawn(async move { admin.post(&path, json!({ "from": from, "to": to })).await })
        }).collect();
        let mut placed = Vec::new();
        for click in clicks {
            let answer = click.await.unwrap();
            match answer.status {
                StatusCode::OK => placed.push(answer.body),
                status => assert_eq!(status, StatusCode::CONFLICT, "{answer:?}"),
            }
        }
        assert_eq!(placed.len(), 1, "{placed:?}");
        assert_eq!(placed[0]["amount_paise"], of_case);
        // What comes later goes on the same draft, on a line of its own.
        let later = call(&app, &scope, Some(id), "m", Tokens { input: 500_000, ..Tokens::default() }).await;
        let second = admin.post(&path, json!({ "from": from, "to": to })).await.body;
        assert_eq!((&second["amount_paise"], &second["calls"]), (&json!(later), &json!(1)));
        assert_eq!(second["invoice_id"], placed[0]["invoice_id"]);
        let lines = app.app.billing.billed_model_costs(&scope).await.unwrap();
        assert_eq!(lines.iter().map(|line| line.amount_paise.0).sum::<i64>(), of_case + later);
    }

    async fn a_case_is_billed_to_its_client_by_who_may_see_it(app: TestApp) {
        let (admin, scope) = set_up(&app).await;
        let lonely = admin.open_case("No client yet").await;
        let Period { from, to } = today(&app);
        let days = json!({ "from": from, "to": to });
        let path = |case: &str| format!("/api/v1/cases/{case}/model-costs");
        let refused = admin.post(&path(&lonely), days.clone()).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "{refused:?}");
        assert!(refused.text.contains("has no client"), "{refused:?}");
        let case = case_of_client(&admin, "Sharma v. Kapoor").await;
        call(&app, &scope, Some(case.parse().unwrap()), "m", Tokens { input: 900_000, ..Tokens::default() }).await;
        let books = app.person("books@example.in", "billing", None).await;
        let advocate = app.person("adv@example.in", "advocate", None).await;
        assert_eq!(advocate.post(&path(&case), days.clone()).await.status, StatusCode::NOT_FOUND);
        let people = admin.get("/api/v1/users").await.body;
        let person = people.as_array().unwrap().iter().find(|one| one["role"] == "billing").unwrap();
        let wall = json!({ "user_id": person["id"], "case_id": case, "reason": "once acted against" });
        assert!(admin.post("/api/v1/walls", wall).await.status.is_success());
        assert_eq!(books.post(&path(&case), days.clone()).await.status, StatusCode::NOT_FOUND);
        // Behind the wall a call says that there is a case, and not which.
        let calls = books.get("/api/v1/usage/calls").await;
        assert_eq!(calls.body["calls"][0]["case_hidden"], true, "{calls:?}");
        assert!(!calls.text.contains("Sharma") && !calls.text.contains(&case), "{calls:?}");
        let narrowed = books.get(&format!("/api/v1/usage/calls?case_id={case}")).await;
        assert_eq!(narrowed.body["calls"], json!([]), "{narrowed:?}");
        let one = calls.body["calls"][0]["id"].as_str().unwrap();
        let one = books.get(&format!("/api/v1/usage/calls/{one}")).await;
        assert_eq!(one.body["case_title"], Value::Null, "{one:?}");
    }

    async fn prices_are_dated_and_what_was_booked_stays(app: TestApp) {
        let (admin, scope) = set_up(&app).await;
        let usage = &app.app.usage;
        let tokens = Tokens { input: 1_000_000, ..Tokens::default() };
        let before = call(&app, &scope, None, "m", tokens).await;
        // From before the call: refused, and nothing of the list is taken.
        let list = format!("{HEAD}far.example,m,2025-01-01,9,9,9,x\nfar.example,z,2025-01-01,9,9,9,x\n");
        let preview = usage.preview_prices(&scope, &list).await.unwrap();
        assert!(matches!(&preview.rows[0].1, Change::Refused(why) if why.contains("booked")), "{preview:?}");
        assert!(matches!(usage.import_prices(&scope, &list).await, Err(PriceError::Refused(_))));
        let posted = admin.post("/api/v1/prices/import", json!({ "list": list })).await;
        assert_eq!(posted.status, StatusCode::UNPROCESSABLE_ENTITY, "{posted:?}");
        // The same date, another price: rows are not edited.
        let edited = format!("{HEAD}far.example,n,2024-01-01,1,1,1,x\n");
        assert!(matches!(usage.import_prices(&scope, &edited).await, Err(PriceError::Refused(_))));
        // A row twice changes nothing.
        let book = usage.price_book(&scope).await.unwrap().unwrap();
        assert_eq!(usage.import_prices(&scope, &book.csv()).await.unwrap(), 0);
        // From now on.
        let now = app.app.clock.now().to_rfc3339();
        let list = format!("{HEAD}far.example,m,{now},2469134,0,0,x\n");
        let shown = admin.post("/api/v1/prices/import", json!({ "list": list, "preview": true })).await;
        assert_eq!((&shown.body["added"], &shown.body["rows"][0]["change"]), (&json!(0), &json!("added")));
        let taken = admin.post("/api/v1/prices/import", json!({ "list": list })).await;
        assert_eq!(taken.body["added"], 1, "{taken:?}");
        let after = call(&app, &scope, None, "m", tokens).await;
        assert!((2 * before - after).abs() <= 1, "{before} {after}");
        let report = usage.report(&scope, today(&app), By::Model).await.unwrap().unwrap();
        assert_eq!(report.total.cost_paise.0, before + after);
    }

    async fn the_rate_of_the_day_is_the_rate_of_the_call(app: TestApp) {
        let (_, scope) = set_up(&app).await;
        let usage = &app.app.usage;
        let tokens = Tokens { input: 1_000_000, ..Tokens::default() };
        let before = call(&app, &scope, None, "n", tokens).await;
        let rate = app.app.config.usage.paise_per_dollar;
        let today = app.app.clock.now().date_naive();
        usage.add_rate(&scope, today, rate * 2, "the bank").await.unwrap();
        let past = usage.add_rate(&scope, today.pred_opt().unwrap(), rate, "the bank").await;
        assert!(matches!(past, Err(PriceError::RatePast)), "{past:?}");
        let after = call(&app, &scope, None, "n", tokens).await;
        assert!((2 * before - after).abs() <= 1, "{before} {after}");
        let rates = usage.rates(&scope).await.unwrap().unwrap();
        assert_eq!(rates.len(), 2, "{rates:?}");
    }

    async fn a_providers_report_is_compared_and_what_cannot_be_read_is_kept(app: TestApp) {
        let (_, scope) = set_up(&app).await;
        let usage = &app.app.usage;
        for _ in 0..2 {
            let tokens = Tokens { input: 1_000, cached: 100, output: 50, ..Tokens::default() };
            call(&app, &scope, None, "m", tokens).await;
        }
        let day = app.app.clock.now().date_naive();
        let report = format!(
            "Date;Model;Requests;Input tokens;Cached input;Output tokens;Cost\n\
             {day};m-2026-01-31;2;2100;200;100;0.01\nnever;m;1;1;1;1;1\n"
        );
        let id = usage.import_provider_report(&scope, "far.example", &report).await.unwrap();
        let found = usage.reconciled(&scope, id).await.unwrap();
        assert_eq!(found.lines.len(), 1, "{found:?}");
        let line = &found.lines[0];
        assert_eq!((line.ours.requests, line.theirs.requests), (2, 2));
        assert_eq!(line.tokens(), (100, Some(476)));
        let ours = line.ours.cost.unwrap().0;
        assert_eq!(line.money().unwrap().0, 10_000 - ours);
        assert_eq!(found.unread.len(), 1);
        assert!(found.unread[0].text.contains("never"), "{:?}", found.unread);
        assert_eq!(usage.provider_reports(&scope).await.unwrap()[0].importer, "Asha Admin");
        assert!(usage.import_provider_report(&scope, "far.example", "a,b\n1,2").await.is_err());
    }

    async fn the_pages_about_costs_work_without_scripts(app: TestApp) {
        let (admin, scope) = set_up(&app).await;
        let case = case_of_client(&admin, "Sharma v. Kapoor").await;
        call(&app, &scope, Some(case.parse().unwrap()), "m", Tokens { input: 900_000, ..Tokens::default() }).await;
        let mut pages = Pages::default();
        pages.sign_in(&app, "admin@example.in").await;
        let costs = pages.get(&app, "/admin/costs?by=model").await;
        assert!(costs.text.contains("<rect class=\"m0\""), "{}", costs.text);
        let csrf = pages.csrf(&app).await;
        let form = [("csrf", csrf.as_str()), ("subject", "chamber"), ("hard", "1,000.50"), ("soft", "1")];
        let set = pages.post(&app, "/admin/costs/budgets", &form).await;
        assert_eq!(set.to(), "/admin/costs/budgets", "{}", set.text);
        let shown = pages.get(&app, "/admin/costs/budgets").await.text;
        assert!(shown.contains("₹1,000.50") && shown.contains("The chamber"), "{shown}");
        let form = [("csrf", csrf.as_str()), ("subject", "chamber"), ("hard", "plenty")];
        let refused = pages.post(&app, "/admin/costs/budgets", &form).await.text;
        assert!(refused.contains("role=\"alert\""), "{refused}");
        let list = format!("{HEAD}far.example,q,2024-01-01,1,1,1,x\n");
        let form = [("csrf", csrf.as_str()), ("list", list.as_str())];
        let preview = pages.post(&app, "/admin/costs/prices", &form).await.text;
        assert!(preview.contains("Take these prices"), "{preview}");
        assert_eq!(pages.post(&app, "/admin/costs/prices/import", &form).await.to(), "/admin/costs/prices");
        let calls = pages.get(&app, "/admin/costs/calls?model=m&provider=far.example").await.text;
        let (_, rest) = calls.split_once("/admin/costs/calls/").unwrap();
        let one = pages.get(&app, &format!("/admin/costs/calls/{}", &rest[..36])).await.text;
        assert!(one.contains("Sharma v. Kapoor") && one.contains("$1.234567 in"), "{one}");
        let Period { from, to } = today(&app);
        let (from, to) = (from.to_string(), to.to_string());
        let form = [("csrf", csrf.as_str()), ("case", case.as_str()), ("from", from.as_str()), ("to", to.as_str())];
        let billed = pages.post(&app, "/admin/costs/bills", &form).await.text;
        assert!(billed.contains("1 calls stand on a new draft bill"), "{billed}");
        let again = pages.post(&app, "/admin/costs/bills", &form).await.text;
        assert!(again.contains("no AI costs in that period"), "{again}");
        let report = format!("date,model,input_tokens,output_tokens\n{from},m,900000,0\n");
        let form = [("csrf", csrf.as_str()), ("provider", "far.example"), ("report", report.as_str())];
        let to = pages.post(&app, "/admin/costs/reconcile", &form).await.to().to_owned();
        assert!(pages.get(&app, &to).await.text.contains("far.example against the ledger"), "{to}");
    }
}
