//! Where a request comes from.

use std::net::{IpAddr, Ipv4Addr};

/// The other end of a request, as far as the service can tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The address of the caller, or of the nearest machine that is no trusted proxy.
    pub address: IpAddr,
    /// What the caller says it is, at most [`Origin::LONGEST_AGENT`] characters.
    pub agent: String,
    /// The hashes of what a browser keeps to be known again, at most
    /// [`Origin::MOST_DEVICES`].
    pub devices: Vec<Vec<u8>>,
}

impl Origin {
    /// How much of what a caller says of itself is kept, in characters.
    pub const LONGEST_AGENT: usize = 200;

    /// How many accounts one browser is known again for.
    pub const MOST_DEVICES: usize = 20;

    /// Where a caller is, and what it says it is.
    #[must_use]
    pub fn new(address: IpAddr, agent: &str) -> Self {
        let agent = agent.chars().filter(|c| !c.is_control()).take(Self::LONGEST_AGENT).collect();
        Self { address, agent, devices: Vec::new() }
    }

    /// The same origin with the hashes of what the browser is known by.
    #[must_use]
    pub fn known_by(mut self, devices: impl Iterator<Item = Vec<u8>>) -> Self {
        self.devices = devices.take(Self::MOST_DEVICES).collect();
        self
    }

    /// This machine: the command line, and tests.
    #[must_use]
    pub fn here() -> Self {
        Self::new(IpAddr::V4(Ipv4Addr::LOCALHOST), "")
    }
}
