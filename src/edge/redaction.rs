//! The last line before the log: whatever looks like a secret is taken out of a line
//! before it is written.
//!
//! The first line is types that do not print (`SecretString`, `Token`), and not logging
//! addresses with one-time links in them. This one is for what slips past: a library's
//! own messages, an error's cause, a panic.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::{Captures, Regex};

/// What stands in the place of a secret.
const HIDDEN: &str = "[hidden]";

/// What a secret looks like, and what is left of it.
const PATTERNS: [(&str, &str); 9] = [
    // A JSON Web Token.
    (r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*)?", "[hidden]"),
    // A personal API token.
    (r"\bmun_[A-Za-z0-9_-]{8,}", "[hidden]"),
    // What an `Authorization` header holds.
    (r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{6,}", "$1 [hidden]"),
    // Our cookies.
    (r#"((?:__Host-)?munshi_[a-z_]+)=[^;\s"',]+"#, "$1=[hidden]"),
    // A name that says what it is, and its value.
    (
        r#"(?ix)( "? \b (?: [a-z_]*password | passwd | [a-z_]*secret | [a-z_]*token | api[_-]?key
            | authorization | cookie | csrf | passphrase | otp ) "? \s* [=:] \s* )
          (?: "(?:[^"\\]|\\.)*" | \[hidden\] | [^\s,;&"}\])]+ )"#,
        "$1[hidden]",
    ),
    // The secret in the address of a calendar.
    (r"/calendar/[A-Za-z0-9_-]{8,}", "/calendar/[hidden]"),
    // What stands after the question mark of an address.
    (r#"\?[^\s"'<>]*=[^\s"'<>]*"#, "?[hidden]"),
    // A user and password in an address.
    (r"://[^/\s@]+@", "://[hidden]@"),
    // An email address: the host is enough to look into a fault with.
    (r"[A-Za-z0-9._%+'-]+@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)", "[hidden]@$1"),
];

static COMPILED: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    let compiled = PATTERNS.iter().map(|(pattern, left)| Some((Regex::new(pattern).ok()?, *left)));
    compiled.flatten().collect()
});

/// A run of characters long enough to be random bits written down.
static RUN: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"[A-Za-z0-9+_=-]{32,}").ok());

/// A line without its secrets.
#[must_use]
pub fn redacted(line: &str) -> Cow<'_, str> {
    let mut line = Cow::Borrowed(line);
    for (pattern, left) in COMPILED.iter() {
        if let Cow::Owned(changed) = pattern.replace_all(&line, *left) {
            line = Cow::Owned(changed);
        }
    }
    if let Some(run) = RUN.as_ref()
        && let Cow::Owned(changed) = run.replace_all(&line, |found: &Captures<'_>| {
            if is_random(&found[0]) { HIDDEN.to_owned() } else { found[0].to_owned() }
        })
    {
        line = Cow::Owned(changed);
    }
    line
}

/// Whether a run holds capitals, small letters and digits, as no word and no id does.
fn is_random(run: &str) -> bool {
    let has = |kind: fn(&char) -> bool| run.chars().any(|c| kind(&c));
    has(char::is_ascii_uppercase) && has(char::is_ascii_lowercase) && has(char::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_is_in_use() {
        assert_eq!(COMPILED.len(), PATTERNS.len());
        assert!(RUN.is_some());
    }

    #[test]
    fn secrets_are_taken_out() {
        let token = "q7Jd0pXzR2mVb9sKtYwL4nHcE8gFaU3iO1xZ6vB5-_A";
        for line in [
            format!("sent Bearer {token}"),
            format!("authorization: Basic {}", "dXNlcjpodW50ZXIy"),
            "header eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.sig-here_1".to_owned(),
            "token mun_0123456789abcdef".to_owned(),
            format!("cookie: munshi_session={token}; theme=dark"),
            format!("__Host-munshi_session={token}"),
            "password=hunter2hunter2".to_owned(),
            r#"{"password": "hunter2 hunter2", "csrf":"abc"}"#.to_owned(),
            r#"client_secret = "hunter2""#.to_owned(),
            "GET /reset?link=hunter2&x=1".to_owned(),
            "postgres://munshi:hunter2@db/munshi".to_owned(),
            format!("GET /invitation/{token}"),
            "GET /calendar/hunter2hunter2.ics".to_owned(),
            "mail to asha.rao@example.in failed".to_owned(),
        ] {
            let shown = redacted(&line);
            for secret in [
                token,
                "hunter2",
                "dXNlcjpod",
                "eyJzdWIi",
                "0123456789abcdef",
                "asha.rao",
                "\"abc\"",
            ] {
                assert!(!shown.contains(secret), "{line} -> {shown}");
            }
            assert!(shown.contains(HIDDEN), "{line} -> {shown}");
        }
    }

    #[test]
    fn what_is_needed_to_look_into_a_fault_stays() {
        for line in [
            "request{id=01900000-0000-7000-8000-000000000001 method=GET route=/cases/{id}}",
            "sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 stored",
            "read 12 pages in 340 ms; tokens_in=120 tokens_out=30",
            "the_name_of_a_module_that_is_rather_long::and_its_part: done",
        ] {
            assert_eq!(redacted(line), line);
        }
    }

    #[test]
    fn the_host_of_an_email_stays() {
        assert_eq!(redacted("to asha@example.in: refused"), "to [hidden]@example.in: refused");
    }
}
