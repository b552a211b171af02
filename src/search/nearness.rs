//! Nearness: which places of a text are near each other.
//!
//! The index and the highlights ask the same questions of the places where the
//! parts of a query stand, and this answers both.

use super::boundaries::Boundary;
use super::query::{Nearness, Reach};

/// How many pairs of places are looked at in one text; a text that has more is one
/// endless paragraph of the same few words.
const MAX_PAIRS: usize = 1 << 16;

/// Where a part of a query stands: the positions of its first and its last word.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) first: u32,
    pub(super) last: u32,
    /// The places it is made of, if other words may stand between them.
    made_of: Vec<(u32, u32)>,
}

impl Place {
    /// The place of one word.
    pub(super) const fn at(position: u32) -> Self {
        Self::from_to(position, position)
    }

    /// The place of words side by side.
    pub(super) const fn from_to(first: u32, last: u32) -> Self {
        Self { first, last, made_of: Vec::new() }
    }

    /// The place of both, between which other words may stand.
    pub(super) fn with(&self, other: &Self) -> Self {
        Self {
            first: self.first.min(other.first),
            last: self.last.max(other.last),
            made_of: self.parts().chain(other.parts()).collect(),
        }
    }

    fn parts(&self) -> impl Iterator<Item = (u32, u32)> {
        let whole = self.made_of.is_empty().then_some((self.first, self.last));
        self.made_of.iter().copied().chain(whole)
    }

    /// How many words two places are apart; `None` if they have a word in common.
    fn apart(&self, other: &Self) -> Option<u32> {
        if self.last < other.first {
            return Some(other.first - self.last);
        }
        if other.last < self.first {
            return Some(self.first - other.last);
        }
        let meets = |(first, last)| other.parts().any(|(from, to)| first <= to && from <= last);
        (!self.parts().any(meets)).then_some(0)
    }
}

/// Where sentences and paragraphs begin, each in order.
#[derive(Debug, Clone, Default)]
pub(super) struct Starts {
    pub(super) sentences: Vec<u32>,
    pub(super) paragraphs: Vec<u32>,
}

impl Starts {
    /// Those of a text.
    pub(super) fn of(boundaries: &[Boundary]) -> Self {
        let paragraphs = boundaries.iter().filter(|boundary| boundary.paragraph);
        Self {
            sentences: boundaries.iter().map(|boundary| boundary.position).collect(),
            paragraphs: paragraphs.map(|boundary| boundary.position).collect(),
        }
    }
}

/// The question whether a right place is near a left one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Near<'t> {
    pub(super) how: Nearness,
    pub(super) starts: &'t Starts,
}

impl Near<'_> {
    /// The pairs of places that are near each other, as indexes of the two lists.
    /// The right places are in order.
    pub(super) fn pairs(&self, left: &[Place], right: &[Place]) -> Vec<(usize, usize)> {
        let mut pairs = Vec::new();
        let widest = widest(right);
        for (nth, place) in left.iter().enumerate() {
            for other in self.around(place, right, widest) {
                if self.holds(place, &right[other]) {
                    pairs.push((nth, other));
                }
            }
            if pairs.len() > MAX_PAIRS {
                break;
            }
        }
        pairs
    }

    /// How many of the left places are near a right one. The right places are in
    /// order.
    pub(super) fn count(&self, left: &[Place], right: &[Place]) -> u32 {
        let widest = widest(right);
        let near = |place: &&Place| {
            self.around(place, right, widest).any(|other| self.holds(place, &right[other]))
        };
        left.iter().filter(near).map(|_| 1).sum()
    }

    /// The right places that may be near a left one.
    fn around(&self, place: &Place, right: &[Place], widest: u32) -> std::ops::Range<usize> {
        let (from, upto) = match self.how.reach {
            Reach::Words(words) => {
                (place.first.saturating_sub(words), place.last.saturating_add(words))
            }
            Reach::Sentence => room(place, &self.starts.sentences),
            Reach::Paragraph => room(place, &self.starts.paragraphs),
        };
        let from = if self.how.ordered { place.last } else { from.saturating_sub(widest) };
        let first = right.partition_point(|other| other.first < from);
        let end = right.partition_point(|other| other.first <= upto);
        first..end.max(first)
    }

    fn holds(&self, left: &Place, right: &Place) -> bool {
        if self.how.ordered && left.last >= right.first {
            return false;
        }
        let Some(apart) = left.apart(right) else { return false };
        let (first, last) = (left.first.min(right.first), left.last.max(right.last));
        match self.how.reach {
            Reach::Words(words) => apart <= words,
            Reach::Sentence => !is_cut(first, last, &self.starts.sentences),
            Reach::Paragraph => !is_cut(first, last, &self.starts.paragraphs),
        }
    }
}

/// How many positions the widest place reaches beyond its first.
fn widest(places: &[Place]) -> u32 {
    places.iter().map(|place| place.last - place.first).max().unwrap_or(0)
}

/// The positions from the start before a place to the last before the next start.
fn room(place: &Place, starts: &[u32]) -> (u32, u32) {
    let next = starts.partition_point(|&start| start <= place.first);
    let from = next.checked_sub(1).and_then(|at| starts.get(at)).copied().unwrap_or(0);
    let upto = starts.get(next).map_or(u32::MAX, |start| start - 1);
    (from, upto)
}

/// Whether one of the starts lies after the first of two words, up to the last.
fn is_cut(first: u32, last: u32, starts: &[u32]) -> bool {
    let next = starts.partition_point(|&start| start <= first);
    starts.get(next).is_some_and(|&start| start <= last)
}
