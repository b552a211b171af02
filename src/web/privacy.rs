//! Protecting personal data: what admins do, and what clients are asked.

use askama::Template;

use super::page::{Layout, pages};
use super::parts::Choice;
use super::show::Moment;

/// Consent, exports, erasure, legal holds and retention.
#[derive(Debug, Clone, Template)]
#[template(path = "privacy/office.html")]
pub struct PrivacyPage {
    /// The frame.
    pub layout: Layout,
    /// Clients, cases and people that can be erased; the form sends `subject`.
    pub erasable: Vec<Choice>,
    /// Clients and people an export can be made of.
    pub exportable: Vec<Choice>,
    /// Clients and cases a hold can be placed on.
    pub holdable: Vec<Choice>,
    /// Cases, for the form of retention.
    pub cases: Vec<Choice>,
    /// Clients, for the form of consent.
    pub clients: Vec<Choice>,
    /// Wordings, for the same form.
    pub wordings: Vec<Choice>,
    /// Erasures, newest first.
    pub erasures: Vec<ErasureRow>,
    /// Exports, newest first.
    pub exports: Vec<ExportRow>,
    /// Legal holds; those that stand first.
    pub holds: Vec<HoldRow>,
    /// Consents, newest first.
    pub consents: Vec<ConsentRow>,
    /// Retention rules, the first due first.
    pub rules: Vec<RuleRow>,
}

/// An erasure in the list.
#[derive(Debug, Clone)]
pub struct ErasureRow {
    /// Its id.
    pub id: String,
    /// What was erased, in a word.
    pub what: String,
    /// When it was asked for.
    pub asked: Moment,
    /// How it stands, in words.
    pub status: String,
}

/// An export in the list.
#[derive(Debug, Clone)]
pub struct ExportRow {
    /// Its id.
    pub id: String,
    /// Of whom it is, for admins.
    pub of: Option<String>,
    /// When it was asked for.
    pub asked: Moment,
    /// How it stands, in words.
    pub status: String,
    /// Whether it can be fetched.
    pub is_done: bool,
    /// Until when.
    pub until: Moment,
}

/// A legal hold in the list.
#[derive(Debug, Clone)]
pub struct HoldRow {
    /// Its id.
    pub id: String,
    /// What it is on.
    pub name: String,
    /// Why.
    pub reason: String,
    /// Since when.
    pub placed: Moment,
    /// When and why it was lifted.
    pub lifted: Option<(Moment, String)>,
}

/// A consent in the list.
#[derive(Debug, Clone)]
pub struct ConsentRow {
    /// Its id.
    pub id: String,
    /// Whose.
    pub client: String,
    /// To which wording: `en 2`.
    pub wording: String,
    /// How, in words.
    pub how: String,
    /// When.
    pub given: Moment,
    /// When it was withdrawn.
    pub withdrawn: Option<Moment>,
}

/// A retention rule in the list.
#[derive(Debug, Clone)]
pub struct RuleRow {
    /// The case, as the form of erasure sends it.
    pub subject: String,
    /// How it is called.
    pub title: String,
    /// The day it ended.
    pub ended_on: String,
    /// How many years it is kept.
    pub years: i64,
    /// How many documents it has.
    pub documents: u64,
    /// The first day on which it may be erased.
    pub from: String,
    /// Whether that day has come.
    pub is_due: bool,
    /// Why it must be kept all the same.
    pub held: Option<String>,
}

/// What an erasure would remove, and the form that confirms it.
#[derive(Debug, Clone, Template)]
#[template(path = "privacy/erase.html")]
pub struct ErasePage {
    /// The frame.
    pub layout: Layout,
    /// What it is, as the form sends it.
    pub subject: String,
    /// Its kind, in a word.
    pub kind: String,
    /// The document it is, if it is one: where the way back leads.
    pub document: Option<String>,
    /// Its name, to be typed.
    pub name: String,
    /// Why it must not be erased.
    pub held: Option<String>,
    /// What would go: words and numbers.
    pub counts: Vec<(String, u64)>,
    /// The books that would stay: words and numbers.
    pub kept: Vec<(String, u64)>,
    /// What was wrong with what was typed.
    pub problem: Option<String>,
}

/// A certificate, to be read or printed.
#[derive(Debug, Clone, Template)]
#[template(path = "privacy/certificate.html")]
pub struct CertificatePage {
    /// The frame.
    pub layout: Layout,
    /// The erasure.
    pub id: String,
    /// How it stands, in words.
    pub status: String,
    /// Whether it is still under way.
    pub is_running: bool,
    /// The kind of what was erased, in a word.
    pub kind: String,
    /// The id it had.
    pub subject: String,
    /// By whom: a name, or an id when they are gone.
    pub asked_by: String,
    /// When it was asked for.
    pub asked: Moment,
    /// When it was done.
    pub done: Option<Moment>,
    /// What was removed: words and numbers.
    pub removed: Vec<(String, u64)>,
    /// The books that stay: words and numbers.
    pub kept: Vec<(String, u64)>,
    /// What was looked into, in how many places, and what was found.
    pub probes: Vec<(String, u64, u64)>,
    /// Where others' records still hold the name.
    pub mentions: Vec<(String, u64)>,
    /// The SHA-256 of the certificate.
    pub hash: Option<String>,
}

/// What a client is asked to agree to, what they agreed to, and their export.
#[derive(Debug, Clone, Template)]
#[template(path = "privacy/client.html")]
pub struct ClientPrivacyPage {
    /// The frame.
    pub layout: Layout,
    /// The wordings they can agree to: id, language and text.
    pub asked: Vec<(String, String, String)>,
    /// What they agreed to.
    pub consents: Vec<GivenRow>,
    /// Copies of their data.
    pub exports: Vec<CopyRow>,
}

