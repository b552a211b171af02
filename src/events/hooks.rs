//! Webhooks: which other systems are told, of what, with which secret.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use url::Url;

use super::{
    EventError, EventKind, Events, LONGEST_NAME, MOST_WEBHOOKS, TEST_KIND, signature, store,
};
use crate::db::{DbError, Tx};
use crate::kernel::{EventId, Permission, Scope, WebhookId};
use crate::outside::NotAllowed;

/// What secrets are sealed as.
pub(super) const PURPOSE: &str = "webhook secret";
/// How long a secret that was changed still signs beside the new one: a day.
const OVERLAP: TimeDelta = TimeDelta::days(1);

/// Another system that is told of events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// Its id.
    pub id: WebhookId,
    /// How it is called.
    pub name: String,
    /// Where it is.
    pub url: String,
    /// What it is told of.
    pub kinds: Vec<EventKind>,
    /// Whether it is told.
    pub active: bool,
    /// Until when the secret before the present one signs too.
    pub former_until: Option<DateTime<Utc>>,
    /// Who made it.
    pub made_by: String,
    /// When.
    pub made_at: DateTime<Utc>,
    /// How many deliveries wait, of those the reader may know of.
    pub waiting: i64,
    /// How many were given up, of those the reader may know of.
    pub dead: i64,
}

/// A webhook to be made, or as it is to be.
#[derive(Debug, Clone)]
pub struct NewWebhook {
    /// How it is called.
    pub name: String,
    /// Where it is.
    pub url: String,
    /// What it is told of.
    pub kinds: Vec<EventKind>,
}

/// A webhook that was made, with its secret, which is shown this once.
#[derive(Debug)]
pub struct Made {
    /// Which.
    pub id: WebhookId,
    /// What its receiver checks signatures with.
    pub secret: SecretString,
}

/// A webhook's fields as they are kept.
pub(super) struct Kept {
    pub(super) name: String,
    pub(super) url: String,
    pub(super) kinds: String,
    /// The address's host, for the record: where the chamber's events go stays to be known
    /// when the webhook is gone. The rest of an address may hold a key.
    host: String,
}

impl Events {
    /// The webhooks of the organisation, in the order they were made.
    ///
    /// # Errors
    /// Fails unless the caller looks after webhooks.
    pub async fn webhooks(&self, scope: &Scope) -> Result<Vec<Webhook>, EventError> {
        allowed(scope)?;
        let mut tx = self.db.read().await?;
        Ok(store::webhooks(&mut tx, scope, None).await?)
    }

    /// One webhook.
    ///
    /// # Errors
    /// Fails unless the caller looks after webhooks and it is there.
    pub async fn webhook(&self, scope: &Scope, id: WebhookId) -> Result<Webhook, EventError> {
        allowed(scope)?;
        let mut tx = self.db.read().await?;
        let found = store::webhooks(&mut tx, scope, Some(id)).await?;
        found.into_iter().next().ok_or(EventError::NotFound)
    }

    /// Makes a webhook; it is told of what happens from now on.
    ///
    /// # Errors
    /// Fails when the caller may not, a field does not fit, or there are too many.
    pub async fn add_webhook(&self, scope: &Scope, new: NewWebhook) -> Result<Made, EventError> {
        allowed(scope)?;
        let kept = self.kept(&new)?;
        let secret = new_secret();
        let sealed = self.vault.seal(PURPOSE, secret.expose_secret().as_bytes())?;
        let id = WebhookId::new();
        let mut tx = self.db.write().await?;
        if store::count_webhooks(&mut tx, scope).await? >= MOST_WEBHOOKS {
            return Err(EventError::TooMany);
        }
        let details = json!({ "webhook": id, "kinds": kept.kinds, "host": kept.host });
        store::insert_webhook(&mut tx, scope, id, kept, sealed, self.clock.now()).await?;
        self.record(&mut tx, scope, "webhook.add", details).await?;
        tx.commit().await?;
        Ok(Made { id, secret })
    }

    /// Changes a webhook's name, address and kinds.
    ///
    /// # Errors
    /// Fails when the caller may not, it is not there, or a field does not fit.
    pub async fn change_webhook(
        &self,
        scope: &Scope,
        id: WebhookId,
        new: NewWebhook,
    ) -> Result<(), EventError> {
        allowed(scope)?;
        let kept = self.kept(&new)?;
        let mut tx = self.db.write().await?;
        let details = json!({ "webhook": id, "kinds": kept.kinds, "host": kept.host });
        if store::change_webhook(&mut tx, scope, id, kept).await? == 0 {
            return Err(EventError::NotFound);
        }
        self.record(&mut tx, scope, "webhook.change", details).await?;
        Ok(tx.commit().await?)
    }

    /// Gives a webhook a new secret; the one before signs beside it for a day.
    ///
    /// # Errors
    /// Fails when the caller may not or it is not there.
    pub async fn rotate_secret(&self, scope: &Scope, id: WebhookId) -> Result<Made, EventError> {
        allowed(scope)?;
        let secret = new_secret();
        let sealed = self.vault.seal(PURPOSE, secret.expose_secret().as_bytes())?;
        let until = self.clock.now() + OVERLAP;
        let mut tx = self.db.write().await?;
        if store::rotate(&mut tx, scope, id, sealed, until).await? == 0 {
            return Err(EventError::NotFound);
        }
        self.record(&mut tx, scope, "webhook.rotate", json!({ "webhook": id })).await?;
        tx.commit().await?;
        Ok(Made { id, secret })
    }

