//! Search results, over everything open to the reader or inside one case.

use askama::Template;

use super::page::{Layout, Link, pages};
use super::parts::{CaseRef, DocumentRef, Piece, Place};
use super::show::counted;
use crate::kernel::SavedSearchId;

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
    /// Whether something was searched for, by words or by what it is narrowed to.
    pub asked: bool,
    /// How it was read, as a sentence.
    pub reading: Option<String>,
    /// Slips the query may hold.
    pub suggestions: Vec<Suggestion>,
    /// What was searched for besides what was typed.
    pub expansions: Vec<Expansion>,
    /// Expansions that are off, each with the search that has it on again.
    pub switched_off: Vec<Link>,
    /// What part of search is missing, such as search by meaning.
    pub notice: Option<String>,
    /// Documents found in all.
    pub total: u64,
    /// Milliseconds taken.
    pub took_ms: u64,
    /// The orders there are.
    pub orders: Vec<Order>,
    /// What the results are narrowed to, each with the search without it.
    pub narrowed: Vec<Link>,
    /// What the results can be narrowed by.
    pub facets: Vec<Facet>,
    /// The documents found, the best first.
    pub hits: Vec<Hit>,
    /// The address of the first page of results, on a later one.
    pub first: Option<String>,
    /// The address of the next page of results.
    pub next: Option<String>,
    /// The search as it is saved: the query part of its address.
    pub save: Option<String>,
    /// The reader's saved searches, before the first search.
    pub saved: Vec<Saved>,
}

/// A slip a query may hold.
#[derive(Debug, Clone)]
pub struct Suggestion {
    /// What may be wrong, as a sentence.
    pub says: String,
    /// The search that was perhaps meant.
    pub instead: Option<Link>,
}

/// Something searched for besides what was typed.
#[derive(Debug, Clone)]
pub struct Expansion {
    /// Why, in a word or two: `new code`.
    pub kind: &'static str,
    /// What was typed.
    pub typed: String,
    /// What was searched for besides.
    pub other: String,
    /// What to beware of, as a sentence.
    pub caution: Option<String>,
    /// The search without it.
    pub without: String,
}

/// An order of the results.
#[derive(Debug, Clone)]
pub struct Order {
    /// The words.
    pub label: &'static str,
    /// The search in this order.
    pub href: String,
    /// Whether it is the order shown.
    pub on: bool,
}

/// A search the reader keeps.
#[derive(Debug, Clone)]
pub struct Saved {
    /// Which.
    pub id: SavedSearchId,
    /// Its name.
    pub name: String,
    /// What was typed.
    pub query: String,
    /// The address that runs it.
    pub href: String,
}

/// How to search: each construct with an example that can be run.
#[derive(Debug, Clone, Template)]
#[template(path = "search/help.html")]
pub struct SearchHelpPage {
    /// The frame.
    pub layout: Layout,
    /// What was typed to see how it is read.
    pub query: String,
    /// How it is read, as a sentence.
    pub reading: Option<String>,
    /// The constructs, by subject.
    pub subjects: Vec<Subject>,
}

/// Constructs of one subject.
#[derive(Debug, Clone)]
pub struct Subject {
    /// The subject.
    pub name: &'static str,
    /// Its examples.
    pub examples: Vec<Example>,
}

/// A query as an example.
#[derive(Debug, Clone)]
pub struct Example {
    /// What is typed.
    pub query: &'static str,
    /// What it is for.
    pub what: &'static str,
    /// How it is read, by the search itself.
    pub reading: String,
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

/// A document that says the same.
#[derive(Debug, Clone)]
pub struct AlsoIn {
    /// The document.
    pub title: String,
    /// The passage in it.
    pub href: String,
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
    /// The expansion it matched by: `103 BNS, new code`.
    pub by_other: Option<String>,
    /// Other documents that say the same.
    pub also_in: Vec<AlsoIn>,
    /// The search for passages like it.
    pub similar: String,
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
}

impl Why {
    /// The reason in a few words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Words => "your words",
            Self::Meaning => "close in meaning",
            Self::Both => "your words and close in meaning",
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

pages!(SearchPage, SearchHelpPage);

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
            by_other: (page == 9).then(|| text("अग्रिम जमानत, another word")),
            also_in: vec![AlsoIn { title: text("Reply"), href: place(22, 1).href() }],
            similar: text("/search/similar?passage=1"),
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
                asked: true,
                reading: Some(text("Searched for “refused” within 5 words of “application”.")),
                suggestions: vec![Suggestion {
                    says: text("A quotation mark has no partner."),
                    instead: Some(Link::new("“refused”", "/search?q=refused")),
                }],
                expansions: vec![Expansion {
                    kind: "new code",
                    typed: text("302 IPC"),
                    other: text("103(1) BNS"),
                    caution: Some(text("The two are not identical.")),
                    without: text("/search?q=302+IPC&off=crosswalk"),
                }],
                switched_off: vec![Link::new("Hindi spelling", "/search?q=jamanat")],
                notice: Some(text(
                    "Only word search is working: the embedding model is not installed.",
                )),
                total: 12,
                took_ms: 14,
                orders: vec![
                    Order { label: "Best first", href: text("/search?q=bail"), on: true },
                    Order { label: "Newest", href: text("/search?q=bail&sort=newest"), on: false },
                ],
                narrowed: vec![Link::new("Kind: PDF", "/search?q=bail")],
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
                first: Some(text("/search?q=bail")),
                next: Some(text("/search?q=bail&after=2")),
                save: Some(text("q=bail")),
                saved: Vec::new(),
            }
        }

        pub(crate) fn sample_start() -> Self {
            Self {
                query: String::new(),
                asked: false,
                reading: None,
                suggestions: Vec::new(),
                expansions: Vec::new(),
                switched_off: Vec::new(),
                notice: None,
                total: 0,
                orders: Vec::new(),
                narrowed: Vec::new(),
                facets: Vec::new(),
                hits: Vec::new(),
                first: None,
                next: None,
                save: None,
                saved: vec![Saved {
                    id: id(61),
                    name: text("Bail refused"),
                    query: text("bail w/5 refused"),
                    href: text("/search?q=bail"),
                }],
                ..Self::sample()
            }
        }

        pub(crate) fn sample_nothing() -> Self {
            Self {
                query: text("estoppel w/3 waiver"),
                asked: true,
                saved: Vec::new(),
                case: Some(case()),
                reading: Some(text("Searched for “estoppel” within 3 words of “waiver”.")),
                ..Self::sample_start()
            }
        }
    }

    impl SearchHelpPage {
        pub(crate) fn sample() -> Self {
            let example = Example {
                query: "bail w/5 refused",
                what: "near each other",
                reading: text("searched for documents with “bail” within 5 words of “refused”"),
            };
            Self {
                layout: Layout::sample("How to search", Area::Search, Role::Advocate),
                query: text("tribunal AND"),
                reading: Some(text("searched for documents with “tribunal”")),
                subjects: vec![Subject { name: "Near each other", examples: vec![example] }],
            }
        }
    }
}
