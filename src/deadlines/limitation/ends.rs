//! What a limitation ends in: the last day, holidays, delay that can be condoned, and
//! what was filed.

use chrono::{Datelike, NaiveDate};

use super::days::{Span, forward};
use super::rules::{Condone, CondoneFrom, CondoneKind};
use super::work::{TOO_FAR, Working};
use super::{Unfit, Warning, WarningKind, say};
use crate::deadlines::calendar::next_day;

/// How near a last day is when it is said to be near, in days.
const NEAR: i64 = 15;

impl Working<'_> {
    /// Says whether the court is closed on the last day; gives the day it opens again
    /// where that day will do.
    pub(super) fn at_the_end(&mut self, last: NaiveDate) -> Option<NaiveDate> {
        self.knows(last);
        let closed = self.calendar.closed(last)?;
        let holiday = self.rule.holiday.clone();
        let why = &closed.why;
        if !holiday.helps {
            let text = format!(
                "{} is a day on which courts are closed ({why}). That does not move the last day.",
                say::day(last)
            );
            self.step(None, text, &holiday.authority);
            return None;
        }
        let opens = self.calendar.next_open(last)?;
        let text = format!(
            "{} is a day on which the court is closed ({why}{}). What is filed on the day it \
             opens again, {}, counts as filed in time. This is shown and not relied on.",
            say::day(last),
            self.of_calendar(),
            say::day(opens),
        );
        self.step(Some(opens), text, &holiday.authority);
        let vacation = if closed.vacation {
            " In a vacation a vacation bench and the registry may be open, and e-filing is."
        } else {
            ""
        };
        let text = format!(
            "The court is closed on the last day. File before it if you can.{vacation} Only a \
             filing on {} itself can rest on the holiday.",
            say::short(opens)
        );
        self.warn(WarningKind::Closed, text);
        Some(opens)
    }

    fn of_calendar(&self) -> String {
        if self.calendar.is_of_a_court() {
            format!("; calendar {}", self.calendar.name)
        } else {
            String::new()
        }
    }

    /// Warns where nothing is known of the court's holidays in the year of a day.
    pub(super) fn knows(&mut self, day: NaiveDate) {
        let year = day.year();
        let text = if !self.calendar.is_of_a_court() {
            "No calendar of the court was looked at: only Sundays and the three national \
             holidays are known."
                .to_owned()
        } else if self.calendar.knows_year(year) {
            return;
        } else {
            format!("No holidays of {year} are entered for {}.", self.calendar.name)
        };
        if !self.warnings.iter().any(|one| one.text == text) {
            self.warn(WarningKind::Calendar, text);
        }
    }

    pub(super) fn after(&mut self, last: NaiveDate) -> Option<NaiveDate> {
        let after = self.rule.after.clone()?;
        let day = next_day(last);
        let text = format!("On the next day, {}, {after}.", say::day(day));
        let authority = self.rule.authority.join("; ");
        self.step(Some(day), text, &authority);
        Some(day)
    }

    /// Says how a delay can be condoned; gives the last day for it.
    pub(super) fn condone(
        &mut self,
        base: NaiveDate,
        last: NaiveDate,
        left_out: &[Span],
    ) -> Result<Option<NaiveDate>, Unfit> {
        let Condone { kind, days, from, no_more, needs, authority } = self.rule.condone.clone();
        match kind {
            CondoneKind::None => {
                let text = "A delay after the last day cannot be condoned.".to_owned();
                self.step(None, text, &authority);
                return Ok(None);
            }
            CondoneKind::Open => {
                let text = format!(
                    "A delay after the last day can be condoned. It needs {needs}. No outer \
                     limit is fixed."
                );
                self.step(None, text, &authority);
                return Ok(None);
            }
            CondoneKind::Capped => {}
        }
        let (start, of) = match from {
            CondoneFrom::Prescribed => (last, "after the last day"),
            CondoneFrom::Event => (base, "in all, from the same day on"),
        };
        let end = forward(next_day(start), i64::from(days), left_out).ok_or(TOO_FAR)?.0;
        let more = if no_more { " After it nothing can be condoned." } else { "" };
        let text = format!(
            "A delay can be condoned for {} {of}: until {}. It needs {needs}.{more}",
            say::days(i64::from(days)),
            say::day(end),
        );
        self.step(Some(end), text, &authority);
        self.knows(end);
        if let Some(closed) = self.calendar.closed(end) {
            let decided = self.rule.holiday_condonable.clone();
            let authority = decided.map_or(String::new(), |it| it.authority);
            let text = format!(
                "{} is a day on which the court is closed ({}). That does not extend the days \
                 that can be condoned.",
                say::day(end),
                closed.why
            );
            self.step(None, text, &authority);
            let text = "The court is closed on the last day that can be condoned: file before it.";
            self.warn(WarningKind::Closed, text.to_owned());
        }
        Ok(Some(end))
    }

    /// Says whether what was filed on a day was in time: from `base` on, the day a cause of
    /// action arises where a rule lets days pass first.
    pub(super) fn filed(
        &mut self,
        base: NaiveDate,
        (last, opens, until): (NaiveDate, Option<NaiveDate>, Option<NaiveDate>),
    ) {
        let Some(filed) = self.asked.filed else { return };
        if let Some(lead) = self.rule.lead.as_ref().filter(|_| filed < base) {
            let authority = lead.authority.clone();
            let text = format!(
                "Filed on {}: too early, for the cause of action arises on {}. What is filed \
                 before it has to be filed again in time.",
                say::day(filed),
                say::day(base)
            );
            self.warn(WarningKind::Filed, text.clone());
            self.step(Some(filed), text, &authority);
            return;
        }
        let (kind, open) = (self.rule.condone.kind, opens == Some(filed));
        let late = (filed - last).num_days();
        let text = if late < 0 {
            let early = say::days(-late);
            format!("Filed on {}: in time, {early} before the last day.", say::day(filed))
        } else if late == 0 {
            "Filed on the last day: in time.".to_owned()
        } else if open {
            format!(
                "Filed on {}, the day the court opened again: in time if the holiday rule is \
                 accepted; otherwise {} late.",
                say::day(filed),
                say::days(late)
            )
        } else {
            let delay = format!("Filed on {}: {} late.", say::day(filed), say::days(late));
            match (kind, until) {
                (CondoneKind::None, _) => format!("{delay} The delay cannot be condoned."),
                (CondoneKind::Capped, Some(end)) if filed > end && self.rule.condone.no_more => {
                    format!(
                        "{delay} That is after the last day that can be condoned: it is barred."
                    )
                }
                (CondoneKind::Capped, Some(end)) if filed > end => {
                    format!("{delay} That is after the days that can ordinarily be condoned.")
                }
                _ => format!("{delay} The delay must be condoned."),
            }
        };
        if late >= 0 {
            self.warn(WarningKind::Filed, text.clone());
        }
        self.step(Some(filed), text, "");
    }
}

/// The warning that a last day is past or near, on a day.
pub(in crate::deadlines) fn due(
    last: NaiveDate,
    until: Option<NaiveDate>,
    today: NaiveDate,
) -> Option<Warning> {
    let days = (last - today).num_days();
    let (kind, text) = if days < 0 {
        let past = say::days(-days);
        let more = match until {
            Some(end) if end >= today => {
                let left = say::days((end - today).num_days());
                format!(" A delay can be condoned for another {left}.")
            }
            Some(_) => " The days that can be condoned are over too.".to_owned(),
            None => String::new(),
        };
        (WarningKind::Past, format!("The last day was {past} ago.{more}"))
    } else if days == 0 {
        (WarningKind::Close, "The last day is today.".to_owned())
    } else if days <= NEAR {
        (WarningKind::Close, format!("The last day is {} away.", say::days(days)))
    } else {
        return None;
    };
    Some(Warning { kind, text })
}
