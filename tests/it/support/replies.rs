//! Answers with their headers, for what is carried in cookies.

use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use tower::ServiceExt;

use super::{Caller, TestApp};

/// An answer with its headers.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Reply {
    /// What the browser sends back of a cookie that was set; empty when it was not.
    pub(crate) fn cookie(&self, name: &str) -> String {
        let set = self.headers.get_all(header::SET_COOKIE).iter();
        let set = set.map(|cookie| cookie.to_str().unwrap().split(';').next().unwrap());
        let mut found = set.filter(|pair| pair.starts_with(&format!("{name}=")));
        found.rfind(|pair| !pair.ends_with('=')).unwrap_or_default().to_owned()
    }
}

impl TestApp {
    /// Someone who sends a token.
    pub(crate) fn with_token(&self, token: &str) -> Caller {
        Caller { router: self.router.clone(), token: Some(token.to_owned()) }
    }
}

impl Caller {
    /// Sends a request as a browser does.
    pub(crate) async fn reply(
        &self,
        method: Method,
        path: &str,
        body: Body,
        content_type: &str,
        cookie: &str,
    ) -> Reply {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::CONTENT_TYPE, content_type)
            .header(header::COOKIE, cookie);
        let response = self.router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, 1 << 20).await.unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Reply { status: parts.status, headers: parts.headers, text }
    }
}
