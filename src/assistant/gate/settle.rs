//! What leaves the gate of a sentence, once all of it is known.

use std::ops::Range;

use crate::assistant::authority::{self, Known};
use crate::assistant::evidence::EvidencePage;
use crate::assistant::grounds::Grounds;
use crate::assistant::recognised::find_recognised;
use crate::assistant::verify::{QuoteSpan, find_quote};
use crate::kernel::VersionId;

use super::claims::{self, Stated, Verdict};
use super::pieces::{Piece, Quote};
use super::verification::Verification;
use super::{AUTHORITY_REMOVED, GateEvent, NOT_VERIFIED, QUOTE_REMOVED, Removed, begins_line};

/// What an answer is held to.
#[derive(Clone, Copy)]
pub(super) struct Checks<'g> {
    /// The passages and facts.
    pub(super) grounds: &'g Grounds,
    /// The authorities they name.
    pub(super) authorities: &'g Known,
    /// What else they state.
    pub(super) stated: &'g claims::Known,
}

/// Where a quotation was found.
#[derive(Debug, Clone)]
struct Found {
    number: u32,
    span: QuoteSpan,
    quote: String,
    /// How many characters differ on the recognised page.
    differs: u32,
}

/// What became of a piece.
enum Settled {
    Text(String),
    /// A quotation, and its source when no marker of the sentence names it.
    Quote(Quote, Option<Found>),
    Struck(Quote),
    /// Passages cited, with what each is quoted for.
    Markers(Vec<(u32, Vec<Found>)>),
}

/// Checks the pieces of a sentence that begins at a byte of all text let through.
pub(super) fn settle(
    checks: &Checks<'_>,
    sum: &mut Verification,
    pieces: Vec<Piece>,
    written: usize,
    line_start: bool,
) -> Vec<GateEvent> {
    let cited = versions_cited(checks.grounds, &pieces);
    let settled = attribute(checks.grounds, pieces);
    let mut page =
        Page { events: Vec::new(), text: String::new(), shown: written, line_start, sum };
    for piece in settled {
        match piece {
            Settled::Text(text) => page.write_text(&text, checks, &cited),
            Settled::Quote(quote, source) => page.write_quote(&quote, source),
            Settled::Struck(quote) => page.strike_quote(quote),
            Settled::Markers(cited) => page.write_markers(cited, checks.grounds),
        }
    }
    page.flush();
    page.events
}

/// The versions whose passages a sentence cites.
fn versions_cited(grounds: &Grounds, pieces: &[Piece]) -> Vec<VersionId> {
    let numbers = pieces.iter().flat_map(|piece| match piece {
        Piece::Markers(numbers) => numbers.as_slice(),
        Piece::Quote(quote) => quote.cites.as_slice(),
        Piece::Text(_) => &[],
    });
    let passage = |number: &u32| grounds.passages.iter().find(|passage| passage.number == *number);
    numbers.filter_map(passage).map(|passage| passage.version).collect()
}

/// Finds each quotation, and gives it to the marker after it.
fn attribute(grounds: &Grounds, pieces: Vec<Piece>) -> Vec<Settled> {
    let mut settled = Vec::with_capacity(pieces.len());
    // The quotations no marker has followed yet.
    let mut waiting: Vec<(usize, Found)> = Vec::new();
    let mut pieces = pieces.into_iter().peekable();
    while let Some(piece) = pieces.next() {
        match piece {
            Piece::Text(text) => settled.push(Settled::Text(text)),
            Piece::Markers(mut numbers) => {
                while let Some(Piece::Markers(more)) = pieces.peek() {
                    numbers.extend(more);
                    pieces.next();
                }
                let cited = cite(grounds, numbers, std::mem::take(&mut waiting), &mut settled);
                settled.push(Settled::Markers(cited));
            }
            Piece::Quote(quote) => {
                let Some(found) = find(&quote, grounds, &quote.cites) else {
                    settled.push(Settled::Struck(quote));
                    continue;
                };
                let inside = quote.cites.clone();
                waiting.push((settled.len(), found));
                settled.push(Settled::Quote(quote, None));
                if !inside.is_empty() {
                    let cited = cite(grounds, inside, std::mem::take(&mut waiting), &mut settled);
                    settled.push(Settled::Text(" ".to_owned()));
                    settled.push(Settled::Markers(cited));
                }
            }
        }
    }
    for (at, found) in waiting {
        name_source(&mut settled, at, found);
    }
    settled
}

