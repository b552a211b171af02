//! True quotations are found and altered ones refused, by the hundred.

use super::*;

const SENTENCES: [&str; 16] = [
    "The appellant, Ramesh Kumar, issued cheque No. 445566 dated 12.03.2019 for Rs. 1,00,000 in favour of the respondent.",
    "The notice under Section 138(b) of the Negotiable Instruments Act, 1881 was not issued within thirty days of the memo.",
    "We hold that the High Court was not justified in quashing the complaint under Section 482 of the Code.",
    "The learned Single Judge dismissed W.P.(C) No. 1234/2023 on the ground of delay of 456 days.",
    "In our opinion, the respondent State of Kerala cannot deny the benefit of the notification dated 01-04-2015.",
    "The plaintiff is entitled to interest at 9% per annum on the sum of Rs. 12,34,567 from the date of the decree.",
    "No evidence was led by Suresh Patel to show that the goods were delivered at Nagpur on 5th May, 2018.",
    "The certificate required by Section 65B(4) of the Evidence Act was never produced before the trial court.",
    "Accordingly, the appeal is allowed and the judgment of the Division Bench dated 14.08.2021 is set aside.",
    "Clause 17.2 of the lease deed provides that the tenant shall not sub-let the premises without written consent.",
    "The witness, Anita Sharma, admitted in cross-examination that she had not signed Exhibit P-12 in her own hand.",
    "The offence punishable under Section 420 read with Section 120B is triable by a Magistrate of the first class.",
    "The non-payment of rent for three consecutive months, namely June to August 2017, is not in dispute.",
    "It is well settled that bail once granted should not be cancelled in a mechanical manner.",
    "न्यायालय ने कहा कि अभियुक्त दोषी नहीं है और उसे धारा 302 के आरोप से बरी किया जाता है।",
    "The State's appeal in Criminal Appeal No. 77 of 2010 was heard with the petitioner's cross-appeal.",
];

fn page(text: &str) -> Vec<EvidencePage> {
    vec![EvidencePage { number: 3, text: text.to_owned() }]
}

fn stands(quote: &str, text: &str) -> bool {
    find_quote(quote, &page(text)).is_some()
}

/// The sentence set in a narrow column, the way a page sets it: every line break
/// that falls in a long plain word hyphenates it.
fn set_in_lines(sentence: &str, width: usize) -> String {
    let mut page = String::new();
    let mut column = 0;
    for word in sentence.split(' ') {
        let length = word.chars().count();
        if column + length > width {
            let plain = word.chars().all(|c| c.is_ascii_alphabetic());
            if plain && length > 6 {
                page.push(' ');
                page.push_str(&word[..4]);
                page.push_str("-\n");
                page.push_str(&word[4..]);
                column = length - 4;
                continue;
            }
            page.push('\n');
            column = 0;
        } else if !page.is_empty() {
            page.push(' ');
        }
        page.push_str(word);
        column += length + 1;
    }
    page
}

#[test]
fn true_quotations_are_found_however_the_page_breaks_its_lines() {
    let mut found = 0;
    for sentence in SENTENCES {
        for width in [18, 25, 31, 40, 60, 77] {
            let text = format!("1. Facts.\n{}\n2. End.", set_in_lines(sentence, width));
            assert!(stands(sentence, &text), "{sentence:?} is not in {text:?}");
            let curly = sentence.replace('\'', "’").replace("fi", "ﬁ").replace('-', "‐");
            assert!(stands(&curly, &text), "{curly:?} is not in {text:?}");
            let span = find_quote(sentence, &page(&text)).unwrap();
            let printed = text[span.start..span.end].replace("-\n", "").replace('\n', " ");
            assert!(sentence.replace('-', "").starts_with(&printed.replace('-', "")));
            found += 2;
        }
        let words: Vec<&str> = sentence.split(' ').collect();
        let middle = words[..5].join(" ");
        assert!(stands(&middle, sentence), "{middle:?} is not in {sentence:?}");
        let bare = sentence.trim_end_matches(['.', '।']);
        assert!(stands(&format!("{bare},"), sentence));
        found += 2;
    }
    assert!(found >= 200, "only {found} quotations");
}

