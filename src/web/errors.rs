//! What could not be done, as a page with ways onward.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::page::{Layout, Link, render};
use super::portal::words::Language;
use crate::audit::Call;

/// The heading of a page that was open too long.
const STALE: &str = "The page was out of date";

/// A refusal or a failure, said so that the reader knows what to do next.
#[derive(Debug, Clone, Template)]
#[template(path = "errors/error.html")]
pub struct ErrorPage {
    /// The frame; its title is the heading.
    pub layout: Layout,
    /// The status answered.
    pub status: StatusCode,
    /// What happened and what can be done, in a sentence or two.
    pub detail: String,
    /// What to quote when asking for help.
    pub reference: Option<String>,
    /// Where to go from here.
    pub ways: Vec<Link>,
}

impl ErrorPage {
    /// Not there, or not open to the reader: the same answer for both, so that
    /// nothing is learned of what others have.
    #[must_use]
    pub fn not_found(layout: Layout) -> Self {
        let detail = "There is nothing at this address, or it is not open to you. If someone \
            sent you the link, ask them to add you to the case.";
        Self::new(layout, StatusCode::NOT_FOUND, "Not here, or not open to you", detail)
    }

    /// An action the reader's role does not have; never said of data.
    #[must_use]
    pub fn forbidden(layout: Layout) -> Self {
        let detail = "This is for admins. Ask an admin of your chamber to do it for you.";
        Self::new(layout, StatusCode::FORBIDDEN, "Only an admin can do this", detail)
    }

    /// A form that cannot be taken as sent.
    #[must_use]
    pub fn bad_request(layout: Layout, detail: &str) -> Self {
        Self::new(layout, StatusCode::BAD_REQUEST, "The form could not be read", detail)
    }

    /// A form whose token does not fit the session: stale, or sent from elsewhere.
    #[must_use]
    pub fn stale(layout: Layout) -> Self {
        let detail = "The page had been open too long, so nothing was changed. Go back, reload \
            the page and send it again.";
        Self::new(layout, StatusCode::BAD_REQUEST, STALE, detail)
    }

    /// Something that could not be done, said in the language of the page.
    #[must_use]
    pub fn refused(layout: Layout, detail: &str) -> Self {
        let title = layout.words().refused_title;
        Self::said(layout, StatusCode::BAD_REQUEST, title, detail)
    }

    /// A file over the limit.
    #[must_use]
    pub fn too_large(layout: Layout, max_mib: u64) -> Self {
        let detail = format!(
            "A file may have up to {max_mib} MB. Split it, or save it with smaller page images, \
            and upload the parts."
        );
        Self::new(layout, StatusCode::PAYLOAD_TOO_LARGE, "The file is too large", &detail)
    }

    /// A failure of the service.
    #[must_use]
    pub fn internal(layout: Layout, reference: Option<String>) -> Self {
        let detail = "The service could not do this. Nothing you sent before is lost. Try again \
            in a minute; if it happens again, tell an admin.";
        let mut page =
            Self::new(layout, StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong", detail);
        page.reference = reference.or(page.reference);
        page
    }

    /// A page of its own making, with the usual ways onward.
    #[must_use]
    pub fn new(layout: Layout, status: StatusCode, title: &str, detail: &str) -> Self {
        let (title, detail) = spoken(&layout, status, title, detail);
        Self::said(layout, status, title, detail)
    }

    /// The same, in the words given.
    fn said(mut layout: Layout, status: StatusCode, title: &str, detail: &str) -> Self {
        title.clone_into(&mut layout.title);
        let detail = detail.to_owned();
        let ways = if layout.is_practice() && !layout.may_search() {
            vec![Link::new("Cases", "/cases")]
        } else if layout.is_practice() {
            vec![
                Link::new("Home", "/"),
                Link::new("Your cases", "/cases"),
                Link::new("Search everything", "/search"),
            ]
        } else if layout.person.is_some() {
            vec![Link::new(layout.words().home_title, "/portal")]
        } else {
            vec![Link::new("Sign in", "/sign-in")]
        };
        let failed = status.is_server_error().then(Call::under_way).flatten();
        let reference = failed.map(|call| call.request.to_string());
        Self { layout, status, detail, reference, ways }
    }
}

/// A refusal in the language of its page: as it is in English, and in Hindi what it means
/// for a client. Whose page is in English reads the particulars.
fn spoken<'a>(
    layout: &Layout,
    status: StatusCode,
    title: &'a str,
    detail: &'a str,
) -> (&'a str, &'a str) {
    let words = layout.words();
    match status {
        _ if layout.language == Language::English => (title, detail),
        StatusCode::NOT_FOUND => (words.not_found_title, words.not_found),
        StatusCode::BAD_REQUEST if title == STALE => (words.stale_title, words.stale),
        StatusCode::PAYLOAD_TOO_LARGE => (words.refused_title, words.too_large),
        status if status.is_client_error() => (words.refused_title, words.refused_rest),
        _ => (words.broken_title, words.broken),
    }
}

impl IntoResponse for ErrorPage {
    fn into_response(self) -> Response {
        render(self.status, &self)
    }
}

#[cfg(test)]
mod samples {
    use super::super::page::Area;
    use super::*;
    use crate::kernel::Role;

    impl ErrorPage {
        pub(crate) fn samples() -> Vec<Self> {
            let frame = |role| Layout::sample("Error", Area::Elsewhere, role);
            vec![
                Self::not_found(frame(Role::Advocate)),
                Self::not_found(frame(Role::Client)),
                Self::forbidden(frame(Role::Advocate)),
                Self::stale(frame(Role::Advocate)),
                Self::bad_request(Layout::open("", String::new()), "A field is missing."),
                Self::too_large(frame(Role::Advocate), 500),
                Self::internal(frame(Role::Advocate), Some(String::from("0190-7a"))),
            ]
        }
    }

    #[test]
    fn a_client_who_reads_hindi_is_refused_in_hindi() {
        let layout = Layout::sample("", Area::Elsewhere, Role::Client);
        let page = ErrorPage::not_found(layout.in_language(Language::Hindi));
        assert!(!page.detail.is_ascii() && !page.layout.title.is_ascii());
        // What was refused is not said to have been a page that was open too long.
        let hindi =
            || Layout::sample("", Area::Elsewhere, Role::Client).in_language(Language::Hindi);
        let page = ErrorPage::bad_request(hindi(), "A field is missing.");
        assert!(page.detail != ErrorPage::stale(hindi()).detail && !page.detail.is_ascii());
        assert_eq!(ErrorPage::refused(hindi(), "देर हो गई।").detail, "देर हो गई।");
    }

    #[test]
    fn a_client_is_offered_no_way_into_the_chamber() {
        let page = ErrorPage::not_found(Layout::sample("", Area::Elsewhere, Role::Client));
        assert!(page.ways.iter().all(|way| way.href == "/portal"));
        assert_eq!(page.into_response().status(), StatusCode::NOT_FOUND);
    }
}
