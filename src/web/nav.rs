//! The navigation: what each role has at hand, and the way back.

use super::office;
use super::page::{Area, Layout, Link};
use super::portal::words::{Language, Words, words};
use crate::kernel::Role;

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

/// An entry of the navigation.
pub(super) const fn nav(
    label: &'static str,
    href: &'static str,
    icon: &'static str,
    area: Area,
) -> NavLink {
    NavLink { label, href, icon, area }
}

/// What the chamber's people have most at hand.
static PRACTICE: [NavLink; 5] = [
    nav("Home", "/", "home", Area::Home),
    nav("Cases", "/cases", "folder", Area::Cases),
    nav("Diary", "/diary", "calendar", Area::Diary),
    nav("Search", "/search", "search", Area::Search),
    nav("Ask", "/assistant", "ask", Area::Assistant),
];

/// What they have besides; on a narrow screen it is in the menu.
static MORE: [NavLink; 5] = [
    nav("Clients", "/clients", "people", Area::Clients),
    nav("Time", "/time", "clock", Area::Time),
    nav("Messages", "/messages", "mail", Area::Messages),
    nav("Money", "/money", "chart", Area::Money),
    nav("Chamber", "/admin", "scales", Area::Office),
];

const BOOKS: [NavLink; 4] = [
    nav("Cases", "/cases", "folder", Area::Cases),
    nav("Clients", "/clients", "people", Area::Clients),
    nav("Money", "/money", "chart", Area::Money),
    nav("AI costs", "/admin/costs", "gauge", Area::Costs),
];

/// What clients have at hand, in a language.
const fn shared(words: &'static Words) -> [NavLink; 5] {
    [
        nav(words.nav_home, "/portal", "home", Area::Portal),
        nav(words.nav_documents, "/portal/documents", "folder", Area::PortalDocuments),
        nav(words.nav_requests, "/portal/requests", "upload", Area::PortalRequests),
        nav(words.nav_invoices, "/portal/invoices", "chart", Area::PortalInvoices),
        nav(words.nav_messages, "/portal/messages", "mail", Area::PortalMessages),
    ]
}

static SHARED: [NavLink; 5] = shared(words(Language::English));
static SHARED_HINDI: [NavLink; 5] = shared(words(Language::Hindi));

impl Layout {
    /// The main navigation of the person.
    #[must_use]
    pub fn main_nav(&self) -> &'static [NavLink] {
        match self.person.as_ref().map(|person| person.role) {
            Some(Role::Client) if matches!(self.language, Language::Hindi) => &SHARED_HINDI,
            Some(Role::Client) => &SHARED,
            Some(Role::Billing) => &BOOKS,
            Some(_) => &PRACTICE,
            None => &[],
        }
    }

    /// The rest of the navigation, which a narrow screen has in the menu.
    #[must_use]
    pub fn more_nav(&self) -> &'static [NavLink] {
        match self.person.as_ref().map(|person| person.role) {
            Some(Role::Admin) => &MORE,
            Some(Role::Advocate) => &MORE[..4],
            Some(Role::Staff) => &MORE[..3],
            _ => &[],
        }
    }

    /// The way back from a page for running the chamber; empty on others, and for
    /// whoever does not run it.
    #[must_use]
    pub fn crumbs(&self) -> Vec<Link> {
        let Some(page) = office::link(self.area).filter(|_| self.is_admin()) else {
            return Vec::new();
        };
        let mut crumbs = vec![Link::new("Chamber", "/admin")];
        if page.label != self.title {
            crumbs.push(Link::new(page.label, page.href));
        }
        crumbs
    }

    /// Whether a link leads to where the page is.
    #[must_use]
    pub fn is_at(&self, link: &NavLink) -> bool {
        let inside = link.area == Area::Office && office::link(self.area).is_some();
        self.area == link.area || inside
    }
}
