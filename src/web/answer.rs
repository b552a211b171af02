//! The text of an answer, cut into what a page may show.
//!
//! A model's text is never markup. It may hold paragraphs, simple lists, quoted
//! lines, `**bold**` and citation numbers `[3]`; anything else stays the
//! characters it is. `answer.js` reads the same form while an answer streams.

use super::parts::Place;

/// A block of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// Running text.
    Paragraph(Vec<Inline>),
    /// A list without numbers.
    Bullets(Vec<Vec<Inline>>),
    /// A numbered list.
    Steps(Vec<Vec<Inline>>),
    /// A quoted passage.
    Quote(Vec<Inline>),
}

/// A run of text in a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inline {
    /// Plain text.
    Text(String),
    /// Bold text.
    Bold(String),
    /// A citation that opens the viewer.
    Cite {
        /// The number shown.
        number: u32,
        /// The address of the viewer, open at the passage, or of a page of the service.
        href: String,
    },
    /// What stands where something was struck.
    Struck(String),
}

/// A numbered passage an answer may cite.
#[derive(Debug, Clone)]
pub struct Source {
    /// The number in the answer.
    pub number: u32,
    /// The document's title.
    pub title: String,
    /// Where the passage is.
    pub place: Place,
    /// Its text, shortened.
    pub excerpt: String,
    /// Whether the answer cites it.
    pub cited: bool,
    /// The number of the newest version, where there is one after the one that was read.
    pub newer: Option<i64>,
}

/// A place an answer cites: the passage's, or a quotation's inside it.
#[derive(Debug, Clone, Copy)]
pub struct Citation {
    /// The number in the answer.
    pub number: u32,
    /// Where it points.
    pub place: Place,
}

/// What the tables said that an answer may cite.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// The number in the answer.
    pub number: u32,
    /// What it is.
    pub title: String,
    /// The page of the service that shows it.
    pub href: String,
    /// What the tables say, a line for each row.
    pub lines: Vec<String>,
    /// Whether the answer cites it.
    pub cited: bool,
}

/// Cuts an answer into blocks, its numbers linked to where they point.
///
/// The second `[3]` of an answer takes the second citation with that number,
/// the last one when there are not so many, and the passage when there is none.
/// A number that names nothing stays text.
#[must_use]
pub fn blocks(text: &str, sources: &[Source], citations: &[Citation]) -> Vec<Block> {
    blocks_with(text, sources, citations, &[])
}

/// The same where an answer may cite the tables too.
#[must_use]
pub fn blocks_with(
    text: &str,
    sources: &[Source],
    citations: &[Citation],
    known: &[Known],
) -> Vec<Block> {
    let mut links = Links { sources, citations, known, seen: Vec::new() };
    let mut blocks = Vec::new();
    for line in text.lines().map(str::trim) {
        let (kind, rest) = Kind::of(line);
        push(&mut blocks, kind, rest, &mut links);
    }
    blocks.into_iter().map(|(_, block)| block).filter(|block| !block.is_empty()).collect()
}

/// What a line is, by how it starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Blank,
    Text,
    Bullet,
    Step,
    Quote,
}

impl Kind {
    fn of(line: &str) -> (Self, &str) {
        if line.is_empty() {
            return (Self::Blank, line);
        }
        if let Some(rest) = line.strip_prefix("- ").or_else(|| line.strip_prefix("* ")) {
            return (Self::Bullet, rest);
        }
        if let Some(rest) = line.strip_prefix("> ") {
            return (Self::Quote, rest);
        }
        let digits = line.bytes().take_while(u8::is_ascii_digit).count();
        match line.get(digits..).and_then(|rest| rest.strip_prefix(". ")) {
            Some(rest) if (1..=2).contains(&digits) => (Self::Step, rest),
            _ => (Self::Text, line.trim_start_matches('#').trim_start()),
        }
    }
}

