//! What holds inside a group of rich text, and ends with it.

/// Where text goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// To the text being read.
    Text,
    /// Nowhere.
    Nowhere,
    /// To the font table.
    Fonts,
    /// To the colour table.
    Colors,
    /// To the style sheet.
    Styles,
    /// To what the document says of itself.
    Info,
    /// Nowhere, until its Unicode form comes.
    OldForm,
}

/// A part of the document that is gathered by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Apart {
    /// A running head.
    Head,
    /// A running foot.
    Foot,
    /// A footnote or endnote.
    Note,
    /// A comment.
    Comment,
    /// The instruction of a field.
    Field,
    /// The kind of an object.
    Object,
    /// The template the document is based on.
    Template,
    /// The title.
    Title,
    /// A text box.
    Box,
    /// The number or bullet of a list item.
    Mark,
}

/// What holds inside a group.
#[derive(Debug, Clone, Copy)]
pub(super) struct Group {
    /// Where text goes.
    pub(super) place: Place,
    /// What the group gathers by itself; ended with the group.
    pub(super) apart: Option<Apart>,
    /// The group begins with `\*`: it may be passed over when unknown.
    pub(super) optional: bool,
    /// The font.
    pub(super) font: i32,
    /// How many characters stand for one written as `\u`.
    pub(super) fallback: usize,
    /// How the text looks.
    pub(super) look: Look,
    /// The paragraph is in a table.
    pub(super) in_table: bool,
    /// The paragraph is painted.
    pub(super) shaded: bool,
    /// The style of the paragraph.
    pub(super) style: i32,
    /// Its place in the outline.
    pub(super) outline: Option<u32>,
}

/// How text looks, as far as it decides whether it is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Look {
    /// Hidden by its author.
    pub(super) hidden: bool,
    /// Deleted while changes were tracked.
    pub(super) deleted: bool,
    /// Its size in half points.
    pub(super) size: i32,
    /// The number of its colour.
    pub(super) color: i32,
    /// Something is painted behind it.
    pub(super) painted: bool,
}

impl Default for Look {
    fn default() -> Self {
        Self { hidden: false, deleted: false, size: 24, color: 0, painted: false }
    }
}

impl Default for Group {
    fn default() -> Self {
        Self {
            place: Place::Text,
            apart: None,
            optional: false,
            font: 0,
            fallback: 1,
            look: Look::default(),
            in_table: false,
            shaded: false,
            style: 0,
            outline: None,
        }
    }
}

/// What a control word that begins a group says of its text; `None` for other words.
pub(super) fn destination(word: &str) -> Option<(Place, Option<Apart>)> {
    let apart = |apart| Some((Place::Text, Some(apart)));
    match word {
        "fonttbl" => Some((Place::Fonts, None)),
        "colortbl" => Some((Place::Colors, None)),
        "stylesheet" => Some((Place::Styles, None)),
        "info" => Some((Place::Info, None)),
        "upr" => Some((Place::OldForm, None)),
        "header" | "headerl" | "headerr" | "headerf" => apart(Apart::Head),
        "footer" | "footerl" | "footerr" | "footerf" => apart(Apart::Foot),
        "footnote" => apart(Apart::Note),
        "annotation" => apart(Apart::Comment),
        "fldinst" => apart(Apart::Field),
        "objclass" => apart(Apart::Object),
        "template" => apart(Apart::Template),
        "shptxt" | "dptxbxtext" => apart(Apart::Box),
        "listtext" | "pntext" => apart(Apart::Mark),
        "ud" | "shpinst" | "do" | "nesttableprops" | "moMath" | "moMathPara" | "mmath" => {
            Some((Place::Text, None))
        }
        "pict" | "nonshppict" | "shppict" | "objdata" | "objname" | "sp" | "shprslt" | "pn"
        | "pnseclvl" | "listtable" | "listoverridetable" | "revtbl" | "rsidtbl" | "filetbl"
        | "nonesttables" | "atnid" | "atnauthor" | "atndate" | "atnref" | "atnicn" | "atntime"
        | "bkmkstart" | "bkmkend" | "xe" | "tc" | "tcn" | "rxe" | "txe" | "datafield"
        | "ftnsep" | "ftnsepc" | "aftnsep" | "aftnsepc" | "ftncn" | "aftncn" | "themedata"
        | "colorschememapping" | "latentstyles" | "datastore" | "private" | "generator"
        | "formfield" | "ffname" | "mmathPict" | "background" | "keywords" | "author" => {
            Some((Place::Nowhere, None))
        }
        word if word.starts_with('m') && word.ends_with("Pr") => Some((Place::Nowhere, None)),
        _ => None,
    }
}

/// The character a control word stands for.
pub(super) fn character(word: &str) -> Option<char> {
    let c = match word {
        "tab" => '\t',
        "line" | "lbr" | "column" => '\n',
        "emdash" => '—',
        "endash" => '–',
        "emspace" | "enspace" | "qmspace" => ' ',
        "bullet" => '•',
        "lquote" => '‘',
        "rquote" => '’',
        "ldblquote" => '“',
        "rdblquote" => '”',
        "zwj" => '\u{200d}',
        "zwnj" => '\u{200c}',
        _ => return None,
    };
    Some(c)
}
