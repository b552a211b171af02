//! Random firms, and what everyone in them sees: lists, counts, search, answers, pages,
//! originals, costs and explanations are what a naive reading of the rules says.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use futures_util::stream;
use munshi::assistant::Question;
use munshi::cases::NewCase;
use munshi::db::{Db, Dialect, Sql};
use munshi::documents::{NewShare, Target};
use munshi::kernel::{
    CaseId, CaseRole, ClientId, Clock, DocumentId, GroupId, Role, Scope, SystemClock, UserId,
};
use munshi::search::Request;
use munshi::usage::{By, Period};
use munshi::walls::{NewWall, Subject, What, Who};

use crate::firm::{run, second_firm, tables};
use crate::support::{TestApp, sample};

const WORLDS: u64 = 10;
/// A file whose pages have pictures.
const PICTURES: &str = "sharma-v-kapoor/legal-notice-2024-10-05.pdf";

/// The same numbers each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn one_in(&mut self, sides: usize) -> bool {
        self.roll(sides) == 0
    }
}

struct Person {
    id: UserId,
    role: Role,
    client: Option<usize>,
    active: bool,
}

struct Case {
    id: CaseId,
    title: String,
    client: Option<usize>,
    members: BTreeMap<usize, CaseRole>,
}

struct Document {
    id: DocumentId,
    case: usize,
    title: String,
    /// Whether it is shared with the case's client at this time.
    shared: bool,
    /// Whether its pages have pictures; its text holds nothing that is searched for.
    drawn: bool,
}

/// A firm as it was made.
struct World {
    root: UserId,
    people: Vec<Person>,
    clients: Vec<(ClientId, String)>,
    cases: Vec<Case>,
    documents: Vec<Document>,
    groups: Vec<(GroupId, BTreeSet<usize>)>,
    /// The walls that stand: a person or a group, and a case or a client.
    walls: Vec<(Result<usize, usize>, Result<usize, usize>)>,
}

impl World {
    fn is_walled(&self, person: usize, case: usize) -> bool {
        self.walls.iter().any(|(who, what)| {
            let about = match what {
                Ok(one) => *one == case,
                Err(client) => self.cases[case].client == Some(*client),
            };
            about && self.names(who, person)
        })
    }

    fn names(&self, who: &Result<usize, usize>, person: usize) -> bool {
        match who {
            Ok(one) => *one == person,
            Err(group) => self.groups[*group].1.contains(&person),
        }
    }

    fn opens(&self, person: usize, case: usize) -> bool {
        let member = self.cases[case].members.contains_key(&person);
        match self.people[person].role {
            Role::Admin => !self.is_walled(person, case),
            Role::Advocate | Role::Staff => member && !self.is_walled(person, case),
            Role::Billing | Role::Client => false,
        }
    }

    fn knows(&self, person: usize, case: usize) -> bool {
        let books = self.people[person].role == Role::Billing && !self.is_walled(person, case);
        books || self.opens(person, case)
    }

    fn knows_client(&self, person: usize, client: usize) -> bool {
        let walled =
            self.walls.iter().any(|(who, what)| *what == Err(client) && self.names(who, person));
        let role = self.people[person].role;
        let through_a_case = (0..self.cases.len())
            .any(|case| self.cases[case].client == Some(client) && self.opens(person, case));
        !walled && (matches!(role, Role::Admin | Role::Billing) || through_a_case)
    }

    fn sees(&self, person: usize, document: usize) -> bool {
        let document = &self.documents[document];
        let client = self.people[person].client;
        let portal = client.is_some()
            && client == self.cases[document.case].client
            && document.shared
            && !self.is_walled(person, document.case);
        portal || self.opens(person, document.case)
    }
}

async fn add_person(
    db: &Db,
    firm: uuid::Uuid,
    email: &str,
    role: Role,
    client: Option<ClientId>,
    active: bool,
) -> UserId {
    let id = UserId::new();
    let insert = "INSERT INTO users (id, organisation_id, name, email, role, client_id,
             password_hash, active, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, 'none', $7, $8)";
    let insert = Sql::new(insert)
        .bind(id)
        .bind(firm)
        .bind(email)
        .bind(email)
        .bind(role.as_str())
        .bind(client)
        .bind(active)
        .bind(SystemClock.now());
    run(db, insert).await;
    id
}

