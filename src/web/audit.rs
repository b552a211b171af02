//! The record of who did what, for admins.

use askama::Template;

use super::page::{Layout, Link, pages};
use super::parts::Choice;
use super::show::Moment;

/// The record, newest first.
#[derive(Debug, Clone, Template)]
#[template(path = "admin/audit.html")]
pub struct RecordPage {
    /// The frame.
    pub layout: Layout,
    /// Who can be chosen.
    pub people: Vec<Choice>,
    /// What can be chosen.
    pub actions: Vec<Choice>,
    /// What was typed into the other fields.
    pub typed: Typed,
    /// The rows.
    pub rows: Vec<RecordRow>,
    /// The page after this one.
    pub older: Option<String>,
    /// Where the rows can be had as CSV and as JSON lines.
    pub exports: [Link; 2],
    /// What the last check found.
    pub checked: Option<RecordCheck>,
}

/// What was typed into the filters.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    /// A case's id.
    pub case: String,
    /// A document's id.
    pub document: String,
    /// The beginning of an address.
    pub address: String,
    /// The first day.
    pub from: String,
    /// The last day.
    pub to: String,
}

/// One row.
#[derive(Debug, Clone)]
pub struct RecordRow {
    /// Its place in the record.
    pub number: i64,
    /// When.
    pub at: Moment,
    /// Who; the service itself when nobody.
    pub who: String,
    /// What they did, in words.
    pub what: String,
    /// To what: links where there is something to open.
    pub about: Vec<Link>,
    /// The other particulars, as they are kept.
    pub details: Vec<(String, String)>,
    /// From where.
    pub address: Option<String>,
    /// In which request.
    pub request: Option<String>,
}

/// The last check of the record.
#[derive(Debug, Clone)]
pub struct RecordCheck {
    /// When.
    pub at: Moment,
    /// How many rows there were.
    pub rows: String,
    /// What was found wrong.
    pub finding: Option<String>,
}

pages!(RecordPage);

#[cfg(test)]
mod samples {
    use chrono::{TimeZone, Utc};

    use super::*;
    use crate::kernel::Role;
    use crate::web::page::Area;

    impl RecordPage {
        pub(crate) fn sample() -> Self {
            let at = Moment(Utc.with_ymd_and_hms(2026, 11, 2, 9, 30, 0).unwrap());
            Self {
                layout: Layout::sample("Record", Area::Record, Role::Admin),
                people: vec![Choice {
                    value: "1".into(),
                    label: "Anjali Mehta".into(),
                    chosen: true,
                }],
                actions: Vec::new(),
                typed: Typed { address: "203.0.113".into(), ..Typed::default() },
                rows: vec![RecordRow {
                    number: 12,
                    at,
                    who: "Anjali Mehta".into(),
                    what: "looked at a page".into(),
                    about: vec![Link::new("the document", "/documents/1")],
                    details: vec![("page".into(), "3".into())],
                    address: Some("203.0.113.0/24".into()),
                    request: Some("0190-7a".into()),
                }],
                older: Some("/admin/record?before=12".into()),
                exports: [
                    Link::new("CSV", "/api/v1/audit.csv"),
                    Link::new("JSON lines", "/api/v1/audit.jsonl"),
                ],
                checked: Some(RecordCheck {
                    at,
                    rows: "12".into(),
                    finding: Some("row 7 was changed".into()),
                }),
            }
        }

        pub(crate) fn sample_empty() -> Self {
            Self { rows: Vec::new(), older: None, checked: None, ..Self::sample() }
        }
    }
}
