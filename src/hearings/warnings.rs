//! What is wrong with the dates of cases, for somebody to look at.

use std::collections::BTreeSet;

use chrono::{NaiveDate, NaiveTime};

use super::store::warnings::{ClashRow, PastRow};
use super::{Hearings, WarningKind, store};
use crate::db::DbError;
use crate::kernel::{CaseId, HearingId, Scope};

/// How far apart two hearings begin at the least for one advocate to reach both.
const APART_MINUTES: i64 = 60;

/// Something wrong with the dates of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// What kind it is.
    pub kind: WarningKind,
    /// The case.
    pub case_id: CaseId,
    /// The case's title.
    pub case_title: String,
    /// The hearing, where it is about one.
    pub hearing: Option<HearingId>,
    /// The day, where it is about one.
    pub day: Option<NaiveDate>,
    /// In words, as a sentence.
    pub words: String,
}

fn shown(day: NaiveDate) -> String {
    day.format("%-d %b %Y").to_string()
}

impl Hearings {
    /// What is wrong with the dates of a case, or of all cases open to the caller. Court
    /// holidays are not looked up here; see [`Hearings::on_holiday`].
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn warnings(
        &self,
        scope: &Scope,
        case: Option<CaseId>,
    ) -> Result<Vec<Warning>, DbError> {
        let today = self.today();
        let mut tx = self.parts.db.read().await?;
        let mut found = Vec::new();
        for claim in store::claims::open(&mut tx, scope, case).await? {
            let words = format!(
                "{} says {}, {} says {}.",
                capital(claim.known_kind.words()),
                shown(claim.known_date),
                claim.claimed.source_kind.words(),
                shown(claim.claimed.on_date),
            );
            found.push(Warning {
                kind: WarningKind::Contradiction,
                case_id: claim.case_id,
                case_title: claim.case_title,
                hearing: Some(claim.hearing),
                day: Some(claim.known_date),
                words,
            });
        }
        found.extend(past(store::warnings::past(&mut tx, scope, case, today).await?)?);
        for row in store::warnings::missing(&mut tx, scope, case, today).await? {
            found.push(Warning {
                kind: WarningKind::Missing,
                case_id: row.id,
                case_title: row.title,
                hearing: None,
                day: None,
                words: "The case is open and no next date is entered.".to_owned(),
            });
        }
        let rows = store::warnings::clashes(&mut tx, scope, case, today).await?;
        found.extend(rows.into_iter().filter_map(clash));
        Ok(found)
    }

    /// The warning that a hearing falls on a day its court is closed, for whoever knows the
    /// court's holidays; `holiday` is what the day is called there.
    #[must_use]
    pub fn on_holiday(hearing: &super::Hearing, holiday: &str) -> Warning {
        let day = hearing.known.on_date;
        Warning {
            kind: WarningKind::Holiday,
            case_id: hearing.case_id,
            case_title: hearing.case_title.clone(),
            hearing: Some(hearing.id),
            day: Some(day),
            words: format!("The court is closed on {}: {holiday}.", shown(day)),
        }
    }
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

/// One warning for each case, about its latest hearing.
fn past(rows: Vec<PastRow>) -> Result<Vec<Warning>, DbError> {
    let mut seen = BTreeSet::new();
    let first = rows.into_iter().filter(|row| seen.insert(row.case_id));
    let warning = |row: PastRow| {
        let day = store::day("hearings", "on_date", &row.on_date)?;
        Ok(Warning {
            kind: WarningKind::Past,
            case_id: row.case_id,
            case_title: row.title,
            hearing: Some(row.id),
            day: Some(day),
            words: format!("Nobody has entered how it went on {}.", shown(day)),
        })
    };
    first.map(warning).collect()
}

/// Whether two hearings begin too close to each other; when nobody knows when one begins,
/// they may.
fn too_close(one: Option<&str>, other: Option<&str>) -> bool {
    let time = |text: &str| NaiveTime::parse_from_str(text, "%H:%M").ok();
    match (one.and_then(time), other.and_then(time)) {
        (Some(one), Some(other)) => (one - other).num_minutes().abs() < APART_MINUTES,
        _ => true,
    }
}

fn clash(row: ClashRow) -> Option<Warning> {
    if !too_close(row.starts_at.as_deref(), row.other_starts_at.as_deref()) {
        return None;
    }
    let day: NaiveDate = row.on_date.parse().ok()?;
    let known = row.starts_at.is_some() && row.other_starts_at.is_some();
    let at = if known { "at the same time" } else { "on the same day" };
    // The case named in the words is the other one, so that a page of one case leads there.
    let words = format!(
        "{} is wanted {at}, {}, before {} and, in {}, before {}.",
        row.advocate,
        shown(day),
        row.court,
        row.other_title,
        row.other_court,
    );
    debug_assert_ne!(row.case_id, row.other_case_id, "one case is before one court");
    Some(Warning {
        kind: WarningKind::Clash,
        case_id: row.case_id,
        case_title: row.title,
        hearing: Some(row.id),
        day: Some(day),
        words,
    })
}

#[cfg(test)]
mod tests {
    use super::too_close;

    #[test]
    fn an_hour_between_two_courts_is_enough_and_an_unknown_time_is_not() {
        assert!(too_close(Some("10:30"), Some("11:00")));
        assert!(too_close(Some("11:00"), Some("10:30")));
        assert!(!too_close(Some("10:30"), Some("14:00")));
        assert!(too_close(Some("10:30"), None));
        assert!(too_close(None, None));
    }
}
