//! What leaves the gate of a sentence, once all of it is known.

use crate::assistant::authority::{self, Known};
use crate::assistant::evidence::Evidence;
use crate::assistant::verify::{QuoteSpan, find_quote};

use super::pieces::{Piece, Quote};
use super::{AUTHORITY_REMOVED, GateEvent, QUOTE_REMOVED, Removed, begins_line};

/// Where a quotation was found.
#[derive(Debug, Clone)]
struct Found {
    number: u32,
    span: QuoteSpan,
    quote: String,
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
    evidence: &[Evidence],
    known: &Known,
    pieces: Vec<Piece>,
    written: usize,
    line_start: bool,
) -> Vec<GateEvent> {
    let settled = attribute(evidence, pieces);
    let mut page = Page { events: Vec::new(), text: String::new(), shown: written, line_start };
    for piece in settled {
        match piece {
            Settled::Text(text) => page.write_text(&text, known),
            Settled::Quote(quote, source) => page.write_quote(&quote, source),
            Settled::Struck(quote) => page.strike_quote(quote),
            Settled::Markers(cited) => page.write_markers(cited, evidence),
        }
    }
    page.flush();
    page.events
}

/// Finds each quotation, and gives it to the marker after it.
fn attribute(evidence: &[Evidence], pieces: Vec<Piece>) -> Vec<Settled> {
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
                let cited = cite(evidence, numbers, std::mem::take(&mut waiting), &mut settled);
                settled.push(Settled::Markers(cited));
            }
            Piece::Quote(quote) => {
                let Some(found) = find(&quote, evidence, &quote.cites) else {
                    settled.push(Settled::Struck(quote));
                    continue;
                };
                let inside = quote.cites.clone();
                waiting.push((settled.len(), found));
                settled.push(Settled::Quote(quote, None));
                if !inside.is_empty() {
                    let cited = cite(evidence, inside, std::mem::take(&mut waiting), &mut settled);
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
    evidence: &[Evidence],
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
            let passage = evidence.iter().find(|passage| passage.number == *number)?;
            let span = find_quote(&found.quote, &passage.pages)?;
            Some((*number, quotes, span))
        });
        match here {
            Some((number, quotes, span)) => quotes.push(Found { number, span, ..found }),
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

/// Finds a quotation in the evidence, first where it is said to stand.
fn find(quote: &Quote, evidence: &[Evidence], cites: &[u32]) -> Option<Found> {
    let (named, others): (Vec<_>, Vec<_>) =
        evidence.iter().partition(|passage| cites.contains(&passage.number));
    named.into_iter().chain(others).find_map(|passage| {
        let span = find_quote(&quote.words, &passage.pages)?;
        Some(Found { number: passage.number, span, quote: quote.words.clone() })
    })
}

/// The text that leaves, and what is said about it.
struct Page {
    events: Vec<GateEvent>,
    text: String,
    /// The bytes that left before `text`.
    shown: usize,
    /// Whether what is written next begins a line.
    line_start: bool,
}

impl Page {
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

    fn write_text(&mut self, text: &str, known: &Known) {
        let mut from = 0;
        for at in authority::find(text) {
            if known.contains(&text[at.clone()]) {
                continue;
            }
            self.write_own(&text[from..at.start]);
            self.write(AUTHORITY_REMOVED);
            from = at.end;
            self.report(GateEvent::Removed {
                what: Removed::Authority(text[at].to_owned()),
                reason: "the documents do not name this authority",
            });
        }
        self.write_own(&text[from..]);
    }

    fn write_quote(&mut self, quote: &Quote, source: Option<Found>) {
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
        self.write(QUOTE_REMOVED);
        self.report(GateEvent::Removed {
            what: Removed::Quote(quote.words),
            reason: "these words are not in the documents",
        });
    }

    fn write_markers(&mut self, cited: Vec<(u32, Vec<Found>)>, evidence: &[Evidence]) {
        let (real, unreal): (Vec<_>, Vec<_>) = cited
            .into_iter()
            .partition(|(number, _)| evidence.iter().any(|passage| passage.number == *number));
        if real.is_empty() {
            self.text.truncate(self.text.trim_end_matches(' ').len());
        }
        for (number, quotes) in real {
            self.write_number(number, quotes);
        }
        for (number, _) in unreal {
            self.report(GateEvent::Removed {
                what: Removed::Citation(number),
                reason: "there is no passage with this number",
            });
        }
    }

    fn write_number(&mut self, number: u32, quotes: Vec<Found>) {
        let position = self.shown + self.text.len();
        self.write(&format!("[{number}]"));
        if quotes.is_empty() {
            self.report(GateEvent::Cited { number, quote: None, span: None, position });
        }
        for Found { span, quote, .. } in quotes {
            let (quote, span) = (Some(quote), Some(span));
            self.report(GateEvent::Cited { number, quote, span, position });
        }
    }
}
