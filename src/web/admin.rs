//! Running the chamber: users, background work, the state of the service.

use askama::Template;

use super::cases::FailedWork;
use super::page::{Layout, pages};
use super::parts::{CaseRef, Choice, Field};
use super::show::Moment;
use crate::kernel::UserId;

/// Who may sign in.
#[derive(Debug, Clone, Template)]
#[template(path = "admin/users.html")]
pub struct UsersPage {
    /// The frame.
    pub layout: Layout,
    /// Everyone, active first.
    pub users: Vec<UserRow>,
    /// The form: the new user's name.
    pub name: Field,
    /// Their email.
    pub email: Field,
    /// What they may be; the form sends `role`.
    pub roles: Vec<Choice>,
    /// The clients a portal user can be; the form sends `client`.
    pub clients: Vec<Choice>,
}

/// Someone who may sign in, or could.
#[derive(Debug, Clone)]
pub struct UserRow {
    /// Who.
    pub id: UserId,
    /// Their name.
    pub name: String,
    /// Their email.
    pub email: String,
    /// What they are, in a word.
    pub role: String,
    /// Whether they may sign in.
    pub active: bool,
    /// What letters they have answered.
    pub email_is: EmailState,
    /// Until when nobody can sign in as them, after wrong passwords.
    pub locked_until: Option<Moment>,
    /// Whether this is the reader, who cannot deactivate themselves.
    pub is_me: bool,
    /// When they last signed in.
    pub last_seen: Option<Moment>,
    /// The cases they work on.
    pub cases: u64,
}

/// Whether letters to an email are known to arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmailState {
    /// They were invited and have chosen no password yet.
    Invited,
    /// They have a password, but did not confirm the email.
    Unconfirmed,
    /// They used a link that was sent to it.
    Confirmed,
}

impl EmailState {
    /// Whether a link would still do something.
    #[must_use]
    pub fn is_open(self) -> bool {
        self != Self::Confirmed
    }

    /// Whether an invitation is still to be answered.
    #[must_use]
    pub fn is_invited(self) -> bool {
        self == Self::Invited
    }
}

/// Background work.
#[derive(Debug, Clone, Template)]
#[template(path = "admin/work.html")]
pub struct WorkPage {
    /// The frame.
    pub layout: Layout,
    /// Pieces waiting.
    pub queued: u64,
    /// How long the oldest has waited, in words.
    pub oldest: Option<String>,
    /// Pieces at work.
    pub running: Vec<RunningWork>,
    /// Pieces that failed for good.
    pub dead: Vec<DeadWork>,
}

/// A piece of work being done.
#[derive(Debug, Clone)]
pub struct RunningWork {
    /// What is done: `Read the document`.
    pub what: String,
    /// For which document, by title.
    pub subject: Option<String>,
    /// Since when.
    pub since: Moment,
    /// The how-manieth attempt.
    pub attempt: u32,
}

/// A piece of work that failed for good, with its case.
#[derive(Debug, Clone)]
pub struct DeadWork {
    /// The work.
    pub work: FailedWork,
    /// The case it was for.
    pub case: Option<CaseRef>,
}

/// The state of the service.
#[derive(Debug, Clone, Template)]
#[template(path = "admin/system.html")]
pub struct SystemPage {
    /// The frame.
    pub layout: Layout,
    /// The version running.
    pub version: String,
    /// Its parts.
    pub parts: Vec<SystemPart>,
}

/// A part of the service.
#[derive(Debug, Clone)]
pub struct SystemPart {
    /// What it is: `Search by meaning`.
    pub name: String,
    /// How it is.
    pub health: Health,
    /// What that means, in a sentence.
    pub detail: String,
    /// What to do about it, in a sentence.
    pub remedy: Option<String>,
    /// The command that does it.
    pub command: Option<String>,
}

/// How a part of the service is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// Working.
    Working,
    /// Working less well than it could.
    Limited,
    /// Not there.
    Missing,
}

impl Health {
    /// The word shown, which is also the style's name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Working => "working",
            Self::Limited => "limited",
            Self::Missing => "missing",
        }
    }
}

pages!(UsersPage, WorkPage, SystemPage);

#[cfg(test)]
mod samples {
    use super::super::page::Area;
    use super::super::parts::DocumentRef;
    use super::super::parts::samples::{case, id, moment, text};
    use super::*;
    use crate::kernel::Role;

    fn choice(value: &str, label: &str) -> Choice {
        Choice { value: text(value), label: text(label), chosen: value == "advocate" }
    }

    impl UsersPage {
        pub(crate) fn sample() -> Self {
            let user = |number, name: &str, email: &str, role: &str| UserRow {
                id: id(number),
                name: text(name),
                email: text(email),
                role: text(role),
                active: number != 44,
                email_is: match number {
                    41 => EmailState::Confirmed,
                    43 => EmailState::Invited,
                    _ => EmailState::Unconfirmed,
                },
                locked_until: (number == 42).then(|| moment(5)),
                is_me: number == 41,
                last_seen: (number != 43).then(|| moment(-300)),
                cases: 12,
            };
            Self {
                layout: Layout::sample("People", Area::Users, Role::Admin),
                users: vec![
                    user(41, "Anjali Mehta", "anjali@raomehta.in", "Admin"),
                    user(42, "R. Iyer", "iyer@raomehta.in", "Staff"),
                    user(43, "S. Khan", "khan@raomehta.in", "Advocate"),
                    user(44, "P. Das", "das@raomehta.in", "Advocate"),
                ],
                name: Field::default(),
                email: Field::default(),
                roles: vec![
                    choice("advocate", "Advocate"),
                    choice("staff", "Staff"),
                    choice("admin", "Admin"),
                    choice("client", "Client (portal only)"),
                ],
                clients: vec![choice("31", "Sharma Textiles Pvt. Ltd.")],
            }
        }
    }

    impl WorkPage {
        pub(crate) fn sample() -> Self {
            let work = FailedWork {
                job: id(900),
                what: text("Read the document"),
                document: Some(DocumentRef { id: id(25), title: text("Bank statement") }),
                reason: text("The reader stopped: page 12 took longer than 60 seconds."),
                attempts: 3,
                failed: moment(-30),
            };
            Self {
                layout: Layout::sample("Background work", Area::Work, Role::Admin),
                queued: 14,
                oldest: Some(text("about 2 minutes")),
                running: vec![RunningWork {
                    what: text("Read the document"),
                    subject: Some(text("Scanned order sheet, 2019 to 2024")),
                    since: moment(0),
                    attempt: 1,
                }],
                dead: vec![DeadWork { work, case: Some(case()) }],
            }
        }
    }

    impl SystemPage {
        pub(crate) fn sample() -> Self {
            let part = |name: &str, health, detail: &str| SystemPart {
                name: text(name),
                health,
                detail: text(detail),
                remedy: None,
                command: None,
            };
            Self {
                layout: Layout::sample("System", Area::System, Role::Admin),
                version: text("0.1.0"),
                parts: vec![
                    part("Word search", Health::Working, "12,480 passages, up to date."),
                    SystemPart {
                        remedy: Some(text("Fetch the model once; no restart is needed.")),
                        command: Some(text("munshi models fetch all-MiniLM-L6-v2")),
                        ..part(
                            "Search by meaning",
                            Health::Missing,
                            "The embedding model is not installed, so only word search works.",
                        )
                    },
                    part(
                        "Language model",
                        Health::Limited,
                        "One of two providers does not answer.",
                    ),
                ],
            }
        }
    }
}
