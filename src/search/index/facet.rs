//! Facets: the values of the documents found, counted.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use tantivy::columnar::StrColumn;
use tantivy::{DocId, Result, Searcher};

use super::column::Dates;
use super::filter::{chosen, is_labelled};
use super::matching::Matching;
use super::schema::{FACETS, SEPARATOR};
use crate::search::request::{Facet, FacetValue, Filters};

/// How many values of a facet are given.
const VALUES: usize = 20;
/// How many values met in a segment are read one after another. Where one has met more,
/// the most frequent of each segment are looked up in the others.
const READ: usize = 10_000;

/// A column of a segment with how often each of its values was met.
struct Counted {
    column: StrColumn,
    counts: Vec<u32>,
}

/// Counts the values of the documents found. The most frequent are given and those
/// filtered by, each with its count of all; where there are very many, the most frequent
/// of those that are so in some segment of the index.
pub(super) fn count(
    searcher: &Searcher,
    matching: &Matching,
    filters: &Filters,
) -> Result<Vec<Facet>> {
    let mut facets = Vec::with_capacity(FACETS.len());
    for (place, (name, column)) in FACETS.iter().enumerate() {
        let asked = chosen(filters, *name);
        let values = match column {
            Some(column) => values(searcher, matching, place, column, &asked)?,
            None => years(searcher, matching, place)?,
        };
        facets.push(Facet { name: *name, values: first(values, &asked) });
    }
    Ok(facets)
}

/// The most frequent first, and those filtered by in any case.
fn first(mut values: Vec<FacetValue>, asked: &[String]) -> Vec<FacetValue> {
    values.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.label.cmp(&b.label)));
    let mut nth = 0;
    values.retain(|value| {
        nth += 1;
        nth <= VALUES || asked.contains(&value.value)
    });
    values
}

/// The documents a facet counts: those found, and those only its own filter keeps
/// out.
fn counted(matching: &Matching, segment: usize, facet: usize) -> impl Iterator<Item = DocId> + '_ {
    let blocks = matching.segments.get(segment).into_iter().flatten();
    let nearly = matching.nearly.get(segment).into_iter().flatten();
    let nearly = nearly.filter(move |(_, failed)| *failed == facet);
    blocks.map(|block| block.document).chain(nearly.map(|(document, _)| *document))
}

fn years(searcher: &Searcher, matching: &Matching, facet: usize) -> Result<Vec<FacetValue>> {
    let mut days: BTreeMap<i64, usize> = BTreeMap::new();
    let mut years: BTreeMap<i32, usize> = BTreeMap::new();
    for (segment, reader) in searcher.segment_readers().iter().enumerate() {
        let dates = Dates::open(reader)?;
        for document in counted(matching, segment, facet) {
            if let Some(day) = dates.days(document) {
                *days.entry(day).or_default() += 1;
            }
        }
    }
    for (day, count) in days {
        if let Some(year) = Dates::year_of(day) {
            *years.entry(year).or_default() += count;
        }
    }
    let value = |(year, count): (i32, usize)| FacetValue {
        value: year.to_string(),
        label: year.to_string(),
        count,
    };
    Ok(years.into_iter().map(value).collect())
}

fn values(
    searcher: &Searcher,
    matching: &Matching,
    facet: usize,
    column: &str,
    asked: &[String],
) -> Result<Vec<FacetValue>> {
    let mut segments = Vec::new();
    for (segment, reader) in searcher.segment_readers().iter().enumerate() {
        let Some(column) = reader.fast_fields().str(column)? else { continue };
        let mut counts = vec![0_u32; column.num_terms()];
        for document in counted(matching, segment, facet) {
            for ord in column.term_ords(document) {
                if let Some(count) = usize::try_from(ord).ok().and_then(|ord| counts.get_mut(ord)) {
                    *count += 1;
                }
            }
        }
        segments.push(Counted { column, counts });
    }
    let asked: &[String] = if is_labelled(facet) { &[] } else { asked };
    let counts = if segments.iter().all(|segment| segment.met().count() <= READ) {
        let counts = read(&segments)?;
        if is_labelled(facet) { counts } else { frequent(counts, asked) }
    } else {
        looked_up(&segments, asked)?
    };
    Ok(named(counts))
}

