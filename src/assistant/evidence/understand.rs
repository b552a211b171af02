//! Reading a question: what it names, what kind of thing it asks for, of which document,
//! and, where it goes on from the question before, of what.
//!
//! All of it is deterministic. A question that goes on ("and the second respondent?",
//! "why?", "इसमें …") is *resolved*: it gets the terms of the question before that it does
//! not have itself. What stands by itself is never changed.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use crate::assistant::llm::Turn;
use crate::documents::entities;

/// What a question asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// What was held or ordered.
    Holding,
    /// A sum, a rate, a number.
    Amount,
    /// A date or a length of time.
    Date,
    /// A person, a party, a court.
    Who,
    /// All of something.
    List,
    /// Why something is so.
    Reason,
    /// Anything else.
    Other,
}

/// The script a question is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Latin letters: English, or Hindi in them.
    Latin,
    /// Devanagari: Hindi, Marathi.
    Devanagari,
    /// Letters of both, or of another script.
    Mixed,
}

/// A question, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Understood {
    /// The question as it stands by itself: resolved, where it goes on from another.
    pub resolved: String,
    /// The part that asks, without the document it asks of.
    pub asked: String,
    /// The document it asks of ("Consider the lease deed with Rao; …"), as named.
    pub about: Option<String>,
    /// Citations, case numbers, CNR and FIR numbers, in one way of writing each.
    pub identifiers: Vec<String>,
    /// Sections and articles, in one way of writing each: `NI Act s. 138`.
    pub sections: Vec<String>,
    /// Dates, as `2024-03-12`.
    pub dates: Vec<String>,
    /// Parties and other names in capitals.
    pub parties: Vec<String>,
    /// What it asks for.
    pub kind: Kind,
    /// Its script.
    pub language: Language,
    /// Whether it goes on from the question before.
    pub goes_on: bool,
}

impl Understood {
    /// Reads a question in its conversation, the oldest turn first.
    #[must_use]
    pub fn read(question: &str, before: &[Turn]) -> Self {
        let question = question.trim();
        let subject = before.iter().fold(String::new(), |subject, turn| {
            if goes_on(&turn.question) {
                resolve(&turn.question, &subject)
            } else {
                turn.question.clone()
            }
        });
        let goes_on = !subject.is_empty() && goes_on(question);
        let resolved = if goes_on { resolve(question, &subject) } else { question.to_owned() };
        let (about, asked) = parts(&resolved);
        let found = entities::find(&resolved);
        let named = |kinds: &[&str]| {
            let named = found.iter().filter(|entity| kinds.contains(&entity.kind));
            named.map(|entity| entity.normal.clone()).collect::<Vec<_>>()
        };
        let mut parties = named(&["party"]);
        parties.extend(names(&resolved));
        parties.dedup();
        Self {
            identifiers: named(&["citation", "case_number", "cnr", "fir"]),
            sections: named(&["section", "article"]),
            dates: named(&["date"]),
            parties,
            kind: kind(question),
            language: language(question),
            goes_on,
            about,
            asked,
            resolved,
        }
    }

    /// The ways the question is searched for, the first counting most, each another text:
    /// the question, what it asks without the document it names and the words that only
    /// ask, and its identifiers exactly.
    #[must_use]
    pub fn formulations(&self) -> Vec<String> {
        let mut ways = vec![self.resolved.clone()];
        let bare = bare(&self.asked);
        if bare.split_whitespace().count() > 1 {
            ways.push(bare);
        }
        if !self.identifiers.is_empty() || !self.sections.is_empty() {
            let exact = self.identifiers.iter().chain(&self.sections);
            ways.push(exact.map(String::as_str).collect::<Vec<_>>().join(" "));
        }
        let mut seen = BTreeSet::new();
        ways.retain(|way| seen.insert(way.to_lowercase()));
        ways
    }
}