/// Puts a line into the block it continues, or starts a new one.
fn push(blocks: &mut Vec<(Kind, Block)>, kind: Kind, line: &str, links: &mut Links<'_>) {
    let runs = if kind == Kind::Blank { Vec::new() } else { inlines(line, links) };
    match (kind, blocks.last_mut()) {
        (Kind::Blank, _) => blocks.push((kind, Block::Paragraph(Vec::new()))),
        (Kind::Bullet, Some((Kind::Bullet, Block::Bullets(items))))
        | (Kind::Step, Some((Kind::Step, Block::Steps(items)))) => items.push(runs),
        (Kind::Text, Some((Kind::Text, Block::Paragraph(text))))
        | (Kind::Quote, Some((Kind::Quote, Block::Quote(text)))) => {
            text.push(Inline::Text(String::from(" ")));
            text.extend(runs);
        }
        (Kind::Bullet, _) => blocks.push((kind, Block::Bullets(vec![runs]))),
        (Kind::Step, _) => blocks.push((kind, Block::Steps(vec![runs]))),
        (Kind::Quote, _) => blocks.push((kind, Block::Quote(runs))),
        (Kind::Text, _) => blocks.push((kind, Block::Paragraph(runs))),
    }
}

impl Block {
    fn is_empty(&self) -> bool {
        match self {
            Self::Paragraph(runs) | Self::Quote(runs) => runs.is_empty(),
            Self::Bullets(items) | Self::Steps(items) => items.is_empty(),
        }
    }
}

/// Cuts a line at bold text and citation numbers.
fn inlines(line: &str, links: &mut Links<'_>) -> Vec<Inline> {
    let mut runs = Vec::new();
    let mut plain = String::new();
    let mut rest = line;
    while !rest.is_empty() {
        let found = struck(rest).or_else(|| bold(rest)).or_else(|| links.cite(rest));
        let Some((found, length)) = found else {
            let step = rest.chars().next().map_or(1, char::len_utf8);
            plain.push_str(&rest[..step]);
            rest = &rest[step..];
            continue;
        };
        if !plain.is_empty() {
            runs.push(Inline::Text(std::mem::take(&mut plain)));
        }
        runs.extend(found);
        rest = &rest[length..];
    }
    if !plain.is_empty() {
        runs.push(Inline::Text(plain));
    }
    runs
}

/// Reads what the gate left where it struck something, with its length.
fn struck(text: &str) -> Option<(Vec<Inline>, usize)> {
    let (inside, _) = text.strip_prefix('[')?.split_once(']')?;
    let (what, why) = inside.split_once(" removed: ")?;
    let fine = |words: &str| !words.is_empty() && words.len() < 80 && !words.contains('[');
    let fine = fine(what) && fine(why);
    fine.then(|| (vec![Inline::Struck(inside.to_owned())], inside.len() + 2))
}

/// Reads `**bold**` at the start of a text, with its length.
fn bold(text: &str) -> Option<(Vec<Inline>, usize)> {
    let (inside, _) = text.strip_prefix("**")?.split_once("**")?;
    let fine = !inside.is_empty() && !inside.contains('[');
    fine.then(|| (vec![Inline::Bold(inside.to_owned())], inside.len() + 4))
}

/// What citation numbers lead to, and which were met so far.
struct Links<'a> {
    sources: &'a [Source],
    citations: &'a [Citation],
    known: &'a [Known],
    seen: Vec<u32>,
}

impl Links<'_> {
    /// Reads `[1]` or `[1, 2]` at the start of a text, with its length.
    fn cite(&mut self, text: &str) -> Option<(Vec<Inline>, usize)> {
        let (inside, _) = text.strip_prefix('[')?.split_once(']')?;
        let numbers: Vec<u32> =
            inside.split(',').map(|n| n.trim().parse().ok()).collect::<Option<_>>()?;
        if !numbers.iter().all(|&number| self.knows(number)) {
            return None;
        }
        let cites = numbers.into_iter().filter_map(|number| {
            let href = match self.known.iter().find(|known| known.number == number) {
                Some(known) => known.href.clone(),
                None => self.place(number)?.href(),
            };
            Some(Inline::Cite { number, href })
        });
        Some((cites.collect(), inside.len() + 2))
    }

    fn knows(&self, number: u32) -> bool {
        self.citations.iter().any(|citation| citation.number == number)
            || self.sources.iter().any(|source| source.number == number)
            || self.known.iter().any(|known| known.number == number)
    }

    /// Where the next `[number]` of the answer points.
    fn place(&mut self, number: u32) -> Option<Place> {
        let nth = self.seen.iter().filter(|&&seen| seen == number).count();
        self.seen.push(number);
        let mut cited = self.citations.iter().filter(|citation| citation.number == number);
        let exact = cited.clone().nth(nth).or_else(|| cited.next_back());
        let passage = || self.sources.iter().find(|source| source.number == number);
        exact.map(|citation| citation.place).or_else(|| passage().map(|source| source.place))
    }
}

