//! What a document carries that its reader should know of and cannot see.

use serde::{Deserialize, Serialize};

/// Something found in a document besides its visible text. Nothing found is ever run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// What kind of thing.
    pub kind: FindingKind,
    /// What it is, for a person; for hidden text, its beginning.
    pub detail: String,
}

/// The kinds of things found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// Text nobody can see on the page: in the colour of the paper, tiny, outside the
    /// page, under a picture. It is left out of the page's text.
    HiddenText,
    /// Characters without a shape that can hide or reorder text. They are left out.
    InvisibleCharacters,
    /// A program in the document.
    Script,
    /// An action that starts a program, opens a page of the web or sends data.
    Action,
    /// A file inside the document.
    EmbeddedFile,
    /// Macros of an office document.
    Macro,
}

impl FindingKind {
    /// What it is, as said before the detail.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::HiddenText => "hidden text, kept out of search and answers",
            Self::InvisibleCharacters => "invisible characters, left out",
            Self::Script => "a script, not run",
            Self::Action => "an action, not run",
            Self::EmbeddedFile => "a file inside the file",
            Self::Macro => "macros, not run",
        }
    }
}
