//! A world, made from a seed.

use std::sync::Arc;

use crate::kernel::{
    CaseId, ClientId, DocumentId, OrganisationId, PassageId, Reach, Role, Scope, UserId, VersionId,
};
use crate::search::{IndexedAbout, IndexedPassage, IndexedVersion, Query};
use crate::vectors::Entry;

/// The length of the vectors.
pub(super) const DIMENSIONS: usize = 8;

/// Words that every case may hold; what is secret differs by case.
const WORDS: [&str; 16] = [
    "bail",
    "bailable",
    "refused",
    "granted",
    "section 138",
    "lease",
    "leased",
    "cheque",
    "जमानत",
    "न्यायालय",
    "(2019) 4 SCC 1",
    "2024 INSC 835",
    "costs",
    "s. 302 IPC",
    "notice",
    "M/s ABC",
];

/// What is asked, besides words and phrases of the world.
const QUERIES: [&str; 12] = [
    "bail",
    "bai*",
    "NOT bail",
    "bail refused notice",
    "bail AND NOT refused",
    "(2019) 4 SCC 1",
    "u/s 138",
    "bail w/5 refused",
    "\"bai* refused\"",
    "secret*",
    "जमानत OR cheque",
    "cites: \"2024 INSC 835\" OR lease",
];

/// An authority, and another citation of it.
pub(super) const ASKED: &str = "2024 INSC 835";
pub(super) const PARALLEL: &str = "(2024) 9 SCC 1";

/// Numbers that follow from a seed, so that a world that fails can be made again.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.roll() % limit as u64).unwrap()
    }

    /// True once in so many times.
    fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn of<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len())]
    }
}

/// A few chambers and a caller.
pub(super) struct World {
    pub(super) seed: u64,
    /// Every version that was ever written, in order; of one document the last counts.
    pub(super) written: Vec<IndexedVersion>,
    /// The last of each document, with a vector for each passage.
    pub(super) standing: Vec<(IndexedVersion, Vec<Entry>)>,
    pub(super) scope: Scope,
    pub(super) queries: Vec<(Query, String, Option<CaseId>)>,
}

impl World {
    pub(super) fn new(seed: u64) -> Self {
        let mut dice = Dice(seed);
        let chambers: Vec<(OrganisationId, Vec<CaseId>)> = (0..=dice.below(2))
            .map(|_| (OrganisationId::new(), (0..=dice.below(3)).map(|_| CaseId::new()).collect()))
            .collect();
        let mut written: Vec<IndexedVersion> = Vec::new();
        for _ in 0..2 + dice.below(4) {
            let (organisation, cases) = dice.of(&chambers);
            let case = *dice.of(cases);
            let version = version(&mut dice, *organisation, case);
            // Another version of it may come, and it may be moved.
            if dice.one_in(4) {
                let mut old = version.clone();
                old.version = VersionId::new();
                old.case = *dice.of(cases);
                old.text = format!("{} secretold", old.text);
                for passage in &mut old.passages {
                    passage.id = PassageId::new();
                    passage.text.push_str(" secretold");
                }
                written.push(old);
            }
            written.push(version);
        }
        let mut standing: Vec<(IndexedVersion, Vec<Entry>)> = Vec::new();
        for version in &written {
            standing.retain(|(other, _)| other.document != version.document);
            standing.push((version.clone(), entries(&mut dice, version)));
        }
        let scope = caller(&mut dice, &chambers, &standing);
        let cases: Vec<CaseId> =
            chambers.iter().flat_map(|(_, cases)| cases.iter().copied()).collect();
        let queries = (0..2)
            .map(|nth| {
                let typed = match (nth, dice.below(2)) {
                    (0, _) => (*dice.of(&QUERIES)).to_owned(),
                    (_, 0) => some_words(&mut dice, &standing),
                    _ => format!("\"{}\"", some_words(&mut dice, &standing)),
                };
                let within = dice.one_in(3).then(|| *dice.of(&cases));
                (Query::parse(&typed), typed, within)
            })
            .collect();
        Self { seed, written, standing, scope, queries }
    }

    /// What the caller may see, decided here once more in the plainest way.
    pub(super) fn visible(&self) -> impl Iterator<Item = &(IndexedVersion, Vec<Entry>)> {
        self.standing.iter().filter(|(version, _)| {
            version.organisation == self.scope.organisation()
                && match self.scope.reach() {
                    Reach::Organisation => true,
                    Reach::Cases(cases) => cases.contains(&version.case),
                    Reach::Shared { documents, .. } => documents.contains(&version.document),
                }
        })
    }

