//! Citations: reports, online reporters and neutral citations.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::tables::{Bare, Finder, Reporter, Style, TABLES, any, compile, court_of_mark, year};
use super::{Entity, Found, opens_word};

/// The first year of any report cited.
const YEAR: &str = r"(?:18|19|20)\d\d";
/// `Supp`, `Suppl.`, `SUPPLEMENTARY`.
const SUPPLEMENT: &str = r"[Ss](?:upp|UPP)(?:l|L)?(?:ementary|EMENTARY)?\.?";

/// How each way of writing a citation is found.
struct Patterns {
    /// `(2019) 4 SCC 1`, `2020 SCC OnLine SC 123`, `1994 SCC (3) 1`
    year_first: Regex,
    /// `AIR 1973 SC 1461`, `JT 2001 (3) SC 1`
    reporter_first: Regex,
    /// `71 STC 401`
    plain: Regex,
    /// `ILR 49 Mad 468`
    bare_court: Regex,
    /// `2024 INSC 835`
    insc: Regex,
    /// `2023:DHC:2720-DB`, `2023/DHC/001234`
    high_court: Regex,
    /// `MANU/SC/0123/2001`
    manupatra: Regex,
    /// `[2010] UKSC 12`
    british: Regex,
}

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| {
    let forms = |wanted: fn(&Reporter) -> bool| {
        let rows = TABLES.reporters.iter().filter(move |row| wanted(row));
        any(rows.flat_map(|row| row.forms.iter().map(String::as_str)))
    };
    let marks = any(TABLES.courts.iter().flat_map(|row| row.marks.iter().map(String::as_str)));
    let codes = any(TABLES.courts.iter().flat_map(|row| row.neutral.iter().map(String::as_str)));
    let volume = r"\d{1,4}|I{1,3}|IV|VI{0,3}";
    Patterns {
        year_first: compile(&format!(
            r"[\[(]?\s?(?P<y>{YEAR})(?:-\d\d(?:\d\d)?)?\s?[\])]?,?\s*(?:L\.?\s?R\.?\s*)?(?P<s>{SUPPLEMENT}\s*)?(?:(?:Vol\.?\s*)?\(?\s?(?P<v>{volume})\s?\)?\s*)?(?P<s2>{SUPPLEMENT}\s*)?(?:\((?P<v2>{volume})\)\s*)?(?P<r>{all})(?P<s3>\s*{SUPPLEMENT})?,?\s*(?:\((?P<v3>\d{{1,3}})\)\s*)?(?:\(?(?P<c>{marks})\s?\)?\s*)?(?:\([A-Za-z&. ]{{1,14}}\)\s*)?(?P<p>\d{{1,6}})(?:(?-u:\b)|at)",
            all = forms(|_| true),
        )),
        reporter_first: compile(&format!(
            r"(?P<r>{first})[,\s]*[\[(]?\s?(?P<y>{YEAR})\s?[\])]?,?\s*(?:\(?\s?(?P<v>{volume})\s?\)?,?\s*)?(?:\(?(?P<c>{marks})\s?\)?,?\s*)?(?:\([A-Za-z&. ]{{1,14}}\)\s*)?(?:page\s+|p\.?\s*)?(?P<p>\d{{1,5}})(?-u:\b)",
            first = forms(|row| row.first),
        )),
        plain: compile(&format!(
            r"(?P<v>\d{{1,3}})\s+(?:\((?P<y>{YEAR})\)\s*)?(?P<r>{bare})\s*(?P<p>\d{{1,5}})(?-u:\b)",
            bare = forms(|row| row.bare == Some(Bare::Plain)),
        )),
        bare_court: compile(&format!(
            r"(?P<r>{bare})\s*(?P<v>\d{{1,3}})\s*(?P<c>{marks})\s*(?P<p>\d{{1,5}})(?-u:\b)",
            bare = forms(|row| row.bare == Some(Bare::Court)),
        )),
        insc: compile(&format!(r"(?P<y>{YEAR})\s?:?\s?INSC\s?:?\s?(?P<p>\d{{1,5}})(?-u:\b)")),
        high_court: compile(&format!(
            r"(?P<y>{YEAR})\s?(?:(?::\s?(?P<k>[A-Z]{{2,6}}(?:-[A-Z]{{1,4}})?)\s?:\s?(?P<p>\d{{1,7}}))|(?:[:/]\s?(?P<k2>{codes})\s?[:/]\s?(?P<p2>\d{{1,7}})))(?P<b>-(?:DB|FB|LB|CB))?(?-u:\b)"
        )),
        manupatra: compile(r"MANU/[A-Z]{2,5}/\d{1,5}/\d{4}(?-u:\b)"),
        british: compile(
            r"\[(?P<y>\d{4})\]\s*(?P<r>UKSC|UKHL|UKPC|EWHC|EWCA\s+(?:Civ|Crim)|SGCA|HCA)\s*(?P<p>\d{1,5})(?-u:\b)",
        ),
    }
});

