use proptest::prelude::*;

use super::super::head::head;
use super::super::numbers::own;
use super::*;

const DELHI: &str = include_str!("../../../fixtures/cause-lists/delhi-high-court.txt");
const BOMBAY: &str = include_str!("../../../fixtures/cause-lists/bombay-high-court.txt");
const SUPREME: &str = include_str!("../../../fixtures/cause-lists/supreme-court.txt");
const DISTRICT: &str = include_str!("../../../fixtures/cause-lists/district-court.txt");

fn with(list: &[ListEntry], number: &str) -> ListEntry {
    let own = own(number).unwrap();
    let found =
        list.iter().find(|entry| entry.numbers.iter().any(|one| one.forms().contains(&own)));
    found.unwrap_or_else(|| panic!("{number} in {list:#?}")).clone()
}

#[test]
fn a_list_of_delhi_is_read() {
    let list = entries(DELHI);
    let items: Vec<_> = list.iter().map(|entry| entry.item.as_deref().unwrap_or("")).collect();
    assert_eq!(items, ["1", "2", "3", "31", "1", "2"], "{list:#?}");
    let suit = with(&list, "CS(COMM) 412/2025");
    assert_eq!(suit.item.as_deref(), Some("31"));
    assert_eq!(suit.court_hall.as_deref(), Some("12"));
    assert!(suit.bench.as_deref().is_some_and(|bench| bench.contains("A. K. RAO")), "{suit:?}");
    assert!(suit.text.contains("KAPOOR\nTEXTILES"), "{suit:?}");
    assert_eq!(suit.purpose.as_deref(), Some("for final hearing"));
    let joined = with(&list, "CM APPL. 4567/2026");
    assert_eq!(joined.item.as_deref(), Some("2"));
    assert_eq!(with(&list, "LPA 77/2026").court_hall.as_deref(), Some("14"));
    assert_eq!(head(DELHI).on_date.map(|day| day.to_string()).as_deref(), Some("2026-11-23"));
    assert_eq!(head(DELHI).court.as_deref(), Some("High Court of Delhi at New Delhi"));
}

#[test]
fn a_list_of_bombay_is_read() {
    let list = entries(BOMBAY);
    let petition = with(&list, "WP/1234/2026");
    assert_eq!(petition.item.as_deref(), Some("901"));
    assert_eq!(petition.list_type, Some(ListType::Supplementary));
    assert!(petition.text.contains("LOTUS INFRA"), "{petition:?}");
    assert_eq!(with(&list, "ARBP/771/2026").item.as_deref(), Some("902"));
    assert_eq!(head(BOMBAY).on_date.map(|day| day.to_string()).as_deref(), Some("2026-11-23"));
}

#[test]
fn a_list_of_the_supreme_court_is_read() {
    let list = entries(SUPREME);
    let petition = with(&list, "SLP(C) No. 9996/2026");
    assert_eq!(petition.item.as_deref(), Some("12"));
    assert_eq!(petition.court_hall.as_deref(), Some("3"));
    assert_eq!(petition.starts_at.map(|time| time.to_string()).as_deref(), Some("10:30:00"));
    assert_eq!(with(&list, "Crl.A. No. 1234/2026").item.as_deref(), Some("13"));
}

#[test]
fn a_list_of_a_district_court_is_read() {
    let list = entries(DISTRICT);
    let complaint = list.iter().find(|entry| entry.cnrs == ["DLCT020012342025"]).unwrap();
    assert_eq!(complaint.item.as_deref(), Some("2"));
    assert!(complaint.bench.as_deref().is_some_and(|bench| bench.contains("Meena")));
    assert_eq!(with(&list, "CS SCJ 45/2026").item.as_deref(), Some("1"));
}

/// The items of a list with their numbers, rooms and headings.
fn read(text: &str) -> Vec<(String, String, String)> {
    let own = |text: Option<String>| text.unwrap_or_default();
    let one = |entry: ListEntry| {
        let numbers: Vec<&str> =
            entry.numbers.iter().map(|one| &entry.text[one.range.clone()]).collect();
        (own(entry.item), numbers.join(" + "), own(entry.court_hall) + &own(entry.purpose))
    };
    entries(text).into_iter().map(one).collect()
}