/// Gives the quotations before a marker to the numbers it cites.
///
/// Where a quotation stands in none of the passages cited but in another, the
/// number is corrected when it can only have been meant for that quotation, and
/// otherwise the quotation carries its own.
fn cite(
    grounds: &Grounds,
    numbers: Vec<u32>,
    waiting: Vec<(usize, Found)>,
    settled: &mut [Settled],
) -> Vec<(u32, Vec<Found>)> {
    let mut cited: Vec<(u32, Vec<Found>)> = Vec::new();
    for number in numbers {
        if !cited.iter().any(|(cited, _)| *cited == number) {
            cited.push((number, Vec::new()));
        }
    }
    let alone = waiting.len() == 1 && cited.len() == 1;
    for (at, found) in waiting {
        let here = cited.iter_mut().find_map(|(number, quotes)| {
            let (span, differs) = stands_in(grounds, *number, &found.quote, found.differs > 0)?;
            Some((*number, quotes, span, differs))
        });
        match here {
            Some((number, quotes, span, differs)) => {
                quotes.push(Found { number, span, differs, ..found });
            }
            None if alone => cited = vec![(found.number, vec![found])],
            None => name_source(settled, at, found),
        }
    }
    cited
}

fn name_source(settled: &mut [Settled], at: usize, found: Found) {
    if let Some(Settled::Quote(_, source)) = settled.get_mut(at) {
        *source = Some(found);
    }
}

/// Finds a quotation in the grounds, first where it is said to stand; word for word
/// anywhere comes before nearly so on a recognised page.
fn find(quote: &Quote, grounds: &Grounds, cites: &[u32]) -> Option<Found> {
    let numbers = grounds.passages.iter().map(|passage| passage.number);
    let numbers = numbers.chain(grounds.facts.iter().map(|fact| fact.number));
    let (named, others): (Vec<u32>, Vec<u32>) = numbers.partition(|number| cites.contains(number));
    let order: Vec<u32> = named.into_iter().chain(others).collect();
    let plain = quote.unemphasised();
    let ways: Vec<&String> = std::iter::once(&quote.words).chain(&plain).collect();
    [false, true].into_iter().find_map(|nearly| {
        ways.iter().find_map(|words| {
            order.iter().find_map(|&number| {
                let (span, differs) = stands_in(grounds, number, words, nearly)?;
                Some(Found { number, span, quote: (*words).clone(), differs })
            })
        })
    })
}

/// Where a quotation stands under a number, and how many characters differ: none but on
/// recognised pages, where `nearly` allows a few.
fn stands_in(
    grounds: &Grounds,
    number: u32,
    quote: &str,
    nearly: bool,
) -> Option<(QuoteSpan, u32)> {
    if let Some(passage) = grounds.passages.iter().find(|passage| passage.number == number) {
        let exact = find_quote(quote, &passage.pages).map(|span| (span, 0));
        let nearly = nearly && passage.ocr;
        return exact.or_else(|| nearly.then(|| find_recognised(quote, &passage.pages)).flatten());
    }
    let fact = grounds.facts.iter().find(|fact| fact.number == number)?;
    let page = EvidencePage { number: 1, text: fact.text.clone() };
    find_quote(quote, &[page]).map(|span| (span, 0))
}

/// The text that leaves, and what is said about it.
struct Page<'s> {
    events: Vec<GateEvent>,
    text: String,
    /// The bytes that left before `text`.
    shown: usize,
    /// Whether what is written next begins a line.
    line_start: bool,
    /// What checking comes to.
    sum: &'s mut Verification,
}

