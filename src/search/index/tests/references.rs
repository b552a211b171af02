//! Case numbers, citations and sections: each spelling finds every other, and not its
//! neighbours. Sections 2, 3 and 4 of the domain notes.

use super::*;

/// Spellings of one reference, and references that are not it.
const REFERENCES: &[(&[&str], &[&str])] = &[
    (
        &[
            "Criminal Appeal No. 1234 of 2024",
            "Crl.A. 1234/2024",
            "Crl. Appeal No.1234/2024",
            "CRLA 1234 of 2024",
            "Criminal Appeal No(s). 1234 of 2024",
        ],
        &[
            "Criminal Appeal No. 234 of 2024",
            "Criminal Appeal No. 1234 of 2023",
            "Crl.A. 12345/2024",
        ],
    ),
    (
        &[
            "SLP(C) No. 9996/2024",
            "S.L.P. (Civil) No. 9996 of 2024",
            "Special Leave Petition (C) No(s). 9996/2024",
        ],
        &["SLP(C) No. 999/2024", "SLP(C) No. 9996/2023"],
    ),
    (
        &["Diary No. 12345/2024", "Diary No(s). 12345 of 2024", "Diary No.12345-2024"],
        &["Diary No. 1234/2024"],
    ),
    (
        &[
            "W.P.(C) 1234/2023",
            "WP(C) 1234 of 2023",
            "W.P. (C) No. 1234/2023",
            "W.P.(Civil) 1234/2023",
            "WP/1234/2023",
            "WP1234/2023",
        ],
        &["W.P.(C) 234/2023", "W.P.(C) 12345/2023", "W.P.(C) 1234/2022"],
    ),
    (
        &[
            "Writ Petition (Civil) No. 1235 of 2023",
            "W.P.(C) 1235/2023",
            "W.P. (C) No. 1235 of 2023",
        ],
        &["W.P.(C) 235/2023"],
    ),
    (&["CM APPL. 4567/2023", "C.M. Appl. No. 4567 of 2023"], &["CM APPL. 567/2023"]),
    (&["CRL.M.C. 12/2021", "Crl. M.C. No. 12 of 2021"], &["CRL.M.C. 2/2021"]),
    (&["CS(COMM) 45/2022", "C.S. (COMM.) No. 45 of 2022"], &["CS(COMM) 4/2022"]),
    (&["FAO(OS) 3/2020", "F.A.O. (OS) No. 3 of 2020"], &["FAO(OS) 31/2020"]),
    (&["LPA 5/2019", "L.P.A. No. 5 of 2019"], &["LPA 15/2019"]),
    (&["BAIL APPLN. 77/2023", "Bail Application No. 77 of 2023"], &["BAIL APPLN. 7/2023"]),
    (&["ARB.P. 9/2023", "Arb. P. No. 9 of 2023"], &["ARB.P. 99/2023"]),
    (&["O.M.P.(COMM) 8/2022", "OMP (COMM) No. 8 of 2022"], &["O.M.P.(COMM) 88/2022"]),
    (&["Crl.O.P. 1/2020", "Crl. O.P. No. 1 of 2020"], &["Crl.O.P. 11/2020"]),
    (&["CRM-M 1234-2022", "CRM-M No. 1234 of 2022", "CRM M 1234/2022"], &["CRM-M 234-2022"]),
    (
        &["C.P.(IB)/123/MB/2023", "CP (IB) No. 123/MB/2023", "CP(IB)-123/MB/2023"],
        &["C.P.(IB)/123/ND/2023", "C.P.(IB)/23/MB/2023"],
    ),
    (
        &[
            "Company Appeal (AT)(Ins) 12 of 2021",
            "Company Appeal (AT) (Insolvency) No. 12 of 2021",
            "Comp. App. (AT) (Ins.) 12/2021",
        ],
        &["Company Appeal (AT)(Ins) 2 of 2021"],
    ),
    (&["O.A./13/2020", "OA 13 of 2020", "O.A. No. 13/2020"], &["O.A./3/2020"]),
    (&["ITA No. 123/Del/2023", "I.T.A. 123/DEL/2023"], &["ITA No. 123/Mum/2023"]),
    (&["CC/14/2023", "C.C. No. 14 of 2023"], &["CC/4/2023"]),
    (
        &[
            "(2019) 4 SCC 1",
            "2019 (4) SCC 1",
            "(2019) 4 S.C.C. 1",
            "(2019)4SCC1",
            "2019 4 SCC 1",
            "(2019) 4 S C C 1",
        ],
        &["(2019) 4 SCC 11", "(2019) 14 SCC 1", "(2018) 4 SCC 1", "(2019) 4 SCC (Cri) 1"],
    ),
    (
        &["(2012) 3 SCC (Cri) 5", "(2012) 3 SCC (Crl) 5", "(2012) 3 S.C.C. (Cri.) 5"],
        &["(2012) 3 SCC 5"],
    ),
    (&["(2010) 2 SCC (L&S) 7", "(2010) 2 SCC (L & S) 7"], &["(2010) 2 SCC 7"]),
    (&["1993 Supp (2) SCC 1", "1993 Supp. (2) S.C.C. 1"], &["1993 (2) SCC 1"]),
    (&["AIR 1973 SC 1461", "A.I.R. 1973 S.C. 1461", "AIR1973SC1461"], &["AIR 1973 SC 146"]),
    (&["AIR 2001 Bom 123", "A.I.R. 2001 Bom. 123"], &["AIR 2001 Del 123"]),
    (&["AIR 1950 PC 1", "A.I.R. 1950 P.C. 1"], &["AIR 1950 PC 11"]),
    (
        &["2020 SCC OnLine SC 123", "2020 S.C.C. OnLine S.C. 123", "2020 SCC On-Line SC 123"],
        &["2020 SCC OnLine Del 123", "2020 SCC OnLine SC 12"],
    ),
    (&["[1973] 4 SCR 1", "[1973] 4 S.C.R. 1", "1973 (4) SCR 1"], &["[1973] 4 SCR 10"]),
    (&["2024 INSC 835", "2024INSC835", "2024:INSC:835"], &["2024 INSC 83", "2023 INSC 835"]),
    (&["2023:DHC:2720", "2023/DHC/002720", "2023 DHC 2720"], &["2023:DHC:272", "2023:KER:2720"]),
    (&["2024:BHC-AS:1", "2024:BHC-AS:0001"], &["2024:BHC-AS:11"]),
    (
        &[
            "2003 Cri LJ 123",
            "2003 CrLJ 123",
            "2003 CriLJ 123",
            "2003 Cri.L.J. 123",
            "2003 Crl.L.J. 123",
        ],
        &["2003 Cri LJ 1234"],
    ),
    (&["JT 2001 (3) SC 1", "J.T. 2001 (3) S.C. 1"], &["JT 2001 (4) SC 1"]),
    (&["2001 (3) SCALE 1", "2001 3 Scale 1"], &["2001 (3) SCALE 10"]),
    (&["MANU/SC/0123/2001", "MANU/SC/123/2001"], &["MANU/SC/1123/2001"]),
    (&["2023 LiveLaw (SC) 123", "2023 Live Law (SC) 123"], &["2023 LiveLaw (SC) 12"]),
    (&["(2019) 262 DLT 1", "(2019) 262 D.L.T. 1"], &["(2019) 262 DLT 12"]),
    (&["2015 (1) Mh.L.J. 5", "2015 (1) MhLJ 5", "2015 (1) Mh. L. J. 5"], &["2015 (1) KLT 5"]),
    (
        &["2010 (2) RCR (Criminal) 9", "2010 (2) R.C.R. (Cri) 9", "2010 (2) RCR (Crl.) 9"],
        &["2010 (2) RCR (Civil) 9"],
    ),
    (&["[2019] 102 taxmann.com 1", "(2019) 102 Taxmann.com 1"], &["[2019] 10 taxmann.com 1"]),
    (
        &[
            "s. 138",
            "S.138",
            "sec 138",
            "sec.138",
            "Section 138",
            "u/s 138",
            "u/s. 138",
            "u/s138",
            "§ 138",
            "138 N.I. Act",
            "138 NI Act",
            "dhara 138",
            "धारा 138",
            "धारा १३८",
        ],
        &["section 13", "section 1380", "138 days"],
    ),
];

