//! Looking names up by the rule: what a name stands for is judged where the connection
//! is made, each time.

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::Outside;

/// Looks a name up.
type Lookup = Arc<dyn Fn(String) -> Looking + Send + Sync>;
type Looking = Pin<Box<dyn Future<Output = std::io::Result<Vec<SocketAddr>>> + Send>>;

/// Looks names up and refuses what the rule does.
#[derive(Clone)]
pub(super) struct Resolver {
    outside: Outside,
    led_from: Option<String>,
    lookup: Lookup,
}

impl Resolver {
    /// Asks the system; `led_from` is the host whose answers lead elsewhere.
    pub(super) fn new(outside: Outside, led_from: Option<String>) -> Self {
        let lookup: Lookup = Arc::new(|name| {
            Box::pin(async move { Ok(tokio::net::lookup_host((name, 0)).await?.collect()) })
        });
        Self { outside, led_from, lookup }
    }

    /// The same, with names that stand for what a test says.
    #[cfg(test)]
    pub(super) fn with(self, lookup: fn(&str) -> Vec<SocketAddr>) -> Self {
        let lookup: Lookup = Arc::new(move |name| Box::pin(async move { Ok(lookup(&name)) }));
        Self { lookup, ..self }
    }
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let Self { outside, led_from, lookup } = self.clone();
        Box::pin(async move {
            let found = lookup(name.as_str().to_owned()).await?;
            let trust = outside.trust(name.as_str(), led_from.as_deref());
            Outside::admit(name.as_str(), trust, &found)?;
            let addresses: Addrs = Box::new(found.into_iter());
            Ok(addresses)
        })
    }
}
