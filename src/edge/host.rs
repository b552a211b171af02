//! Which names the service answers to. A page elsewhere can have its own name point at
//! this machine and then read what the service says; under a foreign name it says
//! nothing.

use std::net::IpAddr;

use axum::http::header::HOST;
use axum::http::request::Parts;
use axum::http::uri::Authority;

use crate::config::Config;

/// The names of this service.
pub(super) struct Hosts {
    names: Vec<String>,
    /// `http.public_url` as a browser's `Origin` has it.
    origin: String,
    /// The address listened on; every address of this machine when unspecified.
    listen: IpAddr,
}

/// The `Host` a request asks for. None for programs that send none; browsers always do.
pub(super) fn of(request: &Parts) -> Option<&str> {
    match request.headers.get(HOST) {
        Some(host) => Some(host.to_str().unwrap_or("\u{fffd}")),
        None => request.uri.authority().map(Authority::as_str),
    }
}

impl Hosts {
    pub(super) fn of(config: &Config) -> Self {
        let public = config.http.public_url.host_str().unwrap_or_default();
        let others = config.limits.hosts.iter().map(String::as_str);
        let names = others.chain([public, "localhost"]).map(str::to_ascii_lowercase).collect();
        let origin = config.http.public_url.origin().ascii_serialization();
        Self { names, origin, listen: config.http.listen.ip() }
    }

    /// Whether the service answers to a host; its port is not looked at, since a proxy
    /// may listen on another.
    pub(super) fn know(&self, host: &str) -> bool {
        let Ok(authority) = host.parse::<Authority>() else { return false };
        if authority.as_str().contains('@') {
            return false;
        }
        let name = authority.host().trim_end_matches('.').to_ascii_lowercase();
        let bare = name.trim_start_matches('[').trim_end_matches(']');
        // A number is nobody's name: it cannot be made to point elsewhere.
        let number = bare
            .parse::<IpAddr>()
            .is_ok_and(|ip| ip.is_loopback() || ip == self.listen || self.listen.is_unspecified());
        number || self.names.contains(&name)
    }

    /// Whether an `Origin` is the service's own.
    pub(super) fn is_public(&self, origin: &str) -> bool {
        origin == self.origin
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts(settings: &str) -> Hosts {
        Hosts::of(&Config::from_toml(settings).unwrap())
    }

    #[test]
    fn only_our_own_names_are_known() {
        let hosts = hosts(
            "http.public_url = \"https://munshi.rao.example\"\nlimits.hosts = [\"files.lan\"]",
        );
        for ours in [
            "munshi.rao.example",
            "MUNSHI.rao.example:8443",
            "munshi.rao.example.",
            "localhost:8080",
            "127.0.0.1:9",
            "[::1]:8080",
            "files.lan",
        ] {
            assert!(hosts.know(ours), "{ours}");
        }
        for foreign in [
            "evil.example",
            "munshi.rao.example.evil.example",
            "evil.example:8080",
            "203.0.113.9",
            "munshi.rao.example@evil.example",
            "evil@localhost",
            "",
            "localhost/evil",
            "\u{fffd}",
        ] {
            assert!(!hosts.know(foreign), "{foreign}");
        }
    }

    #[test]
    fn listening_everywhere_means_every_number() {
        assert!(hosts("http.listen = \"0.0.0.0:80\"").know("203.0.113.9"));
        assert!(!hosts("http.listen = \"0.0.0.0:80\"").know("evil.example"));
    }
}
