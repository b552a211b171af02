//! What carries letters out: a mail server, a gateway for text messages.

mod gateway;
mod mail_server;

use async_trait::async_trait;

use super::Words;
use crate::kernel::LetterId;

pub use gateway::Gateway;
pub use mail_server::MailServer;

/// How much of what the other end says of a failure is kept, in characters.
const LONGEST_REASON: usize = 200;

/// Carries letters of one kind out.
#[async_trait]
pub trait Carrier: Send + Sync {
    /// Hands a letter over. It may be the second time, when the process died after the
    /// first: `id` stays the same.
    async fn carry(&self, id: LetterId, recipient: &str, words: &Words) -> Result<(), NotCarried>;
}

/// Why a letter was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotCarried {
    /// It may be taken later.
    #[error("{0}")]
    Now(String),
    /// It will not be taken however often it is tried.
    #[error("{0}")]
    Never(String),
}

/// Why a carrier cannot be used as the settings describe it.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct BadCarrier(String);

/// A reason in one short line.
fn short(reason: &str) -> String {
    let line = reason.chars().map(|c| if c.is_control() { ' ' } else { c });
    line.take(LONGEST_REASON).collect()
}
