//! The index against a naive search, and what is asked of fields and dates.

use std::collections::BTreeSet;
use std::ops::Range;

use chrono::NaiveDate;
use proptest::prelude::*;
use tantivy::collector::{Count, TopDocs};
use tantivy::indexer::NoMergePolicy;
use tantivy::{IndexWriter, TantivyDocument};

use super::super::schema::{ANALYSER, Analyser, Fields, PAGE, schema};
use super::super::translate::Places;
use crate::search::{Query, highlight};
use naive::{Ask, Made, NEAR, WILD, WORDS, spots, written};

mod naive;

/// An index in memory, of entries that are numbered.
struct Shelf {
    index: tantivy::Index,
    fields: Fields,
}

impl Shelf {
    /// Puts entries on the shelf, half of them in a segment of their own.
    fn of(entries: impl IntoIterator<Item = TantivyDocument>) -> Self {
        let (schema, fields) = schema();
        let index = tantivy::Index::create_in_ram(schema);
        index.tokenizers().register(ANALYSER, Analyser);
        let mut writer: IndexWriter = index.writer_with_num_threads(1, 15_000_000).unwrap();
        writer.set_merge_policy(Box::new(NoMergePolicy));
        for (nth, mut entry) in (0..).zip(entries) {
            entry.add_u64(fields.columns.page, nth);
            writer.add_document(entry).unwrap();
            if nth == 2 {
                writer.commit().unwrap();
            }
        }
        writer.commit().unwrap();
        Self { index, fields }
    }

    fn with(texts: impl IntoIterator<Item = String>) -> Self {
        let fields = schema().1;
        Self::of(texts.into_iter().map(|text| {
            let mut entry = TantivyDocument::new();
            entry.add_text(fields.text, text);
            entry
        }))
    }

    /// The entries of which a query is true.
    fn find(&self, typed: &str) -> BTreeSet<usize> {
        let query = Query::parse(typed);
        let places = Places::titled(self.fields.title, self.fields.text);
        let engine = places.holds(query.root().unwrap()).unwrap();
        let searcher = self.index.reader().unwrap().searcher();
        let best = TopDocs::with_limit(100).order_by_score();
        let (count, best) = searcher.search(&engine, &(Count, best)).unwrap();
        let found: BTreeSet<usize> = best
            .iter()
            .map(|(score, address)| {
                assert!(score.is_finite() && *score >= 0.0, "{typed}: {score}");
                let segment = searcher.segment_reader(address.segment_ord);
                let numbers = segment.fast_fields().u64(PAGE).unwrap();
                usize::try_from(numbers.first(address.doc_id).unwrap()).unwrap()
            })
            .collect();
        assert_eq!(count, found.len(), "{typed}");
        assert_eq!(searcher.search(&engine, &Count).unwrap(), count, "{typed}");
        found
    }
}

fn made() -> impl Strategy<Value = Made> {
    let sentence = prop::collection::vec(0..WORDS.len(), 1..6);
    prop::collection::vec(prop::collection::vec(sentence, 1..3), 1..3)
}

fn ask() -> impl Strategy<Value = Ask> {
    let leaf = prop_oneof![
        4 => (0..WORDS.len()).prop_map(Ask::Word),
        1 => prop::collection::vec(0..WORDS.len(), 1..3).prop_map(Ask::Phrase),
        1 => (0..WILD.len()).prop_map(|nth| WILD[nth].clone()),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        let near = (inner.clone(), prop::sample::select(&NEAR[..]), inner.clone());
        prop_oneof![
            1 => prop::collection::vec(inner.clone(), 2..3).prop_map(Ask::And),
            1 => prop::collection::vec(inner.clone(), 2..3).prop_map(Ask::Or),
            1 => inner.prop_map(|inner| Ask::Not(Box::new(inner))),
            4 => near.prop_map(|(left, how, right)| Ask::Near(Box::new(left), how, Box::new(right))),
        ]
    })
}

/// Marks in bytes as the first and last word of each.
fn as_words(marks: &[Range<usize>], words: &[Range<usize>]) -> Vec<(usize, usize)> {
    let inside = |mark: &Range<usize>| {
        let first = words.iter().position(|word| word.start == mark.start).unwrap();
        (first, words.iter().position(|word| word.end == mark.end).unwrap())
    };
    marks.iter().map(inside).collect()
}

/// Joins marks that share a word.
fn joined(marks: BTreeSet<(usize, usize)>) -> Vec<(usize, usize)> {
    let mut joined: Vec<(usize, usize)> = Vec::new();
    for (first, last) in marks {
        match joined.last_mut() {
            Some(before) if first <= before.1 => before.1 = before.1.max(last),
            _ => joined.push((first, last)),
        }
    }
    joined
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn the_index_finds_and_marks_what_a_naive_search_does(
        texts in prop::collection::vec(made(), 4..8),
        asked in prop::collection::vec(ask(), 12),
    ) {
        let shelf = Shelf::with(texts.iter().map(|made| written(made).0));
        for ask in asked {
            let typed = ask.typed();
            let query = Query::parse(&typed);
            prop_assert_eq!(query.suggestions(), &[], "{}", typed);
            let spread = ask.spread();
            let expected: BTreeSet<usize> = (0..texts.len())
                .filter(|&nth| spread.is_true_of(&spots(&texts[nth])))
                .collect();
            prop_assert_eq!(shelf.find(&typed), expected, "{} in {:?}", typed, texts.iter().map(|made| written(made).0).collect::<Vec<_>>());
            for made in &texts {
                let (text, words) = written(made);
                let marked = as_words(&highlight(&text, &query), &words);
                let expected = joined(spread.marks(&spots(made)));
                prop_assert_eq!(marked, expected, "{} in {}", typed, text);
            }
        }
    }
}