/// Every value met, with its count.
fn read(segments: &[Counted]) -> Result<Vec<(String, usize)>> {
    let mut counts: HashMap<Vec<u8>, usize> = HashMap::new();
    for segment in segments {
        let (ords, met): (Vec<u64>, Vec<u32>) = segment.met().unzip();
        let mut met = met.into_iter();
        segment.column.dictionary().sorted_ords_to_term_cb(&ords, |text| {
            let count = met.next().unwrap_or(0) as usize;
            if let Some(sum) = counts.get_mut(text) {
                *sum += count;
            } else {
                counts.insert(text.to_owned(), count);
            }
        })?;
    }
    let text = |text: Vec<u8>| String::from_utf8_lossy(&text).into_owned();
    Ok(counts.into_iter().map(|(value, count)| (text(value), count)).collect())
}

/// The most frequent values, with those as frequent as the last of them, and those
/// asked for.
fn frequent(mut counts: Vec<(String, usize)>, asked: &[String]) -> Vec<(String, usize)> {
    if counts.len() > VALUES {
        let (_, (_, least), _) =
            counts.select_nth_unstable_by_key(VALUES - 1, |(_, count)| std::cmp::Reverse(*count));
        let least = *least;
        counts.retain(|(text, count)| *count >= least || asked.contains(text));
    }
    counts
}

/// The most frequent values of each segment, and those asked for, looked up in all.
fn looked_up(segments: &[Counted], asked: &[String]) -> Result<Vec<(String, usize)>> {
    let mut found: BTreeSet<String> = asked.iter().cloned().collect();
    for segment in segments {
        segment.most_frequent(&mut found)?;
    }
    let mut counts = Vec::with_capacity(found.len());
    for text in found {
        let mut count = 0;
        for segment in segments {
            count += segment.count(&text)?;
        }
        counts.push((text, count));
    }
    Ok(counts)
}

/// Values as they are shown; one that was shown in several ways is one.
fn named(counts: Vec<(String, usize)>) -> Vec<FacetValue> {
    let mut values: BTreeMap<String, FacetValue> = BTreeMap::new();
    let mut counts: Vec<_> = counts.into_iter().filter(|(_, count)| *count > 0).collect();
    counts.sort_unstable();
    for (text, count) in counts {
        let (value, label) = text.split_once(SEPARATOR).unwrap_or((&text, &text));
        let entry = values.entry(value.to_owned()).or_insert_with(|| FacetValue {
            value: value.to_owned(),
            label: label.to_owned(),
            count: 0,
        });
        entry.count += count;
    }
    values.into_values().collect()
}

impl Counted {
    /// The values met, in order, with how often.
    fn met(&self) -> impl Iterator<Item = (u64, u32)> + '_ {
        (0..).zip(&self.counts).filter(|(_, count)| **count > 0).map(|(ord, count)| (ord, *count))
    }

    /// Adds the values met most often.
    fn most_frequent(&self, found: &mut BTreeSet<String>) -> Result<()> {
        let mut met: Vec<(u32, u64)> = self.met().map(|(ord, count)| (count, ord)).collect();
        if met.len() > VALUES {
            met.select_nth_unstable_by(VALUES, |a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
            met.truncate(VALUES);
        }
        let mut text = String::new();
        for (_, ord) in met {
            text.clear();
            if self.column.ord_to_str(ord, &mut text)? {
                found.insert(text.clone());
            }
        }
        Ok(())
    }

    /// How often a value was met.
    fn count(&self, text: &str) -> Result<usize> {
        let ord = self.column.dictionary().term_ord(text)?;
        let ord = ord.and_then(|ord| usize::try_from(ord).ok());
        Ok(ord.and_then(|ord| self.counts.get(ord)).map_or(0, |count| *count as usize))
    }
}