    /// An admin of the caller's chamber, in the world of what the caller may see.
    pub(super) fn admin(&self) -> Scope {
        let organisation = self.scope.organisation();
        Scope::granted(organisation, UserId::new(), Role::Admin, Reach::Organisation)
    }
}

fn version(dice: &mut Dice, organisation: OrganisationId, case: CaseId) -> IndexedVersion {
    let count = 1 + u32::try_from(dice.below(2)).unwrap();
    let secret = format!("secret{}", &case.to_string()[30..]);
    let passages: Vec<IndexedPassage> = (0..count)
        .map(|ordinal| {
            let mut text: Vec<&str> = (0..2 + dice.below(4)).map(|_| *dice.of(&WORDS)).collect();
            if dice.one_in(2) {
                text.push(&secret);
            }
            let (page, text) = (ordinal + 1, text.join(" "));
            IndexedPassage { id: PassageId::new(), page, ordinal, text, heading: None }
        })
        .collect();
    let texts: Vec<&str> = passages.iter().map(|passage| passage.text.as_str()).collect();
    // Which citations are of one decision is learned from who prints them side by side.
    let cited = match dice.below(6) {
        0 => vec![vec![ASKED.to_owned()]],
        1 => vec![vec![ASKED.to_owned(), PARALLEL.to_owned()]],
        2 => vec![vec![PARALLEL.to_owned()]],
        _ => Vec::new(),
    };
    IndexedVersion {
        organisation,
        case,
        document: DocumentId::new(),
        version: VersionId::new(),
        title: format!("{} {secret}", dice.of(&WORDS)),
        about: IndexedAbout {
            kind: (*dice.of(&["judgment", "order", ""])).to_owned(),
            court: dice.one_in(2).then(|| (*dice.of(&["Delhi High Court", "Kerala"])).to_owned()),
            parties: vec![secret.clone()],
            cited,
            ..IndexedAbout::default()
        },
        text: texts.join("\n\n"),
        passages: if dice.one_in(12) { Vec::new() } else { passages },
    }
}

fn entries(dice: &mut Dice, version: &IndexedVersion) -> Vec<Entry> {
    let entry = |passage: &IndexedPassage| {
        let number = |dice: &mut Dice| f32::from(i8::try_from(dice.below(200)).unwrap_or(-100));
        let mut vector: Vec<f32> = (0..DIMENSIONS).map(|_| number(dice) + 0.5).collect();
        let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
        for x in &mut vector {
            *x /= length;
        }
        Entry {
            passage: passage.id,
            document: version.document,
            version: version.version,
            case: version.case,
            vector,
        }
    };
    version.passages.iter().map(entry).collect()
}

/// Someone of the first chamber, or someone nobody knows.
fn caller(
    dice: &mut Dice,
    chambers: &[(OrganisationId, Vec<CaseId>)],
    standing: &[(IndexedVersion, Vec<Entry>)],
) -> Scope {
    let (mut organisation, cases) = chambers[0].clone();
    let (role, reach) = match dice.below(8) {
        0 => (Role::Admin, Reach::Organisation),
        1..=3 => {
            // A wall stands before every case they are not let into.
            let open = cases.into_iter().filter(|_| dice.one_in(2)).collect();
            (Role::Advocate, Reach::Cases(Arc::new(open)))
        }
        4..=6 => {
            // Among what is shared may be a document of another chamber, by mistake.
            let documents = standing.iter().filter(|_| dice.one_in(2));
            let documents = documents.map(|(version, _)| version.document).collect();
            let client = ClientId::new();
            (Role::Client, Reach::Shared { client, documents: Arc::new(documents) })
        }
        _ => {
            organisation = OrganisationId::new();
            (Role::Staff, Reach::Cases(Arc::new(cases.into_iter().collect())))
        }
    };
    Scope::granted(organisation, UserId::new(), role, reach)
}

/// Words that stand side by side somewhere, seen or unseen by the caller.
fn some_words(dice: &mut Dice, standing: &[(IndexedVersion, Vec<Entry>)]) -> String {
    let (version, _) = dice.of(standing);
    let words: Vec<&str> = version.text.split_whitespace().collect();
    let first = dice.below(words.len());
    let last = (first + 1 + dice.below(3)).min(words.len());
    words[first..last].join(" ").replace('"', "")
}
