use super::*;

fn kinds(text: &str) -> Vec<(&'static str, String)> {
    find(text).into_iter().map(|entity| (entity.kind, entity.text)).collect()
}

fn normals(text: &str, kind: &str) -> Vec<String> {
    find(text)
        .into_iter()
        .filter(|entity| entity.kind == kind)
        .map(|entity| entity.normal)
        .collect()
}

#[test]
fn citations_of_every_family_are_found_and_have_one_normal_form() {
    for (written, normal) in [
        ("(2019) 4 SCC 1", "(2019) 4 SCC 1"),
        ("(2019) 4 S.C.C. 1", "(2019) 4 SCC 1"),
        ("2019 (4) SCC 1", "(2019) 4 SCC 1"),
        ("(2019)4SCC1", "(2019) 4 SCC 1"),
        ("1994 SCC (3) 1", "(1994) 3 SCC 1"),
        ("(2011) 1 SCC (Cri) 12", "(2011) 1 SCC (Cri) 12"),
        ("(2011) 1 SCC (L&S) 12", "(2011) 1 SCC (L&S) 12"),
        ("(2011) 1 SCC (Civ) 12", "(2011) 1 SCC (Civ) 12"),
        ("1993 Supp (2) SCC 1", "(1993) Supp 2 SCC 1"),
        ("1993 Supp. (2) S.C.C. 1", "(1993) Supp 2 SCC 1"),
        ("AIR 1973 SC 1461", "AIR 1973 SC 1461"),
        ("A.I.R. 1973 S.C. 1461", "AIR 1973 SC 1461"),
        ("AIR 2021 SUPREME COURT 1180", "AIR 2021 SC 1180"),
        ("1994 AIR 1918", "AIR 1994 SC 1918"),
        ("AIR 2001 Bom 123", "AIR 2001 Bom 123"),
        ("AIR 2001 Bombay 123", "AIR 2001 Bom 123"),
        ("AIR 1950 PC 1", "AIR 1950 PC 1"),
        ("2020 SCC OnLine SC 123", "2020 SCC OnLine SC 123"),
        ("2019 SCC OnLine Del 1", "2019 SCC OnLine Del 1"),
        ("2019 SCC Online Del 1", "2019 SCC OnLine Del 1"),
        ("[1973] 4 SCR 1", "[1973] 4 SCR 1"),
        ("[2024] 5 S.C.R. 123", "[2024] 5 SCR 123"),
        ("(1973) 4 SCR 1", "[1973] 4 SCR 1"),
        ("[1990] 3 Suppl. SCR 259", "[1990] Supp 3 SCR 259"),
        ("[1996]SUPP10SCR321", "[1996] Supp 10 SCR 321"),
        ("[1950] S.C.R. 88", "[1950] SCR 88"),
        ("2024 INSC 835", "2024 INSC 835"),
        ("2023INSC850", "2023 INSC 850"),
        ("2023:DHC:2720", "2023:DHC:2720"),
        ("2023:DHC:2720-DB", "2023:DHC:2720-DB"),
        ("2023/DHC/001234", "2023:DHC:1234"),
        ("2024:KER:123", "2024:KER:123"),
        ("2024:BHC-AS:1", "2024:BHC-AS:1"),
        ("2024:AHC:1", "2024:AHC:1"),
        ("2024:PHHC:1", "2024:PHHC:1"),
        ("2024:KHC:1", "2024:KHC:1"),
        ("2003 Cri LJ 123", "2003 Cri LJ 123"),
        ("2003 CrLJ 123", "2003 Cri LJ 123"),
        ("2003 CriLJ 123", "2003 Cri LJ 123"),
        ("2003 Cri. L.J. 123", "2003 Cri LJ 123"),
        ("JT 2001 (3) SC 1", "JT 2001 (3) SC 1"),
        ("2001 (3) SCALE 1", "(2001) 3 SCALE 1"),
        ("1996(9)SCALE318", "(1996) 9 SCALE 318"),
        ("MANU/SC/0123/2001", "MANU/SC/0123/2001"),
        ("2023 LiveLaw (SC) 123", "2023 LiveLaw (SC) 123"),
        ("ILR 1975 Del 10", "ILR 1975 Del 10"),
        ("I.L.R. (1975) 1 Delhi 10", "ILR 1975 1 Del 10"),
        ("ILR 49 Mad 468", "ILR 49 Mad 468"),
        ("(2019) 262 DLT 1", "(2019) 262 DLT 1"),
        ("2015 (2) KLT 1", "(2015) 2 KLT 1"),
        ("2010 (3) Mh.L.J. 45", "(2010) 3 Mh LJ 45"),
        ("2006 (4) RCR (Criminal) 12", "(2006) 4 RCR (Criminal) 12"),
        ("(1971) 82 ITR 540", "(1971) 82 ITR 540"),
        ("82 ITR 540", "82 ITR 540"),
        ("(2020) 36 GSTL 305", "(2020) 36 GSTL 305"),
        ("[2019] 102 taxmann.com 1", "[2019] 102 taxmann.com 1"),
        ("[1988]71STC401", "(1988) 71 STC 401"),
    ] {
        let text = format!("as held in {written}, the rule stands");
        let found: Vec<_> = find(&text)
            .into_iter()
            .map(|entity| (entity.kind, entity.text, entity.normal))
            .collect();
        assert_eq!(found, [("citation", written.to_owned(), normal.to_owned())], "{written}");
    }
}

