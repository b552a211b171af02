//! Working a limitation out.

use chrono::{Datelike, Days, NaiveDate};

use super::check::check;
use super::days::{Counted, Span, count, is_short};
use super::ends::due;
use super::rules::{FirstDay, Period, Rule};
use super::{Asked, Step, Unfit, Warning, WarningKind, Worked, say};
use crate::deadlines::calendar::{Calendar, next_day};

/// Works a limitation out, on a day, for a court of some calendar.
///
/// # Errors
/// Fails when dates stand in no order a case can have, or when the rule lets nothing of
/// that kind be left out.
pub fn work_out(
    rule: &Rule,
    asked: &Asked,
    calendar: &Calendar,
    today: NaiveDate,
) -> Result<Worked, Unfit> {
    check(rule, asked)?;
    let mut working = Working { rule, asked, calendar, steps: Vec::new(), warnings: Vec::new() };
    let base = working.begin();
    let left_out = working.left_out(base);
    let counted = count(base, rule.period, rule.first_day, &left_out).ok_or(TOO_FAR)?;
    working.counted(base, counted);
    let opens = working.at_the_end(counted.last);
    let arises_on = working.after(counted.last);
    let condonable_until = working.condone(base, counted.last, &left_out)?;
    working.unused(&left_out, counted);
    working.warnings.extend(due(counted.last, condonable_until, today));
    working.filed(base, (counted.last, opens, condonable_until));
    Ok(Worked {
        rule: rule.id.clone(),
        name: rule.name.clone(),
        rule_hash: rule.hash(),
        act: rule.act.clone(),
        calendar: calendar.is_of_a_court().then(|| calendar.name.clone()),
        steps: working.steps,
        last_day: counted.last,
        opens,
        condonable_until,
        arises_on,
        warnings: working.warnings,
    })
}

pub(super) const TOO_FAR: Unfit =
    Unfit { field: "event", words: "the dates lie too far apart; check the years" };

/// A limitation while it is worked out.
pub(super) struct Working<'a> {
    pub(super) rule: &'a Rule,
    pub(super) asked: &'a Asked,
    pub(super) calendar: &'a Calendar,
    steps: Vec<Step>,
    pub(super) warnings: Vec<Warning>,
}