/// A consent, in the words of the client who gave it.
#[derive(Debug, Clone)]
pub struct GivenRow {
    /// Its id.
    pub id: String,
    /// To which wording.
    pub name: String,
    /// How it was given.
    pub how: &'static str,
    /// The day.
    pub given: String,
    /// That it was withdrawn, and when.
    pub withdrawn: Option<String>,
}

/// A copy of a client's data, in their words.
#[derive(Debug, Clone)]
pub struct CopyRow {
    /// Its id.
    pub id: String,
    /// The day it was asked for.
    pub asked: String,
    /// How it stands.
    pub status: String,
    /// Whether it can be fetched.
    pub is_done: bool,
}

impl PrivacyPage {
    /// How many cases have a rule and may go now: due, and not held.
    #[must_use]
    pub fn due(&self) -> usize {
        self.rules.iter().filter(|rule| rule.is_due && rule.held.is_none()).count()
    }

    /// How many cases no rule speaks of.
    #[must_use]
    pub fn without_rule(&self) -> usize {
        self.cases.len().saturating_sub(self.rules.len())
    }
}

impl CertificatePage {
    /// Whether nothing was found afterwards.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.probes.iter().all(|(_, _, found)| *found == 0)
    }
}

pages!(PrivacyPage, ErasePage, CertificatePage, ClientPrivacyPage);

#[cfg(test)]
mod samples {
    use super::super::page::Area;
    use super::super::parts::samples::{moment, text};
    use super::*;
    use crate::kernel::Role;
    use crate::portal::Language;

    fn choice(value: &str, label: &str) -> Vec<Choice> {
        vec![Choice { value: text(value), label: text(label), chosen: false }]
    }

    fn export() -> ExportRow {
        ExportRow {
            id: text("7"),
            of: Some(text("Asha Rao")),
            asked: moment(-90),
            status: text("ready"),
            is_done: true,
            until: moment(9000),
        }
    }

    fn consent() -> ConsentRow {
        ConsentRow {
            id: text("8"),
            client: text("Asha Rao"),
            wording: text("en 2"),
            how: text("in the portal"),
            given: moment(-900),
            withdrawn: None,
        }
    }

    impl PrivacyPage {
        pub(crate) fn sample() -> Self {
            Self {
                layout: Layout::sample("Data protection", Area::Privacy, Role::Admin),
                erasable: choice("client:1", "Client: Asha Rao"),
                exportable: choice("client:1", "Client: Asha Rao"),
                holdable: choice("case:2", "Case: Rao v. State"),
                cases: choice("2", "Rao v. State"),
                clients: choice("1", "Asha Rao"),
                wordings: choice("3", "en 2"),
                erasures: vec![ErasureRow {
                    id: text("4"),
                    what: text("case"),
                    asked: moment(-60),
                    status: text("done"),
                }],
                exports: vec![export()],
                holds: vec![HoldRow {
                    id: text("5"),
                    name: text("Rao v. State"),
                    reason: text("Appeal pending"),
                    placed: moment(-600),
                    lifted: None,
                }],
                consents: vec![consent()],
                rules: vec![RuleRow {
                    subject: text("case:2"),
                    title: text("Rao v. State"),
                    ended_on: text("1 Mar 2015"),
                    years: 8,
                    documents: 4,
                    from: text("1 Mar 2023"),
                    is_due: true,
                    held: None,
                }],
            }
        }
    }

    impl ErasePage {
        pub(crate) fn sample() -> Self {
            Self {
                layout: Layout::sample("Erase", Area::Privacy, Role::Admin),
                subject: text("case:2"),
                kind: text("case"),
                document: None,
                name: text("Rao v. State"),
                held: None,
                counts: vec![(text("documents"), 4)],
                kept: vec![(text("Invoices"), 1)],
                problem: Some(text("Type the name exactly as it is shown.")),
            }
        }
    }

    impl CertificatePage {
        pub(crate) fn sample() -> Self {
            Self {
                layout: Layout::sample("Certificate of erasure", Area::Privacy, Role::Admin),
                id: text("4"),
                status: text("done"),
                is_running: false,
                kind: text("case"),
                subject: text("01900000"),
                asked_by: text("Anjali Mehta"),
                asked: moment(-60),
                done: Some(moment(-50)),
                removed: vec![(text("documents"), 4)],
                kept: vec![(text("Invoices"), 1)],
                probes: vec![(text("full-text index"), 4, 0)],
                mentions: Vec::new(),
                hash: Some(text("0f3a")),
            }
        }
    }

    impl ClientPrivacyPage {
        pub(crate) fn sample() -> Self {
            Self {
                layout: Layout::sample("Your data", Area::ClientPrivacy, Role::Client),
                asked: vec![(text("3"), text("en"), text("We keep your papers."))],
                consents: vec![GivenRow {
                    id: text("4"),
                    name: text("Wording en 2"),
                    how: "on paper",
                    given: text("3 November 2026"),
                    withdrawn: None,
                }],
                exports: vec![CopyRow {
                    id: text("5"),
                    asked: text("3 November 2026"),
                    status: text("ready until 10 November 2026"),
                    is_done: true,
                }],
            }
        }

        pub(crate) fn sample_hindi() -> Self {
            let page = Self::sample();
            Self { layout: page.layout.clone().in_language(Language::Hindi), ..page }
        }
    }
}
