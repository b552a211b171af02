//! What is read as a claim, and to what it is held.

use std::sync::Arc;

use super::*;
use crate::assistant::evidence::samples;
use crate::assistant::gate::{Gate, GateEvent, Removed};
use crate::assistant::grounds::{Fact, Grounds, Numbered};

fn stated(text: &str) -> Vec<Stated> {
    find(text).into_iter().map(|claim| claim.what).collect()
}

fn day(year: u32, month: u32, day: u32) -> Stated {
    Stated::Date(Day { year: Some(year), month, day: Some(day) })
}

#[test]
fn a_date_is_the_same_however_it_is_written() {
    for written in [
        "12.03.2019",
        "12-03-2019",
        "12/3/2019",
        "12.03.19",
        "2019-03-12",
        "12th March, 2019",
        "12 March 2019",
        "12th day of March, 2019",
        "12th of March 2019",
        "March 12, 2019",
        "१२.०३.२०१९",
        "१२ मार्च २०१९",
    ] {
        assert_eq!(
            stated(&format!("It was paid on {written} in cash")),
            [day(2019, 3, 12)],
            "{written}"
        );
    }
    let month = Stated::Date(Day { year: Some(2019), month: 3, day: None });
    assert_eq!(stated("in March 2019"), [month]);
    assert_eq!(stated("It may 2 be so; they march 7 miles in 2019"), []);
}

#[test]
fn an_amount_is_the_same_however_it_is_written() {
    for written in [
        "₹ 5 lakh",
        "₹5,00,000",
        "Rs. 5,00,000/-",
        "Rs. 5 lakhs",
        "five lakh rupees",
        "Rupees Five Lakh only",
        "5 lakh rupees",
        "5,00,000 rupees",
        "INR 500000",
        "0.05 crore",
    ] {
        assert_eq!(
            stated(&format!("a sum of {written} was paid")),
            [Stated::Amount(50_000_000)],
            "{written}"
        );
    }
    let both = [Stated::Percent(12_500_000), Stated::Percent(9_000_000)];
    assert_eq!(stated("at 12.5% and then nine per cent a year"), both);
    let long = "Rupees Two Crore Fifty Lakh Twenty Thousand and One Hundred";
    assert_eq!(stated(long), [Stated::Amount(2_502_010_000)]);
}

#[test]
fn where_a_claim_stands_is_said_of_the_text_itself() {
    let text = "दिनांक १२.०३.२०१९ को ₹ 5 lakh";
    let claims = find(text);
    assert_eq!(claims.len(), 2, "{claims:?}");
    assert_eq!(&text[claims[0].at.clone()], "१२.०३.२०१९");
    assert_eq!(&text[claims[1].at.clone()], "₹ 5 lakh");
}

#[test]
fn pinpoints_lists_and_ranges_are_read() {
    assert_eq!(stated("see para 12"), [Stated::Paragraphs(vec![12])]);
    assert_eq!(stated("in paragraphs 14-16 and"), [Stated::Paragraphs(vec![14, 15, 16])]);
    assert_eq!(stated("¶ 9"), [Stated::Paragraphs(vec![9])]);
    assert_eq!(stated("at page 7 of it"), [Stated::Pages(vec![7])]);
    assert_eq!(stated("Paras 3, 5 and 7"), [Stated::Paragraphs(vec![3, 5, 7])]);
}

fn grounds() -> Grounds {
    let judgment = samples::page(
        1,
        "IN THE HIGH COURT\nRamesh Kumar ... Appellant\nVersus\nState of Kerala ... Respondent\n\
         1. The cheque for Rs. 5,00,000/- dated 12.03.2019 was returned.\n2. Notice under Section \
         138 of the Negotiable Instruments Act, 1881 was given.\n3. Interest at 9% is granted. \
         Reliance was placed on Dashrath Rathod v. State of Maharashtra.",
    );
    let version = judgment.version;
    let mut grounds = Grounds::of(Arc::from([judgment]), "What happened on 1 May 2020?");
    grounds.add(Fact {
        number: 0,
        title: "Hearings".into(),
        href: "/cases".into(),
        text: "Next hearing on 17 August 2026; fee ₹25,000.".into(),
    });
    grounds.numbered = vec![Numbered { version, pages: 9, paragraphs: vec![1, 2, 3] }];
    grounds
}

/// What leaves, and what was struck.
fn pass(grounds: Grounds, answer: &str) -> (String, Vec<Removed>) {
    let mut gate = Gate::new(grounds);
    let mut events = gate.push(answer);
    events.extend(gate.finish());
    let (mut text, mut removed) = (String::new(), Vec::new());
    for event in events {
        match event {
            GateEvent::Text(more) => text.push_str(&more),
            GateEvent::Removed { what, .. } => removed.push(what),
            GateEvent::Cited { .. } => {}
        }
    }
    (text, removed)
}

#[test]
fn what_passages_facts_or_question_state_leaves_as_it_was() {
    for answer in [
        "A cheque of ₹ 5 lakh of 12th March, 2019 was returned [1].",
        "In March 2019 five lakh rupees were due [1].",
        "The next date is 17.08.2026 and the fee is Rs. 25,000 [2].",
        "Nothing is said of 1 May 2020.",
        "The offence falls under Section 138 of the NI Act, para 2 [1].",
        "In Ramesh Kumar v. State of Kerala the court granted nine per cent, see page 7 [1].",
        "It follows Dashrath Rathod vs State of Maharashtra [1].",
        "The tables say \"Next hearing on 17 August 2026\" [2].",
    ] {
        assert_eq!(pass(grounds(), answer), (answer.to_owned(), Vec::new()));
    }
}

#[test]
fn what_nothing_states_is_struck() {
    for (answer, left, removed) in [
        (
            "It was dated 13 March 2019 [1].",
            "It was dated [date removed: not in the documents] [1].",
            Removed::Date("13 March 2019".into()),
        ),
        (
            "The cheque was of ₹ 6 lakh [1].",
            "The cheque was of [amount removed: not in the documents] [1].",
            Removed::Amount("₹ 6 lakh".into()),
        ),
        (
            "Interest of 12% runs.",
            "Interest of [amount removed: not in the documents] runs.",
            Removed::Amount("12%".into()),
        ),
        (
            "It says so in para 14 [1].",
            "It says so in [paragraph number removed: not in the document] [1].",
            Removed::Pinpoint("para 14".into()),
        ),
        (
            "It says so at page 71 [1].",
            "It says so at [page number removed: not in the document] [1].",
            Removed::Pinpoint("page 71".into()),
        ),
        (
            "As held in Suresh Kumar v. State of Kerala, it fails.",
            "As held in [case name removed: not in the documents], it fails.",
            Removed::Case("Suresh Kumar v. State of Kerala".into()),
        ),
    ] {
        assert_eq!(pass(grounds(), answer), (left.to_owned(), vec![removed]), "{answer}");
    }
    let (_, removed) = pass(grounds(), "The offence falls under Section 139 of the NI Act.");
    assert!(matches!(removed[..], [Removed::Section(_)]), "{removed:?}");
}

#[test]
fn a_pinpoint_that_cannot_be_told_is_marked() {
    let grounds = Grounds { numbered: Vec::new(), ..grounds() };
    let (left, removed) = pass(grounds, "It says so in para 14 [1].");
    assert_eq!(left, "It says so in para 14 [not verified] [1].");
    assert!(removed.is_empty());
}