#[test]
fn case_numbers_of_every_kind_are_found_and_have_one_normal_form() {
    for (written, normal) in [
        ("Criminal Appeal No. 1234 of 2024", "CRL.A. 1234/2024"),
        ("CRIMINAL APPEAL NO.1234 OF 2024", "CRL.A. 1234/2024"),
        ("Crl. Appeal No. 1234/2024", "CRL.A. 1234/2024"),
        ("SLP(C) No. 9996/2024", "SLP(C) 9996/2024"),
        ("Special Leave Petition (Civil) No. 9996 of 2024", "SLP(C) 9996/2024"),
        ("S.L.P. (C) Nos. 9996-9997 of 2024", "SLP(C) 9996-9997/2024"),
        ("Diary No. 12345/2024", "DIARY 12345/2024"),
        ("W.P.(C) 1234/2023", "W.P.(C) 1234/2023"),
        ("W.P. (C) No. 1234 of 2023", "W.P.(C) 1234/2023"),
        ("Writ Petition (Civil) No. 1234 of 2023", "W.P.(C) 1234/2023"),
        ("CM APPL. 4567/2023", "CM APPL. 4567/2023"),
        ("CRL.M.C. 12/2021", "CRL.M.C. 12/2021"),
        ("CS(COMM) 45/2022", "CS(COMM) 45/2022"),
        ("FAO(OS) 3/2020", "FAO(OS) 3/2020"),
        ("LPA 5/2019", "LPA 5/2019"),
        ("BAIL APPLN. 77/2023", "BAIL APPLN. 77/2023"),
        ("ARB.P. 9/2023", "ARB.P. 9/2023"),
        ("O.M.P.(COMM) 8/2022", "O.M.P.(COMM) 8/2022"),
        ("WP/1234/2023", "W.P. 1234/2023"),
        ("Crl.O.P. 1/2020", "CRL.O.P. 1/2020"),
        ("CRM-M 1234-2022", "CRM-M 1234/2022"),
        ("C.P.(IB)/123/MB/2023", "CO.P.(IB) 123/MB/2023"),
        ("Company Appeal (AT)(Ins) 12 of 2021", "CO.A.(AT)(INS) 12/2021"),
        ("O.A./12/2020", "O.A. 12/2020"),
        ("ITA No. 123/Del/2023", "ITA 123/DEL/2023"),
        ("CC/12/2023", "C.C. 12/2023"),
        ("I.A. No. 5 of 2023", "I.A. 5/2023"),
    ] {
        let text = format!("in {written} the petitioner says");
        let found: Vec<_> = find(&text)
            .into_iter()
            .map(|entity| (entity.kind, entity.text, entity.normal))
            .collect();
        assert_eq!(found, [("case_number", written.to_owned(), normal.to_owned())], "{written}");
    }
    let joined = "W.P.(C) 1234/2023 & CM APPL. 4567/2023 with C.A. No. 1/2019 and 2/2019";
    assert_eq!(
        normals(joined, "case_number"),
        ["W.P.(C) 1234/2023", "CM APPL. 4567/2023", "C.A. 1/2019", "C.A. 2/2019"]
    );
}

#[test]
fn records_and_reports_to_the_police_are_found() {
    assert_eq!(normals("CNR MHAU019999992015 and KAUP050003552024.", "cnr").len(), 2);
    assert_eq!(normals("FIR No. 123/2019 at P.S. Saket", "fir"), ["FIR 123/2019"]);
    assert_eq!(normals("Crime No. 45 of 2020", "fir"), ["FIR 45/2020"]);
}