    /// Switches a webhook on or off. What waits stays; what happens while it is off is not
    /// queued, and can be replayed.
    ///
    /// # Errors
    /// Fails when the caller may not or it is not there.
    pub async fn switch_webhook(
        &self,
        scope: &Scope,
        id: WebhookId,
        on: bool,
    ) -> Result<(), EventError> {
        allowed(scope)?;
        let mut tx = self.db.write().await?;
        if store::switch(&mut tx, scope, id, on).await? == 0 {
            return Err(EventError::NotFound);
        }
        let action = if on { "webhook.switch_on" } else { "webhook.switch_off" };
        self.record(&mut tx, scope, action, json!({ "webhook": id })).await?;
        Ok(tx.commit().await?)
    }

    /// Removes a webhook with what it was told.
    ///
    /// # Errors
    /// Fails when the caller may not or it is not there.
    pub async fn remove_webhook(&self, scope: &Scope, id: WebhookId) -> Result<(), EventError> {
        allowed(scope)?;
        let mut tx = self.db.write().await?;
        if store::remove_webhook(&mut tx, scope, id).await? == 0 {
            return Err(EventError::NotFound);
        }
        self.record(&mut tx, scope, "webhook.remove", json!({ "webhook": id })).await?;
        Ok(tx.commit().await?)
    }

    /// Sends a webhook an event of the kind [`TEST_KIND`], to it alone.
    ///
    /// # Errors
    /// Fails when the caller may not, it is not there, or switched off.
    pub async fn test_webhook(&self, scope: &Scope, id: WebhookId) -> Result<EventId, EventError> {
        let hook = self.webhook(scope, id).await?;
        if !hook.active {
            return Err(EventError::Off);
        }
        let (event, now) = (EventId::new(), self.clock.now());
        let mut tx = self.db.write().await?;
        let about = json!({ "webhook": id });
        let kind = (scope.organisation(), TEST_KIND);
        store::insert(&mut tx, event, kind, (None, about), now).await?;
        store::queue(&mut tx, id, event, now).await?;
        let details = json!({ "webhook": id, "event": event });
        self.record(&mut tx, scope, "webhook.test", details).await?;
        tx.commit().await?;
        Ok(event)
    }

    /// The signature of a body as a webhook's receiver gets it; secrets that cannot be
    /// opened are a failure.
    pub(super) fn signed(
        &self,
        secret: &[u8],
        former: Option<&[u8]>,
        now: DateTime<Utc>,
        body: &[u8],
    ) -> Result<String, EventError> {
        let present = self.vault.unseal(PURPOSE, secret)?;
        let former = former.map(|sealed| self.vault.unseal(PURPOSE, sealed)).transpose()?;
        let mut secrets: Vec<&[u8]> = vec![present.as_slice()];
        secrets.extend(former.as_ref().map(|former| former.as_slice()));
        Ok(signature::header(&secrets, now.timestamp(), body))
    }

    /// Whether an address may be asked: it was typed into a page and not into the
    /// settings, so it leads into no private network and not to this machine, unless
    /// `outside.hosts` names its host.
    pub(super) fn judged(&self, url: &str) -> Result<Url, NotAllowed> {
        let url = Url::parse(url.trim()).map_err(|_| NotAllowed::NoHost)?;
        self.outside.check_led(&url, &nowhere())?;
        Ok(url)
    }

    fn kept(&self, new: &NewWebhook) -> Result<Kept, EventError> {
        let name = new.name.trim().to_owned();
        if name.is_empty() || name.chars().count() > LONGEST_NAME {
            return Err(EventError::Name);
        }
        let url = self.judged(&new.url).map_err(EventError::Address)?;
        let kinds = EventKind::ALL.into_iter().filter(|kind| new.kinds.contains(kind));
        let kinds = kinds.map(EventKind::as_str).collect::<Vec<_>>().join(" ");
        if kinds.is_empty() {
            return Err(EventError::NoKinds);
        }
        let host = url.host_str().unwrap_or_default().to_owned();
        Ok(Kept { name, url: url.into(), kinds, host })
    }

    pub(super) async fn record(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        action: &'static str,
        details: serde_json::Value,
    ) -> Result<(), DbError> {
        self.audit.record(tx, scope.organisation(), Some(scope.user()), action, details).await
    }
}

/// Refuses whoever does not look after webhooks.
pub(super) fn allowed(scope: &Scope) -> Result<(), EventError> {
    if scope.may(Permission::ManageWebhooks) { Ok(()) } else { Err(EventError::NotAllowed) }
}

/// An address that no webhook has: every host is another than this one.
pub(super) fn nowhere() -> Url {
    Url::parse("https://nowhere.invalid/").unwrap_or_else(|_| unreachable!("it is an address"))
}

/// A secret of 256 random bits, with a mark by which scanners know what it is.
fn new_secret() -> SecretString {
    let bits: [u8; 32] = rand::random();
    SecretString::from(format!("whsec_{}", URL_SAFE_NO_PAD.encode(bits)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_long_and_never_the_same() {
        let (one, two) = (new_secret(), new_secret());
        assert!(one.expose_secret().len() > 40 && one.expose_secret().starts_with("whsec_"));
        assert_ne!(one.expose_secret(), two.expose_secret());
    }
}
