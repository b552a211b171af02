//! What somebody wants to be told of, and when.

use serde_json::json;

use super::quiet::Quiet;
use super::{How, Kind, NoticeError, Notices, minute_of, store};
use crate::db::{DbError, Tx};
use crate::kernel::{Role, Scope, UserId};

/// When a digest is put together unless somebody says otherwise: at eight.
const DIGEST_AT: u16 = 8 * 60;

/// How somebody is told of a kind of thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// Of what.
    pub kind: Kind,
    /// How.
    pub how: How,
}

/// What somebody is told of, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// A choice for each kind they may be told of.
    pub choices: Vec<Choice>,
    /// When they want quiet; never, without.
    pub quiet: Option<Quiet>,
    /// When their digest comes, in minutes after midnight in India.
    pub digest_at: u16,
}

/// Settings as somebody wants them; kinds that are left out stay as they are.
#[derive(Debug, Clone, Default)]
pub struct NewSettings {
    /// Kinds and ways, by their names.
    pub choices: Vec<(String, String)>,
    /// When quiet begins, as `21:00`; empty for no quiet.
    pub quiet_from: String,
    /// When it ends.
    pub quiet_until: String,
    /// When the digest comes.
    pub digest_at: String,
}

impl Settings {
    /// How a kind is told.
    #[must_use]
    pub fn how(&self, kind: Kind) -> How {
        let chosen = self.choices.iter().find(|choice| choice.kind == kind);
        chosen.map_or_else(|| kind.usual(), |choice| choice.how)
    }
}

/// The settings of a person, with what is usual where they said nothing.
pub(super) async fn of(tx: &mut Tx, user: UserId, is_client: bool) -> Result<Settings, DbError> {
    let chosen = store::choices(tx, user).await?;
    let role = if is_client { Role::Client } else { Role::Staff };
    let choices = Kind::ALL.iter().copied().filter(|kind| kind.is_for(role)).map(|kind| {
        let chosen = chosen.iter().find(|(known, _)| known == kind.as_str());
        let how = chosen.and_then(|(_, how)| how.parse().ok());
        Choice { kind, how: how.unwrap_or_else(|| kind.usual()) }
    });
    let hours = store::hours(tx, user).await?;
    let usual = is_client.then_some(Quiet::NIGHT);
    let (quiet, digest_at) = hours.unwrap_or((usual, DIGEST_AT));
    Ok(Settings { choices: choices.collect(), quiet, digest_at })
}

impl Notices {
    /// What the caller is told of, and when.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn settings(&self, scope: &Scope) -> Result<Settings, NoticeError> {
        let mut tx = self.db.read().await?;
        Ok(of(&mut tx, scope.user(), scope.role() == Role::Client).await?)
    }

    /// Keeps what the caller wants to be told of, and when.
    ///
    /// # Errors
    /// Fails when a kind is not told to them, or a time cannot be read.
    pub async fn set(&self, scope: &Scope, new: &NewSettings) -> Result<(), NoticeError> {
        let (quiet, digest_at) = hours_of(new)?;
        let mut choices = Vec::new();
        for (kind, how) in &new.choices {
            let unknown = || NoticeError::Kind(kind.clone());
            let known: Kind = kind.parse().map_err(|_| unknown())?;
            if !known.is_for(scope.role()) {
                return Err(unknown());
            }
            choices.push((known, how.parse::<How>().map_err(NoticeError::Kind)?));
        }
        let mut tx = self.db.write().await?;
        for (kind, how) in choices {
            store::choose(&mut tx, scope.user(), kind, how).await?;
        }
        store::set_hours(&mut tx, scope.user(), quiet, digest_at).await?;
        let (by, details) = (Some(scope.user()), json!({ "user": scope.user() }));
        self.audit.record(&mut tx, scope.organisation(), by, "notice.set", details).await?;
        Ok(tx.commit().await?)
    }
}

/// The quiet and the digest's minute that were typed.
fn hours_of(new: &NewSettings) -> Result<(Option<Quiet>, u16), NoticeError> {
    let digest_at = minute_of(&new.digest_at).ok_or(NoticeError::Time)?;
    let quiet = match (new.quiet_from.trim(), new.quiet_until.trim()) {
        ("", "") => None,
        (from, until) => {
            let (from, until) = (minute_of(from), minute_of(until));
            let (Some(from), Some(until)) = (from, until) else { return Err(NoticeError::Time) };
            Some(Quiet { from, until })
        }
    };
    Ok((quiet, digest_at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_both_there_or_none() {
        let new = |from: &str, until: &str, digest: &str| {
            hours_of(&NewSettings {
                choices: Vec::new(),
                quiet_from: from.to_owned(),
                quiet_until: until.to_owned(),
                digest_at: digest.to_owned(),
            })
        };
        assert_eq!(new("", "", "08:00").unwrap(), (None, 480));
        let quiet = Quiet { from: 22 * 60, until: 6 * 60 + 30 };
        assert_eq!(new("22:00", "06:30", "08:00").unwrap(), (Some(quiet), 480));
        for (from, until, digest) in [
            ("22:00", "", "08:00"),
            ("", "06:30", "08:00"),
            ("22:00", "06:30", "8"),
            ("x", "y", ""),
        ] {
            assert!(new(from, until, digest).is_err(), "{from} {until} {digest}");
        }
    }
}
