use super::*;

fn of(text: &str) -> Description {
    describe(&[Page { number: 1, text, furniture: &[] }])
}

#[test]
fn a_judgment_is_described_by_its_first_page() {
    let found = of(
        "IN THE SUPREME COURT OF INDIA\nCIVIL APPELLATE JURISDICTION\n\nCIVIL APPEAL 3142 OF 2010\n\nGOVERNMENT OF KERALA & ANR. …APPELLANTS\n\nVERSUS\n\nA.B. JOSEPH & ORS. …RESPONDENTS\n\nJUDGMENT\n\nSANJAY KAROL, J.\n\n1. This appeal is filed.\n\nNew Delhi;\nAugust 9, 2023.",
    );
    assert_eq!(found.kind, "judgment");
    assert_eq!(
        found.title.as_deref(),
        Some("Government of Kerala & Anr. v. A.B. Joseph & Ors. (2023)")
    );
    assert_eq!(found.court.as_deref(), Some("Supreme Court of India"));
    assert_eq!(found.judges, ["SANJAY KAROL"]);
    assert_eq!(found.date.as_deref(), Some("2023-08-09"));
    assert!(found.reasons.contains(&"a line says JUDGMENT"));
}

#[test]
fn the_parties_are_found_where_they_stand() {
    let text = "BATLIBOI ENGINEERS\nLIMITED .....APPELLANT\nVERSUS\nTHE STATE (N.C.T. OF DELHI)\n.....RESPONDENT\n";
    let parties = parties(text);
    let named: Vec<_> =
        parties.iter().map(|party| (party.text.as_str(), party.normal.as_str())).collect();
    assert_eq!(
        named,
        [
            ("BATLIBOI ENGINEERS\nLIMITED", "BATLIBOI ENGINEERS LIMITED"),
            ("THE STATE (N.C.T. OF DELHI)", "THE STATE (NCT OF DELHI)")
        ]
    );
    assert!(super::parties("We met the other side on Monday.").is_empty());
}

#[test]
fn a_title_line_names_parties_and_date() {
    let found = caption("Govt. Of Kerala vs Joseph on 9 August,\n2023\n\nAuthor: A\n");
    let names: Vec<_> = found.parties.iter().map(|party| party.name.as_str()).collect();
    assert_eq!(names, ["Govt. Of Kerala", "Joseph"]);
    assert_eq!(found.date.as_deref(), Some("2023-08-09"));
}

#[test]
fn papers_of_every_kind_are_told_apart() {
    for (kind, text) in [
        (
            "order",
            "IN THE HIGH COURT OF DELHI\nORDER\n12.03.2024\nPresent: Mr. A for the petitioner.\nList on 02.04.2024.",
        ),
        (
            "plaint",
            "IN THE COURT OF THE CIVIL JUDGE\nSuit for recovery of Rs. 5,00,000\nPLAINT UNDER ORDER VII RULE 1 CPC\nThe plaintiff most respectfully showeth",
        ),
        (
            "written_statement",
            "IN THE COURT OF THE CIVIL JUDGE\nWRITTEN STATEMENT ON BEHALF OF DEFENDANT NO. 1\nPreliminary objections",
        ),
        ("affidavit", "AFFIDAVIT\nI, A.B., do hereby solemnly affirm and state as under\nDEPONENT"),
        (
            "agreement",
            "LEASE AGREEMENT\nThis agreement is made and entered into on 1 May 2020 by and between A and B.\nWHEREAS the lessor owns",
        ),
        (
            "notice",
            "LEGAL NOTICE\nUnder instructions from my client I call upon you to pay within 15 days of the receipt of this notice.",
        ),
        ("vakalatnama", "VAKALATNAMA\nI hereby appoint Mr. A, Advocate, to appear"),
        (
            "statute",
            "THE ARBITRATION ACT, 1996\nAn Act to consolidate the law\nBE it enacted by Parliament as follows",
        ),
        ("letter", "Subject: Rent for May\n\nDear Sir,\nPlease pay.\nYours faithfully,\nA"),
        ("mail", "From: A <a@example.org>\nTo: b@example.org\nSubject: Rent\n\nPlease pay."),
        ("other", "Eggs, flour, two pounds of sugar."),
    ] {
        assert_eq!(of(text).kind, kind, "{text}");
    }
    assert_eq!(
        of("From: A <a@example.org>\nTo: b@example.org\nSubject: Rent\n\nHi").title.as_deref(),
        Some("Rent")
    );
}
