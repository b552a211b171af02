//! Renewing a session when what its person may do, or how they sign in, has changed:
//! what stood for it before, and may have been copied, stands for nothing any more.
//!
//! A browser gets another cookie with the answer. The access tokens of an API client
//! are over; its refresh token, which works once and tells when it was copied, brings
//! the next.

use super::store;
use crate::auth::store::end_other_sessions;
use crate::auth::{Auth, AuthError, Caller, Opened, SessionKind, Token};
use crate::db::Tx;

/// What a change to how the caller signs in gave.
#[derive(Debug)]
#[must_use = "a browser needs its session's new cookie"]
pub struct Renewed<T> {
    /// What it gave.
    pub value: T,
    /// The session as a browser goes on with it; none for an API client, which
    /// refreshes.
    pub cookie: Option<Opened>,
}

impl Auth {
    /// Renews the caller's session in the transaction of what it follows.
    pub(in crate::auth) async fn renew(
        &self,
        tx: &mut Tx,
        caller: &Caller,
    ) -> Result<Option<Opened>, AuthError> {
        caller.in_session()?;
        let found = store::find_held(tx, caller.session, self.clock.now()).await?;
        let held = found.ok_or(AuthError::Ended)?;
        match held.kind {
            SessionKind::Cookie => {
                let token = Token::random();
                store::replace_token(tx, caller.session, &token).await?;
                Ok(Some(self.hand_over(tx, &held, token).await?))
            }
            SessionKind::Bearer => {
                store::outdate(tx, caller.session).await?;
                Ok(None)
            }
        }
    }

    /// Renews the caller's session and ends their others: those were opened with less,
    /// or with what is no longer theirs.
    pub(in crate::auth) async fn renew_alone(
        &self,
        tx: &mut Tx,
        caller: &Caller,
    ) -> Result<Option<Opened>, AuthError> {
        let cookie = self.renew(tx, caller).await?;
        end_other_sessions(tx, caller.user.id, caller.session).await?;
        Ok(cookie)
    }
}
