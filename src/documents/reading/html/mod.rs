//! Web pages: their blocks as lines, their tables as rows.
//!
//! No tree is built: tags are taken as they come, so depth costs nothing.
//! Scripts and styles are left out; what a page hides is told as a finding.

mod conceal;
mod elements;
mod programs;
mod walk;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Tokenizer, TokenizerOpts};

use super::source::Source;
use super::{ReadError, text};

/// How far into a file its encoding may be declared: browsers look at 1,024
/// bytes, but some producers write long comments first.
const DECLARED_WITHIN: usize = 8192;

/// Takes a web page apart.
///
/// # Errors
/// Fails when it has more text than any document.
pub(super) fn read(bytes: &[u8]) -> Result<Source, ReadError> {
    let page = decode(bytes);
    let tokens = Tokenizer::new(walk::Walk::new(&page), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(page));
    while !input.is_empty() {
        let _asks = tokens.feed(&input);
    }
    tokens.end();
    tokens.sink.finish()
}

/// Decodes a page: by its byte order mark, as UTF-8 when it can be nothing
/// else, by what it declares, else by how its letters are spread.
///
/// Letters beyond ASCII that make valid UTF-8 by chance are far rarer than
/// pages saved anew under an old declaration.
fn decode(bytes: &[u8]) -> String {
    if Encoding::for_bom(bytes).is_some() {
        return text::decode(bytes);
    }
    let is_utf8 = std::str::from_utf8(bytes).is_ok();
    match declared(&bytes[..bytes.len().min(DECLARED_WITHIN)]) {
        Some(encoding) if encoding != UTF_8 && (!is_utf8 || bytes.is_ascii()) => {
            encoding.decode(bytes).0.into_owned()
        }
        _ if is_utf8 || bytes.contains(&0) => text::decode(bytes),
        _ => {
            let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
            detector.feed(bytes, true);
            detector.guess(None, Utf8Detection::Deny).decode(bytes).0.into_owned()
        }
    }
}

