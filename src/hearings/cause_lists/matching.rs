//! Comparing the entries of a list with the chamber's cases.
//!
//! A CNR proves a case, and so does its number before its own court. The names of both
//! sides make a case likely. Each candidate says why it is one.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::names::{Word, fit, sides, words};
use super::numbers::{own, plain_cnr};
use super::parse::ListEntry;
use crate::hearings::store::lists::OursRow;
use crate::kernel::CaseId;

/// How many candidates an entry can have.
const CANDIDATES: usize = 5;
/// From which score on a candidate is shown, in percent.
const SHOWN: u32 = 50;

/// A case of the chamber, made ready to be compared.
struct Ours {
    id: CaseId,
    title: String,
    number: Option<String>,
    court: BTreeSet<String>,
    sides: Vec<BTreeSet<Word>>,
}

/// A case an entry may be about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Likely {
    /// The case.
    pub case_id: CaseId,
    /// Its title.
    pub case_title: String,
    /// The court's number for it.
    pub case_number: Option<String>,
    /// How sure it is, in percent.
    pub score: u32,
    /// Why.
    pub reasons: Vec<&'static str>,
}

/// The chamber's cases, found by what lists name them by.
pub(super) struct Register {
    cases: Vec<Ours>,
    by_cnr: HashMap<String, usize>,
    by_number: HashMap<String, Vec<usize>>,
    by_sound: HashMap<String, Vec<usize>>,
}

/// The words of a court's name that tell it from others.
fn court_words(court: &str) -> BTreeSet<String> {
    let empty = ["court", "of", "at", "the", "in", "new", "judicature", "hon", "ble", "for"];
    let lower = court.to_lowercase();
    let all = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    all.filter(|word| !empty.contains(word))
        .map(|word| match word {
            "mumbai" => "bombay",
            "kolkata" => "calcutta",
            "chennai" => "madras",
            "bengaluru" | "bangalore" => "karnataka",
            other => other,
        })
        .map(str::to_owned)
        .collect()
}

/// Words that say what kind of court it is, and not where it sits.
const KINDS: [&str; 37] = [
    "supreme",
    "high",
    "district",
    "districts",
    "india",
    "courts",
    "and",
    "sessions",
    "civil",
    "criminal",
    "judge",
    "judges",
    "principal",
    "additional",
    "addl",
    "junior",
    "senior",
    "division",
    "chief",
    "judicial",
    "metropolitan",
    "magistrate",
    "family",
    "commercial",
    "labour",
    "tribunal",
    "appellate",
    "commission",
    "national",
    "state",
    "company",
    "law",
    "consumer",
    "disputes",
    "redressal",
    "bench",
    "complex",
];

/// Whether two courts may be the same: of one level, and with a place in common. A court
/// of which nothing is known may be any. Below the High Courts a city has many: where each
/// name has a place the other has not, they are two.
fn may_be_same(one: &BTreeSet<String>, other: &BTreeSet<String>) -> bool {
    if one.is_empty() || other.is_empty() {
        return true;
    }
    let level = |court: &BTreeSet<String>| {
        ["supreme", "high"].into_iter().find(|level| court.contains(*level)).unwrap_or("")
    };
    let places = |court: &BTreeSet<String>| -> BTreeSet<String> {
        court.iter().filter(|word| !KINDS.contains(&word.as_str())).cloned().collect()
    };
    if level(one) != level(other) {
        return false;
    }
    let (here, there) = (places(one), places(other));
    if level(one) == "supreme" || here.is_empty() || there.is_empty() {
        return level(one) == "supreme" || one.intersection(other).next().is_some();
    }
    let two = !here.is_subset(&there) && !there.is_subset(&here);
    here.intersection(&there).next().is_some() && (level(one) == "high" || !two)
}

