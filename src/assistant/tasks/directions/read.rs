//! What an order directs, and by when: found by the words orders are written in, the day
//! read or computed, every doubt said.

use std::ops::Range;
use std::sync::LazyLock;

use chrono::NaiveDate;
use regex::Regex;

use super::cues;
use super::dates::{Named, Period, is_sunday, named, pattern, periods, written};
use super::entries::{Entry, entries};
use super::{Kind, Read};
use crate::assistant::tasks::whole::{PageText, Whole, one_line, shortened};
use crate::kernel::sentences::sentences;

/// A single order longer than this, in bytes, is a judgment: it tells of many orders, and
/// gives its own in its last part.
const LONG: usize = 12_000;
/// The last part of a judgment: a sixth of it, and no less than this, in bytes.
const LAST: usize = 6_000;

/// How long a title is at most, in characters.
const TITLE: usize = 160;

static FROM_ORDER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^[\s,]*(?:from|of|hence|after)\s*(?:$|[.,;]|to-?\s?day\b|now\b|hence\b|(?:the\s+)?(?:date\s+of\s+)?(?:the\s+)?(?:passing\s+of\s+)?(?:pronouncement\s+of\s+)?(?:this|the\s+present|the\s+instant)\s+(?:order|judgment|date|day)\b|the\s+date\s+of\s+(?:the\s+)?(?:order|judgment|pronouncement)\b|(?:the\s+)?date\s+hereof\b|pronouncement\b)|^[\s,]*hence\b",
    )
});
static FROM_OTHER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?is)^[\s,]*(?:from|of|after)\s+(?P<what>(?:the\s+)?(?:date\s+(?:of|on)\s+|receipt\s+|receiving\s+|service\s+|such\s+|expiry\s+|communication\s+|production\s+|completion\s+|its\s+|his\s+|their\s+|filing\s+|conclusion\s+|notice\s+|furnishing\s+|end\s+|publication\s+|retirement\s+|supply\s+|passing\s+|issuance\s+|issue\s+).{0,60})",
    )
});
static FROM_ANY: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?is)^[\s,]*from\s+(?P<what>.{3,60})"));
static THEREAFTER: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^[\s,]*(?:there-?after|after\s+that|from\s+then)\b"));
static BEFORE_NEXT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)^[\s,]*(?:before|prior\s+to|in\s+advance\s+of)\s+the\s+(?:next|said)\s+date\b")
});
static TIME_GRANTED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^\s*(?:further\s+|more\s+|last\s+)?time\b"));
static TIME_WAS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^\s*(?:further\s+|more\s+)?time\s+(?:was|were|had)\b"));
static THAT_IS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^[\s,(]*(?:that\s+is|i\.\s?e\.|viz\.)"));
static WEEK_OF: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)week\s+(?:commencing|of|beginning)(?:\s+(?:on|from))?\s*(?:the\s+)?$")
});

/// A day an order sets, or why there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Due {
    on: Option<NaiveDate>,
    doubt: Option<String>,
    computed: String,
}

/// A day named in a sentence, or a period.
enum When {
    Day(Named),
    Period(Period),
}

impl When {
    fn at(&self) -> &Range<usize> {
        match self {
            Self::Day(day) => &day.at,
            Self::Period(period) => &period.at,
        }
    }
}

/// What the orders on some pages direct. `told` is the document's date where it is known
/// otherwise.
pub(crate) fn read(pages: &[PageText], told: Option<NaiveDate>) -> Vec<Read> {
    let whole = Whole::of(pages);
    let entries = entries(&whole.text, told);
    entries.iter().flat_map(|entry| of_entry(&whole, entry)).collect()
}