/// The encoding a page names after `charset=` or `encoding=`.
fn declared(head: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(head).to_lowercase();
    ["charset", "encoding"].into_iter().find_map(|word| {
        head.match_indices(word).find_map(|(at, _)| {
            let value = head[at + word.len()..].trim_start().strip_prefix('=')?;
            let value = value.trim_start().trim_start_matches(['"', '\'']);
            let end = value.find(|c: char| !c.is_ascii_alphanumeric() && !"-_:.".contains(c));
            let encoding = Encoding::for_label(&value.as_bytes()[..end.unwrap_or(value.len())])?;
            // A declaration that can be read byte by byte is not in UTF-16.
            let wide = encoding == UTF_16BE || encoding == UTF_16LE;
            Some(if wide { UTF_8 } else { encoding })
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::reading::FindingKind;

    fn page(html: &str) -> String {
        read(html.as_bytes()).unwrap().pages.join("\n---\n")
    }

    fn hidden(html: &str) -> (String, Vec<String>) {
        let source = read(html.as_bytes()).unwrap();
        let findings = source.findings.into_iter();
        let hidden = findings.filter(|finding| finding.kind == FindingKind::HiddenText);
        (source.pages.concat(), hidden.map(|finding| finding.detail).collect())
    }

    #[test]
    fn blocks_become_lines() {
        let html = "<title>Rao v. State</title><h1>Order</h1><p>The  appeal\nis <b>all</b>owed.\
            <p>Costs<br>follow &amp; interest&nbsp;too.<div>One</div>two";
        assert_eq!(
            page(html),
            "Order\n\nThe appeal is allowed.\n\nCosts\nfollow & interest\u{a0}too.\nOne\ntwo"
        );
        let source = read(html.as_bytes()).unwrap();
        assert_eq!(source.title.as_deref(), Some("Rao v. State"));
        assert_eq!(source.outline[0].title, "Order");
    }

    #[test]
    fn tables_keep_their_rows_even_without_end_tags() {
        let html = "<table><tr><th>Rent<th>Due<tr><td>Rs <i>500</i></td><td><p>monthly</p></table>";
        assert_eq!(page(html), "Rent | Due\nRs 500 | monthly");
    }

    #[test]
    fn a_table_that_lays_out_the_page_leaves_its_lines() {
        let html = "<table><tr><td><p>first</p><p>second</p></td></tr></table>after";
        assert_eq!(page(html), "first\nsecond\n\nafter");
    }

    #[test]
    fn lists_show_their_marks() {
        let html = "<ol start=3><li>three<ul><li>inner</ul><li>four</ol><ol type=a><li>x</ol>";
        assert_eq!(page(html), "3. three\n• inner\n4. four\n\na. x");
    }

    #[test]
    fn preformatted_text_keeps_its_lines() {
        assert_eq!(page("<pre>\n  IN THE  COURT\n    OF</pre>"), "IN THE  COURT\n    OF");
    }

    #[test]
    fn what_is_hidden_is_told_and_left_out() {
        let html = "<style>.x, p.y {color:red; display : none} @media print {.z{display:none}}\
            </style><p>seen<div hidden>one <div>two</div></div><span class='a x'>three</span>\
            <p style='font-size:0px'>four<p>also seen<b class=z>, too</b>\
            <span style='color:#fff;background:#FFFFFF'>five</span>\
            <p style='visibility:hidden'>six</p>";
        let (text, hidden) = hidden(html);
        assert_eq!(text, "seen\n\nalso seen, too");
        assert_eq!(hidden, ["one two three four five six"]);
    }

    #[test]
    fn a_hidden_item_ends_with_the_next() {
        let (text, hidden) = hidden("<ul><li hidden>a<li>b</ul><p hidden>c<div>d</div>");
        assert_eq!((text.as_str(), hidden.concat().as_str()), ("• b\n\nd", "a c"));
    }

    #[test]
    fn white_letters_are_hidden_only_where_nothing_is_painted() {
        let white = "<p>a<font color=white>b</font>";
        assert_eq!(hidden(white).0, "a");
        assert_eq!(hidden(&format!("<body bgcolor=black>{white}")).0, "ab");
    }

    #[test]
    fn programs_and_frames_are_told_and_left_out() {
        let html = "<script>if (a < b) document.write('<p>no</p>')</script><p onclick='go()'>yes\
            <iframe src='http://evil.example/'>no</iframe><form action='/send'>";
        let source = read(html.as_bytes()).unwrap();
        assert_eq!(source.pages, ["yes"]);
        let told: Vec<_> = source.findings.iter().map(|f| (f.kind, f.detail.as_str())).collect();
        assert_eq!(
            told,
            [
                (FindingKind::Script, "if (a < b) document.write('<p>no</p>')"),
                (FindingKind::Script, "onclick: go()"),
                (FindingKind::Action, "a frame that shows http://evil.example/"),
                (FindingKind::Action, "a form that sends to /send"),
            ]
        );
    }

    #[test]
    fn the_encoding_is_found() {
        let cyrillic = "<meta charset='windows-1251'><p>\u{41f}\u{440}";
        let bytes = encoding_rs::WINDOWS_1251.encode(cyrillic).0;
        assert_eq!(read(&bytes).unwrap().pages, ["Пр"]);
        assert_eq!(read("<p>धारा".as_bytes()).unwrap().pages, ["धारा"]);
        assert_eq!(read(b"<meta charset=utf-8><p>\x93Order\x94").unwrap().pages, ["“Order”"]);
        let anew = "<meta charset=iso-8859-1><p>“Order”";
        assert_eq!(read(anew.as_bytes()).unwrap().pages, ["“Order”"]);
        assert_eq!(read(b"\xff\xfe<\0p\0>\0a\0").unwrap().pages, ["a"]);
    }

    #[test]
    fn hostile_markup_comes_to_an_end() {
        assert_eq!(page(&"<table><tr><td>".repeat(100_000)), "");
        assert_eq!(page(&"<div hidden>".repeat(100_000)), "");
        assert_eq!(page("<"), "<");
        assert_eq!(page(&("</p></td></tr></table>".repeat(1000) + "x")), "x");
    }
}
