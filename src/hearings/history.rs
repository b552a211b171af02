//! The history of a case: how often it was put off, for whose sake, and why.

use super::{AdjournedBy, Hearing, HearingOutcome};
use std::collections::BTreeMap;

/// What the hearings of a case come to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    /// How many were heard.
    pub effective: u32,
    /// How many the court did not come to.
    pub not_reached: u32,
    /// How many were put off, by whom.
    pub adjourned: BTreeMap<AdjournedBy, u32>,
    /// How many were put off and nobody says by whom.
    pub adjourned_by_nobody: u32,
}

impl History {
    /// How many were put off.
    #[must_use]
    pub fn adjournments(&self) -> u32 {
        self.adjourned.values().sum::<u32>() + self.adjourned_by_nobody
    }

    /// In words: `adjourned 5 times: 3 by the other side, 2 by the court`.
    #[must_use]
    pub fn words(&self) -> String {
        let times = |count: u32| match count {
            1 => "once".to_owned(),
            2 => "twice".to_owned(),
            many => format!("{many} times"),
        };
        let mut words = Vec::new();
        if self.effective > 0 {
            words.push(format!("heard {}", times(self.effective)));
        }
        if self.not_reached > 0 {
            words.push(format!("not reached {}", times(self.not_reached)));
        }
        let count = self.adjournments();
        if count > 0 {
            let mut by: Vec<(&AdjournedBy, &u32)> = self.adjourned.iter().collect();
            by.sort_by_key(|(by, count)| (std::cmp::Reverse(**count), **by));
            let by: Vec<String> =
                by.into_iter().map(|(by, count)| format!("{count} by {}", by.words())).collect();
            let by = if by.is_empty() { String::new() } else { format!(": {}", by.join(", ")) };
            words.push(format!("adjourned {}{by}", times(count)));
        }
        words.join("; ")
    }
}

/// Counts the hearings of a case; those withdrawn count for nothing.
#[must_use]
pub fn adjourned_counts<'a>(hearings: impl IntoIterator<Item = &'a Hearing>) -> History {
    let mut history = History::default();
    for hearing in hearings.into_iter().filter(|hearing| hearing.withdrawn.is_none()) {
        match hearing.known.outcome {
            Some(HearingOutcome::Effective | HearingOutcome::Disposed) => history.effective += 1,
            Some(HearingOutcome::NotReached) => history.not_reached += 1,
            Some(HearingOutcome::Adjourned) => match &hearing.adjourned {
                Some(adjourned) => *history.adjourned.entry(adjourned.by).or_default() += 1,
                None => history.adjourned_by_nobody += 1,
            },
            None => {}
        }
    }
    history
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_history_says_who_put_it_off_most() {
        let history = History {
            effective: 1,
            not_reached: 2,
            adjourned: BTreeMap::from([(AdjournedBy::Court, 2), (AdjournedBy::OtherSide, 3)]),
            adjourned_by_nobody: 0,
        };
        assert_eq!(
            history.words(),
            "heard once; not reached twice; adjourned 5 times: 3 by the other side, 2 by the court"
        );
        assert_eq!(History::default().words(), "");
    }
}
