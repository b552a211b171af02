use super::super::{Layout, Method, ReadPage, Word};
use super::*;

fn page(number: u32, text: &str, layout: Option<Layout>) -> ReadPage {
    ReadPage {
        number,
        text: text.into(),
        layout,
        method: Method::TextLayer,
        language: None,
        confidence: None,
        took_ms: 0,
        error: None,
        reason: None,
        furniture: Vec::new(),
        findings: Vec::new(),
    }
}

/// Words in lines of 12 points from the top; lines of white space leave their room.
fn set(number: u32, text: &str) -> ReadPage {
    let mut words = Vec::new();
    let (mut at, mut y) = (0_u32, 40.0);
    for line in text.split_inclusive('\n') {
        let mut x = 72.0;
        for word in line.split_inclusive(char::is_whitespace) {
            let end = at + u32::try_from(word.trim_end().len()).unwrap();
            let x1 = x + 6.0 * f32::from(u8::try_from(word.len().min(200)).unwrap());
            if end > at {
                let confidence = None;
                words.push(Word { start: at, end, x0: x, y0: y, x1, y1: y + 10.0, confidence });
            }
            at += u32::try_from(word.len()).unwrap();
            x = x1;
        }
        y += 12.0;
    }
    page(number, text, Some(Layout { width: 595.0, height: 842.0, words }))
}

fn marked(pages: Vec<ReadPage>) -> Vec<Vec<String>> {
    let mut furnisher = Furnisher::default();
    let mut settled = Vec::new();
    for page in pages {
        settled.extend(furnisher.push(page));
    }
    settled.extend(furnisher.finish());
    let words = |page: &ReadPage| {
        let cut = |span: &TextSpan| page.text[span.start as usize..span.end as usize].to_owned();
        page.furniture.iter().map(cut).collect()
    };
    settled.iter().map(words).collect()
}

const BODY: &str = "The plaintiff relies on\nthe invoices that were\nnever disputed and\n";

#[test]
fn heads_that_alternate_and_feet_that_count_are_furniture() {
    let pages = (1..=5)
        .map(|number| {
            let head = if number % 2 == 0 { "ASHA v. BINU" } else { "THE REPORTS" };
            let word = ["one", "two", "three", "four", "five"][number as usize - 1];
            let body = format!("{word} of the\ninvoices {word}\nwas never {word}\n").repeat(3);
            let foot = format!("About figure {number}\n{}\n", number + 150);
            set(number, &format!("{head} {number}\n\n{body}{foot}"))
        })
        .collect();
    let found = marked(pages);
    for (place, lines) in found.iter().enumerate() {
        assert_eq!(lines.len(), 3, "page {}: {lines:?}", place + 1);
    }
}

#[test]
fn what_is_said_once_is_no_furniture() {
    let pages = vec![
        set(1, "IN THE HIGH COURT\nORDER\nThe appeal is allowed.\n12\n"),
        set(2, "JUDGMENT\nThe appeal is dismissed with costs.\nof 1908\n40\n"),
        set(3, "Schedule\nThe respondent shall pay.\nthereafter\n7\n"),
    ];
    assert_eq!(marked(pages), [Vec::<String>::new(), Vec::new(), Vec::new()]);
}

#[test]
fn what_is_numbered_on_its_own_account_is_no_furniture() {
    let pages = (1..=4)
        .map(|number| {
            let word = ["one", "two", "three", "four"][number as usize - 1];
            set(
                number,
                &format!("Schedule {number}\n{}. Inserted by Act 5\nof {word}\n", number * 3),
            )
        })
        .collect();
    assert!(marked(pages).iter().all(Vec::is_empty));
}

#[test]
fn a_page_alone_gives_up_only_plain_page_numbers() {
    let text = "A NOTICE\nIt is given that the\npremises are to be let\nPage 3 of 12";
    assert_eq!(marked(vec![page(3, text, None)]), [["Page 3 of 12"]]);
    assert_eq!(
        marked(vec![set(9, "- 9 -\nwords\nIndian Kanoon - http://indiankanoon.org/doc/77/ 9")])[0]
            .len(),
        2
    );
}

#[test]
fn without_boxes_a_line_must_stand_in_the_same_place() {
    let pages = |foot: &str| {
        (1..=4).map(|n| page(n, &format!("{BODY}{n} matters\n{foot}"), None)).collect()
    };
    let found = marked(pages("Draft of the parties"));
    assert!(found[0].is_empty(), "the first page may bear the title: {found:?}");
    assert!(found[1..].iter().all(|lines| lines.contains(&"Draft of the parties".to_owned())));
}

#[test]
fn marginal_letters_are_found_with_boxes_and_without() {
    let lettered = "A\n\nB\n\nC\n\nD\n\nE\n\nF\n\nG\n\nH\nThe appeal fails.\nA\n";
    assert_eq!(marked(vec![page(1, lettered, None)])[0].len(), 8);
    let mut boxed = page(1, lettered, None);
    let mut words = Vec::new();
    for (place, start) in (0..8_u8).zip((0..24_u32).step_by(3)) {
        let y0 = 100.0 + f32::from(place) * 70.0;
        words.push(Word {
            start,
            end: start + 1,
            x0: 30.0,
            y0,
            x1: 38.0,
            y1: y0 + 9.0,
            confidence: None,
        });
    }
    for (start, end) in [(24, 27), (28, 34), (35, 41), (42, 43)] {
        words.push(Word {
            start,
            end,
            x0: 90.0,
            y0: 300.0,
            x1: 130.0,
            y1: 310.0,
            confidence: None,
        });
    }
    boxed.layout = Some(Layout { width: 595.0, height: 842.0, words });
    assert_eq!(marked(vec![boxed])[0], ["A", "B", "C", "D", "E", "F", "G", "H"]);
}

#[test]
fn no_page_is_lost_or_put_out_of_order() {
    let mut furnisher = Furnisher::default();
    let mut numbers = Vec::new();
    for number in 1..=7 {
        numbers.extend(furnisher.push(page(number, "", None)).iter().map(|page| page.number));
        assert!(numbers.len() + REACH >= number as usize);
    }
    numbers.extend(furnisher.finish().iter().map(|page| page.number));
    assert_eq!(numbers, [1, 2, 3, 4, 5, 6, 7]);
}