static REPORTERS: LazyLock<Finder> =
    LazyLock::new(|| {
        Finder::new(TABLES.reporters.iter().enumerate().flat_map(|(row, reporter)| {
            reporter.forms.iter().map(move |form| (row, form.as_str()))
        }))
    });

/// The parts of a citation.
#[derive(Debug, Default)]
struct Parts<'a> {
    year: Option<u16>,
    volume: Option<&'a str>,
    supplement: bool,
    court: Option<&'a str>,
    page: &'a str,
}

/// Finds the citations of a text.
pub(super) fn find(text: &str, found: &mut Found) {
    let patterns = &*PATTERNS;
    for hit in patterns.insc.captures_iter(text) {
        push(text, &hit, found, |part| Some(format!("{} INSC {}", part("y"), plain(part("p")))));
    }
    for hit in patterns.high_court.captures_iter(text) {
        push(text, &hit, found, |part| {
            let code = if part("k").is_empty() { part("k2") } else { part("k") };
            let number = if part("p").is_empty() { part("p2") } else { part("p") };
            let number = plain(number);
            Some(format!("{}:{code}:{number}{}", part("y"), part("b")).to_uppercase())
        });
    }
    for hit in patterns.manupatra.captures_iter(text) {
        push(text, &hit, found, |_| hit.get(0).map(|whole| whole.as_str().to_owned()));
    }
    for hit in patterns.british.captures_iter(text) {
        push(text, &hit, found, |part| {
            let court = part("r").split_whitespace().collect::<Vec<_>>().join(" ");
            Some(format!("[{}] {court} {}", part("y"), part("p")))
        });
    }
    for pattern in
        [&patterns.year_first, &patterns.reporter_first, &patterns.bare_court, &patterns.plain]
    {
        for hit in pattern.captures_iter(text) {
            push(text, &hit, found, |_| reported(&hit));
        }
    }
}

fn push<'a>(
    text: &str,
    hit: &Captures<'a>,
    found: &mut Found,
    normal: impl FnOnce(&dyn Fn(&str) -> &'a str) -> Option<String>,
) {
    let Some(whole) = hit.get(0) else { return };
    let (mut start, mut end) = (whole.start(), whole.end());
    // Print may run the page into what follows: `751at pp. 779`.
    if let Some(page) = hit.name("p").filter(|_| whole.as_str().ends_with("at")) {
        end = page.end();
    }
    start += whole.as_str().len() - whole.as_str().trim_start().len();
    // A bracket that opened before the citation is not its own.
    let unclosed =
        |open, close| text[start..end].starts_with(open) && !text[start..end].contains(close);
    if unclosed('(', ')') || unclosed('[', ']') {
        start += 1;
        start += text[start..end].len() - text[start..end].trim_start().len();
    }
    if text[start..end].starts_with(|c: char| c.is_alphanumeric()) && !opens_word(text, start) {
        return;
    }
    // What goes on is no page but the number of something: `3 I.A. 5/2023`.
    let rest = &text[end..];
    let goes_on =
        rest.starts_with(['.', '/']) && rest[1..].starts_with(|c: char| c.is_ascii_digit());
    if goes_on || rest.starts_with(" of 19") || rest.starts_with(" of 20") {
        return;
    }
    end = start + text[start..end].trim_end().len();
    let part = |name: &str| hit.name(name).map_or("", |part| part.as_str());
    if let Some(normal) = normal(&part) {
        found.push(Entity::new("citation", text, start..end, normal));
    }
}