fn row(item: &str, numbers: &str, over: &str) -> (String, String, String) {
    (item.to_owned(), numbers.to_owned(), over.to_owned())
}

#[test]
fn items_that_are_heard_together_are_read_as_they_are_numbered() {
    let text = "COURT NO. 3\n\
        101 SLP(C) No. 1/2026 A VERSUS B\n\
        101.1 Connected\nSLP(C) No. 2/2026 C VERSUS B\n\
        102-104 W.P.(C) 5/2026 D V/S E\n\
        WITH\nW.P.(C) 6/2026\n\
        105 & 106 W.P.(C) 7/2026 F V/S G\n\
        ITEM NOS. 107 TO 109 W.P.(C) 8/2026 H V/S I\n";
    assert_eq!(
        read(text),
        [
            row("101", "SLP(C) No. 1/2026", "3"),
            row("101.1", "SLP(C) No. 2/2026", "3"),
            row("102-104", "W.P.(C) 5/2026 + W.P.(C) 6/2026", "3"),
            row("105 & 106", "W.P.(C) 7/2026", "3"),
            row("107 TO 109", "W.P.(C) 8/2026", "3"),
        ]
    );
}

#[test]
fn a_ministry_of_justice_is_a_party_and_two_fifteen_is_after_noon() {
    let text = "COURT NO. 3 AT 2.15\nHON'BLE MR. JUSTICE V. SEN\nFOR ADMISSION\n\
        1 W.P.(C) 5/2026 ANITA RAO\n  V/S UNION OF INDIA\n  MINISTRY OF LAW AND JUSTICE\n\
        2 W.P.(C) 6/2026 D V/S E\n";
    let list = entries(text);
    assert!(list[0].text.contains("MINISTRY OF LAW AND JUSTICE"), "{list:#?}");
    assert_eq!(list[1].bench.as_deref(), Some("HON'BLE MR. JUSTICE V. SEN"));
    assert_eq!(list[1].starts_at.map(|time| time.to_string()).as_deref(), Some("14:15:00"));
}

#[test]
fn each_court_of_a_list_has_its_own_headings() {
    let text = "In the court of Ms. Meena Gupta\nCourt No. 5\nEvidence\n\
        1\nCS SCJ/45/2026\nA Vs. B\n\
        In the court of Mr. Arun Das\n\
        1\nCS SCJ/46/2026\nC Vs. D\n";
    let list = entries(text);
    assert_eq!(list[0].purpose.as_deref(), Some("evidence"));
    assert_eq!((list[1].purpose.as_deref(), list[1].court_hall.as_deref()), (None, None));
    assert!(list[1].bench.as_deref().is_some_and(|bench| bench.contains("Arun Das")));
}

#[test]
fn what_is_no_list_has_no_entries() {
    assert_eq!(entries(""), []);
    assert_eq!(entries("The tenant vacated in Jaipur.\n1. He paid.\n2. He left."), []);
}

proptest! {
    #[test]
    fn no_text_stops_the_reader(text in "\\PC{0,400}") {
        let _ = entries(&text);
        let _ = head(&text);
    }

    #[test]
    fn no_heap_of_pieces_stops_the_reader(pieces in prop::collection::vec(
        prop::sample::select(vec![
            "1. ", "\n", "W.P.(C) ", "1234/2023", " of ", "2024", "COURT NO. ", "IX", " v. ", "&",
            "HON'BLE ", "23.11.2026", "é", "न्याय", "AT 25:99", "CNR ", "DLCT010012342025", "/", "-",
            "SUPPLEMENTARY LIST", " with ", "99999999",
        ]), 0..60,
    )) {
        let text = pieces.concat();
        for entry in entries(&text) {
            prop_assert!(entry.number > 0);
            for number in &entry.numbers {
                prop_assert!(entry.text.get(number.range.clone()).is_some());
            }
        }
    }
}
