//! How the provider is spoken to: where its own description leads is judged by the rule
//! about services outside, no redirect is followed, and time and size have limits.

use std::time::Duration;

use openidconnect::http;
use openidconnect::{HttpRequest, HttpResponse};
use url::Url;

use super::Provider;
use crate::outside::{NotAllowed, Outside};

/// The largest answer taken, in bytes.
const LARGEST: usize = 1 << 20;

/// Why the provider could not be asked.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unanswered {
    /// The connection failed.
    #[error("the provider cannot be reached")]
    Web(#[from] reqwest::Error),
    /// It led to where nothing is asked.
    #[error("the provider leads to an address that is not asked: {0}")]
    NotAllowed(#[from] NotAllowed),
    /// The answer is not one.
    #[error("the provider's answer cannot be read")]
    Answer(#[from] http::Error),
    /// The answer is too large.
    #[error("the provider's answer is larger than {LARGEST} bytes")]
    TooLarge,
}

/// What speaks to the provider.
#[derive(Clone)]
pub(super) struct Web {
    client: reqwest::Client,
    issuer: Url,
    outside: Outside,
}

impl Web {
    /// Makes ready to ask a provider.
    pub(super) fn new(provider: &Provider) -> Result<Self, Unanswered> {
        let issuer = Url::parse(&provider.issuer).map_err(|_| NotAllowed::NoHost)?;
        let client = provider
            .outside
            .client_led(&issuer)
            .connect_timeout(Duration::from_secs(5))
            .timeout(Duration::from_secs(15))
            .build()?;
        Ok(Self { client, issuer, outside: provider.outside.clone() })
    }

    /// Whether the provider may lead somewhere.
    pub(super) fn check(&self, url: &Url) -> Result<(), Unanswered> {
        Ok(self.outside.check_led(url, &self.issuer)?)
    }
}

/// Sends one request.
pub(super) async fn send(web: Web, request: HttpRequest) -> Result<HttpResponse, Unanswered> {
    let request: reqwest::Request = request.try_into()?;
    web.check(request.url())?;
    let mut answer = web.client.execute(request).await?;
    let mut shaped = http::Response::builder().status(answer.status());
    for (name, value) in answer.headers() {
        shaped = shaped.header(name, value);
    }
    let mut body = Vec::new();
    while let Some(part) = answer.chunk().await? {
        if body.len() + part.len() > LARGEST {
            return Err(Unanswered::TooLarge);
        }
        body.extend_from_slice(&part);
    }
    Ok(shaped.body(body)?)
}
