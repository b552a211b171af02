//! How to search: every construct with an example, read by the search itself.

use axum::extract::Query;
use serde::Deserialize;

use super::super::viewer::{Allowed, sentence};
use crate::kernel::permission::permit::Search;
use crate::search::{Query as Read, Switches};
use crate::web::Area;
use crate::web::search::{Example, SearchHelpPage, Subject};

/// The constructs by subject: what is typed, and what it is for.
const SUBJECTS: &[(&str, &[(&str, &str)])] = &[
    (
        "Words and phrases",
        &[
            ("anticipatory bail", "words in any order and any form; those with all come first"),
            ("\"anticipatory bail\"", "exactly this phrase"),
            ("\"granted\"", "exactly this word: not grant, not grants"),
            ("anticipat*", "any ending; * stands for any letters, ? for one"),
            ("\"anticip* bail\"", "also inside a phrase"),
            ("Mukherjee~", "words spelt nearly so"),
        ],
    ),
    (
        "And, or, not",
        &[
            ("bail AND surety", "both, in capitals"),
            ("bail OR bond", "either"),
            ("notice NOT reply", "without a word; also -reply"),
            ("(bail OR bond) AND surety", "grouped"),
        ],
    ),
    (
        "Near each other",
        &[
            ("refused w/5 application", "within 5 words, in either order"),
            ("notice pre/10 termination", "within 10 words, in this order"),
            ("delay /s condoned", "in the same sentence"),
            ("arbitrator /p seat", "in the same paragraph"),
        ],
    ),
    (
        "Provisions, citations, case numbers",
        &[
            ("u/s 138 NI Act", "a section, however it is written"),
            ("302 IPC", "old and new codes find each other, and say so"),
            ("Order 39 Rule 1", "also Order XXXIX Rules 1 and 2"),
            ("(2019) 4 SCC 1", "a citation, with or without dots and brackets"),
            ("2024 INSC 835", "a neutral citation"),
            ("W.P.(C) 1234/2023", "a case number, also with No. and of"),
        ],
    ),
    (
        "What a document is",
        &[
            ("court:delhi bail", "the court it is of"),
            ("judge:chandrachud", "one of its judges"),
            ("party:\"State of Kerala\"", "one of its parties"),
            ("type:order", "an order, a judgment, an agreement"),
            ("cites:\"2024 INSC 835\"", "what it cites"),
            ("section:\"138 NI Act\"", "a provision it names"),
            ("date:2020..2023", "its date; also date:2023, date:>=2023-04-01"),
        ],
    ),
    (
        "Hindi",
        &[
            ("जमानत", "words of Indian scripts, with or without nukta"),
            ("jamanat", "typed in English letters"),
            ("धारा ३०२", "Indian numerals are the same numbers"),
        ],
    ),
];

#[derive(Deserialize)]
pub(in crate::web::routes) struct Wanted {
    #[serde(default)]
    q: String,
}

pub(in crate::web::routes) async fn show(
    Allowed(viewer, ..): Allowed<Search>,
    Query(Wanted { q: query }): Query<Wanted>,
) -> SearchHelpPage {
    let example = |&(query, what): &(&'static str, &'static str)| Example {
        query,
        what,
        reading: read(query),
    };
    let subjects = SUBJECTS
        .iter()
        .map(|&(name, examples)| Subject { name, examples: examples.iter().map(example).collect() })
        .collect();
    SearchHelpPage {
        layout: viewer.layout("How to search", Area::Search),
        reading: (!query.trim().is_empty()).then(|| read(&query)),
        query,
        subjects,
    }
}

fn read(query: &str) -> String {
    sentence(&Read::parse(query).expanded(&Switches::default()).reading())
}
