//! What leaves the gate, and what does not.

use proptest::prelude::*;

use super::*;
use crate::assistant::evidence::samples;
use crate::assistant::verify::find_quote;

fn evidence() -> Arc<[Evidence]> {
    Arc::from([
        samples::page(
            1,
            "12. We hold that the High Court was not justified in quashing the complaint. \
             The appeal is allowed.\nReliance was placed on (2019) 4 SCC 12.",
        ),
        samples::page(
            2,
            "The parties' rights under Section 138(b) were considered. Time is not of the es-\n\
             sence. See A.I.R. 1973 S.C. 1461 and 2024 INSC 835.",
        ),
        samples::page(
            3,
            "अपील स्वीकार की जाती है। The lease says \"no sub-letting\" in clause 17.2.",
        ),
    ])
}

fn texts(events: &[GateEvent]) -> String {
    let text = |event: &GateEvent| match event {
        GateEvent::Text(text) => text.clone(),
        _ => String::new(),
    };
    events.iter().map(text).collect()
}

fn read(answer: &str) -> String {
    texts(&parse_complete(evidence(), answer))
}

fn removed(answer: &str) -> Vec<Removed> {
    parse_complete(evidence(), answer)
        .into_iter()
        .filter_map(|event| match event {
            GateEvent::Removed { what, .. } => Some(what),
            _ => None,
        })
        .collect()
}

#[test]
fn a_true_quotation_leaves_with_its_source() {
    let answer = "The court said \"the appeal is allowed\" [1]. Costs follow.";
    let events = parse_complete(evidence(), answer);
    assert_eq!(texts(&events), answer);
    let cited = events.iter().find_map(|event| match event {
        GateEvent::Cited { number, quote, span, position, .. } => {
            Some((*number, quote, span, *position))
        }
        _ => None,
    });
    let (number, quote, span, position) = cited.unwrap();
    assert_eq!((number, quote.as_deref()), (1, Some("the appeal is allowed")));
    assert_eq!(&answer[position..position + 3], "[1]");
    let span = span.unwrap();
    assert_eq!(&evidence()[0].pages[0].text[span.start..span.end], "The appeal is allowed");
}

#[test]
fn a_false_quotation_never_leaves() {
    for (answer, left) in [
        ("It said \"the appeal is dismissed\" [1].", format!("It said {QUOTE_REMOVED} [1].")),
        ("It said “we are not sure”.", format!("It said {QUOTE_REMOVED}.")),
        ("It said 'the appeal is gone' [1].", format!("It said {QUOTE_REMOVED} [1].")),
        ("> The appeal is gone.\n[1]\n\nSo.", format!("> {QUOTE_REMOVED} [1]\n\nSo.")),
        ("It said \"the appeal is gone [1] and", format!("It said {QUOTE_REMOVED} [1] and")),
    ] {
        assert_eq!(read(answer), left, "{answer}");
        assert!(matches!(removed(answer)[..], [Removed::Quote(_)]), "{answer}");
    }
}

#[test]
fn no_striking_makes_a_quotation_of_what_was_none() {
    assert_eq!(read("[9]> The appeal is lost\nSo"), "The appeal is lost\nSo");
    assert_eq!(read("in State‘the appeal is lost’"), format!("in State{QUOTE_REMOVED}"));
    assert_eq!(read("‘the appeal is lost’AIR"), format!("{QUOTE_REMOVED}AIR"));
    assert_eq!(read("He said ‘the appeal\nis lost"), "He said 'the appeal\nis lost");
    assert_eq!(
        read("> The appeal is allowed.\n[1] But it was not."),
        "> The appeal is allowed. [1]\n But it was not."
    );
    assert_eq!(read("> The appeal is allowed.\n[("), "> The appeal is allowed. [1]\n[(");
}

#[test]
fn a_wrong_citation_is_corrected_and_a_missing_one_supplied() {
    assert_eq!(read("\"The appeal is allowed\" [2]."), "\"The appeal is allowed\" [1].");
    assert_eq!(
        read("He won: \"the appeal is allowed.\""),
        "He won: \"the appeal is allowed.\" [1]"
    );
    assert_eq!(
        read("\"The appeal is allowed\" and \"time is not of the essence\" [2]."),
        "\"The appeal is allowed\" [1] and \"time is not of the essence\" [2]."
    );
    assert_eq!(read("“The appeal is allowed [1].” So"), "“The appeal is allowed” [1] So");
}

#[test]
fn markers_are_read_in_every_form_and_unknown_numbers_struck() {
    assert_eq!(read("Allowed [1, 2] there [1][3]."), "Allowed [1][2] there [1][3].");
    assert_eq!(read("Allowed [1-3]."), "Allowed [1][2][3].");
    assert_eq!(read("Allowed [7]."), "Allowed.");
    assert_eq!(removed("Allowed [7, 1]."), [Removed::Citation(7)]);
}

#[test]
fn authorities_leave_only_when_the_evidence_names_them() {
    let known = "See AIR 1973 SC 1461, (2019) 4 S.C.C. 12 and 2024 INSC 835 [2].";
    assert_eq!(read(known), known);
    let invented = "See (2019) 4 SCC 1 and [1973] 4 SCR 1; 2024 INSC 8 too.";
    let left = "See ~ and ~; ~ too.".replace('~', AUTHORITY_REMOVED);
    assert_eq!(read(invented), left);
    assert_eq!(removed(invented).len(), 3);
}

