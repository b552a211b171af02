//! Notices: what people are told by mail of what happens in their cases.
//!
//! A *notice* is worded from a template in its reader's language and handed to the outbox
//! in the transaction of what it tells of. People say what they want to be told of and
//! when they want quiet: at once, with a *digest* once a day, or not. Whether what it
//! tells of is open to its reader is asked when it is written and again before it goes.

mod digest;
mod kinds;
mod quiet;
mod settings;
mod store;
mod words;

use std::sync::Arc;

use chrono::NaiveDate;

use crate::audit::Audit;
use crate::db::{Db, DbError, Tx};
use crate::kernel::{CaseId, ClientId, Clock, OrganisationId, Paise, UserId};
use crate::outbox::{Letter, Outbox, OutboxError, Terms, To};

pub use kinds::{How, Kind};
pub use quiet::{Quiet, clock_time, minute_of};
pub use settings::{Choice, NewSettings, Settings};

use store::Recipient;
use words::Language;

/// What can be done with notices.
#[derive(Clone)]
pub struct Notices {
    db: Db,
    clock: Arc<dyn Clock>,
    audit: Audit,
    outbox: Outbox,
    public_url: url::Url,
}

/// Who is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// Somebody of the chamber.
    Person(UserId),
    /// A client: everybody who comes into the portal for them.
    Client(ClientId),
}

/// What is told. What is in documents and messages is never part of a notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// What is listed on a day, a line for each hearing.
    HearingsAhead {
        /// The day.
        day: NaiveDate,
        /// Case, court, hall and item, in words.
        hearings: Vec<String>,
    },
    /// Cases whose next date is missing, past, or said differently by two sources.
    DatesToCheck {
        /// The cases and what is wrong, in words.
        cases: Vec<String>,
    },
    /// The next date of a client's case is known or has changed.
    NextDate {
        /// The case.
        case_title: String,
        /// The day; none when it was taken out of the list.
        day: Option<NaiveDate>,
    },
    /// Somebody was given something to do.
    TaskGiven {
        /// What is to be done.
        title: String,
        /// In which case.
        case_title: Option<String>,
        /// By when.
        due: Option<NaiveDate>,
    },
    /// What is due soon and overdue, a line for each.
    TasksDue {
        /// The tasks with their days, in words.
        tasks: Vec<String>,
    },
    /// Somebody wrote a message between the chamber and a client.
    MessageCame {
        /// In which case.
        case_title: String,
        /// Who wrote.
        from: String,
    },
    /// Somebody wrote to the team of a case.
    TeamWrote {
        /// Of which case.
        case_title: String,
        /// Who wrote.
        from: String,
    },
    /// Somebody named the reader in a message.
    Mentioned {
        /// In which case.
        case_title: String,
        /// Who wrote.
        from: String,
    },
    /// Documents were shared with a client.
    DocumentsShared {
        /// Of which case.
        case_title: String,
        /// How many.
        count: u32,
    },
    /// The chamber needs something from a client.
    SomethingNeeded {
        /// For which case.
        case_title: String,
        /// What is needed.
        what: String,
        /// By when.
        due: Option<NaiveDate>,
    },
    /// There is news of a client's case.
    NewsOfCase {
        /// The case.
        case_title: String,
    },
    /// An invoice was issued to a client.
    InvoiceIssued {
        /// Its number.
        number: String,
        /// What is to be paid.
        total: Paise,
        /// By when.
        due: Option<NaiveDate>,
    },
    /// A client's payment came.
    PaymentCame {
        /// The number of the invoice.
        number: String,
        /// What came.
        amount: Paise,
    },
    /// A client sent a file.
    FileCame {
        /// For which case.
        case_title: String,
        /// The name of the file.
        name: String,
        /// Who sent it.
        from: String,
    },
}

