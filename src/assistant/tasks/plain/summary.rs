//! A summary by rules: what a document is, how it begins, what it turns on, what it
//! asks or orders.

use std::collections::{BTreeSet, HashMap};

use super::{Page, Said, choose, introduce, list, said};
use crate::assistant::extractive::{is_holding, terms};
use crate::assistant::tasks::material::{Material, Subject};

/// Words by which something is directed.
const DIRECTS: &str = "is directed | are directed | we direct | shall pay | shall file | shall appear | \
    within a period of | within two weeks | within four weeks | within six weeks | within fifteen days | \
    within thirty days | on or before | list on | list the matter | put up on | next date | adjourned to | \
    renotify | re-notify | stand over";
/// Words by which something is claimed or asked.
const ASKS: &str = "prays | prayed | it is therefore | cause of action | seeks | relief | \
    called upon to | hereby call upon | demand";

/// Writes a summary of each document.
pub(super) fn write(material: &Material, page: &mut Page) {
    // The more documents, the less of each.
    let most = match material.subjects.len() {
        0..=1 => 6,
        2..=5 => 4,
        _ => 2,
    };
    for subject in &material.subjects {
        introduce(page, material, subject);
        let all = said(material, subject.passages.clone());
        if all.is_empty() {
            page.words("\nNothing could be read in it.");
            continue;
        }
        let is_heavy =
            |what: &str| matches!(subject.kind.as_str(), "judgment" | "order") && what == "held";
        let ranked = by_weight(&all);
        let (mut main, _) = choose(material, ranked.into_iter(), most);
        main.sort_by_key(|it| place(&all, it));
        section(page, "What it turns on", &main, 0);
        let results = all.iter().rev().filter(|it| is_holding(&it.words)).take(200).cloned();
        let count = if is_heavy("held") { most } else { most / 2 };
        let (mut held, _) = choose(material, results, count);
        held.reverse();
        section(page, "What was decided", &held, 0);
        let asked = all.iter().filter(|it| it.says(ASKS)).cloned();
        let (asked, more) =
            if is_court(subject) { (Vec::new(), 0) } else { choose(material, asked, most) };
        section(page, "What is claimed", &asked, more);
        let directed = all.iter().filter(|it| it.says(DIRECTS)).cloned();
        let (directed, more) = choose(material, directed, most * 2);
        section(page, "What is directed or due", &directed, more);
    }
}

fn is_court(subject: &Subject) -> bool {
    matches!(subject.kind.as_str(), "judgment" | "order")
}

fn section(page: &mut Page, title: &str, chosen: &[Said], more: usize) {
    if !chosen.is_empty() {
        page.words(&format!("\n{title}:\n"));
        list(page, chosen, more);
        page.words("\n");
    }
}

fn place(all: &[Said], said: &Said) -> usize {
    all.iter().position(|it| it.at == said.at && it.words.starts_with(&said.words)).unwrap_or(0)
}

/// The sentences by how much of the document's common words they carry, best first.
#[expect(clippy::cast_precision_loss, reason = "counts of words are small")]
fn by_weight(all: &[Said]) -> Vec<Said> {
    let words: Vec<BTreeSet<String>> = all.iter().map(|it| terms(&it.words)).collect();
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for word in words.iter().flatten() {
        *counts.entry(word).or_default() += 1;
    }
    let mut ranked: Vec<(f64, usize)> = words
        .iter()
        .enumerate()
        .filter(|(at, words)| words.len() >= 6 && all[*at].words.split(' ').count() <= 60)
        .map(|(at, words)| {
            let sum: f64 = words.iter().map(|word| (counts[word.as_str()] as f64).ln_1p()).sum();
            (sum / (words.len() as f64 + 6.0), at)
        })
        .collect();
    ranked.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
    ranked.into_iter().map(|(_, at)| all[at].clone()).collect()
}