#[test]
fn sections_know_their_statute() {
    for (written, normal) in [
        ("u/s 138 of the N.I. Act", vec!["NI Act s. 138"]),
        ("Section 138 of the Negotiable Instruments Act, 1881", vec!["NI Act s. 138"]),
        ("138 NI Act", vec!["NI Act s. 138"]),
        ("Sections 302, 304B and 498A IPC", vec!["IPC s. 302", "IPC s. 304B", "IPC s. 498A"]),
        (
            "Section 302 read with Section 34 of the Indian Penal Code",
            vec!["IPC s. 302", "IPC s. 34"],
        ),
        ("302/34 IPC", vec!["IPC s. 302", "IPC s. 34"]),
        ("u/s. 397/ 34 of IPC", vec!["IPC s. 397", "IPC s. 34"]),
        ("Section 65B(4) of the Evidence Act", vec!["Evidence Act s. 65B(4)"]),
        ("CrPC s.482", vec!["CrPC s. 482"]),
        ("Penal Code, 1860 – s. 394", vec!["IPC s. 394"]),
        ("Section 498-A", vec!["s. 498A"]),
        ("§ 138", vec!["s. 138"]),
        ("Order XXXIX Rules 1 and 2 CPC", vec!["CPC O. 39 r. 1", "CPC O. 39 r. 2"]),
        ("Order 39 Rule 1", vec!["CPC O. 39 r. 1"]),
        ("धारा 302 भारतीय दंड संहिता", vec!["IPC s. 302"]),
        (
            "Section 14 of the Delhi Rent Control Act, 1958",
            vec!["Delhi Rent Control Act, 1958 s. 14"],
        ),
        ("Section 4 of the Companies Act, 1956", vec!["Companies Act, 1956 s. 4"]),
        ("sub-section (2) of it", vec![]),
    ] {
        assert_eq!(normals(written, "section"), normal, "{written}");
    }
    assert_eq!(
        normals("Articles 14, 19(1)(g) and 21; Article 226 of the Constitution", "article"),
        [
            "Constitution art. 14",
            "Constitution art. 19(1)(g)",
            "Constitution art. 21",
            "Constitution art. 226"
        ]
    );
    assert_eq!(
        normals("Article 113 of the Limitation Act", "article"),
        ["Limitation Act art. 113"]
    );
}

#[test]
fn dates_and_amounts_have_one_normal_form() {
    for (written, normal) in [
        ("12.03.2024", "2024-03-12"),
        ("12/3/2024", "2024-03-12"),
        ("12th March, 2024", "2024-03-12"),
        ("12th day of March, 2024", "2024-03-12"),
        ("March 12, 2024", "2024-03-12"),
        ("AUGUST 19, 2020", "2020-08-19"),
        ("12 मार्च 2024", "2024-03-12"),
        ("१२.०३.२०२४", "2024-03-12"),
    ] {
        assert_eq!(normals(&format!("on {written} it"), "date"), [normal], "{written}");
    }
    for none in ["31.02.2024", "12.13.2024", "1.2-2024", "112.03.2024"] {
        assert_eq!(normals(none, "date"), Vec::<String>::new(), "{none}");
    }
    for (written, normal) in [
        ("Rs. 1,25,000/-", "12500000"),
        ("Rs.574.35 lakhs", "5743500000"),
        ("₹ 2.5 crore", "2500000000"),
        ("INR 100", "10000"),
        ("5,000 रुपये", "500000"),
    ] {
        let text = format!("pay {written}, then");
        assert_eq!(normals(&text, "amount"), [normal], "{written}");
        assert_eq!(kinds(&text)[0].1, written);
    }
}

#[test]
fn judges_and_courts_are_found_where_they_sit() {
    let coram = "[N. V. RAMANA, S. ABDUL NAZEER AND\nSURYA KANT, JJ.]";
    assert_eq!(normals(coram, "judge"), ["N V RAMANA", "S ABDUL NAZEER", "SURYA KANT"]);
    assert_eq!(normals("SURYA KANT, J.\n\n1. The appeal", "judge"), ["SURYA KANT"]);
    assert_eq!(
        normals("CORAM:\nHON'BLE MR. JUSTICE SANJEEV NARULA\n", "judge"),
        ["SANJEEV NARULA"]
    );
    assert_eq!(normals("Bench: S.M. Sikri, A.N. Grover\n", "judge"), ["S M SIKRI", "A N GROVER"]);
    assert_eq!(
        normals("IN THE HIGH COURT OF DELHI AT NEW DELHI, then the Supreme Court", "court"),
        ["Del", "SC"]
    );
}

#[test]
fn parallel_citations_are_linked_and_others_are_not() {
    let groups = |text: &str| find(text).iter().map(|entity| entity.group).collect::<Vec<_>>();
    assert_eq!(groups("2024 INSC 835 : (2024) 9 SCC 1"), [Some(0), Some(0)]);
    assert_eq!(groups("(2019) 4 SCC 1, (2018) 3 SCC 2"), [None, None]);
    assert_eq!(
        groups("Equivalent citations: AIR 1973 SUPREME COURT 1461, 1973 4 SCC 225"),
        [Some(0), Some(0)]
    );
}

#[test]
fn what_only_looks_like_a_reference_is_left_alone() {
    for text in [
        "the Act No. 43 of 2005 came into force",
        "paid in 2019 the sum of 4 lakhs",
        "at 10.30 a.m. on the second day",
        "in para 12 of 2019",
        "telephone 011-23388922",
        "the scale of 1 in 2000",
    ] {
        let found = kinds(text);
        assert!(
            found.iter().all(|(kind, _)| !matches!(*kind, "citation" | "case_number")),
            "{text}: {found:?}"
        );
    }
}
