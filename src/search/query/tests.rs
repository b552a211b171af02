//! Queries as they are read.

use super::*;

#[test]
fn the_reading_says_how_a_query_was_read() {
    for (typed, expected) in [
        ("", "searched for nothing, since the query has no words"),
        ("bail", "searched for documents with “bail”"),
        (
            "bail granted",
            "searched for documents with any of “bail” and “granted”, those with all of them first",
        ),
        (
            "\"anticipatory bail\" -refused",
            "searched for documents with the phrase “anticipatory bail” and without “refused”",
        ),
        (
            "bail AND (parole OR \"interim relief\")",
            "searched for documents with “bail” and (“parole” or the phrase “interim relief”)",
        ),
        ("NOT refused", "searched for documents without “refused”"),
        ("anticipat*", "searched for documents with words beginning “anticipat”"),
        (
            "refused w/5 application",
            "searched for documents with “refused” within 5 words of “application”",
        ),
        ("u/s 138", "searched for documents with section 138"),
        ("2024 INSC 835", "searched for documents with “2024 INSC 835”"),
        (
            "s.138 NI Act",
            "searched for documents with section 138, those that also have “NI” and “Act” first",
        ),
    ] {
        assert_eq!(Query::parse(typed).reading(), expected, "{typed}");
    }
}

#[test]
fn what_cannot_be_syntax_is_text() {
    for (typed, same) in [
        ("\"unbalanced quote", "unbalanced quote"),
        ("tribunal AND", "tribunal"),
        ("AND OR NOT", "and or not"),
        ("bail ((", "bail"),
        ("() bail", "bail"),
        ("bail - refused", "bail refused"),
        ("w/5 bail", "w/5 bail"),
        ("(civil appeal)", "civil appeal"),
        ("State of Kerala: respondent", "State Kerala respondent"),
    ] {
        let query = Query::parse(typed);
        assert!(!query.syntax && !query.is_empty(), "{typed}: {query:?}");
        assert_eq!(
            query.reading(),
            Query::parse(same)
                .reading()
                .replace("“and”", "“AND”")
                .replace("“or”", "“OR”")
                .replace("“not”", "“NOT”"),
            "{typed}"
        );
    }
}

#[test]
fn references_and_syntax_are_exact_and_plain_words_are_not() {
    for exact in [
        "(2019) 4 SCC 1",
        "[2021] 5 SCR 12",
        "AIR 1973 SC 1461",
        "2024 INSC 835",
        "2023:DHC:2720",
        "u/s 138",
        "section 138",
        "s.138 NI Act",
        "W.P.(C) 1234/2023",
        "I.A. No. 5 of 2023",
        "IA 5/2023",
        "Order 39 Rule 1",
        "65B(4)",
        "O.A./12/2020",
        "CrPC s.482",
        "302 IPC",
        "\"bail\"",
        "bail AND parole",
        "-bail",
        "anticipat*",
        "refused w/5 application",
        "MHAU019999992015",
    ] {
        assert!(Query::parse(exact).is_exact(), "{exact}: {:?}", Query::parse(exact));
    }
    for plain in [
        "bail",
        "anticipatory bail granted",
        "M/s ABC",
        "State of Kerala: respondent",
        "dishonour of cheque under section 138",
        "न्यायालय",
        "*",
        "(bail)",
    ] {
        assert!(!Query::parse(plain).is_exact(), "{plain}: {:?}", Query::parse(plain));
    }
}

#[test]
fn operators_bind_as_advocates_expect() {
    let reading =
        |typed: &str| Query::parse(typed).reading().replace("searched for documents ", "");
    assert_eq!(reading("a1 OR b1 c1"), "with “a1” or (“b1” and “c1”)");
    assert_eq!(
        reading("bail w/3 refused application AND court"),
        "with “bail” within 3 words of “refused” and “application” and “court”"
    );
    assert_eq!(reading("NOT bail parole"), "without “bail” and with “parole”");
    assert_eq!(
        reading("-\"anticipatory bail\" parole"),
        "without the phrase “anticipatory bail” and with “parole”"
    );
    assert_eq!(reading("(2019) 4 SCC 1 AND bail"), "with “(2019) 4 SCC 1” and “bail”");
    assert_eq!(reading("\"anticip* bail\""), "with the phrase “anticip* bail”");
}

#[test]
fn a_long_query_is_cut_and_says_so() {
    let query = Query::parse(&"bail ".repeat(2000));
    assert!(query.reading().contains("only the beginning"));
}

#[test]
fn the_reading_says_each_construct_in_plain_words() {
    for (typed, expected) in [
        ("court:delhi", "with court “delhi”"),
        ("court:(delhi OR bombay) bail", "with court (“delhi” or “bombay”) and “bail”"),
        ("judge:\"D Y Chandrachud\"", "with judge “D Y Chandrachud”"),
        ("-type:order", "without type “order”"),
        ("date:2023", "with a date from 1 January 2023 to 31 December 2023"),
        ("date:12.03.2024", "with the date 12 March 2024"),
        ("after:2020 bail", "with a date on or after 1 January 2021 and “bail”"),
        ("before:2020-05-01", "with a date on or before 30 April 2020"),
        ("a1 pre/3 b1", "with “a1” at most 3 words before “b1”"),
        (
            "a1 /s b1 /p c1",
            "with (“a1” in the same sentence as “b1”) in the same paragraph as “c1”",
        ),
        ("a1 pre/s b1", "with “a1” before “b1” in the same sentence"),
        ("(a1 AND b1) w/5 c1", "with “a1” within 5 words of “c1” and “b1” within 5 words of “c1”"),
        ("bail~1", "with words that differ from “bail” by at most one letter"),
        ("section:\"138 NI Act\"", "with section “138” with “NI” with “Act”"),
        ("“anticipatory bail”", "with the phrase “anticipatory bail”"),
    ] {
        assert_eq!(Query::parse(typed).reading(), format!("searched for documents {expected}"));
    }
}

