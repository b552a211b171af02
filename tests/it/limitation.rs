//! Limitation against days counted by a program of its own: `limitation.toml`.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, NaiveDate, Weekday};
use munshi::deadlines::calendar::{Calendar, DayKind, Stretch};
use munshi::deadlines::limitation::{
    Asked, CopyTime, LeftOut, Reason, WarningKind, Worked, rule, rules, work_out,
};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Example {
    rule: String,
    what: String,
    event: NaiveDate,
    applied: Option<NaiveDate>,
    ready: Option<NaiveDate>,
    #[serde(default)]
    left_out: Vec<(NaiveDate, NaiveDate, Reason)>,
    #[serde(default)]
    closed: Vec<(NaiveDate, NaiveDate, String, DayKind)>,
    counted: String,
    last: NaiveDate,
    opens: Option<NaiveDate>,
    condonable: Option<NaiveDate>,
    arises: Option<NaiveDate>,
}

#[derive(Deserialize)]
struct Table {
    example: Vec<Example>,
}

fn examples() -> Vec<Example> {
    toml::from_str::<Table>(include_str!("limitation.toml")).unwrap().example
}

impl Example {
    fn asked(&self) -> Asked {
        let copy = self.applied.zip(self.ready);
        Asked {
            rule: self.rule.clone(),
            event: self.event,
            copy: copy.map(|(applied, ready)| CopyTime { applied, ready, received: None }),
            left_out: self
                .left_out
                .iter()
                .map(|(from, to, reason)| LeftOut {
                    from: *from,
                    to: *to,
                    reason: *reason,
                    note: String::new(),
                })
                .collect(),
            filed: None,
        }
    }

    fn calendar(&self) -> Calendar {
        let days = self.closed.iter().map(|(from, to, name, kind)| Stretch {
            from: *from,
            to: *to,
            name: name.clone(),
            kind: *kind,
        });
        Calendar {
            name: "The court".to_owned(),
            weekly: vec!["sunday".to_owned()],
            days: days.collect(),
        }
    }