#[cfg(test)]
mod tests {
    use super::super::parts::samples::place;
    use super::*;
    use crate::assistant::QUOTE_REMOVED;

    fn source(number: u32) -> Source {
        Source {
            number,
            title: String::from("Order"),
            place: place(21, number),
            excerpt: String::new(),
            cited: true,
            newer: None,
        }
    }

    fn text(text: &str) -> Inline {
        Inline::Text(text.to_owned())
    }

    fn cite(number: u32) -> Inline {
        Inline::Cite { number, href: place(21, number).href() }
    }

    #[test]
    fn paragraphs_lists_bold_and_citations_are_read() {
        let answer = "The bail was **refused** [1].\n\n- first [1, 2]\n- second\n\n> as ordered";
        let read = blocks(answer, &[source(1), source(2)], &[]);
        assert_eq!(
            read,
            [
                Block::Paragraph(vec![
                    text("The bail was "),
                    Inline::Bold(String::from("refused")),
                    text(" "),
                    cite(1),
                    text("."),
                ]),
                Block::Bullets(vec![vec![text("first "), cite(1), cite(2)], vec![text("second")]]),
                Block::Quote(vec![text("as ordered")]),
            ]
        );
    }

    #[test]
    fn a_number_that_names_nothing_stays_text() {
        let read = blocks("see [2021] 5 SCR 12 and [9]", &[source(1)], &[]);
        assert_eq!(read, [Block::Paragraph(vec![text("see [2021] 5 SCR 12 and [9]")])]);
    }

    #[test]
    fn what_was_struck_is_marked_where_it_stood() {
        let read = blocks(&format!("It said {QUOTE_REMOVED} [1]."), &[source(1)], &[]);
        let mark = QUOTE_REMOVED.trim_matches(['[', ']']).to_owned();
        let runs = vec![text("It said "), Inline::Struck(mark), text(" "), cite(1), text(".")];
        assert_eq!(read, [Block::Paragraph(runs)]);
    }

    #[test]
    fn a_fact_is_cited_by_its_page() {
        let known = Known {
            number: 2,
            title: String::from("Hearings"),
            href: String::from("/cases/1"),
            lines: Vec::new(),
            cited: true,
        };
        let read = blocks_with("Listed tomorrow [2].", &[source(1)], &[], &[known]);
        let cited = Inline::Cite { number: 2, href: String::from("/cases/1") };
        let runs = vec![text("Listed tomorrow "), cited, text(".")];
        assert_eq!(read, [Block::Paragraph(runs)]);
    }

    #[test]
    fn markup_in_an_answer_stays_characters() {
        let read = blocks("<img src=x> [x](http://y)", &[source(1)], &[]);
        assert_eq!(read, [Block::Paragraph(vec![text("<img src=x> [x](http://y)")])]);
    }

    #[test]
    fn the_second_mention_takes_the_second_citation() {
        let at = |page| Citation { number: 1, place: place(21, page) };
        let read = blocks("a [1] b [1] c [1]", &[source(1)], &[at(4), at(5)]);
        let href = |page| Inline::Cite { number: 1, href: place(21, page).href() };
        let expected = [text("a "), href(4), text(" b "), href(5), text(" c "), href(5)];
        assert_eq!(read, [Block::Paragraph(expected.to_vec())]);
    }
}
