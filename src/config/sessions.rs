//! The `[sessions]` section.

use std::time::Duration;

use serde::Deserialize;

use crate::auth::SessionRules;

/// How long people stay signed in.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sessions {
    /// How long a sign-in of the chamber's people lasts at most, in hours.
    pub hours: u32,
    /// How long it lasts unused, in minutes.
    pub idle_minutes: u32,
    /// How long a client's sign-in lasts at most, in hours.
    pub portal_hours: u32,
    /// How long it lasts unused, in minutes.
    pub portal_idle_minutes: u32,
    /// How many places one person can be signed in at once.
    pub concurrent: u32,
    /// How long a key signs access tokens, in days.
    pub key_days: u32,
    /// Whether clients may also sign in with a password.
    pub client_passwords: bool,
}

impl Sessions {
    /// The same as the identity area takes them.
    #[must_use]
    pub fn rules(&self) -> SessionRules {
        let minutes = |minutes: u32| Duration::from_mins(u64::from(minutes));
        SessionRules {
            practice: minutes(self.hours) * 60,
            practice_idle: minutes(self.idle_minutes),
            portal: minutes(self.portal_hours) * 60,
            portal_idle: minutes(self.portal_idle_minutes),
            concurrent: self.concurrent,
            key_age: minutes(self.key_days) * 60 * 24,
            client_passwords: self.client_passwords,
        }
    }

    pub(super) fn check(&self, check: &mut impl FnMut(bool, &str)) {
        check(
            (1..=720).contains(&self.hours) && (1..=720).contains(&self.portal_hours),
            "`sessions.hours` and `sessions.portal_hours` must be from 1 to 720",
        );
        check(
            self.idle_minutes > 0 && self.portal_idle_minutes > 0,
            "`sessions.idle_minutes` and `sessions.portal_idle_minutes` must be at least 1",
        );
        check(self.concurrent > 0, "`sessions.concurrent` must be at least 1");
        check((1..=3650).contains(&self.key_days), "`sessions.key_days` must be from 1 to 3650");
    }

    pub(super) fn masked(&self) -> String {
        let Self {
            hours,
            idle_minutes,
            portal_hours,
            portal_idle_minutes,
            concurrent,
            key_days,
            client_passwords,
        } = self;
        format!(
            "[sessions]\nhours = {hours}\nidle_minutes = {idle_minutes}\n\
             portal_hours = {portal_hours}\nportal_idle_minutes = {portal_idle_minutes}\n\
             concurrent = {concurrent}\nkey_days = {key_days}\n\
             client_passwords = {client_passwords}\n"
        )
    }
}
