//! Where someone is signed in, and telling them of a place not seen before.

use std::net::IpAddr;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{agent_in_words, device_cookie, store};
use crate::auth::store as people;
use crate::auth::{Auth, AuthError, Caller, DeviceCookie, SessionKind, Token, User};
use crate::db::Tx;
use crate::kernel::{Origin, SessionId};
use crate::outbox::Words;

/// What the names of the cookies start with by which a browser is known again.
pub const DEVICE_COOKIE: &str = "munshi_device";

/// After how long a device counts as not seen before.
const FORGOTTEN: Duration = Duration::from_hours(90 * 24);

/// Somewhere someone is signed in.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Device {
    /// The session.
    pub id: SessionId,
    /// How it is carried: `cookie` for a browser, `bearer` for an API client.
    pub kind: String,
    /// What it says of itself.
    pub agent: String,
    /// The address it was last used from.
    pub address: String,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub last_used_at: DateTime<Utc>,
    /// When it ends however much it is used.
    pub expires_at: DateTime<Utc>,
}

impl Auth {
    /// Where the caller is signed in, most recently used first.
    ///
    /// # Errors
    /// Fails for a personal API token, and when the database does.
    pub async fn devices(&self, caller: &Caller) -> Result<Vec<Device>, AuthError> {
        caller.in_session()?;
        let mut tx = self.db.read().await?;
        Ok(store::list(&mut tx, caller.user.id, self.clock.now()).await?)
    }

    /// Ends one of the caller's sessions.
    ///
    /// # Errors
    /// Fails with [`AuthError::NotFound`] on a session that is not theirs.
    pub async fn end_device(&self, caller: &Caller, session: SessionId) -> Result<(), AuthError> {
        caller.in_session()?;
        let mut tx = self.db.write().await?;
        if store::end_of(&mut tx, caller.user.id, session).await? == 0 {
            return Err(AuthError::NotFound);
        }
        let details = json!({ "session": session });
        let (organisation, user) = (caller.scope.organisation(), Some(caller.user.id));
        self.audit.record(&mut tx, organisation, user, "session.end", details).await?;
        Ok(tx.commit().await?)
    }

    /// Ends all of the caller's sessions but the one they call in.
    ///
    /// # Errors
    /// Fails for a personal API token, and when the database does.
    pub async fn end_other_devices(&self, caller: &Caller) -> Result<(), AuthError> {
        caller.in_session()?;
        let mut tx = self.db.write().await?;
        people::end_other_sessions(&mut tx, caller.user.id, caller.session).await?;
        let (organisation, user) = (caller.scope.organisation(), Some(caller.user.id));
        self.audit.record(&mut tx, organisation, user, "session.end_others", json!({})).await?;
        Ok(tx.commit().await?)
    }

    /// Looks whether someone has signed in with this device before, and writes to them
    /// when not; never at the very first time. Gives a browser the cookie it will be
    /// known by. A cookie that is not known for this person is not taken up.
    pub(super) async fn meet_device(
        &self,
        tx: &mut Tx,
        user: &User,
        kind: SessionKind,
        origin: &Origin,
    ) -> Result<Option<DeviceCookie>, AuthError> {
        let now = self.clock.now();
        let candidates = match kind {
            SessionKind::Cookie => origin.devices.clone(),
            SessionKind::Bearer => vec![fingerprint(origin)],
        };
        for candidate in &candidates {
            let seen = store::device_seen(tx, user.id, candidate.clone()).await?;
            if seen.is_some_and(|seen| seen + FORGOTTEN > now) {
                store::note_device(tx, user.id, candidate.clone(), now).await?;
                return Ok(None);
            }
        }
        let first = store::count_devices(tx, user.id).await? == 0;
        let (hash, cookie) = match kind {
            SessionKind::Cookie => {
                let token = Token::random();
                (token.digest(), Some(device_cookie(user, token)))
            }
            SessionKind::Bearer => (fingerprint(origin), None),
        };
        store::note_device(tx, user.id, hash, now).await?;
        if !first {
            self.write_letter(tx, user, "new-device", self.new_device(user, origin)).await?;
        }
        Ok(cookie)
    }

    fn new_device(&self, user: &User, origin: &Origin) -> Words {
        let text = format!(
            "Hello {},\n\nsomeone signed in to Munshi in your name with a device you have not used \
             in the last three months:\n\n{}, from the address {}, on {}\n\nIf it was you, there \
             is nothing to do. If not, sign that device out and change your password: {}\n",
            user.name,
            agent_in_words(&origin.agent),
            origin.address,
            self.clock.now().format("%-d %B %Y at %H:%M UTC"),
            self.page("account/devices"),
        );
        Words { subject: "A new device signed in to Munshi".to_owned(), text }
    }
}

/// What an API client is known by: what it says of itself, and its network.
fn fingerprint(origin: &Origin) -> Vec<u8> {
    Sha256::digest(format!("{}\n{}", network(origin.address), origin.agent)).to_vec()
}

/// The network of an address: the first 24 bits, or 48 of the long kind.
fn network(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => {
            let [a, b, c, _] = address.octets();
            format!("{a}.{b}.{c}")
        }
        IpAddr::V6(address) => {
            let [a, b, c, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_network_are_one_device_and_others_are_not() {
        let print =
            |address: &str, agent| fingerprint(&Origin::new(address.parse().unwrap(), agent));
        assert_eq!(print("203.0.113.7", "curl/8"), print("203.0.113.99", "curl/8"));
        assert_ne!(print("203.0.113.7", "curl/8"), print("203.0.114.7", "curl/8"));
        assert_ne!(print("203.0.113.7", "curl/8"), print("203.0.113.7", "curl/9"));
        assert_eq!(print("2001:db8:1::1", ""), print("2001:db8:1:9::7", ""));
        assert_ne!(print("2001:db8:1::1", ""), print("2001:db8:2::1", ""));
    }
}
