//! Why something could not be done to people or sessions.

use chrono::{DateTime, Utc};

use super::{ProviderRefusal, Weakness};
use crate::db::DbError;
use crate::outbox::OutboxError;
use crate::vault::VaultError;

/// Why something could not be done to people or sessions.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// Wrong email, wrong password or an account switched off; never says which.
    #[error("the email or the password is not right")]
    NotRecognised,
    /// The service has been set up already.
    #[error("this service is set up already; sign in instead")]
    AlreadySetUp,
    /// The password is not good enough.
    #[error(transparent)]
    WeakPassword(Weakness),
    /// Too much was tried from one address.
    #[error("too much was tried from your network; wait {0} seconds, then try again")]
    TooManyTries(u64),
    /// A link was used, replaced or is over.
    #[error("this link does not work any more; ask for another")]
    LinkGone,
    /// The email is no email.
    #[error("`{0}` is not an email address")]
    Email(String),
    /// A name is empty.
    #[error("the name must not be empty")]
    NoName,
    /// Someone signs in with that email already.
    #[error("`{0}` has an account already")]
    EmailTaken(String),
    /// A portal user without a client, or another with one.
    #[error("an account with the role `client` needs a client, and only such an account has one")]
    ClientMismatch,
    /// Only an admin may.
    #[error("only an admin may do that")]
    AdminOnly,
    /// There is no such person in the organisation.
    #[error("there is no such account")]
    NotFound,
    /// The last admin cannot be switched off.
    #[error("the last active admin cannot be switched off")]
    LastAdmin,
    /// The sign-in is over, or its token was used up.
    #[error("this sign-in is over; sign in again")]
    Ended,
    /// A personal API token is not enough.
    #[error("a personal API token cannot do that; sign in and do it in a session")]
    SessionNeeded,
    /// A personal API token cannot be made so.
    #[error("{0}")]
    BadToken(&'static str),
    /// A client's code or link is not right, used up or over; never says which.
    #[error("the code or link is not right or is over; ask for a new one")]
    CodeRefused,
    /// An access token could not be signed.
    #[error("a token could not be signed: {0}")]
    Sign(String),
    /// A code or proof was wrong, used already, or one too many; never says which.
    #[error(
        "that was not right, or was used already; after five wrong codes none is taken for a \
         quarter of an hour"
    )]
    WrongCode,
    /// A sign-in that waited is over.
    #[error("this sign-in took too long, was tried too often or moved elsewhere; sign in again")]
    SignInAgain,
    /// The last proof is too long ago for this change.
    #[error("confirm first that it is you, with your password or a code")]
    ProveFirst,
    /// The factor is set up already.
    #[error("an authenticator app is set up already; remove it first")]
    FactorThere,
    /// Something that stands in for a factor, without one.
    #[error("set up an authenticator app or a passkey first")]
    FactorFirst,
    /// The last factor of someone who must have one.
    #[error("your chamber asks for a second factor; add another before you remove this one")]
    LastFactor,
    /// A factor asked of clients.
    #[error("clients sign in by a code sent to them; a second factor cannot be asked of them")]
    ClientsHaveNone,
    /// A password asked of clients.
    #[error("clients have no password; they sign in by a code sent to them")]
    ClientsHaveNoPassword,
    /// An account that would show an admin what a wall keeps from them.
    #[error(
        "a wall keeps you out of something such an account may see; ask an admin whom none keeps \
         out, or lift it with its reason"
    )]
    BehindWall,
    /// Text messages cannot be sent, or not to this person.
    #[error("no code can be sent by text message; use another way")]
    NoGateway,
    /// Too many codes were sent.
    #[error("three codes were sent within the hour; wait, or use another way")]
    TooManyCodes,
    /// The telephone number is none.
    #[error("`{0}` is not a telephone number with its country's code, such as +91 98765 43210")]
    PhoneNumber(String),
    /// A passkey was not accepted.
    #[error("the passkey was not accepted; try again, or sign in another way")]
    PasskeyRefused,
    /// Passkeys do not work at this address.
    #[error("passkeys need an address with a name and https; an admin can set `http.public_url`")]
    NoPasskeysHere,
    /// The provider's sign-in was not accepted.
    #[error(transparent)]
    Provider(#[from] ProviderRefusal),
    /// No organisation has been created yet.
    #[error(
        "nothing is set up yet; create an admin with `munshi user add --role admin` or on the page `/setup`"
    )]
    NotSetUp,
    /// The password could not be hashed.
    #[error("the password could not be hashed: {0}")]
    Hash(String),
    /// A secret could not be sealed or opened.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// A letter could not be written.
    #[error(transparent)]
    Outbox(#[from] OutboxError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl AuthError {
    /// Asks to wait until a moment.
    pub(super) fn wait(until: DateTime<Utc>, now: DateTime<Utc>) -> Self {
        Self::TooManyTries(u64::try_from((until - now).num_seconds()).unwrap_or(0) + 1)
    }
}
