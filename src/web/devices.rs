//! One's own account: where one is signed in, and personal API tokens.

use askama::Template;

use super::page::{Layout, pages};
use super::parts::{Choice, Field};
use super::show::Moment;
use crate::kernel::{ApiTokenId, SessionId};

/// Where the reader is signed in.
#[derive(Debug, Clone, Template)]
#[template(path = "devices/devices.html")]
pub struct DevicesPage {
    /// The frame.
    pub layout: Layout,
    /// The devices, most recently used first.
    pub devices: Vec<DeviceRow>,
}

/// Somewhere the reader is signed in.
#[derive(Debug, Clone)]
pub struct DeviceRow {
    /// The session.
    pub id: SessionId,
    /// Whether it is the one the page is read in.
    pub is_this: bool,
    /// The browser and system, in words.
    pub what: String,
    /// Whether it is a program that uses the API.
    pub is_program: bool,
    /// Where the address is, in words.
    pub place: &'static str,
    /// The address it was last used from.
    pub address: String,
    /// When it signed in.
    pub since: Moment,
    /// When it was last used.
    pub last_used: Moment,
}

/// The reader's personal API tokens.
#[derive(Debug, Clone, Template)]
#[template(path = "devices/tokens.html")]
pub struct TokensPage {
    /// The frame.
    pub layout: Layout,
    /// The tokens, newest first.
    pub tokens: Vec<TokenRow>,
    /// The token just made; shown this once.
    pub made: Option<String>,
    /// Why none was made.
    pub problem: Option<String>,
    /// The form: what it will be called.
    pub name: Field,
    /// How many days it will last.
    pub days: Field,
    /// The most days it can last.
    pub longest: u32,
    /// What it can be for; the form sends `scope`.
    pub scopes: Vec<Choice>,
}

/// A personal API token.
#[derive(Debug, Clone)]
pub struct TokenRow {
    /// Which.
    pub id: ApiTokenId,
    /// What it is called.
    pub name: String,
    /// What it is for, in words.
    pub scopes: String,
    /// Whether its time is over.
    pub ended: bool,
    /// When it ends or ended.
    pub expires: Moment,
    /// When it was last used.
    pub last_used: Option<Moment>,
    /// From which address.
    pub address: Option<String>,
}

pages!(DevicesPage, TokensPage);

#[cfg(test)]
mod samples {
    use super::super::page::Area;
    use super::super::parts::samples::{id, moment, text};
    use super::*;
    use crate::kernel::Role;

    impl DevicesPage {
        pub(crate) fn sample() -> Self {
            let row = |number, what: &str, is_program, place, address: &str| DeviceRow {
                id: id(number),
                is_this: number == 61,
                what: text(what),
                is_program,
                place,
                address: text(address),
                since: moment(-400),
                last_used: moment(-3),
            };
            Self {
                layout: Layout::sample("Devices", Area::Elsewhere, Role::Advocate),
                devices: vec![
                    row(
                        61,
                        "Firefox on Windows",
                        false,
                        "the network you are in now",
                        "203.0.113.7",
                    ),
                    row(62, "Safari on iPhone", false, "another network", "198.51.100.23"),
                    row(63, "curl", true, "the local network", "192.168.1.20"),
                ],
            }
        }
    }

    impl TokensPage {
        pub(crate) fn sample() -> Self {
            Self {
                layout: Layout::sample("API tokens", Area::Elsewhere, Role::Advocate),
                tokens: vec![
                    TokenRow {
                        id: id(64),
                        name: text("Cause list <script>"),
                        scopes: text("Search"),
                        ended: false,
                        expires: moment(60 * 24 * 80),
                        last_used: Some(moment(-20)),
                        address: Some(text("203.0.113.7")),
                    },
                    TokenRow {
                        id: id(65),
                        name: text("Old import"),
                        scopes: text("Add and change"),
                        ended: true,
                        expires: moment(-60 * 24),
                        last_used: None,
                        address: None,
                    },
                ],
                made: Some(format!("mun_{}", "0".repeat(72))),
                problem: None,
                name: Field::default(),
                days: Field::of("90"),
                longest: 365,
                scopes: vec![
                    Choice { value: text("read"), label: text("Look at cases"), chosen: true },
                    Choice { value: text("ask"), label: text("Ask the assistant"), chosen: false },
                ],
            }
        }

        pub(crate) fn sample_empty() -> Self {
            let problem = Some(text("An API token lasts from 1 to 365 days."));
            Self { tokens: Vec::new(), made: None, problem, ..Self::sample() }
        }
    }
}
