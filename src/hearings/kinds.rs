//! The words of hearings: how one went, who put it off, in which list it stood, and how
//! its day is known.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

macro_rules! kinds {
    ($($(#[$docs:meta])* $name:ident {
        $($(#[$doc:meta])* $one:ident $slug:literal $words:literal;)+
    })+) => {$(
        $(#[$docs])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema,
        )]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $($(#[$doc])* $one,)+
        }

        impl $name {
            /// Every one of them.
            pub const ALL: &'static [Self] = &[$(Self::$one),+];

            /// The stored form.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$one => $slug),+ }
            }

            /// In words.
            #[must_use]
            pub const fn words(self) -> &'static str {
                match self { $(Self::$one => $words),+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let found = Self::ALL.iter().copied().find(|one| one.as_str() == text);
                found.ok_or_else(|| text.to_owned())
            }
        }
    )+};
}

kinds! {
    /// How a hearing went.
    HearingOutcome {
        /// It was heard.
        Effective "effective" "heard";
        /// The court did not come to it.
        NotReached "not_reached" "not reached";
        /// It was put off.
        Adjourned "adjourned" "adjourned";
        /// The case ended with it.
        Disposed "disposed" "disposed of";
    }

    /// At whose request, or for whose sake, a hearing was put off.
    AdjournedBy {
        /// The court.
        Court "court" "the court";
        /// This side.
        Us "us" "us";
        /// The other side.
        OtherSide "other_side" "the other side";
        /// Both sides together.
        Both "both" "both sides";
    }

    /// The kind of list a hearing stands in.
    ListType {
        /// The list of a day.
        Daily "daily" "daily list";
        /// The list of a week, in advance.
        Weekly "weekly" "weekly list";
        /// What is added to a list.
        Supplementary "supplementary" "supplementary list";
        /// Cases for final hearing.
        Final "final" "final list";
    }

    /// How the day of a hearing is known.
    SourceKind {
        /// Entered by hand.
        Manual "manual" "entered by hand";
        /// A page of a document.
        Document "document" "a document";
        /// A cause list.
        CauseList "cause_list" "a cause list";
        /// Taken over from another system.
        Import "import" "an import";
    }

    /// What was decided on another day that a source gives.
    ClaimDecision {
        /// The hearing is on that day.
        Taken "taken" "the new day holds";
        /// The hearing stays where it was.
        Refused "refused" "the known day holds";
        /// There is a hearing on each.
        Both "both" "both days hold";
    }

    /// What became of an entry of a cause list in a case.
    ListDecision {
        /// It was entered as a hearing.
        Accepted "accepted" "accepted";
        /// It is not to be entered.
        Ignored "ignored" "ignored";
    }

    /// What is done with an entry of a cause list in a case.
    ListAction {
        /// The hearing is entered, or the known one confirmed; where another day is known,
        /// both are kept until somebody decides.
        Accept "accept" "accept";
        /// The hearing known for another day is moved.
        Move "move" "move the known hearing";
        /// A hearing is entered beside the one on another day.
        Add "add" "enter one more hearing";
        /// Nothing is entered.
        Ignore "ignore" "ignore";
    }

    /// What is wrong with the dates of a case.
    WarningKind {
        /// An open case has no next date.
        Missing "missing" "no next date";
        /// A day has passed and nobody entered how it went.
        Past "past" "how it went is not entered";
        /// Two sources give different days.
        Contradiction "contradiction" "sources disagree";
        /// One advocate is wanted in two courts.
        Clash "clash" "two courts at once";
        /// The court is closed that day.
        Holiday "holiday" "court holiday";
    }
}
