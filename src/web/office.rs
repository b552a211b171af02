//! Running the chamber: every page for it, in groups, with what it is for.

use askama::Template;

use super::nav::{NavLink, nav};
use super::page::{Area, Layout, pages};

/// Pages that belong together.
#[derive(Debug, Clone, Copy)]
pub struct Group {
    /// What they are about.
    pub title: &'static str,
    /// The pages, and what each is for in one sentence.
    pub links: &'static [(NavLink, &'static str)],
}

/// The groups, in the order they are shown.
pub const GROUPS: [Group; 5] = [
    Group {
        title: "People and access",
        links: &[
            (
                nav("People", "/admin/users", "people", Area::Users),
                "Invite people, help them back in, switch accounts off.",
            ),
            (
                nav("Sign-in rules", "/admin/sign-in", "key", Area::SignInRules),
                "Which roles need a second factor, and who has one.",
            ),
            (
                nav("Ethical walls", "/admin/walls", "wall", Area::Walls),
                "Keep a person or a group out of a case or client.",
            ),
            (
                nav("Permissions", "/admin/permissions", "check", Area::Permissions),
                "What each role may do.",
            ),
        ],
    },
    Group {
        title: "Record and personal data",
        links: &[
            (
                nav("Record", "/admin/record", "page", Area::Record),
                "Who did what and when; check it, filter it, download it.",
            ),
            (
                nav("Data protection", "/admin/privacy", "shield", Area::Privacy),
                "Consent, copies of data, retention, legal holds, erasure.",
            ),
            (
                nav("Letters", "/admin/letters", "mail", Area::Letters),
                "Invitations, links and codes on their way out.",
            ),
        ],
    },
    Group {
        title: "Search and AI",
        links: &[
            (
                nav("Search quality", "/admin/search-quality", "search", Area::Quality),
                "Measure search on your own questions; change its model.",
            ),
            (
                nav("Language models", "/admin/models", "ask", Area::Models),
                "What answers now, how each model does, and what failed.",
            ),
            (
                nav("AI costs", "/admin/costs", "chart", Area::Costs),
                "What the models cost, by month, case and person.",
            ),
            (
                nav("Feedback", "/admin/feedback", "check", Area::Feedback),
                "Which answers helped, which did not, and why.",
            ),
        ],
    },
    Group {
        title: "Practice",
        links: &[
            (
                nav("Chamber details", "/admin/chamber", "scales", Area::ChamberDetails),
                "Name, address, GSTIN, bank and UPI, as they stand on invoices.",
            ),
            (
                nav("Rates", "/admin/rates", "clock", Area::Rates),
                "What an hour or an appearance costs, by person, client and case.",
            ),
            (
                nav("Court holidays", "/admin/holidays", "calendar", Area::Holidays),
                "The days courts are closed, which limitation looks at.",
            ),
            (
                nav("Case fields", "/admin/fields", "folder", Area::CaseFields),
                "Fields of your own on every case.",
            ),
            (
                nav("Webhooks", "/admin/webhooks", "code", Area::Webhooks),
                "Tell other systems of what happens, and what they were told.",
            ),
        ],
    },
    Group {
        title: "The service",
        links: &[
            (
                nav("System", "/admin/system", "gauge", Area::System),
                "Which parts work, and what is missing.",
            ),
            (
                nav("Background work", "/admin/work", "clock", Area::Work),
                "What is being read or indexed, and what failed.",
            ),
            (
                nav("API", "/api/docs", "code", Area::ApiDocs),
                "Every operation for programs of your own.",
            ),
        ],
    },
];

/// The page an area is, if it is one of these.
#[must_use]
pub fn link(area: Area) -> Option<NavLink> {
    let mut links = GROUPS.iter().flat_map(|group| group.links);
    links.find(|(link, _)| link.area == area).map(|(link, _)| *link)
}

/// The start page of running the chamber.
#[derive(Debug, Clone, Template)]
#[template(path = "admin/office.html")]
pub struct OfficePage {
    /// The frame.
    pub layout: Layout,
    /// The pages.
    pub groups: &'static [Group],
    /// How many letters could not be delivered and wait for somebody.
    pub failed_letters: u64,
}

pages!(OfficePage);

impl OfficePage {
    /// The page in a frame.
    #[must_use]
    pub fn new(layout: Layout, failed_letters: u64) -> Self {
        Self { layout, groups: &GROUPS, failed_letters }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Role;

    impl OfficePage {
        pub(crate) fn sample() -> Self {
            Self::new(Layout::sample("Chamber", Area::Office, Role::Admin), 2)
        }
    }

    #[test]
    fn a_page_for_running_the_chamber_tells_where_it_belongs() {
        let at = |title: &str, area, role| {
            let crumbs = Layout::sample(title, area, role).crumbs();
            crumbs.into_iter().map(|crumb| crumb.href).collect::<Vec<_>>()
        };
        assert_eq!(at("Record", Area::Record, Role::Admin), ["/admin"]);
        assert_eq!(at("Letter", Area::Letters, Role::Admin), ["/admin", "/admin/letters"]);
        assert!(at("AI costs", Area::Costs, Role::Billing).is_empty());
        assert!(at("Home", Area::Home, Role::Admin).is_empty());
        assert!(at("Chamber", Area::Office, Role::Admin).is_empty());
    }
}
