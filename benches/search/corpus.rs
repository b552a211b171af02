//! The text of the bench: real judgments and contracts, cut into passages, and put
//! together again as documents of many cases of three firms.

use std::fs;
use std::io::Read as _;
use std::path::Path;

use flate2::read::GzDecoder;
use munshi::kernel::{CaseId, ClientId, DocumentId, OrganisationId, PassageId, Scope, VersionId};
use munshi::search::{IndexedAbout, IndexedPassage, IndexedVersion};
use rand::prelude::*;
use rand::rngs::SmallRng;
use regex::Regex;

/// A passage is cut at the first end of a line or sentence after so many bytes.
const PASSAGE: usize = 900;
/// How many passages a document has, at least and at most.
const PER_DOCUMENT: (usize, usize) = (2, 30);
/// Of how many documents one is of another firm.
const FOREIGN: f64 = 0.4;

const COURTS: [&str; 6] = [
    "Supreme Court of India",
    "High Court of Delhi",
    "High Court of Bombay",
    "High Court of Judicature at Allahabad",
    "High Court of Kerala",
    "National Company Law Tribunal",
];
const KINDS: [&str; 6] = ["judgment", "order", "plaint", "affidavit", "agreement", "notice"];
const LANGUAGES: [&str; 3] = ["English", "English", "Hindi"];
const SURNAMES: [&str; 12] = [
    "Sharma", "Iyer", "Khan", "Patel", "Reddy", "Singh", "Das", "Mehta", "Nair", "Bose", "Rao",
    "Gupta",
];

/// Real passages.
pub(crate) struct Corpus {
    pub(crate) passages: Vec<String>,
    citation: Regex,
    section: Regex,
}

impl Corpus {
    /// Reads the corpora of a folder; none of them must be there.
    pub(crate) fn read(data: &Path) -> Self {
        let mut texts = Vec::new();
        for folder in ["judgement", "summary"] {
            let folder = data.join("legal-text/in-sc-judgment-summary").join(folder);
            for file in fs::read_dir(folder).into_iter().flatten().flatten() {
                texts.extend(fs::read_to_string(file.path()).ok());
            }
        }
        for name in ["irled2017-precedent", "irled2017-catchwords", "cuad-spans"] {
            let folder = data.join("retrieval").join(name);
            let lines = lines(&folder);
            texts.extend(lines.lines().filter_map(|line| {
                let row: serde_json::Value = serde_json::from_str(line).ok()?;
                row["text"].as_str().map(str::to_owned)
            }));
        }
        let passages: Vec<String> = texts.iter().flat_map(|text| cut(text)).collect();
        let citation =
            r"AIR (19|20)\d\d SC \d+|\((19|20)\d\d\) \d+ SCC \d+|\[(19|20)\d\d\] \d+ SCR \d+";
        Self {
            passages,
            citation: Regex::new(citation).expect("a pattern"),
            section: Regex::new(r"[Ss]ection (\d+[A-Z]?)").expect("a pattern"),
        }
    }

    /// The citations a text has.
    pub(crate) fn citations(&self, text: &str) -> Vec<String> {
        self.citation.find_iter(text).map(|found| found.as_str().to_owned()).collect()
    }

    /// The sections a text names.
    pub(crate) fn sections(&self, text: &str) -> Vec<String> {
        self.section.captures_iter(text).map(|found| found[1].to_owned()).collect()
    }
}

/// Makes documents of the passages, the same ones for the same seed.
pub(crate) struct Maker<'c> {
    corpus: &'c Corpus,
    random: SmallRng,
    /// The cases of the firm that is searched in, and those of two others.
    firms: Vec<(OrganisationId, Vec<CaseId>)>,
    clients: Vec<ClientId>,
}

impl<'c> Maker<'c> {
    pub(crate) fn new(corpus: &'c Corpus, scope: &Scope, cases: Vec<CaseId>, seed: u64) -> Self {
        let mut firms = vec![(scope.organisation(), cases)];
        for _ in 0..2 {
            firms.push((OrganisationId::new(), (0..300).map(|_| CaseId::new()).collect()));
        }
        let clients = (0..97).map(|_| ClientId::new()).collect();
        Self { corpus, random: SmallRng::seed_from_u64(seed), firms, clients }
    }

