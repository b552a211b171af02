//! What a line begins: a numbered paragraph, a heading, an entry of an order sheet.

use std::sync::LazyLock;

use regex::Regex;

use crate::documents::entities::dates;

/// A heading is at most this long, in characters.
const LONGEST_HEADING: usize = 90;
/// A heading that names a division (`Chapter IV …`) is at most this long.
const LONGEST_DIVISION: usize = 120;

/// What stands before a line.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Before {
    /// Nothing, or an empty line.
    pub(super) gap: bool,
    /// The end of a sentence.
    pub(super) stop: bool,
    /// A heading.
    pub(super) heading: bool,
}

/// What a line begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Mark {
    /// A numbered paragraph, with its number.
    Paragraph(Number),
    /// A heading at a level, 0 for the outermost.
    Heading(u8),
    /// A clause or section that has a heading of its own: its number, and where the
    /// heading ends in the line.
    Clause(String, usize),
    /// The order of a day, with the day as `2024-03-12`.
    Entry(String),
    /// Nothing.
    None,
}

/// The number of a paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Number {
    /// `12`, `12.3`.
    Main(String),
    /// `(12)`: a paragraph, or a sub-section of the section it stands in.
    Bracketed(String),
    /// `a`, `iv`: of the paragraph it is part of.
    Part(String),
}

macro_rules! pattern {
    ($name:ident, $pattern:expr) => {
        static $name: LazyLock<Regex> =
            LazyLock::new(|| Regex::new($pattern).expect("a valid pattern"));
    };
}

pattern!(
    NUMBERED,
    r"^\s*(?:(?:¶|[Pp]ara(?:graph)?\.?)\s*([0-9०-९]{1,3})[.:)]?|\(?([0-9०-९]{1,3}[A-Z]?(?:\.[0-9०-९]{1,3}){0,3})[.)]|([0-9]{1,2}(?:\.[0-9]{1,2}){1,3})|\(([a-z]{1,2}|[ivx]{1,5}|[A-H]|[अआइईकखगघङचछजझ])\)|([a-h]|[ivx]{1,5})\))(?:\s+|[\u{2013}-]\s*)\S"
);
pattern!(
    CLAUSE,
    r"^\s*([0-9]{1,3}[A-Z]{0,2}(?:\.[0-9]{1,2}){0,3})\.?\s+([A-Z][^.;:?!—–|]{2,88}?)(\.\s*[—–―-]|[.:]?\s*$|[.:]\s+[A-Z(“\x22])"
);
pattern!(
    DIVISION,
    r"(?i)^(?:part|chapter|title|book|schedule|(?:the\s+)?(?:first|second|third|fourth|fifth|sixth|seventh) schedule|annexure|annex|appendix|exhibit|article|clause|section|भाग|अध्याय|अनुसूची)(?:\s+(?:[ivxlc]{1,7}|[a-z]|[0-9०-९]{1,3}[a-z]?|[a-z]-?[0-9]{1,2})\b|$)"
);
pattern!(
    ENTRY,
    r"^\s*(?:(?i:order\s+(?:dated|dt\.?|date)|order sheet dated|dated?|dt\.?|on|दिनांक)\s*[:-]*\s*)?((?:0?[1-9]|[12][0-9]|3[01])[./-](?:0?[1-9]|1[0-2])[./-](?:19|20)[0-9]{2})\s*(?:$|[:|–—-]|[A-Z(])"
);

// Lines in capitals that head nothing: those between the parties, marks for the
// reporters, the name of the judge who writes, names with what they stand for.
pattern!(
    NO_HEADING,
    r"(?i)^\W*(?:versus|vs?\.?|v/s|and|with|in|to|(?:non-?\s?)?reportable|between|through)\W*$|,?\s(?:C\.\s?)?JJ?\.\W*$|\w: \w"
);

