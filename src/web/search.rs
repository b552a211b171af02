//! Search results, over everything open to the reader or inside one case.

use askama::Template;

use super::page::{Layout, pages};
use super::parts::{CaseRef, DocumentRef, Piece, Place};
use super::show::counted;

/// Search results; also the empty search page.
#[derive(Debug, Clone, Template)]
#[template(path = "search/results.html")]
pub struct SearchPage {
    /// The frame.
    pub layout: Layout,
    /// The case searched, when it is one.
    pub case: Option<CaseRef>,
    /// What was typed; empty before the first search.
    pub query: String,
    /// How it was read, in plain words, without "searched for".
    pub reading: Option<String>,
    /// What part of search is missing, such as search by meaning.
    pub notice: Option<String>,
    /// Documents found in all.
    pub total: u64,
    /// Milliseconds taken.
    pub took_ms: u64,
    /// What the results can be narrowed by.
    pub facets: Vec<Facet>,
    /// The documents found, the best first.
    pub hits: Vec<Hit>,
    /// The address of the next page of results.
    pub next: Option<String>,
}

/// A property results can be narrowed by.
#[derive(Debug, Clone)]
pub struct Facet {
    /// Its name: `Court`.
    pub name: String,
    /// Its values with their counts.
    pub values: Vec<FacetValue>,
}

/// A value of a facet.
#[derive(Debug, Clone)]
pub struct FacetValue {
    /// The words.
    pub label: String,
    /// Documents with it.
    pub count: u64,
    /// The search with this value put on, or taken off when it is on.
    pub href: String,
    /// Whether it is on.
    pub on: bool,
}

/// A document found, with the passages that matched.
#[derive(Debug, Clone)]
pub struct Hit {
    /// The document.
    pub document: DocumentRef,
    /// Its case.
    pub case: CaseRef,
    /// What kind of file it is.
    pub kind: String,
    /// Where the title leads: the best passage.
    pub href: String,
    /// The best passages, the best first.
    pub passages: Vec<HitPassage>,
    /// Matching passages not listed.
    pub more: u64,
}

/// A passage that matched.
#[derive(Debug, Clone)]
pub struct HitPassage {
    /// Where it is.
    pub place: Place,
    /// The heading or paragraph it stands under.
    pub heading: Option<String>,
    /// Its text, marked.
    pub snippet: Vec<Piece>,
    /// Why it matched.
    pub why: Why,
}

/// Why a passage matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// It holds the words.
    Words,
    /// It says something close.
    Meaning,
    /// Both.
    Both,
    /// It holds the old or new number of the section asked for.
    Crosswalk,
}

impl Why {
    /// The reason in a few words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Words => "your words",
            Self::Meaning => "close in meaning",
            Self::Both => "your words and close in meaning",
            Self::Crosswalk => "the same provision under the other code",
        }
    }
}

impl SearchPage {
    /// Where the search form leads.
    #[must_use]
    pub fn action(&self) -> String {
        match &self.case {
            Some(case) => format!("/cases/{}/search", case.id),
            None => String::from("/search"),
        }
    }

    /// The number of documents found, in words.
    #[must_use]
    pub fn found(&self) -> String {
        counted(self.total, "document", "documents")
    }
}

pages!(SearchPage);

#[cfg(test)]
mod samples {
    use super::super::page::Area;
    use super::super::parts::samples::{case, id, place, text};
    use super::*;
    use crate::kernel::Role;

    fn passage(page: u32, snippet: &str, marks: &[(usize, usize)], why: Why) -> HitPassage {
        HitPassage {
            place: place(21, page),
            heading: Some(text("Grounds › Ground C")),
            snippet: Piece::cut(snippet, marks),
            why,
        }
    }

    fn hit(number: u128, title: &str, passages: Vec<HitPassage>) -> Hit {
        Hit {
            document: DocumentRef { id: id(number), title: text(title) },
            case: case(),
            kind: text("PDF"),
            href: place(number, 3).href(),
            passages,
            more: u64::from(number == 21) * 4,
        }
    }

    impl SearchPage {
        pub(crate) fn sample() -> Self {
            let refused = "…the application for bail was refused by the learned Sessions Judge on \
                12 March 2023, and a fresh application was moved only after the charge sheet…";
            let hindi = "…अग्रिम जमानत का आवेदन दिनांक 12.03.2023 को निरस्त किया गया…";
            let value = |label: &str, count, on| FacetValue {
                label: text(label),
                count,
                href: text("/search?q=bail"),
                on,
            };
            let marks = [(7, 18), (32, 39)];
            Self {
                layout: Layout::sample("refused w/5 application", Area::Search, Role::Advocate),
                case: None,
                query: text("refused w/5 application"),
                reading: Some(text("“refused” within 5 words of “application”, in either order")),
                notice: Some(text(
                    "Only word search is working: the embedding model is not installed.",
                )),
                total: 12,
                took_ms: 14,
                facets: vec![
                    Facet {
                        name: text("Kind"),
                        values: vec![value("PDF", 9, true), value("Mail", 3, false)],
                    },
                    Facet { name: text("Year"), values: vec![value("2023", 8, false)] },
                ],
                hits: vec![
                    hit(
                        21,
                        "Bail application no. 77 of 2023",
                        vec![
                            passage(3, refused, &marks, Why::Both),
                            passage(9, hindi, &[], Why::Meaning),
                        ],
                    ),
                    hit(
                        22,
                        "Order dated 12 March 2023",
                        vec![passage(1, refused, &marks, Why::Words)],
                    ),
                ],
                next: Some(text("/search?q=bail&after=2")),
            }
        }

        pub(crate) fn sample_start() -> Self {
            Self {
                query: String::new(),
                reading: None,
                notice: None,
                total: 0,
                facets: Vec::new(),
                hits: Vec::new(),
                next: None,
                ..Self::sample()
            }
        }

        pub(crate) fn sample_nothing() -> Self {
            Self {
                query: text("estoppel w/3 waiver"),
                case: Some(case()),
                reading: Some(text("“estoppel” within 3 words of “waiver”")),
                ..Self::sample_start()
            }
        }
    }
}
