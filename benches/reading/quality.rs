//! Whether the right words come out, and in the right order.
//!
//! Where somebody wrote the text down, that is the measure. Where nobody did,
//! each reader is measured by the other three: by the words, and the pairs of
//! neighbouring words, that at least two of them agree on.

use crate::groups::Group;
use crate::peers::{OURS, Reading};
use crate::words::{Counts, common, total};

/// What one reader got right in a group, in words and pairs of words.
#[derive(Default)]
struct Tally {
    wanted: usize,
    found: usize,
    written: usize,
    pairs: usize,
    pairs_kept: usize,
}

impl Tally {
    fn add(&mut self, text: &Counts, truth: &Counts) {
        self.wanted += total(&truth.words);
        self.written += total(&text.words);
        self.found += common(&truth.words, &text.words);
        self.pairs += total(&truth.pairs);
        self.pairs_kept += common(&truth.pairs, &text.pairs);
    }

    fn recall(&self) -> f64 {
        share(self.found, self.wanted)
    }
    fn precision(&self) -> f64 {
        share(self.found, self.written)
    }
    fn order(&self) -> f64 {
        share(self.pairs_kept, self.pairs)
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of words")]
fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

/// Prints recall, precision and order of each reader in each group, and our
/// misses as a multiple of the best peer's.
pub(crate) fn report(groups: &[Group], readings: &[Reading]) {
    println!("\nword recall, precision, order (pairs of neighbours kept); misses: ours / best");
    for (index, group) in groups.iter().enumerate() {
        let truth = if group.truth.is_some() { "true text" } else { "consensus" };
        println!("\n{} ({} files, {truth})", group.name, group.files.len());
        let tallies = tally(group, index, readings);
        for (reading, tally) in readings.iter().zip(&tallies) {
            let (recall, precision, order) = (tally.recall(), tally.precision(), tally.order());
            println!("  {:<10} {recall:.4}  {precision:.4}  {order:.4}", reading.name);
        }
        let ratio = |figure: fn(&Tally) -> f64| {
            let own = 1.0 - tallies.first().map_or(0.0, figure);
            let best = tallies.iter().skip(1).map(|tally| 1.0 - figure(tally)).fold(1.0, f64::min);
            own / best.max(1e-6)
        };
        let ratios = [ratio(Tally::recall), ratio(Tally::precision), ratio(Tally::order)];
        println!("  {:<10} {:.2}    {:.2}    {:.2}", "misses", ratios[0], ratios[1], ratios[2]);
    }
}

fn tally(group: &Group, index: usize, readings: &[Reading]) -> Vec<Tally> {
    let mut tallies: Vec<Tally> = readings.iter().map(|_| Tally::default()).collect();
    let show = std::env::var_os("MUNSHI_BENCH_SHOW").is_some_and(|name| name == group.name);
    for (file, path) in group.files.iter().enumerate() {
        let texts: Vec<Counts> =
            readings.iter().map(|reading| Counts::of(&reading.texts[index][file].text)).collect();
        let truth = group.truth_of(path).map(|text| Counts::of(&text));
        for (reader, tally) in tallies.iter_mut().enumerate() {
            let others = texts.iter().enumerate().filter(|(other, _)| *other != reader);
            let others: Vec<&Counts> = others.map(|(_, counts)| counts).collect();
            let truth = truth.clone().unwrap_or_else(|| Counts::agreed(&others));
            tally.add(&texts[reader], &truth);
            if show {
                explain(path, readings[reader].name, &texts[reader], &truth);
            }
        }
    }
    tallies
}

/// Says what a reader missed and added, for whoever looks for the cause.
fn explain(path: &std::path::Path, name: &str, text: &Counts, truth: &Counts) {
    let mut one = Tally::default();
    one.add(text, truth);
    let file = path.file_name().unwrap_or_default().display();
    let (recall, precision, order) = (one.recall(), one.precision(), one.order());
    println!("  {file} {name} {recall:.4} {precision:.4} {order:.4} of {}", one.wanted);
    if name == OURS {
        println!("    missed: {}", beyond(truth, text));
        println!("    added:  {}", beyond(text, truth));
    }
}

/// The words one has more of than the other.
fn beyond(more: &Counts, less: &Counts) -> String {
    let mut words: Vec<&str> = more
        .words
        .iter()
        .filter(|(word, count)| less.words.get(*word).copied().unwrap_or(0) < **count)
        .map(|(word, _)| word.as_str())
        .collect();
    words.sort_unstable();
    words.truncate(60);
    words.join(" ")
}