impl Register {
    pub(super) fn of(rows: Vec<OursRow>) -> Self {
        let mut register = Self {
            cases: Vec::with_capacity(rows.len()),
            by_cnr: HashMap::new(),
            by_number: HashMap::new(),
            by_sound: HashMap::new(),
        };
        for row in rows {
            let at = register.cases.len();
            if let Some(cnr) = &row.cnr {
                register.by_cnr.insert(plain_cnr(cnr), at);
            }
            if let Some(own) = row.number.as_deref().and_then(own) {
                register.by_number.entry(own).or_default().push(at);
            }
            let sides: Vec<_> = sides(&row.title).iter().map(|side| words(side)).collect();
            for word in sides.iter().flatten() {
                let known = register.by_sound.entry(word.sound.clone()).or_default();
                if known.last() != Some(&at) {
                    known.push(at);
                }
            }
            register.cases.push(Ours {
                id: row.id,
                title: row.title,
                number: row.number,
                court: row.court.as_deref().map(court_words).unwrap_or_default(),
                sides,
            });
        }
        register
    }

    /// The cases an entry may be about, the surest first.
    pub(super) fn likely(&self, entry: &ListEntry, court: Option<&str>) -> Vec<Likely> {
        let court = court.map(court_words).unwrap_or_default();
        let mut found: BTreeMap<usize, (u32, Vec<&'static str>)> = BTreeMap::new();
        let mut add = |at: usize, score: u32, reason| {
            let (best, reasons) = found.entry(at).or_default();
            // A second reason makes it surer, and never certain.
            *best = if *best == 0 { score } else { (*best).max(score).saturating_add(5).min(100) };
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        };
        for cnr in &entry.cnrs {
            if let Some(at) = self.by_cnr.get(cnr) {
                add(*at, 100, "the same CNR");
            }
        }
        for (place, number) in entry.numbers.iter().enumerate() {
            let forms = number.forms();
            let known = forms.iter().filter_map(|form| self.by_number.get(form)).flatten();
            for at in known.copied().collect::<BTreeSet<usize>>() {
                let same = self.cases.get(at).is_some_and(|ours| may_be_same(&ours.court, &court));
                let (score, reason) = match (same, place) {
                    (true, 0) => (95, "the same case number"),
                    (true, _) => (90, "its case number is listed with another"),
                    (false, _) => (50, "the same case number, of another court by its name"),
                };
                add(at, score, reason);
            }
        }
        let entry_words = words(&entry.text);
        for at in self.by_names(&entry_words) {
            let Some(ours) = self.cases.get(at) else { continue };
            let fits = fit(&ours.sides, &entry_words);
            if fits > 0.0 {
                let same = may_be_same(&ours.court, &court);
                let most = if same { 80.0 } else { 55.0 };
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "a share of at most 1 times 80"
                )]
                let score = (fits * most) as u32;
                add(at, score, "the names of the parties");
            }
        }
        self.sorted(found)
    }

    /// The cases two of whose words sound like words of an entry.
    fn by_names(&self, entry: &BTreeSet<Word>) -> Vec<usize> {
        let mut hits: HashMap<usize, u32> = HashMap::new();
        for word in entry {
            for at in self.by_sound.get(&word.sound).into_iter().flatten() {
                *hits.entry(*at).or_default() += 1;
            }
        }
        let mut likely: Vec<usize> = hits.into_keys().collect();
        likely.sort_unstable();
        likely
    }

    fn sorted(&self, found: BTreeMap<usize, (u32, Vec<&'static str>)>) -> Vec<Likely> {
        let mut likely: Vec<Likely> = found
            .into_iter()
            .filter(|(_, (score, _))| *score >= SHOWN)
            .filter_map(|(at, (score, reasons))| {
                let ours = self.cases.get(at)?;
                Some(Likely {
                    case_id: ours.id,
                    case_title: ours.title.clone(),
                    case_number: ours.number.clone(),
                    score,
                    reasons,
                })
            })
            .collect();
        likely.sort_by(|a, b| b.score.cmp(&a.score).then_with(|| a.case_id.cmp(&b.case_id)));
        likely.truncate(CANDIDATES);
        likely
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse::entries;
    use super::*;

    fn row(title: &str, number: Option<&str>, court: Option<&str>, cnr: Option<&str>) -> OursRow {
        let own = |text: Option<&str>| text.map(str::to_owned);
        OursRow {
            id: CaseId::new(),
            title: title.to_owned(),
            number: own(number),
            court: own(court),
            cnr: own(cnr),
        }
    }

    fn likely(rows: Vec<OursRow>, line: &str, court: &str) -> Vec<Likely> {
        let entry = entries(line).into_iter().next().unwrap();
        Register::of(rows).likely(&entry, Some(court))
    }

    const DELHI: &str = "High Court of Delhi at New Delhi";

    #[test]
    fn a_number_before_its_own_court_is_surer_than_names() {
        let rows = vec![
            row(
                "Sharma Traders v. Kapoor Textiles",
                Some("CS(COMM) 412/2025"),
                Some("Delhi High Court"),
                None,
            ),
            row(
                "Sharma Traders v. Kapoor Textiles",
                Some("LPA 9/2024"),
                Some("Delhi High Court"),
                None,
            ),
        ];
        let found = likely(rows, "12 CS(COMM) 412/2025 SHARMA TRADERS V. KAPOOR TEXTILES", DELHI);
        assert_eq!(found.len(), 2, "{found:?}");
        assert_eq!(found[0].case_number.as_deref(), Some("CS(COMM) 412/2025"));
        assert_eq!(found[0].reasons, ["the same case number", "the names of the parties"]);
        assert!(found[0].score > found[1].score);
    }

    #[test]
    fn the_same_number_of_another_court_is_doubtful() {
        let rows = vec![row("A v. B", Some("WP 12/2026"), Some("Bombay High Court"), None)];
        let found = likely(rows, "1 W.P. 12/2026 X V. Y", DELHI);
        assert_eq!(found[0].score, 50);
        let rows = vec![row("A v. B", Some("WP 12/2026"), Some("High Court, Mumbai"), None)];
        let found = likely(rows, "1 W.P. 12/2026 X V. Y", "High Court of Bombay");
        assert_eq!(found[0].score, 95);
    }

    #[test]
    fn a_cnr_is_certain_and_a_stranger_is_nothing() {
        let rows = || vec![row("A v. B", None, None, Some("DLCT01-001234-2025"))];
        let found = likely(rows(), "5 CC 9/2025 DLCT010012342025 X VS Y", "District Court, Delhi");
        assert_eq!(
            (found[0].score, found[0].reasons.as_slice()),
            (100, ["the same CNR"].as_slice())
        );
        assert!(likely(rows(), "5 CC 9/2025 X VS Y", "District Court, Delhi").is_empty());
    }

    #[test]
    fn a_word_for_the_kind_of_court_is_no_place() {
        let same = |one: &str, other: &str| may_be_same(&court_words(one), &court_words(other));
        assert!(same("District and Sessions Court, Pune", "District & Sessions Judge, Pune"));
        assert!(!same("District and Sessions Court, Pune", "District and Sessions Court, Delhi"));
        assert!(!same(
            "National Company Law Tribunal, Mumbai",
            "National Company Law Tribunal, Delhi"
        ));
        assert!(same(
            "National Company Law Appellate Tribunal",
            "National Company Law Appellate Tribunal, Delhi"
        ));
        assert!(!same("District Courts, Saket, Delhi", "District Court, Central, Delhi"));
        assert!(same("District Courts, Saket, New Delhi", "District Court, Saket"));
        assert!(same("Kerala High Court, Ernakulam", "High Court of Kerala at Kochi"));
        assert!(!same("High Court of Delhi", "District Court, Delhi"));
    }

    #[test]
    fn a_connected_case_is_found() {
        let rows = vec![row("A v. B", Some("CM APPL. 4567/2023"), Some("Delhi High Court"), None)];
        let found = likely(rows, "3. W.P.(C) 1234/2023 & CM APPL. 4567/2023", DELHI);
        assert_eq!(found[0].reasons, ["its case number is listed with another"]);
    }
}