#[test]
fn a_reference_is_found_by_every_spelling_and_not_by_its_neighbours() {
    let chamber = Chamber::new();
    let add = |texts: &[&str]| -> Vec<IndexedVersion> {
        texts
            .iter()
            .map(|text| chamber.version("", &[&format!("see {text}, as decided")]))
            .collect()
    };
    let entries: Vec<_> =
        REFERENCES.iter().map(|(same, others)| (add(same), add(others))).collect();
    let all: Vec<_> =
        entries.iter().flat_map(|(same, others)| same.iter().chain(others)).cloned().collect();
    chamber.index.replace(&all).unwrap();
    let mut wrong = Vec::new();
    for ((same, others), (texts, neighbours)) in entries.iter().zip(REFERENCES) {
        for typed in *texts {
            let query = Query::parse(typed);
            let found = chamber.index.search(&chamber.admin(), None, &query, 1000).unwrap();
            let holds = |version: &IndexedVersion| {
                found.hits.iter().any(|hit| hit.document == version.document)
            };
            for (version, text) in same.iter().zip(*texts) {
                if !holds(version) {
                    wrong.push(format!("`{typed}` does not find `{text}`"));
                }
            }
            for (version, text) in others.iter().zip(*neighbours) {
                if holds(version) {
                    wrong.push(format!("`{typed}` finds `{text}`"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_number_of_a_range_or_a_list_has_its_year() {
    let chamber = Chamber::with(&[
        "Criminal Appeal Nos. 1234-1236 of 2024",
        "I.A. Nos. 12, 13 and 14 of 2020",
        "W.P.(C) 1234/2023 & CM APPL. 4567/2023",
    ]);
    for (typed, documents) in [
        ("Crl.A. 1234/2024", 1),
        ("Crl.A. 1236 of 2024", 1),
        ("IA 12/2020", 1),
        ("IA 13/2020", 1),
        ("IA 14/2020", 1),
        ("CM APPL. 4567 of 2023", 1),
        ("Crl.A. 236/2024", 0),
        ("IA 12/2013", 0),
    ] {
        assert_eq!(chamber.find(typed).documents, documents, "{typed}");
    }
}
