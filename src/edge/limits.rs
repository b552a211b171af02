//! How much one person, and one address, may ask for in a minute, by kind of work.
//!
//! Each count is a generic cell rate: a minute's worth may come at once, and comes back
//! evenly. Callers fall into a fixed number of cells by a hash nobody outside knows, so
//! that the memory this takes does not grow with the number of callers.

use std::hash::{BuildHasher, Hash, RandomState};
use std::net::IpAddr;
use std::num::NonZeroU32;

use axum::extract::FromRequestParts;
use axum::http::Method;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::api::caller::Unnoticed;
use crate::app::App;
use crate::config;
use crate::kernel::UserId;

/// How many cells each count has.
const CELLS: u64 = 1 << 17;

/// A kind of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    SignIn,
    Search,
    Upload,
    Model,
    Export,
    Other,
}

/// One count.
struct Count {
    cells: DefaultKeyedRateLimiter<u64>,
    secret: RandomState,
    clock: DefaultClock,
}

/// The counts of a kind of work; none where there is no limit.
struct Counts {
    person: Option<Count>,
    address: Option<Count>,
}

/// Every count.
pub(super) struct Limits {
    kinds: [(Kind, Counts); 6],
}

impl Limits {
    pub(super) fn of(settings: &config::Limits) -> Self {
        let factor = settings.address_factor;
        let both = |kind, minute: u32| {
            let address = Count::of(minute.saturating_mul(factor));
            (kind, Counts { person: Count::of(minute), address })
        };
        let sign_in = Counts { person: None, address: Count::of(settings.sign_in) };
        Self {
            kinds: [
                (Kind::SignIn, sign_in),
                both(Kind::Search, settings.search),
                both(Kind::Upload, settings.uploads),
                both(Kind::Model, settings.models),
                both(Kind::Export, settings.exports),
                both(Kind::Other, settings.others),
            ],
        }
    }

    /// Counts a request; when it is one too many, after how many seconds the next may
    /// come.
    pub(super) async fn check(
        &self,
        app: &App,
        request: &Parts,
        route: &str,
        address: IpAddr,
    ) -> Result<(), u64> {
        let Some(kind) = Kind::of(request, route) else { return Ok(()) };
        let counts = self.kinds.iter().find(|(known, _)| *known == kind).map(|(_, counts)| counts);
        let Some(Counts { person, address: by_address }) = counts else { return Ok(()) };
        if let Some(count) = by_address {
            count.take(&network(address))?;
        }
        if let Some(count) = person
            && let Some(user) = caller(app, request).await
        {
            count.take(&user)?;
        }
        Ok(())
    }
}

impl Count {
    fn of(minute: u32) -> Option<Self> {
        let quota = Quota::per_minute(NonZeroU32::new(minute)?);
        let cells = RateLimiter::keyed(quota);
        Some(Self { cells, secret: RandomState::new(), clock: DefaultClock::default() })
    }

    fn take(&self, who: &impl Hash) -> Result<(), u64> {
        let cell = self.secret.hash_one(who) % CELLS;
        self.cells.check_key(&cell).map_err(|not_yet| {
            let wait = not_yet.wait_time_from(self.clock.now());
            wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
        })
    }
}

impl Kind {
    /// What kind of work a request is; none for files that are the same for everybody.
    fn of(request: &Parts, route: &str) -> Option<Self> {
        let reads = request.method == Method::GET || request.method == Method::HEAD;
        if route.starts_with("/assets/") {
            return None;
        }
        let has = |words: &[&str]| words.iter().any(|word| route.contains(word));
        let ends = |words: &[&str]| words.iter().any(|word| route.ends_with(word));
        let multipart = request
            .headers
            .get(CONTENT_TYPE)
            .is_some_and(|kind| kind.to_str().is_ok_and(|kind| kind.starts_with("multipart/")));
        Some(if !reads && has(SIGNING_IN) {
            Self::SignIn
        } else if !reads && (multipart || ends(&["/documents", "/versions"])) {
            Self::Upload
        } else if !reads && has(&["/assistant", "/questions", "/conversations", "/ask"]) {
            Self::Model
        } else if ends(&["/original", ".csv", ".jsonl", ".zip", "/export", "/download"]) {
            Self::Export
        } else if has(&["/search", "/similar", "/citing", "/find"]) {
            Self::Search
        } else {
            Self::Other
        })
    }
}

/// What stands in the routes of signing in, codes and one-time links.
const SIGNING_IN: &[&str] = &[
    "/sign-in",
    "/setup",
    "/session",
    "/forgotten",
    "/reset",
    "/invitation",
    "/verify",
    "/code",
    "/second",
    "/passkey",
    "/oidc",
    "/password",
];

/// Who is calling, when somebody is.
async fn caller(app: &App, request: &Parts) -> Option<UserId> {
    let mut parts = axum::http::Request::new(()).into_parts().0;
    // A plain read: whether a change may be made is asked later.
    parts.headers = request.headers.clone();
    let Unnoticed(caller) = Unnoticed::from_request_parts(&mut parts, app).await.ok()?;
    Some(caller.user.id)
}

/// The part of an address that one household or office has for itself: all of an IPv4
/// address, the first 64 bits of an IPv6 address.
fn network(address: IpAddr) -> u128 {
    match address.to_canonical() {
        IpAddr::V4(address) => u128::from(u32::from(address)),
        IpAddr::V6(address) => u128::from(address) & !u128::from(u64::MAX),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn kind(method: &str, route: &str) -> Option<Kind> {
        let request = Request::builder().method(method).uri("/x").body(()).unwrap();
        Kind::of(&request.into_parts().0, route)
    }

    #[test]
    fn each_route_is_a_kind_of_work() {
        for (method, route, expected) in [
            ("POST", "/sign-in", Some(Kind::SignIn)),
            ("GET", "/sign-in", Some(Kind::Other)),
            ("POST", "/api/v1/session", Some(Kind::SignIn)),
            ("POST", "/api/v1/cases/{id}/documents", Some(Kind::Upload)),
            ("GET", "/api/v1/cases/{id}/documents", Some(Kind::Other)),
            ("POST", "/documents/{id}/versions", Some(Kind::Upload)),
            ("GET", "/search", Some(Kind::Search)),
            ("POST", "/cases/{id}/assistant", Some(Kind::Model)),
            ("GET", "/api/v1/usage.csv", Some(Kind::Export)),
            ("GET", "/api/v1/documents/{id}/versions/{number}/original", Some(Kind::Export)),
            ("GET", "/assets/{fingerprint}/{*path}", None),
        ] {
            assert_eq!(kind(method, route), expected, "{method} {route}");
        }
    }

    #[test]
    fn a_minute_s_worth_may_come_at_once_and_no_more() {
        let count = Count::of(5).unwrap();
        assert!((0..5).all(|_| count.take(&1).is_ok()));
        let wait = count.take(&1).unwrap_err();
        assert!((1..=12).contains(&wait), "{wait}");
        assert!(count.take(&2).is_ok());
        assert!(Count::of(0).is_none());
    }

    #[test]
    fn memory_does_not_grow_with_callers() {
        let count = Count::of(5).unwrap();
        for caller in 0..400_000_u64 {
            let _ = count.take(&caller);
        }
        assert!(count.cells.len() as u64 <= CELLS);
    }

    #[test]
    fn a_house_is_one_address() {
        let network = |text: &str| super::network(text.parse().unwrap());
        assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff::9"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_ne!(network("203.0.113.1"), network("203.0.113.2"));
        assert_eq!(network("::ffff:203.0.113.1"), network("203.0.113.1"));
    }
}
