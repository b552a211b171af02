//! What advocates type, and what must be found: the rows of the domain notes.

use serde_json::Value;

use crate::on_both_engines;
use crate::support::{Answer, Caller};

/// A text in a document, and the queries that find it, each with what it marks.
const QUERIES: &[(&str, &[(&str, &str)])] = &[
    ("W.P.(C) No. 1234/2023 filed under Article 226", &[("W.P.(C) 1234/2023", "1234/2023")]),
    ("reported in (2019) 4 SCC 1", &[("(2019) 4 SCC 1", "2019) 4 SCC 1")]),
    ("[2021] 5 SCR 12 relied", &[("[2021] 5 SCR 12", "2021] 5 SCR 12")]),
    ("see AIR 1973 SC 1461", &[("AIR 1973 SC 1461", "AIR 1973 SC 1461")]),
    ("2024 INSC 835 decided", &[("2024 INSC 835", "2024 INSC 835")]),
    ("2023:DHC:2720 Delhi", &[("2023:DHC:2720", "2023:DHC:2720")]),
    (
        "complaint u/s 138 of the N.I. Act",
        &[("u/s 138", "u/s 138"), ("section 138", "u/s 138"), ("s.138 NI Act", "u/s 138")],
    ),
    ("M/s ABC Traders", &[("M/s ABC", "ABC")]),
    (
        "I.A. No. 5 of 2023 listed",
        &[("I.A. No. 5 of 2023", "5 of 2023"), ("IA 5/2023", "5 of 2023")],
    ),
    ("the unbalanced quote", &[("\"unbalanced quote", "unbalanced")]),
    ("State of Kerala: respondent", &[("State of Kerala: respondent", "Kerala")]),
    (
        "Order XXXIX Rules 1 & 2 CPC",
        &[
            ("Order XXXIX Rules 1 & 2", "Order XXXIX Rules 1"),
            ("Order 39 Rule 1", "Order XXXIX Rules 1"),
        ],
    ),
    ("Section 65B(4) certificate", &[("65B(4)", "65B(4"), ("Section 65B(4)", "Section 65B(4")]),
    ("bail was refused; fresh application filed", &[("refused w/5 application", "refused")]),
    (
        "anticipatory bail granted",
        &[
            ("anticipat*", "anticipatory"),
            ("\"anticip* bail\"", "anticipatory bail"),
            ("\"anticipatory ba*\"", "anticipatory bail"),
        ],
    ),
    (
        "O.A./12/2020 before the Tribunal",
        &[("O.A./12/2020", "O.A./12/2020"), ("tribunal AND", "Tribunal")],
    ),
    ("inherent power CrPC s.482", &[("CrPC s.482", "s.482"), ("section 482 CrPC", "s.482")]),
];

/// Words that a careless tokenizer breaks.
const WORDS: &[&str] = &[
    "न्याय",
    "हिन्दी",
    "ज़मानत",
    "सर्वोच्च",
    "अधिवक्ता",
    "न्यायालय",
    "తెలుగు",
    "தமிழ்நாடு",
    "ন্যায়",
    "ನ್ಯಾಯಾಲಯ",
    "ન્યાયાલય",
    "കോടതി",
    "अदालत",
    "धारा",
];

on_both_engines! {
    async fn every_query_advocates_type_finds_its_text(app: TestApp) {
        let admin = app.admin().await;
        let case = admin.open_case("The table").await;
        let path = format!("/api/v1/cases/{case}/documents");
        for (row, (text, _)) in QUERIES.iter().enumerate() {
            let uploaded = admin.upload(&path, &format!("row{row:02}.txt"), text.as_bytes()).await;
            assert!(uploaded.status.is_success(), "{uploaded:?}");
        }
        app.settle().await;
        for (row, (text, queries)) in QUERIES.iter().enumerate() {
            for (query, mark) in *queries {
                let found = search(&admin, query).await;
                let name = format!("row{row:02}");
                let hits = found.body["hits"].as_array().unwrap();
                let hit = hits.iter().find(|hit| hit["title"] == name.as_str());
                let hit = hit.unwrap_or_else(|| panic!("`{query}` does not find `{text}`: {found:?}"));
                assert!(found.body["reading"].as_str().unwrap().len() > 20, "{query}: {found:?}");
                let marks = marks(hit);
                assert!(marks.iter().any(|marked| marked.contains(mark)), "`{query}` marks {marks:?} in `{text}`");
                assert_eq!(hits[0]["title"], name.as_str(), "`{query}` finds another first: {found:?}");
            }
        }
    }

    async fn a_word_of_an_indian_script_finds_itself_and_not_its_pieces(app: TestApp) {
        let admin = app.admin().await;
        let case = admin.open_case("The words").await;
        let path = format!("/api/v1/cases/{case}/documents");
        for (row, word) in WORDS.iter().enumerate() {
            admin.upload(&path, &format!("word{row:02}.txt"), format!("{word} 77.").as_bytes()).await;
        }
        app.settle().await;
        for (row, word) in WORDS.iter().enumerate() {
            let name = format!("word{row:02}");
            let quoted = search(&admin, &format!("\"{word}\"")).await;
            assert_eq!(super::titles(&quoted.body), std::slice::from_ref(&name), "{word}: {quoted:?}");
            assert_eq!(marks(&quoted.body["hits"][0]), [*word], "{word}");
            let plain = search(&admin, word).await;
            assert!(super::titles(&plain.body).contains(&name), "{word}: {plain:?}");
            // Each beginning and end of the word, cut between two letters.
            for (at, _) in word.char_indices().skip(1) {
                for piece in [&word[..at], &word[at..]] {
                    let found = search(&admin, &format!("\"{piece}\"")).await;
                    assert!(!super::titles(&found.body).contains(&name), "`{piece}` finds `{word}`");
                }
            }
        }
    }
}

async fn search(caller: &Caller, query: &str) -> Answer {
    let query: String = url::form_urlencoded::byte_serialize(query.as_bytes()).collect();
    caller.get(&format!("/api/v1/search?q={query}")).await
}

/// What a hit's excerpt marks.
fn marks(hit: &Value) -> Vec<String> {
    let parts = hit["snippet"].as_array().unwrap().iter();
    parts
        .filter(|part| part["marked"] == true)
        .map(|part| part["text"].as_str().unwrap().to_owned())
        .collect()
}
