//! Where a request comes from: the connection's other end, or what a trusted proxy
//! says of it.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::header::USER_AGENT;
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap};

use super::caller::cookies;
use crate::app::App;
use crate::auth::{DEVICE_COOKIE, Token};
use crate::kernel::Origin;

/// The header proxies name the caller's address in, nearest last.
const FORWARDED: &str = "x-forwarded-for";

/// Where the request comes from; every handler may ask.
#[derive(Debug, Clone)]
pub(crate) struct From(pub(crate) Origin);

/// The origin of a request with these headers.
pub(crate) fn origin(headers: &HeaderMap, extensions: &Extensions, trusted: &[IpAddr]) -> Origin {
    let peer = extensions.get::<ConnectInfo<SocketAddr>>();
    let peer = peer.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |peer| peer.0.ip().to_canonical());
    let agent = headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    Origin::new(address(peer, headers, trusted), agent).known_by(devices(headers))
}

/// The hashes of the cookies a browser is known again by.
fn devices(headers: &HeaderMap) -> impl Iterator<Item = Vec<u8>> {
    cookies(headers)
        .filter(|(name, _)| name.trim_start_matches("__Host-").starts_with(DEVICE_COOKIE))
        .map(|(_, value)| Token::sent(value).digest())
}

/// The nearest address that is no trusted proxy: whoever stands behind one could
/// write any address further left.
fn address(peer: IpAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> IpAddr {
    let named: Vec<&str> = headers
        .get_all(FORWARDED)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    let mut nearest = peer;
    for name in named.iter().rev() {
        if !trusted.contains(&nearest) {
            break;
        }
        match name.trim().parse::<IpAddr>() {
            Ok(address) => nearest = address.to_canonical(),
            Err(_) => break,
        }
    }
    nearest
}

impl FromRequestParts<App> for From {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let trusted = &app.config.http.trusted_proxies;
        Ok(Self(origin(&parts.headers, &parts.extensions, trusted)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(peer: &str, forwarded: &[&'static str], trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(FORWARDED, axum::http::HeaderValue::from_static(value));
        }
        let trusted: Vec<IpAddr> = trusted.iter().map(|ip| ip.parse().unwrap()).collect();
        address(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn nobody_but_a_trusted_proxy_says_where_a_caller_is() {
        assert_eq!(seen("203.0.113.9", &["1.2.3.4"], &[]), "203.0.113.9");
        assert_eq!(seen("203.0.113.9", &["1.2.3.4"], &["10.0.0.1"]), "203.0.113.9");
        assert_eq!(seen("10.0.0.1", &["1.2.3.4"], &["10.0.0.1"]), "1.2.3.4");
    }

    #[test]
    fn what_a_caller_wrote_itself_is_not_believed() {
        let seen =
            seen("10.0.0.1", &["6.6.6.6, 198.51.100.7", "10.0.0.2"], &["10.0.0.1", "10.0.0.2"]);
        assert_eq!(seen, "198.51.100.7");
    }

    #[test]
    fn what_is_no_address_ends_the_search() {
        assert_eq!(seen("10.0.0.1", &["unknown"], &["10.0.0.1"]), "10.0.0.1");
        assert_eq!(seen("10.0.0.1", &[], &["10.0.0.1"]), "10.0.0.1");
    }
}
