//! The calendar addresses of a person.

use askama::Template;

use super::Typed;
use crate::kernel::CalendarFeedId;
use crate::web::page::{Layout, pages};
use crate::web::show::Moment;

/// The calendar addresses of a person, and the form for another.
#[derive(Debug, Clone, Template)]
#[template(path = "hearings/calendars.html")]
pub struct CalendarsPage {
    /// The frame.
    pub layout: Layout,
    /// The address just made or renewed, shown once.
    pub made: Option<String>,
    /// The addresses.
    pub feeds: Vec<FeedRow>,
    /// What was typed into a form that was refused.
    pub typed: Typed,
}

/// A calendar address.
#[derive(Debug, Clone)]
pub struct FeedRow {
    /// Which address.
    pub id: CalendarFeedId,
    /// What it is called.
    pub name: String,
    /// What it holds, in words.
    pub holds: String,
    /// When it was made.
    pub made: Moment,
    /// When it was last fetched.
    pub fetched: Option<Moment>,
}

pages!(CalendarsPage);

#[cfg(test)]
mod samples {
    use super::*;
    use crate::kernel::Role;
    use crate::web::page::Area;
    use crate::web::parts::samples::{moment, text};

    impl CalendarsPage {
        pub(crate) fn sample() -> Self {
            let row = |fetched| FeedRow {
                id: CalendarFeedId::new(),
                name: text("My phone"),
                holds: text("my cases, titles in full"),
                made: moment(0),
                fetched,
            };
            Self {
                layout: Layout::sample("Calendar", Area::Elsewhere, Role::Advocate),
                made: Some(text("https://munshi.example/calendar/secret.ics")),
                feeds: vec![row(Some(moment(0))), row(None)],
                typed: Typed::default(),
            }
        }

        pub(crate) fn sample_empty() -> Self {
            Self { made: None, feeds: Vec::new(), ..Self::sample() }
        }
    }
}