#[test]
fn likely_slips_are_told_with_a_query_to_try() {
    for (typed, says, instead) in [
        ("\"anticipatory bail", "quote is not closed", Some("\"anticipatory bail\"")),
        (
            "bail AND (refused OR granted",
            "bracket is not closed",
            Some("bail AND refused OR granted"),
        ),
        ("bail) AND refused", "was not opened", Some("bail AND refused")),
        ("cort:delhi bail", "“cort:” is not a field", Some("court:delhi bail")),
        ("bench:delhi", "“bench:” is not a field", None),
        ("court: delhi", "a space follows it", Some("court:delhi")),
        ("tribunal AND", "“AND” needs words on both sides", Some("tribunal")),
        ("AND", "“AND” needs words on both sides", None),
        ("bail and not refused", "capitals leave documents out", Some("bail NOT refused")),
        ("date:yesterday bail", "holds no date", None),
        ("b* bail", "needs two letters", None),
        ("bail w/ 5 refused", "“w/5” asks how near", Some("bail w/5 refused")),
        ("bail w / 5 refused", "“w/5” asks how near", Some("bail w/5 refused")),
        ("bail w5 refused", "“w/5” asks how near", Some("bail w/5 refused")),
        ("bail w/999 refused", "“w/250” asks how near", Some("bail w/250 refused")),
        ("bail p/5 refused", "“pre/5” asks how near", Some("bail pre/5 refused")),
        ("anticipat! bail", "words beginning so are “anticipat*”", Some("anticipat* bail")),
        ("court:delhi w/5 bail", "fields and dates have no place in the text", None),
    ] {
        let query = Query::parse(typed);
        let [only] = query.suggestions() else { panic!("{typed}: {:?}", query.suggestions()) };
        assert!(only.says.contains(says), "{typed}: {}", only.says);
        assert_eq!(only.instead.as_deref(), instead, "{typed}");
        assert!(!query.is_empty(), "{typed}");
    }
}

#[test]
fn what_advocates_mean_as_text_is_told_nothing_about() {
    for typed in [
        "State of Kerala: respondent",
        "(2019) 4 SCC 1",
        "[2021] 5 SCR 12",
        "2023:DHC:2720",
        "W.P.(C) 1234/2023",
        "M/s ABC",
        "s/o Ram Lal",
        "302 /34 IPC",
        "W/S filed by the defendant",
        "Rules 1 & 2",
        "“curly quotes”",
        "what is bail?",
        "https://example.org/a",
        "12:30 hearing",
        "65B(4)",
        "state v. union or others and another",
    ] {
        assert_eq!(Query::parse(typed).suggestions(), [], "{typed}");
    }
}

#[test]
fn a_question_is_read_as_words_only() {
    let read = Query::question("Was \"bail\" NOT granted w/5 court:delhi -or anticip* AND what?");
    assert!(matches!(read.root(), Some(Node::Plain(_))) && !read.is_exact(), "{read:?}");
    assert_eq!(read.suggestions(), []);
}

#[test]
fn what_a_query_may_cost_is_bounded() {
    for typed in [
        "a1 w/5 ".repeat(500),
        format!("({}) w/5 ({})", "a1 AND ".repeat(200), "b1 AND ".repeat(200)),
        format!("{}a1", "(b1 AND ".repeat(400)),
        "-(".repeat(2000),
        "AND ".repeat(1000),
        "court:(".repeat(500),
        "\"a1 ".repeat(800),
        "a1* OR ".repeat(500),
    ] {
        let started = std::time::Instant::now();
        let query = Query::parse(&typed);
        let nears = format!("{:?}", query.root()).matches("Near {").count();
        assert!(nears <= 256, "{nears}");
        assert!(query.suggestions().len() <= 4);
        assert!(started.elapsed().as_secs() < 5, "{:?}", started.elapsed());
    }
}

proptest::proptest! {
    #[test]
    fn anything_can_be_read(typed in "\\PC{0,120}") {
        let _ = Query::parse(&typed).reading();
    }

    #[test]
    fn any_mix_of_syntax_can_be_read(
        parts in proptest::collection::vec(
            proptest::sample::select(vec!["\"", "(", ")", "AND", "OR", "NOT", "-", "w/5", "bail", "*",
                "ba*", " ", "s.", "court:", "date:", "2023", "..", "~", "?", "w/", "/s", "/p", "pre/3", ":", "!", "||", "138", "5/2023", "SCC", "&", "-x", "NOT NOT", "न्याय", "“", "”"]),
            0..30)
    ) {
        let spaced = Query::parse(&parts.join(" "));
        let packed = Query::parse(&parts.concat());
        let _ = (spaced.reading(), packed.reading());
    }
}