/// Every way the tests know of making a sentence say something else.
fn alterations(sentence: &str) -> Vec<String> {
    let mut altered = Vec::new();
    for (at, c) in sentence.char_indices().filter(|(_, c)| c.is_ascii_digit()) {
        let other = if c == '9' { '0' } else { char::from(c as u8 + 1) };
        altered.push(format!("{}{other}{}", &sentence[..at], &sentence[at + 1..]));
    }
    let swaps = [
        ("Ramesh", "Rajesh"),
        ("Kumar", "Kumari"),
        ("Kerala", "Karnataka"),
        ("Patel", "Patil"),
        ("Suresh", "Ramesh"),
        ("Nagpur", "Jaipur"),
        ("Anita", "Anil"),
        ("Sharma", "Verma"),
        ("appellant", "respondent"),
        ("respondent", "appellant"),
        ("plaintiff", "defendant"),
        ("allowed", "dismissed"),
        ("dismissed", "allowed"),
        ("High Court", "Supreme Court"),
        ("1,00,000", "10,000"),
        ("12,34,567", "1,234,567"),
        ("138(b)", "138(c)"),
        ("138(b)", "138"),
        ("65B(4)", "65B"),
        ("65B(4)", "65(4)"),
        ("120B", "120"),
        ("9%", "9"),
        ("not ", ""),
        ("नहीं ", ""),
        ("cannot", "can"),
        ("never ", ""),
        ("No evidence", "Evidence"),
        ("non-payment", "payment"),
        (" is ", " is not "),
        (" was ", " was not "),
        ("is entitled", "is not entitled"),
        ("shall not", "shall"),
        ("without", "with"),
        ("Section", "section"),
        ("State", "state"),
        ("May", "may"),
        ("12.03", "12.3"),
        ("1234/2023", "1234-2023"),
        ("cross-examination", "examination"),
        ("P-12", "P-1"),
        ("he ", "[the court] "),
        ("the ", "[a] "),
        ("302", "३०२"),
        ("State's", "States"),
        (", ", " "),
    ];
    altered.extend(
        swaps.iter().map(|(from, to)| sentence.replacen(from, to, 1)).filter(|new| new != sentence),
    );
    let words: Vec<&str> = sentence.split(' ').collect();
    for at in 1..words.len() - 1 {
        altered.push([&words[..at], &words[at + 1..]].concat().join(" "));
        let mut turned = words.clone();
        turned.swap(at - 1, at);
        altered.push(turned.join(" "));
    }
    altered
}

#[test]
fn altered_quotations_are_refused() {
    let book = SENTENCES.join(" ");
    let mut refused = 0;
    for sentence in SENTENCES {
        for quote in alterations(sentence) {
            assert!(!stands(&quote, &book), "{quote:?} passed for {sentence:?}");
            refused += 1;
        }
    }
    assert!(refused >= 200, "only {refused} alterations");
}

#[test]
fn a_quotation_is_made_of_whole_words() {
    assert!(!stands("can", "He cannot sell."));
    assert!(!stands("00,000", "Rs. 1,00,000 was paid."));
    assert!(!stands("payment", "on non-payment of rent"));
    assert!(!stands("2020", "in O.A. 12/2020 before"));
    assert!(stands("section 138 (b)", "under section 138(b) of"));
    assert!(!stands("under section 138", "under section 138(b) of"));
    assert!(!stands("", "anything"));
    assert!(!stands(" … ", "anything … at all"));
}

#[test]
fn a_quotation_is_not_cut_at_a_negation_or_inside_an_amount() {
    assert!(!stands("guilty of murder", "He was not guilty of murder."));
    assert!(!stands("the court shall", "Here the court shall not interfere."));
    assert!(!stands("दोषी", "वह दोषी नहीं है"));
    assert!(!stands("a sum of Rs. 5", "paid a sum of Rs. 5 lakh to him"));
    assert!(stands("1234 of 2019", "Civil Appeal No. 1234 of 2019"));
    assert!(stands("guilty", "He was not present. He was guilty."));
    assert!(stands("dismissed", "The appeal is dismissed without costs."));
}

#[test]
fn ellipses_join_parts_of_one_page_and_hide_no_negation() {
    let text = "The accused was found near the house at night. He was not armed. \
                The learned judge found him guilty of trespass.";
    assert!(stands("The accused was found … the house at night.", text));
    assert!(!stands("The accused … trespass", text), "parts of one or two words");
    assert!(stands("accused was found near [...] The learned judge found him guilty", text));
    assert!(!stands("the learned judge ... The accused was found", text), "the wrong order");
    let denied = "The accused man was clearly not in any sense guilty of the offence.";
    assert!(!stands("The accused man was … guilty of the offence", denied));
    assert!(stands("The rule … is old", "The rule … is old"), "as printed");
    assert!(!stands("The rule is old", "The rule … is old"));
}

#[test]
fn brackets_must_be_printed() {
    assert!(!stands("when [the court] dismissed it", "when it dismissed it"));
    assert!(!stands("[T]he appeal is dismissed", "the appeal is dismissed"));
    assert!(stands("reported in [1973] 4 SCR 1", "It is reported in [1973] 4 SCR 1."));
}

#[test]
fn a_quotation_may_run_over_a_page_break() {
    let mut pages = page("The court considered the plea of lim-\n- 3 -");
    pages.push(EvidencePage { number: 4, text: "Page 4 of 9\nitation and rejected it.".into() });
    let span = find_quote("the plea of limitation and rejected it", &pages).unwrap();
    assert_eq!(span.page, 3);
    assert_eq!(&pages[0].text[span.start..span.end], "the plea of lim-");
    pages[1].number = 6;
    assert_eq!(find_quote("the plea of limitation and rejected it", &pages), None);
}
