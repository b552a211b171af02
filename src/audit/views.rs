//! Views just written down, so that turning back to a page is not another row.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use crate::kernel::UserId;

/// How long a view stands for the same view again.
const SAME: TimeDelta = TimeDelta::minutes(5);
/// How many views are remembered at most; those forgotten too early are written again.
const MOST: usize = 10_000;

/// A view: who, what they did, to what.
type View = (UserId, &'static str, String);

/// The views of the last minutes.
#[derive(Default)]
pub(super) struct Views(Mutex<HashMap<View, DateTime<Utc>>>);

impl Views {
    /// Whether the view was written down a short while ago.
    pub(super) fn seen(&self, view: &View, now: DateTime<Utc>) -> bool {
        let views = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        views.get(view).is_some_and(|at| now - *at < SAME)
    }

    /// Remembers a view that is written down.
    pub(super) fn remember(&self, view: View, now: DateTime<Utc>) {
        let mut views = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if views.len() >= MOST {
            views.retain(|_, at| now - *at < SAME);
        }
        if views.len() >= MOST {
            views.clear();
        }
        views.insert(view, now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{Clock, SystemClock};

    #[test]
    fn a_view_is_the_same_for_five_minutes() {
        let (views, user, now) = (Views::default(), UserId::new(), SystemClock.now());
        let view = || (user, "document.view", "{}".to_owned());
        assert!(!views.seen(&view(), now));
        views.remember(view(), now);
        assert!(views.seen(&view(), now + TimeDelta::seconds(299)));
        assert!(!views.seen(&view(), now + TimeDelta::seconds(300)));
        assert!(!views.seen(&(UserId::new(), "document.view", "{}".to_owned()), now));
    }

    #[test]
    fn memory_is_bounded() {
        let (views, user, now) = (Views::default(), UserId::new(), SystemClock.now());
        for place in 0..MOST * 2 {
            views.remember((user, "document.view", place.to_string()), now);
        }
        assert!(views.0.lock().unwrap().len() <= MOST);
    }
}
