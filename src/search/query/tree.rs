//! The tree of a query: what a document must be or hold.

use chrono::NaiveDate;

use super::super::analysis::is_stop;
use super::field::FieldName;

/// A part of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::search) enum Node {
    /// A word in any of its inflections.
    Word(Word),
    /// Words of a form: `anticip*`, `*ment`, `wom?n`.
    Pattern(Pattern),
    /// Words spelt almost so.
    Fuzzy(Fuzzy),
    /// Words side by side, exactly as written.
    Phrase(Phrase),
    /// Plain words and references, the better ones first.
    Plain(Plain),
    /// Every part holds.
    And(Vec<Self>),
    /// Some part holds.
    Or(Vec<Self>),
    /// The part does not hold.
    Not(Box<Self>),
    /// Both parts hold, near each other. The parts are words, patterns, phrases,
    /// proximities, or alternatives of them; see [`Node::is_placed`].
    Near { left: Box<Self>, right: Box<Self>, how: Nearness },
    /// A field of the document holds the value.
    Field { name: FieldName, value: Box<Self> },
    /// The document is of one of these days.
    Dates(Dates),
}

impl Node {
    /// Two parts at most so many words apart, in either order.
    pub(in crate::search) fn within(left: Self, right: Self, words: u32) -> Self {
        Self::near(left, right, Nearness { reach: Reach::Words(words), ordered: false })
    }

    /// Two parts near each other.
    pub(in crate::search) fn near(left: Self, right: Self, how: Nearness) -> Self {
        Self::Near { left: Box::new(left), right: Box::new(right), how }
    }

    /// Whether the part stands somewhere in a text, so that it can be near another.
    pub(in crate::search) fn is_placed(&self) -> bool {
        match self {
            Self::Word(_)
            | Self::Pattern(_)
            | Self::Fuzzy(_)
            | Self::Phrase(_)
            | Self::Near { .. } => true,
            Self::Or(parts) => parts.iter().all(Self::is_placed),
            Self::Plain(_) | Self::And(_) | Self::Not(_) | Self::Field { .. } | Self::Dates(_) => {
                false
            }
        }
    }

    /// What the text must hold, without what is asked of the document's fields and
    /// date; `None` if nothing is asked of the text.
    ///
    /// Alternatives of which one asks nothing of the text ask nothing of it.
    pub(in crate::search) fn of_text(&self) -> Option<Self> {
        match self {
            Self::Field { .. } | Self::Dates(_) => None,
            Self::And(parts) => {
                let mut parts: Vec<Self> = parts.iter().filter_map(Self::of_text).collect();
                if parts.len() > 1 { Some(Self::And(parts)) } else { parts.pop() }
            }
            Self::Or(parts) => {
                parts.iter().map(Self::of_text).collect::<Option<Vec<_>>>().map(Self::Or)
            }
            Self::Not(inner) => inner.of_text().map(|inner| Self::Not(Box::new(inner))),
            other => Some(other.clone()),
        }
    }
}

/// How near two parts must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::search) struct Nearness {
    pub(in crate::search) reach: Reach,
    /// Whether the left part must come first.
    pub(in crate::search) ordered: bool,
}

/// How far two parts may be from each other. Parts never share a word, but one may
/// stand between the words of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::search) enum Reach {
    /// So many words; neighbours are one word apart.
    Words(u32),
    /// In one sentence.
    Sentence,
    /// In one paragraph.
    Paragraph,
}

/// A word of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::search) struct Word {
    pub(in crate::search) typed: String,
    pub(in crate::search) exact: String,
    pub(in crate::search) stem: Option<String>,
    /// Where the word stands in the query.
    pub(in crate::search) position: u32,
    /// What means the same.
    pub(in crate::search) also: Vec<Other>,
}

/// What means the same as a part of a query, and is searched for besides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::search) struct Other {
    pub(in crate::search) node: Node,
    /// Which of the query's expansions it is.
    pub(in crate::search) expansion: usize,
}

impl Word {
    /// Whether the word carries no meaning alone.
    pub(in crate::search) fn is_stop(&self) -> bool {
        is_stop(&self.exact)
    }
}

/// The form of words: `*` stands for any letters or none, `?` for one letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::search) struct Pattern {
    pub(in crate::search) typed: String,
    /// The form, folded as words are.
    pub(in crate::search) form: String,
}

/// A word that may be misspelt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::search) struct Fuzzy {
    pub(in crate::search) typed: String,
    pub(in crate::search) form: String,
    /// How many letters may be added, left out, changed, or change places with
    /// their neighbour: 1 or 2.
    pub(in crate::search) distance: u8,
}

/// Words side by side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::search) struct Phrase {
    pub(in crate::search) typed: String,
    /// Whether it is a reference, not a phrase in quotes.
    pub(in crate::search) reference: bool,
    pub(in crate::search) slots: Vec<Slot>,
    /// What means the same.
    pub(in crate::search) also: Vec<Other>,
}

/// A place in a phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::search) struct Slot {
    /// How many positions after the first word of the phrase.
    pub(in crate::search) offset: u32,
    /// The word, or the form of a [`Pattern`].
    pub(in crate::search) form: String,
    /// Whether the form is that of a pattern.
    pub(in crate::search) pattern: bool,
}

/// Plain words and references.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::search) struct Plain {
    /// The words that carry meaning; all of them, if none does.
    pub(in crate::search) words: Vec<Word>,
    /// A document must hold one of these, if there are any.
    pub(in crate::search) references: Vec<Phrase>,
}

/// Days from one to another, both of them included; open where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::search) struct Dates {
    pub(in crate::search) from: Option<NaiveDate>,
    pub(in crate::search) to: Option<NaiveDate>,
}