    fn worked(&self) -> Worked {
        let rule = rule(&self.rule).unwrap();
        work_out(rule, &self.asked(), &self.calendar(), self.event).unwrap()
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn asked(rule: &str, event: &str) -> Asked {
    Asked {
        rule: rule.to_owned(),
        event: day(event),
        copy: None,
        left_out: Vec::new(),
        filed: None,
    }
}

fn said(worked: &Worked) -> String {
    let lines = worked.steps.iter().map(|step| format!("{} [{}]", step.text, step.authority));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn every_example_comes_to_the_days_counted_by_hand() {
    for example in examples() {
        let worked = example.worked();
        let found = (worked.last_day, worked.opens, worked.condonable_until, worked.arises_on);
        let wanted = (example.last, example.opens, example.condonable, example.arises);
        assert_eq!(found, wanted, "{example:?}\n{}", said(&worked));
        assert!(!example.counted.is_empty());
    }
}

#[test]
fn every_rule_has_three_examples_and_one_of_each_kind_it_allows() {
    let mut kinds: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for example in examples() {
        kinds.entry(example.rule).or_default().push(example.what);
    }
    for rule in rules() {
        let kinds = &kinds[&rule.id];
        assert!(kinds.len() >= 3, "{}: {kinds:?}", rule.id);
        let has = |what: &str| kinds.iter().any(|kind| kind == what);
        assert!(has("plain") && has("Sunday"), "{}: {kinds:?}", rule.id);
        assert_eq!(rule.copy_authority.is_some(), has("copy"), "{}", rule.id);
        assert_eq!(rule.leave_out_authority.is_some(), has("left out"), "{}", rule.id);
        assert_eq!(rule.holiday.helps, has("vacation"), "{}", rule.id);
    }
}

#[test]
fn the_examples_of_a_sunday_end_on_one_and_no_holiday_moves_the_strict_day() {
    for example in examples() {
        let worked = example.worked();
        if example.what == "Sunday" {
            assert_eq!(example.last.weekday(), Weekday::Sun, "{example:?}");
        }
        // The same dates with a court that never closes come to the same strict days.
        let rule = rule(&example.rule).unwrap();
        let open = Calendar { name: "Open".to_owned(), weekly: Vec::new(), days: Vec::new() };
        let other = work_out(rule, &example.asked(), &open, example.event).unwrap();
        assert_eq!(worked.last_day, other.last_day, "{example:?}");
        assert_eq!(worked.condonable_until, other.condonable_until, "{example:?}");
        if let Some(opens) = worked.opens {
            assert!(opens > worked.last_day);
            assert!(example.calendar().closed(opens).is_none());
            let text = said(&worked);
            assert!(text.contains("shown and not relied on"), "{text}");
        }
    }
}

#[test]
fn every_step_with_a_day_says_what_it_rests_on_or_only_repeats_one_that_does() {
    for example in examples() {
        let worked = example.worked();
        let mut backed: BTreeSet<NaiveDate> = BTreeSet::new();
        for step in &worked.steps {
            if !step.authority.is_empty() {
                backed.extend(step.day);
            }
        }
        let first = &worked.steps[0];
        assert!(!first.authority.is_empty() && !first.text.is_empty(), "{example:?}");
        assert!(backed.contains(&example.event), "{example:?}");
        assert!(said(&worked).contains(&worked.last_day.format("%-d %B %Y").to_string()));
    }
}

#[test]
fn copy_time_within_the_period_adds_exactly_its_days() {
    for rule in rules().iter().filter(|rule| rule.copy_authority.is_some()) {
        for days in [0_u64, 1, 14, 45] {
            let plain = asked(&rule.id, "2026-05-04");
            let applied = day("2026-05-06");
            let copy = CopyTime { applied, ready: applied + Days::new(days), received: None };
            let with = Asked { copy: Some(copy), ..plain.clone() };
            let last = |asked: &Asked| {
                work_out(rule, asked, &Calendar::bare(), asked.event).unwrap().last_day
            };
            assert_eq!(last(&with), last(&plain) + Days::new(days + 1), "{}", rule.id);
        }
    }
}

#[test]
fn time_between_ready_and_fetched_is_not_left_out_and_is_said() {
    let rule = rule("appeal-high-court").unwrap();
    let copy = CopyTime {
        applied: day("2026-05-06"),
        ready: day("2026-05-20"),
        received: Some(day("2026-06-10")),
    };
    let late = Asked { copy: Some(copy), ..asked("appeal-high-court", "2026-05-04") };
    let worked = work_out(rule, &late, &Calendar::bare(), late.event).unwrap();
    // Ninety days are 2 August; fifteen more are 17 August.
    assert_eq!(worked.last_day, day("2026-08-17"));
    let told = worked.warnings.iter().any(|one| one.text.contains("21 days after it was ready"));
    assert!(told, "{:?}", worked.warnings);
}

#[test]
fn a_copy_applied_for_too_late_leaves_nothing_out_and_is_said() {
    let rule = rule("appeal-other-court").unwrap();
    let copy = CopyTime { applied: day("2026-07-01"), ready: day("2026-07-20"), received: None };
    let late = Asked { copy: Some(copy), ..asked("appeal-other-court", "2026-05-04") };
    let worked = work_out(rule, &late, &Calendar::bare(), late.event).unwrap();
    assert_eq!(worked.last_day, day("2026-06-03"));
    assert!(worked.warnings.iter().any(|one| one.text.contains("lies after the last day")));
}

#[test]
fn the_thirty_days_of_section_34_are_not_extended_by_a_vacation() {
    // 2025 INSC 56; Assam Urban: the day the court opens again does not help.
    let example = examples()
        .into_iter()
        .find(|one| one.counted.starts_with("Assam Urban"))
        .expect("the example is there");
    let rule = rule("arbitration-set-aside").unwrap();
    let filed = Asked { filed: Some(day("2004-01-02")), ..example.asked() };
    let worked = work_out(rule, &filed, &example.calendar(), filed.event).unwrap();
    let text = said(&worked);
    assert!(text.contains("That does not extend the days that can be condoned. [My Preferred"));
    assert!(
        text.contains(
            "37 days late. That is after the last day that can be condoned: it is barred."
        ),
        "{text}"
    );
    let on_the_last = Asked { filed: Some(day("2003-12-26")), ..example.asked() };
    let worked = work_out(rule, &on_the_last, &example.calendar(), filed.event).unwrap();
    assert!(said(&worked).contains("30 days late. The delay must be condoned."));
}

#[test]
fn a_filing_on_the_day_the_court_opens_is_in_time_only_if_the_rule_is_accepted() {
    // Ninety days from 11 August 2026 are 9 November, in Diwali; the court opens on the 13th.
    let example =
        examples().into_iter().find(|one| one.what == "holiday").expect("the example is there");
    let rule = rule(&example.rule).unwrap();
    let of = |filed: &str| {
        let asked = Asked { filed: Some(day(filed)), ..example.asked() };
        said(&work_out(rule, &asked, &example.calendar(), asked.event).unwrap())
    };
    assert!(
        of("2026-11-13").contains("in time if the holiday rule is accepted; otherwise 4 days late")
    );
    assert!(of("2026-11-14").contains("5 days late. The delay must be condoned."));
    assert!(of("2026-11-09").contains("Filed on the last day: in time."));
    assert!(of("2026-11-01").contains("in time, 8 days before the last day"));
}

#[test]
fn a_last_day_that_is_near_or_past_and_a_year_that_is_not_known_are_warned_of() {
    let rule = rule("written-statement-commercial").unwrap();
    let asked = asked("written-statement-commercial", "2026-05-04");
    // The thirtieth day is 3 June, the hundred and twentieth 1 September.
    let kinds = |today: &str| {
        let worked = work_out(rule, &asked, &Calendar::bare(), day(today)).unwrap();
        assert_eq!(worked.last_day, day("2026-06-03"));
        assert_eq!(worked.condonable_until, Some(day("2026-09-01")));
        let kinds: Vec<WarningKind> = worked.warnings.iter().map(|one| one.kind).collect();
        (kinds, worked.warnings.iter().map(|one| one.text.clone()).collect::<String>())
    };
    assert!(kinds("2026-05-25").0.contains(&WarningKind::Close));
    let (past, words) = kinds("2026-06-13");
    assert!(past.contains(&WarningKind::Past) && words.contains("another 80 days"), "{words}");
    let (over, words) = kinds("2026-09-02");
    assert!(over.contains(&WarningKind::Past) && words.contains("are over too"), "{words}");
    assert!(past.contains(&WarningKind::Calendar));
}

#[test]
fn a_month_without_the_day_is_warned_of() {
    let rule = rule("arbitration-set-aside").unwrap();
    let asked = asked("arbitration-set-aside", "2026-01-31");
    let worked = work_out(rule, &asked, &Calendar::bare(), asked.event).unwrap();
    assert_eq!(worked.last_day, day("2026-04-30"));
    assert!(worked.warnings.iter().any(|one| one.kind == WarningKind::ShortMonth));
}

#[test]
fn dates_in_no_order_a_case_can_have_are_refused_with_the_field() {
    let refused = |id: &str, asked: Asked| {
        work_out(rule(id).unwrap(), &asked, &Calendar::bare(), day("2026-01-01")).unwrap_err().field
    };
    let copy = |applied: &str, ready: &str| {
        Some(CopyTime { applied: day(applied), ready: day(ready), received: None })
    };
    let slp = || asked("slp", "2026-05-04");
    assert_eq!(
        refused("slp", Asked { copy: copy("2026-05-01", "2026-05-06"), ..slp() }),
        "applied"
    );
    assert_eq!(refused("slp", Asked { copy: copy("2026-05-06", "2026-05-05"), ..slp() }), "ready");
    assert_eq!(refused("slp", Asked { filed: Some(day("2026-05-03")), ..slp() }), "filed");
    assert_eq!(refused("slp", asked("slp", "1850-01-01")), "event");
    let notice =
        Asked { copy: copy("2026-05-06", "2026-05-07"), ..asked("ni-notice", "2026-05-04") };
    assert_eq!(refused("ni-notice", notice), "applied");
    let left_out = vec![LeftOut {
        from: day("2026-05-06"),
        to: day("2026-05-07"),
        reason: Reason::Stay,
        note: String::new(),
    }];
    let bail = Asked { left_out, ..asked("default-bail-60", "2026-05-04") };
    assert_eq!(refused("default-bail-60", bail), "left_out");
}

#[test]
fn time_is_left_out_only_for_what_the_law_leaves_out_and_only_the_days_it_does() {
    let work = |id: &str, reason, from: &str, to: &str| {
        let left_out = LeftOut { from: day(from), to: day(to), reason, note: String::new() };
        let asked = Asked { left_out: vec![left_out], ..asked(id, "2020-03-02") };
        let worked = work_out(rule(id).unwrap(), &asked, &Calendar::bare(), asked.event);
        worked.map(|worked| worked.last_day).map_err(|unfit| (unfit.field, unfit.words))
    };
    // Section 14 is for suits and applications, section 15 for suits and execution.
    for reason in [Reason::WrongCourt, Reason::Stay, Reason::NoticeOrConsent] {
        let (field, words) =
            work("appeal-high-court", reason, "2020-03-10", "2020-03-12").unwrap_err();
        assert!(field == "left_out" && words.contains("condone"), "{words}");
    }
    assert!(work("review", Reason::WrongCourt, "2020-03-10", "2020-03-12").is_ok());
    assert!(work("review", Reason::Stay, "2020-03-10", "2020-03-12").is_err());
    assert!(work("execution", Reason::Stay, "2020-03-10", "2020-03-12").is_ok());
    assert!(work("residuary-suit", Reason::NoticeOrConsent, "2020-03-10", "2020-03-12").is_ok());
    // The Supreme Court left certain days out and no others.
    let ordered = work("appeal-high-court", Reason::CourtOrder, "2020-03-15", "2022-02-28");
    assert_eq!(ordered, Ok(day("2022-05-17")));
    for (from, to) in [("2020-03-14", "2020-03-20"), ("2022-02-20", "2022-03-01")] {
        let refused = work("appeal-high-court", Reason::CourtOrder, from, to).unwrap_err();
        assert!(refused.1.contains("no other days"), "{refused:?}");
    }
}

#[test]
fn a_complaint_before_the_fifteen_days_ended_is_said_to_be_too_early() {
    // Saketh: received on 29 September 1995, the cause of action arises on 15 October.
    let rule = rule("ni-complaint").unwrap();
    let of = |filed: &str| {
        let asked = Asked { filed: Some(day(filed)), ..asked("ni-complaint", "1995-09-29") };
        let worked = work_out(rule, &asked, &Calendar::bare(), asked.event).unwrap();
        assert_eq!(worked.last_day, day("1995-11-15"));
        let warned = worked.warnings.iter().any(|one| one.kind == WarningKind::Filed);
        (said(&worked), warned)
    };
    let (early, warned) = of("1995-10-14");
    assert!(early.contains("too early") && !early.contains("in time, "), "{early}");
    assert!(warned, "{early}");
    assert!(of("1995-10-15").0.contains("in time, 31 days before the last day"));
    assert!(of("1995-11-16").0.contains("1 day late. The delay must be condoned."));
}
