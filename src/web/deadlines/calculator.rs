//! Working limitation out: the calculator, what was kept, and the rules.

use askama::Template;

use crate::deadlines::limitation::{Rule, Step, Warning, WarningKind, Worked};
use crate::kernel::LimitationId;
use crate::web::page::{Layout, pages};
use crate::web::parts::{CaseRef, Choice, Field};
use crate::web::show::{Day, Moment};

/// The calculator.
#[derive(Debug, Clone, Template)]
#[template(path = "deadlines/calculator.html")]
pub struct CalculatorPage {
    /// The frame.
    pub layout: Layout,
    /// What was wrong with what was entered.
    pub problem: Option<String>,
    /// The case it is for.
    pub case: Option<CaseRef>,
    /// What rules are looked for by.
    pub search: String,
    /// The rules found by it; the form sends `rule`.
    pub rules: Vec<Choice>,
    /// The rule that was chosen, with what is asked of it.
    pub chosen: Option<Chosen>,
    /// What came of it.
    pub result: Option<Outcome>,
}

/// A rule that was chosen, and what is entered for it.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// Its id.
    pub id: String,
    /// What it is about.
    pub name: String,
    /// What its period runs from.
    pub event_words: String,
    /// Whether the time of a copy is left out.
    pub takes_copy: bool,
    /// Whether other time can be left out.
    pub takes_left_out: bool,
    /// The day the period runs from.
    pub event: Field,
    /// The day the copy was applied for.
    pub applied: Field,
    /// The day it was ready.
    pub ready: Field,
    /// The day it was fetched.
    pub received: Field,
    /// Other time that is left out.
    pub left_out: Vec<LeftOutFields>,
    /// The day of filing.
    pub filed: Field,
    /// The calendars that can be looked at.
    pub calendars: Vec<Choice>,
}

/// A stretch of time that is left out, as the form has it.
#[derive(Debug, Clone)]
pub struct LeftOutFields {
    /// Which, from 1.
    pub number: usize,
    /// The first day.
    pub from: String,
    /// The last day.
    pub to: String,
    /// Why.
    pub reasons: Vec<Choice>,
    /// In words.
    pub note: String,
}

/// What came of a limitation, and how it can be kept.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Steps and days.
    pub view: WorkedView,
    /// Who checked the rule and when.
    pub reviewed: Option<(String, Moment)>,
    /// What is sent back to keep it: names and values.
    pub hidden: Vec<(String, String)>,
    /// The cases it can be kept in; the form sends `case`.
    pub cases: Vec<Choice>,
}

/// Steps and days of a limitation, for a page.
#[derive(Debug, Clone)]
pub struct WorkedView {
    /// What the rule is about.
    pub name: String,
    /// What is to be done by the last day.
    pub act: String,
    /// The court calendar that was looked at.
    pub calendar: Option<String>,
    /// The strict last day.
    pub last_day: Day,
    /// Its weekday.
    pub weekday: String,
    /// The day the court opens again.
    pub opens: Option<Day>,
    /// The last day a delay can be condoned to.
    pub until: Option<Day>,
    /// The day a right arises.
    pub arises: Option<Day>,
    /// The steps: sentence and authority.
    pub steps: Vec<(String, String)>,
    /// The warnings: whether grave, and the sentence.
    pub warnings: Vec<(bool, String)>,
}

impl From<Worked> for WorkedView {
    fn from(worked: Worked) -> Self {
        let grave =
            |kind| matches!(kind, WarningKind::Past | WarningKind::Close | WarningKind::Unchecked);
        let step = |Step { day: _, text, authority }| (text, authority);
        let warning = |Warning { kind, text }| (grave(kind), text);
        Self {
            name: worked.name,
            act: worked.act,
            calendar: worked.calendar,
            last_day: Day(worked.last_day),
            weekday: worked.last_day.format("%A").to_string(),
            opens: worked.opens.map(Day),
            until: worked.condonable_until.map(Day),
            arises: worked.arises_on.map(Day),
            steps: worked.steps.into_iter().map(step).collect(),
            warnings: worked.warnings.into_iter().map(warning).collect(),
        }
    }
}

/// A limitation that was kept in a case.
#[derive(Debug, Clone, Template)]
#[template(path = "deadlines/kept.html")]
pub struct KeptPage {
    /// The frame.
    pub layout: Layout,
    /// What was wrong with what was just asked.
    pub problem: Option<String>,
    /// Which.
    pub id: LimitationId,
    /// The case.
    pub case: CaseRef,
    /// Steps and days.
    pub view: WorkedView,
    /// Who kept it and when.
    pub kept: (String, Moment),
    /// Whether another counts in its place.
    pub replaced: bool,
    /// What changed since.
    pub stale: Vec<&'static str>,
    /// The address of the calculator with the same dates.
    pub change: String,
    /// The deadline it became.
    pub task: Option<String>,
    /// Whether the reader may change it.
    pub may_change: bool,
}

