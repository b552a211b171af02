//! Terms: the words and references of a run of text.

use super::super::analysis::{
    Mark, Token, analyse, is_marked, is_part_of, is_reference_number, is_unit_form,
};
use super::pattern;
use super::tree::{Node, Pattern, Phrase, Plain, Slot, Word};

/// A CNR, the number the court system gives a case.
const CNR_LENGTH: usize = 16;

/// The terms of a run, in order.
pub(super) struct Terms(Vec<Node>);

impl Terms {
    /// Whether a word with wildcards is among them.
    pub(super) fn has_pattern(&self) -> bool {
        self.0.iter().any(|node| match node {
            Node::Pattern(_) => true,
            Node::Phrase(phrase) => phrase.slots.iter().any(|slot| slot.pattern),
            _ => false,
        })
    }

    /// Whether they are a reference and nothing else that carries meaning.
    pub(super) fn is_identifier(&self) -> bool {
        let references = self.0.iter().any(|node| matches!(node, Node::Phrase(_)));
        references
            && self.0.iter().all(|node| match node {
                Node::Word(word) => word.is_stop() || marks_identifier(&word.exact),
                _ => true,
            })
    }

    /// Splits them for a plain query; stop words go unless nothing else is there.
    pub(super) fn into_plain(self) -> Plain {
        let mut plain = Plain { words: Vec::new(), references: Vec::new() };
        for node in self.without_stops() {
            match node {
                Node::Word(word) => plain.words.push(word),
                Node::Phrase(phrase) => plain.references.push(phrase),
                _ => {}
            }
        }
        plain
    }

    /// The terms as operands; stop words go unless nothing else is there.
    pub(super) fn into_nodes(self) -> impl Iterator<Item = Node> {
        self.without_stops().into_iter()
    }

    fn without_stops(self) -> Vec<Node> {
        let stops = |node: &Node| matches!(node, Node::Word(word) if word.is_stop());
        if self.0.iter().all(stops) {
            return self.0;
        }
        self.0.into_iter().filter(|node| !stops(node)).collect()
    }
}

/// Reads a run of text, in which words may have wildcards.
pub(super) fn terms(text: &str) -> Terms {
    plain_terms(&pattern::mark(text))
}

/// Reads a run of text in which nothing is a wildcard.
pub(super) fn plain_terms(text: &str) -> Terms {
    let reader = Reader::new(text);
    let mut nodes = Vec::new();
    let mut at = 0;
    while at < reader.words.len() {
        let count = reader.reference(at);
        if reader.is_reference(at, count) {
            nodes.push(Node::Phrase(reader.phrase(at, count)));
        } else {
            nodes.push(reader.word(at));
        }
        at += count;
    }
    Terms(nodes)
}

/// How long the reference is that a text begins with, if it begins with one:
/// `(2019) 4 SCC 1`.
pub(super) fn leading_reference(text: &str) -> Option<usize> {
    let reader = Reader::new(text);
    let first = reader.words.first()?;
    let opened = text[..first.start].chars().all(|c| matches!(c, '(' | '['));
    let count = reader.reference(0);
    if !opened || !reader.is_reference(0, count) {
        return None;
    }
    let typed = reader.typed(0, count);
    (typed.len() >= reader.words[count - 1].end && text.starts_with(typed)).then_some(typed.len())
}

/// Reads what stands between quotes; `None` if it has no words.
pub(super) fn phrase(text: &str) -> Option<Phrase> {
    let marked = pattern::mark(text);
    let words: Vec<Token> = analyse(&marked).into_iter().filter(|token| !token.implied).collect();
    let first = words.first()?.position;
    let slots = words.iter().map(|token| slot(token, first)).collect();
    let typed = text.trim().to_owned();
    Some(Phrase { typed, reference: false, slots, also: Vec::new() })
}

fn slot(token: &Token, first: u32) -> Slot {
    let form = pattern::unmark(&token.exact);
    Slot { offset: token.position - first, form, pattern: pattern::is_marked(&token.exact) }
}

fn marks_identifier(form: &str) -> bool {
    [Mark::Statute, Mark::Reporter, Mark::Court, Mark::CaseType]
        .into_iter()
        .any(|mark| is_part_of(mark, form))
        || is_unit_form(form)
}

