//! The kinds of notices: what each is called, who is told of it, and how unless they say
//! otherwise.

use std::str::FromStr;

use super::Notice;
use crate::kernel::Role;

/// How somebody is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// By a letter of its own, at once.
    AtOnce,
    /// With the digest of the day.
    Digest,
    /// Not.
    Never,
}

impl How {
    /// Every way.
    pub const ALL: [Self; 3] = [Self::AtOnce, Self::Digest, Self::Never];

    /// The stored form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AtOnce => "at_once",
            Self::Digest => "digest",
            Self::Never => "never",
        }
    }

    /// In words for people.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::AtOnce => "At once",
            Self::Digest => "With the daily digest",
            Self::Never => "Not by mail",
        }
    }
}

impl FromStr for How {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|how| how.as_str() == text);
        found.ok_or_else(|| format!("`{text}` is none of `at_once`, `digest` and `never`"))
    }
}

macro_rules! kinds {
    ($($(#[$docs:meta])* $name:ident $slug:literal $letter:literal $words:literal $how:ident [$($who:ident)+];)+) => {
        /// A kind of notice.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Kind {
            $($(#[$docs])* $name,)+
        }

        impl Kind {
            /// Every kind, in the order they are shown.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The stored form, and its name in the API.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $slug),+ }
            }

            /// The kind of its letters in the outbox.
            pub(super) const fn letter(self) -> &'static str {
                match self { $(Self::$name => $letter),+ }
            }

            /// What it tells of, in words for people.
            #[must_use]
            pub const fn words(self) -> &'static str {
                match self { $(Self::$name => $words),+ }
            }

            /// How it is told unless its reader says otherwise.
            #[must_use]
            pub const fn usual(self) -> How {
                match self { $(Self::$name => How::$how),+ }
            }

            const fn who(self) -> &'static [Who] {
                match self { $(Self::$name => &[$(Who::$who),+]),+ }
            }
        }
    };
}

/// Who is told of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    Chamber,
    Client,
}

kinds! {
    /// What is listed on a day.
    HearingsAhead "hearings_ahead" "notice-hearings" "What is listed on the next court day" AtOnce [Chamber];
    /// Dates that need looking at.
    DatesToCheck "dates_to_check" "notice-dates" "Dates that are missing, past, or said differently" AtOnce [Chamber];
    /// The next date of a client's case.
    NextDate "next_date" "notice-next-date" "The next date of a case, and its changes" AtOnce [Client];
    /// Something to do was given.
    TaskGiven "task_given" "notice-task" "Something you are given to do" AtOnce [Chamber];
    /// What is due soon or overdue.
    TasksDue "tasks_due" "notice-due" "What is due soon or overdue" AtOnce [Chamber];
    /// A message between the chamber and a client.
    Message "message" "notice-message" "Messages between the chamber and a client" AtOnce [Chamber Client];
    /// A message inside the chamber.
    TeamMessage "team_message" "notice-team-message" "Messages inside the team of a case" Digest [Chamber];
    /// A message that names its reader.
    Mention "mention" "notice-mention" "Messages that name you with an @" AtOnce [Chamber];
    /// Documents shared.
    DocumentsShared "documents_shared" "notice-documents" "Documents shared with you" AtOnce [Client];
    /// Something the chamber needs.
    SomethingNeeded "something_needed" "notice-needed" "What your advocate needs from you" AtOnce [Client];
    /// News of a case.
    News "news" "notice-news" "News of your cases" AtOnce [Client];
    /// An invoice.
    Invoice "invoice" "notice-invoice" "Invoices" AtOnce [Client];
    /// A payment.
    Payment "payment" "notice-payment" "Payments" AtOnce [Client];
    /// A file a client sent.
    File "file" "notice-file" "Files that clients send" AtOnce [Chamber];
}

impl Kind {
    /// Whether somebody of a role is ever told of it.
    #[must_use]
    pub fn is_for(self, role: Role) -> bool {
        let who = if role == Role::Client { Who::Client } else { Who::Chamber };
        self.who().contains(&who)
    }

    /// Whether one letter stands for all that come until its reader has read them.
    pub(super) const fn waits_for_reading(self) -> bool {
        matches!(self, Self::Message | Self::TeamMessage | Self::Mention)
    }

    /// Whether it is about money.
    pub(super) const fn is_about_money(self) -> bool {
        matches!(self, Self::Invoice | Self::Payment)
    }
}

impl FromStr for Kind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.iter().copied().find(|kind| kind.as_str() == text);
        found.ok_or_else(|| format!("`{text}` is no kind of notice"))
    }
}

impl Notice {
    /// What kind it is.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::HearingsAhead { .. } => Kind::HearingsAhead,
            Self::DatesToCheck { .. } => Kind::DatesToCheck,
            Self::NextDate { .. } => Kind::NextDate,
            Self::TaskGiven { .. } => Kind::TaskGiven,
            Self::TasksDue { .. } => Kind::TasksDue,
            Self::MessageCame { .. } => Kind::Message,
            Self::TeamWrote { .. } => Kind::TeamMessage,
            Self::Mentioned { .. } => Kind::Mention,
            Self::DocumentsShared { .. } => Kind::DocumentsShared,
            Self::SomethingNeeded { .. } => Kind::SomethingNeeded,
            Self::NewsOfCase { .. } => Kind::News,
            Self::InvoiceIssued { .. } => Kind::Invoice,
            Self::PaymentCame { .. } => Kind::Payment,
            Self::FileCame { .. } => Kind::File,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_told_to_somebody_and_read_from_its_name() {
        for &kind in Kind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
            assert!(kind.letter().starts_with("notice-"), "{kind:?}");
            assert!(kind.is_for(Role::Client) || kind.is_for(Role::Staff), "{kind:?}");
        }
        assert!(!Kind::TeamMessage.is_for(Role::Client));
    }
}
