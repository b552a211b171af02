//! Styles, scripts and images of our own, embedded in the binary.
//!
//! Every address carries a fingerprint of all files together
//! (`/assets/<fingerprint>/js/case.js`), so an answer may be kept by the browser
//! for ever and a new build is picked up at once. One fingerprint for all, rather
//! than one a file, lets the modules import each other by relative path.

use std::fmt::Write;
use std::sync::LazyLock;

use axum::Router;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use sha2::{Digest, Sha256};

/// One embedded file.
#[derive(Debug, Clone, Copy)]
pub struct Asset {
    /// Its path below the fingerprint.
    pub path: &'static str,
    /// Its media type.
    pub mime: &'static str,
    /// Its content.
    pub content: &'static str,
}

/// The style sheets, in cascade order, served as one file.
const STYLES: &str = concat!(
    include_str!("../../assets/css/tokens.css"),
    include_str!("../../assets/css/base.css"),
    include_str!("../../assets/css/frame.css"),
    include_str!("../../assets/css/controls.css"),
    include_str!("../../assets/css/parts.css"),
    include_str!("../../assets/css/cases.css"),
    include_str!("../../assets/css/viewer.css"),
    include_str!("../../assets/css/search.css"),
    include_str!("../../assets/css/assistant.css"),
    include_str!("../../assets/css/admin.css"),
    include_str!("../../assets/css/register.css"),
    include_str!("../../assets/css/hearings.css"),
    include_str!("../../assets/css/deadlines.css"),
    include_str!("../../assets/css/clients.css"),
    include_str!("../../assets/css/fees.css"),
    include_str!("../../assets/css/billing.css"),
    include_str!("../../assets/css/portal.css"),
    include_str!("../../assets/css/messages.css"),
    include_str!("../../assets/css/print.css"),
);

macro_rules! modules {
    ($($name:literal),+ $(,)?) => {
        [$(Asset {
            path: concat!("js/", $name),
            mime: "text/javascript; charset=utf-8",
            content: include_str!(concat!("../../assets/js/", $name)),
        }),+]
    };
}

/// The script modules.
const MODULES: [Asset; 24] = modules![
    "answer.js",
    "app.js",
    "assistant.js",
    "bytes.js",
    "case.js",
    "drawers.js",
    "find.js",
    "http.js",
    "keys.js",
    "layer.js",
    "linking.js",
    "marks.js",
    "names.js",
    "nodes.js",
    "panel.js",
    "passkeys.js",
    "progress.js",
    "reading.js",
    "share.js",
    "sheet.js",
    "timer.js",
    "upload.js",
    "viewer.js",
    "zoom.js",
];

/// The files that are neither style nor script.
const OTHERS: [Asset; 2] = [
    Asset { path: "app.css", mime: "text/css; charset=utf-8", content: STYLES },
    Asset {
        path: "icon.svg",
        mime: "image/svg+xml",
        content: include_str!("../../assets/icon.svg"),
    },
];

static FINGERPRINT: LazyLock<String> = LazyLock::new(|| {
    let mut hash = Sha256::new();
    for asset in all() {
        hash.update(asset.path);
        hash.update(asset.content);
    }
    hash.finalize().iter().take(8).fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
});

/// Every embedded file.
pub fn all() -> impl Iterator<Item = &'static Asset> {
    OTHERS.iter().chain(MODULES.iter())
}

/// The address of a file, such as `js/case.js`.
#[must_use]
pub fn url(path: &str) -> String {
    format!("/assets/{}/{path}", *FINGERPRINT)
}

/// The route that serves the files. Public: they hold nothing of the firm's.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/assets/{fingerprint}/{*path}", get(serve))
}

/// Serves a file; one asked for by an old fingerprint is not to be kept.
async fn serve(Path((fingerprint, path)): Path<(String, String)>) -> Response {
    let Some(asset) = all().find(|asset| asset.path == path) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let keep = if fingerprint == *FINGERPRINT {
        "public, max-age=31536000, immutable"
    } else {
        "no-store"
    };
    let headers = [
        (header::CONTENT_TYPE, asset.mime),
        (header::CACHE_CONTROL, keep),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, asset.content).into_response()
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::Request;
    use tower::ServiceExt;

    use super::*;

    async fn fetch(uri: &str) -> Response {
        let request = Request::get(uri).body(Body::empty()).unwrap();
        router::<()>().oneshot(request).await.unwrap()
    }

    #[tokio::test]
    async fn a_file_is_kept_for_ever_at_its_present_address() {
        for asset in all() {
            let answer = fetch(&url(asset.path)).await;
            assert_eq!(answer.status(), StatusCode::OK, "{}", asset.path);
            assert_eq!(answer.headers()[header::CONTENT_TYPE], asset.mime);
            assert!(
                answer.headers()[header::CACHE_CONTROL].to_str().unwrap().contains("immutable")
            );
        }
    }

    #[tokio::test]
    async fn an_old_address_serves_the_new_file_and_is_not_kept() {
        let answer = fetch("/assets/0000/app.css").await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()[header::CACHE_CONTROL], "no-store");
    }

    #[tokio::test]
    async fn an_unknown_file_is_not_found() {
        assert_eq!(fetch(&url("js/absent.js")).await.status(), StatusCode::NOT_FOUND);
    }

    /// Checks that each relative import names an embedded file.
    #[test]
    fn modules_import_only_embedded_modules() {
        for asset in &MODULES {
            for line in asset.content.lines().filter(|line| line.contains(" from \"")) {
                let name = line.split('"').nth(1).unwrap().trim_start_matches("./");
                assert!(
                    MODULES.iter().any(|module| module.path == format!("js/{name}")),
                    "{} imports `{name}`",
                    asset.path,
                );
            }
        }
    }
}
