//! What is searched: a chamber with a thousand cases, and vectors in clusters.

use std::path::Path;
use std::sync::Arc;

use munshi::app::{App, Duty, Seams};
use munshi::auth::NewUser;
use munshi::cases::NewCase;
use munshi::config::Config;
use munshi::kernel::{
    CaseId, CaseRole, DocumentId, PassageId, Role, Scope, SystemClock, VersionId,
};
use munshi::vectors::Entry;

/// The length of the vectors: that of the model in the process.
pub(crate) const DIMENSIONS: usize = 384;
/// How many cases there are.
pub(crate) const CASES: usize = 1_000;
/// Every so many cases the advocate is on one.
const MEMBER_OF_EVERY: usize = 100;
/// How many clusters the vectors lie in.
const CLUSTERS: usize = 400;
/// How far the vectors of a cluster scatter about its middle, for each number.
const SCATTER: f32 = 0.8;
/// How many passages a version has.
const PASSAGES: usize = 25;

/// A chamber, for the scopes of its people.
pub(crate) struct Chamber {
    /// Sees everything.
    pub(crate) admin: Scope,
    /// Sees one case in a hundred.
    pub(crate) advocate: Scope,
    /// The cases.
    pub(crate) cases: Vec<CaseId>,
    _app: App,
}

impl Chamber {
    /// Opens a chamber in a folder, with its cases and its two people.
    pub(crate) async fn open(dir: &Path) -> Self {
        let nowhere = dir.join("no-model").display().to_string();
        let data = dir.join("data").display().to_string();
        let settings = format!("data.dir = {data:?}\nembeddings.model_dir = {nowhere:?}");
        let config = Config::from_toml(&settings).expect("good settings");
        let program = env!("CARGO_BIN_EXE_munshi").into();
        let seams = Seams { clock: Arc::new(SystemClock), program };
        let app = App::open(config, seams, Duty::Work).await.expect("the service opens");
        app.auth.set_up("Bench", person("admin", Role::Admin)).await.expect("a chamber");
        let admin = app.auth.local_admin().await.expect("an admin");
        let member = app.auth.add_user(&admin, person("advocate", Role::Advocate)).await;
        let member = member.expect("an advocate");
        let mut cases = Vec::with_capacity(CASES);
        for number in 0..CASES {
            let new = NewCase {
                title: format!("Case {number}"),
                number: None,
                court: None,
                cnr: None,
                client_id: None,
                summary: None,
                opened_on: None,
            };
            let case = app.cases.open(&admin, new).await.expect("a case");
            if number % MEMBER_OF_EVERY == 0 {
                app.cases
                    .set_member(&admin, case, member.id, CaseRole::Member)
                    .await
                    .expect("a member");
            }
            cases.push(case);
        }
        let advocate = app.auth.scope_of("advocate@example.in").await.expect("a scope");
        Self { admin, advocate, cases, _app: app }
    }
}

fn person(name: &str, role: Role) -> NewUser {
    NewUser {
        name: name.into(),
        email: format!("{name}@example.in"),
        role,
        client: None,
        password: "not a secret at all".into(),
    }
}

/// Vectors, the same in every run, and what was made of them so far.
pub(crate) struct Made {
    scatter: Scatter,
    middles: Vec<Vec<f32>>,
    count: usize,
    all: Vec<(PassageId, Vec<f32>)>,
}

impl Made {
    /// The clusters, with nothing in them yet.
    pub(crate) fn new() -> Self {
        let mut scatter = Scatter(1860);
        let middles =
            (0..CLUSTERS).map(|_| (0..DIMENSIONS).map(|_| scatter.next()).collect()).collect();
        Self { scatter, middles, count: 0, all: Vec::new() }
    }

    /// The versions of a case with so many passages.
    pub(crate) fn case(&mut self, case: CaseId, passages: usize) -> Vec<(VersionId, Vec<Entry>)> {
        let mut versions = Vec::new();
        let mut left = passages;
        while left > 0 {
            let (document, version) = (DocumentId::new(), VersionId::new());
            let count = left.min(PASSAGES);
            let entries = (0..count).map(|_| {
                let (passage, vector) = (PassageId::new(), self.vector());
                self.all.push((passage, vector.clone()));
                Entry { passage, document, version, case, vector }
            });
            versions.push((version, entries.collect()));
            left -= count;
        }
        versions
    }

    /// The next vector.
    pub(crate) fn vector(&mut self) -> Vec<f32> {
        let middle = &self.middles[self.count % CLUSTERS];
        self.count += 1;
        near(middle, &mut self.scatter)
    }

    /// So many questions, each about the subject of a cluster; always the same.
    pub(crate) fn questions(&self, count: usize) -> Vec<Vec<f32>> {
        let mut scatter = Scatter(1872);
        (0..count).map(|number| near(&self.middles[number % CLUSTERS], &mut scatter)).collect()
    }

    /// The nearest of all that was made, by comparing every vector exactly.
    pub(crate) fn nearest(&self, question: &[f32], k: usize) -> Vec<PassageId> {
        let dot = |vector: &[f32]| -> f32 { vector.iter().zip(question).map(|(x, y)| x * y).sum() };
        let mut all: Vec<(f32, PassageId)> =
            self.all.iter().map(|(passage, vector)| (dot(vector), *passage)).collect();
        all.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
        all.truncate(k);
        all.into_iter().map(|(_, passage)| passage).collect()
    }
}

/// A vector of length one about the middle of a cluster.
fn near(middle: &[f32], scatter: &mut Scatter) -> Vec<f32> {
    let mut vector: Vec<f32> = middle.iter().map(|x| x + SCATTER * scatter.next()).collect();
    let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
    for x in &mut vector {
        *x /= length;
    }
    vector
}

/// Numbers between minus one and one that scatter evenly, the same in every run.
struct Scatter(u64);

impl Scatter {
    fn next(&mut self) -> f32 {
        let (step, shift) = (6_364_136_223_846_793_005, 1_442_695_040_888_963_407);
        self.0 = self.0.wrapping_mul(step).wrapping_add(shift);
        let bits = u16::try_from(self.0 >> 48).expect("sixteen bits");
        f32::from(bits) / f32::from(u16::MAX) * 2.0 - 1.0
    }
}
