//! A client's way in: no password, but a one-time link and code, sent to the mail
//! address or telephone number the chamber holds of them.
//!
//! Whoever asks gets the same answer at once, whether the address is known or not;
//! the letter is written afterwards. The answer holds a *request*, without which the
//! code is worth nothing: who only guesses codes needs a request of their own, gets
//! five tries for it and three of them an hour, and cannot use up anyone else's.

mod store;

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::json;
use subtle::ConstantTimeEq;
use tokio::time::Instant;

use super::{Auth, AuthError, Opened, SessionKind, Token, User};
use crate::db::Tx;
use crate::kernel::{ClientCodeId, Origin};
use crate::outbox::{Letter, To, Words};

/// How long a link and its code are good.
const LENGTH: Duration = Duration::from_mins(10);
/// How often a code may be tried.
const MOST_TRIES: i64 = 5;
/// How many codes are sent to one account an hour.
const MOST_AN_HOUR: i64 = 3;
/// What codes are sealed as.
const PURPOSE: &str = "client-code";
/// How long a refusal takes at least, so that it does not tell how far it got.
const REFUSAL: Duration = Duration::from_millis(250);

/// What asking for a code gave.
#[derive(Debug)]
pub struct Asked {
    /// What the code must come back with.
    pub request: Token,
    /// Until when.
    pub expires_at: DateTime<Utc>,
}

/// A client's account with where to write.
struct Recipient {
    user: User,
    to: To,
}

impl Auth {
    /// Sends a link and a code to whoever has this mail address or telephone number,
    /// if a client does. The answer is the same in any case.
    #[must_use]
    pub fn ask_for_code(&self, address: &str) -> Asked {
        let request = Token::random();
        let expires_at = self.clock.now() + LENGTH;
        let (auth, address, stands) = (self.clone(), address.to_owned(), request.clone());
        tokio::spawn(async move {
            if let Err(error) = auth.send_entry_code(&address, &stands).await {
                let error = &error as &dyn std::error::Error;
                tracing::error!(error, "a client's code could not be sent");
            }
        });
        Asked { request, expires_at }
    }

    async fn send_entry_code(&self, address: &str, request: &Token) -> Result<(), AuthError> {
        let Some(address) = Address::of(address) else { return Ok(()) };
        let now = self.clock.now();
        let mut tx = self.db.write().await?;
        let Some(recipient) = find(&mut tx, &address).await? else { return Ok(()) };
        let user = &recipient.user;
        store::forget(&mut tx, now - Duration::from_hours(24)).await?;
        let sent = store::count_since(&mut tx, user.id, now - Duration::from_hours(1)).await?;
        if sent >= MOST_AN_HOUR {
            tracing::info!(user = %user.id, "no further code for a client within the hour");
            return Ok(());
        }
        let (link, code) = (Token::random(), random_code());
        let new = store::NewCode {
            id: ClientCodeId::new(),
            user: user.id,
            sealed: self.vault.seal(PURPOSE, code.as_bytes())?,
            now,
            expires_at: now + LENGTH,
        };
        store::insert(&mut tx, &new, request, &link).await?;
        let words = self.words(user, &recipient.to, &code, &link);
        let organisation = user.organisation_id;
        let letter = Letter { organisation, to: recipient.to, kind: "client-code", words };
        self.outbox.post(&mut tx, letter).await?;
        let details = json!({ "code": new.id });
        self.audit
            .record(&mut tx, organisation, Some(user.id), "client_code.send", details)
            .await?;
        Ok(tx.commit().await?)
    }

    fn words(&self, user: &User, to: &To, code: &str, link: &Token) -> Words {
        let link = format!("{}?token={}", self.page("portal/sign-in/link"), link.expose());
        match to {
            To::Phone(_) => Words {
                subject: String::new(),
                text: format!(
                    "{code} is your code for Munshi, good for ten minutes. Give it to nobody. \
                     Or open {link}"
                ),
            },
            To::Mail(_) => Words {
                subject: "Your way in to Munshi".to_owned(),
                text: format!(
                    "Hello {},\n\nyour code is {code}. Type it on the page that asked for it, or \
                     open this link:\n\n{link}\n\nBoth are good for ten minutes and once. Give \
                     them to nobody; your advocate never asks for them. If you did not ask to \
                     sign in, there is nothing to do.\n",
                    user.name
                ),
            },
        }
    }

    /// Signs a client in with the code they were sent.
    ///
    /// # Errors
    /// Fails with [`AuthError::CodeRefused`] whatever was wrong, after the same time.
    pub async fn enter_by_code(
        &self,
        request: &Token,
        code: &str,
        kind: SessionKind,
        origin: &Origin,
    ) -> Result<Opened, AuthError> {
        let started = Instant::now();
        let mut tx = self.db.write().await?;
        let found = store::try_by_request(&mut tx, request, self.clock.now(), MOST_TRIES).await?;
        if let Some(found) = found {
            let right = self.vault.unseal(PURPOSE, &found.sealed)?;
            let sent: String = code.chars().filter(|digit| !digit.is_whitespace()).collect();
            if bool::from(sent.as_bytes().ct_eq(&right)) {
                return self.enter(tx, &found, kind, origin, "code").await;
            }
            let details = json!({ "user": found.user.id, "how": "code" });
            let organisation = found.user.organisation_id;
            self.audit.record(&mut tx, organisation, None, "session.refuse", details).await?;
            tx.commit().await?;
        } else {
            drop(tx);
            self.stranger_refused(None, "code").await?;
        }
        tokio::time::sleep_until(started + REFUSAL).await;
        Err(AuthError::CodeRefused)
    }

