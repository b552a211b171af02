//! How what is sent is signed: `t=<seconds>,v1=<HMAC-SHA-256 of "t.body">`, a `v1` for each
//! secret that is valid.
//!
//! Whoever receives it computes the same over the raw body with the secret they were shown,
//! and refuses what is older than a few minutes, so that nothing can be played back.

use std::fmt::Write;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The value of the signature header.
pub(super) fn header(secrets: &[&[u8]], seconds: i64, body: &[u8]) -> String {
    let mut value = format!("t={seconds}");
    for secret in secrets {
        let _ = write!(value, ",v1={}", tag(secret, seconds, body));
    }
    value
}

/// Bytes in hexadecimal digits.
fn digits(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut digits, byte| {
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

/// The tag of one secret, in hexadecimal digits.
fn tag(secret: &[u8], seconds: i64, body: &[u8]) -> String {
    // HMAC takes keys of every length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else { return String::new() };
    mac.update(seconds.to_string().as_bytes());
    mac.update(b".");
    mac.update(body);
    digits(&mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Test case 2 of RFC 4231, its data cut as ours is: seconds, a full stop, the body.
    #[test]
    fn the_tag_is_the_hmac_of_time_and_body() {
        let mut mac = Hmac::<Sha256>::new_from_slice(b"Jefe").unwrap();
        mac.update(b"what do ya want for nothing?");
        let known = mac.finalize().into_bytes();
        assert_eq!(known[..4], [0x5b, 0xdc, 0xc1, 0x46]);
        let mut mac = Hmac::<Sha256>::new_from_slice(b"Jefe").unwrap();
        mac.update(b"1793700000.{}");
        let ours = digits(&mac.finalize().into_bytes());
        assert_eq!(header(&[b"Jefe"], 1_793_700_000, b"{}"), format!("t=1793700000,v1={ours}"));
    }

    #[test]
    fn two_valid_secrets_sign_both() {
        let value = header(&[b"new", b"old"], 1, b"x");
        let parts: Vec<&str> = value.split(',').collect();
        assert_eq!(parts.len(), 3);
        assert!(parts[1].starts_with("v1=") && parts[1] != parts[2], "{value}");
        assert_eq!(parts[2], header(&[b"old"], 1, b"x").split(',').nth(1).unwrap());
    }
}
