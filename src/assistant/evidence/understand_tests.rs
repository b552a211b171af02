use super::*;

fn turn(question: &str) -> Turn {
    Turn { question: question.to_owned(), answer: "The answer.".to_owned() }
}

/// What was asked before in the table of questions that go on.
const BEFORE: &str = "Was the first respondent ordered to pay interim maintenance?";

#[test]
fn questions_that_go_on_get_the_terms_of_the_one_before() {
    for question in [
        "and the second respondent?",
        "And the second respondent?",
        "what about costs?",
        "How about the appellant?",
        "why?",
        "Why not?",
        "but from what date?",
        "so how much?",
        "What was his income?",
        "When did she file it?",
        "By whom?",
        "Is that final?",
        "Did they appeal?",
        "what else?",
        "Also arrears?",
        "Then until when?",
        "Who represented him?",
        "Was the same amount paid?",
        "इसमें क्या आदेश हुआ?",
        "और दूसरा प्रत्यर्थी?",
        "क्यों?",
        "उसका वकील कौन था?",
    ] {
        let read = Understood::read(question, &[turn(BEFORE)]);
        assert!(read.goes_on, "{question}");
        for term in ["maintenance", "interim"] {
            assert!(read.resolved.contains(term), "{question}: {}", read.resolved);
        }
        let alone = Understood::read(question, &[]);
        assert!(!alone.goes_on, "{question} goes on from nothing");
        assert_eq!(alone.resolved, question);
    }
}

#[test]
fn questions_that_stand_by_themselves_are_left_alone() {
    for question in [
        "What did the court hold on limitation?",
        "What is the governing law of this contract?",
        "When was the cheque dishonoured?",
        "Is there an arbitration clause in this agreement?",
        "What is the rent under this lease?",
        "Who is the landlord in the lease deed of 2019?",
        "Does section 138 apply to a cheque given as security?",
        "List the documents exhibited by the plaintiff.",
        "What relief was claimed in the plaint?",
        "How much is the security deposit?",
        "अभियुक्त की जमानत याचिका पर क्या निर्णय हुआ?",
        "What does AIR 1973 SC 1461 say about the basic structure?",
        "Which witnesses did the prosecution examine?",
        "Was notice under section 80 CPC served before the suit was filed?",
    ] {
        let read = Understood::read(question, &[turn(BEFORE)]);
        assert!(!read.goes_on, "{question}");
        assert_eq!(read.resolved, question);
    }
}

#[test]
fn a_chain_of_questions_keeps_its_subject() {
    let before =
        [turn("What rent does the lease with Mehta Traders fix?"), turn("and the deposit?")];
    let read = Understood::read("is it refundable?", &before);
    for term in ["refundable", "deposit", "lease", "Mehta"] {
        assert!(read.resolved.contains(term), "{}", read.resolved);
    }
    let fresh = [turn(BEFORE), turn("Who signed the sale deed at Pune?")];
    let read = Understood::read("and when?", &fresh);
    assert!(
        read.resolved.contains("Pune") && !read.resolved.contains("maintenance"),
        "{}",
        read.resolved
    );
}

#[test]
fn what_a_question_asks_for_is_told() {
    for (question, expected) in [
        ("What did the court hold on limitation?", Kind::Holding),
        ("What was the outcome of the appeal?", Kind::Holding),
        ("How much is the security deposit?", Kind::Amount),
        ("What rent is payable?", Kind::Amount),
        ("When was the legal notice served?", Kind::Date),
        ("What is the expiration date of this contract?", Kind::Date),
        ("Who is the arbitrator?", Kind::Who),
        ("Which judge wrote for the bench?", Kind::Who),
        ("List the exhibits", Kind::List),
        ("What are the insurance requirements?", Kind::List),
        ("Why was bail refused?", Kind::Reason),
        ("On what ground was the plaint rejected?", Kind::Reason),
        ("Is the clause enforceable?", Kind::Other),
        ("जमानत याचिका पर क्या निर्णय हुआ?", Kind::Holding),
        ("सुनवाई कब होगी?", Kind::Date),
        ("याचिकाकर्ता कौन है?", Kind::Who),
    ] {
        assert_eq!(Understood::read(question, &[]).kind, expected, "{question}");
    }
}

#[test]
fn the_document_named_is_told_from_what_is_asked_of_it() {
    for (question, about, asked) in [
        (
            "Consider the Distributor Agreement involving Accuray; What is the governing law?",
            Some("Distributor Agreement involving Accuray"),
            "What is the governing law?",
        ),
        (
            "In the lease deed with Rao: who pays for repairs?",
            Some("lease deed with Rao"),
            "who pays for repairs?",
        ),
        ("Regarding Sharma v. Kapoor; what was held?", Some("Sharma v. Kapoor"), "what was held?"),
        ("What is the governing law?", None, "What is the governing law?"),
        ("In 2019 what was paid?", None, "In 2019 what was paid?"),
    ] {
        let read = Understood::read(question, &[]);
        assert_eq!(read.about.as_deref(), about, "{question}");
        assert_eq!(read.asked, asked, "{question}");
    }
}

#[test]
fn what_is_named_is_found() {
    let read = Understood::read("What does AIR 1973 SC 1461 say of Article 368?", &[]);
    assert_eq!(read.identifiers, ["AIR 1973 SC 1461"]);
    assert!(!read.sections.is_empty(), "{read:?}");
    assert!(read.formulations().iter().any(|way| way.starts_with("AIR 1973 SC 1461")), "{read:?}");
    let read =
        Understood::read("Was notice under section 138 of the NI Act sent by 12.03.2024?", &[]);
    assert!(read.sections.iter().any(|section| section.contains("138")), "{read:?}");
    assert_eq!(read.dates, ["2024-03-12"]);
    let read = Understood::read("Did Mehta Traders pay the deposit?", &[]);
    assert!(read.parties.iter().any(|party| party.contains("Mehta Traders")), "{read:?}");
}

#[test]
fn scripts_are_told() {
    for (question, expected) in [
        ("Was bail granted?", Language::Latin),
        ("kya zamanat mili?", Language::Latin),
        ("क्या जमानत मिली?", Language::Devanagari),
        ("क्या bail granted हुआ?", Language::Mixed),
    ] {
        assert_eq!(Understood::read(question, &[]).language, expected, "{question}");
    }
}

#[test]
fn formulations_differ_and_begin_with_the_question() {
    let read =
        Understood::read("Consider the lease with Rao; What is the rent and when is it due?", &[]);
    let ways = read.formulations();
    assert_eq!(ways[0], read.resolved);
    assert_eq!(ways[1], "rent due");
    assert_eq!(ways.len(), 2);
    assert_eq!(Understood::read("limitation", &[]).formulations(), ["limitation"]);
}
