//! What is marked in a text, and which piece of it is shown.

use super::*;

fn marked<'t>(text: &'t str, query: &str) -> Vec<&'t str> {
    highlight(text, &Query::parse(query)).into_iter().map(|range| &text[range]).collect()
}

#[test]
fn a_phrase_is_marked_as_a_phrase_and_nowhere_else() {
    let text = "Anticipatory bail is not regular bail; the anticipatory  Bail stands.";
    assert_eq!(marked(text, "\"anticipatory bail\""), ["Anticipatory bail", "anticipatory  Bail"]);
    assert_eq!(
        marked(text, "\"anticip* bail\" -regular"),
        ["Anticipatory bail", "anticipatory  Bail"]
    );
}

#[test]
fn words_are_marked_in_each_inflection() {
    assert_eq!(
        marked("He appeals; the appeal was appealed.", "appeal"),
        ["appeals", "appeal", "appealed"]
    );
    assert_eq!(marked("the State of Kerala", "State of Kerala"), ["State", "Kerala"]);
    assert_eq!(marked("ज़मानत और जमानत", "जमानत"), ["ज़मानत", "जमानत"]);
}

#[test]
fn references_are_marked_however_they_are_written() {
    assert_eq!(marked("complaint u/s 138 of the N.I. Act", "section 138"), ["u/s 138"]);
    assert_eq!(marked("under Sections 302, 307 IPC", "s. 307"), ["307"]);
    assert_eq!(marked("Order XXXIX Rules 1 & 2 CPC", "Order 39 Rule 1"), ["Order XXXIX Rules 1"]);
    assert_eq!(marked("I.A. No. 5 of 2023 listed", "IA 5/2023"), ["I.A", "5 of 2023"]);
}

#[test]
fn words_in_proximity_are_marked_only_where_they_are_near() {
    let text = "refused a fresh application, and much later on another application";
    assert_eq!(marked(text, "refused w/3 application"), ["refused", "application"]);
}

#[test]
fn a_snippet_keeps_words_whole_and_marks_what_matched() {
    let text = "one two three four five six seven eight nine ten anticipatory bail granted today";
    let ranges = highlight(text, &Query::parse("\"anticipatory bail\""));
    let snippet = snippet(text, &ranges, 30);
    let shown: String = snippet.parts.iter().map(|part| part.text.as_str()).collect();
    assert!(text.contains(&shown) && shown.chars().count() <= 30, "{shown}");
    assert!(
        shown.split_whitespace().all(|word| text.split_whitespace().any(|whole| whole == word)),
        "{shown}"
    );
    let marks: Vec<_> = snippet.parts.iter().filter(|part| part.marked).collect();
    assert_eq!(marks.len(), 1);
    assert_eq!(marks[0].text, "anticipatory bail");
    assert!(snippet.cut_before);
    assert_ne!(snippet.cut_after, shown.ends_with("today"));
}

#[test]
fn a_text_without_marks_gives_its_beginning() {
    let cut = snippet("one two three", &[], 8);
    assert_eq!(cut.parts, [Part { text: "one two ".into(), marked: false }]);
    assert!(!cut.cut_before && cut.cut_after);
    assert_eq!(snippet("", &[], 8).parts, []);
}

#[test]
fn what_means_the_same_is_marked_as_the_expansion_it_is() {
    let text = "charged under section 103, bail refused; section 302 elsewhere";
    let tokens = analyse(text);
    let starts = Starts::of(&boundaries(text, &tokens));
    let reader = Reader { tokens, starts };
    let part = |typed: &str| match Query::parse(typed).root() {
        Some(Node::Plain(plain)) => Node::Phrase(plain.references[0].clone()),
        other => panic!("{other:?}"),
    };
    let Node::Phrase(mut phrase) = part("section 302") else { panic!("no reference") };
    phrase.also.push(Other { node: part("section 103"), expansion: 7 });
    let Some(Node::And(words)) = Query::parse("bail AND parole").root().cloned() else {
        panic!("no words")
    };
    let near = Node::within(Node::Phrase(phrase.clone()), words[0].clone(), 1);
    for (node, expected) in [
        (Node::Phrase(phrase), &[("section 103", Some(7)), ("section 302", None)][..]),
        (near, &[("section 103", Some(7)), ("bail", None)]),
    ] {
        let mut marks = Vec::new();
        reader.mark(&node, None, &mut marks);
        let marks: Vec<_> =
            merge(marks).into_iter().map(|mark| (&text[mark.span], mark.expansion)).collect();
        assert_eq!(marks, expected);
    }
}

#[test]
fn an_alternative_that_is_ruled_out_marks_nothing() {
    let text = "bail was refused, parole was granted";
    assert_eq!(marked(text, "(bail NOT refused) OR parole"), ["parole"]);
    assert_eq!(marked(text, "(bail NOT cancelled) OR parole"), ["bail", "parole"]);
    assert_eq!(marked(text, "(bail w/1 granted) OR parole"), ["parole"]);
    assert_eq!(marked(text, "bail -cancelled court:delhi date:2023"), ["bail"]);
}

#[test]
fn a_snippet_shows_the_piece_with_the_most_different_marks() {
    let text = "bail bails bail bail and then a long way off the bail was refused at last";
    let ranges = highlight(text, &Query::parse("bail refused"));
    let shown: String =
        snippet(text, &ranges, 28).parts.into_iter().map(|part| part.text).collect();
    assert!(shown.contains("bail was refused"), "{shown}");
}

proptest::proptest! {
    #[test]
    fn marks_and_snippets_lie_on_characters(text in "\\PC{0,200}", typed in "\\PC{0,40}", max in 0usize..80) {
        let ranges = highlight(&text, &Query::parse(&typed));
        let mut last = 0;
        for range in &ranges {
            proptest::prop_assert!(text.get(range.clone()).is_some() && range.start >= last);
            last = range.end;
        }
        let shown: String = snippet(&text, &ranges, max).parts.into_iter().map(|part| part.text).collect();
        proptest::prop_assert!(text.contains(&shown) && shown.chars().count() <= max);
    }

    #[test]
    fn a_word_of_a_text_is_marked_in_it(words in proptest::collection::vec("[a-zA-Zक-ह]{2,8}", 1..12), nth in 0usize..12) {
        let text = words.join(" ");
        let word = &words[nth % words.len()];
        let query = Query::parse(word);
        proptest::prop_assume!(!query.is_exact());
        proptest::prop_assert!(!highlight(&text, &query).is_empty(), "{word} in {text}");
    }
}
