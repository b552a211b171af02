//! Light Hindi stemming: number and case of nouns, the forms of common verbs.
//!
//! A noun gets the form of its dictionary entry back, so a stem is never a piece of
//! another word: `धाराओं` is `धारा`, never `धार`. Gender and derivation stay, since
//! law keeps them apart: `वाद` is a suit, `वादी` the plaintiff; `अधिकार` a right,
//! `अधिकारी` an officer. What is irregular is in `index/hindi_stems.toml`.

use super::tables;

/// How many letters a word must keep before an ending is taken off for good.
const FEWEST_LETTERS: usize = 2;

/// Plural endings and what the singular ends in, longest first; the words have lost
/// nukta and candrabindu before.
const PLURALS: [(&str, &str); 10] = [
    ("ायें", "ा"),
    ("ाओं", "ा"),
    ("ाएं", "ा"),
    ("ुओं", "ू"),
    ("ुएं", "ू"),
    ("ियों", "ी"),
    ("ियां", "ी"),
    ("ाइयों", "ाई"),
    ("ाइयां", "ाई"),
    ("ें", ""),
];

/// The stem of a word in its plain form, if it has another.
pub(super) fn stem(plain: &str) -> Option<String> {
    if !plain.chars().all(|c| ('\u{0900}'..='\u{0963}').contains(&c)) {
        return None;
    }
    if let Some(stem) = tables::hindi_irregular(plain).or_else(|| tables::hindi_verb(plain)) {
        return Some(stem.to_owned());
    }
    for (ending, singular) in PLURALS {
        let fewest = if singular.is_empty() { FEWEST_LETTERS } else { 1 };
        if let Some(base) = plain.strip_suffix(ending).filter(|base| letters(base) >= fewest) {
            return Some(format!("{base}{singular}"));
        }
    }
    if let Some(base) = long_enough(plain, "ों") {
        return Some(singular(base));
    }
    // The oblique of masculine nouns; short and long vowels at the end of a word.
    [("े", "ा"), ("ि", "ी"), ("ु", "ू")].into_iter().find_map(|(ending, dictionary)| {
        long_enough(plain, ending).map(|base| format!("{base}{dictionary}"))
    })
}

/// What stands before an ending, if it is a word.
fn long_enough<'w>(word: &'w str, ending: &str) -> Option<&'w str> {
    word.strip_suffix(ending).filter(|base| letters(base) >= FEWEST_LETTERS)
}

/// The singular of a noun whose oblique plural ended in `ों`: most end in a
/// consonant; those of the table end in `ा`.
fn singular(base: &str) -> String {
    let masculine = format!("{base}ा");
    if tables::is_hindi_masculine(&masculine) { masculine } else { base.to_owned() }
}

/// How many letters a word has, marks not counted.
fn letters(word: &str) -> usize {
    word.chars().filter(|c| matches!(c, '\u{0904}'..='\u{0939}' | '\u{0958}'..='\u{0961}')).count()
}

#[cfg(test)]
mod tests {
    use super::super::fold::fold;
    use super::super::loose::loosen;

    /// Forms of one word.
    const MEET: &[&[&str]] = &[
        &["धारा", "धाराएं", "धाराएँ", "धाराओं"],
        &["याचिका", "याचिकाएं", "याचिकाओं", "याचिकायें"],
        &["अदालत", "अदालतें", "अदालतों"],
        &["आदेश", "आदेशों"],
        &["निर्णय", "निर्णयों"],
        &["न्यायालय", "न्यायालयों"],
        &["अधिवक्ता", "अधिवक्ताओं"],
        &["गवाह", "गवाहों"],
        &["अभियुक्त", "अभियुक्तों"],
        &["आरोपी", "आरोपियों"],
        &["अधिकारी", "अधिकारियों"],
        &["अधिकार", "अधिकारों"],
        &["संपत्ति", "सम्पत्ति", "संपत्तियाँ", "संपत्तियों", "संपत्तियां"],
        &["मामला", "मामले", "मामलों"],
        &["मुकदमा", "मुक़दमा", "मुकदमे", "मुकदमों"],
        &["दावा", "दावे", "दावों"],
        &["जुर्माना", "जुर्माने", "जुर्मानों"],
        &["पट्टा", "पट्टे", "पट्टों"],
        &["वकालतनामा", "वकालतनामे", "वकालतनामों"],
        &["फैसला", "फ़ैसला", "फैसले", "फैसलों"],
        &["वकील", "वकीलों"],
        &["भाई", "भाइयों"],
        &["वस्तु", "वस्तुएं", "वस्तुओं"],
        &["सूचना", "सूचनाएं", "सूचनाओं"],
        &["शिकायत", "शिकायतें", "शिकायतों"],
        &["पत्नी", "पत्नियों", "पत्नियां"],
        &["बेटा", "बेटे", "बेटों"],
        &["रुपया", "रुपये", "रुपए", "रुपयों"],
        &["करना", "करने", "करता", "करते", "करती", "करेगा", "करेंगे", "करेगी", "करें", "करके"],
        &["किया", "किये", "किए", "करना"],
        &["गया", "गये", "गए", "गई", "गयी", "जाना", "जाता", "जाएगा"],
        &["हुआ", "हुए", "हुई", "होना", "होता", "होगा"],
        &["दिया", "दिए", "देना", "देता"],
        &["मानना", "माना", "मानते", "मानेगा"],
    ];

    /// Words that a longer ending would make one, and law keeps apart.
    const APART: &[(&str, &str)] = &[
        ("वाद", "वादी"),
        ("वाद", "वादा"),
        ("वादों", "वादे"),
        ("प्रतिवाद", "प्रतिवादी"),
        ("अधिकार", "अधिकारी"),
        ("अधिकारों", "अधिकारियों"),
        ("अपराध", "अपराधी"),
        ("दोष", "दोषी"),
        ("न्याय", "न्यायिक"),
        ("न्याय", "न्यायालय"),
        ("जमानत", "जमानती"),
        ("जुर्म", "जुर्माना"),
        ("सूचना", "सूची"),
        ("साक्षी", "साक्ष्य"),
        ("धारा", "धार"),
        ("लड़का", "लड़की"),
        ("आरोप", "आरोपी"),
        ("कर", "कार"),
        ("पत्र", "पत्नी"),
        ("संहिता", "सहित"),
        ("अधिवक्ता", "अधिवक्त"),
        ("याचिका", "याचिकाकर्ता"),
        ("हत्या", "हत्यारा"),
        ("विधि", "विधिक"),
        ("पति", "पत्नी"),
        ("मान", "मानहानि"),
        ("सजा", "सज"),
    ];

    fn loose(word: &str) -> Option<String> {
        loosen(&fold(word))
    }

    #[test]
    fn forms_of_a_hindi_word_meet() {
        for forms in MEET {
            for form in *forms {
                assert_eq!(loose(form), loose(forms[0]), "{form} {}", forms[0]);
            }
        }
    }

    #[test]
    fn hindi_words_that_law_keeps_apart_do_not_meet() {
        for (one, other) in APART {
            assert_ne!(loose(one), loose(other), "{one} {other}");
        }
    }
}