/// Makes a firm at random, through the service where it has a use case for it.
async fn make(app: &TestApp, db: &Db, seed: u64) -> World {
    let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let (firm, root) = second_firm(db, &format!("root{seed}@example.in")).await;
    let root = UserId::from(root);
    let scope = app.app.auth.scope_now(root).await.unwrap();
    let mut world = World {
        root,
        people: Vec::new(),
        clients: Vec::new(),
        cases: Vec::new(),
        documents: Vec::new(),
        groups: Vec::new(),
        walls: Vec::new(),
    };
    for number in 0..3 {
        let name = format!("Client {seed} {number}");
        let kind = munshi::clients::Kind::Firm;
        let new = munshi::clients::NewClient::named(name.clone(), kind);
        world.clients.push((app.app.clients.add(&scope, new).await.unwrap().id, name));
    }
    let roles = [
        Role::Admin,
        Role::Advocate,
        Role::Advocate,
        Role::Staff,
        Role::Billing,
        Role::Client,
        Role::Client,
    ];
    for (number, role) in roles.into_iter().enumerate() {
        let client = (role == Role::Client).then(|| dice.roll(3));
        let active = !dice.one_in(8);
        let email = format!("person{number}.{seed}@example.in");
        let id =
            add_person(db, firm, &email, role, client.map(|it| world.clients[it].0), true).await;
        world.people.push(Person { id, role, client, active });
    }
    for number in 0..4 {
        let client = (!dice.one_in(4)).then(|| dice.roll(3));
        let title = format!("Matter {seed} {number}");
        let new = NewCase {
            title: title.clone(),
            number: None,
            court: None,
            cnr: None,
            client_id: client.map(|it| world.clients[it].0),
            summary: None,
            opened_on: None,
        };
        let id = app.app.cases.open(&scope, new).await.unwrap();
        let mut members = BTreeMap::new();
        for person in 1..4 {
            if dice.one_in(2) {
                let role = CaseRole::ALL[dice.roll(3)];
                app.app.cases.set_member(&scope, id, world.people[person].id, role).await.unwrap();
                members.insert(person, role);
            }
        }
        world.cases.push(Case { id, title, client, members });
    }
    fill(app, db, &scope, &mut world, &mut dice, seed).await;
    for number in 0..2 {
        let id = app.app.walls.add_group(&scope, &format!("Group {number}")).await.unwrap();
        let chosen: BTreeSet<usize> = (0..world.people.len()).filter(|_| dice.one_in(3)).collect();
        for person in &chosen {
            app.app.walls.add_to_group(&scope, id, world.people[*person].id).await.unwrap();
        }
        world.groups.push((id, chosen));
    }
    raise(app, &scope, &mut world, &mut dice).await;
    for person in world.people.iter().filter(|person| !person.active) {
        run(db, Sql::new("UPDATE users SET active = FALSE WHERE id = $1").bind(person.id)).await;
    }
    world
}

/// Documents, some shared, some no longer.
async fn fill(
    app: &TestApp,
    db: &Db,
    scope: &Scope,
    world: &mut World,
    dice: &mut Dice,
    seed: u64,
) {
    let pdf = std::fs::read(sample(PICTURES)).unwrap();
    for number in 0..7 {
        let drawn = number == 6;
        let case = dice.roll(world.cases.len());
        let title = format!("paper {seed} {number}");
        let text = format!(
            "The parcel {number} of lot {seed} reached Jaipur with {} bales under seal {}.",
            number * 7 + 3,
            seed * 31 + number
        );
        let bytes = if drawn { pdf.clone() } else { text.into_bytes() };
        let bytes = stream::iter([Ok(axum::body::Bytes::from(bytes))]);
        let target = Target::Case(world.cases[case].id);
        let name = format!("{title}.{}", if drawn { "pdf" } else { "txt" });
        let received = app.app.documents.receive(scope, target, &name, bytes).await;
        let id = received.unwrap().document;
        let mut shared = false;
        if world.cases[case].client.is_some() && dice.one_in(2) {
            let until = dice.one_in(2).then(|| SystemClock.now() + TimeDelta::hours(1));
            let share = NewShare { until, watermark: false, download: true, ..NewShare::default() };
            app.app.portal.share(scope, id, &share).await.unwrap();
            shared = true;
            if dice.one_in(3) {
                let past = SystemClock.now() - TimeDelta::seconds(1);
                let update = "UPDATE document_shares SET expires_at = $1 WHERE document_id = $2";
                run(db, Sql::new(update).bind(past).bind(id)).await;
                shared = false;
            }
        }
        world.documents.push(Document { id, case, title, shared, drawn });
    }
}

