//! Fingerprints: whether a rule or a calendar still says what it said.

use std::fmt::Write;

use serde::Serialize;
use sha2::{Digest, Sha256};

/// The SHA-256 of a value's JSON, in hexadecimal.
pub(super) fn fingerprint(value: &impl Serialize) -> String {
    let text = serde_json::to_vec(value).unwrap_or_default();
    let digest = Sha256::digest(&text);
    digest.iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_value_has_the_same_fingerprint() {
        assert_eq!(fingerprint(&"a"), fingerprint(&"a"));
        assert_ne!(fingerprint(&"a"), fingerprint(&"b"));
        assert_eq!(fingerprint(&"a").len(), 64);
    }
}
