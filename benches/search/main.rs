//! How fast search by words is on a million passages, beside the bare engine.
//!
//! ```text
//! cargo bench --bench search
//! ```
//!
//! The passages are of real judgments and contracts (`legal-text` and `retrieval` in
//! `../shared/data`, or in the folder that `MUNSHI_TEST_DATA` names), put together
//! anew as documents of 1,300 cases of three firms. The caller is an advocate with
//! 400 of the 1,000 cases of one firm. The index is built once, in the folder that
//! `MUNSHI_BENCH_CACHE` names, or else in the folder for temporary files;
//! `MUNSHI_BENCH_PASSAGES` asks for fewer passages.
//!
//! The engine alone is asked the nearest query that its own query types make, under
//! the same scope, for the same things: how many documents match, and the best twenty
//! passages. The ratio is of the mean times.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench that cannot go on should stop, and it exists to print"
)]
#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "figures are printed with a few digits"
)]

use std::collections::BTreeSet;
use std::sync::Arc;

use munshi::app::{App, Duty, Seams};
use munshi::auth::NewUser;
use munshi::cases::NewCase;
use munshi::config::Config;
use munshi::kernel::{CaseId, Role, Scope, SystemClock};

mod asked;
mod corpus;
mod raw;
mod run;

/// How many cases the firm has, and the advocate.
const CASES: usize = 1_000;
const OPEN: usize = 400;

#[tokio::main]
async fn main() {
    let setting = run::Setting::of_environment();
    let (scope, cases) = caller(&setting).await;
    run::run(&setting, &scope, &cases);
}

/// An advocate, and all cases of the firm; made once and kept with the index.
async fn caller(setting: &run::Setting) -> (Scope, BTreeSet<CaseId>) {
    let data = setting.cache.join(format!("search-{}-firm", setting.passages));
    std::fs::create_dir_all(&data).expect("a folder");
    let settings = format!("data.dir = {:?}", data.display().to_string());
    let config = Config::from_toml(&settings).expect("good settings");
    let program = env!("CARGO_BIN_EXE_munshi").into();
    let seams = Seams { clock: Arc::new(SystemClock), program };
    let app = App::open(config, seams, Duty::Work).await.expect("the service opens");
    let person = |role, email: &str| NewUser {
        name: "Bench".into(),
        email: email.into(),
        role,
        client: None,
        password: "not a secret at all".into(),
    };
    if app.auth.local_admin().await.is_err() {
        let admin = person(Role::Admin, "admin@example.in");
        app.auth.set_up("Bench", admin).await.expect("a chamber");
    }
    let admin = app.auth.local_admin().await.expect("an admin");
    if app.cases.list(&admin).await.expect("cases").is_empty() {
        let new = person(Role::Advocate, "advocate@example.in");
        app.auth.add_user(&admin, new).await.expect("an advocate");
        let advocate = app.auth.scope_of("advocate@example.in").await.expect("an advocate");
        for nth in 0..CASES {
            let new = NewCase {
                title: format!("Case {nth}"),
                number: None,
                court: None,
                cnr: None,
                client_id: None,
                summary: None,
                opened_on: None,
            };
            let by = if nth % CASES < OPEN { &advocate } else { &admin };
            app.cases.open(by, new).await.expect("a case");
        }
    }
    let cases = app.cases.list(&admin).await.expect("cases");
    let scope = app.auth.scope_of("advocate@example.in").await.expect("an advocate");
    (scope, cases.into_iter().map(|case| case.id).collect())
}