    /// Signs a client in with the link they were sent.
    ///
    /// # Errors
    /// As [`Self::enter_by_code`].
    pub async fn enter_by_link(
        &self,
        link: &Token,
        kind: SessionKind,
        origin: &Origin,
    ) -> Result<Opened, AuthError> {
        let started = Instant::now();
        let mut tx = self.db.write().await?;
        if let Some(found) = store::find_by_link(&mut tx, link, self.clock.now()).await? {
            return self.enter(tx, &found, kind, origin, "link").await;
        }
        drop(tx);
        self.stranger_refused(None, "link").await?;
        tokio::time::sleep_until(started + REFUSAL).await;
        Err(AuthError::CodeRefused)
    }

    /// Opens the session; every other code and link of the client is over with it.
    async fn enter(
        &self,
        mut tx: Tx,
        found: &store::Found,
        kind: SessionKind,
        origin: &Origin,
        how: &'static str,
    ) -> Result<Opened, AuthError> {
        let now = self.clock.now();
        if store::use_up(&mut tx, found.user.id, found.id, now).await? == 0 {
            return Err(AuthError::CodeRefused);
        }
        let opened = self.open_session(&mut tx, &found.user, kind, origin, how).await?;
        tx.commit().await?;
        Ok(opened)
    }
}

/// The one client's account that an address belongs to. What two accounts share
/// belongs to neither, unless one of them signs in with it.
async fn find(tx: &mut Tx, address: &Address) -> Result<Option<Recipient>, AuthError> {
    let mut accounts = match address {
        Address::Mail(mail) => store::find_by_mail(tx, mail).await?,
        Address::Phone(forms) => store::find_by_phone(tx, forms).await?,
    };
    if let Address::Mail(mail) = address
        && let Some(own) = accounts.iter().position(|(user, _)| user.email == *mail)
    {
        let (user, _) = accounts.swap_remove(own);
        return Ok(Some(Recipient { user, to: To::Mail(mail.clone()) }));
    }
    let Some((user, held)) = accounts.pop() else { return Ok(None) };
    if !accounts.is_empty() {
        return Ok(None);
    }
    let to = match address {
        Address::Mail(_) => To::Mail(held),
        Address::Phone(_) => To::Phone(held),
    };
    Ok(Some(Recipient { user, to }))
}

/// What a client typed.
#[derive(Debug, PartialEq, Eq)]
enum Address {
    /// A mail address, in lower case.
    Mail(String),
    /// A telephone number in the ways it may stand in the books.
    Phone([String; 4]),
}

impl Address {
    fn of(typed: &str) -> Option<Self> {
        let typed = typed.trim();
        if typed.contains('@') {
            return Some(Self::Mail(super::normal_email(typed)));
        }
        let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
        let mut others = typed.chars().filter(|c| !c.is_ascii_digit());
        if !others.all(|c| matches!(c, '+' | '-' | ' ' | '(' | ')')) {
            return None;
        }
        let number = match digits.len() {
            11 => digits.strip_prefix('0')?.to_owned(),
            12 => digits.strip_prefix("91").map_or_else(|| digits.clone(), str::to_owned),
            7..=10 | 13..=15 => digits,
            _ => return None,
        };
        let forms = match number.len() {
            10 => [format!("+91{number}"), format!("91{number}"), format!("0{number}"), number],
            _ => [format!("+{number}"), format!("00{number}"), number.clone(), number],
        };
        Some(Self::Phone(forms))
    }
}

/// Six digits, each as likely as another.
fn random_code() -> String {
    format!("{:06}", rand::random_range(0..1_000_000_u32))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_found_however_it_is_written() {
        let forms = Address::of("98765 43210").unwrap();
        for typed in ["+91 98765-43210", "09876543210", "(91) 9876543210", " 9876543210 "] {
            assert_eq!(Address::of(typed).as_ref(), Some(&forms), "{typed}");
        }
        let Address::Phone(forms) = forms else { panic!("a number") };
        assert!(forms.contains(&"+919876543210".to_owned()));
        assert_eq!(Address::of("12"), None);
        assert_eq!(Address::of("98765x43210"), None);
        assert_eq!(Address::of(" A@Example.IN "), Some(Address::Mail("a@example.in".into())));
    }

    #[test]
    fn codes_have_six_digits() {
        for _ in 0..1000 {
            let code = random_code();
            assert!(code.len() == 6 && code.bytes().all(|digit| digit.is_ascii_digit()), "{code}");
        }
    }
}
