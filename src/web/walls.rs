//! Ethical walls and groups, why somebody can see something, and the permission table.

use askama::Template;

use super::page::{Layout, pages};
use super::parts::{CaseRef, Choice};
use super::show::Moment;
use crate::kernel::{GroupId, UserId, WallId};

/// The walls and the groups.
#[derive(Debug, Clone, Template)]
#[template(path = "walls/walls.html")]
pub struct WallsPage {
    /// The frame.
    pub layout: Layout,
    /// What was wrong with the form just sent.
    pub problem: Option<String>,
    /// The walls that stand.
    pub standing: Vec<WallRow>,
    /// The walls that were lifted.
    pub lifted: Vec<WallRow>,
    /// Whom a wall can keep out; the form sends `who`.
    pub who: Vec<Choice>,
    /// What of; the form sends `what`.
    pub what: Vec<Choice>,
    /// The groups.
    pub groups: Vec<GroupRow>,
    /// Who can be put into a group; the form sends `user`.
    pub people: Vec<Choice>,
}

/// A wall.
#[derive(Debug, Clone)]
pub struct WallRow {
    /// Which wall.
    pub id: WallId,
    /// Whom it keeps out.
    pub who: String,
    /// Whether that is a group.
    pub is_group: bool,
    /// What it keeps them out of, as far as the reader may know.
    pub what: String,
    /// Where to ask what the person can see of it.
    pub why: Option<String>,
    /// Why it was raised.
    pub reason: String,
    /// Who raised it.
    pub raised_by: String,
    /// When.
    pub raised: Moment,
    /// Who lifted it, when and why.
    pub lifted: Option<(String, Moment, String)>,
}

/// A group.
#[derive(Debug, Clone)]
pub struct GroupRow {
    /// Which group.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// Who is in it.
    pub members: Vec<(UserId, String)>,
    /// How many walls that stand name it.
    pub walls: u64,
}

/// Whether and why somebody can see a case or a document.
#[derive(Debug, Clone, Template)]
#[template(path = "walls/access.html")]
pub struct AccessPage {
    /// The frame.
    pub layout: Layout,
    /// The case it is about, or whose document.
    pub case: CaseRef,
    /// What is asked about, as the form sends it: `case` or `document` and its id.
    pub subject: (&'static str, String),
    /// The title of what is asked about.
    pub title: String,
    /// Who can be asked about.
    pub people: Vec<Choice>,
    /// The answer, once somebody is chosen.
    pub answer: Option<AccessAnswer>,
}

/// An answer to the question what somebody can see.
#[derive(Debug, Clone)]
pub struct AccessAnswer {
    /// In a sentence.
    pub verdict: String,
    /// Whether it is open to them.
    pub open: bool,
    /// The reasons: how each works, `opens`, `closes` or `note`, and its sentence.
    pub reasons: Vec<(&'static str, String)>,
}

/// What each role may do.
#[derive(Debug, Clone, Template)]
#[template(path = "admin/permissions.html")]
pub struct PermissionsPage {
    /// The frame.
    pub layout: Layout,
    /// The roles, in words.
    pub roles: Vec<&'static str>,
    /// What can be done, and for each role whether it may.
    pub lines: Vec<(&'static str, Vec<bool>)>,
}

pages!(WallsPage, AccessPage, PermissionsPage);

#[cfg(test)]
mod samples {
    use super::super::page::Area;
    use super::super::parts::samples::{case, id, moment, text};
    use super::*;
    use crate::kernel::Role;

    fn choice(value: &str, label: &str) -> Choice {
        Choice { value: text(value), label: text(label), chosen: false }
    }

    impl WallsPage {
        pub(crate) fn sample() -> Self {
            let wall = |number, who: &str, is_group, lifted| WallRow {
                id: id(number),
                who: text(who),
                is_group,
                what: text("Sharma Textiles v. Union of India"),
                why: (!is_group).then(|| text("/access?case=1&user=2")),
                reason: text("Advised the other side before joining."),
                raised_by: text("Anjali Mehta"),
                raised: moment(-5000),
                lifted,
            };
            let lifted = (text("Anjali Mehta"), moment(-100), text("Raised by mistake."));
            Self {
                layout: Layout::sample("Ethical walls", Area::Walls, Role::Admin),
                problem: Some(text("Say why; the reason is recorded.")),
                standing: vec![
                    wall(71, "R. Iyer", false, None),
                    wall(72, "Counsel for the bank", true, None),
                ],
                lifted: vec![wall(73, "S. Khan", false, Some(lifted))],
                who: vec![choice("user:1", "R. Iyer"), choice("group:2", "Counsel for the bank")],
                what: vec![choice("case:1", "Sharma Textiles v. Union of India")],
                groups: vec![GroupRow {
                    id: id(81),
                    name: text("Counsel for the bank"),
                    members: vec![(id(41), text("S. Khan"))],
                    walls: 1,
                }],
                people: vec![choice("1", "R. Iyer")],
            }
        }

        pub(crate) fn sample_empty() -> Self {
            Self {
                problem: None,
                standing: Vec::new(),
                lifted: Vec::new(),
                groups: Vec::new(),
                ..Self::sample()
            }
        }
    }

    impl AccessPage {
        pub(crate) fn sample() -> Self {
            Self {
                layout: Layout::sample("Who can see this", Area::Cases, Role::Advocate),
                case: case(),
                subject: ("case", text("1")),
                title: text("Sharma Textiles v. Union of India"),
                people: vec![choice("1", "R. Iyer")],
                answer: Some(AccessAnswer {
                    verdict: text("R. Iyer cannot see this case."),
                    open: false,
                    reasons: vec![
                        ("closes", text("An ethical wall keeps R. Iyer out of this case.")),
                        ("opens", text("R. Iyer works on the case since 3 Nov 2026.")),
                        ("note", text("R. Iyer is staff.")),
                    ],
                }),
            }
        }
    }

    impl PermissionsPage {
        pub(crate) fn sample() -> Self {
            Self {
                layout: Layout::sample("Permissions", Area::Permissions, Role::Admin),
                roles: vec!["Admin", "Advocate"],
                lines: vec![("Search", vec![true, true]), ("See clients", vec![true, false])],
            }
        }
    }
}
