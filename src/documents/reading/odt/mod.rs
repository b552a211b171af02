//! OpenDocument: texts, workbooks and presentations share one body of XML.
//!
//! Numbers of lists and headings are not in the text; they are counted from
//! the styles. Hidden text, tracked deletions and comments are told as findings.

mod lists;
mod styles;
mod walk;

use super::aside::Asides;
use super::parts::Parts;
use super::source::Source;
use super::{FindingKind, ReadError, xml};
use styles::Styles;
use walk::Walk;

/// What a body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Paragraphs that flow into pages.
    Text,
    /// Sheets, each a page.
    Sheets,
    /// Slides, each a page.
    Slides,
}

/// Takes an OpenDocument text apart.
///
/// # Errors
/// Fails when it is damaged, needs a password, or unpacks to too much.
pub(super) fn read(bytes: Vec<u8>) -> Result<Source, ReadError> {
    read_parts(Parts::open(bytes)?, Kind::Text)
}

/// Takes the parts of an OpenDocument file apart.
///
/// # Errors
/// As [`read`].
pub(super) fn read_parts(mut parts: Parts, kind: Kind) -> Result<Source, ReadError> {
    let manifest = parts.text("META-INF/manifest.xml")?.unwrap_or_default();
    if manifest.contains("encryption-data") || parts.has("encrypted-package") {
        return Err(ReadError::Encrypted);
    }
    let content = parts
        .text("content.xml")?
        .ok_or_else(|| ReadError::Damaged("its main part is missing".into()))?;
    let common = parts.text("styles.xml")?.unwrap_or_default();
    let mut styles = Styles::default();
    styles.add(&common);
    styles.add(&content);
    let mut walk = Walk::new(&styles, kind);
    // Only running heads and feet have text there; what breaks off is left out.
    let _broken = walk.walk(&common);
    walk.walk(&content)
        .map_err(|error| ReadError::Damaged(format!("its main part breaks off: {error}")))?;
    let (flow, mut asides) = walk.into_flow();
    active_content(&parts, &mut asides);
    let title = parts.text("meta.xml")?.and_then(|meta| xml::text_of(&meta, "title"));
    let (pages, outline) = flow.finish()?;
    Ok(Source { title, pages, outline, findings: asides.into_findings(), ..Source::default() })
}

