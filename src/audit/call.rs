//! The request something is done in, known to whatever runs inside it.

use std::net::IpAddr;

use uuid::Uuid;

tokio::task_local! {
    static CALL: Call;
}

/// A request from outside, while it is being answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call {
    /// Its id: in the answer, in the log and in the record.
    pub request: Uuid,
    /// The address it comes from.
    pub address: IpAddr,
}

impl Call {
    /// A request that has just come in.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "a request's id is made here")]
    pub fn from(address: IpAddr) -> Self {
        Self { request: Uuid::now_v7(), address }
    }

    /// Does something as part of this request.
    pub async fn during<F: Future>(self, work: F) -> F::Output {
        CALL.scope(self, work).await
    }

    /// The request under way; none for background work and the command line.
    #[must_use]
    pub fn under_way() -> Option<Self> {
        CALL.try_with(|call| *call).ok()
    }
}

/// An address as the record keeps it: whole, or the network it is in (the first 24
/// bits of an IPv4 address, the first 48 of an IPv6 address).
#[must_use]
pub(super) fn kept(address: IpAddr, whole: bool) -> String {
    match address.to_canonical() {
        address if whole => address.to_string(),
        IpAddr::V4(address) => {
            let [a, b, c, _] = address.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        IpAddr::V6(address) => {
            let [a, b, c, ..] = address.segments();
            format!("{}/48", std::net::Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_kept_whole_or_as_its_network() {
        let kept = |address: &str, whole| super::kept(address.parse().unwrap(), whole);
        assert_eq!(kept("203.0.113.77", true), "203.0.113.77");
        assert_eq!(kept("203.0.113.77", false), "203.0.113.0/24");
        assert_eq!(kept("::ffff:203.0.113.77", false), "203.0.113.0/24");
        assert_eq!(kept("2001:db8:aa:bb::1", false), "2001:db8:aa::/48");
    }

    #[tokio::test]
    async fn work_inside_a_request_knows_it_and_other_work_does_not() {
        let call = Call::from("203.0.113.77".parse().unwrap());
        assert_eq!(call.during(async { Call::under_way() }).await, Some(call));
        assert_eq!(Call::under_way(), None);
    }
}
