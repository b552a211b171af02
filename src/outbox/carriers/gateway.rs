//! Text messages through an HTTP gateway.

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use url::{Url, form_urlencoded};

use super::{BadCarrier, Carrier, NotCarried, short};
use crate::kernel::LetterId;
use crate::outbox::Words;
use crate::outside::{NotAllowed, Outside};

/// How long the gateway may take to answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// A gateway that takes text messages as HTTP requests.
pub struct Gateway {
    http: Client,
    url: Url,
    headers: HeaderMap,
    body: String,
    format: Format,
}

/// How the body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Json,
    Form,
}

impl Gateway {
    /// Describes a gateway: where it is, the headers it wants, and the body it wants with
    /// `{number}` and `{text}` in the places of a message. A body that starts with `{` or
    /// `[` is JSON, another is a form. It is never followed elsewhere: what it answers
    /// with a redirect is a failure.
    ///
    /// # Errors
    /// Fails when the address, a header or the body cannot be understood.
    pub fn new(
        url: &str,
        headers: &BTreeMap<String, SecretString>,
        body: &str,
        outside: &Outside,
    ) -> Result<Self, BadCarrier> {
        let bad = |words: &str| BadCarrier(words.to_owned());
        let url = Url::parse(url).map_err(|_| NotAllowed::NoHost);
        let url = url.and_then(|url| outside.check(&url).map(|()| url));
        let url = url.map_err(|error| bad(&format!("`sms.url`: {error}")))?;
        let body = body.trim().to_owned();
        if !body.contains("{number}") || !body.contains("{text}") {
            return Err(bad("`sms.body` must hold `{number}` and `{text}`"));
        }
        let json = body.starts_with(['{', '[']);
        let format = if json { Format::Json } else { Format::Form };
        let mut wanted = HeaderMap::new();
        for (name, value) in headers {
            let name = HeaderName::try_from(name.as_str());
            let value = HeaderValue::try_from(value.expose_secret());
            let (Ok(name), Ok(mut value)) = (name, value) else {
                return Err(bad("`sms.headers` holds a name or value that no header can have"));
            };
            value.set_sensitive(true);
            wanted.insert(name, value);
        }
        wanted.insert(
            CONTENT_TYPE,
            HeaderValue::from_static(match format {
                Format::Json => "application/json",
                Format::Form => "application/x-www-form-urlencoded",
            }),
        );
        let http = outside
            .client()
            .timeout(PATIENCE)
            .build()
            .map_err(|_| bad("no client for the gateway could be made"))?;
        let gateway = Self { http, url, headers: wanted, body, format };
        let sample = gateway.filled("+910000000000", "a \"text\"");
        if json && serde_json::from_str::<serde_json::Value>(&sample).is_err() {
            return Err(bad("`sms.body` is no JSON; write \"{number}\" and \"{text}\" in quotes"));
        }
        Ok(gateway)
    }

    /// The body of one message.
    fn filled(&self, number: &str, text: &str) -> String {
        let written = |value: &str| match self.format {
            Format::Json => {
                let quoted = serde_json::Value::from(value).to_string();
                quoted.trim_start_matches('"').strip_suffix('"').unwrap_or_default().to_owned()
            }
            Format::Form => form_urlencoded::byte_serialize(value.as_bytes()).collect(),
        };
        // Piece by piece, so that a text which says `{number}` stays as it is.
        let pieces = self.body.split("{text}");
        let pieces = pieces.map(|piece| piece.replace("{number}", &written(number)));
        pieces.collect::<Vec<_>>().join(&written(text))
    }
}

#[async_trait]
impl Carrier for Gateway {
    async fn carry(&self, _: LetterId, recipient: &str, words: &Words) -> Result<(), NotCarried> {
        let request = self
            .http
            .post(self.url.clone())
            .headers(self.headers.clone())
            .body(self.filled(recipient, &words.text));
        // The address may hold a key, so a failure is told without it.
        let answer = request.send().await.map_err(|error| {
            let why = if error.is_timeout() { "answer in time" } else { "answer" };
            NotCarried::Now(format!("the gateway for text messages did not {why}"))
        })?;
        let status = answer.status();
        if status.is_success() {
            return Ok(());
        }
        let reason = short(&format!("the gateway for text messages answered {status}"));
        // The last two are said of the account with the gateway, not of the message.
        let later = status.is_server_error()
            || matches!(
                status,
                StatusCode::TOO_MANY_REQUESTS
                    | StatusCode::REQUEST_TIMEOUT
                    | StatusCode::UNAUTHORIZED
                    | StatusCode::PAYMENT_REQUIRED
            );
        Err(if later { NotCarried::Now(reason) } else { NotCarried::Never(reason) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JSON: &str = r#"{"to": "{number}", "message": "{text}", "from": "MUNSHI"}"#;

    fn made(url: &str, body: &str) -> Result<Gateway, BadCarrier> {
        let secret = SecretString::from("Bearer k-1".to_owned());
        Gateway::new(
            url,
            &BTreeMap::from([("authorization".to_owned(), secret)]),
            body,
            &Outside::default(),
        )
    }

    #[test]
    fn a_message_cannot_leave_its_place() {
        let json = made("https://gateway.example/send", JSON).unwrap();
        let text = r#"{number} ", "to": "+15550000000"#;
        let body: serde_json::Value = serde_json::from_str(&json.filled("+91 1\"", text)).unwrap();
        assert_eq!(body["to"], "+91 1\"");
        assert_eq!(body["message"], text);
        let form = made("https://gateway.example/send", "to={number}&text={text}&x=1").unwrap();
        let body = form.filled("+9198", "a&to=+1555 ड");
        let fields: Vec<(String, String)> =
            form_urlencoded::parse(body.as_bytes()).into_owned().collect();
        assert_eq!(fields[0], ("to".to_owned(), "+9198".to_owned()));
        assert_eq!(fields[1], ("text".to_owned(), "a&to=+1555 ड".to_owned()));
        assert_eq!(fields.len(), 3);
    }

    #[test]
    fn what_cannot_work_is_refused_at_the_start() {
        for (url, body) in [
            ("ftp://gateway.example/", JSON),
            ("file:///etc/passwd", JSON),
            ("gateway.example", JSON),
            ("http://gateway.example/", JSON),
            ("https://u:p@gateway.example/", JSON),
            ("https://169.254.169.254/", JSON),
            ("https://gateway.example/", "to={number}"),
            ("https://gateway.example/", r#"{"to": {number}, "text": {text}}"#),
        ] {
            assert!(made(url, body).is_err(), "{url} {body}");
        }
    }
}
