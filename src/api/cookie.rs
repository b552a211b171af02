//! The session's cookie: for this site alone, out of scripts' reach.

use axum::http::HeaderMap;
use axum::http::header::{HeaderValue, SET_COOKIE};

use super::caller::cookie_name;
use crate::app::App;
use crate::auth::Opened;
use crate::kernel::Realm;

/// How long a browser is known again, in seconds: what browsers keep a cookie at most.
const DEVICE_AGE: i64 = 400 * 24 * 3600;

/// The lines that hand a session over to a browser, which is then signed in to its
/// realm alone; none where there is nothing to hand over.
pub(crate) fn session_cookies(app: &App, opened: Option<&Opened>) -> HeaderMap {
    let mut lines = HeaderMap::new();
    let Some(opened) = opened else { return lines };
    let secure = app.config.http.secure_cookies();
    let age = (opened.expires_at - app.clock.now()).num_seconds().max(0);
    for realm in Realm::ALL {
        let (value, age) =
            if realm == opened.realm { (opened.token.expose(), age) } else { ("", 0) };
        add(app, &mut lines, cookie_name(realm, secure), value, age, realm);
    }
    if let Some(device) = &opened.device {
        let prefix = if secure { "__Host-" } else { "" };
        let name = format!("{prefix}{}", device.name);
        add(app, &mut lines, &name, device.token.expose(), DEVICE_AGE, opened.realm);
    }
    lines
}

/// The lines that take a browser's sessions away.
pub(crate) fn no_cookies(app: &App) -> HeaderMap {
    let mut lines = HeaderMap::new();
    for realm in Realm::ALL {
        let name = cookie_name(realm, app.config.http.secure_cookies());
        add(app, &mut lines, name, "", 0, realm);
    }
    lines
}

fn add(app: &App, lines: &mut HeaderMap, name: &str, value: &str, age: i64, realm: Realm) {
    let secure = if app.config.http.secure_cookies() { "; Secure" } else { "" };
    // Nothing outside leads into the portal but a link in a letter, which needs none.
    let site = match realm {
        Realm::Practice => "Lax",
        Realm::Portal => "Strict",
    };
    let cookie =
        format!("{name}={value}; Path=/; HttpOnly; SameSite={site}; Max-Age={age}{secure}");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        lines.append(SET_COOKIE, cookie);
    }
}
