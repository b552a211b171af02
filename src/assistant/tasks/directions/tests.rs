//! What orders say, in the words they say it in.

use super::super::whole::PageText;
use super::{Kind, Read, read};

fn of(text: &str) -> Vec<Read> {
    read(&[PageText { number: 1, text: text.to_owned() }], None)
}

/// Kind, day and whether it is certain, of each direction.
fn told(text: &str) -> Vec<(Kind, String, bool)> {
    let day = |read: &Read| read.on.map_or_else(|| "none".to_owned(), |day| day.to_string());
    of(text).iter().map(|read| (read.kind, day(read), read.doubt.is_none())).collect()
}

fn order(body: &str) -> String {
    format!("IN THE HIGH COURT\n\nDate of order: 20.11.2025\n\n{body}\n")
}

#[test]
fn a_single_order_is_read() {
    let text = order(
        "Issue notice. Counter affidavit be filed within four weeks. Rejoinder, if any, be filed \
         within two weeks thereafter.\nCosts of ₹5,000 be deposited on or before 12.01.2026.\n\
         List on 3rd March, 2026 for final hearing.",
    );
    assert_eq!(
        told(&text),
        [
            (Kind::Deadline, "2025-12-18".to_owned(), true),
            (Kind::Deadline, "2026-01-01".to_owned(), true),
            (Kind::Deadline, "2026-01-12".to_owned(), true),
            (Kind::Hearing, "2026-03-03".to_owned(), true),
        ]
    );
    let read = of(&text);
    assert_eq!(read[0].computed, "order of 20 November 2025 + four weeks");
    assert_eq!(
        read[1].computed,
        "two weeks after 18 December 2025, the last day of the step before"
    );
    assert_eq!(read[3].title, "Hearing for final hearing");
    assert!(read.iter().all(|read| text.contains(&read.quote)));
}

#[test]
fn what_is_not_certain_is_said_to_be_so() {
    let doubt = |body: &str| {
        let read = of(&order(body));
        assert_eq!(read.len(), 1, "{body}: {read:?}");
        (read[0].on.map(|day| day.to_string()), read[0].doubt.clone().unwrap_or_default())
    };
    let (on, why) = doubt(
        "The respondent is directed to pay the amount within two months from the date of receipt \
         of a certified copy of this order.",
    );
    assert_eq!(on.as_deref(), Some("2026-01-20"));
    assert!(why.contains("receipt"), "{why}");
    assert!(doubt("List on 5.1.26.").1.contains("two figures"));
    assert!(doubt("Put up on 14th January for arguments.").1.contains("no year"));
    assert!(doubt("List after four weeks.").1.contains("names no day"));
    assert!(doubt("Renotify on 12.10.2025.").1.contains("before the order"));
    assert!(doubt("List on 04.01.2026.").1.contains("Sunday"));
    assert!(doubt("List in the week commencing 05.01.2026.").1.contains("week"));
    assert_eq!(doubt("List on 31.02.2026.").0, None);
    let undated = of("The respondent shall file a reply within two weeks.");
    assert_eq!((undated[0].on, undated[0].doubt.is_some()), (None, true));
}

#[test]
fn what_is_no_direction_is_none() {
    for text in [
        "The matter was adjourned to 10.12.2025 at the request of counsel.",
        "The High Court directed the appellant to pay the amount within four weeks.",
        "Provided that the award shall be made within a period of twelve months from the date of \
         completion of pleadings.",
        "The merit list published on 12.03.2024 was challenged.",
        "He was sentenced to imprisonment for three years.",
        "The petitioner contended that he had paid by 12.03.2024.",
        "The learned Judge said: “The respondent shall pay within two weeks.”",
        "Leave is granted from 05.09.2026 to 09.09.2026.",
    ] {
        assert_eq!(told(&order(text)), [], "{text}");
    }
}

#[test]
fn each_entry_of_an_order_sheet_counts_from_its_own_date() {
    let first = "ORDER SHEET\nState v. Imran Qureshi\n\n18.05.2026\nPresent: Ld. APP for the State.\n\
        The IO shall file a reply within one week.\nPut up for reply and arguments on \
        26.05.2026.\n(P. Lakra) ASJ / 18.05.2026\n\n26.05.2026\nPresent: As before.\n\
        The IO shall verify the statement and file a status report two days before the\nnext date.\n\
        Put up for arguments on 03.06.2026.\n";
    let second = "03.06.2026\nPresent: As before.\nHe shall deposit ₹2,00,000 within eight weeks, \
        that is, by 04.08.2026.\nReply with\n";
    let third = "medical papers be filed by 16.11.2026.\n";
    let page = |number, text: &str| PageText { number, text: text.to_owned() };
    let read = read(&[page(1, first), page(2, second), page(3, third)], None);
    let told: Vec<(Kind, String, u32)> =
        read.iter().map(|read| (read.kind, read.on.unwrap().to_string(), read.page)).collect();
    assert_eq!(
        told,
        [
            (Kind::Deadline, "2026-05-25".to_owned(), 1),
            (Kind::Hearing, "2026-05-26".to_owned(), 1),
            (Kind::Deadline, "2026-06-01".to_owned(), 1),
            (Kind::Hearing, "2026-06-03".to_owned(), 1),
            (Kind::Deadline, "2026-08-04".to_owned(), 2),
            (Kind::Deadline, "2026-11-16".to_owned(), 3),
        ]
    );
    assert_eq!(read[1].title, "Hearing for reply and arguments");
    assert_eq!(read[2].computed, "two days before the hearing of 3 June 2026");
    assert_eq!(read[5].quote, "medical papers be filed by 16.11.2026.");
    assert!(read.iter().all(|read| read.doubt.is_none()));
}