    /// A document of passages drawn at random.
    pub(crate) fn document(&mut self) -> IndexedVersion {
        let random = &mut self.random;
        let firm = if random.random_bool(FOREIGN) { random.random_range(1..=2) } else { 0 };
        let (organisation, cases) = &self.firms[firm];
        let nth = random.random_range(0..cases.len());
        let count = random.random_range(PER_DOCUMENT.0..=PER_DOCUMENT.1);
        let drawn: Vec<&str> = (0..count)
            .map(|_| self.corpus.passages.choose(random).map_or("", String::as_str))
            .collect();
        let text = drawn.join("\n\n");
        let name = |random: &mut SmallRng| format!("{} {}", letter(random), surname(random));
        let parties = vec![name(random), name(random)];
        let day = random.random_range(0..12_000);
        let mut cited: Vec<Vec<String>> =
            self.corpus.citations(&text).into_iter().map(|citation| vec![citation]).collect();
        cited.truncate(20);
        let mut statutes: Vec<String> =
            self.corpus.sections(&text).iter().map(|number| format!("s. {number}")).collect();
        statutes.truncate(20);
        let about = IndexedAbout {
            kind: (*KINDS.choose(random).unwrap_or(&"")).to_owned(),
            court: COURTS.choose(random).map(|court| (*court).to_owned()),
            judges: vec![surname(random), surname(random)],
            date: chrono::NaiveDate::from_epoch_days(8_000 + day),
            languages: LANGUAGES
                .choose(random)
                .map(|name| (*name).to_owned())
                .into_iter()
                .collect(),
            case_title: format!("Case {nth}"),
            case_numbers: vec![format!(
                "CRL.A. {}/{}",
                random.random_range(1..5_000),
                2_000 + nth % 25
            )],
            client: Some((self.clients[nth % self.clients.len()], format!("Client {}", nth % 97))),
            statutes,
            cited,
            parties: parties.clone(),
        };
        let passages = drawn.iter().enumerate().map(|(nth, text)| IndexedPassage {
            id: PassageId::new(),
            page: u32::try_from(nth / 3).unwrap_or(0) + 1,
            ordinal: u32::try_from(nth).unwrap_or(0),
            text: (*text).to_owned(),
            heading: None,
        });
        IndexedVersion {
            organisation: *organisation,
            case: cases[nth],
            document: DocumentId::new(),
            version: VersionId::new(),
            title: format!("{} v. {}", parties[0], parties[1]),
            about,
            passages: passages.collect(),
            text,
        }
    }
}

fn letter(random: &mut SmallRng) -> char {
    char::from(b'A' + random.random_range(0..26_u8))
}

fn surname(random: &mut SmallRng) -> String {
    (*SURNAMES.choose(random).unwrap_or(&"")).to_owned()
}

/// The lines of a corpus, whichever way it is packed.
fn lines(folder: &Path) -> String {
    let mut bytes = Vec::new();
    if let Ok(packed) = fs::File::open(folder.join("corpus.jsonl.gz")) {
        let _ = GzDecoder::new(packed).read_to_end(&mut bytes);
    } else if let Ok(packed) = fs::File::open(folder.join("corpus.jsonl.xz")) {
        let _ = lzma_rs::xz_decompress(&mut std::io::BufReader::new(packed), &mut bytes);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Cuts a text into passages.
fn cut(text: &str) -> Vec<String> {
    let mut passages = Vec::new();
    let mut rest = text.trim();
    while rest.len() > PASSAGE {
        let from = rest.floor_char_boundary(PASSAGE);
        let end = rest[from..].find(['\n', '.', '।']).map_or(rest.len(), |at| from + at + 1);
        let end = rest.ceil_char_boundary(end.min(from + PASSAGE).min(rest.len()));
        passages.push(rest[..end].trim().to_owned());
        rest = &rest[end..];
    }
    passages.extend(Some(rest.trim().to_owned()).filter(|last| last.len() > 200));
    passages
}
