//! Digests: what came for somebody, in one letter a day.

use std::time::Duration;

use chrono::{Days, NaiveDate};
use tokio_util::sync::CancellationToken;

use super::quiet::minute_in_india;
use super::words::{self, Language};
use super::{NoticeError, Notices, settings, store};
use crate::kernel::{UserId, day_in_india};
use crate::outbox::{Letter, Terms, To};

/// How often the tables are asked whose digest has come due.
const EVERY: Duration = Duration::from_mins(1);
/// What the outbox calls a digest.
const LETTER: &str = "notice-digest";

impl Notices {
    /// Puts digests together, and removes notices nothing delivers and, once a day, what
    /// is too old to be kept, until told to stop.
    pub async fn care(&self, stop: &CancellationToken) {
        let mut tidied = None;
        loop {
            let today = Some(day_in_india(self.clock.now()));
            let cared = async {
                self.send_digests().await?;
                self.outbox.drop_stale_notices().await?;
                if tidied != today {
                    self.forget_digests().await?;
                    self.outbox.forget_old().await?;
                }
                Ok::<(), NoticeError>(())
            };
            let cared = cared.await;
            if cared.is_ok() {
                tidied = today;
            }
            if let Err(error) = cared {
                let error = &error as &dyn std::error::Error;
                tracing::error!(error, "digests could not be put together");
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(EVERY) => {}
            }
        }
    }

    /// Puts together the digest of everybody whose hour has come today, once, and says how
    /// many there are.
    ///
    /// # Errors
    /// Fails when the database does, or a letter cannot be sealed.
    pub async fn send_digests(&self) -> Result<usize, NoticeError> {
        let now = self.clock.now();
        let (today, minute) = (day_in_india(now), minute_in_india(now));
        let mut tx = self.db.read().await?;
        let mut due = Vec::new();
        for (user, is_client) in store::digests_waiting(&mut tx, today).await? {
            let wanted = settings::of(&mut tx, user, is_client).await?.digest_at;
            if i64::from(wanted) <= minute {
                due.push(user);
            }
        }
        drop(tx);
        let mut sent = 0;
        for user in due {
            sent += usize::from(self.send_digest(user, today).await?);
        }
        Ok(sent)
    }

    /// Forgets which digests were put together more than a week ago.
    async fn forget_digests(&self) -> Result<(), NoticeError> {
        let oldest = day_in_india(self.clock.now()) - Days::new(7);
        let mut tx = self.db.write().await?;
        store::forget_digests(&mut tx, oldest).await?;
        Ok(tx.commit().await?)
    }

    /// Puts one digest together, without what is no longer open to its reader; whether
    /// anything was left to tell.
    async fn send_digest(&self, user: UserId, today: NaiveDate) -> Result<bool, NoticeError> {
        let now = self.clock.now();
        let mut tx = self.db.write().await?;
        // Another process may have been first.
        if !store::begin_digest(&mut tx, user, today).await? {
            return Ok(false);
        }
        let entries = store::take_entries(&mut tx, user).await?;
        let reader = store::anybody(&mut tx, user).await?;
        let Some((organisation, reader)) = reader else {
            tx.commit().await?;
            return Ok(false);
        };
        let mut parts = Vec::new();
        for entry in &entries {
            let open = match entry.case_id {
                Some(case) => store::is_open(&mut tx, user, case, now).await?,
                None => !store::walled_since(&mut tx, user, entry.written_at).await?,
            };
            if open {
                parts.push(format!("{}\n{}", entry.subject, entry.text));
            }
        }
        if parts.is_empty() {
            tx.commit().await?;
            return Ok(false);
        }
        let language = Language::of(&reader.language);
        let subject = words::digest_subject(language, today);
        let home = self.address(if reader.is_client { "/portal" } else { "/" });
        let settings = self.settings_address(reader.is_client);
        let page = (home.as_str(), Some(settings.as_str()));
        let text = parts.join("\n\n");
        let words = words::letter(language, &reader.name, (&subject, &text), page);
        let letter = Letter { organisation, to: To::Mail(reader.email), kind: LETTER, words };
        let settings = settings::of(&mut tx, user, reader.is_client).await?;
        let not_before = settings.quiet.and_then(|quiet| quiet.ends(now));
        let terms = Terms { not_before, reader: Some(user), case: None };
        self.outbox.post_on(&mut tx, letter, terms).await?;
        tx.commit().await?;
        Ok(true)
    }
}
