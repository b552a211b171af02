//! Queries: what an advocate typed, read once.
//!
//! A query is either *plain* (words and references, the better ones first) or uses
//! *syntax* (phrases, `AND OR NOT ( )`, `-word`, `w/n`, `word*`), and then every
//! part of it must hold. A *reference* is a citation, a section or a case number:
//! words that only mean something side by side. Reading never fails: what cannot
//! be syntax is text.

mod lex;
mod parse;
mod reading;
mod terms;

use super::analysis::is_stop;

/// What is read of a query; the rest is left out, and the reading says so.
const MAX_BYTES: usize = 4096;

/// A query, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    root: Option<Node>,
    syntax: bool,
    identifier: bool,
    cut: bool,
}

impl Query {
    /// Reads what was typed. Anything can be read; most things are just words.
    #[must_use]
    pub fn parse(typed: &str) -> Self {
        let read = &typed[..typed.floor_char_boundary(MAX_BYTES)];
        let parsed = parse::parse(read);
        Self {
            root: parsed.root,
            syntax: parsed.syntax,
            identifier: parsed.identifier,
            cut: read.len() < typed.len(),
        }
    }

    /// Reads a question put in a person's own words, where a capital AND, a
    /// quotation or a question mark is language and not syntax.
    #[must_use]
    pub fn question(asked: &str) -> Self {
        let plain = asked.to_lowercase().replace(['"', '“', '”', '?', '*', '~', ':'], " ");
        let dashless = plain.replace(" -", " ");
        Self { syntax: false, identifier: false, ..Self::parse(&dashless) }
    }

    /// Says in plain words how the query was read.
    #[must_use]
    pub fn reading(&self) -> String {
        reading::reading(self.root.as_ref(), self.cut)
    }

    /// Whether the query asks for exactly what it says, by syntax or as a
    /// reference such as a citation, so that meaning must not widen it.
    #[must_use]
    pub const fn is_exact(&self) -> bool {
        self.syntax || self.identifier
    }

    /// Whether the query has no words; it finds nothing.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.root.is_none()
    }

    /// The tree, for those who translate it.
    pub(super) const fn root(&self) -> Option<&Node> {
        self.root.as_ref()
    }
}

/// A part of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node {
    /// A word in any of its inflections.
    Word(Word),
    /// Words that begin so.
    Prefix(Prefix),
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
    /// Both parts hold, at most `words` words apart.
    Near { left: Box<Self>, right: Box<Self>, words: u32 },
}

/// A word of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) typed: String,
    pub(super) exact: String,
    pub(super) stem: Option<String>,
    /// Where the word stands in the query.
    pub(super) position: u32,
}

impl Word {
    /// Whether the word carries no meaning alone.
    pub(super) fn is_stop(&self) -> bool {
        is_stop(&self.exact)
    }
}

/// The beginning of a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Prefix {
    pub(super) typed: String,
    pub(super) begins: String,
}

/// Words side by side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Phrase {
    pub(super) typed: String,
    /// Whether it is a reference, not a phrase in quotes.
    pub(super) reference: bool,
    pub(super) slots: Vec<Slot>,
}

/// A place in a phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Slot {
    /// How many positions after the first word of the phrase.
    pub(super) offset: u32,
    pub(super) form: String,
    /// Whether the form is only the beginning of the word.
    pub(super) prefix: bool,
}

