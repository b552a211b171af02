//! Letters as an admin sees them.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use super::{Outbox, OutboxError, Words, store};
use crate::kernel::{LetterId, Permission, Scope};

/// The kinds of letters that let whoever holds them in.
const LETS_IN: [&str; 5] = ["invitation", "reset", "verification", "client-code", "sign-in-code"];

/// How long a notice waits for something that delivers mail.
const STALE: TimeDelta = TimeDelta::days(7);
/// How long a letter is listed, however it stands: the year that logs are kept at least.
const LISTED: TimeDelta = TimeDelta::days(366);
/// How long somebody is told that their letter was read: two weeks.
const TOLD: TimeDelta = TimeDelta::days(14);
/// How many letters a list holds at most; the statement says the same.
pub const MOST: usize = 200;

/// A letter in the admin's list.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Line {
    /// Which letter.
    pub id: LetterId,
    /// How it goes: `mail` or `sms`.
    pub channel: String,
    /// To whom.
    pub recipient: String,
    /// What kind it is, as one word.
    pub kind: String,
    /// How it stands; see [`Line::status`].
    status: String,
    /// How often it was tried.
    pub attempts: i64,
    /// When it is tried next, if it waits.
    pub next_at: DateTime<Utc>,
    /// Why the last try failed.
    pub last_error: Option<String>,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When it was sent.
    pub sent_at: Option<DateTime<Utc>>,
}

/// A letter with a link or code that somebody else has read.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ReadByOther {
    /// What kind it is, as one word.
    pub kind: String,
    /// Who read it.
    pub reader: String,
    /// When.
    pub read_at: DateTime<Utc>,
}

/// How a letter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It waits to be sent.
    Waiting,
    /// It was sent.
    Sent,
    /// It was given up.
    Failed,
}

impl Status {
    /// The stored form: `waiting`, `sent`, `failed`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Failed => "failed",
        }
    }
}

/// Which letters are wanted.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only those that stand so.
    pub status: Option<Status>,
    /// Only those that go so: `mail` or `sms`.
    pub channel: Option<String>,
    /// Only those of this kind.
    pub kind: Option<String>,
    /// Only those written before this one: the last of the page before.
    pub before: Option<LetterId>,
}

impl Line {
    /// How it stands.
    #[must_use]
    pub fn status(&self) -> Status {
        match self.status.as_str() {
            "sent" => Status::Sent,
            "failed" => Status::Failed,
            _ => Status::Waiting,
        }
    }
}

/// A letter that was not sent, opened.
#[derive(Debug, Clone)]
pub struct Opened {
    /// To whom it goes.
    pub recipient: String,
    /// What kind it is, as one word.
    pub kind: String,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// What it says.
    pub words: Words,
}

impl Outbox {
    /// The letters of the caller's organisation that pass a filter, newest first,
    /// [`MOST`] at most.
    ///
    /// # Errors
    /// Fails unless the caller is an admin, and when the database does.
    pub async fn list(&self, scope: &Scope, filter: &Filter) -> Result<Vec<Line>, OutboxError> {
        if !scope.may(Permission::ManagePeople) {
            return Err(OutboxError::AdminOnly);
        }
        let mut tx = self.db.read().await?;
        Ok(store::list(&mut tx, scope, filter).await?)
    }

