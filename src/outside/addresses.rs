//! What kinds of network addresses there are.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Where machines ask their cloud for secrets, besides the link-local addresses: of
/// Amazon and Google over IPv6, Alibaba, Oracle.
const METADATA: [IpAddr; 4] = [
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)),
    IpAddr::V6(Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254)),
    IpAddr::V4(Ipv4Addr::new(100, 100, 100, 200)),
    IpAddr::V4(Ipv4Addr::new(192, 0, 0, 192)),
];

/// A kind of address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// This machine.
    Here,
    /// A machine in a private network (RFC 1918, 4193, 6598).
    Private,
    /// A machine anybody may reach.
    Public,
    /// Link-local, where clouds keep their secrets, or no single machine.
    Closed,
}

impl Class {
    /// What kind an address is; an IPv4 address inside an IPv6 one is that IPv4 address.
    pub(super) fn of(address: IpAddr) -> Self {
        if METADATA.contains(&address) {
            return Self::Closed;
        }
        match address {
            IpAddr::V4(address) => Self::of_v4(address),
            IpAddr::V6(address) => match inside(address) {
                Some(inside) => Self::of(IpAddr::V4(inside)),
                None => Self::of_v6(address),
            },
        }
    }

    fn of_v4(address: Ipv4Addr) -> Self {
        let [first, second, ..] = address.octets();
        if address.is_loopback() {
            Self::Here
        } else if address.is_private() || (first == 100 && (second & 0xc0) == 64) {
            Self::Private
        } else if first == 0 || first >= 224 || address.is_link_local() {
            Self::Closed
        } else {
            Self::Public
        }
    }

    fn of_v6(address: Ipv6Addr) -> Self {
        let first = address.segments()[0];
        if address.is_loopback() {
            Self::Here
        } else if address.is_unique_local() {
            Self::Private
        } else if address.is_unspecified()
            || address.is_multicast()
            || address.is_unicast_link_local()
            || (first & 0xffc0) == 0xfec0
        {
            Self::Closed
        } else {
            Self::Public
        }
    }
}

/// The IPv4 address an IPv6 address carries: mapped, translated (RFC 6052) or tunnelled
/// (RFC 3056).
fn inside(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let part = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        Some(Ipv4Addr::new(a, b, c, d))
    };
    match address.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            part(high, low)
        }
        [0x2002, high, low, ..] => part(high, low),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_told_apart() {
        for (address, class) in [
            ("127.0.0.1", Class::Here),
            ("127.9.9.9", Class::Here),
            ("::1", Class::Here),
            ("::ffff:127.0.0.1", Class::Here),
            ("10.1.2.3", Class::Private),
            ("172.31.0.1", Class::Private),
            ("192.168.1.1", Class::Private),
            ("100.64.0.1", Class::Private),
            ("fd12::1", Class::Private),
            ("64:ff9b::10.0.0.1", Class::Private),
            ("203.0.113.9", Class::Public),
            ("100.128.0.1", Class::Public),
            ("2606:4700::1", Class::Public),
            ("169.254.169.254", Class::Closed),
            ("169.254.1.1", Class::Closed),
            ("::ffff:169.254.169.254", Class::Closed),
            ("64:ff9b::a9fe:a9fe", Class::Closed),
            ("2002:a9fe:a9fe::1", Class::Closed),
            ("fe80::1", Class::Closed),
            ("fd00:ec2::254", Class::Closed),
            ("fd20:ce::254", Class::Closed),
            ("100.100.100.200", Class::Closed),
            ("192.0.0.192", Class::Closed),
            ("0.0.0.0", Class::Closed),
            ("::", Class::Closed),
            ("255.255.255.255", Class::Closed),
            ("239.1.1.1", Class::Closed),
            ("ff02::1", Class::Closed),
        ] {
            assert_eq!(Class::of(address.parse().unwrap()), class, "{address}");
        }
    }
}