impl Page<'_> {
    fn flush(&mut self) {
        if !self.text.is_empty() {
            self.shown += self.text.len();
            self.events.push(GateEvent::Text(std::mem::take(&mut self.text)));
        }
    }

    fn write(&mut self, text: &str) {
        self.text.push_str(text);
        self.line_start = begins_line(text, self.line_start);
    }

    /// Writes words of the model's own; none may come to look like a block quote
    /// because what stood before them on the line was struck.
    fn write_own(&mut self, text: &str) {
        for line in text.split_inclusive('\n') {
            let unmarked = line.trim_start_matches([' ', '\t', '>']);
            let looks_quoted = self.line_start && line[..line.len() - unmarked.len()].contains('>');
            self.write(if looks_quoted { unmarked } else { line });
        }
    }

    fn report(&mut self, event: GateEvent) {
        self.flush();
        self.events.push(event);
    }

    fn strike(&mut self, what: Removed, reason: &'static str) {
        self.sum.strike(what.named().0);
        self.report(GateEvent::Removed { what, reason });
    }

    /// Writes words of the model's own, without what nothing states.
    fn write_text(&mut self, text: &str, checks: &Checks<'_>, cited: &[VersionId]) {
        let mut from = 0;
        for (at, found) in checked(text) {
            let words = text[at.clone()].to_owned();
            let (removed, reason, notice) = match found {
                Checked::Authority if checks.authorities.contains(&words) => {
                    self.sum.authorities += 1;
                    continue;
                }
                Checked::Authority => (
                    Removed::Authority(words),
                    "the documents do not name this authority",
                    AUTHORITY_REMOVED,
                ),
                Checked::Claim(claim) => match checks.stated.hold(&claim, cited) {
                    Verdict::Stands => {
                        self.count(&claim);
                        continue;
                    }
                    Verdict::Unknown => {
                        self.sum.unverified += 1;
                        self.write_own(&text[from..at.end]);
                        self.write(NOT_VERIFIED);
                        from = at.end;
                        continue;
                    }
                    Verdict::Strikes => refused(&claim, words),
                },
            };
            self.write_own(&text[from..at.start]);
            self.write(notice);
            from = at.end;
            self.strike(removed, reason);
        }
        self.write_own(&text[from..]);
    }

    /// Counts a claim that stands.
    fn count(&mut self, claim: &Stated) {
        match claim {
            Stated::Date(_) => self.sum.dates += 1,
            Stated::Amount(_) | Stated::Percent(_) => self.sum.amounts += 1,
            Stated::Section(_) => self.sum.sections += 1,
            Stated::Case(..) => self.sum.authorities += 1,
            Stated::Paragraphs(_) | Stated::Pages(_) => self.sum.pinpoints += 1,
        }
    }

    fn write_quote(&mut self, quote: &Quote, source: Option<Found>) {
        self.sum.quotes += 1;
        for part in [&quote.open, &quote.shown, &quote.close] {
            self.write(part);
        }
        if let Some(found) = source {
            self.write(" ");
            self.write_number(found.number, vec![found]);
        }
    }

    fn strike_quote(&mut self, quote: Quote) {
        if quote.block {
            self.write(&quote.open);
        }
        self.sum.quotes += 1;
        self.write(QUOTE_REMOVED);
        self.strike(Removed::Quote(quote.words), "these words are not in the documents");
    }

    fn write_markers(&mut self, cited: Vec<(u32, Vec<Found>)>, grounds: &Grounds) {
        let (real, unreal): (Vec<_>, Vec<_>) =
            cited.into_iter().partition(|(number, _)| grounds.has(*number));
        if real.is_empty() {
            self.text.truncate(self.text.trim_end_matches(' ').len());
        }
        for (number, quotes) in real {
            self.write_number(number, quotes);
        }
        for (number, _) in unreal {
            self.strike(Removed::Citation(number), "there is no passage with this number");
        }
    }

    fn write_number(&mut self, number: u32, quotes: Vec<Found>) {
        let position = self.shown + self.text.len();
        self.write(&format!("[{number}]"));
        self.sum.citations += 1;
        if quotes.is_empty() {
            let cited = GateEvent::Cited { number, quote: None, span: None, differs: 0, position };
            self.report(cited);
        }
        for Found { span, quote, differs, .. } in quotes {
            *(if differs > 0 { &mut self.sum.approximate } else { &mut self.sum.verified }) += 1;
            let (quote, span) = (Some(quote), Some(span));
            self.report(GateEvent::Cited { number, quote, span, differs, position });
        }
    }
}

/// Something in the model's own words that is checked.
enum Checked {
    /// A reported or neutral citation.
    Authority,
    /// What can be read into a value.
    Claim(Stated),
}

/// What is checked in a text, in order; an authority comes before what is inside it.
fn checked(text: &str) -> Vec<(Range<usize>, Checked)> {
    let authorities = authority::find(text);
    let overlaps = |at: &Range<usize>| {
        authorities.iter().any(|other| at.start < other.end && other.start < at.end)
    };
    let claims = claims::find(text).into_iter().filter(|claim| !overlaps(&claim.at));
    let mut all: Vec<_> = claims.map(|claim| (claim.at, Checked::Claim(claim.what))).collect();
    all.extend(authorities.into_iter().map(|at| (at, Checked::Authority)));
    all.sort_by_key(|(at, _)| at.start);
    all
}

/// What is said of a claim that nothing states: what it was, why, and what is shown.
fn refused(claim: &Stated, words: String) -> (Removed, &'static str, &'static str) {
    match claim {
        Stated::Date(_) => (
            Removed::Date(words),
            "neither the documents nor the question state this date",
            "[date removed: not in the documents]",
        ),
        Stated::Amount(_) | Stated::Percent(_) => (
            Removed::Amount(words),
            "neither the documents nor the question state this amount",
            "[amount removed: not in the documents]",
        ),
        Stated::Section(_) => (
            Removed::Section(words),
            "the documents do not name this section",
            "[section removed: not in the documents]",
        ),
        Stated::Case(..) => (
            Removed::Case(words),
            "the documents name no case of these parties",
            "[case name removed: not in the documents]",
        ),
        Stated::Paragraphs(_) => (
            Removed::Pinpoint(words),
            "the document has no paragraph of this number",
            "[paragraph number removed: not in the document]",
        ),
        Stated::Pages(_) => (
            Removed::Pinpoint(words),
            "the document has no page of this number",
            "[page number removed: not in the document]",
        ),
    }
}