/// Plain words and references.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Plain {
    /// The words that carry meaning; all of them, if none does.
    pub(super) words: Vec<Word>,
    /// A document must hold one of these, if there are any.
    pub(super) references: Vec<Phrase>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reading_says_how_a_query_was_read() {
        for (typed, expected) in [
            ("", "searched for nothing, since the query has no words"),
            ("bail", "searched for documents with “bail”"),
            (
                "bail granted",
                "searched for documents with any of “bail” and “granted”, those with all of them first",
            ),
            (
                "\"anticipatory bail\" -refused",
                "searched for documents with the phrase “anticipatory bail” and without “refused”",
            ),
            (
                "bail AND (parole OR \"interim relief\")",
                "searched for documents with “bail” and (“parole” or the phrase “interim relief”)",
            ),
            ("NOT refused", "searched for documents without “refused”"),
            ("anticipat*", "searched for documents with words beginning “anticipat”"),
            (
                "refused w/5 application",
                "searched for documents with “refused” within 5 words of “application”",
            ),
            ("u/s 138", "searched for documents with section 138"),
            ("2024 INSC 835", "searched for documents with “2024 INSC 835”"),
            (
                "s.138 NI Act",
                "searched for documents with section 138, those that also have “NI” and “Act” first",
            ),
        ] {
            assert_eq!(Query::parse(typed).reading(), expected, "{typed}");
        }
    }

    #[test]
    fn what_cannot_be_syntax_is_text() {
        for (typed, same) in [
            ("\"unbalanced quote", "unbalanced quote"),
            ("tribunal AND", "tribunal"),
            ("AND OR NOT", "and or not"),
            ("bail ((", "bail"),
            ("() bail", "bail"),
            ("bail - refused", "bail refused"),
            ("w/5 bail", "w/5 bail"),
            ("(civil appeal)", "civil appeal"),
            ("State of Kerala: respondent", "State Kerala respondent"),
        ] {
            let query = Query::parse(typed);
            assert!(!query.syntax && !query.is_empty(), "{typed}: {query:?}");
            assert_eq!(
                query.reading(),
                Query::parse(same)
                    .reading()
                    .replace("“and”", "“AND”")
                    .replace("“or”", "“OR”")
                    .replace("“not”", "“NOT”"),
                "{typed}"
            );
        }
    }

    #[test]
    fn references_and_syntax_are_exact_and_plain_words_are_not() {
        for exact in [
            "(2019) 4 SCC 1",
            "[2021] 5 SCR 12",
            "AIR 1973 SC 1461",
            "2024 INSC 835",
            "2023:DHC:2720",
            "u/s 138",
            "section 138",
            "s.138 NI Act",
            "W.P.(C) 1234/2023",
            "I.A. No. 5 of 2023",
            "IA 5/2023",
            "Order 39 Rule 1",
            "65B(4)",
            "O.A./12/2020",
            "CrPC s.482",
            "302 IPC",
            "\"bail\"",
            "bail AND parole",
            "-bail",
            "anticipat*",
            "refused w/5 application",
            "MHAU019999992015",
        ] {
            assert!(Query::parse(exact).is_exact(), "{exact}: {:?}", Query::parse(exact));
        }
        for plain in [
            "bail",
            "anticipatory bail granted",
            "M/s ABC",
            "State of Kerala: respondent",
            "dishonour of cheque under section 138",
            "न्यायालय",
            "*",
            "(bail)",
        ] {
            assert!(!Query::parse(plain).is_exact(), "{plain}: {:?}", Query::parse(plain));
        }
    }

    #[test]
    fn operators_bind_as_advocates_expect() {
        let reading =
            |typed: &str| Query::parse(typed).reading().replace("searched for documents ", "");
        assert_eq!(reading("a1 OR b1 c1"), "with “a1” or (“b1” and “c1”)");
        assert_eq!(
            reading("bail w/3 refused application AND court"),
            "with “bail” within 3 words of “refused” and “application” and “court”"
        );
        assert_eq!(reading("NOT bail parole"), "without “bail” and with “parole”");
        assert_eq!(
            reading("-\"anticipatory bail\" parole"),
            "without the phrase “anticipatory bail” and with “parole”"
        );
        assert_eq!(reading("(2019) 4 SCC 1 AND bail"), "with “(2019) 4 SCC 1” and “bail”");
        assert_eq!(reading("\"anticip* bail\""), "with the phrase “anticip* bail”");
    }

    #[test]
    fn a_long_query_is_cut_and_says_so() {
        let query = Query::parse(&"bail ".repeat(2000));
        assert!(query.reading().contains("only the beginning"));
    }

    proptest::proptest! {
        #[test]
        fn anything_can_be_read(typed in "\\PC{0,120}") {
            let _ = Query::parse(&typed).reading();
        }

        #[test]
        fn any_mix_of_syntax_can_be_read(
            parts in proptest::collection::vec(
                proptest::sample::select(vec!["\"", "(", ")", "AND", "OR", "NOT", "-", "w/5", "bail", "*",
                    "ba*", " ", "s.", "138", "5/2023", "SCC", "&", "-x", "NOT NOT", "न्याय", "“", "”"]),
                0..30)
        ) {
            let spaced = Query::parse(&parts.join(" "));
            let packed = Query::parse(&parts.concat());
            let _ = (spaced.reading(), packed.reading());
        }
    }
}
