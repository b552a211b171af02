//! The nonce of a response: what marks its own script and style tags, so that nothing
//! put into a page by others runs, not even a file of this service.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

tokio::task_local! {
    static NONCE: String;
}

/// Answers a request with a nonce of its own: 128 random bits.
pub(crate) async fn with_nonce<F: Future>(work: F) -> F::Output {
    NONCE.scope(STANDARD_NO_PAD.encode(rand::random::<[u8; 16]>()), work).await
}

/// The nonce of the response under way; empty outside one.
pub(super) fn nonce() -> String {
    NONCE.try_with(Clone::clone).unwrap_or_default()
}

/// The content-security policy of a page: scripts and styles only where our own tags
/// stand with the response's nonce, everything else from this service, nothing inline,
/// no frames. A module's imports have its nonce.
pub(super) fn policy() -> String {
    let nonce = nonce();
    if nonce.is_empty() {
        return super::page::POLICY.to_owned();
    }
    super::page::POLICY
        .replace("script-src 'self'", &format!("script-src 'nonce-{nonce}'"))
        .replace("style-src 'self'", &format!("style-src 'nonce-{nonce}'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn each_response_has_a_nonce_of_its_own_in_its_policy() {
        let one = with_nonce(async { (nonce(), policy()) }).await;
        let two = with_nonce(async { (nonce(), policy()) }).await;
        assert_ne!(one.0, two.0);
        assert!(one.1.contains(&format!("script-src 'nonce-{}';", one.0)), "{}", one.1);
        assert!(one.1.contains(&format!("style-src 'nonce-{}';", one.0)), "{}", one.1);
        assert!(!one.1.contains("script-src 'self'") && !one.1.contains("unsafe"));
    }
}
