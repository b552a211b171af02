use proptest::prelude::*;

use super::*;

fn plain<'a>(pages: &[(u32, &'a str)]) -> Vec<Page<'a>> {
    pages.iter().map(|&(number, text)| Page { number, text, furniture: &[] }).collect()
}

/// The text of a span, pages joined by a line break.
fn text_of(pages: &[(u32, &str)], span: &Span) -> String {
    let mut parts = Vec::new();
    for &(number, text) in pages {
        if number < span.first_page || number > span.last_page {
            continue;
        }
        let from = if number == span.first_page { span.first_offset } else { 0 };
        let to = if number == span.last_page { span.last_offset } else { text.len() };
        parts.push(&text[from..to]);
    }
    parts.join("\n")
}

fn one_page(text: &str) -> Vec<Span> {
    cut(&plain(&[(1, text)]))
}

fn long() -> String {
    "The plaintiff supplied goods under invoices that were never disputed. ".repeat(6)
}

#[test]
fn passages_follow_numbered_paragraphs() {
    let long = long();
    let spans = one_page(&format!("ORDER\n1. {long}\n2. {long}\n3. {long}"));
    let numbers: Vec<_> = spans.iter().map(|span| span.paragraph.as_deref()).collect();
    assert_eq!(numbers, [Some("1"), Some("2"), Some("3")]);
    assert!(spans.iter().all(|span| span.heading() == Some("ORDER")));
}

#[test]
fn a_long_paragraph_keeps_its_number() {
    let long = long().repeat(4);
    let spans = one_page(&format!("12. {long}\n\n(a) {long}"));
    assert!(spans.len() > 2);
    assert_eq!(spans[1].paragraph.as_deref(), Some("12"));
    assert_eq!(spans.last().unwrap().paragraph.as_deref(), Some("12(a)"));
}

#[test]
fn headings_make_a_path() {
    let long = long();
    let text = format!(
        "PART II\n\nCHAPTER IV\n\nOF COSTS\n\n35. Costs of the suit.—{long}\n\nCHAPTER V\n\n36. Fees.—{long}"
    );
    let paths: Vec<_> = one_page(&text).into_iter().map(|span| span.path.join(" > ")).collect();
    assert_eq!(
        paths,
        [
            "PART II > CHAPTER IV > OF COSTS > 35. Costs of the suit",
            "PART II > CHAPTER V > 36. Fees"
        ]
    );
}

#[test]
fn sub_sections_belong_to_their_section() {
    let long = long();
    let text = format!(
        "138. Dishonour of cheque.—(1) {long}\n(2) {long}\n(a) {long}\n139. Presumption.—{long}"
    );
    let numbers: Vec<_> = one_page(&text).into_iter().filter_map(|span| span.paragraph).collect();
    assert_eq!(numbers, ["138", "138(2)(a)", "139"]);
}

#[test]
fn the_days_of_an_order_sheet_stay_apart() {
    let text = "ORDER SHEET\n12.03.2024\nNotice issued.\n\n02.04.2024\nService complete. List for evidence.\n";
    let spans = one_page(text);
    let days: Vec<_> = spans.iter().map(|span| span.entry.as_deref()).collect();
    assert_eq!(days, [Some("2024-03-12"), Some("2024-04-02")]);
}

#[test]
fn a_sentence_may_cross_a_page() {
    let pages =
        [(1, "1. The notice was served on the"), (2, "defendant on 3 May. It was returned.")];
    let spans = cut(&plain(&pages));
    assert_eq!(spans.len(), 1);
    assert_eq!((spans[0].first_page, spans[0].last_page), (1, 2));
    assert_eq!(
        text_of(&pages, &spans[0]),
        "1. The notice was served on the\ndefendant on 3 May. It was returned."
    );
}

#[test]
fn furniture_does_not_part_a_sentence() {
    let head = "Draft of the parties\n\n";
    let second = format!("{head}defendant on 3 May.");
    let furniture = [TextSpan { start: 0, end: 20 }];
    let spans = cut(&[
        Page { number: 1, text: "1. The notice was served on the", furniture: &[] },
        Page { number: 2, text: &second, furniture: &furniture },
    ]);
    assert_eq!(spans.len(), 1);
    let mut content = Content::default();
    content.push(1, "1. The notice was served on the", 0..31, &[]);
    content.push(2, &second, 0..spans[0].last_offset, &furniture);
    assert_eq!(content.text(), "1. The notice was served on the\ndefendant on 3 May.");
}

