//! Sections, articles, orders and rules, with the statute they belong to.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::statutes::Named;
use super::tables::compile;
use super::{Entity, Found, closes_word, opens_word};

/// One number: `138`, `65B(4)`, `498-A`, `13(1)(d)`.
const NUMBER: &str = r"\d{1,4}(?:-?[A-Z]{1,3})?(?:\s?\((?:\d{1,3}[A-Z]?|[a-zA-Z]{1,4})\))*";
/// What stands between the numbers of a list.
const BETWEEN: &str = r"(?:\s?(?:,\s*(?:and|or|&)|,|;|/|&)\s*|\s+(?:and|or|to|read\s+with)\s+|\s?r/w\.?\s?)(?:(?:[Ss]ections?|[Ss]ecs?\.|[Ss]{1,2}\.|[Uu]/[Ss]\.?|[Rr]ules?|[Aa]rticles?)\s*)?";
/// A statute is named this near a section, in bytes, or not at all.
const NEAR: usize = 48;
/// No section of a statute in force has a higher number.
const HIGHEST: u32 = 999;

static SECTIONS: LazyLock<Regex> = LazyLock::new(|| {
    compile(&format!(
        r"(?:[Ss]ections?|SECTIONS?|[Ss]ecs?\.?|SECS?\.|[Uu]/[Ss](?:ec)?s?\.?|[Ss]{{1,2}}\.|§§?|धाराओं|धारा)\s*(?P<l>{NUMBER}(?:{BETWEEN}{NUMBER})*)"
    ))
});

static ARTICLES: LazyLock<Regex> = LazyLock::new(|| {
    compile(&format!(
        r"(?:[Aa]rticles?|ARTICLES?|[Aa]rts?\.|अनुच्छेद)\s*(?P<l>{NUMBER}(?:{BETWEEN}{NUMBER})*)"
    ))
});

static RULES: LazyLock<Regex> = LazyLock::new(|| {
    compile(&format!(
        r"(?:[Oo]rder|ORDER|O\.)\s*(?P<o>[IVXL]{{1,7}}|\d{{1,2}})(?:-?(?P<a>[A-Z]))?\s*,?\s*(?:[Rr]ules?|RULES?|[Rr]{{1,2}}\.)\s*(?P<l>{NUMBER}(?:{BETWEEN}{NUMBER})*)"
    ))
});

static NUMBERS: LazyLock<Regex> = LazyLock::new(|| compile(NUMBER));

/// What may stand between the numbers and the statute after them.
static LEADS: LazyLock<Regex> = LazyLock::new(|| {
    compile(
        r"^[\s,]*(?:\((?:now|since)[^)]*\)\s*)?(?:(?:of|under|in)\s+)?(?:the\s+)?(?:said\s+|aforesaid\s+|erstwhile\s+|old\s+|new\s+|unamended\s+)*[\(“\x22]?$",
    )
});

/// What may stand between a statute and the numbers after it.
static FOLLOWS: LazyLock<Regex> =
    LazyLock::new(|| compile(r"^\)?\s*[,:–—-]?\s*(?:\(?\s*under\s+|in\s+)?$"));

/// What joins two lists that belong to one statute.
static JOINS: LazyLock<Regex> = LazyLock::new(|| {
    compile(
        r"^[\s,]*(?:and|or|&|read\s+with|r/w\.?|as\s+well\s+as|/|along\s+with)?\s*(?:under\s+|also\s+)?$",
    )
});

/// Numbers that stand before an abbreviation: `302/34 IPC`.
static TRAILING: LazyLock<Regex> = LazyLock::new(|| {
    compile(&format!(
        r"(?:^|[\s(,:])(?P<l>{NUMBER}(?:{BETWEEN}{NUMBER})*)\s*(?:of\s+(?:the\s+)?)?$"
    ))
});

/// A list of numbers after one word for what they are.
struct List {
    whole: Range<usize>,
    numbers: Vec<Range<usize>>,
    kind: &'static str,
    /// What stands before the number in the normal form: `s.`, `art.`, `O. 39 r.`
    label: String,
    /// The statute, and what its own numbers are called.
    statute: Option<String>,
}

/// Finds the sections, articles and rules of a text.
pub(super) fn find(text: &str, statutes: &[Named], found: &mut Found) {
    let mut lists = lists(text);
    for list in &mut lists {
        list.statute = near(text, &list.whole, statutes).map(|named| {
            if list.label == "s." && named.division != "s." {
                named.division.clone_into(&mut list.label);
            }
            named.key.clone()
        });
    }
    // `Section 302 read with Section 34 IPC`: the first belongs to the IPC too.
    for place in (1..lists.len()).rev() {
        let (before, after) = lists.split_at_mut(place);
        let (Some(first), Some(second)) = (before.last_mut(), after.first()) else { continue };
        let between = text.get(first.whole.end..second.whole.start);
        if first.statute.is_none()
            && first.kind == second.kind
            && between.is_some_and(|between| between.len() < NEAR && JOINS.is_match(between))
        {
            first.statute.clone_from(&second.statute);
        }
    }
    for list in lists {
        emit(text, list, found);
    }
    for named in statutes.iter().filter(|named| named.abbreviation) {
        trailing(text, named, found);
    }
}

