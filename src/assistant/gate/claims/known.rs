//! What the grounds of an answer state, to which its claims are held.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use regex::Regex;

use super::amounts::millionths;
use super::{Claim, Day, Stated, cases, find, pinpoints, western};
use crate::assistant::grounds::Grounds;
use crate::kernel::VersionId;

/// What is found of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::assistant::gate) enum Verdict {
    /// The grounds state it.
    Stands,
    /// They do not.
    Strikes,
    /// It cannot be told: not all of the document is in hand.
    Unknown,
}

/// What the passages, the facts and the question state.
#[derive(Debug, Clone, Default)]
pub(in crate::assistant::gate) struct Known {
    dates: HashSet<Day>,
    amounts: HashSet<i64>,
    percents: HashSet<i64>,
    /// Numbers without a sign of money: those of a table have theirs in its head.
    numbers: HashSet<i128>,
    sections: HashSet<String>,
    cases: Vec<(Vec<String>, Vec<String>)>,
    paragraphs: HashSet<u32>,
    pages: HashSet<u32>,
    /// What is known of the documents as wholes.
    wholes: HashMap<VersionId, Whole>,
}

#[derive(Debug, Clone, Default)]
struct Whole {
    paragraphs: HashSet<u32>,
    /// Whether these are all: every page was at hand, and the paragraphs are numbered.
    complete: bool,
    pages: u32,
    /// Whether the pages are all counted.
    counted: bool,
}

static NUMBERS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\d[\d,]*(?:\.\d+)?").ok());

/// The fewest numbered paragraphs that make a numbered document.
const NUMBERED: usize = 3;

impl Known {
    /// Reads what the grounds state.
    pub(in crate::assistant::gate) fn of(grounds: &Grounds) -> Self {
        let mut known = Self::default();
        let mut seen: HashSet<(VersionId, u32)> = HashSet::new();
        for passage in &*grounds.passages {
            for page in &passage.pages {
                if seen.insert((passage.version, page.number)) {
                    known.read(&page.text);
                    let whole = known.wholes.entry(passage.version).or_default();
                    whole.paragraphs.extend(pinpoints::numbered(&page.text));
                    whole.pages = whole.pages.max(page.number);
                }
            }
            known.read(&passage.text);
            known.read(&passage.title);
            known.read(passage.heading.as_deref().unwrap_or_default());
        }
        for fact in &grounds.facts {
            known.read(&fact.title);
            known.read(&fact.text);
        }
        known.read(&grounds.question);
        for numbered in &grounds.numbered {
            let whole = known.wholes.entry(numbered.version).or_default();
            whole.paragraphs.extend(&numbered.paragraphs);
            whole.pages = whole.pages.max(numbered.pages);
            whole.counted = true;
            whole.complete = whole.paragraphs.len() >= NUMBERED && whole.paragraphs.contains(&1);
        }
        known
    }

    fn read(&mut self, text: &str) {
        for Claim { what, .. } in find(text) {
            match what {
                Stated::Date(day) => _ = self.dates.insert(day),
                Stated::Amount(paise) => _ = self.amounts.insert(paise),
                Stated::Percent(share) => _ = self.percents.insert(share),
                Stated::Section(section) => _ = self.sections.insert(section),
                Stated::Paragraphs(numbers) => self.paragraphs.extend(numbers),
                Stated::Pages(numbers) => self.pages.extend(numbers),
                Stated::Case(left, right) => self.cases.push((left, right)),
            }
        }
        self.cases.extend(cases::around(text));
        let digits = western(text);
        let numbers = NUMBERS.iter().flat_map(|shape| shape.find_iter(&digits));
        self.numbers.extend(
            numbers
                .map(|number| number.as_str().trim_end_matches(','))
                .filter(|number| number.len() > 3)
                .filter_map(millionths),
        );
    }

    /// Holds a claim to what is known; `cited` are the versions of the passages that the
    /// sentence cites.
    pub(in crate::assistant::gate) fn hold(&self, claim: &Stated, cited: &[VersionId]) -> Verdict {
        let stands = match claim {
            Stated::Date(day) => self.dates.iter().any(|known| same_day(day, known)),
            Stated::Amount(paise) => {
                let number = i128::from(*paise) * 10_000;
                self.amounts.contains(paise) || self.numbers.contains(&number)
            }
            Stated::Percent(share) => self.percents.contains(share),
            Stated::Section(section) => self.sections.iter().any(|known| {
                known == section
                    || known
                        .strip_prefix(section.as_str())
                        .is_some_and(|rest| rest.starts_with('('))
            }),
            Stated::Case(left, right) => self.names(left, right),
            Stated::Paragraphs(numbers) => return self.paragraphs(numbers, cited),
            Stated::Pages(numbers) => return self.pages(numbers, cited),
        };
        if stands { Verdict::Stands } else { Verdict::Strikes }
    }

    fn names(&self, left: &[String], right: &[String]) -> bool {
        let within = |wanted: &[String], known: &[String]| {
            !wanted.is_empty() && wanted.iter().all(|word| known.contains(word))
        };
        self.cases.iter().any(|(before, after)| within(left, before) && within(right, after))
    }

    fn paragraphs(&self, numbers: &[u32], cited: &[VersionId]) -> Verdict {
        if numbers.iter().all(|number| self.paragraphs.contains(number)) {
            return Verdict::Stands;
        }
        let wholes = self.wholes_of(cited);
        if wholes.iter().any(|whole| numbers.iter().all(|number| whole.paragraphs.contains(number)))
        {
            return Verdict::Stands;
        }
        if !wholes.is_empty() && wholes.iter().all(|whole| whole.complete) {
            return Verdict::Strikes;
        }
        Verdict::Unknown
    }

    fn pages(&self, numbers: &[u32], cited: &[VersionId]) -> Verdict {
        if numbers.iter().all(|number| self.pages.contains(number)) {
            return Verdict::Stands;
        }
        let wholes = self.wholes_of(cited);
        let within = |whole: &&Whole| numbers.iter().all(|n| (1..=whole.pages).contains(n));
        if wholes.iter().any(within) {
            return Verdict::Stands;
        }
        // A report prints its own page numbers, which run higher than the file's.
        let printed = |number: &u32| self.numbers.contains(&(i128::from(*number) * 1_000_000));
        let told = !wholes.is_empty() && wholes.iter().all(|whole| whole.counted);
        if told && !numbers.iter().all(printed) { Verdict::Strikes } else { Verdict::Unknown }
    }

    /// The documents cited; all when none is.
    fn wholes_of(&self, cited: &[VersionId]) -> Vec<&Whole> {
        let named: Vec<&Whole> =
            cited.iter().filter_map(|version| self.wholes.get(version)).collect();
        if named.is_empty() { self.wholes.values().collect() } else { named }
    }
}

/// Whether a date said is the one known, as far as it is said.
fn same_day(said: &Day, known: &Day) -> bool {
    let same = |said: Option<u32>, known: Option<u32>| said.is_none_or(|said| known == Some(said));
    said.month == known.month && same(said.day, known.day) && same(said.year, known.year)
}
