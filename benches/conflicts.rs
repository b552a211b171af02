//! How long a conflict check takes among many names, and how long it takes to enter them.
//!
//! ```text
//! cargo bench --bench conflicts              # 50,000 names
//! cargo bench --bench conflicts -- 5000      # so many, in steps of 5,000
//! ```
//!
//! The names are made of given names and surnames as common as they are in India, one in
//! five of a firm or company, and entered as a chamber would: from lists of cases.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench that cannot go on should stop, and it exists to print"
)]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use munshi::app::{App, Duty, Seams};
use munshi::auth::NewUser;
use munshi::config::Config;
use munshi::conflicts::{Asked, AskedName, Identifiers, Occasion};
use munshi::kernel::{Clock, Role, Scope, SystemClock};

/// How many names there are, when nothing else is said.
const NAMES: usize = 50_000;
/// How many rows a list has.
const LIST: usize = 5_000;
/// How often each name is looked for.
const ROUNDS: usize = 20;
/// How many cases are checked as those of a list are.
const CHECKED: usize = 200;

const GIVEN: [&str; 32] = [
    "Ram",
    "Ramesh",
    "Rajesh",
    "Suresh",
    "Mahesh",
    "Sunita",
    "Anita",
    "Kavita",
    "Harish",
    "Deepak",
    "Sanjay",
    "Vijay",
    "Ajay",
    "Lakshmi",
    "Laxmi",
    "Saraswati",
    "Mohammad",
    "Abdul",
    "Irfan",
    "Harpreet",
    "Gurmeet",
    "Nandini",
    "Venkatesh",
    "Subramanian",
    "Arun",
    "Rohit",
    "Mohit",
    "Usha",
    "Asha",
    "Prakash",
    "Dinesh",
    "Rameshbhai",
];
const MIDDLE: [&str; 8] = ["", "", "", "Kumar", "Lal", "Prasad", "Chandra", "Devi"];
const LAST: [&str; 32] = [
    "Sharma",
    "Sharma",
    "Kumar",
    "Kumar",
    "Singh",
    "Singh",
    "Gupta",
    "Gupta",
    "Verma",
    "Yadav",
    "Khan",
    "Khan",
    "Patel",
    "Patel",
    "Reddy",
    "Rao",
    "Nair",
    "Menon",
    "Iyer",
    "Das",
    "Ghosh",
    "Mukherjee",
    "Banerjee",
    "Chaudhary",
    "Mishra",
    "Pandey",
    "Tiwari",
    "Joshi",
    "Mehta",
    "Shah",
    "Jain",
    "Ansari",
];
const TRADES: [&str; 12] = [
    "Textiles",
    "Traders",
    "Enterprises",
    "Steel",
    "Exports",
    "Builders",
    "Motors",
    "Foods",
    "Chemicals",
    "Infra",
    "Jewellers",
    "Logistics",
];
const FORMS: [&str; 5] = ["Pvt Ltd", "Private Limited", "LLP", "& Sons", "Ltd"];

/// What is looked for: common and rare, short and long, in other scripts, with a number.
const ASKED: [&str; 9] = [
    "Ram Kumar",
    "R. K. Sharma",
    "Smt. Lakshmi Devi Gupta",
    "Rajesh Kumar Sharma s/o Mohan Lal",
    "M/s Sharma Textiles (P) Ltd.",
    "राजेश कुमार शर्मा",
    "રમેશ પટેલ",
    "State of Uttar Pradesh",
    "Zubin Dastur Contractor",
];