fn lists(text: &str) -> Vec<List> {
    let mut lists = Vec::new();
    for (pattern, kind, label) in
        [(&*SECTIONS, "section", "s."), (&*ARTICLES, "article", "art."), (&*RULES, "section", "")]
    {
        for hit in pattern.captures_iter(text) {
            let (Some(whole), Some(list)) = (hit.get(0), hit.name("l")) else { continue };
            let joined = text[..whole.start()].ends_with('-');
            if joined || !opens_word(text, whole.start()) {
                continue;
            }
            let numbers = numbers(text, list.range());
            let Some(end) = numbers.last().map(|number| number.end) else { continue };
            let label = match hit.name("o") {
                Some(order) => {
                    let Some(order) = figure(order.as_str()) else { continue };
                    let letter = hit.name("a").map_or("", |letter| letter.as_str());
                    format!("O. {order}{letter} r.")
                }
                None => label.to_owned(),
            };
            let whole = whole.start()..end;
            lists.push(List { whole, numbers, kind, label, statute: None });
        }
    }
    lists.sort_by_key(|list| list.whole.start);
    lists
}

/// The numbers of a list, up to the first that is none.
fn numbers(text: &str, list: Range<usize>) -> Vec<Range<usize>> {
    let mut numbers = Vec::new();
    for hit in NUMBERS.find_iter(&text[list.clone()]) {
        let range = list.start + hit.start()..list.start + hit.end();
        let rest = &text.as_bytes()[range.end..];
        let decimal = matches!(rest, [b'.' | b'/' | b'-', b'0'..=b'9', ..])
            && !(rest[0] == b'/' && range.end < list.end);
        let digits = hit.as_str().bytes().take_while(u8::is_ascii_digit).count();
        let value = hit.as_str()[..digits].parse::<u32>();
        if !closes_word(text, range.end)
            || decimal
            || !value.is_ok_and(|value| (1..=HIGHEST).contains(&value))
        {
            break;
        }
        numbers.push(range);
    }
    numbers
}

/// The statute named beside some numbers.
fn near<'a>(text: &str, numbers: &Range<usize>, statutes: &'a [Named]) -> Option<&'a Named> {
    let next = statutes.partition_point(|named| named.start < numbers.end);
    let after = statutes.get(next).filter(|named| {
        let gap = text.get(numbers.end..named.start);
        gap.is_some_and(|gap| gap.len() <= NEAR && LEADS.is_match(gap))
    });
    after.or_else(|| {
        let before = statutes.get(next.checked_sub(1)?)?;
        let gap = text.get(before.end..numbers.start)?;
        (gap.len() <= 12 && FOLLOWS.is_match(gap)).then_some(before)
    })
}

fn emit(text: &str, list: List, found: &mut Found) {
    let statute = match (&list.statute, list.kind) {
        (Some(statute), _) => format!("{statute} "),
        // Orders with rules are those of the Civil Procedure Code, articles those of
        // the Constitution, unless something else is named.
        (None, _) if list.label.starts_with('O') => "CPC ".to_owned(),
        (None, "article") if !named_otherwise(text, list.whole.end) => "Constitution ".to_owned(),
        (None, _) => String::new(),
    };
    for (place, number) in list.numbers.into_iter().enumerate() {
        let start = if place == 0 { list.whole.start } else { number.start };
        let plain: String =
            text[number.clone()].chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        let normal = format!("{statute}{} {plain}", list.label);
        found.push(Entity::new(list.kind, text, start..number.end, normal));
    }
}

/// Whether an article is said to be of something that is not the Constitution.
fn named_otherwise(text: &str, end: usize) -> bool {
    let rest = text[end..].trim_start();
    let of = rest.strip_prefix("of ").or_else(|| rest.strip_prefix("to "));
    of.is_some_and(|of| !of.contains("Constitution") || of.find("Constitution") > Some(NEAR))
}

/// Numbers before an abbreviation that is not announced: `302 IPC`.
fn trailing(text: &str, named: &Named, found: &mut Found) {
    let from = text.floor_char_boundary(named.start.saturating_sub(NEAR));
    let Some(hit) = TRAILING.captures(&text[from..named.start]) else { return };
    let Some(list) = hit.name("l") else { return };
    for number in numbers(text, from + list.start()..from + list.end()) {
        let plain: String =
            text[number.clone()].chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        let normal = format!("{} {} {plain}", named.key, named.division);
        found.push(Entity::new("section", text, number, normal));
    }
}

/// A number in figures or capital Roman numerals.
fn figure(written: &str) -> Option<u32> {
    if let Ok(number) = written.parse() {
        return Some(number);
    }
    let mut total = 0_i64;
    let mut last = 0;
    for c in written.chars().rev() {
        let value = match c {
            'I' => 1,
            'V' => 5,
            'X' => 10,
            'L' => 50,
            _ => return None,
        };
        total += if value < last { -value } else { value };
        last = last.max(value);
    }
    u32::try_from(total).ok().filter(|&total| total > 0)
}