/// Walls, some of them lifted again.
async fn raise(app: &TestApp, scope: &Scope, world: &mut World, dice: &mut Dice) {
    for _ in 0..2 + dice.roll(5) {
        let who =
            if dice.one_in(3) { Err(dice.roll(2)) } else { Ok(dice.roll(world.people.len())) };
        let what =
            if dice.one_in(3) { Err(dice.roll(3)) } else { Ok(dice.roll(world.cases.len())) };
        if world.walls.contains(&(who, what)) {
            continue;
        }
        let new = NewWall {
            who: match who {
                Ok(person) => Who::Person(world.people[person].id),
                Err(group) => Who::Group(world.groups[group].0),
            },
            what: match what {
                Ok(case) => What::Case(world.cases[case].id),
                Err(client) => What::Client(world.clients[client].0),
            },
            reason: "at random".to_owned(),
        };
        let id = app.app.walls.raise(scope, new).await.unwrap();
        if dice.one_in(4) {
            app.app.walls.lift(scope, id, "at random").await.unwrap();
        } else {
            world.walls.push((who, what));
        }
    }
}

/// Holds what a person sees of lists, counts, pages and files against the rules.
async fn lists_and_files(app: &TestApp, world: &World, person: usize, scope: &Scope) {
    let said = || format!("{:?} {person}", world.people[person].role);
    let titles = |known: &dyn Fn(usize) -> bool| -> BTreeSet<String> {
        (0..world.cases.len())
            .filter(|case| known(*case))
            .map(|case| world.cases[case].title.clone())
            .collect()
    };
    let listed = app.app.cases.list(scope).await.unwrap();
    let listed: BTreeSet<String> = listed.into_iter().map(|case| case.title).collect();
    assert_eq!(listed, titles(&|case| world.knows(person, case)), "{}", said());
    let clients = app.app.clients.list(scope).await.unwrap();
    let clients: BTreeSet<String> = clients.into_iter().map(|client| client.name).collect();
    let expected: BTreeSet<String> = (0..world.clients.len())
        .filter(|client| world.knows_client(person, *client))
        .map(|client| world.clients[client].1.clone())
        .collect();
    assert_eq!(clients, expected, "{}", said());
    for (number, case) in world.cases.iter().enumerate() {
        assert_eq!(scope.opens(case.id), world.opens(person, number), "{}", said());
        let papers = world.documents.iter().filter(|document| document.case == number).count();
        if let Ok(found) = app.app.cases.find(scope, case.id).await {
            assert!(world.knows(person, number), "{}", said());
            let count = world.opens(person, number).then(|| i64::try_from(papers).unwrap());
            assert_eq!(found.documents, count, "{}", said());
        }
    }
    let seen: BTreeSet<DocumentId> = (0..world.documents.len())
        .filter(|document| world.sees(person, *document))
        .map(|document| world.documents[document].id)
        .collect();
    let recent = app.app.documents.recent(scope).await.unwrap();
    assert_eq!(recent.iter().map(|one| one.id).collect::<BTreeSet<_>>(), seen, "{}", said());
    let coverage = app.app.documents.coverage(scope, None).await.unwrap();
    assert_eq!(usize::try_from(coverage.documents).unwrap(), seen.len(), "{}", said());
    for document in &world.documents {
        let open = seen.contains(&document.id);
        let found = app.app.documents.find(scope, document.id).await;
        assert_eq!(found.is_ok(), open, "{} {}", said(), document.title);
        let page = app.app.documents.page(scope, document.id, 1, 1).await;
        assert_eq!(page.is_ok(), open, "{} {}", said(), document.title);
        let original = app.app.documents.original(scope, document.id, 1).await;
        assert_eq!(original.is_ok(), open, "{} {}", said(), document.title);
        if !document.drawn {
            continue;
        }
        let image = app.app.documents.page_image(scope, document.id, 1, 1, 72).await;
        assert_eq!(image.is_ok(), open, "{} {}", said(), document.title);
    }
}

