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

#[test]
fn a_bill_has_its_code_its_sums_and_its_mark_on_every_page() {
    let row = |n: usize| vec![format!("Appearance {n}"), format!("₹{n},000.00")];
    let sum = |what: &str| Sum { what: what.to_owned(), figure: "₹1.00".to_owned(), bold: true };
    let paper = Paper {
        title: "Invoice MR/26-27/001".to_owned(),
        foot: "Mehta & Rao".to_owned(),
        blocks: vec![
            Block::Mark("DRAFT".to_owned()),
            Block::Columns(vec![
                ("From".to_owned(), vec!["Mehta & Rao".to_owned(), "New Delhi".to_owned()]),
                ("To".to_owned(), vec!["शर्मा ट्रेडर्स".to_owned()]),
            ]),
            Block::Table(Table {
                columns: vec![Column::words("What", 3), Column::figures("Amount", 1)],
                rows: (1..=90).map(row).collect(),
            }),
            Block::Sums(vec![sum("Total")]),
            Block::Small(vec![Run::plain("Rupees One Only")]),
            Block::Code {
                payload: "upi://pay?pa=mehtarao@sbi&am=1.00&cu=INR".to_owned(),
                beside: vec![Run::bold("Pay by UPI"), Run::plain("mehtarao@sbi")],
            },
        ],
    };
    let bytes = pdf(&paper).unwrap();
    let document = lopdf::Document::load_mem(&bytes).unwrap();
    let pages = document.get_pages();
    assert!(pages.len() > 1, "{} pages", pages.len());
    let streams: Vec<String> = pages
        .values()
        .map(|page| String::from_utf8_lossy(&document.get_page_content(*page)).into_owned())
        .collect();
    assert!(streams.iter().all(|stream| stream.contains("0.88 g")));
    let squares = streams.last().unwrap().matches(" re\n").count();
    assert!(squares > 200, "{squares} squares are no code");
}
