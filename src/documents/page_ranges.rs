//! Which pages of a document are shared.

use std::fmt;
use std::str::FromStr;

/// The most ranges one list may have; nobody shares more scattered pages by hand.
const MOST: usize = 200;

/// Pages of a document: all of them, or ranges in order and apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageRanges(Option<Vec<(u32, u32)>>);

/// Why a list of pages could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("write pages as 1-3,7, each from the first page of the range to its last")]
pub struct BadRanges;

impl PageRanges {
    /// Every page.
    pub const ALL: Self = Self(None);

    /// Whether every page is meant.
    #[must_use]
    pub const fn are_all(&self) -> bool {
        self.0.is_none()
    }

    /// Whether a page is among them.
    #[must_use]
    pub fn has(&self, page: u32) -> bool {
        let Some(ranges) = &self.0 else { return true };
        ranges.iter().any(|&(first, last)| (first..=last).contains(&page))
    }

    /// The pages of a document of so many, in order.
    #[must_use]
    pub fn within(&self, total: u32) -> Vec<u32> {
        (1..=total).filter(|&page| self.has(page)).collect()
    }

    /// The stored form; none for every page.
    #[must_use]
    pub fn stored(&self) -> Option<String> {
        self.0.as_ref().map(|_| self.to_string())
    }

    /// Reads the stored form. What cannot be read opens no page.
    #[must_use]
    pub fn of_stored(text: Option<&str>) -> Self {
        text.map_or(Self::ALL, |text| text.parse().unwrap_or(Self(Some(Vec::new()))))
    }
}

impl FromStr for PageRanges {
    type Err = BadRanges;

    /// Reads `1-3, 7`; nothing typed means every page.
    fn from_str(text: &str) -> Result<Self, BadRanges> {
        if text.trim().is_empty() {
            return Ok(Self::ALL);
        }
        let mut ranges = Vec::new();
        for part in text.split(',') {
            let number = |text: &str| match text.trim().parse::<u32>() {
                Ok(number) if number > 0 => Ok(number),
                _ => Err(BadRanges),
            };
            let (first, last) = match part.split_once(['-', '–']) {
                Some((first, last)) => (number(first)?, number(last)?),
                None => (number(part)?, number(part)?),
            };
            if first > last || ranges.len() >= MOST {
                return Err(BadRanges);
            }
            ranges.push((first, last));
        }
        Ok(Self(Some(joined(ranges))))
    }
}

/// Ranges in order, those that touch as one.
fn joined(mut ranges: Vec<(u32, u32)>) -> Vec<(u32, u32)> {
    ranges.sort_unstable();
    let mut apart: Vec<(u32, u32)> = Vec::with_capacity(ranges.len());
    for (first, last) in ranges {
        match apart.last_mut() {
            Some(before) if first <= before.1.saturating_add(1) => before.1 = before.1.max(last),
            _ => apart.push((first, last)),
        }
    }
    apart
}

impl fmt::Display for PageRanges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, (first, last)) in self.0.iter().flatten().enumerate() {
            let comma = if place > 0 { "," } else { "" };
            if first == last {
                write!(f, "{comma}{first}")?;
            } else {
                write!(f, "{comma}{first}-{last}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        text.parse::<PageRanges>().unwrap().to_string()
    }

    #[test]
    fn ranges_are_read_put_in_order_and_joined() {
        assert_eq!(read("7, 1 - 3"), "1-3,7");
        assert_eq!(read("1-3,2-5,6"), "1-6");
        assert_eq!(read("4–5"), "4-5");
        assert!("".parse::<PageRanges>().unwrap().are_all());
    }

    #[test]
    fn what_is_no_list_of_pages_is_refused() {
        for text in ["0", "3-1", "x", "1-", "-2", "1;2", "1,,2", "99999999999"] {
            assert_eq!(text.parse::<PageRanges>(), Err(BadRanges), "{text}");
        }
    }

    #[test]
    fn only_the_pages_named_are_among_them() {
        let ranges: PageRanges = "2-3,7".parse().unwrap();
        assert_eq!(ranges.within(8), [2, 3, 7]);
        assert_eq!(ranges.within(2), [2]);
        assert_eq!(PageRanges::ALL.within(3), [1, 2, 3]);
        assert!(!ranges.has(1) && !ranges.has(u32::MAX));
    }

    #[test]
    fn a_damaged_list_opens_nothing() {
        let damaged = PageRanges::of_stored(Some("all of it"));
        assert!(!damaged.are_all() && damaged.within(50).is_empty());
        assert!(PageRanges::of_stored(None).are_all());
    }

    proptest::proptest! {
        #[test]
        fn a_list_says_the_same_when_stored_and_read(
            pages in proptest::collection::vec(1_u32..60, 1..20),
        ) {
            let text = pages.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
            let ranges: PageRanges = text.parse().unwrap();
            let again = PageRanges::of_stored(ranges.stored().as_deref());
            for page in 1..70 {
                proptest::prop_assert_eq!(again.has(page), pages.contains(&page));
            }
        }
    }
}
