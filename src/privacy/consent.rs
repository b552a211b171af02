//! Consent: the wordings clients are asked to agree to, and who agreed to which.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::{Privacy, PrivacyError, allowed, store};
use crate::kernel::{ClientId, ConsentId, Permission, Scope, UserId, WordingId};

/// The longest wording, in characters.
const LONGEST: usize = 20_000;

/// A wording; never changed, only followed by another.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Wording {
    /// Its id.
    pub id: WordingId,
    /// Its language, as a tag: `en`, `hi`.
    pub language: String,
    /// Which one of its language it is, from 1.
    pub number: i64,
    /// Word for word.
    pub text: String,
    /// From when it is asked.
    pub valid_from: DateTime<Utc>,
}

/// How consent was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// By the client, in the portal.
    Portal,
    /// Signed on paper.
    Paper,
    /// By mail.
    Mail,
    /// By telephone.
    Phone,
    /// In person.
    InPerson,
}

impl How {
    /// The stored form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Portal => "portal",
            Self::Paper => "paper",
            Self::Mail => "mail",
            Self::Phone => "phone",
            Self::InPerson => "in_person",
        }
    }
}

/// Consent to be recorded.
#[derive(Debug, Clone, Copy)]
pub struct Given {
    /// By which client.
    pub client: ClientId,
    /// To which wording.
    pub wording: WordingId,
    /// How.
    pub how: How,
}

/// A client's consent.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Consent {
    /// Its id.
    pub id: ConsentId,
    /// The client.
    pub client_id: ClientId,
    /// How the client is called.
    pub client_name: String,
    /// The wording.
    pub wording_id: WordingId,
    /// Its language.
    pub language: String,
    /// Which one of its language.
    pub number: i64,
    /// How it was given.
    pub how: String,
    /// When.
    pub given_at: DateTime<Utc>,
    /// Who recorded it.
    pub recorded_by: UserId,
    /// When it was withdrawn.
    pub withdrawn_at: Option<DateTime<Utc>>,
}

impl Privacy {
    /// Puts a wording in force for a language.
    ///
    /// # Errors
    /// Fails when the text is empty or too long, or the language is not a tag.
    pub async fn add_wording(
        &self,
        scope: &Scope,
        language: &str,
        text: &str,
    ) -> Result<WordingId, PrivacyError> {
        allowed(scope)?;
        let (language, text) = (language.trim().to_lowercase(), text.trim());
        let is_tag =
            (2..=3).contains(&language.len()) && language.bytes().all(|b| b.is_ascii_lowercase());
        if !is_tag || text.is_empty() || text.chars().count() > LONGEST {
            let words = "give a language as two or three letters, such as `en` or `hi`, and the \
                         text, up to 20,000 characters";
            return Err(PrivacyError::Invalid(words.to_owned()));
        }
        let id = WordingId::new();
        let mut tx = self.db.write().await?;
        store::insert_wording(&mut tx, id, scope, &language, text, self.clock.now()).await?;
        self.record(&mut tx, scope, "consent.wording", json!({ "wording": id })).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// The wordings of the caller's organisation, newest first; clients see them too.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn wordings(&self, scope: &Scope) -> Result<Vec<Wording>, PrivacyError> {
        let mut tx = self.db.read().await?;
        Ok(store::wordings(&mut tx, scope.organisation()).await?)
    }

    /// Records consent: a client's own in the portal, or what an admin was given
    /// otherwise.
    ///
    /// # Errors
    /// Fails when there is no such wording or client, or it is not the caller's to give.
    pub async fn consent(&self, scope: &Scope, given: Given) -> Result<ConsentId, PrivacyError> {
        of_client(scope, given.client)?;
        if scope.client().is_some() != (given.how == How::Portal) {
            let words = "clients consent in the portal; say how else it was given";
            return Err(PrivacyError::Invalid(words.to_owned()));
        }
        let mut tx = self.db.write().await?;
        let fits = store::wording_is_known(&mut tx, scope, given.wording).await?
            && store::client(&mut tx, scope.organisation(), given.client).await?.is_some()
            && (scope.client().is_some()
                || store::knows_client(&mut tx, scope.user(), given.client).await?);
        if !fits {
            return Err(PrivacyError::NotFound);
        }
        let id = ConsentId::new();
        store::insert_consent(&mut tx, id, scope, given, self.clock.now()).await?;
        let details = json!({ "consent": id, "client": given.client, "wording": given.wording });
        self.record(&mut tx, scope, "consent.give", details).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Withdraws what a client consented to.
    ///
    /// # Errors
    /// Fails when there is no such consent that stands, or it is not the caller's.
    pub async fn withdraw(&self, scope: &Scope, id: ConsentId) -> Result<(), PrivacyError> {
        let mut tx = self.db.write().await?;
        let client = store::client_of_consent(&mut tx, scope.organisation(), id).await?;
        of_client(scope, client.ok_or(PrivacyError::NotFound)?)?;
        if store::withdraw(&mut tx, id, scope.user(), self.clock.now()).await? == 0 {
            return Err(PrivacyError::NotFound);
        }
        self.record(&mut tx, scope, "consent.withdraw", json!({ "consent": id })).await?;
        Ok(tx.commit().await?)
    }

    /// Every consent of the organisation for those who protect data; a client's own for
    /// the client.
    ///
    /// # Errors
    /// Fails for other callers.
    pub async fn consents(&self, scope: &Scope) -> Result<Vec<Consent>, PrivacyError> {
        let client = scope.client();
        if client.is_none() {
            allowed(scope)?;
        }
        let mut tx = self.db.read().await?;
        Ok(store::consents(&mut tx, scope, client).await?)
    }

    /// The wording a client has still to be asked about, in a language they can choose
    /// from: the newest of each that they have not agreed to, when there is none they
    /// have.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn to_be_asked(&self, scope: &Scope) -> Result<Vec<Wording>, PrivacyError> {
        let Some(client) = scope.client() else { return Ok(Vec::new()) };
        let mut tx = self.db.read().await?;
        let newest = store::newest_wordings(&mut tx, scope.organisation()).await?;
        let given = store::consents(&mut tx, scope, Some(client)).await?;
        let stands = |wording: &Wording| {
            given.iter().any(|it| it.wording_id == wording.id && it.withdrawn_at.is_none())
        };
        Ok(if newest.iter().any(stands) { Vec::new() } else { newest })
    }
}

/// Clients speak for themselves, and those who protect data for all.
fn of_client(scope: &Scope, client: ClientId) -> Result<(), PrivacyError> {
    let is_own = scope.client() == Some(client) && scope.may(Permission::UsePortal);
    if is_own || scope.may(Permission::ProtectData) { Ok(()) } else { Err(PrivacyError::NotFound) }
}