/// What a line begins, given what stands before it and whether a gap follows.
pub(super) fn mark(line: &str, before: Before, gap_after: bool) -> Mark {
    let content = line.trim();
    let opens = before.gap || before.stop || before.heading;
    if content.is_empty() || content.contains(" | ") {
        return Mark::None;
    }
    if opens
        && let Some(found) = ENTRY.captures(line)
        && let Some(day) = found.get(1).and_then(|day| dates::iso(day.as_str()))
    {
        return Mark::Entry(day);
    }
    if let Some(clause) = clause(line, opens) {
        return clause;
    }
    if let Some(number) = number(line, opens) {
        return Mark::Paragraph(number);
    }
    heading(content, before, gap_after).map_or(Mark::None, Mark::Heading)
}

fn number(line: &str, opens: bool) -> Option<Number> {
    let found = NUMBERED.captures(line)?;
    let (place, number) =
        (1..=5).find_map(|group| found.get(group).map(|number| (group, number.as_str())))?;
    // A line of running text may begin with a number by chance.
    if !opens {
        return None;
    }
    let bracketed = line.trim_start().starts_with('(');
    Some(match place {
        2 if bracketed => Number::Bracketed(number.to_owned()),
        1..=3 => Number::Main(number.to_owned()),
        _ => Number::Part(number.to_owned()),
    })
}

/// A numbered clause or section with a heading: `7.2 Termination`, `138. Dishonour
/// of cheque.—`.
fn clause(line: &str, opens: bool) -> Option<Mark> {
    let found = CLAUSE.captures(line).filter(|_| opens)?;
    let (number, title, close) = (found.get(1)?, found.get(2)?, found.get(3)?);
    let words: Vec<&str> = title.as_str().split_whitespace().collect();
    let dashed = close.as_str().contains(['—', '–', '―', '-']);
    let long = |word: &&&str| word.chars().count() > 3;
    let capital = words
        .iter()
        .filter(long)
        .all(|word| word.starts_with(|c: char| c.is_uppercase() || !c.is_alphabetic()));
    let is_title = dashed || (capital && words.len() <= 9);
    is_title.then(|| Mark::Clause(number.as_str().to_owned(), title.end()))
}

/// The level of a heading: a division, a line in capitals, or a short line in title
/// case that stands alone.
fn heading(line: &str, before: Before, gap_after: bool) -> Option<u8> {
    let length = line.chars().count();
    if length > LONGEST_DIVISION {
        return None;
    }
    let open_end = line.ends_with([',', ';', '-', '–', '&']);
    let lower = line.chars().any(char::is_lowercase);
    if DIVISION.is_match(line) && !open_end && (!line.ends_with('.') || !lower) {
        let opens = before.gap || before.stop || before.heading;
        let prose = line.split_whitespace().skip(2).filter(|word| starts_low(word)).count();
        if opens && prose <= 3 && (length <= 60 || !lower) {
            return Some(division_level(line));
        }
    }
    if length > LONGEST_HEADING || NO_HEADING.is_match(line) {
        return None;
    }
    let letters = line.chars().filter(|c| c.is_alphabetic()).count();
    let capitals = letters >= 4 && !lower && line.chars().any(char::is_uppercase);
    if capitals {
        return Some(3);
    }
    let alone = before.gap && gap_after && length <= 60;
    let first = line.chars().next().is_some_and(char::is_uppercase);
    let closes = line.ends_with(['.', ',', ';', '?', '!', '-', '"', '”', ')']);
    let long = line.split_whitespace().filter(|word| word.chars().count() > 3);
    let titled = long.clone().count() >= 1 && long.filter(|word| starts_low(word)).count() == 0;
    let figures = line.chars().any(|c| c.is_ascii_digit());
    (alone && first && !closes && titled && !figures).then_some(4)
}

fn starts_low(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_lowercase)
}

