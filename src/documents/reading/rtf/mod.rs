//! Rich text: groups of control words and text, read as they come.
//!
//! Numbers of lists are in the file as Word showed them. Fields show their
//! result; pictures and objects are passed over, and objects told.

mod fonts;
mod lexer;
mod state;
mod walk;

use super::ReadError;
use super::source::Source;

/// Takes a rich text document apart.
///
/// # Errors
/// Fails when it is none, or has more text than any document.
pub(super) fn read(bytes: &[u8]) -> Result<Source, ReadError> {
    let bytes = bytes.trim_ascii_start();
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if !bytes.starts_with(b"{\\rtf") {
        return Err(ReadError::Damaged("it does not begin like rich text".into()));
    }
    let mut walk = walk::Walk::default();
    for token in lexer::Lexer::new(bytes) {
        walk.take(token);
    }
    walk.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::reading::FindingKind;

    fn source(body: &str) -> Source {
        // Line ends mean nothing in rich text, but spaces do.
        let body: String = body.lines().map(str::trim_start).collect();
        read(format!("{{\\rtf1\\ansi\\ansicpg1252 {body}}}").as_bytes()).unwrap()
    }

    fn text(body: &str) -> String {
        source(body).pages.join("\n---\n")
    }

    fn details(body: &str) -> Vec<String> {
        source(body).findings.into_iter().map(|finding| finding.detail).collect()
    }

    #[test]
    fn paragraphs_and_special_characters_are_read() {
        let body =
            r"\pard In the \b Supreme\b0  Court\par Rs\~500 \endash  \'93paid\'94\line again\par";
        assert_eq!(text(body), "In the Supreme Court\nRs\u{a0}500 – “paid”\nagain");
    }

    #[test]
    fn characters_come_by_code_and_by_code_page() {
        let fonts =
            r"{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset204 Arial Cyr;}{\f2\fcharset128 MS;}}";
        assert_eq!(text(&(fonts.to_owned() + r"\f1\'cf\'f0 \f0\'e9 \f2\'83e")), "Пр é テ");
        assert_eq!(text(r"\uc1\u2343?\u2366? \u-10179?\u-8704? \uc2\u2325\'81\'40!"), "धा 😀 क!");
        assert_eq!(text(r"\u-3913?\u55357?x"), "•x");
    }

    #[test]
    fn tables_keep_their_rows() {
        let body = r"\trowd\pard\intbl Rent\cell Rs 500\par a month\cell\row
            \trowd\pard\intbl Due\cell\cell\row\pard after\par";
        assert_eq!(text(body), "Rent | Rs 500 a month\nDue\nafter");
    }

    #[test]
    fn a_table_in_a_cell_becomes_part_of_it() {
        let body = r"\pard\intbl a\cell\pard\intbl\itap2 b\nestcell c\nestcell
            {\*\nesttableprops\trowd\nestrow}{\nonesttables\par}\pard\intbl d\cell\row";
        assert_eq!(text(body), "a | b | c d");
    }

    #[test]
    fn lists_keep_the_marks_they_show() {
        let body = r"{\fonttbl{\f3\fcharset2 Symbol;}}\pard{\listtext\f3\'b7\tab}one\par
            {\pntext 2.\tab}{\*\pn\pnlvlbody{\pntxta .}}two\par";
        assert_eq!(text(body), "• one\n2. two");
    }

    #[test]
    fn notes_and_running_heads_have_their_place() {
        let body = r"{\header\pard Rao v. State\par}{\footer\chpgn\par}See{\super\chftn}{\footnote
            \pard{\super\chftn} AIR 1973 SC 1461}.\par{\annotation check}";
        assert_eq!(text(body), "Rao v. State\n\nSee[1].\n\n[1] AIR 1973 SC 1461");
        assert_eq!(details(r"a{\*\annotation check}"), ["comment: check"]);
    }

    #[test]
    fn hidden_and_deleted_words_are_told_and_left_out() {
        let body = r"{\colortbl;\red255\green255\blue255;}pay {\v secretly }{\deleted not }{\cf1 white }
            {\cf1\highlight2 seen }{\fs2 tiny }\v hidden\v0 now\par";
        assert_eq!(text(body), "pay seen now");
        assert_eq!(details(body), ["secretly white tiny hidden", "tracked deletion: not"]);
    }

    #[test]
    fn fields_show_their_result_and_those_that_fetch_are_told() {
        let body = r#"{\field{\*\fldinst HYPERLINK "http://court.example"}{\fldrslt the court}}
            {\field{\*\fldinst DDEAUTO c:\\cmd.exe}{\fldrslt shown}}"#;
        assert_eq!(text(body), "the courtshown");
        assert_eq!(source(body).findings[0].kind, FindingKind::Action);
    }

    #[test]
    fn objects_and_pictures_are_passed_over() {
        let body =
            r"a{\object\objemb{\*\objclass Package}{\*\objdata 0105}{\result b}}{\pict 89504e}c";
        assert_eq!(text(body), "abc");
        assert_eq!(details(body), ["an object of kind Package"]);
        let binary = b"{\\rtf1 a{\\pict\\bin4 }{}\\}b}";
        assert_eq!(read(binary).unwrap().pages, ["ab"]);
    }

    #[test]
    fn headings_make_the_outline_and_breaks_make_pages() {
        let body = r"{\stylesheet{\s1 heading 1;}{\s2\outlinelevel1 Other;}}\pard\s1 Facts\par
            \pard text\page\pard\s2 Law\par\pard end\sect\pard next\par";
        let source = source(body);
        assert_eq!(source.pages, ["Facts\ntext", "Law\nend", "next"]);
        let told: Vec<_> =
            source.outline.iter().map(|e| (e.title.as_str(), e.depth, e.page)).collect();
        assert_eq!(told, [("Facts", 0, 1), ("Law", 1, 2)]);
    }

    #[test]
    fn the_title_and_text_boxes_are_read() {
        let body = r"{\info{\title A lease}{\author Rao}}before{\shp{\*\shpinst{\sp{\sn x}{\sv 1}}
            {\shptxt in the box\par}}{\shprslt twice}}\par";
        let source = source(body);
        assert_eq!(source.title.as_deref(), Some("A lease"));
        assert_eq!(source.pages, ["before\nin the box"]);
    }

    #[test]
    fn hostile_input_comes_to_an_end() {
        assert_eq!(text(&("{".repeat(100_000) + "x")), "x");
        assert_eq!(text(&("}".repeat(10) + "x")), "x");
        assert_eq!(read(b"{\\rtf1 a\\bin99999999999 b").unwrap().pages, ["a"]);
        assert_eq!(read(b"{\\rtf1 a\\'").unwrap().pages, ["a"]);
        assert!(matches!(read(b"{\\rt"), Err(ReadError::Damaged(_))));
    }
}