#[test]
fn no_cut_is_made_inside_a_citation_or_a_row() {
    let filler = "words of the record that go on and on without an end ".repeat(60);
    let text = format!("{filler}(2019)\u{20}4 SCC 1 {filler}");
    let row = "No. 12 Sale deed. | Exhibit A. | 12.03.2024 | Proved by PW 1. Not disputed.\n";
    for text in [text, row.repeat(80), filler.replace(' ', " (2019) 4 SCC 1 ")] {
        for span in one_page(&text) {
            let part = &text[span.first_offset..span.last_offset];
            let before = &text[..span.first_offset];
            assert!(!before.ends_with("(2019) 4 ") && !before.ends_with("(2019) "), "{part}");
            if text.starts_with(row) {
                assert!(before.is_empty() || before.ends_with('\n'), "{part}");
            }
        }
    }
}

#[test]
fn nothing_has_no_passages() {
    assert!(cut(&[]).is_empty());
    assert!(one_page("").is_empty());
}

/// Pages as a document may have them, some with a head that is furniture.
fn pages() -> impl Strategy<Value = Vec<(String, bool)>> {
    let text = "([A-Za-z0-9।न्याय().\\n ]{0,30}|[a-z .]{0,1500}|[A-Z][a-z .]{0,400}\n\n|[0-9]{1,2}\\. [A-Z][a-z ]{0,300}\\n|([A-Z]{4,9}\\n){0,3}|\\([a-c]\\) [A-Z][a-z. ]{0,90}\n){0,4}";
    prop::collection::vec((text, any::<bool>()), 1..6)
}

fn with_heads(pages: &[(String, bool)]) -> Vec<(u32, String, Vec<TextSpan>)> {
    (1..)
        .zip(pages)
        .map(|(number, (text, head))| {
            if *head {
                (number, format!("HEAD {number}\n{text}"), vec![TextSpan { start: 0, end: 6 }])
            } else {
                (number, text.clone(), Vec::new())
            }
        })
        .collect()
}

fn borrowed(pages: &[(u32, String, Vec<TextSpan>)]) -> Vec<Page<'_>> {
    pages
        .iter()
        .map(|(number, text, furniture)| Page { number: *number, text, furniture })
        .collect()
}

proptest! {
    #[test]
    fn passages_cover_the_text_exactly(pages in pages()) {
        let pages = with_heads(&pages);
        let spans = cut(&borrowed(&pages));
        // Every byte of every page lies in exactly one passage.
        for (number, text, _) in &pages {
            let mut covered = 0;
            for span in spans.iter().filter(|span| span.first_page <= *number && *number <= span.last_page) {
                let from = if span.first_page == *number { span.first_offset } else { 0 };
                let to = if span.last_page == *number { span.last_offset } else { text.len() };
                prop_assert_eq!(from, covered);
                prop_assert!(text.is_char_boundary(to) && to >= from);
                covered = to;
            }
            prop_assert_eq!(covered, text.len());
        }
    }

    #[test]
    fn passages_of_the_first_pages_are_those_of_the_whole(pages in pages()) {
        let pages = with_heads(&pages);
        let pages = borrowed(&pages);
        let whole = cut(&pages);
        for length in 1..pages.len() {
            let part = &pages[..length];
            let touched = part
                .iter()
                .rev()
                .find(|page| !content(page.text, page.furniture).trim().is_empty())
                .map_or(1, |page| page.number);
            let settled: Vec<_> = cut(part).into_iter().filter(|span| span.last_page < touched).collect();
            prop_assert_eq!(&settled[..], &whole[..settled.len()]);
            // And the cutter gives each of them as soon as the page is in.
            let mut cutter = Cutter::default();
            let given: Vec<_> = part.iter().flat_map(|page| cutter.push(page)).collect();
            prop_assert_eq!(settled, given);
        }
    }
}
