//! The codes of an organisation's entries: one row each, one after the other.
//!
//! Rows stand in the order of the file. A search runs over them as over one piece of
//! memory, however many versions they belong to: with a piece for each version, finding
//! the pieces would cost more than comparing them. A row that was replaced stays where
//! it is, as nobody's, until the file is rewritten.

use std::ops::Range;

use super::record::Read;
use super::scan::{self, Code};
use crate::kernel::PassageId;

/// Rows that stand one after the other.
pub(super) type Run = Range<usize>;

/// The owner of a row that is nobody's any more.
const NOBODY: u32 = u32::MAX;

/// The rows of an organisation.
#[derive(Default)]
pub(super) struct Rows {
    codes: Vec<i8>,
    /// What a code of 1 stands for, a row.
    scales: Vec<f32>,
    passages: Vec<PassageId>,
    /// The number of the block a row belongs to.
    owners: Vec<u32>,
}

impl Rows {
    /// How many rows there are, nobody's included.
    pub(super) fn len(&self) -> usize {
        self.owners.len()
    }

    /// Adds the entries of a record, for the block of a number; gives where they begin.
    pub(super) fn add(&mut self, read: &Read, owner: u32) -> usize {
        let first = self.len();
        for (passage, vector) in read.entries() {
            let Code { scale, numbers } = scan::encode(&vector);
            self.codes.extend(numbers);
            self.scales.push(scale);
            self.passages.push(passage);
            self.owners.push(owner);
        }
        first
    }

    /// Leaves rows to nobody.
    pub(super) fn leave(&mut self, run: Run) {
        self.owners[run].fill(NOBODY);
    }

    /// The number of the block a row belongs to; none, when it is nobody's.
    pub(super) fn owner(&self, row: usize) -> Option<usize> {
        let owner = self.owners[row];
        (owner != NOBODY).then_some(owner as usize)
    }

    /// The passage of a row.
    pub(super) fn passage(&self, row: usize) -> PassageId {
        self.passages[row]
    }

    /// The codes of some rows and what a code of 1 stands for in each.
    pub(super) fn codes(&self, run: &Run, dimensions: usize) -> (&[i8], &[f32]) {
        let codes = &self.codes[run.start * dimensions..run.end * dimensions];
        (codes, &self.scales[run.clone()])
    }
}

/// Joins runs that touch, in the order of the rows.
pub(super) fn joined(mut runs: Vec<Run>) -> Vec<Run> {
    runs.sort_unstable_by_key(|run| run.start);
    let mut joined: Vec<Run> = Vec::with_capacity(runs.len());
    for run in runs {
        match joined.last_mut() {
            Some(last) if last.end >= run.start => last.end = last.end.max(run.end),
            _ => joined.push(run),
        }
    }
    joined
}

/// Divides runs into at most so many parts of about as many rows.
pub(super) fn divided(runs: &[Run], parts: usize) -> Vec<Vec<Run>> {
    let rows: usize = runs.iter().map(Run::len).sum();
    let each = rows.div_ceil(parts.max(1)).max(1);
    let mut divided = vec![Vec::new()];
    let mut room = each;
    for run in runs {
        let mut rest = run.clone();
        while !rest.is_empty() {
            if room == 0 {
                divided.push(Vec::new());
                room = each;
            }
            let cut = rest.start + rest.len().min(room);
            if let Some(part) = divided.last_mut() {
                part.push(rest.start..cut);
            }
            room -= cut - rest.start;
            rest.start = cut;
        }
    }
    divided
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_that_touch_become_one() {
        assert_eq!(joined(vec![5..7, 0..2, 2..4, 9..9]), [0..4, 5..7, 9..9]);
        assert!(joined(Vec::new()).is_empty());
    }

    #[test]
    fn parts_hold_every_row_once_and_about_as_many() {
        let runs = [0..10, 20..21, 30..43];
        for parts in 1..8 {
            let divided = divided(&runs, parts);
            assert!(divided.len() <= parts);
            let rows: Vec<usize> = divided.iter().flatten().cloned().flatten().collect();
            let given: Vec<usize> = runs.iter().cloned().flatten().collect();
            assert_eq!(rows, given);
            let each = given.len().div_ceil(parts);
            assert!(divided.iter().all(|part| part.iter().map(Run::len).sum::<usize>() <= each));
        }
        assert_eq!(divided(&[], 4), [Vec::<Run>::new()]);
    }
}