/// The rules, and who checked them.
#[derive(Debug, Clone, Template)]
#[template(path = "deadlines/rules.html")]
pub struct RulesPage {
    /// The frame.
    pub layout: Layout,
    /// What was wrong with what was just asked.
    pub problem: Option<String>,
    /// The rules.
    pub rules: Vec<RuleRow>,
    /// Whether the reader may mark them as checked.
    pub may_review: bool,
}

/// A rule on the page of the rules.
#[derive(Debug, Clone)]
pub struct RuleRow {
    /// The rule.
    pub rule: Rule,
    /// The fingerprint of its text.
    pub hash: String,
    /// Who checked it and when.
    pub reviewed: Option<(String, Moment)>,
}

pages!(CalculatorPage, KeptPage, RulesPage);

#[cfg(test)]
mod samples {
    use super::super::lists::samples::choice;
    use super::*;
    use crate::kernel::Role;
    use crate::web::page::Area;
    use crate::web::parts::samples::{case, day, id, moment, text};

    impl WorkedView {
        fn sample() -> Self {
            Self {
                name: text("Setting aside an arbitral award"),
                act: text("file the application under section 34"),
                calendar: Some(text("High Court of Delhi")),
                last_day: day(12),
                weekday: text("Sunday"),
                opens: Some(day(13)),
                until: Some(day(42)),
                arises: Some(day(13)),
                steps: vec![(
                    text("4 May 2026 is left out: counting begins on Tuesday, 5 May 2026."),
                    text("s. 12(1), Limitation Act, 1963"),
                )],
                warnings: vec![
                    (true, text("This rule is not yet checked by a lawyer of this chamber.")),
                    (false, text("No holidays of 2027 are entered.")),
                ],
            }
        }
    }

    impl CalculatorPage {
        pub(crate) fn sample() -> Self {
            Self {
                layout: Layout::sample("Limitation", Area::Diary, Role::Advocate),
                problem: Some(text("The copy cannot be ready before it was applied for.")),
                case: Some(case()),
                search: text("appeal"),
                rules: vec![choice("appeal-high-court", "Civil appeal to a High Court (90 days)")],
                chosen: Some(Chosen {
                    id: text("appeal-high-court"),
                    name: text("Civil appeal to a High Court"),
                    event_words: text("Day of the decree or order"),
                    takes_copy: true,
                    takes_left_out: true,
                    event: Field::of("2026-05-04"),
                    applied: Field::default(),
                    ready: Field::refused("x", "Give the day as the calendar has it."),
                    received: Field::default(),
                    left_out: vec![LeftOutFields {
                        number: 1,
                        from: text("2026-05-06"),
                        to: text("2026-05-20"),
                        reasons: vec![choice("stay", "a stay or injunction")],
                        note: text("Suit 12/2025"),
                    }],
                    filed: Field::default(),
                    calendars: vec![choice("1", "High Court of Delhi")],
                }),
                result: Some(Outcome {
                    view: WorkedView::sample(),
                    reviewed: Some((text("Anjali Mehta"), moment(-9000))),
                    hidden: vec![(text("rule"), text("appeal-high-court"))],
                    cases: vec![choice("1", "Sharma Textiles v. Union of India")],
                }),
            }
        }

        pub(crate) fn sample_empty() -> Self {
            let page = Self::sample();
            Self { problem: None, case: None, chosen: None, result: None, ..page }
        }
    }

    impl KeptPage {
        pub(crate) fn sample() -> Self {
            Self {
                layout: Layout::sample("Limitation", Area::Cases, Role::Advocate),
                problem: None,
                id: id(501),
                case: case(),
                view: WorkedView::sample(),
                kept: (text("Anjali Mehta"), moment(-300)),
                replaced: false,
                stale: vec!["The text of the rule changed since this was worked out."],
                change: text("/limitation?rule=slp"),
                task: Some(text("/deadlines/1")),
                may_change: true,
            }
        }

        pub(crate) fn sample_replaced() -> Self {
            let page = Self::sample();
            Self { replaced: true, stale: Vec::new(), task: None, may_change: false, ..page }
        }
    }

    impl RulesPage {
        pub(crate) fn sample() -> Self {
            let rules = crate::deadlines::limitation::rules();
            let row =
                |rule: &Rule, reviewed| RuleRow { rule: rule.clone(), hash: rule.hash(), reviewed };
            Self {
                layout: Layout::sample("Rules of limitation", Area::Diary, Role::Admin),
                problem: None,
                rules: vec![
                    row(&rules[0], Some((text("Anjali Mehta"), moment(-9000)))),
                    row(&rules[13], None),
                ],
                may_review: true,
            }
        }
    }
}