/// The words of a question that it is about, each once, in order.
fn content(question: &str) -> Vec<String> {
    let mut seen = BTreeSet::new();
    question
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '?' | '!' | '"' | '“' | '”'))
        .map(|word| word.trim_matches(['.', ':', '(', ')', '\'', '’', '।']))
        .filter(|word| !word.is_empty() && !is_listed(ASKING, word))
        .filter(|word| seen.insert(word.to_lowercase()))
        .map(str::to_owned)
        .collect()
}

/// A question without the words that only ask.
fn bare(question: &str) -> String {
    content(question).join(" ")
}

/// Whether a question leans on the one before it.
fn goes_on(question: &str) -> bool {
    let lower = question.trim().to_lowercase();
    let words: Vec<&str> = lower
        .split_whitespace()
        .map(|word| word.trim_matches(['?', ',', '.', '!', '।', ';']))
        .filter(|word| !word.is_empty())
        .collect();
    let count = content(question).len();
    if count == 0 {
        return true;
    }
    if STARTS.is_match(&lower) {
        return count <= 8;
    }
    // "This agreement" and "the said order" may point at the papers, not at a question.
    let points = words.iter().enumerate().any(|(at, word)| {
        let next = words.get(at + 1).copied().unwrap_or_default();
        let own = is_listed(PAPERS, next);
        is_listed(POINTING, word) || (is_listed(DEMONSTRATIVE, word) && !own)
    });
    points && count <= 6
}

/// A question with the terms of the one before that it lacks.
fn resolve(question: &str, subject: &str) -> String {
    let own: BTreeSet<String> = content(question).iter().map(|word| word.to_lowercase()).collect();
    let lacking: Vec<String> =
        content(subject).into_iter().filter(|word| !own.contains(&word.to_lowercase())).collect();
    if lacking.is_empty() {
        return question.trim().to_owned();
    }
    let question = question.trim().trim_end_matches(['?', '.', '।']).trim_end();
    format!("{question} ({})?", lacking.join(" "))
}

/// The document a question names, and what it asks of it.
fn parts(question: &str) -> (Option<String>, String) {
    let taken = ABOUT.captures(question).and_then(|taken| {
        let about = taken.name("about")?.as_str().trim();
        let asked = taken.name("asked")?.as_str().trim();
        (content(asked).len() > 1 || !content(asked).is_empty()).then_some((about, asked))
    });
    match taken {
        Some((about, asked)) if !content(about).is_empty() => {
            (Some(about.to_owned()), asked.to_owned())
        }
        _ => (None, question.to_owned()),
    }
}

fn kind(question: &str) -> Kind {
    let lower = question.to_lowercase();
    let kinds: [(&Regex, Kind); 6] = [
        (&REASON, Kind::Reason),
        (&HOLDING, Kind::Holding),
        (&AMOUNT, Kind::Amount),
        (&DATE, Kind::Date),
        (&WHO, Kind::Who),
        (&LIST, Kind::List),
    ];
    kinds
        .iter()
        .find(|(pattern, _)| pattern.is_match(&lower))
        .map_or(Kind::Other, |(_, kind)| *kind)
}

fn language(question: &str) -> Language {
    let letters = question.chars().filter(|c| c.is_alphabetic());
    let (mut latin, mut devanagari, mut all) = (0, 0, 0);
    for letter in letters {
        all += 1;
        latin += usize::from(letter.is_ascii() || ('À'..='ɏ').contains(&letter));
        devanagari += usize::from(('\u{900}'..='\u{97f}').contains(&letter));
    }
    match all {
        0 => Language::Latin,
        all if latin * 10 >= all * 8 => Language::Latin,
        all if devanagari * 10 >= all * 8 => Language::Devanagari,
        _ => Language::Mixed,
    }
}