fn division_level(line: &str) -> u8 {
    let word = line.split_whitespace().next().unwrap_or_default().to_lowercase();
    match word.as_str() {
        "part" | "book" | "भाग" => 0,
        "clause" | "section" => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPEN: Before = Before { gap: true, stop: false, heading: false };

    fn of(line: &str) -> Mark {
        mark(line, OPEN, false)
    }

    fn main(number: &str) -> Mark {
        Mark::Paragraph(Number::Main(number.into()))
    }

    fn part(number: &str) -> Mark {
        Mark::Paragraph(Number::Part(number.into()))
    }

    #[test]
    fn paragraphs_are_numbered_in_many_ways() {
        assert_eq!(of("1. The present appeal is filed."), main("1"));
        assert_eq!(
            of("(12) the plaintiff says so"),
            Mark::Paragraph(Number::Bracketed("12".into()))
        );
        assert_eq!(of("12.3 it was held that"), main("12.3"));
        assert_eq!(of("12.3. it was held that"), main("12.3"));
        assert_eq!(of("¶ 12 the court holds"), main("12"));
        assert_eq!(of("१२. वादी ने कहा"), main("१२"));
        assert_eq!(of("(a) the goods"), part("a"));
        assert_eq!(of("(iv) the price"), part("iv"));
        assert_eq!(of("iv) the price"), part("iv"));
    }

    #[test]
    fn a_number_in_running_text_begins_nothing() {
        let inside = Before::default();
        assert_eq!(mark("394. The refusal to undergo", inside, false), Mark::None);
        assert_eq!(mark("(a) and (b) above", inside, false), Mark::None);
        assert_eq!(of("(2019) 4 SCC 1 is relied on"), Mark::None);
        assert_eq!(of("12 | 13 | 14"), Mark::None);
    }

    #[test]
    fn clauses_and_sections_have_headings_of_their_own() {
        let clause = |line: &str| match of(line) {
            Mark::Clause(number, end) => (number, line[..end].to_owned()),
            other => panic!("{line}: {other:?}"),
        };
        assert_eq!(clause("7.2 Termination"), ("7.2".into(), "7.2 Termination".into()));
        assert_eq!(clause("8. CONFIDENTIALITY. Both parties shall").0, "8");
        assert_eq!(
            clause("138. Dishonour of cheque for insufficiency.—Where any cheque").1,
            "138. Dishonour of cheque for insufficiency"
        );
        assert_eq!(of("3. The appeal is allowed."), main("3"));
    }

    #[test]
    fn headings_are_divisions_capitals_or_lines_that_stand_alone() {
        assert_eq!(of("PART II"), Mark::Heading(0));
        assert_eq!(of("CHAPTER IV"), Mark::Heading(1));
        assert_eq!(of("Article 5"), Mark::Heading(1));
        assert_eq!(of("ORDER"), Mark::Heading(3));
        assert_eq!(mark("First Appeal", OPEN, true), Mark::Heading(4));
        assert_eq!(mark("First Appeal", OPEN, false), Mark::None);
        assert_eq!(of("SANJAY KAROL, J."), Mark::None);
        assert_eq!(of("VERSUS"), Mark::None);
        assert_eq!(of("Part of the goods was returned in the month of May"), Mark::None);
        assert_eq!(
            mark("Article 14 of the Constitution and", Before::default(), false),
            Mark::None
        );
    }

    #[test]
    fn an_order_sheet_has_entries_by_day() {
        assert_eq!(of("12.03.2024"), Mark::Entry("2024-03-12".into()));
        assert_eq!(of("Order dated 02/04/2024"), Mark::Entry("2024-04-02".into()));
        assert_eq!(
            of("12-03-2024 Present: Sh. A.K. for the plaintiff"),
            Mark::Entry("2024-03-12".into())
        );
        assert_eq!(of("12.03.2024 extended the time"), Mark::None);
        assert_eq!(mark("20.09.1994 Parties had", Before::default(), false), Mark::None);
    }
}
