//! One-time links in letters: invitations, forgotten passwords, proof of an email.
//!
//! A link carries 256 random bits, of which the tables hold the hash. It works once,
//! until it is over or another of its kind is sent. Opening it only shows a page, for
//! programs that look at mail open links too; what the page sends uses it. It opens no
//! session: whoever chose a password signs in with it, second proof included.

mod store;
mod use_link;
mod words;

use chrono::TimeDelta;
use serde_json::json;
use tokio::time::Instant;

use super::attempts::{self, Rule, Subject};
use super::sign_in::answer_after;
use super::{Auth, AuthError, Caller, Token, User, normal_email, people};
use crate::db::Tx;
use crate::kernel::{ClientId, OrganisationId, Origin, Permission, Role, Scope, UserId};
use crate::outbox::{Letter, To, Words};

pub use store::Standing;
pub(super) use store::{drop_all, drop_passwords, has_password as has_chosen, organisation_name};

/// How many links for one account are sent before asking for more must wait.
const FREE_LETTERS: u32 = 3;

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkKind {
    /// Choosing the first password.
    Invitation,
    /// Choosing another.
    Reset,
    /// Showing that letters to an email arrive.
    Verification,
}

impl LinkKind {
    /// The stored form, and the kind of the letter.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::Reset => "reset",
            Self::Verification => "verification",
        }
    }

    /// How long it works.
    const fn lifetime(self) -> TimeDelta {
        match self {
            Self::Invitation => TimeDelta::days(7),
            Self::Reset => TimeDelta::hours(1),
            Self::Verification => TimeDelta::days(3),
        }
    }

    /// The page it leads to.
    const fn page(self) -> &'static str {
        match self {
            Self::Invitation | Self::Reset => "choose-password",
            Self::Verification => "verify-email",
        }
    }

    fn stored(text: &str) -> Option<Self> {
        [Self::Invitation, Self::Reset, Self::Verification]
            .into_iter()
            .find(|kind| kind.as_str() == text)
    }
}

/// A person to be invited; they choose their password.
#[derive(Debug, Clone)]
pub struct Invitee {
    /// How they are called.
    pub name: String,
    /// Where the invitation goes, and what they will sign in with.
    pub email: String,
    /// What they will be.
    pub role: Role,
    /// The client they are; needed for the role `client` and refused for others.
    pub client: Option<ClientId>,
}

/// What a link is for, as its page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// What it is for.
    pub kind: LinkKind,
    /// Whose it is.
    pub name: String,
    /// The email it was sent to.
    pub email: String,
    /// Their organisation.
    pub organisation: String,
}

impl Auth {
    /// Adds a person to the caller's organisation, who chooses a password by the link in
    /// a letter; a client's says where they ask for a code.
    ///
    /// # Errors
    /// Fails unless the caller is an admin and the values are acceptable.
    pub async fn invite(&self, scope: &Scope, invitee: Invitee) -> Result<User, AuthError> {
        if !scope.may(Permission::ManagePeople) {
            return Err(AuthError::AdminOnly);
        }
        let Invitee { name, email, role, client } = invitee;
        people::check_values(&name, &email, role, client)?;
        let mut tx = self.db.write().await?;
        people::check_client(&mut tx, scope.organisation(), client).await?;
        people::check_wall(&mut tx, scope, role, client).await?;
        let user = User {
            id: UserId::new(),
            organisation_id: scope.organisation(),
            name: name.trim().to_owned(),
            email: normal_email(&email),
            role,
            client_id: client,
            active: true,
        };
        let user = self.insert_user(&mut tx, user, String::new()).await?;
        self.welcome(&mut tx, &user).await?;
        let details = json!({ "user": user.id, "role": role });
        let by = Some(scope.user());
        self.audit.record(&mut tx, scope.organisation(), by, "user.invite", details).await?;
        tx.commit().await?;
        Ok(user)
    }

    /// Sends a person of the caller's organisation the link they still need: an
    /// invitation until they have chosen a password, then the proof of their email.
    ///
    /// # Errors
    /// Fails unless the caller is an admin and the person exists and may sign in.
    pub async fn send_link(&self, scope: &Scope, user: UserId) -> Result<LinkKind, AuthError> {
        if !scope.may(Permission::ManagePeople) {
            return Err(AuthError::AdminOnly);
        }
        let mut tx = self.db.write().await?;
        let found = super::store::find_active(&mut tx, user).await?;
        let user = found
            .filter(|user| user.organisation_id == scope.organisation())
            .ok_or(AuthError::NotFound)?;
        let chosen = store::has_password(&mut tx, user.id).await?;
        let kind = if chosen { LinkKind::Verification } else { LinkKind::Invitation };
        match kind {
            LinkKind::Invitation => self.welcome(&mut tx, &user).await?,
            _ => self.send(&mut tx, &user, kind, &user.email).await?,
        }
        let details = json!({ "user": user.id, "kind": kind.as_str() });
        let by = Some(scope.user());
        self.audit.record(&mut tx, scope.organisation(), by, "user.link", details).await?;
        tx.commit().await?;
        Ok(kind)
    }

    /// Sends a link for choosing another password, if somebody active has that email.
    /// The answer is the same, after the same time, if not.
    ///
    /// # Errors
    /// Fails with [`AuthError::TooManyTries`] when too many asked from one address.
    pub async fn forgotten(&self, email: &str, origin: &Origin) -> Result<(), AuthError> {
        let asked = Instant::now();
        let sent = self.send_reset(&normal_email(email), origin).await;
        answer_after(asked).await;
        sent
    }

