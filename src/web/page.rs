//! What every page shares: the frame around it and the way it is answered.

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

use super::assets;
use crate::kernel::Role;

/// The content-security policy of every page: everything from this service,
/// nothing inline, no frames.
pub const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; \
    frame-ancestors 'none'; font-src 'self'";

/// Where in the service a page is; marks the link in the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Area {
    /// The start page.
    Home,
    /// Cases and what is in them.
    Cases,
    /// Search over everything open to the reader.
    Search,
    /// The assistant over everything open to the reader.
    Assistant,
    /// What the models cost.
    Costs,
    /// Who may sign in.
    Users,
    /// How good search is, and the embedding model.
    Quality,
    /// Background work.
    Work,
    /// The state of the service.
    System,
    /// The documents shared with a client.
    Portal,
    /// None of these: sign-in, errors, the API.
    Elsewhere,
}

/// Who is signed in.
#[derive(Debug, Clone)]
pub struct Person {
    /// The name shown in the menu.
    pub name: String,
    /// What they are; decides the navigation.
    pub role: Role,
    /// The chamber or firm.
    pub organisation: String,
}

/// A part of the service that is missing or down, said on every page it touches.
#[derive(Debug, Clone)]
pub struct Notice {
    /// What is missing and what that means for the reader, in one sentence or two.
    pub text: String,
    /// Where to read more; usually the system page, for admins.
    pub link: Option<Link>,
}

/// What became of a form just sent.
#[derive(Debug, Clone)]
pub struct Flash {
    /// Whether it was done.
    pub done: bool,
    /// What was done, or why it was not.
    pub text: String,
}

/// A labelled link.
#[derive(Debug, Clone)]
pub struct Link {
    /// The words.
    pub label: String,
    /// The address.
    pub href: String,
}

impl Link {
    /// A link with these words to this address.
    pub fn new(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self { label: label.into(), href: href.into() }
    }
}

/// An entry of the navigation.
#[derive(Debug, Clone, Copy)]
pub struct NavLink {
    /// The word.
    pub label: &'static str,
    /// The address.
    pub href: &'static str,
    /// The symbol in `templates/parts/icons.html`.
    pub icon: &'static str,
    /// The area it leads to.
    pub area: Area,
}

/// The frame of a page.
#[derive(Debug, Clone)]
pub struct Layout {
    /// The title in the browser's tab.
    pub title: String,
    /// Who is signed in; nobody on the way in.
    pub person: Option<Person>,
    /// Where the page is.
    pub area: Area,
    /// The token every form sends back.
    pub csrf: String,
    /// Missing parts.
    pub notices: Vec<Notice>,
    /// What became of the form just sent.
    pub flash: Option<Flash>,
}

const fn nav(label: &'static str, href: &'static str, icon: &'static str, area: Area) -> NavLink {
    NavLink { label, href, icon, area }
}

const PRACTICE: [NavLink; 4] = [
    nav("Home", "/", "home", Area::Home),
    nav("Cases", "/cases", "folder", Area::Cases),
    nav("Search", "/search", "search", Area::Search),
    nav("Ask", "/assistant", "ask", Area::Assistant),
];

const OFFICE: [NavLink; 5] = [
    nav("AI costs", "/admin/costs", "chart", Area::Costs),
    nav("Users", "/admin/users", "people", Area::Users),
    nav("Search quality", "/admin/search-quality", "check", Area::Quality),
    nav("Background work", "/admin/work", "clock", Area::Work),
    nav("System", "/admin/system", "gauge", Area::System),
];

const SHARED: [NavLink; 1] = [nav("Documents", "/portal", "folder", Area::Portal)];

impl Layout {
    /// A frame for someone signed in.
    #[must_use]
    pub fn new(title: impl Into<String>, area: Area, person: Person, csrf: String) -> Self {
        let (title, person) = (title.into(), Some(person));
        Self { title, person, area, csrf, notices: Vec::new(), flash: None }
    }

    /// A frame for nobody in particular.
    #[must_use]
    pub fn open(title: impl Into<String>, csrf: String) -> Self {
        let (title, area) = (title.into(), Area::Elsewhere);
        Self { title, person: None, area, csrf, notices: Vec::new(), flash: None }
    }

    /// The same frame with notices of missing parts.
    #[must_use]
    pub fn with_notices(mut self, notices: Vec<Notice>) -> Self {
        self.notices = notices;
        self
    }

    /// The same frame with the outcome of a form.
    #[must_use]
    pub fn with_flash(mut self, flash: Option<Flash>) -> Self {
        self.flash = flash;
        self
    }

    /// The address of an embedded file.
    #[must_use]
    pub fn asset(&self, path: &str) -> String {
        assets::url(path)
    }

    /// The main navigation of the person.
    #[must_use]
    pub fn main_nav(&self) -> &'static [NavLink] {
        match self.person.as_ref().map(|person| person.role) {
            Some(Role::Client) => &SHARED,
            Some(_) => &PRACTICE,
            None => &[],
        }
    }

    /// The navigation for running the chamber; empty unless an admin is signed in.
    #[must_use]
    pub fn office_nav(&self) -> &'static [NavLink] {
        if self.is_admin() { &OFFICE } else { &[] }
    }

    /// Whether a link leads to where the page is.
    #[must_use]
    pub fn is_at(&self, link: &NavLink) -> bool {
        self.area == link.area
    }

    /// Whether an admin is signed in.
    #[must_use]
    pub fn is_admin(&self) -> bool {
        self.person.as_ref().is_some_and(|person| person.role == Role::Admin)
    }

    /// Whether someone of the chamber is signed in: search and the assistant are theirs.
    #[must_use]
    pub fn is_practice(&self) -> bool {
        self.person.as_ref().is_some_and(|person| person.role != Role::Client)
    }
}

/// Renders a page into a response, with the headers every page carries.
///
/// Pages are not stored: the back button on a shared machine must not show a
/// file after its reader has signed out.
pub fn render(status: StatusCode, page: &impl Template) -> Response {
    let mut response = match page.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "a page failed to render");
            (StatusCode::INTERNAL_SERVER_ERROR, Html(BROKEN)).into_response()
        }
    };
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

const HEADERS: [(header::HeaderName, &str); 4] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::CACHE_CONTROL, "no-store"),
    (header::REFERRER_POLICY, "same-origin"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
];

/// Shown when even the error page would fail.
const BROKEN: &str = "<!doctype html><html lang=en><title>Something went wrong</title>\
    <h1>Something went wrong</h1><p>The page could not be shown. \
    <a href=\"/\">Go to the start page</a>.";

/// Lets handlers return a page struct as it is.
macro_rules! pages {
    ($($page:ty),+ $(,)?) => {$(
        impl axum::response::IntoResponse for $page {
            fn into_response(self) -> axum::response::Response {
                $crate::web::page::render(axum::http::StatusCode::OK, &self)
            }
        }
    )+};
}
pub(crate) use pages;

#[cfg(test)]
impl Layout {
    /// The frame of a sample page.
    pub(crate) fn sample(title: &str, area: Area, role: Role) -> Self {
        let organisation = String::from("Rao & Mehta, Advocates");
        let person = Person { name: String::from("Anjali Mehta"), role, organisation };
        Self::new(title, area, person, String::from("sample-token"))
    }
}