/// Names of two words or more in capitals, without the word that begins a question.
fn names(question: &str) -> Vec<String> {
    let named = NAMES.find_iter(question).map(|found| {
        let mut words: Vec<&str> = found.as_str().split_whitespace().collect();
        while words.first().is_some_and(|word| is_listed(ASKING, word)) {
            words.remove(0);
        }
        words
    });
    named.filter(|words| words.len() > 1).map(|words| words.join(" ")).collect()
}

fn is_listed(list: &str, word: &str) -> bool {
    let word = word.to_lowercase();
    list.split(' ').any(|listed| listed == word)
}

#[expect(clippy::expect_used, reason = "made of constants, and a test reads each")]
fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a valid pattern")
}

/// The document first, then what is asked of it.
static ABOUT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?is)^(?:(?:please\s+)?consider|regarding|concerning|about|as\s+to|in|under|per|as\s+per|according\s+to|with\s+(?:regard|respect|reference)\s+to)\s+(?:the\s+|our\s+)?(?:(?P<about>[^;:?]{3,200}?)\s*[;:]\s*(?P<asked>.{3,}))$",
    )
});
static STARTS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:and|but|or|so|then|also|what about|how about|what else|anything else|same for|likewise|why( not| so)?\b\W*$|since when|by whom|और|फिर|तो|क्यों|उस|इस|उन|इन)(?:\W|\p{M}|में|का|के|की|ने|से|को|$)",
    )
});
static REASON: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\bwhy\b|\breasons?\b|on what grounds?|क्यों|कारण"));
static HOLDING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(held|hold|holding|decided?|decision|outcome|ruling|ruled|verdict|conclu\w+|findings?|disposed|ratio|relief|ordered|directions?)\b|निर्णय|फैसल|फ़ैसल|निष्कर्ष|आदेश",
    )
});
static AMOUNT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"how much|how many|\b(amount|sum|rent|price|fees?|costs?|compensation|interest rate|rate of|deposit|penalty|damages|liability cap|percentage|value)\b|कितन|राशि|रकम|किराया",
    )
});
static DATE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\bwhen\b|what date|which date|\b(date|dates|deadline|how long|period|duration|expir\w+|last day)\b|by when|since when|कब|तारीख|तिथि|दिनांक|अवधि",
    )
});
static WHO: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(who|whom|whose|by whom)\b|which (judge|party|court|advocate|person|bench)|किस(ने|का|की|के)|कौन",
    )
});
static LIST: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^(list|name|enumerate)\b|\b(all|every|each)\b.*|^what are\b|^which .*s\b|सभी|सूची")
});
static NAMES: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"\b[A-Z][a-z]+(?:\s+(?:[A-Z][a-z]+|[A-Z]\.|v\.|vs\.?|and|&|of))*\s+[A-Z][a-z]+\b")
});

/// Words that ask and are not asked about.
const ASKING: &str = "a an the of in on at to for by with from as into under about is are was were be been being has have \
    had do does did will would shall should can could may might must and or but if that this these those it its he she \
    they his her their him them we our us you your i my me there here what which who whom whose when where why how any \
    all some such so than then also please tell say said says give find show not no else same case one regarding \
    concerning consider anything something likewise since का की के को में से है हैं था थे थी क्या और ने पर कब कौन कहाँ कहां \
    क्यों कितना कितनी कितने इस उस इन उन इसमें उसमें इसका उसका इसके उसके इसकी उसकी फिर तो";

/// Words that point back at what was spoken of.
const POINTING: &str = "it he she they him them his her hers their theirs its such same former latter \
    इसमें उसमें इसका उसका इसके उसके इसकी उसकी इसे उसे उन्होंने उसने";

/// Words that point, unless the name of a paper follows.
const DEMONSTRATIVE: &str = "this that these those said इस उस इन उन";

/// What a document is called.
const PAPERS: &str = "agreement contract lease deed order judgment judgement petition plaint case matter suit appeal \
    document documents affidavit notice letter will policy file act section chamber court";

#[cfg(test)]
#[path = "understand_tests.rs"]
mod tests;
