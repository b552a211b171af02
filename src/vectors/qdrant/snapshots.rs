//! Snapshots of a collection, on their way back into it.
//!
//! The protocol the rest speaks takes, lists and removes snapshots but does not put
//! them back: that is done over HTTP, on the port before. The snapshot is read from the
//! server and sent to it again piece by piece, so that neither its folders nor the name
//! by which it could reach itself need to be known, and nothing is kept here.

use futures_util::{StreamExt, TryStreamExt, stream};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Body, Response, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::{CONNECT, SNAPSHOT};
use crate::outside::Outside;
use crate::vectors::store::StoreError;

/// What stands between the parts of the form; it is in no snapshot by chance.
const BOUNDARY: &str = "munshi-snapshot-7f3a1c9e5b2d4086";

/// The files of a server, over HTTP.
pub(super) struct Files {
    http: reqwest::Client,
    address: Url,
}

impl Files {
    /// The files of the server whose HTTP port is at an address.
    pub(super) fn new(
        address: Url,
        api_key: &SecretString,
        outside: &Outside,
    ) -> Result<Self, StoreError> {
        let refused = |reason: String| StoreError::Refused(reason);
        let mut headers = HeaderMap::new();
        if !api_key.expose_secret().is_empty() {
            let mut key = HeaderValue::from_str(api_key.expose_secret())
                .map_err(|_| refused("the key holds characters a key cannot have".to_owned()))?;
            key.set_sensitive(true);
            headers.insert("api-key", key);
        }
        let http = outside
            .client()
            .connect_timeout(CONNECT)
            .timeout(SNAPSHOT)
            .default_headers(headers)
            .retry(reqwest::retry::never())
            .build()
            .map_err(|error| refused(error.to_string()))?;
        Ok(Self { http, address })
    }

    /// Puts a snapshot back into its collection.
    pub(super) async fn put_back(&self, collection: &str, file: &str) -> Result<(), StoreError> {
        let snapshots = format!("collections/{collection}/snapshots");
        let from = self.at(&format!("{snapshots}/{file}"))?;
        let to = self.at(&format!("{snapshots}/upload?wait=true&priority=snapshot"))?;
        let snapshot = self.accepted(self.http.get(from).send().await).await?;
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"snapshot\"; \
             filename=\"{file}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
        );
        let tail = format!("\r\n--{BOUNDARY}--\r\n");
        let part = |text: String| stream::once(async move { Ok(bytes::Bytes::from(text)) });
        let form = part(head).chain(snapshot.bytes_stream().into_stream()).chain(part(tail));
        let sent = self
            .http
            .post(to)
            .header(CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"))
            .body(Body::wrap_stream(form))
            .send()
            .await;
        self.accepted(sent).await.map(drop)
    }

    fn at(&self, path: &str) -> Result<Url, StoreError> {
        self.address.join(path).map_err(|error| StoreError::Refused(error.to_string()))
    }

    async fn accepted(
        &self,
        answer: Result<Response, reqwest::Error>,
    ) -> Result<Response, StoreError> {
        let address = &self.address;
        let response = answer.map_err(|error| {
            let way = "snapshots are put back over Qdrant's HTTP port; open it to this machine";
            StoreError::Unreachable(format!("{address}: {}; {way}", error.without_url()))
        })?;
        match response.status() {
            status if status.is_success() => Ok(response),
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(StoreError::Refused(
                "the key in `vectors.qdrant_api_key` is missing, wrong or may only read".to_owned(),
            )),
            status => {
                let said = response.text().await.unwrap_or_default();
                let said: String = said.chars().take(300).collect();
                Err(StoreError::Refused(format!("{address} answered {status}: {said}")))
            }
        }
    }
}
