//! What is set is read back.

use super::*;

fn sample(rows: usize) -> Paper {
    let long = "abcdef0123456789".repeat(4);
    let row = |n: usize| vec![format!("Order {n}"), long.clone(), format!("₹ {n},00,000")];
    Paper {
        title: "An answer".to_owned(),
        foot: "For filing".to_owned(),
        blocks: vec![
            Block::Title("Sharma v. Kapoor".to_owned()),
            Block::Text(vec![
                Run::plain("The suit is "),
                Run::bold("within limitation"),
                Run::plain("."),
            ]),
            Block::Quote(vec![Run::plain("न्यायालय ने कहा कि अभियुक्त दोषी नहीं है।")]),
            Block::Item("1.".to_owned(), vec![Run::plain("தமிழ் & <বাংলা>")]),
            Block::Table(Table {
                columns: vec![
                    Column::words("Document", 2),
                    Column::words("SHA-256", 3),
                    Column::figures("Amount", 2),
                ],
                rows: (1..=rows).map(row).collect(),
            }),
            Block::NewPage,
            Block::Blank("Reviewed by".to_owned()),
        ],
    }
}

#[test]
fn a_pdf_is_whole_and_small() {
    let bytes = pdf(&sample(120)).unwrap();
    assert!(bytes.starts_with(b"%PDF-1.7"));
    assert!(bytes.len() < 200_000, "{} bytes: the fonts are not cut down", bytes.len());
    let document = lopdf::Document::load_mem(&bytes).unwrap();
    let pages = document.get_pages();
    assert!(pages.len() > 4, "{} pages", pages.len());
}

#[test]
fn a_docx_holds_the_text_and_nothing_that_breaks_it() {
    let mut paper = sample(2);
    paper.blocks.push(Block::Text(vec![Run::plain("a\u{1}b & c < d")]));
    let bytes = docx(&paper).unwrap();
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut body = String::new();
    std::io::Read::read_to_string(&mut zip.by_name("word/document.xml").unwrap(), &mut body)
        .unwrap();
    for text in ["within limitation", "ab &amp; c &lt; d", "न्यायालय ने कहा", "₹ 2,00,000"]
    {
        assert!(body.contains(text), "{text} is not in {body}");
    }
    let mut reader = quick_xml::Reader::from_str(&body);
    while reader.read_event().unwrap() != quick_xml::events::Event::Eof {}
}

#[test]
fn an_empty_paper_is_one_page() {
    let document = lopdf::Document::load_mem(&pdf(&Paper::default()).unwrap()).unwrap();
    assert_eq!(document.get_pages().len(), 1);
}