fn of_entry(whole: &Whole, entry: &Entry) -> Vec<Read> {
    let body = &whole.text[entry.at.clone()];
    let mut found: Vec<Read> = Vec::new();
    // Deadlines before a hearing that may be named further down.
    let mut waiting: Vec<(usize, Period)> = Vec::new();
    for sentence in sentences(body) {
        let text = &body[sentence.clone()];
        let early = !entry.in_sheet
            && body.len() > LONG
            && sentence.end < body.len() - LAST.max(body.len() / 6);
        if early && !cues::commands(text) {
            continue;
        }
        for when in whens(text, entry.date) {
            let at = when.at().clone();
            if is_quoted(body, sentence.start + at.start) {
                continue;
            }
            let (before, after) = (&text[..at.start], &text[at.end..]);
            let Some((kind, due)) = decide(&when, (text, before, after), entry, &found) else {
                continue;
            };
            let place = whole.place(
                &(entry.at.start + sentence.start..entry.at.start + sentence.end),
                entry.at.start + sentence.start + at.start,
            );
            let quote = whole.words(&place).to_owned();
            let title = match kind {
                Kind::Hearing => cues::purpose(before, after)
                    .map_or_else(|| "Hearing".to_owned(), |what| format!("Hearing for {what}")),
                Kind::Deadline => shortened(unnumbered(&one_line(text)), TITLE),
            };
            let same =
                |known: &Read| known.kind == kind && known.on == due.on && known.quote == quote;
            if found.iter().any(same) {
                continue;
            }
            if let When::Period(period) = &when
                && BEFORE_NEXT.is_match(after)
            {
                waiting.push((found.len(), period.clone()));
            }
            let Due { on, doubt, computed } = due;
            let order_date = entry.date;
            let (page, start, end) = (place.page, place.start, place.end);
            found.push(Read {
                kind,
                title,
                on,
                doubt,
                computed,
                order_date,
                page,
                start,
                end,
                quote,
            });
        }
    }
    for (index, period) in waiting {
        let next = found.iter().find(|read| read.kind == Kind::Hearing).and_then(|read| read.on);
        if let Some(next) = next {
            found[index].on = period.span.before(next);
            found[index].doubt = None;
            found[index].computed =
                format!("{} before the hearing of {}", period.words, written(next));
        }
    }
    found
}

/// The days and periods of a sentence, in order.
fn whens(text: &str, order: Option<NaiveDate>) -> Vec<When> {
    let mut whens: Vec<When> = named(text, order).into_iter().map(When::Day).collect();
    whens.extend(periods(text).into_iter().map(When::Period));
    whens.sort_by_key(|when| when.at().start);
    whens
}

/// What a day of a sentence is: the next hearing, a last day for something, or neither.
fn decide(
    when: &When,
    (sentence, before, after): (&str, &str, &str),
    entry: &Entry,
    found: &[Read],
) -> Option<(Kind, Due)> {
    match when {
        When::Day(day) => {
            if cues::lists(before, false) && !cues::tells(before) {
                return Some((Kind::Hearing, listed_on(day, before, entry.date)));
            }
            let due = cues::is_due(before) && cues::orders(sentence, before);
            due.then(|| (Kind::Deadline, named_day(day, entry.date)))
        }
        When::Period(period) => {
            if cues::lists(before, !period.opens.is_empty()) && !cues::tells(before) {
                return Some((Kind::Hearing, listed_after(period, after, entry.date)));
            }
            let before_next = BEFORE_NEXT.is_match(after);
            let opens = match period.opens.as_str() {
                "in" | "after" | "for" => false,
                "" => before_next || (TIME_GRANTED.is_match(after) && !TIME_WAS.is_match(after)),
                _ => true,
            };
            if !opens
                || !cues::orders(sentence, before)
                || (THAT_IS.is_match(after) && has_day(after, entry))
            {
                return None;
            }
            if before_next {
                let doubt = Some("the order names no next date".to_owned());
                let computed = format!("{} before the next date", period.words);
                return Some((Kind::Deadline, Due { on: None, doubt, computed }));
            }
            Some((Kind::Deadline, after_period(period, after, entry.date, found)))
        }
    }
}

fn has_day(after: &str, entry: &Entry) -> bool {
    named(after, entry.date).first().is_some_and(|day| day.at.start < 40 && day.day.is_some())
}

/// A day named as the last.
fn named_day(day: &Named, order: Option<NaiveDate>) -> Due {
    let early = order.zip(day.day).filter(|(order, day)| day < order);
    let early = early.map(|(order, _)| format!("it lies before the order of {}", written(order)));
    let computed = "the day the order names".to_owned();
    Due { on: day.day, doubt: day.doubt.clone().or(early), computed }
}

/// A day named for a hearing.
fn listed_on(day: &Named, before: &str, order: Option<NaiveDate>) -> Due {
    let mut due = named_day(day, order);
    if let Some(on) = due.on {
        if WEEK_OF.is_match(before) {
            due.doubt = Some(format!("the week that begins on {} is named, no day", written(on)));
        } else if is_sunday(on) && due.doubt.is_none() {
            due.doubt = Some(format!("{} is a Sunday", written(on)));
        }
    }
    due
}