    /// What a letter says that was not sent, for an admin who passes it on; recorded, and
    /// its recipient is told when they sign in. Who reads a link or code could come in as
    /// its recipient: so nobody reads those while something delivers them, and never an
    /// admin whom a wall keeps out of anything, for the recipient may see it.
    ///
    /// # Errors
    /// Fails unless the caller is an admin who may read it, and the letter was not sent
    /// yet.
    pub async fn read(&self, scope: &Scope, id: LetterId) -> Result<Opened, OutboxError> {
        if !scope.may(Permission::ManagePeople) {
            return Err(OutboxError::AdminOnly);
        }
        let mut tx = self.db.write().await?;
        let letter = store::unsent(&mut tx, scope, id).await?;
        let store::Unsent { channel, recipient, kind, sealed, created_at, of_several } =
            letter.ok_or(OutboxError::NotFound)?;
        if of_several && store::is_walled(&mut tx, scope.user()).await? {
            return Err(OutboxError::BehindWall);
        }
        if LETS_IN.contains(&kind.as_str()) {
            let (mail, sms) = self.delivers();
            let goes_out = if channel == "sms" { sms } else { mail };
            if goes_out {
                return Err(OutboxError::GoesOut);
            }
            if store::is_walled(&mut tx, scope.user()).await? {
                return Err(OutboxError::BehindWall);
            }
            store::note_reader(&mut tx, id, scope.user(), self.clock.now()).await?;
        }
        let words = self.open(&sealed)?;
        let details = json!({ "letter": id, "kind": kind });
        let by = Some(scope.user());
        self.audit.record(&mut tx, scope.organisation(), by, "letter.read", details).await?;
        tx.commit().await?;
        Ok(Opened { recipient, kind, created_at, words })
    }

    /// The letters with a link or code to an address of the caller that somebody else has
    /// read within the last two weeks, newest first, five at most.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn read_by_others(
        &self,
        scope: &Scope,
        recipient: &str,
    ) -> Result<Vec<ReadByOther>, OutboxError> {
        let mut tx = self.db.read().await?;
        let since = self.clock.now() - TOLD;
        let letters = store::read_by_others(&mut tx, scope, recipient, since).await?;
        Ok(letters)
    }

    /// Lets a letter that was not sent be tried again, at once.
    ///
    /// # Errors
    /// Fails unless the caller is an admin and the letter was not sent yet.
    pub async fn retry(&self, scope: &Scope, id: LetterId) -> Result<(), OutboxError> {
        if !scope.may(Permission::ManagePeople) {
            return Err(OutboxError::AdminOnly);
        }
        let mut tx = self.db.write().await?;
        let now = self.clock.now();
        if store::wait_again(&mut tx, scope, id, now).await? == 0 {
            return Err(OutboxError::NotFound);
        }
        let by = Some(scope.user());
        let details = json!({ "letter": id });
        self.audit.record(&mut tx, scope.organisation(), by, "letter.retry", details).await?;
        Ok(tx.commit().await?)
    }

    /// Lets every letter that was given up be tried again, of those the caller may know of,
    /// and says how many.
    ///
    /// # Errors
    /// Fails unless the caller is an admin.
    pub async fn retry_failed(&self, scope: &Scope) -> Result<u64, OutboxError> {
        if !scope.may(Permission::ManagePeople) {
            return Err(OutboxError::AdminOnly);
        }
        let mut tx = self.db.write().await?;
        let now = self.clock.now();
        let count = store::all_wait_again(&mut tx, scope, now).await?;
        let (by, details) = (Some(scope.user()), json!({ "letters": count }));
        self.audit.record(&mut tx, scope.organisation(), by, "letter.retry", details).await?;
        tx.commit().await?;
        Ok(count)
    }

    /// How many letters were given up and wait for an admin; none for others.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn failed(&self, scope: &Scope) -> Result<u64, OutboxError> {
        if !scope.may(Permission::ManagePeople) {
            return Ok(0);
        }
        let mut tx = self.db.read().await?;
        let count = store::count_failed(&mut tx, scope).await?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    /// Removes notices that waited for a week while nothing delivers mail, and says how
    /// many: what they tell of is on the pages, and old by then.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn drop_stale_notices(&self) -> Result<u64, OutboxError> {
        let mut tx = self.db.write().await?;
        let gone = store::drop_stale(&mut tx, self.clock.now() - STALE).await?;
        tx.commit().await?;
        Ok(gone)
    }

    /// Removes letters that are older than a year, sent or not, and says how many.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn forget_old(&self) -> Result<u64, OutboxError> {
        let mut tx = self.db.write().await?;
        let gone = store::forget(&mut tx, self.clock.now() - LISTED).await?;
        tx.commit().await?;
        Ok(gone)
    }
}
