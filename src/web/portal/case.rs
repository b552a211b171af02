//! A case as its client reads it.

use askama::Template;

use super::deliver::NeededRow;
use super::documents::SharedRow;
use super::words::Words;
use crate::kernel::CaseId;
use crate::web::cases::CaseTabs;
use crate::web::page::Layout;

/// A case, for its client.
#[derive(Debug, Clone, Template)]
#[template(path = "portal/case.html")]
pub struct PortalCasePage {
    /// The frame.
    pub layout: Layout,
    /// The title.
    pub title: String,
    /// What is shown.
    pub body: CaseBody,
}

/// The same for those of the chamber, before or while it is shown.
#[derive(Debug, Clone, Template)]
#[template(path = "portal/preview.html")]
pub struct PortalPreviewPage {
    /// The frame.
    pub layout: Layout,
    /// The pages of the case.
    pub tabs: CaseTabs,
    /// Whether the client sees it now.
    pub shown: bool,
    /// What is shown.
    pub body: CaseBody,
}

/// What is shown of a case.
#[derive(Debug, Clone)]
pub struct CaseBody {
    /// Which.
    pub id: CaseId,
    /// What the page says beside its contents.
    pub words: &'static Words,
    /// The tag of the language of those words.
    pub lang: &'static str,
    /// Its court's number.
    pub number: Option<String>,
    /// The court.
    pub court: Option<String>,
    /// Whether it has ended.
    pub closed: bool,
    /// The last day in court, and how it went.
    pub last: Option<(String, String)>,
    /// The next.
    pub next: Option<String>,
    /// What is needed.
    pub needed: Vec<NeededRow>,
    /// What was needed and is done.
    pub done: Vec<NeededRow>,
    /// News, the latest first.
    pub news: Vec<NewsRow>,
    /// Documents shared of it.
    pub documents: Vec<SharedRow>,
    /// Whether links and forms lead on; not in a preview.
    pub live: bool,
}

/// News as a client reads it.
#[derive(Debug, Clone)]
pub struct NewsRow {
    /// The text in the reader's language, or else in the other.
    pub text: String,
    /// The tag of the language it is in.
    pub lang: &'static str,
    /// Whether it is in the other language.
    pub other: bool,
    /// Who approved it, and when.
    pub by: String,
    /// The day.
    pub on: String,
}

impl NewsRow {
    /// The paragraphs of the text.
    pub fn paragraphs(&self) -> impl Iterator<Item = &str> {
        self.text.split("\n\n").map(str::trim).filter(|text| !text.is_empty())
    }
}

#[cfg(test)]
mod samples {
    use super::super::samples::{in_hindi, layout};
    use super::super::words::{Language, words};
    use super::*;
    use crate::kernel::Role;
    use crate::web::cases::CaseTab;
    use crate::web::page::Area;
    use crate::web::parts::samples::{case, id, text};

    impl CaseBody {
        pub(crate) fn sample(language: Language) -> Self {
            Self {
                id: id(1),
                words: words(language),
                lang: language.as_str(),
                number: Some(text("W.P.(C) 1234/2023")),
                court: Some(text("High Court of Delhi")),
                closed: false,
                last: Some((text("14 July 2026"), text("The court heard your case."))),
                next: Some(text("3 August 2026, High Court of Delhi")),
                needed: vec![NeededRow::sample()],
                done: vec![NeededRow::sample_done()],
                news: vec![NewsRow {
                    text: text("The court asked the other side to answer.\n\nNothing for you."),
                    lang: "en",
                    other: language == Language::Hindi,
                    by: text("Anjali Mehta, advocate"),
                    on: text("15 July 2026"),
                }],
                documents: vec![SharedRow::sample()],
                live: true,
            }
        }
    }

    impl PortalCasePage {
        pub(crate) fn sample() -> Self {
            let body = CaseBody::sample(Language::English);
            Self { layout: layout(&case().title, Area::Portal), title: case().title, body }
        }

        pub(crate) fn sample_hindi() -> Self {
            let page = Self::sample();
            let body = CaseBody::sample(Language::Hindi);
            Self { layout: in_hindi(&page.layout), body, ..page }
        }

        pub(crate) fn sample_empty() -> Self {
            let body = CaseBody {
                last: None,
                next: None,
                needed: Vec::new(),
                done: Vec::new(),
                news: Vec::new(),
                documents: Vec::new(),
                ..CaseBody::sample(Language::English)
            };
            Self { body, ..Self::sample() }
        }
    }

    impl PortalPreviewPage {
        pub(crate) fn sample() -> Self {
            Self {
                layout: Layout::sample("What the client sees", Area::Cases, Role::Advocate),
                tabs: CaseTabs::sample(CaseTab::Portal),
                shown: false,
                body: CaseBody { live: false, ..CaseBody::sample(Language::Hindi) },
            }
        }
    }
}
