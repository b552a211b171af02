//! What the elements of a web page are.

use html5ever::tokenizer::states::RawKind;

/// What a start tag begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A line of its own.
    Block,
    /// A line of its own with a gap around it.
    Apart,
    /// Part of a line.
    Inline,
}

/// What the element of a name begins.
pub(super) fn kind(name: &str) -> Kind {
    match name {
        "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "blockquote" | "pre" | "hr" | "ul"
        | "ol" | "dl" | "table" | "fieldset" | "figure" => Kind::Apart,
        "address" | "article" | "aside" | "body" | "caption" | "center" | "dd" | "details"
        | "dialog" | "dir" | "div" | "dt" | "figcaption" | "footer" | "form" | "header"
        | "html" | "legend" | "li" | "main" | "menu" | "nav" | "optgroup" | "option"
        | "section" | "summary" | "tbody" | "td" | "tfoot" | "th" | "thead" | "tr" => Kind::Block,
        _ => Kind::Inline,
    }
}

/// Elements that have no end tag.
pub(super) fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
    )
}

/// Text that is not part of the page.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Raw {
    /// A program.
    Script,
    /// A style sheet.
    Style,
    /// The title of the page.
    Title,
    /// What only browsers without some ability show.
    Skip,
}

/// How the content of an element is to be read, when it is no markup.
pub(super) fn raw(name: &str) -> Option<(RawKind, Raw)> {
    match name {
        "script" => Some((RawKind::ScriptData, Raw::Script)),
        "style" => Some((RawKind::Rawtext, Raw::Style)),
        "iframe" | "noembed" | "xmp" => Some((RawKind::Rawtext, Raw::Skip)),
        "title" => Some((RawKind::Rcdata, Raw::Title)),
        _ => None,
    }
}
