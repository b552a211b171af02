//! The `[limits]` section.

use serde::Deserialize;

/// The `[limits]` section: how many requests a minute, by kind of work; 0 for no limit.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Searches, for one person.
    pub search: u32,
    /// Uploads, for one person.
    pub uploads: u32,
    /// Questions to the assistant, for one person.
    pub models: u32,
    /// Answers to one person that are written at once.
    pub answers_at_once: u32,
    /// Downloads and exports, for one person.
    pub exports: u32,
    /// Everything else, for one person.
    pub others: u32,
    /// How many times as many everybody behind one address may make together.
    pub address_factor: u32,
    /// Sign-ins, for one address.
    pub sign_in: u32,
    /// Connections at once in all.
    pub connections: usize,
    /// Connections at once from one address.
    pub connections_per_address: usize,
    /// How long the head of a request may take, in seconds.
    pub head_secs: u64,
    /// How long a body or a reader may stand still, in seconds.
    pub idle_secs: u64,
    /// Names the service answers to besides its own.
    pub hosts: Vec<String>,
}

impl Limits {
    pub(super) fn check(&self, check: &mut impl FnMut(bool, &str)) {
        check(self.address_factor > 0, "`limits.address_factor` must be at least 1");
        check(self.connections > 0, "`limits.connections` must be at least 1");
        let each = self.connections_per_address;
        check(each > 0, "`limits.connections_per_address` must be at least 1");
        check(self.head_secs > 0, "`limits.head_secs` must be at least 1");
        check(self.idle_secs > 0, "`limits.idle_secs` must be at least 1");
        let plain = |host: &String| !host.is_empty() && !host.contains(['/', '*', ' ']);
        check(self.hosts.iter().all(plain), "`limits.hosts` must be host names, without ports");
    }

    pub(super) fn masked(&self) -> String {
        let Self {
            search,
            uploads,
            models,
            answers_at_once,
            exports,
            others,
            address_factor,
            sign_in,
            connections,
            connections_per_address,
            head_secs,
            idle_secs,
            hosts,
        } = self;
        format!(
            "[limits]\nsearch = {search}\nuploads = {uploads}\nmodels = {models}\n\
             answers_at_once = {answers_at_once}\n\
             exports = {exports}\nothers = {others}\naddress_factor = {address_factor}\n\
             sign_in = {sign_in}\nconnections = {connections}\n\
             connections_per_address = {connections_per_address}\nhead_secs = {head_secs}\n\
             idle_secs = {idle_secs}\nhosts = {hosts:?}\n"
        )
    }
}