/// Notes macros and embedded files by the names of the parts.
fn active_content(parts: &Parts, asides: &mut Asides) {
    let mut names: Vec<String> = parts.names().map(std::borrow::Cow::into_owned).collect();
    names.sort_unstable();
    for name in names {
        let Some((folder, file)) = name.split_once('/') else { continue };
        if matches!(folder, "Basic" | "Scripts") && !file.is_empty() {
            asides.note(FindingKind::Macro, format!("a library in {folder}"));
        } else if folder.starts_with("Object ") {
            asides.note(FindingKind::EmbeddedFile, folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::reading::parts::tests::pack;

    fn source(styles: &str, body: &str) -> Source {
        let content = format!(
            "<office:document-content><office:automatic-styles>{styles}</office:automatic-styles>\
             <office:body><office:text>{body}</office:text></office:body></office:document-content>"
        );
        read(pack(&[("content.xml", &content)])).unwrap()
    }

    fn text(body: &str) -> String {
        source("", body).pages.join("\n---\n")
    }

    fn details(source: &Source) -> Vec<&str> {
        source.findings.iter().map(|finding| finding.detail.as_str()).collect()
    }

    const LIST: &str = "<text:list-style style:name='L'>\
        <text:list-level-style-number text:level='1' style:num-format='1' style:num-suffix='.'/>\
        <text:list-level-style-number text:level='2' style:num-format='a' style:num-prefix='(' \
        style:num-suffix=')'/><text:list-level-style-bullet text:level='3' \
        text:bullet-char='–'/></text:list-style>";

    #[test]
    fn paragraphs_keep_their_spaces_tabs_and_lines() {
        let body = "<text:p>Rs<text:s text:c='2'/>500\n   only<text:tab/>x<text:line-break/>\
            <text:span>A &amp; B</text:span></text:p><text:p>next</text:p>";
        assert_eq!(text(body), "Rs  500 only\tx\nA & B\nnext");
    }

    #[test]
    fn lists_are_numbered_by_their_style() {
        let item = |text: &str, inner: &str| {
            format!("<text:list-item><text:p>{text}</text:p>{inner}</text:list-item>")
        };
        let list = |items: &str| format!("<text:list>{items}</text:list>");
        let inner = list(&(item("a", "") + &item("b", &list(&item("bullet", "")))));
        let body = format!(
            "<text:list text:style-name='L'>{}{}</text:list><text:p>between</text:p>\
             <text:list text:style-name='L' text:continue-numbering='true'>{}</text:list>\
             <text:list text:style-name='L'>{}</text:list>",
            item("one", &inner),
            item("two", ""),
            item("three", ""),
            item("anew", "")
        );
        assert_eq!(
            source(LIST, &body).pages,
            ["1. one\n(a) a\n(b) b\n– bullet\n2. two\nbetween\n3. three\n1. anew"]
        );
    }

    #[test]
    fn headings_are_numbered_and_make_the_outline() {
        let styles = "<text:outline-style><text:outline-level-style text:level='1' \
            style:num-format='I' style:num-suffix='.'/><text:outline-level-style text:level='2' \
            style:num-format='1' text:display-levels='2'/></text:outline-style>";
        let body = "<text:h text:outline-level='1'>Facts</text:h>\
            <text:h text:outline-level='2'>The lease</text:h>";
        let source = source(styles, body);
        assert_eq!(source.pages, ["I. Facts\nI.1 The lease"]);
        assert_eq!(
            (source.outline[1].title.as_str(), source.outline[1].depth),
            ("I.1 The lease", 1)
        );
    }

    #[test]
    fn tables_keep_their_rows() {
        let body = "<table:table><table:table-row><table:table-cell><text:p>Rent</text:p>\
            </table:table-cell><table:table-cell table:number-columns-repeated='2'>\
            <text:p>Rs 500</text:p></table:table-cell></table:table-row><table:table-row>\
            <table:covered-table-cell/><table:table-cell><text:p>a</text:p><text:p>b</text:p>\
            </table:table-cell><table:table-cell><text:p>c</text:p></table:table-cell>\
            </table:table-row></table:table>";
        assert_eq!(text(body), "Rent | Rs 500 | Rs 500\n| a b | c");
    }

    #[test]
    fn notes_comments_and_deletions_have_their_place() {
        let body = "<text:tracked-changes><text:changed-region><text:deletion>\
            <office:change-info><dc:creator>Rao</dc:creator></office:change-info>\
            <text:p>struck</text:p></text:deletion></text:changed-region></text:tracked-changes>\
            <text:p>See<text:note><text:note-citation>1</text:note-citation><text:note-body>\
            <text:p>AIR 1973</text:p></text:note-body></text:note>.<office:annotation>\
            <dc:creator>Rao</dc:creator><text:p>check</text:p></office:annotation></text:p>";
        let source = source("", body);
        assert_eq!(source.pages, ["See[1].\n\n[1] AIR 1973"]);
        assert_eq!(details(&source), ["tracked deletion: struck", "comment: check"]);
    }

    #[test]
    fn hidden_text_is_told_and_left_out() {
        let styles = "<style:style style:name='H' style:family='text'><style:text-properties \
            text:display='none'/></style:style><style:style style:name='C' \
            style:parent-style-name='H'/>";
        let body = "<text:p>seen<text:span text:style-name='C'> one</text:span></text:p>\
            <text:section text:display='none'><text:p>two</text:p></text:section>\
            <text:p><text:hidden-text text:is-hidden='true' text:string-value='three'/></text:p>";
        let source = source(styles, body);
        assert_eq!(source.pages, ["seen"]);
        assert_eq!(details(&source), ["one two three"]);
    }

    #[test]
    fn running_heads_stand_on_the_first_page_and_breaks_make_pages() {
        let common = "<o><style:master-page><style:header><text:p>Rao v. State</text:p>\
            </style:header><style:footer><text:p>Page <text:page-number>1</text:page-number>\
            </text:p></style:footer></style:master-page></o>";
        let content = "<o><style:style style:name='B'><style:paragraph-properties \
            fo:break-before='page'/></style:style><text:p>one</text:p>\
            <text:p text:style-name='B'>two <text:soft-page-break/>three</text:p></o>";
        let bytes = pack(&[("content.xml", content), ("styles.xml", common)]);
        assert_eq!(read(bytes).unwrap().pages, ["Rao v. State\n\none", "two", "three"]);
    }

    #[test]
    fn a_password_macros_and_objects_are_seen() {
        let manifest = "<m><manifest:encryption-data/></m>";
        let bytes = pack(&[("META-INF/manifest.xml", manifest), ("content.xml", "?")]);
        assert_eq!(read(bytes).err(), Some(ReadError::Encrypted));
        let bytes = pack(&[("content.xml", "<a/>"), ("Basic/S/m.xml", ""), ("Object 1/c", "")]);
        assert_eq!(details(&read(bytes).unwrap()), ["a library in Basic", "Object 1"]);
    }

    #[test]
    fn deep_nesting_is_refused() {
        let content = "<text:p>".repeat(1000);
        let error = read(pack(&[("content.xml", &content)])).err();
        assert!(matches!(error, Some(ReadError::Damaged(_))), "{error:?}");
    }
}