/// A document as it is described in fields.
fn described(
    court: &str,
    parties: &[&str],
    cites: &[&str],
    sections: &[&str],
    date: Option<(i32, u32, u32)>,
) -> TantivyDocument {
    let fields = schema().1;
    let mut entry = TantivyDocument::new();
    entry.add_text(fields.text, "the bail application was heard");
    entry.add_text(fields.court, court);
    for (field, values) in
        [(fields.party, parties), (fields.cites, cites), (fields.section, sections)]
    {
        for value in values {
            entry.add_text(field, value);
        }
    }
    if let Some((year, month, day)) = date {
        let date = NaiveDate::from_ymd_opt(year, month, day).unwrap();
        let days = date.signed_duration_since(NaiveDate::default()).num_days();
        entry.add_i64(fields.date, days);
    }
    entry
}

#[test]
fn fields_and_dates_narrow_what_is_found() {
    let shelf = Shelf::of([
        described(
            "Delhi High Court",
            &["Ram Lal", "State of Kerala"],
            &["(2019) 4 SCC 1", "2024 INSC 835"],
            &["NI Act s. 138", "CrPC s. 482"],
            Some((2023, 4, 5)),
        ),
        described(
            "Bombay High Court",
            &["Lal Chand"],
            &["AIR 1973 SC 1461"],
            &["IPC s. 302", "NI Act s. 141"],
            Some((2020, 12, 31)),
        ),
        described("Supreme Court of India", &[], &[], &["BNS s. 103(1)", "IPC s. 138"], None),
        described("Delhi District Court", &["Lal"], &["(2018) 4 SCC 1"], &[], Some((1969, 1, 2))),
    ]);
    for (typed, expected) in [
        ("court:delhi", &[0, 3][..]),
        ("COURT:Delhi", &[0, 3]),
        ("court:\"high court\"", &[0, 1]),
        ("court:\"delhi court\"", &[]),
        ("court:(delhi OR bombay)", &[0, 1, 3]),
        ("court:(delhi district)", &[3]),
        ("court:(delhi NOT district)", &[0]),
        ("court:del*", &[0, 3]),
        ("court:(high w/1 court)", &[0, 1]),
        ("-court:delhi", &[1, 2]),
        ("party:lal", &[0, 1, 3]),
        ("party:\"ram lal\"", &[0]),
        // The end of one party and the beginning of the next are not side by side.
        ("party:\"lal state\"", &[]),
        ("cites:\"2024 INSC 835\"", &[0]),
        ("cites:(2019) 4 SCC 1", &[0]),
        ("cites:\"(2019) 4 S.C.C. 1\"", &[0]),
        ("cites:(2019) 4 SCC 1 bail", &[0]),
        ("cites:(2019) 4 SCC 1 parole", &[]),
        ("cites:AIR 1973 SC 1461", &[1]),
        ("section:138", &[0, 2]),
        ("section:\"138 NI Act\"", &[0]),
        ("section:\"s. 138 N.I. Act\"", &[0]),
        ("section:\"302 IPC\"", &[1]),
        // The section of one law and the name of another are not one value.
        ("section:\"482 NI Act\"", &[]),
        ("section:103", &[2]),
        ("date:2023", &[0]),
        ("date:2023-04", &[0]),
        ("date:5.4.2023", &[0]),
        ("date:\"5 April 2023\"", &[0]),
        ("date:2020..2023", &[0, 1]),
        ("year:2020", &[1]),
        ("date:<1970-01-01", &[3]),
        ("date:>=2020-12-31", &[0, 1]),
        ("after:2020", &[0]),
        ("before:2020-12-31", &[3]),
        ("NOT date:2023", &[1, 2, 3]),
        ("court:delhi bail after:2000", &[0]),
        ("bail OR date:2023", &[0, 1, 2, 3]),
        ("court:delhi OR year:2020", &[0, 1, 3]),
    ] {
        let found = shelf.find(typed);
        let expected: BTreeSet<usize> = expected.iter().copied().collect();
        assert_eq!(found, expected, "{typed}: {}", Query::parse(typed).reading());
        let marked = highlight("the Delhi bail of 2023", &Query::parse(typed));
        assert_eq!(marked.len(), usize::from(typed.contains("bail")), "{typed}");
    }
}

#[test]
fn a_word_with_wildcards_may_be_a_thousand_words() {
    let words: Vec<String> = (0..1500).map(|nth| format!("word{nth}x")).collect();
    let texts = [words.join(" "), "word7x then later".to_owned(), "nothing".to_owned()];
    let shelf = Shelf::with(texts);
    assert_eq!(shelf.find("wor*"), BTreeSet::from([0, 1]));
    assert_eq!(shelf.find("*7x w/2 later"), BTreeSet::from([1]));
    assert_eq!(shelf.find("\"wor* then\""), BTreeSet::from([1]));
}

#[test]
fn a_word_said_twice_is_near_itself_only_when_it_is_there_twice() {
    let shelf = Shelf::with(["bail once".to_owned(), "bail on bail".to_owned()]);
    assert_eq!(shelf.find("bail w/5 bail"), BTreeSet::from([1]));
    assert_eq!(shelf.find("\"on bail\" w/5 bail"), BTreeSet::from([1]));
}
