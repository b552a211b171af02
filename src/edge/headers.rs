//! The headers every answer leaves with.

use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};

/// The id of the request, in its answer.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Of what is no page: nothing in it may run, load or be framed.
const CLOSED: &str =
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

/// Two years, as the lists that browsers ship with ask.
const HSTS: &str = "max-age=63072000";

/// What an answer may have said otherwise.
const UNLESS_SAID: [(HeaderName, &str); 3] = [
    (header::CONTENT_SECURITY_POLICY, CLOSED),
    (header::CACHE_CONTROL, "no-store"),
    (header::REFERRER_POLICY, "same-origin"),
];

/// What holds for every answer.
const ALWAYS: [(HeaderName, &str); 7] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (
        HeaderName::from_static("permissions-policy"),
        "accelerometer=(), autoplay=(), camera=(), display-capture=(), geolocation=(), \
         gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=(), \
         browsing-topics=()",
    ),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("x-permitted-cross-domain-policies"), "none"),
    (HeaderName::from_static("origin-agent-cluster"), "?1"),
];

/// Puts the headers on; with https, also the one that keeps browsers to it.
pub(super) fn close(headers: &mut HeaderMap, secure: bool) {
    for (name, value) in UNLESS_SAID {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if secure {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(HSTS));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_answer_says_of_itself_stays() {
        let mut headers = HeaderMap::new();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=60"));
        close(&mut headers, false);
        assert_eq!(headers[header::CACHE_CONTROL], "private, max-age=60");
        assert_eq!(headers[header::CONTENT_SECURITY_POLICY], CLOSED);
        assert!(!headers.contains_key(header::STRICT_TRANSPORT_SECURITY));
        close(&mut headers, true);
        assert_eq!(headers[header::STRICT_TRANSPORT_SECURITY], HSTS);
    }
}