/// A number without leading zeros.
fn plain(number: &str) -> &str {
    let plain = number.trim_start_matches('0');
    if plain.is_empty() { number } else { plain }
}

/// The normal form of a citation of a report; none when something is missing.
fn reported(hit: &Captures<'_>) -> Option<String> {
    let part = |name: &str| hit.name(name).map(|part| part.as_str());
    let reporter = TABLES.reporters.get(REPORTERS.row(part("r")?)?)?;
    let parts = Parts {
        year: part("y").and_then(year),
        volume: part("v").or_else(|| part("v2")).or_else(|| part("v3")),
        supplement: ["s", "s2", "s3"].into_iter().any(|name| part(name).is_some()),
        court: part("c"),
        page: part("p")?,
    };
    // `1993 Supp (2) SCC 1` and `[1990] 3 Suppl. SCR 259` both have one volume.
    normal(reporter, &parts)
}

fn normal(reporter: &Reporter, parts: &Parts<'_>) -> Option<String> {
    let key = &reporter.key;
    let page = plain(parts.page);
    let mark = parts.court.and_then(court_of_mark).map(|court| court.key.as_str());
    let supplement = if parts.supplement { "Supp " } else { "" };
    let volume = parts.volume.map(|volume| format!("{} ", arabic(volume))).unwrap_or_default();
    let Some(year) = parts.year else {
        let court = mark.map(|mark| format!("{mark} ")).unwrap_or_default();
        return Some(match reporter.style {
            Style::Court => format!("{key} {volume}{court}{page}"),
            _ => format!("{volume}{key} {page}"),
        });
    };
    Some(match reporter.style {
        Style::Volume | Style::Square if volume.is_empty() && !parts.supplement => {
            if reporter.style == Style::Square {
                format!("[{year}] {key} {page}")
            } else {
                format!("{year} {key} {page}")
            }
        }
        Style::Volume => format!("({year}) {supplement}{volume}{key} {page}"),
        Style::Square => format!("[{year}] {supplement}{volume}{key} {page}"),
        Style::Court => match (mark, parts.volume) {
            // The editors of old lists leave the Supreme Court out: `1994 AIR 1918`.
            (None, None) => format!("{key} {year} SC {page}"),
            (mark, _) => {
                let mark = mark.map(|mark| format!("{mark} ")).unwrap_or_default();
                format!("{key} {year} {volume}{mark}{page}")
            }
        },
        Style::Jt => {
            let volume = parts.volume.map(|volume| format!("({}) ", arabic(volume)));
            format!("{key} {year} {}{} {page}", volume.unwrap_or_default(), mark.unwrap_or("SC"))
        }
        Style::Online if key == "LiveLaw" => match mark {
            Some(mark) => format!("{year} {key} ({mark}) {page}"),
            None => format!("{year} {key} {page}"),
        },
        Style::Online => format!("{year} {key} {} {page}", mark?),
        Style::Year => format!("{year} {volume}{key} {page}"),
    })
}

/// A volume in figures.
fn arabic(volume: &str) -> &str {
    match volume {
        "I" => "1",
        "II" => "2",
        "III" => "3",
        "IV" => "4",
        "V" => "5",
        "VI" => "6",
        "VII" => "7",
        "VIII" => "8",
        volume => plain(volume),
    }
}
