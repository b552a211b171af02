//! Services outside that the settings name: models, gateways, the sign-in provider, the
//! vector server. One rule says which addresses are asked.
//!
//! An address is `https://`, holds no user or password, and leads neither to where
//! machines ask their cloud for secrets nor to no single machine. In the clear
//! (`http://`) only this machine itself is asked. What a name stands for is judged each
//! time it is looked up, so that it cannot come to mean something else later. Redirects
//! are never followed. Hosts named in `outside.hosts` are excepted: whoever writes the
//! settings may mean any of these, but must say so.
//!
//! What an answer leads to (a provider's own description names further addresses) may
//! also lead into no private network, unless it is on the same host.

mod addresses;
mod resolving;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use reqwest::ClientBuilder;
use reqwest::redirect::Policy;
use url::{Host, Url};

use addresses::Class;
use resolving::Resolver;

/// The rule, with the hosts it excepts.
#[derive(Debug, Clone, Default)]
pub struct Outside {
    named: Arc<[String]>,
}

/// Why an address is not asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAllowed {
    /// Not https.
    #[error(
        "it must start with `https://`; with `http://` only this machine is reached, or a host \
         named in `outside.hosts`"
    )]
    Scheme,
    /// A user or password in it.
    #[error("it must not hold a user name or password; keys have settings of their own")]
    Credentials,
    /// No host in it.
    #[error("it must be an address such as `https://host/path`")]
    NoHost,
    /// The host is, or stands for, an address that is no service.
    #[error(
        "`{0}` is where machines ask their cloud for secrets, or no single machine; name it in \
         `outside.hosts` if you mean it"
    )]
    Closed(String),
    /// The host stands for this machine though its name does not say so.
    #[error("`{0}` stands for this machine; write `localhost`, or name it in `outside.hosts`")]
    Here(String),
    /// An answer leads into a private network, or to this machine.
    #[error(
        "an answer led to `{0}`, in a private network; name it in `outside.hosts` if it is right"
    )]
    Private(String),
}

/// How far a host is trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trust {
    /// Named in the settings as an exception.
    Named,
    /// This machine, by its name or number.
    Here,
    /// In the settings.
    Configured,
    /// In an answer.
    Led,
}

impl Outside {
    /// The rule with the hosts it excepts, by name or number.
    #[must_use]
    pub fn new(named: &[String]) -> Self {
        let named = named.iter().map(|host| plain(host)).collect::<Vec<_>>();
        Self { named: named.into() }
    }

    /// Whether an address of the settings may be asked, as far as it shows.
    ///
    /// # Errors
    /// Fails with why it may not.
    pub fn check(&self, url: &Url) -> Result<(), NotAllowed> {
        self.judge(url, None)
    }

    /// Whether an address may be asked that an answer from another one named.
    ///
    /// # Errors
    /// Fails with why it may not.
    pub fn check_led(&self, url: &Url, from: &Url) -> Result<(), NotAllowed> {
        self.judge(url, from.host_str())
    }

    /// Whether an address of the settings may be asked, by what its host stands for now;
    /// for clients that look names up themselves. A name that stands for nothing is left
    /// to them.
    ///
    /// # Errors
    /// Fails with why it may not.
    pub async fn check_now(&self, url: &Url) -> Result<(), NotAllowed> {
        self.check(url)?;
        let Some(Host::Domain(name)) = url.host() else { return Ok(()) };
        let found = tokio::net::lookup_host((name, 0)).await;
        let found: Vec<SocketAddr> = found.map(Iterator::collect).unwrap_or_default();
        Self::admit(name, self.trust(name, None), &found)
    }

    /// What an HTTP client for addresses of the settings is built from.
    pub fn client(&self) -> ClientBuilder {
        client(Resolver::new(self.clone(), None))
    }

    /// What an HTTP client is built from that also asks what answers from an address led
    /// to.
    pub fn client_led(&self, from: &Url) -> ClientBuilder {
        client(Resolver::new(self.clone(), Some(from.host_str().unwrap_or_default().to_owned())))
    }

    fn judge(&self, url: &Url, from: Option<&str>) -> Result<(), NotAllowed> {
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(NotAllowed::NoHost)?;
        let trust = self.trust(host, from);
        match url.scheme() {
            "https" => {}
            "http" if matches!(trust, Trust::Named | Trust::Here) => {}
            _ => return Err(NotAllowed::Scheme),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(NotAllowed::Credentials);
        }
        let number = match url.host() {
            Some(Host::Ipv4(number)) => IpAddr::V4(number),
            Some(Host::Ipv6(number)) => IpAddr::V6(number),
            _ => return Ok(()),
        };
        Self::admit(host, trust, &[SocketAddr::new(number, 0)])
    }

    /// How far a host is trusted; `from` is the host of the address whose answer led to
    /// it, if it is not in the settings.
    fn trust(&self, host: &str, from: Option<&str>) -> Trust {
        let host = plain(host);
        let led = from.is_some_and(|from| plain(from) != host);
        if self.named.contains(&host) {
            Trust::Named
        } else if led {
            Trust::Led
        } else if is_here(&host) {
            Trust::Here
        } else {
            Trust::Configured
        }
    }

    /// Whether everything a host stands for may be asked.
    fn admit(host: &str, trust: Trust, found: &[SocketAddr]) -> Result<(), NotAllowed> {
        for address in found {
            let host = host.to_owned();
            match (trust, Class::of(address.ip())) {
                (Trust::Named, _)
                | (Trust::Here, Class::Here)
                | (Trust::Configured, Class::Private | Class::Public)
                | (Trust::Led, Class::Public) => {}
                (Trust::Configured, Class::Here) => return Err(NotAllowed::Here(host)),
                (Trust::Led, Class::Here | Class::Private) => {
                    return Err(NotAllowed::Private(host));
                }
                (_, Class::Closed) | (Trust::Here, _) => return Err(NotAllowed::Closed(host)),
            }
        }
        Ok(())
    }
}

/// A client that follows nobody and looks names up by the rule.
fn client(resolver: Resolver) -> ClientBuilder {
    // Whoever comes first chooses; all of this program choose the same.
    drop(rustls::crypto::ring::default_provider().install_default());
    reqwest::Client::builder().redirect(Policy::none()).dns_resolver(resolver)
}

/// A host in the one way it is compared in: small letters, no last dot, no brackets.
fn plain(host: &str) -> String {
    let host = host.trim().trim_start_matches('[').trim_end_matches(']');
    host.trim_end_matches('.').to_lowercase()
}

/// Whether a host says by itself that it is this machine.
fn is_here(host: &str) -> bool {
    host == "localhost"
        || host.ends_with(".localhost")
        || host.parse().is_ok_and(|number| Class::of(number) == Class::Here)
}

#[cfg(test)]
mod tests;
