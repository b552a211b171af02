//! Where a long run of text may be cut.

use super::{LONGEST, TARGET};
use crate::documents::entities;
use crate::kernel::sentences::sentences;

/// How far on either side of a cut a citation or case number is looked for, in bytes.
const AROUND: usize = 120;

/// Where to cut a long run: after sentences, so that each part is near the target.
/// The last cut is the end of the run.
pub(super) fn cuts(text: &str) -> Vec<usize> {
    let mut cuts = Vec::new();
    if text.len() <= TARGET {
        return vec![text.len()];
    }
    let mut start = 0;
    let mut last = 0;
    let ends = sentences(text).into_iter().map(|sentence| past_space(text, sentence.end));
    for end in ends.chain([text.len()]) {
        if end - start > TARGET && last > start {
            cuts.push(last);
            start = last;
        }
        while end - start > LONGEST {
            start = break_before(text, start, start + LONGEST);
            cuts.push(start);
        }
        if end == text.len() || (!in_row(text, end) && !in_reference(text, end)) {
            last = end;
        }
    }
    if cuts.last() != Some(&text.len()) {
        cuts.push(text.len());
    }
    cuts
}

/// The first place after the white space at a byte.
fn past_space(text: &str, at: usize) -> usize {
    text.len() - text[at..].trim_start().len()
}

/// Whether a place is inside a row of a table.
fn in_row(text: &str, at: usize) -> bool {
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let end = text[at..].find('\n').map_or(text.len(), |end| at + end);
    start < at && text[start..end].contains(" | ")
}

/// Whether a place is inside a citation or a case number.
fn in_reference(text: &str, at: usize) -> bool {
    let start = text.floor_char_boundary(at.saturating_sub(AROUND));
    let end = text.floor_char_boundary(at + AROUND);
    entities::references(&text[start..end])
        .iter()
        .any(|span| start + span.start < at && at < start + span.end)
}

/// The place after the last line in a range, or the last space outside a citation,
/// or the range's end on a character border.
fn break_before(text: &str, start: usize, limit: usize) -> usize {
    let limit = text.floor_char_boundary(limit);
    let range = &text[start..limit];
    let half = range.len() / 2;
    if let Some(line) = range.rfind('\n').filter(|&line| line > half) {
        return start + line + 1;
    }
    let after = |space: usize| space + range[space..].chars().next().map_or(1, char::len_utf8);
    let spaces = range.rmatch_indices(char::is_whitespace).map(|(space, _)| start + after(space));
    let mut last = None;
    for place in spaces.take(40) {
        last.get_or_insert(place);
        if !in_reference(text, place) {
            return place;
        }
    }
    last.unwrap_or(limit)
}