    async fn send_reset(&self, email: &str, origin: &Origin) -> Result<(), AuthError> {
        let now = self.clock.now();
        let address = Subject::address(origin.address);
        let mut tx = self.db.write().await?;
        let free = Rule::address(self.settings.wrong_per_address);
        let from = attempts::charge(&mut tx, &address, free, now).await?;
        if !from.admitted {
            return Err(AuthError::wait(from.locked_until, now));
        }
        let of = Subject::letters(email);
        let asked = attempts::charge(&mut tx, &of, Rule::account(FREE_LETTERS), now).await?;
        let found = super::store::find_for_sign_in(&mut tx, email).await?;
        let found = found.filter(|(user, _)| user.active && self.has_password(user.role));
        if let Some((user, hash)) = found.filter(|_| asked.admitted) {
            let kind = if hash.is_empty() { LinkKind::Invitation } else { LinkKind::Reset };
            self.send(&mut tx, &user, kind, &user.email).await?;
            let details = json!({ "user": user.id, "kind": kind.as_str() });
            let organisation = user.organisation_id;
            self.audit.record(&mut tx, organisation, None, "user.link.ask", details).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Sends the caller a link to another email of theirs; it is theirs once they used
    /// it. Whether somebody else signs in with it is not said.
    ///
    /// # Errors
    /// Fails when the password is wrong or the email is no email.
    pub async fn change_email(
        &self,
        caller: &Caller,
        password: &str,
        email: &str,
    ) -> Result<(), AuthError> {
        people::check_email(email)?;
        self.confirm_password(&caller.user, password).await?;
        let mut tx = self.db.write().await?;
        self.send(&mut tx, &caller.user, LinkKind::Verification, &normal_email(email)).await?;
        let (organisation, by) = (caller.scope.organisation(), Some(caller.user.id));
        self.audit.record(&mut tx, organisation, by, "user.email.ask", json!({})).await?;
        Ok(tx.commit().await?)
    }

    /// How the accounts of the caller's organisation stand; for admins.
    ///
    /// # Errors
    /// Fails for anyone else, and when the database does.
    pub async fn standings(&self, scope: &Scope) -> Result<Vec<Standing>, AuthError> {
        if !scope.may(Permission::ManagePeople) {
            return Err(AuthError::AdminOnly);
        }
        let now = self.clock.now();
        let mut tx = self.db.read().await?;
        let mut standings = store::standings(&mut tx, scope.organisation()).await?;
        let subjects: Vec<_> =
            standings.iter().map(|standing| Subject::account(&standing.email)).collect();
        let locked = attempts::locked(&mut tx, &subjects, now).await?;
        for (standing, subject) in standings.iter_mut().zip(&subjects) {
            let found = locked.iter().find(|locked| locked.subject == subject.bytes());
            standing.locked_until = found.map(|locked| locked.locked_until);
        }
        Ok(standings)
    }

    /// Ends the wait of an account after wrong passwords.
    ///
    /// # Errors
    /// Fails unless the caller is an admin and the person exists.
    pub async fn unlock(&self, scope: &Scope, user: UserId) -> Result<(), AuthError> {
        if !scope.may(Permission::ManagePeople) {
            return Err(AuthError::AdminOnly);
        }
        let mut tx = self.db.write().await?;
        let email = store::email_of(&mut tx, scope.organisation(), user).await?;
        let subject = Subject::account(&email.ok_or(AuthError::NotFound)?);
        attempts::clear(&mut tx, &subject, self.clock.now()).await?;
        let details = json!({ "user": user });
        let by = Some(scope.user());
        self.audit.record(&mut tx, scope.organisation(), by, "user.unlock", details).await?;
        Ok(tx.commit().await?)
    }

    /// Makes a link, which replaces another of its kind, and writes the letter with it.
    pub(super) async fn send(
        &self,
        tx: &mut Tx,
        user: &User,
        kind: LinkKind,
        email: &str,
    ) -> Result<(), AuthError> {
        let (token, now) = (Token::random(), self.clock.now());
        let link = store::NewLink { user: user.id, kind, email, now, until: now + kind.lifetime() };
        store::replace(tx, &link, token.digest()).await?;
        let organisation = store::organisation_name(tx, user.organisation_id).await?;
        let mut address = self.settings.public_url.clone();
        address.set_path(kind.page());
        address.query_pairs_mut().clear().append_pair("token", token.expose());
        let words = words::link(kind, &user.name, &organisation, address.as_str());
        self.write_to(tx, user.organisation_id, email, kind.as_str(), words).await
    }

    /// Writes to a person who has an account now: how they get in.
    async fn welcome(&self, tx: &mut Tx, user: &User) -> Result<(), AuthError> {
        if self.has_password(user.role) {
            return self.send(tx, user, LinkKind::Invitation, &user.email).await;
        }
        let organisation = store::organisation_name(tx, user.organisation_id).await?;
        let words = words::client(user, &organisation, &self.page("portal/sign-in"));
        self.write_to(tx, user.organisation_id, &user.email, "client-welcome", words).await
    }

    /// Tells a person something about their account.
    pub(super) async fn tell(
        &self,
        tx: &mut Tx,
        user: &User,
        kind: &'static str,
        text: &str,
    ) -> Result<(), AuthError> {
        let organisation = store::organisation_name(tx, user.organisation_id).await?;
        let forgotten = self.settings.public_url.join("/forgotten");
        let forgotten = forgotten.map(String::from).unwrap_or_default();
        let words = words::notice(&user.name, &organisation, text, &forgotten);
        self.write_to(tx, user.organisation_id, &user.email, kind, words).await
    }

    async fn write_to(
        &self,
        tx: &mut Tx,
        organisation: OrganisationId,
        email: &str,
        kind: &'static str,
        words: Words,
    ) -> Result<(), AuthError> {
        let to = To::Mail(email.to_owned());
        self.outbox.post(tx, Letter { organisation, to, kind, words }).await?;
        Ok(())
    }
}
