//! Section 9 of the domain notes: what is typed finds its text, says how it was
//! read, and marks exactly what matched.

use super::*;

/// A text, and what is typed for it: the query, the reading after `searched for
/// documents `, and what is marked.
type Typed = (&'static str, &'static [(&'static str, &'static str, &'static [&'static str])]);

#[rustfmt::skip]
const LANGUAGE: &[Typed] = &[
    ("W.P.(C) No. 1234/2023 filed under Article 226", &[
        ("W.P.(C) 1234/2023", "with “1234/2023”, those that also have “W.P” first", &["W.P", "1234/2023"]),
        ("\"W.P.(C) 1234/2023\"", "with the phrase “W.P.(C) 1234/2023”", &["W.P.(C) No. 1234/2023"]),
    ]),
    ("reported in (2019) 4 SCC 1", &[
        ("(2019) 4 SCC 1", "with “(2019) 4 SCC 1”", &["2019) 4 SCC 1"]),
    ]),
    ("[2021] 5 SCR 12 relied", &[
        ("[2021] 5 SCR 12", "with “[2021] 5 SCR 12”", &["2021] 5 SCR 12"]),
    ]),
    ("see AIR 1973 SC 1461", &[
        ("AIR 1973 SC 1461", "with “AIR 1973 SC 1461”", &["AIR 1973 SC 1461"]),
    ]),
    ("2024 INSC 835 decided", &[
        ("2024 INSC 835", "with “2024 INSC 835”", &["2024 INSC 835"]),
    ]),
    ("2023:DHC:2720 Delhi", &[
        ("2023:DHC:2720", "with “2023:DHC:2720”", &["2023:DHC:2720"]),
    ]),
    ("complaint u/s 138 of the N.I. Act", &[
        ("u/s 138", "with section 138", &["u/s 138"]),
        ("section 138", "with section 138", &["u/s 138"]),
        ("s.138 NI Act", "with section 138, those that also have “NI” and “Act” first", &["u/s 138", "N.I", "Act"]),
    ]),
    ("M/s ABC Traders", &[
        ("M/s ABC", "with any of “M/s” and “ABC”, those with all of them first", &["M/s", "ABC"]),
    ]),
    ("I.A. No. 5 of 2023 listed", &[
        ("I.A. No. 5 of 2023", "with “5 of 2023”, those that also have “I.A” first", &["I.A", "5 of 2023"]),
        ("IA 5/2023", "with “5/2023”, those that also have “IA” first", &["I.A", "5 of 2023"]),
    ]),
    ("the unbalanced quote", &[
        ("\"unbalanced quote", "with any of “unbalanced” and “quote”, those with all of them first", &["unbalanced", "quote"]),
    ]),
    ("State of Kerala: respondent", &[
        ("State of Kerala: respondent", "with any of “State”, “Kerala” and “respondent”, those with all of them first", &["State", "Kerala", "respondent"]),
    ]),
    ("Order XXXIX Rules 1 & 2 CPC", &[
        ("Order XXXIX Rules 1 & 2", "with order 39 rule 1 or order 39 rule 2", &["Order XXXIX Rules 1", "2"]),
        ("Order 39 Rule 1", "with order 39 rule 1", &["Order XXXIX Rules 1"]),
    ]),
    ("Section 65B(4) certificate", &[
        ("65B(4)", "with “65B(4)”", &["65B(4"]),
        ("Section 65B(4)", "with section 65b 4", &["Section 65B(4"]),
    ]),
    ("bail was refused; fresh application filed", &[
        ("refused w/5 application", "with “refused” within 5 words of “application”", &["refused", "application"]),
        ("refused pre/2 application", "with “refused” at most 2 words before “application”", &["refused", "application"]),
        ("refused /s filed", "with “refused” in the same sentence as “filed”", &["refused", "filed"]),
        ("\"fresh application\" /p (bail OR parole)", "with the phrase “fresh application” in the same paragraph as (“bail” or “parole”)", &["bail", "fresh application"]),
        ("refuzed~ AND filed", "with words that differ from “refuzed” by at most two letters and “filed”", &["refused", "filed"]),
    ]),
    ("anticipatory bail granted", &[
        ("anticipat*", "with words beginning “anticipat”", &["anticipatory"]),
        ("\"anticip* bail\"", "with the phrase “anticip* bail”", &["anticipatory bail"]),
        ("\"anticipatory ba*\"", "with the phrase “anticipatory ba*”", &["anticipatory bail"]),
        ("*patory", "with words ending “patory”", &["anticipatory"]),
        ("b?il", "with words of the form “b?il”", &["bail"]),
        ("\"granted\"", "with the exact word “granted”", &["granted"]),
        ("grant", "with “grant”", &["granted"]),
        ("bail -refused", "with “bail” and without “refused”", &["bail"]),
        ("bail && granted", "with “bail” and “granted”", &["bail", "granted"]),
        ("(anticipatory OR regular) w/1 bail", "with (“anticipatory” or “regular”) beside “bail”", &["anticipatory", "bail"]),
    ]),
    ("O.A./12/2020 before the Tribunal", &[
        ("O.A./12/2020", "with “O.A./12/2020”", &["O.A./12/2020"]),
        ("tribunal AND", "with “tribunal”", &["Tribunal"]),
    ]),
    ("inherent power CrPC s.482", &[
        ("CrPC s.482", "with section 482, those that also have “CrPC” first", &["CrPC", "s.482"]),
        ("section 482 CrPC", "with section 482, those that also have “CrPC” first", &["CrPC", "s.482"]),
    ]),
];

#[test]
fn every_query_finds_its_text_says_how_it_was_read_and_marks_what_matched() {
    let chamber = Chamber::new();
    let versions: Vec<_> =
        LANGUAGE.iter().map(|(text, _)| chamber.version("Paper", &[text])).collect();
    chamber.index.replace(&versions).unwrap();
    let mut wrong = Vec::new();
    for (version, (text, typed)) in versions.iter().zip(LANGUAGE) {
        for (typed, reading, marks) in *typed {
            let query = Query::parse(typed);
            if chamber.documents(typed).first() != Some(&version.document) {
                wrong.push(format!("{typed} finds {:?}", chamber.documents(typed)));
            }
            if query.reading() != format!("searched for documents {reading}") {
                wrong.push(format!("{typed}: {}", query.reading()));
            }
            let marked: Vec<&str> =
                highlight(text, &query).into_iter().map(|span| &text[span]).collect();
            if marked != *marks {
                wrong.push(format!("{typed} marks {marked:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_typed_finds_nothing_beside_it() {
    let chamber = Chamber::with(&[
        "He granted bail. The appeal was refused.",
        "grant of bail\n\nThe appeal",
        "appeal, and then at last bail",
    ]);
    for (typed, documents) in [
        ("\"granted\"", 1),
        ("\"grant\"", 1),
        ("grant", 2),
        ("bail /s appeal", 1),
        ("bail /p appeal", 2),
        ("bail pre/9 appeal", 2),
        ("appeal pre/9 bail", 1),
        ("bail w/4 appeal", 2),
        ("\"granted bail\" w/2 appeal", 1),
        ("\"granted bail\" w/1 appeal", 0),
        ("bail w/2 (refused OR grant)", 2),
        ("bail w/3 (appeal AND grant)", 2),
        ("bail w/3 (appeal AND refused)", 0),
        ("apeal~", 3),
        ("*eal w/2 *used", 1),
        ("appeal w/1 (NOT bail)", 3),
    ] {
        assert_eq!(chamber.find(typed).documents, documents, "{typed}");
    }
}