/// A hearing after a period: a day no earlier than which the case comes up.
fn listed_after(period: &Period, after: &str, order: Option<NaiveDate>) -> Due {
    let mut due = after_period(period, after, order, &[]);
    if due.doubt.is_none() {
        due.doubt =
            Some(format!("“{} {}” names no day", period.opens, period.words).replace("“ ", "“"));
    }
    due
}

/// The last day of a period, counted as the order says.
fn after_period(period: &Period, after: &str, order: Option<NaiveDate>, found: &[Read]) -> Due {
    let words = &period.words;
    let after = TIME_GRANTED.find(after).map_or(after, |time| &after[time.end()..]);
    let last = found.iter().rev().find(|read| read.kind == Kind::Deadline);
    if let Some(last) = last.filter(|_| period.is_next) {
        let on = last.on.and_then(|day| period.span.after(day));
        let doubt = Some("it may be counted from the step before or from the order".to_owned());
        return Due { on, doubt, computed: format!("the next {words}, after the step before") };
    }
    if THEREAFTER.is_match(after) {
        let Some(last) = last else {
            let doubt = Some("it is counted from something the order gives no date to".to_owned());
            return Due { on: None, doubt, computed: format!("{words} thereafter") };
        };
        let on = last.on.and_then(|day| period.span.after(day));
        let from = last.on.map_or_else(|| "the step before".to_owned(), written);
        let doubt =
            last.doubt.as_ref().map(|_| "the day it is counted from is not certain".to_owned());
        let doubt = doubt.or_else(|| on.is_none().then(|| "it cannot be counted".to_owned()));
        return Due {
            on,
            doubt,
            computed: format!("{words} after {from}, the last day of the step before"),
        };
    }
    let other = (!FROM_ORDER.is_match(after))
        .then(|| FROM_OTHER.captures(after).or_else(|| FROM_ANY.captures(after)))
        .flatten();
    if let Some(what) = other.as_ref().and_then(|hit| hit.name("what")) {
        let what = one_line(what.as_str());
        if let Some(day) = named(&what, order).first().filter(|day| day.at.start < 25)
            && let (Some(from), None) = (day.day, &day.doubt)
        {
            let computed = format!("{} + {words}", written(from));
            return Due { on: period.span.after(from), doubt: None, computed };
        }
        let what = shortened(what.split(['.', ';']).next().unwrap_or(&what), 50);
        let on = order.and_then(|order| period.span.after(order));
        let doubt = format!("it runs from {what}, whose day is not in the order");
        let computed = order.map_or_else(
            || format!("{words} from {what}"),
            |order| format!("not before {} + {words}", written(order)),
        );
        return Due { on, doubt: Some(doubt), computed };
    }
    if let Some(order) = order {
        let on = period.span.after(order);
        let doubt = on.is_none().then(|| "it cannot be counted".to_owned());
        Due { on, doubt, computed: format!("order of {} + {words}", written(order)) }
    } else {
        let doubt = Some("the date of the order could not be read".to_owned());
        Due { on: None, doubt, computed: format!("{words} from the order") }
    }
}

/// Whether a place of a text is inside a quotation, which orders nothing by itself.
fn is_quoted(text: &str, at: usize) -> bool {
    let mut from = at.saturating_sub(3000);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let before = &text[from..at];
    let curly = before.rfind('“').is_some_and(|open| before[open..].rfind('”').is_none());
    // A straight mark opens where a space stands before it and none after it.
    let straight = before.rfind('"').is_some_and(|mark| {
        let spaced = before[..mark].chars().next_back().is_none_or(char::is_whitespace);
        let followed = before[mark + 1..].chars().next().is_some_and(|c| !c.is_whitespace());
        spaced && followed
    });
    curly || straight
}

/// A sentence without the number of its paragraph.
fn unnumbered(text: &str) -> &str {
    static NUMBERED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"^(?:\(?[a-zA-Z0-9]{1,3}[.)]\s*|\d{1,3}\s+)+(?P<rest>\p{Lu}.*|[a-z].*)$")
    });
    NUMBERED.captures(text).and_then(|hit| hit.name("rest")).map_or(text, |rest| rest.as_str())
}
