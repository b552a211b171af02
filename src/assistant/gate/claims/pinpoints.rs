//! Pinpoints: `para 12`, `paragraphs 14-16`, `¶ 9`, `at page 7`.

use std::sync::LazyLock;

use regex::Regex;

use super::{Claim, Stated};

static PINPOINTS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let list = r"(?P<n>\d{1,4}(?:\s*(?:,|;|&|-|–|—|to|and)\s*\d{1,4})*)";
    Regex::new(&format!(
        r"(?:\b(?P<p>[Pp]ara(?:graph)?s?|PARA(?:GRAPH)?S?)\b\.?(?:\s+[Nn]os?\.)?|(?P<s>¶{{1,2}})|\b[Pp]ages?\b(?:\s+[Nn]os?\.)?|\bpp?\.)\s*{list}\b"
    ))
    .ok()
});

/// The widest range of numbers that is read as one.
const WIDEST: u32 = 200;

/// Finds the pinpoints of a text.
pub(super) fn find(text: &str) -> Vec<Claim> {
    let hits = PINPOINTS.iter().flat_map(|shape| shape.captures_iter(text));
    hits.filter_map(|hit| {
        let numbers = numbers(hit.name("n")?.as_str());
        let paragraphs = hit.name("p").is_some() || hit.name("s").is_some();
        let what = if paragraphs { Stated::Paragraphs(numbers) } else { Stated::Pages(numbers) };
        Some(Claim { at: hit.get(0)?.range(), what })
    })
    .collect()
}

/// The numbers of a list; a range names its ends and all between.
fn numbers(list: &str) -> Vec<u32> {
    let mut numbers: Vec<u32> = Vec::new();
    let mut at = 0;
    let mut range = false;
    while let Some(start) = list[at..].find(|c: char| c.is_ascii_digit()).map(|from| at + from) {
        range |= list[at..start].contains(['-', '–', '—']) || list[at..start].contains("to");
        let end = list[start..]
            .find(|c: char| !c.is_ascii_digit())
            .map_or(list.len(), |length| start + length);
        let Ok(number) = list[start..end].parse::<u32>() else { break };
        match numbers.last() {
            Some(&first) if range && first < number && number - first <= WIDEST => {
                numbers.extend(first + 1..=number);
            }
            _ => numbers.push(number),
        }
        (at, range) = (end, false);
    }
    numbers
}

/// The numbers that begin paragraphs of a text: `12.` or `(12)` at the start of a line.
pub(in crate::assistant) fn numbered(text: &str) -> impl Iterator<Item = u32> {
    text.lines().filter_map(|line| {
        let line = line.trim_start().trim_start_matches(['(', '[']);
        let digits = line.bytes().take_while(u8::is_ascii_digit).count();
        let rest = &line[digits..];
        let closed = rest.starts_with(['.', ')', ']'])
            && !rest[1..].starts_with(|c: char| c.is_ascii_digit());
        ((1..=4).contains(&digits) && closed).then(|| line[..digits].parse().ok()).flatten()
    })
}
