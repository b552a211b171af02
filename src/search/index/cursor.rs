//! Cursors: where a page of results ended, as a text.

use super::best::Key;
use crate::search::request::Cursor;

/// Where a page ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Mark {
    /// Among the best, which are ordered by more than their scores.
    Head(Key),
    /// Among the rest.
    Tail(Key),
    /// In an order by date: the day, if there is one, and the document.
    Date(Option<i64>, u128),
}

impl Mark {
    /// The mark as a text.
    pub(super) fn cursor(self) -> Cursor {
        let key = |letter: char, key: Key| {
            format!("{letter}-{:08x}-{:x}-{:x}", key.score.to_bits(), key.document, key.nth)
        };
        Cursor(match self {
            Self::Head(head) => key('h', head),
            Self::Tail(tail) => key('t', tail),
            Self::Date(day, document) => {
                let day = day.map_or_else(|| "none".to_owned(), |day| day.to_string());
                format!("d_{day}_{document:x}")
            }
        })
    }

    /// Reads a text; `None` when it is no mark of ours.
    pub(super) fn read(cursor: &Cursor) -> Option<Self> {
        let text = cursor.0.as_str();
        if let Some(date) = text.strip_prefix("d_") {
            let (day, document) = date.split_once('_')?;
            let day = if day == "none" { None } else { Some(day.parse().ok()?) };
            return Some(Self::Date(day, u128::from_str_radix(document, 16).ok()?));
        }
        let mut parts = text.split('-');
        let (letter, score) = (parts.next()?, parts.next()?);
        let score = f32::from_bits(u32::from_str_radix(score, 16).ok()?);
        let document = u128::from_str_radix(parts.next()?, 16).ok()?;
        let nth = u32::from_str_radix(parts.next()?, 16).ok()?;
        if !score.is_finite() || parts.next().is_some() {
            return None;
        }
        let key = Key { score, document, nth };
        match letter {
            "h" => Some(Self::Head(key)),
            "t" => Some(Self::Tail(key)),
            _ => None,
        }
    }
}
