//! The pages of links and letters, as a browser without scripts uses them.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use munshi::db::Dialect;
use tower::ServiceExt;

use crate::support::letters::link_to;
use crate::support::{PASSWORD, TestApp};

/// A page, or where it leads.
struct Page {
    status: StatusCode,
    location: Option<String>,
    cookie: Option<String>,
    html: String,
}

async fn visit(app: &TestApp, path: &str, cookie: &str, form: Option<&[(&str, &str)]>) -> Page {
    let request = Request::builder().uri(path).header(header::COOKIE, cookie);
    let request = match form {
        None => request.body(Body::empty()),
        Some(fields) => {
            let body =
                url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
            request
                .method("POST")
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(Body::from(body))
        }
    };
    let response = app.router.clone().oneshot(request.unwrap()).await.unwrap();
    let text = |name| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    let (status, location) = (response.status(), text(header::LOCATION));
    let cookie = text(header::SET_COOKIE).map(|set| set.split(';').next().unwrap().to_owned());
    let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
    Page { status, location, cookie, html: String::from_utf8_lossy(&bytes).into_owned() }
}

fn csrf(html: &str) -> String {
    let (_, rest) = html.split_once("<meta name=\"csrf\" content=\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

async fn sign_in(app: &TestApp, email: &str, password: &str) -> Page {
    visit(app, "/sign-in", "", Some(&[("email", email), ("password", password)])).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_invites_reads_the_letter_and_the_invited_one_comes_in() {
    let app = TestApp::start(Dialect::Sqlite).await;
    app.admin().await;
    let cookie = sign_in(&app, "admin@example.in", PASSWORD).await.cookie.unwrap();
    let users = visit(&app, "/admin/users", &cookie, None).await;
    assert!(users.html.contains("not confirmed"));
    let csrf = csrf(&users.html);
    let form = [
        ("csrf", csrf.as_str()),
        ("name", "Nila Rao"),
        ("email", "nila@example.in"),
        ("role", "advocate"),
    ];
    let without = visit(&app, "/admin/users", &cookie, Some(&form[1..])).await;
    assert!(without.status.is_client_error(), "{}", without.status);
    let added = visit(&app, "/admin/users", &cookie, Some(&form)).await;
    assert!(added.html.contains("waits under Letters"), "{}", added.html);
    assert!(added.html.contains(">invited<"));

    let letters = visit(&app, "/admin/letters", &cookie, None).await;
    assert!(letters.html.contains("No mail server is set up"));
    let (_, rest) = letters.html.split_once("action=\"/admin/letters/").unwrap();
    let open = format!("/admin/letters/{}", rest.split('"').next().unwrap());
    let opened = visit(&app, &open, &cookie, Some(&form[..1])).await;
    assert!(opened.html.contains("choose-password?token="), "{}", opened.html);
    assert!(visit(&app, &open, &cookie, Some(&[])).await.status.is_client_error());

    let token = link_to(&app, "nila@example.in", "invitation").await;
    let page = visit(&app, &format!("/choose-password?token={token}"), "", None).await;
    assert!(page.html.contains("Welcome, Nila Rao"), "{}", page.html);
    let weak = [("token", token.as_str()), ("password", "nila rao 12345")];
    let weak = visit(&app, "/choose-password", "", Some(&weak)).await;
    assert!(weak.html.contains("too easy to guess"), "{}", weak.html);
    let good = [("token", token.as_str()), ("password", "teak monsoon lantern 4821")];
    let chosen = visit(&app, "/choose-password", "", Some(&good)).await;
    assert_eq!(chosen.location.as_deref(), Some("/sign-in?chosen=1"));
    assert!(chosen.cookie.is_none(), "a link opens no session");
    let again = visit(&app, "/choose-password", "", Some(&good)).await;
    assert_eq!(again.status, StatusCode::GONE);
    let door = visit(&app, "/sign-in?chosen=1", "", None).await;
    assert!(door.html.contains("Your password is saved"));
    let entered = sign_in(&app, "nila@example.in", "teak monsoon lantern 4821").await;
    assert_eq!((entered.status, entered.location.as_deref()), (StatusCode::SEE_OTHER, Some("/")));
    let cookie = entered.cookie.unwrap();
    for closed in ["/admin/letters", "/admin/users"] {
        assert_eq!(visit(&app, closed, &cookie, None).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_password_s_pages_say_the_same_to_everybody() {
    let app = TestApp::start(Dialect::Sqlite).await;
    app.admin().await;
    assert!(visit(&app, "/forgotten", "", None).await.html.contains("Send me a link"));
    let known = visit(&app, "/forgotten", "", Some(&[("email", "admin@example.in")])).await;
    let unknown = visit(&app, "/forgotten", "", Some(&[("email", "nobody@example.in")])).await;
    assert_eq!(known.status, unknown.status);
    let plain = |html: &str| crate::support::without_what_is_new(html);
    let known = known.html.replace("admin@example.in", "nobody@example.in");
    assert_eq!(plain(&known), plain(&unknown.html));
    let token = link_to(&app, "admin@example.in", "reset").await;
    let page = visit(&app, &format!("/choose-password?token={token}"), "", None).await;
    assert!(page.html.contains("Choose another password"), "{}", page.html);
    for nothing in ["/choose-password", "/choose-password?token=x", "/verify-email?token=x"] {
        assert_eq!(visit(&app, nothing, "", None).await.status, StatusCode::GONE);
    }
    let token = link_to(&app, "admin@example.in", "verification").await;
    let path = format!("/verify-email?token={token}");
    assert!(visit(&app, &path, "", None).await.html.contains("Yes, this is my address"));
    assert!(visit(&app, &path, "", None).await.html.contains("Yes, this is my address"));
    let done = visit(&app, "/verify-email", "", Some(&[("token", &token)])).await;
    assert!(done.html.contains("is confirmed"), "{}", done.html);
    assert_eq!(visit(&app, &path, "", None).await.status, StatusCode::GONE);
}
