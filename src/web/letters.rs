//! Mail and text messages on their way out, for admins.

use askama::Template;

use super::page::{Layout, pages};
use super::parts::Choice;
use super::show::Moment;
use crate::kernel::LetterId;

/// The letters of the chamber.
#[derive(Debug, Clone, Template)]
#[template(path = "admin/letters.html")]
pub struct LettersPage {
    /// The frame.
    pub layout: Layout,
    /// Whether a mail server takes mail.
    pub mail: bool,
    /// Whether a gateway takes text messages.
    pub sms: bool,
    /// The states to choose from.
    pub states: Vec<Choice>,
    /// How many were given up, of all of them.
    pub failed: u64,
    /// The newest first.
    pub letters: Vec<LetterRow>,
    /// The address of the letters written before these.
    pub older: Option<String>,
}

/// A letter.
#[derive(Debug, Clone)]
pub struct LetterRow {
    /// Which.
    pub id: LetterId,
    /// What it is about, in words.
    pub about: String,
    /// To whom it goes.
    pub recipient: String,
    /// When it was written.
    pub written: Moment,
    /// When it was sent.
    pub sent: Option<Moment>,
    /// When it goes or is tried again, if that is not at once.
    pub next: Option<Moment>,
    /// Whether it was given up.
    pub failed: bool,
    /// Why it was not sent yet.
    pub error: Option<String>,
    /// How often it was tried.
    pub attempts: i64,
}

/// A letter that was not sent, opened.
#[derive(Debug, Clone, Template)]
#[template(path = "admin/letter.html")]
pub struct LetterPage {
    /// The frame.
    pub layout: Layout,
    /// What it is about, in words.
    pub about: String,
    /// To whom it goes.
    pub recipient: String,
    /// When it was written.
    pub written: Moment,
    /// Its subject.
    pub subject: String,
    /// What it says.
    pub text: String,
}

pages!(LettersPage, LetterPage);

impl LettersPage {
    /// Whether some letters are left out on purpose.
    #[must_use]
    pub fn is_filtered(&self) -> bool {
        self.states.iter().any(|state| state.chosen)
    }
}

#[cfg(test)]
mod samples {
    use super::super::page::Area;
    use super::super::parts::samples::{id, moment, text};
    use super::*;
    use crate::kernel::Role;

    impl LettersPage {
        pub(crate) fn sample() -> Self {
            let row = |number, about: &str, sent: Option<i64>, error: Option<&str>| LetterRow {
                id: id(number),
                about: text(about),
                recipient: text("khan@raomehta.in"),
                written: moment(-60),
                sent: sent.map(moment),
                next: (number == 71).then(|| moment(300)),
                failed: number == 72,
                error: error.map(text),
                attempts: i64::from(error.is_some()),
            };
            Self {
                layout: Layout::sample("Letters", Area::Letters, Role::Admin),
                mail: true,
                sms: false,
                states: vec![Choice {
                    value: text("failed"),
                    label: text("Failed"),
                    chosen: false,
                }],
                failed: 1,
                older: Some(text("/admin/letters?before=01900000-0000-7000-8000-000000000047")),
                letters: vec![
                    row(71, "Invitation", None, None),
                    row(72, "Forgotten password", None, Some("The mail server did not take it.")),
                    row(73, "Confirmation of an email", Some(-30), None),
                ],
            }
        }

        pub(crate) fn sample_empty() -> Self {
            Self { letters: Vec::new(), mail: false, failed: 0, older: None, ..Self::sample() }
        }
    }

    impl LetterPage {
        pub(crate) fn sample() -> Self {
            Self {
                layout: Layout::sample("Letter", Area::Letters, Role::Admin),
                about: text("Invitation"),
                recipient: text("khan@raomehta.in"),
                written: moment(-60),
                subject: text("Your account for your chamber\u{2019}s documents"),
                text: text("Dear S. Khan,\n\nhttps://munshi.example/choose-password?token=x\n"),
            }
        }
    }
}