/// The words of a run, and those implied beside them.
struct Reader<'t> {
    text: &'t str,
    words: Vec<Token>,
    implied: Vec<Token>,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str) -> Self {
        let (implied, words) = analyse(text).into_iter().partition(|token| token.implied);
        Self { text, words, implied }
    }

    /// Whether so many words from here are a reference.
    fn is_reference(&self, at: usize, count: usize) -> bool {
        count > 1 || self.is_numbered(at) || is_cnr(&self.words[at].exact)
    }

    /// How many words from here are one reference; 1 if this word is none.
    fn reference(&self, at: usize) -> usize {
        [self.citation(at), self.section(at), self.case_number(at), self.glued(at)]
            .into_iter()
            .max()
            .unwrap_or(1)
            .max(1)
    }

    /// A reporter among numbers: `(2019) 4 SCC 1`, `AIR 1973 SC 1461`.
    fn citation(&self, at: usize) -> usize {
        let run = self.words[at..].iter().take_while(|token| {
            is_number(token)
                || is_marked(Mark::Reporter, &token.exact)
                || is_marked(Mark::Court, &token.exact)
        });
        let run: Vec<&Token> = run.collect();
        let starts = run.first().is_some_and(|token| !is_marked(Mark::Court, &token.exact));
        let reporter = run.iter().any(|token| is_marked(Mark::Reporter, &token.exact));
        let numbers = run.iter().filter(|token| is_number(token)).count();
        if starts && reporter && numbers > 1 { run.len() } else { 0 }
    }

    /// Parts of a law one after another: `Order 39 Rule 1`, `Section 65B(4)`.
    fn section(&self, at: usize) -> usize {
        let mut end = at;
        while self.words.get(end).is_some_and(|token| is_unit_form(&token.exact))
            && self.words.get(end + 1).is_some_and(|token| is_reference_number(&token.exact))
        {
            end += 2;
            end += self.subsections(end);
        }
        if end == at && self.is_numbered(at) {
            end = at + 1 + self.subsections(at + 1);
        }
        end - at
    }

    fn subsections(&self, from: usize) -> usize {
        (from..self.words.len())
            .take_while(|&nth| self.is_glued(nth) && self.gap(nth).contains('('))
            .count()
    }

    /// Whether a number stands in a list after its unit, or before its statute:
    /// the `307` of `Sections 302, 307`.
    fn is_numbered(&self, at: usize) -> bool {
        !self.named_by(at).is_empty()
    }

    /// What is implied before a number: `order 39 rule` before the second number of
    /// `Order 39 Rules 1, 2`.
    fn named_by(&self, at: usize) -> Vec<&Token> {
        let number = &self.words[at];
        let of_number =
            |token: &&Token| token.start == number.start && token.position < number.position;
        self.implied.iter().filter(of_number).collect()
    }

    /// A number and a year, and what is written together with them: `5 of 2023`,
    /// `O.A./12/2020`.
    fn case_number(&self, at: usize) -> usize {
        let glued = self.glued(at).max(1);
        let numbers = is_number(&self.words[at + glued - 1]);
        let of = self.implied.iter().any(|token| {
            token.exact == "of"
                && self.words.get(at + glued).is_some_and(|year| year.position == token.position)
        });
        if numbers && of { glued + 1 } else { 0 }
    }

    /// Words written without a space that hold a number: `2023:DHC:2720`, `65B(4)`.
    fn glued(&self, at: usize) -> usize {
        let count = 1 + (at + 1..self.words.len()).take_while(|&nth| self.is_glued(nth)).count();
        let run = &self.words[at..at + count];
        let numbered = run.iter().any(is_number) && (count > 1 || is_cnr(&run[0].exact));
        if numbered { count } else { 0 }
    }

    fn is_glued(&self, at: usize) -> bool {
        let gap = self.gap(at);
        !gap.contains(char::is_whitespace) && !gap.contains('*')
    }

    /// What stands between a word and the one before it.
    fn gap(&self, at: usize) -> &'t str {
        match (at.checked_sub(1).and_then(|left| self.words.get(left)), self.words.get(at)) {
            (Some(left), Some(right)) => self.text.get(left.end..right.start).unwrap_or(" "),
            _ => " ",
        }
    }

    fn word(&self, at: usize) -> Node {
        let token = &self.words[at];
        let typed = pattern::unmark(&self.text[token.start..token.end]);
        if pattern::is_marked(&token.exact) {
            return Node::Pattern(Pattern { typed, form: pattern::unmark(&token.exact) });
        }
        let (exact, stem) = (token.exact.clone(), token.stem.clone());
        Node::Word(Word { typed, exact, stem, position: token.position, also: Vec::new() })
    }

    fn phrase(&self, at: usize, count: usize) -> Phrase {
        let run = &self.words[at..at + count];
        let implied = self.named_by(at);
        let first = implied.first().map_or(run[0].position, |token| token.position);
        let slots = implied.iter().copied().chain(run).map(|token| slot(token, first)).collect();
        let typed = pattern::unmark(self.typed(at, count));
        Phrase { typed, reference: true, slots, also: Vec::new() }
    }

    /// The reference as it was typed, with its brackets.
    fn typed(&self, at: usize, count: usize) -> &'t str {
        let run = &self.words[at..at + count];
        let end = run[count - 1].end;
        let closed = self.text[end..].chars().take_while(|&c| matches!(c, ')' | ']')).count();
        let opened =
            self.text[..run[0].start].chars().rev().take_while(|&c| matches!(c, '(' | '[')).count();
        &self.text[run[0].start - opened..end + closed]
    }
}

fn is_number(token: &Token) -> bool {
    token.exact.starts_with(|c: char| c.is_ascii_digit())
}

/// Whether a word has the shape of a CNR: `MHAU019999992015`.
fn is_cnr(form: &str) -> bool {
    form.len() == CNR_LENGTH
        && form.bytes().take(4).all(|byte| byte.is_ascii_lowercase())
        && form.bytes().skip(6).all(|byte| byte.is_ascii_digit())
}
