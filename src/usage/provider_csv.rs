//! Reading a provider's report: columns are matched by the names providers give them, and
//! lines that cannot be read are kept with the reason.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate};
use serde_json::Value;

use super::csv;
use super::reconcile::{Counted, ReconcileError, TheirLine, Unread};

/// How many lines of a report are read.
pub(super) const LINES: usize = 50_000;

/// What a column may mean, and the names providers give it, without case, spaces and marks.
const COLUMNS: [(&str, &[&str]); 7] = [
    (
        "day",
        &[
            "date",
            "day",
            "starttimeiso",
            "starttime",
            "usagedate",
            "usagedateutc",
            "timestamp",
            "bucketstart",
        ],
    ),
    ("model", &["model", "modelname", "modelid", "modelversion", "snapshotid", "snapshot"]),
    (
        "input",
        &[
            "inputtokens",
            "prompttokens",
            "tokensin",
            "contexttokens",
            "ncontexttokenstotal",
            "input",
            "uncachedinputtokens",
        ],
    ),
    (
        "cached",
        &[
            "inputcachedtokens",
            "cachedinputtokens",
            "cachedinput",
            "cachedtokens",
            "tokenscached",
            "promptcachedtokens",
            "cachereadinputtokens",
            "cachereadtokens",
        ],
    ),
    (
        "output",
        &[
            "outputtokens",
            "completiontokens",
            "tokensout",
            "generatedtokens",
            "ngeneratedtokenstotal",
            "output",
        ],
    ),
    (
        "requests",
        &["nummodelrequests", "requests", "nrequests", "requestcount", "calls", "numrequests"],
    ),
    (
        "cost",
        &["cost", "costusd", "amount", "amountvalue", "amountusd", "totalcost", "usd", "costinusd"],
    ),
];

/// A report as it was read.
pub(super) struct Parsed {
    /// Which column was read as what.
    pub(super) columns: Value,
    /// Its lines, one a day and model.
    pub(super) lines: Vec<TheirLine>,
    /// What could not be read.
    pub(super) unread: Vec<Unread>,
}

fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
}

/// Reads a report.
pub(super) fn parse(text: &str) -> Result<Parsed, ReconcileError> {
    let mut rows = csv::read(text).into_iter();
    let head = rows.next().map(|row| row.cells).unwrap_or_default();
    let names: Vec<String> = head.iter().map(|name| plain(name)).collect();
    let place = |meaning: usize| {
        // The earlier of the known names, not the earlier of the columns.
        COLUMNS[meaning].1.iter().find_map(|known| names.iter().position(|name| name == known))
    };
    let places: Vec<Option<usize>> = (0..COLUMNS.len()).map(place).collect();
    for needed in [0, 1, 2, 4] {
        if places[needed].is_none() {
            return Err(ReconcileError::Column(COLUMNS[needed].0, head.join(", ")));
        }
    }
    let columns = COLUMNS.iter().zip(&places).filter_map(|((meaning, _), place)| {
        place.map(|place| ((*meaning).to_owned(), Value::String(head[place].clone())))
    });
    let columns = Value::Object(columns.collect());
    let mut lines: BTreeMap<(String, String), TheirLine> = BTreeMap::new();
    let mut unread = Vec::new();
    for (count, row) in rows.enumerate() {
        if count >= LINES {
            return Err(ReconcileError::TooLong);
        }
        match line_of(&row.cells, &places) {
            Ok(line) => {
                let key = (line.day.clone(), line.model.clone());
                let known = lines.remove(&key);
                let line = known.map_or_else(|| line.clone(), |known| together(&known, &line));
                lines.insert(key, line);
            }
            Err(why) => unread.push(Unread { line: row.line, text: row.cells.join(","), why }),
        }
    }
    if lines.is_empty() {
        let first =
            unread.first().map_or_else(|| "there is none".to_owned(), |one| one.why.clone());
        return Err(ReconcileError::Nothing(first));
    }
    Ok(Parsed { columns, lines: lines.into_values().collect(), unread })
}

fn together(one: &TheirLine, two: &TheirLine) -> TheirLine {
    let Counted { requests, tokens_in, tokens_cached, tokens_out, cost } =
        one.counted().plus(two.counted());
    let cost_microdollars = cost.map(|cost| cost.0);
    TheirLine { requests, tokens_in, tokens_cached, tokens_out, cost_microdollars, ..one.clone() }
}

fn line_of(cells: &[String], places: &[Option<usize>]) -> Result<TheirLine, String> {
    let cell = |meaning: usize| {
        places[meaning].and_then(|place| cells.get(place)).map_or("", String::as_str)
    };
    let number = |meaning: usize| match cell(meaning) {
        "" => Ok(0),
        text => {
            csv::count(text).ok_or_else(|| format!("`{text}` is no count ({})", COLUMNS[meaning].0))
        }
    };
    let day = day_of(cell(0)).ok_or_else(|| format!("`{}` is no date", cell(0)))?;
    if cell(1).is_empty() {
        return Err("there is no model".to_owned());
    }
    let cost_microdollars = match cell(6) {
        "" => None,
        text => Some(csv::microdollars(text).ok_or_else(|| format!("`{text}` is no amount"))?),
    };
    Ok(TheirLine {
        day: day.to_string(),
        model: cell(1).to_owned(),
        tokens_in: number(2)?,
        tokens_cached: number(3)?,
        tokens_out: number(4)?,
        requests: number(5)?,
        cost_microdollars,
    })
}

/// A day, from a date, a time, or seconds or milliseconds since 1970.
fn day_of(text: &str) -> Option<NaiveDate> {
    let dashed = text.replace('/', "-");
    let date = dashed.get(..10).and_then(|head| head.parse::<NaiveDate>().ok());
    date.or_else(|| {
        let number: i64 = text.parse().ok()?;
        let seconds = match text.len() {
            9 | 10 => number,
            12 | 13 => number / 1_000,
            _ => return None,
        };
        DateTime::from_timestamp(seconds, 0).map(|moment| moment.date_naive())
    })
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(crate) const EXPORT: &str = "start_time,start_time_iso,model,num_model_requests,input_tokens,\
        input_cached_tokens,output_tokens,Cost (USD)\n\
        1793577600,2026-11-02T00:00:00+00:00,gpt-4o-2024-08-06,2,\"1,000\",100,50,0.0031\n\
        1793577600,2026-11-02T00:00:00+00:00,gpt-4o-2024-08-06,1,10,0,5,$0.0001\n\
        1793664000,soon,gpt-4o-2024-08-06,1,10,0,5,0\n\
        1793664000,2026-11-03,gpt-4o-2024-08-06,x,10,0,5,0\n";

    #[test]
    fn an_export_is_read_and_what_cannot_be_is_kept() {
        let parsed = parse(EXPORT).unwrap();
        assert_eq!(parsed.columns["day"], "start_time_iso");
        assert_eq!(parsed.columns["cost"], "Cost (USD)");
        assert_eq!(parsed.lines.len(), 1);
        let line = &parsed.lines[0];
        assert_eq!((line.requests, line.tokens_in, line.tokens_out), (3, 1010, 55));
        assert_eq!(line.cost_microdollars, Some(3_200));
        let lines: Vec<_> = parsed.unread.iter().map(|one| one.line).collect();
        assert_eq!(lines, [4, 5]);
        assert!(parsed.unread[0].text.contains("soon"), "{:?}", parsed.unread);
    }

    #[test]
    fn a_report_without_the_columns_says_which_it_lacks() {
        let error = parse("date,model,foo\n2026-11-02,m,1").err().unwrap();
        assert!(error.to_string().contains("input"), "{error}");
    }
}
