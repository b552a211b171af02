//! What every page shares: the frame around it and the way it is answered.

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

use super::portal::words::{Language, Words, fill, words};
use super::{assets, nonce};
use crate::kernel::permission::Permissions;
use crate::kernel::{Permission, Role};

/// The content-security policy of every page: everything from this service,
/// nothing inline, no frames. In a response, scripts and styles are further narrowed
/// to those that carry its nonce (`nonce::policy`).
pub const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; \
    frame-ancestors 'none'; font-src 'self'; require-trusted-types-for 'script'; \
    trusted-types 'none'";

/// Where in the service a page is; marks the link in the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Area {
    /// The start page.
    Home,
    /// Cases and what is in them.
    Cases,
    /// What is listed and due.
    Diary,
    /// Clients and conflicts of interest.
    Clients,
    /// Time, fees and expenses.
    Time,
    /// Invoices, payments and reports.
    Money,
    /// Messages of cases.
    Messages,
    /// Search over everything open to the reader.
    Search,
    /// The assistant over everything open to the reader.
    Assistant,
    /// The start page of running the chamber.
    Office,
    /// What the models cost.
    Costs,
    /// Who may sign in.
    Users,
    /// Ethical walls.
    Walls,
    /// What each role may do.
    Permissions,
    /// Mail and text messages on their way out.
    Letters,
    /// How people must sign in.
    SignInRules,
    /// How good search is, and the embedding model.
    Quality,
    /// The language models and their outages.
    Models,
    /// What people think of the answers.
    Feedback,
    /// Consent, exports, erasure, holds and retention.
    Privacy,
    /// What stands on the chamber's papers.
    ChamberDetails,
    /// What work costs.
    Rates,
    /// Court holidays.
    Holidays,
    /// Fields of cases that the chamber made.
    CaseFields,
    /// Other systems that are told of events.
    Webhooks,
    /// Background work.
    Work,
    /// The state of the service.
    System,
    /// Who did what.
    Record,
    /// A client's cases.
    Portal,
    /// The documents shared with a client.
    PortalDocuments,
    /// What the chamber needs from a client, and what they sent.
    PortalRequests,
    /// A client's invoices.
    PortalInvoices,
    /// A client's messages.
    PortalMessages,
    /// A client's consent and copy of their data.
    ClientPrivacy,
    /// What programs can do.
    ApiDocs,
    /// None of these: sign-in, errors, one's own account.
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
    /// The language of the page.
    pub language: Language,
}

impl Layout {
    /// A frame for someone signed in.
    #[must_use]
    pub fn new(title: impl Into<String>, area: Area, person: Person, csrf: String) -> Self {
        let (title, person) = (title.into(), Some(person));
        let language = Language::English;
        Self { title, person, area, csrf, notices: Vec::new(), flash: None, language }
    }

    /// A frame for nobody in particular.
    #[must_use]
    pub fn open(title: impl Into<String>, csrf: String) -> Self {
        let (title, area) = (title.into(), Area::Elsewhere);
        let language = Language::English;
        Self { title, person: None, area, csrf, notices: Vec::new(), flash: None, language }
    }

    /// The same frame in a language.
    #[must_use]
    pub const fn in_language(mut self, language: Language) -> Self {
        self.language = language;
        self
    }

    /// The language of the page, as a BCP 47 tag.
    #[must_use]
    pub const fn lang(&self) -> &'static str {
        self.language.as_str()
    }

    /// The words of the frame in that language.
    #[must_use]
    pub const fn words(&self) -> &'static Words {
        words(self.language)
    }

    /// What the menu of the person is called.
    #[must_use]
    pub fn menu_label(&self) -> String {
        let name = self.person.as_ref().map_or("", |person| person.name.as_str());
        fill(self.words().menu_of, name)
    }

    /// Links to the page's portal in the other language, for who does not read this one.
    #[must_use]
    pub const fn other_language(&self) -> Language {
        match self.language {
            Language::English => Language::Hindi,
            Language::Hindi => Language::English,
        }
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

    /// The nonce of the response, for its own script and style tags.
    #[must_use]
    pub fn nonce(&self) -> String {
        nonce::nonce()
    }

    /// Whether an admin is signed in.
    #[must_use]
    pub fn is_admin(&self) -> bool {
        self.person.as_ref().is_some_and(|person| person.role == Role::Admin)
    }

    /// Whether the person may search, and ask.
    #[must_use]
    pub fn may_search(&self) -> bool {
        self.may(Permission::Search)
    }

    /// Whether the person may open cases.
    #[must_use]
    pub fn may_open_cases(&self) -> bool {
        self.may(Permission::OpenCases)
    }

    fn may(&self, permission: Permission) -> bool {
        let role = self.person.as_ref().map(|person| person.role);
        role.is_some_and(|role| Permissions::of(role).has(permission))
    }

    /// Whether the person keeps the books or runs the chamber.
    #[must_use]
    pub fn is_books(&self) -> bool {
        self.may(Permission::KeepBooks)
    }

    /// Whether the person sees the team's time and the fees to be confirmed.
    #[must_use]
    pub fn sees_money(&self) -> bool {
        self.may(Permission::ReadBilling)
    }

    /// Whether the person says what work costs.
    #[must_use]
    pub fn sets_rates(&self) -> bool {
        self.may(Permission::SetRates)
    }

    /// Whether someone of the chamber is signed in.
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
    if let Ok(policy) = HeaderValue::from_str(&nonce::policy()) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

const HEADERS: [(header::HeaderName, &str); 3] = [
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