#[tokio::main]
async fn main() {
    let wanted = std::env::args().find_map(|word| word.parse().ok()).unwrap_or(NAMES);
    let dir = tempfile::tempdir().expect("a temporary folder");
    let settings = format!("data.dir = {:?}", dir.path().display().to_string());
    let config = Config::from_toml(&settings).expect("good settings");
    let program = env!("CARGO_BIN_EXE_munshi").into();
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let seams = Seams { clock: Arc::clone(&clock), program };
    let app = App::open(config, seams, Duty::Work).await.expect("the service opens");
    let scope = chamber(&app).await;
    let mut made = Made(1);

    let started = Instant::now();
    for list in 0..wanted.div_ceil(LIST) {
        enter(&app, &scope, &mut made, (list, LIST)).await;
    }
    println!("{wanted} names entered from lists in {:.1?}", started.elapsed());

    let started = Instant::now();
    look(&app, &scope, "Nobody At All").await;
    println!("first check, which takes all names in: {:.1?}", started.elapsed());

    println!("{:<36}{:>9}{:>9}{:>9}", "ms", "p50", "p99", "matches");
    for name in ASKED {
        let mut times = Vec::with_capacity(ROUNDS);
        let mut found = 0;
        for _ in 0..ROUNDS {
            let started = Instant::now();
            found = look(&app, &scope, name).await;
            times.push(started.elapsed());
        }
        times.sort();
        let at = |share: usize| ms(times[(times.len() - 1) * share / 100]);
        println!("{name:<36}{:>9.1}{:>9.1}{found:>9}", at(50), at(99));
    }

    let since = clock.now();
    enter(&app, &scope, &mut made, (wanted, CHECKED)).await;
    let started = Instant::now();
    let cases = app.conflicts.check_entered(&scope, since).await.expect("checked");
    let each = ms(started.elapsed()) / f64::from(u32::try_from(cases.max(1)).expect("a few"));
    println!("a list of {cases} cases checked: {each:.1} ms a case");
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

async fn chamber(app: &App) -> Scope {
    let admin = NewUser {
        name: "Bench".into(),
        email: "bench@example.in".into(),
        role: Role::Admin,
        client: None,
        password: "not a secret at all".into(),
    };
    app.auth.set_up("Bench", admin).await.expect("a chamber");
    app.auth.local_admin().await.expect("an admin")
}

/// Enters a list of cases, each with a party of another side.
async fn enter(app: &App, scope: &Scope, made: &mut Made, (list, rows): (usize, usize)) {
    let mut text = String::from("Title,Case no,Court,Opposite party\n");
    for row in 0..rows {
        let name = made.name();
        writeln!(text, "Matter {list}-{row},CS {row}/{},Court {list},{name}", 1980 + list % 40)
            .expect("a text");
    }
    let read = app.cases.read_list(scope, "bench.csv", text.into_bytes()).await;
    let id = read.expect("a list");
    let lines: BTreeSet<usize> = (2..rows + 2).collect();
    let entered = app.cases.enter_list(scope, id, &lines, app).await.expect("entered");
    assert_eq!(usize::try_from(entered.cases).ok(), Some(rows));
}

/// Looks for a name; gives how many matches there are.
async fn look(app: &App, scope: &Scope, name: &str) -> usize {
    let name = AskedName {
        name: name.to_owned(),
        ours: true,
        father: None,
        city: None,
        identifiers: Identifiers::default(),
    };
    let asked = Asked {
        names: vec![name],
        case: None,
        client: None,
        occasion: Occasion::Asked,
        with_counsel: false,
    };
    app.conflicts.ask(scope, asked).await.expect("a check").hits.len()
}

/// Names, the same in every run.
struct Made(u64);

impl Made {
    /// One of them.
    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        // The constants of Knuth's MMIX; the high half is random enough for a bench.
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let high = usize::try_from(self.0 >> 33).expect("half of the bits");
        from[high % from.len()]
    }

    fn name(&mut self) -> String {
        if self.pick(&["", "", "", "", "of a body"]).is_empty() {
            let (given, middle, last) = (self.pick(&GIVEN), self.pick(&MIDDLE), self.pick(&LAST));
            let parts = [given, middle, last].into_iter().filter(|part| !part.is_empty());
            return parts.collect::<Vec<_>>().join(" ");
        }
        let (given, last) = (self.pick(&GIVEN), self.pick(&LAST));
        format!("{given} {last} {} {}", self.pick(&TRADES), self.pick(&FORMS))
    }
}