/// Why somebody could not be told, or settings not kept.
#[derive(Debug, thiserror::Error)]
pub enum NoticeError {
    /// A kind that is not told to the caller was chosen.
    #[error("`{0}` is no kind of notice you get")]
    Kind(String),
    /// A time of day cannot be read.
    #[error("write times of day as 21:00; for quiet, both its beginning and its end")]
    Time,
    /// The letter could not be written.
    #[error(transparent)]
    Outbox(#[from] OutboxError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Notices {
    /// Puts the area together; links in notices begin with the address people type.
    #[must_use]
    pub fn new(
        db: Db,
        clock: Arc<dyn Clock>,
        audit: Audit,
        outbox: Outbox,
        public_url: url::Url,
    ) -> Self {
        Self { db, clock, audit, outbox, public_url }
    }

    /// Tells somebody of something, in the transaction of what happened. `link` is the
    /// address of the page where it stands, from `/` on; the case it names is the one the
    /// notice is about.
    ///
    /// # Errors
    /// Fails when the database does, or the letter cannot be sealed.
    pub async fn tell(
        &self,
        tx: &mut Tx,
        organisation: OrganisationId,
        reader: Reader,
        notice: &Notice,
        link: &str,
    ) -> Result<(), NoticeError> {
        let kind = notice.kind();
        let readers = match reader {
            Reader::Person(user) => store::person(tx, organisation, user).await?,
            Reader::Client(client) => {
                let about_money = kind.is_about_money();
                store::people_of(tx, organisation, client, about_money).await?
            }
        };
        for reader in readers {
            self.tell_one(tx, organisation, &reader, notice, link).await?;
        }
        Ok(())
    }

    /// Notes, in the transaction of the reading, that somebody has read the messages of a
    /// case: the next one is told again.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn read(&self, tx: &mut Tx, user: UserId, case: CaseId) -> Result<(), NoticeError> {
        Ok(store::unmark(tx, user, case).await?)
    }

    async fn tell_one(
        &self,
        tx: &mut Tx,
        organisation: OrganisationId,
        reader: &Recipient,
        notice: &Notice,
        link: &str,
    ) -> Result<(), NoticeError> {
        let (kind, case, now) = (notice.kind(), case_in(link), self.clock.now());
        let (how, quiet) = match reader.user_id {
            Some(user) => {
                if let Some(case) = case
                    && !store::is_open(tx, user, case, now).await?
                {
                    return Ok(());
                }
                let settings = settings::of(tx, user, reader.is_client).await?;
                (settings.how(kind), settings.quiet)
            }
            // Somebody to be reached at a client, who has no account and no settings.
            None => (How::AtOnce, Some(Quiet::NIGHT)),
        };
        if how == How::Never {
            return Ok(());
        }
        if let (true, Some(user), Some(case)) = (kind.waits_for_reading(), reader.user_id, case)
            && !store::mark(tx, user, case, kind, now).await?
        {
            return Ok(());
        }
        let language = Language::of(&reader.language);
        let (subject, text) = words::of(notice, language);
        let address = self.address(link);
        if let (How::Digest, Some(user)) = (how, reader.user_id) {
            let text = format!("{text}\n{address}");
            let entry = (kind, subject.as_str(), text.as_str());
            return Ok(store::insert_entry(tx, organisation, (user, case), entry, now).await?);
        }
        let settings = reader.user_id.map(|_| self.settings_address(reader.is_client));
        let page = (address.as_str(), settings.as_deref());
        let words = words::letter(language, &reader.name, (&subject, &text), page);
        let to = To::Mail(reader.email.clone());
        let letter = Letter { organisation, to, kind: kind.letter(), words };
        let not_before = quiet.and_then(|quiet| quiet.ends(now));
        let terms = Terms { not_before, reader: reader.user_id, case };
        self.outbox.post_on(tx, letter, terms).await?;
        Ok(())
    }

    /// The whole address of a page.
    fn address(&self, link: &str) -> String {
        let joined = self.public_url.join(link);
        joined.map_or_else(|_| self.public_url.to_string(), String::from)
    }

    /// Where somebody says what they are told of.
    fn settings_address(&self, is_client: bool) -> String {
        self.address(if is_client { "/portal/notices" } else { "/account/notices" })
    }
}

/// The case an address names: `/cases/…`, `/portal/messages/…` and the like, or `case=…`.
fn case_in(link: &str) -> Option<CaseId> {
    ["/cases/", "/portal/messages/", "case="].into_iter().find_map(|mark| {
        let (_, rest) = link.split_once(mark)?;
        rest.get(..36)?.parse().ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_case_is_read_from_the_address() {
        let case = CaseId::new();
        for link in [
            format!("/cases/{case}"),
            format!("/cases/{case}/hearings#next"),
            format!("/portal/cases/{case}"),
            format!("/portal/messages/{case}"),
            format!("/diary?from=2026-12-05&case={case}"),
        ] {
            assert_eq!(case_in(&link), Some(case), "{link}");
        }
        for link in ["/diary", "/cases/new", "/portal/invoices/0190"] {
            assert_eq!(case_in(link), None, "{link}");
        }
    }
}