/// Holds what a person finds, is answered from and is told of costs against the rules.
async fn search_and_answers(app: &TestApp, world: &World, person: usize, scope: &Scope) {
    let said = || format!("{:?} {person}", world.people[person].role);
    let seen: BTreeSet<DocumentId> = (0..world.documents.len())
        .filter(|document| world.sees(person, *document))
        .map(|document| world.documents[document].id)
        .collect();
    let drawn = |id: &DocumentId| {
        world.documents.iter().any(|document| document.id == *id && document.drawn)
    };
    let written: BTreeSet<DocumentId> = seen.iter().copied().filter(|id| !drawn(id)).collect();
    let request = Request { text: "bales".to_owned(), limit: 100, ..Request::default() };
    let found = app.app.search.search(scope, &request).await.unwrap();
    assert_eq!(found.documents, written.len(), "{}", said());
    let hits: BTreeSet<DocumentId> = found.hits.iter().map(|hit| hit.passage.document).collect();
    assert!(hits.is_subset(&seen), "{}", said());
    // Clients do not search: passages are not cut along the pages that were shared.
    let searches = world.people[person].role != Role::Client;
    assert!(!searches || hits.is_superset(&written), "{}", said());
    if matches!(world.people[person].role, Role::Admin | Role::Advocate | Role::Staff) {
        let question =
            Question { text: "What reached Jaipur?".to_owned(), case: None, conversation: None };
        let answer = app.app.assistant.ask_and_wait(scope, question).await.unwrap();
        let sources: BTreeSet<DocumentId> =
            answer.sources.iter().map(|source| source.document_id).collect();
        assert!(sources.is_subset(&seen), "{}", said());
        assert!(written.is_empty() || !sources.is_empty(), "{}", said());
    }
    let today = SystemClock.now().date_naive();
    let period = Period { from: today, to: today };
    let report = app.app.usage.report(scope, period, By::Case).await.unwrap();
    if let Some(report) = report {
        let csv = report.csv();
        for (number, case) in world.cases.iter().enumerate() {
            assert!(!csv.contains(&case.title) || world.knows(person, number), "{}", said());
        }
    }
}

/// Holds what is said of why against the rules.
async fn explanations(app: &TestApp, world: &World, root: &Scope, person: usize) {
    let Person { id, active, .. } = world.people[person];
    for (number, case) in world.cases.iter().enumerate() {
        let why = app.app.walls.explain(root, id, Subject::Case(case.id)).await.unwrap();
        assert_eq!(why.open, active && world.opens(person, number), "{why:?}");
        assert_eq!(why.known, active && world.knows(person, number), "{why:?}");
    }
    for (number, document) in world.documents.iter().enumerate() {
        let why = app.app.walls.explain(root, id, Subject::Document(document.id)).await.unwrap();
        assert_eq!(why.open, active && world.sees(person, number), "{why:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everyone_sees_what_the_rules_say_and_nothing_else() {
    let app = TestApp::start(Dialect::Sqlite).await;
    app.admin().await;
    let db = tables(&app).await;
    let mut worlds = Vec::new();
    for seed in 1..=WORLDS {
        worlds.push(make(&app, &db, seed).await);
    }
    app.settle().await;
    let (mut scopes, mut open, mut walled) = (0, 0, 0);
    for world in &worlds {
        let root = app.app.auth.scope_now(world.root).await.unwrap();
        for person in 0..world.people.len() {
            explanations(&app, world, &root, person).await;
            let scope = app.app.auth.scope_now(world.people[person].id).await;
            assert_eq!(scope.is_ok(), world.people[person].active);
            let Ok(scope) = scope else { continue };
            lists_and_files(&app, world, person, &scope).await;
            search_and_answers(&app, world, person, &scope).await;
            scopes += 1;
            open += (0..world.documents.len()).filter(|one| world.sees(person, *one)).count();
            walled += (0..world.cases.len()).filter(|one| world.is_walled(person, *one)).count();
        }
    }
    println!("{scopes} people in {WORLDS} firms: {open} documents open, {walled} cases walled off");
    assert!(
        scopes > 40 && open > 50 && walled > 10,
        "{scopes} {open} {walled}: the dice are loaded"
    );
}
