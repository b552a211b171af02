//! Tries that were not right, counted in the tables so that every process agrees.
//!
//! A try is counted before the password is compared and given back when it was right:
//! however many arrive at once, no more are compared than the count allows. After the
//! free ones each further wrong try doubles the wait, from a second to a quarter of an
//! hour. What is tried during a wait is not compared, and does not lengthen it, so
//! that nobody can be kept out for good.

mod store;

use std::net::IpAddr;

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};

use crate::db::{DbError, Tx};

pub(super) use store::locked;

/// The longest wait, in seconds.
const LONGEST_WAIT: i64 = 15 * 60;

/// What tries are counted for: a hash, so that the table names nobody.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Subject(Vec<u8>);

impl Subject {
    /// An account, whether it exists or not.
    pub(super) fn account(email: &str) -> Self {
        Self::of("account", email)
    }

    /// Where tries come from: an address, or of the sixth version the 64 bits that one
    /// subscriber has.
    pub(super) fn address(address: IpAddr) -> Self {
        Self::of("address", &network(address))
    }

    /// Links asked for to an account.
    pub(super) fn letters(email: &str) -> Self {
        Self::of("letters", email)
    }

    fn of(kind: &str, what: &str) -> Self {
        Self(Sha256::digest(format!("{kind}:{what}")).to_vec())
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

/// How many tries are free, and after how long without one all are forgotten.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rule {
    pub(super) free: u32,
    pub(super) forgotten: TimeDelta,
}

impl Rule {
    /// For an account: remembered for a day.
    pub(super) const fn account(free: u32) -> Self {
        Self { free, forgotten: TimeDelta::hours(24) }
    }

    /// For an address, which many people may share: remembered for an hour.
    pub(super) const fn address(free: u32) -> Self {
        Self { free, forgotten: TimeDelta::hours(1) }
    }
}

/// What became of a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Charge {
    /// Whether it may be made.
    pub(super) admitted: bool,
    /// How many were made since the last right one, this included.
    pub(super) wrong: i64,
    /// Until when no other is.
    pub(super) locked_until: DateTime<Utc>,
}

/// The wait after a number of wrong tries, in seconds; none while they are free.
fn wait(wrong: i64, free: u32) -> Option<i64> {
    let over = wrong - i64::from(free);
    (over >= 0).then(|| (1 << over.min(20)).min(LONGEST_WAIT))
}

/// Counts a try, unless there is a wait. Subjects of one transaction go in the order
/// address, account, so that no two transactions wait for each other.
pub(super) async fn charge(
    tx: &mut Tx,
    subject: &Subject,
    rule: Rule,
    now: DateTime<Utc>,
) -> Result<Charge, DbError> {
    store::insert_missing(tx, subject, now).await?;
    let admitted = store::count(tx, subject, now, now - rule.forgotten).await? == 1;
    let (wrong, mut locked_until) = store::find(tx, subject).await?;
    if admitted && let Some(seconds) = wait(wrong, rule.free) {
        locked_until = now + TimeDelta::seconds(seconds);
        store::lock(tx, subject, locked_until).await?;
    }
    Ok(Charge { admitted, wrong, locked_until })
}

/// Takes one try back: it was right.
pub(super) async fn give_back(
    tx: &mut Tx,
    subject: &Subject,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    store::give_back(tx, subject, now).await
}

/// Forgets every try, and old ones of others.
pub(super) async fn clear(
    tx: &mut Tx,
    subject: &Subject,
    now: DateTime<Utc>,
) -> Result<u64, DbError> {
    store::forget(tx, now - TimeDelta::hours(48)).await?;
    store::clear(tx, subject).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_from_a_second_to_a_quarter_of_an_hour() {
        let waits: Vec<_> = (1..=16).map(|wrong| wait(wrong, 5)).collect();
        assert_eq!(waits[..4], [None; 4]);
        let seconds: Vec<i64> = waits.into_iter().flatten().collect();
        assert_eq!(seconds, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
        assert_eq!(wait(i64::MAX, 5), Some(900));
        assert_eq!(wait(1_000_000, 5), Some(900));
    }

    #[test]
    fn one_subscriber_of_the_sixth_version_is_one_address() {
        let of = |text: &str| Subject::address(text.parse().unwrap());
        assert_eq!(of("2001:db8:1:2::9"), of("2001:db8:1:2:ffff::1"));
        assert_ne!(of("2001:db8:1:2::9"), of("2001:db8:1:3::9"));
        assert_eq!(of("::ffff:203.0.113.9"), of("203.0.113.9"));
        assert_ne!(of("203.0.113.9"), of("203.0.113.8"));
    }

    #[test]
    fn an_account_and_an_address_are_never_the_same() {
        assert_ne!(Subject::account("a@b.in"), Subject::letters("a@b.in"));
        assert_eq!(Subject::account("a@b.in").bytes().len(), 32);
    }
}
