//! How a row is bound to the one before it.
//!
//! Digest 2 is HMAC-SHA-256 under the record's own key; digest 1, of rows written
//! before there was a key, is plain SHA-256.

use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::Entry;
use super::head::Key;
use crate::kernel::OrganisationId;

/// The digest that new rows carry.
pub(super) const KEYED: i64 = 2;
/// The digest of rows written before there was a key.
pub(super) const UNKEYED: i64 = 1;

/// The hash of a row at a place, as its kind of digest has it; none for a kind there
/// is not.
pub(super) fn digest(
    entry: &Entry,
    number: i64,
    organisation: OrganisationId,
    key: &Key,
) -> Option<Vec<u8>> {
    let user = entry.user_id.map(|user| user.to_string()).unwrap_or_default();
    let at = entry.at.timestamp_micros();
    let details = canonical(&entry.details);
    match entry.digest {
        UNKEYED => {
            let text =
                format!("{organisation}\n{number}\n{at}\n{user}\n{}\n{details}", entry.action);
            let hash = Sha256::new().chain_update(&entry.previous_hash).chain_update(text);
            Some(hash.finalize().to_vec())
        }
        KEYED => {
            let address = entry.address.as_deref().unwrap_or_default();
            let request = entry.request_id.map(|id| id.to_string()).unwrap_or_default();
            let text = format!(
                "{organisation}\n{number}\n{at}\n{user}\n{}\n{address}\n{request}\n{details}",
                entry.action
            );
            Some(tag(key, &[b"row", &entry.previous_hash, text.as_bytes()]))
        }
        _ => None,
    }
}

/// What stands for a text without giving it away: the same text of the same
/// organisation has the same 128 bits, in hexadecimal digits.
pub(super) fn fingerprint(key: &Key, text: &str) -> String {
    use std::fmt::Write;
    let tag = tag(key, &[b"text", text.as_bytes()]);
    tag.iter().take(16).fold(String::new(), |mut digits, byte| {
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

/// An HMAC of parts, each with its length, so that no two lists of parts are alike.
fn tag(key: &Key, parts: &[&[u8]]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new(&(**key).into());
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().to_vec()
}

/// JSON with its keys in order, since PostgreSQL gives an object back in another
/// order than it was written.
fn canonical(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by_key(|(name, _)| name.as_str());
            let fields = fields.into_iter().map(|(name, value)| {
                format!("{}:{}", Value::from(name.as_str()), canonical(value))
            });
            format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(canonical).collect();
            format!("[{}]", items.join(","))
        }
        plain => plain.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use zeroize::Zeroizing;

    use super::*;

    #[test]
    fn the_order_of_keys_does_not_matter() {
        let one = json!({ "b": [1, { "y": 1, "x": null }], "a": "q\"" });
        let two: Value = serde_json::from_str(r#"{"a":"q\"","b":[1,{"x":null,"y":1}]}"#).unwrap();
        assert_eq!(canonical(&one), canonical(&two));
    }

    #[test]
    fn a_fingerprint_needs_the_key() {
        let (one, two) = (Zeroizing::new([1; 64]), Zeroizing::new([2; 64]));
        assert_eq!(fingerprint(&one, "bail"), fingerprint(&one, "bail"));
        assert_ne!(fingerprint(&one, "bail"), fingerprint(&two, "bail"));
        assert_eq!(fingerprint(&one, "bail").len(), 32);
    }

    #[test]
    fn parts_cannot_be_shifted_into_each_other() {
        let key = Zeroizing::new([1; 64]);
        assert_ne!(tag(&key, &[b"ab", b"c"]), tag(&key, &[b"a", b"bc"]));
    }
}
