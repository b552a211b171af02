//! Conflict checks: the list, asking, and one check with its matches.

use askama::Template;

use super::page::{Layout, pages};
use super::parts::{CaseRef, Choice, Field};
use super::show::{Day, Moment};
use crate::kernel::{ClientId, ConflictCheckId};

/// The checks the reader may see.
#[derive(Debug, Clone, Template)]
#[template(path = "conflicts/list.html")]
pub struct ConflictsPage {
    /// The frame.
    pub layout: Layout,
    /// Whether those alone are shown that wait for a decision.
    pub undecided: bool,
    /// The checks.
    pub checks: Vec<CheckLine>,
    /// Where the next page is.
    pub next: Option<String>,
}

/// A check in a list.
#[derive(Debug, Clone)]
pub struct CheckLine {
    /// Which.
    pub id: ConflictCheckId,
    /// The names, in one text.
    pub names: String,
    /// How it stands: `open`, `none`, or what was decided.
    pub state: &'static str,
    /// The same in words.
    pub words: String,
    /// The case it is for.
    pub case: Option<CaseRef>,
    /// The client it is for.
    pub client: Option<(ClientId, String)>,
    /// Who asked, and why.
    pub asked: String,
    /// When.
    pub at: Moment,
}

/// The form of a check.
#[derive(Debug, Clone, Template)]
#[template(path = "conflicts/new.html")]
pub struct NewCheckPage {
    /// The frame.
    pub layout: Layout,
    /// What was wrong with the form as a whole.
    pub problem: Option<String>,
    /// The names the chamber would act for, a line each.
    pub ours: Field,
    /// Those of other sides, a line each.
    pub others: Field,
    /// The cases it may be for.
    pub cases: Vec<Choice>,
    /// Whether counsel of other sides are looked among.
    pub with_counsel: bool,
}

/// A check with its matches.
#[expect(clippy::struct_excessive_bools, reason = "each is one thing the page says")]
#[derive(Debug, Clone, Template)]
#[template(path = "conflicts/check.html")]
pub struct CheckPage {
    /// The frame.
    pub layout: Layout,
    /// The check.
    pub check: CheckLine,
    /// The names that were looked for, with whether the chamber would act for them and what
    /// was found.
    pub names: Vec<CheckedName>,
    /// Whether there are matches in what is not open to the reader.
    pub closed: bool,
    /// Whether an admin confirms it.
    pub to_confirm: bool,
    /// Whether nothing was found that the reader may know of.
    pub nothing: bool,
    /// Whether the reader may decide.
    pub may_decide: bool,
    /// What can be decided.
    pub choices: Vec<Choice>,
    /// The reason as typed.
    pub reason: Field,
    /// Every decision, the newest first.
    pub decisions: Vec<DecisionRow>,
}

/// A name that was looked for.
#[derive(Debug, Clone)]
pub struct CheckedName {
    /// The name.
    pub name: String,
    /// Whether the chamber would act for them.
    pub ours: bool,
    /// What was found.
    pub hits: Vec<HitRow>,
    /// Whether there may be others, less alike.
    pub more: bool,
}

/// A match.
#[derive(Debug, Clone)]
pub struct HitRow {
    /// The known name.
    pub name: String,
    /// How alike they are, in hundredths.
    pub percent: i64,
    /// Where it was read and what they were there, in words.
    pub place: String,
    /// Whether the chamber is, or would be, on both sides.
    pub is_opposite: bool,
    /// The page of where it was read, and its title.
    pub link: Option<(String, String)>,
    /// Since when it is known.
    pub since: Option<Day>,
    /// Why, a sentence each.
    pub reasons: Vec<String>,
}

/// A decision.
#[derive(Debug, Clone)]
pub struct DecisionRow {
    /// What, in words.
    pub words: &'static str,
    /// Why.
    pub reason: String,
    /// By whom.
    pub by: String,
    /// When.
    pub at: Moment,
}

pages!(ConflictsPage, NewCheckPage, CheckPage);

#[cfg(test)]
mod samples {
    use super::*;
    use crate::kernel::Role;
    use crate::web::page::Area;
    use crate::web::parts::samples::{case, day, id, moment, text};

    fn line(state: &'static str, words: &str) -> CheckLine {
        CheckLine {
            id: id(61),
            names: text("Sharma Textiles Private Limited; Mehta & Co."),
            state,
            words: text(words),
            case: Some(case()),
            client: Some((id(31), text("Sharma Textiles"))),
            asked: text("Anjali Mehta, asked for"),
            at: moment(-90),
        }
    }

    impl ConflictsPage {
        pub(crate) fn sample() -> Self {
            Self {
                layout: Layout::sample("Conflict checks", Area::Clients, Role::Admin),
                undecided: false,
                checks: vec![
                    line("open", "2 possible conflicts: to be decided"),
                    line("none", "Nothing found"),
                ],
                next: Some(text("/conflicts?before=2026")),
            }
        }

        pub(crate) fn sample_empty() -> Self {
            Self { undecided: true, checks: Vec::new(), next: None, ..Self::sample() }
        }
    }

    impl NewCheckPage {
        pub(crate) fn sample() -> Self {
            Self {
                layout: Layout::sample("New conflict check", Area::Clients, Role::Advocate),
                problem: None,
                ours: Field::refused("", "Enter at least one name to look for."),
                others: Field::of("Mehta & Co."),
                cases: vec![Choice { value: text("1"), label: text("A v. B"), chosen: false }],
                with_counsel: true,
            }
        }
    }

    impl CheckPage {
        pub(crate) fn sample() -> Self {
            Self {
                layout: Layout::sample("Conflict check", Area::Clients, Role::Admin),
                check: line("open", "2 possible conflicts: to be decided"),
                names: vec![
                    CheckedName {
                        name: text("Sharma Textiles Private Limited"),
                        ours: true,
                        hits: vec![HitRow {
                            name: text("M/s Sharma Textile (P) Ltd."),
                            percent: 98,
                            place: text("defendant, against whom the chamber acted"),
                            is_opposite: true,
                            link: Some((text("/cases/1"), text("Rao v. Sharma Textiles"))),
                            since: Some(day(-900)),
                            reasons: vec![text("The same in both: Sharma, Textile.")],
                        }],
                        more: true,
                    },
                    CheckedName {
                        name: text("Mehta & Co."),
                        ours: false,
                        hits: Vec::new(),
                        more: false,
                    },
                ],
                closed: true,
                to_confirm: true,
                nothing: false,
                may_decide: true,
                choices: vec![Choice {
                    value: text("no_conflict"),
                    label: text("No conflict"),
                    chosen: false,
                }],
                reason: Field::refused("", "Say why it was decided so."),
                decisions: vec![DecisionRow {
                    words: "No conflict",
                    reason: text("Another firm of that name, in Surat."),
                    by: text("Anjali Mehta"),
                    at: moment(-10),
                }],
            }
        }

        pub(crate) fn sample_empty() -> Self {
            Self {
                check: line("none", "Nothing found"),
                names: vec![CheckedName {
                    name: text("Rao"),
                    ours: true,
                    hits: Vec::new(),
                    more: false,
                }],
                closed: false,
                to_confirm: false,
                nothing: true,
                may_decide: false,
                decisions: Vec::new(),
                ..Self::sample()
            }
        }
    }
}