#[test]
fn links_images_and_tags_leave_as_text() {
    let answer =
        "See [the order](http://x.test/a?b=\"c\") and ![seal](data:x) <img src=\"y\">here.";
    assert_eq!(read(answer), "See the order and seal here.");
    assert_eq!(read("[![a](u)](v) \"[The appeal is lost](u)\"."), format!("a {QUOTE_REMOVED}."));
}

#[test]
fn apostrophes_and_inches_quote_nothing() {
    for answer in [
        "The tenant's plea and the parties' rights don't matter.",
        "Rock 'n' roll of the '90s isn't before us.",
        "He said 'the parties' rights under Section 138(b)' [2].",
    ] {
        assert!(removed(answer).is_empty(), "{answer}");
    }
    assert_eq!(read("A pipe of 5\" was laid. Then"), "A pipe of 5″ was laid. Then");
}

#[test]
fn quotations_inside_quotations_become_single() {
    assert_eq!(
        read("“The lease says \"no sub-letting\" in clause 17.2” [3]."),
        "“The lease says 'no sub-letting' in clause 17.2” [3]."
    );
    assert_eq!(read("«अपील स्वीकार की जाती है» [3]।"), "«अपील स्वीकार की जाती है» [3]।");
}

#[test]
fn plain_text_flows_and_quotations_wait() {
    let mut gate = Gate::new(Grounds::of(evidence(), ""));
    assert_eq!(texts(&gate.push("The court held that ")), "The court held that");
    assert_eq!(gate.push("\"the appeal is"), []);
    assert_eq!(gate.push(" allowed\" [1"), []);
    assert_eq!(gate.push("]. "), [], "what follows the full stop is not known");
    assert_eq!(texts(&gate.push("And")), " \"the appeal is allowed\" [1]. ");
    assert_eq!(texts(&gate.finish()), "And");
}

const FRAGMENTS: [&str; 44] = [
    "The court held ",
    "that ",
    "\"We hold that the High Court was not justified\"",
    " [1]",
    "[2]",
    " [9]",
    ". ",
    ".",
    "\n",
    "\n\n",
    "\"the appeal is dismissed\"",
    "“The appeal is allowed.”",
    " [1, 2]. ",
    "“Time is of the essence”",
    "'the parties' rights under Section 138(b)'",
    "‘the appeal is lost’",
    "\"",
    "“",
    "”",
    "»",
    "'",
    "> The appeal is allowed.\n",
    "> The appeal is lost\n",
    "(2019) 4 SCC 12",
    "; ",
    "(2019) 4 SCC 1",
    "AIR 1973 SC 1461",
    "2024 INSC 1",
    "[x](http://a.b)",
    "[",
    "]",
    "(",
    ")",
    "<b>",
    "in A.K. Gopalan v. State",
    " Mr. ",
    "1. ",
    "- ",
    "अपील स्वीकार की जाती है।",
    " «अपील खारिज है» ",
    " [1973] 4 SCR 1 ",
    "…",
    "word ",
    "The tenant's ",
];

/// The strings that stand in quotation marks in an answer.
fn quoted(text: &str) -> Vec<String> {
    let pattern = "\"([^\"]*)\"|“([^”]*)”|«([^»]*)»|‘([^’]*)’|(?m:^> (.*))";
    let quotes = regex::Regex::new(pattern).unwrap();
    let inner = |found: regex::Captures<'_>| {
        found.iter().skip(1).flatten().map(|group| group.as_str().to_owned()).next()
    };
    quotes.captures_iter(text).filter_map(inner).collect()
}

fn answers() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&FRAGMENTS[..]), 0..24)
        .prop_map(|fragments| fragments.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_leaves_does_not_depend_on_how_it_arrived(
        answer in answers(),
        sizes in prop::collection::vec(1usize..9, 1..40),
    ) {
        let whole = parse_complete(evidence(), &answer);
        let mut gate = Gate::new(Grounds::of(evidence(), ""));
        let mut events = Vec::new();
        let letters: Vec<char> = answer.chars().collect();
        let mut rest = &letters[..];
        for size in sizes.iter().cycle() {
            if rest.is_empty() {
                break;
            }
            let (piece, tail) = rest.split_at((*size).min(rest.len()));
            rest = tail;
            for event in gate.push(&piece.iter().collect::<String>()) {
                append(&mut events, event);
            }
        }
        for event in gate.finish() {
            append(&mut events, event);
        }
        prop_assert_eq!(events, whole);
    }

    #[test]
    fn no_quotation_leaves_that_is_not_in_the_documents(answer in answers()) {
        let evidence = evidence();
        let left = read(&answer);
        for quote in quoted(&left) {
            let words = quote.trim_end_matches(|c: char| "[]0123456789 ".contains(c));
            let stands = evidence.iter().any(|passage| find_quote(words, &passage.pages).is_some());
            let blank = !words.contains(char::is_alphanumeric);
            let struck = words.contains(QUOTE_REMOVED.trim_end_matches(']'));
            prop_assert!(stands || blank || struck, "{:?} left in {:?} of {:?}", words, left, answer);
        }
    }

    #[test]
    fn citations_stand_where_they_are_said_to(answer in answers()) {
        let events = parse_complete(evidence(), &answer);
        let text = texts(&events);
        for event in events {
            if let GateEvent::Cited { number, position, .. } = event {
                let marker = format!("[{number}]");
                prop_assert_eq!(&text[position..position + marker.len()], marker.as_str());
            }
        }
    }
}