impl Working<'_> {
    pub(super) fn step(&mut self, day: Option<NaiveDate>, text: String, authority: &str) {
        self.steps.push(Step { day, text, authority: authority.to_owned() });
    }

    pub(super) fn warn(&mut self, kind: WarningKind, text: String) {
        self.warnings.push(Warning { kind, text });
    }

    /// Says what the period is and from what it runs; gives the day it is counted from.
    fn begin(&mut self) -> NaiveDate {
        let (rule, event) = (self.rule, self.asked.event);
        let period = rule.period.words();
        let text = format!("{}: {}. The period is {period}.", rule.event, say::day(event));
        self.step(Some(event), text, &rule.authority.join("; "));
        let Some(lead) = &rule.lead else { return event };
        let end = event.checked_add_days(Days::new(u64::from(lead.days))).unwrap_or(event);
        let text = format!(
            "For {} {}: {} is left out, and the {} day is {}.",
            say::days(i64::from(lead.days)),
            lead.words,
            say::short(event),
            say::nth(i64::from(lead.days)),
            say::day(end),
        );
        self.step(Some(end), text, &lead.authority);
        let base = next_day(end);
        let text = format!("The cause of action arises on the next day, {}.", say::day(base));
        self.step(Some(base), text, &lead.authority);
        base
    }

    /// Says what is left out; gives it.
    fn left_out(&mut self, base: NaiveDate) -> Vec<Span> {
        let authority = self.rule.first_day_authority.clone();
        let (day, text) = match self.rule.first_day {
            FirstDay::Excluded => {
                let first = next_day(base);
                let text = format!(
                    "{} is left out: counting begins on {}.",
                    say::short(base),
                    say::day(first)
                );
                (first, text)
            }
            FirstDay::Included => {
                (base, format!("{} is itself counted as the first day.", say::day(base)))
            }
        };
        self.step(Some(day), text, &authority);
        let mut spans: Vec<Span> = self.copy().into_iter().collect();
        for one in &self.asked.left_out {
            let span = Span { from: one.from, to: one.to };
            let note = one.note.trim();
            let note = if note.is_empty() { String::new() } else { format!(" ({note})") };
            let text = format!(
                "{} to {}, {}, are left out: {}{note}.",
                say::short(one.from),
                say::short(one.to),
                say::days(span.days()),
                one.reason.words(),
            );
            self.step(None, text, one.reason.authority());
            spans.push(span);
        }
        spans
    }

    /// Says that the time of the copy is left out; gives it.
    fn copy(&mut self) -> Option<Span> {
        let copy = self.asked.copy?;
        let span = Span { from: copy.applied, to: copy.ready };
        let text = format!(
            "The copy was applied for on {} and ready on {}: {}, both days counted, are left out.",
            say::short(copy.applied),
            say::short(copy.ready),
            say::days(span.days()),
        );
        let authority = self.rule.copy_authority.clone().unwrap_or_default();
        self.step(None, text, &authority);
        if let Some(received) = copy.received.filter(|day| *day > copy.ready) {
            let between = say::days((received - copy.ready).num_days());
            let text = format!(
                "The copy was fetched {between} after it was ready; that time is not left out."
            );
            self.warn(WarningKind::Dates, text);
        }
        Some(span)
    }

    /// Says how the period is counted out.
    fn counted(&mut self, base: NaiveDate, counted: Counted) {
        let (rule, last) = (self.rule, counted.last);
        let passed = match counted.left_out {
            0 => String::new(),
            days => format!(" Within it {} are left out.", say::days(days)),
        };
        let text = match rule.period {
            Period::Days(days) => format!(
                "Counting from {}, the {} day is {}.{passed}",
                say::short(counted.first),
                say::nth(i64::from(days)),
                say::day(last),
            ),
            period => {
                let plain = format!(
                    "{} from {} end on {}.",
                    say::capital(&period.words()),
                    say::short(base),
                    say::day(counted.plain),
                );
                match counted.left_out {
                    0 => plain,
                    days => format!(
                        "{plain} With {} left out added, they end on {}.",
                        say::days(days),
                        say::day(last)
                    ),
                }
            }
        };
        let months = !matches!(rule.period, Period::Days(_));
        let authority = if months {
            "s. 3(35) and (66), General Clauses Act, 1897; (2010) 12 SCC 210: months are months \
             of the calendar"
        } else {
            ""
        };
        self.step(Some(last), text, authority);
        if is_short(base, rule.period) {
            let text = format!(
                "{} has no day of the number {}: the period ends on the last day of the month.",
                counted.plain.format("%B %Y"),
                base.day()
            );
            self.warn(WarningKind::ShortMonth, text);
        }
        if months && counted.left_out > 0 {
            let text = "Time left out of months and years was added in days at the end; courts \
                        have counted so, but check it.";
            self.warn(WarningKind::Dates, text.to_owned());
        }
        let text = format!("{} by {}: the last day.", say::capital(&rule.act), say::day(last));
        self.step(Some(last), text, "");
    }

    /// Warns of time that was given to be left out and changed nothing.
    fn unused(&mut self, spans: &[Span], counted: Counted) {
        for span in spans {
            let text = if span.from > counted.last {
                format!(
                    "What begins on {} lies after the last day: it leaves nothing out.",
                    say::short(span.from)
                )
            } else if span.to < counted.first {
                format!(
                    "What ends on {} lies before the period: it leaves nothing out.",
                    say::short(span.to)
                )
            } else {
                continue;
            };
            self.warn(WarningKind::Dates, text);
        }
    }
}
